/*
 * Zephyr's sockets as far as ivs uses them: types, numbers and prototypes of Zephyr 4.4; with
 * STAND_IN_OLD_NAMES those of 4.0 to 4.3, which have the plain names.
 */
#ifndef STAND_IN_SOCKET_H
#define STAND_IN_SOCKET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef STAND_IN_OLD_NAMES
#define STAND_IN_NAME(name) name
#define AF_INET 1
#define AF_INET6 2
#define SOL_SOCKET 1
#define SO_ERROR 4
#define TCP_NODELAY 1
#define htons(x) stand_in_swap(x)
enum { SOCK_STREAM = 1, IPPROTO_TCP = 6 };
#else
#define STAND_IN_NAME(name) net_##name
#define NET_AF_INET 1
#define NET_AF_INET6 2
#define ZSOCK_SOL_SOCKET 1
#define ZSOCK_SO_ERROR 4
#define ZSOCK_TCP_NODELAY 1
#define net_htons(x) stand_in_swap(x)
enum { NET_SOCK_STREAM = 1, NET_IPPROTO_TCP = 6 };
#endif

/* Targets of the tests have the low byte first. */
static inline uint16_t stand_in_swap(uint16_t x) {
  return (uint16_t)(x << 8 | x >> 8);
}

typedef unsigned short STAND_IN_NAME(sa_family_t);
typedef uint32_t STAND_IN_NAME(socklen_t);

struct STAND_IN_NAME(in_addr) {
  uint32_t s_addr;
};
struct STAND_IN_NAME(in6_addr) {
  uint8_t s6_addr[16];
};
struct STAND_IN_NAME(sockaddr_in) {
  STAND_IN_NAME(sa_family_t) sin_family;
  uint16_t sin_port;
  struct STAND_IN_NAME(in_addr) sin_addr;
};
struct STAND_IN_NAME(sockaddr_in6) {
  STAND_IN_NAME(sa_family_t) sin6_family;
  uint16_t sin6_port;
  struct STAND_IN_NAME(in6_addr) sin6_addr;
  uint8_t sin6_scope_id;
};
/* As large as the largest kind of address that is configured. */
struct STAND_IN_NAME(sockaddr) {
  STAND_IN_NAME(sa_family_t) sa_family;
#ifdef CONFIG_NET_IPV6
  char data[sizeof(struct STAND_IN_NAME(sockaddr_in6)) - sizeof(STAND_IN_NAME(sa_family_t))];
#else
  char data[sizeof(struct STAND_IN_NAME(sockaddr_in)) - sizeof(STAND_IN_NAME(sa_family_t))];
#endif
};

struct zsock_pollfd {
  int fd;
  short events;
  short revents;
};
#define ZSOCK_POLLIN 1
#define ZSOCK_POLLOUT 4
#define ZSOCK_POLLERR 8
#define ZSOCK_POLLHUP 0x10

#define ZVFS_F_SETFL 4
#define ZVFS_O_NONBLOCK 0x4000

int zsock_socket(int family, int type, int proto);
int zsock_close(int sock);
int zsock_connect(int sock, const struct STAND_IN_NAME(sockaddr) * addr,
                  STAND_IN_NAME(socklen_t) addrlen);
ssize_t zsock_send(int sock, const void *buf, size_t len, int flags);
ssize_t zsock_recv(int sock, void *buf, size_t max_len, int flags);
int zsock_fcntl(int sock, int cmd, ...);
int zsock_poll(struct zsock_pollfd *fds, int nfds, int timeout);
int zsock_getsockopt(int sock, int level, int optname, void *optval,
                     STAND_IN_NAME(socklen_t) * optlen);
int zsock_setsockopt(int sock, int level, int optname, const void *optval,
                     STAND_IN_NAME(socklen_t) optlen);
int zsock_inet_pton(STAND_IN_NAME(sa_family_t) family, const char *src, void *dst);

#endif
