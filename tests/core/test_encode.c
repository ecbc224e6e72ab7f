/*
 * Requests to bytes. What holds for every operation is tried by the tables on every operation;
 * comparison with another implementation is in tests/botocore/.
 */
#include "by_table.h"

enum { DEPTH = 6 /* of encode.c */ };

static const struct ivs_region nowhere = {NULL, 0};

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
  static const ivs_str bad[] = {IVS_STR_INIT("\xff"), IVS_STR_INIT("ab\xc3"),
                                IVS_STR_INIT("\xed\xa0\x80"), IVS_STR_INIT("\xc0\x80 ")};
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
  const struct ivs_region touching[] = {{p, 1},         {p + n - 1, 1},  {p - 8, 9},
                                        {p + n - 1, 8}, {p - 8, n + 16}, {p + n / 2, 1}};
  const struct ivs_region beside[] = {{p - 1, 1}, {p + n, 1}, {p - 8, 8},
                                      {p + n, 8}, {p, 0},     {NULL, 0}};
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
    for (unsigned i = 0; i < lists.count; i++)
      check_region(o, lists.site[i].at, lists.site[i].n, lists.site[i].name);
  }
}

/* A list of an answer lies in the workspace; it is not sent. */
static void answer_list_in_request(void) {
  char text[] = "[\"a\"]";
  struct ivs_batch_get_channel_in in = {0};
  ivs_str culprit;
  in.arns.rest = (ivs_span){text + 1, 4, IVS_K_STRS, 0};
  CHECK_INT(ivs_encode_judge(&ivs_ops[IVS_OP_BATCH_GET_CHANNEL], &in, nowhere, &culprit),
            IVS_ERR_OVERLAP);
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

static ivs_str wire(unsigned op, const void *in) {
  struct ivs_out o = ivs_out_to(wire_text, sizeof wire_text);
  ivs_str culprit;
  CHECK_INT(ivs_encode_judge(&ivs_ops[op], in, nowhere, &culprit), 0);
  ivs_encode_path(&ivs_ops[op], in, &o);
  ivs_put_char(&o, '?');
  ivs_encode_query(&ivs_ops[op], in, &o);
  ivs_put_char(&o, ' ');
  ivs_encode_body(&ivs_ops[op], in, &o);
  CHECK_INT(ivs_out_end(&o), 0);
  return (ivs_str){wire_text, o.n};
}

static void absent_empty_false_zero(void) {
  struct ivs_create_channel_in channel = {0};
  CHECK_STR(wire(IVS_OP_CREATE_CHANNEL, &channel), "/CreateChannel? {}");
  channel.name = IVS_STR("");
  channel.authorized = IVS_FALSE;
  channel.insecure_ingest = IVS_TRUE;
  channel.tags.items = (const ivs_pair *)"";
  channel.multitrack_input_configuration.present = true;
  CHECK_STR(wire(IVS_OP_CREATE_CHANNEL, &channel),
            "/CreateChannel? "
            "{\"name\":\"\",\"authorized\":false,\"tags\":{},\"insecureIngest\":true,"
            "\"multitrackInputConfiguration\":{}}");

  channel = (struct ivs_create_channel_in){.authorized = true}; /* C's, not IVS_TRUE */
  channel.multitrack_input_configuration.enabled = IVS_FALSE;
  CHECK_STR(wire(IVS_OP_CREATE_CHANNEL, &channel),
            "/CreateChannel? "
            "{\"authorized\":true,\"multitrackInputConfiguration\":{\"enabled\":false}}");

  struct ivs_update_channel_in update = {.arn = IVS_STR("a"),
                                         .recording_configuration_arn = IVS_STR("")};
  CHECK_STR(wire(IVS_OP_UPDATE_CHANNEL, &update),
            "/UpdateChannel? {\"arn\":\"a\",\"recordingConfigurationArn\":\"\"}");

  struct ivs_list_streams_in streams = {0};
  CHECK_STR(wire(IVS_OP_LIST_STREAMS, &streams), "/ListStreams? {}");
  streams.max_results = IVS_INT(0);
  CHECK_STR(wire(IVS_OP_LIST_STREAMS, &streams), "/ListStreams? {\"maxResults\":0}");
  streams.filter_by.present = true;
  streams.max_results = IVS_INT(INT64_MIN);
  CHECK_STR(wire(IVS_OP_LIST_STREAMS, &streams),
            "/ListStreams? {\"filterBy\":{},\"maxResults\":-9223372036854775808}");
  streams.filter_by.present = false;
  streams.filter_by.health = IVS_STR("");
  streams.max_results = IVS_INT(INT64_MAX);
  CHECK_STR(wire(IVS_OP_LIST_STREAMS, &streams),
            "/ListStreams? {\"filterBy\":{\"health\":\"\"},\"maxResults\":9223372036854775807}");

  struct ivs_batch_get_channel_in batch = {0};
  batch.arns.items = (const ivs_str *)"";
  CHECK_STR(wire(IVS_OP_BATCH_GET_CHANNEL, &batch), "/BatchGetChannel? {\"arns\":[]}");
}

static void lists_on_the_wire(void) {
  const ivs_str two[] = {IVS_STR("a"), IVS_STR("")};
  const ivs_pair pairs[] = {{IVS_STR("k"), IVS_STR("v")}, {IVS_STR(""), IVS_STR("\"")}};
  struct ivs_batch_get_channel_in batch = {.arns = {.items = two, .count = 2}};
  CHECK_STR(wire(IVS_OP_BATCH_GET_CHANNEL, &batch), "/BatchGetChannel? {\"arns\":[\"a\",\"\"]}");

  struct ivs_tag_resource_in tag = {.resource_arn = IVS_STR("arn:a/b c+%\xc3\xa9~"),
                                    .tags = {.items = pairs, .count = 2}};
  CHECK_STR(wire(IVS_OP_TAG_RESOURCE, &tag),
            "/tags/arn%3Aa%2Fb%20c%2B%25%C3%A9~? {\"tags\":{\"k\":\"v\",\"\":\"\\\"\"}}");

  const ivs_str keys[] = {IVS_STR("b&="), IVS_STR("a"), IVS_STR("")};
  struct ivs_untag_resource_in untag = {.resource_arn = IVS_STR("x"),
                                        .tag_keys = {.items = keys, .count = 3}};
  CHECK_STR(wire(IVS_OP_UNTAG_RESOURCE, &untag), "/tags/x?tagKeys=b%26%3D&tagKeys=a&tagKeys= ");

  struct ivs_list_tags_for_resource_in list = {.resource_arn = IVS_STR("x")};
  CHECK_STR(wire(IVS_OP_LIST_TAGS_FOR_RESOURCE, &list), "/tags/x? ");

  /* An element of a list is there even if nothing in it is; members that are required are still
     asked for. */
  struct ivs_media_tailor_playback_configuration ads[3];
  memset(ads, 0, sizeof ads);
  ads[1].playback_configuration_arn = IVS_STR("b");
  struct ivs_update_ad_configuration_in ad = {
      .arn = IVS_STR("a"), .media_tailor_playback_configurations = {.items = ads, .count = 3}};
  CHECK_STR(wire(IVS_OP_UPDATE_AD_CONFIGURATION, &ad),
            "/UpdateAdConfiguration? "
            "{\"arn\":\"a\",\"mediaTailorPlaybackConfigurations\":[{},{"
            "\"playbackConfigurationArn\":\"b\"},{}]}");
}

/* What a request must have at its top, as empty as possible: texts and lists begin with their
   pointer. */
static void fill_required(uint8_t type) {
  memset(request, 0, sizeof request);
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    if (!(f->flags & IVS_F_REQUIRED)) continue;
    if (f->kind == IVS_K_INT) *(ivs_int *)(void *)(request + f->offset) = IVS_INT(0);
    else if (f->kind == IVS_K_STRUCT) request[f->offset] = true;
    else *(const void **)(void *)(request + f->offset) = "";
  }
}

/* True if the struct has a required member of that name beside f. */
static bool requires(uint8_t type, const struct ivs_field *f, ivs_str name) {
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *other = field_of(type, i);
    if (other != f && (other->flags & IVS_F_REQUIRED) && ivs_str_eq(ivs_field_name(other), name))
      return true;
  }
  return false;
}

/* One member set, however deep and without `present`, is enough for the structs around it. */
static void one_member_alone(uint8_t type, char *base, const struct ivs_op *op, unsigned *tried) {
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    char *at = base + f->offset, body[512], name[80];
    if (f->kind == IVS_K_STRUCT) {
      bool there = *(bool *)at;
      *(bool *)at = false;
      one_member_alone(f->type, at, op, tried);
      *(bool *)at = there;
      continue;
    }
    if (base == request && (f->flags & IVS_F_REQUIRED)) continue;
    if (f->kind == IVS_K_BOOL) *(ivs_bool *)at = IVS_FALSE;
    else if (f->kind == IVS_K_INT) *(ivs_int *)(void *)at = IVS_INT(0);
    else *(const void **)(void *)at = "";
    ivs_str culprit;
    struct ivs_out o = ivs_out_to(body, sizeof body);
    int r = judge(op, nowhere, &culprit);
    ivs_encode_body(op, request, &o);
    snprintf(name, sizeof name, "\"%.*s\":", (int)ivs_field_name(f).n, ivs_field_name(f).p);
    /* Where its struct has another member that is required, that one is asked for: so the struct
       counts as there. */
    CHECK(r == 0 ? check_holds(body, o.n, name)
                 : r == IVS_ERR_REQUIRED && requires(type, f, culprit));
    *tried += r == 0;
    memset(at, 0, kind_size[f->kind]);
  }
}

static void structs_without_present(void) {
  unsigned tried = 0;
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    if (ivs_ops[op].method != IVS_POST) continue;
    fill_required(ivs_ops[op].in);
    one_member_alone(ivs_ops[op].in, request, &ivs_ops[op], &tried);
  }
  CHECK(tried > 60);
}

/* ---- the tables ---- */

/* Structs that are open at the same time, those in lists included. */
static unsigned nesting(uint8_t type) {
  unsigned deepest = 0;
  for (unsigned i = 0; i < ivs_types[type].count; i++) {
    const struct ivs_field *f = field_of(type, i);
    unsigned d = f->kind == IVS_K_STRUCT || f->kind == IVS_K_LIST ? nesting(f->type) : 0;
    if (d > deepest) deepest = d;
  }
  return deepest + 1;
}

/* Structs within a struct, without those in lists. */
static unsigned inner_structs(uint8_t type) {
  unsigned n = 0;
  for (unsigned i = 0; i < ivs_types[type].count; i++)
    if (field_of(type, i)->kind == IVS_K_STRUCT) n += 1 + inner_structs(field_of(type, i)->type);
  return n;
}

static void tables(void) {
  for (unsigned op = 0; op < IVS_OP_COUNT; op++) {
    const struct ivs_op *o = &ivs_ops[op];
    CHECK(nesting(o->in) <= DEPTH);
    CHECK(o->method <= IVS_DELETE && o->repeat <= IVS_CUE);
    unsigned path = 0, query = 0;
    for (unsigned i = 0; i < ivs_types[o->in].count; i++) {
      const struct ivs_field *f = field_of(o->in, i);
      bool must = (f->flags & IVS_F_REQUIRED) != 0,
           outside = (f->flags & (IVS_F_PATH | IVS_F_QUERY)) != 0;
      if (f->flags & IVS_F_PATH) path += must && f->kind == IVS_K_STR ? 1 : 9;
      if (f->flags & IVS_F_QUERY) query += must && f->kind == IVS_K_STRS ? 1 : 9;
      if (f->kind == IVS_K_STRUCT)
        CHECK(inner_structs(f->type) < DEPTH); /* all of them wait to be looked at */
      CHECK(f->kind != IVS_K_TIME);
      CHECK(outside || o->method == IVS_POST); /* only a POST has a body */
    }
    CHECK(path <= 1 && query <= 1);
  }
}

int main(void) {
  RUN(tables);
  RUN(required_members);
  RUN(invalid_utf8);
  RUN(overlap);
  RUN(answer_list_in_request);
  RUN(empty_overlaps_nothing);
  RUN(every_room);
  RUN(absent_empty_false_zero);
  RUN(lists_on_the_wire);
  RUN(structs_without_present);
  return check_done();
}
