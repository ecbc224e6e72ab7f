/*
 * Roles that other sources are asked for: AWS IoT, then one role, then another, all over one port
 * and in one workspace. When each of them is asked, what of it can fail, and that nothing stays.
 */
#include "sts_setup.h"

#include <ivs/iot.h>

#define IOT_BODY(expiration)                                                                    \
  "{\"credentials\":{\"accessKeyId\":\"ASIAIOT\",\"secretAccessKey\":\"IotSecretMustNotStay\"," \
  "\"sessionToken\":\"IotTokenMustNotStay\",\"expiration\":\"" expiration "\"}}"
#define ROLE_BODY(id, expiration)                                                               \
  ANSWER("AssumeRole", "<Credentials><AccessKeyId>" id "</AccessKeyId><SecretAccessKey>" SECRET \
                       "</SecretAccessKey><SessionToken>" id                                    \
                       "TokenMustNotStay</SessionToken>"                                        \
                       "<Expiration>" expiration "</Expiration></Credentials>")

static struct ivs_iot_provider iot;
static struct ivs_sts_provider middle;
static struct ivs_endpoint iot_endpoint;

static void set_up_chain(void) {
  fake_start(&fake);
  struct ivs_iot_options from = {.fetch = fetch_over(URL, SPACE), .role_alias = IVS_STR("camera")};
  CHECK_INT(ivs_endpoint_from_url(&iot_endpoint, IVS_STR("https://iot.example")), 0);
  from.fetch.endpoint = &iot_endpoint;
  CHECK_INT(ivs_iot_provider_init(&iot, &from), 0);
  struct ivs_sts_options options = role_options(SPACE);
  options.source = &iot.base;
  options.session_name = IVS_STR("first");
  CHECK_INT(ivs_sts_provider_init(&middle, &options), 0);
  options.source = &middle.base;
  options.session_name = IVS_STR("second");
  CHECK_INT(ivs_sts_provider_init(&role, &options), 0);
}

static void answer_all(const char *iot_end, const char *middle_end, const char *role_end) {
  static char bodies[3][2000];
  snprintf(bodies[0], sizeof bodies[0], IOT_BODY("%s"), iot_end);
  snprintf(bodies[1], sizeof bodies[1], ROLE_BODY("ASIAMIDDLE", "%s"), middle_end);
  snprintf(bodies[2], sizeof bodies[2], ROLE_BODY("ASIAROLE", "%s"), role_end);
  for (int i = 0; i < 3; i++) fake_body(&fake, ok_head, bodies[i]);
}

static void each_asks_with_the_one_before(void) {
  set_up_chain();
  answer_all(HOUR_ON, HOUR_ON, HOUR_ON);
  CHECK_INT(run_role(), 0);
  CHECK_INT(fake.opened, 3);
  CHECK(was_sent("GET /role-aliases/camera/credentials HTTP/1.1\r\nhost: iot.example\r\n"));
  CHECK(was_sent("x-amz-security-token: IotTokenMustNotStay\r\n"));
  CHECK(was_sent("Credential=ASIAIOT/20261122/eu-west-1/sts/aws4_request"));
  CHECK(was_sent("x-amz-security-token: ASIAMIDDLETokenMustNotStay\r\n"));
  CHECK(was_sent("Credential=ASIAMIDDLE/20261122/eu-west-1/sts/aws4_request"));
  CHECK(was_sent("&RoleSessionName=first") && was_sent("&RoleSessionName=second"));
  CHECK_STR(ivs_cstr(role.base.creds.access_key_id), "ASIAROLE");
  CHECK_INT(iot.base.version + middle.base.version + role.base.version, 3);
}

/* Only those are asked whose credentials end. */
static void asks_those_that_have_to_be(void) {
  set_up_chain();
  answer_all("2026-11-22T12:30:00Z", HOUR_ON, "2026-11-22T09:50:00Z");
  CHECK_INT(run_role(), 0);
  fake_body(&fake, ok_head, ROLE_BODY("ASIAROLE2", "2026-11-22T10:40:00Z"));
  CHECK_INT(run_at(&role.base, NOW + 1200), 0); /* the last one only */
  CHECK_INT(fake.opened, 4);
  fake_body(&fake, ok_head, ROLE_BODY("ASIAMIDDLE2", "2026-11-22T12:00:00Z"));
  fake_body(&fake, ok_head, ROLE_BODY("ASIAROLE3", "2026-11-22T11:40:00Z"));
  CHECK_INT(run_at(&role.base, NOW + 4200), 0); /* the middle one has ended */
  CHECK_INT(fake.opened, 6);
  CHECK_INT(iot.base.version, 1);
  CHECK_INT(middle.base.version, 2);
  CHECK_STR(ivs_cstr(role.base.creds.access_key_id), "ASIAROLE3");
}

/* The one that fails is named, behind those that needed it. */
static void failures_come_through(void) {
  set_up_chain();
  fake_body(&fake, "HTTP/1.1 404 Not Found", "{\"message\":\"Role alias does not exist\"}");
  CHECK_INT(run_role(), IVS_ERR_CREDENTIALS);
  has_problem(&role.base,
              "STS: no credentials to ask with: STS: no credentials to ask with: AWS IoT: HTTP 404 "
              "(the role alias; its case counts): Role alias does not exist");
  set_up_chain();
  fake_body(&fake, ok_head, IOT_BODY(HOUR_ON));
  fake_body(&fake, denied_head, REFUSAL("AccessDenied", "no"));
  CHECK_INT(run_role(), IVS_ERR_CREDENTIALS);
  has_problem(&role.base, "STS: no credentials to ask with: STS: HTTP 403: AccessDenied: no");
  check_nothing_taken(&role.base);
}

/* So is the one that is waited for. */
static void silence_comes_through(void) {
  set_up_chain();
  fake.mute = true;
  for (int i = 0; i < 5; i++) CHECK(ivs_provider_ready(&role.base, NOW, false) != 0);
  has_problem(
      &role.base,
      "STS: no credentials to ask with: STS: no credentials to ask with: AWS IoT: no answer "
      "yet");
  role.base.fn->cancel(&role.base);
}

/* The clock goes back while the source is renewed: what was due is not, and the port is the role's. */
static void clock_goes_back(void) {
  static struct ivs_sts_options options;
  set_up_chain();
  options = role_options(SPACE);
  options.source = &iot.base;
  CHECK_INT(ivs_sts_provider_init(&role, &options), 0);
  fake_body(&fake, ok_head, IOT_BODY(HOUR_ON));
  CHECK_INT(run(&iot.base), 0);
  fake.mute = true;
  CHECK_INT(ivs_provider_ready(&role.base, NOW + 3301, false), 1);
  CHECK_INT(ivs_provider_ready(&role.base, NOW + 3301, false), IVS_AGAIN);
  CHECK_INT(fake.opened - fake.closed, 1);
  iot.base.waiting = 1; /* a client's own wait is not disturbed */
  CHECK(ivs_provider_ready(&role.base, NOW + 3200, false) != 0);
  CHECK_INT(fake.opened - fake.closed, 1);
  iot.base.waiting = 0;
  role.base.fn->cancel(&role.base);
  for (int i = 0; i < 3; i++) CHECK(ivs_provider_ready(&role.base, NOW + 3200, false) != 0);
  CHECK_INT(fake.opened - fake.closed, 1);
  ivs_provider_wipe(&role.base);
  CHECK_INT(fake.opened - fake.closed, 0);
}

/* Credentials that STS calls expired are renewed, once. */
static void expired_source_is_renewed(void) {
  static const char expired[] = REFUSAL("ExpiredToken", "The security token has expired");
  set_up_chain();
  fake_body(&fake, ok_head, IOT_BODY(HOUR_ON));
  CHECK_INT(run(&iot.base), 0);
  fake_body(&fake, denied_head, expired);
  fake_body(&fake, ok_head, IOT_BODY(HOUR_ON));
  fake_body(&fake, ok_head, ROLE_BODY("ASIAMIDDLE", HOUR_ON));
  CHECK_INT(run(&middle.base), 0);
  CHECK_INT(fake.opened, 4);
  CHECK_INT(iot.base.version, 2);

  set_up_chain();
  for (int i = 0; i < 2; i++) {
    fake_body(&fake, ok_head, IOT_BODY(HOUR_ON));
    fake_body(&fake, denied_head, expired);
  }
  CHECK_INT(run(&middle.base), IVS_ERR_CREDENTIALS);
  has_problem(&middle.base, "STS: HTTP 403: ExpiredToken: The security token has expired");
  CHECK_INT(fake.opened, 4);
  fake_body(&fake, ok_head, IOT_BODY(HOUR_ON)); /* a new refresh may try again */
  fake_body(&fake, denied_head, expired);
  fake_body(&fake, ok_head, IOT_BODY(HOUR_ON));
  fake_body(&fake, ok_head, ROLE_BODY("ASIAMIDDLE", HOUR_ON));
  iot.base.expires = NOW; /* what it has is known to be no good */
  CHECK_INT(run(&middle.base), 0);
  CHECK_INT(iot.base.version, 4);
}

/* Given up anywhere: all of them are, and nothing is left. */
static void cancelled_anywhere(void) {
  bool finished = false;
  for (int steps = 0; !finished && steps < 3000; steps++) {
    set_up_chain();
    answer_all(HOUR_ON, HOUR_ON, HOUR_ON);
    fake.hesitant = true;
    fake.recv_piece = fake.send_piece = 64;
    for (int i = 0; i < steps && !finished; i++)
      finished = role.base.fn->step(&role.base, NOW) == 0;
    role.base.fn->cancel(&role.base);
    check_clean(&role.base);
    CHECK(is_blank((const char *)&role.key.hmac, sizeof role.key.hmac));
    memset(fake.connections, 0, sizeof fake.connections);
    fake.connection = -1;
    set_up_chain();
    answer_all(HOUR_ON, HOUR_ON, HOUR_ON);
    CHECK_INT(run_role(), 0);
  }
  CHECK(finished);
}

/* While a source is under way it is what is waited for. */
static void waits_for_the_source(void) {
  struct ivs_wait w = {-1, 0, UINT64_MAX};
  int r;
  set_up_chain();
  fake.mute = true;
  while ((r = role.base.fn->step(&role.base, NOW)) == 1) continue;
  CHECK_INT(r, IVS_AGAIN);
  role.base.fn->wants(&role.base, &w);
  CHECK(w.events != 0);
  CHECK_INT(w.until, fake.now + 10000);
  role.base.fn->cancel(&role.base);
  check_clean(&role.base);
}

int main(void) {
  set_up_memory();
  RUN(each_asks_with_the_one_before);
  RUN(asks_those_that_have_to_be);
  RUN(failures_come_through);
  RUN(silence_comes_through);
  RUN(clock_goes_back);
  RUN(expired_source_is_renewed);
  RUN(cancelled_anywhere);
  RUN(waits_for_the_source);
  tear_down_memory();
  return check_done();
}
