/*
 * Credentials from a container's endpoint: Amazon ECS, EKS Pod Identity, AWS IoT Greengrass (its
 * token exchange service), and whatever else speaks their HTTP.
 */
#ifndef IVS_CONTAINER_H
#define IVS_CONTAINER_H

#include <ivs/fetch.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The endpoint that a relative URI (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI) is a path of. */
#define IVS_CONTAINER_URL "http://169.254.170.2"

struct ivs_container_options {
  struct ivs_fetch_options fetch; /* 2 s, 3 attempts. The endpoint must be allowed, see below */
  ivs_str path; /* as on the wire, '?' and query included: "/v2/credentials/..."; absent: "/" */
  /*
   * The value of the Authorization header, as it is; absent, with read not set: none is sent. One
   * that is read is read for every attempt. It is refused if it holds a line break.
   */
  struct ivs_token token;
};

struct ivs_container_provider {
  struct ivs_provider base;

  /* Private. */
  struct ivs_fetch fetch;
  ivs_str path;
  struct ivs_token token;
};

/* options is copied; the texts stay the caller's and must outlive p. 0, or IVS_ERR_ARGUMENT; if the
   endpoint is not allowed problem says so. */
int ivs_container_provider_init(struct ivs_container_provider *p,
                                const struct ivs_container_options *options);

/* Whether a token and credentials may go to and fro there: by https anywhere, by http only on this
   machine, 169.254.170.2, 169.254.170.23 and [fd00:ec2::23]. */
bool ivs_container_allowed(const struct ivs_endpoint *e);

/* Splits a full URI (AWS_CONTAINER_CREDENTIALS_FULL_URI) into an endpoint and a path, which is a
   view of it. 0, or IVS_ERR_ARGUMENT if it is none. */
int ivs_container_from_url(struct ivs_endpoint *e, ivs_str *path, ivs_str url);

#ifdef __cplusplus
}
#endif

#endif
