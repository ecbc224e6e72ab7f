/*
 * The relay: a small process between the program and one that it started. It is forked from the
 * program and runs nothing else, so it goes on whatever the script does: it empties the started
 * program's output pipe, takes secrets out of it on the way to the log, and ends the whole process
 * group when the program is gone, killed included. On Linux, what left the group ends with it too.
 */
#ifndef IVS_RELAY_H
#define IVS_RELAY_H

#include <stddef.h>
#include <sys/types.h>

/* Bytes of the longest secret that can be taken out of the output. */
enum { IVS_RELAY_SECRET_MAX = 1024 };

/* What is kept of the output: so many lines, each cut to so many bytes with the zero at its end. */
enum { IVS_RELAY_LINES = 5, IVS_RELAY_LINE_SIZE = 240 };

/* Files that can be handed over, and the descriptor that the first one has in the program. */
enum { IVS_RELAY_FILES = 8, IVS_RELAY_FIRST_FILE = 6 };

/* Bytes of the log, and of the old one beside it. */
enum { IVS_RELAY_LOG_MAX = 8 << 20 };

struct ivs_secret {
  const char *p;
  size_t n; /* 1 to IVS_RELAY_SECRET_MAX */
};

/* What to start, and how. The caller's until ivs_relay_start() returns. */
struct ivs_relay_command {
  char **argv; /* ends with NULL; argv[0] is looked for in PATH */
  char **env;  /* ends with NULL */
  const struct ivs_secret *secrets;
  size_t secrets_n;
  int input;                  /* becomes its standard input */
  int log;                    /* receives its standard output and error; -1: they are dropped */
  const char *log_name;       /* NULL: the log is no regular file, and has no bound */
  const char *old_log_name;   /* what a log of IVS_RELAY_LOG_MAX bytes is renamed to */
  int files[IVS_RELAY_FILES]; /* open in it, from descriptor IVS_RELAY_FIRST_FILE on */
  size_t files_n;
};

enum ivs_relay_what { IVS_RELAY_STARTED = 1, IVS_RELAY_FAILED, IVS_RELAY_ENDED };

/* The relay's messages: STARTED or FAILED at once, ENDED at last. */
struct ivs_relay_news {
  int what;
  int value; /* STARTED: process id; FAILED: errno; ENDED: as from waitpid() */
  /* ENDED: the last lines of output that are not blank, without secrets; "" where there
     were fewer */
  char lines[IVS_RELAY_LINES][IVS_RELAY_LINE_SIZE];
};

/* What can be written to the relay, one byte each: a signal for the whole process group. */
enum { IVS_RELAY_TERMINATE = 'T', IVS_RELAY_KILL = 'K' };

/*
 * Forks the relay. 0 or an errno. pid is the caller's to wait for, control to close: the messages
 * are read from it, orders written to it. Closing it before ENDED ends the process group: SIGTERM,
 * and SIGKILL two seconds later.
 */
int ivs_relay_start(const struct ivs_relay_command *command, pid_t *pid, int *control);

#endif
