/*
 * The request check: every limit of the tables, just inside and just outside, found through a whole
 * request.
 */
#include "../check.h"

#include <ivs/ivs.h>

#define ARN "arn:aws:ivs:eu-west-1:123456789012:channel/AbCdEf123456"

static ivs_str culprit;

static int check(enum ivs_op_id op, const void *in) {
  struct ivs_region none = {NULL, 0};
  int r = ivs_encode_judge(&ivs_ops[op], in, none, &culprit);
  return r < 0 ? r : ivs_encode_check(&ivs_ops[op], in, ivs_check_member, &culprit);
}

/* The fields of operations come last in their table. */
static const struct ivs_field *end_of_fields(void) {
  int end = 0;
  for (int op = 0; op < IVS_OP_COUNT; op++) {
    const struct ivs_type *in = &ivs_types[ivs_ops[op].in], *out = &ivs_types[ivs_ops[op].out];
    if (in->first + in->count > end) end = in->first + in->count;
    if (out->first + out->count > end) end = out->first + out->count;
  }
  return ivs_fields + end;
}

/* The limits of one field, judged alone: min - 1, min, max, max + 1 of whatever it counts. */
static void every_text_and_number(void) {
  static char text[5000];
  int texts = 0, numbers = 0;
  memset(text, 'a', sizeof text);
  memcpy(text, "arn:aws:", 8);
  for (const struct ivs_field *f = ivs_fields; f < end_of_fields(); f++) {
    const struct ivs_limit *l = &ivs_limits[f->limit];
    if (f->limit == 0) continue;
    for (int64_t n = (int64_t)l->min - 1; n <= (int64_t)l->max + 1;
         n += n == (int64_t)l->min ? l->max - l->min : 1) {
      bool good = n >= l->min && n <= l->max;
      if (f->kind == IVS_K_STR && n >= 0 && n < (int64_t)sizeof text) {
        ivs_str s = {text, (size_t)n};
        int r = ivs_check_member(f, &s);
        CHECK(good ? r == 0 || (r == IVS_ERR_ARN && n > 0 && n < 8) : r == IVS_ERR_LENGTH);
        texts++;
      } else if (f->kind == IVS_K_INT) {
        ivs_int v = {n, true};
        CHECK_INT(ivs_check_member(f, &v), good ? 0 : IVS_ERR_RANGE);
        numbers++;
      }
      if (n > 100000 || (l->max == l->min && n == l->min)) break;
    }
  }
  CHECK(texts > 100 && numbers > 20);
}

/* Members of answers have no limits, and a check of them finds nothing. */
static void no_limit_no_fault(void) {
  ivs_str text = IVS_STR("");
  ivs_int number = {INT64_MIN, true};
  struct ivs_tags map = {0};
  int seen[IVS_K_MAP + 1] = {0};
  for (const struct ivs_field *f = ivs_fields; f < end_of_fields(); f++) {
    if (f->limit != 0) continue;
    if (f->kind == IVS_K_STR) CHECK_INT(ivs_check_member(f, &text), 0);
    if (f->kind == IVS_K_INT) CHECK_INT(ivs_check_member(f, &number), 0);
    if (f->kind == IVS_K_MAP) CHECK_INT(ivs_check_member(f, &map), 0);
    seen[f->kind]++;
  }
  CHECK(seen[IVS_K_STR] > 0 && seen[IVS_K_INT] > 0);
}

/* An ARN that ends before its partition does; lists of texts that are none, or too long. */
static void arns_in_lists(void) {
  static char longest[200];
  ivs_str arns[2] = {IVS_STR_INIT(ARN), IVS_STR_INIT("arn:aws-cn")};
  struct ivs_batch_get_channel_in in = {.arns.items = arns, .arns.count = 2};
  memset(longest, 'a', sizeof longest);
  CHECK_INT(check(IVS_OP_BATCH_GET_CHANNEL, &in), IVS_ERR_ARN);
  arns[1] = (ivs_str){longest, sizeof longest};
  CHECK_INT(check(IVS_OP_BATCH_GET_CHANNEL, &in), IVS_ERR_LENGTH);
  arns[1] = IVS_STR(ARN);
  CHECK_INT(check(IVS_OP_BATCH_GET_CHANNEL, &in), 0);
  struct ivs_create_playback_restriction_policy_in policy = {.allowed_countries.items = arns,
                                                             .allowed_countries.count = 1};
  arns[0] = IVS_STR("DE"); /* a text that is to be no ARN */
  CHECK_INT(check(IVS_OP_CREATE_PLAYBACK_RESTRICTION_POLICY, &policy), 0);
}

/* Length is in characters: 128 of four bytes each are a good channel name's length. */
static void characters_not_bytes(void) {
  char name[129 * 4];
  struct ivs_create_channel_in in = {.name = {name, 128 * 4}};
  for (size_t i = 0; i < 129; i++) memcpy(name + 4 * i, "\xf0\x9f\x98\x80", 4);
  CHECK_INT(check(IVS_OP_CREATE_CHANNEL, &in), 0);
  in.name.n += 4;
  CHECK_INT(check(IVS_OP_CREATE_CHANNEL, &in), IVS_ERR_LENGTH);
  CHECK_STR(culprit, "name");
}

static void arns(void) {
  static const struct {
    const char *text;
    int result;
  } cases[] = {
      {ARN, 0},
      {"arn:aws-cn:ivs", 0},
      {"arn:aws-us-gov:", 0},
      {"arn:aws:", 0},
      {"arn:aws", IVS_ERR_ARN},
      {"arn:aws1:x", IVS_ERR_ARN},
      {"arn:Aws:x", IVS_ERR_ARN},
      {"channel/x", IVS_ERR_ARN},
      {"a", IVS_ERR_ARN},
      {" arn:aws:x", IVS_ERR_ARN},
      {"", IVS_ERR_LENGTH},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct ivs_get_channel_in in = {.arn = ivs_cstr(cases[i].text)};
    CHECK_INT(check(IVS_OP_GET_CHANNEL, &in), cases[i].result);
    if (cases[i].result != 0) CHECK_STR(culprit, "arn");
    ivs_str items[2] = {IVS_STR(ARN), ivs_cstr(cases[i].text)};
    struct ivs_batch_get_channel_in many = {.arns = {.items = items, .count = 2}};
    CHECK_INT(check(IVS_OP_BATCH_GET_CHANNEL, &many), cases[i].result);
  }
  /* "" detaches a recording configuration */
  struct ivs_update_channel_in detach = {.arn = IVS_STR(ARN),
                                         .recording_configuration_arn = IVS_STR("")};
  CHECK_INT(check(IVS_OP_UPDATE_CHANNEL, &detach), 0);
}

static void lists_and_maps(void) {
  static ivs_str items[51];
  static ivs_pair tags[51];
  char value[257];
  memset(value, 'v', sizeof value);
  for (size_t i = 0; i < 51; i++) {
    items[i] = IVS_STR(ARN);
    tags[i].name = IVS_STR("k");
    tags[i].value = IVS_STR("");
  }
  for (size_t n = 0; n <= 51; n++) {
    struct ivs_batch_get_channel_in in = {.arns = {.items = items, .count = n}};
    CHECK_INT(check(IVS_OP_BATCH_GET_CHANNEL, &in), n >= 1 && n <= 50 ? 0 : IVS_ERR_LENGTH);
    struct ivs_create_channel_in tagged = {.tags = {.items = tags, .count = n}};
    CHECK_INT(check(IVS_OP_CREATE_CHANNEL, &tagged), n <= 50 ? 0 : IVS_ERR_LENGTH);
  }
  struct ivs_create_channel_in in = {.tags = {.items = tags, .count = 1}};
  tags[0].value = (ivs_str){value, 256};
  CHECK_INT(check(IVS_OP_CREATE_CHANNEL, &in), 0);
  tags[0].value.n = 257;
  CHECK_INT(check(IVS_OP_CREATE_CHANNEL, &in), IVS_ERR_LENGTH);
  tags[0].value.n = 1;
  tags[0].name = (ivs_str){value, 128};
  CHECK_INT(check(IVS_OP_CREATE_CHANNEL, &in), 0);
  tags[0].name.n = 129;
  CHECK_INT(check(IVS_OP_CREATE_CHANNEL, &in), IVS_ERR_LENGTH);
  tags[0].name.n = 0;
  CHECK_INT(check(IVS_OP_CREATE_CHANNEL, &in), IVS_ERR_LENGTH);
  CHECK_STR(culprit, "tags");
}

/* Also inside of structs and of lists of structs, and in the path and query. */
static void every_depth(void) {
  struct ivs_create_recording_configuration_in in = {.destination_configuration.s3.bucket_name =
                                                         IVS_STR("ab")};
  CHECK_INT(check(IVS_OP_CREATE_RECORDING_CONFIGURATION, &in), IVS_ERR_LENGTH);
  CHECK_STR(culprit, "bucketName");
  struct ivs_batch_start_viewer_session_revocation_viewer_session sessions[2] = {
      {.channel_arn = IVS_STR(ARN), .viewer_id = IVS_STR("v")},
      {.channel_arn = IVS_STR(ARN),
       .viewer_id = IVS_STR("v"),
       .viewer_session_versions_less_than_or_equal_to = IVS_INT(-1)},
  };
  struct ivs_batch_start_viewer_session_revocation_in batch = {
      .viewer_sessions = {.items = sessions, .count = 2}};
  CHECK_INT(check(IVS_OP_BATCH_START_VIEWER_SESSION_REVOCATION, &batch), IVS_ERR_RANGE);
  CHECK_STR(culprit, "viewerSessionVersionsLessThanOrEqualTo");
  ivs_str keys[1] = {IVS_STR("")};
  struct ivs_untag_resource_in untag = {.resource_arn = IVS_STR(ARN),
                                        .tag_keys = {.items = keys, .count = 1}};
  CHECK_INT(check(IVS_OP_UNTAG_RESOURCE, &untag), IVS_ERR_LENGTH);
  CHECK_STR(culprit, "tagKeys");
  untag.resource_arn = IVS_STR("no");
  CHECK_INT(check(IVS_OP_UNTAG_RESOURCE, &untag), IVS_ERR_ARN);
}

int main(void) {
  RUN(every_text_and_number);
  RUN(no_limit_no_fault);
  RUN(arns_in_lists);
  RUN(characters_not_bytes);
  RUN(arns);
  RUN(lists_and_maps);
  RUN(every_depth);
  return check_done();
}
