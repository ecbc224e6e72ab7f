/*
 * A child process with a pipe for its stdout, and a deadline for all of it:
 *
 *   idle -> reading -> ending -> idle
 *
 * It is reading while fd is open, and ending while the child is still there.
 */
#include "system.h"

#include "credential_process.h"
#include "descriptor.h"
#include "words.h"

#include <ivs/crypto.h>
#include <ivs/process_provider.h>

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { COMMAND_MAX = 4095, WORDS = 63 };

/* Milliseconds between looks at a child that has closed its output and should end. */
enum { LOOK_MS = 2 };

/* There is more to do. */
enum { GO_ON = 1 };

static const ivs_str none = {NULL, 0};

static struct ivs_process_provider *self(struct ivs_provider *p) {
  return (struct ivs_process_provider *)(void *)p;
}

static int fail(struct ivs_process_provider *p, const char *what, ivs_str detail) {
  return ivs_provider_fail(&p->base, p->options.name, what, detail);
}

static int fail_system(struct ivs_process_provider *p, const char *what, int code) {
  char text[80];
  if (strerror_r(code, text, sizeof text) != 0) text[0] = '\0';
  return fail(p, what, ivs_cstr(text));
}

/* Milliseconds, as the ticks of <ivs/posix.h>. */
static uint64_t ticks(void) {
  struct timespec t = {0, 0};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* --- starting --- */

/* Splits the command into NUL-ended words in space and NULL-ended argv. */
static int split(struct ivs_process_provider *p, char space[COMMAND_MAX + 1],
                 char *argv[WORDS + 1]) {
  struct ivs_out o = ivs_out_to(space, COMMAND_MAX + 1);
  ivs_str command = p->options.command;
  size_t count = 0;
  for (;;) {
    size_t from = o.n;
    int r = ivs_word_next(&command, &o);
    if (r < 0) return fail(p, "a quote is not closed in it, or a backslash ends it", none);
    if (r == 0) break;
    if (count == WORDS) return fail(p, "it has more than 63 words", none);
    ivs_put_char(&o, '\0');
    if (ivs_out_end(&o) < 0) return fail(p, "it is longer than 4095 bytes", none);
    argv[count++] = space + from;
  }
  argv[count] = NULL;
  return count > 0 ? 0 : fail(p, "it is empty", none);
}

/* The child begins as a shell would start it, whatever this program does with signals. */
static int set_up(posix_spawnattr_t *attributes, posix_spawn_file_actions_t *actions, int fd) {
  sigset_t empty, fatal;
  sigemptyset(&empty);
  sigemptyset(&fatal);
  sigaddset(&fatal, SIGPIPE);
  int r = posix_spawnattr_setsigmask(attributes, &empty);
  if (r == 0) r = posix_spawnattr_setsigdefault(attributes, &fatal);
  if (r == 0)
    r = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (r == 0) r = posix_spawn_file_actions_adddup2(actions, fd, STDOUT_FILENO);
  return r;
}

static int spawn(pid_t *pid, char *const argv[], int fd) {
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  int r = posix_spawnattr_init(&attributes);
  if (r != 0) return r;
  r = posix_spawn_file_actions_init(&actions);
  if (r == 0) {
    r = set_up(&attributes, &actions, fd);
    if (r == 0) r = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
  }
  posix_spawnattr_destroy(&attributes);
  return r;
}

static int fail_start(struct ivs_process_provider *p, const char *program, int code) {
  char text[160];
  ivs_str_cut(text, sizeof text / 2, ivs_cstr(program));
  size_t n = strlen(text);
  text[n++] = ':';
  text[n++] = ' ';
  if (strerror_r(code, text + n, sizeof text - n) != 0) text[n] = '\0';
  return fail(p, "its program cannot be started", ivs_cstr(text));
}

static int run(struct ivs_process_provider *p, char *const argv[]) {
  pid_t pid = 0;
  int ends[2];
  int r = ivs_posix_pipe(ends);
  if (r != 0) return fail_system(p, "no pipe", r);
  r = spawn(&pid, argv, ends[1]);
  close(ends[1]);
  if (r != 0) {
    close(ends[0]);
    return fail_start(p, argv[0], r);
  }
  p->pid = (int)pid;
  p->fd = ends[0];
  p->have = 0;
  p->until = ticks() + p->options.timeout_ms;
  return 0;
}

/* The words of the command can be secrets. */
static int start(struct ivs_process_provider *p) {
  char space[COMMAND_MAX + 1], *argv[WORDS + 1];
  int r = split(p, space, argv);
  if (r == 0) r = run(p, argv);
  ivs_wipe(space, sizeof space);
  return r == 0 ? GO_ON : IVS_ERR_CREDENTIALS;
}

/* --- until its end --- */

static int step_read(struct ivs_process_provider *p) {
  char *to = (char *)p->options.space;
  ssize_t got = read(p->fd, to + p->have, p->options.space_n - p->have);
  if (got < 0 && errno == EINTR) return GO_ON;
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return IVS_AGAIN;
  if (got < 0) return fail_system(p, "its output cannot be read", errno);
  if (got == 0) {
    close(p->fd);
    p->fd = -1;
    return GO_ON;
  }
  p->have += (size_t)got;
  return p->have < p->options.space_n ? GO_ON : fail(p, "it printed too much", none);
}

static int take(struct ivs_process_provider *p, int64_t now) {
  struct ivs_credential_texts texts;
  const char *problem = "";
  if (ivs_credential_json((char *)p->options.space, p->have, &texts, &problem) < 0)
    return fail(p, problem, none);
  return ivs_provider_take(&p->base, p->options.name, now, texts.id, texts.secret, texts.token,
                           texts.expires);
}

static int fail_status(struct ivs_process_provider *p, int status) {
  char text[48];
  struct ivs_out o = ivs_out_to(text, sizeof text - 1);
  bool by_signal = WIFSIGNALED(status);
  ivs_put_text(&o, by_signal ? "it was ended by signal " : "it ended with status ");
  ivs_put_int(&o, by_signal ? WTERMSIG(status) : WEXITSTATUS(status));
  text[o.n] = '\0';
  return fail(p, text, none);
}

/* The end of the child, which may take a moment after the end of its output. Where this program
   ignores SIGCHLD nobody knows how it ended; its output tells. */
static int step_reap(struct ivs_process_provider *p, int64_t now) {
  int status = 0;
  pid_t r = waitpid((pid_t)p->pid, &status, WNOHANG);
  if (r == 0 || (r < 0 && errno == EINTR)) return IVS_AGAIN;
  p->pid = 0;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? take(p, now) : fail_status(p, status);
}

static void cancel(struct ivs_provider *base) {
  struct ivs_process_provider *p = self(base);
  if (p->fd >= 0) close(p->fd);
  p->fd = -1;
  if (p->pid != 0) {
    kill((pid_t)p->pid, SIGKILL);
    while (waitpid((pid_t)p->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    p->pid = 0;
  }
  if (p->have > 0) ivs_wipe(p->options.space, p->have);
  p->have = 0;
}

static int advance(struct ivs_process_provider *p, int64_t now) {
  if (p->pid == 0) return start(p);
  int r = p->fd >= 0 ? step_read(p) : step_reap(p, now);
  if ((r != GO_ON && r != IVS_AGAIN) || ticks() < p->until) return r;
  return fail(p,
              p->fd >= 0 ? "it did not close its output within the time limit"
                         : "it did not end within the time limit",
              none);
}

static int step(struct ivs_provider *base, int64_t now) {
  struct ivs_process_provider *p = self(base);
  int r = advance(p, now);
  if (r != GO_ON && r != IVS_AGAIN) cancel(base);
  return r;
}

static void wants(struct ivs_provider *base, struct ivs_wait *w) {
  struct ivs_process_provider *p = self(base);
  uint64_t until = p->until;
  if (p->fd >= 0) {
    w->handle = p->fd;
    w->events = IVS_READABLE;
  } else if (ticks() + LOOK_MS < until) until = ticks() + LOOK_MS;
  if (until < w->until) w->until = until;
}

static const struct ivs_provider_functions functions = {step, wants, cancel};

/* see ivs/process_provider.h */
int ivs_process_provider_init(struct ivs_process_provider *p,
                              const struct ivs_process_options *options) {
  memset(p, 0, sizeof *p);
  p->base.fn = &functions;
  p->options = *options;
  p->fd = -1;
  if (p->options.timeout_ms == 0) p->options.timeout_ms = IVS_PROCESS_MS;
  return options->space != NULL && options->space_n > 0 && options->name != NULL ? 0
                                                                                 : IVS_ERR_ARGUMENT;
}
