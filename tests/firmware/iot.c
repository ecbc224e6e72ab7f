/*
 * Credentials from AWS IoT Core, with the device's certificate. This takes a second port with TLS
 * of its own. But the client closes its connection before it asks for credentials, so that
 * mbedTLS's pool has to hold one connection at a time.
 */
#include "firmware.h"

#include <ivs/iot.h>
#include <ivs/lwip.h>
#include <ivs/tls.h>

static struct ivs_lwip tcp;
static struct ivs_tls tls;
static struct ivs_endpoint endpoint;
static struct ivs_iot_provider iot;

static int start_tls(const struct ivs_lwip_hooks *hooks, ivs_str ca) {
  ivs_str cert = bytes_word("iot-cert"), key = bytes_word("iot-key");
  const struct ivs_tls_options options = {.roots = ca.p,
                                          .roots_n = ca.n,
                                          .cert = cert.p,
                                          .cert_n = cert.n,
                                          .key = key.p,
                                          .key_n = key.n};
  ivs_lwip_init(&tcp, hooks);
  return ivs_tls_init(&tls, &tcp.port, &options);
}

/* see firmware.h */
int iot_start(const struct ivs_lwip_hooks *hooks, ivs_str ca, void *space, size_t space_n,
              struct ivs_provider **provider) {
  const struct ivs_iot_options options = {
      .fetch = {.port = &tls.port, .endpoint = &endpoint, .space = space, .space_n = space_n},
      .role_alias = ivs_cstr(word("iot-alias")),
      .thing = ivs_cstr(word("iot-thing"))};
  int r = ivs_endpoint_from_url(&endpoint, ivs_cstr(word("iot")));
  if (r == 0) r = ivs_iot_provider_init(&iot, &options);
  if (r == 0) r = start_tls(hooks, ca);
  *provider = &iot.base;
  return r;
}

/* see firmware.h */
void iot_stop(void) {
  if (iot.base.fn == NULL) return;
  report_number("iot-credentials", iot.base.version);
  report_number("iot-handshakes", tls.handshakes);
  ivs_provider_wipe(&iot.base);
  ivs_tls_free(&tls);
}
