/*
 * A self-test for a port: whether it does what <ivs/port.h> demands. Link it into a program of the
 * new system, run it there once, and whenever the port or what lies below it has changed.
 *
 *   static void report(void *context, const char *rule, int verdict, const char *why) { ... }
 *   ...
 *   struct ivs_port_check check = {.port = &tcp.port, .address = "192.168.1.10",
 *                                  .name = "desk.lan", .peer_port = 7007, .report = report};
 *   int broken = ivs_port_check(&check);
 *
 * It takes about 10 seconds and 1 KB of stack, and no other memory. A function that blocks for ever
 * stops it: the rule under way is then the one that is broken.
 *
 * It needs another machine, or another program on the same, that answers: the peer. For each
 * connection the first byte tells the peer what to do.
 *
 *   'e'  echo: sends back all that comes
 *   'b'  bye: sends IVS_PORT_CHECK_BYE bytes, of which byte i is i * 7 + 3 modulo 256, and ends the
 *        connection in order
 *   'l'  late: sends one byte, 'l', after IVS_PORT_CHECK_LATE_MS, and then nothing
 *   's'  stall: reads nothing for IVS_PORT_CHECK_LATE_MS, then all that comes, and drops it
 *   'r'  reset: drops the connection without an end in order: a TCP reset, and with TLS no notice
 *
 * Otherwise it ends the connection when the other side does. tests/platform/port_peer.py is one,
 * with and without TLS.
 */
#ifndef IVS_PORT_CHECK_H
#define IVS_PORT_CHECK_H

#include <ivs/port.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { IVS_PORT_CHECK_BYE = 1000, IVS_PORT_CHECK_LATE_MS = 1000, IVS_PORT_CHECK_SLACK_MS = 3000 };

/* How a rule was kept. */
enum { IVS_PORT_CHECK_KEPT, IVS_PORT_CHECK_BROKEN, IVS_PORT_CHECK_LEFT_OUT };

/* Called for each rule. rule: its name, a word or two with '-'. why: what was seen, or what it was
   left out for; "" if it was kept. Both are constants. */
typedef void ivs_port_check_report(void *context, const char *rule, int verdict, const char *why);

/* Texts are NUL-ended and 1 to 255 bytes long. */
struct ivs_port_check {
  struct ivs_port *port;  /* required; closed before and after, and used by nobody else */
  const char *address;    /* required: of the peer, an IPv4 or IPv6 address */
  const char *name;       /* required: of the peer, for DNS */
  uint16_t peer_port;     /* where it listens */
  uint16_t refusing_port; /* where nothing does, at the same address; 0: 1 */

  struct ivs_port *second; /* another of the same kind, closed; NULL: one at a time is all */
  const char *unknown;     /* a name that DNS does not have; NULL: "no-such-host.invalid" */
  const char *silent;      /* an address from which no answer comes, not even a refusal; or NULL */
  uint16_t silent_port;
  bool no_resets;    /* what lies between does not pass resets on, as some relays */
  uint32_t slack_ms; /* what a function may take that does not block, a part of a TLS handshake for
                        instance; 0: IVS_PORT_CHECK_SLACK_MS */

  const char *only;              /* check this rule alone; NULL: all */
  ivs_port_check_report *report; /* required */
  void *context;                 /* for it */
};

/*
 * Checks all rules, and reports each:
 *
 *   functions         none is missing
 *   ticks             never go back, and count milliseconds
 *   clock             goes on, in milliseconds
 *   entropy           fills all bytes asked for and no other, never twice the same
 *   open-address      an address is connected to; the peer is not needed behind open, nor its text
 *                     any more then
 *   open-name         so is a name
 *   refused           IVS_ERR_CONNECT where nobody listens (through a proxy: IVS_ERR_PROXY)
 *   unknown-name      IVS_ERR_NAME (through a proxy: IVS_ERR_PROXY)
 *   detail            tells about a failure, after close as well
 *   silent            nothing blocks on an address that does not answer
 *   close             of a closed port, and half-way in open; it can be opened again
 *   again             ten times, one after the other
 *   bytes             arrive whole and in order, in pieces of any size
 *   nothing-yet       recv says IVS_AGAIN, and wants what it waits for
 *   wait-until        ends when its time has come, though nothing has happened
 *   wait-past         returns at once when its time has passed
 *   wait-readable     ends when there is something to read
 *   wait-writable     ends when there is room again
 *   wait-sleeps       returns early now and then, but not all the time
 *   end               of the other side: all bytes before it, then IVS_ERR_CLOSED, never 0
 *   send-after-end    an error or bytes taken, never 0, no signal
 *   reset             IVS_ERR_NET, which is no end in order
 *   two               connections at the same time do not disturb one another; wait, of a port that
 *                     is closed, is good for what the other one wants
 *
 * After a broken one of the first two nothing else can be checked, and is not.
 *
 * How many are broken; IVS_ERR_ARGUMENT if something required is missing, or a text has a length
 * that it must not have.
 */
#ifdef __cplusplus
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow" /* it is named as its struct, as stat() is */
#endif
int ivs_port_check(const struct ivs_port_check *check);
#ifdef __cplusplus
#pragma GCC diagnostic pop
}
#endif

#endif
