/*
 * Look-ups, each in a place of a table:
 *
 *   FREE -> ASKED -> ANSWERED -> FREE      waited for
 *           ASKED -> GIVEN_UP -> FREE      released before the answer came
 *
 * lwIP answers every request in the end, by its own time-out if need be. Its core lock guards the
 * table, as the answer comes in lwIP's thread.
 */
#include "lookup.h"

#include "options.h"

#include <lwip/dns.h>
#include <lwip/tcpip.h>

enum { FREE, ASKED, ANSWERED, GIVEN_UP };

struct ivs_lwip_lookup {
  uint8_t state;
  bool found;
  ip_addr_t address;
};

/* As many as names that lwIP can look up at the same time. */
static struct ivs_lwip_lookup lookups[DNS_TABLE_SIZE];

static struct ivs_lwip_lookup *free_place(void) {
  for (size_t i = 0; i < sizeof lookups / sizeof lookups[0]; i++)
    if (lookups[i].state == FREE) return &lookups[i];
  return NULL;
}

static void answered(const char *name, const ip_addr_t *address, void *argument) {
  struct ivs_lwip_lookup *lookup = argument;
  (void)name;
  lookup->found = address != NULL;
  if (address != NULL) lookup->address = *address;
  lookup->state = lookup->state == GIVEN_UP ? FREE : ANSWERED;
}

/* The answer may come before lwIP's function returns, so the place is taken first. */
static err_t ask(struct ivs_lwip_lookup *lookup, const char *host, uint8_t type, ip_addr_t *to) {
  if (lookup == NULL) return ERR_MEM;
  lookup->state = ASKED;
  err_t r = dns_gethostbyname_addrtype(host, to, answered, lookup, type);
  if (r != ERR_INPROGRESS) lookup->state = FREE;
  return r;
}

/* see lookup.h */
err_t ivs_lwip_lookup_start(struct ivs_lwip_lookup **lookup, const char *host, uint8_t type,
                            ip_addr_t *to) {
  LOCK_TCPIP_CORE();
  *lookup = free_place();
  err_t r = ask(*lookup, host, type, to);
  UNLOCK_TCPIP_CORE();
  if (r != ERR_INPROGRESS) *lookup = NULL;
  return r;
}

/* see lookup.h */
err_t ivs_lwip_lookup_done(struct ivs_lwip_lookup *lookup, ip_addr_t *to) {
  err_t r = ERR_INPROGRESS;
  LOCK_TCPIP_CORE();
  if (lookup->state == ANSWERED) {
    r = lookup->found ? ERR_OK : ERR_TIMEOUT;
    if (lookup->found) *to = lookup->address;
  }
  UNLOCK_TCPIP_CORE();
  return r;
}

/* see lookup.h */
void ivs_lwip_lookup_release(struct ivs_lwip_lookup *lookup) {
  LOCK_TCPIP_CORE();
  lookup->state = lookup->state == ASKED ? GIVEN_UP : FREE;
  UNLOCK_TCPIP_CORE();
}
