/*
 * Zephyr's resolver as far as ivs uses it.
 */
#ifndef STAND_IN_DNS_RESOLVE_H
#define STAND_IN_DNS_RESOLVE_H

#include <zephyr/net/socket.h>

enum dns_query_type { DNS_QUERY_TYPE_A = 1, DNS_QUERY_TYPE_AAAA = 28 };

enum dns_resolve_status {
  DNS_EAI_NONAME = -2,
  DNS_EAI_FAIL = -4,
  DNS_EAI_NODATA = -5,
  DNS_EAI_INPROGRESS = -100,
  DNS_EAI_CANCELED = -101,
  DNS_EAI_ALLDONE = -103
};

struct dns_addrinfo {
  struct STAND_IN_NAME(sockaddr) ai_addr;
  STAND_IN_NAME(socklen_t) ai_addrlen;
  uint8_t ai_family;
};

typedef void (*dns_resolve_cb_t)(enum dns_resolve_status status, struct dns_addrinfo *info,
                                 void *user_data);

int dns_get_addr_info(const char *query, enum dns_query_type type, uint16_t *dns_id,
                      dns_resolve_cb_t cb, void *user_data, int32_t timeout);
int dns_cancel_addr_info(uint16_t dns_id);

#endif
