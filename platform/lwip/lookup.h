/*
 * Host names by lwIP's resolver, whose requests cannot be taken back: what a request answers to is
 * therefore not in the port but in a table here. Internal to platform/lwip.
 */
#ifndef IVS_LWIP_LOOKUP_H
#define IVS_LWIP_LOOKUP_H

#include <ivs/base.h>

#include <lwip/err.h>
#include <lwip/ip_addr.h>

struct ivs_lwip_lookup;

/*
 * Begins to look an address of host up, a NUL-ended name; type is LWIP_DNS_ADDRTYPE_....
 * ERR_OK: it was known, and is in to. ERR_INPROGRESS: *lookup is to be asked and released. Else
 * lwIP's error.
 */
err_t ivs_lwip_lookup_start(struct ivs_lwip_lookup **lookup, const char *host, uint8_t type,
                            ip_addr_t *to);

/* ERR_INPROGRESS: not yet. ERR_OK: found, and in to. ERR_TIMEOUT: there is none, or DNS does not
   answer; lwIP does not tell which. */
err_t ivs_lwip_lookup_done(struct ivs_lwip_lookup *lookup, ip_addr_t *to);

/* Gives the look-up back, finished or not. */
void ivs_lwip_lookup_release(struct ivs_lwip_lookup *lookup);

#endif
