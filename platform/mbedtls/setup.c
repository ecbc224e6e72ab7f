/*
 * Sets a TLS port up and takes it down.
 */
#include "internal.h"

#include <ivs/roots.h>

#include <mbedtls/platform.h>

#if defined(MBEDTLS_THREADING_C) && defined(MBEDTLS_FS_IO) && MBEDTLS_VERSION_NUMBER < 0x04000000
#include <mbedtls/threading.h>
#define HAS_MUTEX 1
#else
#define HAS_MUTEX 0
#endif

#if IVS_TLS_PSA_RANDOM ||             \
    (defined(MBEDTLS_PSA_CRYPTO_C) && \
     (MBEDTLS_VERSION_NUMBER >= 0x03000000 || defined(MBEDTLS_USE_PSA_CRYPTO)))
#include <psa/crypto.h>
#define USES_PSA 1
#else
#define USES_PSA 0
#endif

/* --- random numbers --- */

#if IVS_TLS_PSA_RANDOM

#if MBEDTLS_VERSION_NUMBER < 0x04000000
#include <mbedtls/psa_util.h>
#define RANDOM(tls) mbedtls_psa_get_random, MBEDTLS_PSA_RANDOM_STATE
#endif

static void init_random(struct ivs_tls *tls) {
  (void)tls;
}

static int seed_random(struct ivs_tls *tls) {
  (void)tls;
  return 0;
}

static void free_random(struct ivs_tls *tls) {
  (void)tls;
}

#else

#define RANDOM(tls) mbedtls_ctr_drbg_random, &(tls)->random

static int gather_entropy(void *argument, unsigned char *to, size_t n) {
  struct ivs_port *below = argument;
  return below->fn->entropy(below, to, n);
}

static void init_random(struct ivs_tls *tls) {
  mbedtls_ctr_drbg_init(&tls->random);
}

static int seed_random(struct ivs_tls *tls) {
  int r = mbedtls_ctr_drbg_seed(&tls->random, gather_entropy, tls->below, NULL, 0);
  if (r == 0) return 0;
  tls->below_failed = r == MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED;
  return tls->below_failed ? IVS_ERR_ENTROPY : ivs_tls_error(tls, r);
}

static void free_random(struct ivs_tls *tls) {
  mbedtls_ctr_drbg_free(&tls->random);
}

#endif

/* --- options --- */

/* Any of the five will do: a small mbedTLS may lack the curve or key size of some. */
static int builtin_roots(struct ivs_tls *tls) {
  int parsed = 0;
  for (size_t i = 0; i < IVS_ROOTS; i++) {
    int r = mbedtls_x509_crt_parse_der_nocopy(&tls->roots, ivs_roots[i].der, ivs_roots[i].n);
    if (ivs_tls_no_memory(r)) return ivs_tls_error(tls, r);
    if (r == 0) parsed++;
    else tls->code = r;
  }
  return parsed > 0 ? 0 : IVS_ERR_TLS_ROOTS;
}

static bool lacks_nul(const void *p, size_t n) {
  static const char dashes[] = "-----";
  return n >= sizeof dashes && memcmp(p, dashes, sizeof dashes - 1) == 0 &&
         ((const char *)p)[n - 1] != '\0';
}

/* True if p is PEM text that mbedTLS would not recognise as such, and says so. */
static bool bad_pem(struct ivs_tls *tls, const void *p, size_t n) {
  if (!lacks_nul(p, n)) return false;
  tls->said = "PEM text must end with a NUL, counted in its size";
  return true;
}

static int load_roots(struct ivs_tls *tls, const struct ivs_tls_options *options) {
  if (options->roots == NULL) return builtin_roots(tls);
  if (bad_pem(tls, options->roots, options->roots_n)) return IVS_ERR_TLS_ROOTS;
  int r = mbedtls_x509_crt_parse(&tls->roots, options->roots, options->roots_n);
  if (ivs_tls_no_memory(r)) return ivs_tls_error(tls, r);
  if (r < 0) tls->code = r;
  /* Over 0: so many were not understood, but others were. */
  return r >= 0 && tls->roots.raw.p != NULL ? 0 : IVS_ERR_TLS_ROOTS;
}

static int parse_key(struct ivs_tls *tls, const void *p, size_t n) {
#if MBEDTLS_VERSION_NUMBER >= 0x03000000 && MBEDTLS_VERSION_NUMBER < 0x04000000
  return mbedtls_pk_parse_key(&tls->key, p, n, NULL, 0, RANDOM(tls));
#else
  return mbedtls_pk_parse_key(&tls->key, p, n, NULL, 0);
#endif
}

static int load_client_cert(struct ivs_tls *tls, const struct ivs_tls_options *options) {
  if (options->cert == NULL) return 0;
  if (bad_pem(tls, options->cert, options->cert_n) || bad_pem(tls, options->key, options->key_n))
    return IVS_ERR_TLS;
  int r = mbedtls_x509_crt_parse(&tls->cert, options->cert, options->cert_n);
  if (r == 0) r = parse_key(tls, options->key, options->key_n);
  if (r == 0) r = mbedtls_ssl_conf_own_cert(&tls->config, &tls->cert, &tls->key);
  if (r == 0) return 0;
  return ivs_tls_error(tls, r > 0 ? MBEDTLS_ERR_X509_INVALID_FORMAT : r);
}

static void least_version(mbedtls_ssl_config *config) {
#if MBEDTLS_VERSION_NUMBER >= 0x03020000
  mbedtls_ssl_conf_min_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_2);
#else
  mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
#endif
}

/* mbedTLS makes its list of cipher suites where it is asked for it first, without a lock, which two
   threads may do at once. So it is asked here, under a mutex of its own. */
static void make_cipher_suites(void) {
#if HAS_MUTEX
  bool locked = mbedtls_mutex_lock(&mbedtls_threading_readdir_mutex) == 0;
  mbedtls_ssl_list_ciphersuites();
  if (locked) mbedtls_mutex_unlock(&mbedtls_threading_readdir_mutex);
#endif
}

/* Without verification the certificate still goes to the callback, which then lets it pass. */
static int configure(struct ivs_tls *tls) {
  make_cipher_suites();
  int r = mbedtls_ssl_config_defaults(&tls->config, MBEDTLS_SSL_IS_CLIENT,
                                      MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
  if (r != 0) return ivs_tls_error(tls, r);
  least_version(&tls->config);
#if MBEDTLS_VERSION_NUMBER < 0x04000000
  mbedtls_ssl_conf_rng(&tls->config, RANDOM(tls));
#endif
  mbedtls_ssl_conf_authmode(
      &tls->config, tls->insecure ? MBEDTLS_SSL_VERIFY_OPTIONAL : MBEDTLS_SSL_VERIFY_REQUIRED);
  mbedtls_ssl_conf_verify(&tls->config, ivs_tls_verify, tls);
  mbedtls_ssl_conf_ca_chain(&tls->config, &tls->roots, NULL);
#if defined(MBEDTLS_SSL_PROTO_TLS1_3) && defined(MBEDTLS_SSL_SESSION_TICKETS) && \
    MBEDTLS_VERSION_NUMBER >= 0x03060100
  mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
      &tls->config, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
#endif
  return 0;
}

static int start_crypto(struct ivs_tls *tls) {
#if USES_PSA
  psa_status_t status = psa_crypto_init();
  if (status != PSA_SUCCESS) {
    tls->code = (int)status;
    tls->said = "psa_crypto_init failed";
    return status == PSA_ERROR_INSUFFICIENT_MEMORY ? IVS_ERR_TLS_MEMORY : IVS_ERR_ENTROPY;
  }
#endif
  return seed_random(tls);
}

/* Roots come last: after IVS_ERR_TLS_ROOTS all else is in place for ivs_tls_roots_file(). */
static int set_up(struct ivs_tls *tls, const struct ivs_tls_options *options) {
  int r = start_crypto(tls);
  if (r == 0) r = configure(tls);
  if (r == 0) r = load_client_cert(tls, options);
  if (r == 0) r = load_roots(tls, options);
  return r;
}

/* see ivs/tls.h */
int ivs_tls_init(struct ivs_tls *tls, struct ivs_port *below,
                 const struct ivs_tls_options *options) {
  static const struct ivs_tls_options defaults = {0};
  if (options == NULL) options = &defaults;
  memset(tls, 0, sizeof *tls);
  tls->port.fn = &ivs_tls_functions;
  tls->below = below;
  tls->max_version = options->max_version;
  tls->insecure = options->insecure_no_verify;
  tls->keep_session = !options->no_resumption;
  mbedtls_ssl_init(&tls->ssl);
  mbedtls_ssl_config_init(&tls->config);
  mbedtls_ssl_session_init(&tls->session);
  init_random(tls);
  mbedtls_x509_crt_init(&tls->roots);
  mbedtls_x509_crt_init(&tls->cert);
  mbedtls_pk_init(&tls->key);
  tls->setup = set_up(tls, options);
  return tls->setup;
}

/* see ivs/tls.h */
void ivs_tls_free(struct ivs_tls *tls) {
  tls->port.fn->close(&tls->port);
  mbedtls_ssl_config_free(&tls->config);
  mbedtls_ssl_session_free(&tls->session);
  mbedtls_x509_crt_free(&tls->roots);
  mbedtls_x509_crt_free(&tls->cert);
  mbedtls_pk_free(&tls->key);
  free_random(tls);
  tls->setup = IVS_ERR_STATE;
}

/* see ivs/tls.h */
int ivs_tls_memory(void *(*take)(size_t count, size_t size), void (*let_go)(void *p)) {
#if defined(MBEDTLS_PLATFORM_MEMORY) && !defined(MBEDTLS_PLATFORM_CALLOC_MACRO)
  return mbedtls_platform_set_calloc_free(take, let_go) == 0 ? 0 : IVS_ERR_STATE;
#else
  (void)take;
  (void)let_go;
  return IVS_ERR_STATE;
#endif
}
