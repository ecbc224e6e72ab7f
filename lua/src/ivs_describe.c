/*
 * ivs.operations(), ivs.operation(name): the API as tables, for whatever is made from it: the
 * command line, help, completion.
 */
#include "ivs_binding.h"

static const char *const kinds[] = {"string",    "boolean", "integer", "timestamp",
                                    "structure", "list",    "list",    "map"}; /* ORDER KIND */

static void set_str(lua_State *L, const char *name, ivs_str s) {
  ivs_push_str(L, s);
  lua_setfield(L, -2, name);
}

static void set_flag(lua_State *L, const char *name, bool value) {
  lua_pushboolean(L, value);
  lua_setfield(L, -2, name);
}

static void set_split(lua_State *L, const char *name, ivs_str s, char separator) {
  char text[IVS_NAME_MAX];
  ivs_name_split(text, s, separator);
  lua_pushstring(L, text);
  lua_setfield(L, -2, name);
}

static void set_limit(lua_State *L, const struct ivs_limit *limit) {
  lua_pushinteger(L, limit->min);
  lua_setfield(L, -2, "min");
  if (limit->max == INT32_MAX) return;
  lua_pushinteger(L, limit->max);
  lua_setfield(L, -2, "max");
}

/* The limits of each of what a member holds many of; a table in any case. */
static void set_limits(lua_State *L, const char *name, uint8_t limit) {
  lua_createtable(L, 0, 2);
  if (limit != 0) set_limit(L, &ivs_limits[limit]);
  lua_setfield(L, -2, name);
}

static void push_members(lua_State *L, uint8_t type, int seen);

static void push_member(lua_State *L, const struct ivs_field *field, int seen) {
  ivs_str name = ivs_field_name(field);
  lua_createtable(L, 0, 8);
  set_str(L, "name", name);
  set_split(L, "kebab", name, '-');
  set_str(L, "kind", ivs_cstr(kinds[field->kind]));
  set_flag(L, "required", field->flags & IVS_F_REQUIRED);
  set_flag(L, "sensitive", field->flags & IVS_F_SENSITIVE);
  if (field->flags & (IVS_F_PATH | IVS_F_QUERY))
    set_str(L, "location", field->flags & IVS_F_PATH ? IVS_STR("path") : IVS_STR("query"));
  if (field->kind == IVS_K_LIST || field->kind == IVS_K_STRS)
    set_str(L, "of", field->kind == IVS_K_LIST ? IVS_STR("structure") : IVS_STR("string"));
  if (field->kind == IVS_K_LIST || field->kind == IVS_K_STRUCT) {
    push_members(L, field->type, seen);
    lua_setfield(L, -2, "members");
  }
  if (field->limit != 0) set_limit(L, &ivs_limits[field->limit]);
  if (field->kind == IVS_K_STRS) set_limits(L, "element", field->type);
  if (field->kind != IVS_K_MAP) return;
  set_limits(L, "names", field->type);
  set_limits(L, "values", (uint8_t)(field->type + 1));
}

/* Pushes the list of a struct's members. The same type gives the same table, kept in that at index
   `seen`. */
static void push_members(lua_State *L, uint8_t type, int seen) {
  luaL_checkstack(L, 8, NULL);
  if (lua_rawgeti(L, seen, type) != LUA_TNIL) return;
  lua_pop(L, 1);
  const struct ivs_type *t = &ivs_types[type];
  lua_createtable(L, t->count, 0);
  for (unsigned i = 0; i < t->count; i++) {
    push_member(L, &ivs_fields[t->first + i], seen);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_pushvalue(L, -1);
  lua_rawseti(L, seen, type);
}

static void push_operation(lua_State *L, int op, int seen) {
  static const char *const methods[] = {"GET", "POST", "DELETE"};
  static const char *const repeats[] = {"free", "once", "cue"};
  const struct ivs_op *o = &ivs_ops[op];
  ivs_str name = ivs_op_name(o);
  char each[IVS_NAME_MAX];
  lua_createtable(L, 0, 9);
  set_str(L, "name", name);
  set_split(L, "snake", name, '_');
  set_split(L, "kebab", name, '-');
  set_str(L, "method", ivs_cstr(methods[o->method]));
  set_str(L, "repeats", ivs_cstr(repeats[o->repeat]));
  push_members(L, o->in, seen);
  lua_setfield(L, -2, "input");
  push_members(L, o->out, seen);
  lua_setfield(L, -2, "output");
  if (!ivs_each_name(each, op)) return;
  set_str(L, "each", ivs_cstr(each));
  set_str(L, "pages", ivs_field_name(ivs_paged_list(op)));
}

/* see ivs_binding.h. operations() -> list */
int ivs_lua_operations(lua_State *L) {
  lua_settop(L, 0);
  lua_newtable(L);
  lua_createtable(L, IVS_OP_COUNT, 0);
  for (int op = 0; op < IVS_OP_COUNT; op++) {
    push_operation(L, op, 1);
    lua_rawseti(L, -2, op + 1);
  }
  return 1;
}

/* see ivs_binding.h. operation(name) -> one of it, or nil */
int ivs_lua_operation(lua_State *L) {
  int op = ivs_name_operation(ivs_cstr(luaL_checkstring(L, 1)));
  if (op < 0) return 0;
  lua_settop(L, 0);
  lua_newtable(L);
  push_operation(L, op, 1);
  return 1;
}
