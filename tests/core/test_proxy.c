/*
 * The proxy port over a port made of memory: what it asks, what it makes of answers at every cut,
 * and that a password never stays.
 */
#include "client_setup.h"

#include <ivs/proxy.h>

#define USER "Aladdin"
#define PASSWORD "open sesame"
#define BASIC "QWxhZGRpbjpvcGVuIHNlc2FtZQ==" /* RFC 7617 */
#define GOOD "HTTP/1.1 200 Connection established\r\nVia: 1.1 x\r\n\r\n"
#define BEHIND "\x16\x03\x03 and so on\r\n\r\n"

static struct ivs_proxy proxy;
static struct ivs_port_functions spying;
static struct ivs_peer seen; /* what below was asked to open */
static const struct ivs_peer service = {IVS_STR_INIT("ivs.eu-west-1.amazonaws.com"), 443,
                                        1795339800};

static int spy_open(struct ivs_port *port, const struct ivs_peer *peer) {
  seen = *peer;
  struct fake real;
  fake_start(&real);
  return real.port.fn->open(port, peer);
}

static void set_up_proxy(const char *user, const char *password) {
  struct ivs_proxy_options options;
  memset(&options, 0, sizeof options); /* padding too, as all of the proxy is searched */
  options.host = IVS_STR("proxy.example");
  options.port = 3128;
  options.user = ivs_cstr(user);
  options.password = ivs_cstr(password);
  fake_start(&fake);
  spying = *fake.port.fn;
  spying.open = spy_open;
  fake.port.fn = &spying;
  CHECK_INT(ivs_proxy_init(&proxy, &fake.port, &options), 0);
}

/* A client over the proxy; its own workspace and tear_down(). */
static void set_up_client(const char *user, const char *password) {
  set_up();
  struct ivs_options options = client.options;
  set_up_proxy(user, password);
  options.port = &proxy.port;
  CHECK_INT(ivs_init(&client, &options), 0);
  ivs_workspace(&client, space, sizeof space);
}

/* Opens as a caller does; closes after an error. */
static int open_tunnel(const struct ivs_peer *peer) {
  int turns = 0;
  int r = proxy.port.fn->open(&proxy.port, peer);
  if (r == 0) {
    do r = proxy.port.fn->progress(&proxy.port);
    while (r == IVS_AGAIN && ++turns < 3000);
  }
  if (r != 0) proxy.port.fn->close(&proxy.port);
  return r;
}

static int detail(const char **text) {
  *text = "";
  return proxy.port.fn->detail(&proxy.port, text);
}

static bool holds_secret(void) {
  return check_holds(&proxy, sizeof proxy, BASIC) || check_holds(&proxy, sizeof proxy, "QWxhZGR") ||
         check_holds(&proxy, sizeof proxy, PASSWORD);
}

/* Reads through the tunnel until it ends or has nothing. */
static size_t read_tunnel(char *to, size_t room, size_t piece, int *end) {
  size_t n = 0;
  int again = 0;
  while (n < room) {
    size_t want = piece < room - n ? piece : room - n;
    int r = proxy.port.fn->recv(&proxy.port, to + n, want);
    *end = r;
    if (r == IVS_AGAIN && ++again < 5) continue;
    if (r < 0) break;
    again = 0;
    n += (size_t)r;
  }
  return n;
}

static void asks_for_the_peer(void) {
  set_up_proxy(NULL, NULL);
  fake_answer(&fake, GOOD);
  CHECK_INT(open_tunnel(&service), 0);
  CHECK_STR(seen.host, "proxy.example");
  CHECK_INT(seen.port, 3128);
  CHECK_INT(seen.now, service.now);
  static const char asked[] =
      "CONNECT ivs.eu-west-1.amazonaws.com:443 HTTP/1.1\r\n"
      "Host: ivs.eu-west-1.amazonaws.com:443\r\nUser-Agent: ivs/" IVS_VERSION "\r\n\r\n";
  CHECK_MEM(fake.sent, fake.sent_n, asked, strlen(asked));
  CHECK_INT(proxy.port.fn->progress(&proxy.port), 0);
  CHECK_INT(proxy.port.fn->send(&proxy.port, "hello", 5), 5);
  CHECK_MEM(fake.sent + fake.sent_n - 5, 5, "hello", 5);
  proxy.port.fn->close(&proxy.port);
  proxy.port.fn->close(&proxy.port);
  CHECK_INT(fake.closed, 1);
}

static void asks_for_addresses(void) {
  static const struct ivs_peer v6 = {IVS_STR_INIT("fd00:ec2::254"), 8443, IVS_CLOCK_UNKNOWN};
  set_up_proxy("", "ignored without a user");
  fake_answer(&fake, GOOD);
  CHECK_INT(open_tunnel(&v6), 0);
  CHECK(was_sent("CONNECT [fd00:ec2::254]:8443 HTTP/1.1\r\nHost: [fd00:ec2::254]:8443\r\n"));
  CHECK(!was_sent("Authorization"));
  CHECK(seen.now == IVS_CLOCK_UNKNOWN);
  proxy.port.fn->close(&proxy.port);
}

/* Every cut of what comes, with and without IVS_AGAIN between: the tunnel is the same, and nothing
   of the credentials stays. */
static void any_pieces_give_the_same(void) {
  static const char *const answers[] = {
      GOOD,
      "HTTP/1.0 200 OK\r\n\r\n",
      "HTTP/1.1 200\r\n\r\n",
      "HTTP/1.1 204 x\r\nContent-Length: 9\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 299 Fine\r\n\r\n",
  };
  char whole[200], got[100];
  int end = 0;
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
    snprintf(whole, sizeof whole, "%s%s", answers[i], BEHIND);
    for (size_t piece = 0; piece <= strlen(whole); piece++) {
      for (int hesitant = 0; hesitant < 2; hesitant++) {
        set_up_proxy(USER, PASSWORD);
        fake.recv_piece = fake.send_piece = piece;
        fake.hesitant = hesitant;
        fake_answer(&fake, whole);
        fake.connections[0].after = IVS_ERR_CLOSED;
        CHECK_INT(open_tunnel(&service), 0);
        CHECK(was_sent("\r\nProxy-Authorization: Basic " BASIC "\r\n\r\n"));
        CHECK(!holds_secret());
        size_t n = read_tunnel(got, sizeof got, 1 + piece % 7, &end);
        CHECK_MEM(got, n, BEHIND, strlen(BEHIND));
        CHECK_INT(end, IVS_ERR_CLOSED);
        proxy.port.fn->close(&proxy.port);
      }
    }
  }
}

static void every_truncation(void) {
  static const int ends[] = {IVS_ERR_CLOSED, IVS_ERR_NET};
  for (size_t n = 1; n < strlen(GOOD); n++) {
    for (size_t i = 0; i < 2; i++) {
      const char *text;
      char byte;
      set_up_proxy(USER, PASSWORD);
      fake.connections[0] = (struct fake_connection){GOOD, n, ends[i], ALIVE};
      CHECK_INT(open_tunnel(&service), ends[i]);
      CHECK_INT(detail(&text), 7); /* below's */
      CHECK_STR(ivs_cstr(text), "said the fake");
      CHECK_INT(fake.opened, fake.closed);
      CHECK_INT(proxy.port.fn->recv(&proxy.port, &byte, 1), IVS_ERR_STATE);
    }
  }
}

/* Every function of below fails once, for each error: that is what comes out, nothing stays open,
   and the next connection works. */
static void nth_failure(void) {
  static const int errors[] = {IVS_ERR_NET,     IVS_ERR_CLOSED, IVS_ERR_NAME,
                               IVS_ERR_CONNECT, IVS_ERR_TLS,    IVS_ERR_TIMEOUT};
  for (size_t e = 0; e < sizeof errors / sizeof *errors; e++) {
    bool worked = false;
    for (int at = 1; !worked && at < 1000; at++) {
      set_up_proxy(USER, PASSWORD);
      fake_answer(&fake, GOOD);
      fake_answer(&fake, GOOD);
      fake.recv_piece = fake.send_piece = 20;
      fake.hesitant = at % 2;
      fake.fail_at = at;
      fake.fail_with = errors[e];
      int r = open_tunnel(&service);
      worked = r == 0;
      if (worked) proxy.port.fn->close(&proxy.port);
      else CHECK_INT(r, errors[e]);
      CHECK(!holds_secret());
      CHECK(!fake.is_open || at == 1); /* the fake fails open half done */
      fake.fail_at = 0;
      CHECK_INT(open_tunnel(&service), 0);
      proxy.port.fn->close(&proxy.port);
    }
    CHECK(worked);
  }
}

/* Given up after every number of steps, and then used again. */
static void closed_anywhere(void) {
  bool finished = false;
  for (int steps = 0; !finished && steps < 1000; steps++) {
    set_up_proxy(USER, PASSWORD);
    fake.hesitant = true;
    fake.recv_piece = fake.send_piece = 16;
    fake_answer(&fake, GOOD);
    fake_answer(&fake, GOOD);
    CHECK_INT(proxy.port.fn->open(&proxy.port, &service), 0);
    for (int i = 0; i < steps && !finished; i++)
      finished = proxy.port.fn->progress(&proxy.port) == 0;
    proxy.port.fn->close(&proxy.port);
    CHECK(!holds_secret());
    CHECK_INT(proxy.port.fn->progress(&proxy.port), IVS_ERR_STATE);
    CHECK_INT(open_tunnel(&service), 0);
    proxy.port.fn->close(&proxy.port);
    CHECK_INT(fake.opened, fake.closed);
  }
  CHECK(finished);
}

static void refusals(void) {
  static const struct {
    const char *user, *answer;
    int status;
    const char *text;
  } cases[] = {
      {NULL, "HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic\r\nContent-Length: 4\r\n\r\nbody", 407,
       "the proxy wants a user and a password"},
      {USER, "HTTP/1.0 407 Auth\r\n\r\n", 407, "the proxy did not accept user and password"},
      {USER, "HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n", 403,
       "the proxy does not allow this connection"},
      {NULL, "HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n", 302,
       "the proxy does not allow this connection"},
      {NULL, "HTTP/1.1 502 Bad\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", 502,
       "the proxy did not reach the host"},
      {NULL, "HTTP/1.1 499 Hm\r\n\r\n", 499, "the proxy does not allow this connection"},
      {NULL, "HTTP/1.1 500 Bad\r\n\r\n", 500, "the proxy did not reach the host"},
      {NULL, "HTTP/1.1 504 Slow\r\n\r\n", 504, "the proxy did not reach the host"},
      {NULL, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 No\r\nContent-Length: 1, 2\r\n\r\n", 403,
       "the proxy does not allow this connection"},
      {NULL, "SSH-2.0-OpenSSH_9.2\r\n", 0, "the answer of the proxy is not HTTP/1.1"},
      {NULL, "HTTP/1.1 200 OK\n\n", 0, "the answer of the proxy is not HTTP/1.1"},
      {NULL, "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", 0, "the answer of the proxy is not HTTP/1.1"},
      {NULL, "HTTP/1.1 101 Switching\r\n\r\n", 0, "the answer of the proxy is not HTTP/1.1"},
      {NULL, "HTTP/2 200\r\n\r\n", 0, "the answer of the proxy is not HTTP/1.1"},
  };
  const char *text;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (size_t piece = 0; piece <= strlen(cases[i].answer); piece++) {
      set_up_proxy(cases[i].user, PASSWORD);
      fake.recv_piece = piece;
      fake_answer(&fake, cases[i].answer);
      int expected = cases[i].status >= 500 ? IVS_ERR_CONNECT : IVS_ERR_PROXY;
      if (!CHECK_INT(open_tunnel(&service), expected)) fprintf(stderr, "  case %zu\n", i);
      CHECK_INT(detail(&text), cases[i].status);
      CHECK_STR(ivs_cstr(text), cases[i].text);
      CHECK(!fake.is_open && !holds_secret());
    }
  }
  set_up_proxy(NULL, NULL); /* the next attempt begins with a clean slate */
  fake_answer(&fake, "HTTP/1.1 407 Auth\r\n\r\n");
  CHECK_INT(open_tunnel(&service), IVS_ERR_PROXY);
  fake.fail_at = fake.io + 1;
  fake.fail_with = IVS_ERR_CONNECT;
  CHECK_INT(open_tunnel(&service), IVS_ERR_CONNECT);
  CHECK_INT(detail(&text), 7);
}

/* A head without end is refused at its bound, interim heads too. */
static void endless_heads(void) {
  static const char *const heads[][2] = {
      {"HTTP/1.1 200 OK\r\n", "X-Filler: yes, a line of it\r\n"},
      {"", "HTTP/1.1 100 Continue\r\n\r\n"},
      {"HTTP/1.1 200 ", "reason "},
  };
  static char answer[20000];
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
    strcpy(answer, heads[i][0]);
    for (size_t n = strlen(answer); n + 100 < sizeof answer; n += strlen(heads[i][1]))
      strcpy(answer + n, heads[i][1]);
    set_up_proxy(NULL, NULL);
    fake.recv_piece = 333;
    fake_answer(&fake, answer);
    CHECK_INT(open_tunnel(&service), IVS_ERR_PROXY);
    CHECK(fake.played <= IVS_HTTP_HEAD_MAX + sizeof proxy.buffer);
  }
}

static int base64_value(char c) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const char *at = c != '\0' ? strchr(digits, c) : NULL;
  return at != NULL ? (int)(at - digits) : -1;
}

/* Decodes up to the first other character; returns the bytes. */
static size_t from_base64(const char *p, char *to) {
  unsigned bits = 0, have = 0;
  size_t n = 0;
  for (; base64_value(*p) >= 0; p++) {
    bits = bits << 6 | (unsigned)base64_value(*p);
    if ((have += 6) < 8) continue;
    have -= 8;
    to[n++] = (char)(bits >> have);
  }
  return n;
}

/* Any user and password, up to what the buffer holds, arrives as it was; what it does not hold is
   refused. */
static void credentials_arrive(void) {
  char user[400], password[800], both[1300];
  static const char name[] = "\r\nProxy-Authorization: Basic ";
  size_t sent = 0, refused = 0;
  set_up_proxy(NULL, NULL);
  fake_answer(&fake, GOOD);
  CHECK_INT(open_tunnel(&service), 0);
  size_t bare = fake.sent_n;
  for (int i = 0; i < 3000; i++) {
    size_t user_n = 1 + check_below(i < 2000 ? 20 : 300),
           password_n = check_below(i < 2000 ? 20 : 700);
    for (size_t j = 0; j < user_n; j++) {
      do user[j] = (char)(' ' + check_below(224));
      while (user[j] == ':' || user[j] == 0x7F);
    }
    for (size_t j = 0; j < password_n; j++) {
      do password[j] = (char)(' ' + check_below(224));
      while (password[j] == 0x7F);
    }
    user[user_n] = password[password_n] = '\0';
    set_up_proxy(user, password);
    fake_answer(&fake, GOOD);
    int r = open_tunnel(&service);
    size_t need = bare + strlen(name) + (user_n + 1 + password_n + 2) / 3 * 4;
    if (r < 0) {
      refused++;
      CHECK_INT(r, IVS_ERR_ARGUMENT);
      CHECK(need > IVS_PROXY_BUFFER && fake.opened == 0);
      for (size_t j = 0; j < sizeof proxy.buffer; j++) CHECK(proxy.buffer[j] == 0);
      continue;
    }
    sent++;
    CHECK_INT(fake.sent_n, need);
    fake.sent[fake.sent_n] = '\0';
    char *at = strstr(fake.sent, name);
    if (!CHECK(at != NULL)) continue;
    size_t n = from_base64(at + strlen(name), both);
    CHECK_INT(n, user_n + 1 + password_n);
    CHECK(memcmp(both, user, user_n) == 0 && both[user_n] == ':' &&
          memcmp(both + user_n + 1, password, password_n) == 0);
    CHECK_INT(strcspn(at + strlen(name), "\r") % 4, 0);
    proxy.port.fn->close(&proxy.port);
  }
  CHECK(sent > 100 && refused > 100);
}

static void bad_set_up(void) {
  struct ivs_proxy_options good = {IVS_STR_INIT("h"), 1, IVS_STR_INIT("u"), IVS_STR_INIT("p")};
  static const char *const bad_words[] = {"a\r\nX: y", "\n", "\x7f", "a\tb"};
  struct ivs_proxy_options o = good;
  fake_start(&fake);
  CHECK_INT(ivs_proxy_init(&proxy, &fake.port, &o), 0);
  o.host.n = 0;
  CHECK_INT(ivs_proxy_init(&proxy, &fake.port, &o), IVS_ERR_ARGUMENT);
  o = good;
  o.port = 0;
  CHECK_INT(ivs_proxy_init(&proxy, &fake.port, &o), IVS_ERR_ARGUMENT);
  o = good;
  o.user = IVS_STR("a:b");
  CHECK_INT(ivs_proxy_init(&proxy, &fake.port, &o), IVS_ERR_ARGUMENT);
  for (size_t i = 0; i < sizeof bad_words / sizeof *bad_words; i++) {
    o = good;
    o.user = ivs_cstr(bad_words[i]);
    CHECK_INT(ivs_proxy_init(&proxy, &fake.port, &o), IVS_ERR_ARGUMENT);
    o = good;
    o.password = ivs_cstr(bad_words[i]);
    CHECK_INT(ivs_proxy_init(&proxy, &fake.port, &o), IVS_ERR_ARGUMENT);
  }
}

static void bad_peers(void) {
  static const char *const hosts[] = {"", "a b", "a\r\nX: y", "a\tb", " a", "a\x7f"};
  for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
    struct ivs_peer peer = {ivs_cstr(hosts[i]), 443, 0};
    set_up_proxy(USER, PASSWORD);
    CHECK_INT(open_tunnel(&peer), IVS_ERR_ARGUMENT);
    CHECK_INT(fake.opened, 0);
    CHECK(!holds_secret());
  }
}

static void states(void) {
  char byte;
  set_up_proxy(NULL, NULL);
  fake_answer(&fake, GOOD);
  const struct ivs_port_functions *fn = proxy.port.fn;
  CHECK_INT(fn->progress(&proxy.port), IVS_ERR_STATE);
  CHECK_INT(fn->open(&proxy.port, &service), 0);
  CHECK_INT(fn->open(&proxy.port, &service), IVS_ERR_STATE);
  CHECK_INT(fn->send(&proxy.port, "x", 1), IVS_ERR_STATE);
  CHECK_INT(fn->recv(&proxy.port, &byte, 1), IVS_ERR_STATE);
  CHECK_INT(fn->progress(&proxy.port), 0);
  CHECK_INT(fn->open(&proxy.port, &service), IVS_ERR_STATE);
  fn->close(&proxy.port);
  CHECK_INT(fn->send(&proxy.port, "x", 1), IVS_ERR_STATE);
  CHECK_INT(fn->ticks(&proxy.port), fake.now);
  CHECK_INT(fn->clock(&proxy.port), fake.clock_ms);
  CHECK_INT(fn->entropy(&proxy.port, &byte, 1), 0);
  CHECK_INT(byte, 42);
  struct ivs_wait w = {0};
  fn->wants(&proxy.port, &w);
  CHECK_INT(w.events, IVS_READABLE | IVS_WRITABLE);
  w.until = fake.now + 5;
  CHECK_INT(fn->wait(&proxy.port, &w), 0);
  CHECK_INT(fn->ticks(&proxy.port), w.until);
}

/* The client's own call through it; the answer comes at once, part of it behind the proxy's. */
static void client_calls(void) {
  static char whole[4096];
  struct ivs_get_channel_out out;
  for (size_t piece = 0; piece < 100; piece++) {
    for (int hesitant = 0; hesitant < 2; hesitant++) {
      set_up_client(USER, PASSWORD);
      fake.recv_piece = piece;
      fake.hesitant = hesitant;
      snprintf(whole, sizeof whole, "%s%s\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
               GOOD, ok_head, strlen(channel_body), channel_body);
      fake_answer(&fake, whole);
      CHECK_INT(get_channel(&out), 0);
      check_channel(&out);
      CHECK(was_sent("\r\n\r\nPOST /GetChannel HTTP/1.1\r\n"));
      tear_down();
    }
  }
}

/* The deadline of a call holds while the proxy keeps silent, at every stage of its answer. */
static void client_does_not_hang(void) {
  struct ivs_get_channel_out out;
  for (size_t n = 0; n < strlen(GOOD); n++) {
    set_up_client(USER, PASSWORD);
    uint64_t before = fake.now;
    fake.connections[0] = (struct fake_connection){n > 0 ? GOOD : NULL, n, IVS_AGAIN, ALIVE};
    CHECK_INT(get_channel(&out), IVS_ERR_TIMEOUT);
    CHECK_INT(fake.now - before, IVS_CALL_MS);
    CHECK(!holds_secret());
    tear_down();
  }
}

/* A refusal ends the call at once, and the caller learns what it was. */
static void client_is_refused(void) {
  struct ivs_get_channel_out out;
  set_up_client(NULL, NULL);
  fake_answer(&fake, "HTTP/1.1 407 Auth\r\n\r\n");
  CHECK_INT(get_channel(&out), IVS_ERR_PROXY);
  CHECK_INT(ivs_last(&client)->layer, IVS_LAYER_NET);
  CHECK_INT(ivs_last(&client)->system, 407);
  CHECK_STR(ivs_cstr(ivs_last(&client)->message), "the proxy wants a user and a password");
  CHECK_INT(fake.opened, 1);
  tear_down();
}

int main(void) {
  check_seed();
  RUN(asks_for_the_peer);
  RUN(asks_for_addresses);
  RUN(any_pieces_give_the_same);
  RUN(every_truncation);
  RUN(nth_failure);
  RUN(closed_anywhere);
  RUN(refusals);
  RUN(endless_heads);
  RUN(credentials_arrive);
  RUN(bad_set_up);
  RUN(bad_peers);
  RUN(states);
  RUN(client_calls);
  RUN(client_does_not_hang);
  RUN(client_is_refused);
  return check_done();
}
