/*
 * The files of the AWS tools: lines are the same in whatever pieces they come and however they end;
 * words and section headers; the output of a credential process; keys of a profile, and all that
 * the settings make of both files and of a proxy's URL. No message repeats a value of a key that is
 * secret.
 *
 * Input: the pieces; the config file up to a line "====", then the credentials file.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include "../../platform/posix/credential_process.h"
#include "../../platform/posix/ini.h"
#include "../../platform/posix/words.h"

#include <ivs/proxy_settings.h>
#include <ivs/settings.h>
#include <ivs/text.h>

#define SECRET "TheSecretThatNoMessageMayShow"

enum { LOG = 3 * FUZZ_MOST };

struct log {
  int result;
  size_t line, n;
  char text[LOG];
};

static void note(struct log *log, ivs_str s) {
  HOLDS(log->n + s.n + 1 <= LOG);
  if (s.n > 0) memcpy(log->text + log->n, s.p, s.n);
  log->n += s.n;
  log->text[log->n++] = '\n';
}

static int visit(void *context, enum ivs_ini_item item, ivs_str name, ivs_str value) {
  struct log *log = (struct log *)context;
  HOLDS(name.n <= IVS_INI_LINE_MAX && value.n <= IVS_INI_LINE_MAX);
  HOLDS(item == IVS_INI_MORE || name.n > 0);
  if (item != IVS_INI_SECTION) {
    ivs_str same = ivs_ini_trim(value);
    HOLDS(same.n == value.n);
  }
  log->text[log->n++] = (char)('0' + item);
  note(log, name);
  note(log, value);
  return 0;
}

static void read_ini(struct log *log, ivs_str text, struct fuzz_pieces pieces) {
  struct ivs_ini ini;
  memset(&ini, 0, sizeof ini);
  log->n = 0;
  log->result = 0;
  ini.visit = visit;
  ini.context = log;
  while (text.n > 0 && log->result == 0) {
    size_t n = fuzz_piece(&pieces, text.n);
    log->result = ivs_ini_feed(&ini, fuzz_copy(0, text.p, n), n);
    text.p += n;
    text.n -= n;
  }
  if (log->result == 0) log->result = ivs_ini_end(&ini);
  HOLDS(log->result == 0 || (log->result == IVS_ERR_ARGUMENT && ini.problem != NULL));
  log->line = ini.line;
}

static void any_pieces(ivs_str text, struct fuzz_pieces pieces) {
  static struct log whole, split;
  struct fuzz_pieces one = {{NULL, 0}, 0};
  if (text.n > FUZZ_MOST / 2) return;
  read_ini(&whole, text, one);
  read_ini(&split, text, pieces);
  HOLDS(whole.result == split.result && whole.line == split.line);
  HOLDS(fuzz_same(whole.text, whole.n, split.text, split.n));
}

/* Every line ends in LF, as it would after a copy from another system; a line of its own ends where
   one did. */
static ivs_str with_lf(ivs_str text) {
  char *to = fuzz_room(3, text.n);
  size_t n = 0;
  for (size_t i = 0; i < text.n; i++) {
    bool pair = text.p[i] == '\r' && i + 1 < text.n && text.p[i + 1] == '\n';
    if (!pair) to[n++] = text.p[i] == '\r' ? '\n' : text.p[i];
  }
  return (ivs_str){to, n};
}

static void any_line_ends(ivs_str text) {
  static struct log as_it_is, plain;
  struct fuzz_pieces one = {{NULL, 0}, 0};
  if (text.n > FUZZ_MOST / 2) return;
  read_ini(&as_it_is, text, one);
  read_ini(&plain, with_lf(text), one);
  HOLDS(as_it_is.result == plain.result && as_it_is.line == plain.line);
  HOLDS(fuzz_same(as_it_is.text, as_it_is.n, plain.text, plain.n));
}

static void words(ivs_str text) {
  ivs_str rest = {fuzz_copy(0, text.p, text.n), text.n};
  size_t all = 0;
  int r;
  do {
    struct ivs_out count = {0}, o;
    ivs_str before = rest;
    r = ivs_word_next(&rest, &count);
    HOLDS(fuzz_within(rest, text.n > 0 ? before.p : rest.p, before.n));
    if (r != 1) break;
    HOLDS(rest.n < before.n);
    o = ivs_out_to(fuzz_room(1, count.n), count.n);
    HOLDS(ivs_word_next(&before, &o) == 1 && ivs_out_end(&o) == 0 && before.n == rest.n);
    all += count.n;
  } while (true);
  HOLDS(r == 0 || r == IVS_ERR_ARGUMENT);
  HOLDS(all <= text.n && (r != 0 || rest.n == 0));
}

static void process_output(ivs_str text) {
  struct ivs_credential_texts texts;
  const char *problem = NULL;
  char *copy = fuzz_copy(0, text.p, text.n);
  int r = ivs_credential_json(copy, text.n, &texts, &problem);
  HOLDS(r == 0 || (r == IVS_ERR_CREDENTIALS && problem != NULL));
  if (r != 0) return;
  HOLDS(texts.id.n > 0 && texts.secret.n > 0);
  HOLDS(fuzz_within(texts.id, copy, text.n) && fuzz_within(texts.secret, copy, text.n) &&
        fuzz_within(texts.token, copy, text.n));
}

static void proxy_url(ivs_str text) {
  static struct ivs_proxy_settings s;
  char url[1024];
  if (ivs_str_copy(url, sizeof url, text) != 0) return;
  int r = ivs_proxy_settings_from_url(&s, url, "--proxy");
  HOLDS(r == 1 || r == IVS_ERR_ARGUMENT);
  if (r == 1) {
    HOLDS(s.host[0] != 0 && s.port != 0);
    HOLDS(strnlen(s.user, sizeof s.user) < sizeof s.user);
    HOLDS(strnlen(s.password, sizeof s.password) < sizeof s.password);
  } else {
    HOLDS(s.problem[0] != 0 && s.user[0] == 0 && s.password[0] == 0);
    HOLDS(!fuzz_holds(s.problem, strlen(s.problem), SECRET));
  }
  ivs_proxy_settings_wipe(&s);
  HOLDS(s.password[0] == 0);
}

/* --- the files, which lie in memory --- */

static int config_fd = -1, credentials_fd = -1;

static int memory_file(const char *variable) {
  char name[64];
  int fd = (int)syscall(SYS_memfd_create, variable, 0);
  HOLDS(fd >= 0);
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  setenv(variable, name, 1);
  return fd;
}

static void write_file(int fd, ivs_str text) {
  HOLDS(ftruncate(fd, 0) == 0 && pwrite(fd, text.p, text.n, 0) == (ssize_t)text.n);
}

static void set_up(void) {
  static const char *const unwanted[] = {"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID",
                                         "AWS_REGION",  "AWS_DEFAULT_REGION",  "AWS_ENDPOINT_URL"};
  if (config_fd >= 0) return;
  for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++) unsetenv(unwanted[i]);
  config_fd = memory_file("AWS_CONFIG_FILE");
  credentials_fd = memory_file("AWS_SHARED_CREDENTIALS_FILE");
}

static bool ended(const char *s, size_t size) {
  return strnlen(s, size) < size;
}

static void settings(ivs_str config, ivs_str credentials, const char *profile) {
  static struct ivs_settings s;
  struct ivs_settings_given given = {.profile = profile};
  write_file(config_fd, config);
  write_file(credentials_fd, credentials);
  int r = ivs_settings_read(&s, &given);
  HOLDS(r == 0 || (r == IVS_ERR_ARGUMENT && s.fault != IVS_FAULT_NONE && s.problem[0] != 0));
  HOLDS(ended(s.region, sizeof s.region) && ended(s.endpoint_url, sizeof s.endpoint_url) &&
        ended(s.ca_bundle, sizeof s.ca_bundle) && ended(s.problem, sizeof s.problem));
  if (r == 0) {
    HOLDS(s.max_attempts >= 1);
    r = ivs_settings_read_creds(&s);
    HOLDS(r == 0 || (r == IVS_ERR_CREDENTIALS && s.fault != IVS_FAULT_NONE && s.problem[0] != 0));
    HOLDS(r != 0 || s.source.role_count <= IVS_ROLES_MAX);
    HOLDS(r != 0 || s.source.kind != IVS_SOURCE_KEYS || s.creds.access_key_id[0] != 0);
  }
  HOLDS(!fuzz_holds(s.problem, strlen(s.problem), SECRET));
  ivs_settings_wipe(&s);
  HOLDS(!fuzz_holds(&s.creds, sizeof s.creds, SECRET));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  struct fuzz f = {data, n};
  struct fuzz_pieces pieces = fuzz_pieces(&f);
  if (n > FUZZ_MOST) return -1;
  set_up();
  ivs_str all = {(const char *)f.p, f.n}, config = all, credentials = {"", 0};
  for (size_t i = 0; i + 6 <= all.n; i++)
    if (memcmp(all.p + i, "\n====\n", 6) == 0) {
      config.n = i + 1;
      credentials = (ivs_str){all.p + i + 6, all.n - i - 6};
      break;
    }
  any_pieces(config, pieces);
  any_line_ends(config);
  words(config);
  process_output(all);
  proxy_url(all);
  settings(config, credentials, NULL);
  settings(config, credentials, "x");
  return 0;
}
