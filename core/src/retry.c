#include <ivs/retry.h>

/* Milliseconds, but for the last. */
enum { BASE = 50, BASE_THROTTLED = 1000, LONGEST = 20000, AFTER_MORE = 5000, SECOND = 1000 };
enum { LONGEST_AFTER_S = 86400 };

/*
 * Error codes that call for a repetition, those of the IVS API and those that stand before it. Each
 * is preceded by its class as a digit, and may have "Exception" at its end.
 */
static const char codes[] =
    "2Throttling\0"
    "2Throttled\0"
    "2RequestThrottled\0"
    "2TooManyRequests\0"
    "2ProvisionedThroughputExceeded\0"
    "2TransactionInProgress\0"
    "2RequestLimitExceeded\0"
    "2BandwidthLimitExceeded\0"
    "2LimitExceeded\0"
    "2SlowDown\0"
    "2PriorRequestNotComplete\0"
    "2EC2Throttled\0"
    "1RequestTimeout\0"
    "1InternalError\0"
    "1IDPCommunicationError\0"
    "3AccessDenied\0"
    "3AuthFailure\0"
    "3InvalidSignature\0"
    "3SignatureDoesNotMatch\0"
    "3RequestTimeTooSkewed\0"
    "3RequestExpired\0"
    "3RequestInTheFuture\0"
    "4ExpiredToken\0";

static enum ivs_retry judge_code(const char *code) {
  static const char ending[] = "Exception";
  size_t n = strlen(code), tail = sizeof ending - 1;
  if (n > tail && memcmp(code + n - tail, ending, tail) == 0) n -= tail;
  for (const char *p = codes; *p != '\0'; p += strlen(p) + 1)
    if (strlen(p + 1) == n && memcmp(p + 1, code, n) == 0) return (enum ivs_retry)(*p - '0');
  return IVS_RETRY_NEVER;
}

static enum ivs_retry judge_refusal(const struct ivs_attempt *a) {
  enum ivs_retry by_code = judge_code(a->code);
  bool passes = a->status == 500 || (a->status >= 502 && a->status <= 504);
  if (by_code != IVS_RETRY_NEVER) return by_code;
  if (a->status == 429) return IVS_RETRY_THROTTLED;
  if (!passes || (a->once && a->code[0] == '\0')) return IVS_RETRY_NEVER;
  return IVS_RETRY_TRANSIENT;
}

/* see ivs/retry.h */
enum ivs_retry ivs_retry_judge(const struct ivs_attempt *a) {
  switch (a->err) {
    case IVS_ERR_SERVICE: return judge_refusal(a);
    case IVS_ERR_NAME:
    case IVS_ERR_CONNECT:
    case IVS_ERR_CLOSED:
    case IVS_ERR_NET:
    case IVS_ERR_TLS: return a->left && a->once ? IVS_RETRY_NEVER : IVS_RETRY_TRANSIENT;
    default: return IVS_RETRY_NEVER;
  }
}

/* see ivs/retry.h */
uint32_t ivs_retry_delay(enum ivs_retry retry, unsigned n, uint32_t random, int32_t after_ms,
                         int32_t after_s) {
  uint32_t longest = retry == IVS_RETRY_THROTTLED ? BASE_THROTTLED : BASE;
  while (n-- > 0 && longest < LONGEST) longest *= 2;
  if (longest > LONGEST) longest = LONGEST;
  uint32_t delay = (uint32_t)(((uint64_t)longest * random) >> 32);
  uint32_t most = delay + AFTER_MORE;
  if (after_ms > 0 && (uint32_t)after_ms > delay)
    delay = (uint32_t)after_ms < most ? (uint32_t)after_ms : most;
  if (after_s > LONGEST_AFTER_S) after_s = LONGEST_AFTER_S;
  if (after_s > 0 && (uint32_t)after_s * SECOND > delay) delay = (uint32_t)after_s * SECOND;
  return delay;
}

/* see ivs/retry.h */
unsigned ivs_retry_cost(enum ivs_retry retry) {
  return retry == IVS_RETRY_THROTTLED ? 5 : 14;
}
