/*
 * Prints what ivs_settings_read() and ivs_settings_read_creds() find, as one line of JSON.
 *
 * usage: settings_print [PROFILE]        the rest is the environment's
 */
#include <ivs/json.h>
#include <ivs/settings.h>

#include <stdio.h>

static char line[32 * 1024];

static void put_member(struct ivs_out *o, const char *name, const char *value) {
  ivs_put_text(o, o->n > 1 ? ", " : "");
  ivs_json_put_str(o, ivs_cstr(name));
  ivs_put_text(o, ": ");
  if (value == NULL) ivs_put_text(o, "null");
  else
    ivs_json_put_str(o, ivs_cstr(value));
}

static void put_number(struct ivs_out *o, const char *name, int64_t value) {
  ivs_put_text(o, ", ");
  ivs_json_put_str(o, ivs_cstr(name));
  ivs_put_text(o, ": ");
  ivs_put_int(o, value);
}

int main(int argc, char **argv) {
  static struct ivs_settings s;
  struct ivs_settings_given given = {.profile = argc > 1 ? argv[1] : NULL};
  struct ivs_out o = ivs_out_to(line, sizeof line - 1);
  ivs_put_text(&o, "{");
  int r = ivs_settings_read(&s, &given);
  put_member(&o, "problem", r < 0 ? s.problem : NULL);
  put_number(&o, "fault", s.fault);
  put_member(&o, "profile", s.profile);
  put_member(&o, "region", s.region);
  put_member(&o, "endpoint_url", s.endpoint_url);
  put_member(&o, "ca_bundle", s.ca_bundle);
  if (r == 0) {
    r = ivs_settings_read_creds(&s);
    put_member(&o, "creds_problem", r < 0 ? s.problem : NULL);
    put_number(&o, "creds_fault", s.fault);
    put_member(&o, "creds_from", s.creds_from);
    put_member(&o, "access_key_id", s.creds.access_key_id);
    put_member(&o, "secret_access_key", s.creds.secret_access_key);
    put_member(&o, "session_token", s.creds.session_token);
    put_number(&o, "expires", s.expires);
  }
  ivs_put_text(&o, "}");
  ivs_creds_wipe(&s.creds);
  if (ivs_out_end(&o) < 0) return 1;
  line[o.n] = '\0';
  return puts(line) < 0;
}
