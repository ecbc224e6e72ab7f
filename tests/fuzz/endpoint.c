/*
 * Endpoints: a URL that is taken, written again from its parts, gives the same parts; nothing that
 * could end a line of a request or a host name is in them; a region gives the same host by either
 * way, or none.
 *
 * Input: a byte of flags, the URL or region.
 */
#include "fuzz.h"

#include <ivs/container.h>
#include <ivs/endpoint.h>

static void check_parts(const struct ivs_endpoint *e) {
  size_t n = strnlen(e->authority, sizeof e->authority);
  HOLDS(n > 0 && n <= IVS_AUTHORITY_MAX);
  HOLDS(strnlen(e->path, sizeof e->path) <= IVS_BASE_PATH_MAX);
  HOLDS(e->port != 0 && e->host_n > 0 && (size_t)e->host_at + e->host_n <= n);
  for (const char *p = e->authority; *p != 0; p++)
    HOLDS(*p > ' ' && *p < 0x7F && strchr("/?#@\\", *p) == NULL && !(*p >= 'A' && *p <= 'Z'));
  for (const char *p = e->path; *p != 0; p++)
    HOLDS(*p > ' ' && *p < 0x7F && *p != '?' && *p != '#');
  HOLDS(e->path[0] == 0 || (e->path[0] == '/' && e->path[strlen(e->path) - 1] != '/'));
  (void)ivs_endpoint_is_loopback(e);
}

static void again(const struct ivs_endpoint *e) {
  struct ivs_endpoint back;
  char url[IVS_AUTHORITY_MAX + IVS_BASE_PATH_MAX + 16];
  if (strlen(e->authority) > IVS_AUTHORITY_MAX - 7)
    return; /* of a region; a URL needs room for a port */
  snprintf(url, sizeof url, "http%s://%s%s", e->tls ? "s" : "", e->authority, e->path);
  HOLDS(ivs_endpoint_from_url(&back, ivs_cstr(url)) == 0);
  HOLDS(strcmp(back.authority, e->authority) == 0 && strcmp(back.path, e->path) == 0);
  HOLDS(back.port == e->port && back.tls == e->tls && back.host_n == e->host_n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  struct fuzz f = {data, n};
  unsigned flags = fuzz_byte(&f);
  struct ivs_endpoint e, by_rules;
  ivs_str path;
  if (n > 4096) return -1;
  ivs_str text = {fuzz_copy(0, f.p, f.n), f.n};
  int r = ivs_endpoint_from_url(&e, text);
  HOLDS(r == 0 || r == IVS_ERR_ARGUMENT);
  if (r == 0) {
    check_parts(&e);
    again(&e);
  }
  r = ivs_container_from_url(&e, &path, text);
  HOLDS(r == 0 || r == IVS_ERR_ARGUMENT);
  if (r == 0) {
    check_parts(&e);
    HOLDS(fuzz_within(path, text.p, text.n) || path.p == NULL || path.n <= 1);
    (void)ivs_container_allowed(&e);
  }
  int plain = ivs_endpoint_for_region(&e, text);
  HOLDS(plain == 0 || plain == IVS_ERR_ARGUMENT);
  HOLDS(plain != 0 || ivs_is_region(text));
  if (plain == 0) again(&e);
  r = ivs_endpoint_resolve(&by_rules, flags & 4 ? IVS_STR("sts") : IVS_STR("ivs"), text, flags & 3);
  HOLDS(r == 0 || r == IVS_ERR_ARGUMENT);
  if (r != 0) return 0;
  HOLDS(ivs_is_region(text) && by_rules.tls && by_rules.port == 443);
  check_parts(&by_rules);
  again(&by_rules);
  return 0;
}
