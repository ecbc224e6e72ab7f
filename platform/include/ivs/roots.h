/*
 * The roots that the service's certificates lead to, as Amazon Trust Services recommends to trust
 * them: all five.
 */
#ifndef IVS_ROOTS_H
#define IVS_ROOTS_H

#include <ivs/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { IVS_ROOTS = 5 };

struct ivs_root {
  const char *name;   /* the common name of the subject */
  const uint8_t *der; /* the self-signed certificate */
  size_t n;
};

/* Constant, for the life of the program. */
extern const struct ivs_root ivs_roots[IVS_ROOTS];

#ifdef __cplusplus
}
#endif

#endif
