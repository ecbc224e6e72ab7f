#include "../sha256_state.h"

enum { BOUND = 65536 };

/* What a hash can have taken. */
enum { NOTHING, FIRST, KEY, INNER, OUTER, INNER_MESSAGE, OUTER_DIGEST };

static ivs_str first, second, message;
static struct digest digest_of_key, digest_of_message, mac;

/* Any byte of a block, and any of a digest: what holds of these holds of all. */
static size_t in_block, in_digest;

/* Where the key has been put that has to be wiped there. */
static const void *secret;

static void is_secret(const void *p) {
  MUST(secret == NULL || __CPROVER_same_object(secret, p));
  secret = p;
}

void heard_wipe(void *p, size_t n) {
  if (secret == NULL) return;
  MUST(__CPROVER_same_object(secret, p) && __CPROVER_POINTER_OFFSET(p) == 0);
  MUST(n == __CPROVER_OBJECT_SIZE(p));
  secret = NULL;
}

/* Of what is copied, the byte that is looked at afterwards. */
void *memcpy(void *to, const void *from, size_t n) {
  size_t at = __CPROVER_POINTER_OFFSET(to);
  READABLE(from, n);
  WRITABLE(to, n);
  if (at <= in_block && in_block - at < n)
    ((uint8_t *)to)[in_block - at] = ((const uint8_t *)from)[in_block - at];
  is_secret(to);
  return to;
}

static bool is_long(void) {
  return first.n + second.n > IVS_SHA256_BLOCK;
}

/* A byte of the key's block, RFC 2104: of the key, or of its digest, and zeroes behind. */
static uint8_t key_byte(size_t i) {
  if (is_long()) return i < IVS_SHA256_BYTES ? digest_of_key.bytes[i] : 0;
  if (i < first.n) return ((const uint8_t *)first.p)[i];
  return i - first.n < second.n ? ((const uint8_t *)second.p)[i - first.n] : 0;
}

static bool is_block(const void *p, size_t n, int mask) {
  return n == IVS_SHA256_BLOCK && ((const uint8_t *)p)[in_block] == (key_byte(in_block) ^ mask);
}

unsigned taken_first(void) {
  return NOTHING;
}

unsigned taken_with(unsigned taken, const void *p, size_t n) {
  switch (taken) {
    case NOTHING:
      if (is_long() && p == first.p && n == first.n) return FIRST;
      is_secret(p);
      if (is_block(p, n, 0x36)) return INNER;
      MUST(is_block(p, n, 0x5c));
      return OUTER;
    case FIRST: MUST(p == second.p && n == second.n); return KEY;
    case INNER: MUST(p == message.p && n == message.n); return INNER_MESSAGE;
    default:
      MUST(taken == OUTER && n == IVS_SHA256_BYTES);
      MUST(((const uint8_t *)p)[in_digest] == digest_of_message.bytes[in_digest]);
      return OUTER_DIGEST;
  }
}

struct digest digest_of(unsigned taken, const void *to) {
  if (taken == KEY) is_secret(to);
  MUST(taken == KEY || taken == INNER_MESSAGE || taken == OUTER_DIGEST);
  return taken == KEY ? digest_of_key : taken == INNER_MESSAGE ? digest_of_message : mac;
}

static bool is_result(int r) {
  return r == IVS_OK || r == IVS_ERR_CRYPTO;
}

/* A key in two parts, or in one. */
static int start_key(struct ivs_hmac_key *k) {
  if (any_bool()) return ivs_hmac_key_start_parts(k, first, second);
  second = (ivs_str){NULL, 0};
  return ivs_hmac_key_start(k, first.p, first.n);
}

/* A message at once, or in pieces, of which there is one here. */
static int make_mac(const struct ivs_hmac_key *k, uint8_t *to) {
  if (any_bool()) return ivs_hmac(k, message.p, message.n, to);
  struct ivs_sha256 h;
  int r = ivs_hmac_start(&h, k);
  if (r == IVS_OK) r = ivs_sha256_update(&h, message.p, message.n);
  if (r == IVS_OK) return ivs_hmac_final(&h, k, to);
  ivs_sha256_wipe(&h);
  return r;
}

void harness(void) {
  struct ivs_hmac_key k;
  struct context *inner = context_of(&k.inner), *outer = context_of(&k.outer);
  inner->state = ENDED;
  outer->state = ENDED;
  first = any_text(BOUND);
  second = any_text(BOUND);
  message = any_text(BOUND);
  in_block = any_size_to(IVS_SHA256_BLOCK - 1);
  in_digest = any_size_to(IVS_SHA256_BYTES - 1);
  digest_of_key = any_digest();
  digest_of_message = any_digest();
  mac = any_digest();

  int r = start_key(&k);
  MUST(is_result(r) && secret == NULL);
  MUST(count_running() == (r == IVS_OK ? 2 : 0));
  if (r != IVS_OK) return;
  MUST(inner->state == STARTED && inner->taken == INNER);
  MUST(outer->state == STARTED && outer->taken == OUTER);

  struct digest made;
  r = make_mac(&k, made.bytes);
  MUST(is_result(r) && count_running() == 2);
  MUST(inner->state == STARTED && inner->taken == INNER);
  MUST(outer->state == STARTED && outer->taken == OUTER);
  if (r == IVS_OK) MUST(made.bytes[in_digest] == mac.bytes[in_digest]);
  ivs_hmac_key_wipe(&k);
  MUST(count_running() == 0);
}
