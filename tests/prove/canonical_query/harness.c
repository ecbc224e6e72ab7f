#include <ivs/sigv4.h>

#include "../prove.h"

enum { MEMBERS = 4, SLOT = 2 };

void STATIC(sigv4, put_query)(struct ivs_out *o, ivs_str query);

/* Member i is what stands at i * SLOT, and '&' behind it. Their order is any; some may be equal. */
static char query[MEMBERS * SLOT];
static size_t rank[MEMBERS];

static size_t index_of(const char *p) {
  MUST(__CPROVER_same_object(p, query));
  return __CPROVER_POINTER_OFFSET(p) / SLOT;
}

/* The next member of the query; of a member its name, all of it, with no value. */
bool ivs_cut(ivs_str *rest, char at, ivs_str *head) {
  if (rest->p == NULL) return false;
  *head = (ivs_str){rest->p, 1};
  bool more = at == '&' && rest->n > SLOT;
  *rest = more ? (ivs_str){rest->p + SLOT, rest->n - SLOT} : (ivs_str){NULL, 0};
  return true;
}

int order_of_texts(ivs_str a, ivs_str b) {
  return (int)rank[index_of(a.p)] - (int)rank[index_of(b.p)];
}

static size_t put, last, ampersands;

void ivs_put_char(struct ivs_out *o, char c) {
  o->n = any_size();
  if (c == '&') ampersands++;
}

/* Each name once, the least first, equal ones as they stand. */
void heard_text(ivs_str text) {
  if (text.p == NULL) return;
  size_t i = index_of(text.p);
  MUST(put == 0 || rank[i] > rank[last] || (rank[i] == rank[last] && i > last));
  last = i;
  put++;
}

void harness(void) {
  for (size_t i = 0; i < MEMBERS; i++) rank[i] = any_size_to(MEMBERS);
  size_t from = any_size_to(MEMBERS);
  struct ivs_out o = ivs_out_to(NULL, 0);
  STATIC(sigv4, put_query)(&o, (ivs_str){query + from * SLOT, (MEMBERS - from) * SLOT});
  MUST(put == MEMBERS - from && ampersands == (put > 0 ? put - 1 : 0));
}
