/*
 * The board's network interface, and what moves it.
 */
#include "network.h"

#include <lwip/dns.h>
#include <lwip/etharp.h>
#include <lwip/tcpip.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>

enum { MTU = 1500 };

static struct netif interface;

/* A netif_init_fn of lwIP. */
static err_t start_interface(struct netif *netif) {
  netif->name[0] = 'e';
  netif->name[1] = 'n';
  netif->mtu = MTU;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
  netif->output = etharp_output;
  netif->linkoutput = ethernet_send;
  netif->hwaddr_len = ETH_HWADDR_LEN;
  ethernet_start(netif->hwaddr);
  return ERR_OK;
}

/* see network.h */
void network_start(const struct network_address *own) {
  ip_addr_t dns;
  tcpip_init(NULL, NULL);
  LOCK_TCPIP_CORE();
  netif_add(&interface, &own->address, &own->mask, &own->gateway, NULL, start_interface,
            tcpip_input);
  netif_set_default(&interface);
  netif_set_link_up(&interface);
  netif_set_up(&interface);
  ip_addr_copy_from_ip4(dns, own->dns);
  dns_setserver(0, &dns);
  UNLOCK_TCPIP_CORE();
}

/* see network.h */
void network_poll(void) {
  ethernet_poll(&interface);
  LOCK_TCPIP_CORE();
  sys_check_timeouts();
  UNLOCK_TCPIP_CORE();
  while (tcpip_thread_poll_one() != 0) continue;
}
