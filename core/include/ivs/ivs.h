/*
 * ivs: Amazon Interactive Video Service (IVS low-latency streaming) from small machines.
 *
 * Include this one header. Conventions, for all functions:
 *
 * - Results: int functions return 0 for success or a negative IVS_ERR_* (<ivs/base.h>); a positive
 *   result means what the function says. IVS_AGAIN means "not now" and is no error.
 * - Pointers: none may be NULL unless the function says so. Nothing is kept after a function
 *   returns, unless it says so.
 * - Memory: the library allocates nothing and has no variables of its own. Everything lives in
 *   structs and buffers of the caller's, which are set up by an ivs_..._init() or ivs_..._start()
 *   function, or by zeroing where that is said.
 * - Text: ivs_str is a view: pointer and length, no NUL. p == NULL is absent, which differs from
 *   empty. All text is UTF-8.
 * - Time: durations and deadlines are milliseconds, of a clock that only goes forward ("ticks").
 *   Dates are seconds since 1970, UTC.
 * - Threads: a client, and everything handed to it, is used by one thread at a time. Two clients
 *   share nothing.
 * - Secrets: what is marked secret is wiped by the function that ends its use, on every path, and
 *   never shown.
 * - Structs: their members can be read and written where the header says so; a member said to be
 *   private can change with any version. A zeroed request struct has every member absent. A client,
 *   queue, port, proxy or source of credentials that was set up stays where it is, neither moved nor
 *   copied: it or another holds its address.
 */
#ifndef IVS_IVS_H
#define IVS_IVS_H

#include <ivs/api.h>
#include <ivs/client.h>
#include <ivs/time.h>

#define IVS_VERSION "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that was linked. */
const char *ivs_version(void);

#ifdef __cplusplus
}
#endif

#endif
