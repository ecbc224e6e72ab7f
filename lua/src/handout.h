/*
 * A text for one program to read, without a file that others could find: whoever inherits the
 * descriptor opens it as /dev/fd/N.
 */
#ifndef IVS_HANDOUT_H
#define IVS_HANDOUT_H

#include <stddef.h>

/* A descriptor, closed on exec, that the text is read from; the caller's to close. -1 and errno. */
int ivs_handout_open(const char *text, size_t n);

#endif
