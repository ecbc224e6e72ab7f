/*
 * What the tests of the sources of credentials share: a port made of memory, a workspace with
 * nothing behind it, and a loop that steps a provider to its end as a client does.
 */
#ifndef PROVIDER_SETUP_H
#define PROVIDER_SETUP_H

#include "../check.h"

#include <ivs/fetch.h>

#include "fake_port.h"

#define NOW ((int64_t)1795339800) /* 2026-11-22T09:30:00Z, as the clock of the fake */
#define HOUR_ON "2026-11-22T10:30:00Z"
#define LONG_AGO "2026-11-22T09:29:59Z"
#define DATE_NOW "Sun, 22 Nov 2026 09:30:00 GMT"

#define KEY_ID "ASIAEXAMPLE"
#define SECRET "TheSecretThatMustNotStay"
#define TOKEN "TheSessionToken/That+MustNotStay=="

enum { SPACE = (IVS_FETCH_SPACE + 4095) / 4096 * 4096 }; /* whole pages */

static struct fake fake;
static struct ivs_endpoint endpoint;
static char *space; /* ends at a page that cannot be touched */
static char *aside; /* the same, for whom shares nothing */

static const char ok_head[] = "HTTP/1.1 200 OK\r\nContent-Type: whatever";
static const struct ivs_creds no_creds;

static inline struct ivs_fetch_options fetch_over(const char *url, size_t space_n) {
  CHECK_INT(ivs_endpoint_from_url(&endpoint, ivs_cstr(url)), 0);
  struct ivs_fetch_options options = {.port = &fake.port,
                                      .endpoint = &endpoint,
                                      .space = space + SPACE - space_n,
                                      .space_n = space_n};
  return options;
}

static inline bool is_blank(const char *p, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (p[i] != 0) return false;
  return true;
}

static inline bool was_sent(const char *text) {
  return check_holds(fake.sent, fake.sent_n, text);
}

static inline size_t count_sent(const char *text) {
  size_t count = 0, n = strlen(text);
  for (size_t i = 0; i + n <= fake.sent_n; i++) count += memcmp(fake.sent + i, text, n) == 0;
  return count;
}

static inline bool has_problem(const struct ivs_provider *p, const char *text) {
  bool same = strcmp(p->problem, text) == 0;
  if (!CHECK(same)) fprintf(stderr, "  \"%s\"\n  expected \"%s\"\n", p->problem, text);
  return same;
}

/* The workspace was too small; where a token is read into it, that may have been what did not fit. */
static inline void lacks_room(const struct ivs_provider *p, const char *name) {
  char text[100];
  bool token = strstr(p->problem, "its token does not fit: ") != NULL;
  snprintf(text, sizeof text, "%s: %sworkspace too small", name,
           token ? "its token does not fit: " : "");
  has_problem(p, text);
}

/* After an end: nothing is open, nothing secret is left, and the problem shows none of it. */
static inline void check_clean(const struct ivs_provider *p) {
  CHECK_INT(fake.opened, fake.closed);
  CHECK(is_blank(space, SPACE));
  CHECK(!check_holds(p->problem, sizeof p->problem, "MustNotStay"));
}

/* Steps to the end, waiting as it wants. A wait that nothing ends is a failure. */
static inline int drive(struct ivs_provider *p, int (*step)(struct ivs_provider *p, int64_t now),
                        int64_t now) {
  int r, turns = 0;
  while ((r = step(p, now)) == 1 || r == IVS_AGAIN) {
    struct ivs_wait w = {-1, 0, UINT64_MAX};
    if (!CHECK(++turns < 100000)) break;
    if (r == 1) continue;
    p->fn->wants(p, &w);
    CHECK(w.until != UINT64_MAX && (w.events != 0 || w.until > fake.now));
    CHECK_INT(fake.port.fn->wait(&fake.port, &w), 0);
  }
  check_clean(p);
  return r;
}

static inline int run_at(struct ivs_provider *p, int64_t now) {
  return drive(p, p->fn->step, now);
}

static inline int run(struct ivs_provider *p) {
  return run_at(p, NOW);
}

/* What a source has to have taken over from a good answer. */
static inline void check_taken(const struct ivs_provider *p) {
  CHECK_STR(ivs_cstr(p->creds.access_key_id), KEY_ID);
  CHECK_STR(ivs_cstr(p->creds.secret_access_key), SECRET);
  CHECK_STR(ivs_cstr(p->creds.session_token), TOKEN);
  CHECK_INT(p->expires, NOW + 3600);
  CHECK_INT(p->due, NOW + 3300);
}

static inline void check_nothing_taken(const struct ivs_provider *p) {
  CHECK_INT(p->version, 0);
  CHECK(memcmp(&p->creds, &no_creds, sizeof no_creds) == 0);
}

static inline void set_up_memory(void) {
  space = check_guard(SPACE);
  aside = check_guard(SPACE);
}

static inline void tear_down_memory(void) {
  check_guard_free(space, SPACE);
  check_guard_free(aside, SPACE);
}

#endif
