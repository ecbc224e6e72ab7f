/*
 * One call: the request from the table, the steps of the core with their waits, the workspace as it
 * has to grow, the answer as a table.
 */
#include "ivs_binding.h"

#include <ivs/crypto.h>
#include <ivs/retry.h>

#include <stdio.h>

enum { WORKSPACE_STEP = 1024 };

struct job {
  struct ivs_lua_client *client;
  const void *in;
  void *out;
  int op;
};

/* see ivs_binding.h. The old workspace stays alive until its content has been moved. */
int ivs_grow(lua_State *L, ivs_client *core) {
  size_t need = ivs_last(core)->need;
  lua_getiuservalue(L, 1, IVS_WORKSPACE);
  void *old = lua_touserdata(L, -1); /* the client holds it */
  size_t have = (size_t)lua_rawlen(L, -1);
  lua_pop(L, 1);
  if (need <= have || need > IVS_WORKSPACE_MAX) return IVS_ERR_SPACE;
  size_t n = (need + WORKSPACE_STEP - 1) / WORKSPACE_STEP * WORKSPACE_STEP;
  void *space = lua_newuserdatauv(L, n, 0);
  int r = ivs_workspace(core, space, n);
  if (r < 0) return r;
  ivs_wipe(old, have);
  lua_setiuservalue(L, 1, IVS_WORKSPACE);
  return 0;
}

/* Why there is to be another attempt, in a few words. */
static const char *reason(const struct ivs_error *e) {
  struct ivs_attempt failed = {IVS_ERR_SERVICE, e->status, e->code, false, false};
  if (e->status != 0 && ivs_retry_judge(&failed) == IVS_RETRY_THROTTLED) return "throttled";
  if (e->code[0] != '\0') return e->code;
  if (e->status >= 300) return "the service is not available";
  return e->message[0] != '\0' ? e->message : "the network failed";
}

/* Tells of a delay before another attempt, when it begins. */
static void tell_delay(struct ivs_lua_client *client, const struct ivs_wait *w) {
  const ivs_client *core = &client->core;
  struct ivs_port *port = core->options.port;
  char text[256];
  if (client->tap.under == NULL || w->events != 0 || w->until != core->wake) return;
  if (client->tap.delay_until == core->wake) return;
  client->tap.delay_until = core->wake;
  uint64_t now = port->fn->ticks(port);
  double seconds = core->wake > now ? (double)(core->wake - now) / 1000 : 0;
  snprintf(text, sizeof text, "%.3f %d %d %s", seconds, core->attempt + 2, core->options.attempts,
           reason(ivs_last(core)));
  ivs_tap_tell(&client->tap, "waiting", text, strlen(text));
}

/* see ivs_binding.h */
int ivs_wait_for(struct ivs_lua_client *client, struct ivs_wait *w, const struct ivs_watch *watch) {
  struct ivs_port *port = client->core.options.port;
  tell_delay(client, w);
  uint64_t look = port->fn->ticks(port) + IVS_LOOK_MS;
  if (look < w->until) w->until = look;
  int r = port->fn->wait(port, w);
  if (r < 0) return r;
  return ivs_watch_interrupted(watch) ? IVS_ERR_CANCELLED : 0;
}

/* Steps until the call is done. 0 or the error that ended it. */
static int finish(lua_State *L, struct ivs_lua_client *client) {
  ivs_client *core = &client->core;
  struct ivs_watch watch;
  struct ivs_wait w;
  ivs_watch_begin(L, &watch);
  for (;;) {
    int r = ivs_step(core, &w);
    if (r == 1) r = ivs_wait_for(client, &w, &watch);
    else if (r == IVS_ERR_SPACE) r = ivs_grow(L, core);
    else return r;
    if (r < 0) {
      ivs_cancel(core);
      return r;
    }
  }
}

/* see ivs_binding.h */
void ivs_note_begin(struct ivs_lua_client *client) {
  client->retries_before = ivs_client_counters(&client->core)->retries;
  client->offset_before = ivs_clock_offset(&client->core);
}

/* Begins the call. 0, or why it does not begin; *detail is what the port says of that, if it does:
   as long as a call of a queue is not finished, ivs_last() is of that one or one before. */
static int begin(lua_State *L, const struct job *job, const char **detail) {
  ivs_client *core = &job->client->core;
  struct ivs_port *port = core->options.port;
  int r = ivs_queue_finish(L, job->client);
  if (r < 0) return r;
  ivs_note_begin(job->client);
  uint64_t end = port->fn->ticks(port) + core->options.call_ms; /* of a lesson of time, too */
  r = ivs_clock_ready(L, job->client, end);
  if (r < 0) {
    *detail = ivs_last(core)->message;
    return r;
  }
  r = ivs_start(core, (enum ivs_op_id)job->op, job->in, job->out);
  if (r == 0 && core->deadline > end) core->deadline = end;
  return r;
}

/* run(client, job): what can raise while a call is under way; see ivs_invoke(). */
static int run(lua_State *L) {
  const struct job *job = (const struct job *)lua_touserdata(L, 2);
  const char *detail = "";
  ivs_tap_begin(&job->client->tap, L);
  int r = begin(L, job, &detail);
  if (r < 0) return ivs_push_unbegun(L, job->client, job->op, r, detail);
  r = finish(L, job->client);
  if (r == 0) r = ivs_push_answer(L, &job->client->core, ivs_ops[job->op].out, job->out);
  return r == 0 ? 1 : ivs_push_call_failure(L, job->client, job->op, r);
}

/* see ivs_binding.h. Finalizers may run during the call: one that uses this client is refused. If
   something raises, for want of memory as a rule, the call ends before what it uses is gone. */
int ivs_protect(lua_State *L, int self, lua_CFunction run_it, void *argument, int other) {
  struct ivs_lua_client *client = ivs_check_client(L, self);
  int base = lua_gettop(L);
  lua_pushcfunction(L, run_it);
  lua_pushvalue(L, self);
  lua_pushlightuserdata(L, argument);
  lua_pushvalue(L, other);
  client->busy = true;
  int status = lua_pcall(L, 3, LUA_MULTRET, 0);
  client->busy = false;
  ivs_tap_end(&client->tap);
  if (status == LUA_OK) return lua_gettop(L) - base;
  ivs_cancel(&client->core);
  return lua_error(L);
}

/* see ivs_binding.h */
int ivs_invoke(lua_State *L, int self, int request, int op) {
  struct job job = {ivs_check_client(L, self), NULL, NULL, op};
  size_t size = ivs_types[ivs_ops[op].out].size;
  self = lua_absindex(L, self);
  request = lua_absindex(L, request);
  job.in = ivs_push_request(L, self, request, op);
  job.out = lua_newuserdatauv(L, size > 0 ? size : 1, 0);
  return ivs_protect(L, self, run, &job, request);
}
