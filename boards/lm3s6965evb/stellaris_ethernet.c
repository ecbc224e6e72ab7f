/*
 * Driver for the Ethernet controller of TI's Stellaris parts, polled; its interrupt only wakes the
 * processor. Names of registers and bits as of the LM3S6965's data sheet.
 *
 * The controller wants and gives a length in front of every frame, in two bytes: those that lwIP
 * leaves free (ETH_PAD_SIZE).
 */
#include "cortex_m.h"
#include "fifo.h"
#include "network.h"

#include <string.h>

struct stellaris_ethernet {
  volatile uint32_t ris_iack, im, rctl, tctl, data, ia0, ia1, thr;
  volatile uint32_t mctl, mdv, reserved_28, mtxd, mrxd, np, tr;
};
#define ETHERNET ((struct stellaris_ethernet *)0x40048000)
enum { ETHERNET_IRQ = 42 };

enum {
  INT_RX = 1 << 0,
  INT_ALL = 0x7f,
  RCTL_ON = 1 << 0,
  RCTL_REJECT_BAD = 1 << 3,
  RCTL_RESET_FIFO = 1 << 4,
  TCTL_ON = 1 << 0,
  TCTL_PAD = 1 << 1,
  TCTL_CRC = 1 << 2,
  TCTL_DUPLEX = 1 << 4,
  TR_NEW = 1 << 0,
  HEADER_BYTES = 14,
  CRC_BYTES = 4
};

/* see network.h. The FIFO holds one frame; the one before leaves in 0.12 ms at most. */
err_t ethernet_send(struct netif *netif, struct pbuf *p) {
  uint8_t *length = p->payload;
  uint32_t n = p->tot_len - ETH_PAD_SIZE - HEADER_BYTES;
  (void)netif;
  while (ETHERNET->tr & TR_NEW) continue;
  length[0] = (uint8_t)n;
  length[1] = (uint8_t)(n >> 8);
  fifo_write(&ETHERNET->data, p);
  ETHERNET->tr = TR_NEW;
  return ERR_OK;
}

/* The next frame. NULL: no memory, and it is dropped. */
static struct pbuf *receive(void) {
  uint32_t first = ETHERNET->data;
  uint32_t length = first & 0xffff; /* with itself and the CRC */
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(length - CRC_BYTES), PBUF_POOL);
  if (p == NULL) {
    fifo_skip(&ETHERNET->data, length - sizeof first);
    return NULL;
  }
  fifo_read(&ETHERNET->data, first, p);
  fifo_skip(&ETHERNET->data, CRC_BYTES);
  return p;
}

/* see network.h */
void ethernet_poll(struct netif *netif) {
  ETHERNET->ris_iack = INT_RX;
  while (ETHERNET->np != 0) {
    struct pbuf *p = receive();
    if (p != NULL && netif->input(p, netif) != ERR_OK) pbuf_free(p);
  }
  irq_arm(ETHERNET_IRQ);
}

/* see network.h */
void ethernet_start(uint8_t address[NETIF_MAX_HWADDR_LEN]) {
  const uint32_t words[] = {ETHERNET->ia0, ETHERNET->ia1};
  memcpy(address, words, NETIF_MAX_HWADDR_LEN);
  ETHERNET->im = 0;
  ETHERNET->rctl = RCTL_RESET_FIFO;
  ETHERNET->ris_iack = INT_ALL;
  ETHERNET->tctl = TCTL_ON | TCTL_PAD | TCTL_CRC | TCTL_DUPLEX;
  ETHERNET->rctl = RCTL_ON | RCTL_REJECT_BAD;
  ETHERNET->im = INT_RX;
}
