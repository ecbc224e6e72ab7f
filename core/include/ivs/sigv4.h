/*
 * AWS Signature Version 4, for IVS and for any other service that signs this way.
 *
 * The canonical request goes straight into SHA-256 and is never stored. The
 * signing key is derived once for a day, a region and a service, and kept by the
 * caller as HMAC states: a signature then costs the blocks of the canonical
 * request, of the payload and of the text to sign, and one more.
 *
 * Source of the rules: "Signature Version 4 signing process" in the AWS General
 * Reference / IAM User Guide.
 */
#ifndef IVS_SIGV4_H
#define IVS_SIGV4_H

#include <ivs/crypto.h>
#include <ivs/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The key of one scope. region and service are views and must outlive it. Secret: wipe it. */
struct ivs_sigv4_key {
  struct ivs_hmac_key hmac;
  char date[9]; /* "20261122" and NUL; "" if there is no key */
  ivs_str region;
  ivs_str service;
};

/* Derives the key for the day that date begins with (8 digits, as ivs_time_to_amz() gives). key:
   zeroed, wiped or an earlier key, which is wiped first. 0, IVS_ERR_CRYPTO, or IVS_ERR_LENGTH if
   secret is longer than 128 bytes; after an error there is no key. */
int ivs_sigv4_key_derive(struct ivs_sigv4_key *key, ivs_str secret, const char *date,
                         ivs_str region, ivs_str service);
void ivs_sigv4_key_wipe(struct ivs_sigv4_key *key);

enum {
  /* The path is taken as it stands: for Amazon S3. Otherwise dot segments are removed (a last slash
     stays only if the path is written with one: "/a/b/.." is "/a"), repeated slashes count as one,
     and the segments are percent-encoded once more. */
  IVS_SIGV4_RAW_PATH = 1
};

/*
 * What is signed. All of it are views, unchanged during the call.
 *
 * path and query are as on the wire, percent-encoded, the query without '?'. An empty or absent
 * path counts as "/". Query members are put into order here, any number; how a byte is written
 * there makes no difference ("%7e", "%7E" and "~" are one), and '+' is a plus, not a space.
 *
 * headers are all that are to be signed, "host" and "x-amz-date" among them, in any order (that of
 * their lower-case names is the quickest), any case, any number. The values of a name that occurs
 * again are joined by ',' in the order given. Values are trimmed here, and runs of white space in
 * them folded into one space.
 */
struct ivs_sigv4_request {
  ivs_str method;
  ivs_str path;
  ivs_str query;
  const ivs_pair *headers;
  size_t header_count;
  const void *payload;
  size_t payload_size;
  unsigned flags;
};

/*
 * Writes the value of the Authorization header. amz_date is the text of the
 * x-amz-date header ("20261122T093000Z"), whose day must be the key's: IVS_ERR_STATE if not.
 * 0, IVS_ERR_SPACE (see struct ivs_out) or IVS_ERR_CRYPTO.
 */
int ivs_sigv4_sign(const struct ivs_sigv4_key *key, ivs_str access_key_id,
                   const struct ivs_sigv4_request *rq, const char *amz_date,
                   struct ivs_out *authorization);

/* Writes the canonical request, to be shown to people. It holds the session token if that is a
   signed header. 0, IVS_ERR_SPACE or IVS_ERR_CRYPTO. */
int ivs_sigv4_canonical(const struct ivs_sigv4_request *rq, struct ivs_out *text);

#ifdef __cplusplus
}
#endif

#endif
