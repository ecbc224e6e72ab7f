/*
 * Keys: those of the environment and of the files. A place that has them only in part is an error:
 * what it lacks is not looked for elsewhere.
 */
#include "system.h"

#include "settings_internal.h"

#include <ivs/crypto.h>
#include <ivs/time.h>

#include <time.h>

static const char id_name[] = "AWS_ACCESS_KEY_ID", secret_name[] = "AWS_SECRET_ACCESS_KEY";

/* see settings_internal.h */
int ivs_settings_fail_creds(struct ivs_settings *s, const char *a, const char *b, const char *c) {
  return ivs_settings_fail(s, IVS_FAULT_CREDENTIALS, a, b, c);
}

/* see settings_internal.h */
int ivs_settings_fail_profile(struct ivs_settings *s, const char *profile, const char *what) {
  ivs_settings_fail_creds(s, "profile ", profile, ": ");
  size_t n = strlen(s->problem);
  ivs_str_cut(s->problem + n, sizeof s->problem - n, ivs_cstr(what));
  return IVS_ERR_CREDENTIALS;
}

/* see settings_internal.h */
int ivs_settings_found(struct ivs_settings *s, enum ivs_source_kind kind, const char *profile,
                       const char *what) {
  struct ivs_out o = ivs_out_to(s->source.name, sizeof s->source.name - 1);
  if (profile != NULL) {
    ivs_put_text(&o, "profile ");
    ivs_put_text(&o, profile);
    ivs_put_text(&o, ": ");
  }
  ivs_put_text(&o, what);
  s->source.name[o.n < o.cap ? o.n : o.cap] = '\0';
  s->source.kind = kind;
  s->creds_from = what;
  return 1;
}

/* --- the environment --- */

static int take_expiration(struct ivs_settings *s) {
  static const char name[] = "AWS_CREDENTIAL_EXPIRATION";
  ivs_str text = ivs_settings_variable(name);
  if (text.p == NULL) return 0;
  if (ivs_time_from_iso(text, &s->expires) < 0)
    return ivs_settings_fail_creds(s, name, " is not a time such as 2026-11-22T09:30:00Z", "");
  if (s->expires > (int64_t)time(NULL)) return 0;
  return ivs_settings_fail_creds(
      s, "the credentials of the environment have expired, by this machine's clock: ", name,
      " has passed");
}

/* see settings_internal.h. A secret alone does not count. */
int ivs_settings_keys_of_environment(struct ivs_settings *s) {
  ivs_str id = ivs_settings_variable(id_name), secret = ivs_settings_variable(secret_name);
  ivs_str token = ivs_settings_variable("AWS_SECURITY_TOKEN"); /* as it was called before */
  if (id.p == NULL) return 0;
  if (secret.p == NULL)
    return ivs_settings_fail_creds(s, id_name, " is set, but not ", secret_name);
  if (token.p == NULL) token = ivs_settings_variable("AWS_SESSION_TOKEN");
  if (take_expiration(s) < 0) return IVS_ERR_CREDENTIALS;
  if (ivs_creds_set(&s->creds, id, secret, token) < 0)
    return ivs_settings_fail_creds(
        s, "one of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and ",
        "AWS_SESSION_TOKEN is malformed: ", "too long, or with a line break or a blank at an end");
  return ivs_settings_found(s, IVS_SOURCE_KEYS, NULL, id_name);
}

/* --- a profile in one of the files --- */

struct key_texts {
  char id[IVS_ACCESS_KEY_MAX + 1];
  char secret[IVS_SECRET_KEY_MAX + 1];
  char old_token[IVS_SESSION_TOKEN_MAX + 1];
  char token[IVS_SESSION_TOKEN_MAX + 1];
};

static int set_creds(struct ivs_settings *s, const char *name, const struct key_texts *t,
                     const char *token, enum ivs_profile_section section) {
  if (ivs_creds_set(&s->creds, ivs_cstr(t->id), ivs_cstr(t->secret), ivs_cstr(token)) < 0)
    return ivs_settings_fail_profile(s, name,
                                     "aws_access_key_id, aws_secret_access_key or "
                                     "aws_session_token is malformed: empty, or of several lines");
  bool first = section == IVS_IN_CREDENTIALS;
  return ivs_settings_found(s, IVS_SOURCE_KEYS, name,
                            first ? "the credentials file" : "the config file");
}

static int keys_of_file(struct ivs_settings *s, const char *name, struct key_texts *t,
                        enum ivs_profile_section section) {
  enum { ID, SECRET, OLD_TOKEN, TOKEN, KEYS };
  struct ivs_profile_key keys[KEYS] = {
      [ID] = {.name = "aws_access_key_id", .to = t->id, .size = sizeof t->id},
      [SECRET] = {.name = "aws_secret_access_key", .to = t->secret, .size = sizeof t->secret},
      [OLD_TOKEN] = {.name = "aws_security_token", .to = t->old_token, .size = sizeof t->old_token},
      [TOKEN] = {.name = "aws_session_token", .to = t->token, .size = sizeof t->token},
  };
  struct ivs_profile profile = {.section = section,
                                .name = name,
                                .keys = keys,
                                .count = KEYS,
                                .problem = s->problem,
                                .problem_size = sizeof s->problem};
  if (ivs_profile_look_up(&profile) < 0) {
    s->fault = IVS_FAULT_FILE;
    return IVS_ERR_CREDENTIALS;
  }
  if (!keys[ID].found) return 0;
  if (!keys[SECRET].found)
    return ivs_settings_fail_profile(
        s, name, "it has aws_access_key_id, but no aws_secret_access_key beside it");
  return set_creds(s, name, t, keys[OLD_TOKEN].found ? t->old_token : t->token, section);
}

/* see settings_internal.h */
int ivs_settings_keys_of_file(struct ivs_settings *s, const char *profile,
                              enum ivs_profile_section section) {
  struct key_texts texts;
  memset(&texts, 0, sizeof texts);
  int r = keys_of_file(s, profile, &texts, section);
  ivs_wipe(&texts, sizeof texts);
  return r;
}

/* see ivs/settings.h */
void ivs_settings_wipe(struct ivs_settings *s) {
  ivs_creds_wipe(&s->creds);
  ivs_wipe(&s->source.of, sizeof s->source.of);
}
