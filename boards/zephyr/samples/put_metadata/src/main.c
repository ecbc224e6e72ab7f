/*
 * Timed metadata for a channel: an item every second, sent through the queue that keeps the
 * service's rate. Options: Kconfig.
 */
#include <ivs/ivs.h>
#include <ivs/metadata_queue.h>
#include <ivs/tls.h>
#include <ivs/zephyr.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

enum { WORKSPACE = 4096, ITEMS = 16, ITEM_BYTES = 40, FINISH_MS = 30000 };

static struct ivs_zephyr tcp;
static struct ivs_tls tls;
static struct ivs_endpoint endpoint;
static struct ivs_creds creds;
static ivs_client client;
static ivs_metadata_queue queue;
static char workspace[WORKSPACE];
static char buffer[IVS_METADATA_BUFFER(IVS_METADATA_MAX, ITEMS, ITEM_BYTES)];

#ifdef SAMPLE_ROOTS
static const unsigned char roots[] = {
#include "roots.inc"
    0}; /* PEM text ends with a NUL */
#endif

static int start_tls(void) {
  struct ivs_tls_options options = {0};
#ifdef SAMPLE_ROOTS
  options.roots = roots;
  options.roots_n = sizeof roots;
#endif
  ivs_zephyr_init(&tcp);
  return ivs_tls_init(&tls, &tcp.port, &options);
}

static int find_endpoint(ivs_str region) {
  ivs_str url = ivs_cstr(CONFIG_SAMPLE_ENDPOINT);
  return url.n > 0 ? ivs_endpoint_from_url(&endpoint, url)
                   : ivs_endpoint_for_region(&endpoint, region);
}

static int start_client(void) {
  ivs_str region = ivs_cstr(CONFIG_SAMPLE_REGION);
  struct ivs_options options = {
      .port = &tls.port, .endpoint = &endpoint, .region = region, .creds = &creds};
  int r = find_endpoint(region);
  if (r == 0)
    r = ivs_creds_set(&creds, ivs_cstr(CONFIG_SAMPLE_ACCESS_KEY_ID),
                      ivs_cstr(CONFIG_SAMPLE_SECRET_ACCESS_KEY), IVS_STR(""));
  if (r == 0) r = ivs_init(&client, &options);
  if (r == 0) r = ivs_workspace(&client, workspace, sizeof workspace);
  /* Nothing keeps the time on this board: the service tells. */
  if (r == 0) r = ivs_clock_learn(&client);
  return r;
}

static int start_queue(void) {
  struct ivs_metadata_options options = {.client = &client,
                                         .channel_arn = ivs_cstr(CONFIG_SAMPLE_CHANNEL_ARN)};
  return ivs_metadata_init(&queue, &options, buffer, sizeof buffer);
}

/* {"item":N} */
static int push(uint32_t number) {
  char json[ITEM_BYTES];
  struct ivs_out o = ivs_out_to(json, sizeof json);
  ivs_put_text(&o, "{\"item\":");
  ivs_put_int(&o, number);
  ivs_put_char(&o, '}');
  struct ivs_metadata_item item = {.json = true, .text = {json, o.n}};
  return ivs_metadata_push(&queue, &item);
}

/* Lets the queue work until then; it never blocks, so that other work could be done here too. */
static int work_until(uint64_t until) {
  struct ivs_port *port = &tls.port;
  while (port->fn->ticks(port) < until) {
    struct ivs_wait w = {-1, 0, until};
    int r = ivs_metadata_step(&queue, &w);
    if (r < 0) return r;
    if (r == 0) w = (struct ivs_wait){-1, 0, until};
    if (w.until > until) w.until = until;
    r = port->fn->wait(port, &w);
    if (r != 0) return r;
  }
  return 0;
}

static int send_items(void) {
  uint64_t next = tls.port.fn->ticks(&tls.port);
  int r = 0;
  for (uint32_t i = 1; r == 0 && (CONFIG_SAMPLE_ITEMS == 0 || i <= CONFIG_SAMPLE_ITEMS); i++) {
    r = push(i);
    if (r == IVS_ERR_SPACE) r = 0; /* counted as refused: the service is out of reach for long */
    if (r == 0) r = work_until(next += CONFIG_SAMPLE_EVERY_MS);
  }
  return r == 0 ? ivs_metadata_finish(&queue, FINISH_MS) : r;
}

static void report(int r) {
  const struct ivs_metadata_counters *c = &queue.counters;
  const char *why = "";
  int system = tls.port.fn->detail(&tls.port, &why);
  printk("ivs: %u of %u items sent in %u payloads\n", (unsigned)c->sent, (unsigned)c->pushed,
         (unsigned)c->payloads);
  if (r == 0) return;
  printk("ivs: %s: %s %s\n", ivs_strerror(r), ivs_last(&client)->code, ivs_last(&client)->message);
  if (system != 0) printk("ivs: connection: %s (%d)\n", why, system);
}

int main(void) {
  int r = start_tls();
  if (r == 0) r = start_client();
  if (r == 0) r = start_queue();
  if (r == 0) r = send_items();
  report(r);
  ivs_close(&client);
  ivs_tls_free(&tls);
  ivs_creds_wipe(&creds);
  return r;
}
