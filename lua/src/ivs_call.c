/*
 * One call: the request from the table, the steps of the core with their waits, the workspace as it
 * has to grow, the answer as a table.
 */
#include "ivs_binding.h"

enum { WORKSPACE_STEP = 1024 };

struct job {
  struct ivs_lua_client *client;
  const void *in;
  void *out;
  int op;
};

/* Hands the core a larger workspace. The old one stays alive until its content has been moved. The
   client is at index 1. */
static int grow(lua_State *L, ivs_client *core) {
  size_t need = ivs_last(core)->need;
  lua_getiuservalue(L, 1, IVS_WORKSPACE);
  size_t have = lua_rawlen(L, -1);
  lua_pop(L, 1);
  if (need <= have || need > IVS_WORKSPACE_MAX) return IVS_ERR_SPACE;
  size_t n = (need + WORKSPACE_STEP - 1) / WORKSPACE_STEP * WORKSPACE_STEP;
  void *space = lua_newuserdatauv(L, n, 0);
  int r = ivs_workspace(core, space, n);
  if (r == 0) lua_setiuservalue(L, 1, IVS_WORKSPACE);
  return r;
}

/* Waits for what a step asked for. 0, IVS_ERR_CANCELLED, or the port's error. */
static int wait(ivs_client *core, struct ivs_wait *w, const struct ivs_watch *watch) {
  struct ivs_port *port = core->options.port;
  uint64_t look = port->fn->ticks(port) + IVS_LOOK_MS;
  if (look < w->until) w->until = look;
  int r = port->fn->wait(port, w);
  if (r < 0) return r;
  return ivs_watch_interrupted(watch) ? IVS_ERR_CANCELLED : 0;
}

/* Steps until the call is done. 0 or the error that ended it. */
static int finish(lua_State *L, ivs_client *core) {
  struct ivs_watch watch;
  struct ivs_wait w;
  ivs_watch_begin(L, &watch);
  for (;;) {
    int r = ivs_step(core, &w);
    if (r == 1) r = wait(core, &w, &watch);
    else if (r == IVS_ERR_SPACE) r = grow(L, core);
    else return r;
    if (r < 0) {
      ivs_cancel(core);
      return r;
    }
  }
}

/* run(client, job): what can raise while a call is under way; see ivs_invoke(). */
static int run(lua_State *L) {
  const struct job *job = (const struct job *)lua_touserdata(L, 2);
  ivs_client *core = &job->client->core;
  if (job->client->tap.under != NULL) ivs_tap_begin(&job->client->tap, L);
  int r = ivs_start(core, (enum ivs_op_id)job->op, job->in, job->out);
  if (r == 0) r = finish(L, core);
  if (r == 0) r = ivs_push_answer(L, core, ivs_ops[job->op].out, job->out);
  return r == 0 ? 1 : ivs_push_call_failure(L, job->client, job->op, r);
}

/* see ivs_binding.h */
int ivs_invoke(lua_State *L, int self, int request, int op) {
  struct job job = {ivs_check_client(L, self), NULL, NULL, op};
  size_t size = ivs_types[ivs_ops[op].out].size;
  self = lua_absindex(L, self);
  job.in = ivs_push_request(L, self, request, op);
  job.out = lua_newuserdatauv(L, size > 0 ? size : 1, 0);
  int base = lua_gettop(L);
  lua_pushcfunction(L, run);
  lua_pushvalue(L, self);
  lua_pushlightuserdata(L, &job);

  /* Finalizers may run during the call: one that uses this client is refused. If something raises,
     for want of memory as a rule, the call ends before its request and answer are gone. */
  job.client->busy = true;
  int status = lua_pcall(L, 2, LUA_MULTRET, 0);
  job.client->busy = false;
  ivs_tap_end(&job.client->tap);
  if (status == LUA_OK) return lua_gettop(L) - base;
  ivs_cancel(&job.client->core);
  return lua_error(L);
}
