/*
 * What the service and the sources of credentials answer: good answers of any shape, refusals,
 * other people's errors, halves, doubles, nonsense and what never ends. Goes with random_port.h.
 */
#ifndef RANDOM_SERVICE_H
#define RANDOM_SERVICE_H

#include "random_port.h"

#include <ivs/container.h>
#include <ivs/imds.h>
#include <ivs/iot.h>
#include <ivs/ivs.h>
#include <ivs/sts.h>

/* Part of every secret. Nothing that can be shown may hold it. */
#define MARK "MustNotStay"

/* What a request came to at the service. */
enum fate {
  NOT_DONE, /* and the answer says so */
  DONE,     /* whatever the answer says, if there is one */
  UNKNOWN   /* what is read as the answer may say anything */
};

/* --- texts --- */

static struct ivs_out body;
static char body_text[ANSWER_MAX / 2];

static inline void put(const char *text) {
  ivs_put_text(&body, text);
}

static inline void put_number(uint64_t number) {
  ivs_put_int(&body, (int64_t)number);
}

static inline void put_many(char c, size_t n) {
  while (n-- > 0) ivs_put_char(&body, c);
}

/* A secret of some length, as JSON and XML can carry it. */
static inline void put_secret(size_t n) {
  for (size_t i = 0; i < n; i++) ivs_put_char(&body, MARK[i % (sizeof MARK - 1)]);
}

static inline void put_time(int64_t seconds) {
  char text[IVS_TIME_ISO_SIZE] = "never";
  if (chance(40)) seconds = (int64_t)up_to(1) - 1;
  ivs_time_to_iso(seconds, text);
  put(text);
}

/* --- JSON by the tables --- */

static inline void put_json_text(void) {
  static const char *const texts[] = {"\"\"",
                                      "\"x\"",
                                      "\"caf\xc3\xa9\"",
                                      "\"\\u00e9\\ud83d\\ude00\\n\\\"\\\\/\"",
                                      "\"\\u0000\\u0001\"",
                                      "\"arn:aws:ivs:eu-west-1:123456789012:channel/abc\"",
                                      "\"]}\\\\\""};
  if (chance(50)) {
    put("\"");
    put_many(chance(2) ? 'z' : '{', up_to(3000));
    put("\"");
    return;
  }
  put(ANY_OF(texts));
}

static inline void put_any_json(unsigned depth) {
  static const char *const words[] = {
      "null", "true", "-0.5e3", "{}", "[]", "\"\"", "9223372036854775808"};
  if (depth == 0 || chance(2)) {
    put(ANY_OF(words));
    return;
  }
  bool array = chance(2);
  put(array ? "[" : "{\"\\u006eame\":");
  put_any_json(depth - 1);
  put(array ? "]" : "}");
}

static inline void put_struct(uint8_t type);

static inline void put_items(const struct ivs_field *f) {
  size_t n = chance(20) ? up_to(60) : up_to(3);
  put(f->kind == IVS_K_MAP ? "{" : "[ ");
  for (size_t i = 0; i < n && body.n < sizeof body_text / 2; i++) {
    if (i > 0) put(chance(4) ? "\n,\t" : ",");
    if (f->kind == IVS_K_MAP) {
      put("\"k");
      put_number(i);
      put(chance(10) ? "\\n\":null" : "\" : ");
      if (body.p[body.n - 1] == ' ') put_json_text();
    } else if (chance(20)) put("null");
    else if (chance(200)) put_any_json(3);
    else if (f->kind == IVS_K_LIST) put_struct(f->type);
    else put_json_text();
  }
  put(f->kind == IVS_K_MAP ? "}" : "]");
}

static inline void put_value(const struct ivs_field *f) {
  static const char *const numbers[] = {"0", "-1", "9223372036854775807", "12345"};
  if (chance(500)) {
    put_any_json(3);
    return;
  }
  switch (f->kind) {
    case IVS_K_STR: put_json_text(); break;
    case IVS_K_BOOL: put(chance(2) ? "true" : "false"); break;
    case IVS_K_INT: put(ANY_OF(numbers)); break;
    case IVS_K_TIME:
      if (chance(4)) {
        put("1795339800.5");
        break;
      }
      put("\"");
      put_time(true_ms() / 1000);
      put("\"");
      break;
    case IVS_K_STRUCT: put_struct(f->type); break;
    default: put_items(f); break;
  }
}

/* Most members, in their order or not, some twice, and some that are newer than the library. */
static inline void put_struct(uint8_t type) {
  unsigned count = ivs_types[type].count;
  const char *comma = "";
  put("{");
  for (unsigned i = 0; i < count; i++) {
    const struct ivs_field *f =
        &ivs_fields[ivs_types[type].first + (chance(8) ? up_to(count - 1) : i)];
    if (chance(5)) continue;
    put(comma);
    comma = ",";
    if (chance(20)) {
      put("\"new");
      put_number(i);
      put("\":");
      put_any_json(4);
      put(",");
    }
    ivs_json_put_str(&body, ivs_field_name(f));
    put(chance(10) ? " : " : ":");
    if (chance(20)) put("null");
    else put_value(f);
  }
  put("}");
}

/* --- HTTP around it --- */

static inline void say_date(struct net *n) {
  static const char days[] = "SunMonTueWedThuFriSat";
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  time_t t = (time_t)(true_ms() / 1000 + world.service_off);
  struct tm tm;
  if (chance(30)) sayf(n, "Date: yesterday\r\n");
  if (gmtime_r(&t, &tm) == NULL || tm.tm_year < 0 || tm.tm_year > 8000 || chance(30)) return;
  sayf(n, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d GMT\r\n", days + 3 * tm.tm_wday, tm.tm_mday,
       months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
  n->date = (int64_t)t;
  n->dated = world.now;
  if (chance(60)) sayf(n, "Age: 60\r\n");
}

static inline void say_interim(struct net *n) {
  for (size_t i = chance(6) ? 1 + up_to(2) : 0; i > 0; i--)
    sayf(n, "HTTP/1.1 %s\r\nX: y\r\nDate: old\r\n\r\n",
         chance(2) ? "100 Continue" : "103 Early Hints");
}

static inline void say_chunks(struct net *n) {
  size_t at = 0;
  while (at < body.n) {
    size_t size = chance(4) ? 1 : 1 + up_to(body.n - at - 1);
    sayf(n, "%zx%s\r\n", size, chance(8) ? ";some=extension" : "");
    say(n, body_text + at, size);
    sayf(n, "\r\n");
    at += size;
  }
  sayf(n, "0\r\n%s\r\n", chance(4) ? "Trailer: x\r\n" : "");
}

/* How the length of a body is told. */
enum framing { LENGTH, CHUNKED, CLOSE };

/* An answer with what was put into body. Headers: each with its CR LF. */
static inline void say_answer(struct net *n, int status, const char *headers) {
  enum framing framing = (enum framing)(chance(2) ? LENGTH : up_to(2));
  if (body.n > sizeof body_text) body.n = sizeof body_text;
  say_interim(n);
  sayf(n, "HTTP/1.%d %d Reason\r\n", chance(10) ? 0 : 1, status);
  if (n->answer[n->answer_n - 14] == '0' && framing == CHUNKED)
    framing = LENGTH; /* not in HTTP/1.0 */
  say_date(n);
  sayf(n, "%s", headers);
  if (chance(10)) sayf(n, "Connection: %s\r\n", chance(2) ? "close" : "x, keep-alive");
  if (status == 204) framing = LENGTH, body.n = 0;
  else if (framing == LENGTH) sayf(n, "Content-Length: %zu\r\n", body.n);
  else if (framing == CHUNKED) sayf(n, "Transfer-Encoding: chunked\r\n");
  sayf(n, "\r\n");
  if (framing == CHUNKED) say_chunks(n);
  else say(n, body_text, body.n);
  if (framing == CLOSE) n->after = IVS_ERR_CLOSED;
  else if (chance(20)) n->after = chance(2) ? IVS_ERR_CLOSED : IVS_ERR_NET;
}

/* --- what can be wrong with an answer --- */

static inline void cut_off(struct net *n, size_t from) {
  static const int ends[] = {IVS_ERR_CLOSED, IVS_ERR_NET, IVS_ERR_TLS, IVS_AGAIN};
  n->answer_n = from + up_to(n->answer_n - from);
  n->after = ANY_OF(ends);
}

static inline void double_it(struct net *n, size_t from) {
  size_t size = n->answer_n - from;
  say(n, n->answer + from, chance(2) ? size : up_to(size));
}

static inline void change_bytes(struct net *n, size_t from) {
  static const char bytes[] = "\r\n\0:;,\"{}[]0 \xff";
  for (size_t i = 1 + up_to(3); i > 0 && n->answer_n > from; i--)
    n->answer[from + up_to(n->answer_n - from - 1)] = bytes[check_below(sizeof bytes)];
}

static inline void say_too_much(struct net *n) {
  static const char *const lines[] = {"Content-Length: 99999999999\r\n\r\n",
                                      "Content-Length: 9223372036854775807\r\n\r\n",
                                      "Content-Length: 9223372036854775808\r\n\r\n",
                                      "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
                                      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                                      "Transfer-Encoding: gzip\r\n\r\n",
                                      "Content-Encoding: gzip\r\n\r\n",
                                      "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n",
                                      "Content-Length: 70000\r\n\r\n",
                                      "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n"};
  sayf(n, "HTTP/1.1 200 OK\r\n%s{\"channel\"", ANY_OF(lines));
  if (chance(2)) n->after = chance(2) ? IVS_ERR_CLOSED : IVS_ERR_NET;
}

static inline void say_for_ever(struct net *n, int status) {
  n->endless = (enum endless)(1 + up_to(ENDLESS - 2));
  if (n->endless == INTERIM_HEADS) return;
  sayf(n, "HTTP/1.1 %d Well\r\n", status);
  if (status >= 300) sayf(n, "x-amzn-ErrorType: ValidationException\r\n");
  if (n->endless == CHUNKS) sayf(n, "Transfer-Encoding: chunked\r\n\r\n");
  if (n->endless == BYTES) sayf(n, "%s\r\n", chance(2) ? "Content-Length: 1000000\r\n" : "");
}

/* What comes in the place of an answer, or of a part of it that began at `from`. What it makes of
   the fate of a request that the answer said had been DONE or NOT_DONE. */
static inline enum fate spoil(struct net *n, size_t from, enum fate fate) {
  switch (up_to(7)) {
    case 0:
    case 1: cut_off(n, from); return fate;
    case 2: double_it(n, from); return fate;
    case 3: change_bytes(n, from); return UNKNOWN;
    case 4:
      n->answer_n = from;
      n->after = IVS_AGAIN;
      return DONE; /* silence */
    case 5:
      n->answer_n = from;
      n->after = chance(2) ? IVS_ERR_CLOSED : IVS_ERR_NET;
      return DONE;
    case 6:
      n->answer_n = from;
      n->after = IVS_AGAIN;
      say_too_much(n);
      return DONE;
    default:
      n->answer_n = from;
      n->after = IVS_AGAIN;
      say_for_ever(n, 200);
      return DONE;
  }
}

/* --- the service --- */

static inline void new_body(void) {
  body = ivs_out_to(body_text, sizeof body_text);
}

static inline void say_good(struct net *n, const struct ivs_op *op) {
  new_body();
  bool empty = ivs_types[op->out].count == 0;
  if (!empty || chance(4)) put_struct(op->out);
  say_answer(n, empty && chance(2) ? 204 : 200, "x-amzn-RequestId: 11-22\r\n");
}

struct refusal {
  int status;
  const char *code;
};

static const struct refusal refusals[] = {
    {400, "ValidationException"},
    {403, "AccessDeniedException"},
    {404, "ResourceNotFoundException"},
    {404, "ChannelNotBroadcasting"},
    {409, "ConflictException"},
    {429, "ThrottlingException"},
    {400, "ThrottlingException"},
    {503, "ThrottlingException"},
    {500, "InternalServerException"},
    {503, "ServiceUnavailable"},
    {403, "ExpiredTokenException"},
    {400, "ExpiredTokenException"},
    {403, "InvalidSignatureException"},
    {403, "RequestTimeTooSkewed"},
    {402, "ServiceQuotaExceededException"},
    {400, "RequestTimeout"},
    {418, "ACodeThatIsLongerThanWhatTheLibraryKeepsOfOneWhichIsSixtyThreeBytes"},
};

static inline void put_refusal(const char *code) {
  put("{");
  if (code != NULL) {
    put(chance(2) ? "\"__type\":\"com.amazonaws.ivs#" : "\"code\":\"");
    put(code);
    put("\",");
  }
  put("\"message\":\"it is \\u00e9 so ");
  put_many('m', chance(8) ? up_to(5000) : up_to(50));
  put("\"}");
}

static inline void say_refusal(struct net *n) {
  const struct refusal *refusal = &ANY_OF(refusals);
  char headers[300] = "";
  struct ivs_out o = ivs_out_to(headers, sizeof headers - 1);
  bool in_head = chance(2);
  if (in_head) {
    ivs_put_text(&o, "x-amzn-ErrorType: ");
    ivs_put_text(&o, refusal->code);
    ivs_put_text(&o, chance(2) ? ":http://x\r\n" : "\r\n");
  }
  if (chance(6)) ivs_put_text(&o, "Retry-After: 2\r\n");
  if (chance(6)) ivs_put_text(&o, "x-amz-retry-after: 700\r\n");
  if (chance(40)) ivs_put_text(&o, "Retry-After: 99999999999\r\n");
  new_body();
  put_refusal(in_head && chance(2) ? NULL : refusal->code);
  say_answer(n, refusal->status, headers);
}

/* The error of something between. */
static inline enum fate say_gateway(struct net *n) {
  static const int statuses[] = {500, 501, 502, 503, 504, 408, 413, 301, 307, 304};
  int status = ANY_OF(statuses);
  new_body();
  put("<html>");
  put_many('h', up_to(500));
  say_answer(n, status, chance(3) ? "Retry-After: 1\r\n" : "Location: https://x/\r\n");
  return status >= 500 ? DONE : NOT_DONE;
}

/* Answers a request of an operation, or NULL: of a lesson about the time. */
static inline enum fate answer_of_service(struct net *n, const struct ivs_op *op, bool early) {
  size_t from = n->answer_n;
  enum fate fate = NOT_DONE;
  if (chance(world.mute)) return DONE;
  if ((early && !chance(4)) || chance(6)) say_refusal(n);
  else if (op == NULL || chance(12)) fate = say_gateway(n);
  else if (chance(200)) say_for_ever(n, 400);
  else {
    fate = DONE;
    say_good(n, op);
  }
  if (chance(world.faulty)) fate = spoil(n, from, fate);
  return fate;
}

/* --- sources of credentials --- */

static inline int64_t any_end(void) {
  static const int64_t lives[] = {-10, 1, 30, 90, 400, 4000, 40000};
  if (chance(60))
    return chance(2) ? -62135596800 : 253402300799; /* the first second and the last */
  return true_ms() / 1000 + world.service_off + ANY_OF(lives);
}

static inline void put_json_member(const char *name) {
  put("\"");
  put(name);
  put("\":\"");
}

static inline size_t any_token_size(void) {
  return chance(4) ? up_to(IVS_SESSION_TOKEN_MAX) + chance(20) : 20 + up_to(300);
}

/* Members by their names, of which the last is the time of the end. */
static inline void put_credentials(const char *const names[4]) {
  put("{\"Code\":\"Success\"");
  for (int i = 0; i < 4; i++) {
    if (chance(60)) continue;
    put(",");
    put_json_member(names[i]);
    if (i == 0) put("AKIDEXAMPLE");
    else if (i == 3) put_time(any_end());
    else put_secret(i == 1 ? 20 + up_to(20) : any_token_size());
    put(chance(100) ? "\\u0001\"" : "\"");
  }
  put("}");
}

static inline void say_source_refusal(struct net *n) {
  static const int statuses[] = {400, 401, 403, 404, 405, 429, 500, 502, 503, 302};
  new_body();
  put("{\"message\":\"no: ");
  put_many('n', up_to(300));
  put(chance(2) ? "\\nbehind the break " MARK "\"}" : "\"}");
  say_answer(n, ANY_OF(statuses), "");
}

static inline void container_answers(struct net *n) {
  static const char *const names[] = {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"};
  new_body();
  put_credentials(names);
  say_answer(n, 200, "");
}

static inline void iot_answers(struct net *n) {
  static const char *const names[] = {"accessKeyId", "secretAccessKey", "sessionToken",
                                      "expiration"};
  new_body();
  put("{\"x\":[1],\"credentials\":");
  put_credentials(names);
  put("}");
  say_answer(n, 200, "");
}

static inline bool asks(const struct net *n, const char *text) {
  return check_holds(n->request, n->request_n, text);
}

static inline void imds_answers(struct net *n) {
  if (asks(n, "/security-credentials/role")) {
    container_answers(n);
    return;
  }
  new_body();
  if (asks(n, "PUT /latest/api/token")) put_secret(up_to(140));
  else if (asks(n, "placement/region")) put(chance(4) ? "Utopia" : "eu-west-1");
  else put(chance(20) ? "a/role" : "role\nother");
  say_answer(n, 200, "");
}

static inline void put_sts_credentials(void) {
  put("<Credentials>\n<AccessKeyId>AKIDEXAMPLE</AccessKeyId><SecretAccessKey>");
  put_secret(30);
  put("</SecretAccessKey><!-- x --><SessionToken>");
  put_secret(any_token_size());
  put(chance(50) ? "&amp;&#38;</SessionToken>" : "</SessionToken>");
  if (!chance(30)) {
    put("<Expiration>");
    put_time(any_end());
    put("</Expiration>");
  }
  put("</Credentials>");
}

static inline void sts_answers(struct net *n) {
  const char *action = asks(n, "WebIdentity") ? "AssumeRoleWithWebIdentity" : "AssumeRole";
  new_body();
  for (int i = 0; i < 4; i++) {
    if (i == 2) put_sts_credentials();
    put(i < 2 ? "<" : "</");
    put(action);
    put(i == 0 || i == 3 ? "Response>\n" : "Result>\n");
  }
  say_answer(n, 200, "");
}

static inline void say_sts_refusal(struct net *n) {
  static const char *const codes[] = {
      "AccessDenied",         "ExpiredToken", "SignatureDoesNotMatch",
      "RequestTimeTooSkewed", "Throttling",   "ValidationError"};
  const char *code = ANY_OF(codes);
  bool quotes = strcmp(code, "ValidationError") == 0 && asks(n, "WebIdentity");
  new_body();
  put("<ErrorResponse><Error><Code>");
  put(code);
  put(quotes ? "</Code><Message>not with " MARK : "</Code><Message>not so");
  put("</Message></Error></ErrorResponse>");
  say_answer(n, chance(2) ? 403 : 400, "");
}

typedef void source_answers(struct net *n);

/* False if bytes were changed, so that what was behind a line break may not be any more. */
static inline bool answer_of_source(struct net *n, source_answers *answers, bool early) {
  size_t from = n->answer_n;
  if (chance(world.mute)) return true;
  if (early || chance(6)) {
    if (answers == sts_answers && chance(2)) say_sts_refusal(n);
    else say_source_refusal(n);
  } else if (chance(100)) say_for_ever(n, 403);
  else answers(n);
  return !chance(world.faulty) || spoil(n, from, DONE) != UNKNOWN;
}

#endif
