/*
 * What the port needs of lwIP, checked where it is compiled. The options go into the product's
 * lwipopts.h.
 */
#ifndef IVS_LWIP_OPTIONS_H
#define IVS_LWIP_OPTIONS_H

#include <lwip/init.h>
#include <lwip/opt.h>

#if LWIP_VERSION_MAJOR < 2 || (LWIP_VERSION_MAJOR == 2 && LWIP_VERSION_MINOR < 1)
#error "ivs: lwIP 2.1 or newer is needed"
#endif
#if NO_SYS
#error "ivs: set NO_SYS to 0: lwIP has sockets only then. No OS is needed: see boards/common/lwip"
#endif
#if !LWIP_TCP || !LWIP_SOCKET
#error "ivs: set LWIP_TCP and LWIP_SOCKET to 1"
#endif
#if !LWIP_SOCKET_SELECT
#error "ivs: set LWIP_SOCKET_SELECT to 1: the port waits by lwip_select()"
#endif
#if !LWIP_DNS
#error "ivs: set LWIP_DNS to 1: host names are looked up by dns_gethostbyname_addrtype()"
#endif
#if !LWIP_TCPIP_CORE_LOCKING
#error "ivs: set LWIP_TCPIP_CORE_LOCKING to 1: DNS is asked from the program's own thread"
#endif
#if DNS_MAX_NAME_LENGTH < 64
#error "ivs: set DNS_MAX_NAME_LENGTH to 64 or more (256 is lwIP's own): endpoints have long names"
#endif

#endif
