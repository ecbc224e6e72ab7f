/*
 * client:each_channel{...} and the like: an iterator over the elements of all pages.
 *
 * An operation has pages if request and answer have a nextToken; what it lists is the list in its
 * answer.
 */
#include "ivs_binding.h"

#include <stdio.h>

static const ivs_str next_token = IVS_STR_INIT("nextToken");

static const struct ivs_field *member(uint8_t type, ivs_str name) {
  const struct ivs_field *field = &ivs_fields[ivs_types[type].first];
  for (const struct ivs_field *end = field + ivs_types[type].count; field < end; field++)
    if (ivs_str_eq(ivs_field_name(field), name)) return field;
  return NULL;
}

/* see ivs_binding.h */
const struct ivs_field *ivs_paged_list(int op) {
  uint8_t in = ivs_ops[op].in, out = ivs_ops[op].out;
  if (member(in, next_token) == NULL || member(out, next_token) == NULL) return NULL;
  const struct ivs_field *field = &ivs_fields[ivs_types[out].first];
  for (const struct ivs_field *end = field + ivs_types[out].count; field < end; field++)
    if (field->kind == IVS_K_LIST || field->kind == IVS_K_STRS) return field;
  return NULL;
}

/* see ivs_binding.h */
bool ivs_each_name(char to[IVS_NAME_MAX], int op) {
  char name[IVS_NAME_MAX];
  if (ivs_paged_list(op) == NULL) return false;
  ivs_name_split(name, ivs_op_name(&ivs_ops[op]), '_');
  ivs_name_singular(name);
  const char *resource = strchr(name, '_');
  snprintf(to, IVS_NAME_MAX, "each%s", resource != NULL ? resource : "");
  return true;
}

/* The upvalues of an iterator. ITEMS is nil before the first page; REQUEST becomes nil when the
   last one was fetched. */
enum { CLIENT = 1, REQUEST, OP, ITEMS, INDEX };

static void set_upvalue(lua_State *L, int which) {
  lua_replace(L, lua_upvalueindex(which));
}

static int raise_failure(lua_State *L, int op, const char *message) {
  ivs_push_failure(L, "BadAnswer", message, NULL);
  ivs_push_str(L, ivs_op_name(&ivs_ops[op]));
  lua_setfield(L, -2, "operation");
  return lua_error(L);
}

/* Puts the token of the answer on top into the request, or ends the pages: the last one has none,
   or an empty one. */
static void turn_page(lua_State *L, int op) {
  ivs_push_str(L, next_token);
  lua_rawget(L, -2);
  if (lua_isnil(L, -1) || lua_rawlen(L, -1) == 0) {
    lua_pushnil(L);
    set_upvalue(L, REQUEST);
    lua_pop(L, 1);
    return;
  }
  ivs_push_str(L, next_token);
  lua_rawget(L, lua_upvalueindex(REQUEST));
  if (lua_rawequal(L, -1, -2)) raise_failure(L, op, "the service gave the same nextToken twice");
  lua_pop(L, 1);
  ivs_push_str(L, next_token);
  lua_insert(L, -2);
  lua_rawset(L, lua_upvalueindex(REQUEST));
}

/* Fetches a page. Raises the error object if that fails. */
static void fetch(lua_State *L) {
  int op = (int)lua_tointeger(L, lua_upvalueindex(OP));
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(CLIENT));
  lua_pushvalue(L, lua_upvalueindex(REQUEST));
  if (ivs_invoke(L, 1, 2, op) == 2) lua_error(L);
  turn_page(L, op);
  ivs_push_str(L, ivs_field_name(ivs_paged_list(op)));
  lua_rawget(L, -2);
  set_upvalue(L, ITEMS);
  lua_pushinteger(L, 0);
  set_upvalue(L, INDEX);
}

static int next_element(lua_State *L) {
  for (;;) {
    if (lua_istable(L, lua_upvalueindex(ITEMS))) {
      lua_Integer i = lua_tointeger(L, lua_upvalueindex(INDEX)) + 1;
      if (lua_rawgeti(L, lua_upvalueindex(ITEMS), i) != LUA_TNIL) {
        lua_pushinteger(L, i);
        set_upvalue(L, INDEX);
        return 1;
      }
    }
    if (lua_isnil(L, lua_upvalueindex(REQUEST))) {
      lua_pushnil(L);
      return 1;
    }
    fetch(L);
  }
}

/* Pushes a copy of the table at idx, or an empty one: the token of the next page goes into it. */
static void push_copy(lua_State *L, int idx) {
  lua_newtable(L);
  if (lua_isnil(L, idx)) return;
  for (lua_pushnil(L); lua_next(L, idx) != 0;) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, -4);
  }
}

/* see ivs_binding.h. each_x(client, request) -> iterator */
int ivs_lua_each(lua_State *L) {
  int op = (int)lua_tointeger(L, lua_upvalueindex(1));
  ivs_check_client(L, 1);
  lua_settop(L, 2);
  ivs_push_request(L, 1, 2, op); /* a mistake is raised here rather than in the loop */
  lua_settop(L, 2);
  push_copy(L, 2);
  lua_replace(L, 2);
  lua_pushinteger(L, op);
  lua_pushnil(L);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, next_element, 5);
  return 1;
}
