/*
 * From a table to a request struct, by the tables of <ivs/model.h>.
 *
 * Texts stay views of Lua's strings and lists become userdata; both are kept alive by one anchor
 * table, so that it does not matter what becomes of the script's own table while the call is under
 * way. Tables are read raw: no metamethod runs.
 */
#include "ivs_binding.h"

#include <ivs/text.h>

enum { STACK_PER_LEVEL = 8 };

/* Where in the request we are, for messages: a member, an element of a list (index > 0) or an entry
   of a map. */
struct place {
  const struct place *up;
  ivs_str name;
  lua_Integer index;
  bool entry;
};

struct filler {
  lua_State *L;
  const struct ivs_op *op;
  int anchors; /* stack index of the anchor table */
  lua_Integer kept;
  int names; /* stack index of the client's function for the order of maps, or of nil */
};

static void fill_struct(struct filler *f, const struct place *up, uint8_t type, void *base);

/* --- messages --- */

static void add_place(luaL_Buffer *b, const struct place *at) {
  char digits[24];
  if (at->up != NULL) add_place(b, at->up);
  if (at->index > 0) {
    struct ivs_out o = ivs_out_to(digits, sizeof digits);
    ivs_put_int(&o, at->index);
    luaL_addchar(b, '[');
    luaL_addlstring(b, digits, o.n);
    luaL_addchar(b, ']');
    return;
  }
  if (at->entry) {
    luaL_addchar(b, '[');
    ivs_add_quoted(b, at->name, '"');
    luaL_addchar(b, ']');
    return;
  }
  if (at->up != NULL) luaL_addchar(b, '.');
  luaL_addlstring(b, at->name.p, at->name.n);
}

/* Begins a message: where the script is, and the operation. */
static void begin_message(struct filler *f, luaL_Buffer *b) {
  luaL_buffinit(f->L, b);
  luaL_where(f->L, 1);
  luaL_addvalue(b);
  ivs_str name = ivs_op_name(f->op);
  luaL_addlstring(b, name.p, name.n);
  luaL_addstring(b, ": ");
}

static void raise(struct filler *f, luaL_Buffer *b) {
  luaL_pushresult(b);
  lua_error(f->L);
}

static void add_place_quoted(luaL_Buffer *b, const struct place *at) {
  luaL_addchar(b, '\'');
  add_place(b, at);
  luaL_addchar(b, '\'');
}

/* "CreateChannel: 'name' must be a string, not a table" */
static void raise_type(struct filler *f, const struct place *at, const char *wanted,
                       const char *got) {
  luaL_Buffer b;
  begin_message(f, &b);
  if (at != NULL) add_place_quoted(&b, at);
  else luaL_addstring(&b, "the request");
  luaL_addstring(&b, " must be ");
  luaL_addstring(&b, wanted);
  luaL_addstring(&b, ", not ");
  luaL_addstring(&b, got);
  raise(f, &b);
}

static void raise_plain(struct filler *f, const struct place *at, const char *before,
                        const char *after) {
  luaL_Buffer b;
  begin_message(f, &b);
  luaL_addstring(&b, before);
  add_place_quoted(&b, at);
  luaL_addstring(&b, after);
  raise(f, &b);
}

static void raise_unknown(struct filler *f, const struct place *up, uint8_t type, ivs_str name) {
  struct ivs_nearest nearest = {.wrong = name};
  const struct ivs_type *t = &ivs_types[type];
  luaL_Buffer b;
  for (unsigned i = 0; i < t->count; i++)
    ivs_nearest_try(&nearest, ivs_field_name(&ivs_fields[t->first + i]));
  begin_message(f, &b);
  luaL_addstring(&b, "no member ");
  ivs_add_quoted(&b, name, '\'');
  if (up != NULL) {
    luaL_addstring(&b, " in ");
    add_place_quoted(&b, up);
  }
  ivs_add_nearest(&b, &nearest);
  raise(f, &b);
}

/* What a value is, as a message says it. */
static const char *type_text(lua_State *L, int idx) {
  switch (lua_type(L, idx)) {
    case LUA_TNIL: return "nil";
    case LUA_TBOOLEAN: return "a boolean";
    case LUA_TNUMBER: return "a number";
    case LUA_TSTRING: return "a string";
    case LUA_TTABLE: return "a table";
    case LUA_TFUNCTION: return "a function";
    case LUA_TTHREAD: return "a coroutine";
    default: break;
  }
  ivs_push_null(L);
  bool null = lua_rawequal(L, -1, idx < 0 ? idx - 1 : idx);
  lua_pop(L, 1);
  return null ? "ivs.null" : "a userdata";
}

/* --- values --- */

/* Keeps the value on top alive, and pops it. */
static void keep(struct filler *f) {
  lua_rawseti(f->L, f->anchors, ++f->kept);
}

/* Memory for a list of count elements; also for none, as empty differs from absent. */
static void *list_memory(struct filler *f, size_t count, size_t size) {
  size_t n = count > 0 ? count * size : 1;
  void *p = lua_newuserdatauv(f->L, n, 0);
  memset(p, 0, n);
  keep(f);
  return p;
}

/* The string on top; popped, and kept. */
static ivs_str take_string(struct filler *f, const struct place *at) {
  if (lua_type(f->L, -1) != LUA_TSTRING) raise_type(f, at, "a string", type_text(f->L, -1));
  ivs_str s = ivs_to_str(f->L, -1);
  if (!ivs_utf8_valid(s)) raise_plain(f, at, "", " is not UTF-8");
  keep(f);
  return s;
}

static int64_t take_integer(struct filler *f, const struct place *at) {
  int ok = 0;
  if (lua_type(f->L, -1) != LUA_TNUMBER) raise_type(f, at, "an integer", type_text(f->L, -1));
  lua_Integer v = lua_tointegerx(f->L, -1, &ok);
  if (!ok) raise_type(f, at, "an integer", "a number with a fraction or out of range");
  lua_pop(f->L, 1);
  return v;
}

static ivs_bool take_boolean(struct filler *f, const struct place *at) {
  if (lua_type(f->L, -1) != LUA_TBOOLEAN) raise_type(f, at, "a boolean", type_text(f->L, -1));
  bool v = lua_toboolean(f->L, -1);
  lua_pop(f->L, 1);
  return v ? IVS_TRUE : IVS_FALSE;
}

/* The length of the list on top; raises if it is not one. */
static size_t list_length(struct filler *f, const struct place *at) {
  lua_State *L = f->L;
  size_t found = 0;
  if (lua_type(L, -1) != LUA_TTABLE) raise_type(f, at, "a list", type_text(L, -1));
  size_t n = (size_t)lua_rawlen(L, -1);
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
    if (!lua_isinteger(L, -2)) raise_type(f, at, "a list", "a table with names");
    lua_Integer key = lua_tointeger(L, -2);
    if (key < 1 || (lua_Unsigned)key > n) raise_type(f, at, "a list", "a table with gaps");
    found++;
  }
  if (found != n) raise_type(f, at, "a list", "a table with gaps");
  return n;
}

/* The list on top into `list`. */
static void fill_list(struct filler *f, const struct place *at, const struct ivs_field *field,
                      struct ivs_any_list *list) {
  size_t n = list_length(f, at);
  size_t size = field->kind == IVS_K_STRS ? sizeof(ivs_str) : ivs_types[field->type].size;
  char *items = (char *)list_memory(f, n, size);
  struct place element = {at, {NULL, 0}, 0, false};
  list->items = items;
  list->count = n;
  for (size_t i = 0; i < n; i++) {
    element.index = (lua_Integer)i + 1;
    lua_rawgeti(f->L, -1, element.index);
    if (field->kind == IVS_K_STRS)
      *(ivs_str *)(void *)(items + i * size) = take_string(f, &element);
    else fill_struct(f, &element, field->type, items + i * size);
  }
  lua_pop(f->L, 1);
}

/* Entries of the map on top; raises if it is not one. */
static size_t map_length(struct filler *f, const struct place *at) {
  lua_State *L = f->L;
  size_t n = 0;
  if (lua_type(L, -1) != LUA_TTABLE)
    raise_type(f, at, "a table of names and strings", type_text(L, -1));
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) raise_type(f, at, "a table of names and strings", "a list");
    n++;
  }
  return n;
}

/* Puts the entries of the map on top into the order in which the function at `names` names them. */
static void order_map(lua_State *L, int names, ivs_pair *items, size_t n) {
  int top = lua_gettop(L);
  size_t placed = 0;
  lua_pushvalue(L, names);
  lua_pushvalue(L, -2);
  lua_call(L, 1, 1);
  luaL_checktype(L, -1, LUA_TTABLE);
  for (lua_Integer i = 1; placed < n && lua_rawgeti(L, -1, i) == LUA_TSTRING; i++) {
    size_t j = placed;
    while (j < n && !ivs_str_eq(items[j].name, ivs_to_str(L, -1))) j++;
    lua_pop(L, 1);
    if (j == n) continue;
    ivs_pair pair = items[j];
    items[j] = items[placed];
    items[placed++] = pair;
  }
  lua_settop(L, top);
}

/* The map on top into `map`. */
static void fill_map(struct filler *f, const struct place *at, struct ivs_any_list *map) {
  lua_State *L = f->L;
  size_t n = map_length(f, at);
  ivs_pair *items = (ivs_pair *)list_memory(f, n, sizeof *items);
  struct place entry = {at, {NULL, 0}, 0, true};
  map->items = items;
  map->count = 0;
  for (lua_pushnil(L); lua_next(L, -2) != 0;) {
    if (map->count == n) luaL_error(L, "a finalizer changed the request");
    ivs_pair *pair = &items[map->count++];
    entry.name = ivs_to_str(L, -2);
    if (!ivs_utf8_valid(entry.name)) raise_plain(f, at, "a name in ", " is not UTF-8");
    pair->value = take_string(f, &entry);
    lua_pushvalue(L, -1);
    keep(f);
    pair->name = entry.name;
  }
  if (!lua_isnil(L, f->names)) order_map(L, f->names, items, map->count);
  lua_pop(L, 1);
}

/* The value on top into the member. */
static void fill_member(struct filler *f, const struct place *at, const struct ivs_field *field,
                        void *member) {
  switch (field->kind) {
    case IVS_K_STR: *(ivs_str *)member = take_string(f, at); break;
    case IVS_K_TIME: ((ivs_time *)member)->text = take_string(f, at); break;
    case IVS_K_BOOL: *(ivs_bool *)member = take_boolean(f, at); break;
    case IVS_K_INT:
      ((ivs_int *)member)->value = take_integer(f, at);
      ((ivs_int *)member)->set = true;
      break;
    case IVS_K_STRUCT: fill_struct(f, at, field->type, member); break;
    case IVS_K_MAP: fill_map(f, at, (struct ivs_any_list *)member); break;
    default: fill_list(f, at, field, (struct ivs_any_list *)member); break;
  }
}

static const struct ivs_field *find_field(uint8_t type, ivs_str name) {
  const struct ivs_field *field = &ivs_fields[ivs_types[type].first];
  for (const struct ivs_field *end = field + ivs_types[type].count; field < end; field++)
    if (ivs_str_eq(ivs_field_name(field), name)) return field;
  return NULL;
}

static void check_required(struct filler *f, const struct place *up, uint8_t type) {
  const struct ivs_field *field = &ivs_fields[ivs_types[type].first];
  for (const struct ivs_field *end = field + ivs_types[type].count; field < end; field++) {
    if (!(field->flags & IVS_F_REQUIRED)) continue;
    struct place at = {up, ivs_field_name(field), 0, false};
    lua_pushlstring(f->L, at.name.p, at.name.n);
    bool missing = lua_rawget(f->L, -2) == LUA_TNIL;
    lua_pop(f->L, 1);
    if (missing) raise_plain(f, &at, "required member ", " is missing");
  }
}

/* The table on top into the struct at base; popped. */
static void fill_struct(struct filler *f, const struct place *up, uint8_t type, void *base) {
  lua_State *L = f->L;
  luaL_checkstack(L, STACK_PER_LEVEL, "request nested too deep");
  if (lua_type(L, -1) != LUA_TTABLE) raise_type(f, up, "a table", type_text(L, -1));
  if (up != NULL) *(bool *)base = true;
  for (lua_pushnil(L); lua_next(L, -2) != 0;) {
    if (lua_type(L, -2) != LUA_TSTRING) raise_type(f, up, "a table of named members", "a list");
    ivs_str name = ivs_to_str(L, -2);
    const struct ivs_field *field = find_field(type, name);
    if (field == NULL) {
      raise_unknown(f, up, type, name);
      return;
    }
    struct place at = {up, ivs_field_name(field), 0, false};
    fill_member(f, &at, field, (char *)base + field->offset);
  }
  check_required(f, up, type);
  lua_pop(L, 1);
}

/* see ivs_binding.h */
const void *ivs_push_request(lua_State *L, int self, int idx, int op) {
  struct filler f = {L, &ivs_ops[op], 0, 0, 0};
  size_t size = ivs_types[f.op->in].size;
  idx = lua_absindex(L, idx);
  luaL_checkstack(L, STACK_PER_LEVEL, NULL);
  lua_getiuservalue(L, self, IVS_MAP_NAMES);
  f.names = lua_gettop(L);
  void *in = lua_newuserdatauv(L, size > 0 ? size : 1, 0);
  memset(in, 0, size);
  lua_newtable(L);
  f.anchors = lua_gettop(L);
  if (lua_isnoneornil(L, idx)) lua_newtable(L);
  else lua_pushvalue(L, idx);
  fill_struct(&f, NULL, f.op->in, in);
  return in;
}
