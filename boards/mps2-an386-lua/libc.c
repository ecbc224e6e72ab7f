/*
 * What Lua and newlib ask of a system, on one that has a console and a clock.
 */
#include "board.h"
#include "lua_config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* see lua_config.h */
void lua_console(const char *text, size_t n) {
  for (size_t i = 0; i < n; i++) board_put(text[i]);
}

/* see lua_config.h */
unsigned lua_seed(void) {
  unsigned seed = 0;
  if (board_entropy(&seed, sizeof seed) != 0) board_panic("no entropy for Lua");
  return seed;
}

/* For math.randomseed. */
time_t time(time_t *to) {
  time_t now = (time_t)(board_clock() / 1000);
  if (to != NULL) *to = now;
  return now;
}

/* Of newlib and of Lua, for conditions that cannot be. */
_Noreturn void abort(void) {
  board_panic("abort");
}

/* newlib has met a condition after which it cannot go on. */
_Noreturn void __assert_func(const char *file, int line, const char *function, const char *what) {
  (void)file;
  (void)line;
  (void)function;
  board_panic(what);
}

/* --- numerals --- */

enum { NUMERAL_MAX = 200 };

double __real_strtod(const char *text, char **end);
double __wrap_strtod(const char *text, char **end);

/* strtod needs memory by the length of a numeral. Whoever asks here wants all of the text to be
   one, so a text that is longer than any that Lua writes is none. */
double __wrap_strtod(const char *text, char **end) {
  if (strlen(text) <= NUMERAL_MAX) return __real_strtod(text, end);
  if (end != NULL) *end = (char *)text;
  return 0;
}
