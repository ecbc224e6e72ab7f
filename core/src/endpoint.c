#include <ivs/endpoint.h>
#include <ivs/text.h>

static bool starts_with(ivs_str s, const char *prefix) {
  ivs_str head = {s.p, strlen(prefix)};
  return s.n >= head.n && ivs_str_eq_nocase(head, ivs_cstr(prefix));
}

static ivs_str behind(ivs_str s, size_t n) {
  ivs_str rest = {s.p + n, s.n - n};
  return rest;
}

static bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* see ivs/endpoint.h */
bool ivs_is_region(ivs_str name) {
  for (size_t i = 0; i < name.n; i++)
    if (!is_name_char(name.p[i])) return false;
  return name.n > 0;
}

/* Those of China have hosts of their own. */
static bool is_chinese(ivs_str region) {
  return region.n >= 3 && memcmp(region.p, "cn-", 3) == 0;
}

/* see ivs/endpoint.h */
int ivs_endpoint_for_region(struct ivs_endpoint *e, ivs_str region) {
  if (!ivs_is_region(region)) return IVS_ERR_ARGUMENT;
  struct ivs_out o = ivs_out_to(e->authority, sizeof e->authority);
  memset(e, 0, sizeof *e);
  ivs_put_text(&o, "ivs.");
  ivs_put_str(&o, region);
  ivs_put_text(&o, is_chinese(region) ? ".amazonaws.com.cn" : ".amazonaws.com");
  ivs_put_char(&o, '\0');
  if (ivs_out_end(&o) < 0) return IVS_ERR_ARGUMENT;
  e->host_n = (uint8_t)(o.n - 1);
  e->port = 443;
  e->tls = true;
  return 0;
}

/* Of a host name or an IPv4 address; between brackets, of an IPv6 address. */
static bool is_host_char(char c, bool bracketed) {
  if (bracketed) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
  return is_name_char(c) || c == '.' || c == '_';
}

/* The host, lower-case, into authority. Returns what follows it; p == NULL if it is none. */
static ivs_str take_host(struct ivs_endpoint *e, ivs_str s) {
  bool bracketed = s.n > 0 && s.p[0] == '[';
  size_t n = bracketed ? 1 : 0;
  ivs_str none = {NULL, 0};
  if (bracketed) e->authority[0] = '[';
  for (; n < s.n && is_host_char(ivs_lower(s.p[n]), bracketed); n++) {
    if (n >= IVS_AUTHORITY_MAX - 7) return none;
    e->authority[n] = ivs_lower(s.p[n]);
  }
  e->host_at = bracketed ? 1 : 0;
  e->host_n = (uint8_t)(n - e->host_at);
  if (e->host_n == 0) return none;
  if (!bracketed) return behind(s, n);
  if (n == s.n || s.p[n] != ']') return none;
  e->authority[n] = ']';
  return behind(s, n + 1);
}

/* ":443" or nothing. The scheme's own port does not go into authority, any other does. */
static ivs_str take_port(struct ivs_endpoint *e, ivs_str s) {
  uint16_t usual = e->tls ? 443 : 80;
  int64_t port;
  size_t n = 1;
  ivs_str none = {NULL, 0};
  e->port = usual;
  if (s.n == 0 || s.p[0] != ':') return s;
  while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9') n++;
  ivs_str digits = {s.p + 1, n - 1};
  if (ivs_str_to_int(digits, &port) < 0 || port < 1 || port > 65535) return none;
  e->port = (uint16_t)port;
  if (e->port != usual) {
    size_t at = strlen(e->authority);
    struct ivs_out o = ivs_out_to(e->authority + at, sizeof e->authority - at);
    ivs_put_char(&o, ':');
    ivs_put_int(&o, port);
    ivs_put_char(&o, '\0');
  }
  return behind(s, n);
}

/* Signed as it is: no segment is empty, "." or "..", which servers resolve in ways of their own. */
static bool is_plain_path(ivs_str s) {
  while (s.n > 0) {
    size_t n = 1;
    while (n < s.n && s.p[n] != '/') n++;
    ivs_str segment = {s.p + 1, n - 1};
    if (segment.n == 0 || ivs_str_eq(segment, IVS_STR(".")) || ivs_str_eq(segment, IVS_STR("..")))
      return false;
    s = behind(s, n);
  }
  return true;
}

/* see ivs/endpoint.h */
int ivs_endpoint_from_url(struct ivs_endpoint *e, ivs_str url) {
  memset(e, 0, sizeof *e);
  e->tls = starts_with(url, "https://");
  if (!e->tls && !starts_with(url, "http://")) return IVS_ERR_ARGUMENT;
  ivs_str rest = take_host(e, behind(url, e->tls ? 8 : 7));
  if (rest.p == NULL) return IVS_ERR_ARGUMENT;
  rest = take_port(e, rest);
  if (rest.p == NULL || (rest.n > 0 && rest.p[0] != '/')) return IVS_ERR_ARGUMENT;
  for (size_t i = 0; i < rest.n; i++)
    if (rest.p[i] <= ' ' || rest.p[i] > '~' || rest.p[i] == '?' || rest.p[i] == '#')
      return IVS_ERR_ARGUMENT;
  while (rest.n > 0 && rest.p[rest.n - 1] == '/') rest.n--;
  if (!is_plain_path(rest)) return IVS_ERR_ARGUMENT;
  return ivs_str_copy(e->path, sizeof e->path, rest) == 0 ? 0 : IVS_ERR_ARGUMENT;
}

/* see ivs/endpoint.h */
bool ivs_endpoint_is_loopback(const struct ivs_endpoint *e) {
  ivs_str host = ivs_endpoint_host(e);
  if (ivs_str_eq(host, IVS_STR("localhost")) || ivs_str_eq(host, IVS_STR("::1"))) return true;
  if (!starts_with(host, "127.")) return false;
  for (size_t i = 0; i < host.n; i++)
    if (host.p[i] != '.' && (host.p[i] < '0' || host.p[i] > '9')) return false;
  return true;
}
