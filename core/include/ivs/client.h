/*
 * The client: one call at a time over one connection that it keeps. No heap, no globals, no
 * blocking except in functions that say so.
 *
 * A call makes up to `attempts` attempts: again after a delay when the service is throttling or
 * down for a moment or the network fails (<ivs/retry.h>), at once when the clock was wrong or
 * credentials had expired and that could be put right. What must not happen twice is not repeated
 * once its request has left, unless the service itself has refused it: with no answer, one that
 * cannot be read, or the error of a gateway, it ends as IVS_ERR_UNSURE. A deletion that is repeated
 * after its answer was lost can find nothing left to delete, and is refused so.
 */
#ifndef IVS_CLIENT_H
#define IVS_CLIENT_H

#include <ivs/codec.h>
#include <ivs/creds.h>
#include <ivs/endpoint.h>
#include <ivs/exchange.h>
#include <ivs/provider.h>
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

/* What is known about the failure of a call: of the attempt that decided it. Texts are NUL-ended,
   "" if unknown. */
struct ivs_error {
  int err;           /* IVS_ERR_* or 0; ivs_strerror() has words for it */
  int cause;         /* IVS_ERR_UNSURE: the error that cost the answer; else the same as err */
  int status;        /* HTTP status, or 0 */
  int system;        /* the system's or TLS library's own number, or 0 */
  uint8_t layer;     /* enum ivs_layer */
  size_t need;       /* IVS_ERR_SPACE: bytes of workspace that would do */
  int64_t date;      /* the service's clock as its answer said, seconds since 1970, or 0 */
  char code[64];     /* the service's error code, for example "ChannelNotBroadcasting" */
  char message[192]; /* the service's message, or the system's, or the member that is wrong, or
                        what the source of credentials met that was waited for; cut with "…". Of a
                        refusal whose body did not fit, or was broken off: that */
  char request_id[64];
  ivs_str whole; /* the service's message uncut, in the workspace until the next call; or absent */
};

struct ivs_options {
  struct ivs_port *port;               /* required; used by this client alone */
  const struct ivs_endpoint *endpoint; /* required */
  ivs_str region;                      /* required, for the signature: "eu-west-1" */
  const struct ivs_creds *creds;       /* NULL, and no provider: requests are not signed */
  struct ivs_provider *provider;       /* instead of creds: where they come from and are renewed */
  ivs_member_check *check; /* ivs_check_member: the API's limits are checked before anything is
                              sent; NULL: that is left to the service, and its code is not linked */
  uint32_t call_ms;        /* deadline of one call; 0: IVS_CALL_MS */
  uint8_t attempts;        /* at most, of one call; 0: IVS_ATTEMPTS; 1: nothing is tried again, but
                              for a kept connection that was dead */
  bool cue_once;           /* PutMetadata is not repeated either when its answer was lost */
  bool keep_clock;         /* the clock is never corrected by what the service says */
};

/* Everything is private, except that high_water may be read; ivs_client_counters() for more. What
   is small comes first: near the beginning of a struct, Thumb reaches it with short
   instructions. */
typedef struct ivs_client {
  uint8_t op;
  uint8_t state;
  uint8_t attempt;           /* from 0; a call of the metadata queue has the last one alone */
  uint8_t cost;              /* of the last repetition of this call */
  bool cue_once;             /* in force for this call */
  bool resent;               /* a request went out for the second time because a kept connection was
                                dead */
  bool renew;                /* the credentials in use were refused as expired */
  bool renewed;              /* that has happened in this call */
  bool waits;                /* for the provider */
  bool aged;                 /* the answer is from a cache, so its date is an old one */
  uint16_t tokens;           /* left to pay for repetitions */
  int32_t after_ms, after_s; /* the service asked for so long a delay; negative: it did not */
  uint32_t creds_version;    /* of the provider's */
  const void *in;
  void *out;
  struct ivs_options options;
  size_t high_water;     /* bytes of workspace that are enough for every call so far */
  uint64_t deadline;     /* ticks */
  uint64_t wake;         /* ticks when a delay is over */
  int64_t clock_offset;  /* milliseconds by which the port's clock is behind */
  int64_t offset_before; /* the same, in case the time cannot be taken from the service */

  struct ivs_exchange exchange; /* has the workspace */
  struct ivs_error error;
  struct ivs_sigv4_key key;
} ivs_client;

/*
 * Sets the client up. options is copied; what it points to is the caller's and must outlive the
 * client, unchanged; to change credentials, call ivs_credentials(). Nothing is opened yet. 0 or
 * IVS_ERR_ARGUMENT (a required option is missing, the endpoint was never set, or region cannot be
 * one: ivs_is_region()).
 */
int ivs_init(ivs_client *client, const struct ivs_options *options);

/*
 * Gives the client its workspace: when no call is alive, or a larger one after IVS_ERR_SPACE. That
 * may overlap the old one, which must still be there: what the call needs is moved, so realloc() is
 * wrong. With no call alive the old one is not touched, and the texts and lists of the last answer,
 * which lie in it until the next call, are gone. Nothing else may be kept in a workspace until it is
 * replaced. IVS_ERR_STATE while a request is on its way, IVS_ERR_SPACE if it is smaller than the one
 * that an answer has begun to fill.
 */
int ivs_workspace(ivs_client *client, void *space, size_t n);

/* New credentials, or the same struct with new content. IVS_ERR_STATE while a call is alive, and of
   a client that has a provider. With a struct that was never set, or was wiped, calls end as
   IVS_ERR_CREDENTIALS. */
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

/* Steps and waits until the call is done. Result as ivs_step(), but never 1: so after IVS_ERR_SPACE
   the call is alive, and every other is IVS_ERR_STATE until it was finished or cancelled. */
int ivs_finish(ivs_client *client);

/* ivs_start() and ivs_finish(); also after it IVS_ERR_SPACE is not the end. */
int ivs_call(ivs_client *client, enum ivs_op_id op, const void *in, void *out);

/* What the client did since ivs_init(). */
static inline const struct ivs_counters *ivs_client_counters(const ivs_client *client) {
  return &client->exchange.counters;
}

/*
 * The client's clock: the port's and an offset. Signatures, the dates of certificates and the end
 * of credentials are judged by it. The offset is learned when the service refuses a request whose
 * time is 4 minutes off or more (not if keep_clock is set), and stays.
 */
int64_t ivs_clock_now(const ivs_client *client); /* seconds since 1970 */

/* Sets the offset so that the clock says `now` (seconds since 1970) at this moment. 0; IVS_ERR_CLOCK
   outside years 1 to 9999, and nothing is changed. */
int ivs_clock_set(ivs_client *client, int64_t now);

/* Milliseconds added to the port's clock; what a program can keep for its next run, where the
   machine's clock stays as wrong as it is: ivs_clock_set(client, ivs_clock_now(client) + kept /
   1000) gives it back. */
static inline int64_t ivs_clock_offset(const ivs_client *client) {
  return client->clock_offset;
}

/*
 * Takes the time from the service, for a machine whose clock was never set: two requests without
 * signature or secrets, whose answers' Date counts. Blocks as ivs_call() does, with its deadline;
 * no call may be alive. 0; IVS_ERR_CLOCK if the answer has no date; or another error, and the clock
 * is as before. ivs_last() says more.
 *
 * On the first connection everything about the certificates is verified but their dates, for which
 * the time is still missing. The second is made with the time that was learned, and verifies the
 * dates too. So whoever tells a wrong time must hold the key of a certificate for this very host
 * that a trusted root has signed and that was valid at the time told: an old one will do.
 */
int ivs_clock_learn(ivs_client *client);

/* The same without blocking: begins if it is not under way. Results as ivs_step(), with which it
   shares ivs_cancel() and ivs_last(); IVS_ERR_SPACE ends it. */
int ivs_clock_learn_step(ivs_client *client, struct ivs_wait *w);

/* Ends a call that is alive; its outcome stays unknown. Does nothing otherwise. */
void ivs_cancel(ivs_client *client);

/* The next element of a list or map of the last answer; see ivs_decode_next(). Typed forms are in
   <ivs/api.h>. */
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
