/*
 * Endpoints and credentials: what is taken, what is refused, and that nothing is left of a secret.
 *
 * usage: test_endpoint FOLDER         of the vectors
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

/* What a case of published.txt says of flags. */
static unsigned flags_of(const char *word) {
  return (strstr(word, "fips") != NULL ? IVS_ENDPOINT_FIPS : 0u) |
         (strstr(word, "dualstack") != NULL ? IVS_ENDPOINT_DUAL_STACK : 0u);
}

static void check_resolved(const char *service, const char *region, unsigned flags,
                           const char *url) {
  struct ivs_endpoint e;
  if (!CHECK_INT(ivs_endpoint_resolve(&e, ivs_cstr(service), ivs_cstr(region), flags), 0)) return;
  CHECK_STR(ivs_endpoint_host(&e), url + 8);
  CHECK_STR(ivs_cstr(e.authority), url + 8);
  CHECK_STR(ivs_cstr(e.path), "");
  CHECK(e.tls && e.port == 443);
}

static const char *vectors;

static void published(void) {
  char path[600], line[300], service[8], region[64], flags[32], url[100], expected[100];
  int cases = 0, conflicts = 0;
  snprintf(path, sizeof path, "%s/published.txt", vectors);
  FILE *f = fopen(path, "r");
  if (!CHECK(f != NULL)) return;
  while (fgets(line, sizeof line, f) != NULL) {
    if (line[0] == '#') continue;
    int fields = sscanf(line, "%7s %63s %31s %99s %99s", service, region, flags, url, expected);
    if (!CHECK_INT(fields, 5)) continue;
    const char *conflict = ivs_endpoint_conflict(flags_of(flags));
    cases++;
    if (url[0] == '-') {
      check_resolved(service, region, flags_of(flags), expected);
    } else if (CHECK_INT(conflict != NULL, expected[0] == '!') && conflict != NULL) {
      conflicts++;
      CHECK(strstr(conflict, strstr(line, "FIPS") != NULL ? "FIPS" : "dual-stack") != NULL);
    }
  }
  fclose(f);
  CHECK(cases >= 70 && conflicts >= 4);
}

/* One region of each partition, names made up after the patterns, and others that miss them. */
static void partitions(void) {
  static const struct {
    const char *region, *suffix, *dual_stack;
  } cases[] = {
      {"eu-west-1", "amazonaws.com", "api.aws"},
      {"xx-nowhere-9", "amazonaws.com", "api.aws"},
      {"us-gov-north-12", "amazonaws.com", "api.aws"},
      {"cn-x-1", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
      {"aws-cn-global", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
      {"cn-north-east-1", "amazonaws.com", "api.aws"},
      {"cn--1", "amazonaws.com", "api.aws"},
      {"cn-north", "amazonaws.com", "api.aws"},
      {"cn-north-a", "amazonaws.com", "api.aws"},
      {"cn-north-1a", "amazonaws.com", "api.aws"},
      {"cn", "amazonaws.com", "api.aws"},
      {"eusc-de-east-1", "amazonaws.eu", "api.amazonwebservices.eu"},
      {"eusc-fr-east-1", "amazonaws.com", "api.aws"},
      {"us-iso-east-1", "c2s.ic.gov", "api.aws.ic.gov"},
      {"us-iso-1", "amazonaws.com", "api.aws"},
      {"us-isob-east-1", "sc2s.sgov.gov", "api.aws.scloud"},
      {"eu-isoe-west-1", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
      {"us-isof-south-1", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
  };
  char url[200];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (unsigned flags = 0; flags < 4; flags++) {
      snprintf(url, sizeof url, "https://ivs%s.%s.%s", flags & IVS_ENDPOINT_FIPS ? "-fips" : "",
               cases[i].region,
               flags & IVS_ENDPOINT_DUAL_STACK ? cases[i].dual_stack : cases[i].suffix);
      check_resolved("ivs", cases[i].region, flags, url);
    }
  }
}

static void not_resolved(void) {
  static const char *const refused[] = {"", "-", "-a", "a-", "eu west", "EU-WEST-1", "a.b", "a/b"};
  struct ivs_endpoint e;
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
    CHECK_INT(ivs_endpoint_resolve(&e, IVS_STR("ivs"), ivs_cstr(refused[i]), 0), IVS_ERR_ARGUMENT);
  CHECK_INT(ivs_endpoint_resolve(&e, IVS_STR("s3"), IVS_STR("eu-west-1"), 0), IVS_ERR_ARGUMENT);
  CHECK_INT(ivs_endpoint_resolve(&e, IVS_STR("iv"), IVS_STR("eu-west-1"), 0), IVS_ERR_ARGUMENT);
  char longest[64] = "cn-";
  memset(longest + 3, 'a', sizeof longest - 3);
  memcpy(longest + 61, "-1", 2);
  ivs_str region = {longest, 63};
  CHECK_INT(ivs_endpoint_resolve(&e, IVS_STR("sts"), region, 3), 0);
  CHECK_INT(strlen(e.authority), 9 + 63 + 1 + 28);
  region.n = 64;
  CHECK_INT(ivs_endpoint_resolve(&e, IVS_STR("sts"), region, 3), IVS_ERR_ARGUMENT);
  CHECK(ivs_endpoint_conflict(0) == NULL);
  CHECK(strstr(ivs_endpoint_conflict(3), "FIPS") != NULL);
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
      "https://x//a",
      "https://x/a//b",
      "https://x/./a",
      "https://x/a/..",
      "https://x/a/../b",
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

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: test_endpoint FOLDER\n");
    return 2;
  }
  vectors = argv[1];
  RUN(regions);
  RUN(published);
  RUN(partitions);
  RUN(not_resolved);
  RUN(urls);
  RUN(bad_urls);
  RUN(credentials);
  return check_done();
}
