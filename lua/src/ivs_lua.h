/*
 * The Lua module "ivs", for a program that links it in. All the rest goes through Lua: README.md of
 * lua/.
 */
#ifndef IVS_LUA_H
#define IVS_LUA_H

#include <lua.h>

/* The loader of the module, for luaL_requiref() or package.preload. */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
int luaopen_ivs(lua_State *L);

/*
 * Lets a program end calls and sleeps under way: interrupted() is asked whenever a wait was broken
 * by a signal, and at least twice a second; while it returns non-zero, they end with err.code
 * "Interrupted". NULL: no more. Without it a call ends when a signal handler has set a debug hook,
 * as the program lua does on Ctrl-C. May raise for want of memory.
 */
void ivs_lua_set_interrupt(lua_State *L, int (*interrupted)(void));

#endif
