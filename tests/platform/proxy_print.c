/*
 * Prints what ivs_proxy_settings_read() finds, for tests/botocore/proxies.py. A case of stdin is
 * six texts, each ended by a NUL: the values of https_proxy, HTTPS_PROXY, no_proxy and NO_PROXY,
 * with '=' before them or nothing at all if the variable is not set; host and port of the endpoint.
 * Prints one line of JSON for each, user and password in hex.
 */
#include "../check.h"

#include <ivs/json.h>
#include <ivs/proxy_settings.h>

static char input[1 << 20], line[4096];

static void set_variable(const char *name, const char *value) {
  if (value[0] == '=') setenv(name, value + 1, 1);
  else unsetenv(name);
}

static void put_secret(struct ivs_out *o, const char *name, const char *value) {
  ivs_put_text(o, name);
  ivs_put_text(o, "\"");
  ivs_put_hex(o, (const uint8_t *)value, strlen(value));
  ivs_put_text(o, "\"");
}

/* Nothing may be left of a secret where there is no result that has it. */
static bool is_clean(const struct ivs_proxy_settings *s) {
  const char *p = (const char *)s;
  size_t from = offsetof(struct ivs_proxy_settings, user);
  size_t to = offsetof(struct ivs_proxy_settings, from);
  for (size_t i = from; i < to; i++)
    if (p[i] != 0) return false;
  return true;
}

static void print_case(ivs_str host, uint16_t port) {
  static struct ivs_proxy_settings s;
  memset(&s, 'x', sizeof s);
  int r = ivs_proxy_settings_read(&s, host, port);
  struct ivs_out o = ivs_out_to(line, sizeof line - 1);
  ivs_put_text(&o, "{\"result\": ");
  ivs_put_int(&o, r);
  ivs_put_text(&o, ", \"host\": ");
  ivs_json_put_str(&o, ivs_cstr(s.host));
  ivs_put_text(&o, ", \"port\": ");
  ivs_put_int(&o, s.port);
  ivs_put_text(&o, s.tls ? ", \"tls\": true" : ", \"tls\": false");
  put_secret(&o, ", \"user\": ", s.user);
  put_secret(&o, ", \"password\": ", s.password);
  ivs_put_text(&o, ", \"from\": ");
  ivs_json_put_str(&o, ivs_cstr(s.from != NULL ? s.from : ""));
  ivs_put_text(&o, ", \"problem\": ");
  ivs_json_put_str(&o, ivs_cstr(s.problem));
  ivs_put_text(&o, "}");
  if (r != 1 && !is_clean(&s)) exit(1);
  ivs_proxy_settings_wipe(&s);
  if (!is_clean(&s) || ivs_out_end(&o) < 0) exit(1);
  line[o.n] = '\0';
  puts(line);
}

int main(void) {
  size_t n = fread(input, 1, sizeof input - 1, stdin);
  const char *at = input;
  while (at < input + n) {
    const char *texts[6];
    for (int i = 0; i < 6; i++, at += strlen(at) + 1) texts[i] = at;
    set_variable("https_proxy", texts[0]);
    set_variable("HTTPS_PROXY", texts[1]);
    set_variable("no_proxy", texts[2]);
    set_variable("NO_PROXY", texts[3]);
    print_case(ivs_cstr(texts[4]), (uint16_t)atoi(texts[5]));
  }
  return 0;
}
