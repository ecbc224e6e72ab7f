/*
 * A port made of memory: it plays prepared answers, takes down what is sent, fails where it is told
 * to, and its clock only moves when somebody waits.
 */
#ifndef FAKE_PORT_H
#define FAKE_PORT_H

#include <ivs/port.h>

enum { FAKE_CONNECTIONS = 8, FAKE_SENT_MAX = 65536 };

enum { ALIVE, DEAD_AT_SEND, DEAD_AT_RECV };

/* What one connection does. */
struct fake_connection {
  const char *answer; /* played once a request was sent; NULL: none ever comes */
  size_t answer_n;    /* 0: strlen(answer) */
  int after;          /* what recv gives behind the answer: IVS_AGAIN or an error */
  int dead;           /* how a second request finds out that the connection is gone */
};

struct fake {
  struct ivs_port port;

  struct fake_connection connections[FAKE_CONNECTIONS];
  size_t send_piece;       /* bytes taken at a time; 0: all */
  size_t recv_piece;       /* bytes given at a time; 0: all */
  size_t send_fails_after; /* bytes; 0: never */
  bool hesitant;           /* every function says IVS_AGAIN every other time */
  int fail_at;             /* the Nth I/O function fails, from 1; 0: none */
  int fail_with;
  bool lost;       /* nothing comes any more over the connection that has failed so */
  int silent_from; /* from the Nth I/O function on, but for open, nothing is ready; 0: never */
  int64_t clock_ms;
  bool mute; /* nothing ever comes; waiting passes the time */
  bool wait_fails;
  int wait_fails_at; /* the Nth wait fails so, from 1; 0: none */
  bool no_entropy;
  int entropy_fails_at; /* the Nth question for random bytes, from 1; 0: none */
  int back_at;          /* the Nth question for the time, from 1; 0: none. By then ... */
  uint64_t ticks_back;  /* the ticks have gone back by so much, at most to 0, */
  int64_t clock_back;   /* and the clock by so many milliseconds */

  int io;               /* I/O functions called */
  int waits;            /* waits */
  size_t sent_before;   /* what had gone over the connection when fail_at or wait_fails_at came: */
  size_t played_before; /* of the request and of its answer */
  int randoms;          /* questions for random bytes */
  int times;            /* questions for ticks and the clock */
  struct ivs_peer peer; /* of the last connection */
  int opened;
  int64_t judged_by[FAKE_CONNECTIONS]; /* `now` of the peer, by connection */
  int closed;
  bool is_open;
  bool is_lost;
  bool turn;
  int connection; /* -1 before the first */
  size_t played;
  int requests;             /* of this connection, as far as answers were played */
  char sent[FAKE_SENT_MAX]; /* all that was ever sent */
  size_t sent_n;
  char text[FAKE_SENT_MAX]; /* answers of fake_body() */
  size_t text_n;
  size_t sent_here; /* since the last answer of this connection began */
  uint64_t now;     /* ticks */
};

/* A port with no answers yet; the clock says 2026-11-22T09:30:00Z. */
void fake_start(struct fake *f);

/* The answer of the next connection that has none, played for each request: as it stands. */
void fake_answer(struct fake *f, const char *answer);

/* The same, made of a status line and headers (without the last line's end) and a body, whose
   length is announced. */
void fake_body(struct fake *f, const char *head, const char *body);

#endif
