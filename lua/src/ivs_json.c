/*
 * ivs.json: encode and decode, strict both ways; ivs.null, ivs.list, ivs.map.
 *
 * A table is an array if it was marked by ivs.list or has the keys 1 to n, else an object; an empty
 * one without a mark is an object. Decoded arrays are marked, so that what is decoded encodes to
 * the same kinds again.
 */
#include "ivs_binding.h"

#include <ivs/json.h>

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { STACK_PER_LEVEL = 10, FIRST_BUFFER = 256, INDENT_MAX = 16, NUMBER_SIZE = 40 };

static const char null_key, list_key, map_key;

/* --- marks --- */

/* see ivs_binding.h */
void ivs_push_null(lua_State *L) {
  ivs_kept(L, &null_key);
}

/* see ivs_binding.h */
void ivs_mark_list(lua_State *L) {
  ivs_kept(L, &list_key);
  lua_setmetatable(L, -2);
}

static bool has_mark(lua_State *L, int idx, const void *key) {
  if (!lua_getmetatable(L, idx)) return false;
  ivs_kept(L, key);
  bool same = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return same;
}

static bool is_null(lua_State *L, int idx) {
  ivs_push_null(L);
  bool same = lua_rawequal(L, -1, idx);
  lua_pop(L, 1);
  return same;
}

static int mark(lua_State *L, const void *key) {
  lua_settop(L, 1);
  if (lua_isnil(L, 1)) {
    lua_newtable(L);
    lua_replace(L, 1);
  }
  luaL_checktype(L, 1, LUA_TTABLE);
  if (lua_getmetatable(L, 1)) {
    lua_pop(L, 1);
    luaL_argcheck(L, has_mark(L, 1, &list_key) || has_mark(L, 1, &map_key), 1,
                  "the table has a metatable of its own");
  }
  ivs_kept(L, key);
  lua_setmetatable(L, 1);
  return 1;
}

/* list(table or nothing) -> the table, marked to be an array */
static int mark_list(lua_State *L) {
  return mark(L, &list_key);
}

/* map(table or nothing) -> the table, marked to be an object */
static int mark_map(lua_State *L) {
  return mark(L, &map_key);
}

static int null_tostring(lua_State *L) {
  lua_pushliteral(L, "null");
  return 1;
}

/* --- encode --- */

/* A table under way, and those that hold it. */
struct level {
  const struct level *up;
  const void *table;
  ivs_str name;      /* of the member under way; p == NULL: an element */
  lua_Integer index; /* of the element under way */
  unsigned depth;
};

struct encoder {
  lua_State *L;
  char *p; /* the text, a userdata at index `slot` */
  size_t n, cap;
  int slot;
  unsigned indent; /* 0: on one line, without blanks */
};

/* How a struct of the API orders its members; NULL: by name alone. */
typedef const struct ivs_type *order;

static void encode_value(struct encoder *e, const struct level *up, order type);

static void add_place(luaL_Buffer *b, const struct level *at) {
  char digits[32];
  if (at->up != NULL) add_place(b, at->up);
  if (at->name.p == NULL) {
    snprintf(digits, sizeof digits, "[%lld]", (long long)at->index);
    luaL_addstring(b, digits);
    return;
  }
  luaL_addchar(b, '[');
  ivs_add_quoted(b, at->name, '"');
  luaL_addchar(b, ']');
}

/* "ivs.json.encode: value['a'][3] ..." */
static void raise(struct encoder *e, const struct level *at, const char *what) {
  luaL_Buffer b;
  luaL_buffinit(e->L, &b);
  luaL_where(e->L, 1);
  luaL_addvalue(&b);
  luaL_addstring(&b, "ivs.json.encode: value");
  if (at != NULL) add_place(&b, at);
  luaL_addchar(&b, ' ');
  luaL_addstring(&b, what);
  luaL_pushresult(&b);
  lua_error(e->L);
}

/* Room for n more bytes. */
static char *room(struct encoder *e, size_t n) {
  if (n > e->cap - e->n) {
    size_t cap = e->cap;
    while (cap - e->n < n) {
      if (cap > SIZE_MAX / 4) luaL_error(e->L, "ivs.json.encode: too large");
      cap *= 2;
    }
    char *p = (char *)lua_newuserdatauv(e->L, cap, 0);
    memcpy(p, e->p, e->n);
    lua_replace(e->L, e->slot);
    e->p = p;
    e->cap = cap;
  }
  return e->p + e->n;
}

static void put(struct encoder *e, const char *s, size_t n) {
  memcpy(room(e, n), s, n);
  e->n += n;
}

static void put_char(struct encoder *e, char c) {
  put(e, &c, 1);
}

static void put_line(struct encoder *e, unsigned depth) {
  size_t n = (size_t)e->indent * depth;
  if (e->indent == 0) return;
  put_char(e, '\n');
  memset(room(e, n), ' ', n);
  e->n += n;
}

static void put_string(struct encoder *e, const struct level *at, ivs_str s) {
  struct ivs_out measure = {0};
  if (!ivs_utf8_valid(s)) raise(e, at, "is not UTF-8");
  ivs_json_put_str(&measure, s);
  struct ivs_out o = ivs_out_to(room(e, measure.n), measure.n);
  ivs_json_put_str(&o, s);
  e->n += o.n;
}

/* The shortest text that reads back as the same number, and as no integer. */
static void put_float(struct encoder *e, const struct level *at, lua_Number v) {
  char text[NUMBER_SIZE];
  if (!isfinite((double)v)) raise(e, at, "is not a number that JSON has");
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, (double)v);
    if (strtod(text, NULL) == (double)v) break;
  }
  char point = localeconv()->decimal_point[0];
  char *comma = point != '.' ? strchr(text, point) : NULL;
  if (comma != NULL) *comma = '.';
  put(e, text, strlen(text));
  if (strpbrk(text, ".e") == NULL) put(e, ".0", 2);
}

static void put_number(struct encoder *e, const struct level *at) {
  char digits[NUMBER_SIZE];
  if (!lua_isinteger(e->L, -1)) {
    put_float(e, at, lua_tonumber(e->L, -1));
    return;
  }
  struct ivs_out o = ivs_out_to(digits, sizeof digits);
  ivs_put_int(&o, (int64_t)lua_tointeger(e->L, -1));
  put(e, digits, o.n);
}

/* Whether the table on top is to be an array. Raises if it is neither. */
static bool is_array(struct encoder *e, const struct level *at) {
  lua_State *L = e->L;
  bool marked = has_mark(L, lua_gettop(L), &list_key), map = has_mark(L, lua_gettop(L), &map_key);
  size_t n = (size_t)lua_rawlen(L, -1), numbers = 0, names = 0;
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
    lua_Integer i = lua_isinteger(L, -2) ? lua_tointeger(L, -2) : 0;
    if (i >= 1 && (lua_Unsigned)i <= n) numbers++;
    else if (lua_type(L, -2) == LUA_TSTRING) names++;
    else raise(e, at, lua_isinteger(L, -2) ? "is a list with gaps" : "has a key that is no string");
  }
  if (numbers != 0 && (names != 0 || map))
    raise(e, at,
          map ? "is a map, but has numbers for keys" : "has both numbers and names for keys");
  if (marked && names != 0) raise(e, at, "is a list, but has names for keys");
  if (numbers != n && names == 0) raise(e, at, "is a list with gaps");
  return !map && (marked || numbers > 0);
}

/* The struct that a member holds, or a list's elements are. */
static order type_below(const struct ivs_field *field) {
  return field != NULL && (field->kind == IVS_K_STRUCT || field->kind == IVS_K_LIST)
             ? &ivs_types[field->type]
             : NULL;
}

static void encode_array(struct encoder *e, struct level *at, order type) {
  lua_Integer n = (lua_Integer)lua_rawlen(e->L, -1);
  put_char(e, '[');
  for (at->index = 1; at->index <= n; at->index++) {
    if (at->index > 1) put_char(e, ',');
    put_line(e, at->depth);
    lua_rawgeti(e->L, -1, at->index);
    encode_value(e, at, type);
  }
  if (n > 0) put_line(e, at->depth - 1);
  put_char(e, ']');
}

struct key {
  ivs_str name;
  const struct ivs_field *field; /* NULL: not a member of the API's struct */
};

/* Members of the API come first, in its order, then the others by their bytes. */
static int compare_keys(const void *a, const void *b) {
  const struct key *x = (const struct key *)a, *y = (const struct key *)b;
  if (x->field != y->field && x->field != NULL && y->field != NULL)
    return x->field < y->field ? -1 : 1;
  if (x->field != y->field) return x->field != NULL ? -1 : 1;
  size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
  int r = memcmp(x->name.p, y->name.p, n);
  return r != 0 ? r : (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

static const struct ivs_field *field_of(order type, ivs_str name) {
  for (unsigned i = 0; type != NULL && i < type->count; i++) {
    const struct ivs_field *field = &ivs_fields[type->first + i];
    if (ivs_str_eq(ivs_field_name(field), name)) return field;
  }
  return NULL;
}

/* Pushes the sorted keys of the table on top: a table that keeps their strings alive, and the
   array, which is returned. */
static struct key *push_keys(lua_State *L, order type, size_t *count) {
  int table = lua_gettop(L);
  size_t n = 0;
  for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) n++;
  lua_createtable(L, n <= INT32_MAX ? (int)n : 0, 0);
  struct key *keys = (struct key *)lua_newuserdatauv(L, n > 0 ? n * sizeof *keys : 1, 0);
  *count = 0;
  for (lua_pushnil(L); lua_next(L, table) != 0 && *count < n; lua_pop(L, 1)) {
    struct key *key = &keys[(*count)++];
    if (lua_type(L, -2) != LUA_TSTRING)
      luaL_error(L, "ivs.json.encode: a finalizer changed the table");
    key->name = ivs_to_str(L, -2);
    key->field = field_of(type, key->name);
    lua_pushvalue(L, -2);
    lua_rawseti(L, table + 1, (lua_Integer)*count);
  }
  lua_settop(L, table + 2);
  qsort(keys, *count, sizeof *keys, compare_keys);
  return keys;
}

static void encode_object(struct encoder *e, struct level *at, order type) {
  lua_State *L = e->L;
  size_t count;
  const struct key *keys = push_keys(L, type, &count);
  int table = lua_gettop(L) - 2;
  put_char(e, '{');
  for (size_t i = 0; i < count; i++) {
    at->name = keys[i].name;
    if (i > 0) put_char(e, ',');
    put_line(e, at->depth);
    put_string(e, at, at->name);
    put(e, ": ", e->indent > 0 ? 2 : 1);
    ivs_push_str(L, at->name);
    lua_rawget(L, table);
    encode_value(e, at, type_below(keys[i].field));
  }
  if (count > 0) put_line(e, at->depth - 1);
  put_char(e, '}');
  lua_settop(L, table);
}

static void encode_table(struct encoder *e, const struct level *up, order type) {
  struct level at = {up, lua_topointer(e->L, -1), {NULL, 0}, 0, up != NULL ? up->depth + 1 : 1};
  for (const struct level *l = up; l != NULL; l = l->up)
    if (l->table == at.table) raise(e, up, "is a table that holds it");
  if (at.depth > IVS_JSON_DEPTH) raise(e, up, "is nested too deep");
  luaL_checkstack(e->L, STACK_PER_LEVEL, "nested too deep");
  if (is_array(e, up)) encode_array(e, &at, type);
  else encode_object(e, &at, type);
}

/* The value on top; popped. */
static void encode_value(struct encoder *e, const struct level *up, order type) {
  lua_State *L = e->L;
  switch (lua_type(L, -1)) {
    case LUA_TBOOLEAN:
      if (lua_toboolean(L, -1)) put(e, "true", 4);
      else put(e, "false", 5);
      break;
    case LUA_TNUMBER: put_number(e, up); break;
    case LUA_TSTRING: put_string(e, up, ivs_to_str(L, -1)); break;
    case LUA_TTABLE: encode_table(e, up, type); break;
    default:
      if (!is_null(L, lua_gettop(L)))
        raise(e, up, lua_pushfstring(L, "is a %s, which JSON has not", luaL_typename(L, -1)));
      put(e, "null", 4);
  }
  lua_pop(L, 1);
}

/* An option of encode's second argument: pushes it, or nil. */
static int push_option(lua_State *L, const char *name) {
  lua_pushstring(L, name);
  return lua_rawget(L, 2);
}

static unsigned indent_option(lua_State *L) {
  if (push_option(L, "indent") == LUA_TNIL) return 0;
  int ok = 0;
  lua_Integer n = lua_tointegerx(L, -1, &ok);
  if (!ok || n < 0 || n > INDENT_MAX)
    luaL_error(L, "ivs.json.encode: 'indent' must be an integer, 0 to %d", INDENT_MAX);
  return (unsigned)n;
}

/* The type of the answer of the operation that the option names. */
static order operation_option(lua_State *L) {
  if (push_option(L, "operation") == LUA_TNIL) return NULL;
  int op = lua_type(L, -1) == LUA_TSTRING ? ivs_name_operation(ivs_to_str(L, -1)) : -1;
  if (op < 0) luaL_error(L, "ivs.json.encode: 'operation' must name an operation");
  return &ivs_types[ivs_ops[op < 0 ? 0 : op].out];
}

static void check_options(lua_State *L) {
  luaL_checktype(L, 2, LUA_TTABLE);
  for (lua_pushnil(L); lua_next(L, 2) != 0; lua_pop(L, 1)) {
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
    if (strcmp(name, "indent") != 0 && strcmp(name, "operation") != 0)
      luaL_error(L, "ivs.json.encode: the options are 'indent' and 'operation'");
  }
}

/* encode(value [, { indent = n, operation = name }]) -> text */
static int json_encode(lua_State *L) {
  struct encoder e = {L, NULL, 0, FIRST_BUFFER, 0, 0};
  order type = NULL;
  luaL_checkany(L, 1);
  lua_settop(L, 2);
  if (!lua_isnil(L, 2)) {
    check_options(L);
    e.indent = indent_option(L);
    type = operation_option(L);
  }
  lua_settop(L, 1);
  e.p = (char *)lua_newuserdatauv(L, FIRST_BUFFER, 0);
  e.slot = 2;
  lua_pushvalue(L, 1);
  encode_value(&e, NULL, type);
  lua_pushlstring(L, e.p, e.n);
  return 1;
}

/* see ivs_binding.h */
void ivs_push_json(lua_State *L, int idx) {
  idx = lua_absindex(L, idx);
  lua_pushcfunction(L, json_encode);
  lua_pushvalue(L, idx);
  lua_call(L, 1, 1);
}

/* --- decode --- */

/*
 * Goes once over text that was checked, which stays as it is: no bracket is looked for before what
 * stands in it is read, and only texts with escapes are copied.
 */
struct decoder {
  lua_State *L;
  const char *end;
  const char *slash;           /* the first backslash from a place on that was read, or end */
  int spare;                   /* index of room to unescape in, nil until it is needed */
  int members[IVS_JSON_DEPTH]; /* of the object read last at a depth: the next is mostly alike */
  int depth;
};

/* Pushes the value at p; returns where it ends, or NULL, with something left on the stack, if there
   is a number that is too large or too long. */
static char *push_value(struct decoder *d, char *p);

/* A number of checked text. Integers that do not fit become floats, as in Lua. */
static bool push_number(lua_State *L, struct ivs_json_value v) {
  int64_t integer;
  if (ivs_json_int(v, &integer) == 0) {
    lua_pushinteger(L, (lua_Integer)integer);
    return true;
  }
  lua_pushlstring(L, v.p, v.n);
  const char *text = lua_tostring(L, -1);
  if (lua_stringtonumber(L, text) == 0) {
    char *end; /* a long one may be refused, as on a board, or end at a point that is no comma */
    lua_pushnumber(L, (lua_Number)strtod(text, &end));
    if (*end != '\0') return false;
  }
  lua_remove(L, -2);
  return isfinite((double)lua_tonumber(L, -1));
}

static void push_unescaped(struct decoder *d, struct ivs_json_value v) {
  lua_State *L = d->L;
  if (lua_isnil(L, d->spare)) { /* nothing that follows is longer */
    lua_newuserdatauv(L, (size_t)(d->end - v.p), 0);
    lua_replace(L, d->spare);
  }
  v.p = (char *)memcpy(lua_touserdata(L, d->spare), v.p, v.n);
  ivs_push_str(L, ivs_json_text(v));
}

static char *push_text(struct decoder *d, char *p) {
  struct ivs_json_value v;
  p = ivs_json_value_at(p, d->end, &v);
  if (d->slash < v.p) {
    d->slash = (const char *)memchr(v.p, '\\', (size_t)(d->end - v.p));
    if (d->slash == NULL) d->slash = d->end;
  }
  if (d->slash < p) push_unescaped(d, v);
  else lua_pushlstring(d->L, v.p, v.n);
  return p;
}

/* The first byte behind p that is not blank. */
static char *behind(const struct decoder *d, char *p) {
  return ivs_json_blanks(p + 1, d->end);
}

/* Behind a value: the next one, or the closing bracket. */
static char *next_value(const struct decoder *d, char *p) {
  p = ivs_json_blanks(p, d->end);
  return *p == ',' ? behind(d, p) : p;
}

static char *push_array(struct decoder *d, char *p) {
  lua_State *L = d->L;
  lua_Integer n = 0;
  lua_newtable(L);
  for (p = behind(d, p); *p != ']'; p = next_value(d, p)) {
    p = push_value(d, p);
    if (p == NULL) return NULL;
    lua_rawseti(L, -2, ++n);
  }
  ivs_mark_list(L);
  return p + 1;
}

static char *push_object(struct decoder *d, char *p) {
  lua_State *L = d->L;
  int *members = &d->members[d->depth - 1], n = 0;
  lua_createtable(L, 0, *members);
  for (p = behind(d, p); *p != '}'; p = next_value(d, p)) {
    p = ivs_json_blanks(push_text(d, p), d->end);
    p = push_value(d, behind(d, p));
    if (p == NULL) return NULL;
    lua_rawset(L, -3);
    n++;
  }
  *members = n;
  return p + 1;
}

static char *push_scalar(struct decoder *d, char *p) {
  struct ivs_json_value v;
  p = ivs_json_value_at(p, d->end, &v);
  if (v.type == IVS_JSON_NUMBER) return push_number(d->L, v) ? p : NULL;
  if (v.type == IVS_JSON_NULL) ivs_push_null(d->L);
  else lua_pushboolean(d->L, *v.p == 't');
  return p;
}

/* Nesting is bounded by the check. */
static char *push_value(struct decoder *d, char *p) {
  if (*p == '"') return push_text(d, p);
  if (*p != '{' && *p != '[') return push_scalar(d, p);
  luaL_checkstack(d->L, 6, "nested too deep");
  d->depth++;
  p = *p == '{' ? push_object(d, p) : push_array(d, p);
  d->depth--;
  return p;
}

/* see ivs_binding.h */
int ivs_push_decoded(lua_State *L, ivs_str text) {
  size_t tokens;
  int top = lua_gettop(L);
  luaL_checkstack(L, 6, NULL);
  if (text.n > UINT32_MAX) return ivs_push_failure(L, "NotJson", "the text is too long", NULL);
  int r = ivs_json_check(text.p, text.n, &tokens);
  if (r == IVS_ERR_JSON_DEPTH)
    return ivs_push_failure(L, "NotJson", "the text is nested too deep", NULL);
  if (r < 0) return ivs_push_failure(L, "NotJson", "the text is not JSON", NULL);
  struct decoder d = {.L = L, .end = text.p + text.n, .slash = text.p, .spare = top + 1};
  lua_pushnil(L);
  if (push_value(&d, ivs_json_blanks((char *)text.p, d.end)) == NULL) {
    lua_settop(L, top);
    return ivs_push_failure(L, "NotJson", "the text has a number that is too large or too long",
                            NULL);
  }
  lua_replace(L, d.spare);
  return 1;
}

/* decode(text) -> value, or nil and the error NotJson */
static int json_decode(lua_State *L) {
  luaL_checktype(L, 1, LUA_TSTRING);
  return ivs_push_decoded(L, ivs_to_str(L, 1));
}

/* --- the module --- */

static void keep_metatable(lua_State *L, const void *key, const char *name) {
  if (ivs_kept(L, key)) {
    lua_pop(L, 1);
    return;
  }
  lua_createtable(L, 0, 1);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

static void keep_null(lua_State *L) {
  if (ivs_kept(L, &null_key)) {
    lua_pop(L, 1);
    return;
  }
  lua_newuserdatauv(L, 1, 0);
  lua_createtable(L, 0, 2);
  lua_pushliteral(L, "ivs.null");
  lua_setfield(L, -2, "__name");
  lua_pushcfunction(L, null_tostring);
  lua_setfield(L, -2, "__tostring");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &null_key);
}

/* see ivs_binding.h */
void ivs_open_json(lua_State *L) {
  static const luaL_Reg functions[] = {{"list", mark_list}, {"map", mark_map}, {NULL, NULL}};
  static const luaL_Reg json[] = {{"encode", json_encode}, {"decode", json_decode}, {NULL, NULL}};
  keep_metatable(L, &list_key, "ivs.list");
  keep_metatable(L, &map_key, "ivs.map");
  keep_null(L);
  luaL_setfuncs(L, functions, 0);
  luaL_newlib(L, json);
  lua_setfield(L, -2, "json");
  ivs_push_null(L);
  lua_setfield(L, -2, "null");
}
