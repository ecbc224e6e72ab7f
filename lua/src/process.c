#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <lauxlib.h>

#include "handout.h"
#include "interrupt.h"
#include "relay.h"

extern char **environ;

#define PROCESS "ivs.process"

enum {
  STOP_GRACE_S = 5,
  AFTER_KILL_MS = 5000,
  LOST_STATUS = SIGKILL /* as from waitpid(): of a program whose relay was killed, and it with it */
};

struct process {
  pid_t relay; /* 0: not started, or done with */
  int control; /* -1: none */
  pid_t pid;
  struct ivs_relay_news end; /* .what is IVS_RELAY_ENDED once it has come */
};

static long long now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Waits for the relay's own end for so many ms; true if it has come. */
static bool relay_ends(struct process *p, long long ms) {
  long long until = now_ms() + ms;
  struct timespec pause = {0, 1000000};
  while (p->relay > 0) {
    if (waitpid(p->relay, NULL, WNOHANG) != 0) p->relay = 0;
    else if (now_ms() >= until) return false;
    else nanosleep(&pause, NULL);
  }
  return true;
}

/* Ends a relay that does not answer, and what it started. One that even SIGKILL does not end, for
   it hangs in a system call, is not waited for any longer. */
static void put_down(struct process *p) {
  if (p->pid > 0 && p->end.what != IVS_RELAY_ENDED) kill(-p->pid, SIGKILL);
  kill(p->relay, SIGKILL);
  relay_ends(p, AFTER_KILL_MS);
  p->relay = 0;
}

/* Gives up the relay, which then ends the group if it still runs. */
static void let_go(struct process *p) {
  if (p->control >= 0) close(p->control);
  p->control = -1;
  if (!relay_ends(p, AFTER_KILL_MS)) put_down(p);
}

/* The relay is gone or is to go, and will not say how the program ended. */
static void set_lost(struct process *p) {
  p->end = (struct ivs_relay_news){.what = IVS_RELAY_ENDED, .value = LOST_STATUS};
}

static void order(struct process *p, char what) {
  if (p->control >= 0) (void)!send(p->control, &what, 1, MSG_NOSIGNAL);
}

/* Reads one whole message, which the relay writes at once. False: the relay is gone. */
static bool hear(struct process *p, struct ivs_relay_news *news) {
  ssize_t n;
  do n = recv(p->control, news, sizeof *news, MSG_WAITALL);
  while (n < 0 && errno == EINTR);
  return n == (ssize_t)sizeof *news;
}

/* Waits for the end until `until`, in ms; negative: without limit. True if it has come. May raise
   an interrupt. */
static bool wait_end(lua_State *L, struct process *p, long long until) {
  while (p->control >= 0) {
    struct pollfd ready = {p->control, POLLIN, 0};
    long long left = until < 0 ? 60000 : until - now_ms();
    int n = poll(&ready, 1, left < 0 ? 0 : left > 60000 ? 60000 : (int)left);
    if (n < 0 && errno == EINTR) ivs_interrupt_check(L);
    if (n > 0) {
      if (!hear(p, &p->end)) set_lost(p);
      let_go(p);
    }
    if (n == 0 && until >= 0 && now_ms() >= until) return false;
  }
  return p->end.what == IVS_RELAY_ENDED;
}

static struct process *to_process(lua_State *L) {
  return luaL_checkudata(L, 1, PROCESS);
}

static long long seconds_argument(lua_State *L, int index, lua_Number default_s) {
  lua_Number s = luaL_optnumber(L, index, default_s);
  luaL_argcheck(L, s >= 0 && s < 1e9, index, "seconds must be 0 or more");
  return s > 0 ? (long long)(s * 1000) + 1 : 0; /* at least as long as asked for */
}

/* status, words; nil if it has not ended */
static int push_end(lua_State *L, const struct process *p) {
  int status = p->end.value;
  if (p->end.what != IVS_RELAY_ENDED) {
    lua_pushnil(L);
    return 1;
  }
  if (WIFSIGNALED(status)) {
    lua_pushinteger(L, 128 + WTERMSIG(status));
    lua_pushfstring(L, "killed by signal %d", WTERMSIG(status));
  } else {
    lua_pushinteger(L, WEXITSTATUS(status));
    lua_pushfstring(L, "exit status %d", WEXITSTATUS(status));
  }
  return 2;
}

static int process_wait(lua_State *L) {
  struct process *p = to_process(L);
  long long until = lua_isnoneornil(L, 2) ? -1 : now_ms() + seconds_argument(L, 2, 0);
  wait_end(L, p, until);
  return push_end(L, p);
}

static int process_alive(lua_State *L) {
  struct process *p = to_process(L);
  lua_pushboolean(L, !wait_end(L, p, 0));
  return 1;
}

static int process_stop(lua_State *L) {
  struct process *p = to_process(L);
  long long grace = seconds_argument(L, 2, STOP_GRACE_S);
  order(p, IVS_RELAY_TERMINATE);
  if (!wait_end(L, p, now_ms() + grace)) {
    order(p, IVS_RELAY_KILL);
    if (!wait_end(L, p, now_ms() + AFTER_KILL_MS) && p->relay > 0) {
      put_down(p);
      set_lost(p);
      let_go(p);
    }
  }
  return push_end(L, p);
}

static int process_pid(lua_State *L) {
  lua_pushinteger(L, to_process(L)->pid);
  return 1;
}

static int process_last_line(lua_State *L) {
  const char *line = to_process(L)->end.lines[IVS_RELAY_LINES - 1];
  lua_pushstring(L, line[0] != '\0' ? line : NULL); /* NULL: nil */
  return 1;
}

/* last_lines() -> a list, the oldest first */
static int process_last_lines(lua_State *L) {
  const struct process *p = to_process(L);
  lua_newtable(L);
  for (int i = 0; i < IVS_RELAY_LINES; i++) {
    if (p->end.lines[i][0] == '\0') continue;
    lua_pushstring(L, p->end.lines[i]);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  }
  return 1;
}

/* Also after an error: does not wait for the program's own clean end, and never raises. */
static int process_close(lua_State *L) {
  struct process *p = to_process(L);
  order(p, IVS_RELAY_KILL);
  let_go(p);
  return 0;
}

static int process_tostring(lua_State *L) {
  lua_pushfstring(L, "process %d", (int)to_process(L)->pid);
  return 1;
}

/*
 * Arguments of start{}. All memory is Lua's, held by the table at ANCHOR, so that an error leaves
 * nothing behind.
 */
enum { OPTIONS = 1, SELF, ANCHOR };

static void *anchored(lua_State *L, size_t n) {
  void *p = lua_newuserdatauv(L, n, 0);
  lua_rawseti(L, ANCHOR, (lua_Integer)lua_rawlen(L, ANCHOR) + 1);
  return p;
}

/* The text on top of the stack, which is popped and kept alive. what: for the message. */
static char *text(lua_State *L, const char *what, size_t *n) {
  size_t length;
  if (lua_type(L, -1) != LUA_TSTRING)
    luaL_error(L, "process.start: %s must be a string, not %s", what, luaL_typename(L, -1));
  const char *s = lua_tolstring(L, -1, &length);
  if (strlen(s) != length) luaL_error(L, "process.start: %s has a zero byte", what);
  lua_rawseti(L, ANCHOR, (lua_Integer)lua_rawlen(L, ANCHOR) + 1);
  if (n != NULL) *n = length;
  return (char *)(size_t)s; /* exec's arrays are of char *, though it writes to none */
}

/* The field of that name onto the stack; false if it is absent. */
static bool table_field(lua_State *L, const char *name) {
  int type = lua_getfield(L, OPTIONS, name);
  if (type != LUA_TTABLE && type != LUA_TNIL)
    luaL_error(L, "process.start: %s must be a table, not %s", name, luaL_typename(L, -1));
  return type == LUA_TTABLE;
}

static void check_names(lua_State *L) {
  static const char *const names[] = {"argv", "env", "stdin", "log", "redact", "files", NULL};
  lua_pushnil(L);
  while (lua_next(L, OPTIONS) != 0) {
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?";
    size_t i = 0;
    while (names[i] != NULL && strcmp(names[i], name) != 0) i++;
    if (names[i] == NULL) luaL_error(L, "process.start: there is no option '%s'", name);
    lua_pop(L, 1);
  }
}

static char **read_argv(lua_State *L) {
  if (!table_field(L, "argv") || lua_rawlen(L, -1) == 0)
    luaL_error(L, "process.start: argv must name a program");
  size_t n = (size_t)lua_rawlen(L, -1);
  char **argv = anchored(L, (n + 1) * sizeof *argv);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, -1, (lua_Integer)i + 1);
    argv[i] = text(L, "each word of argv", NULL);
  }
  argv[n] = NULL;
  lua_pop(L, 1);
  return argv;
}

/* True if the table of changes on top of the stack has the variable of this NAME=value. */
static bool is_changed(lua_State *L, const char *variable) {
  lua_pushlstring(L, variable, strcspn(variable, "="));
  bool changed = lua_rawget(L, -2) != LUA_TNIL;
  lua_pop(L, 1);
  return changed;
}

/* Our own environment, with the changes of the option: false takes a variable away. */
static char **read_env(lua_State *L) {
  size_t own = 0, changes = 0, n = 0;
  while (environ[own] != NULL) own++;
  if (!table_field(L, "env")) lua_newtable(L);
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) changes++;
  char **env = anchored(L, (own + changes + 1) * sizeof *env);
  for (size_t i = 0; i < own; i++)
    if (!is_changed(L, environ[i])) env[n++] = environ[i];
  for (lua_pushnil(L); lua_next(L, -2) != 0;) {
    bool removed = lua_isboolean(L, -1) && !lua_toboolean(L, -1);
    if (lua_type(L, -2) != LUA_TSTRING || (!removed && lua_type(L, -1) != LUA_TSTRING))
      luaL_error(L, "process.start: names and values in env must be strings, or false to remove");
    if (removed) {
      lua_pop(L, 1);
      continue;
    }
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_pushliteral(L, "=");
    lua_insert(L, -2);
    lua_concat(L, 3);
    env[n++] = text(L, "each variable of env", NULL);
  }
  env[n] = NULL;
  lua_pop(L, 1);
  return env;
}

static struct ivs_secret *read_secrets(lua_State *L, size_t *count) {
  *count = 0;
  if (!table_field(L, "redact")) lua_newtable(L);
  size_t n = (size_t)lua_rawlen(L, -1);
  struct ivs_secret *secrets = anchored(L, (n + 1) * sizeof *secrets);
  for (size_t i = 0; i < n; i++) {
    struct ivs_secret *s = &secrets[*count];
    lua_rawgeti(L, -1, (lua_Integer)i + 1);
    s->p = text(L, "each secret of redact", &s->n);
    if (s->n > IVS_RELAY_SECRET_MAX) luaL_error(L, "process.start: a secret of redact is too long");
    if (s->n > 0) (*count)++;
  }
  lua_pop(L, 1);
  return secrets;
}

static const char *read_name(lua_State *L, const char *option) {
  if (lua_getfield(L, OPTIONS, option) != LUA_TNIL) return text(L, option, NULL);
  lua_pop(L, 1);
  return NULL;
}

static int failed(lua_State *L, const char *what, int err) {
  lua_pushnil(L);
  lua_pushfstring(L, "%s: %s", what, strerror(err));
  lua_pushinteger(L, err);
  return 3;
}

static int open_file(const char *name, int flags) {
  int fd = open(name, flags, 0600);
  if (fd >= 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
  return fd;
}

/* nil, words, errno of a log. */
static int log_failed(lua_State *L, const char *name, int err) {
  struct stat file;
  if (err != ENXIO || stat(name, &file) != 0 || !S_ISFIFO(file.st_mode))
    return failed(L, name, err);
  lua_pushnil(L);
  lua_pushfstring(L, "%s: a named pipe that nobody reads; start its reader first", name);
  lua_pushinteger(L, err);
  return 3;
}

/* Never waits for a reader, neither now nor when the relay writes. */
static bool open_log(lua_State *L, struct ivs_relay_command *command, const char *name) {
  struct stat file;
  command->log = open_file(name, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOCTTY);
  if (command->log < 0) return false;
  if (fstat(command->log, &file) != 0 || !S_ISREG(file.st_mode)) return true;
  lua_pushfstring(L, "%s.1", name);
  command->log_name = name;
  command->old_log_name = text(L, "log", NULL);
  return true;
}

/* Each text of the option becomes a file that the program can open by the name /dev/fd/N; 0 or an
   errno. */
static int open_files(lua_State *L, struct ivs_relay_command *command) {
  if (!table_field(L, "files")) return 0;
  size_t n = (size_t)lua_rawlen(L, -1);
  if (n > IVS_RELAY_FILES) luaL_error(L, "process.start: at most %d files", IVS_RELAY_FILES);
  for (size_t i = 0; i < n; i++) {
    lua_rawgeti(L, -1, (lua_Integer)i + 1);
    if (lua_type(L, -1) != LUA_TSTRING) luaL_error(L, "process.start: each of files is a text");
    lua_pop(L, 1);
  }
  for (size_t i = 0; i < n; i++) {
    size_t size;
    lua_rawgeti(L, -1, (lua_Integer)i + 1);
    const char *content = lua_tolstring(L, -1, &size);
    int fd = ivs_handout_open(content, size);
    lua_pop(L, 1);
    if (fd < 0) return errno;
    command->files[command->files_n++] = fd;
  }
  lua_pop(L, 1);
  return 0;
}

/* Runs the command; 0 or an errno. */
static int launch(struct process *p, const struct ivs_relay_command *command) {
  struct ivs_relay_news news;
  int err = ivs_relay_start(command, &p->relay, &p->control);
  if (err != 0) {
    p->relay = 0;
    p->control = -1;
    return err;
  }
  if (!hear(p, &news)) err = EAGAIN;
  else if (news.what == IVS_RELAY_FAILED) err = news.value;
  else p->pid = news.value;
  if (err != 0) let_go(p);
  return err;
}

/* Opens what the options name. NULL, or the name of what cannot be opened, with errno. */
static const char *open_all(lua_State *L, struct ivs_relay_command *command, const char *input,
                            const char *log) {
  int err = open_files(L, command);
  if (err != 0) {
    errno = err;
    return "files";
  }
  if (input == NULL) input = "/dev/null";
  command->input = open_file(input, O_RDONLY);
  if (command->input < 0) return input;
  return log == NULL || open_log(L, command, log) ? NULL : log;
}

static void close_all(struct ivs_relay_command *command) {
  for (size_t i = 0; i < command->files_n; i++) close(command->files[i]);
  if (command->input >= 0) close(command->input);
  if (command->log >= 0) close(command->log);
}

static int process_start(lua_State *L) {
  struct ivs_relay_command command = {.input = -1, .log = -1};
  luaL_checktype(L, OPTIONS, LUA_TTABLE);
  lua_settop(L, OPTIONS);
  struct process *p = lua_newuserdatauv(L, sizeof *p, 0);
  *p = (struct process){.control = -1};
  luaL_setmetatable(L, PROCESS);
  lua_newtable(L);

  check_names(L);
  command.argv = read_argv(L);
  command.env = read_env(L);
  command.secrets = read_secrets(L, &command.secrets_n);
  const char *input = read_name(L, "stdin");
  const char *log = read_name(L, "log");

  const char *failed_at = open_all(L, &command, input, log);
  int err = errno;
  if (failed_at == NULL) {
    err = launch(p, &command);
    failed_at = command.argv[0];
  }
  close_all(&command);
  if (err != 0) return failed_at == log ? log_failed(L, log, err) : failed(L, failed_at, err);
  lua_settop(L, SELF);
  return 1;
}

/* Whether there is a program at the path: 0 or an errno. */
static int look_at_program(const char *path) {
  struct stat file;
  if (stat(path, &file) != 0) return errno;
  if (!S_ISREG(file.st_mode)) return EACCES;
  return access(path, X_OK) == 0 ? 0 : errno;
}

/* Looks for it as execvp() does: 0 or an errno. */
static int find_program(lua_State *L, const char *name) {
  const char *folders = getenv("PATH");
  int err = ENOENT;
  if (name[0] == '\0' || strchr(name, '/') != NULL) return look_at_program(name);
  if (folders == NULL) folders = "/usr/local/bin:/bin:/usr/bin"; /* of one C library or another */
  for (;;) {
    size_t n = strcspn(folders, ":");
    lua_pushlstring(L, folders, n);
    int found =
        look_at_program(lua_pushfstring(L, "%s/%s", n > 0 ? lua_tostring(L, -1) : ".", name));
    lua_pop(L, 2);
    if (found == 0) return 0;
    if (found == EACCES) err = EACCES;
    if (folders[n] == '\0') return err;
    folders += n + 1;
  }
}

/* The file that Lua has of a log. */
static int close_held(lua_State *L) {
  luaL_Stream *held = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  return luaL_fileresult(L, fclose(held->f) == 0, NULL);
}

/* Opens a named pipe as start would, if somebody reads it, and pushes it as a file: were it closed
   now, its reader would take that for the end. 0 or an errno. */
static int hold_pipe(lua_State *L, const char *name) {
  luaL_Stream *held = lua_newuserdatauv(L, sizeof *held, 0);
  held->closef = NULL;
  luaL_setmetatable(L, LUA_FILEHANDLE);
  int fd = open_file(name, O_WRONLY | O_NONBLOCK);
  if (fd < 0) return errno;
  held->f = fdopen(fd, "w");
  if (held->f == NULL) {
    int err = errno;
    close(fd);
    return err;
  }
  held->closef = close_held;
  return 0;
}

/* Whether start would have that log: 0 or an errno. A file that is not there yet is made. Pushes
   the log if it has to stay open, or nil. */
static int try_log(lua_State *L, const char *name) {
  struct stat file;
  bool there = stat(name, &file) == 0;
  if (there && S_ISFIFO(file.st_mode)) return hold_pipe(L, name);
  lua_pushnil(L);
  if (there && !S_ISREG(file.st_mode) && !S_ISDIR(file.st_mode))
    return access(name, W_OK) == 0 ? 0 : errno;
  int fd = open_file(name, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY);
  if (fd < 0) return errno;
  close(fd);
  return 0;
}

/* can_start(options) -> true, and of a log that is a named pipe the file to keep open until start;
   or nil, words, errno as of start, as far as that can be known before it. Of the options, argv and
   log are looked at. */
static int process_can_start(lua_State *L) {
  luaL_checktype(L, OPTIONS, LUA_TTABLE);
  lua_settop(L, SELF);
  lua_newtable(L);
  check_names(L);
  const char *program = read_argv(L)[0], *log = read_name(L, "log");
  int err = find_program(L, program);
  if (err != 0) return failed(L, program, err);
  lua_pushboolean(L, true);
  if (log == NULL) return 1;
  err = try_log(L, log);
  return err != 0 ? log_failed(L, log, err) : 2;
}

/* file_name(n) -> the name that the n-th of `files` has in the program */
static int process_file_name(lua_State *L) {
  lua_Integer n = luaL_checkinteger(L, 1);
  luaL_argcheck(L, n >= 1 && n <= IVS_RELAY_FILES, 1, "there is no such file");
  lua_pushfstring(L, "/dev/fd/%d", (int)(IVS_RELAY_FIRST_FILE + n - 1));
  return 1;
}

/* Whether all of it is on the disk. */
static bool write_all(int fd, const char *text, size_t left) {
  while (left > 0) {
    ssize_t n = write(fd, text, left);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    text += n;
    left -= (size_t)n;
  }
  return fsync(fd) == 0;
}

/* write_new(name, text) -> true; or nil, words, errno. Only the owner can read the file; one that
   is there already is left alone. */
static int process_write_new(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  size_t n;
  const char *text = luaL_checklstring(L, 2, &n);
  int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return failed(L, name, errno);
  bool done = write_all(fd, text, n);
  int err = errno;
  if (close(fd) < 0 && done) {
    done = false;
    err = errno;
  }
  if (!done) {
    unlink(name);
    return failed(L, name, err);
  }
  lua_pushboolean(L, true);
  return 1;
}

/* is_terminal(file); a closed one is none */
static int process_is_terminal(lua_State *L) {
  luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  bool open = stream->closef != NULL && stream->f != NULL;
  lua_pushboolean(L, open && isatty(fileno(stream->f)));
  return 1;
}

/* see process.h */
int luaopen_ivs_process(lua_State *L) {
  static const luaL_Reg methods[] = {{"wait", process_wait},
                                     {"alive", process_alive},
                                     {"stop", process_stop},
                                     {"pid", process_pid},
                                     {"last_line", process_last_line},
                                     {"last_lines", process_last_lines},
                                     {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", process_close},
                                  {"__close", process_close},
                                  {"__tostring", process_tostring},
                                  {NULL, NULL}};
  static const luaL_Reg functions[] = {
      {"start", process_start},         {"can_start", process_can_start},
      {"file_name", process_file_name}, {"is_terminal", process_is_terminal},
      {"write_new", process_write_new}, {NULL, NULL}};
  luaL_newmetatable(L, PROCESS);
  luaL_setfuncs(L, meta, 0);
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  luaL_newlib(L, functions);
  return 1;
}
