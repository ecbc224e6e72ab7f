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
#include <ivs/posix.h>
#include <ivs/settings.h>
#include <ivs/tls.h>

#include <lauxlib.h>
#include <lua.h>

#include "ivs_lua.h"
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

/* --- ivs_module.c --- */

/* Pushes what is kept in the registry under key; false, and nothing is pushed, if there is nothing.
   Keys are addresses, so that two copies of the module in one state do not meet. */
bool ivs_kept(lua_State *L, const void *key);

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
  IVS_TRACE      /* function(event, text), or nil: told what goes over the connection */
};

struct ivs_lua_client {
  ivs_client core;
  struct ivs_settings settings; /* core points into it */
  struct ivs_endpoint endpoint;
  struct ivs_posix tcp;
  struct ivs_tls tls;
  struct ivs_tap tap; /* unused if under is NULL */
  bool has_tls; /* tls was set up, and must be freed */
  bool open;    /* core was set up */
  bool busy;    /* in the middle of a call */
};

/* The client at idx, open and not busy; raises otherwise. */
struct ivs_lua_client *ivs_check_client(lua_State *L, int idx);

/* ivs.client */
int ivs_lua_client_new(lua_State *L);

/* Makes the metatable of clients. */
void ivs_open_client(lua_State *L);

/* --- ivs_call.c --- */

enum { IVS_WORKSPACE_MAX = 16 * 1024 * 1024 }; /* a workspace grows no further */

/* Carries out a call. self: index of the client; request: index of the table, which may be nil.
   Pushes the answer and returns 1, or nil and the error and returns 2. Raises if the request is
   wrong. */
int ivs_invoke(lua_State *L, int self, int request, int op);

/* --- ivs_request.c --- */

/* Makes the request struct of an operation from the table (or nil) at idx, for the client at index
   self. Pushes three values that own it and must stay on the stack as long as it is used. Raises if a member is unknown, of a
   wrong type, missing, or not UTF-8. */
const void *ivs_push_request(lua_State *L, int self, int idx, int op);

/* --- ivs_answer.c --- */

/* Pushes an answer struct as a table, which uses up its lists. 0, or the error of ivs_next(); then
   something is left on the stack. */
int ivs_push_answer(lua_State *L, ivs_client *core, uint8_t type, void *out);

/* --- ivs_error.c --- */

/* Pushes nil and an error that is no call's. hint may be NULL. Returns 2. */
int ivs_push_failure(lua_State *L, const char *code, const char *message, const char *hint);

/* Pushes nil and the error of a call that failed with r. Returns 2. */
int ivs_push_call_failure(lua_State *L, struct ivs_lua_client *client, int op, int r);

/* Makes the metatable of errors. */
void ivs_open_error(lua_State *L);

/* --- ivs_pages.c --- */

/* The member of the answer that holds an operation's list, if it comes in pages; else NULL. */
const struct ivs_field *ivs_paged_list(int op);

/* "each_channel" for ListChannels. False if the operation has no pages. */
bool ivs_each_name(char to[IVS_NAME_MAX], int op);

/* The iterator's maker: a C function whose upvalue is the operation. */
int ivs_lua_each(lua_State *L);

/* --- ivs_json.c --- */

/* Pushes ivs.null. */
void ivs_push_null(lua_State *L);

/* Marks the table on top as a list. */
void ivs_mark_list(lua_State *L);

/* Adds json, null, list and map to the module's table on top. */
void ivs_open_json(lua_State *L);

/* --- ivs_describe.c --- */

/* ivs.operations */
int ivs_lua_operations(lua_State *L);

/* --- ivs_clock.c --- */

/* Adds sleep, now, monotonic and time to the module's table on top. */
void ivs_open_clock(lua_State *L);

#endif
