/*
 * The TLS port: mbedTLS between the caller and the port below.
 *
 *   CLOSED -> CONNECTING -> HANDSHAKE -> OPEN -> CLOSED
 *
 * HANDSHAKE goes back to CONNECTING once if this mbedTLS turns out to need TLS 1.2 for the host.
 */
#include "internal.h"

#include <limits.h>
#include <mbedtls/net_sockets.h>

/* mbedTLS's functions return now and then without bytes and without being blocked (a ticket, an
   empty record). So often they are called again before the caller gets a turn, whatever the other
   side sends. */
enum { ROUNDS = 16 };

static struct ivs_tls *self(struct ivs_port *port) {
  return (struct ivs_tls *)(void *)port;
}

/* --- bytes to and from below --- */

static int clamp(size_t n) {
  return n > INT_MAX ? INT_MAX : (int)n;
}

static int bio_result(struct ivs_tls *tls, int r, int want) {
  if (r > 0) return r;
  if (r == IVS_AGAIN) {
    tls->blocked = true;
    return want;
  }
  tls->bio_error = r;
  return IVS_TLS_BIO_FAILED;
}

/* A way out that broke is used no more, and what has come in is read before the error counts. So it
   is passed over in the handshake: a server that refuses us there says why and closes, perhaps
   while we still write. */
static int bio_send(void *argument, const unsigned char *p, size_t n) {
  struct ivs_tls *tls = argument;
  int r = tls->send_error;
  if (r == 0) r = tls->below->fn->send(tls->below, p, (size_t)clamp(n));
  if (r < 0 && r != IVS_AGAIN) tls->send_error = r;
  bool ended = r == IVS_ERR_CLOSED || r == IVS_ERR_NET;
  if (ended && tls->state == IVS_TLS_HANDSHAKE) return clamp(n);
  return bio_result(tls, r, MBEDTLS_ERR_SSL_WANT_WRITE);
}

static int bio_recv(void *argument, unsigned char *p, size_t n) {
  struct ivs_tls *tls = argument;
  int r = tls->below->fn->recv(tls->below, p, (size_t)clamp(n));
  if (r == IVS_AGAIN && tls->send_error != 0) r = tls->send_error;
  return bio_result(tls, r, MBEDTLS_ERR_SSL_WANT_READ);
}

/* --- errors --- */

static bool is_want(int r) {
  return r == MBEDTLS_ERR_SSL_WANT_READ || r == MBEDTLS_ERR_SSL_WANT_WRITE;
}

static int below_failed(struct ivs_tls *tls, int result) {
  tls->below_failed = true;
  return result;
}

/* An end that TLS did not announce is not one in order. */
static int bio_failed(struct ivs_tls *tls) {
  if (tls->bio_error != IVS_ERR_CLOSED) return below_failed(tls, tls->bio_error);
  tls->said = "connection ended without TLS's own notice";
  return IVS_ERR_NET;
}

/* Ends the connection for an error of mbedTLS; the first one stays. */
static int fail(struct ivs_tls *tls, int r) {
  if (r == IVS_TLS_BIO_FAILED) tls->failed = bio_failed(tls);
  else if (r == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) tls->failed = IVS_ERR_CLOSED;
  else tls->failed = ivs_tls_error(tls, r);
  return tls->failed;
}

static bool is_1_3(const struct ivs_tls *tls) {
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
  return mbedtls_ssl_get_version_number(&tls->ssl) == MBEDTLS_SSL_VERSION_TLS1_3;
#else
  (void)tls;
  return false;
#endif
}

/* With TLS 1.3 what can be resumed arrives later, as tickets, and each is for one use. What has
   been taken up is still good as long as the certificates that it began with. */
static void shaken(struct ivs_tls *tls) {
  tls->state = IVS_TLS_OPEN;
  tls->handshakes++;
  if (!tls->verified) {
    tls->resumed++;
    tls->window = tls->session_window;
  }
  if (is_1_3(tls)) ivs_tls_forget_session(tls);
  else ivs_tls_keep_session(tls);
}

/* --- handshake --- */

static void free_ssl(struct ivs_tls *tls) {
  mbedtls_ssl_free(&tls->ssl);
  mbedtls_ssl_init(&tls->ssl);
}

static void limit_version(struct ivs_tls *tls) {
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
  bool old = tls->only_1_2 || tls->max_version == IVS_TLS_1_2;
  mbedtls_ssl_conf_max_tls_version(&tls->config,
                                   old ? MBEDTLS_SSL_VERSION_TLS1_2 : MBEDTLS_SSL_VERSION_TLS1_3);
#else
  (void)tls; /* there is nothing newer than 1.2 in it */
#endif
}

/* An address goes without server name (RFC 6066); our verify callback compares it. */
static int begin_handshake(struct ivs_tls *tls) {
  tls->verified = tls->starved = false;
  tls->flags = 0;
  tls->send_error = 0;
  limit_version(tls);
  int r = mbedtls_ssl_setup(&tls->ssl, &tls->config);
  if (r == 0) r = mbedtls_ssl_set_hostname(&tls->ssl, tls->address_n == 0 ? tls->host : NULL);
  if (r != 0) return fail(tls, r);
  mbedtls_ssl_set_bio(&tls->ssl, tls, bio_send, bio_recv, NULL);
  ivs_tls_offer_session(tls);
  tls->state = IVS_TLS_HANDSHAKE;
  return 0;
}

/* mbedTLS 3.6.6, offering 1.2 and 1.3, rejects a lawful signature of servers that speak 1.2 only
   and have an RSA key. It accepts it when offering 1.2 alone. */
static bool needs_1_2(const struct ivs_tls *tls, int r) {
#if defined(MBEDTLS_SSL_PROTO_TLS1_3) && defined(MBEDTLS_SSL_PROTO_TLS1_2)
  return r == MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER && !tls->only_1_2 &&
         tls->max_version != IVS_TLS_1_2;
#else
  (void)tls;
  (void)r;
  return false;
#endif
}

static int connect_again(struct ivs_tls *tls) {
  tls->only_1_2 = true;
  free_ssl(tls);
  tls->below->fn->close(tls->below);
  tls->state = IVS_TLS_CONNECTING;
  int r = tls->below->fn->open(tls->below, &tls->peer);
  return r == 0 ? IVS_AGAIN : below_failed(tls, r);
}

static int handshake_failed(struct ivs_tls *tls, int r) {
  ivs_tls_forget_session(tls);
  return needs_1_2(tls, r) ? connect_again(tls) : fail(tls, r);
}

static bool is_shaken(struct ivs_tls *tls) {
#if MBEDTLS_VERSION_MAJOR < 3
  return tls->ssl.state == MBEDTLS_SSL_HANDSHAKE_OVER;
#else
  return mbedtls_ssl_is_handshake_over(&tls->ssl) != 0;
#endif
}

/* Behind each step the caller gets a turn: some of them are long on a small machine. */
static int progress_handshake(struct ivs_tls *tls) {
  if (tls->failed != 0) return tls->failed;
  for (int i = 0; i < ROUNDS; i++) {
    tls->blocked = false;
    int r = mbedtls_ssl_handshake_step(&tls->ssl);
    if (r == 0 && is_shaken(tls)) {
      shaken(tls);
      return 0;
    }
    if (r == 0 || r == MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS) return IVS_AGAIN;
    if (!is_want(r)) return handshake_failed(tls, r);
    if (tls->blocked) return IVS_AGAIN;
  }
  return IVS_AGAIN;
}

static int progress_connect(struct ivs_tls *tls) {
  int r = tls->below->fn->progress(tls->below);
  if (r == IVS_AGAIN) return r;
  if (r != 0) return below_failed(tls, r);
  r = begin_handshake(tls);
  return r != 0 ? r : progress_handshake(tls);
}

static int tls_progress(struct ivs_port *port) {
  struct ivs_tls *tls = self(port);
  switch (tls->state) {
    case IVS_TLS_CONNECTING: return progress_connect(tls);
    case IVS_TLS_HANDSHAKE: return progress_handshake(tls);
    case IVS_TLS_OPEN: return 0;
    default: return IVS_ERR_STATE;
  }
}

/* --- open and close --- */

static bool same_host(const struct ivs_tls *tls, ivs_str host, uint16_t port) {
  return port == tls->host_port && ivs_str_eq(host, ivs_cstr(tls->host));
}

/* see internal.h */
void ivs_tls_set_host(struct ivs_tls *tls, ivs_str host, uint16_t port) {
  if (same_host(tls, host, port)) return;
  ivs_tls_forget_session(tls);
  tls->only_1_2 = false;
  memcpy(tls->host, host.p, host.n);
  tls->host[host.n] = '\0';
  tls->host_port = port;
  tls->address_n = ivs_tls_address(tls->host, tls->address);
}

static void clear_errors(struct ivs_tls *tls) {
  tls->failed = tls->code = tls->bio_error = 0;
  tls->said = NULL;
  tls->below_failed = false;
}

static int tls_open(struct ivs_port *port, const struct ivs_peer *peer) {
  struct ivs_tls *tls = self(port);
  ivs_str host = peer->host;
  if (tls->setup != 0) return tls->setup;
  if (tls->state != IVS_TLS_CLOSED) return IVS_ERR_STATE;
  clear_errors(tls);
  /* A dot at the end makes a full name in DNS; certificates do without. */
  if (host.n > 1 && host.p[host.n - 1] == '.') host.n--;
  if (host.n == 0 || host.n >= sizeof tls->host || memchr(host.p, 0, host.n) != NULL)
    return IVS_ERR_ARGUMENT;
  ivs_tls_set_host(tls, host, peer->port);
  tls->peer = *peer;
  tls->opened = tls->below->fn->ticks(tls->below);
  tls->unsent = 0;
  int r = tls->below->fn->open(tls->below, peer);
  if (r != 0) return below_failed(tls, r);
  tls->state = IVS_TLS_CONNECTING;
  return 0;
}

static void tls_close(struct ivs_port *port) {
  struct ivs_tls *tls = self(port);
  if (tls->state == IVS_TLS_CLOSED) return;
  if (tls->state == IVS_TLS_OPEN && (tls->failed == 0 || tls->failed == IVS_ERR_CLOSED))
    mbedtls_ssl_close_notify(&tls->ssl);
  free_ssl(tls);
  tls->below->fn->close(tls->below);
  tls->state = IVS_TLS_CLOSED;
}

/* --- bytes --- */

/* mbedTLS keeps the record it could not send, and counts it as written when it is called with its
   size again. */
static int tls_send(struct ivs_port *port, const void *p, size_t n) {
  struct ivs_tls *tls = self(port);
  if (tls->state != IVS_TLS_OPEN) return IVS_ERR_STATE;
  if (tls->failed != 0) return tls->failed;
  if (n == 0 || n < tls->unsent) return IVS_ERR_ARGUMENT;
  size_t size = tls->unsent != 0 ? tls->unsent : (size_t)clamp(n);
  for (int i = 0; i < ROUNDS; i++) {
    tls->blocked = false;
    int r = mbedtls_ssl_write(&tls->ssl, p, size);
    tls->unsent = r > 0 ? 0 : size;
    if (r > 0) return r;
    if (r == MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS) return IVS_AGAIN;
    /* Not the end of it all: what came in can still be read. */
    if (r == IVS_TLS_BIO_FAILED) return bio_failed(tls);
    if (!is_want(r)) return fail(tls, r);
    if (tls->blocked) return IVS_AGAIN;
  }
  return IVS_AGAIN;
}

/* Deals with what mbedtls_ssl_read returned besides bytes. IVS_OK: call it again. */
static int no_bytes(struct ivs_tls *tls, int r) {
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
  if (r == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) {
    ivs_tls_keep_session(tls);
    return IVS_OK;
  }
#endif
  if (!is_want(r)) return fail(tls, r);
  return tls->blocked ? IVS_AGAIN : IVS_OK;
}

static int tls_recv(struct ivs_port *port, void *p, size_t n) {
  struct ivs_tls *tls = self(port);
  if (tls->state != IVS_TLS_OPEN) return IVS_ERR_STATE;
  if (tls->failed != 0) return tls->failed;
  if (n == 0) return IVS_ERR_ARGUMENT;
  for (int i = 0; i < ROUNDS; i++) {
    tls->blocked = false;
    int r = mbedtls_ssl_read(&tls->ssl, p, (size_t)clamp(n));
    if (r > 0) return r;
    if (r == MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS) return IVS_AGAIN;
    r = no_bytes(tls, r);
    if (r != IVS_OK) return r;
  }
  return IVS_AGAIN;
}

/* --- the rest --- */

/* Below said last what it waits for. If it was not asked, or had bytes, mbedTLS has work left: no
   sleep then. */
static void tls_wants(struct ivs_port *port, struct ivs_wait *w) {
  struct ivs_tls *tls = self(port);
  tls->below->fn->wants(tls->below, w);
  if (tls->state >= IVS_TLS_HANDSHAKE && !tls->blocked) w->until = 0;
}

static int tls_wait(struct ivs_port *port, const struct ivs_wait *w) {
  struct ivs_port *below = self(port)->below;
  return below->fn->wait(below, w);
}

static uint64_t tls_ticks(struct ivs_port *port) {
  struct ivs_port *below = self(port)->below;
  return below->fn->ticks(below);
}

static int64_t tls_clock(struct ivs_port *port) {
  struct ivs_port *below = self(port)->below;
  return below->fn->clock(below);
}

static int tls_entropy(struct ivs_port *port, void *p, size_t n) {
  struct ivs_port *below = self(port)->below;
  return below->fn->entropy(below, p, n);
}

static int tls_detail(struct ivs_port *port, const char **text) {
  struct ivs_tls *tls = self(port);
  if (tls->below_failed) return tls->below->fn->detail(tls->below, text);
  *text = ivs_tls_text(tls);
  return tls->code;
}

/* see internal.h */
const struct ivs_port_functions ivs_tls_functions = {
    .open = tls_open,
    .progress = tls_progress,
    .send = tls_send,
    .recv = tls_recv,
    .close = tls_close,
    .wants = tls_wants,
    .wait = tls_wait,
    .ticks = tls_ticks,
    .clock = tls_clock,
    .entropy = tls_entropy,
    .detail = tls_detail,
};

/* see ivs/tls.h */
int ivs_tls_version(const struct ivs_tls *tls) {
  if (tls->state != IVS_TLS_OPEN) return 0;
  return is_1_3(tls) ? IVS_TLS_1_3 : IVS_TLS_1_2;
}
