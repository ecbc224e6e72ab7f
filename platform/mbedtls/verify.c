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
  if (tls->peer.now < from) *flags |= MBEDTLS_X509_BADCERT_FUTURE;
  if (tls->peer.now > to) *flags |= MBEDTLS_X509_BADCERT_EXPIRED;
  if (!tls->verified || from > tls->valid_from) tls->valid_from = from;
  if (!tls->verified || to < tls->valid_to) tls->valid_to = to;
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
  tls->flags |= *flags;
  return 0;
}
