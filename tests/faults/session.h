/*
 * What the programs of this folder share: a client with all that is below it, on this machine. The
 * service, its certificates and the credentials come from the environment, as scripts/ivs-sim
 * exports them.
 */
#ifndef SESSION_H
#define SESSION_H

#include <ivs/ivs.h>
#include <ivs/posix.h>
#include <ivs/tls.h>

/* Exit code of a program that cannot begin. */
enum { SESSION_USAGE = 2 };

struct session_options {
  const char *url;     /* NULL: AWS_ENDPOINT_URL_IVS */
  uint32_t call_ms;    /* as in struct ivs_options */
  uint8_t attempts;    /* the same */
  uint8_t tls_version; /* as max_version of struct ivs_tls_options */
  bool cue_once;
  bool provider; /* credentials from a provider that has the same ones again whenever it is asked */
  size_t space;  /* bytes of workspace at first; 0: 16 KB */
  size_t space_max; /* how far it may grow; 0: not at all */
};

/* A port that passes all on to another one, and shows what cannot be seen from outside. */
struct session_watch {
  struct ivs_port port;
  struct ivs_port *below;
  uint64_t ahead; /* milliseconds of idle time that nobody had to wait for */
  bool open;      /* there is a connection, or one is being made */
};

struct session {
  struct session_options options;
  ivs_client client;
  struct ivs_posix tcp;
  struct ivs_tls tls;
  struct session_watch watch;
  struct ivs_endpoint endpoint;
  struct ivs_creds creds;
  struct ivs_provider provider;
  char *space;
  size_t space_n;
};

/* Opens a session; a zeroed `options` is right for most. Ends the program when it cannot. */
void session_open(struct session *s, const struct session_options *options);

/* Closes it and gives its memory back. One that was never opened, zeroed, may be closed too. */
void session_close(struct session *s);

/* ivs_call(), with a workspace that grows as far as options say. IVS_ERR_SPACE: it would have to be
   larger; the call is then given up. *need: the bytes that were wanted last, or 0. */
int session_call(struct session *s, enum ivs_op_id op, const void *in, void *out, size_t *need);

/* A variable of the environment; ends the program when there is none. */
const char *session_variable(const char *name);

#endif
