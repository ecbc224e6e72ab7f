/*
 * mbedTLS's errors as ours, with a few words.
 */
#include "internal.h"

#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>

#if MBEDTLS_VERSION_NUMBER >= 0x04000000

/* see internal.h */
bool ivs_tls_no_memory(int code) {
  return code == PSA_ERROR_INSUFFICIENT_MEMORY;
}

#else

#include <mbedtls/asn1.h>
#include <mbedtls/bignum.h>
#include <mbedtls/cipher.h>
#include <mbedtls/ecp.h>
#include <mbedtls/md.h>
#include <mbedtls/pem.h>

/* A code is the negative sum of a high-level and a low-level one; either may be missing. */
static int high_level(int code) {
  return -(-code & 0xff80);
}

static int low_level(int code) {
  return -(-code & 0x7f);
}

/* see internal.h */
bool ivs_tls_no_memory(int code) {
  switch (high_level(code)) {
    case MBEDTLS_ERR_SSL_ALLOC_FAILED:
    case MBEDTLS_ERR_X509_ALLOC_FAILED:
    case MBEDTLS_ERR_PK_ALLOC_FAILED:
    case MBEDTLS_ERR_ECP_ALLOC_FAILED:
    case MBEDTLS_ERR_PEM_ALLOC_FAILED:
    case MBEDTLS_ERR_MD_ALLOC_FAILED:
    case MBEDTLS_ERR_CIPHER_ALLOC_FAILED: return true;
    default: break;
  }
  return low_level(code) == MBEDTLS_ERR_MPI_ALLOC_FAILED ||
         low_level(code) == MBEDTLS_ERR_ASN1_ALLOC_FAILED;
}

#endif

static const char out_of_memory[] = "out of memory";

static int no_memory(struct ivs_tls *tls) {
  tls->said = out_of_memory;
  return IVS_ERR_TLS_MEMORY;
}

static const uint32_t bad_name = MBEDTLS_X509_BADCERT_CN_MISMATCH;
static const uint32_t bad_date = MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE;

/* A chain that nobody vouches for says nothing by its name and dates, so trust comes first. */
static int verdict(struct ivs_tls *tls) {
  uint32_t trust = tls->flags & ~(bad_name | bad_date);
  if (tls->starved) return no_memory(tls);
  if (trust != 0) {
    tls->said = trust & MBEDTLS_X509_BADCERT_NOT_TRUSTED
                    ? "chain ends at no trusted root"
                    : "weak key or hash in the chain, or not made for this use";
    return IVS_ERR_TLS_TRUST;
  }
  if (tls->flags & bad_name) {
    tls->said = "host is not among the certificate's names";
    return IVS_ERR_TLS_NAME;
  }
  if (tls->flags & bad_date) {
    tls->said = tls->flags & MBEDTLS_X509_BADCERT_EXPIRED
                    ? "certificate in the chain has expired"
                    : "certificate in the chain is not valid yet";
    return IVS_ERR_TLS_DATE;
  }
  return IVS_ERR_TLS;
}

/* mbedTLS says no more when memory is too short to verify the server's signature with TLS 1.3, or
   for a key exchange by PSA. */
static bool may_be_memory(int code) {
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
  return code == MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE || code == MBEDTLS_ERR_SSL_HW_ACCEL_FAILED;
#else
  (void)code;
  return false;
#endif
}

/* see internal.h */
int ivs_tls_error(struct ivs_tls *tls, int code) {
  tls->code = code;
  tls->said = NULL;
  if (ivs_tls_no_memory(code)) return IVS_ERR_TLS_MEMORY;
  if (may_be_memory(code) && ivs_tls_cannot_verify(tls)) return no_memory(tls);
  return code == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED ? verdict(tls) : IVS_ERR_TLS;
}

/* Words for what happens in the field; "" leaves it to mbedTLS. */
static const char *own_text(int code) {
  if (ivs_tls_no_memory(code)) return out_of_memory;
  switch (code) {
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE: return "the server refused with an alert";
    case MBEDTLS_ERR_SSL_INVALID_RECORD: return "not TLS, or a record larger than our buffer";
    case MBEDTLS_ERR_SSL_INVALID_MAC: return "record damaged on the way";
    case MBEDTLS_ERR_SSL_INTERNAL_ERROR:
      return "internal error: is PSA initialised, is there entropy?";
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    case MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION: return "no TLS version in common";
    case MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE:
      return "no cipher or key exchange in common, or a bad signature";
#else
    case MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION: return "no TLS version in common";
#endif
    default: return "";
  }
}

/* see internal.h */
const char *ivs_tls_text(struct ivs_tls *tls) {
  if (tls->said != NULL) return tls->said;
  if (tls->code == 0) return "";
  const char *text = own_text(tls->code);
#if defined(MBEDTLS_ERROR_C)
  if (text[0] == '\0') {
    mbedtls_strerror(tls->code, tls->text, sizeof tls->text);
    return tls->text;
  }
#endif
  return text;
}
