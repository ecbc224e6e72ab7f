/*
 * What a caller of a port does, in the shortest form: call, and on IVS_AGAIN wait, until a
 * deadline.
 */
#ifndef DRIVE_H
#define DRIVE_H

#include <ivs/port.h>

/* Byte i of the content that both sides know; see tls_server.py. */
static inline unsigned char drive_content(size_t i) {
  size_t j = i % 65521;
  return (unsigned char)(j * 167 + (j >> 7) * 13);
}

/* Waits as the port says, up to the deadline (ticks). 0, or IVS_ERR_TIMEOUT. */
static inline int drive_wait(struct ivs_port *port, uint64_t deadline) {
  struct ivs_wait w = {-1, 0, deadline};
  if (port->fn->ticks(port) >= deadline) return IVS_ERR_TIMEOUT;
  port->fn->wants(port, &w);
  return port->fn->wait(port, &w);
}

/* Opens completely. On an error the port is closed. */
static inline int drive_open(struct ivs_port *port, const struct ivs_peer *peer,
                             uint64_t deadline) {
  int r = port->fn->open(port, peer);
  if (r == 0) {
    while ((r = port->fn->progress(port)) == IVS_AGAIN)
      if ((r = drive_wait(port, deadline)) != 0) break;
  }
  if (r != 0) port->fn->close(port);
  return r;
}

/* Sends all n bytes. */
static inline int drive_send(struct ivs_port *port, const void *bytes, size_t n,
                             uint64_t deadline) {
  const char *p = (const char *)bytes;
  while (n > 0) {
    int r = port->fn->send(port, p, n);
    if (r == IVS_AGAIN) r = drive_wait(port, deadline);
    if (r < 0) return r;
    p += r;
    n -= (size_t)r;
  }
  return 0;
}

/* Receives at least one byte. */
static inline int drive_recv(struct ivs_port *port, void *p, size_t n, uint64_t deadline) {
  int r;
  while ((r = port->fn->recv(port, p, n)) == IVS_AGAIN)
    if ((r = drive_wait(port, deadline)) != 0) return r;
  return r;
}

#endif
