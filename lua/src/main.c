/*
 * The program ivs: a Lua state with the module "ivs", the Lua files compiled in, and signals that
 * become errors. What the command line means is decided in lua/lib/ivs/cli.lua.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/utsname.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <ivs/tls.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "bounds.h"
#include "embedded.h"
#include "interrupt.h"
#include "ivs_lua.h"
#include "memory.h"
#include "native.h"
#include "process.h"
#include "profile.h"
#include "signature.h"
#include "terminal.h"

enum { EXIT_SCRIPT = 1, EXIT_LIMIT = 124, EXIT_PIPE = 141, EXIT_OTHER = 255 };
enum { HEAP_STEP = 512 * 1024 };
enum { LONGEST_LINE = 300 }; /* bytes of what is said of an error */

static int os_exit(lua_State *L);

/* A loader of package.preload; its upvalue is the file in the table. */
static int load_embedded(lua_State *L) {
  const struct ivs_embedded *file = lua_touserdata(L, lua_upvalueindex(1));
  const char *name = lua_pushfstring(L, "=%s", file->name);
  if (luaL_loadbufferx(L, (const char *)file->code, file->size, name, NULL) != LUA_OK)
    return lua_error(L);
  lua_pushstring(L, file->name);
  lua_call(L, 1, 1);
  return 1;
}

static int compare_names(const void *name, const void *file) {
  return strcmp(name, ((const struct ivs_embedded *)file)->name);
}

/* __index of package.preload: the loader of an embedded file, or nil. */
static int find_embedded(lua_State *L) {
  const char *name = luaL_checkstring(L, 2);
  void *file =
      bsearch(name, ivs_embedded, ivs_embedded_count, sizeof ivs_embedded[0], compare_names);
  if (file == NULL) return 0;
  lua_pushlightuserdata(L, file);
  lua_pushcclosure(L, load_embedded, 1);
  return 1;
}

/* The modules in C, and by __index the embedded files. */
static void preload(lua_State *L) {
  static const luaL_Reg modules[] = {{"ivs", luaopen_ivs},
                                     {"ivs.bounds", luaopen_ivs_bounds},
                                     {"ivs.process", luaopen_ivs_process},
                                     {"ivs.profile", luaopen_ivs_profile},
                                     {"ivs.signature", luaopen_ivs_signature},
                                     {"ivs.terminal", luaopen_ivs_terminal},
                                     {NULL, NULL}};
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  luaL_setfuncs(L, modules, 0);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, find_embedded);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
}

/* "Linux/x86_64" */
static void push_system(lua_State *L) {
  struct utsname name;
  if (uname(&name) < 0) lua_pushliteral(L, "unknown");
  else lua_pushfstring(L, "%s/%s", name.sysname, name.machine);
}

/* ivs.cli(arguments, host): the arguments as a table, and what only the program can say. */
static int run(lua_State *L) {
  int argc = (int)lua_tointeger(L, 1);
  char **argv = lua_touserdata(L, 2);
  lua_gc(L, LUA_GCSTOP); /* few commands make enough to collect; ivs.cli restarts it for them */
  luaL_openlibs(L);
  lua_getglobal(L, LUA_OSLIBNAME);
  lua_pushcfunction(L, os_exit);
  lua_setfield(L, -2, "exit");
#ifdef IVS_STATIC
  ivs_native_refuse(L);
#endif
  preload(L);
  ivs_interrupt_set(L);
  ivs_lua_set_interrupt(L, ivs_interrupt_pending);

  lua_getglobal(L, "require");
  lua_pushliteral(L, "ivs.cli");
  lua_call(L, 1, 1);
  lua_createtable(L, argc, 1);
  for (int i = 0; i < argc; i++) {
    lua_pushstring(L, argv[i]);
    lua_rawseti(L, -2, i);
  }
  lua_createtable(L, 0, 3);
  lua_pushliteral(L, IVS_PROGRAM_VERSION);
  lua_setfield(L, -2, "version");
  push_system(L);
  lua_setfield(L, -2, "system");
  ivs_interrupt_push(L);
  lua_setfield(L, -2, "interrupt");
  lua_call(L, 2, 1);
  return 1;
}

/* What run() answered is on the stack: the exit code, nil if a signal ended it, or an error. */
static int exit_code(lua_State *L, int status) {
  int by_signal = ivs_interrupt_code();
  if (status == LUA_OK && lua_isinteger(L, -1)) return (int)lua_tointeger(L, -1);
  if (by_signal != 0) return by_signal;
  const char *message = lua_tostring(L, -1);
  fprintf(stderr, "ivs: %s\n", message != NULL ? message : "ended by an error that is no text");
  return EXIT_OTHER;
}

/* What was printed may have been lost: a reader that has gone ends the program quietly, a full disk
   does not. */
static int flush_output(int code) {
  errno = 0;
  if (fflush(stdout) == 0 && !ferror(stdout)) return code;
  if (errno == EPIPE || ivs_interrupt_piped())
    return ivs_interrupt_code() != 0 ? ivs_interrupt_code() : EXIT_PIPE;
  if (errno == 0) (void)!write(STDOUT_FILENO, "", 0); /* fails at once where none was given */
  fprintf(stderr, "ivs: standard output: %s\n",
          errno != 0 ? strerror(errno) : "not everything could be written; is the disk full?");
  return EXIT_OTHER;
}

/* Frees the state. From here on a signal ends the program: no Lua is left that it could stop. */
static int end_state(lua_State *L, int code) {
  ivs_interrupt_end();
  ivs_memory_closing();
  lua_close(L);
  ivs_memory_wipe();
  return flush_output(code);
}

/* --- os.exit --- */

/* The error as a text without stream keys. What a script may have made of require does not matter. */
static int describe(lua_State *L) {
  lua_pushcfunction(L, find_embedded);
  lua_pushnil(L);
  lua_pushliteral(L, "ivs.cli.hide");
  lua_call(L, 2, 1);
  lua_call(L, 0, 1);
  luaL_tolstring(L, 1, NULL);
  lua_call(L, 1, 1);
  return 1;
}

/* The error on the stack, which a <close> variable raised, as one line. */
static void say_error(lua_State *L) {
  lua_pushcfunction(L, describe);
  lua_insert(L, -2);
  lua_pcall(L, 1, 1, 0);
  const char *text = lua_tostring(L, -1);
  if (text == NULL) text = "a <close> variable raised an error that cannot be shown";
  size_t n = strcspn(text, "\n");
  fputs("ivs: ", stderr);
  for (size_t i = 0; i < n && i < LONGEST_LINE; i++)
    fputc(iscntrl((unsigned char)text[i]) ? '?' : text[i], stderr);
  fputc('\n', stderr);
}

static bool close_thread(lua_State *L) {
  if (lua_resetthread(L) == LUA_OK) return true;
  if (ivs_interrupt_code() == 0 && ivs_bounds_line() == NULL) say_error(L);
  return false;
}

/* Closes the <close> variables of the coroutine that runs, and of the main thread. The exit code. */
static int close_variables(lua_State *L, int code) {
  int signal_before = ivs_interrupt_code();
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
  lua_State *main_thread = lua_tothread(L, -1);
  bool well = L == main_thread || close_thread(L);
  ivs_interrupt_calm(); /* one that came in the coroutine, or before */
  well = close_thread(main_thread) && well;
  if (ivs_bounds_line() != NULL) {
    fputs(ivs_bounds_line(), stderr);
    return EXIT_LIMIT;
  }
  if (signal_before == 0 && ivs_interrupt_code() != 0) return ivs_interrupt_code();
  return well || code != 0 ? code : EXIT_SCRIPT;
}

/* os.exit([code [, close]]), which closes <close> variables unless close is false: one may be a
   session of ivs.live, whose stream would go on without an encoder. */
static int os_exit(lua_State *L) {
  static bool ends; /* a finalizer may come here again */
  int code = lua_isboolean(L, 1) ? !lua_toboolean(L, 1) : (int)luaL_optinteger(L, 1, 0);
  bool at_once = lua_isboolean(L, 2) && !lua_toboolean(L, 2);
  if (at_once || ends) exit(flush_output(code));
  code = close_variables(L, code);
  ends = true;
  exit(end_state(L, code));
}

/* --- the program --- */

/* A descriptor that is closed would be given to the next file or connection that is opened, and
   read or written for a standard one. Reading and writing fail as before. */
static void occupy_standard_files(void) {
  for (int fd = 0; fd <= 2; fd++)
    if (fcntl(fd, F_GETFD) < 0) (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

static void set_up_memory(void) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 1); /* the thread that looks names up needs no heap of its own */
  mallopt(M_TOP_PAD, HEAP_STEP);
#endif
  (void)ivs_tls_memory(ivs_memory_calloc, ivs_memory_free); /* else it stays with calloc() */
}

int main(int argc, char **argv) {
  occupy_standard_files();
  set_up_memory();
  lua_State *L = luaL_newstate();
  if (L == NULL) {
    fputs("ivs: not enough memory\n", stderr);
    return EXIT_OTHER;
  }
  lua_setallocf(L, ivs_memory_allocate, NULL);
  lua_pushcfunction(L, run);
  lua_pushinteger(L, argc);
  lua_pushlightuserdata(L, argv);
  int code = exit_code(L, lua_pcall(L, 2, 1, 0));
  return end_state(L, code);
}
