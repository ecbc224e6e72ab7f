/*
 * The parts of a call that client.c puts together: building the request (request.c), reading
 * the answer (answer.c); and what taking the time from the service (clock.c) shares with it.
 * Private to the core.
 */
#ifndef IVS_CALL_H
#define IVS_CALL_H

#include <ivs/client.h>

/* What client->state can be: LEARN is clock.c's, the others client.c's. */
enum ivs_call_state { IDLE, PREPARE, BUILD, EXCHANGE, READ, BACKOFF, LEARN };

/* Which part of a call an error belongs to: enum ivs_layer. */
uint8_t ivs_layer_of(int err);

/* Takes down what the port knows of its failure. */
void ivs_note_port(ivs_client *c);

/* Milliseconds since 1970 by the client's clock. */
int64_t ivs_clock_ms(const ivs_client *c);

/* Milliseconds by which the client's clock is behind the service's, as the answer at hand says;
   false if it says nothing. */
bool ivs_clock_skew(const ivs_client *c, int64_t *skew);

/*
 * Encodes and signs the request into the workspace from its start; exchange.have is its size.
 * IVS_ERR_SPACE with error.need, or the error of a request that cannot be sent, with error.message.
 */
int ivs_request_build(ivs_client *c);

/* Reads the body in the workspace, exchange.have bytes, into client->out. 0, IVS_ERR_SPACE with
   error.need; nothing was changed then. */
int ivs_answer_read(ivs_client *c);

/* Fills code and message from the body of a refusal. Returns IVS_ERR_SERVICE, or
   IVS_ERR_HTTP_REDIRECT. */
int ivs_answer_refused(ivs_client *c);

/* Takes down a header of an answer. An ivs_http1_field_fn; context is the client. */
void ivs_answer_field(void *context, enum ivs_http1_field field, ivs_str value);

/* Bytes of workspace that an answer needs behind its text for its tokens, if all its members are
   known. */
size_t ivs_answer_extra(const ivs_client *c);

/* The room for tokens behind the answer. */
struct ivs_arena ivs_answer_arena(const ivs_client *c);

/* Stops the call until there is a workspace of so many bytes; returns IVS_ERR_SPACE. */
static inline int ivs_want_space(ivs_client *c, size_t need) {
  c->error.need = need;
  c->error.err = c->error.cause = IVS_ERR_SPACE;
  return IVS_ERR_SPACE;
}

/* Notes that a call has needed so many bytes of workspace. */
static inline void ivs_note_space(ivs_client *c, size_t n) {
  if (n > c->high_water) c->high_water = n;
}

#endif
