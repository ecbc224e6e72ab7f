/*
 * JSON: what RFC 8259 accepts is accepted, what it rejects is rejected, whole or cut anywhere; the
 * reader gives back what was written.
 */
#include "../check.h"

#include <ivs/json.h>

static size_t tokens;

/* The text against the end of a page: one byte read too many faults. */
static int check_text(const char *text, size_t n) {
  char *p = check_guard(n);
  if (n > 0) memcpy(p, text, n);
  int r = ivs_json_check(p, n, &tokens);
  check_guard_free(p, n);
  return r;
}

static const char *const accepted[] = {
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-1",
    "10",
    "1.5",
    "-0.0",
    "1e5",
    "1E+5",
    "1e-05",
    "0e0",
    "0.1e1",
    "123456789012345678901234567890",
    "\"\"",
    "\"a\"",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\u0000\"",
    "\"\\uABCD\\uabcd\"",
    "\"\\ud83d\\ude00\"",
    "\"\x7f\"",
    "\"\xc2\x80\"",
    "\"\xed\x9f\xbf\"",
    "\"\xee\x80\x80\"",
    "\"\xf0\x90\x80\x80\"",
    "\"\xf4\x8f\xbf\xbf\"",
    "\"a\xc3\xa9\\n\xe2\x82\xac\"",
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    "{\"a\":[]}",
    "[1,2,3]",
    "[null,true,\"x\",1.5,{\"a\":{}}]",
    "{\"a\":1,\"b\":2}",
    "{\"a\":1,\"a\":2}",
    "{\"\":\"\"}",
    " \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n",
};

static const char *const refused[] = {
    "",
    " ",
    "nul",
    "nulll",
    "True",
    "tru",
    "[tru]",
    "+1",
    "01",
    "-",
    "-a",
    "1.",
    ".5",
    "1e",
    "1e+",
    "1.e1",
    "0x10",
    "1 2",
    "--1",
    "1.2.3",
    "NaN",
    "Infinity",
    "\"",
    "\"a",
    "'a'",
    "\"\\\"",
    "\"\\x41\"",
    "\"\\u12\"",
    "\"\\u12G4\"",
    "\"\\uD800\"",
    "\"\\uDC00\"",
    "\"\\uD800\\u0041\"",
    "\"\\uD800x\"",
    "\"\\uD800\\n\"",
    "\"a\nb\"",
    "\"\x1f\"",
    "\"\t\"",
    "\"\xff\"",
    "\"\x80\"",
    "\"\xc0\x80\"",
    "\"\xc1\xbf\"",
    "\"\xe0\x80\x80\"",
    "\"\xed\xa0\x80\"",
    "\"\xf0\x80\x80\x80\"",
    "\"\xf4\x90\x80\x80\"",
    "\"\xf5\x80\x80\x80\"",
    "\"\xe2\x82\"",
    "\"\xe2\x82\\n\"",
    "[",
    "]",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[,]",
    "[1,,2]",
    "[1 2]",
    "[1}",
    "[\"a\" \"b\"]",
    "[]]",
    "[][]",
    "[] x",
    "[1];",
    "{",
    "}",
    "{a:1}",
    "{1:1}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{,}",
    "{\"a\" 1}",
    "{\"a\":1 \"b\":2}",
    "{\"a\":1,,\"b\":2}",
    "{\"a\":1]",
    "{\"a\" \"b\"}",
    "{null:1}",
    "{\"a\"::1}",
    "{} {}",
    "{}{}",
    "\xef\xbb\xbf{}",
    "/**/{}",
    "{\"a\":1}//x",
    "\v1",
};

static void tables(void) {
  for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++)
    if (!CHECK_INT(check_text(accepted[i], strlen(accepted[i])), 0))
      fprintf(stderr, "  refused: %s\n", accepted[i]);
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
    if (!CHECK_INT(check_text(refused[i], strlen(refused[i])), IVS_ERR_JSON))
      fprintf(stderr, "  accepted: %s\n", refused[i]);
}

/* A NUL is a byte like any other: what stands behind it counts. */
static void nul_bytes(void) {
  static const char *const texts[] = {"{}\0", "{}\0{}", "\0{}", "\"a\0b\"", "[1\0]", "nul\0"};
  static const size_t sizes[] = {3, 5, 3, 5, 4, 4};
  for (int i = 0; i < 6; i++) CHECK_INT(check_text(texts[i], sizes[i]), IVS_ERR_JSON);
}

/* An object cut anywhere is refused. */
static void truncations(void) {
  static const char text[] =
      "{\"a\\u00e9\\ud83d\\ude00\":[1.5e-3,{\"b\":null,\"c\":[true,false]},\"\xf0\x9f\x98\x80\"],"
      "\"d\":{\"e\":-12}}";
  for (size_t n = 0; n < sizeof text - 1; n++) CHECK_INT(check_text(text, n), IVS_ERR_JSON);
  CHECK_INT(check_text(text, sizeof text - 1), 0);
}

static void depth(void) {
  char text[2 * IVS_JSON_DEPTH + 4];
  for (size_t d = 1; d <= IVS_JSON_DEPTH + 1; d++) {
    memset(text, '[', d);
    memset(text + d, ']', d);
    CHECK_INT(check_text(text, 2 * d), d <= IVS_JSON_DEPTH ? 0 : IVS_ERR_JSON_DEPTH);
  }
}

/* A text whose positions do not fit in int is refused before a byte of it is read. */
static void too_long(void) {
  char *text = check_guard(1);
  *text = '1';
  CHECK_INT(ivs_json_check(text, (size_t)INT32_MAX + 1, &tokens), IVS_ERR_JSON);
  check_guard_free(text, 1);
}

/* A token for an object and two for each member; objects in arrays are not open together with what
   holds the array. */
static void census(void) {
  static const struct {
    const char *text;
    size_t tokens;
  } cases[] = {
      {"[]", 0},
      {"{}", 1},
      {"{\"a\":1}", 3},
      {"{\"a\":1,\"b\":\"x\"}", 5},
      {"{\"a\":{}}", 4},
      {"{\"a\":{\"b\":1},\"c\":{\"d\":1,\"e\":2}}", 10},
      {"{\"a\":[{\"b\":1,\"c\":2,\"d\":3}]}", 7},
      {"{\"a\":[{\"b\":{\"c\":1}}],\"d\":1}", 6},
      {"[{},{\"a\":1},[{\"b\":{\"c\":{}}}]]", 7},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    CHECK_INT(check_text(cases[i].text, strlen(cases[i].text)), 0);
    CHECK_INT(tokens, cases[i].tokens);
  }
}

/* Reads an object with a given number of tokens and writes down what was seen: "name=type:text;".
   Nobody says where it ends, and there is more behind it. */
static int dump(const char *text, size_t room, char *to, size_t size) {
  static const char more[] = " , {\"more\":[{}]}]";
  size_t whole = strlen(text), n = whole + sizeof more - 1, used = 0;
  char *p = check_guard(n);
  uint64_t arena[64];
  struct ivs_json_value v;
  struct ivs_json_object o;
  ivs_str name;
  memcpy(p, text, whole);
  memcpy(p + whole, more, sizeof more - 1);
  const char *end = ivs_json_value_at(p, p + n, &v);
  v.n = (uint32_t)(p + n - v.p);
  int r = ivs_json_open(&o, v, arena, room);
  if (r == 0) CHECK(o.end == end);
  to[0] = '\0';
  while (r == 0 && ivs_json_member(&o, &name, &v) == 1) {
    static const char types[] = "-bnsao";
    ivs_str s = v.type == IVS_JSON_STRING ? ivs_json_text(v) : (ivs_str){v.p, v.n};
    used += (size_t)snprintf(to + used, size - used, "%.*s=%c:%.*s;", (int)name.n, name.p,
                             types[v.type], (int)s.n, s.p);
  }
  check_guard_free(p, n);
  return r;
}

static void members(void) {
  static const struct {
    const char *text, *seen;
    size_t tokens;
  } cases[] = {
      {"{}", "", 1},
      {"{\"a\":1}", "a=n:1;", 3},
      {" { \"a\" : null , \"b\" : true, \"c\":\"x\\ty\" } ", "a=-:null;b=b:true;c=s:x\ty;", 7},
      {"{\"a\":{\"x\":{\"y\":[1,2]}},\"b\":[{\"z\":\"]}\"}],\"c\":\"\\\"{\"}",
       "a=o:{\"x\":{\"y\":[1,2]}};b=a:[{\"z\":\"]}\"}];c=s:\"{;", 7},
      {"{\"\\u0061\\u00e9\\ud83d\\ude00\":\"\\u20ac\\/\\b\\f\\n\\r\"}",
       "a\xc3\xa9\xf0\x9f\x98\x80=s:\xe2\x82\xac/\b\f\n\r;", 3},
      {"{\"a\":[],\"b\":{}}", "a=a:[];b=o:{};", 5},
      {"{\"a\" : [ ] , \"b\" :{ } , \"c\":-1.5e3}", "a=a:[ ];b=o:{ };c=n:-1.5e3;", 7},
      {"{\"a\":\"\\\\\",\"b\":\"\\\\\\\"\"}", "a=s:\\;b=s:\\\";", 5},
  };
  char seen[256];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (size_t room = 0; room < cases[i].tokens; room++)
      CHECK_INT(dump(cases[i].text, room, seen, sizeof seen), IVS_ERR_SPACE);
    CHECK_INT(dump(cases[i].text, cases[i].tokens, seen, sizeof seen), 0);
    CHECK_MEM(seen, strlen(seen), cases[i].seen, strlen(cases[i].seen));
  }
  CHECK_INT(dump("[]", 8, seen, sizeof seen), IVS_ERR_JSON);
}

static void integers(void) {
  static const struct {
    const char *text;
    int64_t value;
    int result;
  } cases[] = {
      {"0", 0, 0},
      {"-0", 0, 0},
      {"-1", -1, 0},
      {"42", 42, 0},
      {"9223372036854775807", INT64_MAX, 0},
      {"-9223372036854775808", INT64_MIN, 0},
      {"9223372036854775808", 0, IVS_ERR_TYPE},
      {"-9223372036854775809", 0, IVS_ERR_TYPE},
      {"99999999999999999999", 0, IVS_ERR_TYPE},
      {"1.0", 0, IVS_ERR_TYPE},
      {"1e3", 0, IVS_ERR_TYPE},
      {"true", 0, IVS_ERR_TYPE},
      {"\"1\"", 0, IVS_ERR_TYPE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[32];
    struct ivs_json_value v;
    int64_t number = 0;
    strcpy(text, cases[i].text);
    ivs_json_value_at(text, text + strlen(text), &v);
    CHECK_INT(ivs_json_int(v, &number), cases[i].result);
    if (cases[i].result == 0) CHECK(number == cases[i].value);
  }
}

/* Random text of every plane, written, checked and read back; the room told by counting is the room
   used. */
static void round_trips(void) {
  for (int round = 0; round < 20000; round++) {
    char text[64], out[512];
    size_t n = 0, units = check_below(12);
    for (size_t i = 0; i < units; i++) {
      static const uint32_t limits[] = {0x20, 0x80, 0x800, 0xD800, 0x110000};
      uint32_t c = (uint32_t)check_below(limits[check_below(5)]);
      if (c >= 0xD800 && c < 0xE000) c = '"';
      if (c < 0x80) text[n++] = (char)c;
      else if (c < 0x800) text[n++] = (char)(0xC0 | c >> 6), text[n++] = (char)(0x80 | (c & 63));
      else if (c < 0x10000)
        text[n++] = (char)(0xE0 | c >> 12), text[n++] = (char)(0x80 | (c >> 6 & 63)),
        text[n++] = (char)(0x80 | (c & 63));
      else
        text[n++] = (char)(0xF0 | c >> 18), text[n++] = (char)(0x80 | (c >> 12 & 63)),
        text[n++] = (char)(0x80 | (c >> 6 & 63)), text[n++] = (char)(0x80 | (c & 63));
    }
    struct ivs_out count = {0}, o = ivs_out_to(out, sizeof out);
    ivs_str s = {text, n};
    ivs_json_put_str(&count, s);
    ivs_json_put_str(&o, s);
    CHECK_INT(ivs_out_end(&o), 0);
    CHECK_INT(o.n, count.n);
    CHECK_INT(check_text(out, o.n), 0);
    struct ivs_json_value v;
    CHECK(ivs_json_value_at(out, out + o.n, &v) == out + o.n);
    ivs_str back = ivs_json_text(v);
    CHECK_MEM(back.p, back.n, text, n);
  }
}

/* Valid texts with a byte changed, removed or doubled: never read past the end, and what is
   accepted can be read. */
static void mutations(void) {
  static const char text[] =
      "{\"channels\":[{\"arn\":\"a\\u00e9\",\"n\":-1.5e3,\"t\":{\"k\":\"v\"}},null,true],"
      "\"nextToken\":\"\xc3\xa9\"}";
  static const char alphabet[] = "{}[]\",:\\u0aet.-+ \n\xc3\xff";
  for (int round = 0; round < 100000; round++) {
    char copy[sizeof text + 4];
    size_t n = sizeof text - 1, changes = 1 + check_below(3);
    memcpy(copy, text, n);
    while (changes-- > 0) {
      size_t at = check_below(n);
      if (check_below(3) == 0) memmove(copy + at, copy + at + 1, --n - at);
      else copy[at] = alphabet[check_below(sizeof alphabet - 1)];
    }
    char *p = check_guard(n);
    memcpy(p, copy, n);
    if (ivs_json_check(p, n, &tokens) == 0) {
      struct ivs_json_value v;
      struct ivs_json_object o;
      static uint64_t arena[512];
      ivs_str name;
      char *end = ivs_json_value_at(p, p + n, &v);
      CHECK(ivs_json_blanks(end, p + n) == p + n);
      CHECK(tokens <= 256);
      if (v.type == IVS_JSON_OBJECT) {
        CHECK_INT(ivs_json_open(&o, v, arena, tokens), 0);
        while (ivs_json_member(&o, &name, &v) == 1) CHECK(v.p >= p && v.p + v.n <= p + n);
      }
    }
    check_guard_free(p, n);
  }
}

int main(void) {
  check_seed();
  RUN(tables);
  RUN(nul_bytes);
  RUN(truncations);
  RUN(depth);
  RUN(too_long);
  RUN(census);
  RUN(members);
  RUN(integers);
  RUN(round_trips);
  RUN(mutations);
  return check_done();
}
