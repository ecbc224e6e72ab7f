/*
 * What the files of the settings share. Internal to platform/posix.
 */
#ifndef IVS_POSIX_SETTINGS_INTERNAL_H
#define IVS_POSIX_SETTINGS_INTERNAL_H

#include "profile.h"

#include <ivs/settings.h>

/* The value of a variable; absent if it is not set or empty. */
ivs_str ivs_settings_variable(const char *name);

/* True for "true", in any case. */
bool ivs_settings_is_true(ivs_str value);

/* Sets fault and problem, to the three texts in a row; returns the error that goes with
   the fault. */
int ivs_settings_fail(struct ivs_settings *s, enum ivs_settings_fault fault, const char *a,
                      const char *b, const char *c);

/* The same with IVS_FAULT_CREDENTIALS. */
int ivs_settings_fail_creds(struct ivs_settings *s, const char *a, const char *b, const char *c);

/* "profile x: ...", IVS_FAULT_CREDENTIALS. */
int ivs_settings_fail_profile(struct ivs_settings *s, const char *profile, const char *what);

/*
 * Looks up keys of the profile in both files, of which the credentials file, the second, decides.
 * 0, or IVS_ERR_ARGUMENT with fault and problem: a file is malformed, or a profile was named and is
 * in neither.
 */
int ivs_settings_look_up(struct ivs_settings *s, struct ivs_profile_key *keys, size_t count);

/* The same for a profile of any name. In how many of the files it is, or IVS_ERR_ARGUMENT. */
int ivs_settings_look_up_in(struct ivs_settings *s, const char *name, struct ivs_profile_key *keys,
                            size_t count);

/* The keys of a profile in one of the files, into creds. 1: taken. 0: it has none there. */
int ivs_settings_keys_of_file(struct ivs_settings *s, const char *profile,
                              enum ivs_profile_section section);

/* The keys of the environment. 1: taken. 0: there are none. */
int ivs_settings_keys_of_environment(struct ivs_settings *s);

/* Finds sts_url. 0, or IVS_ERR_ARGUMENT with fault and problem. */
int ivs_settings_read_sts(struct ivs_settings *s);

/* AWS IoT Core. profile: its name. 1: found, in s->source. 0: nobody asks for it. Else an error
   with fault and problem. */
int ivs_settings_iot(struct ivs_settings *s, const char *profile, bool environment);

/* Web identity; as above. */
int ivs_settings_web_identity(struct ivs_settings *s, const char *profile, bool environment);

/* A container; as above. */
int ivs_settings_container(struct ivs_settings *s);

/* Instance metadata; as above. */
int ivs_settings_instance(struct ivs_settings *s);

/* Sets kind, and name to "what" or, if profile is not NULL, "profile x: what". Returns 1. */
int ivs_settings_found(struct ivs_settings *s, enum ivs_source_kind kind, const char *profile,
                       const char *what);

/* A session name for roles that have none: it tells when the program began. */
void ivs_settings_name_session(char name[IVS_SESSION_NAME_MAX + 1]);

#endif
