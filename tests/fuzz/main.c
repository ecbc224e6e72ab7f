/*
 * A harness as a program of its own, for any compiler: runs each file that is named, every file of
 * each folder, or with no argument what comes on standard input, which is how AFL++ drives it.
 */
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

/* AFL++'s compilers bring a loop of their own: many inputs in one process. */
#ifndef __AFL_LOOP
#define __AFL_LOOP(most) (runs == 0)
#endif

static uint8_t bytes[FUZZ_MOST];
static unsigned long runs;

static void run_bytes(size_t n) {
  uint8_t *exact = (uint8_t *)malloc(n + (n == 0));
  if (n > 0) memcpy(exact, bytes, n);
  LLVMFuzzerTestOneInput(exact, n);
  free(exact);
  runs++;
}

/* Read without a buffer in between: AFL++ puts the next input where the last one was. */
static void run_standard_input(void) {
  while (__AFL_LOOP(10000)) {
    size_t n = 0;
    ssize_t got;
    while ((got = read(STDIN_FILENO, bytes + n, sizeof bytes - n)) > 0) n += (size_t)got;
    run_bytes(n);
  }
}

static void run_file(const char *name) {
  FILE *in = fopen(name, "rb");
  if (in == NULL) {
    perror(name);
    exit(2);
  }
  run_bytes(fread(bytes, 1, sizeof bytes, in));
  fclose(in);
}

static void run_folder(const char *name) {
  char path[4096];
  struct dirent **entries;
  int count = scandir(name, &entries, NULL, alphasort);
  for (int i = 0; i < count; i++) {
    struct stat is;
    snprintf(path, sizeof path, "%s/%s", name, entries[i]->d_name);
    if (stat(path, &is) == 0 && S_ISREG(is.st_mode)) run_file(path);
    free(entries[i]);
  }
  if (count >= 0) free(entries);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    struct stat is;
    if (stat(argv[i], &is) != 0) continue; /* no findings yet */
    if (S_ISDIR(is.st_mode)) run_folder(argv[i]);
    else run_file(argv[i]);
  }
  if (argc == 1) run_standard_input();
  if (runs == 0) fprintf(stderr, "nothing to run\n");
  else printf("%lu inputs\n", runs);
  return runs == 0;
}
