#include "json_scan.h"

/* see json_scan.h */
const char ivs_json_letters[] = "bfnrt";
const char ivs_json_controls[] = "\b\f\n\r\t";

/* The character behind the backslash that stands for c, 'u' if it needs \u00XX, 0 if it stands for
   itself. */
static char escape_of(char c) {
  if (c == '"' || c == '\\') return c;
  if ((uint8_t)c >= ' ') return 0;
  const char *at = (const char *)memchr(ivs_json_controls, c, sizeof ivs_json_controls - 1);
  return at != NULL ? ivs_json_letters[at - ivs_json_controls] : 'u';
}

/* see ivs/json.h */
void ivs_json_put_str(struct ivs_out *o, ivs_str s) {
  const char *from = s.p, *end = s.n > 0 ? s.p + s.n : s.p;
  ivs_put_char(o, '"');
  for (const char *p = from; p < end; p++) {
    char e = escape_of(*p);
    if (e == 0) continue;
    ivs_put(o, from, (size_t)(p - from));
    from = p + 1;
    ivs_put_char(o, '\\');
    ivs_put_char(o, e);
    if (e != 'u') continue;
    ivs_put(o, "00", 2);
    ivs_put_hex(o, (const uint8_t *)p, 1);
  }
  ivs_put(o, from, (size_t)(end - from));
  ivs_put_char(o, '"');
}
