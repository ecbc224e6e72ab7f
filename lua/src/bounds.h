/* require "ivs.bounds": what a script that comes from elsewhere may use of the machine. */
#ifndef IVS_BOUNDS_H
#define IVS_BOUNDS_H

#include <lua.h>

/* The line, with its end, of the limit of time or output that was reached; NULL if none was. */
const char *ivs_bounds_line(void);

int luaopen_ivs_bounds(lua_State *L);

#endif
