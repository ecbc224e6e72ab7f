/*
 * The functions of <ivs/crypto.h> that can fail, for a program that is linked with --wrap for each:
 * what it defines as __wrap_... stands in front of the core's own, __real_....
 */
#ifndef IVS_TEST_SHA256_WRAP_H
#define IVS_TEST_SHA256_WRAP_H

#include <ivs/crypto.h>

int __real_ivs_sha256_start(struct ivs_sha256 *h);
int __real_ivs_sha256_update(struct ivs_sha256 *h, const void *p, size_t n);
int __real_ivs_sha256_final(struct ivs_sha256 *h, uint8_t digest[IVS_SHA256_BYTES]);
int __real_ivs_sha256_copy(struct ivs_sha256 *to, const struct ivs_sha256 *from);
int __wrap_ivs_sha256_start(struct ivs_sha256 *h);
int __wrap_ivs_sha256_update(struct ivs_sha256 *h, const void *p, size_t n);
int __wrap_ivs_sha256_final(struct ivs_sha256 *h, uint8_t digest[IVS_SHA256_BYTES]);
int __wrap_ivs_sha256_copy(struct ivs_sha256 *to, const struct ivs_sha256 *from);

#endif
