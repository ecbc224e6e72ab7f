/*
 * Waiting for what the service does after it has answered: a recording configuration that was
 * created is not there yet, and may never be.
 */
#include "ivs_binding.h"

#include <stdio.h>
#include <string.h>

#define WAIT_S 60 /* unless told otherwise */
#define LONGEST_WAIT_S 1e6
#define FIRST_LOOK_S 0.5
#define LEAST_CALL_S 5.0     /* of a look at all, however little time is left */
#define LOOK_EVERY_S 2.0     /* the account has 3 such requests a second, for all that it does */
#define LONGEST_PAUSE_S 16.0 /* of a service that is asked too often, or cannot be reached */

/* Asks, with the client at index 1 and the ARN at 2: true with the configuration at 3; or false
   with nil and the error on top. The call ends with the time that is left, or LEAST_CALL_S later at
   most. */
static bool get(lua_State *L, double left) {
  uint32_t *call_ms = &ivs_check_client(L, 1)->core.options.call_ms, before = *call_ms;
  double most = (left > LEAST_CALL_S ? left : LEAST_CALL_S) * 1000;
  lua_getfield(L, 1, "get_recording_configuration");
  lua_pushvalue(L, 1);
  lua_createtable(L, 0, 1);
  lua_pushvalue(L, 2);
  lua_setfield(L, -2, "arn");
  if (before > most) *call_ms = (uint32_t)most;
  int status = lua_pcall(L, 2, 2, 0);
  *call_ms = before;
  if (status != LUA_OK) lua_error(L);
  if (lua_isnil(L, -2)) return false;
  lua_getfield(L, -2, "recordingConfiguration");
  lua_replace(L, 3);
  lua_settop(L, 3);
  return true;
}

static bool is_retryable(lua_State *L) {
  lua_getfield(L, -1, "retryable");
  bool retryable = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return retryable;
}

/* The configuration on top has failed. The service does not say why. */
static int push_failed(lua_State *L) {
  static const char hint[] =
      "the bucket has to be there, and in the region of the configuration; delete this one and "
      "create another";
  const char *bucket = NULL;
  if (lua_getfield(L, -1, "destinationConfiguration") == LUA_TTABLE &&
      lua_getfield(L, -1, "s3") == LUA_TTABLE && lua_getfield(L, -1, "bucketName") == LUA_TSTRING)
    bucket = lua_tostring(L, -1);
  lua_pushfstring(L, "the service could not set up the recording to the bucket %s",
                  bucket != NULL ? bucket : "");
  return ivs_push_failure(L, "RecordingFailed", lua_tostring(L, -1), hint);
}

static int push_timeout(lua_State *L, double seconds) {
  lua_pushfstring(L, "the recording configuration is still being created after %f s",
                  (lua_Number)seconds);
  ivs_push_failure(L, "Timeout", lua_tostring(L, -1), NULL);
  lua_pushboolean(L, true);
  lua_setfield(L, -2, "retryable");
  return 2;
}

/* see ivs_binding.h. The configuration once it is ACTIVE; or nil and an error */
int ivs_lua_wait_recording(lua_State *L) {
  double seconds = (double)luaL_optnumber(L, 3, WAIT_S), pause = FIRST_LOOK_S;
  ivs_check_client(L, 1);
  luaL_checktype(L, 2, LUA_TSTRING);
  luaL_argcheck(L, seconds >= 0 && seconds <= LONGEST_WAIT_S, 3, "must be 0 to 1e6 seconds");
  double end = ivs_host_ticks(L) + seconds;
  for (;;) {
    lua_settop(L, 2);
    lua_pushnil(L);
    bool got = get(L, end - ivs_host_ticks(L));
    double left = end - ivs_host_ticks(L);
    if (!got && (!is_retryable(L) || left <= 0)) return 2;
    if (got) {
      lua_getfield(L, 3, "state");
      const char *state = lua_tostring(L, -1);
      lua_settop(L, 3);
      if (state != NULL && strcmp(state, "ACTIVE") == 0) return 1;
      if (state != NULL && strcmp(state, "CREATE_FAILED") == 0) return push_failed(L);
      if (left <= 0) return push_timeout(L, seconds);
    }
    if (!ivs_sleep(L, left < pause ? left : pause))
      return ivs_push_failure(L, "Interrupted", "the wait was interrupted", NULL);
    pause = got || pause < LOOK_EVERY_S ? LOOK_EVERY_S : pause * 2;
    if (pause > LONGEST_PAUSE_S) pause = LONGEST_PAUSE_S;
  }
}
