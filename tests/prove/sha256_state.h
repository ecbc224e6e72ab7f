/*
 * SHA-256 as <ivs/crypto.h> has it, any call of which may fail: how far each hash is, and what it
 * has taken, as a number that the harness makes of it.
 */
#ifndef IVS_PROVE_SHA256_STATE_H
#define IVS_PROVE_SHA256_STATE_H

#include <ivs/crypto.h>

#include "prove.h"

/* Of memory that nobody has set it is not known how far its hash is. */
enum { UNKNOWN, ENDED, STARTED, FAILED };

enum { CONTEXTS = 4 };

struct context {
  const struct ivs_sha256 *h;
  int state;
  unsigned taken;
};

static struct context contexts[CONTEXTS];

static struct context *context_of(const struct ivs_sha256 *h) {
  size_t i = 0;
  while (contexts[i].h != NULL && contexts[i].h != h) MUST(++i < CONTEXTS);
  contexts[i].h = h;
  return &contexts[i];
}

static bool is_running(const struct context *c) {
  return c->state == STARTED || c->state == FAILED;
}

/* Hashes that hold something: each is to be ended by somebody. */
static inline size_t count_running(void) {
  size_t n = 0;
  for (size_t i = 0; i < CONTEXTS; i++) n += is_running(&contexts[i]);
  return n;
}

struct digest {
  uint8_t bytes[IVS_SHA256_BYTES];
};

ANY(any_digest, struct digest)

/* The harness's: what a new hash has taken; what one has with n more bytes at p; its digest, which is
   put at to. */
unsigned taken_first(void);
unsigned taken_with(unsigned taken, const void *p, size_t n);
struct digest digest_of(unsigned taken, const void *to);

static int result(struct context *c) {
  if (any_bool()) return IVS_OK;
  c->state = FAILED;
  return IVS_ERR_CRYPTO;
}

int ivs_sha256_start(struct ivs_sha256 *h) {
  struct context *c = context_of(h);
  WRITABLE(h, sizeof *h);
  MUST(!is_running(c));
  c->state = STARTED;
  c->taken = taken_first();
  return result(c);
}

int ivs_sha256_update(struct ivs_sha256 *h, const void *p, size_t n) {
  struct context *c = context_of(h);
  READABLE(p, n);
  MUST(c->state == STARTED);
  c->taken = taken_with(c->taken, p, n);
  return result(c);
}

int ivs_sha256_final(struct ivs_sha256 *h, uint8_t digest[IVS_SHA256_BYTES]) {
  struct context *c = context_of(h);
  WRITABLE(digest, sizeof(struct digest));
  MUST(c->state == STARTED);
  c->state = ENDED;
  *(struct digest *)digest = digest_of(c->taken, digest);
  if (any_bool()) return IVS_OK;
  *(struct digest *)digest = any_digest();
  return IVS_ERR_CRYPTO;
}

int ivs_sha256_copy(struct ivs_sha256 *to, const struct ivs_sha256 *from) {
  struct context *c = context_of(to);
  WRITABLE(to, sizeof *to);
  MUST(!is_running(c) && context_of(from)->state == STARTED);
  c->state = STARTED;
  c->taken = context_of(from)->taken;
  return result(c);
}

void ivs_sha256_wipe(struct ivs_sha256 *h) {
  struct context *c = context_of(h);
  MUST(c->state != UNKNOWN);
  c->state = ENDED;
}

#endif
