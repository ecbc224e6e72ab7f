/* compare_members() of sigv4.c: an order of names and then of values, as proof `canonical_order`
   has it of either; which one the harness says. */
#include "../prove.h"

int order_of_texts(ivs_str a, ivs_str b);

int STATIC(sigv4, compare_members)(const ivs_pair *a, const ivs_pair *b) {
  return order_of_texts(a->name, b->name);
}
