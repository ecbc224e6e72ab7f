/*
 * Whether somebody wants the call or sleep under way to end.
 */
#include "ivs_binding.h"

static const char host_key;

struct host {
  int (*interrupted)(void);
};

/* see ivs_lua.h */
void ivs_lua_set_interrupt(lua_State *L, int (*interrupted)(void)) {
  struct host *host = (struct host *)lua_newuserdatauv(L, sizeof *host, 0);
  host->interrupted = interrupted;
  lua_rawsetp(L, LUA_REGISTRYINDEX, &host_key);
}

/* see ivs_binding.h */
void ivs_watch_begin(lua_State *L, struct ivs_watch *watch) {
  ivs_push_main(L);
  watch->main = lua_tothread(L, -1);
  watch->hook = lua_gethook(watch->main);
  watch->host = NULL;
  lua_pop(L, 1);
  if (!ivs_kept(L, &host_key)) return;
  watch->host = ((const struct host *)lua_touserdata(L, -1))->interrupted;
  lua_pop(L, 1);
}

/* see ivs_binding.h */
bool ivs_watch_interrupted(const struct ivs_watch *watch) {
  if (watch->host != NULL && watch->host() != 0) return true;
  return lua_gethook(watch->main) != watch->hook;
}
