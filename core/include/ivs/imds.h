/*
 * Credentials, and the region, from the instance metadata service of Amazon EC2.
 *
 * Version 2: a session token is asked for first. If that is refused (403, 404, 405) or not answered
 * in time, as behind a container's network, version 1 is tried without one, unless it is switched
 * off.
 */
#ifndef IVS_IMDS_H
#define IVS_IMDS_H

#include <ivs/fetch.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The service's addresses, for ivs_endpoint_from_url(). */
#define IVS_IMDS_URL "http://169.254.169.254"
#define IVS_IMDS_URL_V6 "http://[fd00:ec2::254]"

enum { IVS_IMDS_TOKEN_MAX = 127, IVS_IMDS_ROLE_MAX = 64, IVS_IMDS_REGION_MAX = 31 };

struct ivs_imds_options {
  struct ivs_fetch_options fetch; /* 1 s, 1 attempt, for each of up to three requests */
  bool no_v1;
};

/*
 * Credentials that have ended, or end within a minute, are a sign that the service cannot get new
 * ones: they are used all the same, and asked for again after 7 to 15 minutes (their end counts as
 * 10 minutes from now and 2 to 10 more by chance). The service may well still accept them, and
 * instances that all asked again and again would not help.
 */
struct ivs_imds_provider {
  struct ivs_provider base;

  char region[IVS_IMDS_REGION_MAX + 1]; /* after ivs_imds_region() returned 0 */

  /* Private. */
  struct ivs_fetch fetch;
  bool no_v1;
  bool for_region;
  uint8_t stage;
  char token[IVS_IMDS_TOKEN_MAX + 1]; /* secret, wiped when it is no longer needed; "": version 1 */
  char role[IVS_IMDS_ROLE_MAX + 1];
};

/* options is copied. 0, or IVS_ERR_ARGUMENT. */
int ivs_imds_provider_init(struct ivs_imds_provider *p, const struct ivs_imds_options *options);

/*
 * The region of the instance into p->region. Results as step() of a provider, and wants() and
 * cancel() of p->base.fn are for this too; for credentials that are under way it gives these up.
 */
int ivs_imds_region(struct ivs_imds_provider *p, int64_t now);

#ifdef __cplusplus
}
#endif

#endif
