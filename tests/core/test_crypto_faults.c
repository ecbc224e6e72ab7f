/*
 * A hash that fails, as hardware behind mbedTLS or PSA can: the Nth hash function of each user of
 * them fails, for every N. Linked with --wrap for the functions of <ivs/crypto.h> that can fail.
 */
#include "client_setup.h"
#include "sha256_wrap.h"

#include <ivs/sigv4.h>
#include <ivs/sts.h>

#ifndef IVS_CRYPTO_PSA
#include <mbedtls/sha256.h>
#include <mbedtls/version.h>
#endif

static int fail_at, calls; /* the Nth fails, from 1; 0: none */

static bool fails(void) {
  return ++calls == fail_at;
}

int __wrap_ivs_sha256_start(struct ivs_sha256 *h) {
  return fails() ? IVS_ERR_CRYPTO : __real_ivs_sha256_start(h);
}

int __wrap_ivs_sha256_update(struct ivs_sha256 *h, const void *p, size_t n) {
  return fails() ? IVS_ERR_CRYPTO : __real_ivs_sha256_update(h, p, n);
}

int __wrap_ivs_sha256_final(struct ivs_sha256 *h, uint8_t digest[IVS_SHA256_BYTES]) {
  if (!fails()) return __real_ivs_sha256_final(h, digest);
  ivs_sha256_wipe(h);
  return IVS_ERR_CRYPTO;
}

int __wrap_ivs_sha256_copy(struct ivs_sha256 *to, const struct ivs_sha256 *from) {
  return fails() ? IVS_ERR_CRYPTO : __real_ivs_sha256_copy(to, from);
}

static bool is_zero(const void *p, size_t n) {
  const unsigned char *bytes = (const unsigned char *)p;
  while (n > 0 && bytes[n - 1] == 0) n--;
  return n == 0;
}

static void hmac_key(void) {
  static const char key[] =
      "a key that is longer than a block of SHA-256, which has 64 bytes, is hashed";
  struct ivs_hmac_key k;
  int r = 1;
  for (int n = 1; r != 0; n++) {
    memset(&k, 0, sizeof k);
    calls = 0;
    fail_at = n;
    r = ivs_hmac_key_start(&k, key, sizeof key - 1);
    if (r == 0) CHECK_INT(calls, n - 1);
    else CHECK(r == IVS_ERR_CRYPTO && is_zero(&k, sizeof k));
  }
  CHECK(calls > 6);
  uint8_t mac[IVS_SHA256_BYTES];
  r = 1;
  for (int n = 1; r != 0; n++) {
    calls = 0;
    fail_at = n;
    r = ivs_hmac(&k, "text", 4, mac);
    CHECK(r == 0 || r == IVS_ERR_CRYPTO);
  }
  CHECK(calls > 4);
  ivs_hmac_key_wipe(&k);
}

/* Both signers: no signature is written, and no key is left where one could not be derived. */
static void signatures(void) {
  static const ivs_pair headers[] = {
      {IVS_STR_INIT("host"), IVS_STR_INIT("example.com")},
      {IVS_STR_INIT("x-amz-date"), IVS_STR_INIT("20261122T093000Z")}};
  const struct ivs_sigv4_request rq = {
      IVS_STR("POST"), IVS_STR("/a"), IVS_STR("b=c"), headers, 2, "{}", 2, 0};
  struct ivs_sigv4_key key = {0};
  char text[512];
  int r = 1, derived = 0;
  for (int n = 1; r != 0; n++) {
    struct ivs_out o = ivs_out_to(text, sizeof text);
    calls = 0;
    fail_at = n;
    r = ivs_sigv4_key_derive(&key, IVS_STR("secret"), "20261122", IVS_STR("eu-west-1"),
                             IVS_STR("ivs"));
    if (r != 0) CHECK(is_zero(&key, sizeof key));
    else derived = calls;
    if (r == 0) r = ivs_sigv4_sign(&key, IVS_STR("AKID"), &rq, "20261122T093000Z", &o);
    CHECK(r == 0 || (r == IVS_ERR_CRYPTO && o.n == 0));
  }
  CHECK(derived > 20 && calls > derived + 20);
  r = 1;
  for (int n = 1; r != 0; n++) {
    struct ivs_out o = ivs_out_to(text, sizeof text);
    calls = 0;
    fail_at = n;
    r = ivs_sigv4_canonical(&rq, &o);
    CHECK(r == 0 || r == IVS_ERR_CRYPTO);
  }
  CHECK(calls >= 3);
}

/* A call: nothing leaves, no secret is left in the workspace, and the next one works. */
static void call_of_the_client(void) {
  struct ivs_get_channel_out out;
  bool failed = true;
  for (int n = 1; failed; n++) {
    set_up();
    fake_body(&fake, ok_head, channel_body);
    calls = 0;
    fail_at = n;
    int r = get_channel(&out);
    failed = r != 0;
    if (failed) {
      CHECK_INT(r, IVS_ERR_CRYPTO);
      CHECK_INT(ivs_last(&client)->err, IVS_ERR_CRYPTO);
      CHECK_INT(fake.sent_n, 0);
      CHECK(!check_holds(space, sizeof space, TOKEN));
      fail_at = 0;
      CHECK_INT(get_channel(&out), 0);
    }
    check_channel(&out);
    tear_down();
  }
  CHECK(calls > 60);
}

/* A role: the credentials that there were stay. */
static void role_of_sts(void) {
  static const char answer[] =
      "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId>"
      "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
      "<Expiration>2026-11-22T10:30:00Z</Expiration></Credentials></AssumeRoleResult>"
      "</AssumeRoleResponse>";
  static char room[8192];
  struct ivs_sts_provider role;
  int r = 1;
  for (int n = 1; r != 0; n++) {
    set_up();
    struct ivs_sts_options options = {.fetch = {.port = &fake.port,
                                                .endpoint = &endpoint,
                                                .space = room,
                                                .space_n = sizeof room,
                                                .attempts = 1},
                                      .region = IVS_STR("eu-west-1"),
                                      .role_arn = IVS_STR("arn:aws:iam::123456789012:role/camera"),
                                      .session_name = IVS_STR("lobby"),
                                      .creds = &creds};
    CHECK_INT(ivs_sts_provider_init(&role, &options), 0);
    fake_body(&fake, ok_head, answer);
    calls = 0;
    fail_at = n;
    struct ivs_wait w;
    while ((r = role.base.fn->step(&role.base, 1795339800)) == IVS_AGAIN || r == 1) {
      if (r == 1) continue;
      w = (struct ivs_wait){-1, 0, fake.now + 1000};
      role.base.fn->wants(&role.base, &w);
      fake.port.fn->wait(&fake.port, &w);
    }
    if (r != 0) {
      CHECK_INT(role.base.version, 0);
      CHECK_INT(fake.sent_n, 0);
    }
    role.base.fn->cancel(&role.base);
    ivs_close(&client);
  }
  CHECK_INT(role.base.version, 1);
  CHECK(calls > 60);
}

#ifndef IVS_CRYPTO_PSA

/* mbedTLS's own function, whose name has a suffix in 2.x. */
#if MBEDTLS_VERSION_NUMBER < 0x03000000
#define REAL_STARTS __real_mbedtls_sha256_starts_ret
#define WRAP_STARTS __wrap_mbedtls_sha256_starts_ret
#else
#define REAL_STARTS __real_mbedtls_sha256_starts
#define WRAP_STARTS __wrap_mbedtls_sha256_starts
#endif

int REAL_STARTS(mbedtls_sha256_context *c, int is224);
int WRAP_STARTS(mbedtls_sha256_context *c, int is224);

static bool hardware_fails;

int WRAP_STARTS(mbedtls_sha256_context *c, int is224) {
  const int hardware_failed = -0x70;
  return hardware_fails ? hardware_failed : REAL_STARTS(c, is224);
}

static void hash_of_mbedtls(void) {
  struct ivs_sha256 h = {0};
  fail_at = 0;
  hardware_fails = true;
  CHECK_INT(ivs_sha256_start(&h), IVS_ERR_CRYPTO);
  hardware_fails = false;
  CHECK_INT(ivs_sha256_start(&h), 0);
  ivs_sha256_wipe(&h);
}

#else

/* PSA refuses what was not started. */
static void hash_of_psa(void) {
  struct ivs_sha256 h = {0};
  fail_at = 0;
  CHECK_INT(ivs_sha256_update(&h, "a", 1), IVS_ERR_CRYPTO);
  CHECK_INT(ivs_sha256_start(&h), 0);
  CHECK_INT(ivs_sha256_update(&h, "a", 1), 0);
  ivs_sha256_wipe(&h);
}

#endif

int main(void) {
#ifndef IVS_CRYPTO_PSA
  RUN(hash_of_mbedtls);
#else
  RUN(hash_of_psa);
#endif
  RUN(hmac_key);
  RUN(signatures);
  RUN(call_of_the_client);
  RUN(role_of_sts);
  return check_done();
}
