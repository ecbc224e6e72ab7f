/*
 * Where the files of the AWS tools are. Internal to platform/posix.
 */
#ifndef IVS_POSIX_USER_FILE_H
#define IVS_POSIX_USER_FILE_H

#include <stddef.h>

enum { IVS_USER_FILE_MAX = 1023 };

/*
 * The name that the variable has, or otherwise if it is not set or empty. A leading "~" becomes the
 * home of the user, $NAME and ${NAME} what the environment has; names that are not set stay.
 * 0, or IVS_ERR_SPACE if the result is too long; to is then empty.
 */
int ivs_user_file(const char *variable, const char *otherwise, char to[IVS_USER_FILE_MAX + 1]);

#endif
