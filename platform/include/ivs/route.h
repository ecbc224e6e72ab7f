/*
 * The way to an endpoint: TCP, a proxy where one is asked for, TLS where the endpoint has it.
 *
 *   struct ivs_route route;
 *   struct ivs_route_options options = {.ca_bundle = settings.ca_bundle};
 *   int r = ivs_route_init(&route, &endpoint, &options);
 *   ... hand route.port to the client ...
 *   ivs_route_free(&route);
 */
#ifndef IVS_ROUTE_H
#define IVS_ROUTE_H

#include <ivs/endpoint.h>
#include <ivs/posix.h>
#include <ivs/proxy.h>
#include <ivs/proxy_settings.h>
#include <ivs/tls.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { IVS_ROUTE_PROBLEM_MAX = 383 };

/* All zero: as the environment says, with Amazon's roots. Texts are NUL-ended, and not needed after
   ivs_route_init(). Files are of PEM or DER, keys not encrypted; "~" at the beginning of their
   names is the home of the user, "~name" that of another. */
struct ivs_route_options {
  const char *proxy; /* NULL: that of the environment, <ivs/proxy_settings.h>; "": none; else its
                        URL. To http:// endpoints the way is always direct */
  const char *ca_bundle;   /* file of trusted roots; NULL or "": Amazon's */
  const char *certificate; /* files of the client's certificate, */
  const char *private_key; /* and its key; NULL: none */
  bool insecure_no_verify; /* anyone may answer. For tests on a bench only */
};

struct ivs_route {
  struct ivs_port *port; /* the top of it */
  struct ivs_posix tcp;
  struct ivs_tls tls; /* set up if has_tls */
  bool has_tls;
  bool by_proxy;
  char problem[IVS_ROUTE_PROBLEM_MAX + 1]; /* of a failure, one line without secrets */

  /* Private. */
  bool has_outer;
  struct ivs_tls outer; /* with the proxy */
  struct ivs_proxy proxy;
  struct ivs_proxy_settings settings; /* secret */
};

/*
 * Sets the route up; nothing is opened yet. 0; IVS_ERR_ARGUMENT (the proxy), IVS_ERR_TLS_ROOTS,
 * IVS_ERR_TLS_MEMORY, IVS_ERR_ENTROPY or IVS_ERR_TLS (certificate or key), with problem. After an
 * error there is nothing to free.
 */
int ivs_route_init(struct ivs_route *route, const struct ivs_endpoint *endpoint,
                   const struct ivs_route_options *options);

/* Closes the connection, gives all memory back and wipes what is secret. A zeroed route may be
   freed, and one that is free already. */
void ivs_route_free(struct ivs_route *route);

#ifdef __cplusplus
}
#endif

#endif
