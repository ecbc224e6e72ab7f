/*
 * ivs.token: viewer tokens for private channels. A key is a userdata, so that it is freed whatever
 * is raised.
 */
#include "ivs_binding.h"

#include <ivs/json.h>
#include <ivs/token.h>

#include <stdio.h>

#if defined(MBEDTLS_PK_WRITE_C) && defined(MBEDTLS_PEM_WRITE_C)

enum { UUID_BYTES = 16 };

static const char metatable_key;

/* --- entropy, as the host has it --- */

struct lua_key {
  struct ivs_token_key key;
  struct ivs_port port; /* gives key its entropy */
  lua_State *L;         /* of the call under way */
};

static int entropy(struct ivs_port *port, void *p, size_t n) {
  const struct lua_key *self =
      (const struct lua_key *)(const void *)((const char *)port - offsetof(struct lua_key, port));
  return ivs_host_entropy(self->L, p, n);
}

static const struct ivs_port_functions entropy_only = {.entropy = entropy};

/* --- keys --- */

static struct lua_key *push_new(lua_State *L) {
  struct lua_key *self = (struct lua_key *)lua_newuserdatauv(L, sizeof *self, 0);
  memset(self, 0, sizeof *self);
  self->port.fn = &entropy_only;
  self->L = L;
  ivs_kept(L, &metatable_key);
  lua_setmetatable(L, -2);
  return self;
}

static struct lua_key *to_key(lua_State *L, int idx) {
  struct lua_key *self =
      (struct lua_key *)ivs_to_own(L, idx, &metatable_key, "a key is expected, not a %s");
  self->L = L;
  return self;
}

/* What a function of <ivs/token.h> refused: nil and the error. bad: its code where the key, a claim
   or the token is at fault. */
static int push_refusal(lua_State *L, int r, const char *why, const char *bad) {
  if (why[0] == '\0') why = ivs_strerror(r);
  const char *code = bad;
  if (r == IVS_ERR_ENTROPY) code = "NoEntropy";
  if (r == IVS_ERR_CRYPTO) code = "Crypto";
  if (r == IVS_ERR_TLS_MEMORY) code = "TlsMemory";
  return ivs_push_failure(L, code, why, NULL);
}

/* Pushes the key that is at idx, as one or as its text. 0, or the results that were pushed. One
   that came as text is to be freed with drop_key(), and nothing may raise before that: a finalizer
   comes late, and not at all where there is no memory to call it. */
static int push_key(lua_State *L, int idx, struct lua_key **key) {
  const char *why;
  if (lua_type(L, idx) != LUA_TSTRING) {
    *key = to_key(L, idx);
    lua_pushvalue(L, idx);
    return 0;
  }
  ivs_str text = ivs_to_str(L, idx);
  bool is_pem = strstr(text.p, "-----BEGIN") != NULL; /* whose NUL, which Lua adds, counts */
  *key = push_new(L);
  int r = ivs_token_key_load(&(*key)->key, &(*key)->port, text.p, text.n + is_pem, &why);
  if (r == 0) return 0;
  ivs_token_key_free(&(*key)->key);
  return push_refusal(L, r, why, "BadKey");
}

static void drop_key(lua_State *L, int idx, struct lua_key *key) {
  if (lua_type(L, idx) == LUA_TSTRING) ivs_token_key_free(&key->key);
}

/* key(text) -> key, or nil and an error */
static int token_key(lua_State *L) {
  struct lua_key *key;
  lua_settop(L, 1);
  luaL_checktype(L, 1, LUA_TSTRING);
  int pushed = push_key(L, 1, &key);
  return pushed != 0 ? pushed : 1;
}

/* key_pair() -> key, or nil and an error */
static int token_key_pair(lua_State *L) {
  const char *why;
  struct lua_key *self = push_new(L);
  int r = ivs_token_key_make(&self->key, &self->port, &why);
  if (r == 0) return 1;
  ivs_token_key_free(&self->key);
  return push_refusal(L, r, why, "Crypto");
}

/* key:public_pem() -> text, or nil and an error */
static int key_public_pem(lua_State *L) {
  char pem[IVS_TOKEN_PUBLIC_PEM_SIZE];
  const char *why;
  int r = ivs_token_public_pem(&to_key(L, 1)->key, pem, sizeof pem, &why);
  if (r < 0) return push_refusal(L, r, why, "BadKey");
  lua_pushstring(L, pem);
  return 1;
}

/* push_text(pointer) -> the text there */
static int push_text(lua_State *L) {
  lua_pushstring(L, (const char *)lua_touserdata(L, 1));
  return 1;
}

/* key:private_pem() -> text, or nil and an error. The buffer is wiped whatever is raised. */
static int key_private_pem(lua_State *L) {
  struct lua_key *self = to_key(L, 1);
  char *pem = (char *)lua_newuserdatauv(L, IVS_TOKEN_PRIVATE_PEM_SIZE, 0);
  const char *why;
  lua_pushcfunction(L, push_text);
  lua_pushlightuserdata(L, pem);
  int r = ivs_token_private_pem(&self->key, pem, IVS_TOKEN_PRIVATE_PEM_SIZE, &why);
  if (r < 0) return push_refusal(L, r, why, "BadKey");
  int status = lua_pcall(L, 1, 1, 0);
  ivs_wipe(pem, IVS_TOKEN_PRIVATE_PEM_SIZE);
  return status == LUA_OK ? 1 : lua_error(L);
}

static int key_tostring(lua_State *L) {
  lua_pushfstring(L, "ivs key (P-384, %s)", to_key(L, 1)->key.is_private ? "private" : "public");
  return 1;
}

static int key_close(lua_State *L) {
  ivs_token_key_free(&to_key(L, 1)->key);
  return 0;
}

/* --- options --- */

enum option {
  KEY,
  CLIENT,
  NOW,
  EXPIRES,
  EXPIRES_IN,
  CHANNEL_ARN,
  ALLOW_ORIGIN,
  STRICT_ORIGIN,
  SINGLE_USE,
  VIEWER_ID,
  VIEWER_SESSION_VERSION,
  MAXIMUM_RESOLUTION,
  ADS_OPT_OUT,
  ADS_REPORTING_MODE,
  ADS_PLAYBACK_CONFIG_NAME,
  ADS_PLAYER_PARAMS,
  OPTIONS
};

static const struct {
  const char *name;
  uint8_t type, other; /* LUA_T... */
  const char *wanted;
} options[OPTIONS] = {
    [KEY] = {"key", LUA_TSTRING, LUA_TUSERDATA, "a PEM text or a key"},
    [CLIENT] = {"client", LUA_TTABLE, LUA_TUSERDATA, "a client"},
    [NOW] = {"now", LUA_TNUMBER, LUA_TNUMBER, "a number"},
    [EXPIRES] = {"expires", LUA_TNUMBER, LUA_TNUMBER, "a whole number"},
    [EXPIRES_IN] = {"expires_in", LUA_TNUMBER, LUA_TNUMBER, "a whole number"},
    [CHANNEL_ARN] = {"channel_arn", LUA_TSTRING, LUA_TSTRING, "a string"},
    [ALLOW_ORIGIN] = {"allow_origin", LUA_TSTRING, LUA_TTABLE, "a string or a list of them"},
    [STRICT_ORIGIN] = {"strict_origin", LUA_TBOOLEAN, LUA_TBOOLEAN, "a boolean"},
    [SINGLE_USE] = {"single_use", LUA_TBOOLEAN, LUA_TSTRING, "a boolean or a UUID"},
    [VIEWER_ID] = {"viewer_id", LUA_TSTRING, LUA_TSTRING, "a string"},
    [VIEWER_SESSION_VERSION] = {"viewer_session_version", LUA_TNUMBER, LUA_TNUMBER,
                                "a whole number"},
    [MAXIMUM_RESOLUTION] = {"maximum_resolution", LUA_TSTRING, LUA_TSTRING, "a string"},
    [ADS_OPT_OUT] = {"ads_opt_out", LUA_TBOOLEAN, LUA_TBOOLEAN, "a boolean"},
    [ADS_REPORTING_MODE] = {"ads_reporting_mode", LUA_TSTRING, LUA_TSTRING, "a string"},
    [ADS_PLAYBACK_CONFIG_NAME] = {"ads_playback_config_name", LUA_TSTRING, LUA_TSTRING, "a string"},
    [ADS_PLAYER_PARAMS] = {"ads_player_params", LUA_TTABLE, LUA_TTABLE, "a table of strings"},
};

/* Options that verify takes as well. */
enum { OF_VERIFY = NOW + 1 };

static void raise_unknown(lua_State *L, ivs_str name, int count) {
  struct ivs_nearest nearest = {.wrong = name};
  for (int i = 0; i < count; i++) ivs_nearest_try(&nearest, ivs_cstr(options[i].name));
  ivs_raise_unknown(L, "ivs.token: no option ", &nearest);
}

/* Raises if the table at idx has anything but the first `count` options, each of its type. */
static void check_options(lua_State *L, int idx, int count) {
  luaL_checktype(L, idx, LUA_TTABLE);
  for (lua_pushnil(L); lua_next(L, idx) != 0; lua_pop(L, 1)) {
    int i = 0;
    if (lua_type(L, -2) != LUA_TSTRING)
      luaL_error(L, "ivs.token: options have names, as in { viewer_id = \"7\" }");
    while (i < count && !ivs_str_eq(ivs_to_str(L, -2), ivs_cstr(options[i].name))) i++;
    if (i == count) raise_unknown(L, ivs_to_str(L, -2), count);
    int type = lua_type(L, -1);
    if (type != options[i].type && type != options[i].other)
      luaL_error(L, "ivs.token: '%s' must be %s, not a %s", options[i].name, options[i].wanted,
                 luaL_typename(L, -1));
  }
}

/* Pushes an option of the table at idx, or nil; its type. */
static int push_option(lua_State *L, int idx, enum option i) {
  luaL_checkstack(L, 4, NULL);
  lua_pushstring(L, options[i].name);
  return lua_rawget(L, idx);
}

/* A text, which the table at index 1 keeps. */
static ivs_str text_option(lua_State *L, enum option i) {
  ivs_str s = {NULL, 0};
  if (push_option(L, 1, i) == LUA_TSTRING) s = ivs_to_str(L, -1);
  lua_pop(L, 1);
  return s;
}

static ivs_bool flag_option(lua_State *L, enum option i) {
  int type = push_option(L, 1, i);
  bool flag = lua_toboolean(L, -1);
  lua_pop(L, 1);
  if (type != LUA_TBOOLEAN) return IVS_ABSENT;
  return flag ? IVS_TRUE : IVS_FALSE;
}

static ivs_int whole_option(lua_State *L, enum option i) {
  ivs_int n = {0, false};
  int whole = 1;
  n.set = push_option(L, 1, i) != LUA_TNIL;
  if (n.set) n.value = lua_tointegerx(L, -1, &whole);
  if (!whole) luaL_error(L, "ivs.token: '%s' must be a whole number", options[i].name);
  lua_pop(L, 1);
  return n;
}

/* --- the time --- */

/* By the options `now` or `client` of the table at idx, or by this machine's clock. 0, or the
   results that were pushed. */
static int read_now(lua_State *L, int idx, int64_t *now) {
  if (push_option(L, idx, NOW) != LUA_TNIL) {
    lua_Number seconds = lua_tonumber(L, -1);
    if (!(seconds >= 0 && seconds <= 1e11))
      luaL_error(L, "ivs.token: 'now' must be in seconds since 1970");
    *now = (int64_t)seconds;
    lua_pop(L, 1);
    return 0;
  }
  if (push_option(L, idx, CLIENT) != LUA_TNIL)
    *now = ivs_clock_now(&ivs_check_client(L, lua_gettop(L))->core);
  else *now = (int64_t)ivs_host_now(L);
  lua_pop(L, 2);
  if (*now >= IVS_EARLIEST_SECONDS) return 0;
  return ivs_push_failure(L, "Clock", "this machine's clock was never set",
                          "take the time with client:learn_clock() and give that client here");
}

/* --- signing --- */

/* Leaves the text of `allow_origin` on the stack. */
static ivs_str push_origins(lua_State *L) {
  luaL_Buffer b;
  ivs_str s = {NULL, 0};
  int type = push_option(L, 1, ALLOW_ORIGIN);
  if (type == LUA_TNIL) return s;
  if (type == LUA_TSTRING) return ivs_to_str(L, -1);
  int list = lua_gettop(L);
  luaL_buffinit(L, &b);
  for (int i = 1; i <= (int)lua_rawlen(L, list); i++) {
    if (i > 1) luaL_addchar(&b, ',');
    if (lua_rawgeti(L, list, i) != LUA_TSTRING)
      luaL_error(L, "ivs.token: 'allow_origin' must be a string or a list of them");
    luaL_addvalue(&b);
  }
  luaL_pushresult(&b);
  return ivs_to_str(L, -1);
}

/* Leaves the UUID of `single_use` on the stack, a random one for true. 0 or IVS_ERR_ENTROPY. */
static int push_uuid(lua_State *L, ivs_str *uuid) {
  uint8_t b[UUID_BYTES];
  char text[40];
  int type = push_option(L, 1, SINGLE_USE);
  *uuid = (ivs_str){NULL, 0};
  if (type == LUA_TSTRING) *uuid = ivs_to_str(L, -1);
  if (type == LUA_TSTRING || !lua_toboolean(L, -1)) return 0;
  int r = ivs_host_entropy(L, b, sizeof b);
  if (r < 0) return r;
  b[6] = (uint8_t)((b[6] & 0x0F) | 0x40); /* RFC 9562: version 4, and its variant */
  b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
  snprintf(text, sizeof text,
           "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2],
           b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
  lua_pushstring(L, text);
  *uuid = ivs_to_str(L, -1);
  return 0;
}

/* Leaves the JSON of `ads_player_params` on the stack. */
static ivs_str push_params(lua_State *L) {
  ivs_str s = {NULL, 0};
  if (push_option(L, 1, ADS_PLAYER_PARAMS) == LUA_TNIL) return s;
  ivs_push_json(L, lua_gettop(L));
  return ivs_to_str(L, -1);
}

static ivs_int expiry(lua_State *L, int64_t now) {
  ivs_int expires = whole_option(L, EXPIRES), in = whole_option(L, EXPIRES_IN);
  if (expires.set && in.set)
    luaL_error(L, "ivs.token: give either 'expires' or 'expires_in', not both");
  if (expires.set) return expires;
  if (in.set && (in.value < 1 || in.value > 1000000000))
    luaL_error(L, "ivs.token: 'expires_in' must be 1 to 1e9 seconds");
  return IVS_INT(now + (in.set ? in.value : IVS_VIEWER_SECONDS));
}

static void require(lua_State *L, enum option i) {
  if (push_option(L, 1, i) == LUA_TNIL)
    luaL_error(L, "ivs.token.sign: '%s' is missing", options[i].name);
  lua_pop(L, 1);
}

/* Fills claims, whose texts the stack keeps. 0, or the results that were pushed. */
static int read_claims(lua_State *L, int64_t now, struct ivs_claims *claims) {
  *claims = (struct ivs_claims){
      .channel_arn = text_option(L, CHANNEL_ARN),
      .expires = expiry(L, now),
      .strict_origin = flag_option(L, STRICT_ORIGIN),
      .viewer_id = text_option(L, VIEWER_ID),
      .viewer_session_version = whole_option(L, VIEWER_SESSION_VERSION),
      .maximum_resolution = text_option(L, MAXIMUM_RESOLUTION),
      .ads_opt_out = flag_option(L, ADS_OPT_OUT),
      .ads_reporting_mode = text_option(L, ADS_REPORTING_MODE),
      .ads_playback_config_name = text_option(L, ADS_PLAYBACK_CONFIG_NAME),
  };
  claims->allow_origin = push_origins(L);
  claims->ads_player_params = push_params(L);
  int r = push_uuid(L, &claims->single_use_uuid);
  return r == 0 ? 0 : push_refusal(L, r, "", "NoEntropy");
}

/* sign(options) -> token, or nil and an error */
static int token_sign(lua_State *L) {
  struct ivs_claims claims;
  struct lua_key *key;
  const char *why;
  int64_t now;
  lua_settop(L, 1);
  check_options(L, 1, OPTIONS);
  require(L, KEY);
  require(L, CHANNEL_ARN);
  int pushed = read_now(L, 1, &now);
  if (pushed == 0) pushed = read_claims(L, now, &claims);
  if (pushed != 0) return pushed;
  char *token = (char *)lua_newuserdatauv(L, IVS_TOKEN_SIZE, 0);
  push_option(L, 1, KEY);
  int at = lua_gettop(L);
  pushed = push_key(L, at, &key);
  if (pushed != 0) return pushed;
  int r = ivs_token_sign(&key->key, &claims, now, token, IVS_TOKEN_SIZE, &why);
  const char *bad = key->key.is_private ? "BadClaim" : "BadKey";
  drop_key(L, at, key);
  if (r < 0) return push_refusal(L, r, why, bad);
  lua_pushstring(L, token);
  return 1;
}

/* --- verifying --- */

static void set_text(lua_State *L, enum option i, ivs_str s) {
  if (s.p == NULL) return;
  ivs_push_str(L, s);
  lua_setfield(L, -2, options[i].name);
}

static void set_flag(lua_State *L, enum option i, ivs_bool flag) {
  if (flag == IVS_ABSENT) return;
  lua_pushboolean(L, flag == IVS_TRUE);
  lua_setfield(L, -2, options[i].name);
}

static void set_whole(lua_State *L, enum option i, ivs_int n) {
  if (!n.set) return;
  lua_pushinteger(L, n.value);
  lua_setfield(L, -2, options[i].name);
}

static void push_claims(lua_State *L, const struct ivs_claims *c) {
  lua_createtable(L, 0, 8);
  set_text(L, CHANNEL_ARN, c->channel_arn);
  set_whole(L, EXPIRES, c->expires);
  set_text(L, ALLOW_ORIGIN, c->allow_origin);
  set_flag(L, STRICT_ORIGIN, c->strict_origin);
  set_text(L, SINGLE_USE, c->single_use_uuid);
  set_text(L, VIEWER_ID, c->viewer_id);
  set_whole(L, VIEWER_SESSION_VERSION, c->viewer_session_version);
  set_text(L, MAXIMUM_RESOLUTION, c->maximum_resolution);
  set_flag(L, ADS_OPT_OUT, c->ads_opt_out);
  set_text(L, ADS_REPORTING_MODE, c->ads_reporting_mode);
  set_text(L, ADS_PLAYBACK_CONFIG_NAME, c->ads_playback_config_name);
  if (c->ads_player_params.p == NULL) return;
  if (ivs_push_decoded(L, c->ads_player_params) == 1)
    lua_setfield(L, -2, options[ADS_PLAYER_PARAMS].name);
  else lua_pop(L, 2);
}

/* verify(token, key [, options]) -> claims, or nil and an error */
static int token_verify(lua_State *L) {
  struct ivs_claims claims;
  struct lua_key *key;
  const char *why;
  int64_t now;
  lua_settop(L, 3);
  luaL_checktype(L, 1, LUA_TSTRING);
  if (lua_isnil(L, 3)) {
    lua_newtable(L);
    lua_replace(L, 3);
  }
  check_options(L, 3, OF_VERIFY);
  ivs_str text = ivs_to_str(L, 1);
  char *copy = (char *)lua_newuserdatauv(L, text.n + 1, 0);
  memcpy(copy, text.p, text.n);
  int pushed = read_now(L, 3, &now);
  if (pushed == 0) pushed = push_key(L, 2, &key);
  if (pushed != 0) return pushed;
  int r = ivs_token_verify(&key->key, copy, text.n, now, &claims, &why);
  drop_key(L, 2, key);
  if (r < 0) return push_refusal(L, r, why, r == IVS_ERR_RANGE ? "TokenOver" : "BadToken");
  push_claims(L, &claims);
  return 1;
}

static void make_metatable(lua_State *L) {
  static const luaL_Reg methods[] = {
      {"public_pem", key_public_pem}, {"private_pem", key_private_pem}, {NULL, NULL}};
  static const luaL_Reg metamethods[] = {
      {"__gc", key_close}, {"__close", key_close}, {"__tostring", key_tostring}, {NULL, NULL}};
  ivs_keep_metatable(L, &metatable_key, "ivs.key", methods, metamethods);
}

/* see ivs_binding.h */
void ivs_open_token(lua_State *L) {
  static const luaL_Reg functions[] = {{"sign", token_sign},
                                       {"verify", token_verify},
                                       {"key", token_key},
                                       {"key_pair", token_key_pair},
                                       {NULL, NULL}};
  make_metatable(L);
  luaL_newlib(L, functions);
  lua_setfield(L, -2, "token");
}

#else

/* see ivs_binding.h. An mbedTLS that cannot write keys has no tokens either. */
void ivs_open_token(lua_State *L) {
  (void)L;
}

#endif
