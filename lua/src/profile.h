/* require "ivs.profile": what the command line wants of the AWS tools' files. */
#ifndef IVS_PROFILE_H
#define IVS_PROFILE_H

#include <lua.h>

int luaopen_ivs_profile(lua_State *L);

#endif
