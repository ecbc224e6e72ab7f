/*
 * The module is written for Lua 5.4. This gives what 5.3, 5.1 and LuaJIT lack of its C interface,
 * under 5.4's names and with its meaning, as far as the module uses it.
 *
 * 5.1 and LuaJIT have floating point numbers alone: those that are whole and not beyond 2^53 count
 * as integers, on machines of 32 bits too. Their lua_Integer may have 32 bits, so the module gets
 * another one here.
 */
#ifndef IVS_OLDER_H
#define IVS_OLDER_H

#include <stdbool.h>
#include <stdint.h>

#include <lauxlib.h>
#include <lua.h>

#if LUA_VERSION_NUM >= 502
/* Pushes the main thread of the state. */
static inline void ivs_push_main(lua_State *L) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
}
#endif

#if LUA_VERSION_NUM < 504

/* A userdata's values are a table of them. */
void *ivs_newuserdatauv(lua_State *L, size_t n, int values);
int ivs_getiuservalue(lua_State *L, int idx, int n);
int ivs_setiuservalue(lua_State *L, int idx, int n);
#define lua_newuserdatauv ivs_newuserdatauv
#define lua_getiuservalue ivs_getiuservalue
#define lua_setiuservalue ivs_setiuservalue

#endif

#if LUA_VERSION_NUM < 502

/* Pushes the thread that first asked, which is the main one unless `require` was in a coroutine. */
void ivs_push_main(lua_State *L);

bool ivs_isinteger(lua_State *L, int idx);
int64_t ivs_tointegerx(lua_State *L, int idx, int *ok);
lua_Number ivs_tonumberx(lua_State *L, int idx, int *ok);
size_t ivs_stringtonumber(lua_State *L, const char *text);
int ivs_rawgetp(lua_State *L, int idx, const void *key);
void ivs_rawsetp(lua_State *L, int idx, const void *key);
int ivs_getsubtable(lua_State *L, int idx, const char *name);
const char *ivs_tolstring(lua_State *L, int idx, size_t *n);
void ivs_setfuncs(lua_State *L, const luaL_Reg *functions, int upvalues);

static inline int ivs_absindex(lua_State *L, int idx) {
  return idx < 0 && idx > LUA_REGISTRYINDEX ? lua_gettop(L) + idx + 1 : idx;
}

static inline int ivs_getfield(lua_State *L, int idx, const char *name) {
  lua_getfield(L, idx, name);
  return lua_type(L, -1);
}

static inline int ivs_rawget(lua_State *L, int idx) {
  lua_rawget(L, idx);
  return lua_type(L, -1);
}

static inline int ivs_rawgeti(lua_State *L, int idx, int64_t n) {
  lua_rawgeti(L, idx, (int)n);
  return lua_type(L, -1);
}

static inline void ivs_rawseti(lua_State *L, int idx, int64_t n) {
  lua_rawseti(L, idx, (int)n);
}

#undef lua_tointeger
#undef lua_isinteger
#undef luaL_newlib
#define LUA_LOADED_TABLE "_LOADED"
#define LUA_PRELOAD_TABLE "_PRELOAD"
#ifndef LUA_OK
#define LUA_OK 0
#endif
#define lua_Integer int64_t
#define lua_Unsigned uint64_t
#define lua_absindex ivs_absindex
#define lua_getfield ivs_getfield
#define lua_isinteger ivs_isinteger
#define lua_pushinteger(L, n) lua_pushnumber((L), (lua_Number)(n))
#define lua_rawget ivs_rawget
#define lua_rawgeti ivs_rawgeti
#define lua_rawgetp ivs_rawgetp
#define lua_rawlen lua_objlen
#define lua_rawseti ivs_rawseti
#define lua_rawsetp ivs_rawsetp
#define lua_stringtonumber ivs_stringtonumber
#define lua_tointeger(L, idx) ivs_tointegerx((L), (idx), NULL)
#define lua_tointegerx ivs_tointegerx
#define lua_tonumberx ivs_tonumberx
#define luaL_checkversion(L) ivs_push_main(L)
#define luaL_getsubtable ivs_getsubtable
#define luaL_newlib(L, functions) (lua_newtable(L), ivs_setfuncs((L), (functions), 0))
#define luaL_setfuncs ivs_setfuncs
#define luaL_tolstring ivs_tolstring

#endif
#endif
