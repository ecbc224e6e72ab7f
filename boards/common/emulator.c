/*
 * What an emulated machine lacks comes from the machine that runs the emulator, through
 * semihosting: the date, random bytes, the words to run with, an exit code.
 *
 * Not for a product. A real board has a clock or learns the time (ivs_clock_learn), a random number
 * generator, and nothing that could read files of a debugger's machine.
 */
#include "emulator.h"

#include "board.h"

#include <string.h>

/* Operations, as of Arm's "Semihosting for AArch32 and AArch64". */
enum {
  SYS_OPEN = 0x01,
  SYS_CLOSE = 0x02,
  SYS_READ = 0x06,
  SYS_TIME = 0x11,
  SYS_GET_CMDLINE = 0x15,
  SYS_EXIT_EXTENDED = 0x20
};
enum { APPLICATION_EXIT = 0x20026, OPEN_BINARY = 1 };

static int semihosting(int operation, const void *argument) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

/* see board.h */
void board_exit(int code) {
  const uint32_t block[2] = {APPLICATION_EXIT, (uint32_t)code};
  for (;;) semihosting(SYS_EXIT_EXTENDED, block);
}

/* --- words --- */

#ifndef EMULATOR_WORDS
#define EMULATOR_WORDS 2048
#endif
static char words[EMULATOR_WORDS]; /* NUL between two */
static size_t words_n;

static void load_words(void) {
  uint32_t block[2] = {(uint32_t)words, sizeof words - 1};
  if (semihosting(SYS_GET_CMDLINE, block) != 0) board_panic("the words to run with are too long");
  words_n = strlen(words);
  for (char *p = words; (p = strchr(p, ' ')) != NULL;) *p++ = '\0';
}

/* see emulator.h */
char *emulator_word(const char *name) {
  size_t n = strlen(name);
  if (words_n == 0) load_words();
  for (char *p = words; p < words + words_n; p += strlen(p) + 1)
    if (strncmp(p, name, n) == 0 && p[n] == '=') return p + n + 1;
  return NULL;
}

/* --- date and random bytes --- */

static int64_t number(const char *digits) {
  int64_t value = 0;
  while (*digits >= '0' && *digits <= '9') value = value * 10 + (*digits++ - '0');
  return value;
}

/* clock=N: a clock that says N, in seconds since 1970, at the start. Else it is right. */
static int64_t clock_at_start(void) {
  const char *given = emulator_word("clock");
  if (given != NULL) return number(given) * 1000;
  return (int64_t)(uint32_t)semihosting(SYS_TIME, NULL) * 1000 - (int64_t)board_ticks();
}

/* see board.h */
int64_t board_clock(void) {
  static int64_t start;
  static char known;
  if (!known) start = clock_at_start();
  known = 1;
  return start + (int64_t)board_ticks();
}

/* see board.h */
int board_entropy(void *p, size_t n) {
  static const char name[] = "/dev/urandom";
  const uint32_t open_block[3] = {(uint32_t)name, OPEN_BINARY, sizeof name - 1};
  int file = semihosting(SYS_OPEN, open_block);
  if (file == -1) return -1;
  const uint32_t read_block[3] = {(uint32_t)file, (uint32_t)p, (uint32_t)n};
  const uint32_t close_block[1] = {(uint32_t)file};
  int left = semihosting(SYS_READ, read_block);
  semihosting(SYS_CLOSE, close_block);
  return left == 0 ? 0 : -1;
}
