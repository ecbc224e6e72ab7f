/*
 * From an answer struct to a table, by the tables of <ivs/model.h>. Everything is copied into Lua's
 * values.
 */
#include "ivs_binding.h"

enum { STACK_PER_LEVEL = 10, SIZE_HINT_MAX = 1000 };

/* A list, as the table on top: the elements in their order, those that are null left out. */
static int read_list(lua_State *L, ivs_client *core, struct ivs_any_list *list) {
  const struct ivs_span *rest = &list->rest;
  lua_Integer n = 0;
  int r;
  ivs_str text = {NULL, 0};
  void *element = &text;
  if (rest->kind == IVS_K_LIST) element = lua_newuserdatauv(L, ivs_types[rest->type].size, 0);
  else lua_pushnil(L);
  size_t count = ivs_decode_count(rest);
  lua_createtable(L, (int)(count < SIZE_HINT_MAX ? count : SIZE_HINT_MAX), 0);
  while ((r = ivs_next(core, &list->rest, element)) == 1) {
    if (rest->kind == IVS_K_STRS) ivs_push_str(L, text);
    else if ((r = ivs_push_answer(L, core, rest->type, element)) < 0) return r;
    lua_rawseti(L, -2, ++n);
  }
  ivs_mark_list(L);
  lua_remove(L, -2);
  return r;
}

/* The names in the table on top get another one, unless the map below has it already. */
static void note_name(lua_State *L, ivs_str name) {
  ivs_push_str(L, name);
  lua_pushvalue(L, -1);
  if (lua_rawget(L, -4) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    return;
  }
  lua_pop(L, 2);
}

/* The client is at index 1. */
static int read_map(lua_State *L, ivs_client *core, struct ivs_any_list *map) {
  ivs_pair pair;
  int r;
  bool noted = lua_getiuservalue(L, 1, IVS_MAP_ORDER) == LUA_TFUNCTION;
  lua_newtable(L);
  lua_newtable(L);
  while ((r = ivs_next(core, &map->rest, &pair)) == 1) {
    if (noted) note_name(L, pair.name);
    ivs_push_str(L, pair.name);
    ivs_push_str(L, pair.value);
    lua_rawset(L, -4);
  }
  if (noted) {
    lua_pushvalue(L, -3);
    lua_pushvalue(L, -3);
    lua_pushvalue(L, -3);
    lua_call(L, 2, 0);
  }
  lua_pop(L, 1);
  lua_remove(L, -2);
  return r;
}

/* Pushes a member; nil if it is absent. */
static int read_member(lua_State *L, ivs_client *core, const struct ivs_field *field,
                       void *member) {
  switch (field->kind) {
    case IVS_K_STR: {
      ivs_str s = *(const ivs_str *)member;
      if (s.p != NULL) ivs_push_str(L, s);
      else lua_pushnil(L);
      return 0;
    }
    case IVS_K_TIME: {
      ivs_str s = ((const ivs_time *)member)->text;
      if (s.p != NULL) ivs_push_str(L, s);
      else lua_pushnil(L);
      return 0;
    }
    case IVS_K_BOOL: {
      ivs_bool v = *(const ivs_bool *)member;
      if (v != IVS_ABSENT) lua_pushboolean(L, v == IVS_TRUE);
      else lua_pushnil(L);
      return 0;
    }
    case IVS_K_INT: {
      ivs_int v = *(const ivs_int *)member;
      if (v.set) lua_pushinteger(L, (lua_Integer)v.value);
      else lua_pushnil(L);
      return 0;
    }
    case IVS_K_STRUCT:
      if (*(const bool *)member) return ivs_push_answer(L, core, field->type, member);
      lua_pushnil(L);
      return 0;
    default: {
      struct ivs_any_list *list = (struct ivs_any_list *)member;
      if (list->rest.p != NULL)
        return field->kind == IVS_K_MAP ? read_map(L, core, list) : read_list(L, core, list);
      lua_pushnil(L);
      return 0;
    }
  }
}

/* see ivs_binding.h */
int ivs_push_answer(lua_State *L, ivs_client *core, uint8_t type, void *out) {
  const struct ivs_field *field = &ivs_fields[ivs_types[type].first];
  luaL_checkstack(L, STACK_PER_LEVEL, "answer nested too deep");
  lua_newtable(L);
  for (const struct ivs_field *end = field + ivs_types[type].count; field < end; field++) {
    ivs_str name = ivs_field_name(field);
    lua_pushlstring(L, name.p, name.n);
    int r = read_member(L, core, field, (char *)out + field->offset);
    if (r < 0) return r;
    lua_rawset(L, -3);
  }
  return 0;
}
