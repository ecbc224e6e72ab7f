/* next_byte() of sigv4.c, for texts in which every byte stands for itself. */
#include "../prove.h"

uint8_t STATIC(sigv4, next_byte)(ivs_str *s) {
  MUST(s->n > 0);
  uint8_t c = (uint8_t)*s->p;
  s->p++;
  s->n--;
  return c;
}
