/*
 * A host name looked up in a worker thread, so that nobody waits for it who does not want to.
 * Internal to platform/posix.
 */
#ifndef IVS_POSIX_LOOKUP_H
#define IVS_POSIX_LOOKUP_H

#include <ivs/posix.h>

/* Starts to look host up (under 256 bytes, no NUL in it), or takes up a look-up of it that was
   given up; now: ticks. The result is ready when *fd, which the caller owns and closes, becomes
   readable. 0 or an errno; EBUSY: IVS_POSIX_GIVEN_UP_MAX others were given up and still run. */
int ivs_posix_lookup_start(struct ivs_posix_lookup **lookup, int *fd, ivs_str host,
                           ivs_posix_resolve *resolve, uint64_t now);

/* True when finished. Then *eai is 0 or EAI_..., with EAI_SYSTEM *system is the errno, and *n
   addresses were copied to `to`, which has room for IVS_POSIX_ADDRESSES. */
bool ivs_posix_lookup_done(const struct ivs_posix_lookup *lookup, int *eai, int *system,
                           union ivs_posix_address *to, size_t *n);

/* Lets go of it. If it is not finished, the next one that asks for the name may take it up. */
void ivs_posix_lookup_release(struct ivs_posix_lookup *lookup);

/* The resolver that asks getaddrinfo. */
ivs_posix_resolve ivs_posix_getaddrinfo;

#endif
