/*
 * HTTP/1.1 as a client needs it (RFC 9112): writes a request head, reads a response from bytes
 * that arrive in any pieces. No I/O, no memory beyond the struct.
 *
 * Refused rather than guessed: bare LF, folded header lines, white space before a colon,
 * Content-Length that is repeated with another value or stands beside chunked, transfer codings
 * other than chunked, any Content-Encoding but identity, a status outside 100-599, 101, control
 * characters, heads over IVS_HTTP_HEAD_MAX.
 */
#ifndef IVS_HTTP1_H
#define IVS_HTTP1_H

#include <ivs/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Writes a request head but for the blank line that ends it, so that the caller can add headers.
 * path and query are as on the wire; an empty query writes no '?'. The headers are written in the
 * order given. content_length < 0: no Content-Length header. If a text holds a control character,
 * which could end its line, o->err becomes IVS_ERR_ARGUMENT.
 */
void ivs_http1_put_head(struct ivs_out *o, ivs_str method, ivs_str path, ivs_str query,
                        const ivs_pair *headers, size_t header_count, int64_t content_length);

/* The response headers that are handed to the caller. */
enum ivs_http1_field {
  IVS_HTTP1_DATE = 1,        /* date */
  IVS_HTTP1_AGE,             /* age */
  IVS_HTTP1_RETRY_AFTER,     /* retry-after */
  IVS_HTTP1_AMZ_RETRY_AFTER, /* x-amz-retry-after */
  IVS_HTTP1_REQUEST_ID,      /* x-amzn-requestid */
  IVS_HTTP1_ERROR_TYPE       /* x-amzn-errortype */
};

/*
 * Called for each of these headers of the final response, never of an interim one.
 * value is trimmed, at most IVS_HTTP_VALUE_MAX bytes (a longer value is cut), and lives during the
 * call only.
 */
typedef void ivs_http1_field_fn(void *context, enum ivs_http1_field field, ivs_str value);

/* Set up by ivs_http1_start(). Readable: the first group, once in_body or done. The rest is
   private. */
struct ivs_http1 {
  int status;      /* 200 to 599; 0 before the final status line */
  int64_t length;  /* bytes of the body as announced, 0 if it can have none, or -1: chunked or until
                      close */
  bool in_body;    /* the final head was read */
  bool done;       /* the response is complete */
  bool keep_alive; /* the connection may carry another request, once done */

  uint8_t state;
  uint8_t line; /* what the line in hand is */
  uint8_t name_n;
  uint8_t value_n;
  uint8_t flags;
  ivs_http1_field_fn *on_field;
  void *context;
  int64_t left;       /* bytes to come of the body or of the chunk */
  uint32_t head_size; /* bytes of heads, trailers and chunk extensions so far */
  char name[20];
  char value[IVS_HTTP_VALUE_MAX];
};

/* Ready for a response. no_body: to HEAD or to CONNECT. on_field may be NULL. */
void ivs_http1_start(struct ivs_http1 *h, bool no_body, ivs_http1_field_fn *on_field,
                     void *context);

/*
 * Reads n bytes at p, which it may overwrite. *used: bytes of p that belong to this response, n
 * unless it ended before. *body: how many bytes of body were among them; they have been moved to
 * p[0..*body). 1: response complete. 0: more is to come. Negative: IVS_ERR_HTTP, IVS_ERR_HTTP_HEAD,
 * IVS_ERR_HTTP_LENGTH, IVS_ERR_HTTP_CODING; it stays failed and returns the same again.
 */
int ivs_http1_feed(struct ivs_http1 *h, char *p, size_t n, size_t *used, size_t *body);

/* The connection was closed. 1: the response is complete by that (or was). IVS_ERR_CLOSED if it is
   not; it then stays failed. */
int ivs_http1_close(struct ivs_http1 *h);

#ifdef __cplusplus
}
#endif

#endif
