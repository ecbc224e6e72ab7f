/*
 * The client: one call at a time over one connection that it keeps. No heap, no globals, no
 * blocking except in ivs_call() and ivs_finish().
 */
#ifndef IVS_CLIENT_H
#define IVS_CLIENT_H

#include <ivs/codec.h>
#include <ivs/creds.h>
#include <ivs/endpoint.h>
#include <ivs/http1.h>
#include <ivs/port.h>
#include <ivs/sigv4.h>
#include <ivs/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which part of a call failed. */
enum ivs_layer {
  IVS_LAYER_NONE,
  IVS_LAYER_REQUEST,
  IVS_LAYER_NET,
  IVS_LAYER_TLS,
  IVS_LAYER_HTTP,
  IVS_LAYER_ANSWER,
  IVS_LAYER_SERVICE
};

/* What is known about the failure of a call. Texts are NUL-ended, "" if unknown. */
struct ivs_error {
  int err;           /* IVS_ERR_* or 0; ivs_strerror() has words for it */
  int cause;         /* IVS_ERR_UNSURE: the error that cost the answer; else the same as err */
  int status;        /* HTTP status, or 0 */
  int system;        /* the system's or TLS library's own number, or 0 */
  uint8_t layer;     /* enum ivs_layer */
  size_t need;       /* IVS_ERR_SPACE: bytes of workspace that would do */
  int64_t date;      /* the service's clock as its answer said, seconds since 1970, or 0 */
  char code[64];     /* the service's error code, for example "ChannelNotBroadcasting" */
  char message[192]; /* the service's message, or the system's, or the member that is wrong; cut
                        with "…" */
  char request_id[64];
  ivs_str whole; /* the service's message uncut, in the workspace until the next call; or absent */
};

struct ivs_options {
  struct ivs_port *port;               /* required; used by this client alone */
  const struct ivs_endpoint *endpoint; /* required */
  ivs_str region;                      /* required, for the signature: "eu-west-1" */
  const struct ivs_creds *creds;       /* NULL: requests are not signed */
  ivs_member_check *check; /* ivs_check_member: the API's limits are checked before anything is
                              sent; NULL: that is left to the service, and its code is not linked */
  uint32_t call_ms;        /* deadline of one call; 0: IVS_CALL_MS */
  bool cue_once;           /* PutMetadata is not repeated either when its answer was lost */
};

/* What the client did since ivs_init(). */
struct ivs_counters {
  uint32_t calls;       /* started */
  uint32_t requests;    /* sent, repetitions included */
  uint32_t connections; /* opened */
  uint32_t reused;      /* requests over a connection that was open already */
};

/* Everything is private, except that counters and high_water may be read. */
typedef struct ivs_client {
  struct ivs_options options;
  struct ivs_counters counters;
  size_t high_water; /* most bytes of workspace that a call has needed */

  char *space; /* the workspace; positions below are offsets into it */
  size_t space_n;
  size_t have; /* bytes of request or of answer in the workspace */
  size_t sent;
  const void *in;
  void *out;
  uint64_t deadline; /* ticks */
  uint64_t idle_since;
  struct ivs_sigv4_key key;
  struct ivs_http1 http;
  struct ivs_error error;
  int send_error; /* why the request did not leave whole; 0: it did, or is still leaving */
  uint8_t op;
  uint8_t state;
  bool open;     /* the port has a connection, or is getting one */
  bool reused;   /* this request goes out over a connection that was there before */
  bool resent;   /* it goes out for the second time because such a connection was dead */
  bool answered; /* a byte of the answer has come */
  bool cut;      /* the body of a refusal did not fit or did not come whole: it is dropped */
} ivs_client;

/*
 * Sets the client up. options is copied; what it points to is the caller's and must outlive the
 * client, unchanged; to change credentials, call ivs_credentials(). Nothing is opened yet. 0 or
 * IVS_ERR_ARGUMENT (a required option is missing, or region cannot be one: ivs_is_region()).
 */
int ivs_init(ivs_client *client, const struct ivs_options *options);

/*
 * Gives the client its workspace: when no call is alive, or a larger one after IVS_ERR_SPACE, which
 * may overlap the old one; what the call needs is moved. Nothing else may be kept in it until it is
 * replaced. The texts and lists of an answer lie in it until the next call, so with no call alive
 * they are gone. IVS_ERR_STATE while a request is on its way, IVS_ERR_SPACE if it is smaller than
 * the one that an answer has begun to fill.
 */
int ivs_workspace(ivs_client *client, void *space, size_t n);

/* New credentials, or the same struct with new content. Not while a call is alive: IVS_ERR_STATE.
 */
int ivs_credentials(ivs_client *client, const struct ivs_creds *creds);

/*
 * Begins a call. in: the operation's request struct, out: its answer struct (NULL where the answer
 * has no members); both, and everything in points to, stay until the call ends. out is zeroed now
 * and filled only by a call that succeeds. 0; IVS_ERR_STATE if a call is alive already. The answers
 * of the call before are gone.
 */
int ivs_start(ivs_client *client, enum ivs_op_id op, const void *in, void *out);

/*
 * Goes on with the call, without blocking.
 * 1: not done; *w says what to wait for (a time that has passed: nothing, step on). 0: done, out is
 * filled. Negative: failed, ivs_last() says more. IVS_ERR_SPACE is not the end of the call: give a
 * larger workspace (ivs_last()->need) and step on, or cancel.
 */
int ivs_step(ivs_client *client, struct ivs_wait *w);

/* Steps and waits until the call is done. Result as ivs_step(), but never 1. */
int ivs_finish(ivs_client *client);

/* ivs_start() and ivs_finish(). */
int ivs_call(ivs_client *client, enum ivs_op_id op, const void *in, void *out);

/* Ends a call that is alive; its outcome stays unknown. Does nothing otherwise. */
void ivs_cancel(ivs_client *client);

/* The next element of a list or map of the last answer; see ivs_decode_next(). Typed forms are in
 * <ivs/api.h>. */
int ivs_next(ivs_client *client, ivs_span *rest, void *element);

/* Why the last call failed, or stopped with IVS_ERR_SPACE. Valid until the next one begins. */
const struct ivs_error *ivs_last(const ivs_client *client);

/* Cancels, closes the connection and wipes everything secret but an answer in the workspace, which
   is the caller's. The client must be set up anew to be used again. */
void ivs_close(ivs_client *client);

#ifdef __cplusplus
}
#endif

#endif
