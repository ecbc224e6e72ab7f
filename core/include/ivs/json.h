/*
 * JSON (RFC 8259): a writer of strings, a strict check, and a reader over jsmn.
 *
 * A text is checked once, as a whole; what the RFC rejects is rejected there. The reader then works
 * on checked text only: jsmn tokenises one object at a time, whose arrays and objects stay spans of
 * text. Nothing here recurses or keeps memory.
 */
#ifndef IVS_JSON_H
#define IVS_JSON_H

#include <ivs/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of one token; tokens lie on an address that int allows. */
enum { IVS_JSON_TOKEN_SIZE = 16 };

/* Writes s with its quotes, escaped: only what has to be (quote, backslash, control characters). s
   is UTF-8. */
void ivs_json_put_str(struct ivs_out *o, ivs_str s);

/*
 * Checks that n bytes at p are one JSON value with blanks around it: also UTF-8, surrogates in
 * pairs, nesting of at most IVS_JSON_DEPTH. *tokens: how many tokens the reader needs at the most,
 * when the objects that hold one another without an array between them are open at the same time.
 * 0, IVS_ERR_JSON (also for a text of 2 GB or more) or IVS_ERR_JSON_DEPTH.
 */
int ivs_json_check(const char *p, size_t n, size_t *tokens);

enum ivs_json_type {
  IVS_JSON_NULL,
  IVS_JSON_BOOL,
  IVS_JSON_NUMBER,
  IVS_JSON_STRING,
  IVS_JSON_ARRAY,
  IVS_JSON_OBJECT
};

/* One value within checked text. Strings are without their quotes and as yet escaped. */
struct ivs_json_value {
  char *p;
  uint32_t n;
  uint8_t type; /* enum ivs_json_type */
};

/* The value that begins at p, after blanks, and ends before end. Returns where it ends, its closing
   quote or bracket included. */
char *ivs_json_value_at(char *p, const char *end, struct ivs_json_value *v);

/* First byte at p or after that is not blank. */
char *ivs_json_blanks(char *p, const char *end);

/* Unescapes a string in place and gives the view of it. The value is used up. Also right for a
   value without escapes. */
ivs_str ivs_json_text(struct ivs_json_value v);

/* A number as an integer. IVS_ERR_TYPE if it has a fraction or an exponent or does not fit. */
int ivs_json_int(struct ivs_json_value v, int64_t *number);

/* An object, tokenised: its members in their order. */
struct ivs_json_object {
  char *text;
  char *end; /* behind its closing bracket */
  void *tokens;
  uint16_t count; /* of tokens */
  uint16_t next;
};

/* Tokenises the object v into room for `room` tokens. v.n need not be known: any number of bytes of
   the same text will do that has all of the object. 0, IVS_ERR_SPACE, or IVS_ERR_JSON if v is no
   object. */
int ivs_json_open(struct ivs_json_object *o, struct ivs_json_value v, void *tokens, size_t room);

/* The next member. 1, or 0 at the end. The name is unescaped. */
int ivs_json_member(struct ivs_json_object *o, ivs_str *name, struct ivs_json_value *v);

#ifdef __cplusplus
}
#endif

#endif
