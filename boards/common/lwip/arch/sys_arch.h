/*
 * lwIP's system layer for one context: see sys_arch.c.
 */
#ifndef LWIP_ARCH_SYS_ARCH_H
#define LWIP_ARCH_SYS_ARCH_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  bool valid;
  bool signalled;
} sys_sem_t;

typedef struct {
  bool valid;
  bool held;
} sys_mutex_t;

/* Messages that wait at most; lwipopts.h asks for no more. */
enum { SYS_MBOX_MESSAGES = 16 };

typedef struct {
  bool valid;
  uint8_t first, count;
  void *messages[SYS_MBOX_MESSAGES];
} sys_mbox_t;

typedef int sys_thread_t;
typedef int sys_prot_t;

#define sys_sem_valid(sem) ((sem)->valid)
#define sys_sem_set_invalid(sem) ((sem)->valid = false)
#define sys_mutex_valid(mutex) ((mutex)->valid)
#define sys_mutex_set_invalid(mutex) ((mutex)->valid = false)
#define sys_mbox_valid(mbox) ((mbox)->valid)
#define sys_mbox_set_invalid(mbox) ((mbox)->valid = false)

#endif
