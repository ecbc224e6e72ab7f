/*
 * The metadata queue: what is put together, what leaves and how it is counted, what happens when
 * the buffer is full and when calls fail. Random schedules are in test_metadata_random.c.
 */
#include "metadata_setup.h"

static const uint64_t LONG = 1000000;

static void one_item_goes_at_once(void) {
  struct ivs_wait w;
  set_up_service();
  service.way = 20;
  set_up_queue();
  CHECK_INT(step_once(&w), 0);
  CHECK_INT(push("h\xc3\xa9llo \"x\"", NULL, 0), 0);
  uint64_t pushed = fake.now;
  CHECK_INT(step_once(&w), IVS_METADATA_CALLS);
  CHECK_INT(w.until, pushed + 40);
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(service.arrivals, 1);
  CHECK_INT(service.arrived[0], pushed + 20);
  CHECK_STR(ivs_cstr(service.text), "[\"h\xc3\xa9llo \\\"x\\\"\"]");
  CHECK_INT(queue.counters.sent, 1);
  CHECK_INT(queue.counters.payloads, 1);
  CHECK_INT(queue.counters.coalesced, 0);
  CHECK_INT(queue.counters.bytes, service.text_n);
  CHECK_INT(queue.last.err, 0);
  done();
}

/* Each payload with a line break behind it. */
static char payloads[65536];

static void note_payload(ivs_str text) {
  size_t n = strlen(payloads);
  CHECK(n + text.n + 2 < sizeof payloads);
  memcpy(payloads + n, text.p, text.n);
  memcpy(payloads + n + text.n, "\n", 2);
}

static void set_up_notes(void) {
  set_up_service();
  service.takes = note_payload;
  payloads[0] = 0;
}

static void waiting_items_share_a_payload(void) {
  set_up_notes();
  set_up_queue();
  for (int i = 1; i <= 3; i++) {
    CHECK_INT(push("a", NULL, 0), 0);
    CHECK_INT(push_json("{\"n\": [1, 2]}"), 0);
    CHECK_INT(push("", NULL, 0), 0);
    CHECK_INT(push_json(" null\n"), 0);
    CHECK_INT(run_until(LONG * (uint64_t)i), 0);
    CHECK_INT(queue.counters.coalesced, 4 * i);
  }
  CHECK_STR(ivs_cstr(payloads),
            "[\"a\",{\"n\": [1, 2]},\"\", null\n]\n[\"a\",{\"n\": [1, 2]},\"\", null\n]\n"
            "[\"a\",{\"n\": [1, 2]},\"\", null\n]\n");
  done();
}

static void separate_items_go_as_they_are(void) {
  set_up_notes();
  queue_options.separate = true;
  set_up_queue();
  CHECK_INT(push("a \"b\"", NULL, 0), 0);
  CHECK_INT(push_json("[1]"), 0);
  CHECK_INT(push("", NULL, 0), IVS_ERR_LENGTH);
  CHECK_INT(run_until(LONG), 0);
  CHECK_STR(ivs_cstr(payloads), "a \"b\"\n[1]\n");
  CHECK_INT(queue.counters.payloads, 2);
  CHECK_INT(queue.counters.coalesced, 0);
  done();
}

/* n bytes of text, of characters of so many bytes as far as they fit. */
static const char *text_of(size_t n, size_t bytes) {
  static const char *const characters[] = {"", "x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x8e\xa5"};
  static char text[70004];
  size_t at = 0;
  while (at + bytes <= n) {
    memcpy(text + at, characters[bytes], bytes);
    at += bytes;
  }
  while (at < n) text[at++] = '.';
  text[at] = 0;
  return text;
}

/* The limit counts bytes of UTF-8 of the payload, before it is escaped once more in the request. */
static void limit_of_one_item(void) {
  for (int separate = 0; separate < 2; separate++)
    for (size_t bytes = 1; bytes <= 4; bytes++)
      for (size_t n = 1010; n <= 1030; n++) {
        size_t payload = separate ? n : n + 4;
        set_up_service();
        queue_options.separate = separate;
        set_up_queue();
        CHECK_INT(push(text_of(n, bytes), NULL, 0), payload <= 1024 ? 0 : IVS_ERR_LENGTH);
        CHECK_INT(queue.counters.refused, payload > 1024);
        CHECK_INT(run_until(LONG), 0);
        if (payload <= 1024) CHECK_INT(service.text_n, payload);
        CHECK_INT(service.arrivals, payload <= 1024);
        done();
      }
  set_up_service(); /* a JSON string is longer than the text by its quotes and escapes */
  set_up_queue();
  char quotes[600];
  memset(quotes, '"', sizeof quotes);
  quotes[511] = 0;
  CHECK_INT(push(quotes, NULL, 0), IVS_ERR_LENGTH);
  quotes[510] = 0;
  CHECK_INT(push(quotes, NULL, 0), 0);
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(service.text_n, 1024);
  done();
}

/* Two items of all sizes around the limit of the payload, for several limits. */
static void limit_of_two_items(void) {
  static const uint16_t limits[] = {8, 40, 1024, 2000};
  for (size_t l = 0; l < 4; l++)
    for (size_t first = 1; first < 30; first++)
      for (size_t bytes = 1; bytes <= 4; bytes += 3)
        for (size_t over = 0; over < 6; over++) {
          size_t max = limits[l], second = max + over - 3 - 7 - first;
          if (first + 7 > max || second + 4 > max || second > max) continue;
          set_up_service();
          queue_options.payload_max = limits[l];
          set_up_queue();
          CHECK_INT(push(text_of(first, bytes), NULL, 0), 0);
          CHECK_INT(push(text_of(second, bytes), NULL, 0), 0);
          CHECK_INT(run_until(LONG), 0);
          size_t together = first + second + 7;
          CHECK_INT(service.arrivals, together <= max ? 1 : 2);
          CHECK_INT(service.text_n, together <= max ? together : second + 4);
          CHECK_INT(queue.counters.coalesced, together <= max ? 2 : 0);
          done();
        }
}

/* Full payloads, then the rest; nothing is skipped to fill one up. */
static void items_fill_payloads_in_order(void) {
  char expected[4096] = "";
  set_up_notes();
  queue_options.payload_max = 16;
  set_up_queue();
  CHECK_INT(push("aaaa", NULL, 0), 0);
  CHECK_INT(push("bbbbbbbbb", NULL, 0), 0);
  CHECK_INT(push("c", NULL, 0), 0);
  CHECK_INT(push("dd", NULL, 0), 0);
  CHECK_INT(push("eeeeeeeeeeee", NULL, 0), 0);
  CHECK_INT(push("f", NULL, 0), 0);
  CHECK_INT(run_until(LONG), 0);
  strcat(expected, "[\"aaaa\"]\n[\"bbbbbbbbb\"]\n[\"c\",\"dd\"]\n[\"eeeeeeeeeeee\"]\n[\"f\"]\n");
  CHECK_STR(ivs_cstr(payloads), expected);
  CHECK_INT(queue.counters.coalesced, 2);
  check_rate(5);
  done();
}

/* --- a caller's joiner --- */

static void join_members(void *context, struct ivs_out *o, enum ivs_metadata_piece piece,
                         const struct ivs_metadata_item *item) {
  ivs_put_text(o, piece == IVS_METADATA_BEGIN  ? "{"
                  : piece == IVS_METADATA_NEXT ? ","
                  : piece == IVS_METADATA_END  ? (const char *)context
                                               : "");
  if (item == NULL) return;
  ivs_json_put_str(o, item->key);
  ivs_put_char(o, ':');
  if (item->json) ivs_put_str(o, item->text);
  else ivs_json_put_str(o, item->text);
}

static void joiner_of_the_caller(void) {
  struct ivs_metadata_item score = {
      .text = IVS_STR("[2,1]"), .key = IVS_STR("score"), .json = true};
  struct ivs_metadata_item clock = {.text = IVS_STR("12:05"), .key = IVS_STR("clock")};
  for (uint16_t max = 20; max < 60; max++) {
    set_up_notes();
    queue_options.join = join_members;
    queue_options.join_context = (void *)(uintptr_t) ",\"end\":1}";
    queue_options.payload_max = max;
    set_up_queue();
    CHECK_INT(ivs_metadata_push(&queue, &score), max < 23 ? IVS_ERR_LENGTH : 0);
    CHECK_INT(ivs_metadata_push(&queue, &clock), max < 25 ? IVS_ERR_LENGTH : 0);
    check_sum(&queue);
    CHECK_INT(run_until(LONG), 0);
    if (max >= 39)
      CHECK_STR(ivs_cstr(payloads), "{\"score\":[2,1],\"clock\":\"12:05\",\"end\":1}\n");
    else if (max >= 25)
      CHECK_STR(ivs_cstr(payloads),
                "{\"score\":[2,1],\"end\":1}\n{\"clock\":\"12:05\",\"end\":1}\n");
    else CHECK_STR(ivs_cstr(payloads), max < 23 ? "" : "{\"score\":[2,1],\"end\":1}\n");
    done();
  }
}

static void join_more_each_time(void *context, struct ivs_out *o, enum ivs_metadata_piece piece,
                                const struct ivs_metadata_item *item) {
  int *times = (int *)context;
  if (piece == IVS_METADATA_FIRST)
    for (int i = 0; i < *times; i++) ivs_put_str(o, item->text);
  *times = 100;
}

/* One that breaks its word loses the item; it cannot make the queue try for ever, or write where it
   must not. */
static void joiner_that_breaks_its_word(void) {
  int times = 0;
  set_up_service();
  queue_options.join = join_more_each_time;
  queue_options.join_context = &times;
  queue_options.payload_max = 16;
  set_up_queue();
  times = 3;
  struct ivs_metadata_item item = {.text = IVS_STR("abc")};
  CHECK_INT(ivs_metadata_push(&queue, &item), IVS_ERR_LENGTH); /* BEGIN has set it to 100 */
  queue.options.join = NULL;
  ivs_metadata_clear(&queue);
  queue_options.join = NULL;
  set_up_queue();
  CHECK_INT(push("abc", NULL, 0), 0);
  queue.options.join = join_more_each_time;
  queue.options.join_context = &times;
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(queue.counters.refused, 1);
  CHECK_INT(queue.last.err, IVS_ERR_REQUIRED);
  CHECK_INT(service.arrivals, 0);
  done();
}

/* --- what is refused at once --- */

static void bad_items(void) {
  static const struct {
    const char *text;
    bool json;
    int result;
  } cases[] = {
      {"[1,,2]", true, IVS_ERR_JSON},        {"", true, IVS_ERR_JSON},
      {"{} {}", true, IVS_ERR_JSON},         {"hello", true, IVS_ERR_JSON},
      {"\"\xff\"", true, IVS_ERR_JSON},      {"\xff", false, IVS_ERR_UTF8},
      {"\xed\xa0\x80", false, IVS_ERR_UTF8}, {"12", true, 0},
      {"{\"a\":{\"b\":[]}}", true, 0},       {"\"\"", true, 0},
      {"not, JSON] but text", false, 0},
  };
  char deep[2 * IVS_JSON_DEPTH + 8] = "", key[300];
  set_up_service();
  set_up_queue();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint32_t refused = queue.counters.refused;
    CHECK_INT(cases[i].json ? push_json(cases[i].text) : push(cases[i].text, NULL, 0),
              cases[i].result);
    CHECK_INT(queue.counters.refused - refused, cases[i].result != 0);
  }
  for (int i = 0; i <= IVS_JSON_DEPTH; i++) strcat(deep, "[");
  for (int i = 0; i <= IVS_JSON_DEPTH; i++) strcat(deep, "]");
  CHECK_INT(push_json(deep), IVS_ERR_JSON_DEPTH);
  CHECK_INT(push_json(text_of(1025, 1)), IVS_ERR_LENGTH); /* not looked at any further */
  CHECK_INT(push(text_of(70000, 1), NULL, 0), IVS_ERR_LENGTH);
  memset(key, 'k', sizeof key);
  key[IVS_METADATA_KEY_MAX + 1] = 0;
  CHECK_INT(push("x", key, 0), IVS_ERR_ARGUMENT);
  key[IVS_METADATA_KEY_MAX] = 0;
  CHECK_INT(push("x", key, 0), 0);
  CHECK_INT(push("y", key, 0), 0);
  CHECK_INT(queue.counters.replaced, 1);
  done();
}

static void bad_options(void) {
  set_up_service();
  queue_options.rate = 1001;
  CHECK_INT(ivs_metadata_init(&queue, &queue_options, queue_buffer, 4096), IVS_ERR_ARGUMENT);
  queue_options.rate = 0;
  queue_options.client = NULL;
  CHECK_INT(ivs_metadata_init(&queue, &queue_options, queue_buffer, 4096), IVS_ERR_ARGUMENT);
  queue_options.client = &client;
  queue_options.channel_arn.p = NULL;
  CHECK_INT(ivs_metadata_init(&queue, &queue_options, queue_buffer, 4096), IVS_ERR_ARGUMENT);
  tear_down();
}

/* --- age --- */

static void old_items_are_dropped(void) {
  set_up_notes();
  set_up_queue();
  CHECK_INT(push("first", NULL, 0), 0);
  CHECK_INT(run_until(fake.now + 1), 0); /* the next payload waits for 200 ms */
  uint64_t start = fake.now;
  CHECK_INT(push("a", NULL, 199), 0);
  CHECK_INT(push("b", NULL, 201), 0);
  CHECK_INT(push("c", NULL, 1), 0);
  CHECK_INT(push("d", NULL, 0), 0);
  CHECK_INT(push("e", NULL, UINT32_MAX), 0);
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(service.arrived[1] - start, 200);
  CHECK_STR(ivs_cstr(payloads), "[\"first\"]\n[\"b\",\"d\",\"e\"]\n");
  CHECK_INT(queue.counters.expired, 2);
  done();
  set_up_notes(); /* what is on its way is not dropped, what failed is */
  service.way = 100;
  service.reaction = BREAKS;
  set_up_queue();
  CHECK_INT(push("a", NULL, 50), 0);
  CHECK_INT(run_until(fake.now + 250), 0);
  CHECK_INT(queue.counters.expired, 1);
  CHECK_INT(service.arrivals, 1);
  CHECK_INT(push("b", NULL, 150), 0); /* the pace is faster than that, the failures are not */
  service.chance = UINT32_MAX;
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(queue.counters.expired, 2);
  CHECK_INT(service.arrivals, 2);
  done();
}

/* --- keys --- */

static void newest_of_a_key_goes_to_the_end(void) {
  set_up_notes();
  set_up_queue();
  CHECK_INT(push("score 0:0", "score", 0), 0);
  CHECK_INT(push("kick-off", NULL, 0), 0);
  CHECK_INT(push("clock 1", "clock", 0), 0);
  CHECK_INT(push("score 1:0", "score", 0), 0);
  CHECK_INT(push("goal", "", 0), 0);
  CHECK_INT(push("scorer", "scor", 0), 0);
  CHECK_INT(push("clock 2", "clock", 0), 0);
  CHECK_INT(run_until(LONG), 0);
  CHECK_STR(ivs_cstr(payloads), "[\"kick-off\",\"score 1:0\",\"goal\",\"scorer\",\"clock 2\"]\n");
  CHECK_INT(queue.counters.replaced, 2);
  CHECK_INT(queue.counters.sent, 5);
  done();
}

/* An item on its way stays; should it have to be sent again, the newer one goes instead. */
static void newest_of_a_key_while_the_old_is_on_its_way(void) {
  for (int fails = 0; fails < 2; fails++) {
    struct ivs_wait w;
    set_up_notes();
    service.way = 10;
    service.reaction = fails ? BREAKS : TAKES;
    set_up_queue();
    CHECK_INT(push("x", NULL, 0), 0);
    CHECK_INT(push("old", "k", 0), 0);
    CHECK_INT(push("y", NULL, 0), 0);
    CHECK_INT(step_once(&w), IVS_METADATA_CALLS);
    CHECK_INT(push("new", "k", 0), 0);
    CHECK_INT(push("newest", "k", 0), 0);
    CHECK_INT(queue.counters.replaced, 1);
    service.reaction = TAKES;
    CHECK_INT(run_until(LONG), 0);
    CHECK_STR(ivs_cstr(payloads),
              fails ? "[\"x\",\"y\",\"newest\"]\n" : "[\"x\",\"old\",\"y\"]\n[\"newest\"]\n");
    CHECK_INT(queue.counters.replaced, 1 + fails);
    CHECK_INT(queue.counters.sent, 4 - fails);
    done();
  }
}

/* --- room --- */

/* Every size of buffer from nothing up: so many items fit as the header says, and then none. */
static void buffer_from_nothing_up(void) {
  for (int separate = 0; separate < 2; separate++)
    for (size_t n = 0; n < 300; n++) {
      set_up_service();
      queue_options.separate = separate;
      queue_options.payload_max = 40;
      char *guarded = check_guard(n);
      size_t least = (separate ? 0 : 40) + IVS_METADATA_ITEM_SIZE + 1, fits = 0;
      int r = ivs_metadata_init(&queue, &queue_options, guarded, n);
      CHECK_INT(r, n < least ? IVS_ERR_SPACE : 0);
      if (r == 0) {
        while ((r = push("0123456", "k", 0)) == 0 && queue.counters.replaced == 0) fits++;
        fits = 0;
        ivs_metadata_clear(&queue);
        while ((r = push("0123456", NULL, 0)) == 0) fits++;
        CHECK_INT(r, IVS_ERR_SPACE);
        size_t took = IVS_METADATA_BUFFER(separate ? 0u : 40u, fits, 7);
        CHECK(took <= n && took + IVS_METADATA_BUFFER(0, 1u, 7) > n);
        CHECK_INT(push("", NULL, 0), separate                             ? IVS_ERR_LENGTH
                                     : n - took >= IVS_METADATA_ITEM_SIZE ? 0
                                                                          : IVS_ERR_SPACE);
        CHECK_INT(run_until(LONG), 0);
        CHECK(queue.counters.sent >= fits && service.arrivals >= (fits + 3) / 4);
        ivs_metadata_clear(&queue);
      }
      tear_down();
      check_guard_free(guarded, n);
    }
}

/* A replacement that does not fit leaves the old item; what it replaces makes room for it. */
static void room_for_a_replacement(void) {
  set_up_notes();
  queue_options.separate = true;
  CHECK_INT(ivs_metadata_init(&queue, &queue_options, queue_buffer, 2 * (12 + 1) + 10 + 5), 0);
  CHECK_INT(push("0123456789", "k", 0), 0);
  CHECK_INT(push("01234", "j", 0), 0);
  CHECK_INT(push("0123456789+", "k", 0), IVS_ERR_SPACE);
  CHECK_INT(push("x", NULL, 0), IVS_ERR_SPACE);
  CHECK_INT(push("9876543210", "k", 0), 0);
  CHECK_INT(run_until(LONG), 0);
  CHECK_STR(ivs_cstr(payloads), "01234\n9876543210\n");
  CHECK_INT(queue.counters.refused, 2);
  CHECK_INT(queue.counters.replaced, 1);
  done();
  set_up_notes(); /* so does what is too old */
  queue_options.separate = true;
  CHECK_INT(ivs_metadata_init(&queue, &queue_options, queue_buffer, 12 + 20), 0);
  CHECK_INT(push("01234567890123456789", NULL, 10), 0);
  CHECK_INT(push("x", NULL, 0), IVS_ERR_SPACE);
  fake.now += 10;
  CHECK_INT(push("x", NULL, 0), 0);
  CHECK_INT(queue.counters.expired, 1);
  done();
}

static void oldest_are_dropped_for_room(void) {
  struct ivs_wait w;
  set_up_notes();
  service.way = 10;
  queue_options.drop_oldest = true;
  queue_options.payload_max = 30;
  CHECK_INT(ivs_metadata_init(&queue, &queue_options, queue_buffer, 30 + 4 * (12 + 6)), 0);
  for (int i = 0; i < 10; i++) CHECK_INT(push(text_of(6, 1 + (size_t)i % 4), NULL, 0), 0);
  CHECK_INT(queue.counters.dropped, 6);
  ivs_metadata_clear(&queue);
  CHECK_INT(queue.counters.dropped, 10);
  CHECK_INT(push("one", NULL, 0), 0);
  CHECK_INT(push("two", NULL, 0), 0);
  CHECK_INT(step_once(&w), IVS_METADATA_CALLS); /* these two are not dropped now */
  CHECK_INT(push("three", NULL, 0), 0);
  CHECK_INT(push("four", NULL, 0), 0);
  CHECK_INT(push("01234567890123456789", NULL, 0), 0);
  CHECK_INT(queue.counters.dropped, 12);
  CHECK_INT(push("0123456789012345678901234", NULL, 0), 0);
  CHECK_INT(queue.counters.dropped, 13);
  CHECK_INT(ivs_metadata_pending(&queue), 3);
  CHECK_INT(push("01234567890123456789012345", NULL, 0), 0);
  CHECK_INT(run_until(LONG), 0);
  CHECK_STR(ivs_cstr(payloads), "[\"one\",\"two\"]\n[\"01234567890123456789012345\"]\n");
  done();
}

/* A new item that could not fit even so drops nothing. */
static void nothing_is_dropped_in_vain(void) {
  struct ivs_wait w;
  set_up_service();
  service.way = 10;
  queue_options.drop_oldest = true;
  queue_options.separate = true;
  CHECK_INT(ivs_metadata_init(&queue, &queue_options, queue_buffer, 3 * (12 + 6) + 1), 0);
  CHECK_INT(push("aaaaaa", NULL, 0), 0);
  CHECK_INT(step_once(&w), IVS_METADATA_CALLS);
  CHECK_INT(push("bbbbbb", "k", 0), 0);
  CHECK_INT(push("cccccc", NULL, 0), 0);
  CHECK_INT(push("0123456789012345678901234", "k", 0), IVS_ERR_SPACE);
  CHECK_INT(ivs_metadata_pending(&queue), 3);
  CHECK_INT(push("012345678901234567890123", "k", 0), 0);
  CHECK_INT(queue.counters.replaced, 1);
  CHECK_INT(queue.counters.dropped, 1);
  CHECK_INT(run_until(LONG), 0);
  CHECK_INT(queue.counters.sent, 2);
  done();
}

int main(void) {
  RUN(one_item_goes_at_once);
  RUN(waiting_items_share_a_payload);
  RUN(separate_items_go_as_they_are);
  RUN(limit_of_one_item);
  RUN(limit_of_two_items);
  RUN(items_fill_payloads_in_order);
  RUN(joiner_of_the_caller);
  RUN(joiner_that_breaks_its_word);
  RUN(bad_items);
  RUN(bad_options);
  RUN(old_items_are_dropped);
  RUN(newest_of_a_key_goes_to_the_end);
  RUN(newest_of_a_key_while_the_old_is_on_its_way);
  RUN(buffer_from_nothing_up);
  RUN(room_for_a_replacement);
  RUN(oldest_are_dropped_for_room);
  RUN(nothing_is_dropped_in_vain);
  return check_done();
}
