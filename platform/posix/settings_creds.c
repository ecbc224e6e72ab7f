/*
 * Credentials, from the first of the sources that has some. One that has them only in part is an
 * error: what it lacks is not looked for elsewhere.
 */
#include "system.h"

#include "credential_process.h"
#include "settings_internal.h"

#include <ivs/crypto.h>
#include <ivs/time.h>

#include <time.h>

static const char id_name[] = "AWS_ACCESS_KEY_ID", secret_name[] = "AWS_SECRET_ACCESS_KEY";

static int fail(struct ivs_settings *s, const char *a, const char *b, const char *c) {
  return ivs_settings_fail(s, IVS_FAULT_CREDENTIALS, a, b, c);
}

/* For a problem that has its text. */
static int fail_as_is(struct ivs_settings *s, enum ivs_settings_fault fault) {
  s->fault = fault;
  return IVS_ERR_CREDENTIALS;
}

/* "profile x: ..." */
static int fail_profile(struct ivs_settings *s, const char *what) {
  fail(s, "profile ", s->profile, ": ");
  size_t n = strlen(s->problem);
  ivs_str_cut(s->problem + n, sizeof s->problem - n, ivs_cstr(what));
  return IVS_ERR_CREDENTIALS;
}

/* --- the environment --- */

static int take_expiration(struct ivs_settings *s) {
  static const char name[] = "AWS_CREDENTIAL_EXPIRATION";
  ivs_str text = ivs_settings_variable(name);
  if (text.p == NULL) return 0;
  if (ivs_time_from_iso(text, &s->expires) < 0)
    return fail(s, name, " is not a time such as 2026-11-22T09:30:00Z", "");
  if (s->expires > (int64_t)time(NULL)) return 0;
  return fail(s, "the credentials of the environment have expired, by this machine's clock: ", name,
              " has passed");
}

/* 1: taken. 0: there are none. A secret alone does not count. */
static int from_environment(struct ivs_settings *s) {
  ivs_str id = ivs_settings_variable(id_name), secret = ivs_settings_variable(secret_name);
  ivs_str token = ivs_settings_variable("AWS_SECURITY_TOKEN"); /* as it was called before */
  if (id.p == NULL) return 0;
  if (secret.p == NULL) return fail(s, id_name, " is set, but not ", secret_name);
  if (token.p == NULL) token = ivs_settings_variable("AWS_SESSION_TOKEN");
  if (take_expiration(s) < 0) return IVS_ERR_CREDENTIALS;
  if (ivs_creds_set(&s->creds, id, secret, token) < 0)
    return fail(s, "one of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and ",
                "AWS_SESSION_TOKEN is malformed: ",
                "too long, or with a line break or a blank at an end");
  s->creds_from = id_name;
  return 1;
}

/* --- keys of the profile in one of the files --- */

struct key_texts {
  char id[IVS_ACCESS_KEY_MAX + 1];
  char secret[IVS_SECRET_KEY_MAX + 1];
  char old_token[IVS_SESSION_TOKEN_MAX + 1];
  char token[IVS_SESSION_TOKEN_MAX + 1];
};

static int set_creds(struct ivs_settings *s, const struct key_texts *t, const char *token) {
  if (ivs_creds_set(&s->creds, ivs_cstr(t->id), ivs_cstr(t->secret), ivs_cstr(token)) == 0)
    return 1;
  return fail_profile(s, "aws_access_key_id, aws_secret_access_key or aws_session_token is "
                         "malformed: empty, or of several lines");
}

static int keys_of_file(struct ivs_settings *s, struct key_texts *t,
                        enum ivs_profile_section section) {
  enum { ID, SECRET, OLD_TOKEN, TOKEN, KEYS };
  struct ivs_profile_key keys[KEYS] = {
      [ID] = {.name = "aws_access_key_id", .to = t->id, .size = sizeof t->id},
      [SECRET] = {.name = "aws_secret_access_key", .to = t->secret, .size = sizeof t->secret},
      [OLD_TOKEN] = {.name = "aws_security_token",
                     .to = t->old_token,
                     .size = sizeof t->old_token},
      [TOKEN] = {.name = "aws_session_token", .to = t->token, .size = sizeof t->token},
  };
  struct ivs_profile profile = {.section = section,
                                .name = s->profile,
                                .keys = keys,
                                .count = KEYS,
                                .problem = s->problem,
                                .problem_size = sizeof s->problem};
  if (ivs_profile_look_up(&profile) < 0) return fail_as_is(s, IVS_FAULT_FILE);
  if (!keys[ID].found) return 0;
  if (!keys[SECRET].found)
    return fail_profile(s, "it has aws_access_key_id, but no aws_secret_access_key beside it");
  s->creds_from = section == IVS_IN_CREDENTIALS ? "the credentials file" : "the config file";
  return set_creds(s, t, keys[OLD_TOKEN].found ? t->old_token : t->token);
}

/* 1: taken. 0: the profile has no keys there. */
static int from_file(struct ivs_settings *s, enum ivs_profile_section section) {
  struct key_texts texts;
  memset(&texts, 0, sizeof texts);
  int r = keys_of_file(s, &texts, section);
  ivs_wipe(&texts, sizeof texts);
  return r;
}

/* --- the profile as a whole --- */

enum { ROLE, WEB_IDENTITY, SSO_ROLE, SSO_ACCOUNT, LOGIN, PROCESS, KEYS };

static int from_process(struct ivs_settings *s, const char *command) {
  char cause[192];
  struct ivs_out problem = ivs_out_to(cause, sizeof cause - 1);
  ivs_put_text(&problem, "credential_process: ");
  s->creds_from = "credential_process";
  if (ivs_credential_process(ivs_cstr(command), IVS_COMMAND_MS, &s->creds, &s->expires, &problem) ==
      0)
    return 1;
  cause[problem.n < problem.cap ? problem.n : problem.cap] = '\0';
  return fail_profile(s, cause);
}

/* What would come before the keys of a file is refused rather than passed over: the credentials
   found otherwise would be others than those that were meant. */
static int refuse_before_keys(struct ivs_settings *s, const struct ivs_profile_key *keys) {
  bool by_variable =
      !s->profile_given && ivs_settings_variable("AWS_WEB_IDENTITY_TOKEN_FILE").p != NULL;
  if (by_variable)
    return fail(s, "AWS_WEB_IDENTITY_TOKEN_FILE: web identity is not supported", "", "");
  if (keys[WEB_IDENTITY].found)
    return fail_profile(s, "web identity (web_identity_token_file) is not supported");
  if (keys[ROLE].found) return fail_profile(s, "assuming a role (role_arn) is not supported");
  if (keys[SSO_ROLE].found || keys[SSO_ACCOUNT].found)
    return fail_profile(s, "single sign-on (sso_account_id, sso_role_name) is not supported");
  return 0;
}

static int from_profile(struct ivs_settings *s, char command[IVS_COMMAND_MAX + 1]) {
  struct ivs_profile_key keys[KEYS] = {
      [ROLE] = {.name = "role_arn"},
      [WEB_IDENTITY] = {.name = "web_identity_token_file"},
      [SSO_ROLE] = {.name = "sso_role_name"},
      [SSO_ACCOUNT] = {.name = "sso_account_id"},
      [LOGIN] = {.name = "login_session"},
      [PROCESS] = {.name = "credential_process", .to = command, .size = IVS_COMMAND_MAX + 1},
  };
  if (ivs_settings_look_up(s, keys, KEYS) < 0) return IVS_ERR_CREDENTIALS;
  if (refuse_before_keys(s, keys) < 0) return IVS_ERR_CREDENTIALS;
  int r = from_file(s, IVS_IN_CREDENTIALS);
  if (r != 0) return r;
  if (keys[LOGIN].found) return fail_profile(s, "a login session (login_session) is not supported");
  if (keys[PROCESS].found) return from_process(s, command);
  return from_file(s, IVS_IN_CONFIG);
}

static int fail_without(struct ivs_settings *s) {
  if (s->problem[0] != '\0') return fail_as_is(s, IVS_FAULT_CREDENTIALS);
  if (s->profile_from != NULL) return fail_profile(s, "no credentials in it");
  if (ivs_settings_variable(secret_name).p != NULL)
    return fail(s, secret_name, " is set, but not ", id_name);
  return fail(s, "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
              " (and AWS_SESSION_TOKEN if they are temporary), or put them into a profile", "");
}

static int find(struct ivs_settings *s) {
  char command[IVS_COMMAND_MAX + 1] = "";
  int r = s->profile_given ? 0 : from_environment(s);
  if (r == 0) r = from_profile(s, command);
  ivs_wipe(command, sizeof command);
  return r != 0 ? r : fail_without(s);
}

/* see ivs/settings.h */
int ivs_settings_read_creds(struct ivs_settings *s) {
  s->creds_from = NULL;
  s->expires = 0;
  s->fault = IVS_FAULT_NONE;
  s->problem[0] = '\0';
  if (find(s) == 1) return 0;
  s->creds_from = NULL;
  s->expires = 0;
  return IVS_ERR_CREDENTIALS;
}
