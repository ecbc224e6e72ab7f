/*
 * Reading an answer that lies complete in the workspace, tokens behind it:
 *
 *   | body | pad | tokens ... |
 */
#include "call.h"

#include <ivs/time.h>

enum { ALIGN = 8 };

static size_t token_offset(const ivs_client *c, size_t body) {
  size_t address = (size_t)(uintptr_t)c->exchange.space + body;
  return body + (ALIGN - address % ALIGN) % ALIGN;
}

/* see call.h */
struct ivs_arena ivs_answer_arena(const ivs_client *c) {
  struct ivs_arena arena = {NULL, 0};
  size_t at = token_offset(c, c->exchange.have);
  if (at >= c->exchange.space_n) return arena;
  arena.tokens = c->exchange.space + at;
  arena.room = (c->exchange.space_n - at) / IVS_JSON_TOKEN_SIZE;
  return arena;
}

/* see call.h */
size_t ivs_answer_extra(const ivs_client *c) {
  return ALIGN - 1 + (size_t)ivs_types[ivs_ops[c->op].out].tokens * IVS_JSON_TOKEN_SIZE;
}

/* see call.h */
int ivs_answer_read(ivs_client *c) {
  uint8_t type = ivs_ops[c->op].out;
  struct ivs_json_value root;
  ivs_str culprit;
  size_t tokens;
  if (c->out == NULL || c->exchange.have == 0 || ivs_types[type].count == 0) return 0;
  int r = ivs_json_check(c->exchange.space, c->exchange.have, &tokens);
  if (r < 0) return r;
  struct ivs_arena arena = ivs_answer_arena(c);
  size_t need = c->exchange.have + ALIGN - 1 + tokens * IVS_JSON_TOKEN_SIZE;
  ivs_note_space(c, need);
  if (arena.room < tokens) return ivs_want_space(c, need);
  ivs_json_value_at(c->exchange.space, c->exchange.space + c->exchange.have, &root);
  r = ivs_decode(arena, type, root, c->out, &culprit);
  if (r < 0) {
    memset(c->out, 0, ivs_types[type].size);
    ivs_str_cut(c->error.message, sizeof c->error.message, culprit);
  }
  return r;
}

/* "com.amazonaws.ivs#ResourceNotFoundException:http://..." without what is around the name. */
static void take_code(struct ivs_error *error, ivs_str s) {
  const char *hash = (const char *)memchr(s.p, '#', s.n);
  if (hash != NULL) {
    s.n -= (size_t)(hash + 1 - s.p);
    s.p = hash + 1;
  }
  const char *colon = (const char *)memchr(s.p, ':', s.n);
  if (colon != NULL) s.n = (size_t)(colon - s.p);
  ivs_str_cut(error->code, sizeof error->code, s);
}

/* A number of seconds or milliseconds; negative if it is none. The largest one stands for any that
   is larger. */
static int32_t take_delay(ivs_str value) {
  int64_t n;
  if (ivs_str_to_int(value, &n) < 0) return -1;
  return n < INT32_MAX ? (int32_t)n : INT32_MAX;
}

/* see call.h */
void ivs_answer_field(void *context, enum ivs_http1_field field, ivs_str value) {
  ivs_client *c = (ivs_client *)context;
  switch (field) {
    case IVS_HTTP1_REQUEST_ID:
      ivs_str_cut(c->error.request_id, sizeof c->error.request_id, value);
      break;
    case IVS_HTTP1_ERROR_TYPE: take_code(&c->error, value); break;
    case IVS_HTTP1_DATE:
      if (ivs_time_from_http(value, &c->error.date) < 0) c->error.date = 0;
      break;
    case IVS_HTTP1_AGE: c->aged = true; break;
    case IVS_HTTP1_AMZ_RETRY_AFTER: c->after_ms = take_delay(value); break;
    case IVS_HTTP1_RETRY_AFTER: c->after_s = take_delay(value); break;
    default: break;
  }
}

/* The service says what is wrong under one of these names; the first one present counts. */
static unsigned message_rank(ivs_str name) {
  if (ivs_str_eq(name, IVS_STR("exceptionMessage"))) return 4;
  if (ivs_str_eq(name, IVS_STR("message"))) return 3;
  if (ivs_str_eq(name, IVS_STR("Message"))) return 2;
  if (ivs_str_eq(name, IVS_STR("errorMessage"))) return 1;
  return 0;
}

static void read_refusal(ivs_client *c) {
  struct ivs_json_object o;
  struct ivs_json_value v;
  ivs_str name;
  size_t tokens;
  unsigned best = 0;
  if (c->exchange.have == 0 || ivs_json_check(c->exchange.space, c->exchange.have, &tokens) < 0)
    return;
  struct ivs_arena arena = ivs_answer_arena(c);
  ivs_json_value_at(c->exchange.space, c->exchange.space + c->exchange.have, &v);
  if (ivs_json_open(&o, v, arena.tokens, arena.room) < 0) return;
  while (ivs_json_member(&o, &name, &v) == 1) {
    if (v.type != IVS_JSON_STRING) continue;
    unsigned rank = message_rank(name);
    bool is_code = ivs_str_eq(name, IVS_STR("__type")) || ivs_str_eq(name, IVS_STR("code"));
    if (rank > best) {
      best = rank;
      c->error.whole = ivs_json_text(v);
      ivs_str_cut(c->error.message, sizeof c->error.message, c->error.whole);
    } else if (is_code && c->error.code[0] == '\0') {
      take_code(&c->error, ivs_json_text(v));
    }
  }
}

/* see call.h */
int ivs_answer_refused(ivs_client *c) {
  if (!c->exchange.cut) read_refusal(c);
  return c->exchange.http.status < 400 ? IVS_ERR_HTTP_REDIRECT : IVS_ERR_SERVICE;
}
