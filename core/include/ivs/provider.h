/*
 * Sources of credentials that end: whoever has them asks anew in time.
 *
 * A provider is a machine like a call: it never blocks, and is stepped by the client that needs
 * credentials, as part of its call. Several clients of one thread may share one; then one of them
 * refreshes for all.
 *
 * Credentials are asked for ahead of their end: 5 minutes before it, or in the middle of a life
 * shorter than 10 minutes. While that fails, the old ones are used until they really end, and it is
 * tried again every minute.
 */
#ifndef IVS_PROVIDER_H
#define IVS_PROVIDER_H

#include <ivs/creds.h>
#include <ivs/port.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { IVS_PROVIDER_PROBLEM_MAX = 191 };

struct ivs_provider;

struct ivs_provider_functions {
  /*
   * Begins to get credentials if that is not under way, and goes on with it. now: seconds since
   * 1970 as the client has corrected them, or IVS_CLOCK_UNKNOWN. 1 or IVS_AGAIN: not yet; after
   * IVS_AGAIN wants() tells for what it waits. 0: they are there (ivs_provider_take() was called).
   * Else an error, with problem set; nothing is under way any more.
   */
  int (*step)(struct ivs_provider *p, int64_t now);

  /* As that of a port. */
  void (*wants)(struct ivs_provider *p, struct ivs_wait *w);

  /* Gives up what is under way. May be called at any time. */
  void (*cancel)(struct ivs_provider *p);
};

/* The first member of every source's own struct. All may be read; only the source writes. */
struct ivs_provider {
  const struct ivs_provider_functions *fn;
  int64_t expires;        /* seconds since 1970 when they end; 0: never; of wiped ones INT64_MIN */
  int64_t due;            /* when to ask for new ones; 0: never */
  uint32_t version;       /* another whenever they were taken or wiped; 0: there were none yet */
  uint16_t waiting;       /* clients that wait for new ones: theirs to count */
  struct ivs_creds creds; /* in use; secret: ivs_provider_wipe(). Empty before the first time */
  /* Which source failed and why, or that it has not answered yet; one NUL-ended line, without
     secrets. "" once it has given credentials. */
  char problem[IVS_PROVIDER_PROBLEM_MAX + 1];
  int cause; /* IVS_ERR_..., if problem is that an attempt brought no answer; else 0 */
};

/*
 * For clients: sees to it that p->creds can be used at `now`. 0: they can. 1 or IVS_AGAIN: new ones
 * are on their way, come back. IVS_ERR_CREDENTIALS: there are none, problem says why.
 * must: they were refused as expired, so they are not used whatever their date says.
 */
int ivs_provider_ready(struct ivs_provider *p, int64_t now, bool must);

/*
 * For sources: takes new credentials into use, all at once, at the time `now`, which can be
 * IVS_CLOCK_UNKNOWN. expires: 0 if they never do. IVS_ERR_CREDENTIALS if they are malformed or have
 * ended already; the old ones are then kept, and problem says what was wrong, after the name of the
 * source.
 */
int ivs_provider_take(struct ivs_provider *p, const char *source, int64_t now,
                      ivs_str access_key_id, ivs_str secret_access_key, ivs_str session_token,
                      int64_t expires);

/* For sources: sets problem to "source: what: detail" (detail may be ""), control characters
   replaced. Returns IVS_ERR_CREDENTIALS. */
int ivs_provider_fail(struct ivs_provider *p, const char *source, const char *what, ivs_str detail);

/* For sources: credentials that hold are not renewed before a minute after `now`. */
void ivs_provider_postpone(struct ivs_provider *p, int64_t now);

/* Cancels, and wipes the credentials. Who needs some asks for new ones. */
void ivs_provider_wipe(struct ivs_provider *p);

#ifdef __cplusplus
}
#endif

#endif
