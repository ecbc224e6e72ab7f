/*
 * Endpoints and credentials: what is taken, what is refused, and that nothing is left of a secret.
 */
#include "../check.h"

#include <ivs/creds.h>
#include <ivs/endpoint.h>

static void regions(void) {
  struct ivs_endpoint e;
  CHECK_INT(ivs_endpoint_for_region(&e, IVS_STR("us-east-1")), 0);
  CHECK_STR(ivs_cstr(e.authority), "ivs.us-east-1.amazonaws.com");
  CHECK_STR(ivs_endpoint_host(&e), "ivs.us-east-1.amazonaws.com");
  CHECK_STR(ivs_cstr(e.path), "");
  CHECK_INT(e.port, 443);
  CHECK(e.tls && !ivs_endpoint_is_loopback(&e));
  CHECK_INT(ivs_endpoint_for_region(&e, IVS_STR("cn-north-1")), 0);
  CHECK_STR(ivs_endpoint_host(&e), "ivs.cn-north-1.amazonaws.com.cn");
  static const char *const refused[] = {"",          "us east",           "a/b",     "a.b",
                                        "US-EAST-1", "eu-west-1\r\nx: y", "\xc3\xa9"};
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
    CHECK_INT(ivs_endpoint_for_region(&e, ivs_cstr(refused[i])), IVS_ERR_ARGUMENT);
  char longest[200];
  memset(longest, 'a', sizeof longest);
  for (size_t n = 1; n < sizeof longest; n++) {
    int r = ivs_endpoint_for_region(&e, (ivs_str){longest, n});
    CHECK(n + 18 <= IVS_AUTHORITY_MAX ? r == 0 : r == IVS_ERR_ARGUMENT);
  }
}

static void urls(void) {
  static const struct {
    const char *url, *authority, *host, *path;
    int port;
    bool tls, loopback;
  } cases[] = {
      {"https://ivs.eu-west-1.amazonaws.com", "ivs.eu-west-1.amazonaws.com",
       "ivs.eu-west-1.amazonaws.com", "", 443, true, false},
      {"HTTPS://Example.COM/", "example.com", "example.com", "", 443, true, false},
      {"https://example.com:443", "example.com", "example.com", "", 443, true, false},
      {"https://example.com:80", "example.com:80", "example.com", "", 80, true, false},
      {"http://localhost:4566/ivs/", "localhost:4566", "localhost", "/ivs", 4566, false, true},
      {"http://localhost:80", "localhost", "localhost", "", 80, false, true},
      {"http://127.0.0.1:1", "127.0.0.1:1", "127.0.0.1", "", 1, false, true},
      {"https://[::1]:65535/a/b", "[::1]:65535", "::1", "/a/b", 65535, true, true},
      {"https://[FD00:EC2::254]", "[fd00:ec2::254]", "fd00:ec2::254", "", 443, true, false},
      {"http://my_host", "my_host", "my_host", "", 80, false, false},
      {"http://127.evil.example", "127.evil.example", "127.evil.example", "", 80, false, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct ivs_endpoint e;
    CHECK_INT(ivs_endpoint_from_url(&e, ivs_cstr(cases[i].url)), 0);
    CHECK_STR(ivs_cstr(e.authority), cases[i].authority);
    CHECK_STR(ivs_endpoint_host(&e), cases[i].host);
    CHECK_STR(ivs_cstr(e.path), cases[i].path);
    CHECK_INT(e.port, cases[i].port);
    CHECK_INT(e.tls, cases[i].tls);
    CHECK_INT(ivs_endpoint_is_loopback(&e), cases[i].loopback);
  }
}

static void bad_urls(void) {
  static const char *const refused[] = {
      "",
      "https://",
      "https:///x",
      "example.com",
      "ftp://x",
      "https://x:",
      "https://x:0",
      "https://x:65536",
      "https://x:1a",
      "https://user@x",
      "https://x?q",
      "https://x/?q",
      "https://x/#f",
      "https://x/a b",
      "https://x/\n",
      "https://x\r\nHost: y",
      "https://[::1",
      "https://::1",
      "https://[]",
      "https://[::g]",
      "https://x:99999999999999999999",
      "https://x/\xc3\xa9",
      "https://a,b",
      " https://x",
  };
  struct ivs_endpoint e;
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
    if (!CHECK_INT(ivs_endpoint_from_url(&e, ivs_cstr(refused[i])), IVS_ERR_ARGUMENT))
      fprintf(stderr, "  %s\n", refused[i]);
  char url[300] = "https://";
  for (size_t n = 1; n < 250; n++) { /* the longest host still has room for brackets and port */
    memset(url + 8, 'a', n);
    memcpy(url + 8 + n, ":12345", 7);
    int r = ivs_endpoint_from_url(&e, ivs_cstr(url));
    CHECK(n <= IVS_AUTHORITY_MAX - 7 ? r == 0 && strlen(e.authority) == n + 6
                                     : r == IVS_ERR_ARGUMENT);
  }
}

static void credentials(void) {
  struct ivs_creds c;
  char longest[IVS_SESSION_TOKEN_MAX + 2];
  ivs_str absent = {NULL, 0};
  memset(longest, 't', sizeof longest);
  CHECK_INT(ivs_creds_set(&c, IVS_STR("AKID"), IVS_STR("s/+="), absent), 0);
  CHECK_STR(ivs_cstr(c.access_key_id), "AKID");
  CHECK_STR(ivs_cstr(c.secret_access_key), "s/+=");
  CHECK_STR(ivs_cstr(c.session_token), "");
  CHECK_INT(ivs_creds_set(&c, IVS_STR("AKID"), IVS_STR("secret"),
                          (ivs_str){longest, IVS_SESSION_TOKEN_MAX}),
            0);
  CHECK_INT(strlen(c.session_token), IVS_SESSION_TOKEN_MAX);
  static const struct {
    ivs_str id, secret, token;
  } refused[] = {
      {{NULL, 0}, IVS_STR_INIT("secret"), {NULL, 0}},
      {IVS_STR_INIT("AKID"), {NULL, 0}, {NULL, 0}},
      {IVS_STR_INIT("AKID"), IVS_STR_INIT(""), {NULL, 0}},
      {IVS_STR_INIT("AKID\n"), IVS_STR_INIT("secret"), {NULL, 0}},
      {IVS_STR_INIT("AKID"), IVS_STR_INIT(" secret"), {NULL, 0}},
      {IVS_STR_INIT("AKID"), IVS_STR_INIT("secret"), IVS_STR_INIT("to\r\nken")},
      {IVS_STR_INIT("AKID"), IVS_STR_INIT("secret"), IVS_STR_INIT("token\0")},
  };
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    CHECK_INT(ivs_creds_set(&c, refused[i].id, refused[i].secret, refused[i].token),
              IVS_ERR_CREDENTIALS);
    CHECK(!check_holds(&c, sizeof c, "secret") && !check_holds(&c, sizeof c, "AKID"));
  }
  CHECK_INT(
      ivs_creds_set(&c, IVS_STR("AKID"), IVS_STR("secret"), (ivs_str){longest, sizeof longest}),
      IVS_ERR_CREDENTIALS);
  CHECK(!check_holds(&c, sizeof c, "secret"));
}

int main(void) {
  RUN(regions);
  RUN(urls);
  RUN(bad_urls);
  RUN(credentials);
  return check_done();
}
