/*
 * A port over a port, with one fault: what the self-test of ports has to find.
 */
#ifndef PORT_FAULTS_H
#define PORT_FAULTS_H

#include <ivs/port.h>

struct faulty {
  struct ivs_port port;
  struct ivs_port_functions fn;
  struct ivs_port *below;
  const struct ivs_peer *peer; /* as of open, */
  ivs_str host;                /* and its text */
  uint32_t calls;              /* of the function with the fault */
  uint32_t received;           /* bytes since open */
  bool open, ended;            /* opened and not closed; recv has said that it is over */
};

/* False: there is no fault of this name. */
bool faulty_init(struct faulty *f, struct ivs_port *below, const char *name);

#endif
