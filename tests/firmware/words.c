/*
 * The words that the firmware is run with, in the forms that it needs.
 */
#include "firmware.h"

#include "board.h"
#include "emulator.h"

/* see firmware.h */
char *word(const char *name) {
  char *value = emulator_word(name);
  if (value == NULL) board_panic(name);
  return value;
}

/* see firmware.h */
uint32_t number_word(const char *name) {
  uint32_t n = 0;
  for (const char *p = word(name); *p >= '0' && *p <= '9'; p++) n = n * 10 + (uint32_t)(*p - '0');
  return n;
}

static uint8_t hex_digit(char c) {
  return (uint8_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* see firmware.h */
ivs_str bytes_word(const char *name) {
  char *text = word(name);
  uint8_t *bytes = (uint8_t *)text;
  size_t n = strlen(text) / 2;
  for (size_t i = 0; i < n; i++)
    bytes[i] = (uint8_t)(hex_digit(text[2 * i]) << 4 | hex_digit(text[2 * i + 1]));
  return (ivs_str){text, n};
}
