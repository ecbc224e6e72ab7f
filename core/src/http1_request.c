/*
 * HTTP/1.1: writes the head of a request.
 */
#include <ivs/http1.h>

#include "chars.h"

/* Text of the caller, which must not end its line, and what follows it. */
static void put_part(struct ivs_out *o, ivs_str s, const char *then) {
  if (s.n != 0 && ivs_text_run(s.p, s.p + s.n) < s.p + s.n && o->err == 0)
    o->err = IVS_ERR_ARGUMENT;
  ivs_put_str(o, s);
  ivs_put_text(o, then);
}

/* see ivs/http1.h */
void ivs_http1_put_head(struct ivs_out *o, ivs_str method, ivs_str path, ivs_str query,
                        const ivs_pair *headers, size_t header_count, int64_t content_length) {
  put_part(o, method, " ");
  put_part(o, path, query.n != 0 ? "?" : "");
  put_part(o, query, " HTTP/1.1\r\n");
  for (size_t i = 0; i < header_count; i++) {
    put_part(o, headers[i].name, ": ");
    put_part(o, headers[i].value, "\r\n");
  }
  if (content_length >= 0) {
    ivs_put_text(o, "Content-Length: ");
    ivs_put_int(o, content_length);
    ivs_put_text(o, "\r\n");
  }
}
