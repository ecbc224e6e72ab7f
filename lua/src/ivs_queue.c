/*
 * client:metadata_queue: a userdata that holds the core's queue with its buffer. Its calls share
 * the client with all others. One that is alive when a function of Lua's returns is noted in the
 * client, so that whoever calls next sees it to its end first.
 */
#include "ivs_binding.h"

#include <ivs/metadata_queue.h>

#include <stdio.h>

static const char metatable_key;

enum { LEAST_LIMIT = 16, LEAST_BUFFER = 256, MOST_BUFFER = 1 << 24, BUFFER = 16384 };
enum { MOST_RATE = 1000, ARN_MAX = 128 };
enum { LEARN_MS = 1000 }; /* between two questions for the time */
#define LONGEST 1e6       /* seconds, of ttl and flush */

/* Seconds until a queue with a call under way wants its next step: nobody waits for its connection
   in a loop of a script's own. */
#define POLL 0.02

/* User values of a queue: what its struct points to. */
enum { CLIENT = 1, ARN, OPEN, BETWEEN, CLOSE, QUEUE_VALUES = CLOSE };

struct ivs_lua_queue {
  ivs_metadata_queue core;
  struct ivs_lua_client *client;
  ivs_str open, between, close; /* of the joiner, if it is not the core's */
  size_t room;                  /* bytes for items, each with IVS_METADATA_ITEM_SIZE */
  uint32_t untold;              /* items that were refused, or are unsure, since a flush told */
  struct ivs_metadata_failure refusal; /* the last one of these */
  uint64_t learn_at; /* ticks before which the service is not asked for the time again */
  bool learning;     /* that is under way */
  bool closed;
  char buffer[];
};

/* --- options --- */

enum option {
  RATE,
  ACCOUNT_RATE,
  COALESCE,
  LIMIT,
  BUFFER_SIZE,
  JOIN,
  DROP_OLDEST,
  REFUSE_OFFLINE,
  AT_MOST_ONCE,
  OPTIONS
};
static const struct {
  const char *name;
  int type;
  int least, most; /* of a number */
} options[OPTIONS] = {
    [RATE] = {"rate", LUA_TNUMBER, 1, MOST_RATE},
    [ACCOUNT_RATE] = {"account_rate", LUA_TNUMBER, 1, MOST_RATE},
    [COALESCE] = {"coalesce", LUA_TBOOLEAN, 0, 0},
    [LIMIT] = {"limit", LUA_TNUMBER, LEAST_LIMIT, IVS_METADATA_MAX},
    [BUFFER_SIZE] = {"buffer", LUA_TNUMBER, LEAST_BUFFER, MOST_BUFFER},
    [JOIN] = {"join", LUA_TTABLE, 0, 0},
    [DROP_OLDEST] = {"drop_oldest", LUA_TBOOLEAN, 0, 0},
    [REFUSE_OFFLINE] = {"refuse_offline", LUA_TBOOLEAN, 0, 0},
    [AT_MOST_ONCE] = {"at_most_once", LUA_TBOOLEAN, 0, 0},
};

static void raise_unknown_option(lua_State *L, ivs_str name) {
  struct ivs_nearest nearest = {.wrong = name};
  for (int i = 0; i < OPTIONS; i++) ivs_nearest_try(&nearest, ivs_cstr(options[i].name));
  ivs_raise_unknown(L, "metadata_queue: no option ", &nearest);
}

/* Raises if a key of the table of options, at index -2, is none, or its value, on top, is not one
   for it. */
static void check_option(lua_State *L) {
  if (lua_type(L, -2) != LUA_TSTRING)
    luaL_error(L, "metadata_queue: options have names, as in { coalesce = false }");
  int i = 0, ok = 0;
  while (i < OPTIONS && !ivs_str_eq(ivs_to_str(L, -2), ivs_cstr(options[i].name))) i++;
  if (i == OPTIONS) raise_unknown_option(L, ivs_to_str(L, -2));
  if (lua_type(L, -1) != options[i].type)
    luaL_error(L, "metadata_queue: '%s' must be a %s, not a %s", options[i].name,
               lua_typename(L, options[i].type), luaL_typename(L, -1));
  if (options[i].type != LUA_TNUMBER) return;
  lua_Integer n = lua_tointegerx(L, -1, &ok);
  if (!ok || n < options[i].least || n > options[i].most)
    luaL_error(L, "metadata_queue: '%s' must be an integer, %d to %d", options[i].name,
               options[i].least, options[i].most);
}

/* Pushes an option of the table at index 3, or nil. */
static int push_option(lua_State *L, enum option i) {
  lua_pushstring(L, options[i].name);
  return lua_rawget(L, 3);
}

static int number_option(lua_State *L, enum option i, int otherwise) {
  int n = push_option(L, i) != LUA_TNIL ? (int)lua_tointeger(L, -1) : otherwise;
  lua_pop(L, 1);
  return n;
}

static bool flag_option(lua_State *L, enum option i, bool otherwise) {
  bool flag = push_option(L, i) != LUA_TNIL ? lua_toboolean(L, -1) : otherwise;
  lua_pop(L, 1);
  return flag;
}

/* --- making one --- */

/* The joiner of the option `join`; an ivs_metadata_join. */
static void join_with(void *context, struct ivs_out *o, enum ivs_metadata_piece piece,
                      const struct ivs_metadata_item *item) {
  const struct ivs_lua_queue *q = (const struct ivs_lua_queue *)context;
  if (piece == IVS_METADATA_BEGIN) ivs_put_str(o, q->open);
  if (piece == IVS_METADATA_NEXT) ivs_put_str(o, q->between);
  if (piece == IVS_METADATA_END) ivs_put_str(o, q->close);
  if (item != NULL) ivs_put_str(o, item->text);
}

/* A string of the option `join`, the table on top, which the queue at index 4 keeps. */
static ivs_str join_text(lua_State *L, int i, int value) {
  if (lua_rawgeti(L, -1, i) != LUA_TSTRING || !ivs_utf8_valid(ivs_to_str(L, -1)))
    luaL_error(L,
               "metadata_queue: 'join' must be three texts: before all items, between two, "
               "after all");
  ivs_str s = ivs_to_str(L, -1);
  lua_setiuservalue(L, 4, value);
  return s;
}

/* The rate that all queues of a client share. */
static struct ivs_pacer *account_pacer(lua_State *L, struct ivs_lua_client *client) {
  int rate = number_option(L, ACCOUNT_RATE, 0);
  if (rate == 0) return NULL;
  if (client->account_rate != 0 && client->account_rate != rate)
    luaL_error(L, "metadata_queue: 'account_rate' is %d for another queue of this client already",
               (int)client->account_rate);
  if (client->account_rate == 0) ivs_pacer_init(&client->account, (unsigned)rate, NULL);
  client->account_rate = (uint16_t)rate;
  return &client->account;
}

static ivs_str check_channel(lua_State *L) {
  luaL_checktype(L, 2, LUA_TSTRING);
  ivs_str arn = ivs_to_str(L, 2);
  bool fits = arn.n > 4 && arn.n <= ARN_MAX && memcmp(arn.p, "arn:", 4) == 0;
  for (size_t i = 0; fits && i < arn.n; i++) fits = arn.p[i] > ' ' && arn.p[i] <= '~';
  luaL_argcheck(L, fits, 2, "must be the ARN of a channel");
  return arn;
}

/* The new queue at index 4, of the client at 1, with the options at 3. */
static void set_up(lua_State *L, struct ivs_lua_queue *q, size_t buffer) {
  struct ivs_metadata_options core = {
      .client = &q->client->core,
      .channel_arn = check_channel(L),
      .account = account_pacer(L, q->client),
      .payload_max = (uint16_t)number_option(L, LIMIT, IVS_METADATA_MAX),
      .rate = (uint16_t)number_option(L, RATE, IVS_METADATA_RATE),
      .separate = !flag_option(L, COALESCE, true),
      .drop_oldest = flag_option(L, DROP_OLDEST, false),
      .refuse_offline = flag_option(L, REFUSE_OFFLINE, false),
      .at_most_once = flag_option(L, AT_MOST_ONCE, false),
  };
  if (push_option(L, JOIN) != LUA_TNIL) {
    q->open = join_text(L, 1, OPEN);
    q->between = join_text(L, 2, BETWEEN);
    q->close = join_text(L, 3, CLOSE);
    core.join = join_with;
    core.join_context = q;
  }
  lua_pop(L, 1);
  if (ivs_metadata_init(&q->core, &core, q->buffer, buffer) < 0)
    luaL_error(L, "metadata_queue: the buffer is too small");
  q->closed = false;
}

/* see ivs_binding.h. metadata_queue(client, arn [, options]) -> queue */
int ivs_lua_queue_new(lua_State *L) {
  struct ivs_lua_client *client = ivs_check_client(L, 1);
  lua_settop(L, 3);
  check_channel(L);
  if (lua_isnil(L, 3)) {
    lua_newtable(L);
    lua_replace(L, 3);
  }
  luaL_checktype(L, 3, LUA_TTABLE);
  for (lua_pushnil(L); lua_next(L, 3) != 0; lua_pop(L, 1)) check_option(L);
  size_t room = (size_t)number_option(L, BUFFER_SIZE, BUFFER), buffer = room;
  if (flag_option(L, COALESCE, true)) buffer += (size_t)number_option(L, LIMIT, IVS_METADATA_MAX);
  struct ivs_lua_queue *q =
      (struct ivs_lua_queue *)lua_newuserdatauv(L, sizeof *q + buffer, QUEUE_VALUES);
  memset(q, 0, sizeof *q);
  q->closed = true;
  q->client = client;
  q->room = room;
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, 4, CLIENT);
  lua_pushvalue(L, 2);
  lua_setiuservalue(L, 4, ARN);
  set_up(L, q, buffer);
  ivs_kept(L, &metatable_key);
  lua_setmetatable(L, 4);
  return 1;
}

/* --- methods --- */

/* The queue at idx, also a closed one. */
static struct ivs_lua_queue *to_queue(lua_State *L, int idx) {
  return (struct ivs_lua_queue *)ivs_to_own(
      L, idx, &metatable_key,
      "a metadata queue was expected, not a %s; call methods with a colon: q:flush(5)");
}

static struct ivs_lua_queue *check_queue(lua_State *L) {
  struct ivs_lua_queue *q = to_queue(L, 1);
  if (q->closed) luaL_error(L, "the metadata queue is closed");
  return q;
}

static size_t pending(const struct ivs_lua_queue *q) {
  return ivs_metadata_pending(&q->core);
}

static uint64_t ticks(const struct ivs_lua_queue *q) {
  struct ivs_port *port = q->client->core.options.port;
  return port->fn->ticks(port);
}

/* The seconds at idx. */
static double check_seconds(lua_State *L, int idx, double least) {
  double seconds = (double)luaL_checknumber(L, idx);
  luaL_argcheck(L, seconds >= least && seconds <= LONGEST, idx,
                least > 0 ? "must be 0.001 to 1e6 seconds" : "must be 0 to 1e6 seconds");
  return seconds;
}

/* Reads key and ttl from the table at index 3, if there is one. */
static void read_push_options(lua_State *L, struct ivs_metadata_item *item) {
  if (lua_isnoneornil(L, 3)) return;
  luaL_checktype(L, 3, LUA_TTABLE);
  for (lua_pushnil(L); lua_next(L, 3) != 0; lua_pop(L, 1)) {
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
    if (strcmp(name, "key") == 0) {
      if (lua_type(L, -1) != LUA_TSTRING || lua_rawlen(L, -1) > IVS_METADATA_KEY_MAX)
        luaL_error(L, "push: 'key' must be a string of at most %d bytes", IVS_METADATA_KEY_MAX);
      item->key = ivs_to_str(L, -1); /* which the table keeps */
    } else if (strcmp(name, "ttl") == 0) {
      int ok = 0;
      double seconds = (double)lua_tonumberx(L, -1, &ok);
      if (!ok || !(seconds >= 0.001 && seconds <= LONGEST))
        luaL_error(L, "push: 'ttl' must be 0.001 to 1e6 seconds");
      item->ttl_ms = (uint32_t)(seconds * 1000);
    } else {
      luaL_error(L, "push: the options are 'key' and 'ttl'");
    }
  }
}

/* Pushes nil and why an item makes no payload. */
static int push_unfit(lua_State *L, const struct ivs_lua_queue *q, size_t n) {
  const char *what = q->core.options.separate ? "" : ", with what is put around it";
  if (n == 0)
    return ivs_push_failure(L, "Empty", "the item is empty, and a payload must not be", NULL);
  lua_pushfstring(L, "the item is too long: a payload has at most %d bytes%s",
                  (int)q->core.options.payload_max, what);
  return ivs_push_failure(L, "TooLong", lua_tostring(L, -1), NULL);
}

/* Pushes nil and why an item that takes so many bytes has no room. */
static int push_no_room(lua_State *L, const struct ivs_lua_queue *q, size_t n) {
  if (n > q->room) {
    lua_pushfstring(L, "give the queue a buffer of at least %d bytes", (int)n);
    return ivs_push_failure(L, "TooLong", "the item is too long for the queue, also an empty one",
                            lua_tostring(L, -1));
  }
  lua_pushfstring(L, "the queue is full: %d %s", (int)pending(q),
                  pending(q) == 1 ? "item waits" : "items wait");
  ivs_push_failure(L, "QueueFull", lua_tostring(L, -1),
                   "flush it, push less often, or give a larger buffer or drop_oldest");
  lua_pushboolean(L, true);
  lua_setfield(L, -2, "retryable");
  return 2;
}

/* push(q, item [, { key, ttl }]) -> true; or nil and an error. It never waits. */
static int queue_push(lua_State *L) {
  struct ivs_lua_queue *q = check_queue(L);
  if (!q->client->open) return luaL_error(L, "the client is closed");
  struct ivs_metadata_item item = {.json = lua_type(L, 2) == LUA_TTABLE};
  lua_settop(L, 3);
  if (!item.json && lua_type(L, 2) != LUA_TSTRING)
    return luaL_error(L, "push: an item is a string or a table, not a %s", luaL_typename(L, 2));
  if (item.json) {
    ivs_push_json(L, 2);
    lua_replace(L, 2);
  }
  read_push_options(L, &item);
  item.text = ivs_to_str(L, 2);
  int r = ivs_metadata_push(&q->core, &item);
  if (r == IVS_ERR_UTF8) return luaL_error(L, "push: the item is not UTF-8");
  if (r == IVS_ERR_LENGTH) return push_unfit(L, q, item.text.n);
  if (r < 0) return push_no_room(L, q, IVS_METADATA_ITEM_SIZE + item.key.n + item.text.n);
  lua_pushboolean(L, true);
  return 1;
}

/* --- driving; with the client at index 1 and the queue at index 3 --- */

/* Notes which queue has the client; q is the one at index 3, or NULL. */
static void note_calling(lua_State *L, struct ivs_lua_client *client, struct ivs_lua_queue *q) {
  if (q != NULL) lua_pushvalue(L, 3);
  else lua_pushnil(L);
  lua_setiuservalue(L, 1, IVS_CALLING);
  client->calling = q;
}

/* A step towards the time of day, without which TLS trusts no certificate and no signature is
   good. */
static int learn_time(struct ivs_lua_queue *q, struct ivs_wait *w) {
  struct ivs_lua_client *client = q->client;
  uint64_t now = ticks(q);
  *w = (struct ivs_wait){.handle = -1, .until = q->learn_at};
  if (now < q->learn_at) return IVS_METADATA_WAITS;
  int r = ivs_clock_learn_step(&client->core, w);
  q->learning = r == 1;
  if (q->learning) return IVS_METADATA_CALLS;
  client->clock_asked = r == 0 || r == IVS_ERR_CLOCK;
  if (!client->clock_asked) q->learn_at = now + LEARN_MS;
  *w = (struct ivs_wait){.handle = -1, .until = q->learn_at};
  return client->clock_asked ? IVS_METADATA_CALLS : IVS_METADATA_WAITS;
}

static uint32_t not_accepted(const struct ivs_lua_queue *q) {
  return q->core.counters.refused + q->core.counters.unsure;
}

/* ivs_metadata_step(), with a note of what the service refused in it. */
static int step(struct ivs_lua_queue *q, struct ivs_wait *w) {
  uint32_t before = not_accepted(q);
  int r = ivs_metadata_step(&q->core, w);
  if (not_accepted(q) == before) return r;
  q->untold += not_accepted(q) - before;
  q->refusal = q->core.last;
  return r;
}

/* One step of a queue. Result as ivs_metadata_step(), never negative. It is noted before, for what
   may raise in it. */
static int advance(lua_State *L, struct ivs_lua_queue *q, struct ivs_wait *w) {
  struct ivs_lua_client *client = q->client;
  if (client->calling == NULL) note_calling(L, client, q);
  bool timeless = q->learning || (pending(q) > 0 && ivs_clock_unset(client));
  int r = timeless && client->calling == q ? learn_time(q, w) : step(q, w);
  if (r == IVS_ERR_SPACE) {
    if (ivs_grow(L, &client->core) < 0) ivs_cancel(&client->core);
    *w = (struct ivs_wait){.handle = -1};
    return IVS_METADATA_CALLS;
  }
  if (r != IVS_METADATA_CALLS && client->calling == q) note_calling(L, client, NULL);
  return r;
}

/* A step of the queue; of the one that has the client, if it is another one's turn. */
static int turn(lua_State *L, struct ivs_lua_queue *q, struct ivs_wait *w) {
  int r = advance(L, q, w);
  if (r != IVS_METADATA_BUSY || q->client->calling == NULL) return r;
  if (advance(L, q->client->calling, w) != IVS_METADATA_CALLS) w->until = 0; /* ours, now */
  return r;
}

/* see ivs_binding.h */
int ivs_queue_finish(lua_State *L, struct ivs_lua_client *client) {
  struct ivs_watch watch;
  struct ivs_wait w;
  if (client->calling == NULL) return 0;
  ivs_watch_begin(L, &watch);
  while (advance(L, client->calling, &w) == IVS_METADATA_CALLS) {
    int r = ivs_wait_for(client, &w, &watch);
    if (r < 0) return r;
  }
  return 0;
}

/* step(client, q): what can raise in it. */
static int run_step(lua_State *L) {
  struct ivs_lua_queue *q = (struct ivs_lua_queue *)lua_touserdata(L, 2);
  struct ivs_wait w;
  ivs_tap_begin(&q->client->tap, L);
  int r = turn(L, q, &w);
  if (r == 0) return 0;
  uint64_t now = ticks(q);
  double seconds = w.until > now ? (double)(w.until - now) / 1000 : 0;
  if (r != IVS_METADATA_WAITS && seconds > POLL) seconds = POLL;
  lua_pushnumber(L, (lua_Number)seconds);
  return 1;
}

/* step(q) -> seconds until the next one, or nil: nothing is left */
static int queue_step(lua_State *L) {
  struct ivs_lua_queue *q = check_queue(L);
  lua_settop(L, 1);
  lua_getiuservalue(L, 1, CLIENT);
  if (ivs_protect(L, 2, run_step, q, 1) == 0) lua_pushnil(L);
  return 1;
}

struct flush {
  struct ivs_lua_queue *queue;
  double seconds;
};

/* Pushes nil and why items are left, with their number. */
static int push_left(lua_State *L, const struct ivs_lua_queue *q, const char *code, double waited) {
  int n = (int)pending(q);
  const char *items = n == 1 ? "item is" : "items are";
  const struct ivs_metadata_failure *last = &q->core.last;
  if (strcmp(code, "Timeout") == 0)
    lua_pushfstring(L, "%d %s left after %f s", n, items, (lua_Number)waited);
  else lua_pushfstring(L, "the flush was interrupted; %d %s left", n, items);
  if (last->err != 0) {
    ivs_push_own_failure(L, last->err, last->status, last->code);
    lua_getfield(L, -1, "code");
    lua_pushfstring(L, "%s; the last failure was %s", lua_tostring(L, -4), lua_tostring(L, -1));
  }
  ivs_push_failure(L, code, lua_tostring(L, -1), NULL);
  lua_pushinteger(L, n);
  lua_setfield(L, -2, "pending");
  lua_pushboolean(L, true);
  lua_setfield(L, -2, "retryable");
  return 2;
}

/* Pushes nil and why items were not accepted, with their number. */
static int push_refused(lua_State *L, struct ivs_lua_queue *q) {
  const struct ivs_metadata_failure *why = &q->refusal;
  ivs_push_own_failure(L, why->err, why->status, why->code);
  lua_getfield(L, -1, "message");
  lua_pushfstring(L, "%d %s not accepted: %s", (int)q->untold,
                  q->untold == 1 ? "item was" : "items were", lua_tostring(L, -1));
  lua_setfield(L, -3, "message");
  lua_pop(L, 1);
  lua_pushboolean(L, false); /* they are not in the queue any more */
  lua_setfield(L, -2, "retryable");
  lua_pushinteger(L, (lua_Integer)q->untold);
  lua_setfield(L, -2, "refused");
  q->untold = 0;
  return 2;
}

/* flush(client, task): what can raise in it. */
static int run_flush(lua_State *L) {
  const struct flush *flush = (const struct flush *)lua_touserdata(L, 2);
  struct ivs_lua_queue *q = flush->queue;
  uint64_t until = ticks(q) + (uint64_t)(flush->seconds * 1000);
  struct ivs_watch watch;
  struct ivs_wait w;
  ivs_tap_begin(&q->client->tap, L);
  ivs_watch_begin(L, &watch);
  while (turn(L, q, &w) > 0) {
    if (ticks(q) >= until) return push_left(L, q, "Timeout", flush->seconds);
    if (w.until > until) w.until = until;
    int r = ivs_wait_for(q->client, &w, &watch);
    if (r == IVS_ERR_CANCELLED) return push_left(L, q, "Interrupted", 0);
    if (r < 0) return ivs_push_own_failure(L, r, 0, "");
  }
  if (q->untold > 0) return push_refused(L, q);
  lua_pushboolean(L, true);
  return 1;
}

/* flush(q, seconds) -> true; or nil and an error: items are left in the queue, or were refused since
   the flush before */
static int queue_flush(lua_State *L) {
  struct flush flush = {check_queue(L), check_seconds(L, 2, 0)};
  lua_settop(L, 1);
  lua_getiuservalue(L, 1, CLIENT);
  return ivs_protect(L, 2, run_flush, &flush, 1);
}

/* --- what became of the items --- */

static void set_count(lua_State *L, const char *name, uint64_t value) {
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, name);
}

/* counters(q) -> what became of all items that were pushed */
static int queue_counters(lua_State *L) {
  const struct ivs_lua_queue *q = to_queue(L, 1);
  const struct ivs_metadata_counters *n = &q->core.counters;
  lua_createtable(L, 0, 12);
  set_count(L, "pushed", n->pushed);
  set_count(L, "pending", pending(q));
  set_count(L, "sent", n->sent);
  set_count(L, "replaced", n->replaced);
  set_count(L, "expired", n->expired);
  set_count(L, "refused", n->refused);
  set_count(L, "dropped", n->dropped);
  set_count(L, "unsure", n->unsure);
  set_count(L, "payloads", n->payloads);
  set_count(L, "coalesced", n->coalesced);
  set_count(L, "throttled", n->throttled);
  set_count(L, "bytes", n->bytes);
  return 1;
}

/* last_error(q) -> why the last payload that was not accepted was not; or nil */
static int queue_last_error(lua_State *L) {
  const struct ivs_lua_queue *q = to_queue(L, 1);
  const struct ivs_metadata_failure *last = &q->core.last;
  struct ivs_lua_client *client = q->client;
  if (last->err == 0) return 0;
  if (client->busy || ivs_metadata_error(&q->core) == NULL) {
    ivs_push_own_failure(L, last->err, last->status, last->code);
    return 1;
  }
  client->retries_before = ivs_client_counters(&client->core)->retries; /* it has one attempt */
  ivs_push_call_failure(L, client, IVS_OP_PUT_METADATA, last->err);
  return 1;
}

static int queue_length(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)pending(to_queue(L, 1)));
  return 1;
}

static int queue_tostring(lua_State *L) {
  const struct ivs_lua_queue *q = to_queue(L, 1);
  lua_getiuservalue(L, 1, ARN);
  lua_pushfstring(L, "ivs metadata queue (%s, %d waiting%s)", lua_tostring(L, -1), (int)pending(q),
                  q->closed ? ", closed" : "");
  return 1;
}

/* --- the end --- */

/* The queue at index 1. */
static void empty(lua_State *L, struct ivs_lua_queue *q) {
  ivs_metadata_clear(&q->core);
  if (q->client->calling != q) return;
  if (q->learning) ivs_cancel(&q->client->core);
  q->learning = false;
  q->client->calling = NULL;
  lua_getiuservalue(L, 1, CLIENT);
  lua_pushnil(L);
  lua_setiuservalue(L, -2, IVS_CALLING);
}

/* Only a function that is told of a call's progress can meet it under way. */
static void check_idle(lua_State *L, const struct ivs_lua_queue *q) {
  if (q->client->busy && q->client->calling == q)
    luaL_error(L, "the metadata queue is in the middle of a call");
}

/* clear(q) -> the number of items that were thrown away */
static int queue_clear(lua_State *L) {
  struct ivs_lua_queue *q = check_queue(L);
  check_idle(L, q);
  lua_settop(L, 1);
  lua_pushinteger(L, (lua_Integer)pending(q));
  empty(L, q);
  lua_settop(L, 2);
  return 1;
}

/* Also __gc and __close. It sends nothing; what is lost by that is told. */
static int queue_close(lua_State *L) {
  struct ivs_lua_queue *q = to_queue(L, 1);
  if (q->closed) return 0;
  check_idle(L, q);
  size_t n = pending(q);
  ivs_str arn = q->core.options.channel_arn;
  q->closed = true;
  empty(L, q);
  if (n == 0) return 0;
  char line[ARN_MAX + 96];
  snprintf(line, sizeof line, "metadata for %.*s: %u item%s not sent, for the queue was closed",
           (int)arn.n, arn.p, (unsigned)n, n == 1 ? " was" : "s were");
  ivs_host_warn(L, line);
  return 0;
}

/* see ivs_binding.h */
void ivs_open_queue(lua_State *L) {
  static const luaL_Reg methods[] = {{"push", queue_push},
                                     {"flush", queue_flush},
                                     {"step", queue_step},
                                     {"counters", queue_counters},
                                     {"last_error", queue_last_error},
                                     {"clear", queue_clear},
                                     {"close", queue_close},
                                     {NULL, NULL}};
  static const luaL_Reg metamethods[] = {{"__gc", queue_close},
                                         {"__close", queue_close},
                                         {"__len", queue_length},
                                         {"__tostring", queue_tostring},
                                         {NULL, NULL}};
  ivs_keep_metatable(L, &metatable_key, "ivs.queue", methods, metamethods);
}
