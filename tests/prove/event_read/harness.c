#include <ivs/event.h>

#include "../checked_json.h"

enum { BOUND = 64 };

/* An array has both of its brackets. */
static void be_whole(ivs_str array) {
  GIVEN(array.n == 0 || array.p[0] != '[' || array.n >= 2);
}

/* Absent, or some of the event: as reading its members left it. */
static ivs_str view(ivs_str s) {
  return any_bool() ? (ivs_str){NULL, 0} : any_part(s);
}

void harness(void) {
  ivs_str s = any_text(BOUND);
  struct ivs_event *event = (struct ivs_event *)any_bytes(sizeof *event);
  event->source = view(s);
  event->detail_type = view(s);
  event->detail = view(s);
  event->resources = view(s);
  be_whole(event->resources);
  size_t room = any_size_to(BOUND);
  int r = ivs_event_decode(event, s.p, s.n, any_bytes(room), room);
  MUST(r == 0 || r == IVS_ERR_TYPE || r == IVS_ERR_SPACE || r == IVS_ERR_JSON ||
       r == IVS_ERR_JSON_DEPTH);
  if (r == 0) MUST(event->type <= IVS_EVENT_AD_BREAK_STATE);
}
