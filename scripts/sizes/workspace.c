/*
 * What a client needs of its workspace for the largest PutMetadata that a device is likely to make:
 * 1 KB of metadata of which half the bytes are escaped, and a session token of 1 KB. Prints the
 * bytes; exit code 1 if the call does not succeed. Compiled for the machine it is run on, where
 * pointers may be larger than a microcontroller's, and run by scripts/size.
 */
#include <stdio.h>
#include <string.h>

#include <ivs/ivs.h>

#include "../../tests/core/fake_port.h"

enum { METADATA = 1024, TOKEN = 1024, ARN = 128, SPACE = 65536 };

static char metadata[METADATA + 1], token[TOKEN + 1], arn[ARN + 1], space[SPACE];
static struct fake fake;
static ivs_client client;
static struct ivs_creds creds;
static struct ivs_endpoint endpoint;

static int set_up(void) {
  struct ivs_options options = {.port = &fake.port,
                                .endpoint = &endpoint,
                                .region = IVS_STR("ap-southeast-1"),
                                .creds = &creds};
  int r = ivs_endpoint_for_region(&endpoint, options.region);
  memset(token, 't', TOKEN);
  if (r == 0)
    r = ivs_creds_set(&creds, IVS_STR("AKIAIOSFODNN7EXAMPLE"),
                      IVS_STR("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), ivs_cstr(token));
  if (r == 0) r = ivs_init(&client, &options);
  return r == 0 ? ivs_workspace(&client, space, sizeof space) : r;
}

int main(void) {
  fake_start(&fake);
  fake_answer(&fake, "HTTP/1.1 204 No Content\r\nx-amzn-RequestId: 11-22\r\n\r\n");
  int r = set_up();
  for (size_t i = 0; i < METADATA; i++) metadata[i] = i % 2 == 0 ? '"' : 'm';
  memset(arn, 'a', ARN);
  struct ivs_put_metadata_in in = {.channel_arn = ivs_cstr(arn), .metadata = ivs_cstr(metadata)};
  struct ivs_put_metadata_out out;
  if (r == 0) r = ivs_put_metadata(&client, &in, &out);
  if (r == 0) printf("%zu\n", client.high_water);
  else fprintf(stderr, "workspace: %s\n", ivs_strerror(r));
  ivs_close(&client);
  ivs_creds_wipe(&creds);
  return r == 0 ? 0 : 1;
}
