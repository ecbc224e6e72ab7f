/*
 * The proxy that the user's environment asks for, found as the AWS tools find it:
 *
 *   https_proxy or HTTPS_PROXY   [http://][user:password@]host[:port], or https:// where the proxy
 *                                itself is spoken to over TLS; the port is 80 or 443 if not given;
 *                                in user and password %XX is the byte XX
 *   no_proxy or NO_PROXY         hosts to connect to directly, with commas between: a name stands
 *                                for itself and all names below it, with or without a dot before
 *                                it; an address for itself; :port behind either limits it to that
 *                                port. "*" alone: every host
 *
 * Small letters win; a variable in small letters that is empty switches the other one off.
 * ALL_PROXY is not known to the AWS tools. HTTP_PROXY is for http:// endpoints, to which this
 * library always connects directly.
 */
#ifndef IVS_PROXY_SETTINGS_H
#define IVS_PROXY_SETTINGS_H

#include <ivs/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* With these, what ivs_proxy sends fits in its buffer for every host of a struct ivs_endpoint. */
enum { IVS_PROXY_HOST_MAX = 255, IVS_PROXY_USER_MAX = 127, IVS_PROXY_PASSWORD_MAX = 255 };

/* NUL-ended. */
struct ivs_proxy_settings {
  char host[IVS_PROXY_HOST_MAX + 1]; /* an IPv6 address without brackets */
  uint16_t port;
  bool tls; /* with the proxy */
  char user[IVS_PROXY_USER_MAX + 1];
  char password[IVS_PROXY_PASSWORD_MAX + 1]; /* secret: ivs_proxy_settings_wipe() */
  const char *from;                          /* the variable, a constant; NULL: there is no proxy */
  char problem[160]; /* of a failure: one line that says what is wrong, never a part of the value */
};

/*
 * Finds the proxy for an https:// endpoint at host (an IPv6 address without brackets) and port. 1:
 * use it. 0: connect directly; all but from is then empty, which tells if NO_PROXY was the reason.
 * IVS_ERR_ARGUMENT: the variable's value is malformed or too long, or wants another kind of proxy;
 * s has a problem and no secrets. Not for use while another thread changes the environment.
 */
int ivs_proxy_settings_read(struct ivs_proxy_settings *s, ivs_str host, uint16_t port);

/* The same for a proxy that the caller names, in the form above. from, a constant, names it in
   messages. 1, or IVS_ERR_ARGUMENT. */
int ivs_proxy_settings_from_url(struct ivs_proxy_settings *s, const char *url, const char *from);

void ivs_proxy_settings_wipe(struct ivs_proxy_settings *s);

#ifdef __cplusplus
}
#endif

#endif
