/*
 * The proxy of the environment. No part of its value is ever repeated in a message.
 */
#include "system.h"

#include <ivs/crypto.h>
#include <ivs/proxy_settings.h>
#include <ivs/text.h>

#include <stdlib.h>

static const char form[] =
    " is not of the form http://host:port or http://user:password@host:port "
    "(with %40 %2F %3F %23 for @ / ? # in user and password)";

static int fail(struct ivs_proxy_settings *s, const char *problem) {
  const char *from = s->from;
  ivs_proxy_settings_wipe(s);
  s->from = from;
  struct ivs_out o = ivs_out_to(s->problem, sizeof s->problem - 1);
  ivs_put_text(&o, from);
  ivs_put_text(&o, problem);
  return IVS_ERR_ARGUMENT;
}

static ivs_str part(ivs_str s, size_t from, size_t to) {
  return (ivs_str){s.p + from, to - from};
}

static bool begins(ivs_str s, const char *with) {
  size_t n = strlen(with);
  return s.n >= n && ivs_str_eq_nocase(part(s, 0, n), ivs_cstr(with));
}

/* Where c is first, or s.n. */
static size_t find(ivs_str s, char c) {
  size_t at = 0;
  while (at < s.n && s.p[at] != c) at++;
  return at;
}

/* Where c is last, or s.n. */
static size_t find_last(ivs_str s, char c) {
  for (size_t at = s.n; at > 0; at--)
    if (s.p[at - 1] == c) return at - 1;
  return s.n;
}

/* The variable in small letters if it is set, else the other; *name: which. Absent if that one is
   empty or not set. */
static ivs_str variable(const char *small, const char *large, const char **name) {
  const char *value = getenv(small);
  *name = value != NULL ? small : large;
  if (value == NULL) value = getenv(large);
  if (value == NULL || value[0] == '\0') value = *name = NULL;
  return ivs_cstr(value);
}

/* --- NO_PROXY --- */

static bool is_same_port(ivs_str digits, uint16_t port) {
  char text[6];
  struct ivs_out o = ivs_out_to(text, sizeof text);
  ivs_put_int(&o, port);
  return ivs_str_eq(digits, (ivs_str){text, o.n});
}

/* "::1", "[::1]" and "[::1]:443". */
static bool is_address(ivs_str name, ivs_str host, uint16_t port) {
  if (!begins(name, "[")) return ivs_str_eq_nocase(name, host);
  size_t end = find(name, ']');
  if (end == name.n || !ivs_str_eq_nocase(part(name, 1, end), host)) return false;
  ivs_str rest = part(name, end + 1, name.n);
  return rest.n == 0 || (rest.p[0] == ':' && is_same_port(part(rest, 1, rest.n), port));
}

/* One element of the list. */
static bool is_named(ivs_str name, ivs_str host, uint16_t port) {
  while (name.n > 0 && (uint8_t)name.p[0] <= ' ') name = part(name, 1, name.n);
  while (name.n > 0 && (uint8_t)name.p[name.n - 1] <= ' ') name.n--;
  while (name.n > 0 && name.p[0] == '.') name = part(name, 1, name.n);
  if (find(host, ':') < host.n) return is_address(name, host, port);

  size_t colon = find_last(name, ':');
  if (colon < name.n && !is_same_port(part(name, colon + 1, name.n), port)) return false;
  name.n = colon;
  if (name.n == 0 || name.n > host.n) return false;
  if (name.n < host.n && host.p[host.n - name.n - 1] != '.') return false;
  return ivs_str_eq_nocase(part(host, host.n - name.n, host.n), name);
}

static bool is_direct(ivs_str host, uint16_t port) {
  const char *name;
  ivs_str list = variable("no_proxy", "NO_PROXY", &name);
  if (ivs_str_eq(list, IVS_STR("*"))) return true;
  while (list.n > 0) {
    size_t comma = find(list, ',');
    if (is_named(part(list, 0, comma), host, port)) return true;
    list = part(list, comma < list.n ? comma + 1 : comma, list.n);
  }
  return false;
}

/* --- the proxy --- */

static int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = ivs_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Copies with %XX decoded; a '%' before anything else is itself. False: no room, or a control
   character. */
static bool decode(char *to, size_t size, ivs_str s) {
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++, n++) {
    int high = s.p[i] == '%' && s.n - i > 2 ? hex_value(s.p[i + 1]) : -1;
    int low = high >= 0 ? hex_value(s.p[i + 2]) : -1;
    if (n + 1 >= size) return false;
    to[n] = low >= 0 ? (char)(high * 16 + low) : s.p[i];
    if (low >= 0) i += 2;
    if ((uint8_t)to[n] < ' ' || to[n] == 0x7F) return false;
  }
  to[n] = '\0';
  return true;
}

static int read_credentials(struct ivs_proxy_settings *s, ivs_str both) {
  size_t colon = find(both, ':');
  ivs_str password = part(both, colon < both.n ? colon + 1 : colon, both.n);
  if (!decode(s->user, sizeof s->user, part(both, 0, colon)) ||
      !decode(s->password, sizeof s->password, password))
    return fail(s, " has a user or password that is too long, or with control characters");
  if (strchr(s->user, ':') != NULL) return fail(s, " has a user with ':', which no proxy can take");
  return 0;
}

static bool is_host_char(char c, bool bracketed) {
  if (c == '.' || (c >= '0' && c <= '9')) return true;
  if (bracketed) return c == ':' || (c >= 'a' && c <= 'f');
  return c == '-' || c == '_' || (c >= 'a' && c <= 'z');
}

static int read_host(struct ivs_proxy_settings *s, ivs_str host, bool bracketed) {
  if (host.n == 0) return fail(s, form);
  if (ivs_str_copy(s->host, sizeof s->host, host) < 0)
    return fail(s, " has a host that is too long");
  for (char *c = s->host; *c != '\0'; c++) {
    *c = ivs_lower(*c);
    if (!is_host_char(*c, bracketed)) return fail(s, form);
  }
  return 0;
}

/* "host", "host:" or "host:port", the host perhaps in brackets. */
static int read_host_port(struct ivs_proxy_settings *s, ivs_str both) {
  bool bracketed = begins(both, "[");
  size_t end = find(both, bracketed ? ']' : ':');
  int64_t port = s->tls ? 443 : 80;
  if (bracketed && end == both.n) return fail(s, form);
  ivs_str rest = part(both, bracketed ? end + 1 : end, both.n);
  if (rest.n > 0 && rest.p[0] != ':') return fail(s, form);
  if (rest.n > 1 && ivs_str_to_int(part(rest, 1, rest.n), &port) < 0) return fail(s, form);
  if (port < 1 || port > 65535) return fail(s, form);
  s->port = (uint16_t)port;
  return read_host(s, part(both, bracketed ? 1 : 0, end), bracketed);
}

static int read_url(struct ivs_proxy_settings *s, ivs_str url) {
  s->tls = begins(url, "https://");
  if (s->tls) url = part(url, 8, url.n);
  else if (begins(url, "http://")) url = part(url, 7, url.n);
  else if (begins(url, "//")) url = part(url, 2, url.n);
  else if (begins(url, "http:") || begins(url, "https:")) return fail(s, form);
  else if (strstr(url.p, "://") != NULL)
    return fail(s, " wants a kind of proxy that is not supported: use http:// or https://");

  size_t end = 0;
  while (end < url.n && strchr("/?#", url.p[end]) == NULL) end++;
  if (end < url.n && !ivs_str_eq(part(url, end, url.n), IVS_STR("/"))) return fail(s, form);
  url.n = end;
  size_t at = find_last(url, '@');
  if (at == url.n) return read_host_port(s, url);
  int r = read_credentials(s, part(url, 0, at));
  return r < 0 ? r : read_host_port(s, part(url, at + 1, url.n));
}

/* see ivs/proxy_settings.h */
int ivs_proxy_settings_read(struct ivs_proxy_settings *s, ivs_str host, uint16_t port) {
  memset(s, 0, sizeof *s);
  ivs_str url = variable("https_proxy", "HTTPS_PROXY", &s->from);
  if (url.p == NULL || is_direct(host, port)) return 0;
  int r = read_url(s, url);
  return r < 0 ? r : 1;
}

/* see ivs/proxy_settings.h */
int ivs_proxy_settings_from_url(struct ivs_proxy_settings *s, const char *url, const char *from) {
  memset(s, 0, sizeof *s);
  s->from = from;
  int r = read_url(s, ivs_cstr(url));
  return r < 0 ? r : 1;
}

/* see ivs/proxy_settings.h */
void ivs_proxy_settings_wipe(struct ivs_proxy_settings *s) {
  ivs_wipe(s, sizeof *s);
}
