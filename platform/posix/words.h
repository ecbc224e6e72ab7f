/*
 * Words of a text as a POSIX shell would split it, without any of its expansions: quotes, double
 * quotes and backslashes only. What the AWS tools do to the command of credential_process and to
 * section headers. Internal to platform/posix.
 */
#ifndef IVS_POSIX_WORDS_H
#define IVS_POSIX_WORDS_H

#include <ivs/text.h>

/* Puts the next word of text, which may be empty if it is quoted, and takes it off. 1; 0 at the
   end; IVS_ERR_ARGUMENT if a quote is not closed or a backslash is the last byte. */
int ivs_word_next(ivs_str *text, struct ivs_out *word);

#endif
