/*
 * What the files of the TLS port share. Internal to platform/mbedtls.
 */
#ifndef IVS_TLS_INTERNAL_H
#define IVS_TLS_INTERNAL_H

#include <ivs/tls.h>

#include <mbedtls/version.h>

/* The functions of struct ivs_tls as a port; tls.c. */
extern const struct ivs_port_functions ivs_tls_functions;

/* What the bytes' way through below returns to mbedTLS when below has failed; the error itself is
   in bio_error. */
#define IVS_TLS_BIO_FAILED MBEDTLS_ERR_NET_RECV_FAILED

/* Frees and empties the kept session. */
void ivs_tls_forget_session(struct ivs_tls *tls);

/* The verify callback: argument is the struct ivs_tls; verify.c. */
int ivs_tls_verify(void *argument, mbedtls_x509_crt *crt, int depth, uint32_t *flags);

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
