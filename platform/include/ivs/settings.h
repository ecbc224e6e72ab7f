/*
 * What the user has set up around the program: region, endpoint, credentials, retries. They come
 * from the environment and from the profiles of the AWS tools' files, and are found as the AWS CLI
 * finds them:
 *
 *   profile        the caller's, then AWS_PROFILE, AWS_DEFAULT_PROFILE, then "default"
 *   region         AWS_REGION, AWS_DEFAULT_REGION, then region of the profile; then, if asked for,
 *                  EC2's instance metadata
 *   endpoint_url   AWS_ENDPOINT_URL_IVS, AWS_ENDPOINT_URL, then endpoint_url below ivs in the
 *                  [services] section that the profile names, then endpoint_url of the profile;
 *                  none of them if AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, or else
 *                  ignore_configured_endpoint_urls of the profile, is true
 *   ca_bundle      AWS_CA_BUNDLE, then ca_bundle of the profile
 *   fips           AWS_USE_FIPS_ENDPOINT, then use_fips_endpoint of the profile
 *   dual_stack     AWS_USE_DUALSTACK_ENDPOINT, then use_dualstack_endpoint of the profile
 *   retry_mode     AWS_RETRY_MODE, then retry_mode of the profile: legacy, standard or adaptive
 *   max_attempts   AWS_MAX_ATTEMPTS, then max_attempts of the profile; else 3, and 5 in the mode
 *                  legacy
 *   keep_clock     AWS_DISABLE_CLOCK_SKEW_CORRECTION, then disable_clock_skew_correction of the
 *                  profile
 *   credentials    see ivs_settings_read_creds()
 *
 * The files are ~/.aws/config and ~/.aws/credentials, or AWS_CONFIG_FILE and
 * AWS_SHARED_CREDENTIALS_FILE; what both say of a profile, the second decides. Those that are not
 * there are no error. A variable or value that is empty counts as not set.
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
  IVS_PROBLEM_MAX = 511,
  IVS_COMMAND_MAX = 4095,
  IVS_ROLE_ARN_MAX = 639,
  IVS_SESSION_NAME_MAX = 64,
  IVS_EXTERNAL_ID_MAX = 1224,
  IVS_CONTAINER_TOKEN_MAX = 4095,
  IVS_IOT_NAME_MAX = 128,
  IVS_ROLES_MAX = 4 /* roles in a row, each assumed with the credentials of the next */
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

/* All modes keep to the same rules, <ivs/retry.h>; they differ in the attempts that a call has. */
enum ivs_retry_mode { IVS_RETRY_STANDARD, IVS_RETRY_ADAPTIVE, IVS_RETRY_LEGACY };

/* Where the first credentials come from. */
enum ivs_source_kind {
  IVS_SOURCE_KEYS, /* creds of the settings */
  IVS_SOURCE_PROCESS,
  IVS_SOURCE_WEB_IDENTITY,
  IVS_SOURCE_IOT,
  IVS_SOURCE_CONTAINER,
  IVS_SOURCE_IMDS
};

/* A role of STS. "" and 0: not set. */
struct ivs_settings_role {
  char arn[IVS_ROLE_ARN_MAX + 1];
  char session_name[IVS_SESSION_NAME_MAX + 1]; /* always set */
  char external_id[IVS_EXTERNAL_ID_MAX + 1];
  uint32_t duration_seconds;
};

struct ivs_settings_web_identity {
  struct ivs_settings_role role;
  char token_file[IVS_FILE_NAME_MAX + 1];
};

struct ivs_settings_iot {
  char endpoint[IVS_URL_MAX + 1]; /* a host name, with or without https:// and a port */
  char role_alias[IVS_IOT_NAME_MAX + 1];
  char thing_name[IVS_IOT_NAME_MAX + 1]; /* "": none is sent */
  char certificate[IVS_FILE_NAME_MAX + 1];
  char private_key[IVS_FILE_NAME_MAX + 1];
  char ca[IVS_FILE_NAME_MAX + 1]; /* "": the CA bundle of the settings, or Amazon's roots */
};

struct ivs_settings_container {
  char url[IVS_URL_MAX + 1];
  char token[IVS_CONTAINER_TOKEN_MAX + 1]; /* secret */
  char token_file[IVS_FILE_NAME_MAX + 1];  /* before token */
};

struct ivs_settings_imds {
  char url[IVS_URL_MAX + 1];
  uint32_t timeout_ms;
  uint8_t attempts;
  bool no_v1;
};

/* Where credentials come from, as texts: what ivs_sources_init() makes the machines of that get
   them. */
struct ivs_settings_source {
  enum ivs_source_kind kind;
  char name[IVS_PROFILE_MAX + 33]; /* for messages: "profile x: credential_process" */
  union {
    char command[IVS_COMMAND_MAX + 1];
    struct ivs_settings_web_identity web_identity;
    struct ivs_settings_iot iot;
    struct ivs_settings_container container;
    struct ivs_settings_imds imds;
  } of; /* by kind */

  /* Roles that are assumed beyond that: the credentials of the first are those that are used, the
     last is assumed with the source's own. */
  struct ivs_settings_role roles[IVS_ROLES_MAX];
  size_t role_count;
};

/* NUL-ended copies, "" if not set. A name ending in _from tells where its value was found, such as
   "AWS_REGION", for messages: a constant, or NULL if the value was not set or not found here. */
struct ivs_settings {
  char profile[IVS_PROFILE_MAX + 1];
  char region[IVS_REGION_MAX + 1];
  char endpoint_url[IVS_URL_MAX + 1];
  char ca_bundle[IVS_FILE_NAME_MAX + 1]; /* as it was written: <ivs/route.h> knows "~" */

  const char *profile_from; /* NULL: nobody named one, and it need not exist */
  const char *region_from;
  const char *endpoint_from;
  const char *ca_bundle_from;
  bool profile_given; /* by the caller */
  bool fips;
  bool dual_stack;
  bool keep_clock;
  uint8_t max_attempts; /* at least 1 */
  const char *max_attempts_from; /* NULL: it is that of the mode */
  enum ivs_retry_mode retry_mode;

  struct ivs_creds creds; /* secret: ivs_settings_wipe() */
  const char *creds_from; /* where the source was found */
  int64_t expires;        /* seconds since 1970 when creds end; 0: nobody said that they do */
  struct ivs_settings_source source;
  /* The endpoint of STS, if it is not that of the region: AWS_ENDPOINT_URL_STS and so on, as for
     endpoint_url. Only for a source that needs it. */
  char sts_url[IVS_URL_MAX + 1];
  const char *sts_from;

  enum ivs_settings_fault fault;
  /* Of the last function that failed: one line that says what is wrong and what to do, without
     secrets. Also set, without a fault, when a file at its usual place cannot be read; and to what
     there is to say if the instance metadata, which were the last resort, have no credentials. */
  char problem[IVS_PROBLEM_MAX + 1];
};

/*
 * Sets the struct up and finds all but the credentials. given may be NULL, as one that is zeroed.
 * No file is opened if the caller has given everything, and no profile. 0, or IVS_ERR_ARGUMENT with
 * fault and problem. Not for use while another thread changes the environment.
 */
int ivs_settings_read(struct ivs_settings *s, const struct ivs_settings_given *given);

/*
 * One value of the profile for the program's own use, such as "output": its beginning, NUL-ended in
 * `to`, which is "" if there is none. key: in lower case. profile: as in given. It sets s up, for
 * the name of the profile and the problem alone. 1: it is there, if empty. 0: it is not.
 * IVS_ERR_ARGUMENT with fault and problem.
 */
int ivs_settings_read_value(struct ivs_settings *s, const char *profile, const char *key, char *to,
                            size_t size);

/*
 * Finds where credentials come from, after ivs_settings_read(), and takes them if they are keys;
 * nothing is run or asked yet: <ivs/sources.h>. In this order:
 *
 *   1. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SECURITY_TOKEN, else AWS_SESSION_TOKEN,
 *      until AWS_CREDENTIAL_EXPIRATION, unless the caller gave the profile
 *   2. a role: role_arn of the profile, with source_profile, or credential_source (Environment,
 *      EcsContainer, Ec2InstanceMetadata); role_session_name, external_id, duration_seconds
 *   3. web identity: AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME, unless the
 *      caller gave the profile; web_identity_token_file, role_arn, role_session_name of the profile
 *   4. keys of the profile in the credentials file
 *   5. credential_process of the profile
 *   6. keys of the profile in the config file
 *   7. AWS IoT Core: iot_credentials_endpoint, iot_role_alias, iot_thing_name, iot_certificate,
 *      iot_private_key, iot_ca of the profile; each from IVS_IOT_CREDENTIALS_ENDPOINT and so on
 *      first, unless the caller gave the profile
 *   8. a container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or ..._FULL_URI, with
 *      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE or ..._TOKEN
 *   9. EC2's instance metadata, see ivs_settings_read_imds()
 *
 * A profile that wants single sign-on, a login session or MFA is refused: there is nobody to ask.
 * 0, or IVS_ERR_CREDENTIALS with fault and problem.
 */
int ivs_settings_read_creds(struct ivs_settings *s);

/*
 * How EC2's instance metadata are asked: AWS_EC2_METADATA_DISABLED,
 * AWS_EC2_METADATA_SERVICE_ENDPOINT, AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE (IPv4 or IPv6),
 * AWS_EC2_METADATA_V1_DISABLED, AWS_METADATA_SERVICE_TIMEOUT, AWS_METADATA_SERVICE_NUM_ATTEMPTS;
 * all but the first also as keys of the profile (ec2_metadata_service_endpoint,
 * metadata_service_timeout and so on). 1: as imds says. 0: they are switched off. IVS_ERR_ARGUMENT
 * with fault and problem.
 */
int ivs_settings_read_imds(struct ivs_settings *s, struct ivs_settings_imds *imds);

/* Adds a role that is assumed with the credentials found so far; without a session_name it gets
   one. 0, or IVS_ERR_CREDENTIALS with fault and problem: the roles are too many, or sts_url cannot
   be read. */
int ivs_settings_add_role(struct ivs_settings *s, const struct ivs_settings_role *role);

/* Wipes what is secret. */
void ivs_settings_wipe(struct ivs_settings *s);

#ifdef __cplusplus
}
#endif

#endif
