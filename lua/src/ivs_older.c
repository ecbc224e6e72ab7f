#include "ivs_older.h"

#if LUA_VERSION_NUM == 503
#define get_values lua_getuservalue
#define set_values lua_setuservalue
#elif LUA_VERSION_NUM < 502
#define get_values lua_getfenv
#define set_values lua_setfenv
#elif LUA_VERSION_NUM < 504
#error "Lua 5.2 is not supported: 5.1, LuaJIT, 5.3 and 5.4 are"
#endif

#if LUA_VERSION_NUM < 504

void *ivs_newuserdatauv(lua_State *L, size_t n, int values) {
  void *p = lua_newuserdata(L, n);
  if (values == 0) return p;
  lua_createtable(L, values, 0);
  set_values(L, -2);
  return p;
}

int ivs_getiuservalue(lua_State *L, int idx, int n) {
  get_values(L, idx);
  lua_rawgeti(L, -1, n);
  lua_remove(L, -2);
  return lua_type(L, -1);
}

int ivs_setiuservalue(lua_State *L, int idx, int n) {
  get_values(L, idx);
  lua_insert(L, -2);
  lua_rawseti(L, -2, n);
  lua_pop(L, 1);
  return 1;
}

#endif

#if LUA_VERSION_NUM < 502

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST 9007199254740992.0 /* 2^53: up to here each integer is a number of its own */

static const char main_key;

void ivs_push_main(lua_State *L) {
  if (ivs_rawgetp(L, LUA_REGISTRYINDEX, &main_key) == LUA_TTHREAD) return;
  lua_pop(L, 1);
  lua_pushthread(L);
  lua_pushvalue(L, -1);
  ivs_rawsetp(L, LUA_REGISTRYINDEX, &main_key);
}

/* --- numbers --- */

bool ivs_isinteger(lua_State *L, int idx) {
  lua_Number v = lua_type(L, idx) == LUA_TNUMBER ? lua_tonumber(L, idx) : 0.5;
  return v >= -LARGEST && v <= LARGEST && floor(v) == v;
}

int64_t ivs_tointegerx(lua_State *L, int idx, int *ok) {
  bool is_one = ivs_isinteger(L, idx);
  if (ok != NULL) *ok = is_one;
  return is_one ? (int64_t)lua_tonumber(L, idx) : 0;
}

lua_Number ivs_tonumberx(lua_State *L, int idx, int *ok) {
  *ok = lua_isnumber(L, idx);
  return lua_tonumber(L, idx);
}

/* With a point in any locale, and decimal. */
size_t ivs_stringtonumber(lua_State *L, const char *text) {
  char copy[200], *end;
  size_t n = strlen(text);
  if (n >= sizeof copy) return 0;
  memcpy(copy, text, n + 1);
  char *point = strchr(copy, '.');
  if (point != NULL) *point = localeconv()->decimal_point[0];
  double v = strtod(copy, &end);
  if (n == 0 || *end != '\0') return 0;
  lua_pushnumber(L, v);
  return n + 1;
}

/* --- tables --- */

int ivs_rawgetp(lua_State *L, int idx, const void *key) {
  idx = ivs_absindex(L, idx);
  lua_pushlightuserdata(L, (void *)(uintptr_t)key);
  return ivs_rawget(L, idx);
}

void ivs_rawsetp(lua_State *L, int idx, const void *key) {
  idx = ivs_absindex(L, idx);
  lua_pushlightuserdata(L, (void *)(uintptr_t)key);
  lua_insert(L, -2);
  lua_rawset(L, idx);
}

int ivs_getsubtable(lua_State *L, int idx, const char *name) {
  if (ivs_getfield(L, idx, name) == LUA_TTABLE) return 1;
  idx = ivs_absindex(L, idx);
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_setfield(L, idx, name);
  return 0;
}

void ivs_setfuncs(lua_State *L, const luaL_Reg *functions, int upvalues) {
  (void)upvalues; /* the module gives none */
  for (; functions->name != NULL; functions++) {
    lua_pushcfunction(L, functions->func);
    lua_setfield(L, -2, functions->name);
  }
}

/* --- texts --- */

const char *ivs_tolstring(lua_State *L, int idx, size_t *n) {
  idx = ivs_absindex(L, idx);
  lua_getglobal(L, "tostring");
  lua_pushvalue(L, idx);
  lua_call(L, 1, 1);
  return lua_tolstring(L, -1, n);
}

#endif
