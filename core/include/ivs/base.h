/*
 * Types and errors that everything else shares. The conventions are in <ivs/ivs.h>.
 */
#ifndef IVS_BASE_H
#define IVS_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <ivs/config.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Text: n bytes at p, no NUL at the end, owned by somebody else.
 * p == NULL is absent; p != NULL with n == 0 is the empty text. They differ on the wire.
 */
typedef struct ivs_str {
  const char *p;
  size_t n;
} ivs_str;

/* A string literal as ivs_str, to initialise or to assign. */
#ifdef __cplusplus
#define IVS_STR(literal) (ivs_str{"" literal, sizeof("" literal) - 1})
#else
#define IVS_STR(literal) ((ivs_str){"" literal, sizeof("" literal) - 1})
#endif
/* The same for a static initialiser, where C takes constants only. */
#define IVS_STR_INIT(literal) \
  { "" literal, sizeof("" literal) - 1 }

/* A NUL-ended string as ivs_str; NULL becomes absent. */
static inline ivs_str ivs_cstr(const char *s) {
  ivs_str v = {s, s != NULL ? strlen(s) : 0};
  return v;
}

static inline bool ivs_str_eq(ivs_str a, ivs_str b) {
  return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* A boolean that can be absent. C's true is IVS_TRUE, but its false is IVS_ABSENT, and IVS_FALSE is
   not 0: say IVS_FALSE, and ask x == IVS_TRUE. */
typedef uint8_t ivs_bool;
enum { IVS_ABSENT = 0, IVS_TRUE = 1, IVS_FALSE = 2 };

/* An integer that can be absent. */
typedef struct ivs_int {
  int64_t value;
  bool set;
} ivs_int;

#ifdef __cplusplus
#define IVS_INT(number) (ivs_int{(number), true})
#else
#define IVS_INT(number) ((ivs_int){(number), true})
#endif

/* A point in time of an answer: the service's own text, and the same in seconds
   since 1970 (UTC, the fraction dropped). text.p == NULL is absent. */
typedef struct ivs_time {
  ivs_str text;
  int64_t seconds;
} ivs_time;

/* A name and a value: an HTTP header or a tag. */
typedef struct ivs_pair {
  ivs_str name;
  ivs_str value;
} ivs_pair;

/*
 * All results of this library. 0 is success; positive results are said at the
 * function. The number of an error never changes.
 */
#define IVS_ERR_MAP(X)                                                    \
  X(AGAIN, -1, "would block")                                             \
  X(STATE, -2, "not possible in this state of the client")                \
  X(SPACE, -3, "workspace too small")                                     \
  X(OVERLAP, -4, "request text lies in the workspace")                    \
  X(USED, -5, "this list was read already")                               \
  X(ARGUMENT, -6, "bad argument")                                         \
  X(REQUIRED, -10, "required member missing")                             \
  X(UTF8, -11, "text is not UTF-8")                                       \
  X(LENGTH, -12, "too short or too long")                                 \
  X(RANGE, -13, "number out of range")                                    \
  X(ARN, -14, "not an ARN")                                               \
  X(JSON, -20, "answer is not JSON")                                      \
  X(JSON_DEPTH, -21, "answer is nested too deep")                         \
  X(TYPE, -22, "member of the answer has another type than the API says") \
  X(HTTP, -30, "answer is not HTTP/1.1")                                  \
  X(HTTP_HEAD, -31, "response head too long")                             \
  X(HTTP_LENGTH, -32, "response length wrong")                            \
  X(HTTP_CODING, -33, "response in a coding that was not asked for")      \
  X(HTTP_REDIRECT, -34, "redirect refused")                               \
  X(NAME, -40, "host name not found")                                     \
  X(CONNECT, -41, "cannot connect")                                       \
  X(CLOSED, -42, "connection closed by the other side")                   \
  X(NET, -43, "network error")                                            \
  X(TIMEOUT, -44, "deadline passed")                                      \
  X(PROXY, -45, "refused by the proxy")                                   \
  X(TLS, -60, "TLS failed")                                               \
  X(TLS_TRUST, -61, "certificate not signed by a trusted root")           \
  X(TLS_NAME, -62, "certificate is for another host")                     \
  X(TLS_DATE, -63, "certificate not valid at this time")                  \
  X(TLS_ROOTS, -64, "trusted roots cannot be read")                       \
  X(TLS_MEMORY, -65, "TLS ran out of memory")                             \
  X(CREDENTIALS, -80, "credentials missing or malformed")                 \
  X(ENTROPY, -82, "no entropy")                                           \
  X(CRYPTO, -83, "crypto library failed")                                 \
  X(CLOCK, -84, "clock not usable")                                       \
  X(SERVICE, -100, "refused by the service")                              \
  X(UNSURE, -120, "request left, outcome unknown")                        \
  X(CANCELLED, -121, "cancelled")

enum {
  IVS_OK = 0,
#define IVS_ERR_ENUM(name, number, text) IVS_ERR_##name = number,
  IVS_ERR_MAP(IVS_ERR_ENUM)
#undef IVS_ERR_ENUM
  /* Not an error: ask again when the port is ready. */
  IVS_AGAIN = IVS_ERR_AGAIN
};

/* The text of a result, in a few words, for example "workspace too small". Never NULL. */
const char *ivs_strerror(int result);

/* Condition that only a mistake in the calling program can break. Define it in the configuration
   header to have it checked. */
#ifndef IVS_ASSERT
#define IVS_ASSERT(condition) ((void)0)
#endif

#ifdef __cplusplus
}
#endif

#endif
