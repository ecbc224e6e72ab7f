/*
 * The codec, driven by lines of text, for comparison with another implementation. Walks the tables
 * alone, with a printer and a store of its own, so that a mistake of the codec is not repeated
 * here.
 *
 *   encode OP SEED all|random
 *     makes a request from the seed; prints what it means and how it was encoded:
 *     {"request":{...},"method":"POST","path":"...","query":"...","body":"<hex>"}
 *   decode OP HEX
 *     reads the bytes as an answer, every list to its end; prints {"answer":{...}}
 *
 * Errors are printed as {"error":"...","number":-10,"member":"name"}. A map is printed as pairs, a
 * time as its text and seconds.
 */
#include "../check.h"

#include <ivs/codec.h>
#include <ivs/types.h>

enum { STORE_SIZE = 16 << 20, LONG_TEXT = 5000, MORE_DEPTH = 8 };

static char *store;
static size_t store_used;
static bool everything; /* every member, no list empty */

static _Noreturn void die(const char *why) {
  fprintf(stderr, "codec_stdin: %s\n", why);
  exit(2);
}

static void *take(size_t n) {
  size_t at = (store_used + 15) & ~(size_t)15;
  if (at + n > STORE_SIZE) die("the store is full");
  store_used = at + n;
  return store + at;
}

/* ---- printing ---- */

static void print_text(ivs_str s) {
  putchar('"');
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if (c < 0x20 || c == '"' || c == '\\') printf("\\u%04x", c);
    else putchar(c);
  }
  putchar('"');
}

static void print_hex(const char *p, size_t n) {
  putchar('"');
  for (size_t i = 0; i < n; i++) printf("%02x", (unsigned char)p[i]);
  putchar('"');
}

static void print_error(int r, ivs_str member) {
  printf("{\"error\":\"%s\",\"number\":%d,\"member\":", ivs_strerror(r), r);
  print_text(member);
  printf("}\n");
}

/* An answer's lists are read while they are printed. */
struct source {
  struct ivs_arena arena;
  int err;
  ivs_str culprit;
};

static void print_struct(struct source *from, uint8_t type, const char *base);

static size_t element_size(const ivs_span *rest) {
  if (rest->kind == IVS_K_LIST) return ivs_types[rest->type].size;
  return rest->kind == IVS_K_MAP ? sizeof(ivs_pair) : sizeof(ivs_str);
}

static void print_element(struct source *from, uint8_t kind, uint8_t type, const char *element) {
  if (kind == IVS_K_LIST) {
    print_struct(from, type, element);
    return;
  }
  if (kind == IVS_K_STRS) {
    print_text(*(const ivs_str *)(const void *)element);
    return;
  }
  const ivs_pair *pair = (const ivs_pair *)(const void *)element;
  putchar('[');
  print_text(pair->name);
  putchar(',');
  print_text(pair->value);
  putchar(']');
}

static void print_rest(struct source *from, ivs_span *rest) {
  size_t size = element_size(rest), told = ivs_decode_count(rest), seen = 0;
  char *element = (char *)malloc(size);
  int r = 0;
  while (from->err == 0 && (r = ivs_decode_next(from->arena, rest, element, &from->culprit)) == 1) {
    if (seen++ > 0) putchar(',');
    print_element(from, rest->kind, rest->type, element);
  }
  free(element);
  if (from->err != 0) return;
  from->err = r;
  if (r == 0 && told != seen) die("ivs_decode_count is wrong");
  if (r == 0 && ivs_decode_next(from->arena, rest, NULL, &from->culprit) != IVS_ERR_USED)
    die("a list could be read twice");
}

static void print_items(const struct ivs_field *f, const struct ivs_any_list *list) {
  ivs_span like = {NULL, 0, f->kind, f->type};
  for (size_t i = 0; i < list->count; i++) {
    if (i > 0) putchar(',');
    print_element(NULL, f->kind, f->type, (const char *)list->items + i * element_size(&like));
  }
}

static void print_member(struct source *from, const struct ivs_field *f, const char *at) {
  const ivs_time *time = (const ivs_time *)(const void *)at;
  switch (f->kind) {
    case IVS_K_STR: print_text(*(const ivs_str *)(const void *)at); return;
    case IVS_K_BOOL: printf("%s", *(const ivs_bool *)at == IVS_TRUE ? "true" : "false"); return;
    case IVS_K_INT: printf("%lld", (long long)((const ivs_int *)(const void *)at)->value); return;
    case IVS_K_STRUCT: print_struct(from, f->type, at); return;
    case IVS_K_TIME:
      printf("{\"text\":");
      print_text(time->text);
      printf(",\"seconds\":%lld}", (long long)time->seconds);
      return;
    default: break;
  }
  struct ivs_any_list list = *(const struct ivs_any_list *)(const void *)at;
  putchar('[');
  if (from != NULL) print_rest(from, &list.rest);
  else print_items(f, &list);
  putchar(']');
}

static bool something(uint8_t type, const char *base);

static bool present(const struct ivs_field *f, const char *at) {
  const struct ivs_any_list *list = (const struct ivs_any_list *)(const void *)at;
  switch (f->kind) {
    case IVS_K_STR: return ((const ivs_str *)(const void *)at)->p != NULL;
    case IVS_K_BOOL: return *(const ivs_bool *)at != IVS_ABSENT;
    case IVS_K_INT: return ((const ivs_int *)(const void *)at)->set;
    case IVS_K_TIME: return ((const ivs_time *)(const void *)at)->text.p != NULL;
    case IVS_K_STRUCT: return *(const bool *)at || something(f->type, at);
    default: return list->items != NULL || list->rest.p != NULL;
  }
}

static bool something(uint8_t type, const char *base) {
  const struct ivs_type *t = &ivs_types[type];
  for (unsigned i = 0; i < t->count; i++) {
    const struct ivs_field *f = &ivs_fields[t->first + i];
    if (present(f, base + f->offset)) return true;
  }
  return false;
}

static void print_struct(struct source *from, uint8_t type, const char *base) {
  const struct ivs_type *t = &ivs_types[type];
  const char *comma = "";
  putchar('{');
  for (unsigned i = 0; i < t->count; i++) {
    const struct ivs_field *f = &ivs_fields[t->first + i];
    if (!present(f, base + f->offset)) continue;
    printf("%s", comma);
    print_text(ivs_field_name(f));
    putchar(':');
    print_member(from, f, base + f->offset);
    comma = ",";
  }
  putchar('}');
}

/* ---- making requests ---- */

static size_t put_code(char *p, uint32_t c) {
  if (c < 0x80) {
    p[0] = (char)c;
    return 1;
  }
  unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
  p[0] = (char)(lead[more] | c >> (6 * more));
  for (unsigned i = 1; i <= more; i++) p[i] = (char)(0x80 | (c >> (6 * (more - i)) & 0x3F));
  return more + 1;
}

static uint32_t any_code(void) {
  static const uint32_t edges[] = {0,      1,      0x1F,    0x20,    0x7F,     0x80,
                                   0x7FF,  0x800,  0x2028,  0xD7FF,  0xE000,   0xFEFF,
                                   0xFFFE, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF, 0x3000};
  static const char troublesome[] = "\"\\/\b\f\n\r\t%+&=?#;: *~'<>{}[]";
  switch (check_below(6)) {
    case 0: return edges[check_below(sizeof edges / sizeof *edges)];
    case 1: return (uint32_t)troublesome[check_below(sizeof troublesome - 1)];
    case 2: return (uint32_t)check_below(0x20);
    case 3: {
      uint32_t c = (uint32_t)(check_below(17) << 16 | check_below(0x10000)); /* any plane */
      return c >= 0xD800 && c <= 0xDFFF ? c - 0x800 : c;
    }
    default: return (uint32_t)(0x20 + check_below(0x5F));
  }
}

/* UTF-8 of a length of its own, which begins with number when that is not negative. */
static ivs_str any_text(int number) {
  size_t length = check_below(8) == 0    ? 0
                  : check_below(40) == 0 ? check_below(LONG_TEXT)
                                         : 1 + check_below(24);
  char *p = (char *)take(length * 4 + 13);
  size_t n = number < 0 ? 0 : (size_t)snprintf(p, 13, "%d", number);
  for (size_t i = 0; i < length; i++) n += put_code(p + n, any_code());
  ivs_str s = {p, n};
  return s;
}

static int64_t any_int(void) {
  static const int64_t edges[] = {
      0,         1, -1, 9, 10, -10, 99, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, INT64_MIN + 1,
      1000000007};
  if (check_below(2)) return edges[check_below(sizeof edges / sizeof *edges)];
  return (int64_t)(check_random() ^ check_random() << 32) >> check_below(63);
}

static void fill_struct(uint8_t type, char *base, unsigned depth);

static void fill_list(const struct ivs_field *f, struct ivs_any_list *list, unsigned depth) {
  ivs_span like = {NULL, 0, f->kind, f->type};
  size_t size = element_size(&like), count = everything ? 1 + check_below(3) : check_below(5);
  char *items = (char *)take(count * size + 1);
  memset(items, 0, count * size + 1);
  list->items = items;
  list->count = count;
  for (size_t i = 0; i < count; i++) {
    if (f->kind == IVS_K_LIST) fill_struct(f->type, items + i * size, depth + 1);
    else if (f->kind == IVS_K_STRS) ((ivs_str *)(void *)items)[i] = any_text(-1);
    else ((ivs_pair *)(void *)items)[i] = (ivs_pair){any_text(i > 0 ? (int)i : -1), any_text(-1)};
  }
  /* The first name of a map has no number in front: it can be empty, and must not be one of the
     others. */
  if (f->kind == IVS_K_MAP && count > 1 && ((ivs_pair *)(void *)items)[0].name.n > 0)
    ((ivs_pair *)(void *)items)[0].name = any_text(0);
}

static void fill_member(const struct ivs_field *f, char *at, unsigned depth) {
  switch (f->kind) {
    case IVS_K_STR: *(ivs_str *)(void *)at = any_text(-1); return;
    case IVS_K_BOOL: *(ivs_bool *)at = check_below(2) ? IVS_TRUE : IVS_FALSE; return;
    case IVS_K_INT: *(ivs_int *)(void *)at = IVS_INT(any_int()); return;
    case IVS_K_TIME: die("a request with a time: say here how to make one");
    case IVS_K_STRUCT:
      fill_struct(f->type, at, depth + 1);
      if (check_below(2) || !something(f->type, at))
        *(bool *)at = true; /* not needed where anything is set */
      return;
    default: fill_list(f, (struct ivs_any_list *)(void *)at, depth);
  }
}

static void fill_struct(uint8_t type, char *base, unsigned depth) {
  const struct ivs_type *t = &ivs_types[type];
  if (depth > MORE_DEPTH) die("requests nest too deep");
  for (unsigned i = 0; i < t->count; i++) {
    const struct ivs_field *f = &ivs_fields[t->first + i];
    if (everything || (f->flags & IVS_F_REQUIRED) || check_below(2))
      fill_member(f, base + f->offset, depth);
  }
}

/* Counted first, then written into exactly that much. */
static ivs_str encoded(void (*encode)(const struct ivs_op *, const void *, struct ivs_out *),
                       const struct ivs_op *op, const void *in) {
  struct ivs_out count = {0};
  encode(op, in, &count);
  struct ivs_out o = ivs_out_to(malloc(count.n + 1), count.n);
  encode(op, in, &o);
  if (ivs_out_end(&o) != 0 || o.n != count.n) die("the count is not what is written");
  ivs_str s = {o.p, o.n};
  return s;
}

static void run_encode(const struct ivs_op *op, uint64_t seed, bool all) {
  static const char *const methods[] = {"GET", "POST", "DELETE"};
  size_t size = ivs_types[op->in].size;
  struct ivs_region none = {NULL, 0};
  ivs_str culprit;
  check_random_state = seed * 2 + 1;
  for (int i = 0; i < 8; i++) check_random(); /* small seeds differ in few bits */
  store_used = 0;
  everything = all;
  char *in = (char *)take(size + 1);
  memset(in, 0, size);
  fill_struct(op->in, in, 0);
  int r = ivs_encode_judge(op, in, none, &culprit);
  if (r < 0) {
    print_error(r, culprit);
    return;
  }
  ivs_str path = encoded(ivs_encode_path, op, in), query = encoded(ivs_encode_query, op, in),
          body = encoded(ivs_encode_body, op, in);
  printf("{\"request\":");
  print_struct(NULL, op->in, in);
  printf(",\"method\":\"%s\",\"path\":", methods[op->method]);
  print_text(path);
  printf(",\"query\":");
  print_text(query);
  printf(",\"body\":");
  print_hex(body.p, body.n);
  printf("}\n");
  free((void *)(uintptr_t)path.p);
  free((void *)(uintptr_t)query.p);
  free((void *)(uintptr_t)body.p);
}

/* ---- reading answers ---- */

static void read_answer(const struct ivs_op *op, char *text, size_t n) {
  struct source from = {{NULL, 0}, 0, {NULL, 0}};
  struct ivs_json_value root;
  int r = ivs_json_check(text, n, &from.arena.room);
  if (r < 0) {
    print_error(r, from.culprit);
    return;
  }
  size_t size = ivs_types[op->out].size;
  char *out = (char *)malloc(size + 1);
  from.arena.tokens = malloc(from.arena.room * IVS_JSON_TOKEN_SIZE);
  ivs_json_value_at(text, text + n, &root);
  r = ivs_decode(from.arena, op->out, root, out, &from.culprit);
  if (r == 0) {
    printf("{\"answer\":");
    print_struct(&from, op->out, out);
    /* What failed inside a list ends the line in its middle: the reader looks behind the tab. */
    if (from.err == 0) printf("}\n");
    else putchar('\t');
    r = from.err;
  }
  if (r < 0) print_error(r, from.culprit);
  free(from.arena.tokens);
  free(out);
}

static unsigned hex_digit(char c) {
  static const char digits[] = "0123456789abcdef";
  const char *at = c != '\0' ? strchr(digits, c) : NULL;
  if (at == NULL) die("not hexadecimal");
  return (unsigned)(at - digits);
}

static void run_decode(const struct ivs_op *op, const char *hex) {
  size_t n = strcspn(hex, "\r\n") / 2;
  char *text = (char *)malloc(n); /* exact, so that a sanitizer sees one byte too many */
  for (size_t i = 0; i < n; i++)
    text[i] = (char)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
  read_answer(op, text, n);
  free(text);
}

int main(void) {
  static char output[1 << 16];
  char *line = NULL;
  size_t room = 0;
  setvbuf(stdout, output, _IOFBF, sizeof output);
  store = (char *)malloc(STORE_SIZE);
  while (getline(&line, &room, stdin) > 0) {
    unsigned op;
    unsigned long long seed;
    char mode[8];
    char *end;
    if (strncmp(line, "decode ", 7) == 0 &&
        (op = (unsigned)strtoul(line + 7, &end, 10)) < IVS_OP_COUNT && *end == ' ')
      run_decode(&ivs_ops[op], end + 1);
    else if (sscanf(line, "encode %u %llu %7s", &op, &seed, mode) == 3 && op < IVS_OP_COUNT)
      run_encode(&ivs_ops[op], seed, strcmp(mode, "all") == 0);
    else die("the commands are: encode OP SEED all|random; decode OP HEX");
    fflush(stdout);
  }
  free(line);
  free(store);
  return 0;
}
