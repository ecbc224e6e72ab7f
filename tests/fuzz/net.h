/*
 * A network that the input plays: a port whose every function takes a byte and does what that says.
 * Behind the input's end nothing comes any more and time passes. Switched to clean, it is a good
 * network with a good service behind it.
 */
#ifndef FUZZ_NET_H
#define FUZZ_NET_H

#include "fuzz.h"

#include <ivs/port.h>

#define NET_NOW 1795339800 /* 2026-11-22T09:30:00Z */

/* Time, which ports may share. It passes only when somebody waits. */
struct net_time {
  uint64_t ticks;
  int64_t skew_ms; /* by which the machine's clock is wrong */
};

enum { NET_REQUEST = 32768 };

struct net;

/* The answer to a whole request, of n bytes with a NUL behind; a NUL-ended constant or static. */
typedef const char *net_service(struct net *net, const char *request, size_t n);

struct net {
  struct ivs_port port;
  struct fuzz *in;
  struct net_time *time;
  net_service *service; /* of the clean network */
  bool clean;
  bool is_open;
  int opened, closed;
  unsigned functions; /* called */
  ivs_str coming;     /* bytes that are there to be received */
  size_t request_n;
  char request[NET_REQUEST + 1];
};

void net_start(struct net *net, struct fuzz *in, struct net_time *time, net_service *service);

/* Seconds since 1970 by the service's clock. */
int64_t net_now(const struct net *net);

#endif
