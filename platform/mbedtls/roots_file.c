/*
 * Trusted roots from a file, for systems that have files.
 */
#include "internal.h"

#if defined(MBEDTLS_FS_IO)

#include <stdio.h>

/* A folder can be opened, and has a size without sense: reading a byte tells. */
static bool has_bytes(const char *path) {
  FILE *f = fopen(path, "rb");
  if (f == NULL) return false;
  bool some = fgetc(f) != EOF;
  fclose(f);
  return some;
}

static int load(struct ivs_tls *tls, const char *path) {
  if (!has_bytes(path)) {
    tls->said = "the file of trusted roots is not there, not readable or empty";
    return IVS_ERR_TLS_ROOTS;
  }
  int r = mbedtls_x509_crt_parse_file(&tls->roots, path);
  if (ivs_tls_no_memory(r)) return ivs_tls_error(tls, r);
  /* Over 0: so many were not understood, but others were. */
  if (r >= 0 && tls->roots.raw.p != NULL) return 0;
  tls->code = r;
  tls->said = "no certificate in the file of trusted roots";
  return IVS_ERR_TLS_ROOTS;
}

/* see ivs/tls.h */
int ivs_tls_roots_file(struct ivs_tls *tls, const char *path) {
  if (tls->setup != 0 && tls->setup != IVS_ERR_TLS_ROOTS) return tls->setup;
  if (tls->state != IVS_TLS_CLOSED) return IVS_ERR_STATE;
  ivs_tls_forget_session(tls);
  mbedtls_x509_crt_free(&tls->roots);
  mbedtls_x509_crt_init(&tls->roots);
  tls->code = 0;
  tls->said = NULL;
  tls->below_failed = false;
  int r = load(tls, path);
  tls->setup = r == 0 ? 0 : IVS_ERR_TLS_ROOTS;
  return r;
}

#endif
