/*
 * Credentials of a role, from AWS STS: AssumeRole, signed with other credentials, and
 * AssumeRoleWithWebIdentity, by the token of an identity provider.
 */
#ifndef IVS_STS_H
#define IVS_STS_H

#include <ivs/fetch.h>
#include <ivs/sigv4.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ivs_sts_options {
  struct ivs_fetch_options fetch; /* 10 s, 3 attempts. Endpoint: ivs_endpoint_resolve() of "sts" */
  ivs_str region;                 /* of the endpoint, for the signature: "eu-west-1" */
  ivs_str role_arn;
  ivs_str session_name;      /* 2 to 64 of A-Z a-z 0-9 _ + = , . @ -; shown in logs of AWS */
  ivs_str external_id;       /* if the role wants one; absent: none. AssumeRole only */
  uint32_t duration_seconds; /* 900 to 43200; 0: an hour, or what the role has */

  /*
   * Who asks; one of these three. With a source that is itself a role, roles are chained; each
   * step() of one calls that of the next, so that every link costs the stack of one step.
   */
  const struct ivs_creds *creds;
  struct ivs_provider *source;
  /*
   * A web identity token, up to 20,000 bytes; one that is read is read for every attempt. The
   * workspace holds it percent-encoded, and 1,000 bytes of request besides: a JWT takes its own
   * length.
   */
  struct ivs_token token;
};

/*
 * A request that STS refuses because of its time is signed once more with the time that STS tells,
 * since the client learns what the time is only from answers to its own requests, for which it
 * needs these credentials. With IVS_CLOCK_UNKNOWN the port's clock is tried first. If STS calls
 * those of the source expired, the source is asked for new ones, once.
 */
struct ivs_sts_provider {
  struct ivs_provider base;

  /* Private. */
  struct ivs_fetch fetch;
  struct ivs_sts_options options;
  struct ivs_sigv4_key key; /* only while a request is written */
  int64_t skew;             /* seconds by which the clock is behind that of STS; 0: not known */
  uint32_t refused;         /* version of the source's credentials that STS called expired; or 0 */
  uint8_t stage;
  bool renewed;
};

/* options is copied; the texts stay the caller's and must outlive p. 0, or IVS_ERR_ARGUMENT. */
int ivs_sts_provider_init(struct ivs_sts_provider *p, const struct ivs_sts_options *options);

#ifdef __cplusplus
}
#endif

#endif
