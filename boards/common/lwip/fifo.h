/*
 * Frames between lwIP's buffers and a device's FIFO that takes and gives 32-bit words.
 */
#ifndef FIFO_H
#define FIFO_H

#include <lwip/pbuf.h>

/* Writes all bytes of p, and up to three zeros to fill the last word. */
void fifo_write(volatile uint32_t *fifo, const struct pbuf *p);

/* Fills all of p, from `first`, a word that was taken already, and the ones behind it. What is over
   in the last word is dropped. */
void fifo_read(volatile const uint32_t *fifo, uint32_t first, struct pbuf *p);

/* Takes n bytes that nobody wants. */
void fifo_skip(volatile const uint32_t *fifo, size_t n);

#endif
