/*
 * luaopen_ivs: the module's table.
 */
#include "ivs_binding.h"

#include <ivs/ivs.h>

/* see ivs_binding.h */
bool ivs_kept(lua_State *L, const void *key) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) != LUA_TNIL) return true;
  lua_pop(L, 1);
  return false;
}

/* see ivs_binding.h */
void ivs_keep_metatable(lua_State *L, const void *key, const char *name, const luaL_Reg *methods,
                        const luaL_Reg *metamethods) {
  if (ivs_kept(L, key)) {
    lua_pop(L, 1);
    return;
  }
  lua_newtable(L);
  luaL_setfuncs(L, metamethods, 0);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_newtable(L);
  luaL_setfuncs(L, methods, 0);
  lua_setfield(L, -2, "__index");
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

/* see ivs_binding.h */
void *ivs_to_own(lua_State *L, int idx, const void *key, const char *wanted) {
  bool is_one = false;
  if (lua_type(L, idx) == LUA_TUSERDATA && lua_getmetatable(L, idx)) {
    ivs_kept(L, key);
    is_one = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
  }
  if (!is_one) luaL_error(L, wanted, luaL_typename(L, idx));
  return is_one ? lua_touserdata(L, idx) : NULL;
}

/* __index of the module: ivs.live is what require "ivs.live" gives, loaded on its first use, where
   the host program has put that into package.preload; else nil. */
static int find_part(lua_State *L) {
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  const char *name = lua_pushfstring(L, "ivs.%s", lua_tostring(L, 2));
  if (lua_getfield(L, -2, name) == LUA_TNIL) return 0;
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  if (lua_getfield(L, -1, name) == LUA_TNIL) {
    lua_getglobal(L, "require");
    lua_pushstring(L, name);
    lua_call(L, 1, 1);
  }
  lua_pushvalue(L, 2);
  lua_pushvalue(L, -2);
  lua_rawset(L, 1);
  return 1;
}

/* see ivs_lua.h */
int luaopen_ivs(lua_State *L) {
  static const luaL_Reg functions[] = {{"client", ivs_lua_client_new},
                                       {"operations", ivs_lua_operations},
                                       {"operation", ivs_lua_operation},
                                       {NULL, NULL}};
  luaL_checkversion(L);
  lua_settop(L, 0);
  ivs_open_error(L);
  ivs_open_client(L);
  ivs_open_queue(L);
  luaL_newlib(L, functions);
  lua_pushstring(L, ivs_version());
  lua_setfield(L, -2, "version");
  ivs_open_json(L);
  ivs_open_clock(L);
  ivs_open_events(L);
  ivs_open_token(L);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, find_part);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  return 1;
}
