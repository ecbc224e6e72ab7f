/* require "ivs.bounds": what a script that comes from elsewhere may use of the machine. */
#ifndef IVS_BOUNDS_H
#define IVS_BOUNDS_H

#include <lua.h>

int luaopen_ivs_bounds(lua_State *L);

#endif
