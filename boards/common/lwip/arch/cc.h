/*
 * lwIP's view of the compiler and of newlib.
 */
#ifndef LWIP_ARCH_CC_H
#define LWIP_ARCH_CC_H

/* newlib's fd_set and struct timeval everywhere, so that lwIP and its users agree on them. */
#include <sys/select.h>
#include <sys/time.h>
#define LWIP_TIMEVAL_PRIVATE 0
#define LWIP_ERRNO_STDINCLUDE 1

/* Of <board.h>, which lwIP's own sources do not see. */
extern void board_panic(const char *why) __attribute__((noreturn));
#define LWIP_PLATFORM_ASSERT(why) board_panic(why)
#define LWIP_PLATFORM_DIAG(text) ((void)0)

/* Ports, query ids and first sequence numbers. */
unsigned network_random(void);
#define LWIP_RAND() network_random()

#endif
