/*
 * Where the files of the AWS tools are. Internal to platform/posix.
 */
#ifndef IVS_POSIX_USER_FILE_H
#define IVS_POSIX_USER_FILE_H

#include <stddef.h>

enum { IVS_USER_FILE_MAX = 1023 };

/*
 * A leading "~" becomes the home of the user, "~name" that of another; one that nobody has stays.
 * 0, or IVS_ERR_SPACE if the result is too long; to is then empty.
 */
int ivs_user_home(const char *file, char to[IVS_USER_FILE_MAX + 1]);

/*
 * The name that the variable has, or otherwise if it is not set or empty: first $NAME and ${NAME}
 * become what the environment has, where names that are not set stay, then "~" as above. Results
 * are those of ivs_user_home().
 */
int ivs_user_file(const char *variable, const char *otherwise, char to[IVS_USER_FILE_MAX + 1]);

#endif
