/*
 * IS_ENABLED(): 1 for a macro that is defined as 1, else 0; also where it is not defined.
 */
#ifndef STAND_IN_UTIL_MACRO_H
#define STAND_IN_UTIL_MACRO_H

#define STAND_IN_COMMA_1 ignored,
#define STAND_IN_SECOND(first, second, ...) second
#define STAND_IN_ENABLED(comma) STAND_IN_SECOND(comma 1, 0, 0)
#define STAND_IN_PASTE(value) STAND_IN_ENABLED(STAND_IN_COMMA_##value)
#define IS_ENABLED(macro) STAND_IN_PASTE_OF(macro)
#define STAND_IN_PASTE_OF(value) STAND_IN_PASTE(value)

#endif
