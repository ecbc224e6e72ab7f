/*
 * Words that whoever starts the emulator hands to the firmware: -semihosting-config arg=NAME=VALUE.
 */
#ifndef EMULATOR_H
#define EMULATOR_H

/* The value of a word, a NUL-ended text for the life of the program, which may overwrite it; NULL
   if it was not given. */
char *emulator_word(const char *name);

#endif
