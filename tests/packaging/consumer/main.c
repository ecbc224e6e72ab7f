/*
 * A program of somebody else's: makes a channel and prints its name. It uses the core and the
 * platform layer, so that both, and what they need in turn, must be found.
 */
#include <stdio.h>
#include <stdlib.h>

#include <ivs/ivs.h>
#include <ivs/posix.h>
#include <ivs/tls.h>

static int create(ivs_client *client) {
  struct ivs_create_channel_in in = {.name = IVS_STR("consumer")};
  struct ivs_create_channel_out out;
  int r = ivs_create_channel(client, &in, &out);
  if (r == 0) printf("ivs %s: %.*s\n", ivs_version(), (int)out.channel.name.n, out.channel.name.p);
  return r;
}

int main(void) {
  static struct ivs_posix tcp;
  static struct ivs_tls tls;
  static struct ivs_endpoint endpoint;
  static struct ivs_creds creds;
  static ivs_client client;
  static char workspace[4096];

  ivs_posix_init(&tcp);
  int r = ivs_tls_init(&tls, &tcp.port, NULL);
  if (r == 0) r = ivs_tls_roots_file(&tls, getenv("AWS_CA_BUNDLE"));
  if (r == 0) r = ivs_endpoint_from_url(&endpoint, ivs_cstr(getenv("AWS_ENDPOINT_URL_IVS")));
  if (r == 0)
    r = ivs_creds_set(&creds, ivs_cstr(getenv("AWS_ACCESS_KEY_ID")),
                      ivs_cstr(getenv("AWS_SECRET_ACCESS_KEY")),
                      ivs_cstr(getenv("AWS_SESSION_TOKEN")));
  struct ivs_options options = {.port = &tls.port,
                                .endpoint = &endpoint,
                                .region = ivs_cstr(getenv("AWS_REGION")),
                                .creds = &creds};
  if (r == 0) r = ivs_init(&client, &options);
  if (r == 0) {
    ivs_workspace(&client, workspace, sizeof workspace);
    r = create(&client);
    ivs_close(&client);
  }
  if (r < 0) fprintf(stderr, "%s\n", ivs_strerror(r));
  ivs_tls_free(&tls);
  ivs_creds_wipe(&creds);
  return r < 0;
}
