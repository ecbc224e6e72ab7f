/*
 * What goes wrong in tls_get on request: memory that runs out, a random number that does not come,
 * and a machine that was started again.
 */
#ifndef TLS_FAULTS_H
#define TLS_FAULTS_H

#include <stdint.h>

/* So many more calls of calloc() succeed; counted down. mbedTLS takes all of its memory there. */
extern long faults_allocations_left;

/* So many more random numbers come, counted down; then one does not. */
extern long faults_randoms_left;

/* Seconds by which the clocks that begin anew at each boot are ahead. Seen by what is linked
   statically. */
extern int64_t faults_boot_seconds;

#endif
