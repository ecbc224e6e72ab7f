/*
 * Resolves endpoints, for tests/botocore/endpoints.py. Each line of stdin: service, region, flags
 * (a number) and URL of the caller or nothing, with tabs between. Prints a URL, or "!" and the
 * problem.
 */
#include <ivs/endpoint.h>

#include <stdio.h>
#include <stdlib.h>

static char line[4096];

/* The field at *at, which moves behind the tab that ends it. */
static ivs_str take_field(char **at) {
  ivs_str field = {*at, strcspn(*at, "\t\n")};
  *at += field.n + (field.p[field.n] != '\0');
  return field;
}

static void print_case(ivs_str service, ivs_str region, unsigned flags, ivs_str url) {
  struct ivs_endpoint e;
  const char *conflict = url.n > 0 ? ivs_endpoint_conflict(flags) : NULL;
  if (conflict != NULL) {
    printf("! %s\n", conflict);
    return;
  }
  int r =
      url.n > 0 ? ivs_endpoint_from_url(&e, url) : ivs_endpoint_resolve(&e, service, region, flags);
  if (r < 0) printf("! %s\n", ivs_strerror(r));
  else printf("%s://%s%s\n", e.tls ? "https" : "http", e.authority, e.path);
}

int main(void) {
  while (fgets(line, sizeof line, stdin) != NULL) {
    char *at = line;
    ivs_str service = take_field(&at), region = take_field(&at), flags = take_field(&at);
    print_case(service, region, (unsigned)strtoul(flags.p, NULL, 10), take_field(&at));
  }
  return 0;
}
