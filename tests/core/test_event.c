/*
 * Events: the published examples, members that are new or of another type, texts that are none, and
 * that the text which an event came in stays as it was.
 *
 * usage: test_event FOLDER         of the vectors
 */
#include "../check.h"

#include <ivs/event.h>

enum { TEXT_SIZE = 64 * 1024, LINES = 32 };

static char published[TEXT_SIZE];
static struct {
  const char *name;
  ivs_str event;
} lines[LINES];
static size_t line_count;

static void read_published(const char *folder) {
  char path[512];
  snprintf(path, sizeof path, "%s/published.txt", folder);
  FILE *file = fopen(path, "r");
  if (!CHECK(file != NULL)) return;
  size_t n = fread(published, 1, sizeof published - 1, file);
  fclose(file);
  published[n] = '\0';
  for (char *line = strtok(published, "\n"); line != NULL && line_count < LINES;
       line = strtok(NULL, "\n")) {
    char *tab = strchr(line, '\t');
    if (!CHECK(tab != NULL)) return;
    *tab = '\0';
    lines[line_count].name = line;
    lines[line_count++].event = ivs_cstr(tab + 1);
  }
}

/* The text in memory of exactly its size, which nobody can write to; it stays. */
static const char *read_only(ivs_str text) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), room = check_guard_map(text.n) - page;
  char *copy = check_guard(text.n);
  memcpy(copy, text.p, text.n);
  if (room > 0) CHECK_INT(mprotect(copy + text.n - room, room, PROT_READ), 0);
  return copy;
}

static int decode(struct ivs_event *event, ivs_str text, void *spare, size_t spare_n) {
  static const struct ivs_event empty;
  memset(event, 0xAA, sizeof *event);
  int r = ivs_event_decode(event, read_only(text), text.n, spare, spare_n);
  if (r < 0) CHECK_MEM(event, sizeof *event, &empty, sizeof empty);
  return r;
}

static ivs_str find(const char *name) {
  for (size_t i = 0; i < line_count; i++)
    if (strcmp(lines[i].name, name) == 0) return lines[i].event;
  CHECK(false);
  return (ivs_str){NULL, 0};
}

static struct ivs_event published_event(const char *name) {
  struct ivs_event e;
  CHECK_INT(decode(&e, find(name), NULL, 0), 0);
  return e;
}

/* Every one of them: its type, and that what it is about is the member that the table says. */
static void all_published(void) {
  static const struct {
    const char *name;
    int type;
    size_t member;
  } expected[] = {
      {"Ad Break Inserted", IVS_EVENT_AD_BREAK_STATE, offsetof(struct ivs_event, event_name)},
      {"Session Created", IVS_EVENT_STREAM_STATE, offsetof(struct ivs_event, event_name)},
      {"Session Ended", IVS_EVENT_STREAM_STATE, offsetof(struct ivs_event, event_name)},
      {"Stream Start", IVS_EVENT_STREAM_STATE, offsetof(struct ivs_event, event_name)},
      {"Stream End", IVS_EVENT_STREAM_STATE, offsetof(struct ivs_event, event_name)},
      {"Stream Failure", IVS_EVENT_STREAM_STATE, offsetof(struct ivs_event, event_name)},
      {"Stream Takeover", IVS_EVENT_STREAM_STATE, offsetof(struct ivs_event, event_name)},
      {"Stream Takeover Failure", IVS_EVENT_STREAM_STATE, offsetof(struct ivs_event, event_name)},
      {"Starvation Start", IVS_EVENT_STREAM_HEALTH, offsetof(struct ivs_event, event_name)},
      {"Starvation End", IVS_EVENT_STREAM_HEALTH, offsetof(struct ivs_event, event_name)},
      {"Ingest Bitrate", IVS_EVENT_LIMIT_BREACH, offsetof(struct ivs_event, limit_name)},
      {"Ingest Resolution, total", IVS_EVENT_LIMIT_BREACH, offsetof(struct ivs_event, limit_name)},
      {"Ingest Resolution, edge", IVS_EVENT_LIMIT_BREACH, offsetof(struct ivs_event, limit_name)},
      {"Concurrent Broadcasts", IVS_EVENT_LIMIT_BREACH, offsetof(struct ivs_event, limit_name)},
      {"Concurrent Viewers", IVS_EVENT_LIMIT_BREACH, offsetof(struct ivs_event, limit_name)},
      {"Recording Start", IVS_EVENT_RECORDING_STATE, offsetof(struct ivs_event, recording_status)},
      {"Recording End", IVS_EVENT_RECORDING_STATE, offsetof(struct ivs_event, recording_status)},
      {"Recording Start Failure", IVS_EVENT_RECORDING_STATE,
       offsetof(struct ivs_event, recording_status)},
      {"Recording End Failure", IVS_EVENT_RECORDING_STATE,
       offsetof(struct ivs_event, recording_status)},
  };
  CHECK_INT(line_count, sizeof expected / sizeof *expected);
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    struct ivs_event e = published_event(expected[i].name);
    const char *member = (const char *)&e + expected[i].member;
    const char *name = expected[i].name;
    ivs_str about = *(const ivs_str *)(const void *)member;
    CHECK_INT(e.type, expected[i].type);
    CHECK_MEM(about.p, about.n, name, strcspn(name, ","));
    CHECK_STR(e.source, "aws.ivs");
    CHECK(e.id.n == 36 && e.account.n >= 12 && e.region.n == 9 && e.time.seconds > 1497000000);
    CHECK(e.detail.p[0] == '{' && e.detail.p[e.detail.n - 1] == '}');
  }
}

static void members(void) {
  struct ivs_event e = published_event("Stream Takeover Failure");
  CHECK_STR(e.code, "StreamTakeoverInvalidPriority");
  CHECK_STR(e.channel_name, "Your Channel");
  CHECK_STR(e.stream_id, "st-1A2b3c4D5e6F78ghij9Klmn");
  CHECK(e.reason.p == NULL && e.limit_name.p == NULL && !e.limit_value.set);

  e = published_event("Stream Failure");
  CHECK_STR(e.reason, "Transcode capacity exceeded. Please try again.");
  e = published_event("Session Created");
  CHECK(e.channel_name.p != NULL && e.channel_name.n == 0);
  CHECK_STR(e.channel_arn, "arn:aws:ivs:us-west-2:535011710559:channel/UCGaMPGLCbcE");
  CHECK_INT(e.time.seconds, 1725898646);

  e = published_event("Concurrent Viewers");
  CHECK_STR(e.limit_name, IVS_EVENT_CONCURRENT_VIEWERS);
  CHECK_STR(e.limit_unit, "viewers");
  CHECK(e.limit_value.set && e.limit_value.value == 10);
  CHECK(e.exceeded_by.set && e.exceeded_by.value == 11);
  CHECK(e.channel_arn.p == NULL && e.channel_name.p == NULL);
  CHECK_STR(e.resources, "[]");

  e = published_event("Recording End");
  CHECK_STR(e.recording_s3_bucket_name, "r2s3-dev-channel-1-recordings");
  CHECK_STR(e.recording_s3_key_prefix,
            "ivs/v1/123456789012/AbCdef1G2hij/2020/6/23/20/12/j8Z9O91ndcVs");
  CHECK_STR(e.recording_status_reason, "");
  CHECK_STR(e.recording_session_id, "a6RfV23ES97iyfoQ");
  CHECK(e.recording_duration_ms.set && e.recording_duration_ms.value == 99370264);

  e = published_event("Ad Break Inserted");
  CHECK_STR(e.ad_break_id, "hSi2o1WIVgij");
  CHECK(e.duration_seconds.set && e.duration_seconds.value == 20);
  CHECK_INT(e.target_start_time.seconds - e.time.seconds, 10);
}

static void arrays(void) {
  struct ivs_event e = published_event("Recording End");
  ivs_str text = {NULL, 0};
  CHECK_INT(ivs_event_next(&e.recording_session_stream_ids, &text), 1);
  CHECK_STR(text, "st-254sopYUvi6F78ghpO9vn0A");
  CHECK_INT(ivs_event_next(&e.recording_session_stream_ids, &text), 1);
  CHECK_STR(text, "st-1A2b3c4D5e6F78ghij9Klmn");
  for (int i = 0; i < 2; i++) CHECK_INT(ivs_event_next(&e.recording_session_stream_ids, &text), 0);

  static const char *const odd[] = {"[]", " [ ]", "[null, 1, [\"x\"], {\"y\":\"z\"}]", "[[]]",
                                    "[[[ ]],[\"no\"]]"};
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    ivs_str array = ivs_cstr(odd[i] + (odd[i][0] == ' '));
    CHECK_INT(ivs_event_next(&array, &text), 0);
    CHECK_INT(ivs_event_next(&array, &text), 0);
  }
  ivs_str mixed = IVS_STR("[[\"no\"] , \"a\",[\"b\"],{\"c\":\"d\"}, \"e\" , 7]");
  CHECK_INT(ivs_event_next(&mixed, &text), 1);
  CHECK_STR(text, "a");
  CHECK_INT(ivs_event_next(&mixed, &text), 1);
  CHECK_STR(text, "e");
  CHECK_INT(ivs_event_next(&mixed, &text), 0);
  ivs_str absent = {NULL, 0};
  CHECK_INT(ivs_event_next(&absent, &text), 0);
}

static struct ivs_event made(const char *text, int expected) {
  static char spare[256];
  static char copy[2048];
  struct ivs_event e;
  snprintf(copy, sizeof copy, "%s", text);
  CHECK_INT(decode(&e, ivs_cstr(copy), spare, sizeof spare), expected);
  return e;
}

#define ENVELOPE "\"source\":\"aws.ivs\",\"detail-type\":\"IVS Stream State Change\","

/* What is new is left in the detail; what has changed its type is absent. */
static void newer(void) {
  struct ivs_event e = made("{" ENVELOPE
                            "\"detail\":{\"event_name\":\"Stream Nap\",\"depth\":[1],"
                            "\"stream_id\":7,\"limit_value\":1.5,\"code\":null}}",
                            0);
  CHECK_INT(e.type, IVS_EVENT_STREAM_STATE);
  CHECK_STR(e.event_name, "Stream Nap");
  CHECK(e.stream_id.p == NULL && !e.limit_value.set && e.code.p == NULL);
  CHECK_STR(e.detail,
            "{\"event_name\":\"Stream Nap\",\"depth\":[1],\"stream_id\":7,"
            "\"limit_value\":1.5,\"code\":null}");

  e = made(
      "{\"source\":\"aws.ivs\",\"detail-type\":\"IVS Moon Phase\",\"time\":\"soon\","
      "\"resources\":7,\"id\":{},\"detail\":{\"event_name\":\"Full\",\"phase\":4}}",
      0);
  CHECK_INT(e.type, IVS_EVENT_OTHER);
  CHECK_STR(e.detail_type, "IVS Moon Phase");
  CHECK_STR(e.event_name, "Full");
  CHECK(e.time.text.p == NULL && e.time.seconds == 0 && e.resources.p == NULL && e.id.p == NULL);

  e = made("{\"source\":\"aws.ec2\",\"detail-type\":\"IVS Limit Breach\",\"detail\":{}}", 0);
  CHECK_INT(e.type, IVS_EVENT_OTHER);
  CHECK_STR(e.source, "aws.ec2");
  e = made("{\"detail\":{\"code\":\"b\"}," ENVELOPE
           "\"resources\":{\"a\":\"b\"},\"id\":\"1\","
           "\"detail\":{\"code\":\"a\",\"code\":\"c\"}}",
           0);
  CHECK_STR(e.code, "c");
  CHECK(e.channel_arn.p == NULL);
}

static void escapes(void) {
  struct ivs_event e =
      made("{" ENVELOPE
           "\"detail\":{\"r\\u0065ason\":\"a \\\"b\\\" \\u00e9\",\"code\":\"\\ud83d\\ude00\","
           "\"other\\n\":\"\\t\"}}",
           0);
  CHECK_STR(e.reason, "a \"b\" \xc3\xa9");
  CHECK_STR(e.code, "\xf0\x9f\x98\x80");
  CHECK(check_holds(e.detail.p, e.detail.n, "r\\u0065ason"));
  CHECK(check_holds(e.detail.p, e.detail.n, "\\ud83d\\ude00"));

  /* As much room as is needed, and one byte less; none at all. */
  static const char text[] = "{" ENVELOPE "\"detail\":{\"reason\":\"12\\n45\"}}";
  char spare[6];
  for (size_t room = 0; room <= sizeof spare; room++) {
    CHECK_INT(decode(&e, ivs_cstr(text), room > 0 ? spare : NULL, room),
              room < 6 ? IVS_ERR_SPACE : 0);
  }
  CHECK_STR(e.reason, "12\n45");
  static const char name[] = "{" ENVELOPE "\"detail\":{\"\\u0061\":1}}";
  CHECK_INT(decode(&e, ivs_cstr(name), NULL, 0), IVS_ERR_SPACE);
  CHECK_INT(decode(&e, ivs_cstr(name), spare, sizeof spare), 0);
}

static void refused(void) {
  static const struct {
    const char *text;
    int err;
  } cases[] = {
      {"", IVS_ERR_JSON},
      {"no event", IVS_ERR_JSON},
      {"{" ENVELOPE "\"detail\":{}", IVS_ERR_JSON},
      {"[]", IVS_ERR_TYPE},
      {"\"text\"", IVS_ERR_TYPE},
      {"{}", IVS_ERR_TYPE},
      {"{" ENVELOPE "\"detail\":[]}", IVS_ERR_TYPE},
      {"{" ENVELOPE "\"detail\":\"{}\"}", IVS_ERR_TYPE},
      {"{" ENVELOPE "\"detail\":null}", IVS_ERR_TYPE},
      {"{" ENVELOPE "\"no\":1}", IVS_ERR_TYPE},
      {"{\"source\":\"aws.ivs\",\"detail\":{}}", IVS_ERR_TYPE},
      {"{\"detail-type\":\"IVS Limit Breach\",\"detail\":{}}", IVS_ERR_TYPE},
      {"{\"source\":1,\"detail-type\":\"IVS Limit Breach\",\"detail\":{}}", IVS_ERR_TYPE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) made(cases[i].text, cases[i].err);
  char deep[400];
  size_t n = (size_t)snprintf(deep, sizeof deep, "{" ENVELOPE "\"detail\":{\"a\":");
  for (size_t i = 0; i < 40; i++) deep[n + i] = '[', deep[n + 40 + i] = ']';
  memcpy(deep + n + 80, "}}", 3);
  made(deep, IVS_ERR_JSON_DEPTH);
}

/* An event that was cut short is refused at every place. */
static void truncated(void) {
  for (size_t i = 0; i < line_count; i++) {
    for (size_t n = 0; n < lines[i].event.n; n++) {
      struct ivs_event e;
      CHECK_INT(ivs_event_decode(&e, lines[i].event.p, n, NULL, 0), IVS_ERR_JSON);
    }
  }
}

/* Any byte of an event changed: an error, or an event whose texts lie in the text. */
static void changed(void) {
  static char copy[2048];
  char spare[2048];
  check_seed();
  for (int i = 0; i < 20000; i++) {
    ivs_str original = lines[check_below(line_count)].event;
    memcpy(copy, original.p, original.n);
    for (size_t change = check_below(3) + 1; change > 0; change--)
      copy[check_below(original.n)] = (char)check_below(256);
    struct ivs_event e;
    int r = ivs_event_decode(&e, copy, original.n, spare, sizeof spare);
    if (r < 0) continue;
    CHECK(e.detail.p > copy && e.detail.p + e.detail.n < copy + original.n);
    CHECK(e.detail.p[0] == '{' && e.detail.p[e.detail.n - 1] == '}');
    ivs_str text, rest = e.resources;
    for (int left = 100;
         left > 0 && rest.n > 0 && rest.p[0] == '[' && ivs_event_next(&rest, &text);)
      CHECK(text.p > copy && --left > 0);
  }
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  read_published(argv[1]);
  RUN(all_published);
  RUN(members);
  RUN(arrays);
  RUN(newer);
  RUN(escapes);
  RUN(refused);
  RUN(truncated);
  RUN(changed);
  return check_done();
}
