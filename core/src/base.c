/*
 * The texts of the results.
 */
#include <ivs/base.h>

/* see ivs/base.h */
const char *ivs_strerror(int result) {
  if (result >= 0) return "success";
  switch (result) {
#define TEXT(name, number, text) \
  case number: return text;
    IVS_ERR_MAP(TEXT)
#undef TEXT
    default: return "unknown error";
  }
}
