/*
 * Region, endpoint and CA bundle: from the environment, then from the profile. No value is ever
 * repeated in a message, only the name of its variable or key.
 */
#include "system.h"

#include "profile.h"
#include "settings_internal.h"

#include <stdlib.h>

/* see settings_internal.h */
ivs_str ivs_settings_variable(const char *name) {
  ivs_str value = ivs_cstr(getenv(name));
  if (value.n == 0) value.p = NULL;
  return value;
}

/* see settings_internal.h */
int ivs_settings_fail(struct ivs_settings *s, enum ivs_settings_fault fault, const char *a,
                      const char *b, const char *c) {
  struct ivs_out o = ivs_out_to(s->problem, IVS_PROBLEM_MAX);
  ivs_put_text(&o, a);
  ivs_put_text(&o, b);
  ivs_put_text(&o, c);
  s->problem[o.n < IVS_PROBLEM_MAX ? o.n : IVS_PROBLEM_MAX] = '\0';
  s->fault = fault;
  return fault == IVS_FAULT_CREDENTIALS ? IVS_ERR_CREDENTIALS : IVS_ERR_ARGUMENT;
}

/* --- the environment --- */

/* Takes the first of two variables that is set. */
static int take(struct ivs_settings *s, char *to, size_t size, const char **from, const char *first,
                const char *second) {
  const char *name = ivs_settings_variable(first).p != NULL || second == NULL ? first : second;
  ivs_str value = ivs_settings_variable(name);
  if (value.p == NULL) return 0;
  if (ivs_str_copy(to, size, value) < 0)
    return ivs_settings_fail(s, IVS_FAULT_VALUE, name, " is too long", "");
  *from = name;
  return 0;
}

static int read_environment(struct ivs_settings *s, const struct ivs_settings_given *given) {
  int r = 0;
  if (!given->region)
    r = take(s, s->region, sizeof s->region, &s->region_from, "AWS_REGION", "AWS_DEFAULT_REGION");
  if (r == 0 && !given->endpoint_url)
    r = take(s, s->endpoint_url, sizeof s->endpoint_url, &s->endpoint_from, "AWS_ENDPOINT_URL_IVS",
             "AWS_ENDPOINT_URL");
  if (r == 0 && !given->ca_bundle)
    r = take(s, s->ca_bundle, sizeof s->ca_bundle, &s->ca_bundle_from, "AWS_CA_BUNDLE", NULL);
  return r;
}

static int read_profile_name(struct ivs_settings *s, const char *given) {
  static const char otherwise[] = "default";
  if (given == NULL) {
    int r = take(s, s->profile, sizeof s->profile, &s->profile_from, "AWS_PROFILE",
                 "AWS_DEFAULT_PROFILE");
    if (s->profile_from == NULL) memcpy(s->profile, otherwise, sizeof otherwise);
    return r;
  }
  s->profile_given = true;
  s->profile_from = "profile";
  if (ivs_str_copy(s->profile, sizeof s->profile, ivs_cstr(given)) == 0) return 0;
  return ivs_settings_fail(s, IVS_FAULT_VALUE, "the name of the profile is too long", "", "");
}

/* --- the profile --- */

enum { REGION, ENDPOINT_URL, CA_BUNDLE, SERVICES, IGNORE, KEYS };

struct texts {
  char region[IVS_REGION_MAX + 1];
  char endpoint_url[IVS_URL_MAX + 1];
  char ca_bundle[IVS_FILE_NAME_MAX + 1];
  char services[128];
  char ignore[32];
};

/* Looks in one place. As ivs_profile_look_up(). */
static int look(struct ivs_settings *s, struct ivs_profile *profile,
                enum ivs_profile_section section) {
  profile->section = section;
  int r = ivs_profile_look_up(profile);
  if (r < 0) s->fault = IVS_FAULT_FILE;
  return r;
}

/* see settings_internal.h */
int ivs_settings_look_up(struct ivs_settings *s, struct ivs_profile_key *keys, size_t count) {
  struct ivs_profile profile = {.name = s->profile,
                                .keys = keys,
                                .count = count,
                                .problem = s->problem,
                                .problem_size = sizeof s->problem};
  int in_config = look(s, &profile, IVS_IN_CONFIG);
  if (in_config < 0) return in_config;
  int in_credentials = look(s, &profile, IVS_IN_CREDENTIALS);
  if (in_credentials < 0) return in_credentials;
  if (in_config + in_credentials > 0 || s->profile_from == NULL) return 0;
  /* A file that could not be read may have it. */
  if (s->problem[0] != '\0') {
    s->fault = IVS_FAULT_FILE;
    return IVS_ERR_ARGUMENT;
  }
  return ivs_settings_fail(s, IVS_FAULT_PROFILE, "The config profile (", s->profile,
                           ") could not be found");
}

/* endpoint_url below ivs in the section of services, which must be there. */
static int look_up_service(struct ivs_settings *s, struct texts *texts) {
  char url[IVS_URL_MAX + 1] = "";
  struct ivs_profile_key key = {.name = "endpoint_url", .to = url, .size = sizeof url};
  struct ivs_profile services = {.name = texts->services,
                                 .parent = "ivs",
                                 .keys = &key,
                                 .count = 1,
                                 .problem = s->problem,
                                 .problem_size = sizeof s->problem};
  int r = look(s, &services, IVS_IN_SERVICES);
  if (r < 0) return r;
  if (r == 0)
    return ivs_settings_fail(s, IVS_FAULT_VALUE, "profile ", s->profile,
                             ": there is no [services] section of the name that services gives");
  if (url[0] == '\0') return 0;
  memcpy(s->endpoint_url, url, sizeof url);
  s->endpoint_from = "endpoint_url of ivs in the [services] section";
  return 0;
}

/* Copies a value of the profile to where nothing is yet. */
static void fill(char *to, const char **from, const char *value, const char *name) {
  if (to[0] != '\0' || value[0] == '\0') return;
  memcpy(to, value, strlen(value) + 1);
  *from = name;
}

static bool is_true(ivs_str value) {
  return ivs_str_eq_nocase(value, ivs_cstr("true"));
}

/* Forgets the endpoint if the environment, or else the profile, wants none that is configured. */
static bool ignore_endpoint(struct ivs_settings *s, const char *of_profile) {
  ivs_str ignore = ivs_settings_variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  if (!is_true(ignore.p != NULL ? ignore : ivs_cstr(of_profile))) return false;
  s->endpoint_url[0] = '\0';
  s->endpoint_from = NULL;
  return true;
}

static int fill_endpoint(struct ivs_settings *s, struct texts *texts) {
  if (ignore_endpoint(s, texts->ignore)) return 0;
  if (s->endpoint_url[0] != '\0') return 0;
  int r = texts->services[0] != '\0' ? look_up_service(s, texts) : 0;
  if (r == 0)
    fill(s->endpoint_url, &s->endpoint_from, texts->endpoint_url, "endpoint_url of the profile");
  return r;
}

static int read_profile(struct ivs_settings *s, const struct ivs_settings_given *given) {
  struct texts texts;
  memset(&texts, 0, sizeof texts);
  struct ivs_profile_key keys[KEYS] = {
      [REGION] = {.name = "region", .to = texts.region, .size = sizeof texts.region},
      [ENDPOINT_URL] = {.name = "endpoint_url",
                        .to = texts.endpoint_url,
                        .size = sizeof texts.endpoint_url},
      [CA_BUNDLE] = {.name = "ca_bundle", .to = texts.ca_bundle, .size = sizeof texts.ca_bundle},
      [SERVICES] = {.name = "services", .to = texts.services, .size = sizeof texts.services},
      [IGNORE] = {.name = "ignore_configured_endpoint_urls",
                  .to = texts.ignore,
                  .size = sizeof texts.ignore,
                  .cut = true},
  };
  int r = ivs_settings_look_up(s, keys, KEYS);
  if (r < 0) return r;
  if (!given->region) fill(s->region, &s->region_from, texts.region, "region of the profile");
  if (!given->ca_bundle)
    fill(s->ca_bundle, &s->ca_bundle_from, texts.ca_bundle, "ca_bundle of the profile");
  return given->endpoint_url ? 0 : fill_endpoint(s, &texts);
}

/* The environment's endpoint, which a profile could still switch off. */
static bool endpoint_stands(const struct ivs_settings *s) {
  return s->endpoint_from != NULL &&
         ivs_settings_variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").p != NULL;
}

/* A named profile must exist, even if nothing of it is used; but where the caller has given
   everything, the environment cannot disturb. */
static bool needs_profile(const struct ivs_settings *s, const struct ivs_settings_given *given) {
  if (s->profile_given) return true;
  bool all = given->region && given->endpoint_url && given->ca_bundle;
  if (s->profile_from != NULL) return !(all && given->creds);
  return !((given->region || s->region_from != NULL) &&
           (given->endpoint_url || endpoint_stands(s)) &&
           (given->ca_bundle || s->ca_bundle_from != NULL));
}

/* see ivs/settings.h */
int ivs_settings_read(struct ivs_settings *s, const struct ivs_settings_given *given) {
  static const struct ivs_settings_given nothing;
  if (given == NULL) given = &nothing;
  memset(s, 0, sizeof *s);
  int r = read_profile_name(s, given->profile);
  if (r == 0) r = read_environment(s, given);
  if (r < 0) return r;
  if (needs_profile(s, given)) return read_profile(s, given);
  if (!given->endpoint_url) ignore_endpoint(s, "");
  return 0;
}
