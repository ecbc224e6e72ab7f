/*
 * Lua for a board: what of luaconf.h is otherwise here. Included before each source that sees Lua,
 * the module's too, as they have to agree on the size of a buffer.
 */
#ifndef LUA_CONFIG_H
#define LUA_CONFIG_H

#define lua_getlocaledecpoint() '.' /* there is one locale */

#include <luaconf.h>
#include <stddef.h>

/* What takes C stack: a buffer; C functions that call one another through Lua; repetitions in a
   pattern. greedy.lua goes to the limits, and memory.ld has the stack for that. */
#undef LUAL_BUFFERSIZE
#define LUAL_BUFFERSIZE 128
#define LUAI_MAXCCALLS 24
#define MAXCCALLS 32

/* Of "libc.c". */
void lua_console(const char *text, size_t n);
unsigned lua_seed(void);

#define lua_writestring(text, n) lua_console((text), (n))
#define lua_writeline() lua_console("\n", 1)
#define lua_writestringerror(format, text) lua_console((text), strlen(text))
#define luai_makeseed(L) ((void)(L), lua_seed())
#define l_randomizePivot() lua_seed()

#endif
