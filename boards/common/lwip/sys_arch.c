/*
 * lwIP's system layer without a system. lwIP's sockets block at two places only, a semaphore and a
 * mailbox; whoever would sleep there lets the network work instead (network_poll) until it has
 * what it waits for. With LWIP_TCPIP_CORE_LOCKING everything else of the socket interface runs in
 * the caller's context, so lwIP's own thread is never started.
 *
 * There is one context, and no interrupt calls lwIP. So nothing here needs a lock, and a mutex only
 * has to notice that it is taken twice.
 */
#include "board.h"
#include "network.h"

#include <lwip/sys.h>

static bool passed(uint32_t since, uint32_t ms) {
  return ms != 0 && sys_now() - since >= ms;
}

/* Lets the network work, and the processor sleep a little. */
static void pass_time(void) {
  network_poll();
  board_sleep();
}

u32_t sys_now(void) {
  return (u32_t)board_ticks();
}

unsigned network_random(void) {
  unsigned value = 0;
  if (board_entropy(&value, sizeof value) != 0) board_panic("no entropy for the network");
  return value;
}

void sys_init(void) {
}

/* --- semaphores, of which lwIP uses none that counts over one --- */

err_t sys_sem_new(sys_sem_t *sem, u8_t count) {
  sem->valid = true;
  sem->signalled = count != 0;
  return ERR_OK;
}

void sys_sem_free(sys_sem_t *sem) {
  sem->valid = false;
}

void sys_sem_signal(sys_sem_t *sem) {
  sem->signalled = true;
}

u32_t sys_arch_sem_wait(sys_sem_t *sem, u32_t ms) {
  uint32_t since = sys_now();
  while (!sem->signalled) {
    if (passed(since, ms)) return SYS_ARCH_TIMEOUT;
    network_poll();
    if (!sem->signalled) board_sleep();
  }
  sem->signalled = false;
  return sys_now() - since;
}

/* --- mutexes --- */

err_t sys_mutex_new(sys_mutex_t *mutex) {
  mutex->valid = true;
  mutex->held = false;
  return ERR_OK;
}

void sys_mutex_free(sys_mutex_t *mutex) {
  mutex->valid = false;
}

void sys_mutex_lock(sys_mutex_t *mutex) {
  if (mutex->held) board_panic("lwIP was entered twice: from an interrupt?");
  mutex->held = true;
}

void sys_mutex_unlock(sys_mutex_t *mutex) {
  mutex->held = false;
}

sys_prot_t sys_arch_protect(void) {
  return 0;
}

void sys_arch_unprotect(sys_prot_t was) {
  (void)was;
}

/* --- mailboxes --- */

err_t sys_mbox_new(sys_mbox_t *mbox, int size) {
  if (size > SYS_MBOX_MESSAGES) return ERR_MEM;
  mbox->valid = true;
  mbox->first = mbox->count = 0;
  return ERR_OK;
}

void sys_mbox_free(sys_mbox_t *mbox) {
  mbox->valid = false;
}

err_t sys_mbox_trypost(sys_mbox_t *mbox, void *message) {
  if (mbox->count == SYS_MBOX_MESSAGES) return ERR_MEM;
  mbox->messages[(mbox->first + mbox->count) % SYS_MBOX_MESSAGES] = message;
  mbox->count++;
  return ERR_OK;
}

err_t sys_mbox_trypost_fromisr(sys_mbox_t *mbox, void *message) {
  return sys_mbox_trypost(mbox, message);
}

void sys_mbox_post(sys_mbox_t *mbox, void *message) {
  while (sys_mbox_trypost(mbox, message) != ERR_OK) pass_time();
}

u32_t sys_arch_mbox_tryfetch(sys_mbox_t *mbox, void **message) {
  if (mbox->count == 0) return SYS_MBOX_EMPTY;
  void *taken = mbox->messages[mbox->first];
  mbox->first = (uint8_t)((mbox->first + 1) % SYS_MBOX_MESSAGES);
  mbox->count--;
  if (message != NULL) *message = taken;
  return 0;
}

u32_t sys_arch_mbox_fetch(sys_mbox_t *mbox, void **message, u32_t ms) {
  uint32_t since = sys_now();
  while (sys_arch_mbox_tryfetch(mbox, message) == SYS_MBOX_EMPTY) {
    if (passed(since, ms)) return SYS_ARCH_TIMEOUT;
    network_poll();
    if (mbox->count == 0) board_sleep();
  }
  return sys_now() - since;
}

/* lwIP's thread, which is not needed. */
sys_thread_t sys_thread_new(const char *name, lwip_thread_fn run, void *argument, int stack,
                            int priority) {
  (void)name;
  (void)run;
  (void)argument;
  (void)stack;
  (void)priority;
  return 0;
}
