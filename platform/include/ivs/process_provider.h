/*
 * Credentials from a program that the user named, the credential_process of a profile. It is run
 * without a shell, its output read as it comes, and it is run again when the credentials end, if
 * it says when they do.
 */
#ifndef IVS_PROCESS_PROVIDER_H
#define IVS_PROCESS_PROVIDER_H

#include <ivs/provider.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  IVS_PROCESS_MS = 60 * 1000,   /* time for the program, unless the caller says otherwise */
  IVS_PROCESS_SPACE = 16 * 1024 /* bytes of output: several times the longest credentials */
};

/* What is pointed to stays the caller's and must outlive the provider, unchanged. */
struct ivs_process_options {
  ivs_str command;  /* words as in a shell, quotes and backslashes included; at most 63 and 4,095
                       bytes */
  const char *name; /* for messages, NUL-ended */
  void *space; /* for the output, which is wiped there; may be shared as that of <ivs/fetch.h> */
  size_t space_n;
  uint32_t timeout_ms; /* 0: IVS_PROCESS_MS. It counts within a call's own deadline */
};

struct ivs_process_provider {
  struct ivs_provider base;

  /* Private. */
  struct ivs_process_options options;
  int pid; /* 0: it is not running */
  int fd;  /* of its output; -1: that has ended */
  uint64_t until;
  size_t have;
};

/*
 * options is copied. The program's stdin and stderr are the caller's: it may ask and complain. What
 * it prints on stdout is shown nowhere. On POSIX systems. 0, or IVS_ERR_ARGUMENT: no space.
 */
int ivs_process_provider_init(struct ivs_process_provider *p,
                              const struct ivs_process_options *options);

#ifdef __cplusplus
}
#endif

#endif
