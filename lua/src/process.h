/*
 * ivs.process: starting and ending other programs from Lua. In the program ivs only.
 */
#ifndef IVS_PROCESS_H
#define IVS_PROCESS_H

#include <lua.h>

int luaopen_ivs_process(lua_State *L);

#endif
