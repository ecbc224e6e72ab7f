#include "interrupt.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include <lauxlib.h>

/* One Ctrl-C can come twice: from the terminal, and handed on by whoever started the program. */
enum { SAME_SIGNAL_MS = 500 };

static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};

enum { CAUGHT = sizeof caught / sizeof caught[0] };

static lua_State *volatile main_thread; /* NULL: there is no state any more */
static lua_Hook quiet_hook;             /* of the main thread while there is no signal, or NULL */
static int quiet_count;
static volatile sig_atomic_t received; /* the first signal */
static volatile sig_atomic_t pending;  /* not raised as an error yet */
static volatile sig_atomic_t piped;    /* SIGPIPE came, first or not */
static struct timespec received_at;

static char object_key; /* its address is the key of the object in the registry */

static long ms_since(const struct timespec *then) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long)(now.tv_sec - then->tv_sec) * 1000 + (now.tv_nsec - then->tv_nsec) / 1000000;
}

/*
 * A coroutine may catch the error and go on, so what is raised there is raised once more when the
 * main thread runs: its hook stays until it has fired in the main thread.
 */
static void raise_interrupt(lua_State *L) {
  pending = 0;
  if (L == main_thread) lua_sethook(L, quiet_hook, LUA_MASKCOUNT, quiet_count);
  ivs_interrupt_push(L);
  lua_error(L);
}

static void on_hook(lua_State *L, lua_Debug *ar) {
  (void)ar;
  raise_interrupt(L);
}

static void end_at_once(int number) {
  sigset_t set;
  signal(number, SIG_DFL);
  sigemptyset(&set);
  sigaddset(&set, number);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  raise(number);
}

static void on_signal(int number) {
  if (number == SIGPIPE) piped = 1;
  if (received != 0) {
    if (number != SIGPIPE && ms_since(&received_at) > SAME_SIGNAL_MS) end_at_once(number);
    return;
  }
  if (main_thread == NULL && number != SIGPIPE) end_at_once(number);
  received = number;
  if (main_thread == NULL) return;
  pending = 1;
  clock_gettime(CLOCK_MONOTONIC, &received_at);
  lua_sethook(main_thread, on_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

/* What was ignored from the start, as by nohup, stays ignored. None of those that are caught comes
   in the middle of the handler of another. */
static void catch_signal(int number) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigaction(number, NULL, &action);
  if (action.sa_handler == SIG_IGN && number != SIGPIPE) return;
  action = (struct sigaction){.sa_handler = on_signal}; /* no SA_RESTART: waiting calls end */
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < CAUGHT; i++) sigaddset(&action.sa_mask, caught[i]);
  sigaction(number, &action, NULL);
}

static int object_tostring(lua_State *L) {
  lua_pushliteral(L, "interrupted");
  return 1;
}

static void make_object(lua_State *L) {
  lua_createtable(L, 0, 2);
  lua_pushliteral(L, "Interrupted");
  lua_setfield(L, -2, "code");
  lua_pushliteral(L, "interrupted");
  lua_setfield(L, -2, "message");
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, object_tostring);
  lua_setfield(L, -2, "__tostring");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &object_key);
}

/* see interrupt.h */
void ivs_interrupt_push(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &object_key);
}

/* see interrupt.h */
void ivs_interrupt_check(lua_State *L) {
  if (pending) raise_interrupt(L);
}

/* see interrupt.h */
int ivs_interrupt_pending(void) {
  return pending;
}

/* see interrupt.h */
void ivs_interrupt_forget(void) {
  if (received != SIGINT) return;
  pending = 0;
  received = 0;
}

/* see interrupt.h */
int ivs_interrupt_code(void) {
  return received != 0 ? 128 + (int)received : 0;
}

/* see interrupt.h */
bool ivs_interrupt_piped(void) {
  return piped != 0;
}

/* see interrupt.h */
void ivs_interrupt_set_hook(lua_State *L, lua_Hook hook, int count) {
  quiet_hook = hook;
  quiet_count = count;
  lua_sethook(L, hook, LUA_MASKCOUNT, count);
}

/* see interrupt.h */
void ivs_interrupt_calm(void) {
  sigset_t ours, before;
  sigemptyset(&ours);
  for (int i = 0; i < CAUGHT; i++) sigaddset(&ours, caught[i]);
  sigprocmask(SIG_BLOCK, &ours, &before);
  pending = 0;
  lua_sethook(main_thread, quiet_hook, quiet_hook != NULL ? LUA_MASKCOUNT : 0, quiet_count);
  sigprocmask(SIG_SETMASK, &before, NULL);
}

/* see interrupt.h */
void ivs_interrupt_end(void) {
  main_thread = NULL;
}

/* see interrupt.h */
void ivs_interrupt_set(lua_State *L) {
  make_object(L);
  main_thread = L;
  for (int i = 0; i < CAUGHT; i++) catch_signal(caught[i]);
}
