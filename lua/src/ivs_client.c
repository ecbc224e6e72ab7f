/*
 * The client: a userdata that holds the core's client and all it stands on. It is made closed, so
 * that whatever raises afterwards leaves something that the collector can take down.
 */
#include "ivs_binding.h"

#include <ivs/text.h>

#include <stdio.h>

static const char metatable_key;

enum { FIRST_WORKSPACE = 4096 };
#define LONGEST_TIMEOUT 1e6 /* seconds */

/* --- options --- */

enum option {
  PROFILE,
  REGION,
  ENDPOINT,
  ACCESS_KEY_ID,
  SECRET_ACCESS_KEY,
  SESSION_TOKEN,
  CA_BUNDLE,
  VERIFY,
  TIMEOUT,
  SIGN,
  CONNECT_TIMEOUT,
  READ_TIMEOUT,
  MAP_ORDER,
  MAP_NAMES,
  TRACE,
  OPTIONS
};
static const struct {
  const char *name;
  int type;
} options[OPTIONS] = {
    [PROFILE] = {"profile", LUA_TSTRING},
    [REGION] = {"region", LUA_TSTRING},
    [ENDPOINT] = {"endpoint", LUA_TSTRING},
    [ACCESS_KEY_ID] = {"access_key_id", LUA_TSTRING},
    [SECRET_ACCESS_KEY] = {"secret_access_key", LUA_TSTRING},
    [SESSION_TOKEN] = {"session_token", LUA_TSTRING},
    [CA_BUNDLE] = {"ca_bundle", LUA_TSTRING},
    [VERIFY] = {"verify", LUA_TBOOLEAN},
    [TIMEOUT] = {"timeout", LUA_TNUMBER},
    [SIGN] = {"sign", LUA_TBOOLEAN},
    [CONNECT_TIMEOUT] = {"connect_timeout", LUA_TNUMBER},
    [READ_TIMEOUT] = {"read_timeout", LUA_TNUMBER},
    [MAP_ORDER] = {"map_order", LUA_TFUNCTION},
    [MAP_NAMES] = {"map_names", LUA_TFUNCTION},
    [TRACE] = {"trace", LUA_TFUNCTION},
};

static int raise_unknown_option(lua_State *L, ivs_str name) {
  struct ivs_nearest nearest = {.wrong = name};
  luaL_Buffer b;
  for (int i = 0; i < OPTIONS; i++) ivs_nearest_try(&nearest, ivs_cstr(options[i].name));
  luaL_buffinit(L, &b);
  luaL_where(L, 1);
  luaL_addvalue(&b);
  luaL_addstring(&b, "ivs.client: no option ");
  ivs_add_quoted(&b, name, '\'');
  ivs_add_nearest(&b, &nearest);
  luaL_pushresult(&b);
  return lua_error(L);
}

static int find_option(ivs_str name) {
  for (int i = 0; i < OPTIONS; i++)
    if (ivs_str_eq(name, ivs_cstr(options[i].name))) return i;
  return OPTIONS;
}

/* Raises if the table at idx holds anything but options, each of its type. */
static void check_options(lua_State *L, int idx) {
  for (lua_pushnil(L); lua_next(L, idx) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING)
      luaL_error(L, "ivs.client: options have names, as in { region = \"eu-west-1\" }");
    int i = find_option(ivs_to_str(L, -2));
    if (i == OPTIONS) raise_unknown_option(L, ivs_to_str(L, -2));
    if (lua_type(L, -1) != options[i].type)
      luaL_error(L, "ivs.client: '%s' must be a %s, not a %s", options[i].name,
                 lua_typename(L, options[i].type), luaL_typename(L, -1));
  }
}

/* Pushes an option of the table at index 1; false, and nothing is pushed, if it is not given. */
static bool push_option(lua_State *L, enum option i) {
  lua_pushstring(L, options[i].name);
  if (lua_rawget(L, 1) != LUA_TNIL) return true;
  lua_pop(L, 1);
  return false;
}

/* The text of an option, which stays on the stack; absent if it is not given. */
static ivs_str text_option(lua_State *L, enum option i) {
  ivs_str s = {NULL, 0};
  if (!push_option(L, i)) return s;
  s = ivs_to_str(L, -1);
  if (memchr(s.p, '\0', s.n) != NULL)
    luaL_error(L, "ivs.client: '%s' holds a NUL", options[i].name);
  return s;
}

static bool flag_option(lua_State *L, enum option i, bool otherwise) {
  if (!push_option(L, i)) return otherwise;
  bool v = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return v;
}

/* A time in ms; 0 if it is not given, or if it may be 0 seconds for "no limit" and is. */
static uint32_t time_option(lua_State *L, enum option i, bool endless) {
  if (!push_option(L, i)) return 0;
  lua_Number seconds = lua_tonumber(L, -1);
  lua_pop(L, 1);
  if (endless && seconds == 0) return 0;
  if (!(seconds >= 0.001 && seconds <= LONGEST_TIMEOUT))
    luaL_error(L, "ivs.client: '%s' must be 0.001 to 1e6 seconds%s", options[i].name,
               endless ? ", or 0 for no limit" : "");
  return (uint32_t)(seconds * 1000);
}

/* Whether an option was given. */
static bool is_given(lua_State *L, enum option i) {
  if (!push_option(L, i)) return false;
  lua_pop(L, 1);
  return true;
}

/* Copies an option over a setting. False if it is too long. */
static bool override(lua_State *L, enum option i, char *to, size_t size) {
  ivs_str s = text_option(L, i);
  return s.p == NULL || ivs_str_copy(to, size, s) == 0;
}

/* --- making one --- */

static int push_bad_region(lua_State *L, const char *from) {
  const char *problem = lua_pushfstring(L, "%s is not the name of a region such as eu-west-1",
                                        from != NULL ? from : "region");
  return ivs_push_failure(L, "BadRegion", problem, NULL);
}

static int push_settings_failure(lua_State *L, const struct ivs_settings *s) {
  if (s->fault == IVS_FAULT_FILE) return ivs_push_failure(L, "BadConfigFile", s->problem, NULL);
  if (s->fault == IVS_FAULT_PROFILE) return ivs_push_failure(L, "NoProfile", s->problem, NULL);
  if (s->fault == IVS_FAULT_CREDENTIALS)
    return ivs_push_failure(L, "NoCredentials", s->problem, NULL);
  return ivs_push_failure(L, "BadSetting", s->problem, NULL);
}

/* What comes from around the program, and only that: where all is given here, no file is opened. 0,
   or the results that were pushed. */
static int read_settings(lua_State *L, struct ivs_lua_client *client, bool sign) {
  ivs_str url = text_option(L, ENDPOINT);
  bool no_tls = url.p != NULL && ivs_endpoint_from_url(&client->endpoint, url) == 0 &&
                !client->endpoint.tls;
  struct ivs_settings_given given = {
      .profile = text_option(L, PROFILE).p,
      .region = is_given(L, REGION),
      .endpoint_url = url.p != NULL,
      .ca_bundle = is_given(L, CA_BUNDLE) || no_tls || !flag_option(L, VERIFY, true),
      .creds = is_given(L, ACCESS_KEY_ID) || !sign,
  };
  if (ivs_settings_read(&client->settings, &given) == 0) return 0;
  return push_settings_failure(L, &client->settings);
}

/* Region and endpoint. 0, or the results that were pushed. */
static int set_endpoint(lua_State *L, struct ivs_lua_client *client) {
  struct ivs_settings *s = &client->settings;
  if (!override(L, REGION, s->region, sizeof s->region))
    return ivs_push_failure(L, "BadRegion", "the region is too long to be one", NULL);
  if (s->region[0] == '\0')
    return ivs_push_failure(L, "NoRegion", "no region: set AWS_REGION, or give region", NULL);
  if (ivs_endpoint_for_region(&client->endpoint, ivs_cstr(s->region)) < 0)
    return push_bad_region(L, s->region_from);
  const char *problem = "endpoint is not a URL such as https://localhost:4443";
  if (!override(L, ENDPOINT, s->endpoint_url, sizeof s->endpoint_url))
    return ivs_push_failure(L, "BadEndpoint", problem, NULL);
  if (s->endpoint_url[0] == '\0' && text_option(L, ENDPOINT).p == NULL) return 0;
  if (ivs_endpoint_from_url(&client->endpoint, ivs_cstr(s->endpoint_url)) == 0) return 0;
  if (text_option(L, ENDPOINT).p == NULL)
    problem =
        lua_pushfstring(L, "%s is not a URL such as https://localhost:4443", s->endpoint_from);
  return ivs_push_failure(L, "BadEndpoint", problem, NULL);
}

/* Credentials, if requests are to be signed. 0, or the results that were pushed. */
static int set_creds(lua_State *L, struct ivs_lua_client *client) {
  ivs_str id = text_option(L, ACCESS_KEY_ID), secret = text_option(L, SECRET_ACCESS_KEY);
  ivs_str token = text_option(L, SESSION_TOKEN);
  if (id.p == NULL && secret.p == NULL && token.p == NULL) {
    if (ivs_settings_read_creds(&client->settings) == 0) return 0;
    return push_settings_failure(L, &client->settings);
  }
  if (id.p == NULL || secret.p == NULL)
    return luaL_error(L,
                      "ivs.client: '%s' is missing: credentials are given together or not at all",
                      options[id.p == NULL ? ACCESS_KEY_ID : SECRET_ACCESS_KEY].name);
  if (ivs_creds_set(&client->settings.creds, id, secret, token) == 0) return 0;
  return ivs_push_failure(L, "NoCredentials", "the credentials given are malformed",
                          "none may be empty, too long, or have a line break or a blank at an end");
}

static void warn(const struct ivs_lua_client *client, const char *what) {
  ivs_str host = ivs_endpoint_host(&client->endpoint);
  fprintf(stderr, "ivs: warning: %.*s: %s\n", (int)host.n, host.p, what);
}

/* TLS, for an endpoint that has it. 0, or the results that were pushed. */
static int set_tls(lua_State *L, struct ivs_lua_client *client) {
  struct ivs_settings *s = &client->settings;
  struct ivs_tls_options tls = {.insecure_no_verify = !flag_option(L, VERIFY, true)};
  if (!override(L, CA_BUNDLE, s->ca_bundle, sizeof s->ca_bundle))
    return ivs_push_failure(L, "TlsRoots", "the name of the CA bundle is too long", NULL);
  if (!client->endpoint.tls) {
    if (!ivs_endpoint_is_loopback(&client->endpoint))
      warn(client, "http: requests and answers are not encrypted");
    return 0;
  }
  if (tls.insecure_no_verify) warn(client, "the certificate is not verified: anyone may answer");
  client->has_tls = true;
  int r = ivs_tls_init(&client->tls, &client->tcp.port, &tls);
  if (r == 0 && s->ca_bundle[0] != '\0' && !tls.insecure_no_verify) {
    r = ivs_tls_roots_file(&client->tls, s->ca_bundle);
    if (r == IVS_ERR_TLS_ROOTS) {
      lua_pushfstring(L, "%s: no certificates can be read from it", s->ca_bundle);
      return ivs_push_failure(L, "TlsRoots", lua_tostring(L, -1),
                              "give a file of PEM certificates with AWS_CA_BUNDLE or ca_bundle");
    }
  }
  if (r == 0) return 0;
  const char *text = "", *code = "Tls";
  client->tls.port.fn->detail(&client->tls.port, &text);
  text = lua_pushfstring(L, "%s: %s", ivs_strerror(r), text);
  if (r == IVS_ERR_ENTROPY) code = "NoEntropy";
  if (r == IVS_ERR_TLS_MEMORY) code = "TlsMemory";
  return ivs_push_failure(L, code, text, NULL);
}

static void take_down(struct ivs_lua_client *client) {
  if (client->open) ivs_close(&client->core);
  if (client->has_tls) ivs_tls_free(&client->tls);
  client->open = client->has_tls = false;
  ivs_creds_wipe(&client->settings.creds);
}

/* Puts a tap over the port, if an option needs one. The port to be used. */
static struct ivs_port *set_tap(lua_State *L, struct ivs_lua_client *client,
                                struct ivs_port *port) {
  bool limited = is_given(L, CONNECT_TIMEOUT) || is_given(L, READ_TIMEOUT);
  if (!limited && !is_given(L, TRACE)) return port;
  uint32_t connect_ms = time_option(L, CONNECT_TIMEOUT, true);
  ivs_tap_init(&client->tap, port, connect_ms, time_option(L, READ_TIMEOUT, true));
  if (connect_ms > client->tcp.connect_ms) client->tcp.connect_ms = connect_ms;
  return &client->tap.port;
}

/* Opens the new client on top. 0, or the results that were pushed. */
static int open_client(lua_State *L, struct ivs_lua_client *client, uint32_t call_ms) {
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  bool sign = flag_option(L, SIGN, true);
  ivs_posix_init(&client->tcp);
  int pushed = read_settings(L, client, sign);
  if (pushed == 0) pushed = set_endpoint(L, client);
  if (pushed == 0 && sign) pushed = set_creds(L, client);
  if (pushed == 0) pushed = set_tls(L, client);
  if (pushed != 0) return pushed;
  struct ivs_options core = {
      .port = set_tap(L, client, client->endpoint.tls ? &client->tls.port : &client->tcp.port),
      .endpoint = &client->endpoint,
      .region = ivs_cstr(client->settings.region),
      .creds = sign ? &client->settings.creds : NULL,
      .call_ms = call_ms,
  };
  ivs_init(&client->core, &core);
  client->open = true;
  return 0;
}

/* see ivs_binding.h. client{ options } -> client, or nil and an error */
int ivs_lua_client_new(lua_State *L) {
  lua_settop(L, 1);
  if (lua_isnil(L, 1)) {
    lua_newtable(L);
    lua_replace(L, 1);
  }
  if (lua_type(L, 1) != LUA_TTABLE)
    return luaL_error(L, "ivs.client takes a table of options, not a %s", luaL_typename(L, 1));
  check_options(L, 1);
  uint32_t call_ms = time_option(L, TIMEOUT, false);
  time_option(L, CONNECT_TIMEOUT, true);
  time_option(L, READ_TIMEOUT, true);
  struct ivs_lua_client *client =
      (struct ivs_lua_client *)lua_newuserdatauv(L, sizeof *client, IVS_TRACE);
  memset(client, 0, sizeof *client);
  ivs_kept(L, &metatable_key);
  lua_setmetatable(L, -2);
  void *space = lua_newuserdatauv(L, FIRST_WORKSPACE, 0);
  lua_setiuservalue(L, 2, IVS_WORKSPACE);
  if (push_option(L, MAP_ORDER)) lua_setiuservalue(L, 2, IVS_MAP_ORDER);
  if (push_option(L, MAP_NAMES)) lua_setiuservalue(L, 2, IVS_MAP_NAMES);
  if (push_option(L, TRACE)) lua_setiuservalue(L, 2, IVS_TRACE);
  int pushed = open_client(L, client, call_ms);
  if (pushed != 0) {
    take_down(client);
    return pushed;
  }
  ivs_workspace(&client->core, space, FIRST_WORKSPACE);
  lua_settop(L, 2);
  return 1;
}

/* --- methods --- */

/* The client at idx, in whatever state. */
static struct ivs_lua_client *to_client(lua_State *L, int idx) {
  bool is_one = false;
  if (lua_type(L, idx) == LUA_TUSERDATA && lua_getmetatable(L, idx)) {
    ivs_kept(L, &metatable_key);
    is_one = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
  }
  if (!is_one) {
    luaL_error(L, "a client was expected, not a %s; call methods with a colon: client:close()",
               luaL_typename(L, idx));
    return NULL;
  }
  return (struct ivs_lua_client *)lua_touserdata(L, idx);
}

static struct ivs_lua_client *idle_client(lua_State *L, int idx) {
  struct ivs_lua_client *client = to_client(L, idx);
  if (client->busy) luaL_error(L, "the client is in the middle of a call");
  return client;
}

/* see ivs_binding.h */
struct ivs_lua_client *ivs_check_client(lua_State *L, int idx) {
  struct ivs_lua_client *client = idle_client(L, idx);
  if (!client->open) luaL_error(L, "the client is closed");
  return client;
}

/* Also __gc and __close. Closing a closed client does nothing. */
static int client_close(lua_State *L) {
  take_down(idle_client(L, 1));
  return 0;
}

static int client_tostring(lua_State *L) {
  struct ivs_lua_client *client = to_client(L, 1);
  if (!client->open) lua_pushliteral(L, "ivs client (closed)");
  else
    lua_pushfstring(L, "ivs client (%s, %s%s)", client->settings.region,
                    client->endpoint.tls ? "https://" : "http://", client->endpoint.authority);
  return 1;
}

static void set_count(lua_State *L, const char *name, size_t value) {
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, name);
}

/* counters() -> what the client did since it was made */
static int client_counters(lua_State *L) {
  const struct ivs_lua_client *client = to_client(L, 1);
  const struct ivs_counters *n = ivs_client_counters(&client->core);
  lua_createtable(L, 0, 8);
  set_count(L, "calls", n->calls);
  set_count(L, "requests", n->requests);
  set_count(L, "connections", n->connections);
  set_count(L, "reused", n->reused);
  set_count(L, "handshakes", client->has_tls ? client->tls.handshakes : 0);
  set_count(L, "resumed", client->has_tls ? client->tls.resumed : 0);
  set_count(L, "high_water", client->core.high_water);
  lua_getiuservalue(L, 1, IVS_WORKSPACE);
  size_t workspace = lua_rawlen(L, -1);
  lua_pop(L, 1);
  set_count(L, "workspace", workspace);
  return 1;
}

static int raise_unknown_operation(lua_State *L, ivs_str name) {
  struct ivs_nearest nearest = {.wrong = name};
  char candidate[IVS_NAME_MAX];
  luaL_Buffer b;
  for (int op = 0; op < IVS_OP_COUNT; op++) {
    ivs_name_split(candidate, ivs_name(ivs_ops[op].name), '_');
    ivs_nearest_try(&nearest, ivs_cstr(candidate));
    if (ivs_each_name(candidate, op)) ivs_nearest_try(&nearest, ivs_cstr(candidate));
  }
  luaL_buffinit(L, &b);
  luaL_where(L, 1);
  luaL_addvalue(&b);
  luaL_addstring(&b, "ivs client: no operation ");
  ivs_add_quoted(&b, name, '\'');
  ivs_add_nearest(&b, &nearest);
  luaL_pushresult(&b);
  return lua_error(L);
}

/* call(name, request): an operation by any of its names */
static int client_call(lua_State *L) {
  ivs_check_client(L, 1);
  luaL_checktype(L, 2, LUA_TSTRING);
  lua_settop(L, 3);
  int op = ivs_name_operation(ivs_to_str(L, 2));
  if (op < 0) return raise_unknown_operation(L, ivs_to_str(L, 2));
  return ivs_invoke(L, 1, 3, op);
}

/* An operation as a method. */
static int client_operation(lua_State *L) {
  ivs_check_client(L, 1);
  lua_settop(L, 2);
  return ivs_invoke(L, 1, 2, (int)lua_tointeger(L, lua_upvalueindex(1)));
}

/* Pushes the method of that name, made from the table of operations; false if there is none. */
static bool push_method(lua_State *L, ivs_str name) {
  char text[IVS_NAME_MAX];
  for (int op = 0; op < IVS_OP_COUNT; op++) {
    lua_CFunction f = NULL;
    ivs_name_split(text, ivs_name(ivs_ops[op].name), '_');
    if (ivs_str_eq(name, ivs_cstr(text))) f = client_operation;
    else if (ivs_each_name(text, op) && ivs_str_eq(name, ivs_cstr(text))) f = ivs_lua_each;
    if (f == NULL) continue;
    lua_pushinteger(L, op);
    lua_pushcclosure(L, f, 1);
    return true;
  }
  return false;
}

/* __index of the table of methods: makes one on its first use, and keeps it. */
static int find_method(lua_State *L) {
  if (lua_type(L, 2) != LUA_TSTRING) return luaL_error(L, "ivs client: methods have names");
  if (!push_method(L, ivs_to_str(L, 2))) return raise_unknown_operation(L, ivs_to_str(L, 2));
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  lua_rawset(L, 1);
  return 1;
}

/* see ivs_binding.h */
void ivs_open_client(lua_State *L) {
  static const luaL_Reg methods[] = {
      {"call", client_call}, {"close", client_close}, {"counters", client_counters}, {NULL, NULL}};
  static const luaL_Reg metamethods[] = {{"__gc", client_close},
                                         {"__close", client_close},
                                         {"__tostring", client_tostring},
                                         {NULL, NULL}};
  if (ivs_kept(L, &metatable_key)) {
    lua_pop(L, 1);
    return;
  }
  luaL_newlib(L, metamethods);
  lua_pushliteral(L, "ivs.client");
  lua_setfield(L, -2, "__name");
  luaL_newlib(L, methods);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, find_method);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_setfield(L, -2, "__index");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
}
