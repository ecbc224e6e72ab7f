/*
 * A child process with a pipe for its stdout, and a deadline for all of it.
 */
#include "system.h"

#include "credential_process.h"

#include "words.h"

#include <ivs/crypto.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

struct child {
  pid_t pid; /* 0: it is gone */
  int fd; /* of its stdout */
  uint64_t until;
};

static int fail(struct ivs_out *problem, const char *a, const char *b) {
  ivs_put_text(problem, a);
  ivs_put_text(problem, b);
  return IVS_ERR_CREDENTIALS;
}

static int fail_system(struct ivs_out *problem, const char *what, int code) {
  char text[80];
  if (strerror_r(code, text, sizeof text) != 0) text[0] = '\0';
  return fail(problem, what, text);
}

static uint64_t now_ms(void) {
  struct timespec t = {0, 0};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* --- starting --- */

/* Splits the command into NUL-ended words in space and NULL-ended argv. */
static int split(ivs_str command, char space[IVS_COMMAND_MAX + 1],
                 char *argv[IVS_COMMAND_WORDS + 1], struct ivs_out *problem) {
  struct ivs_out o = ivs_out_to(space, IVS_COMMAND_MAX + 1);
  size_t count = 0;
  for (;;) {
    size_t start = o.n;
    int r = ivs_word_next(&command, &o);
    if (r < 0) return fail(problem, "a quote is not closed in it, or a backslash ends it", "");
    if (r == 0) break;
    if (count == IVS_COMMAND_WORDS) return fail(problem, "it has more than 63 words", "");
    ivs_put_char(&o, '\0');
    if (ivs_out_end(&o) < 0) return fail(problem, "it is longer than 4095 bytes", "");
    argv[count++] = space + start;
  }
  argv[count] = NULL;
  return count > 0 ? 0 : fail(problem, "it is empty", "");
}

/* The child begins as a shell would start it, whatever this program does with signals. */
static int set_up(posix_spawnattr_t *attributes, posix_spawn_file_actions_t *actions, int fd) {
  sigset_t none, fatal;
  sigemptyset(&none);
  sigemptyset(&fatal);
  sigaddset(&fatal, SIGPIPE);
  int r = posix_spawnattr_setsigmask(attributes, &none);
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

static int start(struct child *child, ivs_str command, struct ivs_out *problem) {
  char space[IVS_COMMAND_MAX + 1], *argv[IVS_COMMAND_WORDS + 1];
  int ends[2];
  if (split(command, space, argv, problem) < 0) return IVS_ERR_CREDENTIALS;
  if (pipe(ends) != 0) return fail_system(problem, "no pipe: ", errno);
  for (int i = 0; i < 2; i++) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  int r = spawn(&child->pid, argv, ends[1]);
  close(ends[1]);
  child->fd = ends[0];
  if (r != 0) {
    close(ends[0]);
    ivs_put_text(problem, "'");
    ivs_put_text(problem, argv[0]);
    fail_system(problem, "' cannot be started: ", r);
  }
  ivs_wipe(space, sizeof space);
  return r == 0 ? 0 : IVS_ERR_CREDENTIALS;
}

/* --- until its end --- */

/* Sleeps until there is something to read or the deadline has passed. */
static void wait_readable(const struct child *child) {
  struct pollfd p = {.fd = child->fd, .events = POLLIN};
  uint64_t now = now_ms();
  if (now < child->until) poll(&p, 1, (int)(child->until - now));
}

static int fail_late(struct ivs_out *problem, const char *what) {
  return fail(problem, what, " within the time limit");
}

/* All that the child prints. */
static int read_output(const struct child *child, char *to, size_t size, size_t *n,
                       struct ivs_out *problem) {
  *n = 0;
  while (now_ms() < child->until) {
    ssize_t got = read(child->fd, to + *n, size - *n);
    if (got == 0) return 0;
    if (got > 0) {
      *n += (size_t)got;
      if (*n == size) return fail(problem, "it printed 16 KB or more", "");
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) wait_readable(child);
    else if (errno != EINTR) return fail_system(problem, "its output cannot be read: ", errno);
  }
  return fail_late(problem, "it did not close its output");
}

/* The end of the child, which may take a moment after the end of its output. Where this program
   ignores SIGCHLD nobody knows how it ended; its output tells. */
static int reap(struct child *child, struct ivs_out *problem) {
  int status = 0;
  for (;;) {
    pid_t r = waitpid(child->pid, &status, WNOHANG);
    if (r == child->pid || (r < 0 && errno != EINTR)) break;
    if (now_ms() >= child->until) return fail_late(problem, "it did not end");
    poll(NULL, 0, 2);
  }
  child->pid = 0;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
  bool by_signal = WIFSIGNALED(status);
  ivs_put_text(problem, by_signal ? "it was ended by signal " : "it ended with status ");
  ivs_put_int(problem, by_signal ? WTERMSIG(status) : WEXITSTATUS(status));
  return IVS_ERR_CREDENTIALS;
}

static void end_by_force(const struct child *child) {
  kill(child->pid, SIGKILL);
  while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR) {}
}

static int run(ivs_str command, uint64_t ms, char *to, size_t size, size_t *n,
               struct ivs_out *problem) {
  struct child child = {.until = now_ms() + ms};
  int r = start(&child, command, problem);
  if (r < 0) return r;
  r = read_output(&child, to, size, n, problem);
  close(child.fd);
  if (r == 0) r = reap(&child, problem);
  if (child.pid != 0) end_by_force(&child);
  return r;
}

/* see credential_process.h */
int ivs_credential_process(ivs_str command, uint64_t ms, struct ivs_creds *creds, int64_t *expires,
                           struct ivs_out *problem) {
  char output[IVS_COMMAND_OUTPUT];
  size_t n = 0;
  int r = run(command, ms, output, sizeof output, &n, problem);
  if (r == 0) r = ivs_credential_json(output, n, creds, expires, problem);
  ivs_wipe(output, sizeof output);
  return r;
}
