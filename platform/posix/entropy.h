/* Random bytes of the system. Internal to platform/posix. */
#ifndef IVS_POSIX_ENTROPY_H
#define IVS_POSIX_ENTROPY_H

#include <stddef.h>

/* Fills p with n bytes from the kernel's generator. 0 or an errno; EAGAIN: the machine has only
   just started and has none yet. */
int ivs_posix_entropy(void *p, size_t n);

#endif
