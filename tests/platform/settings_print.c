/*
 * Prints what the settings say, and the credentials that their source gives, as one line of JSON:
 * for tests/botocore/profiles.py.
 *
 * usage: settings_print [PROFILE]        the rest is the environment's
 */
#include <ivs/json.h>
#include <ivs/sources.h>

#include <time.h>

#include <stdio.h>

static char line[32 * 1024];

static void put_member(struct ivs_out *o, const char *name, const char *value) {
  ivs_put_text(o, o->n > 1 ? ", " : "");
  ivs_json_put_str(o, ivs_cstr(name));
  ivs_put_text(o, ": ");
  if (value == NULL) ivs_put_text(o, "null");
  else ivs_json_put_str(o, ivs_cstr(value));
}

static void put_number(struct ivs_out *o, const char *name, int64_t value) {
  ivs_put_text(o, ", ");
  ivs_json_put_str(o, ivs_cstr(name));
  ivs_put_text(o, ": ");
  ivs_put_int(o, value);
}

/* Has the provider get its credentials. */
static int ask(struct ivs_provider *p) {
  struct ivs_posix clock;
  int r;
  ivs_posix_init(&clock);
  while ((r = ivs_provider_ready(p, (int64_t)time(NULL), false)) == 1 || r == IVS_AGAIN) {
    struct ivs_wait w = {-1, 0, UINT64_MAX};
    if (r == 1) continue;
    p->fn->wants(p, &w);
    if (clock.port.fn->wait(&clock.port, &w) < 0) break;
  }
  return r;
}

static struct ivs_settings s;
static struct ivs_sources sources;

/* The credentials in use and when they end; *problem otherwise. */
static const struct ivs_creds *find_creds(int64_t *expires, const char **problem) {
  *problem = s.problem;
  *expires = s.expires;
  if (ivs_settings_read_creds(&s) < 0) return NULL;
  *expires = s.expires;
  *problem = sources.problem;
  if (ivs_sources_init(&sources, &s, NULL) < 0) return NULL;
  struct ivs_provider *p = sources.provider;
  if (p == NULL) return &s.creds;
  *problem = p->problem;
  if (ask(p) < 0) return NULL;
  *expires = p->expires;
  return &p->creds;
}

int main(int argc, char **argv) {
  struct ivs_settings_given given = {.profile = argc > 1 ? argv[1] : NULL};
  struct ivs_out o = ivs_out_to(line, sizeof line - 1);
  ivs_put_text(&o, "{");
  int r = ivs_settings_read(&s, &given);
  if (r == 0) ivs_settings_ask_region(&s, NULL);
  put_member(&o, "problem", r < 0 ? s.problem : NULL);
  put_number(&o, "fault", s.fault);
  put_member(&o, "profile", s.profile);
  put_member(&o, "region", s.region);
  put_member(&o, "region_from", s.region_from);
  put_member(&o, "endpoint_url", s.endpoint_url);
  put_member(&o, "ca_bundle", s.ca_bundle);
  put_number(&o, "fips", s.fips);
  put_number(&o, "dual_stack", s.dual_stack);
  put_number(&o, "keep_clock", s.keep_clock);
  put_number(&o, "max_attempts", s.max_attempts);
  if (r == 0) {
    static const struct ivs_creds none;
    int64_t expires;
    const char *problem;
    const struct ivs_creds *creds = find_creds(&expires, &problem);
    put_member(&o, "creds_problem", creds == NULL ? problem : NULL);
    put_number(&o, "creds_fault", s.fault);
    put_member(&o, "creds_from", s.creds_from);
    put_number(&o, "roles", (int64_t)s.source.role_count);
    if (creds == NULL) creds = &none;
    put_member(&o, "access_key_id", creds->access_key_id);
    put_member(&o, "secret_access_key", creds->secret_access_key);
    put_member(&o, "session_token", creds->session_token);
    put_number(&o, "expires", expires);
  }
  ivs_put_text(&o, "}");
  ivs_sources_free(&sources);
  ivs_settings_wipe(&s);
  if (ivs_out_end(&o) < 0) return 1;
  line[o.n] = '\0';
  return puts(line) < 0;
}
