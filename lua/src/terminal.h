/* require "ivs.terminal": the terminal that the program talks to, for the interactive prompt. */
#ifndef IVS_TERMINAL_H
#define IVS_TERMINAL_H

#include <lua.h>

int luaopen_ivs_terminal(lua_State *L);

#endif
