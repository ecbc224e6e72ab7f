/* require "ivs.terminal": the terminal that the program talks to, as the interactive prompt needs it. */
#ifndef IVS_TERMINAL_H
#define IVS_TERMINAL_H

#include <lua.h>

int luaopen_ivs_terminal(lua_State *L);

#endif
