/*
 * What has to be said before the first system header. Internal to platform/posix; included first of
 * all. The POSIX strerror_r is wanted, not GNU's of the same name.
 */
#ifndef IVS_POSIX_SYSTEM_H
#define IVS_POSIX_SYSTEM_H

#undef _GNU_SOURCE
#undef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#endif

#endif
