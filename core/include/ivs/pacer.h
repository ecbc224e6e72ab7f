/*
 * A pacer holds calls under a rate that the service sets per second: PutMetadata 5 for a channel
 * and 155 for an account, most other operations 5 or 3 for an account.
 *
 * The promise: of calls made one after another, no more than the rate reach the service within any
 * second of its clock. That does not rest on a guess about the network. A call has reached the
 * service before its answer is here, so it is from the answer on that the pacer counts the second
 * after which the call makes room for another, however long the way there and back was. The price
 * is one round trip a second: at 100 ms it lets 4.5 calls a second out of 5 through. For calls that
 * run side by side (a pacer shared by several clients) the second counts from the start until the
 * answer has come, so that one that hangs does not stop the others.
 *
 * Within the rate calls are spread evenly rather than let go in a burst, so that none waits long.
 */
#ifndef IVS_PACER_H
#define IVS_PACER_H

#include <ivs/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Milliseconds for which a call counts: a second, and 2% for a clock that runs fast here or slow
   there, and for ticks being whole milliseconds. */
enum { IVS_PACER_WINDOW_MS = 1020 };

/* Milliseconds that a pacer leaves between two starts at most, however often it was throttled. */
enum { IVS_PACER_SLOWEST_MS = 10000 };

/* Groups of calls whose second is kept apart; each is a fifth of the rate. */
enum { IVS_PACER_GROUPS = 5 };

/* Private. A pacer may be shared by all that one thread does. */
struct ivs_pacer {
  struct ivs_pacer *above;            /* whose rate holds too, or NULL */
  uint64_t free_at[IVS_PACER_GROUPS]; /* ticks from which the calls of a group no longer count */
  uint64_t next;                      /* ticks before which no call starts */
  uint16_t least;                     /* milliseconds between two starts, */
  uint16_t interval;                  /* and as it is after throttling */
  uint16_t share;                     /* calls of a group */
  uint16_t used;                      /* of the group that fills */
  uint8_t groups;
  uint8_t at; /* the group that fills */
};

/*
 * Sets a pacer up for so many calls a second, 1 to 1000. Over 5, what does not divide by 5 is cut
 * off (155 stays, 13 is 10), and the even spread costs up to a fifth.
 * above: NULL, or another one that its calls count for as well, an account's above those of its
 * channels; it must outlive this one, and stand below none itself.
 */
void ivs_pacer_init(struct ivs_pacer *p, unsigned rate, struct ivs_pacer *above);

/* The tick from which the next call may start. */
uint64_t ivs_pacer_ready(const struct ivs_pacer *p);

/* Notes that a call starts now, also one that was not waited for. Returns what ivs_pacer_end()
   wants to know, under 64. */
unsigned ivs_pacer_begin(struct ivs_pacer *p, uint64_t now);

/* Whether one more request now, beside the call that has just begun, would keep to the rate. */
bool ivs_pacer_room(const struct ivs_pacer *p, uint64_t now);

/* Notes that the call has ended: now, if with an answer. Without one, from when its request can be
   taken not to arrive any more. */
void ivs_pacer_end(struct ivs_pacer *p, unsigned call, uint64_t now);

/* The service refused a call as one too many: from now on this pacer, not the one above, leaves
   twice the time between two calls. */
void ivs_pacer_throttled(struct ivs_pacer *p, uint64_t now);

/* It took one: the pacer goes a quarter of the way back to its rate. */
void ivs_pacer_accepted(struct ivs_pacer *p);

#ifdef __cplusplus
}
#endif

#endif
