#include <ivs/json.h>

/* The character behind the backslash that stands for c, 'u' if it needs \u00XX, 0 if it stands for
 * itself. */
static char escape_of(unsigned char c) {
  switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return c < 0x20 ? 'u' : 0;
  }
}

/* see ivs/json.h */
void ivs_json_put_str(struct ivs_out *o, ivs_str s) {
  size_t from = 0;
  ivs_put_char(o, '"');
  for (size_t i = 0; i < s.n; i++) {
    uint8_t c = (uint8_t)s.p[i];
    char e = escape_of(c);
    if (e == 0) continue;
    ivs_put(o, s.p + from, i - from);
    ivs_put_char(o, '\\');
    ivs_put_char(o, e);
    if (e == 'u') {
      ivs_put(o, "00", 2);
      ivs_put_hex(o, &c, 1);
    }
    from = i + 1;
  }
  if (s.n > from) ivs_put(o, s.p + from, s.n - from);
  ivs_put_char(o, '"');
}
