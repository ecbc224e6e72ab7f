/*
 * The name of a result, for programs that tests read the output of.
 */
#ifndef ERROR_NAME_H
#define ERROR_NAME_H

#include <ivs/base.h>

/* "IVS_ERR_NET" and so on, without its "IVS_ERR_"; "OK" for whatever is no error. */
static inline const char *error_name(int result) {
  switch (result) {
#define ERROR_NAME_CASE(name, number, text) \
  case number: return #name;
    IVS_ERR_MAP(ERROR_NAME_CASE)
#undef ERROR_NAME_CASE
    default: return "OK";
  }
}

#endif
