#include "profile.h"

#include <lauxlib.h>

#include <ivs/settings.h>

enum { VALUE_MAX = 63 };

/* value(profile, key) -> the value, or nil: it is not there, or the files cannot be read, which is
   for those to say who need more of them. profile: nil for that of the environment. */
static int profile_value(lua_State *L) {
  const char *profile = luaL_optstring(L, 1, NULL), *key = luaL_checkstring(L, 2);
  struct ivs_settings *settings = lua_newuserdatauv(L, sizeof *settings, 0);
  char value[VALUE_MAX + 1];
  if (ivs_settings_read_value(settings, profile, key, value, sizeof value) > 0)
    lua_pushstring(L, value);
  else lua_pushnil(L);
  return 1;
}

/* see profile.h */
int luaopen_ivs_profile(lua_State *L) {
  static const luaL_Reg functions[] = {{"value", profile_value}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
