/*
 * The main job, as firmware would do it: a channel, its stream, timed metadata, and the end.
 */
#include "firmware.h"

enum { LIVE_WAIT_MS = 15000, POLL_MS = 200, ITEM_EVERY_MS = 100, FLUSH_MS = 20000 };

/* see firmware.h */
struct live live;

static uint64_t ticks(ivs_client *client) {
  struct ivs_port *port = client->options.port;
  return port->fn->ticks(port);
}

static int sleep_until(ivs_client *client, uint64_t until) {
  struct ivs_port *port = client->options.port;
  struct ivs_wait w = {-1, 0, until};
  int r = 0;
  while (r == 0 && port->fn->ticks(port) < until) r = port->fn->wait(port, &w);
  return r;
}

/* see firmware.h */
int live_keep_arn(ivs_str from, ivs_str *arn) {
  if (from.n > LIVE_ARN_MAX) return IVS_ERR_SPACE;
  memcpy(live.arn, from.p, from.n);
  *arn = (ivs_str){live.arn, from.n};
  report_text("channel", *arn);
  return 0;
}

static int create(ivs_client *client, ivs_str *arn) {
  struct ivs_create_channel_in in = {.name = IVS_STR("firmware")};
  struct ivs_create_channel_out out;
  in.latency_mode = IVS_STR("LOW");
  int r = ivs_create_channel(client, &in, &out);
  if (r != 0) return report_failure("CreateChannel", r, ivs_last(client));
  return live_keep_arn(out.channel.arn, arn);
}

/* see firmware.h */
bool live_is_offline(ivs_client *client, int result) {
  return result == IVS_ERR_SERVICE && strcmp(ivs_last(client)->code, "ChannelNotBroadcasting") == 0;
}

/* 1: live. 0: not yet. Negative: an error. */
static int is_live(ivs_client *client, ivs_str arn) {
  struct ivs_get_stream_in in = {.channel_arn = arn};
  struct ivs_get_stream_out out;
  int r = ivs_get_stream(client, &in, &out);
  if (r == 0) return ivs_str_eq(out.stream.state, IVS_STR("LIVE"));
  if (live_is_offline(client, r)) return 0;
  return report_failure("GetStream", r, ivs_last(client));
}

static int wait_live(ivs_client *client, ivs_str arn) {
  uint64_t end = ticks(client) + LIVE_WAIT_MS;
  int r;
  while ((r = is_live(client, arn)) == 0) {
    if (ticks(client) >= end) return IVS_ERR_TIMEOUT;
    r = sleep_until(client, ticks(client) + POLL_MS);
    if (r != 0) return r;
  }
  return r < 0 ? r : 0;
}

/* {"item":N} */
static ivs_str item_text(char text[LIVE_ITEM_BYTES], uint32_t number) {
  struct ivs_out o = ivs_out_to(text, LIVE_ITEM_BYTES);
  ivs_put_text(&o, "{\"item\":");
  ivs_put_int(&o, number);
  ivs_put_char(&o, '}');
  return (ivs_str){text, o.n};
}

/* see firmware.h */
int live_push(uint32_t number) {
  char text[LIVE_ITEM_BYTES];
  struct ivs_metadata_item item = {.json = true};
  item.text = item_text(text, number);
  return ivs_metadata_push(&live.queue, &item);
}

/* see firmware.h */
int live_queue_start(ivs_client *client, ivs_str arn) {
  struct ivs_metadata_options options = {.client = client, .channel_arn = arn};
  report_text("state", IVS_STR("LIVE"));
  return ivs_metadata_init(&live.queue, &options, live.buffer, sizeof live.buffer);
}

/* see firmware.h */
void live_queue_stop(void) {
  report_number("metadata-sent", live.queue.counters.sent);
  report_number("metadata-payloads", live.queue.counters.payloads);
  ivs_metadata_clear(&live.queue);
}

/* Steps the queue until its time has come. */
static int work_until(ivs_client *client, uint64_t until) {
  struct ivs_port *port = client->options.port;
  while (ticks(client) < until) {
    struct ivs_wait w = {-1, 0, until};
    int r = ivs_metadata_step(&live.queue, &w);
    if (r < 0) return r;
    if (r == 0) w = (struct ivs_wait){-1, 0, until};
    if (w.until > until) w.until = until;
    r = port->fn->wait(port, &w);
    if (r != 0) return r;
  }
  return 0;
}

static int push_all(ivs_client *client, ivs_str arn, uint32_t items) {
  int r = live_queue_start(client, arn);
  uint64_t next = ticks(client);
  for (uint32_t i = 1; r == 0 && i <= items; i++) {
    r = live_push(i);
    if (r == 0) r = work_until(client, next += ITEM_EVERY_MS);
  }
  if (r == 0) r = ivs_metadata_finish(&live.queue, FLUSH_MS);
  if (r != 0) report_failure("PutMetadata", r, ivs_last(client));
  live_queue_stop();
  return r;
}

static int stop_and_delete(ivs_client *client, ivs_str arn) {
  struct ivs_stop_stream_in stop = {.channel_arn = arn};
  struct ivs_delete_channel_in remove = {.arn = arn};
  int r = ivs_stop_stream(client, &stop, NULL);
  if (r != 0) return report_failure("StopStream", r, ivs_last(client));
  r = ivs_delete_channel(client, &remove, NULL);
  return r != 0 ? report_failure("DeleteChannel", r, ivs_last(client)) : 0;
}

/* see firmware.h */
int go_live(ivs_client *client, uint32_t items) {
  ivs_str arn;
  int r = create(client, &arn);
  if (r == 0) r = wait_live(client, arn);
  if (r == 0) r = push_all(client, arn, items);
  if (r == 0) r = stop_and_delete(client, arn);
  return r;
}
