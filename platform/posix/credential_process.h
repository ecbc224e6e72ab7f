/*
 * Credentials from a program that the user named in a profile. Internal to platform/posix.
 */
#ifndef IVS_POSIX_CREDENTIAL_PROCESS_H
#define IVS_POSIX_CREDENTIAL_PROCESS_H

#include <ivs/creds.h>
#include <ivs/text.h>

enum {
  IVS_COMMAND_MAX = 4095,        /* bytes of the command */
  IVS_COMMAND_WORDS = 63,        /* of it, the program included */
  IVS_COMMAND_MS = 60 * 1000,    /* time for it */
  IVS_COMMAND_OUTPUT = 16 * 1024 /* bytes of its output: several times the longest credentials */
};

/*
 * Runs the command without a shell, for at most `ms`, and reads the credentials that it prints as
 * JSON. Its stdin and stderr are the caller's: it may ask and complain. What it prints on stdout is
 * shown nowhere. *expires: seconds since 1970; 0 if it does not say.
 * 0, or IVS_ERR_CREDENTIALS, with the cause put into problem.
 */
int ivs_credential_process(ivs_str command, uint64_t ms, struct ivs_creds *creds, int64_t *expires,
                           struct ivs_out *problem);

/* Reads the JSON of such a program; text is used up. As above. */
int ivs_credential_json(char *text, size_t n, struct ivs_creds *creds, int64_t *expires,
                        struct ivs_out *problem);

#endif
