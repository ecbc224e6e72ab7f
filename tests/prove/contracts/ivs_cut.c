/* ivs_cut() as proof `cut` has it: a beginning, and what is behind the byte that follows it. */
#include "../prove.h"

bool ivs_cut(ivs_str *rest, char at, ivs_str *head) {
  (void)at;
  if (rest->p == NULL) return false;
  READABLE(rest->p, rest->n);
  *head = *rest;
  *rest = (ivs_str){NULL, 0};
  if (head->n == 0 || any_bool()) return true;
  size_t all = head->n;
  head->n = any_size_to(all - 1);
  *rest = (ivs_str){head->p + head->n + 1, all - head->n - 1};
  return true;
}
