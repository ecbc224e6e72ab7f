/*
 * What HTTPS costs without a client: sends a request that was signed elsewhere over TLS with the
 * mbedTLS that ivs has, some times on one connection, and reads the answers.
 *
 * usage: minimal HOST PORT ROOTS REQUEST TIMES
 *
 * ROOTS is a file of certificates, REQUEST one of a whole request. Exit code 1 unless every answer
 * is a 2xx.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>
#include <psa/crypto.h>

static struct {
  mbedtls_entropy_context entropy;
  mbedtls_ctr_drbg_context random;
  mbedtls_x509_crt roots;
  mbedtls_ssl_config config;
  mbedtls_ssl_context ssl;
} tls;

static char request[4096], answer[4096];
static size_t request_n;

static int bio_send(void *context, const unsigned char *p, size_t n) {
  ssize_t sent = send(*(int *)context, p, n, MSG_NOSIGNAL);
  return sent < 0 ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : (int)sent;
}

static int bio_recv(void *context, unsigned char *p, size_t n) {
  ssize_t got = recv(*(int *)context, p, n, 0);
  return got < 0 ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : (int)got;
}

static bool load_request(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  request_n = fread(request, 1, sizeof request, file);
  fclose(file);
  return request_n > 0 && request_n < sizeof request;
}

static int connect_to(const char *host, const char *port) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *to;
  int on = 1;
  if (getaddrinfo(host, port, &hints, &to) != 0) return -1;
  int fd = socket(to->ai_family, SOCK_STREAM, 0);
  if (fd >= 0) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (fd >= 0 && connect(fd, to->ai_addr, to->ai_addrlen) != 0) fd = -1;
  freeaddrinfo(to);
  return fd;
}

static int start_tls(const char *host, const char *roots, int *fd) {
  mbedtls_entropy_init(&tls.entropy);
  mbedtls_ctr_drbg_init(&tls.random);
  mbedtls_x509_crt_init(&tls.roots);
  mbedtls_ssl_config_init(&tls.config);
  mbedtls_ssl_init(&tls.ssl);
  if (psa_crypto_init() != PSA_SUCCESS) return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
  int r = mbedtls_ctr_drbg_seed(&tls.random, mbedtls_entropy_func, &tls.entropy, NULL, 0);
  if (r == 0) r = mbedtls_x509_crt_parse_file(&tls.roots, roots);
  if (r == 0)
    r = mbedtls_ssl_config_defaults(&tls.config, MBEDTLS_SSL_IS_CLIENT,
                                    MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
  if (r != 0) return r;
  mbedtls_ssl_conf_rng(&tls.config, mbedtls_ctr_drbg_random, &tls.random);
  mbedtls_ssl_conf_authmode(&tls.config, MBEDTLS_SSL_VERIFY_REQUIRED);
  mbedtls_ssl_conf_ca_chain(&tls.config, &tls.roots, NULL);
  r = mbedtls_ssl_setup(&tls.ssl, &tls.config);
  if (r == 0) r = mbedtls_ssl_set_hostname(&tls.ssl, host);
  mbedtls_ssl_set_bio(&tls.ssl, fd, bio_send, bio_recv, NULL);
  return r == 0 ? mbedtls_ssl_handshake(&tls.ssl) : r;
}

/* Bytes of the whole answer of which n are there; 0 as long as its head is not. */
static size_t answer_size(size_t n) {
  static const char length[] = "\r\nContent-Length: ";
  answer[n] = '\0';
  const char *end = strstr(answer, "\r\n\r\n"), *at = strstr(answer, length);
  if (end == NULL) return 0;
  size_t body = at != NULL && at < end ? (size_t)strtoul(at + sizeof length - 1, NULL, 10) : 0;
  return (size_t)(end - answer) + 4 + body;
}

static int exchange(void) {
  size_t n = 0;
  int r = mbedtls_ssl_write(&tls.ssl, (const unsigned char *)request, request_n);
  if (r != (int)request_n) return -1;
  do {
    r = mbedtls_ssl_read(&tls.ssl, (unsigned char *)answer + n, sizeof answer - 1 - n);
#ifdef MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET
    if (r == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) continue;
#endif
    if (r <= 0) return -1;
    n += (size_t)r;
  } while (answer_size(n) == 0 || n < answer_size(n));
  return strncmp(answer, "HTTP/1.1 2", 10) == 0 ? 0 : -1;
}

int main(int argc, char **argv) {
  int times = argc == 6 ? atoi(argv[5]) : 0;
  if (times <= 0 || !load_request(argv[4])) {
    fputs("usage: minimal HOST PORT ROOTS REQUEST TIMES\n", stderr);
    return 1;
  }
  int fd = connect_to(argv[1], argv[2]);
  int r = fd >= 0 ? start_tls(argv[1], argv[3], &fd) : -1;
  while (r == 0 && times-- > 0) r = exchange();
  if (r == 0) mbedtls_ssl_close_notify(&tls.ssl);
  if (r != 0) fprintf(stderr, "minimal: failed: %d; the last answer began %.60s\n", r, answer);
  return r == 0 ? 0 : 1;
}
