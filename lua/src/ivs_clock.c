/*
 * Time: sleep, now, monotonic, and the service's timestamps.
 */
#include "ivs_binding.h"

#include <ivs/time.h>

#include <time.h>

#define LONGEST_SLEEP 1e9 /* seconds */

static double seconds_of(clockid_t id) {
  struct timespec t = {0, 0};
  clock_gettime(id, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* now() -> seconds since 1970, with a fraction */
static int clock_now(lua_State *L) {
  lua_pushnumber(L, (lua_Number)seconds_of(CLOCK_REALTIME));
  return 1;
}

/* monotonic() -> seconds of a clock that nobody sets */
static int clock_monotonic(lua_State *L) {
  lua_pushnumber(L, (lua_Number)seconds_of(CLOCK_MONOTONIC));
  return 1;
}

/* sleep(seconds) -> true, or nil and the error Interrupted */
static int clock_sleep(lua_State *L) {
  lua_Number seconds = luaL_checknumber(L, 1);
  struct ivs_watch watch;
  luaL_argcheck(L, seconds >= 0 && seconds <= LONGEST_SLEEP, 1, "must be 0 to 1e9 seconds");
  ivs_watch_begin(L, &watch);
  double end = seconds_of(CLOCK_MONOTONIC) + (double)seconds;
  for (;;) {
    double left = end - seconds_of(CLOCK_MONOTONIC);
    if (left <= 0) break;
    if (left > IVS_LOOK_MS / 1e3) left = IVS_LOOK_MS / 1e3;
    struct timespec t = {0, (long)(left * 1e9)};
    nanosleep(&t, NULL);
    if (ivs_watch_interrupted(&watch))
      return ivs_push_failure(L, "Interrupted", "sleep was interrupted", NULL);
  }
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

/* see ivs_binding.h */
void ivs_open_clock(lua_State *L) {
  static const luaL_Reg functions[] = {{"sleep", clock_sleep},
                                       {"now", clock_now},
                                       {"monotonic", clock_monotonic},
                                       {"time", clock_time},
                                       {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
