/*
 * A chain of buffers as words; where one buffer ends inside a word the next goes on.
 */
#include "fifo.h"

/* see fifo.h */
void fifo_write(volatile uint32_t *fifo, const struct pbuf *p) {
  uint32_t word = 0;
  unsigned bits = 0;
  for (; p != NULL; p = p->next) {
    const uint8_t *bytes = p->payload;
    for (u16_t i = 0; i < p->len; i++) {
      word |= (uint32_t)bytes[i] << bits;
      bits += 8;
      if (bits < 32) continue;
      *fifo = word;
      word = bits = 0;
    }
  }
  if (bits != 0) *fifo = word;
}

/* see fifo.h */
void fifo_read(volatile const uint32_t *fifo, uint32_t first, struct pbuf *p) {
  uint32_t word = first;
  unsigned bits = 32;
  for (; p != NULL; p = p->next) {
    uint8_t *bytes = p->payload;
    for (u16_t i = 0; i < p->len; i++) {
      if (bits == 0) {
        word = *fifo;
        bits = 32;
      }
      bytes[i] = (uint8_t)word;
      word >>= 8;
      bits -= 8;
    }
  }
}

/* see fifo.h */
void fifo_skip(volatile const uint32_t *fifo, size_t n) {
  for (size_t i = 0; i < n; i += 4) (void)*fifo;
}
