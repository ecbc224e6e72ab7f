/*
 * The client: a userdata that holds the core's client and all it stands on. It is made closed, so
 * that whatever raises afterwards leaves something that the collector can take down.
 */
#include "ivs_binding.h"

#include <ivs/crypto.h>
#include <ivs/text.h>

static const char metatable_key;

enum { FIRST_WORKSPACE = 4096 };

/* --- making one --- */

static int push_bad_region(lua_State *L, const struct ivs_lua_place *place) {
  const char *from = place->region_from != NULL ? place->region_from : "region";
  const char *problem =
      lua_pushfstring(L, "%s is not the name of a region such as eu-west-1", from);
  ivs_push_failure(L, "BadRegion", problem, NULL);
  lua_pushstring(L, place->region);
  lua_setfield(L, -2, "region");
  return 2;
}

/* An endpoint by URL, which is not one of AWS's own of some kind. */
static int set_own_endpoint(lua_State *L, struct ivs_lua_client *client, ivs_str url,
                            const char *from, unsigned flags) {
  const char *problem = ivs_endpoint_conflict(flags);
  if (problem != NULL) return ivs_push_failure(L, "EndpointConflict", problem, NULL);
  if (ivs_endpoint_from_url(&client->endpoint, url) == 0) return 0;
  problem = lua_pushfstring(L, "%s is not a URL such as https://localhost:4443", from);
  return ivs_push_failure(L, "BadEndpoint", problem, NULL);
}

/* see ivs_binding.h */
int ivs_set_place(lua_State *L, struct ivs_lua_client *client, const struct ivs_lua_place *place) {
  ivs_str given = ivs_option_text(L, IVS_OPT_ENDPOINT);
  client->region = place->region;
  if (ivs_endpoint_resolve(&client->endpoint, IVS_STR("ivs"), ivs_cstr(place->region),
                           place->flags) < 0)
    return push_bad_region(L, place);
  if (given.p != NULL) return set_own_endpoint(L, client, given, "endpoint", place->flags);
  if (place->url == NULL) return 0;
  return set_own_endpoint(L, client, ivs_cstr(place->url), place->url_from, place->flags);
}

static void warn(lua_State *L, const struct ivs_lua_client *client, const char *what) {
  ivs_str host = ivs_endpoint_host(&client->endpoint);
  ivs_push_str(L, host);
  ivs_host_warn(L, lua_pushfstring(L, "%s: %s", lua_tostring(L, -1), what));
  lua_pop(L, 2);
}

static void warn_of_way(lua_State *L, const struct ivs_lua_client *client) {
  if (!client->endpoint.tls && !ivs_endpoint_is_loopback(&client->endpoint))
    warn(L, client, "http: requests and answers are not encrypted");
  if (client->endpoint.tls && !ivs_option_flag(L, IVS_OPT_VERIFY, true))
    warn(L, client, "the certificate is not verified: anyone may answer");
}

static void take_down(struct ivs_lua_client *client) {
  if (client->open) ivs_close(&client->core);
  client->core.options.provider = NULL;
  client->open = false;
  if (client->host != NULL) ivs_host_close(client->host);
}

/* Puts a tap over the way, if an option needs one. The port to be used. */
static struct ivs_port *set_tap(lua_State *L, struct ivs_lua_client *client) {
  struct ivs_lua_way *way = &client->way;
  bool limited =
      ivs_option_given(L, IVS_OPT_CONNECT_TIMEOUT) || ivs_option_given(L, IVS_OPT_READ_TIMEOUT);
  if (!limited && !ivs_option_given(L, IVS_OPT_TRACE)) return way->port;
  uint32_t connect_ms = ivs_option_time(L, IVS_OPT_CONNECT_TIMEOUT);
  ivs_tap_init(&client->tap, way->port, connect_ms, ivs_option_time(L, IVS_OPT_READ_TIMEOUT));
  if (connect_ms > *way->connect_ms) *way->connect_ms = connect_ms;
  return &client->tap.port;
}

/* Opens the new client on top. 0, or the results that were pushed. */
static int open_client(lua_State *L, struct ivs_lua_client *client) {
  struct ivs_options core = {
      .endpoint = &client->endpoint,
      .call_ms = ivs_option_time(L, IVS_OPT_TIMEOUT),
      .cue_once = ivs_option_flag(L, IVS_OPT_METADATA_ONCE, false),
  };
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  int pushed = ivs_host_open(L, client, &core);
  if (pushed != 0) return pushed;
  warn_of_way(L, client);
  core.port = set_tap(L, client);
  core.region = ivs_cstr(client->region);
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
  ivs_check_options(L);
  struct ivs_lua_client *client =
      (struct ivs_lua_client *)lua_newuserdatauv(L, sizeof *client, IVS_CLIENT_VALUES);
  memset(client, 0, sizeof *client);
  ivs_kept(L, &metatable_key);
  lua_setmetatable(L, -2);
  client->host =
      (struct ivs_lua_host *)memset(lua_newuserdatauv(L, ivs_host_bytes, 0), 0, ivs_host_bytes);
  lua_setiuservalue(L, 2, IVS_HOST);
  void *space = lua_newuserdatauv(L, FIRST_WORKSPACE, 0);
  lua_setiuservalue(L, 2, IVS_WORKSPACE);
  if (ivs_push_option(L, IVS_OPT_MAP_ORDER)) lua_setiuservalue(L, 2, IVS_MAP_ORDER);
  if (ivs_push_option(L, IVS_OPT_MAP_NAMES)) lua_setiuservalue(L, 2, IVS_MAP_NAMES);
  if (ivs_push_option(L, IVS_OPT_TRACE)) lua_setiuservalue(L, 2, IVS_TRACE);
  int pushed = open_client(L, client);
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
  return (struct ivs_lua_client *)ivs_to_own(
      L, idx, &metatable_key,
      "a client was expected, not a %s; call methods with a colon: client:close()");
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

/* Also __gc and __close. Closing a closed client does nothing. The workspace holds the last answer,
   perhaps with a stream key. */
static int client_close(lua_State *L) {
  struct ivs_lua_client *client = idle_client(L, 1);
  bool was_open = client->open;
  take_down(client);
  lua_getiuservalue(L, 1, IVS_WORKSPACE);
  if (was_open) ivs_wipe(lua_touserdata(L, -1), (size_t)lua_rawlen(L, -1));
  return 0;
}

static int client_tostring(lua_State *L) {
  struct ivs_lua_client *client = to_client(L, 1);
  if (!client->open) lua_pushliteral(L, "ivs client (closed)");
  else
    lua_pushfstring(L, "ivs client (%s, %s%s)", client->region,
                    client->endpoint.tls ? "https://" : "http://", client->endpoint.authority);
  return 1;
}

static void set_count(lua_State *L, const char *name, uint64_t value) {
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, name);
}

/* counters() -> what the client did since it was made */
static int client_counters(lua_State *L) {
  const struct ivs_lua_client *client = to_client(L, 1);
  const struct ivs_counters *n = ivs_client_counters(&client->core);
  const struct ivs_lua_way *way = &client->way;
  lua_createtable(L, 0, 13);
  set_count(L, "calls", n->calls);
  set_count(L, "requests", n->requests);
  set_count(L, "connections", n->connections);
  set_count(L, "reused", n->reused);
  set_count(L, "retries", n->retries);
  set_count(L, "refreshes", n->refreshes);
  set_count(L, "sent", (size_t)n->sent);
  set_count(L, "received", (size_t)n->received);
  set_count(L, "lookups", way->lookups != NULL ? *way->lookups : 0);
  set_count(L, "handshakes", way->tls != NULL ? way->tls->handshakes : 0);
  set_count(L, "resumed", way->tls != NULL ? way->tls->resumed : 0);
  set_count(L, "high_water", client->core.high_water);
  lua_getiuservalue(L, 1, IVS_WORKSPACE);
  uint64_t workspace = lua_rawlen(L, -1);
  lua_pop(L, 1);
  set_count(L, "workspace", workspace);
  return 1;
}

/* Pushes the kept TLS session, or nil. */
static int push_session(lua_State *L, const struct ivs_lua_client *client) {
  enum { MOST = 64 * 1024 };
  int r = client->way.tls != NULL ? IVS_ERR_SPACE : IVS_ERR_STATE;
  for (size_t n = 1024, used = 0; r == IVS_ERR_SPACE && n <= MOST; n *= 2) {
    char *p = (char *)lua_newuserdatauv(L, n, 0);
    r = ivs_tls_session_save(client->way.tls, p, n, &used);
    if (r == 0) {
      lua_pushlstring(L, p, used);
      return 1;
    }
    lua_pop(L, 1);
  }
  lua_pushnil(L);
  return 1;
}

/* timeout([seconds]) -> the seconds that a call may take, as they were */
static int client_timeout(lua_State *L) {
  ivs_client *core = &ivs_check_client(L, 1)->core;
  lua_Number before = (lua_Number)core->options.call_ms / 1000;
  if (!lua_isnoneornil(L, 2)) {
    lua_Number seconds = luaL_checknumber(L, 2);
    luaL_argcheck(L, seconds >= 0.001 && seconds <= 1e6, 2, "must be 0.001 to 1e6 seconds");
    core->options.call_ms = (uint32_t)(seconds * 1000);
  }
  lua_pushnumber(L, before);
  return 1;
}

/* tls_session() -> text or nil; tls_session(text) -> true, or nil and an error */
static int client_session(lua_State *L) {
  struct ivs_lua_client *client = ivs_check_client(L, 1);
  if (lua_isnoneornil(L, 2)) return push_session(L, client);
  luaL_checktype(L, 2, LUA_TSTRING);
  ivs_str s = ivs_to_str(L, 2);
  if (client->way.tls == NULL)
    return ivs_push_failure(L, "BadSession", "the endpoint has no TLS", NULL);
  int r = ivs_tls_session_load(client->way.tls, s.p, s.n);
  if (r == IVS_ERR_STATE)
    return ivs_push_failure(L, "BadSession", "a connection is open: give it before the first call",
                            NULL);
  if (r < 0)
    return ivs_push_failure(L, "BadSession",
                            "the session is damaged, or was saved by a client with other roots or "
                            "options, or another build",
                            NULL);
  lua_pushboolean(L, true);
  return 1;
}

static int raise_unknown_operation(lua_State *L, ivs_str name) {
  struct ivs_nearest nearest = {.wrong = name};
  char candidate[IVS_NAME_MAX];
  for (int op = 0; op < IVS_OP_COUNT; op++) {
    ivs_name_split(candidate, ivs_op_name(&ivs_ops[op]), '_');
    ivs_nearest_try(&nearest, ivs_cstr(candidate));
    if (ivs_each_name(candidate, op)) ivs_nearest_try(&nearest, ivs_cstr(candidate));
  }
  return ivs_raise_unknown(L, "ivs client: no operation ", &nearest);
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
    ivs_name_split(text, ivs_op_name(&ivs_ops[op]), '_');
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
  static const luaL_Reg methods[] = {{"call", client_call},
                                     {"close", client_close},
                                     {"counters", client_counters},
                                     {"clock", ivs_lua_client_clock},
                                     {"clock_offset", ivs_lua_client_clock_offset},
                                     {"credentials", ivs_lua_credentials},
                                     {"learn_clock", ivs_lua_client_learn_clock},
                                     {"metadata_queue", ivs_lua_queue_new},
                                     {"timeout", client_timeout},
                                     {"tls_session", client_session},
                                     {"wait_recording_configuration", ivs_lua_wait_recording},
                                     {NULL, NULL}};
  static const luaL_Reg metamethods[] = {{"__gc", client_close},
                                         {"__close", client_close},
                                         {"__tostring", client_tostring},
                                         {NULL, NULL}};
  ivs_keep_metatable(L, &metatable_key, "ivs.client", methods, metamethods);
  ivs_kept(L, &metatable_key);
  lua_getfield(L, -1, "__index");
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, find_method);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_pop(L, 2);
}
