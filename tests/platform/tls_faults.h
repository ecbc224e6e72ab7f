/*
 * What goes wrong in tls_get on request: memory that runs out, and a machine that was started
 * again.
 */
#ifndef TLS_FAULTS_H
#define TLS_FAULTS_H

#include <stdint.h>

/* So many more calls of calloc() succeed; counted down. mbedTLS takes all of its memory there. */
extern long faults_allocations_left;

/* Seconds by which the clocks that begin anew at each boot are ahead. Seen by what is linked
   statically. */
extern int64_t faults_boot_seconds;

#endif
