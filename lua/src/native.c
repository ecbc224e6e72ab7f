#include "native.h"

#include <string.h>

#include <lauxlib.h>

/* package.searchpath(name, package.cpath), with `package` as first upvalue. */
static void search_path(lua_State *L, const char *name, size_t n) {
  lua_getfield(L, lua_upvalueindex(1), "searchpath");
  lua_pushlstring(L, name, n);
  lua_getfield(L, lua_upvalueindex(1), "cpath");
  lua_call(L, 2, 2);
}

/* A searcher of package.searchers: the module itself, or the first part of its name, which may hold
   all of the others. */
static int search_native(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  size_t whole = strlen(name), first = strcspn(name, ".");
  search_path(L, name, whole);
  if (lua_isnil(L, -2) && first < whole) search_path(L, name, first);
  if (lua_isnil(L, -2)) return 1;
  return luaL_error(L,
                    "module '%s' is native (%s), and this ivs is one static program, "
                    "which loads no native modules",
                    name, lua_tostring(L, -2));
}

/* see native.h */
void ivs_native_refuse(lua_State *L) {
  enum { NATIVE = 3, ALL_IN_ONE = 4 }; /* places in package.searchers */
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "searchers");
  lua_pushvalue(L, -2);
  lua_pushcclosure(L, search_native, 1);
  lua_rawseti(L, -2, NATIVE);
  lua_pushnil(L);
  lua_rawseti(L, -2, ALL_IN_ONE);
  lua_pop(L, 2);
}
