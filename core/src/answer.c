/*
 * Reading an answer that lies complete in the workspace, tokens behind it:
 *
 *   | body | pad | tokens ... |
 */
#include "call.h"
#include "chars.h"

#include <ivs/time.h>

enum { ALIGN = 8 };

/* see call.h */
struct ivs_arena ivs_answer_arena(const ivs_client *c) {
  struct ivs_arena arena = {c->exchange.space, 0}; /* by NULL the tokeniser would only count */
  size_t at = c->exchange.have;
  at += -(size_t)(uintptr_t)(c->exchange.space + at) % ALIGN;
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
  ivs_note_space(c, c->exchange.have + c->exchange.extra); /* had it come in pieces */
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
  ivs_str name, prefix;
  ivs_cut(&s, ':', &name);
  s = name;
  ivs_cut(&s, '#', &prefix);
  ivs_str_cut(error->code, sizeof error->code, s.p != NULL ? s : name);
}

/* A number of seconds or milliseconds; negative if it is none. The largest one stands for any that
   is larger. */
static int32_t take_delay(ivs_str value) {
  int64_t n;
  if (ivs_str_to_int(value, &n) < 0) return -1;
  return n >> 31 == 0 ? (int32_t)n : INT32_MAX;
}

/* see call.h */
void ivs_answer_field(void *context, enum ivs_http1_field field, ivs_str value) {
  ivs_client *c = (ivs_client *)context;
  if (!ivs_utf8_valid(value)) return;
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
  }
}

/* A refusal's members that matter: two of which any may give the code, then those for the message,
   of which the last that is present counts. */
enum { CODES = 2 };
static const char refusal_names[] =
    "__type\0code\0errorMessage\0Message\0message\0exceptionMessage\0";

/* From 1 on, in this order; 0 if it is none of them. */
static unsigned rank_of(ivs_str name) {
  unsigned rank = 1;
  for (const char *p = refusal_names; *p != '\0'; p += strlen(p) + 1, rank++)
    if (ivs_str_eq(name, ivs_cstr(p))) return rank;
  return 0;
}

/* IVS_ERR_SPACE: there is no room to read it in. Whatever else comes back, that was all. */
static int read_refusal(ivs_client *c) {
  struct ivs_json_object o;
  struct ivs_json_value v;
  ivs_str name;
  size_t tokens;
  unsigned best = CODES;
  if (c->exchange.have == 0 || ivs_json_check(c->exchange.space, c->exchange.have, &tokens) < 0)
    return 0;
  struct ivs_arena arena = ivs_answer_arena(c);
  ivs_json_value_at(c->exchange.space, c->exchange.space + c->exchange.have, &v);
  int r = ivs_json_open(&o, v, arena.tokens, arena.room);
  if (r < 0) return r;
  while (ivs_json_member(&o, &name, &v) == 1) {
    unsigned rank = rank_of(name);
    if (rank == 0 || v.type != IVS_JSON_STRING) continue;
    ivs_str text = ivs_json_text(v);
    if (rank > best) {
      best = rank;
      c->error.whole = text;
      ivs_str_cut(c->error.message, sizeof c->error.message, text);
    } else if (rank <= CODES && c->error.code[0] == '\0') {
      take_code(&c->error, text);
    }
  }
  return 0;
}

/* see call.h */
int ivs_answer_refused(ivs_client *c) {
  bool lost = c->exchange.cut || read_refusal(c) == IVS_ERR_SPACE;
  if (lost && c->exchange.http.status >= 400)
    ivs_str_cut(c->error.message, sizeof c->error.message,
                IVS_STR("the message was too long, or was broken off"));
  return c->exchange.http.status < 400 ? IVS_ERR_HTTP_REDIRECT : IVS_ERR_SERVICE;
}
