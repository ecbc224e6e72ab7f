#include <ivs/sigv4.h>

#include "../prove.h"

enum { BOUND = 65536, SECRET_MAX = 128, DAY = 8, LEVELS = 4 };

struct digest {
  uint8_t bytes[IVS_SHA256_BYTES];
};

ANY(any_digest, struct digest)

static struct ivs_sigv4_key key;
static ivs_str secret, region, service;
static const char *date;

/* Which of the keys that follow from one another key.hmac has: 0 is that of the secret. Any is used
   once, and wiped. */
enum { NONE = -1 };
static int level, made;
static struct digest digests[LEVELS + 1];
static size_t in_digest;

static const void *holds_secret; /* memory besides key that is to be wiped */

void heard_wipe(void *p, size_t n) {
  if (p == (void *)&key) {
    MUST(n == sizeof key && level == NONE);
    key = (struct ivs_sigv4_key){0};
    return;
  }
  MUST(holds_secret == NULL || p == holds_secret);
  MUST(n == IVS_SHA256_BYTES);
  holds_secret = NULL;
}

static bool is_literal(ivs_str s, const char *text, size_t n) {
  bool equal = s.n == n;
  for (size_t i = 0; equal && i < n; i++) equal = s.p[i] == text[i];
  return equal;
}

static bool is_message(int of, ivs_str s) {
  if (of == 0) return s.p == date && s.n == DAY;
  if (of == 1) return s.p == region.p && s.n == region.n;
  if (of == 2) return s.p == service.p && s.n == service.n;
  return is_literal(s, "aws4_request", 12);
}

/* The HMAC as proof `hmac` has it: after an error there is no key. */
static int start(struct ivs_hmac_key *k, int next) {
  MUST(k == &key.hmac && level == NONE);
  if (any_bool()) return IVS_ERR_CRYPTO;
  level = next;
  return IVS_OK;
}

int ivs_hmac_key_start_parts(struct ivs_hmac_key *k, ivs_str first, ivs_str second) {
  MUST(is_literal(first, "AWS4", 4) && second.p == secret.p && second.n == secret.n);
  READABLE(second.p, second.n);
  made = 0;
  return start(k, 0);
}

int ivs_hmac_key_start(struct ivs_hmac_key *k, const void *p, size_t n) {
  MUST(n == IVS_SHA256_BYTES && p == holds_secret && made > 0);
  MUST(((const uint8_t *)p)[in_digest] == digests[made].bytes[in_digest]);
  return start(k, made);
}

int ivs_hmac(const struct ivs_hmac_key *k, const void *p, size_t n, uint8_t mac[IVS_SHA256_BYTES]) {
  MUST(k == &key.hmac && level == made && level < LEVELS);
  MUST(is_message(made, (ivs_str){p, n}));
  READABLE(p, n);
  WRITABLE(mac, IVS_SHA256_BYTES);
  MUST(holds_secret == NULL || holds_secret == mac);
  holds_secret = mac;
  made++;
  *(struct digest *)mac = digests[made];
  if (any_bool()) return IVS_OK;
  *(struct digest *)mac = any_digest();
  return IVS_ERR_CRYPTO;
}

void ivs_hmac_key_wipe(struct ivs_hmac_key *k) {
  MUST(k == &key.hmac);
  level = NONE;
}

void harness(void) {
  level = any_bool() ? LEVELS : NONE;
  made = NONE;
  secret = any_text(BOUND);
  region = any_text(BOUND);
  service = any_text(BOUND);
  date = any_bytes(DAY);
  in_digest = any_size_to(IVS_SHA256_BYTES - 1);
  for (size_t i = 0; i <= LEVELS; i++) digests[i] = any_digest();
  key.date[0] = any_char(); /* an earlier key */
  int r = ivs_sigv4_key_derive(&key, secret, date, region, service);
  MUST(holds_secret == NULL);
  MUST(r == IVS_OK || r == IVS_ERR_CRYPTO || r == IVS_ERR_LENGTH);
  MUST((r == IVS_ERR_LENGTH) == (secret.n > SECRET_MAX));
  if (r == IVS_ERR_LENGTH) MUST(made == NONE);
  if (r == IVS_OK) {
    MUST(level == LEVELS && key.region.p == region.p && key.region.n == region.n);
    MUST(key.service.p == service.p && key.service.n == service.n);
    for (size_t i = 0; i < DAY; i++) MUST(key.date[i] == date[i]);
    MUST(key.date[DAY] == '\0');
  } else {
    MUST(level == NONE && key.date[0] == '\0' && key.region.p == NULL && key.service.p == NULL);
  }
  ivs_sigv4_key_wipe(&key);
  MUST(level == NONE && key.date[0] == '\0');
}
