/*
 * The INI form of the AWS tools' files, as bytes come in. Internal to platform/posix.
 *
 *   # comment, also with ;, on a line of its own only
 *   [section]
 *   key = value                ':' does as well
 *     more of the value        a line that is indented deeper than its key
 *   key =
 *     name = value             nested: the key has no value of its own
 *
 * Lines end with LF, CR LF or CR. Blanks around keys, values and lines do not count. Keys are in
 * lower case, whatever the file has. A line that is neither of these is an error, wherever it is.
 */
#ifndef IVS_POSIX_INI_H
#define IVS_POSIX_INI_H

#include <ivs/base.h>
#include <ivs/config.h>

/* Bytes of a line, its end not counted: a key and its value, of which session tokens and commands
   are the longest. A comment may be longer. */
enum { IVS_INI_LINE_MAX = IVS_SESSION_TOKEN_MAX + 512 };

enum ivs_ini_item {
  IVS_INI_SECTION, /* name: what is between the brackets, blanks included */
  IVS_INI_KEY,     /* name and value, either without blanks at its ends; the value may be empty */
  IVS_INI_MORE     /* value: a further line of the last key's value; empty lines are not reported */
};

/* Takes an item; the texts are gone afterwards. Returns 0, or an error that ends the reading. */
typedef int ivs_ini_visit(void *context, enum ivs_ini_item item, ivs_str name, ivs_str value);

/* Zeroed but for visit and context. May hold secrets: wipe it. */
struct ivs_ini {
  ivs_ini_visit *visit;
  void *context;
  const char *problem; /* of the line, after IVS_ERR_ARGUMENT; NULL if it was visit that failed */
  size_t line;         /* number of the line that is read or was read last, from 1 */
  size_t n;            /* bytes in text */
  size_t indent;       /* of the last section or key */
  bool after_cr;
  bool too_long;
  bool in_section;
  bool has_key;
  bool nested; /* the last key has no value of its own */
  char text[IVS_INI_LINE_MAX];
};

/* Takes n bytes, however they are split. 0, IVS_ERR_ARGUMENT, or what visit returned. After an
   error nothing else may be called. */
int ivs_ini_feed(struct ivs_ini *ini, const char *p, size_t n);

/* The end of the file, whose last line need not have an end of its own. As ivs_ini_feed(). */
int ivs_ini_end(struct ivs_ini *ini);

/* s without blanks at its ends, which are the white space of ASCII and the separators below it. */
ivs_str ivs_ini_trim(ivs_str s);

#endif
