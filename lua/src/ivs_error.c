/*
 * Error objects: a table with code, message, status, request_id, retryable, operation, attempts,
 * exhausted and hint, which becomes one line of text: what was done, what happened, what to do
 * about it.
 */
#include "ivs_binding.h"

#include <ivs/retry.h>
#include <ivs/text.h>
#include <ivs/time.h>

#include <stdio.h>

static const char metatable_key;

/* What each of the library's own errors is called in Lua. The table in README.md of lua/ lists them
   for users. What is not here is a fault of this library, and called Internal. */
static const struct own_error {
  int err;
  const char *code;
  const char *hint;
} own_errors[] = {
    {IVS_ERR_SPACE, "AnswerTooLarge", "ask for less at once, with maxResults"},
    {IVS_ERR_JSON, "BadAnswer", "is the endpoint that of the service?"},
    {IVS_ERR_JSON_DEPTH, "BadAnswer", "is the endpoint that of the service?"},
    {IVS_ERR_TYPE, "BadAnswer", NULL},
    {IVS_ERR_HTTP, "BadAnswer",
     "is the endpoint that of the service, and http or https as it should be?"},
    {IVS_ERR_HTTP_HEAD, "BadAnswer", "is the endpoint that of the service?"},
    {IVS_ERR_HTTP_LENGTH, "BadAnswer", "is the endpoint that of the service?"},
    {IVS_ERR_HTTP_CODING, "BadAnswer", "is the endpoint that of the service?"},
    {IVS_ERR_HTTP_REDIRECT, "Redirect",
     "give the endpoint that was meant; redirects are not followed"},
    {IVS_ERR_NAME, "HostNotFound", "check the region, the endpoint and the network"},
    {IVS_ERR_CONNECT, "CannotConnect", "check the network and the endpoint"},
    {IVS_ERR_CLOSED, "ConnectionClosed", "try again later, or check the endpoint and the network"},
    {IVS_ERR_NET, "NetworkError", "try again later, or check the network"},
    {IVS_ERR_TIMEOUT, "Timeout", "check the network, or give more time with timeout"},
    {IVS_ERR_PROXY, "Proxy",
     "check user and password of HTTPS_PROXY, or name the host in NO_PROXY to go without it"},
    {IVS_ERR_TLS, "Tls", "is the endpoint one for https?"},
    {IVS_ERR_TLS_TRUST, "TlsTrust", "give the right bundle with AWS_CA_BUNDLE or ca_bundle"},
    {IVS_ERR_TLS_NAME, "TlsName", "is the endpoint the right one?"},
    {IVS_ERR_TLS_DATE, "TlsDate", NULL},
    {IVS_ERR_TLS_ROOTS, "TlsRoots",
     "give a file of PEM certificates with AWS_CA_BUNDLE or ca_bundle"},
    {IVS_ERR_TLS_MEMORY, "TlsMemory", NULL},
    {IVS_ERR_CREDENTIALS, "NoCredentials", NULL},
    {IVS_ERR_ENTROPY, "NoEntropy", "the system has no random numbers"},
    {IVS_ERR_CRYPTO, "Crypto", NULL},
    {IVS_ERR_CLOCK, "Clock", "set this machine's clock"},
    {IVS_ERR_UNSURE, "Unsure", NULL},
    {IVS_ERR_CANCELLED, "Interrupted", NULL},
};

static const struct own_error *own_error(int err) {
  static const struct own_error internal = {0, "Internal",
                                            "this is a fault in ivs; please report it"};
  for (size_t i = 0; i < sizeof own_errors / sizeof own_errors[0]; i++)
    if (own_errors[i].err == err) return &own_errors[i];
  return &internal;
}

/* What to do about codes of the service that people meet before anything works. */
static const char *service_hint(const char *code) {
  static const struct {
    const char *code, *hint;
  } hints[] = {
      {"UnrecognizedClientException",
       "check the access key id, and the session token if there is one"},
      {"InvalidClientTokenId", "check the access key id, and the session token if there is one"},
      {"InvalidSignatureException", "check the secret access key and the region"},
      {"SignatureDoesNotMatch", "check the secret access key and the region"},
  };
  for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
    if (strcmp(code, hints[i].code) == 0) return hints[i].hint;
  return NULL;
}

/* Whether the core calls a status a redirect that sends nobody elsewhere, such as 304. */
static bool is_odd_status(int err, int status) {
  bool elsewhere = (status >= 301 && status <= 303) || status == 307 || status == 308;
  return err == IVS_ERR_HTTP_REDIRECT && !elsewhere;
}

/* What <ivs/retry.h> makes of a failure. once: the operation must not be done twice. */
static enum ivs_retry judge(int err, int status, const char *code, bool once) {
  struct ivs_attempt failed = {err, status, code, false, once};
  return ivs_retry_judge(&failed);
}

/* Whether the same call may succeed later: what the client itself tries again, and what only time
   or memory was missing for. */
static bool is_retryable(int err, enum ivs_retry retry) {
  return retry == IVS_RETRY_TRANSIENT || retry == IVS_RETRY_THROTTLED || err == IVS_ERR_TIMEOUT ||
         err == IVS_ERR_TLS_MEMORY;
}

/* --- the object --- */

static void set_text(lua_State *L, const char *field, const char *text) {
  if (text == NULL || text[0] == '\0') return;
  lua_pushstring(L, text);
  lua_setfield(L, -2, field);
}

/* Adds a field of the error at index 1, if it has it. */
static void add_field(lua_State *L, luaL_Buffer *b, const char *before, const char *field,
                      const char *after) {
  lua_pushstring(L, field);
  lua_rawget(L, 1);
  bool is_text = lua_type(L, -1) == LUA_TSTRING;
  ivs_str text = is_text ? ivs_to_str(L, -1) : (ivs_str){NULL, 0};
  lua_pop(L, 1); /* the table still holds it, and the buffer wants the top for itself */
  if (!is_text) return;
  luaL_addstring(b, before);
  luaL_addlstring(b, text.p, text.n);
  luaL_addstring(b, after);
}

/* "GetChannel: ResourceNotFoundException: no such channel; hint (request id ...)" */
static int error_tostring(lua_State *L) {
  luaL_Buffer b;
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  luaL_buffinit(L, &b);
  add_field(L, &b, "", "operation", ": ");
  add_field(L, &b, "", "code", "");
  add_field(L, &b, ": ", "message", "");
  add_field(L, &b, "; ", "hint", "");
  add_field(L, &b, " (request id ", "request_id", ")");
  luaL_pushresult(&b);
  return 1;
}

/* So that "failed: " .. err works. */
static int error_concat(lua_State *L) {
  luaL_tolstring(L, 1, NULL);
  luaL_tolstring(L, 2, NULL);
  lua_concat(L, 2);
  return 1;
}

/* see ivs_binding.h */
void ivs_open_error(lua_State *L) {
  static const luaL_Reg metamethods[] = {
      {"__tostring", error_tostring}, {"__concat", error_concat}, {NULL, NULL}};
  if (ivs_kept(L, &metatable_key)) {
    lua_pop(L, 1);
    return;
  }
  luaL_newlib(L, metamethods);
  set_text(L, "__name", "ivs.error");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
}

/* Pushes nil and a new error. */
static void push(lua_State *L, const char *code, const char *message, bool retryable) {
  luaL_checkstack(L, 6, NULL);
  lua_pushnil(L);
  lua_createtable(L, 0, 8);
  ivs_kept(L, &metatable_key);
  lua_setmetatable(L, -2);
  set_text(L, "code", code);
  set_text(L, "message", message);
  lua_pushboolean(L, retryable);
  lua_setfield(L, -2, "retryable");
}

/* see ivs_binding.h */
int ivs_push_failure(lua_State *L, const char *code, const char *message, const char *hint) {
  push(L, code, message, false);
  set_text(L, "hint", hint);
  return 2;
}

/* see ivs_binding.h */
void ivs_set_endpoint(lua_State *L, const struct ivs_endpoint *e) {
  lua_pushfstring(L, "%s%s%s", e->tls ? "https://" : "http://", e->authority, e->path);
  lua_setfield(L, -2, "endpoint");
}

/* --- of a call --- */

enum { INTEGER_SIZE = 24 };

static const char *digits(char to[INTEGER_SIZE], int64_t n) {
  struct ivs_out o = ivs_out_to(to, INTEGER_SIZE - 1);
  ivs_put_int(&o, n);
  to[o.n] = '\0';
  return to;
}

/* About a refusal that a clock which is off explains: what was done about it, and did not help. */
static bool add_skew_hint(lua_State *L, struct ivs_lua_client *client, const struct ivs_error *e) {
  char here[IVS_TIME_ISO_SIZE], there[IVS_TIME_ISO_SIZE], seconds[INTEGER_SIZE];
  const struct ivs_options *options = &client->core.options;
  int64_t learned = (ivs_clock_offset(&client->core) - client->offset_before) / 1000;
  int64_t now = ivs_clock_now(&client->core), off = now - e->date;
  if (learned != 0 && options->attempts == 1) {
    lua_pushfstring(L, "this machine's clock is %s s %s: set it, or allow more than one attempt",
                    digits(seconds, learned > 0 ? learned : -learned),
                    learned > 0 ? "slow" : "fast");
  } else if (learned != 0) {
    const char *more = service_hint(e->code);
    lua_pushfstring(L, "the clock was put right, by %s s, and that did not help%s%s",
                    digits(seconds, learned), more != NULL ? ": " : "", more != NULL ? more : "");
  } else {
    if (e->date == 0 || (off < IVS_LEAST_SKEW_SECONDS && off > -IVS_LEAST_SKEW_SECONDS))
      return false;
    if (ivs_time_to_iso(now, here) < 0 || ivs_time_to_iso(e->date, there) < 0) return false;
    lua_pushfstring(L, "this machine's clock says %s, the service's %s%s: set this machine's", here,
                    there, options->keep_clock ? ", and it is not to be corrected" : "");
  }
  lua_setfield(L, -2, "hint");
  return true;
}

/* What to do about credentials that the service calls expired. */
static const char *expired_hint(const struct ivs_lua_client *client) {
  if (client->core.options.provider == NULL) return "the credentials have expired: get new ones";
  if (!client->core.renewed) return "the credentials have expired: call again, for new ones";
  return "credentials that were got anew are refused as well: check where they come from";
}

static void add_part(luaL_Buffer *b, const char *text) {
  if (text[0] == '\0') return;
  luaL_addstring(b, ": ");
  luaL_addstring(b, text);
}

/* "127.0.0.1:4443: cannot connect: Connection refused"; with a proxy, "127.0.0.1:4443 through the
   proxy http://127.0.0.1:3128: ..." */
static void set_network_message(lua_State *L, const struct ivs_lua_client *client,
                                const struct ivs_error *e, int err) {
  luaL_Buffer b;
  ivs_str host = ivs_endpoint_host(&client->endpoint);
  bool bracketed = memchr(host.p, ':', host.n) != NULL;
  char port[8];
  snprintf(port, sizeof port, ":%u", (unsigned)client->endpoint.port);
  luaL_buffinit(L, &b);
  if (bracketed) luaL_addchar(&b, '[');
  luaL_addlstring(&b, host.p, host.n);
  if (bracketed) luaL_addchar(&b, ']');
  luaL_addstring(&b, port);
  if (client->way.proxy != NULL) {
    luaL_addstring(&b, " through the proxy ");
    luaL_addstring(&b, client->way.proxy);
  }
  add_part(&b, ivs_strerror(err));
  if (err == IVS_ERR_UNSURE) add_part(&b, ivs_strerror(e->cause));
  add_part(&b, e->message);
  luaL_pushresult(&b);
  lua_setfield(L, -2, "message");
  ivs_set_endpoint(L, &client->endpoint);
}

/* "channels: member of the answer has another type than the API says" */
static void set_member_message(lua_State *L, const struct ivs_error *e, int err) {
  lua_pushfstring(L, e->message[0] != '\0' ? "%s: %s" : "%s%s", e->message, ivs_strerror(err));
  lua_setfield(L, -2, "message");
}

static void set_status_message(lua_State *L, int status) {
  lua_pushfstring(L, "HTTP status %d, which the service does not use", status);
  lua_setfield(L, -2, "message");
}

/* How to find out whether a call that may have been carried out was: by the list of what it makes,
   if there is one. */
static void set_unsure_hint(lua_State *L, int op) {
  char name[IVS_NAME_MAX], each[IVS_NAME_MAX];
  ivs_name_split(name, ivs_op_name(&ivs_ops[op]), '_');
  const char *resource = strchr(name, '_');
  for (int i = 0; i < IVS_OP_COUNT && resource != NULL; i++) {
    if (!ivs_each_name(each, i) || strcmp(each + strlen("each"), resource) != 0) continue;
    lua_pushfstring(L, "it may have been done: look with %s before you call it again", each);
    lua_setfield(L, -2, "hint");
    return;
  }
  set_text(L, "hint", "it may have been done; called again, it may be done twice");
}

/* About a certificate that is not valid at the time that it is here. */
static void set_date_hint(lua_State *L, const struct ivs_lua_client *client) {
  char here[IVS_TIME_ISO_SIZE], seconds[INTEGER_SIZE];
  int64_t offset = ivs_clock_offset(&client->core) / 1000;
  if (ivs_time_to_iso(ivs_clock_now(&client->core), here) < 0) return;
  if (offset == 0)
    lua_pushfstring(L, "this machine's clock says %s: set it if that is wrong", here);
  else
    lua_pushfstring(L, "this machine's clock, put right by %s s, says %s: set it if that is wrong",
                    digits(seconds, offset), here);
  lua_setfield(L, -2, "hint");
}

/* About a Retry-After, which may be longer than a call lasts. s: -1, if there was none. */
static void set_delay_hint(lua_State *L, int32_t s) {
  if (s <= 0) return;
  lua_pushfstring(L, "the service asks to come back in %d s", (int)s);
  lua_setfield(L, -2, "hint");
}

static void push_service_error(lua_State *L, struct ivs_lua_client *client, int op,
                               const struct ivs_error *e) {
  char status[16];
  const char *code = e->code;
  enum ivs_retry retry = judge(IVS_ERR_SERVICE, e->status, code, ivs_ops[op].repeat == IVS_ONCE);
  snprintf(status, sizeof status, "%d", e->status);
  if (code[0] == '\0') code = status;
  push(L, code, e->message, is_retryable(IVS_ERR_SERVICE, retry));
  if (e->whole.p != NULL) {
    lua_pushlstring(L, e->whole.p, e->whole.n);
    lua_setfield(L, -2, "message");
  }
  if (e->message[0] == '\0') {
    lua_pushfstring(L, "HTTP status %d, and no message", e->status);
    lua_setfield(L, -2, "message");
  }
  if (retry == IVS_RETRY_EXPIRED) set_text(L, "hint", expired_hint(client));
  else if (is_retryable(IVS_ERR_SERVICE, retry)) set_delay_hint(L, client->core.after_s);
  else if (retry != IVS_RETRY_SKEWED || !add_skew_hint(L, client, e))
    set_text(L, "hint", service_hint(code));
}

/* The request was carried out when its answer is too large. */
static void set_space_message(lua_State *L, int op) {
  bool once = ivs_ops[op].repeat == IVS_ONCE;
  lua_pushfstring(L, "the answer needs more than %d MB of memory%s", IVS_WORKSPACE_MAX >> 20,
                  once ? "; what was asked for may have been done" : "");
  lua_setfield(L, -2, "message");
  if (once) set_unsure_hint(L, op);
}

/* What is said of r alone, whether or not a call had begun. */
static void push_trouble(lua_State *L, const struct ivs_lua_client *client,
                         const struct ivs_error *e, int r) {
  const struct own_error *own = own_error(r);
  bool network = r <= IVS_ERR_NAME && r >= IVS_ERR_TLS_MEMORY;
  push(L, own->code, "", is_retryable(r, judge(r, 0, "", false)));
  set_text(L, "hint", own->hint);
  if (network || r == IVS_ERR_UNSURE) set_network_message(L, client, e, r);
  else set_member_message(L, e, r);
  if (r == IVS_ERR_TLS_DATE) set_date_hint(L, client);
}

static void push_own_error(lua_State *L, struct ivs_lua_client *client, int op,
                           const struct ivs_error *e, int r) {
  bool odd = is_odd_status(r, e->status);
  push_trouble(L, client, e, odd ? IVS_ERR_JSON : r);
  if (odd) set_status_message(L, e->status);
  if (r == IVS_ERR_CREDENTIALS || r == IVS_ERR_TIMEOUT) ivs_set_credentials_message(L, client, r);
  if (r == IVS_ERR_UNSURE) set_unsure_hint(L, op);
  if (r == IVS_ERR_SPACE) set_space_message(L, op);
  if (r == IVS_ERR_CANCELLED)
    set_text(L, "message", "the call was interrupted; it may or may not have been done");
}

/* see ivs_binding.h */
int ivs_push_own_failure(lua_State *L, int err, int status, const char *code) {
  char number[16];
  const char *text = ivs_strerror(err);
  bool odd = is_odd_status(err, status);
  if (err != IVS_ERR_SERVICE) code = own_error(odd ? IVS_ERR_JSON : err)->code;
  snprintf(number, sizeof number, "%d", status);
  if (code[0] == '\0') code = number;
  push(L, code, text, is_retryable(err, judge(err, status, code, false)));
  if (odd) set_status_message(L, status);
  if (status == 0) return 2;
  lua_pushinteger(L, status);
  lua_setfield(L, -2, "status");
  return 2;
}

/* Of which operation the error is, how many attempts were made, and whether those were all that the
   client makes. */
static void set_call(lua_State *L, const struct ivs_lua_client *client, int op, uint32_t attempts) {
  ivs_push_str(L, ivs_op_name(&ivs_ops[op]));
  lua_setfield(L, -2, "operation");
  lua_pushinteger(L, (lua_Integer)attempts);
  lua_setfield(L, -2, "attempts");
  lua_pushboolean(L, attempts >= client->core.options.attempts);
  lua_setfield(L, -2, "exhausted");
}

/* see ivs_binding.h */
int ivs_push_call_failure(lua_State *L, struct ivs_lua_client *client, int op, int r) {
  const struct ivs_error *e = ivs_last(&client->core);
  uint32_t repeated = ivs_client_counters(&client->core)->retries - client->retries_before;
  if (r == IVS_ERR_SERVICE) push_service_error(L, client, op, e);
  else push_own_error(L, client, op, e, r);
  set_call(L, client, op, repeated + 1);
  set_text(L, "request_id", e->request_id);
  if (e->status != 0) {
    lua_pushinteger(L, e->status);
    lua_setfield(L, -2, "status");
  }
  return 2;
}

/* see ivs_binding.h */
int ivs_push_unbegun(lua_State *L, struct ivs_lua_client *client, int op, int r,
                     const char *detail) {
  struct ivs_error e = {.err = r, .cause = r};
  ivs_str_cut(e.message, sizeof e.message, ivs_cstr(detail));
  push_trouble(L, client, &e, r);
  if (r == IVS_ERR_CANCELLED) set_text(L, "message", "interrupted before the call began");
  set_call(L, client, op, 0);
  return 2;
}
