/*
 * The claims of viewer tokens: their limits, a token's text but for its signature, and texts that
 * are no tokens. Signatures are in tests/platform/test_token.py.
 */
#include "../check.h"

#include <ivs/claims.h>
#include <ivs/port.h>

enum { NOW = 1795000000 };
#define ARN "arn:aws:ivs:eu-west-1:123456789012:channel/AbCdef1G2hij"

static struct ivs_claims plain(void) {
  struct ivs_claims c = {.channel_arn = IVS_STR(ARN), .expires = IVS_INT(NOW + 60)};
  return c;
}

static void expect(const struct ivs_claims *c, int err, const char *words) {
  const char *why = NULL;
  CHECK_INT(ivs_claims_check(c, NOW, &why), err);
  if (!CHECK(why != NULL)) return;
  if (!CHECK(err == 0 ? why[0] == '\0' : strstr(why, words) != NULL))
    fprintf(stderr, "  \"%s\", expected \"%s\"\n", why, words);
}

#define WITH(member, value, err, words) \
  do {                                  \
    struct ivs_claims c = plain();      \
    c.member = value;                   \
    expect(&c, err, words);             \
  } while (0)

static void channels(void) {
  struct ivs_claims none = {0};
  expect(&none, IVS_ERR_REQUIRED, "aws:channel-arn");
  static const char *const bad[] = {
      "AbCdef1G2hij",
      "arn:aws:ivs:eu-west-1:123456789012:channel/",
      "arn:aws:ivs:eu-west-1:123456789012:stream-key/AbCdef1G2hij",
      "arn:aws:ivs::123456789012:channel/AbCdef1G2hij",
      "arn:aws:ivs:eu-west-1::channel/AbCdef1G2hij",
      "arn:aws:s3:eu-west-1:123456789012:channel/AbCdef1G2hij",
      "arn:aw:ivs:eu-west-1:123456789012:channel/AbCdef1G2hij",
      "arn:azure:ivs:eu-west-1:123456789012:channel/AbCdef1G2hij",
      "arn::ivs:eu-west-1:123456789012:channel/AbCdef1G2hij",
      "arn:aws:ivs:eu-west-1:123456789012",
      "arn:aws:ivs:eu-west-1",
      "arn:aws:ivs",
      "arn",
  };
  expect(&(struct ivs_claims){.channel_arn = IVS_STR(ARN), .expires = IVS_INT(NOW + 1)}, 0, "");
  WITH(channel_arn, IVS_STR("arn:aws-cn:ivs:cn-north-1:123456789012:channel/a"), 0, "");
  WITH(channel_arn, IVS_STR("arn:aws-us-gov:ivs:us-gov-west-1:123456789012:channel/a"), 0, "");
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    WITH(channel_arn, ivs_cstr(bad[i]), IVS_ERR_ARN, "ARN");
}

static void expiry(void) {
  struct ivs_claims never = {.channel_arn = IVS_STR(ARN)};
  expect(&never, IVS_ERR_REQUIRED, "exp");
  WITH(expires, IVS_INT(NOW), IVS_ERR_RANGE, "over");
  WITH(expires, IVS_INT(0), IVS_ERR_RANGE, "over");
  WITH(expires, IVS_INT(INT64_MIN), IVS_ERR_RANGE, "over");
  WITH(expires, IVS_INT(NOW + 1), 0, "");
  WITH(expires, IVS_INT(NOW + 365 * 86400), 0, "");
  WITH(expires, IVS_INT((NOW + 60) * INT64_C(1000)), IVS_ERR_RANGE, "milliseconds");
  WITH(expires, IVS_INT(INT64_MAX), IVS_ERR_RANGE, "milliseconds");
  WITH(expires, IVS_INT(INT64_C(99999999999)), 0, "");
}

/* Ten minutes, to the second. */
static void brief(void) {
  for (int which = 0; which < 2; which++) {
    struct ivs_claims c = plain();
    if (which == 0) c.viewer_id = IVS_STR("v");
    else c.single_use_uuid = IVS_STR("00112233-4455-6677-8899-AABBccddeeff");
    c.expires = IVS_INT(NOW + IVS_VIEWER_SECONDS);
    expect(&c, 0, "");
    c.expires = IVS_INT(NOW + IVS_VIEWER_SECONDS + 1);
    expect(&c, IVS_ERR_RANGE, "10 minutes");
    const char *why = NULL; /* by a clock that does not know the time */
    CHECK_INT(ivs_claims_check(&c, IVS_CLOCK_UNKNOWN, &why), IVS_ERR_RANGE);
  }
}

static void viewers(void) {
  static const char forty[] = "0123456789012345678901234567890123456789";
  static const char accents[] =
      "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
      "01234567890123456789012345678901";
  WITH(viewer_id, ivs_cstr(forty), 0, "");
  WITH(viewer_id, ivs_cstr(accents), 0, "");
  WITH(viewer_id, ((ivs_str){"01234567890123456789012345678901234567890", 41}), IVS_ERR_LENGTH,
       "40");
  WITH(viewer_id, IVS_STR(""), IVS_ERR_LENGTH, "empty");
  WITH(viewer_id, IVS_STR("\xff"), IVS_ERR_UTF8, "UTF-8");
  WITH(viewer_session_version, IVS_INT(INT64_MIN), 0, "");
  static const char *const bad[] = {"",
                                    "x",
                                    "00112233445566778899aabbccddeeff",
                                    "00112233-4455-6677-8899-aabbccddeef",
                                    "00112233-4455-6677-8899-aabbccddeefg",
                                    "001122334-455-6677-8899-aabbccddeeff"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    WITH(single_use_uuid, ivs_cstr(bad[i]), IVS_ERR_ARGUMENT, "UUID");
}

static void origins(void) {
  static const char *const good[] = {"*", "https://a.example", "https://*.a.example",
                                     "https://a:8080,http://b", "capacitor://localhost"};
  static const char *const bad[] = {"",
                                    ",",
                                    "a.example",
                                    "https://a.example/",
                                    "https://a/b",
                                    "https://a, https://b",
                                    "https://a,",
                                    "https://",
                                    "://a",
                                    "https:/a/",
                                    "https:a//b",
                                    "a",
                                    "https://a\x7f",
                                    "https://a\n",
                                    "a//b"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    WITH(allow_origin, ivs_cstr(good[i]), 0, "");
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    WITH(allow_origin, ivs_cstr(bad[i]), IVS_ERR_ARGUMENT, "SCHEME://HOST");
  WITH(strict_origin, IVS_TRUE, IVS_ERR_ARGUMENT, "needs");
  WITH(strict_origin, IVS_FALSE, 0, "");
  struct ivs_claims c = plain();
  c.allow_origin = IVS_STR("https://a,https://b,https://c,https://d,https://e");
  c.strict_origin = IVS_TRUE;
  expect(&c, 0, "");
  c.allow_origin = IVS_STR("https://a,https://b,https://c,https://d,https://e,https://f");
  expect(&c, IVS_ERR_LENGTH, "5 origins");
  c.strict_origin = IVS_FALSE;
  expect(&c, 0, "");
}

static void values(void) {
  static const char *const resolutions[] = {"SD", "HD", "FULL_HD"};
  for (size_t i = 0; i < 3; i++) WITH(maximum_resolution, ivs_cstr(resolutions[i]), 0, "");
  WITH(maximum_resolution, IVS_STR("4K"), IVS_ERR_ARGUMENT, "SD, HD or FULL_HD");
  WITH(maximum_resolution, IVS_STR(""), IVS_ERR_ARGUMENT, "SD, HD or FULL_HD");
  WITH(ads_reporting_mode, IVS_STR("CLIENT"), 0, "");
  WITH(ads_reporting_mode, IVS_STR("SERVER"), 0, "");
  WITH(ads_reporting_mode, IVS_STR("client"), IVS_ERR_ARGUMENT, "CLIENT or SERVER");
  WITH(ads_playback_config_name, IVS_STR("mine"), 0, "");
  WITH(ads_playback_config_name, IVS_STR(""), IVS_ERR_LENGTH, "empty");
  WITH(ads_opt_out, IVS_TRUE, 0, "");
}

static void params(void) {
  static const char *const good[] = {"{}", " { \"a\" : \"b\" , \"c\":\"\" } ",
                                     "{\"a\":\"{\\\"}\"}"};
  static const char *const bad[] = {
      "", "x", "[]", "\"a\"", "{\"a\":1}", "{\"a\":{}}", "{\"a\":null}", "{}{}", "{\"a\":\"b\",}"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    WITH(ads_player_params, ivs_cstr(good[i]), 0, "");
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    WITH(ads_player_params, ivs_cstr(bad[i]), IVS_ERR_ARGUMENT, "object of texts");
  char text[1100] = "{\"ab\":\"";
  memset(text + 7, 'x', 1050);
  memcpy(text + 7 + 998, "\"}", 3);
  WITH(ads_player_params, ivs_cstr(text), 0, "");
  memcpy(text + 7 + 998, "x\"}", 4);
  WITH(ads_player_params, ivs_cstr(text), IVS_ERR_LENGTH, "1000 bytes");
}

/* --- text --- */

static void base64url(void) {
  /* RFC 4648, 10, without padding; and the two digits that differ from base64. */
  static const char *const pairs[][2] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
  char text[64], back[64];
  size_t n;
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    struct ivs_out o = ivs_out_to(text, sizeof text);
    ivs_put_base64url(&o, pairs[i][0], strlen(pairs[i][0]));
    CHECK_MEM(text, o.n, pairs[i][1], strlen(pairs[i][1]));
    CHECK(ivs_base64url_decode(text, o.n, back, &n));
    CHECK_MEM(back, n, pairs[i][0], strlen(pairs[i][0]));
  }
  static const char *const bad[] = {"Z",    "Zh",     "Zm9",  "Zm+v", "Zm/v",
                                    "Zg==", "Zm9v\n", "Zm 9", "Zm9vZ"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    CHECK(!ivs_base64url_decode(bad[i], strlen(bad[i]), back, &n));
}

/* As a token ends: so many A are a signature of zeroes. */
static size_t finish(char *text, size_t n) {
  text[n] = '.';
  memset(text + n + 1, 'A', IVS_TOKEN_SIGNATURE_TEXT);
  return n + 1 + IVS_TOKEN_SIGNATURE_TEXT;
}

static int accept(void *context, const char *text, size_t n,
                  const uint8_t signature[IVS_TOKEN_SIGNATURE]) {
  size_t *expected = context;
  static const uint8_t zeroes[IVS_TOKEN_SIGNATURE];
  CHECK_MEM(signature, IVS_TOKEN_SIGNATURE, zeroes, sizeof zeroes);
  if (expected != NULL) CHECK_INT(n, *expected);
  CHECK(text != NULL);
  return 0;
}

static struct ivs_claims everything(void) {
  struct ivs_claims c = plain();
  c.allow_origin = IVS_STR("https://a.example,https://b.example");
  c.strict_origin = IVS_TRUE;
  c.single_use_uuid = IVS_STR("00112233-4455-6677-8899-aabbccddeeff");
  c.viewer_id = IVS_STR("a \"viewer\" \xf0\x9f\x98\x80\n");
  c.viewer_session_version = IVS_INT(INT64_MIN);
  c.maximum_resolution = IVS_STR("FULL_HD");
  c.ads_opt_out = IVS_FALSE;
  c.ads_reporting_mode = IVS_STR("CLIENT");
  c.ads_playback_config_name = IVS_STR("mine");
  c.ads_player_params = IVS_STR("{\"k\":\"v\"}");
  return c;
}

static void check_same(const struct ivs_claims *a, const struct ivs_claims *b) {
#define SAME(member) CHECK(ivs_str_eq(a->member, b->member) && !a->member.p == !b->member.p)
  SAME(channel_arn);
  SAME(allow_origin);
  SAME(single_use_uuid);
  SAME(viewer_id);
  SAME(maximum_resolution);
  SAME(ads_reporting_mode);
  SAME(ads_playback_config_name);
  SAME(ads_player_params);
#undef SAME
  CHECK(a->strict_origin == b->strict_origin && a->ads_opt_out == b->ads_opt_out);
  CHECK(a->expires.set == b->expires.set && a->expires.value == b->expires.value);
  CHECK_INT(a->viewer_session_version.set, b->viewer_session_version.set);
  CHECK_INT(a->viewer_session_version.value, b->viewer_session_version.value);
}

/* What is written is read again; in every size of buffer. */
static void there_and_back(void) {
  struct ivs_claims all = everything(), few = plain(), none = {0}, back;
  const struct ivs_claims *const cases[] = {&all, &few, &none};
  for (size_t i = 0; i < 3; i++) {
    char text[IVS_TOKEN_SIZE];
    const char *why;
    size_t n, small;
    CHECK_INT(ivs_claims_encode(cases[i], text, sizeof text, &n), 0);
    CHECK(memcmp(text, "eyJhbGciOiJFUzM4NCIsInR5cCI6IkpXVCJ9.", 37) == 0);
    for (size_t size = 0; size <= n; size++) {
      char *guarded = check_guard(size);
      CHECK_INT(ivs_claims_encode(cases[i], guarded, size, &small), size < n ? IVS_ERR_SPACE : 0);
      CHECK_INT(small, n);
      if (size == n) CHECK_MEM(guarded, n, text, n);
      check_guard_free(guarded, size);
    }
    size_t whole = finish(text, n);
    CHECK_INT(ivs_claims_decode(text, whole, accept, &n, &back, &why), 0);
    check_same(&back, cases[i]);
  }
}

/* The longest token, and one with a byte more. */
static void longest(void) {
  static char name[2000];
  char text[IVS_TOKEN_SIZE];
  struct ivs_claims c = plain();
  size_t n, least = sizeof name;
  memset(name, 'x', sizeof name);
  for (size_t size = 0; size < sizeof name; size++) {
    c.ads_playback_config_name = (ivs_str){name, size};
    int r = ivs_claims_encode(&c, text, sizeof text, &n);
    if (r == 0) {
      CHECK(n + 1 + IVS_TOKEN_SIGNATURE_TEXT <= IVS_TOKEN_MAX && size < least);
      continue;
    }
    CHECK_INT(r, IVS_ERR_LENGTH);
    CHECK(n + 1 + IVS_TOKEN_SIGNATURE_TEXT > IVS_TOKEN_MAX);
    if (least == sizeof name) least = size;
  }
  CHECK(least < sizeof name);
}

static int decode_parts(const char *head, const char *payload, struct ivs_claims *c) {
  static char text[4096];
  const char *why;
  struct ivs_out o = ivs_out_to(text, sizeof text);
  ivs_put_base64url(&o, head, strlen(head));
  ivs_put_char(&o, '.');
  ivs_put_base64url(&o, payload, strlen(payload));
  size_t n = o.n;
  int r = ivs_claims_decode(text, finish(text, n), accept, &n, c, &why);
  CHECK((r < 0) == (why[0] != '\0'));
  return r;
}

#define HEAD "{\"alg\":\"ES384\"}"

static void strange_parts(void) {
  struct ivs_claims c;
  CHECK_INT(decode_parts("{\"kid\":\"x\",\"typ\":1, \"alg\" : \"ES\\u003384\"}",
                         "{\"exp\":7,\"iat\":{},\"aws:channel-arn\":\"\\u0061\",\"exp\":8}", &c),
            0);
  CHECK_STR(c.channel_arn, "a");
  CHECK_INT(c.expires.value, 8);
  static const char *const heads[] = {"",
                                      "{}",
                                      "[]",
                                      "{\"alg\":\"none\"}",
                                      "{\"alg\":\"ES256\"}",
                                      "{\"alg\":384}",
                                      "{\"alg\":\"es384\"}",
                                      "{\"alg\":\"ES384\"",
                                      "{\"alg\":\"ES384\",\"crit\":[\"b64\"]}",
                                      "{\"alg\":\"ES384\",\"crit\":1}",
                                      "{\"alg\":\"HS384\"}"};
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
    CHECK_INT(decode_parts(heads[i], "{}", &c), IVS_ERR_ARGUMENT);
  static const char *const payloads[] = {"",
                                         "[]",
                                         "{",
                                         "{}x",
                                         "{\"exp\":\"7\"}",
                                         "{\"exp\":7.5}",
                                         "{\"aws:viewer-id\":7}",
                                         "{\"aws:ads-opt-out\":0}",
                                         "{\"aws:ads-player-params\":\"x\"}"};
  static const struct ivs_claims empty;
  for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++) {
    CHECK_INT(decode_parts(HEAD, payloads[i], &c), IVS_ERR_ARGUMENT);
    CHECK_MEM(&c, sizeof c, &empty, sizeof empty);
  }
}

static int never(void *context, const char *text, size_t n,
                 const uint8_t signature[IVS_TOKEN_SIGNATURE]) {
  (void)context, (void)text, (void)n, (void)signature;
  CHECK(false);
  return 0;
}

static int refuse_all(void *context, const char *text, size_t n,
                      const uint8_t signature[IVS_TOKEN_SIGNATURE]) {
  (void)context, (void)text, (void)n, (void)signature;
  return IVS_ERR_CRYPTO;
}

/* Texts that are no tokens are not even verified; of what is not verified nothing is decoded. */
static void no_tokens(void) {
  struct ivs_claims c, few = plain();
  char good[IVS_TOKEN_SIZE + 1], text[IVS_TOKEN_SIZE + 1];
  const char *why;
  size_t n;
  CHECK_INT(ivs_claims_encode(&few, good, sizeof good, &n), 0);
  size_t whole = finish(good, n);
  for (size_t cut = 0; cut < whole; cut++) {
    char *guarded = check_guard(cut);
    memcpy(guarded, good, cut);
    CHECK_INT(ivs_claims_decode(guarded, cut, never, NULL, &c, &why), IVS_ERR_ARGUMENT);
    CHECK(why[0] != '\0');
    check_guard_free(guarded, cut);
  }
  static const struct {
    size_t from_end;
    char c;
  } changes[] = {{1, '='}, {1, '.'}, {50, '+'}, {50, '\0'}, {129, 'A'}};
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    memcpy(text, good, whole);
    text[whole - changes[i].from_end] = changes[i].c;
    CHECK_INT(ivs_claims_decode(text, whole, never, NULL, &c, &why), IVS_ERR_ARGUMENT);
  }
  memset(text, 'A', sizeof text);
  text[10] = text[IVS_TOKEN_SIZE - 1 - IVS_TOKEN_SIGNATURE_TEXT] = '.';
  CHECK_INT(ivs_claims_decode(text, IVS_TOKEN_SIZE, never, NULL, &c, &why), IVS_ERR_ARGUMENT);
  for (size_t at = 3; at < whole - IVS_TOKEN_SIGNATURE_TEXT; at += 40) {
    memcpy(text, good, whole);
    text[at] = '!';
    CHECK_INT(ivs_claims_decode(text, whole, accept, NULL, &c, &why), IVS_ERR_ARGUMENT);
  }
  CHECK_INT(ivs_claims_decode(NULL, 0, never, NULL, &c, &why), IVS_ERR_ARGUMENT);
  memcpy(text, good, whole);
  CHECK_INT(ivs_claims_decode(text, whole, refuse_all, NULL, &c, &why), IVS_ERR_CRYPTO);
  CHECK_MEM(text, whole, good, whole);
}

int main(void) {
  RUN(channels);
  RUN(expiry);
  RUN(brief);
  RUN(viewers);
  RUN(origins);
  RUN(values);
  RUN(params);
  RUN(base64url);
  RUN(there_and_back);
  RUN(longest);
  RUN(strange_parts);
  RUN(no_tokens);
  return check_done();
}
