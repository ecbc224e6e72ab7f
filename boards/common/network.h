/*
 * lwIP on a board without an operating system: everything happens in the one context of the
 * program, when it waits for the network or calls network_poll().
 */
#ifndef NETWORK_H
#define NETWORK_H

#include <lwip/netif.h>

/* --- from the board's Ethernet driver --- */

/* Starts the device, and tells its address. */
void ethernet_start(uint8_t address[NETIF_MAX_HWADDR_LEN]);

/* Sends a frame, with ETH_PAD_SIZE bytes before it. ERR_OK, or ERR_MEM: no room now. */
err_t ethernet_send(struct netif *netif, struct pbuf *frame);

/* Hands every frame that has come to netif->input; then lets the device wake the processor. */
void ethernet_poll(struct netif *netif);

/* --- for the program --- */

struct network_address {
  ip4_addr_t address, mask, gateway, dns;
};

/* Starts lwIP and the board's interface; once. */
void network_start(const struct network_address *own);

/* Lets lwIP work: received frames, timers. For a main loop that does not wait in the port; not
   from an interrupt. Does not block. */
void network_poll(void);

#endif
