/* require "ivs.signature": what a request was signed by, for --debug. */
#ifndef IVS_SIGNATURE_H
#define IVS_SIGNATURE_H

#include <lua.h>

int luaopen_ivs_signature(lua_State *L);

#endif
