/*
 * All memory of the image that is not there from the start: one pool, of which Lua has a share and
 * the C library's arithmetic a piece of its own.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

/* Once, before anything else here. */
void memory_start(void);

/* For mbedTLS. Bytes of calloc are zero. */
void *memory_calloc(size_t count, size_t size);
void memory_free(void *p);

/* A lua_Alloc: of the pool, up to BOARD_LUA_KB. */
void *memory_lua(void *unused, void *p, size_t old, size_t n);

/* Bytes: the most that were ever in use, and all that there are. */
struct memory_use {
  size_t pool_most, pool_size;       /* everything */
  size_t lua_most, lua_size;         /* Lua's values */
  size_t numbers_most, numbers_size; /* the C library's */
};
struct memory_use memory_use(void);

#endif
