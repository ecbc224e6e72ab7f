/*
 * The Lua files of lua/lib, compiled in. The table is generated at build time by embed.c.
 */
#ifndef IVS_EMBEDDED_H
#define IVS_EMBEDDED_H

#include <stddef.h>

/* One module: lua/lib/a/b.lua is "a.b". code is what luaL_loadbufferx takes: stripped bytecode, or
   source where the building machine could not make it for this one. Only for a program with the Lua
   of the build. */
struct ivs_embedded {
  const char *name;
  const unsigned char *code;
  size_t size;
};

/* By name, in the order of strcmp(). Ends with a name of NULL, which is not counted. */
extern const struct ivs_embedded ivs_embedded[];
extern const size_t ivs_embedded_count;

#endif
