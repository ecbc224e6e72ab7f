/*
 * Requests to bytes and answers to structs. What holds for every operation is tried by the tables on every operation; comparison
 * with another implementation is in tests/botocore/.
 */
#include "../check.h"

#include <ivs/codec.h>
#include <ivs/types.h>

enum { DEPTH = 6 /* of encode.c and decode.c */, TEXT_MAX = 1 << 16 };

static const size_t kind_size[] = {sizeof(ivs_str), sizeof(ivs_bool), sizeof(ivs_int), sizeof(ivs_time), 0,
                                   sizeof(struct ivs_any_list), sizeof(struct ivs_str_list), sizeof(struct ivs_tags)};
static const struct ivs_region nowhere = {NULL, 0};

static const struct ivs_field *field_of(uint8_t type, unsigned i) {
  return &ivs_fields[ivs_types[type].first + i];
}

static size_t size_of(const struct ivs_field *f) {
  return f->kind == IVS_K_STRUCT ? ivs_types[f->type].size : kind_size[f->kind];
}

/* ---- a request with everything in it, and where it lies ---- */

struct site {
  char *at; /* the member, a text in it, or the memory of a list */
  size_t n;
  ivs_str name; /* the member that is blamed */
};

static struct sites {
  struct site site[256];
  unsigned count;
} texts, lists, required;

static _Alignas(16) char pool[TEXT_MAX];
static size_t pool_used;

/* With room in front and behind that belongs to nobody. */
static char *from_pool(size_t n) {
  char *p = pool + pool_used + 16;
  pool_used += (n + 47) & ~(size_t)15;
  if (pool_used > sizeof pool) abort();
  return p;
}

static void note(struct sites *all, void *at, size_t n, ivs_str name) {
  if (all->count == sizeof all->site / sizeof *all->site) abort();
  all->site[all->count++] = (struct site){(char *)at, n, name};
}

static void fill_text(ivs_str *s, ivs_str name) {
  static const char text[] = "caf\xc3\xa9 \"\\\n\xf0\x9f\x98\x80";
  char *p = from_pool(sizeof text - 1);
  memcpy(p, text, sizeof text - 1);
  s->p = p;
  s->n = sizeof text - 1;
  note(&texts, s, sizeof *s, name);
}

static void fill(uint8_t type, char *base);

static void fill_list(const struct ivs_field *f, struct ivs_any_list *list) {
  size_t size = f->kind == IVS_K_LIST ? ivs_types[f->type].size : f->kind == IVS_K_MAP ? sizeof(ivs_pair) : sizeof(ivs_str);
  char *items = from_pool(2 * size);
  memset(items, 0, 2 * size);
  list->items = items;
  list->count = 2;
  note(&lists, items, 2 * size, ivs_name(f->name));
  for (char *at = items; at < items + 2 * size; at += size) {
    if (f->kind == IVS_K_LIST) {
      fill(f->type, at);
      continue;
    }
    fill_text((ivs_str *)(void *)at, ivs_name(f->name));
    if (f->kind == IVS_K_MAP) fill_text(&((ivs_pair *)(void *)at)->value, ivs_name(f->name));
  }
}

static void fill(uint8_t type, char *base) {
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    char *at = base + f->offset;
    switch (f->kind) {
      case IVS_K_STR: fill_text((ivs_str *)(void *)at, ivs_name(f->name)); break;
      case IVS_K_BOOL: *(ivs_bool *)at = IVS_FALSE; break;
      case IVS_K_INT: *(ivs_int *)(void *)at = IVS_INT(-7); break;
      case IVS_K_TIME: CHECK(!"a request with a time"); break;
      case IVS_K_STRUCT:
        *(bool *)at = true;
        fill(f->type, at);
        break;
      default: fill_list(f, (struct ivs_any_list *)(void *)at);
    }
    if (f->flags & IVS_F_REQUIRED) note(&required, at, size_of(f), ivs_name(f->name));
  }
}

static _Alignas(16) char request[2048];

static const struct ivs_op *full_request(unsigned op) {
  const struct ivs_op *o = &ivs_ops[op];
  if (ivs_types[o->in].size > sizeof request) abort();
  memset(request, 0, sizeof request);
  pool_used = 0;
  texts.count = lists.count = required.count = 0;
  fill(o->in, request);
  return o;
}

static int judge(const struct ivs_op *op, struct ivs_region region, ivs_str *culprit) {
  culprit->p = "nothing";
  culprit->n = 7;
  return ivs_encode_judge(op, request, region, culprit);
}

static void check_blamed(int r, int expected, ivs_str culprit, ivs_str name) {
  CHECK_INT(r, expected);
  CHECK_MEM(culprit.p, culprit.n, name.p, name.n);
}

static void required_members(void) {
  char kept[512];
  ivs_str culprit;
  unsigned tried = 0;
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    const struct ivs_op *o = full_request(op);
    CHECK_INT(judge(o, nowhere, &culprit), 0);
    for (unsigned i = 0; i < required.count; i++, tried++) {
      const struct site *s = &required.site[i];
      memcpy(kept, s->at, s->n);
      memset(s->at, 0, s->n);
      check_blamed(judge(o, nowhere, &culprit), IVS_ERR_REQUIRED, culprit, s->name);
      memcpy(s->at, kept, s->n);
    }
    CHECK_INT(judge(o, nowhere, &culprit), 0);
  }
  CHECK(tried > 41);
}

static void invalid_utf8(void) {
  static const ivs_str bad[] = {IVS_STR_INIT("\xff"), IVS_STR_INIT("ab\xc3"), IVS_STR_INIT("\xed\xa0\x80"), IVS_STR_INIT("\xc0\x80 ")};
  ivs_str culprit;
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    const struct ivs_op *o = full_request(op);
    for (unsigned i = 0; i < texts.count; i++) {
      ivs_str *s = (ivs_str *)(void *)texts.site[i].at, kept = *s;
      *s = bad[i % 4];
      check_blamed(judge(o, nowhere, &culprit), IVS_ERR_UTF8, culprit, texts.site[i].name);
      *s = kept;
    }
    CHECK_INT(judge(o, nowhere, &culprit), 0);
  }
}

/* Memory of n bytes at p must not touch the region, not by one byte; beside it is fine. */
static void check_region(const struct ivs_op *op, const char *p, size_t n, ivs_str name) {
  const struct ivs_region touching[] = {{p, 1}, {p + n - 1, 1}, {p - 8, 9}, {p + n - 1, 8}, {p - 8, n + 16}, {p + n / 2, 1}};
  const struct ivs_region beside[] = {{p - 1, 1}, {p + n, 1}, {p - 8, 8}, {p + n, 8}, {p, 0}, {NULL, 0}};
  ivs_str culprit;
  for (int i = 0; i < 6; i++) {
    check_blamed(judge(op, touching[i], &culprit), IVS_ERR_OVERLAP, culprit, name);
    CHECK_INT(judge(op, beside[i], &culprit), 0);
  }
}

static void overlap(void) {
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    const struct ivs_op *o = full_request(op);
    for (unsigned i = 0; i < texts.count; i++) {
      const ivs_str *s = (const ivs_str *)(const void *)texts.site[i].at;
      check_region(o, s->p, s->n, texts.site[i].name);
    }
    for (unsigned i = 0; i < lists.count; i++) check_region(o, lists.site[i].at, lists.site[i].n, lists.site[i].name);
  }
}

/* A list of an answer lies in the workspace; it is not sent. */
static void answer_list_in_request(void) {
  char text[] = "[\"a\"]";
  struct ivs_batch_get_channel_in in = {0};
  ivs_str culprit;
  in.arns.rest = (ivs_span){text + 1, 4, IVS_K_STRS, 0};
  CHECK_INT(ivs_encode_judge(&ivs_ops[IVS_OP_BATCH_GET_CHANNEL], &in, nowhere, &culprit), IVS_ERR_OVERLAP);
  CHECK_STR(culprit, "arns");
}

/* No text and no list of length 0 can overlap anything. */
static void empty_overlaps_nothing(void) {
  char space[8] = {0};
  struct ivs_region region = {space, sizeof space};
  struct ivs_tag_resource_in in = {.resource_arn = {space + 1, 0}};
  ivs_str culprit;
  in.tags.items = (const ivs_pair *)(const void *)space;
  CHECK_INT(ivs_encode_judge(&ivs_ops[IVS_OP_TAG_RESOURCE], &in, region, &culprit), 0);
}

typedef void encoder(const struct ivs_op *, const void *, struct ivs_out *);

/* Every size of the buffer, which ends at a page that faults: the count is always the whole. */
static void every_room(void) {
  static encoder *const encoders[] = {ivs_encode_path, ivs_encode_query, ivs_encode_body};
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    const struct ivs_op *o = full_request(op);
    for (int e = 0; e < 3; e++) {
      struct ivs_out count = {0};
      encoders[e](o, request, &count);
      char *buffer = check_guard(count.n);
      for (size_t cap = 0; cap <= count.n; cap++) {
        struct ivs_out out = ivs_out_to(buffer + count.n - cap, cap);
        encoders[e](o, request, &out);
        CHECK_INT(out.n, count.n);
        CHECK_INT(ivs_out_end(&out), cap < count.n ? IVS_ERR_SPACE : 0);
      }
      size_t tokens;
      if (e == 2 && o->method == IVS_POST) CHECK_INT(ivs_json_check(buffer, count.n, &tokens), 0);
      check_guard_free(buffer, count.n);
    }
  }
}

/* ---- the bytes of a request ---- */

static char wire_text[4096];

static const char *wire(unsigned op, const void *in) {
  struct ivs_out o = ivs_out_to(wire_text, sizeof wire_text - 1);
  ivs_str culprit;
  CHECK_INT(ivs_encode_judge(&ivs_ops[op], in, nowhere, &culprit), 0);
  ivs_encode_path(&ivs_ops[op], in, &o);
  ivs_put_char(&o, '?');
  ivs_encode_query(&ivs_ops[op], in, &o);
  ivs_put_char(&o, ' ');
  ivs_encode_body(&ivs_ops[op], in, &o);
  CHECK_INT(ivs_out_end(&o), 0);
  wire_text[o.n] = '\0';
  return wire_text;
}

#define CHECK_WIRE(op, in, text) CHECK_MEM(wire(op, in), strlen(wire_text), text, strlen(text))

static void absent_empty_false_zero(void) {
  struct ivs_create_channel_in channel = {0};
  CHECK_WIRE(IVS_OP_CREATE_CHANNEL, &channel, "/CreateChannel? {}");
  channel.name = IVS_STR("");
  channel.authorized = IVS_FALSE;
  channel.insecure_ingest = IVS_TRUE;
  channel.tags.items = (const ivs_pair *)"";
  channel.multitrack_input_configuration.present = true;
  CHECK_WIRE(IVS_OP_CREATE_CHANNEL, &channel,
             "/CreateChannel? {\"name\":\"\",\"authorized\":false,\"tags\":{},\"insecureIngest\":true,\"multitrackInputConfiguration\":{}}");

  struct ivs_update_channel_in update = {.arn = IVS_STR("a"), .recording_configuration_arn = IVS_STR("")};
  CHECK_WIRE(IVS_OP_UPDATE_CHANNEL, &update, "/UpdateChannel? {\"arn\":\"a\",\"recordingConfigurationArn\":\"\"}");

  struct ivs_list_streams_in streams = {0};
  CHECK_WIRE(IVS_OP_LIST_STREAMS, &streams, "/ListStreams? {}");
  streams.max_results = IVS_INT(0);
  CHECK_WIRE(IVS_OP_LIST_STREAMS, &streams, "/ListStreams? {\"maxResults\":0}");
  streams.filter_by.present = true;
  streams.max_results = IVS_INT(INT64_MIN);
  CHECK_WIRE(IVS_OP_LIST_STREAMS, &streams, "/ListStreams? {\"filterBy\":{},\"maxResults\":-9223372036854775808}");
  streams.filter_by.present = false;
  streams.filter_by.health = IVS_STR("");
  streams.max_results = IVS_INT(INT64_MAX);
  CHECK_WIRE(IVS_OP_LIST_STREAMS, &streams, "/ListStreams? {\"filterBy\":{\"health\":\"\"},\"maxResults\":9223372036854775807}");

  struct ivs_batch_get_channel_in batch = {0};
  batch.arns.items = (const ivs_str *)"";
  CHECK_WIRE(IVS_OP_BATCH_GET_CHANNEL, &batch, "/BatchGetChannel? {\"arns\":[]}");
}

static void lists_on_the_wire(void) {
  const ivs_str two[] = {IVS_STR("a"), IVS_STR("")};
  const ivs_pair pairs[] = {{IVS_STR("k"), IVS_STR("v")}, {IVS_STR(""), IVS_STR("\"")}};
  struct ivs_batch_get_channel_in batch = {.arns = {.items = two, .count = 2}};
  CHECK_WIRE(IVS_OP_BATCH_GET_CHANNEL, &batch, "/BatchGetChannel? {\"arns\":[\"a\",\"\"]}");

  struct ivs_tag_resource_in tag = {.resource_arn = IVS_STR("arn:a/b c+%\xc3\xa9~"), .tags = {.items = pairs, .count = 2}};
  CHECK_WIRE(IVS_OP_TAG_RESOURCE, &tag, "/tags/arn%3Aa%2Fb%20c%2B%25%C3%A9~? {\"tags\":{\"k\":\"v\",\"\":\"\\\"\"}}");

  const ivs_str keys[] = {IVS_STR("b&="), IVS_STR("a"), IVS_STR("")};
  struct ivs_untag_resource_in untag = {.resource_arn = IVS_STR("x"), .tag_keys = {.items = keys, .count = 3}};
  CHECK_WIRE(IVS_OP_UNTAG_RESOURCE, &untag, "/tags/x?tagKeys=b%26%3D&tagKeys=a&tagKeys= ");

  struct ivs_list_tags_for_resource_in list = {.resource_arn = IVS_STR("x")};
  CHECK_WIRE(IVS_OP_LIST_TAGS_FOR_RESOURCE, &list, "/tags/x? ");

  /* An element of a list is there even if nothing in it is; members that are required are still asked for. */
  struct ivs_media_tailor_playback_configuration ads[3];
  memset(ads, 0, sizeof ads);
  ads[1].playback_configuration_arn = IVS_STR("b");
  struct ivs_update_ad_configuration_in ad = {.arn = IVS_STR("a"), .media_tailor_playback_configurations = {.items = ads, .count = 3}};
  CHECK_WIRE(IVS_OP_UPDATE_AD_CONFIGURATION, &ad,
             "/UpdateAdConfiguration? {\"arn\":\"a\",\"mediaTailorPlaybackConfigurations\":[{},{\"playbackConfigurationArn\":\"b\"},{}]}");
}

/* One member set, however deep and without `present`, is enough for the structs around it. */
static void one_member_alone(uint8_t type, char *base, const struct ivs_op *op, unsigned *tried) {
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    char *at = base + f->offset, body[512], name[80];
    if (f->flags & (IVS_F_PATH | IVS_F_QUERY)) continue;
    if (f->kind == IVS_K_STRUCT) {
      one_member_alone(f->type, at, op, tried);
      continue;
    }
    if (f->kind == IVS_K_BOOL) *(ivs_bool *)at = IVS_FALSE;
    else if (f->kind == IVS_K_INT) *(ivs_int *)(void *)at = IVS_INT(0);
    else *(const void **)(void *)at = ""; /* empty text or list: both begin with the pointer */
    struct ivs_out o = ivs_out_to(body, sizeof body);
    ivs_encode_body(op, request, &o);
    snprintf(name, sizeof name, "\"%.*s\":", (int)ivs_name(f->name).n, ivs_name(f->name).p);
    CHECK(check_holds(body, o.n, name));
    memset(at, 0, kind_size[f->kind]);
    ++*tried;
  }
}

static void structs_without_present(void) {
  unsigned tried = 0;
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    if (ivs_ops[op].method != IVS_POST) continue;
    memset(request, 0, sizeof request);
    one_member_alone(ivs_ops[op].in, request, &ivs_ops[op], &tried);
  }
  CHECK(tried > 80);
}

/* ---- answers ---- */

/* Text of an answer with everything in it: every struct, two elements in every list. */
struct builder {
  struct ivs_out o;
  bool lists;        /* else they are empty */
  const char *texts; /* as JSON */
  const char *only;  /* all members have this value instead */
};

static void build(struct builder *b, uint8_t type);

static void build_list(struct builder *b, const struct ivs_field *f) {
  ivs_put_char(&b->o, f->kind == IVS_K_MAP ? '{' : '[');
  for (int i = 0; b->lists && i < 2; i++) {
    if (i > 0) ivs_put_text(&b->o, " , ");
    if (f->kind == IVS_K_LIST) build(b, f->type);
    else ivs_put_text(&b->o, b->texts);
    if (f->kind == IVS_K_MAP) ivs_put_text(&b->o, "\t:\"v\"");
  }
  ivs_put_char(&b->o, f->kind == IVS_K_MAP ? '}' : ']');
}

static void build_value(struct builder *b, const struct ivs_field *f) {
  if (b->only != NULL) {
    ivs_put_text(&b->o, b->only);
    return;
  }
  switch (f->kind) {
    case IVS_K_STR: ivs_put_text(&b->o, b->texts); return;
    case IVS_K_BOOL: ivs_put_text(&b->o, "true"); return;
    case IVS_K_INT: ivs_put_text(&b->o, "12"); return;
    case IVS_K_TIME: ivs_put_text(&b->o, "\"2026-11-22T09:30:00.5Z\""); return;
    case IVS_K_STRUCT: build(b, f->type); return;
    default: build_list(b, f);
  }
}

static void build(struct builder *b, uint8_t type) {
  ivs_put_char(&b->o, '{');
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    if (i > 0) ivs_put_char(&b->o, ',');
    ivs_json_put_str(&b->o, ivs_name(f->name));
    ivs_put_char(&b->o, ':');
    build_value(b, f);
  }
  ivs_put_char(&b->o, '}');
}

static char answer_text[TEXT_MAX];

static ivs_str built(uint8_t type, bool with_lists, const char *text, const char *only) {
  struct builder b = {ivs_out_to(answer_text, sizeof answer_text), with_lists, text, only};
  build(&b, type);
  if (ivs_out_end(&b.o) != 0) abort();
  return (ivs_str){answer_text, b.o.n};
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

/* Reads what decode() left: every list to its end. *elements counts them, and all texts must be `text`. 0 or the first error. */
static int drain(struct reading *a, uint8_t type, char *base, const char *text, unsigned *elements) {
  static const ivs_str v = IVS_STR_INIT("v");
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    char *at = base + f->offset;
    int r = 0;
    if (f->kind == IVS_K_STR) CHECK_STR(*(ivs_str *)(void *)at, text);
    if (f->kind == IVS_K_BOOL) CHECK_INT(*(ivs_bool *)at, IVS_TRUE);
    if (f->kind == IVS_K_INT) CHECK(((ivs_int *)(void *)at)->set && ((ivs_int *)(void *)at)->value == 12);
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

/* With too few tokens nothing is touched behind them, and the same text can be read with enough. */
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
      /* Empty maps and lists are no objects of the reader: the check counts one token more for a map. */
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
      [IVS_K_STR] = "100000", [IVS_K_BOOL] = "000100", [IVS_K_INT] = "010000", [IVS_K_TIME] = "011000",
      [IVS_K_STRUCT] = "000001", [IVS_K_LIST] = "000010", [IVS_K_STRS] = "000010", [IVS_K_MAP] = "000001"};
  unsigned seen = 0;
  for (uint8_t type = 1; type <= ivs_ops[IVS_OP_COUNT - 1].out; type++)
    for (unsigned i = 0; i < ivs_types[type].count; i++)
      for (int v = 0; v < 6; v++) {
        const struct ivs_field *f = field_of(type, i);
        char text[128];
        struct reading a;
        ivs_str name = ivs_name(f->name);
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
  CHECK_INT(answer(IVS_OP_LIST_TAGS_FOR_RESOURCE, "{\"tags\":{\"a\":null,\"b\":1,\"\\u0063\":\"d\"}}", &a), 0);
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
  static const char text[] = "{\"channels\":[ {\"arn\":\"a\\tb\"} , {\"arn\":\"c\"},{\"arn\":\"d\"}]}";
  struct reading a;
  struct ivs_channel_summary channel;
  CHECK_INT(answer(IVS_OP_LIST_CHANNELS, text, &a), 0);
  struct ivs_span *rest = &((struct ivs_list_channels_out *)(void *)a.out)->channels.rest, fresh = *rest;
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
  for (int i = 0; i < 2; i++) CHECK_INT(ivs_decode_next(a.arena, rest, &channel, &a.culprit), IVS_ERR_USED);
  CHECK_INT(ivs_decode_next(a.arena, &fresh, &channel, &a.culprit), IVS_ERR_USED);
  CHECK_INT(ivs_decode_count(rest), 0);
  close_reading(&a);
}

static void absent_and_empty_lists(void) {
  static const struct {
    const char *text;
    bool there;
  } cases[] = {{"{}", false}, {"{\"channels\":null}", false}, {"{\"channels\":[]}", true}, {"{\"channels\":[ \n]}", true},
               {"{\"channels\":[null]}", true}, {"{\"channels\":[null , null]}", true}};
  for (int i = 0; i < 6; i++) {
    struct reading a;
    struct ivs_channel_summary channel;
    CHECK_INT(answer(IVS_OP_LIST_CHANNELS, cases[i].text, &a), 0);
    struct ivs_span *rest = &((struct ivs_list_channels_out *)(void *)a.out)->channels.rest;
    CHECK_INT(rest->p != NULL, cases[i].there);
    CHECK_INT(ivs_decode_count(rest), 0);
    CHECK_INT(ivs_decode_next(a.arena, rest, &channel, &a.culprit), 0);
    CHECK_INT(ivs_decode_next(a.arena, rest, &channel, &a.culprit), cases[i].there ? IVS_ERR_USED : 0);
    close_reading(&a);
  }
}

/* The last of several counts, also when it is null; what an earlier one left is gone. */
static void repeated_members(void) {
  struct reading a;
  CHECK_INT(answer(IVS_OP_GET_CHANNEL,
                   "{\"channel\":{\"arn\":\"a\",\"name\":\"n\"},\"channel\":{\"arn\":\"b\",\"arn\":\"c\",\"authorized\":true,"
                   "\"authorized\":null,\"tags\":{\"x\":\"y\"},\"tags\":null,\"srt\":{\"endpoint\":\"e\"},\"srt\":null}}", &a), 0);
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
  } cases[] = {{"0", 0, true}, {"-0", 0, true}, {"9223372036854775807", INT64_MAX, true}, {"-9223372036854775808", INT64_MIN, true},
               {"9223372036854775808", 0, false}, {"-9223372036854775809", 0, false}, {"18446744073709551616", 0, false},
               {"99999999999999999999", 0, false}, {"1.0", 0, false}, {"1e2", 0, false}, {"1E2", 0, false}, {"-1", -1, true}};
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
  } cases[] = {{"\"2026-11-22T09:30:00Z\"", "2026-11-22T09:30:00Z", 1795339800}, {"\"2026-11-22T09:30:00.999999999Z\"", "2026-11-22T09:30:00.999999999Z", 1795339800},
               {"\"2026-11-22T09:30:00.5+05:30\"", "2026-11-22T09:30:00.5+05:30", 1795320000}, {"\"2026-11-22T09:30:00\\u005a\"", "2026-11-22T09:30:00Z", 1795339800},
               {"\"1969-12-31T23:59:59-00:01\"", "1969-12-31T23:59:59-00:01", 59}, {"1795339800", "1795339800", 1795339800}, {"1795339800.75", "1795339800.75", 1795339800},
               {"1.7e9", NULL, 0}, {"1E9", NULL, 0}, {"\"\"", NULL, 0}, {"\"now\"", NULL, 0}, {"\"2026-02-30T00:00:00Z\"", NULL, 0}, {"true", NULL, 0}};
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
                   "{\"Channel\":1,\"chann\":[],\"channels\":{\"arn\":[{}]},\"\":\"\",\"\\u0063h\\u0061nnel\" : {\"arn\\u0000\":1,\"\\u0061rn\":\"a\"}}", &a), 0);
  CHECK_STR(((struct ivs_get_channel_out *)(void *)a.out)->channel.arn, "a");
  close_reading(&a);
}

/* ---- the tables ---- */

/* Structs that are open at the same time; requests walk through lists, answers open their elements on their own. */
static unsigned nesting(uint8_t type, bool through_lists) {
  unsigned deepest = 0;
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    bool inside = f->kind == IVS_K_STRUCT || (f->kind == IVS_K_LIST && through_lists);
    unsigned d = inside ? nesting(f->type, through_lists) : 0;
    if (d > deepest) deepest = d;
  }
  return deepest + 1;
}

/* How deep the JSON of an answer goes. */
static unsigned json_depth(uint8_t type) {
  unsigned deepest = 0;
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    unsigned d = f->kind < IVS_K_STRUCT ? 0 : f->kind == IVS_K_STRUCT ? json_depth(f->type) : f->kind == IVS_K_LIST ? 1 + json_depth(f->type) : 1;
    if (d > deepest) deepest = d;
  }
  return deepest + 1;
}

static void invariants(void) {
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    const struct ivs_op *o = &ivs_ops[op];
    CHECK(nesting(o->in, true) <= DEPTH);
    CHECK(nesting(o->out, false) <= DEPTH);
    CHECK(json_depth(o->out) <= 8); /* the least that IVS_JSON_DEPTH can be set to */
    CHECK(o->method <= IVS_DELETE && o->repeat <= IVS_CUE);
    unsigned path = 0, query = 0;
    for (unsigned i = 0; i < ivs_types[o->in].count; i++) {
      const struct ivs_field *f = field_of(o->in, i);
      if (f->flags & IVS_F_PATH) path += f->kind == IVS_K_STR && (f->flags & IVS_F_REQUIRED) ? 1 : 9;
      if (f->flags & IVS_F_QUERY) query += f->kind == IVS_K_STRS && (f->flags & IVS_F_REQUIRED) ? 1 : 9;
      CHECK(f->kind != IVS_K_TIME);
      /* What is not in a body goes where the request has a place for it. */
      if (o->method != IVS_POST) CHECK(f->flags & (IVS_F_PATH | IVS_F_QUERY));
    }
    CHECK(path <= 1 && query <= 1);
  }
}

int main(void) {
  RUN(invariants);
  RUN(required_members);
  RUN(invalid_utf8);
  RUN(overlap);
  RUN(answer_list_in_request);
  RUN(empty_overlaps_nothing);
  RUN(every_room);
  RUN(absent_empty_false_zero);
  RUN(lists_on_the_wire);
  RUN(structs_without_present);
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
