/*
 * What the files of the binding have in common.
 *
 * Rules here: nothing is held, by the C side, across a call of Lua's that can raise: memory is a
 * userdata on Lua's stack, a resource belongs to the client's userdata. Mistakes in a script raise,
 * where the script made them; what the world does is returned as nil and an error object.
 */
#ifndef IVS_BINDING_H
#define IVS_BINDING_H

#include <ivs/client.h>
#include <ivs/pacer.h>

#include <lauxlib.h>
#include <lua.h>
#include <string.h>

#include "ivs_host.h"
#include "ivs_lua.h"
#include "ivs_older.h"
#include "ivs_tap.h"

_Static_assert(sizeof(lua_Integer) >= 8, "a Lua built with 32-bit integers cannot hold the API's");

/* --- ivs_names.c: how names of the API look in Lua, and which one was meant --- */

enum { IVS_NAME_MAX = 64 };

/* "CreateChannel" as "create_channel", or with another separator as "create-channel". NUL-ended; a
   name that is too long is cut. */
void ivs_name_split(char to[IVS_NAME_MAX], ivs_str name, char separator);

/* The last word of a name from plural to singular: "playback_restriction_policies" to "..._policy".
   In place. */
void ivs_name_singular(char *name);

/* The operation of that name, in the form GetChannel, get_channel or get-channel; -1 if there is
   none. */
int ivs_name_operation(ivs_str name);

/* Looks for the likeliest among many names. Zeroed but for `wrong`; best is "" as long as none
   comes near. */
struct ivs_nearest {
  ivs_str wrong;
  char best[IVS_NAME_MAX];
  unsigned distance;
};
void ivs_nearest_try(struct ivs_nearest *n, ivs_str candidate);

/* Adds text that a script gave to a message, in quotes: cut to a length that can be read, without
   control characters. */
void ivs_add_quoted(luaL_Buffer *b, ivs_str s, char quote);

/* Adds "; did you mean '...'?" if there is a name that comes near. */
void ivs_add_nearest(luaL_Buffer *b, const struct ivs_nearest *n);

/* Raises "WHERE: what 'wrong'; did you mean '...'?", where WHERE is the place of the call in Lua.
   Does not return; int, so that a function of Lua can return it. */
int ivs_raise_unknown(lua_State *L, const char *what, const struct ivs_nearest *n);

/* --- ivs_module.c --- */

/* Pushes what is kept in the registry under key; false, and nothing is pushed, if there is nothing.
   Keys are addresses, so that two copies of the module in one state do not meet. */
bool ivs_kept(lua_State *L, const void *key);

/* Keeps a metatable under key, unless there is one: `name` is its __name, the methods are its
   __index. Both lists end with {NULL, NULL}; neither is empty. */
void ivs_keep_metatable(lua_State *L, const void *key, const char *name, const luaL_Reg *methods,
                        const luaL_Reg *metamethods);

/* The userdata at idx, whose metatable is kept under key. Raises if it is anything else: `wanted`
   is a format for luaL_error() with one %s, for what it is. */
void *ivs_to_own(lua_State *L, int idx, const void *key, const char *wanted);

/* The view of a string at idx. */
static inline ivs_str ivs_to_str(lua_State *L, int idx) {
  ivs_str s;
  s.p = lua_tolstring(L, idx, &s.n);
  return s;
}

static inline void ivs_push_str(lua_State *L, ivs_str s) {
  lua_pushlstring(L, s.p != NULL ? s.p : "", s.n);
}

/* --- ivs_interrupt.c --- */

/* A signal between a look at it and the wait would be missed: look again after that. */
enum { IVS_LOOK_MS = 500 };

struct ivs_watch {
  lua_State *main;
  lua_Hook hook;
  int (*host)(void);
};

void ivs_watch_begin(lua_State *L, struct ivs_watch *watch);
bool ivs_watch_interrupted(const struct ivs_watch *watch);

/* --- ivs_client.c --- */

/* User values of a client. */
enum {
  IVS_WORKSPACE = 1,
  IVS_MAP_ORDER, /* function(map, names), or nil: told in which order the names of a map came */
  IVS_MAP_NAMES, /* function(map) -> names, or nil: tells in which order those of a request go */
  IVS_TRACE,     /* function(event, text), or nil: told what goes over the connection */
  IVS_CALLING,   /* the metadata queue that client->calling points to, or nil */
  IVS_HOST,      /* the memory of client->host */
  IVS_SOURCES,   /* more of it, where the host has sources of credentials */
  IVS_CLIENT_VALUES = IVS_SOURCES
};

struct ivs_lua_queue;

struct ivs_lua_client {
  ivs_client core;
  struct ivs_endpoint endpoint;
  const char *region;        /* the host's; NULL: none yet */
  struct ivs_lua_host *host; /* in a user value; core points into it */
  struct ivs_lua_way way;
  struct ivs_tap tap; /* unused if under is NULL */
  bool open;          /* core was set up */
  bool busy;          /* in the middle of a call */
  bool clock_asked;   /* the time was taken from the service, as the machine has none */

  uint32_t retries_before; /* as the call under way, or the last one, found them */
  int64_t offset_before;

  struct ivs_lua_queue *calling; /* the metadata queue whose call is alive between two functions of
                                    Lua's, or NULL */
  struct ivs_pacer account;      /* of all queues of this client that are told the account's rate */
  uint16_t account_rate;         /* 0: none was told yet */
};

/* The client at idx, open and not busy; raises otherwise. */
struct ivs_lua_client *ivs_check_client(lua_State *L, int idx);

/* For a host: sets the client's region and endpoint, by the options at index 1 that are no host's
   too. 0, or the results that were pushed. */
int ivs_set_place(lua_State *L, struct ivs_lua_client *client, const struct ivs_lua_place *place);

/* ivs.client */
int ivs_lua_client_new(lua_State *L);

/* Makes the metatable of clients. */
void ivs_open_client(lua_State *L);

/* --- ivs_options.c: the table that ivs.client takes, at index 1 --- */

enum ivs_lua_option {
  IVS_OPT_PROFILE,
  IVS_OPT_REGION,
  IVS_OPT_ENDPOINT,
  IVS_OPT_FIPS,
  IVS_OPT_DUAL_STACK,
  IVS_OPT_ACCESS_KEY_ID,
  IVS_OPT_SECRET_ACCESS_KEY,
  IVS_OPT_SESSION_TOKEN,
  IVS_OPT_ROLE_ARN,
  IVS_OPT_ROLE_SESSION_NAME,
  IVS_OPT_EXTERNAL_ID,
  IVS_OPT_DURATION_SECONDS,
  IVS_OPT_WEB_IDENTITY_TOKEN_FILE,
  IVS_OPT_IOT,
  IVS_OPT_CA_BUNDLE,
  IVS_OPT_PROXY,
  IVS_OPT_VERIFY,
  IVS_OPT_TIMEOUT,
  IVS_OPT_MAX_ATTEMPTS,
  IVS_OPT_RETRY_MODE,
  IVS_OPT_METADATA_ONCE,
  IVS_OPT_KEEP_CLOCK,
  IVS_OPT_SIGN,
  IVS_OPT_CONNECT_TIMEOUT,
  IVS_OPT_READ_TIMEOUT,
  IVS_OPT_MAP_ORDER,
  IVS_OPT_MAP_NAMES,
  IVS_OPT_TRACE,
  IVS_OPT_COUNT
};

/* Raises if the table holds anything but options, each of its type and in its range. */
void ivs_check_options(lua_State *L);

const char *ivs_option_name(enum ivs_lua_option i);

/* Pushes an option; false, and nothing is pushed, if it is not given. */
bool ivs_push_option(lua_State *L, enum ivs_lua_option i);

bool ivs_option_given(lua_State *L, enum ivs_lua_option i);

/* The text of an option, NUL-ended, which stays on the stack; absent if it is not given. */
ivs_str ivs_option_text(lua_State *L, enum ivs_lua_option i);

bool ivs_option_flag(lua_State *L, enum ivs_lua_option i, bool otherwise);

/* A whole number; 0 if it is not given. */
uint32_t ivs_option_number(lua_State *L, enum ivs_lua_option i);

/* A time in ms; 0 if it is not given, or is 0 seconds for "no limit". */
uint32_t ivs_option_time(lua_State *L, enum ivs_lua_option i);

/* Copies an option over a setting, if it is given. False if it is too long. */
bool ivs_option_copy(lua_State *L, enum ivs_lua_option i, char *to, size_t size);

/* True if keys are among the options, also if not all of them are. */
bool ivs_option_keys(lua_State *L);

/* Takes the keys of the options into creds. 0, or the results that were pushed. */
int ivs_set_keys(lua_State *L, struct ivs_creds *creds);

/* --- ivs_call.c --- */

enum { IVS_WORKSPACE_MAX = 16 * 1024 * 1024 }; /* a workspace grows no further */

/* Carries out a call. self: index of the client; request: index of the table, which may be nil.
   Pushes the answer and returns 1, or nil and the error and returns 2. Raises if the request is
   wrong. */
int ivs_invoke(lua_State *L, int self, int request, int op);

/* Notes where a call begins, for ivs_push_call_failure(). */
void ivs_note_begin(struct ivs_lua_client *client);

/* Hands the client at index 1 the workspace that its call has asked for. 0, or IVS_ERR_SPACE. */
int ivs_grow(lua_State *L, ivs_client *core);

/* Waits for what a step of a call, of the client at index 1, has asked for, up to IVS_LOOK_MS. 0,
   IVS_ERR_CANCELLED if it is to be interrupted, or the port's error. */
int ivs_wait_for(struct ivs_lua_client *client, struct ivs_wait *w, const struct ivs_watch *watch);

/* Calls run_it(client, argument, the value at index other), what can raise while a call of the
   client at index self is under way. Pushes its results and returns their number; if it raises, the
   call is ended and the error raised again. */
int ivs_protect(lua_State *L, int self, lua_CFunction run_it, void *argument, int other);

/* --- ivs_request.c --- */

/* Makes the request struct of an operation from the table (or nil) at idx, for the client at index
   self. Pushes three values that own it and must stay on the stack as long as it is used. Raises if
   a member is unknown, of a wrong type, missing, or not UTF-8. */
const void *ivs_push_request(lua_State *L, int self, int idx, int op);

/* --- ivs_answer.c --- */

/* Pushes an answer struct as a table, which uses up its lists. 0, or the error of ivs_next(); then
   something is left on the stack. */
int ivs_push_answer(lua_State *L, ivs_client *core, uint8_t type, void *out);

/* --- ivs_error.c --- */

/* Pushes nil and an error that is no call's. hint may be NULL. Returns 2. */
int ivs_push_failure(lua_State *L, const char *code, const char *message, const char *hint);

/* Gives the error on top the field `endpoint`: the URL without a slash at its end. */
void ivs_set_endpoint(lua_State *L, const struct ivs_endpoint *e);

/* Pushes nil and the error that stands for IVS_ERR_*, or of the service with the HTTP status and
   its code. Returns 2. */
int ivs_push_own_failure(lua_State *L, int err, int status, const char *code);

/* Pushes nil and the error of a call that failed with r. Returns 2. */
int ivs_push_call_failure(lua_State *L, struct ivs_lua_client *client, int op, int r);

/* The same of a call that did not begin, of which ivs_last() knows nothing. detail: what the port
   says of that, or "". Returns 2. */
int ivs_push_unbegun(lua_State *L, struct ivs_lua_client *client, int op, int r,
                     const char *detail);

/* Makes the metatable of errors. */
void ivs_open_error(lua_State *L);

/* --- ivs_pages.c --- */

/* The member of the answer that holds an operation's list, if it comes in pages; else NULL. */
const struct ivs_field *ivs_paged_list(int op);

/* "each_channel" for ListChannels. False if the operation has no pages. */
bool ivs_each_name(char to[IVS_NAME_MAX], int op);

/* The iterator's maker: a C function whose upvalue is the operation. */
int ivs_lua_each(lua_State *L);

/* --- ivs_queue.c --- */

/* client:metadata_queue */
int ivs_lua_queue_new(lua_State *L);

/* Sees the call of a queue to its end, if one is alive on the client at index 1. 0, or why that is
   not possible; the call is still alive then. */
int ivs_queue_finish(lua_State *L, struct ivs_lua_client *client);

/* Makes the metatable of queues. */
void ivs_open_queue(lua_State *L);

/* --- ivs_json.c --- */

/* Pushes the value at idx as JSON on one line; raises for what JSON cannot say. */
void ivs_push_json(lua_State *L, int idx);

/* Pushes the value that a JSON text, which stays where it is, stands for, and returns 1; or pushes
   nil and the error NotJson, and returns 2. */
int ivs_push_decoded(lua_State *L, ivs_str text);

/* Pushes ivs.null. */
void ivs_push_null(lua_State *L);

/* Marks the table on top as a list. */
void ivs_mark_list(lua_State *L);

/* Adds json, null, list and map to the module's table on top. */
void ivs_open_json(lua_State *L);

/* --- ivs_token.c --- */

/* Adds token to the module's table on top, where mbedTLS has what it takes. */
void ivs_open_token(lua_State *L);

/* --- ivs_events.c --- */

/* Adds events to the module's table on top. */
void ivs_open_events(lua_State *L);

/* --- ivs_describe.c --- */

/* ivs.operations, ivs.operation */
int ivs_lua_operations(lua_State *L);
int ivs_lua_operation(lua_State *L);

/* --- ivs_wait.c --- */

/* client:wait_recording_configuration(arn [, seconds]) */
int ivs_lua_wait_recording(lua_State *L);

/* --- ivs_clock.c --- */

/* 2026-01-01, since 1970: a clock that says less was never set. */
enum { IVS_EARLIEST_SECONDS = 1767225600 };

/* Adds sleep, now, monotonic and time to the module's table on top. */
void ivs_open_clock(lua_State *L);

/* False: a signal, or whoever wants the script to end, was first. */
bool ivs_sleep(lua_State *L, double seconds);

/* This machine's clock was never set, and the service has not been asked for the time yet. */
bool ivs_clock_unset(const struct ivs_lua_client *client);

/* Takes the time from the service if this machine's clock was never set, for the client at index 1
   that is about to make a call which has to end when the port's ticks are at end. 0, or the error
   that call is to end with. */
int ivs_clock_ready(lua_State *L, struct ivs_lua_client *client, uint64_t end);

/* client:clock(), client:clock_offset([seconds]), client:learn_clock() */
int ivs_lua_client_clock(lua_State *L);
int ivs_lua_client_clock_offset(lua_State *L);
int ivs_lua_client_learn_clock(lua_State *L);

#endif
