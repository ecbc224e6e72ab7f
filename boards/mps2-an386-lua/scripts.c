#include "scripts.h"

#include <embedded.h>
#include <ivs_lua.h>
#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

/* Pushes the script as a function; false: there is none of that name. Raises if it cannot load. */
static bool push_script(lua_State *L, const char *name) {
  for (const struct ivs_embedded *file = ivs_embedded; file->name != NULL; file++) {
    if (strcmp(file->name, name) != 0) continue;
    const char *chunk = lua_pushfstring(L, "=%s", name);
    if (luaL_loadbufferx(L, (const char *)file->code, file->size, chunk, NULL) != LUA_OK)
      lua_error(L);
    lua_remove(L, -2);
    return true;
  }
  return false;
}

/* require(name): "ivs" or a script, loaded once. */
static int require(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  lua_settop(L, 1);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  if (lua_getfield(L, 2, name) != LUA_TNIL) return 1;
  if (strcmp(name, "ivs") == 0) {
    luaL_requiref(L, name, luaopen_ivs, 0);
    return 1;
  }
  if (!push_script(L, name)) return luaL_error(L, "no script '%s' in this image", name);
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  if (lua_isnil(L, -1)) lua_pushboolean(L, true);
  lua_pushvalue(L, -1);
  lua_setfield(L, 2, name);
  return 1;
}

/* see scripts.h */
void scripts_open(lua_State *L) {
  lua_pushcfunction(L, require);
  lua_setglobal(L, "require");
}

/* see scripts.h */
int scripts_run(lua_State *L) {
  const char *name = (const char *)lua_touserdata(L, 1);
  if (!push_script(L, name)) return luaL_error(L, "no script '%s' in this image", name);
  lua_replace(L, 1);
  lua_call(L, lua_gettop(L) - 1, 0);
  return 0;
}

/* There are no files: this is luaL_loadfilex() for the base library's loadfile and dofile. */
int __wrap_luaL_loadfilex(lua_State *L, const char *name, const char *mode);
int __wrap_luaL_loadfilex(lua_State *L, const char *name, const char *mode) {
  (void)mode;
  lua_pushfstring(L, "cannot open %s: this board has no files", name != NULL ? name : "stdin");
  return LUA_ERRFILE;
}
