/*
 * What the user has set up around the program: region, endpoint, CA bundle, credentials. The
 * environment for now; further sources fill the same struct.
 *
 *   region        AWS_REGION, then AWS_DEFAULT_REGION
 *   endpoint_url  AWS_ENDPOINT_URL_IVS, then AWS_ENDPOINT_URL
 *   ca_bundle     AWS_CA_BUNDLE
 *   creds         AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if set, AWS_SESSION_TOKEN
 *
 * A variable that is empty counts as not set.
 */
#ifndef IVS_SETTINGS_H
#define IVS_SETTINGS_H

#include <ivs/creds.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { IVS_REGION_MAX = 63, IVS_URL_MAX = 511, IVS_FILE_NAME_MAX = 1023, IVS_PROBLEM_MAX = 191 };

/* NUL-ended copies, "" if not set. A name ending in _from tells where its value was found, such as
   "AWS_REGION", for messages: a constant, or NULL if the value was not set or not found here. */
struct ivs_settings {
  char region[IVS_REGION_MAX + 1];
  char endpoint_url[IVS_URL_MAX + 1];
  char ca_bundle[IVS_FILE_NAME_MAX + 1];
  const char *region_from;
  const char *endpoint_from;
  const char *ca_bundle_from;
  struct ivs_creds creds; /* secret: wipe it with ivs_creds_wipe() */
  const char *creds_from;
  char problem
      [IVS_PROBLEM_MAX +
       1]; /* of the last function that failed: one line that says what is wrong and what to do */
};

/* Sets the struct up and reads all but the credentials. 0, or IVS_ERR_ARGUMENT if a value is too
   long. Not for use while another thread changes the environment. */
int ivs_settings_read(struct ivs_settings *s);

/* Reads the credentials. 0, or IVS_ERR_CREDENTIALS: there are none, or only a part, or they are
   malformed. */
int ivs_settings_read_creds(struct ivs_settings *s);

#ifdef __cplusplus
}
#endif

#endif
