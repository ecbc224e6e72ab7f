/*
 * What the user has set up around the program: region, endpoint, CA bundle, credentials. They come
 * from the environment and from the profiles of the AWS tools' files, and are found as the AWS CLI
 * finds them:
 *
 *   profile       the caller's, then AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"
 *   region        AWS_REGION, AWS_DEFAULT_REGION, then region of the profile
 *   endpoint_url  AWS_ENDPOINT_URL_IVS, AWS_ENDPOINT_URL, then endpoint_url below ivs in the
 *                 [services] section that the profile names, then endpoint_url of the profile; none
 *                 of them if AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, or else
 *                 ignore_configured_endpoint_urls of the profile, is true
 *   ca_bundle     AWS_CA_BUNDLE, then ca_bundle of the profile
 *   creds         AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, unless the caller
 *                 gave the profile; then the keys of the profile in the credentials file, its
 *                 credential_process, its keys in the config file
 *
 * The files are ~/.aws/config and ~/.aws/credentials, or AWS_CONFIG_FILE and
 * AWS_SHARED_CREDENTIALS_FILE; what both say of a profile, the second decides. Those that are not
 * there are no error. A variable or value that is empty counts as not set. Roles, web identity and
 * single sign-on are not supported: a profile that asks for one gives no credentials.
 */
#ifndef IVS_SETTINGS_H
#define IVS_SETTINGS_H

#include <ivs/creds.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  IVS_PROFILE_MAX = 127,
  IVS_REGION_MAX = 63,
  IVS_URL_MAX = 511,
  IVS_FILE_NAME_MAX = 1023,
  IVS_PROBLEM_MAX = 511
};

/* What the caller has already, and what is therefore not looked for. */
struct ivs_settings_given {
  const char *profile; /* name; NULL: that of the environment */
  bool region;
  bool endpoint_url;
  bool ca_bundle;
  bool creds;
};

/* What kind of problem a function had. */
enum ivs_settings_fault {
  IVS_FAULT_NONE,
  IVS_FAULT_VALUE,      /* a value is too long, or names what is not there */
  IVS_FAULT_FILE,       /* a file is malformed or cannot be read */
  IVS_FAULT_PROFILE,    /* a profile was named, and there is none of that name */
  IVS_FAULT_CREDENTIALS /* there are none, or they are no good */
};

/* NUL-ended copies, "" if not set. A name ending in _from tells where its value was found, such as
   "AWS_REGION", for messages: a constant, or NULL if the value was not set or not found here. */
struct ivs_settings {
  char profile[IVS_PROFILE_MAX + 1];
  char region[IVS_REGION_MAX + 1];
  char endpoint_url[IVS_URL_MAX + 1];
  char ca_bundle[IVS_FILE_NAME_MAX + 1];
  const char *profile_from; /* NULL: nobody named one, and it need not exist */
  const char *region_from;
  const char *endpoint_from;
  const char *ca_bundle_from;
  bool profile_given;     /* by the caller */
  struct ivs_creds creds; /* secret: wipe it with ivs_creds_wipe() */
  const char *creds_from;
  int64_t expires; /* seconds since 1970 when creds end; 0: nobody said that they do */
  enum ivs_settings_fault fault;
  /* Of the last function that failed: one line that says what is wrong and what to do, without
     secrets. Also set, without a fault, when a file at its usual place cannot be read. */
  char problem[IVS_PROBLEM_MAX + 1];
};

/*
 * Sets the struct up and finds all but the credentials. given may be NULL, as one that is zeroed.
 * No file is opened if the caller has given everything, or if the environment has what he has not
 * (beside an endpoint, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS too) and nobody has named a profile. 0, or IVS_ERR_ARGUMENT with fault and problem. Not for use while
 * another thread changes the environment.
 */
int ivs_settings_read(struct ivs_settings *s, const struct ivs_settings_given *given);

/* Finds the credentials, after ivs_settings_read(). May run the program that the profile names, for
   up to 60 s. 0, or IVS_ERR_CREDENTIALS with fault and problem. */
int ivs_settings_read_creds(struct ivs_settings *s);

#ifdef __cplusplus
}
#endif

#endif
