/*
 * Lua in the process: a script that was named when this was compiled, FUZZ_LUA_SCRIPT, returns a
 * function that takes the input. What it raises does not hold. Each line of ours that runs counts
 * as coverage, so that libFuzzer finds its way in Lua as it does in C; a script that runs too many
 * ends.
 *
 * Modules are loaded from the folder of their sources. The environment is empty: nothing of the
 * user's is read, and nothing but this machine is reached.
 */
#include "fuzz.h"

#include <lauxlib.h>
#include <lualib.h>

#include "ivs_lua.h"
#include "signature.h"

enum { COUNTERS = 1 << 15, MOST_LINES = 20000000, RUNS_OF_A_STATE = 2000 };

/* Where libFuzzer looks for coverage besides its own. */
__attribute__((used, section("__libfuzzer_extra_counters"))) static uint8_t counters[COUNTERS];

static lua_State *state;
static unsigned long lines, runs;

static void count_line(lua_State *L, lua_Debug *where) {
  if (++lines > MOST_LINES) luaL_error(L, "runs without end");
  if (lua_getinfo(L, "S", where) == 0) return;
  uint32_t hash = 2166136261u;
  for (const char *p = where->short_src; *p != 0; p++) hash = (hash ^ (uint8_t)*p) * 16777619u;
  hash = (hash ^ (uint32_t)where->currentline) * 16777619u;
  uint8_t *counter = &counters[(hash ^ hash >> 15) % COUNTERS];
  if (*counter < 255) ++*counter;
}

/* The hook above is no sign of Ctrl-C. */
static int never(void) {
  return 0;
}

static int load_script(lua_State *L) {
  luaL_openlibs(L);
  luaL_requiref(L, "ivs", luaopen_ivs, 0);
  ivs_lua_set_interrupt(L, never);
  luaL_requiref(L, "ivs.signature", luaopen_ivs_signature, 0);
  lua_getglobal(L, "package");
  lua_pushliteral(L, FUZZ_SOURCE "/lua/lib/?.lua");
  lua_setfield(L, -2, "path");
  lua_settop(L, 0);
  if (luaL_loadfile(L, FUZZ_SOURCE "/tests/fuzz/" FUZZ_LUA_SCRIPT) != LUA_OK) return lua_error(L);
  lua_call(L, 0, 1);
  return 1;
}

static int print_with_traceback(lua_State *L) {
  luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
  fprintf(stderr, "%s\n", lua_tostring(L, -1));
  return 1;
}

static void set_up(void) {
  clearenv();
  setenv("AWS_CONFIG_FILE", "/dev/null", 1);
  setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
  setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
  setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1", 1);
  state = luaL_newstate();
  HOLDS(state != NULL);
  lua_pushcfunction(state, print_with_traceback);
  lua_pushcfunction(state, load_script);
  HOLDS(lua_pcall(state, 0, 1, 1) == LUA_OK);
  lua_sethook(state, count_line, LUA_MASKLINE, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  if (n > 4096) return -1;
  if (state == NULL) set_up();
  lines = 0;
  lua_pushvalue(state, 2);
  lua_pushlstring(state, (const char *)data, n);
  HOLDS(lua_pcall(state, 1, 0, 1) == LUA_OK);
  HOLDS(lua_gettop(state) == 2);
  if (++runs % RUNS_OF_A_STATE == 0) {
    lua_close(state);
    state = NULL;
  }
  return 0;
}
