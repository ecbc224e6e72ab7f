#define _GNU_SOURCE /* ppoll(), and syscall() for close_range */

#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h> /* rename() */
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

/*
 * After fork() in a program that may have threads, only async-signal-safe functions are allowed
 * until exec: no stdio and no malloc below this line. The relay's descriptors, after everything
 * else was closed:
 */
enum { CONTROL = 3, LOG = 4, INPUT = 5, FILES = IVS_RELAY_FIRST_FILE };

enum {
  READ_SIZE = 4096,
  DRAIN_MAX = 1 << 20, /* bytes still taken from a pipe that outlives its process group */
  SHORTEST_REST = 4,   /* bytes of a secret that are hidden when the output ends within it */
  ORPHAN_GRACE_MS = 2000,
  ADOPTED_LOOKS = 100, /* for the end of what was killed, 10 ms apart */
  CHILDREN_SIZE = 1024 /* of their numbers in the file below */
};

static const char redacted[] = "[redacted]";

struct relay {
  const struct ivs_relay_command *command;
  pid_t group;       /* the started program, and the group that it leads */
  int output;        /* what it writes; -1: all ends of the pipe are closed */
  bool orphan;       /* the program that wanted it is gone */
  long long kill_at; /* ms; when an orphan's group is killed */
  off_t log_size;

  /* Output that may be the beginning of a secret waits here. */
  char held[READ_SIZE + IVS_RELAY_SECRET_MAX];
  size_t held_n;

  struct ivs_relay_news news;
  size_t line_n;
  bool line_over; /* the next character that is not blank begins a new line */
};

static long long now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void write_all(int fd, const void *bytes, size_t n) {
  const char *p = bytes;
  while (n > 0) {
    ssize_t written = write(fd, p, n);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return; /* a full disk or a slow reader must not stop the encoder */
    p += written;
    n -= (size_t)written;
  }
}

static bool close_on_exec(int fd) {
  return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

/* Begins the log anew; the one before it is kept. */
static void turn_log(struct relay *r) {
  const struct ivs_relay_command *command = r->command;
  int flags = O_WRONLY | O_CREAT | O_APPEND;
  int fd = -1;
  r->log_size = 0;
  if (rename(command->log_name, command->old_log_name) == 0)
    fd = open(command->log_name, flags, 0600);
  if (fd >= 0) {
    dup2(fd, LOG);
    close(fd);
    close_on_exec(LOG);
  } else {
    (void)!ftruncate(LOG, 0);
  }
}

static void log_bytes(struct relay *r, const char *p, size_t n) {
  if (r->command->log < 0) return;
  if (r->command->log_name != NULL && r->log_size + (off_t)n > IVS_RELAY_LOG_MAX) turn_log(r);
  r->log_size += (off_t)n;
  write_all(LOG, p, n);
}

/* The last of the lines is the one that grows. */
static char *last_line(struct relay *r) {
  return r->news.lines[IVS_RELAY_LINES - 1];
}

static void end_line(struct relay *r) {
  char *line = last_line(r);
  while (r->line_n > 0 && line[r->line_n - 1] == ' ') r->line_n--;
  line[r->line_n] = '\0';
}

static void begin_line(struct relay *r) {
  end_line(r);
  r->line_over = false;
  if (r->line_n == 0) return;
  memmove(r->news.lines[0], r->news.lines[1], sizeof r->news.lines - sizeof r->news.lines[0]);
  r->line_n = 0;
}

static void note_line(struct relay *r, const char *p, size_t n) {
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)p[i];
    bool blank = c <= ' ' || c == 0x7f;
    if (c == '\n' || c == '\r') r->line_over = true;
    if (blank && (r->line_over || r->line_n == 0)) continue;
    if (r->line_over) begin_line(r);
    if (r->line_n < IVS_RELAY_LINE_SIZE - 1) last_line(r)[r->line_n++] = blank ? ' ' : (char)c;
  }
}

static void emit(struct relay *r, const char *p, size_t n) {
  log_bytes(r, p, n);
  note_line(r, p, n);
}

/* Length of the longest secret at p, 0 if none. *more: these n bytes may become a longer one. */
static size_t secret_at(const struct ivs_relay_command *command, const char *p, size_t n,
                        bool *more) {
  size_t longest = 0;
  *more = false;
  for (size_t i = 0; i < command->secrets_n; i++) {
    const struct ivs_secret *s = &command->secrets[i];
    if (s->n > n) *more = *more || memcmp(s->p, p, n) == 0;
    else if (s->n > longest && memcmp(s->p, p, s->n) == 0) longest = s->n;
  }
  return longest;
}

/* Passes on what is held, as far as it is certain; at the end of the output, all of it. */
static void redact(struct relay *r, bool end) {
  size_t from = 0, at = 0;
  while (at < r->held_n) {
    bool more;
    size_t rest = r->held_n - at;
    size_t secret = secret_at(r->command, r->held + at, rest, &more);
    if (more && !end) break;
    if (more && secret == 0 && rest >= SHORTEST_REST) secret = rest;
    if (secret == 0) {
      at++;
      continue;
    }
    emit(r, r->held + from, at - from);
    emit(r, redacted, sizeof redacted - 1);
    from = at += secret;
  }
  emit(r, r->held + from, at - from);
  r->held_n -= at;
  memmove(r->held, r->held + at, r->held_n);
}

/* Takes one portion of output. False when there will be no more. */
static bool take_output(struct relay *r) {
  ssize_t n = read(r->output, r->held + r->held_n, READ_SIZE);
  if (n < 0 && errno == EINTR) return true;
  if (n <= 0) {
    close(r->output);
    r->output = -1;
    return false;
  }
  r->held_n += (size_t)n;
  redact(r, false);
  return true;
}

static void take_order(struct relay *r) {
  char order;
  ssize_t n = read(CONTROL, &order, 1);
  if (n < 0 && errno == EINTR) return;
  if (n <= 0) {
    r->orphan = true;
    r->kill_at = now_ms() + ORPHAN_GRACE_MS;
    order = IVS_RELAY_TERMINATE;
  }
  kill(-r->group, order == IVS_RELAY_KILL ? SIGKILL : SIGTERM);
}

/* Buries what the program left to us meanwhile. */
static bool has_ended(const struct relay *r) {
  int options = WEXITED | WNOHANG | WNOWAIT;
  for (;;) {
    siginfo_t info = {0};
    if (waitid(P_ALL, 0, &info, options) != 0 || info.si_pid == 0) return false;
    if (info.si_pid == r->group) return true;
    waitpid(info.si_pid, NULL, 0);
  }
}

/* Waits for the child's end, for output or for orders; SIGCHLD is let in only here. */
static void wait_for_event(struct relay *r, const sigset_t *open_mask) {
  struct timespec wait = {0, 0};
  long long left = r->orphan ? r->kill_at - now_ms() : 0;
  if (r->orphan && left <= 0) {
    kill(-r->group, SIGKILL);
    left = 1000;
  }
  wait.tv_sec = (time_t)(left / 1000);
  wait.tv_nsec = (long)(left % 1000) * 1000000;

  /* a negative descriptor is passed over */
  struct pollfd ready[2] = {{r->output, POLLIN, 0}, {r->orphan ? -1 : CONTROL, POLLIN, 0}};
  if (ppoll(ready, 2, r->orphan ? &wait : NULL, open_mask) <= 0) return;
  if (ready[0].revents != 0) take_output(r);
  if (ready[1].revents != 0) take_order(r);
}

/* What was written before the end is still in the pipe. A process that left the group may hold the
   pipe open and go on writing: it is not waited for. */
static void drain(struct relay *r) {
  for (size_t taken = 0; r->output >= 0 && taken < DRAIN_MAX; taken += READ_SIZE) {
    struct pollfd ready = {r->output, POLLIN, 0};
    if (poll(&ready, 1, 0) <= 0) break;
    if (!take_output(r)) break;
  }
  redact(r, true);
}

static void tell(struct relay *r, int what, int value) {
  r->news.what = what;
  r->news.value = value;
  write_all(CONTROL, &r->news, sizeof r->news);
}

#ifdef __linux__
/* False if the kernel does not tell them. Children whose numbers the portion cuts off are for the
   next look. */
static bool kill_children(void) {
  char numbers[CHILDREN_SIZE];
  int fd = open("/proc/thread-self/children", O_RDONLY);
  if (fd < 0) return false;
  ssize_t n = read(fd, numbers, sizeof numbers);
  close(fd);
  pid_t pid = 0;
  for (ssize_t i = 0; i < n; i++) {
    if (numbers[i] >= '0' && numbers[i] <= '9') {
      pid = pid * 10 + (numbers[i] - '0');
      continue;
    }
    if (pid > 1) kill(pid, SIGKILL);
    pid = 0;
  }
  return true;
}

/* What left the group became ours when its parents had ended; so do its own children, in turn. */
static void end_adopted(void) {
  struct timespec pause = {0, 10000000};
  for (int look = 0; look < ADOPTED_LOOKS; look++) {
    pid_t buried;
    do buried = waitpid(-1, NULL, WNOHANG);
    while (buried > 0);
    if (buried < 0 || !kill_children()) return;
    nanosleep(&pause, NULL);
  }
}

static void adopt(void) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}
#else
static void end_adopted(void) {
}
static void adopt(void) {
}
#endif

/* The group's number is not given to others while its leader is not waited for, so the rest of the
   group dies first. */
static void report_end(struct relay *r) {
  int status = 0;
  kill(-r->group, SIGKILL);
  while (waitpid(r->group, &status, 0) < 0 && errno == EINTR) continue;
  end_adopted();
  drain(r);
  end_line(r);
  tell(r, IVS_RELAY_ENDED, status);
}

/* In the child. Only returns if the program cannot be run. */
static void run_program(const struct ivs_relay_command *command, int output, pid_t relay) {
  sigset_t none;
  setpgid(0, 0);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != relay) raise(SIGKILL);
#else
  (void)relay;
#endif
  dup2(INPUT, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  signal(SIGHUP, SIG_DFL);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGCHLD, SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  environ = command->env;
  execvp(command->argv[0], command->argv);
}

/* Starts the program. 0 or an errno: that of exec comes back through a pipe that a successful exec
   closes. */
static int spawn(struct relay *r) {
  int out[2], failed[2], err = 0;
  pid_t relay = getpid();
  if (pipe(out) != 0 || pipe(failed) != 0) return errno;
  close_on_exec(out[0]);
  close_on_exec(out[1]);
  close_on_exec(failed[0]);
  close_on_exec(failed[1]);
  r->group = fork();
  if (r->group < 0) return errno;
  if (r->group == 0) {
    run_program(r->command, out[1], relay);
    err = errno;
    write_all(failed[1], &err, sizeof err);
    _exit(127);
  }
  setpgid(r->group, r->group); /* whichever of the two is first */
  close(out[1]);
  close(failed[1]);
  close(INPUT);
  while (read(failed[0], &err, sizeof err) < 0 && errno == EINTR) continue;
  close(failed[0]);
  r->output = out[0];
  return err;
}

static void close_from(int first) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, (unsigned)first, ~0U, 0U) == 0) return;
#endif
  struct rlimit limit = {0, 0};
  getrlimit(RLIMIT_NOFILE, &limit);
  int end = limit.rlim_cur > 65536 ? 65536 : (int)limit.rlim_cur;
  for (int fd = first; fd < end; fd++) close(fd);
}

/* Gives up the program's descriptors, its terminal and connections among them, for the relay's own
   few. */
static void keep_only(int control, const struct ivs_relay_command *command) {
  int nowhere = open("/dev/null", O_RDWR);
  int log = command->log >= 0 ? command->log : nowhere;
  int from[FILES + IVS_RELAY_FILES] = {nowhere, nowhere, nowhere, control, log, command->input};
  int count = FILES + (int)command->files_n;
  for (int i = FILES; i < count; i++) from[i] = command->files[i - FILES];
  for (int i = 0; i < count; i++) from[i] = fcntl(from[i], F_DUPFD, count);
  for (int i = 0; i < count; i++) dup2(from[i], i);
  close_from(count);
  close_on_exec(CONTROL);
  close_on_exec(LOG);
  close_on_exec(INPUT);
}

static void on_child(int number) {
  (void)number; /* only to end ppoll() */
}

static void prepare_signals(sigset_t *open_mask) {
  struct sigaction child = {.sa_handler = on_child};
  sigset_t blocked;
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  sigaction(SIGCHLD, &child, NULL);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGCHLD);
  sigprocmask(SIG_SETMASK, &blocked, NULL);
  sigemptyset(open_mask);
}

static off_t size_of_log(const struct ivs_relay_command *command) {
  struct stat file;
  return command->log_name != NULL && fstat(LOG, &file) == 0 ? file.st_size : 0;
}

static void relay_main(const struct ivs_relay_command *command, int control) {
  struct relay r = {.command = command, .output = -1};
  sigset_t open_mask;
  setpgid(0, 0);
  keep_only(control, command);
  prepare_signals(&open_mask);
  adopt();
  r.log_size = size_of_log(command);
  int err = spawn(&r);
  if (err != 0) {
    tell(&r, IVS_RELAY_FAILED, err);
    return;
  }
  tell(&r, IVS_RELAY_STARTED, (int)r.group);
  while (!has_ended(&r)) wait_for_event(&r, &open_mask);
  report_end(&r);
}

/* see relay.h */
int ivs_relay_start(const struct ivs_relay_command *command, pid_t *pid, int *control) {
  sigset_t all, before;
  int pair[2], err = 0;
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return errno;
  close_on_exec(pair[0]);
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before); /* the program's handlers must not run in the relay */
  *pid = fork();
  if (*pid < 0) err = errno;
  if (*pid == 0) {
    relay_main(command, pair[1]);
    _exit(0);
  }
  sigprocmask(SIG_SETMASK, &before, NULL);
  close(pair[1]);
  if (err != 0) close(pair[0]);
  *control = pair[0];
  return err;
}
