#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <lauxlib.h>

#include "interrupt.h"

#define RAW "ivs.terminal.raw"

/* A signal between a look at it and the wait would be missed: look again after that. */
enum { LOOK_MS = 500 };

enum { READ_MOST = 4096 };

struct raw {
  struct termios before;
  bool on;
};

/* interactive() -> whether standard input and output are a terminal */
static int terminal_interactive(lua_State *L) {
  lua_pushboolean(L, isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
  return 1;
}

/* columns(file) -> those of the terminal that it is; nil: it is none, or does not say */
static int terminal_columns(lua_State *L) {
  struct winsize size;
  luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  bool open = stream->closef != NULL && stream->f != NULL;
  bool known = open && ioctl(fileno(stream->f), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  if (known) lua_pushinteger(L, size.ws_col);
  else lua_pushnil(L);
  return 1;
}

static int raw_close(lua_State *L) {
  struct raw *raw = luaL_checkudata(L, 1, RAW);
  if (raw->on) tcsetattr(STDIN_FILENO, TCSADRAIN, &raw->before);
  raw->on = false;
  return 0;
}

/* raw() -> a value to be closed: until then keys come one by one, unshown, and Ctrl-C is a key. Or
   nil and what is wrong. */
static int terminal_raw(lua_State *L) {
  struct raw *raw = lua_newuserdatauv(L, sizeof *raw, 0);
  struct termios mode;
  raw->on = false;
  luaL_setmetatable(L, RAW);
  if (tcgetattr(STDIN_FILENO, &raw->before) != 0) return luaL_fileresult(L, 0, "terminal");
  mode = raw->before;
  mode.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INPCK | ISTRIP | IXON);
  mode.c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN | ISIG);
  mode.c_cflag |= CS8;
  mode.c_cc[VMIN] = 1;
  mode.c_cc[VTIME] = 0;
  if (tcsetattr(STDIN_FILENO, TCSADRAIN, &mode) != 0) return luaL_fileresult(L, 0, "terminal");
  raw->on = true;
  return 1;
}

/* Rounded down, what is left of a millisecond would be waited for in vain. */
static int whole_up(lua_Number ms) {
  int whole = (int)ms;
  return ms > whole ? whole + 1 : whole;
}

/* Whether standard input has something within so many milliseconds; it may still be gone when it is
   read. */
static bool has_input(int ms) {
  struct pollfd input = {STDIN_FILENO, POLLIN, 0};
  return poll(&input, 1, ms) > 0;
}

/* read(seconds [, most]) -> the next byte, or up to `most` of what is there, as a string; false if
   nothing came in that time; nil at the end of the input; nil and what is wrong if it cannot be
   read. With negative seconds, or none, it waits. A signal that is to stop the program raises. */
static int terminal_read(lua_State *L) {
  char bytes[READ_MOST];
  ssize_t n = -1;
  lua_Number left = luaL_optnumber(L, 1, -1) * 1000;
  lua_Integer most = luaL_optinteger(L, 2, 1);
  bool endless = left < 0;
  luaL_argcheck(L, most >= 1 && most <= READ_MOST, 2, "must be 1 to 4096");
  for (;;) {
    int ms = endless || left > LOOK_MS ? LOOK_MS : whole_up(left);
    bool ready = has_input(ms);
    ivs_interrupt_check(L);
    if (ready) n = read(STDIN_FILENO, bytes, (size_t)most);
    if (ready && (n >= 0 || (errno != EAGAIN && errno != EINTR))) break;
    left -= ms;
    if (!endless && left <= 0) {
      lua_pushboolean(L, false);
      return 1;
    }
  }
  if (n < 0) return luaL_fileresult(L, 0, "standard input");
  if (n > 0) lua_pushlstring(L, bytes, (size_t)n);
  else lua_pushnil(L);
  return 1;
}

/* go_on() -> whether the program may: a Ctrl-C that was answered is forgotten, so that the next one
   is the first again; another signal is not */
static int terminal_go_on(lua_State *L) {
  ivs_interrupt_forget();
  lua_pushboolean(L, ivs_interrupt_code() == 0);
  return 1;
}

/* append(file, text) -> true; or nil and what is wrong. A new file is for its owner alone. */
static int terminal_append(lua_State *L) {
  size_t n;
  const char *name = luaL_checkstring(L, 1), *text = luaL_checklstring(L, 2, &n);
  int fd = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  bool done = fd >= 0 && write(fd, text, n) == (ssize_t)n;
  int r = luaL_fileresult(L, done, name);
  if (fd >= 0) close(fd);
  return r;
}

/* see terminal.h */
int luaopen_ivs_terminal(lua_State *L) {
  static const luaL_Reg meta[] = {{"__gc", raw_close}, {"__close", raw_close}, {NULL, NULL}};
  static const luaL_Reg functions[] = {{"interactive", terminal_interactive},
                                       {"columns", terminal_columns},
                                       {"raw", terminal_raw},
                                       {"read", terminal_read},
                                       {"go_on", terminal_go_on},
                                       {"append", terminal_append},
                                       {NULL, NULL}};
  luaL_newmetatable(L, RAW);
  luaL_setfuncs(L, meta, 0);
  luaL_newlib(L, functions);
  return 1;
}
