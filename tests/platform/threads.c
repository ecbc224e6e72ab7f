/*
 * Clients on several threads at once, without a lock: each has its own port, TLS, memory and
 * state, and all share one endpoint and one set of credentials, which nobody writes to. Against the
 * simulator, by test_threads.py; built with the sanitizer for threads it finds what they share.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <ivs/ivs.h>
#include <ivs/posix.h>
#include <ivs/tls.h>

#include "../check.h"

enum { CLIENTS = 2, ROUNDS = 4 };

static struct ivs_endpoint endpoint;
static struct ivs_creds creds;

struct job {
  pthread_t thread;
  int number;
  int result; /* the first that was not 0 */
  int done;
};

/* A look-up that is given up: its thread goes on by itself. */
static int abandon(struct ivs_posix *tcp) {
  struct ivs_peer peer = {IVS_STR("localhost"), 1, 0};
  int r = tcp->port.fn->open(&tcp->port, &peer);
  tcp->port.fn->close(&tcp->port);
  return r;
}

/* Makes a channel, reads it back, deletes it. */
static int one_round(ivs_client *client, const char *name) {
  struct ivs_create_channel_in make = {.name = ivs_cstr(name)};
  struct ivs_create_channel_out made;
  struct ivs_get_channel_out got;
  char arn[256];
  int r = ivs_create_channel(client, &make, &made);
  if (r == 0) r = ivs_str_copy(arn, sizeof arn, made.channel.arn);
  if (r < 0) return r;
  struct ivs_get_channel_in get = {.arn = ivs_cstr(arn)};
  struct ivs_delete_channel_in end = {.arn = ivs_cstr(arn)};
  r = ivs_get_channel(client, &get, &got);
  if (r == 0 && !ivs_str_eq(got.channel.name, ivs_cstr(name))) return 1;
  return r == 0 ? ivs_delete_channel(client, &end, NULL) : r;
}

static int all_rounds(struct job *job, struct ivs_posix *tcp, struct ivs_tls *tls) {
  static _Thread_local char space[16384];
  static _Thread_local ivs_client client;
  struct ivs_options options = {.port = &tls->port,
                                .endpoint = &endpoint,
                                .region = ivs_cstr(getenv("AWS_REGION")),
                                .creds = &creds};
  char name[32];
  int r = ivs_init(&client, &options);
  ivs_workspace(&client, space, sizeof space);
  for (int i = 0; r == 0 && i < ROUNDS; i++) {
    snprintf(name, sizeof name, "thread-%d-%d", job->number, i);
    r = one_round(&client, name);
    if (r == 0) job->done++;
    ivs_close(&client);
    if (r == 0) r = abandon(tcp);
  }
  return r;
}

static void *work(void *argument) {
  struct job *job = argument;
  struct ivs_posix tcp;
  struct ivs_tls tls;
  ivs_posix_init(&tcp);
  tcp.dns_ms = 0; /* a look-up for each connection */
  job->result = ivs_tls_init(&tls, &tcp.port, NULL);
  if (job->result == 0) job->result = ivs_tls_roots_file(&tls, getenv("AWS_CA_BUNDLE"));
  if (job->result == 0) job->result = all_rounds(job, &tcp, &tls);
  ivs_tls_free(&tls);
  return NULL;
}

static void on_threads(void) {
  struct job jobs[CLIENTS] = {0};
  for (int i = 0; i < CLIENTS; i++) {
    jobs[i].number = i;
    CHECK_INT(pthread_create(&jobs[i].thread, NULL, work, &jobs[i]), 0);
  }
  for (int i = 0; i < CLIENTS; i++) {
    pthread_join(jobs[i].thread, NULL);
    CHECK_INT(jobs[i].result, 0);
    CHECK_INT(jobs[i].done, ROUNDS);
  }
}

int main(void) {
  check_seed();
  CHECK_INT(ivs_endpoint_from_url(&endpoint, ivs_cstr(getenv("AWS_ENDPOINT_URL_IVS"))), 0);
  CHECK_INT(ivs_creds_set(&creds, ivs_cstr(getenv("AWS_ACCESS_KEY_ID")),
                          ivs_cstr(getenv("AWS_SECRET_ACCESS_KEY")), IVS_STR("")),
            0);
  RUN(on_threads);
  return check_done();
}
