/*
 * Region, endpoint and CA bundle, and how calls are made: from the environment, then from the
 * profile. No value is ever repeated in a message, only the name of its variable or key.
 */
#include "system.h"

#include "profile.h"
#include "settings_internal.h"

#include <ivs/text.h>

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

/* see settings_internal.h */
bool ivs_settings_is_true(ivs_str value) {
  return ivs_str_eq_nocase(value, IVS_STR("true"));
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

/* Of the endpoint of a service. */
struct endpoint_texts {
  char url[IVS_URL_MAX + 1];
  char services[128];
  char ignore[32];
};

/* Of how calls are made. */
struct call_texts {
  char fips[32];
  char dual_stack[32];
  char keep_clock[32];
  char retry_mode[32];
  char max_attempts[32];
};

struct texts {
  char region[IVS_REGION_MAX + 1];
  char ca_bundle[IVS_FILE_NAME_MAX + 1];
  struct endpoint_texts endpoint;
  struct call_texts call;
};

/* A text of which only the beginning matters: what is too long is no value that means anything. */
#define SHORT(key, member) \
  { .name = (key), .to = (member), .size = sizeof(member), .cut = true }

/* Looks in one place. As ivs_profile_look_up(). */
static int look(struct ivs_settings *s, struct ivs_profile *profile,
                enum ivs_profile_section section) {
  profile->section = section;
  int r = ivs_profile_look_up(profile);
  if (r < 0) s->fault = IVS_FAULT_FILE;
  return r;
}

/* see settings_internal.h */
int ivs_settings_look_up_in(struct ivs_settings *s, const char *name, struct ivs_profile_key *keys,
                            size_t count) {
  struct ivs_profile profile = {.name = name,
                                .keys = keys,
                                .count = count,
                                .problem = s->problem,
                                .problem_size = sizeof s->problem};
  int in_config = look(s, &profile, IVS_IN_CONFIG);
  if (in_config < 0) return in_config;
  int in_credentials = look(s, &profile, IVS_IN_CREDENTIALS);
  return in_credentials < 0 ? in_credentials : in_config + in_credentials;
}

/* see settings_internal.h */
int ivs_settings_look_up(struct ivs_settings *s, struct ivs_profile_key *keys, size_t count) {
  int files = ivs_settings_look_up_in(s, s->profile, keys, count);
  if (files < 0) return files;
  if (files > 0 || s->profile_from == NULL) return 0;
  /* A file that could not be read may have it. */
  if (s->problem[0] != '\0') {
    s->fault = IVS_FAULT_FILE;
    return IVS_ERR_ARGUMENT;
  }
  return ivs_settings_fail(s, IVS_FAULT_PROFILE, "The config profile (", s->profile,
                           ") could not be found");
}

/* Where a service's endpoint is to be put, and what that was found in. */
struct endpoint_target {
  const char *service;
  char *url; /* IVS_URL_MAX */
  const char **from;
  const char *from_services; /* its description if it came from a [services] section */
};

/* endpoint_url below the service in the section of services, which must be there. */
static int look_up_service(struct ivs_settings *s, const struct endpoint_target *target,
                           const char *section) {
  char url[IVS_URL_MAX + 1] = "";
  struct ivs_profile_key key = {.name = "endpoint_url", .to = url, .size = sizeof url};
  struct ivs_profile services = {.name = section,
                                 .parent = target->service,
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
  memcpy(target->url, url, sizeof url);
  *target->from = target->from_services;
  return 0;
}

/* Copies a value of the profile to where nothing is yet. */
static void fill(char *to, const char **from, const char *value, const char *name) {
  if (to[0] != '\0' || value[0] == '\0') return;
  memcpy(to, value, strlen(value) + 1);
  *from = name;
}

/* Forgets the endpoint if the environment, or else the profile, wants none that is configured. */
static bool ignore_endpoint(const struct endpoint_target *target, const char *of_profile) {
  ivs_str ignore = ivs_settings_variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  if (!ivs_settings_is_true(ignore.p != NULL ? ignore : ivs_cstr(of_profile))) return false;
  target->url[0] = '\0';
  *target->from = NULL;
  return true;
}

static int fill_endpoint(struct ivs_settings *s, const struct endpoint_target *target,
                         const struct endpoint_texts *texts) {
  if (ignore_endpoint(target, texts->ignore)) return 0;
  if (target->url[0] != '\0') return 0;
  int r = texts->services[0] != '\0' ? look_up_service(s, target, texts->services) : 0;
  if (r == 0) fill(target->url, target->from, texts->url, "endpoint_url of the profile");
  return r;
}

static struct endpoint_target service_endpoint(struct ivs_settings *s) {
  return (struct endpoint_target){"ivs", s->endpoint_url, &s->endpoint_from,
                                  "endpoint_url of ivs in the [services] section"};
}

/* see settings_internal.h */
int ivs_settings_read_sts(struct ivs_settings *s) {
  struct endpoint_target target = {"sts", s->sts_url, &s->sts_from,
                                   "endpoint_url of sts in the [services] section"};
  struct endpoint_texts texts;
  memset(&texts, 0, sizeof texts);
  struct ivs_profile_key keys[] = {
      {.name = "endpoint_url", .to = texts.url, .size = sizeof texts.url},
      {.name = "services", .to = texts.services, .size = sizeof texts.services},
      SHORT("ignore_configured_endpoint_urls", texts.ignore)};
  s->sts_url[0] = '\0';
  s->sts_from = NULL;
  int r = take(s, s->sts_url, sizeof s->sts_url, &s->sts_from, "AWS_ENDPOINT_URL_STS",
               "AWS_ENDPOINT_URL");
  if (r == 0) r = ivs_settings_look_up(s, keys, sizeof keys / sizeof keys[0]);
  return r < 0 ? r : fill_endpoint(s, &target, &texts);
}

/* --- how calls are made --- */

/* The variable's value, or else the profile's; *from: which. */
static ivs_str choose(const char *variable, const char *of_profile, const char *key,
                      const char **from) {
  ivs_str value = ivs_settings_variable(variable);
  *from = value.p != NULL ? variable : key;
  return value.p != NULL ? value : ivs_cstr(of_profile);
}

static bool choose_flag(const char *variable, const char *of_profile) {
  const char *from;
  return ivs_settings_is_true(choose(variable, of_profile, "", &from));
}

static int fill_retry_mode(struct ivs_settings *s, const char *of_profile) {
  static const char *const modes[] = {"standard", "adaptive", "legacy"}; /* ivs_retry_mode */
  const char *from;
  ivs_str value = choose("AWS_RETRY_MODE", of_profile, "retry_mode of the profile", &from);
  if (value.n == 0) return 0;
  for (int i = 0; i < 3; i++) {
    if (!ivs_str_eq(value, ivs_cstr(modes[i]))) continue;
    s->retry_mode = (enum ivs_retry_mode)i;
    return 0;
  }
  return ivs_settings_fail(s, IVS_FAULT_VALUE, from, " must be standard, adaptive or legacy", "");
}

static int fill_attempts(struct ivs_settings *s, const char *of_profile) {
  const char *from;
  ivs_str value = choose("AWS_MAX_ATTEMPTS", of_profile, "max_attempts of the profile", &from);
  s->max_attempts_from = value.n > 0 ? from : NULL;
  int64_t n = s->retry_mode == IVS_RETRY_LEGACY ? 5 : 3;
  if (value.n > 0 && (ivs_str_to_int(value, &n) < 0 || n < 1))
    return ivs_settings_fail(s, IVS_FAULT_VALUE, from, " must be a whole number of at least 1", "");
  s->max_attempts = (uint8_t)(n < UINT8_MAX ? n : UINT8_MAX);
  return 0;
}

static int fill_call(struct ivs_settings *s, const struct call_texts *texts) {
  s->fips = choose_flag("AWS_USE_FIPS_ENDPOINT", texts->fips);
  s->dual_stack = choose_flag("AWS_USE_DUALSTACK_ENDPOINT", texts->dual_stack);
  s->keep_clock = choose_flag("AWS_DISABLE_CLOCK_SKEW_CORRECTION", texts->keep_clock);
  int r = fill_retry_mode(s, texts->retry_mode);
  return r < 0 ? r : fill_attempts(s, texts->max_attempts);
}

/* --- all of it --- */

static int read_profile(struct ivs_settings *s, const struct ivs_settings_given *given) {
  struct texts texts;
  memset(&texts, 0, sizeof texts);
  struct ivs_profile_key keys[] = {
      {.name = "region", .to = texts.region, .size = sizeof texts.region},
      {.name = "ca_bundle", .to = texts.ca_bundle, .size = sizeof texts.ca_bundle},
      {.name = "endpoint_url", .to = texts.endpoint.url, .size = sizeof texts.endpoint.url},
      {.name = "services", .to = texts.endpoint.services, .size = sizeof texts.endpoint.services},
      SHORT("ignore_configured_endpoint_urls", texts.endpoint.ignore),
      SHORT("use_fips_endpoint", texts.call.fips),
      SHORT("use_dualstack_endpoint", texts.call.dual_stack),
      SHORT("disable_clock_skew_correction", texts.call.keep_clock),
      SHORT("retry_mode", texts.call.retry_mode),
      SHORT("max_attempts", texts.call.max_attempts)};
  int r = ivs_settings_look_up(s, keys, sizeof keys / sizeof keys[0]);
  if (r < 0) return r;
  if (!given->region) fill(s->region, &s->region_from, texts.region, "region of the profile");
  if (!given->ca_bundle)
    fill(s->ca_bundle, &s->ca_bundle_from, texts.ca_bundle, "ca_bundle of the profile");
  struct endpoint_target target = service_endpoint(s);
  if (!given->endpoint_url) r = fill_endpoint(s, &target, &texts.endpoint);
  return r < 0 ? r : fill_call(s, &texts.call);
}

/* A profile that was named must exist, even if nothing of it is used; but where the caller has
   given everything, the environment cannot disturb. */
static bool needs_profile(const struct ivs_settings *s, const struct ivs_settings_given *given) {
  bool all = given->region && given->endpoint_url && given->ca_bundle && given->creds;
  return s->profile_given || !all;
}

/* see ivs/settings.h */
int ivs_settings_read(struct ivs_settings *s, const struct ivs_settings_given *given) {
  static const struct ivs_settings_given nothing;
  static const struct call_texts no_texts;
  if (given == NULL) given = &nothing;
  memset(s, 0, sizeof *s);
  s->max_attempts = 3;
  int r = read_profile_name(s, given->profile);
  if (r == 0) r = read_environment(s, given);
  if (r < 0) return r;
  return needs_profile(s, given) ? read_profile(s, given) : fill_call(s, &no_texts);
}

/* see ivs/settings.h */
int ivs_settings_read_value(struct ivs_settings *s, const char *profile, const char *key, char *to,
                            size_t size) {
  struct ivs_profile_key wanted = {.name = key, .to = to, .size = size, .cut = true};
  memset(s, 0, sizeof *s);
  to[0] = '\0';
  int r = read_profile_name(s, profile);
  if (r == 0) r = ivs_settings_look_up(s, &wanted, 1);
  return r < 0 ? r : wanted.found;
}
