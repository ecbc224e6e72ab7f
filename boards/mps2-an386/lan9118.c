/*
 * Driver for the SMSC LAN9118 Ethernet controller, polled; its interrupt only wakes the processor.
 * Names of registers and bits as of its data sheet. All accesses are of 32 bits.
 *
 * Frames have two bytes of padding in front (ETH_PAD_SIZE), which the controller skips when it
 * sends and makes when it receives.
 */
#include "cortex_m.h"
#include "fifo.h"
#include "network.h"

#include <string.h>

struct lan9118 {
  volatile uint32_t rx_data[8], tx_data[8]; /* each the same at eight addresses */
  volatile uint32_t rx_status, rx_status_peek, tx_status, tx_status_peek;
  volatile uint32_t id_rev, irq_cfg, int_sts, int_en, reserved_60, byte_test, fifo_int;
  volatile uint32_t rx_cfg, tx_cfg, hw_cfg, rx_dp_ctl, rx_fifo_inf, tx_fifo_inf, pmt_ctrl;
  volatile uint32_t gpio_cfg, gpt_cfg, gpt_cnt, reserved_94, word_swap, free_run, rx_drop;
  volatile uint32_t mac_csr_cmd, mac_csr_data, afc_cfg;
};
#define LAN9118 ((struct lan9118 *)0x40200000)
enum { LAN9118_IRQ = 13 };

enum {
  IRQ_CFG_ENABLED_ACTIVE_HIGH = 0x111, /* IRQ_EN, IRQ_POL, IRQ_TYPE push-pull */
  INT_RSFL = 1 << 3,                   /* frames wait to be received */
  PAD_OFFSET = ETH_PAD_SIZE << 8,      /* RXDOFF of RX_CFG */
  TX_CFG_ON = 1 << 1,
  HW_CFG_TX_5K = 5 << 16 | 1 << 20, /* TX_FIF_SZ: 5 KB to send, the rest to receive; MBO */
  TX_A_FIRST = 1 << 13,
  TX_A_LAST = 1 << 12,
  RX_STATUS_ERROR = 1 << 15,
  CRC_BYTES = 4
};
enum { MAC_READ = 1 << 30 };
#define MAC_BUSY (1u << 31)
enum { MAC_CR = 1, MAC_ADDRH = 2, MAC_ADDRL = 3 };
enum { MAC_CR_RXEN = 1 << 2, MAC_CR_TXEN = 1 << 3, MAC_CR_FULL_DUPLEX = 1 << 20 };

static uint32_t mac_read(uint32_t number) {
  LAN9118->mac_csr_cmd = MAC_BUSY | MAC_READ | number;
  while (LAN9118->mac_csr_cmd & MAC_BUSY) continue;
  return LAN9118->mac_csr_data;
}

static void mac_write(uint32_t number, uint32_t value) {
  LAN9118->mac_csr_data = value;
  LAN9118->mac_csr_cmd = MAC_BUSY | number;
  while (LAN9118->mac_csr_cmd & MAC_BUSY) continue;
}

/* see network.h */
err_t ethernet_send(struct netif *netif, struct pbuf *p) {
  uint32_t frame = p->tot_len - ETH_PAD_SIZE;
  uint32_t room = LAN9118->tx_fifo_inf & 0xffff;
  (void)netif;
  if (room < p->tot_len + 12u) return ERR_MEM; /* two commands, and what fills the last word */
  LAN9118->tx_data[0] = ETH_PAD_SIZE << 16 | TX_A_FIRST | TX_A_LAST | frame;
  LAN9118->tx_data[0] = frame;
  fifo_write(LAN9118->tx_data, p);
  while (LAN9118->tx_fifo_inf >> 16 & 0xff) (void)LAN9118->tx_status;
  return ERR_OK;
}

/* The next frame, which has so many bytes with padding and without CRC. NULL: no memory, and it is
   dropped. */
static struct pbuf *receive(uint32_t bytes) {
  struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)bytes, PBUF_POOL);
  if (p == NULL) {
    fifo_skip(LAN9118->rx_data, bytes + CRC_BYTES);
    return NULL;
  }
  fifo_read(LAN9118->rx_data, LAN9118->rx_data[0], p);
  fifo_skip(LAN9118->rx_data, CRC_BYTES);
  return p;
}

/* see network.h */
void ethernet_poll(struct netif *netif) {
  while (LAN9118->rx_fifo_inf >> 16 & 0xff) {
    uint32_t status = LAN9118->rx_status;
    struct pbuf *p = receive((status >> 16 & 0x3fff) - CRC_BYTES + ETH_PAD_SIZE);
    if (p == NULL) continue;
    if (status & RX_STATUS_ERROR || netif->input(p, netif) != ERR_OK) pbuf_free(p);
  }
  LAN9118->int_sts = INT_RSFL;
  irq_arm(LAN9118_IRQ);
}

/* see network.h. The interrupt is active low after a reset, so IRQ_CFG comes before all that could
   let it through. */
void ethernet_start(uint8_t address[NETIF_MAX_HWADDR_LEN]) {
  const uint32_t words[] = {mac_read(MAC_ADDRL), mac_read(MAC_ADDRH)};
  memcpy(address, words, NETIF_MAX_HWADDR_LEN);
  LAN9118->irq_cfg = IRQ_CFG_ENABLED_ACTIVE_HIGH;
  LAN9118->int_sts = ~0u;
  LAN9118->fifo_int = 0;
  LAN9118->hw_cfg = HW_CFG_TX_5K;
  LAN9118->rx_cfg = PAD_OFFSET;
  LAN9118->tx_cfg = TX_CFG_ON;
  mac_write(MAC_CR, MAC_CR_RXEN | MAC_CR_TXEN | MAC_CR_FULL_DUPLEX);
  LAN9118->int_en = INT_RSFL;
}
