/*
 * Viewer tokens on mbedTLS's keys of any kind (pk): they are there from 2.28 to 4, on PSA alone
 * too. mbedTLS has ECDSA signatures in DER, a token r and s as they are: 48 bytes each.
 */
#include <ivs/token.h>

#include <ivs/crypto.h>

#include "internal.h"

#if defined(MBEDTLS_PK_WRITE_C)

#if MBEDTLS_VERSION_NUMBER >= 0x04000000 || \
    (MBEDTLS_VERSION_NUMBER >= 0x03060000 && defined(MBEDTLS_USE_PSA_CRYPTO))
#include <psa/crypto.h>
#define KEYS_ARE_PSA 1
#else
#include <mbedtls/ecp.h>
#define KEYS_ARE_PSA 0
#endif
#if MBEDTLS_VERSION_NUMBER < 0x04000000
#include <mbedtls/md.h>
#endif

enum { HASH = 48, HALF = IVS_TOKEN_SIGNATURE / 2, DER_MAX = 2 + 2 * (2 + 1 + HALF) };

static int refuse(const char **why, int err, const char *text) {
  *why = text;
  return err;
}

/* mbedTLS's error as ours; its text unless memory is all that was missing. */
static int failed(const char **why, int code, int err, const char *text) {
  if (ivs_tls_no_memory(code)) return refuse(why, IVS_ERR_TLS_MEMORY, "out of memory");
  return refuse(why, err, text);
}

/* --- random numbers --- */

#if IVS_TLS_PSA_RANDOM

#if MBEDTLS_VERSION_NUMBER < 0x04000000
#include <mbedtls/psa_util.h>
#define RANDOM(key) mbedtls_psa_get_random, MBEDTLS_PSA_RANDOM_STATE
#endif

static void init_random(struct ivs_token_key *key) {
  (void)key;
}

static int seed_random(struct ivs_token_key *key, const char **why) {
  (void)key, (void)why;
  return 0;
}

static bool has_random(const struct ivs_token_key *key) {
  (void)key;
  return true;
}

static void free_random(struct ivs_token_key *key) {
  (void)key;
}

#else

#define RANDOM(key) mbedtls_ctr_drbg_random, &(key)->random

static int gather_entropy(void *argument, unsigned char *to, size_t n) {
  struct ivs_port *port = argument;
  return port->fn->entropy(port, to, n);
}

static void init_random(struct ivs_token_key *key) {
  mbedtls_ctr_drbg_init(&key->random);
}

static int seed_random(struct ivs_token_key *key, const char **why) {
  if (key->port == NULL) return 0;
  int r = mbedtls_ctr_drbg_seed(&key->random, gather_entropy, key->port, NULL, 0);
  return r == 0 ? 0 : failed(why, r, IVS_ERR_ENTROPY, "no random numbers");
}

static bool has_random(const struct ivs_token_key *key) {
  return key->port != NULL;
}

static void free_random(struct ivs_token_key *key) {
  mbedtls_ctr_drbg_free(&key->random);
}

#endif

/* --- keys --- */

static int begin(struct ivs_token_key *key, struct ivs_port *port, const char **why) {
  *why = "";
  memset(key, 0, sizeof *key);
  key->port = port;
  mbedtls_pk_init(&key->pk);
  init_random(key);
#if KEYS_ARE_PSA
  psa_status_t status = psa_crypto_init();
  if (status != PSA_SUCCESS) {
    bool memory = status == PSA_ERROR_INSUFFICIENT_MEMORY;
    return refuse(why, memory ? IVS_ERR_TLS_MEMORY : IVS_ERR_ENTROPY, "psa_crypto_init failed");
  }
#endif
  return seed_random(key, why);
}

static int parse_private(struct ivs_token_key *key, const void *p, size_t n) {
#if MBEDTLS_VERSION_NUMBER >= 0x03000000 && MBEDTLS_VERSION_NUMBER < 0x04000000
  return mbedtls_pk_parse_key(&key->pk, p, n, NULL, 0, RANDOM(key));
#else
  return mbedtls_pk_parse_key(&key->pk, p, n, NULL, 0);
#endif
}

/* The public half, as SubjectPublicKeyInfo, says which curve: other ways to ask differ from one
   mbedTLS to the next. */
static bool is_p384(struct ivs_token_key *key) {
  static const uint8_t begins[] = {
      0x30, 0x76, 0x30, 0x10,                                     /* SEQUENCE, SEQUENCE */
      0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,       /* id-ecPublicKey */
      0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, /* secp384r1, BIT STRING */
      0x04};                                                      /* x and y follow */
  uint8_t der[sizeof begins + 2 * HALF];
  int n = mbedtls_pk_write_pubkey_der(&key->pk, der, sizeof der);
  return n == (int)sizeof der && memcmp(der, begins, sizeof begins) == 0;
}

static bool lacks_nul(const void *p, size_t n) {
  static const char dashes[] = "-----";
  return n >= sizeof dashes && memcmp(p, dashes, sizeof dashes - 1) == 0 &&
         ((const char *)p)[n - 1] != '\0';
}

/* Either half. What is not known to be public needs random numbers while it is parsed. */
static int parse(struct ivs_token_key *key, const void *p, size_t n) {
  int r = mbedtls_pk_parse_public_key(&key->pk, p, n);
  if (r == 0 || ivs_tls_no_memory(r) || !has_random(key)) return r;
  mbedtls_pk_free(&key->pk);
  mbedtls_pk_init(&key->pk);
  r = parse_private(key, p, n);
  key->is_private = r == 0;
  return r;
}

/* see ivs/token.h */
int ivs_token_key_load(struct ivs_token_key *key, struct ivs_port *port, const void *p, size_t n,
                       const char **why) {
  int r = begin(key, port, why);
  if (r < 0) return r;
  if (lacks_nul(p, n))
    return refuse(why, IVS_ERR_ARGUMENT, "PEM text must end with a NUL, counted in its size");
  r = parse(key, p, n);
  if (r != 0)
    return failed(why, r, IVS_ERR_ARGUMENT, "no key in PEM or DER form that is not encrypted");
  if (!is_p384(key))
    return refuse(why, IVS_ERR_ARGUMENT, "not a key of ECDSA on the curve P-384 (secp384r1)");
  return 0;
}

#if KEYS_ARE_PSA

static int generate(struct ivs_token_key *key) {
  psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
  psa_key_id_t id;
  psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
  psa_set_key_bits(&attributes, 384);
  psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_SIGN_HASH);
  psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_384));
  psa_status_t status = psa_generate_key(&attributes, &id);
  if (status != PSA_SUCCESS) return (int)status;
  int r = mbedtls_pk_copy_from_psa(id, &key->pk);
  psa_destroy_key(id);
  return r;
}

#else

static int generate(struct ivs_token_key *key) {
  int r = mbedtls_pk_setup(&key->pk, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));
  if (r != 0) return r;
  return mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP384R1, mbedtls_pk_ec(key->pk), RANDOM(key));
}

#endif

/* see ivs/token.h */
int ivs_token_key_make(struct ivs_token_key *key, struct ivs_port *port, const char **why) {
  int r = begin(key, port, why);
  if (r < 0) return r;
  if (!has_random(key)) return refuse(why, IVS_ERR_ENTROPY, "no port to take entropy from");
  r = generate(key);
  key->is_private = r == 0;
  return r == 0 ? 0 : failed(why, r, IVS_ERR_CRYPTO, "mbedTLS could not make a key");
}

/* see ivs/token.h */
void ivs_token_key_free(struct ivs_token_key *key) {
  mbedtls_pk_free(&key->pk);
  free_random(key);
  key->is_private = false;
}

#if defined(MBEDTLS_PEM_WRITE_C)

static int written(int r, char *to, size_t size, const char **why) {
  *why = "";
  if (r == 0) return 0;
  ivs_wipe(to, size);
  return failed(why, r, IVS_ERR_SPACE, "");
}

/* see ivs/token.h */
int ivs_token_private_pem(struct ivs_token_key *key, char *to, size_t size, const char **why) {
  if (size > 0) to[0] = '\0';
  if (!key->is_private) return refuse(why, IVS_ERR_ARGUMENT, "this is a public key");
  return written(mbedtls_pk_write_key_pem(&key->pk, (unsigned char *)to, size), to, size, why);
}

/* see ivs/token.h */
int ivs_token_public_pem(struct ivs_token_key *key, char *to, size_t size, const char **why) {
  return written(mbedtls_pk_write_pubkey_pem(&key->pk, (unsigned char *)to, size), to, size, why);
}

#endif

/* --- signatures --- */

static int hash(const char *p, size_t n, uint8_t to[HASH]) {
#if MBEDTLS_VERSION_NUMBER >= 0x04000000
  size_t written = 0;
  return psa_hash_compute(PSA_ALG_SHA_384, (const uint8_t *)p, n, to, HASH, &written);
#else
  return mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA384), (const uint8_t *)p, n, to);
#endif
}

static int sign_hash(struct ivs_token_key *key, const uint8_t digest[HASH], uint8_t der[DER_MAX],
                     size_t *n) {
#if MBEDTLS_VERSION_NUMBER >= 0x04000000
  return mbedtls_pk_sign(&key->pk, MBEDTLS_MD_SHA384, digest, HASH, der, DER_MAX, n);
#elif MBEDTLS_VERSION_NUMBER >= 0x03000000
  return mbedtls_pk_sign(&key->pk, MBEDTLS_MD_SHA384, digest, HASH, der, DER_MAX, n, RANDOM(key));
#else
  return mbedtls_pk_sign(&key->pk, MBEDTLS_MD_SHA384, digest, HASH, der, n, RANDOM(key));
#endif
}

/* An INTEGER, which has no more bytes than it needs and never a sign, as HALF bytes. Returns behind
   it; NULL if it is none. */
static const uint8_t *take_integer(const uint8_t *p, const uint8_t *end, uint8_t half[HALF]) {
  if (end - p < 2 || p[0] != 0x02 || p[1] == 0 || p[1] > end - p - 2) return NULL;
  size_t n = p[1];
  p += 2;
  if (*p == 0 && n > 1) p++, n--;
  if (n > HALF) return NULL;
  memset(half, 0, HALF - n);
  memcpy(half + HALF - n, p, n);
  return p + n;
}

static bool raw_from_der(const uint8_t *der, size_t n, uint8_t raw[IVS_TOKEN_SIGNATURE]) {
  const uint8_t *end = der + n;
  if (n < 2 || der[0] != 0x30 || der[1] != n - 2) return false;
  const uint8_t *p = take_integer(der + 2, end, raw);
  return p != NULL && take_integer(p, end, raw + HALF) == end;
}

static uint8_t *put_integer(uint8_t *p, const uint8_t half[HALF]) {
  size_t zeros = 0;
  while (zeros < HALF - 1 && half[zeros] == 0) zeros++;
  bool top = half[zeros] >= 0x80; /* would be a sign */
  size_t n = HALF - zeros;
  *p++ = 0x02;
  *p++ = (uint8_t)(n + top);
  if (top) *p++ = 0;
  memcpy(p, half + zeros, n);
  return p + n;
}

static size_t der_from_raw(const uint8_t raw[IVS_TOKEN_SIGNATURE], uint8_t der[DER_MAX]) {
  uint8_t *p = put_integer(put_integer(der + 2, raw), raw + HALF);
  der[0] = 0x30;
  der[1] = (uint8_t)(p - der - 2);
  return (size_t)(p - der);
}

/* Appends the signature of the n bytes at text, and a NUL. */
static int append_signature(struct ivs_token_key *key, char *text, size_t n, const char **why) {
  uint8_t digest[HASH], der[DER_MAX], raw[IVS_TOKEN_SIGNATURE];
  size_t der_n = 0;
  int r = hash(text, n, digest);
  if (r == 0) r = sign_hash(key, digest, der, &der_n);
  if (r != 0) return failed(why, r, IVS_ERR_CRYPTO, "mbedTLS could not sign");
  if (!raw_from_der(der, der_n, raw))
    return refuse(why, IVS_ERR_CRYPTO, "mbedTLS's signature is not DER");
  struct ivs_out o = ivs_out_to(text + n, 1 + IVS_TOKEN_SIGNATURE_TEXT + 1);
  ivs_put_char(&o, '.');
  ivs_put_base64url(&o, raw, sizeof raw);
  ivs_put_char(&o, '\0');
  return 0;
}

static int sign(struct ivs_token_key *key, const struct ivs_claims *claims, char *to, size_t size,
                const char **why) {
  const size_t tail = 1 + IVS_TOKEN_SIGNATURE_TEXT + 1;
  size_t n;
  if (size < tail) return IVS_ERR_SPACE;
  int r = ivs_claims_encode(claims, to, size - tail, &n);
  if (r == IVS_ERR_LENGTH) *why = "the token would be longer than 2048 characters";
  return r < 0 ? r : append_signature(key, to, n, why);
}

/* see ivs/token.h */
int ivs_token_sign(struct ivs_token_key *key, const struct ivs_claims *claims, int64_t now,
                   char *to, size_t size, const char **why) {
  if (size > 0) to[0] = '\0';
  if (!key->is_private)
    return refuse(why, IVS_ERR_ARGUMENT, "a public key cannot sign: give the private one");
  int r = ivs_claims_check(claims, now, why);
  if (r == 0) r = sign(key, claims, to, size, why);
  if (r < 0 && size > 0) ivs_wipe(to, size);
  return r;
}

struct check {
  struct ivs_token_key *key;
  const char *why;
};

/* An ivs_claims_verify. */
static int verify(void *context, const char *text, size_t n,
                  const uint8_t signature[IVS_TOKEN_SIGNATURE]) {
  struct check *check = context;
  uint8_t digest[HASH], der[DER_MAX];
  size_t der_n = der_from_raw(signature, der);
  int r = hash(text, n, digest);
  if (r == 0)
    r = mbedtls_pk_verify(&check->key->pk, MBEDTLS_MD_SHA384, digest, sizeof digest, der, der_n);
  if (r == 0) return 0;
  return failed(&check->why, r, IVS_ERR_ARGUMENT, "not signed by this key, or changed since");
}

/* see ivs/token.h */
int ivs_token_verify(struct ivs_token_key *key, char *text, size_t n, int64_t now,
                     struct ivs_claims *claims, const char **why) {
  struct check check = {key, ""};
  int r = ivs_claims_decode(text, n, verify, &check, claims, why);
  if (check.why[0] != '\0') *why = check.why;
  if (r < 0 || now == IVS_CLOCK_UNKNOWN) return r;
  if (claims->expires.set && claims->expires.value > now) return 0;
  return refuse(why, IVS_ERR_RANGE, "the token is over");
}

#endif
