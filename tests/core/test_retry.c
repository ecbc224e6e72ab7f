/* The rules of repetition, as a table. */
#include "../check.h"

#include <ivs/retry.h>

static enum ivs_retry judge(int err, int status, const char *code, bool left, bool once) {
  struct ivs_attempt a = {err, status, code, left, once};
  return ivs_retry_judge(&a);
}

/* What any operation may do, and what one that must not happen twice may. */
static void refusals(void) {
  static const struct {
    int status;
    const char *code;
    enum ivs_retry any, once;
  } rows[] = {
      {400, "ValidationException", IVS_RETRY_NEVER, IVS_RETRY_NEVER},
      {402, "ServiceQuotaExceededException", IVS_RETRY_NEVER, IVS_RETRY_NEVER},
      {403, "PendingVerification", IVS_RETRY_NEVER, IVS_RETRY_NEVER},
      {404, "ResourceNotFoundException", IVS_RETRY_NEVER, IVS_RETRY_NEVER},
      {404, "ChannelNotBroadcasting", IVS_RETRY_NEVER, IVS_RETRY_NEVER},
      {409, "ConflictException", IVS_RETRY_NEVER, IVS_RETRY_NEVER},
      {400, "", IVS_RETRY_NEVER, IVS_RETRY_NEVER},
      {429, "ThrottlingException", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {429, "", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {429, "SomethingElse", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {400, "Throttling", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {400, "ThrottledException", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {400, "RequestThrottledException", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {400, "TooManyRequestsException", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {400, "ProvisionedThroughputExceededException", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {400, "TransactionInProgressException", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {400, "RequestLimitExceeded", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {400, "BandwidthLimitExceeded", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {400, "LimitExceededException", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {400, "RequestThrottled", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {503, "SlowDown", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {400, "PriorRequestNotComplete", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {503, "EC2ThrottledException", IVS_RETRY_THROTTLED, IVS_RETRY_THROTTLED},
      {500, "InternalServerException", IVS_RETRY_TRANSIENT, IVS_RETRY_TRANSIENT},
      {503, "ServiceUnavailable", IVS_RETRY_TRANSIENT, IVS_RETRY_TRANSIENT},
      {503, "StreamUnavailable", IVS_RETRY_TRANSIENT, IVS_RETRY_TRANSIENT},
      {500, "", IVS_RETRY_TRANSIENT, IVS_RETRY_NEVER},
      {501, "", IVS_RETRY_NEVER, IVS_RETRY_NEVER},
      {502, "", IVS_RETRY_TRANSIENT, IVS_RETRY_NEVER},
      {503, "", IVS_RETRY_TRANSIENT, IVS_RETRY_NEVER},
      {504, "", IVS_RETRY_TRANSIENT, IVS_RETRY_NEVER},
      {505, "", IVS_RETRY_NEVER, IVS_RETRY_NEVER},
      {400, "RequestTimeout", IVS_RETRY_TRANSIENT, IVS_RETRY_TRANSIENT},
      {400, "RequestTimeoutException", IVS_RETRY_TRANSIENT, IVS_RETRY_TRANSIENT},
      {400, "InternalError", IVS_RETRY_TRANSIENT, IVS_RETRY_TRANSIENT},
      {400, "IDPCommunicationError", IVS_RETRY_TRANSIENT, IVS_RETRY_TRANSIENT},
      {403, "AccessDeniedException", IVS_RETRY_SKEWED, IVS_RETRY_SKEWED},
      {403, "AuthFailure", IVS_RETRY_SKEWED, IVS_RETRY_SKEWED},
      {403, "InvalidSignatureException", IVS_RETRY_SKEWED, IVS_RETRY_SKEWED},
      {403, "SignatureDoesNotMatch", IVS_RETRY_SKEWED, IVS_RETRY_SKEWED},
      {403, "RequestTimeTooSkewed", IVS_RETRY_SKEWED, IVS_RETRY_SKEWED},
      {403, "RequestExpired", IVS_RETRY_SKEWED, IVS_RETRY_SKEWED},
      {403, "RequestInTheFuture", IVS_RETRY_SKEWED, IVS_RETRY_SKEWED},
      {403, "ExpiredToken", IVS_RETRY_EXPIRED, IVS_RETRY_EXPIRED},
      {403, "ExpiredTokenException", IVS_RETRY_EXPIRED, IVS_RETRY_EXPIRED},
      {403, "Exception", IVS_RETRY_NEVER, IVS_RETRY_NEVER},
      {403, "ThrottlingExceptionException", IVS_RETRY_NEVER, IVS_RETRY_NEVER},
      {403, "UnrecognizedClientException", IVS_RETRY_NEVER, IVS_RETRY_NEVER},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    bool ok =
        CHECK_INT(judge(IVS_ERR_SERVICE, rows[i].status, rows[i].code, false, false), rows[i].any);
    ok &= CHECK_INT(judge(IVS_ERR_SERVICE, rows[i].status, rows[i].code, true, true), rows[i].once);
    if (!ok) fprintf(stderr, "  status %d, code \"%s\"\n", rows[i].status, rows[i].code);
  }
}

/* Every other error: by whether the request left, for an operation that must not be repeated. */
static void errors(void) {
  static const int transient[] = {IVS_ERR_NAME, IVS_ERR_CONNECT, IVS_ERR_CLOSED, IVS_ERR_NET,
                                  IVS_ERR_TLS};
#define NUMBER(name, number, text) number,
  static const int all[] = {IVS_ERR_MAP(NUMBER)};
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    if (all[i] == IVS_ERR_SERVICE) continue;
    bool passes = false;
    for (size_t j = 0; j < sizeof transient / sizeof transient[0]; j++)
      passes = passes || transient[j] == all[i];
    enum ivs_retry expected = passes ? IVS_RETRY_TRANSIENT : IVS_RETRY_NEVER;
    CHECK_INT(judge(all[i], 0, "", false, false), expected);
    CHECK_INT(judge(all[i], 0, "", true, false), expected);
    CHECK_INT(judge(all[i], 0, "", false, true), expected);
    CHECK_INT(judge(all[i], 0, "", true, true), IVS_RETRY_NEVER);
    /* A status that came before the connection broke decides nothing. */
    CHECK_INT(judge(all[i], 400, "ValidationException", false, false), expected);
  }
}

static void delays(void) {
  static const struct {
    enum ivs_retry retry;
    unsigned n;
    uint32_t random;
    int32_t after_ms, after_s;
    uint32_t delay;
  } rows[] = {
      {IVS_RETRY_TRANSIENT, 0, 0, -1, -1, 0},
      {IVS_RETRY_TRANSIENT, 0, UINT32_MAX, -1, -1, 49},
      {IVS_RETRY_TRANSIENT, 0, 1u << 31, -1, -1, 25},
      {IVS_RETRY_TRANSIENT, 1, 1u << 31, -1, -1, 50},
      {IVS_RETRY_TRANSIENT, 8, 1u << 31, -1, -1, 6400},
      {IVS_RETRY_TRANSIENT, 9, 1u << 31, -1, -1, 10000},
      {IVS_RETRY_TRANSIENT, 255, 1u << 31, -1, -1, 10000},
      {IVS_RETRY_THROTTLED, 0, 1u << 31, -1, -1, 500},
      {IVS_RETRY_THROTTLED, 1, 1u << 31, -1, -1, 1000},
      {IVS_RETRY_THROTTLED, 4, 1u << 31, -1, -1, 8000},
      {IVS_RETRY_THROTTLED, 5, 1u << 31, -1, -1, 10000},
      {IVS_RETRY_THROTTLED, UINT32_MAX, UINT32_MAX, -1, -1, 19999},
      /* x-amz-retry-after, within [delay, delay + 5 s] */
      {IVS_RETRY_THROTTLED, 0, 1u << 31, 0, -1, 500},
      {IVS_RETRY_THROTTLED, 0, 1u << 31, 499, -1, 500},
      {IVS_RETRY_THROTTLED, 0, 1u << 31, 501, -1, 501},
      {IVS_RETRY_THROTTLED, 0, 1u << 31, 5499, -1, 5499},
      {IVS_RETRY_THROTTLED, 0, 1u << 31, 5501, -1, 5500},
      {IVS_RETRY_THROTTLED, 0, 1u << 31, INT32_MAX, -1, 5500},
      /* Retry-After, a minimum */
      {IVS_RETRY_THROTTLED, 0, 1u << 31, -1, 0, 500},
      {IVS_RETRY_THROTTLED, 0, 1u << 31, -1, 1, 1000},
      {IVS_RETRY_TRANSIENT, 0, 1u << 31, -1, 120, 120000},
      {IVS_RETRY_THROTTLED, 5, 1u << 31, -1, 3, 10000},
      {IVS_RETRY_TRANSIENT, 0, 1u << 31, -1, INT32_MAX, 86400000},
      {IVS_RETRY_THROTTLED, 0, 1u << 31, 6000, 2, 5500},
      {IVS_RETRY_THROTTLED, 0, 1u << 31, 1000, 7, 7000},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (!CHECK_INT(ivs_retry_delay(rows[i].retry, rows[i].n, rows[i].random, rows[i].after_ms,
                                   rows[i].after_s),
                   rows[i].delay))
      fprintf(stderr, "  row %zu\n", i);
  CHECK_INT(ivs_retry_cost(IVS_RETRY_TRANSIENT), 14);
  CHECK_INT(ivs_retry_cost(IVS_RETRY_THROTTLED), 5);
}

int main(void) {
  RUN(refusals);
  RUN(errors);
  RUN(delays);
  return check_done();
}
