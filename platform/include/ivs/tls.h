/*
 * TLS 1.2 and 1.3 as a port over a port, on mbedTLS 2.28 or 3.6.
 *
 *   struct ivs_posix tcp;
 *   struct ivs_tls tls;
 *   ivs_posix_init(&tcp);
 *   int r = ivs_tls_init(&tls, &tcp.port, NULL);     -- NULL: Amazon's roots, everything verified
 *   ... hand &tls.port to the client ...
 *   ivs_tls_free(&tls);
 *
 * Chain, host name (or address) and dates are always verified, unless insecure_no_verify says
 * otherwise. Dates are compared with `now` of the peer, the client's corrected clock: what mbedTLS
 * thinks of the time is not asked. A session is taken up only while the chain it began with is
 * valid.
 *
 * Memory: mbedTLS's own allocator. Record buffers and handshake live from connect to close; roots,
 * keys and the kept session from init to free. Nothing process-wide is set in mbedTLS: allocator
 * and time are the program's to choose. Where mbedTLS does TLS 1.3 (or all its work) through PSA,
 * ivs_tls_init calls psa_crypto_init(), and mbedTLS must be built with MBEDTLS_THREADING_C if TLS
 * is used on several threads.
 */
#ifndef IVS_TLS_H
#define IVS_TLS_H

#include <ivs/port.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

#ifdef __cplusplus
extern "C" {
#endif

/* For max_version. */
enum { IVS_TLS_NEWEST = 0, IVS_TLS_1_2 = 12, IVS_TLS_1_3 = 13 };

/* All zero is the right choice for the service. Buffers are PEM, with the ending NUL counted in n,
   or DER. They are read by ivs_tls_init() and not needed afterwards. */
struct ivs_tls_options {
  const void *roots; /* trusted roots; NULL: Amazon's, which are built in. A DER buffer holds one
                        certificate */
  size_t roots_n;
  const void *cert; /* client certificate, with its chain if PEM; NULL: none */
  size_t cert_n;
  const void *key; /* its private key, not encrypted */
  size_t key_n;
  uint8_t max_version; /* IVS_TLS_...; the least is always 1.2 */
  bool no_resumption;  /* no session is kept: saves a copy of the peer's certificate and ticket, a
                          few KB */
  bool insecure_no_verify; /* anyone may answer. For tests on a bench only */
};

struct ivs_tls {
  struct ivs_port port;

  /* To be read: completed handshakes, and how many of them took up an earlier session (no
     certificate was sent). */
  uint32_t handshakes, resumed;

  /* Private from here. */
  struct ivs_port *below;
  struct ivs_peer peer;
  uint8_t state;
  uint8_t max_version;
  bool insecure, keep_session;
  bool has_session;  /* `session` can be offered to `host` */
  bool only_1_2;     /* `host` cannot do otherwise with this mbedTLS */
  bool verified;     /* a certificate was seen in this handshake */
  bool blocked;      /* below had no byte, or took none */
  bool below_failed; /* detail() is below's */
  int setup;         /* why nothing can be opened, or 0 */
  int bio_error;     /* what below returned */
  int failed;        /* the connection's first error; later calls return it too */
  int code;          /* for detail(): mbedTLS's */
  const char *said;  /* for detail(): our own words, or NULL */
  uint32_t flags;    /* MBEDTLS_X509_BADCERT_... of the whole chain */
  int64_t valid_from, valid_to; /* when every certificate of the last chain seen is valid */
  size_t unsent;     /* bytes of the mbedtls_ssl_write that must be repeated; 0: none */
  uint16_t host_port;
  char host[256];      /* the last peer, NUL-ended, without a dot at its end */
  uint8_t address[16]; /* host as an address */
  uint8_t address_n;   /* 4 or 16; 0: it is a name */
  char text[96];
  mbedtls_ssl_context ssl;
  mbedtls_ssl_config config;
  mbedtls_ssl_session session;
  mbedtls_ctr_drbg_context random;
  mbedtls_x509_crt roots, cert;
  mbedtls_pk_context key;
};

/*
 * Sets tls up over below, which must outlive it, be closed, and is used by nobody else from now on.
 * options may be NULL. 0, or IVS_ERR_TLS_ROOTS (no certificate in roots), IVS_ERR_ENTROPY,
 * IVS_ERR_TLS_MEMORY, IVS_ERR_TLS (client certificate or key; mbedTLS itself); the port's detail()
 * tells more. After an error open() fails; ivs_tls_free() is due either way.
 */
int ivs_tls_init(struct ivs_tls *tls, struct ivs_port *below,
                 const struct ivs_tls_options *options);

/* Closes the connection and gives all memory back. */
void ivs_tls_free(struct ivs_tls *tls);

/*
 * Trusts the certificates of a PEM bundle (or one DER certificate) at path instead, and forgets the
 * session. tls is set up and closed. 0, IVS_ERR_TLS_ROOTS if the file cannot be read or holds no
 * certificate, or IVS_ERR_TLS_MEMORY. After an error nothing is trusted, and open() fails until
 * this succeeds. Needs an mbedTLS with MBEDTLS_FS_IO.
 */
int ivs_tls_roots_file(struct ivs_tls *tls, const char *path);

/* The version of the open connection: IVS_TLS_1_2 or IVS_TLS_1_3; 0 if not open. */
int ivs_tls_version(const struct ivs_tls *tls);

#ifdef __cplusplus
}
#endif

#endif
