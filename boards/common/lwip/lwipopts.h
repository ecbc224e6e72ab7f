/*
 * lwIP for an HTTPS client on a board without an operating system. A board can set another number
 * of what has an #ifndef, in its board.cmake.
 */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

/* Sockets in one context: sys_arch.c. */
#define NO_SYS 0
#define LWIP_SOCKET 1
#define LWIP_NETCONN 1
#define LWIP_COMPAT_SOCKETS 0
#define LWIP_TCPIP_CORE_LOCKING 1
#define LWIP_TCPIP_CORE_LOCKING_INPUT 1
#define TCPIP_THREAD_TEST 1
#define SYS_LIGHTWEIGHT_PROT 1

#define TCPIP_MBOX_SIZE 16
#define DEFAULT_TCP_RECVMBOX_SIZE 16
#define DEFAULT_ACCEPTMBOX_SIZE 1

/* What an HTTPS client needs of the internet. */
#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_TCP 1
#define LWIP_UDP 1
#define LWIP_DNS 1
#define LWIP_ICMP 1
#define LWIP_RAW 0
#define LWIP_DHCP 0
#define LWIP_STATS 0
#define IP_REASSEMBLY 0
#define IP_FRAG 0
#define DNS_TABLE_SIZE 4
#define DNS_MAX_NAME_LENGTH 128

/* A board can talk to itself, by its own address: the test's name server does. */
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_HAVE_LOOPIF 0

/* Both Ethernet drivers move frames with two bytes before them, by words; so IP headers lie at
   addresses that are multiples of four. */
#define ETH_PAD_SIZE 2
#define MEM_ALIGNMENT 4

/* Memory: one pool for buffers to send, one for frames that come in. */
#ifndef MEM_SIZE
#define MEM_SIZE (12 * 1024)
#endif
#ifndef PBUF_POOL_SIZE
#define PBUF_POOL_SIZE 12
#endif
#define MEMP_NUM_NETCONN 2
#define MEMP_NUM_TCP_PCB 6
#define MEMP_NUM_TCP_PCB_LISTEN 1
#define MEMP_NUM_UDP_PCB 4
#define MEMP_NUM_TCP_SEG 16
#define MEMP_NUM_REASSDATA 1
#define MEMP_NUM_TCPIP_MSG_API 2
#define MEMP_NUM_TCPIP_MSG_INPKT 2

/* A window that the frames above hold, and the receiver's own buffers. */
#define TCP_MSS 1460
#ifndef TCP_WND
#define TCP_WND (4 * TCP_MSS)
#endif
#ifndef TCP_SND_BUF
#define TCP_SND_BUF (4 * TCP_MSS)
#endif
#define TCP_SND_QUEUELEN 12

/* A connection that is closed with data on its way does not hold its memory for two minutes. */
#define TCP_MSL 5000UL

/* Assertions stay on: they end in board_panic(). */

#endif
