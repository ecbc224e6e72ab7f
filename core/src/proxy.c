/*
 * The proxy port.
 *
 *   CLOSED -> CONNECTING -> ASKING -> LISTENING -> OPEN -> CLOSED
 *
 * The buffer holds the request while ASKING, and is wiped behind it, as the request may have a
 * password. It then takes the answer in pieces; what comes behind the head of a good answer is the
 * peer's, and stays there until recv gives it.
 */
#include <ivs/crypto.h>
#include <ivs/ivs.h>
#include <ivs/proxy.h>

enum { CLOSED, CONNECTING, ASKING, LISTENING, OPEN };

static struct ivs_proxy *self(struct ivs_port *port) {
  return (struct ivs_proxy *)(void *)port;
}

/* --- the request --- */

static uint8_t credential_byte(const struct ivs_proxy_options *options, size_t at) {
  size_t user_n = options->user.n;
  if (at == user_n) return ':';
  return (uint8_t)(at < user_n ? options->user.p[at] : options->password.p[at - user_n - 1]);
}

/* "user:password" in base64 (RFC 4648), without putting the two together first. */
static void put_credentials(struct ivs_out *o, const struct ivs_proxy_options *options) {
  static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t n = options->user.n + 1 + options->password.n;
  for (size_t i = 0; i < n; i += 3) {
    uint32_t bits = 0;
    for (size_t j = i; j < i + 3; j++)
      bits = bits << 8 | (j < n ? credential_byte(options, j) : 0u);
    for (size_t j = 0; j < 4; j++)
      ivs_put_char(o, i + j > n ? '=' : digit[bits >> (18 - 6 * j) & 63]);
  }
}

static void put_authority(struct ivs_out *o, const struct ivs_peer *peer) {
  bool is_v6 = memchr(peer->host.p, ':', peer->host.n) != NULL;
  if (is_v6) ivs_put_char(o, '[');
  ivs_put_str(o, peer->host);
  if (is_v6) ivs_put_char(o, ']');
  ivs_put_char(o, ':');
  ivs_put_int(o, peer->port);
}

static int write_request(struct ivs_proxy *proxy, const struct ivs_peer *peer) {
  struct ivs_out o = ivs_out_to(proxy->buffer, sizeof proxy->buffer);
  ivs_put_text(&o, "CONNECT ");
  put_authority(&o, peer);
  ivs_put_text(&o, " HTTP/1.1\r\nHost: ");
  put_authority(&o, peer);
  ivs_put_text(&o, "\r\nUser-Agent: ivs/" IVS_VERSION "\r\n");
  if (proxy->options.user.n > 0) {
    ivs_put_text(&o, "Proxy-Authorization: Basic ");
    put_credentials(&o, &proxy->options);
    ivs_put_text(&o, "\r\n");
  }
  ivs_put_text(&o, "\r\n");
  proxy->at = 0;
  proxy->n = o.n;
  return ivs_out_end(&o) < 0 ? IVS_ERR_ARGUMENT : 0;
}

/* --- the answer --- */

static int fail(struct ivs_proxy *proxy, int err, int status, const char *said) {
  proxy->status = status;
  proxy->said = said;
  return err;
}

/* What a status other than 2xx comes to: a refusal, or a failure that may pass. */
static int refused(struct ivs_proxy *proxy, int status) {
  if (status >= 500)
    return fail(proxy, IVS_ERR_CONNECT, status, "the proxy did not reach the host");
  if (status != 407)
    return fail(proxy, IVS_ERR_PROXY, status, "the proxy does not allow this connection");
  if (proxy->options.user.n > 0)
    return fail(proxy, IVS_ERR_PROXY, status, "the proxy did not accept user and password");
  return fail(proxy, IVS_ERR_PROXY, status, "the proxy wants a user and a password");
}

/* The answer's head is complete, or no head (end < 0, the parser's error). */
static int judge(struct ivs_proxy *proxy, int end) {
  int status = proxy->http.status;
  if (status >= 300) return refused(proxy, status);
  if (end < 0) return fail(proxy, IVS_ERR_PROXY, 0, "the answer of the proxy is not HTTP/1.1");
  proxy->state = OPEN;
  return 0;
}

/* --- the port --- */

static void forget(struct ivs_proxy *proxy) {
  ivs_wipe(proxy->buffer, sizeof proxy->buffer);
  proxy->at = proxy->n = 0;
}

/* What cannot end a line of the request, or a word of its first. */
static bool is_host(ivs_str host) {
  for (size_t i = 0; i < host.n; i++)
    if ((uint8_t)host.p[i] <= ' ' || host.p[i] == 0x7F) return false;
  return host.n > 0;
}

static int proxy_open(struct ivs_port *port, const struct ivs_peer *peer) {
  struct ivs_proxy *proxy = self(port);
  if (proxy->state != CLOSED) return IVS_ERR_STATE;
  if (!is_host(peer->host)) return IVS_ERR_ARGUMENT;
  proxy->status = 0;
  proxy->said = NULL;
  struct ivs_peer to = {proxy->options.host, proxy->options.port, peer->now};
  int r = write_request(proxy, peer);
  if (r == 0) r = proxy->below->fn->open(proxy->below, &to);
  if (r == 0) proxy->state = CONNECTING;
  else forget(proxy);
  return r;
}

static int progress_connect(struct ivs_proxy *proxy) {
  int r = proxy->below->fn->progress(proxy->below);
  if (r == 0) proxy->state = ASKING;
  return r;
}

static int progress_ask(struct ivs_proxy *proxy) {
  struct ivs_port *below = proxy->below;
  while (proxy->at < proxy->n) {
    int r = below->fn->send(below, proxy->buffer + proxy->at, proxy->n - proxy->at);
    if (r < 0) return r;
    proxy->at += (size_t)r;
  }
  forget(proxy);
  ivs_http1_start(&proxy->http, true, NULL, NULL);
  proxy->state = LISTENING;
  return 0;
}

/* The parser bounds the answer, so that this ends however fast bytes come. */
static int progress_listen(struct ivs_proxy *proxy) {
  struct ivs_port *below = proxy->below;
  size_t body;
  int end;
  do {
    int r = below->fn->recv(below, proxy->buffer, sizeof proxy->buffer);
    if (r < 0) return r;
    proxy->n = (size_t)r;
    end = ivs_http1_feed(&proxy->http, proxy->buffer, proxy->n, &proxy->at, &body);
  } while (end == 0);
  return judge(proxy, end);
}

static int proxy_progress(struct ivs_port *port) {
  struct ivs_proxy *proxy = self(port);
  int r = proxy->state == CLOSED ? IVS_ERR_STATE : 0;
  if (r == 0 && proxy->state == CONNECTING) r = progress_connect(proxy);
  if (r == 0 && proxy->state == ASKING) r = progress_ask(proxy);
  if (r == 0 && proxy->state == LISTENING) r = progress_listen(proxy);
  return r;
}

static int proxy_send(struct ivs_port *port, const void *p, size_t n) {
  struct ivs_proxy *proxy = self(port);
  if (proxy->state != OPEN) return IVS_ERR_STATE;
  return proxy->below->fn->send(proxy->below, p, n);
}

static int proxy_recv(struct ivs_port *port, void *p, size_t n) {
  struct ivs_proxy *proxy = self(port);
  if (proxy->state != OPEN) return IVS_ERR_STATE;
  size_t left = proxy->n - proxy->at;
  if (left == 0) return proxy->below->fn->recv(proxy->below, p, n);
  if (n > left) n = left;
  memcpy(p, proxy->buffer + proxy->at, n);
  proxy->at += n;
  return (int)n;
}

static void proxy_close(struct ivs_port *port) {
  struct ivs_proxy *proxy = self(port);
  if (proxy->state == CLOSED) return;
  proxy->below->fn->close(proxy->below);
  forget(proxy);
  proxy->state = CLOSED;
}

static void proxy_wants(struct ivs_port *port, struct ivs_wait *w) {
  struct ivs_port *below = self(port)->below;
  below->fn->wants(below, w);
}

static int proxy_wait(struct ivs_port *port, const struct ivs_wait *w) {
  struct ivs_port *below = self(port)->below;
  return below->fn->wait(below, w);
}

static uint64_t proxy_ticks(struct ivs_port *port) {
  struct ivs_port *below = self(port)->below;
  return below->fn->ticks(below);
}

static int64_t proxy_clock(struct ivs_port *port) {
  struct ivs_port *below = self(port)->below;
  return below->fn->clock(below);
}

static int proxy_entropy(struct ivs_port *port, void *p, size_t n) {
  struct ivs_port *below = self(port)->below;
  return below->fn->entropy(below, p, n);
}

static int proxy_detail(struct ivs_port *port, const char **text) {
  struct ivs_proxy *proxy = self(port);
  if (proxy->said == NULL) return proxy->below->fn->detail(proxy->below, text);
  *text = proxy->said;
  return proxy->status;
}

static const struct ivs_port_functions functions = {
    .open = proxy_open,
    .progress = proxy_progress,
    .send = proxy_send,
    .recv = proxy_recv,
    .close = proxy_close,
    .wants = proxy_wants,
    .wait = proxy_wait,
    .ticks = proxy_ticks,
    .clock = proxy_clock,
    .entropy = proxy_entropy,
    .detail = proxy_detail,
};

static bool has_control(ivs_str s) {
  for (size_t i = 0; i < s.n; i++)
    if ((uint8_t)s.p[i] < ' ' || s.p[i] == 0x7F) return true;
  return false;
}

/* see ivs/proxy.h */
int ivs_proxy_init(struct ivs_proxy *proxy, struct ivs_port *below,
                   const struct ivs_proxy_options *options) {
  memset(proxy, 0, sizeof *proxy);
  proxy->port.fn = &functions;
  proxy->below = below;
  proxy->options = *options;
  if (options->host.n == 0 || options->port == 0) return IVS_ERR_ARGUMENT;
  if (options->user.n > 0 && memchr(options->user.p, ':', options->user.n) != NULL)
    return IVS_ERR_ARGUMENT;
  return has_control(options->user) || has_control(options->password) ? IVS_ERR_ARGUMENT : 0;
}
