/*
 * Sources beyond this machine's files, as texts: web identity, AWS IoT Core, containers, instance
 * metadata.
 */
#include "system.h"

#include "settings_internal.h"

#include <ivs/container.h>
#include <ivs/imds.h>

#include <time.h>

/* A text that a variable or a key of the profile has. */
struct text {
  const char *variable;
  struct ivs_profile_key key; /* its name, and where the text goes */
};

static int fail_long(struct ivs_settings *s, const char *name) {
  return ivs_settings_fail(s, IVS_FAULT_CREDENTIALS, name, " is too long", "");
}

static int copy(struct ivs_settings *s, char *to, size_t size, ivs_str text, const char *name) {
  return ivs_str_copy(to, size, text) < 0 ? fail_long(s, name) : 0;
}

/* Fills the texts: from the variable if variables count, else from the profile. */
static int read_texts(struct ivs_settings *s, const char *profile, bool environment,
                      const struct text *texts, size_t count) {
  struct ivs_profile_key keys[8];
  for (size_t i = 0; i < count; i++) {
    keys[i] = texts[i].key;
    keys[i].to[0] = '\0';
  }
  if (ivs_settings_look_up_in(s, profile, keys, count) < 0) return IVS_ERR_CREDENTIALS;
  for (size_t i = 0; i < count && environment; i++) {
    ivs_str value = ivs_settings_variable(texts[i].variable);
    if (value.p == NULL) continue;
    if (copy(s, keys[i].to, keys[i].size, value, texts[i].variable) < 0) return IVS_ERR_CREDENTIALS;
  }
  return 0;
}

/* --- web identity --- */

/* see settings_internal.h */
void ivs_settings_name_session(char name[IVS_SESSION_NAME_MAX + 1]) {
  struct ivs_out o = ivs_out_to(name, IVS_SESSION_NAME_MAX);
  ivs_put_text(&o, "ivs-session-");
  ivs_put_int(&o, (int64_t)time(NULL));
  name[o.n] = '\0';
}

/* see settings_internal.h */
int ivs_settings_web_identity(struct ivs_settings *s, const char *profile, bool environment) {
  struct ivs_settings_web_identity *to = &s->source.of.web_identity;
  struct ivs_settings_role *role = &to->role;
  memset(to, 0, sizeof *to);
  const struct text texts[] = {
      {"AWS_WEB_IDENTITY_TOKEN_FILE",
       {.name = "web_identity_token_file", .to = to->token_file, .size = sizeof to->token_file}},
      {"AWS_ROLE_ARN", {.name = "role_arn", .to = role->arn, .size = sizeof role->arn}},
      {"AWS_ROLE_SESSION_NAME",
       {.name = "role_session_name", .to = role->session_name, .size = sizeof role->session_name}}};
  if (read_texts(s, profile, environment, texts, 3) < 0) return IVS_ERR_CREDENTIALS;
  if (to->token_file[0] == '\0') return 0;
  if (role->arn[0] == '\0')
    return ivs_settings_fail_profile(
        s, profile, "web identity wants role_arn, or AWS_ROLE_ARN, beside the token");
  if (role->session_name[0] == '\0') ivs_settings_name_session(role->session_name);
  return ivs_settings_found(s, IVS_SOURCE_WEB_IDENTITY, NULL, "web identity");
}

/* --- AWS IoT Core --- */

/* see settings_internal.h */
int ivs_settings_iot(struct ivs_settings *s, const char *profile, bool environment) {
  struct ivs_settings_iot *to = &s->source.of.iot;
  memset(to, 0, sizeof *to);
  const struct text texts[] = {
      {"IVS_IOT_CREDENTIALS_ENDPOINT",
       {.name = "iot_credentials_endpoint", .to = to->endpoint, .size = sizeof to->endpoint}},
      {"IVS_IOT_ROLE_ALIAS",
       {.name = "iot_role_alias", .to = to->role_alias, .size = sizeof to->role_alias}},
      {"IVS_IOT_CERTIFICATE",
       {.name = "iot_certificate", .to = to->certificate, .size = sizeof to->certificate}},
      {"IVS_IOT_PRIVATE_KEY",
       {.name = "iot_private_key", .to = to->private_key, .size = sizeof to->private_key}},
      {"IVS_IOT_THING_NAME",
       {.name = "iot_thing_name", .to = to->thing_name, .size = sizeof to->thing_name}},
      {"IVS_IOT_CA", {.name = "iot_ca", .to = to->ca, .size = sizeof to->ca}}};
  enum { REQUIRED = 4, TEXTS = 6 };
  if (read_texts(s, profile, environment, texts, TEXTS) < 0) return IVS_ERR_CREDENTIALS;
  bool any = false;
  for (int i = 0; i < REQUIRED; i++) any |= texts[i].key.to[0] != '\0';
  for (int i = 0; i < REQUIRED && any; i++) {
    if (texts[i].key.to[0] != '\0') continue;
    return ivs_settings_fail(s, IVS_FAULT_CREDENTIALS, "AWS IoT: there is no ", texts[i].key.name,
                             " beside the rest");
  }
  return any ? ivs_settings_found(s, IVS_SOURCE_IOT, NULL, "AWS IoT") : 0;
}

/* --- a container --- */

/* see settings_internal.h */
int ivs_settings_container(struct ivs_settings *s) {
  static const char relative[] = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
  static const char full[] = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  struct ivs_settings_container *to = &s->source.of.container;
  ivs_str path = ivs_settings_variable(relative), url = ivs_settings_variable(full);
  ivs_str token = ivs_settings_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  ivs_str file = ivs_settings_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  memset(to, 0, sizeof *to);
  if (path.p == NULL && url.p == NULL) return 0;
  struct ivs_out o = ivs_out_to(to->url, sizeof to->url - 1);
  if (path.p != NULL) {
    ivs_put_text(&o, IVS_CONTAINER_URL);
    if (path.p[0] != '/') ivs_put_char(&o, '/');
    ivs_put_str(&o, path);
  } else ivs_put_str(&o, url);
  if (ivs_out_end(&o) < 0) return fail_long(s, path.p != NULL ? relative : full);
  to->url[o.n] = '\0';
  if (copy(s, to->token, sizeof to->token, token, "AWS_CONTAINER_AUTHORIZATION_TOKEN") < 0 ||
      copy(s, to->token_file, sizeof to->token_file, file,
           "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") < 0)
    return IVS_ERR_CREDENTIALS;
  return ivs_settings_found(s, IVS_SOURCE_CONTAINER, NULL, "container");
}

/* --- instance metadata --- */

struct imds_texts {
  char url[IVS_URL_MAX + 1];
  char mode[32];
  char no_v1[32];
  char timeout[32];
  char attempts[32];
};

static int fail_value(struct ivs_settings *s, const char *what) {
  return ivs_settings_fail(s, IVS_FAULT_VALUE, what, "", "");
}

static int take_imds(struct ivs_settings *s, struct ivs_settings_imds *imds,
                     const struct imds_texts *texts) {
  enum { LONGEST = 1000 }; /* seconds */
  int64_t seconds = 1, attempts = 1;
  ivs_str mode = ivs_cstr(texts->mode);
  bool v6 = ivs_str_eq_nocase(mode, IVS_STR("ipv6"));
  if (mode.n > 0 && !v6 && !ivs_str_eq_nocase(mode, IVS_STR("ipv4")))
    return fail_value(s, "ec2_metadata_service_endpoint_mode must be IPv4 or IPv6");
  if (texts->timeout[0] != '\0' &&
      (ivs_str_to_int(ivs_cstr(texts->timeout), &seconds) < 0 || seconds < 1 || seconds > LONGEST))
    return fail_value(s, "metadata_service_timeout must be 1 to 1000 seconds");
  if (texts->attempts[0] != '\0' && (ivs_str_to_int(ivs_cstr(texts->attempts), &attempts) < 0 ||
                                     attempts < 1 || attempts > UINT8_MAX))
    return fail_value(s, "metadata_service_num_attempts must be 1 to 255");
  const char *otherwise = v6 ? IVS_IMDS_URL_V6 : IVS_IMDS_URL;
  ivs_str_copy(imds->url, sizeof imds->url,
               ivs_cstr(texts->url[0] != '\0' ? texts->url : otherwise));
  imds->timeout_ms = (uint32_t)seconds * 1000;
  imds->attempts = (uint8_t)attempts;
  imds->no_v1 = ivs_settings_is_true(ivs_cstr(texts->no_v1));
  return 1;
}

/* see ivs/settings.h */
int ivs_settings_read_imds(struct ivs_settings *s, struct ivs_settings_imds *imds) {
  struct imds_texts t;
  const struct text texts[] = {
      {"AWS_EC2_METADATA_SERVICE_ENDPOINT",
       {.name = "ec2_metadata_service_endpoint", .to = t.url, .size = sizeof t.url}},
      {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
       {.name = "ec2_metadata_service_endpoint_mode", .to = t.mode, .size = sizeof t.mode}},
      {"AWS_EC2_METADATA_V1_DISABLED",
       {.name = "ec2_metadata_v1_disabled", .to = t.no_v1, .size = sizeof t.no_v1}},
      {"AWS_METADATA_SERVICE_TIMEOUT",
       {.name = "metadata_service_timeout", .to = t.timeout, .size = sizeof t.timeout}},
      {"AWS_METADATA_SERVICE_NUM_ATTEMPTS",
       {.name = "metadata_service_num_attempts", .to = t.attempts, .size = sizeof t.attempts}}};
  memset(imds, 0, sizeof *imds);
  if (ivs_settings_is_true(ivs_settings_variable("AWS_EC2_METADATA_DISABLED"))) return 0;
  if (read_texts(s, s->profile, true, texts, 5) < 0) return IVS_ERR_ARGUMENT;
  return take_imds(s, imds, &t);
}

/* see settings_internal.h */
int ivs_settings_instance(struct ivs_settings *s) {
  int r = ivs_settings_read_imds(s, &s->source.of.imds);
  if (r <= 0) return r == 0 ? 0 : IVS_ERR_CREDENTIALS;
  return ivs_settings_found(s, IVS_SOURCE_IMDS, NULL, "IMDS");
}
