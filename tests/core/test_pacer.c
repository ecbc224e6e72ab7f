/*
 * The pacer against a service that counts the requests of every second, with networks that are as
 * unkind as they can be.
 */
#include "../check.h"

#include <ivs/pacer.h>

enum { CALLS = 3000 };

/* When a request arrives between the start of its call and its end. */
enum network { AT_RANDOM, AT_ONCE, LATE, LATE_THEN_AT_ONCE, NETWORKS };

static uint64_t arrival(enum network network, size_t i, uint64_t start, uint64_t way) {
  switch (network) {
    case AT_ONCE: return start;
    case LATE: return start + way;
    case LATE_THEN_AT_ONCE: return i % 6 == 0 ? start + way : start;
    default: return start + check_below((size_t)way + 1);
  }
}

/* Calls one after another. Returns how long they took. */
static uint64_t run(unsigned rate, enum network network, uint64_t longest_way, uint64_t idle,
                    bool throttles) {
  static uint64_t arrived[CALLS];
  struct ivs_pacer p;
  uint64_t now = check_below(3) * check_random() / 8, begun = now;
  ivs_pacer_init(&p, rate, NULL);
  CHECK(ivs_pacer_ready(&p) <= now);
  for (size_t i = 0; i < CALLS; i++) {
    if (idle > 0 && check_below(7) == 0) now += check_below((size_t)idle);
    if (ivs_pacer_ready(&p) > now) now = ivs_pacer_ready(&p);
    uint64_t way = check_below(4) == 0 ? check_below((size_t)longest_way + 1) : longest_way / 16;
    unsigned call = ivs_pacer_begin(&p, now);
    arrived[i] = arrival(network, i, now, way);
    now += way;
    ivs_pacer_end(&p, call, now);
    if (throttles && check_below(20) == 0) ivs_pacer_throttled(&p, now);
    else ivs_pacer_accepted(&p);
    if (i >= rate && !CHECK(arrived[i] - arrived[i - rate] >= 1000)) {
      fprintf(stderr, "  rate %u, network %d, call %zu\n", rate, (int)network, i);
      return 0;
    }
  }
  return now - begun;
}

static void never_over_the_rate(void) {
  static const unsigned rates[] = {1, 2, 3, 4, 5, 6, 7, 10, 13, 155, 999, 1000};
  static const uint64_t ways[] = {0, 1, 30, 100, 700, 5000};
  for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++)
    for (size_t w = 0; w < sizeof ways / sizeof ways[0]; w++)
      for (enum network network = AT_RANDOM; network < NETWORKS; network++) {
        run(rates[r], network, ways[w], 0, false);
        run(rates[r], network, ways[w], 3000, false);
        run(rates[r], network, ways[w], 3000, true);
      }
}

/* What the header says that the promise costs. */
static void not_far_under_the_rate(void) {
  for (unsigned rate = 1; rate <= 5; rate++)
    CHECK(run(rate, AT_ONCE, 0, 0, false) <= CALLS * 1021u / rate);
  CHECK(run(5, AT_ONCE, 100 * 16, 0, false) > 0);
  CHECK(run(155, AT_ONCE, 0, 0, false) <= CALLS * 1250u / 155);
  CHECK(run(10, AT_ONCE, 0, 0, false) <= CALLS * 1250u / 10);
  CHECK(run(13, AT_ONCE, 0, 0, false) <= CALLS * 1250u / 10);
}

/* Every call takes 100 ms there and back: 4.5 calls a second. */
static void a_round_trip_a_second(void) {
  struct ivs_pacer p;
  uint64_t now = 0;
  ivs_pacer_init(&p, 5, NULL);
  for (int i = 0; i < 500; i++) {
    if (ivs_pacer_ready(&p) > now) now = ivs_pacer_ready(&p);
    unsigned call = ivs_pacer_begin(&p, now);
    ivs_pacer_end(&p, call, now + 100);
    now += 100;
  }
  CHECK(now / 1000 >= 500 / 5 && now <= 500 * 1125 / 5);
}

/* The first calls of a pacer are spread too, none waits for a whole second. */
static void spread_evenly(void) {
  struct ivs_pacer p;
  ivs_pacer_init(&p, 5, NULL);
  for (uint64_t i = 0; i < 5; i++) {
    CHECK_INT(ivs_pacer_ready(&p), i == 0 ? 0 : 700 + 200 * i);
    uint64_t now = 700 + 200 * i;
    ivs_pacer_end(&p, ivs_pacer_begin(&p, now), now + 10);
  }
  CHECK_INT(ivs_pacer_ready(&p), 710 + IVS_PACER_WINDOW_MS);
}

/* Several clients at the same time: calls that hang do not stop the others; of those that answer in
   time no more than the rate are let go within a second. */
static void side_by_side(void) {
  enum { HUNG = 7 };
  struct ivs_pacer p;
  static uint64_t started[CALLS];
  uint64_t now = 5;
  ivs_pacer_init(&p, 155, NULL);
  for (int i = 0; i < HUNG; i++) ivs_pacer_begin(&p, now);
  for (size_t i = 0; i < CALLS; i++) {
    if (ivs_pacer_ready(&p) > now) now = ivs_pacer_ready(&p);
    started[i] = now;
    unsigned call = ivs_pacer_begin(&p, now);
    if (check_below(50) != 0) ivs_pacer_end(&p, call, now + check_below(3));
    if (i >= 155) CHECK(started[i] - started[i - 155] >= 1000);
  }
  CHECK(now < CALLS * 1300u / 155);
}

/* Channels under the rate of an account: both rates hold, for calls that take any time. */
static void one_above_the_other(void) {
  enum { CHANNELS = 3, ACCOUNT = 7, EFFECTIVE = 5 };
  struct ivs_pacer account, channel[CHANNELS];
  static uint64_t arrived[CALLS], own[CHANNELS][CALLS];
  size_t n = 0, count[CHANNELS] = {0};
  uint64_t now = 1;
  ivs_pacer_init(&account, ACCOUNT, NULL);
  for (unsigned i = 0; i < CHANNELS; i++) ivs_pacer_init(&channel[i], i + 2, &account);
  while (n < CALLS) {
    size_t i = check_below(CHANNELS), rate = i + 2;
    uint64_t ready = ivs_pacer_ready(&channel[i]);
    CHECK(ready >= ivs_pacer_ready(&account));
    if (check_below(100) == 0) now += check_below(3000);
    if (ready > now) {
      if (check_below(3) == 0) now++;
      continue;
    }
    unsigned call = ivs_pacer_begin(&channel[i], now);
    CHECK(call < 64);
    now += check_below(8) == 0 ? check_below(2000) : 0;
    ivs_pacer_end(&channel[i], call, now);
    arrived[n++] = own[i][count[i]++] = now;
    bool full = (n >= EFFECTIVE && arrived[n - EFFECTIVE] + 1000 > now) ||
                (count[i] >= rate && own[i][count[i] - rate] + 1000 > now);
    if (full) CHECK(!ivs_pacer_room(&channel[i], now));
    CHECK(ivs_pacer_room(&channel[i], now + IVS_PACER_WINDOW_MS));
    if (n > EFFECTIVE) CHECK(now - arrived[n - 1 - EFFECTIVE] >= 1000);
    if (count[i] > rate) CHECK(now - own[i][count[i] - 1 - rate] >= 1000);
  }
}

/* A call that was long under way counts where it was begun, in both: four more calls go at once,
   the fifth waits for its second to be over. */
static void long_call_counts_where_it_began(void) {
  struct ivs_pacer account, one, other;
  ivs_pacer_init(&account, 5, NULL);
  ivs_pacer_init(&one, 5, &account);
  ivs_pacer_init(&other, 5, &account);
  ivs_pacer_end(&other, ivs_pacer_begin(&other, 0), 0);
  uint64_t now = 200 + 3000;
  ivs_pacer_end(&one, ivs_pacer_begin(&one, 200), now);
  for (int i = 0; i < 4; i++) {
    uint64_t ready = ivs_pacer_ready(&other);
    CHECK(ready <= now);
    ivs_pacer_end(&other, ivs_pacer_begin(&other, now), now);
    now += 200;
  }
  CHECK_INT(ivs_pacer_ready(&other), 3200 + IVS_PACER_WINDOW_MS);
}

/* A call that may arrive late counts until then, whatever else its group does. */
static void lost_call_counts_on(void) {
  struct ivs_pacer p;
  ivs_pacer_init(&p, 155, NULL);
  unsigned lost = ivs_pacer_begin(&p, 0), answered = ivs_pacer_begin(&p, 10);
  ivs_pacer_end(&p, lost, 1100);
  ivs_pacer_end(&p, answered, 120);
  CHECK_INT(p.free_at[0], 1100 + IVS_PACER_WINDOW_MS);
  ivs_pacer_begin(&p, 200);
  CHECK_INT(p.free_at[0], 1100 + IVS_PACER_WINDOW_MS);
}

static void slows_down_and_recovers(void) {
  struct ivs_pacer p;
  ivs_pacer_init(&p, 5, NULL);
  uint64_t now = 100000, gap = 200;
  for (int i = 0; i < 12; i++) {
    ivs_pacer_throttled(&p, now);
    gap = gap * 2 < IVS_PACER_SLOWEST_MS ? gap * 2 : IVS_PACER_SLOWEST_MS;
    CHECK_INT(ivs_pacer_ready(&p) - now, gap);
    now = ivs_pacer_ready(&p);
  }
  int calls = 0;
  while (gap > 200 && calls < 100) {
    ivs_pacer_accepted(&p);
    ivs_pacer_end(&p, ivs_pacer_begin(&p, now), now);
    uint64_t next = ivs_pacer_ready(&p) - now;
    if (next > 1000) CHECK(next < gap && next * 4 >= gap * 3 - 8); /* gradually */
    gap = p.interval;
    now += 100000;
    calls++;
  }
  CHECK(calls > 8 && calls < 40);
  ivs_pacer_accepted(&p);
  CHECK_INT(p.interval, 200);
}

int main(void) {
  check_seed();
  RUN(never_over_the_rate);
  RUN(not_far_under_the_rate);
  RUN(a_round_trip_a_second);
  RUN(spread_evenly);
  RUN(side_by_side);
  RUN(one_above_the_other);
  RUN(long_call_counts_where_it_began);
  RUN(lost_call_counts_on);
  RUN(slows_down_and_recovers);
  return check_done();
}
