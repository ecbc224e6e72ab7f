/*
 * Lines on the console.
 */
#include "firmware.h"

#include "board.h"

static void print(ivs_str text) {
  for (size_t i = 0; i < text.n; i++) board_put(text.p[i]);
}

/* see firmware.h */
void report_text(const char *name, ivs_str value) {
  board_print(name);
  board_put(' ');
  print(value);
  board_put('\n');
}

/* see firmware.h */
void report_number(const char *name, int64_t value) {
  char digits[24];
  struct ivs_out o = ivs_out_to(digits, sizeof digits);
  ivs_put_int(&o, value);
  report_text(name, (ivs_str){digits, o.n});
}

/* see firmware.h */
int report_failure(const char *call, int result, const struct ivs_error *error) {
  report_text("failed", ivs_cstr(call));
  report_text("error", ivs_cstr(ivs_strerror(result)));
  report_number("system", error->system);
  report_text("code", ivs_cstr(error->code));
  report_text("message", ivs_cstr(error->message));
  return result;
}
