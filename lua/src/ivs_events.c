/*
 * ivs.events: what EventBridge sends.
 */
#include "ivs_binding.h"

#include <ivs/event.h>

static void set_text(lua_State *L, const char *field, ivs_str s) {
  if (s.p == NULL) return;
  ivs_push_str(L, s);
  lua_setfield(L, -2, field);
}

/* Sets what is JSON in the event, as a value. A number that Lua cannot hold leaves the
   field out. */
static void set_json(lua_State *L, const char *field, ivs_str text) {
  if (text.p == NULL) return;
  if (ivs_push_decoded(L, text) == 1) lua_setfield(L, -2, field);
  else lua_pop(L, 2);
}

static void push_event(lua_State *L, const struct ivs_event *e) {
  static const char *const types[] = {/* enum ivs_event_type */
                                      "other",        "stream_state",    "stream_health",
                                      "limit_breach", "recording_state", "ad_break_state"};
  lua_createtable(L, 0, 12);
  lua_pushstring(L, types[e->type]);
  lua_setfield(L, -2, "type");
  set_text(L, "id", e->id);
  set_text(L, "source", e->source);
  set_text(L, "detail_type", e->detail_type);
  set_text(L, "account", e->account);
  set_text(L, "region", e->region);
  set_text(L, "time", e->time.text);
  if (e->time.text.p != NULL) {
    lua_pushinteger(L, e->time.seconds);
    lua_setfield(L, -2, "seconds");
  }
  set_text(L, "channel_arn", e->channel_arn);
  set_json(L, "resources", e->resources);
  set_json(L, "detail", e->detail);
}

/* decode(text) -> event, or nil and the error NotJson or NotAnEvent */
static int events_decode(lua_State *L) {
  struct ivs_event *event;
  lua_settop(L, 1);
  luaL_checktype(L, 1, LUA_TSTRING);
  ivs_str text = ivs_to_str(L, 1);
  event = (struct ivs_event *)lua_newuserdatauv(L, sizeof *event, 0);
  void *spare = lua_newuserdatauv(L, text.n + 1, 0);
  int r = ivs_event_decode(event, text.p, text.n, spare, text.n);
  if (r == IVS_ERR_TYPE)
    return ivs_push_failure(L, "NotAnEvent", "the text has no source, detail-type and detail",
                            "give the whole event, as EventBridge sends it");
  if (r == IVS_ERR_JSON_DEPTH)
    return ivs_push_failure(L, "NotJson", "the text is nested too deep", NULL);
  if (r < 0) return ivs_push_failure(L, "NotJson", "the text is not JSON", NULL);
  push_event(L, event);
  return 1;
}

/* see ivs_binding.h */
void ivs_open_events(lua_State *L) {
  static const luaL_Reg functions[] = {{"decode", events_decode}, {NULL, NULL}};
  luaL_newlib(L, functions);
  lua_setfield(L, -2, "events");
}
