/*
 * What the check and the reader of JSON have in common. Private to the core.
 */
#ifndef IVS_JSON_SCAN_H
#define IVS_JSON_SCAN_H

#include <ivs/json.h>

/* The four hexadecimal digits at p as their value; -1 if there are none before end. In
   json_check.c. */
int32_t ivs_json_hex4(const char *p, const char *end);

/* The letters of the escapes that stand for a control character, and these, in the same order. In
   json_write.c. */
extern const char ivs_json_letters[6];
extern const char ivs_json_controls[6];

#endif
