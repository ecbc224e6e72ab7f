/*
 * Where the service is.
 */
#ifndef IVS_ENDPOINT_H
#define IVS_ENDPOINT_H

#include <ivs/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { IVS_AUTHORITY_MAX = 127, IVS_BASE_PATH_MAX = 63 };

/* A parsed endpoint. Fill it by one of the functions below. */
struct ivs_endpoint {
  /* As in the Host header: the port only if it is not the scheme's own. */
  char authority[IVS_AUTHORITY_MAX + 1];
  /* In front of every request's path; "" or "/x", without a slash at the end. */
  char path[IVS_BASE_PATH_MAX + 1];
  uint8_t host_at; /* the host within authority, without brackets */
  uint8_t host_n;
  uint16_t port;
  bool tls; /* https */
};

static inline ivs_str ivs_endpoint_host(const struct ivs_endpoint *e) {
  ivs_str s = {e->authority + e->host_at, e->host_n};
  return s;
}

/* True if name can be a region's: lower-case letters, digits and '-'. */
bool ivs_is_region(ivs_str name);

/* The public endpoint of a region, such as "eu-west-1": https://ivs.<region>.amazonaws.com, and
   amazonaws.com.cn for regions of China. Other partitions, FIPS and dual-stack are known to
   ivs_endpoint_resolve(), which is larger. IVS_ERR_ARGUMENT if ivs_is_region() says no, or it is
   too long. */
int ivs_endpoint_for_region(struct ivs_endpoint *e, ivs_str region);

/* Kinds of endpoint. */
enum {
  IVS_ENDPOINT_FIPS = 1,      /* cryptography validated to FIPS 140 */
  IVS_ENDPOINT_DUAL_STACK = 2 /* IPv6 and IPv4 addresses */
};

/*
 * The public endpoint of a service, "ivs" or "sts", in a region, by the rules that AWS publishes
 * for its SDKs (partitions as of November 2026, all of which have both kinds of endpoint). The
 * region's name tells the partition: aws, aws-cn, aws-us-gov, aws-eusc, aws-iso, aws-iso-b,
 * aws-iso-e or aws-iso-f; an unknown name is taken as one of aws, so that a new region works. Of
 * STS it is the endpoint of the region, never the global one. Requests are signed for the same
 * region and service. flags: IVS_ENDPOINT_..., or 0. IVS_ERR_ARGUMENT if ivs_is_region() says no,
 * region is no label of a host name (over 63 bytes, or '-' at an end), or the service is another
 * one. Whether the service is offered there is not known here: if not, its host name is not found.
 */
int ivs_endpoint_resolve(struct ivs_endpoint *e, ivs_str service, ivs_str region, unsigned flags);

/* Why an endpoint of the caller's own, by URL, cannot be had with these flags: one line for the
   user. NULL: it can. AWS's rules refuse it rather than ignore the flags. */
const char *ivs_endpoint_conflict(unsigned flags);

/*
 * http:// or https://, a host (an IPv6 address in brackets), a port or none, a path or none. The
 * host is made lower-case. IVS_ERR_ARGUMENT for anything else: user names, queries and fragments
 * too, and paths with a part that is empty, "." or "..".
 */
int ivs_endpoint_from_url(struct ivs_endpoint *e, ivs_str url);

/* True if the host is this machine itself: localhost, 127.x.x.x, ::1. */
bool ivs_endpoint_is_loopback(const struct ivs_endpoint *e);

#ifdef __cplusplus
}
#endif

#endif
