/*
 * TLS 1.2 and 1.3 as a port over a port, on mbedTLS 2.28, 3.6 or 4.
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
 * The first contact of a machine that does not know the time has IVS_CLOCK_UNKNOWN for `now`. Then
 * the chain up to a trusted root, its signatures, what its certificates may be used for and the
 * host name are verified as ever; no session is taken up; and only the dates go unjudged, but are
 * kept. When the client opens again, at the time that it learned from the answer, they are judged:
 * those of the certificates that are sent now, or those of the first contact, if its session is
 * taken up. Expired or not yet valid then: IVS_ERR_TLS_DATE. So a network that only forwards or
 * forges packets can neither read what is said nor set the clock. What is left: whoever holds the
 * private key of a certificate for this host that a trusted root has vouched for, but that has
 * expired (a key that leaked, or a name that changed hands, years ago), can answer the first
 * contact, choose the time at which that certificate is valid, and go on being believed until the
 * clock is set otherwise. A machine that knows some time by which it cannot be earlier (that of its
 * firmware's build, the last one it stored) should refuse to learn one before it. On the first
 * contact nothing should be sent that is secret.
 *
 * Memory: mbedTLS's own allocator. Record buffers and handshake live from connect to close; roots,
 * keys and the kept session from init to free. Nothing process-wide is set in mbedTLS: allocator
 * and time are the program's to choose. Where mbedTLS does TLS 1.3 (or all its work) through PSA,
 * ivs_tls_init calls psa_crypto_init(), and mbedTLS must be built with MBEDTLS_THREADING_C if TLS
 * is used on several threads.
 *
 * Random numbers: a generator of each port's own, with entropy of the port below. mbedTLS 4, and
 * 3.6 without MBEDTLS_CTR_DRBG_C, have none that could be used so: PSA's then serves, with the
 * entropy that mbedTLS was built with, and below is not asked.
 */
#ifndef IVS_TLS_H
#define IVS_TLS_H

#include <ivs/port.h>

#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

#if MBEDTLS_VERSION_NUMBER < 0x04000000 && !defined(MBEDTLS_CTR_DRBG_C) && \
    !defined(MBEDTLS_PSA_CRYPTO_C) && !defined(MBEDTLS_PSA_CRYPTO_CLIENT)
#error "ivs: mbedTLS has no random numbers: set MBEDTLS_CTR_DRBG_C, or MBEDTLS_PSA_CRYPTO_C"
#endif

/* 1: random numbers are PSA's; see above. */
#if MBEDTLS_VERSION_NUMBER >= 0x04000000 || \
    (MBEDTLS_VERSION_NUMBER >= 0x03000000 && !defined(MBEDTLS_CTR_DRBG_C))
#define IVS_TLS_PSA_RANDOM 1
#else
#define IVS_TLS_PSA_RANDOM 0
#include <mbedtls/ctr_drbg.h>
#endif

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

/* Seconds since 1970, both ends included. */
struct ivs_tls_window {
  int64_t from, to;
};

struct ivs_tls {
  struct ivs_port port;

  /* To be read: completed handshakes; how many of them took up an earlier session (no certificate
     was sent); how often there was a new session to be kept. */
  uint32_t handshakes, resumed, sessions;

  /* Private from here. */
  struct ivs_port *below;
  struct ivs_peer peer;
  uint8_t state;
  uint8_t max_version;
  bool insecure, keep_session;
  bool has_session;             /* `session` can be offered to `host` */
  bool only_1_2;                /* `host` cannot do otherwise with this mbedTLS */
  bool verified;                /* a certificate was seen in this handshake */
  bool starved;                 /* a signature could not be verified for lack of memory */
  bool blocked;                 /* below had no byte, or took none */
  bool below_failed;            /* detail() is below's */
  int setup;                    /* why nothing can be opened, or 0 */
  int bio_error;                /* what below returned */
  int send_error;               /* the same of a send; there is none after it */
  int failed;                   /* the connection's first error; later calls return it too */
  int code;                     /* for detail(): mbedTLS's */
  const char *said;             /* for detail(): our own words, or NULL */
  uint32_t flags;               /* MBEDTLS_X509_BADCERT_... of the whole chain */
  uint64_t opened;              /* ticks at which it was peer.now */
  struct ivs_tls_window window; /* when all of the last chain seen is valid */
  struct ivs_tls_window session_window; /* when all of the chain is that `session` began with */
  uint64_t session_ticks;               /* when `session` came, if in this run */
  int64_t session_since; /* when it came, if loaded; IVS_CLOCK_UNKNOWN: in this run */
  size_t unsent;         /* bytes of the mbedtls_ssl_write that must be repeated; 0: none */
  uint16_t host_port;
  char host[256];      /* the last peer, NUL-ended, without a dot at its end */
  uint8_t address[16]; /* host as an address */
  uint8_t address_n;   /* 4 or 16; 0: it is a name */
  char text[96];
  mbedtls_ssl_context ssl;
  mbedtls_ssl_config config;
  mbedtls_ssl_session session;
#if !IVS_TLS_PSA_RANDOM
  mbedtls_ctr_drbg_context random;
#endif
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
 * certificate, or IVS_ERR_TLS_MEMORY; after these nothing is trusted, and open() fails until this
 * succeeds. IVS_ERR_STATE: not closed, and nothing has changed. Needs an mbedTLS with
 * MBEDTLS_FS_IO.
 */
int ivs_tls_roots_file(struct ivs_tls *tls, const char *path);

/*
 * Saves the kept session for the next boot, so that the first connection then needs no full
 * handshake: the session of the last host with that host, its port, and when its chain is valid;
 * about 400 bytes with TLS 1.3, and with 1.2 about as much and the peer's certificate (none with
 * an mbedTLS without MBEDTLS_SSL_KEEP_PEER_CERTIFICATE). Worth saving again when tls->sessions has
 * changed. At any time, also while the connection is open.
 *
 * What is saved is as secret as a password: who reads it can pose as this client and can read the
 * connections that go on with it; who can write it decides who may answer. It ends with a digest
 * that finds bytes which flash has lost, not those that somebody made up.
 *
 * 0 with the bytes written in *used; IVS_ERR_SPACE if that is more than n, and nothing was written;
 * IVS_ERR_STATE with *used 0: no session is kept, or the time is still unknown; IVS_ERR_TLS if
 * mbedTLS fails.
 */
int ivs_tls_session_save(const struct ivs_tls *tls, void *to, size_t n, size_t *used);

/*
 * Keeps a saved session instead of the one that tls has, if any. tls is set up, with its roots, and
 * closed. The next open() offers it if host and port are the same, the peer's time is known and
 * within the validity of the chain that it began with, and at most seven days have passed; if the
 * server will have it, resumed counts one more. from is not needed afterwards.
 *
 * IVS_ERR_ARGUMENT: damaged, or saved under other roots, another client certificate, max_version or
 * insecure_no_verify, or by another version or build of mbedTLS. IVS_ERR_TLS_MEMORY. After these no
 * session is kept; the next handshake is a full one, and no worse. IVS_ERR_STATE: not closed, or
 * no_resumption. IVS_ERR_...: what ivs_tls_init() returned.
 */
int ivs_tls_session_load(struct ivs_tls *tls, const void *from, size_t n);

/* The version of the open connection: IVS_TLS_1_2 or IVS_TLS_1_3; 0 if not open. */
int ivs_tls_version(const struct ivs_tls *tls);

/*
 * From where mbedTLS takes its memory instead of calloc() and free(), which these are like: for all
 * of the process, before anything of mbedTLS is used. 0; IVS_ERR_STATE if mbedTLS was built
 * without MBEDTLS_PLATFORM_MEMORY.
 */
int ivs_tls_memory(void *(*take)(size_t count, size_t size), void (*let_go)(void *p));

#ifdef __cplusplus
}
#endif

#endif
