/*
 * File descriptors as all of this folder wants them. Internal to platform/posix.
 */
#ifndef IVS_POSIX_DESCRIPTOR_H
#define IVS_POSIX_DESCRIPTOR_H

/* A file descriptor becomes non-blocking, closed by exec, and raises no SIGPIPE where that can be
   said. 0 or an errno. */
int ivs_posix_prepare(int fd);

/* Two sockets that are connected with each other, both prepared. 0 or an errno. */
int ivs_posix_socket_pair(int fd[2]);

/* A pipe from fd[1] to fd[0], both closed by exec; reading does not block. 0 or an errno. */
int ivs_posix_pipe(int fd[2]);

#endif
