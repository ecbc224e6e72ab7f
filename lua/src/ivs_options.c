/*
 * The options of a client: names, types, ranges.
 */
#include "ivs_binding.h"

#include <ivs/text.h>

#define LONGEST_TIMEOUT 1e6 /* seconds */

/* A time of 0 is no limit. */
enum kind { TEXT, FLAG, TABLE, FUNCTION, TIME, TIME_OR_0, WHOLE, TEXT_OR_FALSE };

static const struct {
  const char *name;
  enum kind kind;
  int least, most; /* of WHOLE */
} options[IVS_OPT_COUNT] = {
    [IVS_OPT_PROFILE] = {"profile", TEXT, 0, 0},
    [IVS_OPT_REGION] = {"region", TEXT, 0, 0},
    [IVS_OPT_ENDPOINT] = {"endpoint", TEXT, 0, 0},
    [IVS_OPT_FIPS] = {"fips", FLAG, 0, 0},
    [IVS_OPT_DUAL_STACK] = {"dual_stack", FLAG, 0, 0},
    [IVS_OPT_ACCESS_KEY_ID] = {"access_key_id", TEXT, 0, 0},
    [IVS_OPT_SECRET_ACCESS_KEY] = {"secret_access_key", TEXT, 0, 0},
    [IVS_OPT_SESSION_TOKEN] = {"session_token", TEXT, 0, 0},
    [IVS_OPT_ROLE_ARN] = {"role_arn", TEXT, 0, 0},
    [IVS_OPT_ROLE_SESSION_NAME] = {"role_session_name", TEXT, 0, 0},
    [IVS_OPT_EXTERNAL_ID] = {"external_id", TEXT, 0, 0},
    [IVS_OPT_DURATION_SECONDS] = {"duration_seconds", WHOLE, 900, 43200},
    [IVS_OPT_WEB_IDENTITY_TOKEN_FILE] = {"web_identity_token_file", TEXT, 0, 0},
    [IVS_OPT_IOT] = {"iot", TABLE, 0, 0},
    [IVS_OPT_CA_BUNDLE] = {"ca_bundle", TEXT, 0, 0},
    [IVS_OPT_PROXY] = {"proxy", TEXT_OR_FALSE, 0, 0},
    [IVS_OPT_VERIFY] = {"verify", FLAG, 0, 0},
    [IVS_OPT_TIMEOUT] = {"timeout", TIME, 0, 0},
    [IVS_OPT_MAX_ATTEMPTS] = {"max_attempts", WHOLE, 1, 255},
    [IVS_OPT_RETRY_MODE] = {"retry_mode", TEXT, 0, 0},
    [IVS_OPT_METADATA_ONCE] = {"metadata_once", FLAG, 0, 0},
    [IVS_OPT_KEEP_CLOCK] = {"keep_clock", FLAG, 0, 0},
    [IVS_OPT_SIGN] = {"sign", FLAG, 0, 0},
    [IVS_OPT_CONNECT_TIMEOUT] = {"connect_timeout", TIME_OR_0, 0, 0},
    [IVS_OPT_READ_TIMEOUT] = {"read_timeout", TIME_OR_0, 0, 0},
    [IVS_OPT_MAP_ORDER] = {"map_order", FUNCTION, 0, 0},
    [IVS_OPT_MAP_NAMES] = {"map_names", FUNCTION, 0, 0},
    [IVS_OPT_TRACE] = {"trace", FUNCTION, 0, 0},
};

static int raise_unknown_option(lua_State *L, ivs_str name) {
  struct ivs_nearest nearest = {.wrong = name};
  for (int i = 0; i < IVS_OPT_COUNT; i++) ivs_nearest_try(&nearest, ivs_cstr(options[i].name));
  return ivs_raise_unknown(L, "ivs.client: no option ", &nearest);
}

static int find_option(ivs_str name) {
  for (int i = 0; i < IVS_OPT_COUNT; i++)
    if (ivs_str_eq(name, ivs_cstr(options[i].name))) return i;
  return IVS_OPT_COUNT;
}

static void check_type(lua_State *L, int i) {
  static const int types[] = {
      [TEXT] = LUA_TSTRING,       [FLAG] = LUA_TBOOLEAN,        [TABLE] = LUA_TTABLE,
      [FUNCTION] = LUA_TFUNCTION, [TIME] = LUA_TNUMBER,         [TIME_OR_0] = LUA_TNUMBER,
      [WHOLE] = LUA_TNUMBER,      [TEXT_OR_FALSE] = LUA_TSTRING};
  bool no = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
  if (options[i].kind == TEXT_OR_FALSE && no) return;
  if (lua_type(L, -1) == types[options[i].kind]) return;
  luaL_error(L, "ivs.client: '%s' must be a %s%s, not a %s", options[i].name,
             lua_typename(L, types[options[i].kind]),
             options[i].kind == TEXT_OR_FALSE ? " or false" : "", luaL_typename(L, -1));
}

/* Of the value on top. */
static void check_range(lua_State *L, int i) {
  bool endless = options[i].kind == TIME_OR_0;
  if (options[i].kind == WHOLE) {
    int whole;
    lua_Integer n = lua_tointegerx(L, -1, &whole);
    if (!whole || n < options[i].least || n > options[i].most)
      luaL_error(L, "ivs.client: '%s' must be a whole number from %d to %d", options[i].name,
                 options[i].least, options[i].most);
  }
  if (options[i].kind != TIME && !endless) return;
  lua_Number seconds = lua_tonumber(L, -1);
  if ((endless && seconds == 0) || (seconds >= 0.001 && seconds <= LONGEST_TIMEOUT)) return;
  luaL_error(L, "ivs.client: '%s' must be 0.001 to 1e6 seconds%s", options[i].name,
             endless ? ", or 0 for no limit" : "");
}

/* see ivs_binding.h */
void ivs_check_options(lua_State *L) {
  for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING)
      luaL_error(L, "ivs.client: options have names, as in { region = \"eu-west-1\" }");
    int i = find_option(ivs_to_str(L, -2));
    if (i == IVS_OPT_COUNT) raise_unknown_option(L, ivs_to_str(L, -2));
    const char *lacks = ivs_host_lacks(i);
    if (lacks != NULL) luaL_error(L, "ivs.client: '%s' %s", options[i].name, lacks);
    check_type(L, i);
    check_range(L, i);
  }
}

/* see ivs_binding.h */
const char *ivs_option_name(enum ivs_lua_option i) {
  return options[i].name;
}

/* see ivs_binding.h */
bool ivs_push_option(lua_State *L, enum ivs_lua_option i) {
  lua_pushstring(L, options[i].name);
  if (lua_rawget(L, 1) != LUA_TNIL) return true;
  lua_pop(L, 1);
  return false;
}

/* see ivs_binding.h */
bool ivs_option_given(lua_State *L, enum ivs_lua_option i) {
  if (!ivs_push_option(L, i)) return false;
  lua_pop(L, 1);
  return true;
}

/* see ivs_binding.h */
ivs_str ivs_option_text(lua_State *L, enum ivs_lua_option i) {
  ivs_str s = {NULL, 0};
  luaL_checkstack(L, 2, NULL);
  if (!ivs_push_option(L, i)) return s;
  s = ivs_to_str(L, -1);
  if (s.p != NULL && memchr(s.p, '\0', s.n) != NULL)
    luaL_error(L, "ivs.client: '%s' holds a NUL", options[i].name);
  return s;
}

/* see ivs_binding.h */
bool ivs_option_flag(lua_State *L, enum ivs_lua_option i, bool otherwise) {
  if (!ivs_push_option(L, i)) return otherwise;
  bool v = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return v;
}

/* see ivs_binding.h */
uint32_t ivs_option_number(lua_State *L, enum ivs_lua_option i) {
  if (!ivs_push_option(L, i)) return 0;
  lua_Integer n = lua_tointeger(L, -1);
  lua_pop(L, 1);
  return (uint32_t)n;
}

/* see ivs_binding.h */
uint32_t ivs_option_time(lua_State *L, enum ivs_lua_option i) {
  if (!ivs_push_option(L, i)) return 0;
  lua_Number seconds = lua_tonumber(L, -1);
  lua_pop(L, 1);
  return (uint32_t)(seconds * 1000);
}

/* see ivs_binding.h */
bool ivs_option_copy(lua_State *L, enum ivs_lua_option i, char *to, size_t size) {
  ivs_str s = ivs_option_text(L, i);
  return s.p == NULL || ivs_str_copy(to, size, s) == 0;
}

/* see ivs_binding.h */
bool ivs_option_keys(lua_State *L) {
  return ivs_option_given(L, IVS_OPT_ACCESS_KEY_ID) ||
         ivs_option_given(L, IVS_OPT_SECRET_ACCESS_KEY) ||
         ivs_option_given(L, IVS_OPT_SESSION_TOKEN);
}

/* see ivs_binding.h */
int ivs_set_keys(lua_State *L, struct ivs_creds *creds) {
  ivs_str id = ivs_option_text(L, IVS_OPT_ACCESS_KEY_ID);
  ivs_str secret = ivs_option_text(L, IVS_OPT_SECRET_ACCESS_KEY);
  ivs_str token = ivs_option_text(L, IVS_OPT_SESSION_TOKEN);
  if (id.p == NULL || secret.p == NULL)
    return luaL_error(
        L, "ivs.client: '%s' is missing: credentials are given together or not at all",
        ivs_option_name(id.p == NULL ? IVS_OPT_ACCESS_KEY_ID : IVS_OPT_SECRET_ACCESS_KEY));
  if (ivs_creds_set(creds, id, secret, token) == 0) return 0;
  return ivs_push_failure(L, "NoCredentials", "the credentials given are malformed",
                          "none may be empty, too long, or have a line break or a blank at an end");
}
