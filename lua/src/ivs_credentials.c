/*
 * Credentials of a client: given ones, those that the options describe, or those of the settings;
 * and what gets them, which is memory of its own, as most clients need none of it.
 */
#include "ivs_posix.h"

#include <ivs/text.h>

/* see ivs_posix.h */
int ivs_push_settings_failure(lua_State *L, const struct ivs_settings *s) {
  if (s->fault == IVS_FAULT_FILE) return ivs_push_failure(L, "BadConfigFile", s->problem, NULL);
  if (s->fault == IVS_FAULT_PROFILE) return ivs_push_failure(L, "NoProfile", s->problem, NULL);
  if (s->fault == IVS_FAULT_CREDENTIALS)
    return ivs_push_failure(L, "NoCredentials", s->problem, NULL);
  return ivs_push_failure(L, "BadSetting", s->problem, NULL);
}

static int push_too_long(lua_State *L, const char *name) {
  return ivs_push_failure(L, "NoCredentials", lua_pushfstring(L, "%s is too long", name), NULL);
}

static int set_keys(lua_State *L, struct ivs_settings *s) {
  s->creds_from = "options";
  return ivs_set_keys(L, &s->creds);
}

/* --- AWS IoT Core --- */

struct iot_text {
  const char *name;
  char *to;
  size_t size;
  bool required;
};

enum { IOT_TEXTS = 6 };

static void raise_unknown_iot(lua_State *L, const struct iot_text *texts) {
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
    bool known = false;
    for (int i = 0; i < IOT_TEXTS && lua_type(L, -2) == LUA_TSTRING; i++)
      known |= strcmp(lua_tostring(L, -2), texts[i].name) == 0;
    if (!known)
      luaL_error(L,
                 "ivs.client: 'iot' has endpoint, role_alias, thing_name, certificate, "
                 "private_key and ca");
  }
}

/* Copies one member of the table on top. 0, or the results that were pushed. */
static int take_iot_text(lua_State *L, const struct iot_text *text) {
  int type = lua_getfield(L, -1, text->name);
  if (type == LUA_TNIL && text->required)
    return luaL_error(L, "ivs.client: 'iot.%s' is missing", text->name);
  if (type != LUA_TNIL && type != LUA_TSTRING)
    return luaL_error(L, "ivs.client: 'iot.%s' must be a string, not a %s", text->name,
                      luaL_typename(L, -1));
  ivs_str s = ivs_to_str(L, -1);
  lua_pop(L, 1); /* the table still holds it */
  if (s.p == NULL) return 0;
  if (memchr(s.p, '\0', s.n) != NULL)
    return luaL_error(L, "ivs.client: 'iot.%s' holds a NUL", text->name);
  return ivs_str_copy(text->to, text->size, s) == 0 ? 0 : push_too_long(L, text->name);
}

static int set_iot(lua_State *L, struct ivs_lua_client *client) {
  struct ivs_settings_source *source = &client->host->settings.source;
  struct ivs_settings_iot *to = &source->of.iot;
  const struct iot_text texts[IOT_TEXTS] = {
      {"endpoint", to->endpoint, sizeof to->endpoint, true},
      {"role_alias", to->role_alias, sizeof to->role_alias, true},
      {"thing_name", to->thing_name, sizeof to->thing_name, false},
      {"certificate", to->certificate, sizeof to->certificate, true},
      {"private_key", to->private_key, sizeof to->private_key, true},
      {"ca", to->ca, sizeof to->ca, false}};
  ivs_push_option(L, IVS_OPT_IOT);
  raise_unknown_iot(L, texts);
  for (int i = 0; i < IOT_TEXTS; i++) {
    int pushed = take_iot_text(L, &texts[i]);
    if (pushed != 0) return pushed;
  }
  lua_pop(L, 1);
  source->kind = IVS_SOURCE_IOT;
  client->host->settings.creds_from = "AWS IoT";
  return 0;
}

/* --- roles --- */

static int read_role(lua_State *L, struct ivs_settings_role *role) {
  memset(role, 0, sizeof *role);
  if (!ivs_option_copy(L, IVS_OPT_ROLE_ARN, role->arn, sizeof role->arn))
    return push_too_long(L, "role_arn");
  if (!ivs_option_copy(L, IVS_OPT_ROLE_SESSION_NAME, role->session_name, sizeof role->session_name))
    return push_too_long(L, "role_session_name");
  if (!ivs_option_copy(L, IVS_OPT_EXTERNAL_ID, role->external_id, sizeof role->external_id))
    return push_too_long(L, "external_id");
  role->duration_seconds = ivs_option_number(L, IVS_OPT_DURATION_SECONDS);
  return 0;
}

/* The role of the options, assumed with the credentials there are so far. */
static int add_role(lua_State *L, struct ivs_lua_client *client) {
  struct ivs_settings_role role;
  int pushed = read_role(L, &role);
  if (pushed != 0) return pushed;
  if (ivs_settings_add_role(&client->host->settings, &role) == 0) return 0;
  return ivs_push_settings_failure(L, &client->host->settings);
}

/* The role of the options, by a token. */
static int set_web_identity(lua_State *L, struct ivs_lua_client *client) {
  struct ivs_settings_source *source = &client->host->settings.source;
  struct ivs_settings_web_identity *web = &source->of.web_identity;
  struct ivs_settings_role role;
  int pushed = read_role(L, &role);
  if (pushed != 0) return pushed;
  if (!ivs_option_copy(L, IVS_OPT_WEB_IDENTITY_TOKEN_FILE, web->token_file, sizeof web->token_file))
    return push_too_long(L, "web_identity_token_file");
  /* For the session's name and the endpoint of STS, like that of any role. */
  if (ivs_settings_add_role(&client->host->settings, &role) < 0)
    return ivs_push_settings_failure(L, &client->host->settings);
  web->role = source->roles[0];
  source->role_count = 0;
  source->kind = IVS_SOURCE_WEB_IDENTITY;
  client->host->settings.creds_from = "web identity";
  return 0;
}

/* --- all of it --- */

/* Options that make no sense together raise. */
static void check_ways(lua_State *L) {
  bool identity = ivs_option_given(L, IVS_OPT_WEB_IDENTITY_TOKEN_FILE);
  bool role = ivs_option_given(L, IVS_OPT_ROLE_ARN);
  if (ivs_option_keys(L) + identity + ivs_option_given(L, IVS_OPT_IOT) > 1)
    luaL_error(L, "ivs.client: give one of access_key_id, web_identity_token_file and iot");
  if (identity && !role) luaL_error(L, "ivs.client: 'role_arn' is missing");
  for (int i = IVS_OPT_ROLE_SESSION_NAME; i <= IVS_OPT_DURATION_SECONDS && !role; i++)
    if (ivs_option_given(L, (enum ivs_lua_option)i))
      luaL_error(L, "ivs.client: '%s' goes with role_arn", ivs_option_name((enum ivs_lua_option)i));
}

static int choose(lua_State *L, struct ivs_lua_client *client) {
  check_ways(L);
  if (ivs_option_given(L, IVS_OPT_WEB_IDENTITY_TOKEN_FILE)) return set_web_identity(L, client);
  int pushed = 0;
  if (ivs_option_keys(L)) pushed = set_keys(L, &client->host->settings);
  else if (ivs_option_given(L, IVS_OPT_IOT)) pushed = set_iot(L, client);
  else if (ivs_settings_read_creds(&client->host->settings) < 0)
    pushed = ivs_push_settings_failure(L, &client->host->settings);
  if (pushed != 0 || !ivs_option_given(L, IVS_OPT_ROLE_ARN)) return pushed;
  return add_role(L, client);
}

/* see ivs_posix.h */
int ivs_set_credentials(lua_State *L, struct ivs_lua_client *client) {
  const struct ivs_settings_source *source = &client->host->settings.source;
  int pushed = choose(L, client);
  if (pushed != 0) return pushed;
  if (source->kind == IVS_SOURCE_KEYS && source->role_count == 0) return 0;
  bool direct = ivs_option_given(L, IVS_OPT_PROXY) && !ivs_option_flag(L, IVS_OPT_PROXY, true);
  const char *proxy = direct ? "" : ivs_option_text(L, IVS_OPT_PROXY).p;
  struct ivs_sources *sources = (struct ivs_sources *)lua_newuserdatauv(L, sizeof *sources, 0);
  memset(sources, 0, sizeof *sources);
  lua_setiuservalue(L, 2, IVS_SOURCES);
  client->host->sources = sources;
  if (ivs_sources_init(sources, &client->host->settings, proxy) == 0) return 0;
  client->host->sources = NULL;
  return ivs_push_failure(L, "NoCredentials", sources->problem, NULL);
}

/* What the provider says; of a source that could not be reached with its address, as errors of calls
   have it: "STS: sts.eu-west-1.amazonaws.com through the proxy http://127.0.0.1:3128: cannot
   connect". */
static void push_problem(lua_State *L, const struct ivs_lua_host *host,
                         const struct ivs_provider *p) {
  const struct ivs_sources *so = host->sources;
  const char *rest = strstr(p->problem, ": ");
  if (p->cause == 0 || rest == NULL) {
    lua_pushstring(L, p->problem);
    return;
  }
  bool sts = p != so->base || host->settings.source.kind == IVS_SOURCE_WEB_IDENTITY;
  char proxy[IVS_PROXY_TEXT_SIZE];
  bool named = ivs_name_proxy(sts ? &so->sts_route : &so->route, proxy);
  lua_pushlstring(L, p->problem, (size_t)(rest - p->problem));
  lua_pushfstring(L, ": %s%s%s%s", sts ? so->sts_endpoint.authority : so->endpoint.authority,
                  named ? " through the proxy " : "", named ? proxy : "", rest);
  lua_concat(L, 2);
}

/* see ivs_host.h */
void ivs_set_credentials_message(lua_State *L, const struct ivs_lua_client *client, int r) {
  const struct ivs_provider *p = client->core.options.provider;
  const struct ivs_settings *s = &client->host->settings;
  bool last_resort = s->source.kind == IVS_SOURCE_IMDS && s->problem[0] != '\0';
  bool late = r == IVS_ERR_TIMEOUT;
  if (p == NULL || (late && p->version > 0)) return;
  if (late) {
    lua_pushfstring(L, "%s: no credentials before the deadline of the call",
                    s->source.name[0] != '\0' ? s->source.name : s->creds_from);
  } else {
    lua_pushfstring(L, last_resort ? "%s; " : "%s", last_resort ? s->problem : "");
    push_problem(L, client->host, p);
    lua_concat(L, 2);
  }
  lua_setfield(L, -2, "message");
}

/* see ivs_host.h */
int ivs_lua_credentials(lua_State *L) {
  const struct ivs_lua_client *client = ivs_check_client(L, 1);
  const struct ivs_provider *p = client->core.options.provider;
  int64_t expires = p != NULL ? p->expires : client->host->settings.expires;
  lua_createtable(L, 0, 2);
  lua_pushstring(
      L, client->host->settings.source.role_count > 0 ? "role" : client->host->settings.creds_from);
  lua_setfield(L, -2, "source");
  if (expires == 0) return 1;
  lua_pushinteger(L, (lua_Integer)expires);
  lua_setfield(L, -2, "expires");
  return 1;
}
