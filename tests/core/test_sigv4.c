/*
 * Signature Version 4: the cases of tests/vectors/sigv4 (its README.md has the format), the
 * canonical form of paths, queries and headers one by one, room from nothing up until it is enough,
 * and what is refused. Argument: the folder of the vectors.
 */
#include "../check.h"

#include <ivs/sigv4.h>

#include "../../core/src/signature.h"

#ifdef IVS_CRYPTO_PSA
#include <psa/crypto.h>
#endif

enum { FILE_SIZE_MAX = 4096, HEADERS_MAX = 16, CASES = 39, CANONICALS = 2 };

static const char *folder;

/* A case: a signed request, cut into its parts. The parts point into text. */
struct vector {
  char text[FILE_SIZE_MAX];
  struct ivs_sigv4_request rq;
  ivs_pair headers[HEADERS_MAX];
  ivs_str authorization, access_key_id, region, service, signed_names;
  char amz_date[17];
};

static bool read_file(const char *name, const char *ending, char text[FILE_SIZE_MAX], size_t *n) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s%s", folder, name, ending);
  FILE *f = fopen(path, "rb");
  if (f == NULL) return false;
  *n = fread(text, 1, FILE_SIZE_MAX - 1, f);
  text[*n] = '\0';
  fclose(f);
  return *n < FILE_SIZE_MAX - 1;
}

/* What stands before end, which *p moves behind; all that is left if end is not there. */
static ivs_str take(ivs_str *p, const char *end) {
  size_t n = strlen(end), i = 0;
  while (i < p->n && (p->n - i < n || memcmp(p->p + i, end, n) != 0)) i++;
  ivs_str part = {p->p, i};
  size_t skip = i < p->n ? i + n : i;
  p->p += skip;
  p->n -= skip;
  return part;
}

static ivs_pair take_header(ivs_str *p) {
  ivs_str line = take(p, "\n"), name = take(&line, ":");
  return (ivs_pair){name, line};
}

/* The names are in lower case and ';' between them. */
static bool is_signed(ivs_str names, ivs_str name) {
  while (names.n > 0)
    if (ivs_str_eq_nocase(take(&names, ";"), name)) return true;
  return false;
}

static ivs_str trimmed(ivs_str s) {
  while (s.n > 0 && s.p[0] == ' ') s.p++, s.n--;
  return s;
}

static void read_authorization(struct vector *v, ivs_str value) {
  v->authorization = value = trimmed(value);
  take(&value, "Credential=");
  v->access_key_id = take(&value, "/");
  take(&value, "/"); /* the day, which the date header has too */
  v->region = take(&value, "/");
  v->service = take(&value, "/");
  take(&value, "SignedHeaders=");
  v->signed_names = take(&value, ",");
}

static bool read_vector(const char *name, struct vector *v) {
  size_t n;
  memset(v, 0, sizeof *v);
  if (!read_file(name, ".txt", v->text, &n)) return false;
  ivs_str left = {v->text, n}, line = take(&left, "\n");
  v->rq.method = take(&line, " ");
  line.n -= strlen(" HTTP/1.1"); /* the target may have spaces */
  v->rq.path = take(&line, "?");
  v->rq.query = line;
  ivs_pair all[HEADERS_MAX];
  size_t count = 0;
  while (left.n > 0 && left.p[0] != '\n' && count < HEADERS_MAX) all[count++] = take_header(&left);
  take(&left, "\n");
  v->rq.payload = left.p;
  v->rq.payload_size = left.n;
  v->rq.headers = v->headers;
  for (size_t i = 0; i < count; i++)
    if (ivs_str_eq_nocase(all[i].name, IVS_STR("authorization")))
      read_authorization(v, all[i].value);
  for (size_t i = 0; i < count; i++) {
    if (is_signed(v->signed_names, all[i].name)) v->headers[v->rq.header_count++] = all[i];
    if (ivs_str_eq_nocase(all[i].name, IVS_STR("x-amz-date")))
      ivs_str_copy(v->amz_date, sizeof v->amz_date, trimmed(all[i].value));
  }
  return v->authorization.n > 0 && v->rq.header_count > 0 && v->amz_date[0] != '\0';
}

static ivs_str secret_of(ivs_str access_key_id) {
  if (ivs_str_eq(access_key_id, IVS_STR("AKIDEXAMPLE")))
    return IVS_STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  return IVS_STR("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
}

static void check_canonical(const char *name, const struct ivs_sigv4_request *rq, int *found) {
  char expected[FILE_SIZE_MAX], text[FILE_SIZE_MAX];
  size_t n;
  if (!read_file(name, ".canonical", expected, &n)) return;
  struct ivs_out o = ivs_out_to(text, sizeof text);
  CHECK_INT(ivs_sigv4_canonical(rq, &o), 0);
  CHECK_MEM(text, o.n, expected, n);
  ++*found;
}

static void check_vector(const char *name, bool raw, int *canonicals) {
  static struct vector v;
  struct ivs_sigv4_key key = {0};
  char got[1024];
  struct ivs_out o = ivs_out_to(got, sizeof got);
  check_where = name;
  if (!CHECK(read_vector(name, &v))) return;
  if (raw) v.rq.flags = IVS_SIGV4_RAW_PATH;
  CHECK_INT(ivs_sigv4_key_derive(&key, secret_of(v.access_key_id), v.amz_date, v.region, v.service),
            0);
  CHECK_INT(ivs_sigv4_sign(&key, v.access_key_id, &v.rq, v.amz_date, &o), 0);
  CHECK_MEM(got, o.n, v.authorization.p, v.authorization.n);
  check_canonical(name, &v.rq, canonicals);
  ivs_sigv4_key_wipe(&key);
}

static void test_vectors(void) {
  char list[FILE_SIZE_MAX];
  size_t n;
  int cases = 0, canonicals = 0;
  if (!CHECK(read_file("cases", ".txt", list, &n))) return;
  for (char *line = strtok(list, "\n"); line != NULL; line = strtok(NULL, "\n"), cases++) {
    char *raw = strstr(line, " raw");
    if (raw != NULL) *raw = '\0';
    check_vector(line, raw != NULL, &canonicals);
  }
  check_where = "test_vectors";
  CHECK_INT(cases, CASES);
  CHECK_INT(canonicals, CANONICALS);
}

/* The key that the documentation gives in full, seen through an HMAC with it. */
static void test_documented_keys(void) {
  static const uint8_t of_2015[] = {0xc4, 0xaf, 0xb1, 0xcc, 0x57, 0x71, 0xd8, 0x71,
                                    0x76, 0x3a, 0x39, 0x3e, 0x44, 0xb7, 0x03, 0x57,
                                    0x1b, 0x55, 0xcc, 0x28, 0x42, 0x4d, 0x1a, 0x5e,
                                    0x86, 0xda, 0x6e, 0xd3, 0xc1, 0x54, 0xa4, 0xb9};
  static const uint8_t of_2012[] = {0xf4, 0x78, 0x0e, 0x2d, 0x9f, 0x65, 0xfa, 0x89,
                                    0x5f, 0x9c, 0x67, 0xb3, 0x2c, 0xe1, 0xba, 0xf0,
                                    0xb0, 0xd8, 0xa4, 0x35, 0x05, 0xa0, 0x00, 0xa1,
                                    0xa9, 0xe0, 0x90, 0xd4, 0x14, 0xdb, 0x40, 0x4d};
  const struct {
    const char *date;
    const uint8_t *key;
  } keys[] = {{"20150830", of_2015}, {"20120215T000000Z", of_2012}};
  struct ivs_sigv4_key key = {0}; /* derived again and again without a wipe between */
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    struct ivs_hmac_key documented = {0};
    uint8_t got[IVS_SHA256_BYTES], expected[IVS_SHA256_BYTES];
    CHECK_INT(ivs_hmac_key_start(&documented, keys[i].key, IVS_SHA256_BYTES), 0);
    CHECK_INT(ivs_hmac(&documented, "text", 4, expected), 0);
    CHECK_INT(ivs_sigv4_key_derive(&key, IVS_STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                                   keys[i].date, IVS_STR("us-east-1"), IVS_STR("iam")),
              0);
    CHECK_INT(ivs_hmac(&key.hmac, "text", 4, got), 0);
    CHECK_MEM(got, sizeof got, expected, sizeof expected);
    CHECK_MEM(key.date, 8, keys[i].date, 8);
    CHECK_INT(key.date[8], '\0');
    ivs_hmac_key_wipe(&documented);
  }
  ivs_sigv4_key_wipe(&key);
}

/* One line of the canonical request: 1 is the path, 2 the query. */
static ivs_str canonical_line(const struct ivs_sigv4_request *rq, int line,
                              char text[FILE_SIZE_MAX]) {
  struct ivs_out o = ivs_out_to(text, FILE_SIZE_MAX);
  CHECK_INT(ivs_sigv4_canonical(rq, &o), 0);
  ivs_str left = {text, o.n}, part = take(&left, "\n");
  while (line-- > 0) part = take(&left, "\n");
  return part;
}

static void test_paths(void) {
  static const char *const cases[][2] = {{"", "/"},
                                         {"/", "/"},
                                         {"//", "/"},
                                         {"/.", "/"},
                                         {"/..", "/"},
                                         {"/../..", "/"},
                                         {"/./", "/"},
                                         {"/a", "/a"},
                                         {"/a/", "/a/"},
                                         {"/a//", "/a/"},
                                         {"//a", "/a"},
                                         {"/a//b", "/a/b"},
                                         {"/a/./b", "/a/b"},
                                         {"/a/../b", "/b"},
                                         {"/../a", "/a"},
                                         {"/a/b/..", "/a"},
                                         {"/a/b/../", "/a/"},
                                         {"/a/.", "/a"},
                                         {"/a/./", "/a/"},
                                         {"/a/b/c/../../d", "/a/d"},
                                         {"/a/b/../c/..", "/a"},
                                         {"/a/../../b", "/b"},
                                         {"/a/b/../../../c", "/c"},
                                         {"/a/../b/../c", "/c"},
                                         {"/...", "/..."},
                                         {"/..a/.b/c..", "/..a/.b/c.."},
                                         {"/a/..//b", "/b"},
                                         {"/a b", "/a%20b"},
                                         {"/%2F", "/%252F"},
                                         {"/%2e%2e/a", "/%252e%252e/a"},
                                         {"/a:b=c&d+e", "/a%3Ab%3Dc%26d%2Be"},
                                         {"/tags/arn%3Aaws%3Aivs", "/tags/arn%253Aaws%253Aivs"},
                                         {"/-._~", "/-._~"},
                                         {"/\x7f\xff", "/%7F%FF"}};
  char text[FILE_SIZE_MAX];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct ivs_sigv4_request rq = {.method = IVS_STR("GET"), .path = ivs_cstr(cases[i][0])};
    CHECK_STR(canonical_line(&rq, 1, text), cases[i][1]);
    rq.flags = IVS_SIGV4_RAW_PATH;
    CHECK_STR(canonical_line(&rq, 1, text), i == 0 ? "/" : cases[i][0]);
  }
  struct ivs_sigv4_request absent = {.method = IVS_STR("GET")};
  CHECK_STR(canonical_line(&absent, 1, text), "/");
}

static void test_queries(void) {
  static const char *const cases[][2] = {
      {"", ""},
      {"a", "a="},
      {"a=", "a="},
      {"=", "="},
      {"=b", "=b"},
      {"b=1&a=2", "a=2&b=1"},
      {"a=2&a=1", "a=1&a=2"},
      {"a=1&a=1&a=1", "a=1&a=1&a=1"},
      {"a=b=c", "a=b%3Dc"},
      {"a&b&", "=&a=&b="},
      {"B=1&a=2", "B=1&a=2"},
      {"ab=1&a=2", "a=2&ab=1"},
      {"a-=1&a=2", "a=2&a-=1"},
      {"x=%7e&x=%7E&x=~", "x=~&x=~&x=~"},
      {"a=%2f", "a=%2F"},
      {"a=/", "a=%2F"},
      {"a=+", "a=%2B"},
      {"a= ", "a=%20"},
      {"a=%", "a=%25"},
      {"a=%4", "a=%254"},
      {"a=%zz", "a=%25zz"},
      {"a=%4z", "a=%254z"},
      {"a=%41", "a=A"},
      {"a=%80&a=-", "a=%80&a=-"},
      {"-=1&%ff=2&%10=3", "%10=3&%FF=2&-=1"},
      /* In the order of the encoded text "%7E" is not there ("~" is) and '{' is less than '0'. */
      {"0=1&{=2", "%7B=2&0=1"},
      {"a=b&a=b&%61=b", "a=b&a=b&a=b"},
      {"tagKeys=b&tagKeys=a%20b&tagKeys=a", "tagKeys=a&tagKeys=a%20b&tagKeys=b"}};
  char text[FILE_SIZE_MAX];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct ivs_sigv4_request rq = {.method = IVS_STR("GET"), .query = ivs_cstr(cases[i][0])};
    CHECK_STR(canonical_line(&rq, 2, text), cases[i][1]);
  }
}

/* More members than any array would have had room for, in falling order. */
static void test_many_members(void) {
  char query[300 * 4 + 1], text[FILE_SIZE_MAX], expected[300 * 5 + 1];
  size_t n = 0, m = 0;
  for (unsigned i = 300; i-- > 0;) n += (size_t)sprintf(query + n, "%03u&", i);
  for (unsigned i = 0; i < 300; i++) m += (size_t)sprintf(expected + m, "%03u=&", i);
  struct ivs_sigv4_request rq = {.method = IVS_STR("GET"), .query = {query, n - 1}};
  ivs_str line = canonical_line(&rq, 2, text);
  CHECK_MEM(line.p, line.n, expected, m - 1);
}

static void test_headers(void) {
  static const ivs_pair mixed[] = {
      {IVS_STR_INIT("X-B"), IVS_STR_INIT("  two  \t words ")},
      {IVS_STR_INIT("host"), IVS_STR_INIT("h")},
      {IVS_STR_INIT("x-A"), {NULL, 0}},
      {IVS_STR_INIT("x-b"), IVS_STR_INIT("")},
      {IVS_STR_INIT("X-b"), IVS_STR_INIT("a single space stays")},
      {IVS_STR_INIT("x"), IVS_STR_INIT(" \t ")},
      {IVS_STR_INIT("A-Name-Of-More-Than-Thirty-Two-Characters-0123456789"),
       IVS_STR_INIT("UPPER \xc3\xa4 \x80\xa0")}};
  static const char expected[] =
      "GET\n/\n\n"
      "a-name-of-more-than-thirty-two-characters-0123456789:UPPER \xc3\xa4 \x80\xa0\n"
      "host:h\nx:\nx-a:\nx-b:two words,,a single space stays\n\n"
      "a-name-of-more-than-thirty-two-characters-0123456789;host;x;x-a;x-b\n"
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  struct ivs_sigv4_request rq = {.method = IVS_STR("GET"), .headers = mixed, .header_count = 7};
  char text[FILE_SIZE_MAX];
  struct ivs_out o = ivs_out_to(text, sizeof text);
  CHECK_INT(ivs_sigv4_canonical(&rq, &o), 0);
  CHECK_MEM(text, o.n, expected, sizeof expected - 1);
}

/* A name of every length around the pieces it is lowered in; words of every length around a machine
   word. */
static void test_lengths(void) {
  char name[100], value[100], text[FILE_SIZE_MAX], expected[2 * FILE_SIZE_MAX];
  memset(value, 'v', sizeof value);
  for (size_t n = 1; n < sizeof name; n++) {
    for (size_t i = 0; i < n; i++) name[i] = (char)('A' + i % 26);
    for (size_t space = 1; space + 2 < n; space++) {
      value[space] = value[space + 1] = ' ';
      ivs_pair h = {{name, n}, {value, n}};
      struct ivs_sigv4_request rq = {.method = IVS_STR("GET"), .headers = &h, .header_count = 1};
      ivs_str line = canonical_line(&rq, 3, text);
      size_t m = 0;
      for (size_t i = 0; i < n; i++) expected[m++] = (char)('a' + i % 26);
      expected[m++] = ':';
      memcpy(expected + m, value, n);
      memmove(expected + m + space, expected + m + space + 1, n - space - 1);
      CHECK_MEM(line.p, line.n, expected, m + n - 1);
      value[space] = value[space + 1] = 'v';
    }
  }
}

static const ivs_pair some_headers[] = {
    {IVS_STR_INIT("host"), IVS_STR_INIT("ivs.eu-west-1.amazonaws.com")},
    {IVS_STR_INIT("x-amz-date"), IVS_STR_INIT("20261122T093000Z")}};

static struct ivs_sigv4_request some_request(void) {
  return (struct ivs_sigv4_request){.method = IVS_STR("POST"),
                                    .path = IVS_STR("/GetStream"),
                                    .headers = some_headers,
                                    .header_count = 2,
                                    .payload = "{}",
                                    .payload_size = 2};
}

static int some_key(struct ivs_sigv4_key *key, ivs_str secret) {
  return ivs_sigv4_key_derive(key, secret, "20261122T000000Z", IVS_STR("eu-west-1"),
                              IVS_STR("ivs"));
}

/* Room from none up: refused with the size needed, nothing written beyond it, until it fits. */
static void test_room(void) {
  struct ivs_sigv4_key key = {0};
  struct ivs_sigv4_request rq = some_request();
  char whole[FILE_SIZE_MAX], text[FILE_SIZE_MAX];
  CHECK_INT(some_key(&key, IVS_STR("secret")), 0);
  for (int canonical = 0; canonical < 2; canonical++) {
    size_t needed = 0;
    for (size_t cap = 0; cap <= needed; cap++) {
      struct ivs_out o = ivs_out_to(text, cap);
      memset(text, '#', sizeof text);
      int r = canonical ? ivs_sigv4_canonical(&rq, &o)
                        : ivs_sigv4_sign(&key, IVS_STR("AKID"), &rq, "20261122T093000Z", &o);
      if (cap == 0) {
        needed = o.n;
        struct ivs_out all = ivs_out_to(whole, sizeof whole);
        CHECK_INT(canonical ? ivs_sigv4_canonical(&rq, &all)
                            : ivs_sigv4_sign(&key, IVS_STR("AKID"), &rq, "20261122T093000Z", &all),
                  0);
        CHECK_INT(all.n, needed);
      }
      CHECK_INT(r, cap < needed ? IVS_ERR_SPACE : 0);
      CHECK_INT(o.n, needed);
      CHECK_INT(text[cap], '#');
    }
    CHECK_MEM(text, needed, whole, needed);
  }
  ivs_sigv4_key_wipe(&key);
}

static void test_refused(void) {
  struct ivs_sigv4_key key = {0}, none = {0};
  struct ivs_sigv4_request rq = some_request();
  char secret[129];
  struct ivs_out o = {0};
  memset(secret, 's', sizeof secret);
  CHECK_INT(ivs_sigv4_sign(&key, IVS_STR("AKID"), &rq, "20261122T093000Z", &o),
            IVS_ERR_STATE); /* no key yet */
  CHECK_INT(some_key(&key, (ivs_str){secret, 128}), 0);
  CHECK_INT(ivs_sigv4_sign(&key, IVS_STR("AKID"), &rq, "20261123T093000Z", &o),
            IVS_ERR_STATE); /* another day */
  CHECK_INT(ivs_sigv4_sign(&key, IVS_STR("AKID"), &rq, "2026", &o), IVS_ERR_STATE);
  CHECK_INT(o.n, 0);
  CHECK_INT(ivs_sigv4_sign(&key, IVS_STR("AKID"), &rq, "20261122T235959Z", &o), IVS_ERR_SPACE);
  CHECK_INT(some_key(&key, (ivs_str){secret, 129}), IVS_ERR_LENGTH);
  CHECK_MEM(&key, sizeof key, &none, sizeof none); /* the earlier key is gone */
  CHECK_INT(some_key(&key, IVS_STR("secret")), 0);
  ivs_sigv4_key_wipe(&key);
  CHECK_MEM(&key, sizeof key, &none, sizeof none);
}

/* The key midstates do not wear out, and every part of what is signed counts. */
static void test_signature_depends(void) {
  struct ivs_sigv4_key key = {0};
  char first[512], other[512];
  struct ivs_sigv4_request rq = some_request(), changed[6];
  CHECK_INT(some_key(&key, IVS_STR("secret")), 0);
  struct ivs_out o = ivs_out_to(first, sizeof first);
  CHECK_INT(ivs_sigv4_sign(&key, IVS_STR("AKID"), &rq, "20261122T093000Z", &o), 0);
  struct ivs_out again = ivs_out_to(other, sizeof other);
  CHECK_INT(ivs_sigv4_sign(&key, IVS_STR("AKID"), &rq, "20261122T093000Z", &again), 0);
  CHECK_MEM(other, again.n, first, o.n);
  for (int i = 0; i < 6; i++) changed[i] = rq;
  changed[0].method = IVS_STR("PUT");
  changed[1].path = IVS_STR("/getStream");
  changed[2].query = IVS_STR("a");
  changed[3].header_count = 1;
  changed[4].payload_size = 1;
  changed[5].payload = "{ ";
  for (int i = 0; i < 6; i++) {
    struct ivs_out c = ivs_out_to(other, sizeof other);
    CHECK_INT(ivs_sigv4_sign(&key, IVS_STR("AKID"), &changed[i], "20261122T093000Z", &c), 0);
    CHECK(memcmp(other + c.n - 64, first + o.n - 64, 64) != 0);
  }
  ivs_sigv4_key_wipe(&key);
}

static void put_random(struct ivs_out *o, size_t most) {
  static const char letters[] = "aab=&/.~ %\xC3\xA9";
  char text[8];
  size_t n = check_below(most + 1);
  for (size_t i = 0; i < n; i++) text[i] = letters[check_below(sizeof letters - 1)];
  ivs_put_percent(o, (ivs_str){text, n}, "");
}

/* Requests that have the canonical form as they stand: the short way gives the same signature. */
static void test_plain(void) {
  static const ivs_pair all[] = {
      {IVS_STR_INIT("content-type"), IVS_STR_INIT("application/json")},
      {IVS_STR_INIT("host"), IVS_STR_INIT("localhost:8443")},
      {IVS_STR_INIT("x-amz-date"), IVS_STR_INIT("20261122T093000Z")},
      {IVS_STR_INIT("x-amz-security-token"), IVS_STR_INIT("a/long+token==")}};
  struct ivs_sigv4_key key = {0};
  CHECK_INT(some_key(&key, IVS_STR("secret")), 0);
  for (int round = 0; round < 2000; round++) {
    char path[128], query[512], one[512], other[512];
    ivs_pair headers[4];
    struct ivs_out p = ivs_out_to(path, sizeof path), q = ivs_out_to(query, sizeof query);
    struct ivs_out o = ivs_out_to(one, sizeof one), plain = ivs_out_to(other, sizeof other);
    for (size_t i = check_below(3) + 1; i > 0; i--) {
      ivs_put_text(&p, "/s"); /* never "." or ".." */
      put_random(&p, 8);
    }
    for (size_t i = check_below(6); i > 0; i--) {
      ivs_put_text(&q, q.n > 0 ? "&tagKeys=" : "tagKeys=");
      put_random(&q, 4);
    }
    CHECK(ivs_out_end(&p) == 0 && ivs_out_end(&q) == 0);
    struct ivs_sigv4_request rq = {.method = check_below(2) ? IVS_STR("POST") : IVS_STR("DELETE"),
                                   .path = {path, p.n},
                                   .query = {query, q.n},
                                   .headers = headers,
                                   .payload = path,
                                   .payload_size = check_below(p.n)};
    for (size_t i = 0; i < 4; i++)
      if (check_below(2)) headers[rq.header_count++] = all[i];
    CHECK_INT(ivs_sigv4_sign(&key, IVS_STR("AKID"), &rq, "20261122T093000Z", &o), 0);
    CHECK_INT(ivs_sign_plain(&key, IVS_STR("AKID"), &rq, "20261122T093000Z", &plain), 0);
    if (!CHECK_MEM(other, plain.n, one, o.n))
      fprintf(stderr, "  %.*s ? %.*s\n", (int)p.n, path, (int)q.n, query);
  }
  ivs_sigv4_key_wipe(&key);
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: test_sigv4 VECTORS (tests/vectors/sigv4)\n");
    return 2;
  }
  folder = arguments[1];
  check_seed();
#ifdef IVS_CRYPTO_PSA
  CHECK_INT(psa_crypto_init(), PSA_SUCCESS);
#endif
  RUN(test_vectors);
  RUN(test_documented_keys);
  RUN(test_paths);
  RUN(test_queries);
  RUN(test_many_members);
  RUN(test_headers);
  RUN(test_lengths);
  RUN(test_room);
  RUN(test_refused);
  RUN(test_signature_depends);
  RUN(test_plain);
  return check_done();
}
