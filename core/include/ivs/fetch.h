/*
 * What the sources of credentials that are asked over HTTP share: <ivs/iot.h>, <ivs/container.h>,
 * <ivs/imds.h>, <ivs/sts.h>. Their options have one part in common, which comes first; the rest is
 * for those who write another source.
 *
 * A source asks when a client steps it (<ivs/provider.h>), and never blocks. It opens a connection
 * for each request and closes it behind the answer. The network, throttling and errors of the
 * other side (500, 502 to 504) are met by further attempts with a delay between them; but while
 * credentials are renewed ahead of time and the old ones still hold, there is one attempt only, so
 * that a call need not wait long.
 *
 * How the time is judged: "has ended" and "ends soon" by the Date of the answer that brings the
 * credentials, as the device's clock may be wrong; without a Date by `now` of the step. If that is
 * IVS_CLOCK_UNKNOWN as well, they are taken whatever their end is, and judged when the time is
 * known. Certificates are judged by `now`: where a clock was never set, ivs_clock_learn() comes
 * before the first call.
 */
#ifndef IVS_FETCH_H
#define IVS_FETCH_H

#include <ivs/endpoint.h>
#include <ivs/exchange.h>
#include <ivs/provider.h>
#include <ivs/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of workspace that are enough for any source, with session tokens of the greatest length; a
   long web identity token or external id needs more. With session tokens of 1,000 bytes 2,048 will
   do. If there is too little, problem says so. */
enum { IVS_FETCH_SPACE = IVS_SESSION_TOKEN_MAX + 1384 };

/* Zero is right for all but the first four. What is pointed to stays the caller's and must outlive
   the source, unchanged. */
struct ivs_fetch_options {
  /*
   * To the other end: for https a TLS port, for AWS IoT one with the device's certificate and key.
   * Its ticks are those of the client's port. Sources that are never under way at the same time,
   * such as a role and the one that it is assumed with, may have the same port; no client has it.
   */
  struct ivs_port *port;
  const struct ivs_endpoint *endpoint;
  /*
   * The workspace, at any address. All secrets in it are wiped when the source has done, has failed
   * or is cancelled. It may be shared with other sources that are not under way at the same time,
   * and with a client, if no other client uses the source: a client steps its provider only before
   * its own request is written.
   */
  void *space;
  size_t space_n;
  uint32_t timeout_ms; /* for one request, from look-up to answer; 0: as the source says */
  uint8_t attempts;    /* for one request; 0: as the source says */
};

/* A secret text that may change: `text`; or if `read` is set, what that gives each time it is
   needed. */
struct ivs_token {
  ivs_str text;
  /*
   * Puts the text to `to` and its length to *n, for example from a file. At most room bytes:
   * IVS_ERR_SPACE if there are more. 0 or any error; it should not block for long.
   */
  int (*read)(void *context, char *to, size_t room, size_t *n);
  void *context;
};

/* --- for sources --- */

/* A part of every source's struct. Set up by ivs_fetch_init(). */
struct ivs_fetch {
  struct ivs_fetch_options options;
  const char *name; /* of the source, in front of every problem */

  /* To be read when there is an answer: exchange.http.status, and the body, exchange.have bytes at
     exchange.space. */
  struct ivs_exchange exchange;
  int64_t now;  /* as the last step was told */
  int64_t date; /* the other side's clock as its answer said, or IVS_CLOCK_UNKNOWN */
  int failure;  /* the error of the last attempt that brought no answer */

  /* Private. */
  uint64_t until; /* ticks: the end of this attempt, or of the delay before the next */
  uint8_t state;
  uint8_t attempt; /* from 0 */
  uint8_t limit;   /* of attempts */
  bool aged;       /* the answer is from a cache */
};

/* Copies options; timeout_ms and attempts are used where these have none. 0, or IVS_ERR_ARGUMENT:
   no port, endpoint or space. */
int ivs_fetch_init(struct ivs_fetch *f, const char *name, const struct ivs_fetch_options *options,
                   uint32_t timeout_ms, uint8_t attempts);

/*
 * Writes the whole request to o, which has all of the workspace; called for every attempt. 0, or
 * an error that ends the fetch. IVS_ERR_CREDENTIALS: problem is set already. Room can be taken off
 * the end of o by lowering o->cap.
 */
typedef int ivs_fetch_write(struct ivs_provider *p, struct ivs_out *o);

/*
 * Begins a request if none is under way, else goes on with it. 1, IVS_AGAIN: not yet. 0: there is
 * an answer with any status; what the source does with it has to end with one of the functions
 * below that end the fetch, which close the connection. IVS_ERR_CREDENTIALS: failed, with problem
 * set; nothing is under way any more.
 */
int ivs_fetch_step(struct ivs_fetch *f, struct ivs_provider *p, int64_t now,
                   ivs_fetch_write *write);

/* As wants() of a provider; after IVS_AGAIN. */
void ivs_fetch_wants(struct ivs_fetch *f, struct ivs_wait *w);

/* The best that is known about the time, in seconds since 1970: date, or else now. */
int64_t ivs_fetch_time(const struct ivs_fetch *f);

/* For `write`: a path made of the endpoint's own and three parts, at the end of o, which loses that
   room. Empty, with o->err set, if there is too little. */
ivs_str ivs_fetch_path(const struct ivs_fetch *f, struct ivs_out *o, ivs_str a, ivs_str b,
                       ivs_str c);

/* For `write`: the text of a token. One that is read lies at the end of o, which loses that room.
   0, IVS_ERR_SPACE, or IVS_ERR_CREDENTIALS with problem set. */
int ivs_fetch_token(struct ivs_fetch *f, struct ivs_provider *p, const struct ivs_token *token,
                    struct ivs_out *o, ivs_str *text);

/*
 * Finds string members of the JSON object that is the answer, or of its member `inside` unless that
 * is NULL. A member that is missing or null leaves its text absent. The body serves once. 0,
 * IVS_ERR_JSON, IVS_ERR_JSON_DEPTH, IVS_ERR_TYPE (one of them is no string), IVS_ERR_SPACE.
 */
int ivs_fetch_members(struct ivs_fetch *f, const char *inside, const char *const *names,
                      ivs_str *texts, size_t n);

/* The parts of credentials in the texts of an answer, in this order. */
enum ivs_fetch_part {
  IVS_FETCH_ID,
  IVS_FETCH_SECRET,
  IVS_FETCH_TOKEN,
  IVS_FETCH_EXPIRATION,
  IVS_FETCH_PARTS
};

/* Checks that the first `required` parts are there, and reads the time of their end (0: there is
   none). 0; or IVS_ERR_CREDENTIALS, and the fetch has ended. */
int ivs_fetch_check(struct ivs_fetch *f, struct ivs_provider *p, const char *const *names,
                    const ivs_str *parts, size_t required, int64_t *expires);

/* Takes the credentials into use. Ends the fetch; 0 or IVS_ERR_CREDENTIALS. */
int ivs_fetch_take(struct ivs_fetch *f, struct ivs_provider *p, const ivs_str *parts,
                   int64_t expires);

/*
 * The answer is a refusal: with a code or "", a message or none. hint is for the user, "" for none.
 * 1: there will be another attempt, step on. Else the fetch has ended; IVS_ERR_CREDENTIALS. Of the
 * message only what comes before a line break is shown: behind that some services quote the
 * request.
 */
int ivs_fetch_refused(struct ivs_fetch *f, struct ivs_provider *p, const char *hint,
                      const char *code, ivs_str message);

/* The same with the message in a JSON body, if there is one. */
int ivs_fetch_refused_json(struct ivs_fetch *f, struct ivs_provider *p, const char *hint);

/* Ends the fetch with problem set to "name: what: detail". IVS_ERR_CREDENTIALS. */
int ivs_fetch_fail(struct ivs_fetch *f, struct ivs_provider *p, const char *what, ivs_str detail);

/* For cancel() of a provider: ends the fetch. Credentials in use that still hold are used for a
   minute before the next attempt to renew them. */
void ivs_fetch_cancel(struct ivs_fetch *f, struct ivs_provider *p);

/* Ends the fetch: closes the connection, wipes the workspace. Returns result. Does nothing more if
   none is under way. */
int ivs_fetch_end(struct ivs_fetch *f, int result);

#ifdef __cplusplus
}
#endif

#endif
