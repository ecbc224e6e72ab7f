/*
 * Signatures, of requests in a canonical form that somebody else makes, and of plain requests,
 * which have it as they stand. Private to the core: the client's own requests are plain, so that a
 * program which signs nothing else does not carry sigv4.c.
 */
#ifndef IVS_SIGNATURE_H
#define IVS_SIGNATURE_H

#include <ivs/sigv4.h>

/* Writes the canonical request but for the names of the headers and what follows them. */
typedef void ivs_put_request_fn(struct ivs_out *o, const struct ivs_sigv4_request *rq);

/* Writes the names of the headers as a signature lists them, and end behind the last. */
typedef void ivs_put_names_fn(struct ivs_out *o, const struct ivs_sigv4_request *rq, char end);

/* As ivs_sigv4_sign(), the canonical form being what these two write. */
int ivs_sign(const struct ivs_sigv4_key *key, ivs_str access_key_id,
             const struct ivs_sigv4_request *rq, const char *amz_date,
             struct ivs_out *authorization, ivs_put_request_fn *put_request,
             ivs_put_names_fn *put_names);

/*
 * As ivs_sigv4_sign(), for a plain request: no "." or ".." and nothing empty between the slashes of
 * its path; all members of the query have one name and are encoded as canonical ones are; the
 * headers stand in the order of their names, which are in lower case and occur once, and their
 * values have no white space to trim or to fold.
 */
int ivs_sign_plain(const struct ivs_sigv4_key *key, ivs_str access_key_id,
                   const struct ivs_sigv4_request *rq, const char *amz_date,
                   struct ivs_out *authorization);

/* The digest of the payload; h is free for that. */
int ivs_hash_payload(struct ivs_sha256 *h, const struct ivs_sigv4_request *rq, uint8_t *digest);

#endif
