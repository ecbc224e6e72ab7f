/*
 * What the decoder of answers shares with the one of records (record.h). Private to the core.
 */
#ifndef IVS_DECODE_H
#define IVS_DECODE_H

#include <ivs/codec.h>

/* Stores a value of checked text, not null, into a zeroed member that is no struct. Text is
   unescaped in place. 0 or IVS_ERR_TYPE. */
int ivs_decode_member(const struct ivs_field *f, const struct ivs_json_value *v, void *to);

/* Takes a value and the ':' or ',' behind it; returns where the next one begins, or end. */
char *ivs_decode_take(char *p, char *end, struct ivs_json_value *v);

#endif
