/*
 * Limits of the core, each with its default. A product sets its own with -D, or all of them in one
 * file: -DIVS_CONFIG_FILE='"product_ivs.h"'.
 *
 * Sizes of structs follow from them: the library, and all that includes its headers, must be
 * compiled with the same. CMake's IVS_LIMITS, a list of NAME=VALUE, sees to that; it is passed on to
 * whoever links ivs::core, and by pkg-config.
 */
#ifndef IVS_CONFIG_H
#define IVS_CONFIG_H

#ifdef IVS_CONFIG_FILE
#include IVS_CONFIG_FILE
#endif

/* In front of a static function: it keeps a stack frame of its own. A compiler that puts it into
   its only caller would have what it needs lie on the stack under all other calls of that one. */
#ifndef IVS_OWN_FRAME
#ifdef __GNUC__
#define IVS_OWN_FRAME __attribute__((noinline))
#else
#define IVS_OWN_FRAME
#endif
#endif

/* Bytes of one SHA-256 context of the crypto library behind <ivs/crypto.h>.
   Checked when that file is compiled. */
#ifndef IVS_SHA256_SIZE
#if defined(IVS_CRYPTO_PSA)
#define IVS_SHA256_SIZE 240
#elif defined(ESP_PLATFORM) /* ESP-IDF 5: with the state of the chip's hash engine */
#define IVS_SHA256_SIZE 128
#else
#define IVS_SHA256_SIZE 112
#endif
#endif

/* Bytes of a session token; a longer one is refused. AWS promises no limit and calls less than 4096
   typical, of which session policies and tags take most: a device's own have about 1000. */
#ifndef IVS_SESSION_TOKEN_MAX
#ifdef __unix__
#define IVS_SESSION_TOKEN_MAX 4096
#else
#define IVS_SESSION_TOKEN_MAX 2200
#endif
#endif

/* Deepest nesting of a JSON answer. The service's own answers need 5. At most 32. */
#ifndef IVS_JSON_DEPTH
#define IVS_JSON_DEPTH 32
#endif

/* Bytes of an HTTP response head, interim heads included; a longer one is refused. Up to 65535. */
#ifndef IVS_HTTP_HEAD_MAX
#define IVS_HTTP_HEAD_MAX 8192
#endif

/* Bytes kept of the value of a response header that matters here; the longest is a request id. At
   most 255. */
#ifndef IVS_HTTP_VALUE_MAX
#define IVS_HTTP_VALUE_MAX 80
#endif

/* Bytes counted for a string that has no limit in the API when the largest
   request of an operation is stated. It limits nothing: see <ivs/types.h>. */
#ifndef IVS_UNBOUNDED_STRING
#define IVS_UNBOUNDED_STRING 1024
#endif

/* Elements counted, in the same way, for a list that has no limit in the API. At least 1. */
#ifndef IVS_UNBOUNDED_ITEMS
#define IVS_UNBOUNDED_ITEMS 16
#endif

/* Bytes of workspace that a call wants for the answer before it sends anything. */
#ifndef IVS_LEAST_ANSWER
#define IVS_LEAST_ANSWER 512
#endif

/* Milliseconds for one call, everything included, unless the caller says otherwise. */
#ifndef IVS_CALL_MS
#define IVS_CALL_MS 60000
#endif

/* Attempts of one call, the first included, unless the caller says otherwise. */
#ifndef IVS_ATTEMPTS
#define IVS_ATTEMPTS 3
#endif

/* Milliseconds after which an idle connection is not used again. */
#ifndef IVS_IDLE_MS
#define IVS_IDLE_MS 20000
#endif

/* The same for operations that must not happen twice, whose request cannot be sent again. */
#ifndef IVS_IDLE_ONCE_MS
#define IVS_IDLE_ONCE_MS 3000
#endif

#if IVS_JSON_DEPTH < 8 || IVS_JSON_DEPTH > 32
#error "IVS_JSON_DEPTH must be 8 to 32"
#endif
#if IVS_SESSION_TOKEN_MAX < 256 || IVS_SESSION_TOKEN_MAX > 16384
#error "IVS_SESSION_TOKEN_MAX must be 256 to 16384"
#endif
#if IVS_HTTP_HEAD_MAX < 256 || IVS_HTTP_HEAD_MAX > 65535
#error "IVS_HTTP_HEAD_MAX must be 256 to 65535"
#endif
#if IVS_HTTP_VALUE_MAX < 40 || IVS_HTTP_VALUE_MAX > 255
#error "IVS_HTTP_VALUE_MAX must be 40 to 255"
#endif

#endif
