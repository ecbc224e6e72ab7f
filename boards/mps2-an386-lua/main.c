/*
 * A host for Lua scripts on a board: the network, one pool of memory, a Lua state with the module
 * "ivs", and the scripts that are compiled into the image. Words to run with, beside those of
 * boards/common/emulator.c:
 *
 *   do=NAME         the script to run; its end is the firmware's
 *   first=NAME      another one before it, whose failure is reported, and that is all
 *   items=N         its argument
 *   endpoint=URL    as tests/firmware/main.c explains these
 *   name=NAME address=A.B.C.D ca=HEX key=ID secret=S region=R
 */
#include "../../tests/firmware/firmware.h"

#include "board.h"
#include "emulator.h"
#include "memory.h"
#include "scripts.h"

#include <ivs_lua.h>
#include <ivs_lua_board.h>
#include <lauxlib.h>
#include <lualib.h>

static void warn(const char *line) {
  report_text("warning", ivs_cstr(line));
}

static struct ivs_creds creds;
static struct ivs_lua_board board = {.hooks = &firmware_hooks, .creds = &creds, .warn = warn};

static void fill_board(void) {
  ivs_str ca = bytes_word("ca");
  board.roots = ca.p;
  board.roots_n = ca.n;
  board.region = word("region");
  board.endpoint = word("endpoint");
  if (ivs_creds_set(&creds, ivs_cstr(word("key")), ivs_cstr(word("secret")), IVS_STR("")) != 0)
    board_panic("the key is malformed");
}

/* An error that no script's host has caught, which means that this file has a fault. */
static int panic(lua_State *L) {
  const char *message = lua_tostring(L, -1);
  board_panic(message != NULL ? message : "an error of Lua's");
}

/* A collection begins when memory has grown to this per cent of what the last one left: early. */
enum { GC_PAUSE = 110 };

/* The state with its libraries. What raises here does so for want of memory. */
static int open_libraries(lua_State *L) {
  static const luaL_Reg libraries[] = {{LUA_GNAME, luaopen_base},
                                       {LUA_COLIBNAME, luaopen_coroutine},
                                       {LUA_STRLIBNAME, luaopen_string},
                                       {LUA_TABLIBNAME, luaopen_table},
                                       {LUA_MATHLIBNAME, luaopen_math},
                                       {LUA_UTF8LIBNAME, luaopen_utf8},
                                       {NULL, NULL}};
  ivs_lua_set_board(L, &board);
  for (const luaL_Reg *library = libraries; library->name != NULL; library++) {
    luaL_requiref(L, library->name, library->func, 1);
    lua_pop(L, 1);
  }
  scripts_open(L);
  return 0;
}

static lua_State *open_state(void) {
  lua_State *L = lua_newstate(memory_lua, NULL);
  if (L == NULL) board_panic("no memory for Lua");
  lua_atpanic(L, panic);
  lua_gc(L, LUA_GCINC, GC_PAUSE, 0, 0);
  lua_pushcfunction(L, open_libraries);
  if (lua_pcall(L, 0, 0, 0) != LUA_OK) board_panic(lua_tostring(L, -1));
  return L;
}

/* text(value) -> text */
static int text(lua_State *L) {
  luaL_tolstring(L, 1, NULL);
  return 1;
}

/* Reports the error on top. Nothing raises here, also when there is no memory left. */
static void report_error(lua_State *L, const char *script) {
  lua_pushcfunction(L, text);
  lua_insert(L, -2);
  lua_pcall(L, 1, 1, 0);
  report_text("failed", ivs_cstr(script));
  report_text("error", ivs_cstr(lua_isstring(L, -1) ? lua_tostring(L, -1) : "?"));
}

/* Runs a script; 0, or 1 and its error is reported. What it left is collected. */
static int run(lua_State *L, char *script) {
  lua_pushcfunction(L, scripts_run);
  lua_pushlightuserdata(L, script);
  lua_pushinteger(L, number_word("items"));
  int status = lua_pcall(L, 2, 0, 0);
  if (status != LUA_OK) report_error(L, script);
  lua_settop(L, 0);
  lua_gc(L, LUA_GCCOLLECT);
  return status == LUA_OK ? 0 : 1;
}

static void report_use(void) {
  struct memory_use use = memory_use();
  report_number("pool-most", (int64_t)use.pool_most);
  report_number("pool-size", (int64_t)use.pool_size);
  report_number("lua-most", (int64_t)use.lua_most);
  report_number("lua-size", (int64_t)use.lua_size);
  report_number("numbers-most", (int64_t)use.numbers_most);
  report_number("numbers-size", (int64_t)use.numbers_size);
  report_number("stack-most", (int64_t)board_stack_used());
  report_number("stack-size", (int64_t)board_stack_size());
  report_number("milliseconds", (int64_t)board_ticks());
}

int main(void) {
  memory_start();
  start_network();
  fill_board();
  lua_State *L = open_state();
  if (emulator_word("first") != NULL) run(L, word("first"));
  int r = run(L, word("do"));
  lua_close(L);
  ivs_creds_wipe(&creds);
  report_use();
  return r;
}
