/*
 * A role over a port made of memory, and the XML of its answers: what the tests of STS share.
 */
#ifndef STS_SETUP_H
#define STS_SETUP_H

#include "provider_setup.h"

#include <ivs/ivs.h>
#include <ivs/sts.h>

#define URL "https://sts.eu-west-1.amazonaws.com"
#define XMLNS " xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\""
#define CREDENTIALS(expiration)                                                           \
  "<Credentials>\n <AccessKeyId>" KEY_ID "</AccessKeyId>\n <SecretAccessKey>" SECRET      \
  "</SecretAccessKey>\n <SessionToken>" TOKEN "</SessionToken>\n <Expiration>" expiration \
  "</Expiration>\n</Credentials>"
#define ANSWER(action, inside)                                                                     \
  "<" action "Response" XMLNS ">\n<" action                                                        \
  "Result>\n <AssumedRoleUser><AssumedRoleId>AROAX:lobby"                                          \
  "</AssumedRoleId><Arn>arn:aws:sts::1:assumed-role/camera/lobby</Arn></AssumedRoleUser>\n" inside \
  "\n</" action                                                                                    \
  "Result>\n<ResponseMetadata><RequestId>1-2</RequestId></ResponseMetadata>\n</" action            \
  "Response>\n"
#define REFUSAL(code, message)                                               \
  "<ErrorResponse" XMLNS ">\n <Error>\n  <Type>Sender</Type>\n  <Code>" code \
  "</Code>\n  <Message>" message                                             \
  "</Message>\n </Error>\n <RequestId>1</RequestId>\n</ErrorResponse>\n"

static struct ivs_sts_provider role;
static struct ivs_creds static_creds;

static const char good_body[] = ANSWER("AssumeRole", CREDENTIALS(HOUR_ON));
static const char good_identity[] = ANSWER("AssumeRoleWithWebIdentity", CREDENTIALS(HOUR_ON));
static const char denied_head[] = "HTTP/1.1 403 Forbidden";

static inline struct ivs_sts_options role_options(size_t space_n) {
  struct ivs_sts_options options = {
      .fetch = fetch_over(URL, space_n),
      .region = IVS_STR("eu-west-1"),
      .role_arn = IVS_STR("arn:aws:iam::123456789012:role/camera+x"),
      .session_name = IVS_STR("lobby@site=1,2"),
  };
  return options;
}

/* A role that static credentials ask for. */
static inline void set_up(const char *token) {
  fake_start(&fake);
  struct ivs_sts_options options = role_options(SPACE);
  CHECK_INT(ivs_creds_set(&static_creds, IVS_STR("AKIDEXAMPLE"),
                          IVS_STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), ivs_cstr(token)),
            0);
  options.creds = &static_creds;
  options.external_id = IVS_STR("a/b:c");
  options.duration_seconds = 900;
  CHECK_INT(ivs_sts_provider_init(&role, &options), 0);
}

static inline int run_role(void) {
  int r = run(&role.base);
  CHECK(is_blank((const char *)&role.key.hmac, sizeof role.key.hmac));
  return r;
}

#endif
