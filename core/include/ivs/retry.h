/*
 * When a call is tried again, and after what delay: the rules that the AWS tools share since 2026.
 * Pure functions; the client does what they say.
 */
#ifndef IVS_RETRY_H
#define IVS_RETRY_H

#include <ivs/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is to be done about an attempt that failed. */
enum ivs_retry {
  IVS_RETRY_NEVER,     /* it would fail again, or could be done twice */
  IVS_RETRY_TRANSIENT, /* the network, or the service for a moment */
  IVS_RETRY_THROTTLED, /* too many requests */
  IVS_RETRY_SKEWED,    /* the clock was refused: only if it can be put right */
  IVS_RETRY_EXPIRED    /* the credentials were: only with new ones */
};

/* A clock that is off by less is not what a service refused. */
enum { IVS_LEAST_SKEW_SECONDS = 240 };

/* How an attempt failed. */
struct ivs_attempt {
  int err;
  int status;       /* of an answer, or 0 */
  const char *code; /* the service's error code, "" if none */
  bool left;        /* the whole request had left, and no answer says what became of it */
  bool once;        /* doing it twice would do harm */
};

/*
 * The error code decides before the status does: a throttling code below 503 is throttling. An
 * operation that must not be done twice is not repeated if its answer was lost, or if what answered
 * 5xx was not the service itself (no error code), for it may be at work behind a gateway.
 */
enum ivs_retry ivs_retry_judge(const struct ivs_attempt *attempt);

/*
 * Milliseconds to wait before repetition number n, from 0: random x min(20 s, base x 2^n), where
 * base is 1 s after throttling, else 50 ms. random: 0 to UINT32_MAX stands for 0 to 1. after_ms:
 * what x-amz-retry-after said, held between that delay and 5 s more; after_s: what Retry-After
 * said, a minimum in seconds. Both negative if not said.
 */
uint32_t ivs_retry_delay(enum ivs_retry retry, unsigned n, uint32_t random, int32_t after_ms,
                         int32_t after_s);

/* The most tokens a client has to pay for repetitions with, and what it begins with. */
enum { IVS_RETRY_TOKENS = 500 };

/* What a repetition costs: 14, after throttling 5. A call that succeeds gives back what its last
   one cost, or 1 if there was none. */
unsigned ivs_retry_cost(enum ivs_retry retry);

#ifdef __cplusplus
}
#endif

#endif
