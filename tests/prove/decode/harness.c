#include "../decode_state.h"
#include "../heights.h"

enum { BOUND = 64, TOKENS = 64 };

int STATIC(decode, decode)(struct ivs_arena arena, uint8_t type, struct ivs_json_value *whole,
                           void *out, ivs_str *culprit);

void harness(void) {
  measure();
  uint8_t type = any_type();
  GIVEN(height[type] <= IVS_DEPTH); /* proof tables */
  ivs_str s = any_last_of(BOUND), culprit;
  struct ivs_json_value whole = {(char *)s.p, (uint32_t)s.n, any_byte()};
  size_t room = any_size_to(TOKENS);
  struct ivs_arena arena = {any_bytes(room * IVS_JSON_TOKEN_SIZE), room};
  void *out = any_bytes(ivs_types[type].size);
  int r = STATIC(decode, decode)(arena, type, &whole, out, &culprit);
  MUST(r == 0 || r == IVS_ERR_TYPE || r == IVS_ERR_SPACE || r == IVS_ERR_JSON);
  MUST(whole.p == s.p && whole.n <= s.n && (r != 0 || whole.n > 0));
}
