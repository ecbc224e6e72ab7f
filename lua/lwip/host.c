/*
 * What the module asks of where it runs, on a board over lwIP: what the program gave with
 * ivs_lua_set_board() takes the place of files and an environment.
 */
#include "../src/ivs_binding.h"
#include "ivs_lua_board.h"

#include <ivs/crypto.h>
#include <ivs/text.h>

static const char board_key;

enum { REGION_MAX = 63, ATTEMPTS = 3 };

struct ivs_lua_host {
  struct ivs_lwip tcp;
  struct ivs_tls tls; /* in use if has_tls */
  bool has_tls;
  bool open; /* tcp was set up */
  const char *creds_from;
  struct ivs_creds *creds; /* of the options, secret, in a user value; NULL: they give none */
  char region[REGION_MAX + 1];
};

/* see ivs_host.h */
const size_t ivs_host_bytes = sizeof(struct ivs_lua_host);

/* see ivs_lua_board.h */
void ivs_lua_set_board(lua_State *L, const struct ivs_lua_board *board) {
  *(const struct ivs_lua_board **)lua_newuserdatauv(L, sizeof board, 0) = board;
  lua_rawsetp(L, LUA_REGISTRYINDEX, &board_key);
}

static const struct ivs_lua_board *board_of(lua_State *L) {
  if (!ivs_kept(L, &board_key))
    luaL_error(L, "ivs: the program has not called ivs_lua_set_board()");
  const struct ivs_lua_board *board = *(const struct ivs_lua_board **)lua_touserdata(L, -1);
  lua_pop(L, 1);
  return board;
}

/* see ivs_host.h */
const char *ivs_host_lacks(int option) {
  switch (option) {
    case IVS_OPT_PROFILE:
    case IVS_OPT_WEB_IDENTITY_TOKEN_FILE:
    case IVS_OPT_CA_BUNDLE: return "names a file, and this board has none";
    case IVS_OPT_PROXY: return "is not possible on this board";
    case IVS_OPT_IOT:
    case IVS_OPT_ROLE_ARN:
    case IVS_OPT_ROLE_SESSION_NAME:
    case IVS_OPT_EXTERNAL_ID:
    case IVS_OPT_DURATION_SECONDS: return "is for the program of this board to give, as a provider";
    default: return NULL;
  }
}

static int push_too_long(lua_State *L) {
  return ivs_push_failure(L, "BadRegion", "the region is too long to be one", NULL);
}

static int set_place(lua_State *L, struct ivs_lua_client *client,
                     const struct ivs_lua_board *board) {
  struct ivs_lua_host *host = client->host;
  struct ivs_lua_place place = {.region = host->region, .region_from = NULL};
  const char *region = board->region != NULL ? board->region : "";
  if (ivs_str_copy(host->region, sizeof host->region, ivs_cstr(region)) < 0)
    return push_too_long(L);
  if (!ivs_option_copy(L, IVS_OPT_REGION, host->region, sizeof host->region))
    return push_too_long(L);
  if (host->region[0] == '\0') return ivs_push_failure(L, "NoRegion", "no region: give one", NULL);
  place.url = board->endpoint;
  place.url_from = "the board's endpoint";
  place.flags = (ivs_option_flag(L, IVS_OPT_FIPS, false) ? IVS_ENDPOINT_FIPS : 0u) |
                (ivs_option_flag(L, IVS_OPT_DUAL_STACK, false) ? IVS_ENDPOINT_DUAL_STACK : 0u);
  return ivs_set_place(L, client, &place);
}

static int push_tls_failure(lua_State *L, int r) {
  const char *code = r == IVS_ERR_ENTROPY ? "NoEntropy" : "Tls";
  if (r == IVS_ERR_TLS_MEMORY) code = "TlsMemory";
  if (r == IVS_ERR_TLS_ROOTS) code = "TlsRoots";
  return ivs_push_failure(L, code, ivs_strerror(r), NULL);
}

/* A TLS that failed to be set up is freed as one that was. */
static int set_way(lua_State *L, struct ivs_lua_client *client, const struct ivs_lua_board *board) {
  struct ivs_lua_host *host = client->host;
  struct ivs_tls_options options = {
      .roots = board->roots,
      .roots_n = board->roots_n,
      .insecure_no_verify = !ivs_option_flag(L, IVS_OPT_VERIFY, true)};
  ivs_lwip_init(&host->tcp, board->hooks);
  host->open = true;
  client->way = (struct ivs_lua_way){.port = &host->tcp.port, .connect_ms = &host->tcp.connect_ms};
  if (!client->endpoint.tls) return 0;
  host->has_tls = true;
  int r = ivs_tls_init(&host->tls, &host->tcp.port, &options);
  if (r < 0) return push_tls_failure(L, r);
  client->way.tls = &host->tls;
  client->way.port = &host->tls.port;
  return 0;
}

static int set_creds(lua_State *L, struct ivs_lua_host *host, const struct ivs_lua_board *board,
                     struct ivs_options *core) {
  if (!ivs_option_flag(L, IVS_OPT_SIGN, true)) return 0;
  host->creds_from = "board";
  core->creds = board->creds;
  core->provider = board->provider;
  if (!ivs_option_keys(L)) {
    if (core->creds != NULL || core->provider != NULL) return 0;
    return ivs_push_failure(L, "NoCredentials",
                            "no credentials: give access_key_id and secret_access_key", NULL);
  }
  host->creds_from = "options";
  host->creds = (struct ivs_creds *)lua_newuserdatauv(L, sizeof *host->creds, 0);
  memset(host->creds, 0, sizeof *host->creds);
  lua_setiuservalue(L, 2, IVS_SOURCES);
  core->creds = host->creds;
  core->provider = NULL;
  return ivs_set_keys(L, host->creds);
}

static uint8_t attempts(lua_State *L) {
  uint32_t n = ivs_option_number(L, IVS_OPT_MAX_ATTEMPTS);
  return n != 0 ? (uint8_t)n : ATTEMPTS;
}

/* see ivs_host.h */
int ivs_host_open(lua_State *L, struct ivs_lua_client *client, struct ivs_options *core) {
  const struct ivs_lua_board *board = board_of(L);
  int pushed = set_place(L, client, board);
  if (pushed == 0) pushed = set_creds(L, client->host, board, core);
  if (pushed == 0) pushed = set_way(L, client, board);
  core->attempts = attempts(L);
  core->keep_clock = ivs_option_flag(L, IVS_OPT_KEEP_CLOCK, false);
  return pushed;
}

/* see ivs_host.h */
void ivs_host_close(struct ivs_lua_host *host) {
  if (host->has_tls) ivs_tls_free(&host->tls);
  if (host->open) host->tcp.port.fn->close(&host->tcp.port);
  host->has_tls = host->open = false;
  if (host->creds != NULL) ivs_wipe(host->creds, sizeof *host->creds);
  host->creds = NULL;
}

/* see ivs_host.h */
void ivs_set_credentials_message(lua_State *L, const struct ivs_lua_client *client, int r) {
  const struct ivs_provider *p = client->core.options.provider;
  if (p == NULL || r == IVS_ERR_TIMEOUT) return;
  lua_pushstring(L, p->problem);
  lua_setfield(L, -2, "message");
}

/* see ivs_host.h */
int ivs_lua_credentials(lua_State *L) {
  const struct ivs_lua_client *client = ivs_check_client(L, 1);
  const struct ivs_provider *p = client->core.options.provider;
  lua_createtable(L, 0, 2);
  lua_pushstring(L, client->host->creds_from);
  lua_setfield(L, -2, "source");
  if (p == NULL || p->expires == 0) return 1;
  lua_pushinteger(L, (lua_Integer)p->expires);
  lua_setfield(L, -2, "expires");
  return 1;
}

/* --- clocks, warnings --- */

/* see ivs_host.h */
double ivs_host_now(lua_State *L) {
  const struct ivs_lwip_hooks *hooks = board_of(L)->hooks;
  return (double)hooks->clock(hooks->context) / 1000;
}

/* see ivs_host.h */
double ivs_host_ticks(lua_State *L) {
  const struct ivs_lwip_hooks *hooks = board_of(L)->hooks;
  return (double)hooks->ticks(hooks->context) / 1000;
}

/* see ivs_host.h */
int ivs_host_entropy(lua_State *L, void *p, size_t n) {
  if (!ivs_kept(L, &board_key)) return IVS_ERR_ENTROPY;
  const struct ivs_lwip_hooks *hooks =
      (*(const struct ivs_lua_board **)lua_touserdata(L, -1))->hooks;
  lua_pop(L, 1);
  return hooks->entropy(hooks->context, p, n) == 0 ? 0 : IVS_ERR_ENTROPY;
}

/* see ivs_host.h. The network goes on meanwhile. */
void ivs_host_sleep(lua_State *L, double seconds) {
  const struct ivs_lwip_hooks *hooks = board_of(L)->hooks;
  struct ivs_lwip idle;
  ivs_lwip_init(&idle, hooks);
  struct ivs_wait w = {-1, 0, hooks->ticks(hooks->context) + (uint64_t)(seconds * 1000) + 1};
  idle.port.fn->wait(&idle.port, &w);
}

/* see ivs_host.h */
void ivs_host_warn(lua_State *L, const char *line) {
  const struct ivs_lua_board *board = board_of(L);
  if (board->warn != NULL) board->warn(line);
}
