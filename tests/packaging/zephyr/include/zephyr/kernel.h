/*
 * Of Zephyr's kernel what ivs uses, with its prototypes; shim.c has it over POSIX.
 */
#ifndef STAND_IN_KERNEL_H
#define STAND_IN_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>
#include <zephyr/sys/util_macro.h>

typedef struct {
  int64_t ms;
} k_timeout_t;
#define K_MSEC(n) ((k_timeout_t){(n)})

struct k_sem {
  unsigned int count;
  unsigned int limit;
};
int k_sem_init(struct k_sem *sem, unsigned int initial_count, unsigned int limit);
int k_sem_take(struct k_sem *sem, k_timeout_t timeout);
void k_sem_give(struct k_sem *sem);
void k_sem_reset(struct k_sem *sem);
unsigned int k_sem_count_get(struct k_sem *sem);

int32_t k_msleep(int32_t ms);
int64_t k_uptime_get(void);

#endif
