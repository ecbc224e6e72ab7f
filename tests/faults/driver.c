/*
 * Makes calls as it is told on standard input, and prints what the caller of the library sees: one
 * line of JSON for each line of words.
 *
 *   client [NAME=VALUE]...   opens the client, or opens it anew; the names are in set_option()
 *   read ARN                 GetChannel
 *   create NAME              CreateChannel
 *   delete ARN               DeleteChannel
 *   put ARN TEXT             PutMetadata
 *   idle MILLISECONDS        the client's ticks jump ahead by so much
 *
 * Counters in an answer are those of the call, and `ms` its real duration; `kept` says that the
 * client still has its connection.
 */
#include "../error_name.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>

enum { WORDS = 16, LINE = 1024 };

static struct session session;
static char url[200]; /* of the session */

static void die(const char *what, const char *word) {
  fprintf(stderr, "driver: %s %s\n", what, word);
  exit(SESSION_USAGE);
}

static void print_text(const char *name, const char *text) {
  printf(",\"%s\":\"", name);
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\') putchar('\\');
    if ((unsigned char)*text < ' ') printf("\\u%04x", (unsigned)(unsigned char)*text);
    else putchar(*text);
  }
  putchar('"');
}

static void print_number(const char *name, long long n) {
  printf(",\"%s\":%lld", name, n);
}

/* --- one call --- */

struct call {
  enum ivs_op_id op;
  const void *in;
  void *out;
};

static void print_difference(const struct ivs_counters *was, const struct ivs_counters *is) {
  print_number("retries", is->retries - was->retries);
  print_number("refreshes", is->refreshes - was->refreshes);
  print_number("requests", is->requests - was->requests);
  print_number("connections", is->connections - was->connections);
  print_number("reused", is->reused - was->reused);
}

/* Begins the line about the call; returns its result. */
static int make_call(struct session *s, const struct call *call) {
  struct ivs_counters was = *ivs_client_counters(&s->client);
  struct ivs_port *clock = &s->tcp.port;
  uint32_t handshakes = s->tls.handshakes, resumed = s->tls.resumed;
  size_t need;
  uint64_t begin = clock->fn->ticks(clock);
  int r = session_call(s, call->op, call->in, call->out, &need);
  const struct ivs_error *e = ivs_last(&s->client);
  printf("{\"result\":\"%s\"", error_name(r));
  print_text("cause", error_name(r == 0 || r == IVS_ERR_SPACE ? r : e->cause));
  print_number("status", r == 0 ? 0 : e->status);
  print_text("code", r == 0 ? "" : e->code);
  print_text("message", r == 0 ? "" : e->message);
  print_number("need", (long long)need);
  print_number("ms", (long long)(clock->fn->ticks(clock) - begin));
  print_number("handshakes", s->tls.handshakes - handshakes);
  print_number("resumed", s->tls.resumed - resumed);
  print_number("offset", ivs_clock_offset(&s->client));
  print_number("kept", s->watch.open);
  print_difference(&was, ivs_client_counters(&s->client));
  return r;
}

static void end_line(const char *arn) {
  print_text("arn", arn);
  printf("}\n");
  fflush(stdout);
}

static void do_read(struct session *s, const char *arn) {
  struct ivs_get_channel_in in = {.arn = ivs_cstr(arn)};
  struct ivs_get_channel_out out;
  char told[200] = "";
  if (make_call(s, &(struct call){IVS_OP_GET_CHANNEL, &in, &out}) == 0)
    ivs_str_cut(told, sizeof told, out.channel.arn);
  end_line(told);
}

static void do_create(struct session *s, const char *name) {
  struct ivs_create_channel_in in = {.name = ivs_cstr(name)};
  struct ivs_create_channel_out out;
  char told[200] = "";
  if (make_call(s, &(struct call){IVS_OP_CREATE_CHANNEL, &in, &out}) == 0)
    ivs_str_cut(told, sizeof told, out.channel.arn);
  end_line(told);
}

static void do_delete(struct session *s, const char *arn) {
  struct ivs_delete_channel_in in = {.arn = ivs_cstr(arn)};
  make_call(s, &(struct call){IVS_OP_DELETE_CHANNEL, &in, NULL});
  end_line("");
}

static void do_put(struct session *s, const char *arn, const char *text) {
  struct ivs_put_metadata_in in = {.channel_arn = ivs_cstr(arn), .metadata = ivs_cstr(text)};
  make_call(s, &(struct call){IVS_OP_PUT_METADATA, &in, NULL});
  end_line("");
}

/* --- words --- */

static void set_option(struct session_options *o, const char *word) {
  const char *value = strchr(word, '=');
  if (value == NULL) die("no value:", word);
  ivs_str name = {word, (size_t)(value - word)};
  unsigned long number = strtoul(++value, NULL, 10);
  if (ivs_str_eq(name, IVS_STR("url"))) {
    ivs_str_cut(url, sizeof url, ivs_cstr(value));
    o->url = url;
  } else if (ivs_str_eq(name, IVS_STR("deadline"))) o->call_ms = (uint32_t)number;
  else if (ivs_str_eq(name, IVS_STR("attempts"))) o->attempts = (uint8_t)number;
  else if (ivs_str_eq(name, IVS_STR("tls"))) o->tls_version = (uint8_t)number;
  else if (ivs_str_eq(name, IVS_STR("cue_once"))) o->cue_once = number != 0;
  else if (ivs_str_eq(name, IVS_STR("provider"))) o->provider = number != 0;
  else if (ivs_str_eq(name, IVS_STR("space_max"))) o->space_max = number;
  else die("no option", word);
}

static void done(void) {
  printf("{}\n");
  fflush(stdout);
}

static void open_client(char *words[], int n) {
  struct session_options options = {0};
  session_close(&session);
  for (int i = 1; i < n; i++) set_option(&options, words[i]);
  session_open(&session, &options);
  done();
}

static void idle(struct session *s, const char *milliseconds) {
  s->watch.ahead += strtoul(milliseconds, NULL, 10);
  done();
}

static void obey(char *words[], int n) {
  struct session *s = &session;
  if (n > 0 && strcmp(words[0], "client") == 0) {
    open_client(words, n);
    return;
  }
  if (n < 2) die("too few words after", n > 0 ? words[0] : "");
  if (s->space == NULL) die("no client for", words[0]);
  if (strcmp(words[0], "read") == 0) do_read(s, words[1]);
  else if (strcmp(words[0], "create") == 0) do_create(s, words[1]);
  else if (strcmp(words[0], "delete") == 0) do_delete(s, words[1]);
  else if (strcmp(words[0], "put") == 0 && n > 2) do_put(s, words[1], words[2]);
  else if (strcmp(words[0], "idle") == 0) idle(s, words[1]);
  else die("what is", words[0]);
}

int main(void) {
  char line[LINE];
  while (fgets(line, sizeof line, stdin) != NULL) {
    char *words[WORDS];
    int n = 0;
    for (char *word = strtok(line, " \n"); word != NULL && n < WORDS; word = strtok(NULL, " \n"))
      words[n++] = word;
    obey(words, n);
  }
  session_close(&session);
  return 0;
}
