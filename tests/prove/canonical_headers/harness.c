#include <ivs/sigv4.h>

#include "../prove.h"

enum { HEADERS = 4 };

unsigned STATIC(sigv4, order_of)(const struct ivs_sigv4_request *rq);
void STATIC(sigv4, put_headers)(struct ivs_out *o, const struct ivs_sigv4_request *rq);
void STATIC(sigv4, put_signed_names)(struct ivs_out *o, const struct ivs_sigv4_request *rq,
                                     char end);

/* The name of header i is the text at names + i, its value that at values + i. The order of the
   names is any; two of them may be one name. */
static char names[HEADERS], values[HEADERS];
static size_t rank[HEADERS];

static size_t index_of(ivs_str part, const char *of) {
  MUST(__CPROVER_same_object(part.p, of) && part.n == 1);
  return __CPROVER_POINTER_OFFSET(part.p);
}

int ivs_compare_nocase(ivs_str a, ivs_str b) {
  return (int)rank[index_of(a, names)] - (int)rank[index_of(b, names)];
}

bool ivs_str_eq_nocase(ivs_str a, ivs_str b) {
  return ivs_compare_nocase(a, b) == 0;
}

void ivs_put_char(struct ivs_out *o, char c) {
  (void)c;
  o->n = any_size();
}

/* How many names were put and which was the last; how often each value was, and which was. */
static size_t names_put, name, values_put[HEADERS], value;
static bool value_is_of_name;
static char last_behind;

/* In their order, each but once. */
void heard_name(ivs_str text, char behind) {
  size_t i = index_of(text, names);
  MUST(names_put == 0 || rank[i] > rank[name]);
  name = i;
  names_put++;
  value_is_of_name = false;
  last_behind = behind;
}

/* Behind their name, those of the same name in the order of the headers. */
void heard_value(ivs_str text) {
  size_t i = index_of(text, values);
  MUST(names_put > 0 && rank[i] == rank[name] && (!value_is_of_name || i > value));
  value = i;
  value_is_of_name = true;
  values_put[i]++;
}

/* Headers `from` to the last. */
static size_t count_names(size_t from) {
  size_t n = 0;
  for (size_t i = from; i < HEADERS; i++) {
    bool again = false;
    for (size_t k = from; k < i; k++) again = again || rank[k] == rank[i];
    if (!again) n++;
  }
  return n;
}

void harness(void) {
  ivs_pair headers[HEADERS];
  for (size_t i = 0; i < HEADERS; i++) {
    headers[i] = (ivs_pair){{&names[i], 1}, {&values[i], 1}};
    rank[i] = any_size_to(HEADERS);
  }
  size_t from = any_size_to(HEADERS);
  struct ivs_sigv4_request rq = {.headers = headers + from, .header_count = HEADERS - from};
  struct ivs_out o = ivs_out_to(NULL, 0);
  if (any_bool()) rq.flags = STATIC(sigv4, order_of)(&rq);
  if (any_bool()) {
    STATIC(sigv4, put_headers)(&o, &rq);
    for (size_t i = from; i < HEADERS; i++) MUST(values_put[i] == 1);
  } else {
    STATIC(sigv4, put_signed_names)(&o, &rq, '.');
    MUST(names_put == 0 || last_behind == '.');
  }
  MUST(names_put == count_names(from));
}
