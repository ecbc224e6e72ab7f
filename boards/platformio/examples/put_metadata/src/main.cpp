/*
 * Timed metadata for a channel: an item every second, sent through the queue that keeps the
 * service's rate. It never blocks, so that loop() can do other work too.
 */
#include <Arduino.h>
#include <WiFi.h>

#include <ivs/esp_idf.h>
#include <ivs/ivs.h>
#include <ivs/metadata_queue.h>
#include <ivs/tls.h>

#include "settings.h"

static const int WORKSPACE = 4096, ITEMS = 16, ITEM_BYTES = 40;

static struct ivs_lwip tcp;
static struct ivs_tls tls;
static struct ivs_endpoint endpoint;
static struct ivs_creds creds;
static ivs_client client;
static ivs_metadata_queue queue;
static char workspace[WORKSPACE];
static char buffer[IVS_METADATA_BUFFER(IVS_METADATA_MAX, ITEMS, ITEM_BYTES)];

static int start_client() {
  struct ivs_options options = {};
  options.port = &tls.port;
  options.endpoint = &endpoint;
  options.region = ivs_cstr(REGION);
  options.creds = &creds;
  ivs_lwip_init(&tcp, &ivs_esp_idf_hooks);
  int r = ivs_tls_init(&tls, &tcp.port, nullptr); // Amazon's roots
  if (r == 0) r = ivs_endpoint_for_region(&endpoint, options.region);
  if (r == 0)
    r = ivs_creds_set(&creds, ivs_cstr(ACCESS_KEY_ID), ivs_cstr(SECRET_ACCESS_KEY), ivs_cstr(""));
  if (r == 0) r = ivs_init(&client, &options);
  if (r == 0) r = ivs_workspace(&client, workspace, sizeof workspace);
  if (r == 0) r = ivs_clock_learn(&client); // nothing has set the time so far
  return r;
}

static int start_queue() {
  struct ivs_metadata_options options = {};
  options.client = &client;
  options.channel_arn = ivs_cstr(CHANNEL_ARN);
  return ivs_metadata_init(&queue, &options, buffer, sizeof buffer);
}

static void report(int r) {
  const char *why = "";
  int system = tls.port.fn->detail(&tls.port, &why);
  if (r == 0) return;
  Serial.printf("ivs: %s: %s %s\n", ivs_strerror(r), ivs_last(&client)->code,
                ivs_last(&client)->message);
  if (system != 0) Serial.printf("ivs: connection: %s (%d)\n", why, system);
}

static int push(unsigned number) {
  char json[ITEM_BYTES];
  int n = snprintf(json, sizeof json, "{\"item\":%u}", number);
  struct ivs_metadata_item item = {};
  item.json = true;
  item.text.p = json;
  item.text.n = (size_t)n;
  return ivs_metadata_push(&queue, &item);
}

static bool running;

void setup() {
  Serial.begin(115200);
  WiFi.begin(WIFI_NAME, WIFI_PASSWORD);
  while (WiFi.status() != WL_CONNECTED) delay(100);
  int r = start_client();
  if (r == 0) r = start_queue();
  report(r);
  running = r == 0;
}

void loop() {
  static unsigned long next;
  static unsigned number;
  struct ivs_wait w;
  if (!running) {
    delay(1000);
    return;
  }
  if ((long)(millis() - next) >= 0) {
    next = millis() + EVERY_MS;
    push(++number); // what does not fit is counted as refused
  }
  int r = ivs_metadata_step(&queue, &w);
  if (r < 0) report(r);
  delay(1);
}
