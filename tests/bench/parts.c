/*
 * One part of the work, over and over, so that its instructions can be counted by running it with
 * two numbers of times.
 *
 * usage: parts NAME TIMES [PAGE]
 *
 * PAGE is a file with an answer to ListChannels. `parts tokens 1 PAGE` prints what a client needs
 * of its workspace for that page. Exit code 1 if something does not work.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ivs/ivs.h>

#define JSMN_STATIC
#define JSMN_STRICT
#include <jsmn.h>

#include "../core/fake_port.h"
#include "../core/put_metadata.h"

enum { PAGE_MAX = 100000, TOKENS_MAX = 8000, WORKSPACE = 200000 };

static char page[PAGE_MAX], text[PAGE_MAX];
static size_t page_n;
static unsigned long long seen; /* what was read, so that no reading is optimised away */

static bool load(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  page_n = fread(page, 1, sizeof page, file);
  bool good = feof(file) && !ferror(file);
  fclose(file);
  return good;
}

/* Signing */

static struct ivs_sigv4_key key;

static int derive(void) {
  return put_metadata_key(&key);
}

static int sign(void) {
  char authorization[512];
  struct ivs_out o = ivs_out_to(authorization, sizeof authorization);
  int r = key.date[0] == '\0' ? derive() : 0;
  if (r == 0) r = put_metadata_sign(&key, &o);
  seen += o.n;
  return r;
}

/* A page of channels */

static uint64_t tokens[TOKENS_MAX * IVS_JSON_TOKEN_SIZE / sizeof(uint64_t)];

static int read_tags(struct ivs_arena arena, ivs_span *rest, ivs_str *culprit) {
  ivs_pair tag;
  int r;
  while ((r = ivs_decode_next(arena, rest, &tag, culprit)) == 1) seen += tag.name.n + tag.value.n;
  return r;
}

static int copy(void) {
  memcpy(text, page, page_n);
  seen += (unsigned char)text[page_n - 1];
  return 0;
}

static int check_and_decode(void) {
  struct ivs_arena arena = {tokens, TOKENS_MAX};
  struct ivs_list_channels_out out;
  struct ivs_channel_summary channel;
  struct ivs_json_value root;
  ivs_str culprit;
  size_t needed;
  copy();
  int r = ivs_json_check(text, page_n, &needed);
  if (r != 0) return r;
  arena.room = needed;
  ivs_json_value_at(text, text + page_n, &root);
  r = ivs_decode(arena, ivs_ops[IVS_OP_LIST_CHANNELS].out, root, &out, &culprit);
  if (r != 0) return r;
  while ((r = ivs_decode_next(arena, &out.channels.rest, &channel, &culprit)) == 1) {
    seen += channel.arn.n + channel.name.n;
    r = read_tags(arena, &channel.tags.rest, &culprit);
    if (r != 0) return r;
  }
  return r;
}

static int jsmn_alone(void) {
  static jsmntok_t found[TOKENS_MAX];
  jsmn_parser parser;
  copy();
  jsmn_init(&parser);
  int n = jsmn_parse(&parser, text, page_n, found, TOKENS_MAX);
  seen += (unsigned)n;
  return n > 0 ? 0 : -1;
}

/* What a client's workspace needs beyond the bytes of the answer. */
static int print_tokens(void) {
  static struct fake fake;
  static char answer[PAGE_MAX + 200], space[WORKSPACE];
  static const struct ivs_list_channels_in in = {.max_results = {.set = true, .value = 100}};
  ivs_client client;
  struct ivs_endpoint endpoint;
  struct ivs_list_channels_out out;
  struct ivs_channel_summary channel;
  int head =
      snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", page_n);
  memcpy(answer + head, page, page_n);
  fake_start(&fake);
  fake_answer(&fake, answer);
  ivs_endpoint_for_region(&endpoint, IVS_STR("eu-west-1"));
  struct ivs_options options = {
      .port = &fake.port, .endpoint = &endpoint, .region = IVS_STR("eu-west-1")};
  int r = ivs_init(&client, &options);
  if (r == 0) r = ivs_workspace(&client, space, sizeof space);
  if (r == 0) r = ivs_list_channels(&client, &in, &out);
  size_t channels = 0;
  while (r == 0 && (r = ivs_next(&client, &out.channels.rest, &channel)) == 1) {
    channels++;
    r = 0;
  }
  if (r == 0) printf("%zu %zu %zu\n", channels, page_n, client.high_water - page_n);
  ivs_close(&client);
  return r;
}

/* A response head */

static const char head[] =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: 1024\r\n"
    "Connection: keep-alive\r\n"
    "Date: Sun, 22 Nov 2026 09:30:00 GMT\r\n"
    "x-amzn-RequestId: 7c1f1b5e-6c2b-4f3a-9d39-0a4f6a1b2c3d\r\n"
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Expose-Headers: "
    "Access-Control-Allow-Origin,x-amzn-RequestId,x-amzn-ErrorType\r\n"
    "Cache-Control: no-store, no-cache\r\n"
    "X-Cache: Miss from cloudfront\r\n"
    "Via: 1.1 1234567890abcdef1234567890abcdef.cloudfront.net (CloudFront)\r\n"
    "X-Amz-Cf-Pop: DUB56-P1\r\n"
    "X-Amz-Cf-Id: ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123==\r\n"
    "\r\n";

static void on_field(void *context, enum ivs_http1_field field, ivs_str value) {
  (void)context;
  seen += value.n + (unsigned)field;
}

static int feed_head(size_t piece) {
  static char bytes[sizeof head];
  struct ivs_http1 h;
  size_t used, in_body;
  int r = 0;
  if (bytes[0] == '\0') memcpy(bytes, head, sizeof head);
  ivs_http1_start(&h, false, on_field, NULL);
  for (size_t at = 0; r == 0 && at < sizeof head - 1; at += used) {
    size_t left = sizeof head - 1 - at;
    r = ivs_http1_feed(&h, bytes + at, left < piece ? left : piece, &used, &in_body);
  }
  return r == 0 && h.in_body ? 0 : -1;
}

static int read_head(void) {
  return feed_head(sizeof head);
}

static int read_head_in_pieces(void) {
  return feed_head(100);
}

static int read_head_in_bytes(void) {
  return feed_head(1);
}

static const struct {
  const char *name;
  int (*run)(void);
} parts[] = {
    {"derive", derive},
    {"sign", sign},
    {"copy", copy},
    {"decode", check_and_decode},
    {"jsmn", jsmn_alone},
    {"head", read_head},
    {"head-pieces", read_head_in_pieces},
    {"head-bytes", read_head_in_bytes},
    {"tokens", print_tokens},
};

int main(int argc, char **argv) {
  int times = argc > 2 ? atoi(argv[2]) : 0;
  if (times <= 0 || (argc > 3 && !load(argv[3]))) {
    fputs("usage: parts NAME TIMES [PAGE]; PAGE is a file of at most 100 KB\n", stderr);
    return 1;
  }
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (strcmp(argv[1], parts[i].name) != 0) continue;
    int r = 0;
    while (r == 0 && times-- > 0) r = parts[i].run();
    if (r != 0) fprintf(stderr, "parts: %s: %s\n", argv[1], ivs_strerror(r));
    return r == 0 && (seen > 0 || parts[i].run == print_tokens || parts[i].run == derive) ? 0 : 1;
  }
  fprintf(stderr, "parts: no part '%s'\n", argv[1]);
  return 1;
}
