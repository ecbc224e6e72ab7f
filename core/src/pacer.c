#include <ivs/pacer.h>

/* see ivs/pacer.h */
void ivs_pacer_init(struct ivs_pacer *p, unsigned rate, struct ivs_pacer *above) {
  IVS_ASSERT(rate >= 1 && rate <= 1000);
  memset(p, 0, sizeof *p);
  p->above = above;
  p->groups = (uint8_t)(rate < IVS_PACER_GROUPS ? rate : IVS_PACER_GROUPS);
  p->share = (uint16_t)(rate / p->groups);
  p->interval = p->least = (uint16_t)(1000 / rate);
}

/* A group that has calls can take more at any time. The first call of a group waits until the calls
   no longer count that the group had a round ago, so that within a second there are never calls of
   more than `groups` groups. */
static uint64_t group_ready(const struct ivs_pacer *p) {
  return p->used == 0 ? p->free_at[p->at] : 0;
}

/* see ivs/pacer.h */
uint64_t ivs_pacer_ready(const struct ivs_pacer *p) {
  uint64_t ready = 0;
  for (; p != NULL; p = p->above) {
    if (group_ready(p) > ready) ready = group_ready(p);
    if (p->next > ready) ready = p->next;
  }
  return ready;
}

/* see ivs/pacer.h */
bool ivs_pacer_room(const struct ivs_pacer *p, uint64_t now) {
  for (; p != NULL; p = p->above)
    if (group_ready(p) > now) return false;
  return true;
}

/* The call is known by its group in each pacer, three bits for each. */
enum { GROUP_BITS = 3, GROUP_MASK = 7 };

/* A group's calls count no shorter than they did: one that was lost may still arrive. */
static void count_until(uint64_t *free_at, uint64_t until) {
  if (*free_at < until) *free_at = until;
}

/* see ivs/pacer.h */
unsigned ivs_pacer_begin(struct ivs_pacer *p, uint64_t now) {
  unsigned call = 0;
  for (unsigned shift = 0; p != NULL; p = p->above, shift += GROUP_BITS) {
    call |= (unsigned)p->at << shift;
    count_until(&p->free_at[p->at], now + IVS_PACER_WINDOW_MS);
    p->next = now + p->interval;
    if (++p->used == p->share) {
      p->used = 0;
      p->at = (uint8_t)((p->at + 1) % p->groups);
    }
  }
  return call;
}

/* see ivs/pacer.h */
void ivs_pacer_end(struct ivs_pacer *p, unsigned call, uint64_t now) {
  for (; p != NULL; p = p->above, call >>= GROUP_BITS)
    count_until(&p->free_at[call & GROUP_MASK], now + IVS_PACER_WINDOW_MS);
}

/* see ivs/pacer.h */
void ivs_pacer_throttled(struct ivs_pacer *p, uint64_t now) {
  unsigned twice = 2u * p->interval;
  p->interval = (uint16_t)(twice < IVS_PACER_SLOWEST_MS ? twice : IVS_PACER_SLOWEST_MS);
  p->next = now + p->interval;
}

/* see ivs/pacer.h */
void ivs_pacer_accepted(struct ivs_pacer *p) {
  p->interval = (uint16_t)(p->interval - (p->interval - p->least + 3) / 4);
}
