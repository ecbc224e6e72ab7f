/*
 * A client over a port made of memory, and a channel that it gets: what the tests of the client
 * share.
 */
#ifndef CLIENT_SETUP_H
#define CLIENT_SETUP_H

#include "../check.h"

#include <ivs/ivs.h>

#include "fake_port.h"

#define ARN "arn:aws:ivs:eu-west-1:123456789012:channel/AbCdEf123456"
#define TOKEN "TheSessionTokenThatMustNotStay"

static struct fake fake;
static struct ivs_endpoint endpoint;
static struct ivs_creds creds;
static ivs_client client;
static char space[65536];

static const char ok_head[] =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-amzn-RequestId: 11-22\r\nDate: Sun, 22 "
    "Nov 2026 09:30:01 GMT";
static const char channel_body[] =
    "{\"channel\": {\"arn\": \"" ARN "\", \"name\": \"l\\u00f6bby\\n\", \"authorized\": false}}";
static const char gone_answer[] = "HTTP/1.1 204 No Content\r\nx-amzn-RequestId: 33\r\n\r\n";

/* A call has so many attempts at the most; with set_up(), one. */
static inline void set_up_attempts(uint8_t attempts) {
  fake_start(&fake);
  ivs_endpoint_for_region(&endpoint, IVS_STR("eu-west-1"));
  ivs_creds_set(&creds, IVS_STR("AKID"), IVS_STR("secret"), IVS_STR(TOKEN));
  struct ivs_options options = {.port = &fake.port,
                                .endpoint = &endpoint,
                                .region = IVS_STR("eu-west-1"),
                                .creds = &creds,
                                .attempts = attempts};
  CHECK_INT(ivs_init(&client, &options), 0);
  memset(space, 0, sizeof space);
  ivs_workspace(&client, space, sizeof space);
}

static inline void set_up(void) {
  set_up_attempts(1);
}

static inline void tear_down(void) {
  ivs_close(&client);
  CHECK_INT(fake.opened, fake.closed);
}

static inline int get_channel(struct ivs_get_channel_out *out) {
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  return ivs_get_channel(&client, &in, out);
}

static inline bool was_sent(const char *text) {
  return check_holds(fake.sent, fake.sent_n, text);
}

static inline void check_channel(const struct ivs_get_channel_out *out) {
  CHECK(out->channel.present);
  CHECK_STR(out->channel.arn, ARN);
  CHECK_STR(out->channel.name,
            "l\xc3\xb6"
            "bby\n");
  CHECK_INT(out->channel.authorized, IVS_FALSE);
  CHECK_INT(out->channel.insecure_ingest, IVS_ABSENT);
  CHECK(out->channel.playback_url.p == NULL);
}

#endif
