/*
 * What this image has otherwise than boards/common/mbedtls_config.h: mbedTLS shares the pool with
 * Lua. Taken by MBEDTLS_USER_CONFIG_FILE.
 */
#undef MBEDTLS_MEMORY_BUFFER_ALLOC_C
#undef MBEDTLS_MEMORY_DEBUG
#define MBEDTLS_PLATFORM_CALLOC_MACRO memory_calloc
#define MBEDTLS_PLATFORM_FREE_MACRO memory_free

#include <stddef.h>
void *memory_calloc(size_t count, size_t size); /* of "memory.h" */
void memory_free(void *p);
