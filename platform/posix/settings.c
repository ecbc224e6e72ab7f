/*
 * The environment's share of the settings. No value is ever repeated in a message, only the name of
 * its variable.
 */
#include "system.h"

#include <ivs/settings.h>
#include <ivs/text.h>

#include <stdlib.h>

/* The value of a variable; absent if it is not set or empty. */
static ivs_str variable(const char *name) {
  ivs_str value = ivs_cstr(getenv(name));
  if (value.n == 0) value.p = NULL;
  return value;
}

static int problem(struct ivs_settings *s, int result, const char *a, const char *b,
                   const char *c) {
  struct ivs_out o = ivs_out_to(s->problem, IVS_PROBLEM_MAX);
  ivs_put_text(&o, a);
  ivs_put_text(&o, b);
  ivs_put_text(&o, c);
  s->problem[o.n < IVS_PROBLEM_MAX ? o.n : IVS_PROBLEM_MAX] = '\0';
  return result;
}

/* Takes the first of two variables that is set. */
static int take(struct ivs_settings *s, char *to, size_t size, const char **from, const char *first,
                const char *second) {
  const char *name = variable(first).p != NULL || second == NULL ? first : second;
  ivs_str value = variable(name);
  *from = NULL;
  if (value.p == NULL) return 0;
  if (ivs_str_copy(to, size, value) < 0)
    return problem(s, IVS_ERR_ARGUMENT, name, " is too long", "");
  *from = name;
  return 0;
}

/* see ivs/settings.h */
int ivs_settings_read(struct ivs_settings *s) {
  memset(s, 0, sizeof *s);
  int r = take(s, s->region, sizeof s->region, &s->region_from, "AWS_REGION", "AWS_DEFAULT_REGION");
  if (r == 0)
    r = take(s, s->endpoint_url, sizeof s->endpoint_url, &s->endpoint_from, "AWS_ENDPOINT_URL_IVS",
             "AWS_ENDPOINT_URL");
  if (r == 0)
    r = take(s, s->ca_bundle, sizeof s->ca_bundle, &s->ca_bundle_from, "AWS_CA_BUNDLE", NULL);
  return r;
}

/* see ivs/settings.h */
int ivs_settings_read_creds(struct ivs_settings *s) {
  static const char id_name[] = "AWS_ACCESS_KEY_ID", secret_name[] = "AWS_SECRET_ACCESS_KEY";
  ivs_str id = variable(id_name), secret = variable(secret_name);
  s->creds_from = NULL;
  if (id.p == NULL && secret.p == NULL)
    return problem(s, IVS_ERR_CREDENTIALS,
                   "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                   " (and AWS_SESSION_TOKEN if they are temporary)", "");
  if (id.p == NULL)
    return problem(s, IVS_ERR_CREDENTIALS, secret_name, " is set, but not ", id_name);
  if (secret.p == NULL)
    return problem(s, IVS_ERR_CREDENTIALS, id_name, " is set, but not ", secret_name);
  if (ivs_creds_set(&s->creds, id, secret, variable("AWS_SESSION_TOKEN")) < 0)
    return problem(
        s, IVS_ERR_CREDENTIALS, "one of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and ",
        "AWS_SESSION_TOKEN is malformed: ", "too long, or with a line break or a blank at an end");
  s->creds_from = id_name;
  return 0;
}
