/*
 * A PutMetadata as a camera sends it, ready to be signed: a body of 1 KB, a session token of 400
 * bytes, four headers. For one source of a program.
 */
#ifndef IVS_TEST_PUT_METADATA_H
#define IVS_TEST_PUT_METADATA_H

#include <string.h>

#include <ivs/sigv4.h>

#define PUT_METADATA_DAY "20261122"
#define PUT_METADATA_DATE PUT_METADATA_DAY "T093000Z"

static char body[1024], token[400];

static const ivs_pair headers[] = {
    {IVS_STR_INIT("content-type"), IVS_STR_INIT("application/json")},
    {IVS_STR_INIT("host"), IVS_STR_INIT("ivs.eu-west-1.amazonaws.com")},
    {IVS_STR_INIT("x-amz-date"), IVS_STR_INIT(PUT_METADATA_DATE)},
    {IVS_STR_INIT("x-amz-security-token"), {token, sizeof token}},
};

static const struct ivs_sigv4_request request = {
    .method = IVS_STR_INIT("POST"),
    .path = IVS_STR_INIT("/PutMetadata"),
    .headers = headers,
    .header_count = sizeof headers / sizeof *headers,
    .payload = body,
    .payload_size = sizeof body,
};

static const char region[] = "eu-west-1", service[] = "ivs";

/* Gives body and token their bytes, and derives the key of the day. 0 or an error. */
static inline int put_metadata_key(struct ivs_sigv4_key *key) {
  memset(body, 'b', sizeof body);
  memset(token, 't', sizeof token);
  return ivs_sigv4_key_derive(key, IVS_STR("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                              PUT_METADATA_DAY, ivs_cstr(region), ivs_cstr(service));
}

static inline int put_metadata_sign(const struct ivs_sigv4_key *key, struct ivs_out *o) {
  return ivs_sigv4_sign(key, IVS_STR("AKIDEXAMPLE"), &request, PUT_METADATA_DATE, o);
}

#endif
