/*
 * Time: sleep, now, monotonic, the service's timestamps, and the clock of a client.
 */
#include "ivs_binding.h"

#include <ivs/retry.h>
#include <ivs/time.h>

#include <stdio.h>

#define LONGEST_SLEEP 1e9 /* seconds */

/* now() -> seconds since 1970, with a fraction */
static int clock_now(lua_State *L) {
  lua_pushnumber(L, (lua_Number)ivs_host_now(L));
  return 1;
}

/* monotonic() -> seconds of a clock that nobody sets */
static int clock_monotonic(lua_State *L) {
  lua_pushnumber(L, (lua_Number)ivs_host_ticks(L));
  return 1;
}

/* see ivs_binding.h */
bool ivs_sleep(lua_State *L, double seconds) {
  struct ivs_watch watch;
  ivs_watch_begin(L, &watch);
  double end = ivs_host_ticks(L) + seconds;
  for (;;) {
    double left = end - ivs_host_ticks(L);
    if (left <= 0) return true;
    if (left > IVS_LOOK_MS / 1e3) left = IVS_LOOK_MS / 1e3;
    ivs_host_sleep(L, left);
    if (ivs_watch_interrupted(&watch)) return false;
  }
}

/* sleep(seconds) -> true, or nil and the error Interrupted */
static int clock_sleep(lua_State *L) {
  lua_Number seconds = luaL_checknumber(L, 1);
  luaL_argcheck(L, seconds >= 0 && seconds <= LONGEST_SLEEP, 1, "must be 0 to 1e9 seconds");
  if (!ivs_sleep(L, (double)seconds))
    return ivs_push_failure(L, "Interrupted", "sleep was interrupted", NULL);
  lua_pushboolean(L, true);
  return 1;
}

/* time(text) -> seconds since 1970, or nil and the error NotATime */
static int clock_time(lua_State *L) {
  int64_t seconds;
  luaL_checktype(L, 1, LUA_TSTRING);
  if (ivs_time_from_iso(ivs_to_str(L, 1), &seconds) < 0)
    return ivs_push_failure(L, "NotATime",
                            "the text is not a timestamp such as 2026-11-22T09:30:00Z", NULL);
  lua_pushinteger(L, (lua_Integer)seconds);
  return 1;
}

/* --- of a client --- */

/* Sees one lesson to its end, or to the given ticks. 0 or an error. */
static int learn_once(struct ivs_lua_client *client, const struct ivs_watch *watch, uint64_t end) {
  struct ivs_wait w;
  int r;
  while ((r = ivs_clock_learn_step(&client->core, &w)) == 1) {
    if (client->core.deadline > end) client->core.deadline = end;
    if (w.until > end) w.until = end;
    r = ivs_wait_for(client, &w, watch);
    if (r == 0) continue;
    ivs_cancel(&client->core);
    break;
  }
  return r;
}

static uint64_t ticks(const struct ivs_lua_client *client) {
  struct ivs_port *port = client->core.options.port;
  return port->fn->ticks(port);
}

static int pause_until(struct ivs_lua_client *client, uint64_t end, const struct ivs_watch *watch) {
  int r = 0;
  while (r == 0 && ticks(client) < end) {
    struct ivs_wait w = {-1, 0, end};
    r = ivs_wait_for(client, &w, watch);
  }
  return r;
}

/* The same with as many attempts as a call has, and no more time. */
static int learn(lua_State *L, struct ivs_lua_client *client, uint64_t end) {
  struct ivs_watch watch;
  ivs_watch_begin(L, &watch);
  for (unsigned n = 0;; n++) {
    int r = learn_once(client, &watch, end);
    struct ivs_attempt failed = {r, 0, "", false, false};
    bool again = r < 0 && n + 1u < client->core.options.attempts &&
                 ivs_retry_judge(&failed) == IVS_RETRY_TRANSIENT;
    if (!again) return r;
    uint64_t next = ticks(client) + ivs_retry_delay(IVS_RETRY_TRANSIENT, n, UINT32_MAX, -1, -1);
    if (next >= end) return r;
    r = pause_until(client, next, &watch);
    if (r < 0) return r;
  }
}

static void tell_time(struct ivs_lua_client *client, int64_t before) {
  char here[IVS_TIME_ISO_SIZE], there[IVS_TIME_ISO_SIZE], text[120];
  if (ivs_time_to_iso(before, here) < 0) return;
  if (ivs_time_to_iso(ivs_clock_now(&client->core), there) < 0) return;
  int n = snprintf(text, sizeof text, "it is %s by the service; this machine's clock says %s",
                   there, here);
  ivs_tap_tell(&client->tap, "clock", text, (size_t)n);
}

/* see ivs_binding.h */
bool ivs_clock_unset(const struct ivs_lua_client *client) {
  return !client->clock_asked && !client->core.options.keep_clock &&
         ivs_clock_now(&client->core) < IVS_EARLIEST_SECONDS;
}

/* see ivs_binding.h. A service that tells no time gets the call all the same. */
int ivs_clock_ready(lua_State *L, struct ivs_lua_client *client, uint64_t end) {
  int64_t before = ivs_clock_now(&client->core);
  if (!ivs_clock_unset(client)) return 0;
  int r = learn(L, client, end);
  if (r < 0 && r != IVS_ERR_CLOCK) return r;
  client->clock_asked = true;
  if (r == 0) tell_time(client, before);
  return 0;
}

static lua_Number client_time(const struct ivs_lua_client *client) {
  struct ivs_port *port = client->core.options.port;
  return (lua_Number)(port->fn->clock(port) + ivs_clock_offset(&client->core)) / 1000;
}

/* see ivs_binding.h. clock() -> seconds since 1970 */
int ivs_lua_client_clock(lua_State *L) {
  lua_pushnumber(L, client_time(ivs_check_client(L, 1)));
  return 1;
}

/* see ivs_binding.h. clock_offset([seconds]) -> seconds */
int ivs_lua_client_clock_offset(lua_State *L) {
  struct ivs_lua_client *client = ivs_check_client(L, 1);
  if (!lua_isnoneornil(L, 2)) {
    lua_Number seconds = luaL_checknumber(L, 2);
    luaL_argcheck(L, seconds >= -1e10 && seconds <= 1e10, 2, "must be -1e10 to 1e10 seconds");
    lua_Number now = client_time(client) - (lua_Number)ivs_clock_offset(&client->core) / 1000;
    ivs_clock_set(&client->core, (int64_t)(now + seconds + 0.5));
  }
  lua_pushnumber(L, (lua_Number)ivs_clock_offset(&client->core) / 1000);
  return 1;
}

/* run(client): what can raise in the middle of it; see ivs_protect(). */
static int run_learn(lua_State *L) {
  struct ivs_lua_client *client = (struct ivs_lua_client *)lua_touserdata(L, 1);
  ivs_tap_begin(&client->tap, L);
  int r = ivs_queue_finish(L, client);
  if (r == 0) r = learn(L, client, ticks(client) + client->core.options.call_ms);
  if (r < 0) return ivs_push_own_failure(L, r, 0, "");
  client->clock_asked = true;
  lua_pushnumber(L, client_time(client));
  return 1;
}

/* see ivs_binding.h. learn_clock() -> seconds since 1970, or nil and an error */
int ivs_lua_client_learn_clock(lua_State *L) {
  ivs_check_client(L, 1);
  lua_settop(L, 1);
  return ivs_protect(L, 1, run_learn, NULL, 1);
}

/* see ivs_binding.h */
void ivs_open_clock(lua_State *L) {
  static const luaL_Reg functions[] = {{"sleep", clock_sleep},
                                       {"now", clock_now},
                                       {"monotonic", clock_monotonic},
                                       {"time", clock_time},
                                       {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
