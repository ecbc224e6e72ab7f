/* comes_before() of signature.c as proof `plain_order` has it: an order of texts, and where they are
   equal that in which they stand; which one the harness says. */
#include "../prove.h"

int order_of_texts(ivs_str a, ivs_str b);

bool STATIC(signature, comes_before)(const ivs_str *a, const ivs_str *b) {
  int r = order_of_texts(*a, *b);
  return r != 0 ? r < 0 : a->p < b->p;
}
