/*
 * The kept TLS session: taken from a connection, offered to the next one, saved and loaded.
 *
 * A saved session, numbers with the high byte first:
 *
 *   byte 0  format, 1             12  end of the window in which its chain is valid
 *        1  length of the host    20  when it came, all in seconds since 1970
 *        2  port                  28  host, then mbedTLS's form of the session
 *        4  begin of the window       and at the end the seal, 32 bytes
 *
 * mbedTLS's form begins with its version and what it was built with; it takes no other. Members of
 * its structure that its manual calls private are touched twice, as nothing else tells them: the
 * ticket or number that the server knows the session by, and when it came, by a clock that begins
 * anew at each boot.
 */
#include "internal.h"

#if MBEDTLS_VERSION_NUMBER < 0x04000000
#include <mbedtls/md.h>
#endif

#if defined(MBEDTLS_HAVE_TIME) && MBEDTLS_VERSION_NUMBER >= 0x03060000
#include <mbedtls/platform_time.h>
#endif

#ifndef MBEDTLS_PRIVATE
#define MBEDTLS_PRIVATE(member) member
#endif

enum { FORMAT = 1, HEAD = 28, SEAL = 32 };

/* No ticket may be used for longer (RFC 8446, 4.6.1). */
#define WEEK ((int64_t)7 * 24 * 60 * 60)

/* --- keeping --- */

/* see internal.h */
void ivs_tls_forget_session(struct ivs_tls *tls) {
  mbedtls_ssl_session_free(&tls->session);
  mbedtls_ssl_session_init(&tls->session);
  tls->has_session = false;
}

#if MBEDTLS_VERSION_NUMBER >= 0x04000000
#define TOO_SMALL PSA_ERROR_BUFFER_TOO_SMALL

static int digest(const void *p, size_t n, uint8_t to[SEAL]) {
  size_t written = 0;
  return psa_hash_compute(PSA_ALG_SHA_256, p, n, to, SEAL, &written);
}

#else
#define TOO_SMALL MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL

static int digest(const void *p, size_t n, uint8_t to[SEAL]) {
  return mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), p, n, to);
}

#endif

/* A digest of what the server will know the session by: the ticket, or else the number. */
static int fingerprint(const struct ivs_tls *tls, uint8_t to[SEAL]) {
  const mbedtls_ssl_session *s = &tls->session;
#if defined(MBEDTLS_SSL_SESSION_TICKETS) && defined(MBEDTLS_SSL_CLI_C)
  if (s->MBEDTLS_PRIVATE(ticket) != NULL)
    return digest(s->MBEDTLS_PRIVATE(ticket), s->MBEDTLS_PRIVATE(ticket_len), to);
#endif
  return digest(s->MBEDTLS_PRIVATE(id), s->MBEDTLS_PRIVATE(id_len), to);
}

/* see internal.h */
void ivs_tls_keep_session(struct ivs_tls *tls) {
  uint8_t before[SEAL], after[SEAL];
  if (!tls->keep_session) return;
  bool compare = tls->has_session && fingerprint(tls, before) == 0;
  ivs_tls_forget_session(tls);
  if (mbedtls_ssl_get_session(&tls->ssl, &tls->session) != 0) {
    ivs_tls_forget_session(tls); /* memory: then the next handshake is a full one */
    return;
  }
  tls->has_session = true;
  tls->session_window = tls->window;
  bool same = compare && fingerprint(tls, after) == 0 && memcmp(before, after, SEAL) == 0;
  if (same) return;
  tls->sessions++;
  tls->session_ticks = tls->below->fn->ticks(tls->below);
  tls->session_since = IVS_CLOCK_UNKNOWN;
}

/* --- offering --- */

/* True if a session that was loaded is young enough. mbedTLS is told its age by the clock that it
   judges tickets by. */
static bool is_young(struct ivs_tls *tls) {
  int64_t now = tls->peer.now, saved = tls->session_since;
  if (saved == IVS_CLOCK_UNKNOWN) return true; /* of this run: mbedTLS knows */
  if (saved > now || saved < now - WEEK) return false;
#if defined(MBEDTLS_SSL_PROTO_TLS1_3) && defined(MBEDTLS_SSL_SESSION_TICKETS) && \
    defined(MBEDTLS_HAVE_TIME) && MBEDTLS_VERSION_NUMBER >= 0x03060000
  tls->session.MBEDTLS_PRIVATE(ticket_reception_time) = mbedtls_ms_time() - (now - saved) * 1000;
#endif
  return true;
}

/* Taking up a session sends no certificate, so the dates of those that it began with are judged
   here. */
static bool is_usable(struct ivs_tls *tls) {
  int64_t now = tls->peer.now;
  bool valid = now >= tls->session_window.from && now <= tls->session_window.to;
  return (valid || tls->insecure) && is_young(tls);
}

/* see internal.h */
void ivs_tls_offer_session(struct ivs_tls *tls) {
  if (!tls->has_session || tls->peer.now == IVS_CLOCK_UNKNOWN) return;
  if (!is_usable(tls) || mbedtls_ssl_set_session(&tls->ssl, &tls->session) != 0)
    ivs_tls_forget_session(tls);
}

/* --- saving --- */

static void put(uint8_t *p, int64_t value, int bytes) {
  uint64_t rest = (uint64_t)value;
  for (int i = bytes; i-- > 0; rest >>= 8) p[i] = (uint8_t)rest;
}

static int64_t number(const uint8_t *p, int bytes) {
  uint64_t value = 0;
  for (int i = 0; i < bytes; i++) value = value << 8 | p[i];
  return (int64_t)value;
}

/* seal becomes a digest of itself and a digest of the n bytes at p. */
static int add(uint8_t seal[SEAL], const void *p, size_t n) {
  uint8_t both[2 * SEAL];
  memcpy(both, seal, SEAL);
  int r = digest(p, n, both + SEAL);
  return r != 0 ? r : digest(both, sizeof both, seal);
}

static int add_chain(uint8_t seal[SEAL], const mbedtls_x509_crt *crt) {
  int r = 0;
  for (; r == 0 && crt != NULL && crt->raw.p != NULL; crt = crt->next)
    r = add(seal, crt->raw.p, crt->raw.len);
  return r;
}

/* see internal.h */
int ivs_tls_seal(const struct ivs_tls *tls, const void *p, size_t n, uint8_t seal[SEAL]) {
  const uint8_t options[] = {tls->insecure, tls->max_version};
  int r = digest(p, n, seal);
  if (r == 0) r = add_chain(seal, &tls->roots);
  if (r == 0) r = add(seal, options, sizeof options); /* also between the two chains */
  if (r == 0) r = add_chain(seal, &tls->cert);
  return r;
}

/* Seconds since 1970 at which the session came, or IVS_CLOCK_UNKNOWN. */
static int64_t since(const struct ivs_tls *tls) {
  if (tls->session_since != IVS_CLOCK_UNKNOWN) return tls->session_since;
  if (tls->peer.now == IVS_CLOCK_UNKNOWN) return IVS_CLOCK_UNKNOWN;
  return tls->peer.now + (int64_t)(tls->session_ticks - tls->opened) / 1000;
}

/* see ivs/tls.h */
int ivs_tls_session_save(const struct ivs_tls *tls, void *to, size_t n, size_t *used) {
  uint8_t *p = to;
  size_t host = strlen(tls->host), size = 0;
  *used = 0;
  if (!tls->has_session || since(tls) == IVS_CLOCK_UNKNOWN) return IVS_ERR_STATE;
  int r = mbedtls_ssl_session_save(&tls->session, NULL, 0, &size);
  if (r != TOO_SMALL) return IVS_ERR_TLS;
  size_t body = HEAD + host + size;
  *used = body + SEAL;
  if (n < *used) return IVS_ERR_SPACE;
  p[0] = FORMAT;
  p[1] = (uint8_t)host;
  put(p + 2, tls->host_port, 2);
  put(p + 4, tls->session_window.from, 8);
  put(p + 12, tls->session_window.to, 8);
  put(p + 20, since(tls), 8);
  memcpy(p + HEAD, tls->host, host);
  r = mbedtls_ssl_session_save(&tls->session, p + HEAD + host, size, &size);
  if (r == 0) r = ivs_tls_seal(tls, p, body, p + body);
  return r == 0 ? 0 : IVS_ERR_TLS;
}

/* --- loading --- */

/* True if it is whole and was saved under the options that tls has now. */
static bool is_ours(const struct ivs_tls *tls, const uint8_t *p, size_t n) {
  uint8_t seal[SEAL];
  if (n < HEAD + SEAL || p[0] != FORMAT) return false;
  if (p[1] == 0 || p[1] > n - HEAD - SEAL || memchr(p + HEAD, 0, p[1]) != NULL) return false;
  size_t body = n - SEAL;
  return ivs_tls_seal(tls, p, body, seal) == 0 && memcmp(seal, p + body, SEAL) == 0;
}

/* see ivs/tls.h */
int ivs_tls_session_load(struct ivs_tls *tls, const void *from, size_t n) {
  const uint8_t *p = from;
  if (tls->setup != 0) return tls->setup;
  if (tls->state != IVS_TLS_CLOSED || !tls->keep_session) return IVS_ERR_STATE;
  ivs_tls_forget_session(tls);
  if (!is_ours(tls, p, n)) return IVS_ERR_ARGUMENT;
  ivs_str host = {(const char *)p + HEAD, p[1]};
  size_t start = HEAD + host.n;
  ivs_tls_set_host(tls, host, (uint16_t)number(p + 2, 2));
  int r = mbedtls_ssl_session_load(&tls->session, p + start, n - SEAL - start);
  if (r != 0) {
    ivs_tls_forget_session(tls);
    return ivs_tls_no_memory(r) ? IVS_ERR_TLS_MEMORY : IVS_ERR_ARGUMENT;
  }
  tls->session_window.from = number(p + 4, 8);
  tls->session_window.to = number(p + 12, 8);
  tls->session_since = number(p + 20, 8);
  tls->has_session = true;
  return 0;
}
