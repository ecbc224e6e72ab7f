#include "../../../core/src/chars.h"
#include "../prove.h"

enum { BOUND = 64 };

void harness(void) {
  ivs_str rest = any_text(BOUND), head;
  if (any_bool()) rest.p = NULL;
  ivs_str before = rest;
  bool any = ivs_cut(&rest, any_char(), &head);
  MUST(any == (before.p != NULL));
  if (!any) return;
  MUST(head.p == before.p && head.n <= before.n);
  if (rest.p == NULL) MUST(rest.n == 0 && head.n == before.n);
  else MUST(rest.p == head.p + head.n + 1 && rest.n == before.n - head.n - 1);
}
