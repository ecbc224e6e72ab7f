/*
 * Roles from STS: the signed request, web identity tokens of any length, chains of roles, clocks
 * that are off, and what is made of refusals. How the XML is read is tested in test_sts_answer.c,
 * what sources share in test_iot.c.
 */
#include "sts_setup.h"

#define FORM                                                                                       \
  "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fcamera" \
  "%2Bx&RoleSessionName=lobby%40site%3D1%2C2&ExternalId=a%2Fb%3Ac&DurationSeconds=900"
#define IDENTITY                                                                                  \
  "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012" \
  "%3Arole%2Fcamera%2Bx&RoleSessionName=lobby%40site%3D1%2C2&WebIdentityToken="

/* The signatures are those that botocore 1.29.27 (SigV4Auth) makes of these requests. */
static void signed_as_botocore_does(void) {
  static const char plain[] =
      "POST / HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded; charset=utf-8\r\n"
      "host: sts.eu-west-1.amazonaws.com\r\nx-amz-date: 20261122T093000Z\r\n"
      "user-agent: ivs/" IVS_VERSION
      "\r\nContent-Length: 176\r\n"
      "authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-west-1/sts/aws4_request, "
      "SignedHeaders=content-type;host;x-amz-date, Signature="
      "6b7667871a5fb37649be38d07f0d97dcff5d19b758924c8d947d5287e28b0954\r\n\r\n" FORM;
  set_up(NULL);
  fake_body(&fake, ok_head, good_body);
  CHECK_INT(run_role(), 0);
  CHECK_MEM(fake.sent, fake.sent_n, plain, strlen(plain));
  CHECK_INT(fake.peer.port, 443);
  check_taken(&role.base);

  set_up("The+Session/Token==");
  fake_body(&fake, ok_head, good_body);
  CHECK_INT(run_role(), 0);
  CHECK(was_sent("\r\nx-amz-security-token: The+Session/Token==\r\n"));
  CHECK(
      was_sent("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature="
               "01e3adf4fe68ddfed7bbd5e4f48850ae5010aced7d31b224f12e63615848bdad\r\n\r\n" FORM));
}

static void optional_parameters(void) {
  fake_start(&fake);
  struct ivs_sts_options options = role_options(SPACE);
  options.creds = &static_creds;
  CHECK_INT(ivs_sts_provider_init(&role, &options), 0);
  fake_body(&fake, ok_head, good_body);
  CHECK_INT(run_role(), 0);
  CHECK(was_sent("&RoleSessionName=lobby%40site%3D1%2C2"));
  CHECK(!was_sent("&ExternalId") && !was_sent("&DurationSeconds"));
}

static void any_pieces_give_the_same(void) {
  for (size_t piece = 1; piece < 900; piece += piece < 20 ? 1 : 37) {
    for (int hesitant = 0; hesitant < 2; hesitant++) {
      set_up("token");
      fake.recv_piece = fake.send_piece = piece;
      fake.hesitant = hesitant;
      fake_body(&fake, ok_head, good_body);
      CHECK_INT(run_role(), 0);
      check_taken(&role.base);
    }
  }
}

static void nth_failure(void) {
  bool untouched = false;
  for (int at = 1; !untouched && at < 1000; at++) {
    set_up("token");
    fake_body(&fake, ok_head, good_body);
    fake_body(&fake, ok_head, good_body);
    fake.recv_piece = fake.send_piece = 100;
    fake.fail_at = at;
    fake.fail_with = IVS_ERR_NET;
    CHECK_INT(run_role(), 0);
    untouched = fake.io < at;
    check_taken(&role.base);
  }
  CHECK(untouched);
}

static void workspace_from_nothing(void) {
  size_t least = 0;
  for (size_t n = 0; n <= 2500; n++) {
    fake_start(&fake);
    struct ivs_sts_options options = role_options(n);
    options.creds = &static_creds;
    CHECK_INT(ivs_sts_provider_init(&role, &options), 0);
    fake_body(&fake, ok_head, good_body);
    int r = run_role();
    if (r == 0 && least == 0) least = n;
    CHECK_INT(r, least == 0 ? IVS_ERR_CREDENTIALS : 0);
    if (r < 0) lacks_room(&role.base, "STS");
  }
  CHECK(least > 500 && least < 1000);
}

/* Session tokens both ways, in the space that is said to be enough for their length. */
static void long_tokens(void) {
  static const size_t cases[][2] = {{1000, 2048}, {IVS_SESSION_TOKEN_MAX, IVS_FETCH_SPACE}};
  static char token[IVS_SESSION_TOKEN_MAX + 1], body[IVS_SESSION_TOKEN_MAX + 1000];
  memset(token, 'x', IVS_SESSION_TOKEN_MAX);
  for (size_t i = 0; i < 2; i++) {
    size_t skipped = IVS_SESSION_TOKEN_MAX - cases[i][0];
    snprintf(body, sizeof body,
             ANSWER("AssumeRole",
                    "<Credentials><AccessKeyId>k</AccessKeyId><SecretAccessKey>s"
                    "</SecretAccessKey><SessionToken>%s</SessionToken><Expiration>" HOUR_ON
                    "</Expiration></Credentials>"),
             token + skipped);
    set_up(token + skipped);
    struct ivs_sts_options options = role.options;
    options.fetch = fetch_over(URL, cases[i][1]);
    CHECK_INT(ivs_sts_provider_init(&role, &options), 0);
    fake_body(&fake, ok_head, body);
    CHECK_INT(run_role(), 0);
    CHECK_STR(ivs_cstr(role.base.creds.session_token), token + skipped);
    CHECK_INT(count_sent(token + skipped), 1);
  }
}

/* --- web identity --- */

static struct {
  char text[20001];
  size_t n;
  int reads;
} file;

static int read_file(void *context, char *to, size_t room, size_t *n) {
  CHECK(context == &file);
  file.reads++;
  if (file.n > room) return IVS_ERR_SPACE;
  *n = file.n;
  memcpy(to, file.text, file.n);
  return 0;
}

static int from_hex(char c) {
  return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* What a server makes of the end of the form; returns its length. */
static size_t sent_token(char *to) {
  const char *at = fake.sent, *end = fake.sent + fake.sent_n;
  size_t n = 0;
  while (at + strlen(IDENTITY) <= end && memcmp(at, IDENTITY, strlen(IDENTITY)) != 0) at++;
  for (at += strlen(IDENTITY); at < end; at++) {
    if (*at != '%') to[n++] = *at;
    else to[n++] = (char)(from_hex(at[1]) * 16 + from_hex(at[2])), at += 2;
  }
  return n;
}

/* Any token, from a file or from memory, in a workspace that holds it just so. */
static void identity_tokens_arrive(void) {
  static char big[70000], got[20001];
  static const struct ivs_token from_file = {{NULL, 0}, read_file, &file};
  int arrived = 0, refused = 0;
  for (int round = 0; round < 400; round++) {
    size_t most = round % 20 == 0 ? 20000 : 800;
    bool jwt = round % 2 == 0;
    file.n = 1 + check_below(most);
    for (size_t i = 0; i < file.n; i++)
      file.text[i] = jwt ? "abcXYZ019-_."[check_below(12)] : (char)check_below(256);
    struct ivs_out size = {0};
    ivs_put_percent(&size, (ivs_str){file.text, file.n}, "");
    size_t encoded = size.n;
    fake_start(&fake);
    struct ivs_sts_options options = role_options(SPACE);
    size_t room = encoded + 300 + check_below(400);
    options.fetch.space = big + sizeof big - room;
    options.fetch.space_n = room;
    options.token = from_file;
    if (round % 3 == 0) options.token = (struct ivs_token){{file.text, file.n}, NULL, NULL};
    CHECK_INT(ivs_sts_provider_init(&role, &options), 0);
    fake_body(&fake, ok_head, good_identity);
    int r = run_role();
    CHECK(is_blank(big, sizeof big));
    if (r < 0) {
      refused++;
      CHECK(room < encoded + 1000);
      lacks_room(&role.base, "STS");
      continue;
    }
    arrived++;
    check_taken(&role.base);
    size_t n = sent_token(got);
    CHECK_MEM(got, n, file.text, file.n);
    CHECK(!was_sent("authorization") && !was_sent("x-amz-date"));
    char length[60];
    snprintf(length, sizeof length,
             "\r\nContent-Length: %zu\r\n\r\nAction=", strlen(IDENTITY) + encoded);
    CHECK(was_sent(length));
  }
  CHECK(arrived > 20 && refused > 20);
}

static void set_up_identity(void) {
  fake_start(&fake);
  memset(&file, 0, sizeof file);
  file.n = (size_t)snprintf(file.text, sizeof file.text, "identityThatMustNotStay.1");
  struct ivs_sts_options options = role_options(SPACE);
  options.token = (struct ivs_token){{NULL, 0}, read_file, &file};
  CHECK_INT(ivs_sts_provider_init(&role, &options), 0);
}

static void identity_token_is_read_anew(void) {
  set_up_identity();
  fake_body(&fake, ok_head, good_identity);
  fake_body(&fake, "HTTP/1.1 503 No", "");
  fake_body(&fake, ok_head,
            ANSWER("AssumeRoleWithWebIdentity", CREDENTIALS("2026-11-22T12:00:00Z")));
  CHECK_INT(run_role(), 0);
  CHECK_INT(count_sent("WebIdentityToken=identityThatMustNotStay.1"), 1);
  file.text[file.n - 1] = '2';
  CHECK_INT(run_at(&role.base, NOW + 3600), 0);
  CHECK_INT(count_sent("WebIdentityToken=identityThatMustNotStay.2"), 2);
  CHECK_INT(file.reads, 3);
  CHECK_INT(role.base.version, 2);
  file.n = 0;
  CHECK_INT(run_role(), IVS_ERR_CREDENTIALS);
  has_problem(&role.base, "STS: its token is empty");
  CHECK_INT(fake.opened, 3);
}

/* Every size, with a long path that takes its own: too small is said, or the request is whole. */
static void identity_in_any_space(void) {
  char got[100];
  size_t least = 0;
  for (size_t n = 0; n < 900; n++) {
    set_up_identity();
    struct ivs_sts_options options = role.options;
    options.fetch = fetch_over(URL "/a/path/that/stands/before/all/others/of/this/host", n);
    CHECK_INT(ivs_sts_provider_init(&role, &options), 0);
    fake_body(&fake, denied_head, REFUSAL("AccessDenied", "no"));
    CHECK_INT(run_role(), IVS_ERR_CREDENTIALS);
    if (fake.opened == 0) {
      lacks_room(&role.base, "STS");
      CHECK_INT(least, 0);
      continue;
    }
    if (least == 0) least = n;
    CHECK(was_sent("POST /a/path/that/stands/before/all/others/of/this/host/ HTTP/1.1\r\n"));
    CHECK(was_sent("charset=utf-8\r\nhost: sts.eu-west-1.amazonaws.com\r\nuser-agent: ivs/"));
    CHECK(was_sent("\r\n\r\n" IDENTITY));
    CHECK_MEM(got, sent_token(got), file.text, file.n);
  }
  CHECK(least > 400 && least < 600);
}

static void identity_refusals(void) {
  static const struct {
    const char *body, *problem;
  } cases[] = {
      {REFUSAL("ExpiredTokenException", "Token expired: current date/time 2"),
       "STS: HTTP 400: ExpiredTokenException: Token expired: current date/time 2"},
      {REFUSAL("ValidationError", "Value 'identityThatMustNotStay.1' at 'webIdentityToken'"),
       "STS: HTTP 400: ValidationError"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    set_up_identity();
    fake_body(&fake, "HTTP/1.1 400 Bad Request", cases[i].body);
    CHECK_INT(run_role(), IVS_ERR_CREDENTIALS);
    has_problem(&role.base, cases[i].problem);
    CHECK_INT(fake.opened, 1);
  }
  set_up_identity();
  fake_body(&fake, ok_head, good_body); /* the answer to another action */
  CHECK_INT(run_role(), IVS_ERR_CREDENTIALS);
  has_problem(&role.base, "STS: its answer lacks: AccessKeyId");
}

/* --- refusals --- */

static void refusals_are_explained(void) {
  static const struct {
    const char *head, *body;
    int attempts;
    const char *problem;
  } cases[] = {
      {denied_head, REFUSAL("AccessDenied", "User: arn:x is not authorized &amp; &lt;so on&gt;"), 1,
       "STS: HTTP 403: AccessDenied: User: arn:x is not authorized & <so on>"},
      {denied_head,
       REFUSAL("SignatureDoesNotMatch",
               "The signature does not match.\n\nThe canonical string\n" TOKEN),
       1, "STS: HTTP 403: SignatureDoesNotMatch: The signature does not match."},
      {"HTTP/1.1 400 Bad", REFUSAL("Throttling", "Rate exceeded"), 3,
       "STS: HTTP 400: Throttling: Rate exceeded"},
      {"HTTP/1.1 400 Bad", REFUSAL("IDPCommunicationError", "no answer"), 3,
       "STS: HTTP 400: IDPCommunicationError: no answer"},
      {"HTTP/1.1 500 No", REFUSAL("InternalFailure", ""), 3, "STS: HTTP 500: InternalFailure"},
      {"HTTP/1.1 503 No", "<html><body>busy", 3, "STS: HTTP 503"},
      {denied_head, REFUSAL("ExpiredToken", "The token has expired"), 1,
       "STS: HTTP 403: ExpiredToken: The token has expired"},
      {denied_head, "", 1, "STS: HTTP 403"},
      {denied_head, "{\"message\":\"json\"}", 1, "STS: HTTP 403"},
      {denied_head, REFUSAL("AccessDenied", "no UTF-8: \xff"), 1, "STS: HTTP 403: AccessDenied"},
      {denied_head, REFUSAL("\xff", "none of a code that cannot be shown"), 1, "STS: HTTP 403"},
      {"HTTP/1.1 302 Found", "", 1, "STS: HTTP 302"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    set_up("token");
    for (int n = 0; n < 4; n++) fake_body(&fake, cases[i].head, cases[i].body);
    CHECK_INT(run_role(), IVS_ERR_CREDENTIALS);
    if (!has_problem(&role.base, cases[i].problem)) printf("  case %zu\n", i);
    CHECK_INT(fake.opened, cases[i].attempts);
    check_nothing_taken(&role.base);
  }
}

static void bad_answers_are_refused(void) {
  static const struct {
    const char *body, *problem;
  } cases[] = {
      {"", "STS: its answer is not the XML of STS"},
      {"{}", "STS: its answer is not the XML of STS"},
      {ANSWER("AssumeRole", ""), "STS: its answer lacks: AccessKeyId"},
      {ANSWER("AssumeRole", "<Credentials/>"), "STS: its answer lacks: AccessKeyId"},
      {ANSWER("AssumeRole", CREDENTIALS("tomorrow")), "STS: in its answer is no time: Expiration"},
      {ANSWER("AssumeRole", CREDENTIALS(LONG_AGO)), "STS: its credentials have expired already"},
      {ANSWER("AssumeRole", CREDENTIALS("")), "STS: its answer lacks: Expiration"},
      {ANSWER("AssumeRole", CREDENTIALS(HOUR_ON) "<Credentials><SessionToken>x</SessionToken>"
                                                 "</Credentials>"),
       "STS: its answer is not the XML of STS"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    set_up("token");
    fake_body(&fake, ok_head, cases[i].body);
    CHECK_INT(run_role(), IVS_ERR_CREDENTIALS);
    has_problem(&role.base, cases[i].problem);
    check_nothing_taken(&role.base);
  }
}

/* --- the clock --- */

/* A clock that is off, or not known: signed once more with the time of the refusal. */
static void time_is_learned_from_a_refusal(void) {
  static const char at_two[] = "HTTP/1.1 403 Forbidden\r\nDate: Mon, 23 Nov 2026 14:00:00 GMT";
  static const char expired[] =
      REFUSAL("SignatureDoesNotMatch", "Signature expired: is now earlier");
  static const char good[] = ANSWER("AssumeRole", CREDENTIALS("2026-11-23T15:00:00Z"));
  static const char good_head[] = "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 14:00:00 GMT";
  static const int64_t clocks[] = {NOW, IVS_CLOCK_UNKNOWN, NOW + 30 * 86400, 0};
  for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
    set_up("token");
    fake_body(&fake, at_two, expired);
    fake_body(&fake, good_head, good);
    CHECK_INT(run_at(&role.base, clocks[i]), 0);
    CHECK_INT(fake.opened, 2);
    CHECK_INT(count_sent("x-amz-date: 20261122T093000Z\r\n"), i < 2);
    CHECK_INT(count_sent("x-amz-date: 20261123T140000Z\r\n"), 1);
    CHECK_INT(role.base.expires, NOW + 86400 + 4 * 3600 + 1800 + 3600);
    CHECK_INT(role.base.due, role.base.expires - 300);
  }
  set_up("token"); /* once only */
  fake_body(&fake, at_two, expired);
  for (int n = 0; n < 3; n++)
    fake_body(&fake, "HTTP/1.1 403 Forbidden\r\nDate: Tue, 24 Nov 2026 14:00:00 GMT", expired);
  CHECK_INT(run_role(), IVS_ERR_CREDENTIALS);
  has_problem(&role.base,
              "STS: HTTP 403: SignatureDoesNotMatch: Signature expired: is now earlier");
  CHECK_INT(fake.opened, 2);
  memset(fake.connections, 0, sizeof fake.connections);
  fake.connection = -1;
  fake_body(&fake, good_head, good); /* the next refresh begins with the clock as it is told */
  CHECK_INT(run_at(&role.base, NOW + 7), 0);
  CHECK(was_sent("x-amz-date: 20261122T093007Z\r\n"));

  static const char *const no_lesson[] = {
      "HTTP/1.1 403 Forbidden\r\nDate: Sun, 22 Nov 2026 09:33:59 GMT",
      "HTTP/1.1 403 Forbidden\r\nDate: Sun, 22 Nov 2026 09:26:01 GMT",
      "HTTP/1.1 403 Forbidden\r\nAge: 1\r\nDate: Mon, 23 Nov 2026 14:00:00 GMT",
      "HTTP/1.1 403 Forbidden\r\nDate: soon", denied_head};
  for (size_t i = 0; i < sizeof no_lesson / sizeof *no_lesson; i++) {
    set_up("token");
    for (int n = 0; n < 3; n++) fake_body(&fake, no_lesson[i], expired);
    CHECK_INT(run_role(), IVS_ERR_CREDENTIALS);
    CHECK_INT(fake.opened, 1);
  }
  set_up("token"); /* another refusal is none of the clock's */
  fake_body(&fake, at_two, REFUSAL("InvalidClientTokenId", "no such key"));
  CHECK_INT(run_role(), IVS_ERR_CREDENTIALS);
  CHECK_INT(fake.opened, 1);
}

static void clock_that_no_date_can_show(void) {
  set_up("token");
  CHECK_INT(run_at(&role.base, (int64_t)1 << 50), IVS_ERR_CREDENTIALS);
  has_problem(&role.base, "STS: clock not usable");
  CHECK_INT(fake.opened, 0);
}

static void bad_options(void) {
  fake_start(&fake);
  struct ivs_sts_options good = role_options(SPACE), o;
  good.creds = &static_creds;
  o = good;
  CHECK_INT(ivs_sts_provider_init(&role, &o), 0);
  o.creds = NULL;
  CHECK_INT(ivs_sts_provider_init(&role, &o), IVS_ERR_ARGUMENT);
  o.token.text = IVS_STR("t");
  CHECK_INT(ivs_sts_provider_init(&role, &o), 0);
  o.region = (ivs_str){NULL, 0};
  CHECK_INT(ivs_sts_provider_init(&role, &o), 0); /* nothing is signed */
  o.creds = &static_creds;
  CHECK_INT(ivs_sts_provider_init(&role, &o), IVS_ERR_ARGUMENT);
  o = good;
  o.source = &role.base;
  CHECK_INT(ivs_sts_provider_init(&role, &o), IVS_ERR_ARGUMENT);
  o = good;
  o.region = IVS_STR("EU");
  CHECK_INT(ivs_sts_provider_init(&role, &o), IVS_ERR_ARGUMENT);
  o = good;
  o.role_arn.n = 0;
  CHECK_INT(ivs_sts_provider_init(&role, &o), IVS_ERR_ARGUMENT);
  o = good;
  o.session_name.n = 0;
  CHECK_INT(ivs_sts_provider_init(&role, &o), IVS_ERR_ARGUMENT);
  o = good;
  o.fetch.port = NULL;
  CHECK_INT(ivs_sts_provider_init(&role, &o), IVS_ERR_ARGUMENT);
}

/* Nothing has begun, so there is nothing to wait for. */
static void wants_before_it_begins(void) {
  struct ivs_wait w = {-1, 0, 7};
  set_up(NULL);
  role.base.fn->wants(&role.base, &w);
  CHECK(w.events == 0 && w.until <= 7);
}

int main(void) {
  check_seed();
  set_up_memory();
  RUN(signed_as_botocore_does);
  RUN(optional_parameters);
  RUN(any_pieces_give_the_same);
  RUN(nth_failure);
  RUN(workspace_from_nothing);
  RUN(long_tokens);
  RUN(identity_tokens_arrive);
  RUN(identity_token_is_read_anew);
  RUN(identity_in_any_space);
  RUN(identity_refusals);
  RUN(refusals_are_explained);
  RUN(bad_answers_are_refused);
  RUN(time_is_learned_from_a_refusal);
  RUN(clock_that_no_date_can_show);
  RUN(bad_options);
  RUN(wants_before_it_begins);
  tear_down_memory();
  return check_done();
}
