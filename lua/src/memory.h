/*
 * The memory of the program: of its Lua state, and of mbedTLS.
 */
#ifndef IVS_MEMORY_H
#define IVS_MEMORY_H

#include <stddef.h>

/* Whether a sanitizer watches what malloc() gives: then all comes from there. */
#ifdef __has_feature /* clang's word for it */
#define IVS_MEMORY_WATCHED (__has_feature(address_sanitizer) || __has_feature(memory_sanitizer))
#elif defined(__SANITIZE_ADDRESS__)
#define IVS_MEMORY_WATCHED 1
#else
#define IVS_MEMORY_WATCHED 0
#endif

/* A lua_Alloc, which needs no data. What is freed is wiped: keys and tokens pass through strings,
   which nobody else can wipe. Blocks that malloc() gave before it was set are taken too. */
void *ivs_memory_allocate(void *unused, void *p, size_t old, size_t n);

/* Before the state is closed: from now on most of what Lua frees is only wiped by
   ivs_memory_wipe(). */
void ivs_memory_closing(void);

/* After the state was closed, the last use of all. */
void ivs_memory_wipe(void);

/*
 * calloc() and free() for mbedTLS, which wipes its secrets itself: a handshake allocates and frees
 * some 20,000 small blocks. There is no lock: as everything here they are for one thread, in the
 * program that of Lua; the one that looks up names does not come here. Blocks are aligned to 8
 * bytes.
 */
void *ivs_memory_calloc(size_t count, size_t size);
void ivs_memory_free(void *p);

#endif
