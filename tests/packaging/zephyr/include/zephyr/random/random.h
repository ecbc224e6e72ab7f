#ifndef STAND_IN_RANDOM_H
#define STAND_IN_RANDOM_H

#include <stddef.h>

int sys_csrand_get(void *dst, size_t len);

#endif
