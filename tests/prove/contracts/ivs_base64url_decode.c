/* ivs_base64url_decode() as proof `base64url` has it: three bytes for four characters, in place
   too. */
#include "../prove.h"

bool ivs_base64url_decode(const char *text, size_t n, void *to, size_t *bytes) {
  READABLE(text, n);
  WRITABLE(to, n - n / 4 - (n % 4 != 0));
  *bytes = any_size_to(n - n / 4 - (n % 4 != 0));
  return any_bool() && *bytes == n - n / 4 - (n % 4 != 0);
}
