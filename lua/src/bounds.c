/*
 * Limits of memory, processor time and time for what runs in the program's Lua state.
 *
 * A limit of time ends a script in two steps. The first raises a mark wherever the script is: in
 * the main thread or a coroutine, at the next thousandth instruction, so that its <close> variables
 * do their work. The second, for a script that catches the mark, or hangs in a function of C or in
 * a finalizer, which know no hooks, ends the process from the signal handler.
 */
#define _XOPEN_SOURCE 700 /* setitimer */

#include "bounds.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <lauxlib.h>

#include "interrupt.h"
#include "ivs_lua.h"

enum {
  EXIT_LIMIT = 124, /* as of timeout(1) */
  INSTRUCTIONS = 1000,
  TICK_US = 50000,
  GRACE_CPU_MS = 1000, /* for the way out; less if the limit itself is */
  GRACE_S = 10,
  REFILL = 10, /* one part in so many of the time that passes is added to what may be used */
  TEXT_MAX = 200
};

enum { NONE, CPU, TIME, OUTPUT, KINDS };
static const char *const names[KINDS] = {"", "cpu", "time", "output"};

static char texts[KINDS][TEXT_MAX]; /* each a line for standard error */
static volatile sig_atomic_t reached;
static volatile sig_atomic_t pending;  /* not raised as an error yet */
static volatile sig_atomic_t finished; /* the script is over: nothing is to be raised any more */
static long long cpu_ms, grace_ms, begun_ms, hard_cpu_ms;

static char mark_key; /* its address is the key of the mark in the registry */

static struct {
  lua_Alloc under;
  void *data;
  size_t used, most;
} memory;

/* --- memory --- */

static void *allocate(void *data, void *p, size_t old, size_t n) {
  (void)data;
  size_t before = p != NULL ? old : 0; /* of nothing, old is the type of what is to come */
  size_t left = memory.used < memory.most ? memory.most - memory.used : 0;
  if (n > before && n - before > left) return NULL;
  void *q = memory.under(memory.data, p, old, n);
  if (q != NULL || n == 0) memory.used += n - before;
  return q;
}

static void limit_memory(lua_State *L, size_t most) {
  memory.used = (size_t)lua_gc(L, LUA_GCCOUNT) * 1024 + (size_t)lua_gc(L, LUA_GCCOUNTB);
  memory.most = most;
  memory.under = lua_getallocf(L, &memory.data);
  lua_setallocf(L, allocate, NULL);
}

/* --- time --- */

static long long ms_of(clockid_t id) {
  struct timespec t = {0, 0};
  clock_gettime(id, &t);
  return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void reach(int kind) {
  hard_cpu_ms = ms_of(CLOCK_PROCESS_CPUTIME_ID) + grace_ms; /* first: a tick may come */
  reached = kind;
  alarm(GRACE_S);
}

static void end_process(void) {
  const char *text = texts[reached];
  (void)!write(STDERR_FILENO, text, strlen(text));
  _exit(EXIT_LIMIT);
}

/* Every TICK_US of processor time. */
static void on_tick(int number) {
  (void)number;
  long long used = ms_of(CLOCK_PROCESS_CPUTIME_ID);
  if (reached != NONE) {
    if (used > hard_cpu_ms) end_process();
    return;
  }
  if (used <= cpu_ms + (ms_of(CLOCK_MONOTONIC) - begun_ms) / REFILL) return;
  reach(CPU);
  pending = 1;
}

static void on_alarm(int number) {
  (void)number;
  if (reached != NONE) end_process();
  reach(TIME);
  pending = 1;
}

static int is_over(void) {
  return pending || ivs_interrupt_pending();
}

static void on_count(lua_State *L, lua_Debug *ar) {
  (void)ar;
  if (!pending || finished) return;
  pending = 0;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &mark_key);
  lua_error(L);
}

static void catch_signal(int number, void (*handler)(int), int flags) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGPROF);
  sigaddset(&action.sa_mask, SIGALRM);
  sigaction(number, &action, NULL);
}

/* see bounds.h */
const char *ivs_bounds_line(void) {
  return reached != NONE ? texts[reached] : NULL;
}

/* --- for Lua --- */

static lua_Integer field(lua_State *L, const char *name, lua_Integer most) {
  lua_getfield(L, 1, name);
  lua_Integer n = luaL_optinteger(L, -1, 0);
  luaL_argcheck(L, n >= 0 && n <= most, 1, name);
  lua_pop(L, 1);
  return n;
}

static void take_text(lua_State *L, int kind) {
  size_t n;
  lua_getfield(L, 1, names[kind]);
  const char *text = luaL_checklstring(L, -1, &n);
  luaL_argcheck(L, n + 2 <= TEXT_MAX, 1, names[kind]);
  memcpy(texts[kind], text, n);
  texts[kind][n] = '\n';
  lua_pop(L, 1);
}

/* set{ memory = bytes, cpu_ms =, time_seconds = or nil, cpu =, time =, output = lines for when they
   are reached }. Once, from the main thread, before any coroutine is made: what is made later
   has its hook. */
static int bounds_set(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_Integer bytes = field(L, "memory", (lua_Integer)(PTRDIFF_MAX / 2));
  cpu_ms = field(L, "cpu_ms", 1000000000);
  lua_Integer seconds = field(L, "time_seconds", 1000000000);
  for (int kind = CPU; kind < KINDS; kind++) take_text(L, kind);

  grace_ms = cpu_ms < GRACE_CPU_MS ? cpu_ms : GRACE_CPU_MS;
  cpu_ms += ms_of(CLOCK_PROCESS_CPUTIME_ID);
  begun_ms = ms_of(CLOCK_MONOTONIC);
  ivs_lua_set_interrupt(L, is_over);
  ivs_interrupt_set_hook(L, on_count, INSTRUCTIONS);
  catch_signal(SIGPROF, on_tick, SA_RESTART);
  catch_signal(SIGALRM, on_alarm, 0);
  struct itimerval tick = {{0, TICK_US}, {0, TICK_US}};
  setitimer(ITIMER_PROF, &tick, NULL);
  if (seconds > 0) alarm((unsigned)seconds);
  limit_memory(L, (size_t)bytes);
  return 0;
}

/* reached() -> the line of the limit of time that was reached, or nil */
static int bounds_reached(lua_State *L) {
  if (reached == NONE) return 0;
  lua_pushlstring(L, texts[reached], strlen(texts[reached]) - 1);
  return 1;
}

/* reach_output(): too much was written. Raises the mark. */
static int bounds_reach_output(lua_State *L) {
  if (reached == NONE) reach(OUTPUT);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &mark_key);
  return lua_error(L);
}

/* run(handler, chunk, ...) -> true, or false and the error as the handler gave it */
static int bounds_run(lua_State *L) {
  int status = lua_pcall(L, lua_gettop(L) - 2, 0, 1);
  finished = 1;
  lua_pushboolean(L, status == LUA_OK);
  lua_replace(L, 1);
  return lua_gettop(L);
}

/* lift_memory(): the script is over; what follows may use more. */
static int bounds_lift_memory(lua_State *L) {
  (void)L;
  memory.most = SIZE_MAX;
  return 0;
}

/* see bounds.h. mark: the error that limits of time raise, which nothing can be learned from or
   changed in. */
int luaopen_ivs_bounds(lua_State *L) {
  static const luaL_Reg functions[] = {{"set", bounds_set},
                                       {"reached", bounds_reached},
                                       {"reach_output", bounds_reach_output},
                                       {"run", bounds_run},
                                       {"lift_memory", bounds_lift_memory},
                                       {NULL, NULL}};
  luaL_newlib(L, functions);
  lua_newuserdatauv(L, 0, 0);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &mark_key);
  lua_setfield(L, -2, "mark");
  return 1;
}
