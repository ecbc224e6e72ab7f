/*
 * Runs a program several times and prints what each run cost the processor and how much memory it
 * held at its peak.
 *
 * usage: measure RUNS PROGRAM [ARGUMENT...]
 *
 * One line per run: microseconds of user and system time, peak resident KB. The program's standard
 * output is dropped. It is forked from here and not from a script, because the peak counts from
 * before exec. Exit code 1 if a run fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_RUN = 127 };

static void become(char **command) {
  int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (null >= 0) dup2(null, STDOUT_FILENO);
  execvp(command[0], command);
  fprintf(stderr, "measure: %s: %s\n", command[0], strerror(errno));
  _exit(NOT_RUN);
}

static long long us(struct timeval t) {
  return (long long)t.tv_sec * 1000000 + t.tv_usec;
}

/* 0, or -1 if the program could not be run or did not end with 0. */
static int run(char **command) {
  struct rusage use;
  int status;
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) become(command);
  if (pid < 0 || wait4(pid, &status, 0, &use) != pid) {
    perror("measure");
    return -1;
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fprintf(stderr, "measure: %s failed\n", command[0]);
    return -1;
  }
  printf("%lld %ld\n", us(use.ru_utime) + us(use.ru_stime), use.ru_maxrss);
  return 0;
}

int main(int argc, char **argv) {
  int runs = argc > 2 ? atoi(argv[1]) : 0;
  if (runs <= 0) {
    fputs("usage: measure RUNS PROGRAM [ARGUMENT...]\n", stderr);
    return 1;
  }
  for (int i = 0; i < runs; i++)
    if (run(argv + 2) != 0) return 1;
  return 0;
}
