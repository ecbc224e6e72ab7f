#include <ivs/sigv4.h>

#include "../prove.h"

enum { MEMBERS = 4, SLOT = 2 };

void STATIC(signature, put_plain_query)(struct ivs_out *o, ivs_str query);

/* Member i is what stands at i * SLOT, and '&' behind it. Their order is any; some may be equal. */
static char query[MEMBERS * SLOT];
static uint8_t rank[MEMBERS];

static size_t index_of(ivs_str member) {
  MUST(__CPROVER_same_object(member.p, query) && member.n == 1);
  return __CPROVER_POINTER_OFFSET(member.p) / SLOT;
}

bool ivs_cut(ivs_str *rest, char at, ivs_str *head) {
  if (rest->p == NULL) return false;
  *head = (ivs_str){rest->p, 1};
  bool more = at == '&' && rest->n > SLOT;
  *rest = more ? (ivs_str){rest->p + SLOT, rest->n - SLOT} : (ivs_str){NULL, 0};
  return true;
}

int order_of_texts(ivs_str a, ivs_str b) {
  return rank[index_of(a)] - rank[index_of(b)];
}

static size_t put, last, ampersands;

void ivs_put_char(struct ivs_out *o, char c) {
  o->n = any_size();
  MUST(c == '&');
  ampersands++;
}

/* Each once, the least first, equal ones as they stand. */
void ivs_put_str(struct ivs_out *o, ivs_str text) {
  size_t i = index_of(text);
  o->n = any_size();
  MUST(ampersands == put);
  MUST(put == 0 || rank[i] > rank[last] || (rank[i] == rank[last] && i > last));
  last = i;
  put++;
}

void harness(void) {
  for (size_t i = 0; i < MEMBERS; i++) rank[i] = (uint8_t)any_size_to(MEMBERS - 1);
  size_t from = any_size_to(MEMBERS);
  ivs_str rest = {from < MEMBERS ? query + from * SLOT : NULL, (MEMBERS - from) * SLOT};
  struct ivs_out o = ivs_out_to(NULL, 0);
  STATIC(signature, put_plain_query)(&o, rest);
  MUST(put == MEMBERS - from && ampersands == (put > 0 ? put - 1 : 0));
}
