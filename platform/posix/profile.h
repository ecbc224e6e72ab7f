/*
 * Looking up keys of a profile in the files of the AWS tools. Internal to platform/posix.
 *
 *   config        ~/.aws/config or AWS_CONFIG_FILE: [default], [profile x], [services x]
 *   credentials   ~/.aws/credentials or AWS_SHARED_CREDENTIALS_FILE: [x]
 *
 * A file is read in pieces, and only what was asked for is kept.
 */
#ifndef IVS_POSIX_PROFILE_H
#define IVS_POSIX_PROFILE_H

#include <ivs/text.h>

enum ivs_profile_section { IVS_IN_CONFIG, IVS_IN_CREDENTIALS, IVS_IN_SERVICES };

/* A key that is wanted. */
struct ivs_profile_key {
  const char *name; /* lower case */
  char *to;         /* room for the value and a NUL; NULL: only whether it is there is asked */
  size_t size;
  bool cut;   /* a value too long for the room is none that matters: its beginning is kept */
  bool found; /* by any lookup so far; what was found before is replaced */
  bool here;  /* by this lookup */
};

struct ivs_profile {
  enum ivs_profile_section section;
  const char *name;
  const char *parent; /* keys are nested below this one; NULL: they are not */
  struct ivs_profile_key *keys;
  size_t count;
  char *problem; /* set when a lookup fails: one line, NUL-ended, without any value of the file */
  size_t problem_size;
};

/*
 * 1: the section is there, and its keys were filled. 0: it is not, or there is no such file.
 * IVS_ERR_ARGUMENT: the file is malformed or cannot be read, or a key is there twice or too long.
 * A file that cannot be read at the place where files are by default, because nobody named it,
 * counts as not there; problem says so, for the case that it is missed.
 */
int ivs_profile_look_up(struct ivs_profile *profile);

#endif
