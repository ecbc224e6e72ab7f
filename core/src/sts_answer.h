/*
 * Reading the XML of AWS STS. Private to the core.
 *
 * Accepted is what STS writes: one element with its declaration, comments and blanks around it;
 * elements up to 8 deep, whose tags match; attributes, which are skipped; the entities amp, lt, gt,
 * quot, apos and character references (those over U+007F become '?'). Anything else is refused:
 * DOCTYPE and with it entities of its own, CDATA sections, text that is cut off.
 */
#ifndef IVS_STS_ANSWER_H
#define IVS_STS_ANSWER_H

#include <ivs/base.h>

/*
 * Finds the text of elements that stand in path[0] / path[1] / ... Only that place counts: the same
 * names elsewhere, in comments or attributes are none of it. An element that is missing, or holds
 * more than text, leaves its text absent. The texts are decoded in place; the byte behind each can
 * be overwritten. 0; or IVS_ERR_TYPE: not such XML, or one of the elements is there twice.
 */
int ivs_sts_read(char *xml, size_t size, const ivs_str *path, size_t path_n,
                 const char *const *names, ivs_str *texts, size_t n);

#endif
