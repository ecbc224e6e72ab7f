/*
 * Viewer tokens for private channels, signed and verified on mbedTLS: JWTs with ES384, which is
 * ECDSA with SHA-384 on the curve P-384. What they say and its limits are in <ivs/claims.h>.
 *
 *   struct ivs_token_key key;
 *   int64_t now = ivs_clock_now(&client);
 *   struct ivs_claims claims = {.channel_arn = arn, .expires = IVS_INT(now + 60)};
 *   char token[IVS_TOKEN_SIZE];
 *   const char *why;
 *   int r = ivs_token_key_load(&key, &port, pem, sizeof pem, &why);
 *   if (r == 0) r = ivs_token_sign(&key, &claims, now, token, sizeof token, &why);
 *   ivs_token_key_free(&key);
 *
 * The viewer plays <playbackUrl>?token=<token>.
 *
 * Needs an mbedTLS with MBEDTLS_PK_PARSE_C, MBEDTLS_PK_WRITE_C, ECDSA, P-384 and SHA-384; for PEM
 * MBEDTLS_PEM_PARSE_C, to write it MBEDTLS_PEM_WRITE_C. On the stack it takes less than 1 KB beside
 * mbedTLS's own; what mbedTLS computes with, it allocates, wipes and frees.
 *
 * Where memory runs out, the error is IVS_ERR_TLS_MEMORY as far as mbedTLS tells; in a few places
 * it calls that a bad key, or a failure of crypto.
 *
 * Every function here that can fail sets *why to a static sentence about it, "" if there is none.
 */
#ifndef IVS_TOKEN_H
#define IVS_TOKEN_H

#include <ivs/claims.h>
#include <ivs/tls.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  IVS_TOKEN_PRIVATE_PEM_SIZE = 320, /* with its NUL */
  IVS_TOKEN_PUBLIC_PEM_SIZE = 256
};

/* A key of P-384: both halves, or the public one alone. Private. Secret: free it. */
struct ivs_token_key {
  mbedtls_pk_context pk;
#if !IVS_TLS_PSA_RANDOM
  mbedtls_ctr_drbg_context random;
#endif
  struct ivs_port *port;
  bool is_private;
};

/*
 * Loads a private key (SEC1 or PKCS#8) or a public one, n bytes at p: PEM, with its ending NUL
 * counted, or DER; not encrypted; p is not needed afterwards. port gives entropy, the only thing it
 * is asked for, and outlives the key; with NULL, unless IVS_TLS_PSA_RANDOM is 1, only public keys
 * are loaded.
 * 0; IVS_ERR_ARGUMENT: no such key; IVS_ERR_ENTROPY, IVS_ERR_TLS_MEMORY, IVS_ERR_CRYPTO.
 * ivs_token_key_free() is due either way.
 */
int ivs_token_key_load(struct ivs_token_key *key, struct ivs_port *port, const void *p, size_t n,
                       const char **why);

/* Makes a new pair of keys instead. The same, but for IVS_ERR_ARGUMENT. */
int ivs_token_key_make(struct ivs_token_key *key, struct ivs_port *port, const char **why);

void ivs_token_key_free(struct ivs_token_key *key);

/*
 * Writes a half of the key as NUL-ended PEM. ImportPlaybackKeyPair takes the public one.
 * 0; IVS_ERR_ARGUMENT: there is no private half; IVS_ERR_SPACE: the sizes above are always enough;
 * IVS_ERR_TLS_MEMORY. After an error `to` is empty.
 */
int ivs_token_private_pem(struct ivs_token_key *key, char *to, size_t size, const char **why);
int ivs_token_public_pem(struct ivs_token_key *key, char *to, size_t size, const char **why);

/*
 * Signs. now: seconds since 1970 by a clock that is right; claims are judged by it as
 * ivs_claims_check() does. The token is NUL-ended; size IVS_TOKEN_SIZE is always enough.
 * 0; what ivs_claims_check() and ivs_claims_encode() return; IVS_ERR_ARGUMENT: not a private key;
 * IVS_ERR_SPACE, IVS_ERR_ENTROPY, IVS_ERR_TLS_MEMORY, IVS_ERR_CRYPTO. After an error `to` is empty.
 */
int ivs_token_sign(struct ivs_token_key *key, const struct ivs_claims *claims, int64_t now,
                   char *to, size_t size, const char **why);

/*
 * Verifies a token, n bytes at text, and takes its claims out, in place: the text is used up, and
 * the claims are views into it. Claims that are not in struct ivs_claims are left out, and none is
 * judged but exp, by now, unless that is IVS_CLOCK_UNKNOWN.
 * 0; IVS_ERR_ARGUMENT: no token of ES384, or not signed by this key; IVS_ERR_RANGE: all is well,
 * but it is over; IVS_ERR_TLS_MEMORY.
 */
int ivs_token_verify(struct ivs_token_key *key, char *text, size_t n, int64_t now,
                     struct ivs_claims *claims, const char **why);

#ifdef __cplusplus
}
#endif

#endif
