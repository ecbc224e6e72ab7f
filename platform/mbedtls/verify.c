/*
 * What mbedTLS's verification leaves to us: dates by the client's clock, and addresses in
 * certificates.
 */
#include "internal.h"

/* Days from 1970-01-01 of a date of the Gregorian calendar; the year begins in March, so that
   February's end is a year's. */
static int64_t days(int year, int month, int day) {
  int64_t y = month > 2 ? year : year - 1;
  int64_t m = month > 2 ? month - 3 : month + 9;
  return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static int64_t seconds(const mbedtls_x509_time *t) {
  return ((days(t->year, t->mon, t->day) * 24 + t->hour) * 60 + t->min) * 60 + t->sec;
}

/* The certificate's subjectAltName holds the address, byte for byte. The common name does not count
   for addresses. */
static bool names_address(const mbedtls_x509_crt *crt, const uint8_t *address, size_t n) {
  enum { IP_ADDRESS = 7 }; /* iPAddress in GeneralName, RFC 5280 */
  for (const mbedtls_x509_sequence *name = &crt->subject_alt_names; name != NULL;
       name = name->next) {
    if ((name->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK) != IP_ADDRESS || name->buf.p == NULL)
      continue;
    if (name->buf.len == n && memcmp(name->buf.p, address, n) == 0) return true;
  }
  return false;
}

/* Flags a certificate by its dates, and keeps the time in which all of the chain are valid. */
static void judge_dates(struct ivs_tls *tls, const mbedtls_x509_crt *crt, uint32_t *flags) {
  int64_t from = seconds(&crt->valid_from), to = seconds(&crt->valid_to);
  *flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
  if (tls->peer.now != IVS_CLOCK_UNKNOWN && tls->peer.now < from)
    *flags |= MBEDTLS_X509_BADCERT_FUTURE;
  if (tls->peer.now != IVS_CLOCK_UNKNOWN && tls->peer.now > to)
    *flags |= MBEDTLS_X509_BADCERT_EXPIRED;
  if (!tls->verified || from > tls->window.from) tls->window.from = from;
  if (!tls->verified || to < tls->window.to) tls->window.to = to;
}

/* True if r, of mbedtls_pk_verify(), says that memory ran out. 3.6 on PSA says so of an RSA key in
   other words: it could not write the key for PSA. */
static bool is_memory(int r) {
#if defined(MBEDTLS_USE_PSA_CRYPTO) && MBEDTLS_VERSION_NUMBER < 0x04000000
  if (r == MBEDTLS_ERR_PK_BAD_INPUT_DATA) return true;
#endif
  return ivs_tls_no_memory(r);
}

/* True if there is no memory to verify a signature of this key: one that is wrong, made of any
   bytes, has to be computed as one that is right. */
static bool cannot_verify(mbedtls_pk_context *key, const uint8_t *any, size_t any_n) {
  static const uint8_t ecdsa[] = {0x30, 6, 2, 1, 3, 2, 1, 2}; /* r = 3, s = 2 */
  enum { HASH = 32, LEAST_RSA_BITS = 1000 };                  /* no curve has so many */
  size_t bits = mbedtls_pk_get_bitlen(key);
  size_t n = (bits + 7) / 8;
  if (any_n < HASH || any_n < n) return false;
  bool rsa = bits >= LEAST_RSA_BITS;
  int r = mbedtls_pk_verify(key, MBEDTLS_MD_SHA256, any, HASH, rsa ? any : ecdsa,
                            rsa ? n : sizeof ecdsa);
  return is_memory(r);
}

static bool is_issuer(const mbedtls_x509_crt *issuer, const mbedtls_x509_crt *crt) {
  return issuer->subject_raw.len == crt->issuer_raw.len &&
         memcmp(issuer->subject_raw.p, crt->issuer_raw.p, crt->issuer_raw.len) == 0;
}

/* mbedTLS takes a signature that it had no memory to verify for one that is wrong. Whether that may
   have been so is asked of every certificate that could be the issuer's. */
static bool lacks_memory(mbedtls_x509_crt *issuers, const mbedtls_x509_crt *crt) {
  for (mbedtls_x509_crt *c = issuers; c != NULL; c = c->next)
    if (is_issuer(c, crt) && cannot_verify(&c->pk, crt->raw.p, crt->raw.len)) return true;
  return false;
}

/* see internal.h */
bool ivs_tls_cannot_verify(struct ivs_tls *tls) {
  for (mbedtls_x509_crt *c = &tls->roots; c != NULL && c->raw.p != NULL; c = c->next)
    if (cannot_verify(&c->pk, c->raw.p, c->raw.len)) return true;
  return false;
}

/* see internal.h */
int ivs_tls_verify(void *argument, mbedtls_x509_crt *crt, int depth, uint32_t *flags) {
  struct ivs_tls *tls = argument;
  judge_dates(tls, crt, flags);
  tls->verified = true;
  if (tls->insecure) {
    *flags = 0;
    return 0;
  }
  if (depth == 0 && tls->address_n != 0 && !names_address(crt, tls->address, tls->address_n))
    *flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
  if (*flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED && !tls->starved)
    tls->starved = lacks_memory(&tls->roots, crt) || lacks_memory(crt->next, crt);
  tls->flags |= *flags;
  return 0;
}
