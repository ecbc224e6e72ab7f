/*
 * Credentials from AWS IoT Core, for a device that has a certificate instead of keys.
 *
 * The credentials provider of AWS IoT is asked over TLS with the device's certificate for the
 * credentials of a role alias. It needs: a role that credentials.iot.amazonaws.com may assume, an
 * alias of that role, and a policy at the certificate that allows iot:AssumeRoleWithCertificate on
 * the alias. `aws iot describe-endpoint --endpoint-type iot:CredentialProvider` prints the host
 * name of the endpoint, which goes into SNI.
 *
 *   struct ivs_tls_options with = {.cert = cert, .cert_n = cert_n, .key = key, .key_n = key_n};
 *   ivs_tls_init(&tls, &tcp.port, &with);
 *   ivs_endpoint_from_url(&endpoint,
 *                         IVS_STR("https://c1.credentials.iot.eu-west-1.amazonaws.com"));
 *   struct ivs_iot_options options = {
 *       .fetch = {.port = &tls.port, .endpoint = &endpoint,
 *                 .space = space, .space_n = sizeof space},
 *       .role_alias = IVS_STR("camera"),
 *       .thing = IVS_STR("camera-17")};
 *   ivs_iot_provider_init(&iot, &options);
 *   ... .provider = &iot.base in the options of the client ...
 */
#ifndef IVS_IOT_H
#define IVS_IOT_H

#include <ivs/fetch.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ivs_iot_options {
  struct ivs_fetch_options fetch; /* 10 s, 3 attempts. The endpoint must be https */
  ivs_str role_alias;             /* 1 to 128 of A-Z a-z 0-9 _ = @ -; its case counts */
  ivs_str thing; /* of the certificate: makes the thing's name a variable of the role's policies;
                    absent: none is sent. 1 to 128 of A-Z a-z 0-9 : _ - */
};

struct ivs_iot_provider {
  struct ivs_provider base;

  /* Private. */
  struct ivs_fetch fetch;
  ivs_str role_alias;
  ivs_str thing;
};

/* options is copied; the texts stay the caller's and must outlive p. 0, or IVS_ERR_ARGUMENT. */
int ivs_iot_provider_init(struct ivs_iot_provider *p, const struct ivs_iot_options *options);

#ifdef __cplusplus
}
#endif

#endif
