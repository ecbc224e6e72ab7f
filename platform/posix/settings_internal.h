/*
 * What the two files of the settings share. Internal to platform/posix.
 */
#ifndef IVS_POSIX_SETTINGS_INTERNAL_H
#define IVS_POSIX_SETTINGS_INTERNAL_H

#include "profile.h"

#include <ivs/settings.h>

/* The value of a variable; absent if it is not set or empty. */
ivs_str ivs_settings_variable(const char *name);

/* Sets fault and problem, to the three texts in a row; returns the error that goes with the fault. */
int ivs_settings_fail(struct ivs_settings *s, enum ivs_settings_fault fault, const char *a,
                      const char *b, const char *c);

/*
 * Looks up keys of the profile in both files, of which the credentials file, the second, decides. 0,
 * or IVS_ERR_ARGUMENT with fault and problem: a file is malformed, or a profile was named and is in
 * neither.
 */
int ivs_settings_look_up(struct ivs_settings *s, struct ivs_profile_key *keys, size_t count);

#endif
