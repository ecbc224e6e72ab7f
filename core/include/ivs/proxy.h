/*
 * An HTTP proxy, as a port over a port: the connection goes to the proxy, which is asked by CONNECT
 * (RFC 9110, 9.3.6) to pass bytes on to the peer and back.
 *
 *   struct ivs_posix tcp;
 *   struct ivs_proxy proxy;
 *   struct ivs_tls tls;
 *   struct ivs_proxy_options options = {.host = IVS_STR("proxy.example"), .port = 3128};
 *   ivs_posix_init(&tcp);
 *   int r = ivs_proxy_init(&proxy, &tcp.port, &options);
 *   if (r == 0) r = ivs_tls_init(&tls, &proxy.port, NULL);
 *   ... hand &tls.port to the client ...
 *
 * TLS lies above, so that it is with the service: the proxy sees its host name and port, nothing
 * else. For a proxy that wants TLS itself, another ivs_tls lies between this and tcp.
 */
#ifndef IVS_PROXY_H
#define IVS_PROXY_H

#include <ivs/http1.h>
#include <ivs/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes for the request to the proxy: 100, twice the host of the service, and four thirds of user
   and password. */
#ifndef IVS_PROXY_BUFFER
#define IVS_PROXY_BUFFER 1024
#endif

/* Views of the caller's: they stay as long as the port is used. */
struct ivs_proxy_options {
  ivs_str host; /* a name or an address; an IPv6 address without brackets */
  uint16_t port;
  ivs_str user;     /* absent or empty: no credentials are sent */
  ivs_str password; /* secret; it and user go to the proxy as Basic (RFC 7617) */
};

struct ivs_proxy {
  struct ivs_port port;

  /* Private from here. */
  struct ivs_port *below;
  struct ivs_proxy_options options;
  struct ivs_http1 http;
  uint8_t state;
  int status;       /* for detail(): of the proxy's answer */
  const char *said; /* for detail(): NULL if the error was below's */
  size_t at, n; /* what is left in buffer: of the request, then of what came behind the answer */
  char buffer[IVS_PROXY_BUFFER];
};

/*
 * Sets proxy up over below, which must outlive it, be closed, and is used by nobody else from now
 * on. There is nothing to undo but close. 0, or IVS_ERR_ARGUMENT: no host or port, a ':' in user,
 * or control characters in user or password.
 *
 * What the port returns beside the errors of below: IVS_ERR_PROXY if the proxy refused (a status
 * under 500), or its answer was not HTTP/1.1; IVS_ERR_CONNECT also if the proxy did not reach the
 * peer (500 and above). detail() then has the HTTP status, or 0, and words. IVS_ERR_ARGUMENT if the
 * request does not fit in IVS_PROXY_BUFFER, or the peer's host has blanks or control characters.
 * Errors of the look-up and the connecting are about the proxy.
 */
int ivs_proxy_init(struct ivs_proxy *proxy, struct ivs_port *below,
                   const struct ivs_proxy_options *options);

#ifdef __cplusplus
}
#endif

#endif
