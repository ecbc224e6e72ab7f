/*
 * What the files of the TLS port share. Internal to platform/mbedtls.
 */
#ifndef IVS_TLS_INTERNAL_H
#define IVS_TLS_INTERNAL_H

#include <ivs/tls.h>

#if IVS_TLS_PSA_RANDOM
#include <psa/crypto.h>
#endif

/* tls->state; the way through them is at the top of tls.c. */
enum { IVS_TLS_CLOSED, IVS_TLS_CONNECTING, IVS_TLS_HANDSHAKE, IVS_TLS_OPEN };

/* The functions of struct ivs_tls as a port; tls.c. */
extern const struct ivs_port_functions ivs_tls_functions;

/* What the bytes' way through below returns to mbedTLS when below has failed; the error itself is
   in bio_error. */
#define IVS_TLS_BIO_FAILED MBEDTLS_ERR_NET_RECV_FAILED

/* Makes host and port the last peer; what was learned of another one is forgotten. host has 1 to
   255 bytes, none of them NUL; tls.c. */
void ivs_tls_set_host(struct ivs_tls *tls, ivs_str host, uint16_t port);

/* Frees and empties the kept session; session.c. */
void ivs_tls_forget_session(struct ivs_tls *tls);

/* Keeps the session of the open connection, or the ticket that has just come on it, instead. */
void ivs_tls_keep_session(struct ivs_tls *tls);

/* Offers the kept session in the handshake that is about to begin, if it may be taken up at the
   peer's time; forgets one that may not. */
void ivs_tls_offer_session(struct ivs_tls *tls);

/* The seal of a saved session: a digest of the n bytes at p and of the options that decide whom tls
   trusts and who it is itself. 0 or mbedTLS's error. */
int ivs_tls_seal(const struct ivs_tls *tls, const void *p, size_t n, uint8_t seal[32]);

/* The verify callback: argument is the struct ivs_tls; verify.c. */
int ivs_tls_verify(void *argument, mbedtls_x509_crt *crt, int depth, uint32_t *flags);

/* True if there is no memory, as it is now, to verify a signature of each of the roots. */
bool ivs_tls_cannot_verify(struct ivs_tls *tls);

/* Keeps mbedTLS's code for detail() and gives the IVS_ERR_TLS... for it; error.c. */
int ivs_tls_error(struct ivs_tls *tls, int code);

/* True if mbedTLS's code says that memory ran out. */
bool ivs_tls_no_memory(int code);

/* The text for detail(): of tls->said, or of tls->code. */
const char *ivs_tls_text(struct ivs_tls *tls);

/* Reads host as an IPv4 address (returns 4), or as an IPv6 one, a zone after % left out (16). 0 if
   it is a name; address.c. */
uint8_t ivs_tls_address(const char *host, uint8_t address[16]);

#endif
