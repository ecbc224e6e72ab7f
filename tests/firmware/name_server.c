/*
 * A name server on the board itself, as the test's network has none. So the port's look-ups take
 * their real way: a query by UDP, an answer some time later, the callback.
 */
#include "firmware.h"

#include <lwip/netif.h>
#include <lwip/tcpip.h>
#include <lwip/udp.h>

enum { HEAD = 12, QUESTION_TAIL = 4, LARGEST = 300, DNS_PORT = 53 };

/* One A record: the name of the question, type A, class IN, 60 seconds, 4 bytes. */
static const uint8_t record[] = {0xc0, HEAD, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4};

static const char *known_name;
static ip4_addr_t known_address;

/* Bytes of the name in a question, labels with their lengths; 0: not one. */
static size_t name_size(const uint8_t *p, size_t n) {
  size_t at = 0;
  while (at < n && p[at] != 0) at += 1u + p[at];
  return at < n ? at + 1 : 0;
}

/* True if the labels at p spell the name. */
static bool spells(const uint8_t *p, const char *name) {
  while (*p != 0) {
    if (strncmp(name, (const char *)p + 1, *p) != 0) return false;
    name += *p;
    p += 1 + *p;
    if (*name == '.') name++;
  }
  return *name == '\0';
}

/* Makes the query in message an answer. Its bytes, or 0: there is none. */
static size_t answer(uint8_t *message, size_t n) {
  size_t name = n > HEAD ? name_size(message + HEAD, n - HEAD) : 0;
  size_t end = HEAD + name + QUESTION_TAIL;
  if (name == 0 || end > n || end + sizeof record + 4 > LARGEST) return 0;
  if (spells(message + HEAD, NAME_SERVER_SILENT)) return 0;
  bool found = spells(message + HEAD, known_name);
  message[2] = 0x84;            /* an answer, with authority */
  message[3] = found ? 0 : 3;   /* no such name */
  message[7] = found ? 1 : 0;   /* answers */
  message[9] = message[11] = 0; /* nothing else */
  if (!found) return end;
  memcpy(message + end, record, sizeof record);
  memcpy(message + end + sizeof record, &known_address.addr, 4);
  return end + sizeof record + 4;
}

static void received(void *argument, struct udp_pcb *pcb, struct pbuf *query, const ip_addr_t *from,
                     u16_t port) {
  static uint8_t message[LARGEST];
  (void)argument;
  size_t n = answer(message, pbuf_copy_partial(query, message, sizeof message, 0));
  pbuf_free(query);
  struct pbuf *p = n != 0 ? pbuf_alloc(PBUF_TRANSPORT, (u16_t)n, PBUF_RAM) : NULL;
  if (p == NULL) return;
  pbuf_take(p, message, (u16_t)n);
  udp_sendto(pcb, p, from, port);
  pbuf_free(p);
}

/* see firmware.h */
void name_server_start(const char *name, const char *address) {
  known_name = name;
  ip4addr_aton(address, &known_address);
  LOCK_TCPIP_CORE();
  struct udp_pcb *pcb = udp_new();
  udp_bind(pcb, IP_ADDR_ANY, DNS_PORT);
  udp_recv(pcb, received, NULL);
  UNLOCK_TCPIP_CORE();
}
