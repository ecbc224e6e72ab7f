/*
 * Timed metadata for one channel, at the rate that the service permits: a queue in front of
 * PutMetadata. Items are pushed at any time; the queue puts small ones together into one payload,
 * keeps the pace, tries again what failed, and forgets what got too old. What became of every item
 * is counted.
 *
 *   ivs_metadata_init(&queue, &options, buffer, sizeof buffer);
 *   ...
 *   ivs_metadata_push(&queue, &item);
 *   ...
 *   switch (ivs_metadata_step(&queue, &w)) ...      in the program's loop, or
 *   ivs_metadata_finish(&queue, 5000);              until all is sent
 *
 * An item leaves the queue when the service has accepted it, or when one of the counters below says
 * why not:
 *
 *   pushed == sent + replaced + expired + refused + dropped + unsure + ivs_metadata_pending()
 *
 * holds after every function. Order: what is sent is what was pushed, in that order, with items
 * left out; none ever overtakes another.
 *
 * What the queue makes of the end of a call:
 *
 *   accepted                          the items are sent
 *   throttled                         kept; slower, then gradually back to the set rate
 *   ChannelNotBroadcasting            kept and tried every offline_ms, since a stream that drops
 *                                     comes back; or refused, with refuse_offline
 *   server error, network, TLS        kept and tried again, after delays as of <ivs/retry.h>, of
 *                                     IVS_METADATA_PAUSE_MS at the most
 *   credentials, signature or clock   the same: that says nothing about the items
 *   any other refusal (validation,    the items of the payload are refused; `last` tells why
 *   access denied, no such channel)
 *   the answer was lost               kept and sent again: players may see a cue twice; with
 *                                     at_most_once the items are unsure and not sent again
 *
 * Items without a ttl are tried until they are sent. A payload that is tried again is made anew, of
 * what is in the queue by then; so the client is held to one attempt a call, and to sending nothing
 * again by itself that would break the pace.
 *
 * Metadata is secret: what leaves the queue is wiped from the buffer in the same step.
 */
#ifndef IVS_METADATA_QUEUE_H
#define IVS_METADATA_QUEUE_H

#include <ivs/client.h>
#include <ivs/pacer.h>
#include <ivs/text.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  IVS_METADATA_MAX = 1024, /* bytes of UTF-8 of a payload: the service's limit, 1 KB */
  IVS_METADATA_RATE = 5,   /* PutMetadata a second for a channel: the service's limit */
  IVS_METADATA_OFFLINE_MS = 5000,
  IVS_METADATA_PAUSE_MS = 60000, /* the longest between two tries, whatever Retry-After says */
  IVS_METADATA_ITEM_SIZE = 12, /* bytes that an item takes in the buffer besides key and text */
  IVS_METADATA_KEY_MAX = 255   /* bytes */
};

/* Bytes of buffer for so many items of so many bytes each, key and text, with payloads of up to
   `payload` bytes; 0 for that if items are sent separately. */
#define IVS_METADATA_BUFFER(payload, items, bytes) \
  ((payload) + (items) * (IVS_METADATA_ITEM_SIZE + (bytes)))

struct ivs_metadata_item {
  ivs_str text;    /* UTF-8 */
  ivs_str key;     /* none if absent or empty; at most IVS_METADATA_KEY_MAX bytes */
  uint32_t ttl_ms; /* not sent any more when it has waited so long; 0: no limit */
  bool json;       /* text is one JSON value. Else it is plain text, which an array holds as a JSON
                      string */
};

/*
 * Puts a payload together, piece by piece: BEGIN, FIRST for the first item, NEXT for each further
 * one (with what separates it from the one before), END. Writes the piece to o. item has text, key
 * and json; it is NULL for BEGIN and END. Whenever it is asked for a piece it must write the same
 * bytes: some runs only count them.
 */
enum ivs_metadata_piece {
  IVS_METADATA_BEGIN,
  IVS_METADATA_FIRST,
  IVS_METADATA_NEXT,
  IVS_METADATA_END
};
typedef void ivs_metadata_join(void *context, struct ivs_out *o, enum ivs_metadata_piece piece,
                               const struct ivs_metadata_item *item);

/* Zeroed but for client and channel_arn, it says what most programs want. */
struct ivs_metadata_options {
  ivs_client *client;        /* required */
  ivs_str channel_arn;       /* required; the caller's, unchanged while the queue is used */
  struct ivs_pacer *account; /* the pacer of the account's rate (155 a second), shared with other
                                queues; or NULL */
  ivs_metadata_join *join;   /* NULL: a payload is a JSON array of the items, also of one */
  void *join_context;
  uint32_t offline_ms;  /* until an offline channel is tried again; 0: IVS_METADATA_OFFLINE_MS */
  uint16_t payload_max; /* bytes of a payload; 0: IVS_METADATA_MAX */
  uint16_t rate;        /* payloads a second, up to 1000; 0: IVS_METADATA_RATE */
  bool separate;        /* no joining: an item is a payload, as it is */
  bool drop_oldest;     /* when the buffer is full the oldest items make room for a new one */
  bool refuse_offline;
  bool at_most_once; /* also in force if the client was set up with cue_once */
};

struct ivs_metadata_counters {
  uint32_t pushed;   /* offered, also those that were refused at once */
  uint32_t sent;     /* accepted by the service */
  uint32_t replaced; /* by a newer one with the same key */
  uint32_t expired;
  uint32_t refused; /* by the push, or with a payload by the service */
  uint32_t dropped; /* to make room, or cleared */
  uint32_t unsure;  /* in a payload whose answer was lost, and not sent again */

  uint32_t payloads;  /* accepted: calls that succeeded */
  uint32_t coalesced; /* of sent: those that shared a payload */
  uint32_t throttled; /* payloads that the service refused as too many */
  uint64_t bytes;     /* of payloads that were accepted */
};

/* Why the last payload that was not accepted was not. The service's text, which could repeat the
   metadata, is not kept; ivs_metadata_error() has it until the client's next call. */
struct ivs_metadata_failure {
  int err;       /* IVS_ERR_*; 0: none failed yet */
  int status;    /* HTTP status, or 0 */
  char code[40]; /* the service's code, or "" */
};

/* Everything is private, except that counters and last may be read. */
typedef struct ivs_metadata_queue {
  struct ivs_metadata_options options;
  char *payload;
  char *items;
  size_t size;      /* bytes of room for items, */
  size_t used;      /* of which these are in use */
  size_t in_flight; /* and these, the first ones, belong to the payload under way */
  size_t count;     /* items */
  struct ivs_put_metadata_in in;
  uint32_t requests;     /* of the payload that have left whole */
  uint32_t failures;     /* payloads that have to be tried again, since one was accepted */
  int64_t clock_offset;  /* of the client, when the payload was begun */
  uint64_t paused_until; /* ticks */
  struct ivs_metadata_counters counters;
  struct ivs_pacer pacer;
  uint8_t call; /* what the pacer calls it */
  bool calling;
  struct ivs_metadata_failure last;
} ivs_metadata_queue;

/*
 * Sets the queue up; no call may be alive on the client. options is copied. buffer: payload_max
 * bytes for the payload (none if separate) and the rest for items, IVS_METADATA_ITEM_SIZE bytes for
 * each besides its key and text: see IVS_METADATA_BUFFER. Any address; the caller's, used by nobody
 * else until ivs_metadata_clear().
 *
 * The client needs a workspace for the request: the payload as a JSON string (half as much again
 * for most JSON, twice for nothing but quotes, six times for control characters), ARN, session
 * token and about 700 bytes. 4 KB hold a payload of 1,024 bytes with a token of 1 KB.
 *
 * 0; IVS_ERR_ARGUMENT: a required option is missing, or rate is over 1000; IVS_ERR_SPACE: no room
 * for an item of one byte.
 */
int ivs_metadata_init(ivs_metadata_queue *q, const struct ivs_metadata_options *options,
                      void *buffer, size_t n);

/*
 * Puts an item in; its key and text are copied. An item that waits with the same key is replaced:
 * the new one goes to the end, where its push belongs. One that is on its way stays, and is
 * replaced should it have to be sent again.
 *
 * Time: one pass over the bytes in the buffer, or with drop_oldest one for each item dropped.
 *
 * 0, or the item is counted as refused and nothing else has changed: IVS_ERR_LENGTH (too long for a
 * payload of its own, or empty where it is a payload as it is), IVS_ERR_JSON, IVS_ERR_JSON_DEPTH,
 * IVS_ERR_UTF8, IVS_ERR_ARGUMENT (key too long), IVS_ERR_SPACE (buffer full).
 */
int ivs_metadata_push(ivs_metadata_queue *q, const struct ivs_metadata_item *item);

/* What a step can say. */
enum {
  IVS_METADATA_WAITS = 1, /* for its time; the client is free for other calls */
  IVS_METADATA_CALLS = 2, /* a call is under way: the client is taken */
  IVS_METADATA_BUSY = 3   /* it is time to send, but a call of the program's is alive on the client.
                             Step again when it has ended */
};

/*
 * Goes on without blocking: drops what is too old, begins or continues a call. Between calls the
 * client can be used for others, with its own options; while one of the queue's is alive,
 * ivs_start() gives IVS_ERR_STATE, and the program does not step it. ivs_cancel() is allowed; the
 * queue then takes the answer as lost, if the request had left. A step may begin a call: the texts
 * and lists of the program's last answer are gone with it.
 *
 * 0: the queue is empty. IVS_METADATA_...: *w says what to wait for (a time that has passed:
 * nothing, step on). IVS_ERR_SPACE: the client's workspace is too small, and the call waits: give
 * it a larger one (ivs_workspace(), ivs_last()->need) and step on, or ivs_metadata_clear(). An item
 * whose call is only cancelled stays, and the next step stops in the same way. Other errors are not
 * returned: see counters and last.
 */
int ivs_metadata_step(ivs_metadata_queue *q, struct ivs_wait *w);

/* The same with an end: IVS_ERR_TIMEOUT from tick `until` on while the queue is not empty. The
   items stay, and so does a call that is under way: step on, or clear. */
int ivs_metadata_flush(ivs_metadata_queue *q, uint64_t until, struct ivs_wait *w);

/* Steps and waits, up to ms milliseconds, until the queue is empty: 0. IVS_ERR_TIMEOUT and
   IVS_ERR_SPACE as above; IVS_ERR_STATE: a call of the program's is alive on the client; or why the
   port cannot wait. */
int ivs_metadata_finish(ivs_metadata_queue *q, uint32_t ms);

/* Empties the queue, ends its call and wipes its buffer. Items of a payload that may have left
   count as unsure, all others as dropped. To be called before the client is closed or the buffer
   used otherwise; the queue can go on to be used. */
void ivs_metadata_clear(ivs_metadata_queue *q);

/* All that is known of the failure in `last`, as ivs_last() has it, if the client has made no other
   call since; else NULL. */
const struct ivs_error *ivs_metadata_error(const ivs_metadata_queue *q);

/* Items in the queue, those on their way included. */
static inline size_t ivs_metadata_pending(const ivs_metadata_queue *q) {
  return q->count;
}

#ifdef __cplusplus
}
#endif

#endif
