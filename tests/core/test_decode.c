/*
 * Answers to structs. What holds for every operation is tried by the tables on every operation;
 * comparison with another implementation is in tests/botocore/.
 */
#include "by_table.h"

enum { DEPTH = 6 /* of decode.c */ };

static uint8_t last_type(void) {
  uint8_t last = 0;
  for (unsigned op = 0; op < IVS_OP_COUNT; op++)
    if (ivs_ops[op].out > last) last = ivs_ops[op].out;
  return last;
}

/* A copy to read, tokens of its own behind no other memory. */
struct reading {
  char *text;
  size_t n;
  struct ivs_arena arena;
  ivs_str culprit;
  char *out;
};

static int open_reading(struct reading *a, const char *text, size_t n, size_t room) {
  size_t tokens;
  a->text = (char *)malloc(n);
  memcpy(a->text, text, n);
  a->n = n;
  CHECK_INT(ivs_json_check(a->text, n, &tokens), 0);
  if (room == SIZE_MAX) room = tokens;
  a->arena.room = room;
  a->arena.tokens = malloc(room * IVS_JSON_TOKEN_SIZE);
  a->out = (char *)malloc(4096);
  memset(a->out, 0xA5, 4096); /* nothing may depend on what was there */
  return 0;
}

static void close_reading(struct reading *a) {
  free(a->text);
  free(a->arena.tokens);
  free(a->out);
}

static int decode(struct reading *a, uint8_t type) {
  struct ivs_json_value root;
  ivs_json_value_at(a->text, a->text + a->n, &root);
  return ivs_decode(a->arena, type, root, a->out, &a->culprit);
}

/* Reads what decode() left: every list to its end. *elements counts them, and all texts must be
   `text`. 0 or the first error. */
static int drain(struct reading *a, uint8_t type, char *base, const char *text,
                 unsigned *elements) {
  static const ivs_str v = IVS_STR_INIT("v");
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    char *at = base + f->offset;
    int r = 0;
    if (f->kind == IVS_K_STR) CHECK_STR(*(ivs_str *)(void *)at, text);
    if (f->kind == IVS_K_BOOL) CHECK_INT(*(ivs_bool *)at, IVS_TRUE);
    if (f->kind == IVS_K_INT)
      CHECK(((ivs_int *)(void *)at)->set && ((ivs_int *)(void *)at)->value == 12);
    if (f->kind == IVS_K_TIME) CHECK_INT(((ivs_time *)(void *)at)->seconds, 1795339800);
    if (f->kind == IVS_K_STRUCT) {
      CHECK(*(bool *)at);
      r = drain(a, f->type, at, text, elements);
    }
    if (r < 0) return r;
    if (f->kind < IVS_K_LIST) continue;
    _Alignas(16) char element[1024];
    ivs_span *rest = &((struct ivs_any_list *)(void *)at)->rest;
    while ((r = ivs_decode_next(a->arena, rest, element, &a->culprit)) == 1) {
      ++*elements;
      if (f->kind == IVS_K_LIST) r = drain(a, f->type, element, text, elements);
      else CHECK_STR(*(ivs_str *)(void *)element, text); /* of a pair, the name */
      if (f->kind == IVS_K_MAP) CHECK(ivs_str_eq(((ivs_pair *)(void *)element)->value, v));
      if (r < 0) return r;
    }
    if (r < 0) return r;
  }
  return 0;
}

static unsigned lists_in(uint8_t type) {
  unsigned n = 0;
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    if (f->kind == IVS_K_STRUCT) n += lists_in(f->type);
    if (f->kind >= IVS_K_LIST) n += 2;
    if (f->kind == IVS_K_LIST) n += 2 * lists_in(f->type);
  }
  return n;
}

/* The tokens of the table are enough for the answer and all its elements, and one less is not. */
static void tokens_column(void) {
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    uint8_t type = ivs_ops[op].out;
    if (type == 0) continue;
    for (size_t less = 0; less <= 1; less++) {
      struct reading a;
      unsigned elements = 0;
      ivs_str text = built(type, true, "\"\\u0041\\n\"", NULL);
      open_reading(&a, text.p, text.n, ivs_types[type].tokens - less);
      int r = decode(&a, type);
      if (r == 0) r = drain(&a, type, a.out, "A\n", &elements);
      CHECK_INT(r, less ? IVS_ERR_SPACE : 0);
      if (!less) CHECK_INT(elements, lists_in(type));
      close_reading(&a);
    }
  }
}

/* With too few tokens nothing is touched behind them, and a text without escapes can be read again
   with enough. */
static void every_arena(void) {
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    uint8_t type = ivs_ops[op].out;
    size_t need;
    ivs_str text = built(type, false, "\"text\"", NULL);
    if (type == 0 || !CHECK_INT(ivs_json_check(text.p, text.n, &need), 0)) continue;
    for (size_t room = 0; room < need; room++) {
      struct reading a;
      unsigned elements = 0;
      open_reading(&a, text.p, text.n, room);
      /* Empty maps and lists are no objects of the reader: the check counts one token more for a
         map. */
      int r = decode(&a, type);
      CHECK(r == IVS_ERR_SPACE || (r == 0 && room + 1 == need));
      free(a.arena.tokens);
      a.arena.tokens = malloc(need * IVS_JSON_TOKEN_SIZE);
      a.arena.room = need;
      CHECK_INT(decode(&a, type), 0);
      CHECK_INT(drain(&a, type, a.out, "text", &elements), 0);
      CHECK_INT(elements, 0);
      close_reading(&a);
    }
  }
}

/* An element that finds no room stays in its list. */
static void element_without_room(void) {
  static const char text[] = "{\"channels\":[{\"arn\":\"\\u0061\"},{\"arn\":\"b\"}]}";
  struct reading a;
  struct ivs_list_channels_out out;
  struct ivs_channel_summary channel;
  open_reading(&a, text, sizeof text - 1, SIZE_MAX);
  struct ivs_arena enough = a.arena, none = {a.arena.tokens, 0};
  struct ivs_json_value root;
  ivs_json_value_at(a.text, a.text + a.n, &root);
  CHECK_INT(ivs_decode(enough, ivs_ops[IVS_OP_LIST_CHANNELS].out, root, &out, &a.culprit), 0);
  for (size_t room = 0; room < 3; room++) {
    none.room = room;
    CHECK_INT(ivs_decode_next(none, &out.channels.rest, &channel, &a.culprit), IVS_ERR_SPACE);
    CHECK_INT(ivs_decode_count(&out.channels.rest), 2);
  }
  CHECK_INT(ivs_decode_next(enough, &out.channels.rest, &channel, &a.culprit), 1);
  CHECK_STR(channel.arn, "a");
  CHECK_INT(ivs_decode_next(enough, &out.channels.rest, &channel, &a.culprit), 1);
  CHECK_STR(channel.arn, "b");
  CHECK_INT(ivs_decode_next(enough, &out.channels.rest, &channel, &a.culprit), 0);
  close_reading(&a);
}

static void nulls_everywhere(void) {
  static const char zero[4096];
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    uint8_t type = ivs_ops[op].out;
    struct reading a;
    ivs_str text = built(type, true, "", "null");
    open_reading(&a, text.p, text.n, SIZE_MAX);
    CHECK_INT(decode(&a, type), 0);
    CHECK_MEM(a.out, ivs_types[type].size, zero, ivs_types[type].size);
    close_reading(&a);
  }
}

/* Every cut is refused by the check, so that the reader never meets one. */
static void truncations(void) {
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    size_t tokens;
    ivs_str text = built(ivs_ops[op].out, true, "\"\\ud83d\\ude00\"", NULL);
    for (size_t n = 0; n < text.n; n++) CHECK_INT(ivs_json_check(text.p, n, &tokens), IVS_ERR_JSON);
  }
}

/* The kinds of JSON that each kind of member refuses; the member is named. */
static void wrong_types(void) {
  static const char *const values[] = {"\"a\"", "1", "1.5", "true", "[]", "{}"};
  static const char *const good[] = {
      [IVS_K_STR] = "100000",  [IVS_K_BOOL] = "000100",   [IVS_K_INT] = "010000",
      [IVS_K_TIME] = "011000", [IVS_K_STRUCT] = "000001", [IVS_K_LIST] = "000010",
      [IVS_K_STRS] = "000010", [IVS_K_MAP] = "000001"};
  unsigned seen = 0;
  for (uint8_t type = 1; type <= last_type(); type++)
    for (unsigned i = 0; i < ivs_types[type].count; i++)
      for (int v = 0; v < 6; v++) {
        const struct ivs_field *f = field_of(type, i);
        char text[128];
        struct reading a;
        ivs_str name = ivs_field_name(f);
        int n = snprintf(text, sizeof text, "{\"%.*s\":%s}", (int)name.n, name.p, values[v]);
        open_reading(&a, text, (size_t)n, SIZE_MAX);
        int r = decode(&a, type);
        CHECK_INT(r, good[f->kind][v] == '1' ? 0 : IVS_ERR_TYPE);
        if (r < 0) CHECK_MEM(a.culprit.p, a.culprit.n, name.p, name.n);
        seen |= 1u << f->kind;
        close_reading(&a);
      }
  CHECK_INT(seen, 0xFF);
}

/* Decodes `text` as the answer of an operation. */
static int answer(unsigned op, const char *text, struct reading *a) {
  open_reading(a, text, strlen(text), SIZE_MAX);
  return decode(a, ivs_ops[op].out);
}

static void roots_and_elements(void) {
  static const char *const roots[] = {"[]", "\"a\"", "null", "1", "true"};
  struct reading a;
  for (int i = 0; i < 5; i++) {
    CHECK_INT(answer(IVS_OP_GET_CHANNEL, roots[i], &a), IVS_ERR_TYPE);
    CHECK_INT(a.culprit.n, 0);
    close_reading(&a);
  }
  static const char *const elements[] = {"1", "\"a\"", "[]", "true"};
  for (int i = 0; i < 4; i++) {
    char text[64];
    struct ivs_channel_summary channel;
    snprintf(text, sizeof text, "{\"channels\":[null,%s,{\"arn\":\"b\"}]}", elements[i]);
    CHECK_INT(answer(IVS_OP_LIST_CHANNELS, text, &a), 0);
    struct ivs_list_channels_out *out = (struct ivs_list_channels_out *)(void *)a.out;
    CHECK_INT(ivs_decode_count(&out->channels.rest), 2);
    CHECK_INT(ivs_decode_next(a.arena, &out->channels.rest, &channel, &a.culprit), IVS_ERR_TYPE);
    CHECK_INT(a.culprit.n, 0);
    CHECK_INT(ivs_decode_next(a.arena, &out->channels.rest, &channel, &a.culprit), 1);
    CHECK_STR(channel.arn, "b");
    close_reading(&a);
  }
  CHECK_INT(answer(IVS_OP_LIST_TAGS_FOR_RESOURCE,
                   "{\"tags\":{\"a\":null,\"b\":1,\"n\":null,\"\\u0063\":\"d\",\"z\":null}}", &a),
            0);
  struct ivs_tags *tags = &((struct ivs_list_tags_for_resource_out *)(void *)a.out)->tags;
  ivs_pair pair;
  a.culprit.p = NULL;
  a.culprit.n = 99;
  CHECK_INT(ivs_decode_count(&tags->rest), 2);
  CHECK_INT(ivs_decode_next(a.arena, &tags->rest, &pair, &a.culprit), IVS_ERR_TYPE);
  CHECK_INT(a.culprit.n, 0); /* a span does not know whose it is */
  CHECK_INT(ivs_decode_next(a.arena, &tags->rest, &pair, &a.culprit), 1);
  CHECK_STR(pair.name, "c");
  CHECK_STR(pair.value, "d");
  CHECK_INT(ivs_decode_next(a.arena, &tags->rest, &pair, &a.culprit), 0);
  close_reading(&a);
}

/* A list is read once, through whatever copy. */
static void used_lists(void) {
  static const char text[] =
      "{\"channels\":[ {\"arn\":\"a\\tb\"} , {\"arn\":\"c\"},{\"arn\":\"d\"}]}";
  struct reading a;
  struct ivs_channel_summary channel;
  CHECK_INT(answer(IVS_OP_LIST_CHANNELS, text, &a), 0);
  struct ivs_span *rest = &((struct ivs_list_channels_out *)(void *)a.out)->channels.rest,
                  fresh = *rest;
  CHECK_INT(ivs_decode_count(rest), 3);
  CHECK_INT(ivs_decode_next(a.arena, rest, &channel, &a.culprit), 1);
  CHECK_STR(channel.arn, "a\tb");
  struct ivs_span second = *rest;
  CHECK_INT(ivs_decode_next(a.arena, &fresh, &channel, &a.culprit), IVS_ERR_USED);
  CHECK_INT(ivs_decode_next(a.arena, rest, &channel, &a.culprit), 1);
  CHECK_STR(channel.arn, "c");
  CHECK_INT(ivs_decode_next(a.arena, &second, &channel, &a.culprit), IVS_ERR_USED);
  CHECK_INT(ivs_decode_next(a.arena, rest, &channel, &a.culprit), 1);
  CHECK_INT(ivs_decode_next(a.arena, rest, &channel, &a.culprit), 0);
  for (int i = 0; i < 2; i++)
    CHECK_INT(ivs_decode_next(a.arena, rest, &channel, &a.culprit), IVS_ERR_USED);
  CHECK_INT(ivs_decode_next(a.arena, &fresh, &channel, &a.culprit), IVS_ERR_USED);
  CHECK_INT(ivs_decode_count(rest), 0);
  close_reading(&a);
}

static void absent_and_empty_lists(void) {
  static const struct {
    const char *text;
    bool there;
  } cases[] = {{"{}", false},
               {"{\"channels\":null}", false},
               {"{\"channels\":[]}", true},
               {"{\"channels\":[ \n]}", true},
               {"{\"channels\":[null]}", true},
               {"{\"channels\":[null , null]}", true}};
  for (int i = 0; i < 6; i++) {
    struct reading a;
    struct ivs_channel_summary channel;
    CHECK_INT(answer(IVS_OP_LIST_CHANNELS, cases[i].text, &a), 0);
    struct ivs_span *rest = &((struct ivs_list_channels_out *)(void *)a.out)->channels.rest;
    CHECK_INT(rest->p != NULL, cases[i].there);
    CHECK_INT(ivs_decode_count(rest), 0);
    CHECK_INT(ivs_decode_next(a.arena, rest, &channel, &a.culprit), 0);
    CHECK_INT(ivs_decode_next(a.arena, rest, &channel, &a.culprit),
              cases[i].there ? IVS_ERR_USED : 0);
    close_reading(&a);
  }
}

/* The last of several counts, also when it is null; what an earlier one left is gone. */
static void repeated_members(void) {
  struct reading a;
  CHECK_INT(answer(IVS_OP_GET_CHANNEL,
                   "{\"channel\":{\"arn\":\"a\",\"name\":\"n\"},\"channel\":{\"arn\":\"b\",\"arn\":"
                   "\"c\",\"authorized\":true,"
                   "\"authorized\":null,\"tags\":{\"x\":\"y\"},\"tags\":null,\"srt\":{\"endpoint\":"
                   "\"e\"},\"srt\":null}}",
                   &a),
            0);
  const struct ivs_channel *channel = &((struct ivs_get_channel_out *)(void *)a.out)->channel;
  CHECK(channel->present);
  CHECK_STR(channel->arn, "c");
  CHECK(channel->name.p == NULL);
  CHECK_INT(channel->authorized, IVS_ABSENT);
  CHECK(channel->tags.rest.p == NULL);
  CHECK(!channel->srt.present && channel->srt.endpoint.p == NULL);
  close_reading(&a);
  CHECK_INT(answer(IVS_OP_GET_CHANNEL, "{\"channel\":{\"arn\":\"a\"},\"channel\":null}", &a), 0);
  channel = &((struct ivs_get_channel_out *)(void *)a.out)->channel;
  CHECK(!channel->present && channel->arn.p == NULL);
  close_reading(&a);
}

static void integers(void) {
  static const struct {
    const char *text;
    int64_t value;
    bool fits;
  } cases[] = {{"0", 0, true},
               {"-0", 0, true},
               {"9223372036854775807", INT64_MAX, true},
               {"-9223372036854775808", INT64_MIN, true},
               {"9223372036854775808", 0, false},
               {"-9223372036854775809", 0, false},
               {"18446744073709551616", 0, false},
               {"99999999999999999999", 0, false},
               {"1.0", 0, false},
               {"1e2", 0, false},
               {"1E2", 0, false},
               {"-1", -1, true}};
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[80];
    struct reading a;
    snprintf(text, sizeof text, "{\"stream\":{\"viewerCount\":%s}}", cases[i].text);
    CHECK_INT(answer(IVS_OP_GET_STREAM, text, &a), cases[i].fits ? 0 : IVS_ERR_TYPE);
    const ivs_int *count = &((struct ivs_get_stream_out *)(void *)a.out)->stream.viewer_count;
    if (cases[i].fits) CHECK(count->set && count->value == cases[i].value);
    else CHECK_STR(a.culprit, "viewerCount");
    close_reading(&a);
  }
}

static void times(void) {
  static const struct {
    const char *json;
    const char *text; /* NULL: refused */
    int64_t seconds;
  } cases[] = {{"\"2026-11-22T09:30:00Z\"", "2026-11-22T09:30:00Z", 1795339800},
               {"\"2026-11-22T09:30:00.999999999Z\"", "2026-11-22T09:30:00.999999999Z", 1795339800},
               {"\"2026-11-22T09:30:00.5+05:30\"", "2026-11-22T09:30:00.5+05:30", 1795320000},
               {"\"2026-11-22T09:30:00\\u005a\"", "2026-11-22T09:30:00Z", 1795339800},
               {"\"1969-12-31T23:59:59-00:01\"", "1969-12-31T23:59:59-00:01", 59},
               {"1795339800", "1795339800", 1795339800},
               {"1795339800.75", "1795339800.75", 1795339800},
               {"1.7e9", NULL, 0},
               {"1E9", NULL, 0},
               {"\"\"", NULL, 0},
               {"\"now\"", NULL, 0},
               {"\"2026-02-30T00:00:00Z\"", NULL, 0},
               {"true", NULL, 0}};
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[96];
    struct reading a;
    snprintf(text, sizeof text, "{\"stream\":{\"startTime\":%s}}", cases[i].json);
    CHECK_INT(answer(IVS_OP_GET_STREAM, text, &a), cases[i].text ? 0 : IVS_ERR_TYPE);
    const ivs_time *time = &((struct ivs_get_stream_out *)(void *)a.out)->stream.start_time;
    if (cases[i].text == NULL) CHECK_STR(a.culprit, "startTime");
    else if (CHECK_STR(time->text, cases[i].text)) CHECK_INT(time->seconds, cases[i].seconds);
    close_reading(&a);
  }
}

/* Names in another spelling are the same; others are skipped with all that they hold. */
static void names(void) {
  struct reading a;
  CHECK_INT(answer(IVS_OP_GET_CHANNEL,
                   "{\"Channel\":1,\"chann\":[],\"channels\":{\"arn\":[{}]},\"\":\"\","
                   "\"\\u0063h\\u0061nnel\" : {\"arn\\u0000\":1,\"\\u0061rn\":\"a\"}}",
                   &a),
            0);
  CHECK_STR(((struct ivs_get_channel_out *)(void *)a.out)->channel.arn, "a");
  close_reading(&a);
}

/* ---- the tables ---- */

/* Structs that are open at the same time; the elements of lists are opened on their own. */
static unsigned nesting(uint8_t type) {
  unsigned deepest = 0;
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    unsigned d = f->kind == IVS_K_STRUCT ? nesting(f->type) : 0;
    if (d > deepest) deepest = d;
  }
  return deepest + 1;
}

/* How deep the JSON of an answer goes. */
static unsigned json_depth(uint8_t type) {
  unsigned deepest = 0;
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    unsigned d = f->kind < IVS_K_STRUCT    ? 0
                 : f->kind == IVS_K_STRUCT ? json_depth(f->type)
                 : f->kind == IVS_K_LIST   ? 1 + json_depth(f->type)
                                           : 1;
    if (d > deepest) deepest = d;
  }
  return deepest + 1;
}

static void tables(void) {
  for (uint8_t type = 1; type <= last_type(); type++) {
    CHECK(nesting(type) <= DEPTH);
    CHECK(json_depth(type) <= 8); /* the least that IVS_JSON_DEPTH can be set to */
  }
}

int main(void) {
  RUN(tables);
  RUN(tokens_column);
  RUN(every_arena);
  RUN(element_without_room);
  RUN(nulls_everywhere);
  RUN(truncations);
  RUN(wrong_types);
  RUN(roots_and_elements);
  RUN(used_lists);
  RUN(absent_and_empty_lists);
  RUN(repeated_members);
  RUN(integers);
  RUN(times);
  RUN(names);
  return check_done();
}
