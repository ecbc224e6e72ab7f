/*
 * The check and the reader of JSON as their callers see them. To be included by one file of a
 * proof.
 */
#ifndef IVS_PROVE_CHECKED_JSON_H
#define IVS_PROVE_CHECKED_JSON_H

#include "../../core/src/decode.h"
#include "prove.h"

int ivs_json_check(const char *p, size_t n, size_t *tokens) {
  READABLE(p, n);
  *tokens = any_size();
  return any_bool() ? 0 : any_bool() ? IVS_ERR_JSON : IVS_ERR_JSON_DEPTH;
}

/* As proof `value_at` has it; of checked text, in which an object has both of its brackets. */
char *ivs_json_value_at(char *p, const char *end, struct ivs_json_value *v) {
  struct ivs_json_value taken;
  char *next = ivs_decode_take(p, (char *)end, &taken);
  GIVEN(taken.type != IVS_JSON_OBJECT || taken.n >= 2);
  *v = taken;
  return next;
}

#endif
