#include "net.h"

/* What a service can say, so that the input need not spell it. The length of a body that a line
   below announces is right. */
static const char *const answers[] = {
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 37\r\n\r\n"
    "{\"channel\":{\"arn\":\"arn:1\",\"name\":\"\"}}",
    "HTTP/1.1 204 No Content\r\nx-amzn-RequestId: 33\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n25\r\n"
    "{\"channel\":{\"arn\":\"arn:1\",\"name\":\"\"}}\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nConnection: "
    "close\r\n\r\n{\"channels\":[{\"arn\":\"a\"},null,{\"name\":\"b\","
    "\"tags\":{\"k\":\"v\"}}],\"nextToken\":\"n\"}",
    "HTTP/1.1 429 Too Many\r\nx-amzn-ErrorType: ThrottlingException\r\nContent-Length: "
    "2\r\n\r\n{}",
    "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nx-amz-retry-after: 900\r\nContent-Length: 2\r\n\r\n{}",
    "HTTP/1.1 403 No\r\nx-amzn-ErrorType: ExpiredTokenException\r\nContent-Length: 2\r\n\r\n{}",
    "HTTP/1.1 403 No\r\nx-amzn-ErrorType: InvalidSignatureException\r\n"
    "Date: Sun, 22 Nov 2026 10:30:00 GMT\r\nContent-Length: 2\r\n\r\n{}",
    "HTTP/1.1 404 Not Found\r\nx-amzn-ErrorType: ChannelNotBroadcasting\r\nContent-Length: 27\r\n"
    "\r\n{\"exceptionMessage\":\"none\"}",
    "HTTP/1.1 400 Bad\r\nContent-Length: 46\r\n\r\n"
    "{\"__type\":\"x#ValidationException\",\"message\":1}",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 4611686018427387904\r\n\r\n",
    "HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 92\r\n\r\n"
    "{\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"s\",\"Token\":\"t\",\"Expiration\":"
    "\"2026-11-22T09:40:00Z\"}",
    "{\"channel\":{\"arn\":\"x\"}}",
    "\r\n\r\n",
};

static struct net *self(struct ivs_port *port) {
  struct net *net = (struct net *)(void *)port;
  HOLDS(++net->functions < 2000000); /* somebody turns in a circle */
  return net;
}

static uint8_t act(struct net *net) {
  return net->clean ? 0 : fuzz_byte(net->in);
}

static int net_open(struct ivs_port *port, const struct ivs_peer *peer) {
  struct net *net = self(port);
  HOLDS(!net->is_open && peer->host.n > 0 && peer->port > 0);
  net->request_n = 0;
  net->coming = (ivs_str){NULL, 0};
  net->is_open = true;
  net->opened++;
  uint8_t act_byte = act(net);
  return act_byte == 255 ? IVS_ERR_NAME : act_byte == 254 ? IVS_ERR_NET : 0;
}

static int net_progress(struct ivs_port *port) {
  static const int results[] = {
      0, 0, 0, 0, IVS_AGAIN, IVS_ERR_CONNECT, IVS_ERR_TLS, IVS_ERR_TLS_DATE};
  struct net *net = self(port);
  HOLDS(net->is_open);
  return results[act(net) % 8];
}

static int clean_send(struct net *net, const char *p, size_t n) {
  if (n > NET_REQUEST - net->request_n) n = NET_REQUEST - net->request_n;
  HOLDS(n > 0);
  memcpy(net->request + net->request_n, p, n);
  net->request_n += n;
  net->request[net->request_n] = 0;
  const char *end = strstr(net->request, "\r\n\r\n");
  if (end == NULL) return (int)n;
  const char *length = strstr(net->request, "ontent-length: ");
  size_t body = length != NULL && length < end ? strtoul(length + 15, NULL, 10) : 0;
  if (net->request_n < (size_t)(end + 4 - net->request) + body) return (int)n;
  net->coming = ivs_cstr(net->service(net, net->request, net->request_n));
  net->request_n = 0;
  return (int)n;
}

static int net_send(struct ivs_port *port, const void *p, size_t n) {
  struct net *net = self(port);
  HOLDS(net->is_open && n > 0);
  if (net->clean) return clean_send(net, (const char *)p, n);
  uint8_t act_byte = act(net);
  if (act_byte < 0x80) return (int)(act_byte == 0 || act_byte > n ? n : act_byte);
  return act_byte < 0xE0 ? IVS_AGAIN : act_byte & 1 ? IVS_ERR_NET : IVS_ERR_CLOSED;
}

/* Decides what comes next. 0, or what recv is to say. */
static int fetch(struct net *net) {
  uint8_t act_byte = act(net);
  if (net->clean || act_byte == 0) return IVS_AGAIN;
  if (act_byte >= 0xF0) return act_byte & 1 ? IVS_ERR_NET : IVS_ERR_CLOSED;
  if (act_byte >= 0xE0) return IVS_AGAIN;
  if (act_byte < 0x80)
    net->coming = ivs_cstr(answers[act_byte % (sizeof answers / sizeof *answers)]);
  else net->coming = fuzz_take(net->in, (size_t)(act_byte & 0x7F) * 4 + 1);
  return net->coming.n > 0 ? 0 : IVS_AGAIN;
}

static int net_recv(struct ivs_port *port, void *p, size_t n) {
  struct net *net = self(port);
  HOLDS(net->is_open && n > 0);
  if (net->coming.n == 0) {
    int r = fetch(net);
    if (r < 0) return r;
  }
  if (!net->clean && net->in->n > 0 && (net->in->p[0] & 0xF) == 0xF && n > 7) n = 7;
  if (n > net->coming.n) n = net->coming.n;
  memcpy(p, net->coming.p, n);
  net->coming.p += n;
  net->coming.n -= n;
  return (int)n;
}

static void net_close(struct ivs_port *port) {
  struct net *net = self(port);
  if (net->is_open) net->closed++;
  net->is_open = false;
}

static void net_wants(struct ivs_port *port, struct ivs_wait *w) {
  (void)self(port);
  w->events = IVS_READABLE | IVS_WRITABLE;
}

static int net_wait(struct ivs_port *port, const struct ivs_wait *w) {
  struct net *net = self(port);
  uint64_t *now = &net->time->ticks;
  uint8_t act_byte = act(net);
  if (act_byte == 255) return IVS_ERR_NET;
  if (act_byte == 254) net->time->skew_ms = ((int64_t)fuzz_number(net->in, 3) - 0x800000) * 60000;
  uint64_t to = act_byte == 0 ? w->until : *now + act_byte * 16u;
  if (to > w->until) to = w->until;
  if (to > *now) *now = to;
  return 0;
}

static uint64_t net_ticks(struct ivs_port *port) {
  return self(port)->time->ticks;
}

static int64_t net_clock(struct ivs_port *port) {
  struct net *net = self(port);
  return net_now(net) * 1000 + net->time->skew_ms;
}

static int net_entropy(struct ivs_port *port, void *p, size_t n) {
  struct net *net = self(port);
  uint8_t act_byte = act(net);
  memset(p, act_byte, n);
  return act_byte == 255 ? IVS_ERR_ENTROPY : 0;
}

static int net_detail(struct ivs_port *port, const char **text) {
  (void)self(port);
  *text = "said the network";
  return 7;
}

static const struct ivs_port_functions functions = {
    .open = net_open,
    .progress = net_progress,
    .send = net_send,
    .recv = net_recv,
    .close = net_close,
    .wants = net_wants,
    .wait = net_wait,
    .ticks = net_ticks,
    .clock = net_clock,
    .entropy = net_entropy,
    .detail = net_detail,
};

void net_start(struct net *net, struct fuzz *in, struct net_time *time, net_service *service) {
  memset(net, 0, offsetof(struct net, request));
  net->port.fn = &functions;
  net->in = in;
  net->time = time;
  net->service = service;
}

int64_t net_now(const struct net *net) {
  return NET_NOW + (int64_t)(net->time->ticks / 1000);
}
