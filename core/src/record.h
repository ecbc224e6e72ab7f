/*
 * Flat JSON objects that are not the API's, by tables of their own: events, the claims of a viewer
 * token. They are read a member at a time, without tokens, and stored as members of answers are.
 * Private to the core.
 */
#ifndef IVS_RECORD_H
#define IVS_RECORD_H

#include "decode.h"

/* One member: its name on the wire, and where and as what it is kept. Of the kinds there are
   IVS_K_STR, IVS_K_BOOL, IVS_K_INT, IVS_K_TIME, and IVS_K_STRUCT for an object or array that stays
   JSON: its text, an ivs_str. */
struct ivs_row {
  const char *name;
  uint16_t offset;
  uint8_t kind;
};

struct ivs_record {
  const struct ivs_row *rows;
  size_t count;
};

/*
 * Reads the object v of checked text into the struct at base, which was zeroed. Unknown members are
 * skipped, null counts as absent, of a repeated member the last counts. Texts with escapes are
 * unescaped in place if `spare` is NULL; else they are copied into that, and the text at v is only
 * read.
 * 0; IVS_ERR_TYPE: v is no object, or a member, the first of them in *culprit, has another type and
 * counts as absent, while the others are read; IVS_ERR_SPACE of spare.
 */
int ivs_record_read(const struct ivs_record *record, struct ivs_json_value v, struct ivs_out *spare,
                    void *base, ivs_str *culprit);

/* Writes the members that are there as one object. */
void ivs_record_write(const struct ivs_record *record, const void *base, struct ivs_out *o);

#endif
