/*
 * What a program that gives credentials prints. Internal to platform/posix.
 */
#ifndef IVS_POSIX_CREDENTIAL_PROCESS_H
#define IVS_POSIX_CREDENTIAL_PROCESS_H

#include <ivs/text.h>

struct ivs_credential_texts {
  ivs_str id, secret, token; /* token may be absent */
  int64_t expires;           /* seconds since 1970; 0: never */
};

/* Reads the JSON, which is used up: the texts are views of it. 0, or IVS_ERR_CREDENTIALS with
   problem in words. */
int ivs_credential_json(char *json, size_t n, struct ivs_credential_texts *texts,
                        const char **problem);

#endif
