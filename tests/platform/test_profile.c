/*
 * The readers under the settings: INI in pieces, words, credential processes; and what the settings
 * leave alone. What the files mean is compared with botocore in tests/botocore/profiles.py.
 */
#include "../check.h"

#include "../../platform/posix/ini.h"
#include "../../platform/posix/user_file.h"
#include "../../platform/posix/words.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <ivs/posix.h>
#include <ivs/process_provider.h>
#include <ivs/settings.h>
#include <ivs/sources.h>

/* --- INI --- */

/* What a reading reported, one item a line; then "ok" or "LINE: problem". */
struct transcript {
  char text[16 * 1024];
  struct ivs_out out;
};

static int note(void *context, enum ivs_ini_item item, ivs_str name, ivs_str value) {
  static const char *const kinds[] = {"section", "key", "more"};
  struct ivs_out *o = &((struct transcript *)context)->out;
  ivs_put_text(o, kinds[item]);
  if (item != IVS_INI_MORE) {
    ivs_put_text(o, " <");
    ivs_put_str(o, name);
    ivs_put_text(o, ">");
  }
  if (item != IVS_INI_SECTION) {
    ivs_put_text(o, " <");
    ivs_put_str(o, value);
    ivs_put_text(o, ">");
  }
  ivs_put_text(o, "\n");
  return ivs_str_eq(name, ivs_cstr("stop")) ? IVS_ERR_RANGE : 0;
}

static void begin(struct ivs_ini *ini, struct transcript *t) {
  memset(ini, 0, sizeof *ini);
  ini->visit = note;
  ini->context = t;
  t->out = ivs_out_to(t->text, sizeof t->text);
}

static void end(struct ivs_ini *ini, struct transcript *t, int r) {
  if (r == 0) r = ivs_ini_end(ini);
  if (r != 0) {
    ivs_put_int(&t->out, (int64_t)ini->line);
    ivs_put_text(&t->out, ": ");
  }
  ivs_put_text(&t->out, r == 0 ? "ok" : r == IVS_ERR_ARGUMENT ? ini->problem : "stopped");
}

static struct ivs_ini ini;
static struct transcript whole, split;

/* The transcript is the same wherever the text is cut, and byte for byte. */
static void expect(ivs_str text, const char *items) {
  begin(&ini, &whole);
  end(&ini, &whole, ivs_ini_feed(&ini, text.p, text.n));
  CHECK_MEM(whole.text, whole.out.n, items, strlen(items));
  for (size_t at = 0; at <= text.n; at++) {
    begin(&ini, &split);
    int r = ivs_ini_feed(&ini, text.p, at);
    if (r == 0) r = ivs_ini_feed(&ini, text.p + at, text.n - at);
    end(&ini, &split, r);
    CHECK_MEM(split.text, split.out.n, whole.text, whole.out.n);
  }
  begin(&ini, &split);
  int r = 0;
  for (size_t i = 0; i < text.n && r == 0; i++) r = ivs_ini_feed(&ini, text.p + i, 1);
  end(&ini, &split, r);
  CHECK_MEM(split.text, split.out.n, whole.text, whole.out.n);
}

static void test_ini(void) {
  expect(IVS_STR(""), "ok");
  expect(IVS_STR("\n\r\n\r \t\n# c\n ; c"), "ok");
  expect(IVS_STR("[a]"), "section <a>\nok");
  expect(IVS_STR("[a]x\r\n\r\n [ b ] ]\rK = v\nL:v=w \n"),
         "section <a>\nsection < b ] >\nkey <k> <v>\nkey <l> <v=w>\nok");
  expect(IVS_STR("[a]\nk =\n  x = y\n\n  # c\n  z=\n l =m\n  n"),
         "section <a>\nkey <k> <>\nmore <x = y>\nmore <z=>\nmore <l =m>\n8: "
         "an indented line below a key without a value must be: name = value");
  expect(IVS_STR("[a]\n  k = 1\n  l = 2\n   m\nn = 3\n [b]\n"),
         "section <a>\nkey <k> <1>\nkey <l> <2>\nmore <m>\nkey <n> <3>\nmore <[b]>\nok");
  expect(IVS_STR("[a]\n = x\n"), "section <a>\n2: neither a [section] nor key = value");
  expect(IVS_STR("[a]\n\njunk"), "section <a>\n3: neither a [section] nor key = value");
  expect(IVS_STR("\r\n\r\n\rk = v\n"), "4: a [section] must come first");
  expect(IVS_STR("[]\n"), "1: a [section] must come first");
  expect(IVS_STR("[]]\n"), "section <]>\nok");
  expect(IVS_STR("[a]\nk = \0v\n"), "section <a>\n2: the line holds a NUL");
  expect(IVS_STR("\xEF\xBB\xBF[a]\n\xEF\xBB\xBFk=\n"), "section <a>\nkey <\xEF\xBB\xBFk> <>\nok");
  expect(IVS_STR("\xEF\xBB\n"), "1: a [section] must come first");
  expect(IVS_STR("[a]\nstop = 1\nk = 2\n"), "section <a>\nkey <stop> <1>\n2: stopped");
}

/* n bytes: "[a]\n", then one line that begins with start and goes on with 'y'. */
static ivs_str long_text(const char *start, size_t line) {
  static char text[3 * IVS_INI_LINE_MAX];
  struct ivs_out o = ivs_out_to(text, sizeof text);
  ivs_put_text(&o, "[a]\n");
  ivs_put_text(&o, start);
  while (o.n < line + 4) ivs_put_char(&o, 'y');
  ivs_put_text(&o, "\n[b]\n");
  CHECK_INT(ivs_out_end(&o), 0);
  return (ivs_str){text, o.n};
}

static void test_ini_lines(void) {
  ivs_str text = long_text("k = ", IVS_INI_LINE_MAX);
  begin(&ini, &whole);
  end(&ini, &whole, ivs_ini_feed(&ini, text.p, text.n));
  CHECK(check_holds(whole.text, whole.out.n, "yyy>\nsection <b>\nok"));
  text = long_text("k = ", IVS_INI_LINE_MAX + 1);
  begin(&ini, &whole);
  end(&ini, &whole, ivs_ini_feed(&ini, text.p, text.n));
  CHECK_STR(((ivs_str){whole.text, whole.out.n}), "section <a>\n2: the line is too long");
  text = long_text("\t# ", 2 * IVS_INI_LINE_MAX);
  begin(&ini, &whole);
  end(&ini, &whole, ivs_ini_feed(&ini, text.p, text.n));
  CHECK_STR(((ivs_str){whole.text, whole.out.n}), "section <a>\nsection <b>\nok");
}

/* Any bytes: no fault, and the same in two pieces. */
static void test_ini_random(void) {
  static const char bytes[] = "[]=: \t\r\n#;ab\0\xEF\xBB\xBF";
  char text[64];
  for (int round = 0; round < 20000; round++) {
    size_t n = check_below(sizeof text), at = check_below(n + 1);
    for (size_t i = 0; i < n; i++) text[i] = bytes[check_below(sizeof bytes - 1)];
    if (n >= 4) memcpy(text, "[a]\n", 4);
    begin(&ini, &whole);
    end(&ini, &whole, ivs_ini_feed(&ini, text, n));
    begin(&ini, &split);
    int r = ivs_ini_feed(&ini, text, at);
    if (r == 0) r = ivs_ini_feed(&ini, text + at, n - at);
    end(&ini, &split, r);
    CHECK_MEM(split.text, split.out.n, whole.text, whole.out.n);
  }
}

/* --- words --- */

/* The words, each followed by '|'; "!" for an error. */
static void expect_words(const char *text, const char *words) {
  char to[256];
  struct ivs_out o = ivs_out_to(to, sizeof to);
  ivs_str rest = ivs_cstr(text);
  int r;
  while ((r = ivs_word_next(&rest, &o)) == 1) ivs_put_char(&o, '|');
  if (r < 0) ivs_put_char(&o, '!');
  CHECK_MEM(to, o.n, words, strlen(words));
}

static void test_words(void) {
  expect_words("", "");
  expect_words(" \t\r\n", "");
  expect_words("a b\tc\nd", "a|b|c|d|");
  expect_words("  a  ", "a|");
  expect_words("'' \"\" a''b", "||ab|");
  expect_words("'a b'\"c d\"e\\ f", "a bc de f|");
  expect_words("'a\\b' \"a\\b\\\\\\\"\\'\"", "a\\b|a\\b\\\"\\'|");
  expect_words("\\a\\\\\\'\\\"", "a\\'\"|");
  expect_words("a#b $c `d` *;|", "a#b|$c|`d`|*;||");
  expect_words("\\\n", "\n|");
  expect_words("a 'b", "a|b!");
  expect_words("\"", "!");
  expect_words("\"\\", "!");
  expect_words("a\\", "a!");
}

/* --- credential processes --- */

static struct ivs_process_provider process;
static char output[IVS_PROCESS_SPACE];

/* Steps the provider until it has done, at the time `now`; counts the waits. */
static int get(int64_t now, unsigned *waits) {
  struct ivs_posix clock;
  int r;
  ivs_posix_init(&clock);
  *waits = 0;
  while ((r = process.base.fn->step(&process.base, now)) == 1 || r == IVS_AGAIN) {
    struct ivs_wait w = {-1, 0, UINT64_MAX};
    if (r == 1) continue;
    ++*waits;
    process.base.fn->wants(&process.base, &w);
    CHECK_INT(clock.port.fn->wait(&clock.port, &w), 0);
  }
  return r;
}

static int run(const char *command, uint32_t ms) {
  struct ivs_process_options options = {.command = ivs_cstr(command),
                                        .name = "test",
                                        .space = output,
                                        .space_n = sizeof output,
                                        .timeout_ms = ms};
  unsigned waits;
  CHECK_INT(ivs_process_provider_init(&process, &options), 0);
  int r = get(1790000000, &waits);
  for (size_t i = 0; i < sizeof output; i++)
    if (!CHECK_INT(output[i], 0)) break; /* secrets are wiped */
  return r;
}

static uint64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* The command fails for want of time, and soon after it. */
static void expect_late(const char *command, const char *problem) {
  uint64_t before = now_ms();
  CHECK_INT(run(command, 300), IVS_ERR_CREDENTIALS);
  CHECK_STR(ivs_cstr(process.base.problem), problem);
  CHECK(now_ms() - before >= 300);
  CHECK(now_ms() - before < 10 * 1000);
}

#define ANSWER "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S\"}"
#define PRINTS "sh -c 'printf %s \"$0\"' '" ANSWER "'"

static void test_process_deadline(void) {
  expect_late("sleep 60", "test: it did not close its output within the time limit");
  expect_late("sh -c 'exec >&-; exec sleep 60'", "test: it did not end within the time limit");
  /* The child ends; a grandchild has its output still. */
  expect_late("sh -c 'sleep 3 & exit 0'",
              "test: it did not close its output within the time limit");
  expect_late("sh -c 'trap \"\" TERM INT; while :; do sleep 1; done'",
              "test: it did not close its output within the time limit");
}

static int open_files(void) {
  int count = 0;
  for (int fd = 0; fd < 256; fd++) count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

static void test_process(void) {
  int before = open_files();
  CHECK_INT(run(PRINTS, 20000), 0);
  CHECK_STR(ivs_cstr(process.base.creds.secret_access_key), "S");
  CHECK_INT(process.base.expires, 0);
  CHECK_INT(run("sh -c 'sleep 0.2; printf %s \"$0\"; sleep 0.2' '" ANSWER "'", 20000), 0);
  CHECK_INT(run("/", 20000), IVS_ERR_CREDENTIALS);
  CHECK_INT(run("'' a", 20000), IVS_ERR_CREDENTIALS);
  CHECK_INT(run("sh -c 'exit 3'", 20000), IVS_ERR_CREDENTIALS);
  CHECK_STR(ivs_cstr(process.base.problem), "test: it ended with status 3");
  CHECK_INT(run("yes", 20000), IVS_ERR_CREDENTIALS);
  CHECK_STR(ivs_cstr(process.base.problem), "test: it printed too much");
  CHECK_INT(open_files(), before);
  CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
  CHECK_INT(errno, ECHILD);
}

/* The wait is for the output, not a busy loop; and what is under way can be given up. */
static void test_process_wait(void) {
  int before = open_files();
  unsigned waits;
  CHECK_INT(run("sh -c 'sleep 0.5; printf %s \"$0\"' '" ANSWER "'", 20000), 0);
  process.options.command = ivs_cstr("sh -c 'sleep 0.5; printf %s \"$0\"' '" ANSWER "'");
  CHECK_INT(get(1790000000, &waits), 0);
  CHECK(waits < 50);
  CHECK_INT(process.base.version, 2);
  process.options.command = ivs_cstr("sleep 60");
  while (process.base.fn->step(&process.base, 1790000000) == 1) {
  }
  process.base.fn->cancel(&process.base);
  CHECK_INT(open_files(), before);
  CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
}

/* What has an end is renewed before it; while that fails, the old ones hold. */
static void test_process_expiry(void) {
  enum { NOW = 1790000000 }; /* 2026-09-21T14:13:20Z */
  CHECK_INT(run("echo '{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S\","
                "\"SessionToken\":\"T\",\"Expiration\":\"2026-09-21T15:13:20Z\"}'",
                20000),
            0);
  CHECK_INT(process.base.expires, NOW + 3600);
  CHECK_INT(ivs_provider_ready(&process.base, NOW + 3200, false), 0);
  process.options.command = ivs_cstr("false");
  int r;
  while ((r = ivs_provider_ready(&process.base, NOW + 3400, false)) == 1 || r == IVS_AGAIN) {
  }
  CHECK_INT(r, 0);
  while ((r = ivs_provider_ready(&process.base, NOW + 3600, false)) == 1 || r == IVS_AGAIN) {
  }
  CHECK_INT(r, IVS_ERR_CREDENTIALS);
  CHECK_INT(run("echo '{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S\","
                "\"Expiration\":\"2026-09-21T14:13:20Z\"}'",
                20000),
            IVS_ERR_CREDENTIALS);
  CHECK_STR(ivs_cstr(process.base.problem), "test: its credentials have expired already");
}

/* A program that ignores the ends of its children, and one without stdout. */
static void test_process_hosts(void) {
  signal(SIGCHLD, SIG_IGN);
  CHECK_INT(run(PRINTS, 20000), 0);
  signal(SIGCHLD, SIG_DFL);
  fflush(stdout);
  int kept = dup(STDOUT_FILENO);
  close(STDOUT_FILENO);
  int r = run(PRINTS, 20000);
  dup2(kept, STDOUT_FILENO);
  close(kept);
  CHECK_INT(r, 0);
  /* With stdin and stdout closed, the pipe gets their numbers. */
  kept = dup(STDOUT_FILENO);
  int kept_in = dup(STDIN_FILENO);
  close(STDIN_FILENO);
  close(STDOUT_FILENO);
  r = run(PRINTS, 20000);
  dup2(kept_in, STDIN_FILENO);
  dup2(kept, STDOUT_FILENO);
  close(kept_in);
  close(kept);
  CHECK_INT(r, 0);
}

static void test_process_words(void) {
  static char command[IVS_COMMAND_MAX + 2];
  for (size_t i = 0; i < 64; i++) memcpy(command + 2 * i, "x ", 3);
  CHECK_INT(run(command, 20000), IVS_ERR_CREDENTIALS);
  CHECK_STR(ivs_cstr(process.base.problem), "test: it has more than 63 words");
  memset(command, 'x', IVS_COMMAND_MAX + 1);
  CHECK_INT(run(command, 20000), IVS_ERR_CREDENTIALS);
  CHECK_STR(ivs_cstr(process.base.problem), "test: it is longer than 4095 bytes");
}

/* --- settings --- */

static struct ivs_settings s;

static void clear_environment(void) {
  static const char *const names[] = {"AWS_PROFILE",
                                      "AWS_DEFAULT_PROFILE",
                                      "AWS_REGION",
                                      "AWS_DEFAULT_REGION",
                                      "AWS_ENDPOINT_URL",
                                      "AWS_ENDPOINT_URL_IVS",
                                      "AWS_CA_BUNDLE",
                                      "AWS_ACCESS_KEY_ID",
                                      "AWS_SECRET_ACCESS_KEY",
                                      "AWS_SESSION_TOKEN",
                                      "AWS_SECURITY_TOKEN",
                                      "AWS_CREDENTIAL_EXPIRATION",
                                      "AWS_WEB_IDENTITY_TOKEN_FILE",
                                      "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                                      "AWS_MAX_ATTEMPTS",
                                      "AWS_RETRY_MODE",
                                      "AWS_USE_FIPS_ENDPOINT",
                                      "AWS_USE_DUALSTACK_ENDPOINT"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) unsetenv(names[i]);
  setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
}

/* The files are not looked at where the caller has given everything: here they are no good. */
static void test_untouched(void) {
  struct ivs_settings_given all = {
      .region = true, .endpoint_url = true, .ca_bundle = true, .creds = true};
  clear_environment();
  setenv("AWS_CONFIG_FILE", __FILE__, 1);
  setenv("AWS_SHARED_CREDENTIALS_FILE", __FILE__, 1);
  CHECK_INT(ivs_settings_read(&s, NULL), IVS_ERR_ARGUMENT);
  CHECK_INT(s.fault, IVS_FAULT_FILE);
  CHECK_INT(ivs_settings_read(&s, &all), 0);
  CHECK_INT(s.max_attempts, 3);
  setenv("AWS_PROFILE", "x", 1);
  setenv("AWS_RETRY_MODE", "legacy", 1);
  CHECK_INT(ivs_settings_read(&s, &all), 0);
  CHECK_INT(s.max_attempts, 5);
  all.creds = false;
  CHECK_INT(ivs_settings_read(&s, &all), IVS_ERR_ARGUMENT);
  all.creds = true;
  all.profile = "x";
  CHECK_INT(ivs_settings_read(&s, &all), IVS_ERR_ARGUMENT);
}

/* A role on top of what was found, up to four in a row. */
static void test_add_role(void) {
  struct ivs_settings_role role = {.arn = "arn:1"};
  clear_environment();
  setenv("AWS_CONFIG_FILE", "/nonexistent", 1);
  setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent", 1);
  setenv("AWS_ACCESS_KEY_ID", "A", 1);
  setenv("AWS_SECRET_ACCESS_KEY", "S", 1);
  setenv("AWS_ENDPOINT_URL_STS", "https://h", 1);
  CHECK_INT(ivs_settings_read(&s, NULL), 0);
  CHECK_INT(ivs_settings_read_creds(&s), 0);
  CHECK_STR(ivs_cstr(s.sts_url), "");
  CHECK_INT(ivs_settings_add_role(&s, &role), 0);
  role.arn[4] = '2';
  CHECK_INT(ivs_settings_add_role(&s, &role), 0);
  CHECK_STR(ivs_cstr(s.source.roles[0].arn), "arn:2");
  CHECK_STR(ivs_cstr(s.source.roles[1].arn), "arn:1");
  CHECK(strncmp(s.source.roles[0].session_name, "ivs-session-", 12) == 0);
  CHECK_STR(ivs_cstr(s.sts_url), "https://h");
  CHECK_INT(ivs_settings_add_role(&s, &role), 0);
  CHECK_INT(ivs_settings_add_role(&s, &role), 0);
  CHECK_INT(ivs_settings_add_role(&s, &role), IVS_ERR_CREDENTIALS);
  CHECK_STR(ivs_cstr(s.problem), "there are more than 4 roles in a row");
  ivs_settings_wipe(&s);
  CHECK_STR(ivs_cstr(s.creds.secret_access_key), "");
  unsetenv("AWS_ENDPOINT_URL_STS");
}

/* What the caller has is not taken from anywhere else. */
static void test_given(void) {
  struct ivs_settings_given given = {.region = true};
  clear_environment();
  setenv("AWS_CONFIG_FILE", "/nonexistent", 1);
  setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent", 1);
  setenv("AWS_REGION", "eu-west-1", 1);
  setenv("AWS_ENDPOINT_URL", "http://h", 1);
  CHECK_INT(ivs_settings_read(&s, &given), 0);
  CHECK_STR(ivs_cstr(s.region), "");
  CHECK(s.region_from == NULL);
  CHECK_STR(ivs_cstr(s.endpoint_url), "http://h");
  static char name[IVS_PROFILE_MAX + 2];
  memset(name, 'x', IVS_PROFILE_MAX + 1);
  given.profile = name;
  CHECK_INT(ivs_settings_read(&s, &given), IVS_ERR_ARGUMENT);
  CHECK_STR(ivs_cstr(s.problem), "the name of the profile is too long");
}

/* A link to itself is a file that even root cannot read. */
static void test_unreadable(void) {
  char folder[] = "/tmp/ivs-profile-XXXXXX", dot_aws[64], config[80];
  clear_environment();
  if (!CHECK(mkdtemp(folder) != NULL)) return;
  snprintf(dot_aws, sizeof dot_aws, "%s/.aws", folder);
  snprintf(config, sizeof config, "%s/config", dot_aws);
  CHECK_INT(mkdir(dot_aws, 0700), 0);
  CHECK_INT(symlink(config, config), 0);
  setenv("AWS_CONFIG_FILE", config, 1);
  CHECK_INT(ivs_settings_read(&s, NULL), IVS_ERR_ARGUMENT);
  CHECK_INT(s.fault, IVS_FAULT_FILE);
  CHECK(strstr(s.problem, "/.aws/config: cannot be read: ") != NULL);
  unsetenv("AWS_CONFIG_FILE");
  setenv("HOME", folder, 1);
  CHECK_INT(ivs_settings_read(&s, NULL), 0);
  CHECK_INT(ivs_settings_read_creds(&s), IVS_ERR_CREDENTIALS);
  CHECK(strstr(s.problem, "/.aws/config: cannot be read: ") != NULL);
  setenv("AWS_PROFILE", "x", 1);
  CHECK_INT(ivs_settings_read(&s, NULL), IVS_ERR_ARGUMENT);
  CHECK(strstr(s.problem, "/.aws/config: cannot be read: ") != NULL);
  unlink(config);
  rmdir(dot_aws);
  rmdir(folder);
}

/* --- names of files --- */

static const char *expanded(const char *file) {
  static char to[IVS_USER_FILE_MAX + 1];
  return ivs_user_home(file, to) < 0 ? "(too long)" : to;
}

static void test_home(void) {
  char longest[IVS_USER_FILE_MAX + 2], home[] = "/h";
  setenv("HOME", home, 1);
  CHECK_STR(ivs_cstr(expanded("~/a b")), "/h/a b");
  CHECK_STR(ivs_cstr(expanded("~")), "/h");
  CHECK_STR(ivs_cstr(expanded("/~/a")), "/~/a");
  CHECK_STR(ivs_cstr(expanded("")), "");
  CHECK_STR(ivs_cstr(expanded("~/$HOME")), "/h/$HOME");
  CHECK_STR(ivs_cstr(expanded("~no such user/a")), "~no such user/a");
  CHECK_STR(ivs_cstr(expanded("~root/a")), "/root/a");
  setenv("HOME", "//", 1);
  CHECK_STR(ivs_cstr(expanded("~/a")), "/a");
  setenv("HOME", "", 1);
  CHECK_STR(ivs_cstr(expanded("~/a")), "/a");
  setenv("HOME", home, 1);
  memset(longest, 'x', sizeof longest);
  longest[IVS_USER_FILE_MAX + 1] = '\0';
  CHECK_STR(ivs_cstr(expanded(longest)), "(too long)");
  memcpy(longest, "~/", 2);
  longest[IVS_USER_FILE_MAX] = '\0';
  CHECK_STR(ivs_cstr(expanded(longest)), "(too long)");
  longest[IVS_USER_FILE_MAX - 1] = '\0';
  CHECK_INT(strlen(expanded(longest)), IVS_USER_FILE_MAX);
  longest[0] = '~';
  longest[1] = 'x'; /* a name that is longer than any user's */
  CHECK_STR(ivs_cstr(expanded(longest)), longest);
}

/* --- the region --- */

/* A place for the instance metadata where everybody can connect to and nobody answers. */
static int listen_in_silence(void) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t n = sizeof address;
  char url[64];
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK_INT(bind(fd, (const struct sockaddr *)&address, n), 0);
  CHECK_INT(listen(fd, 8), 0);
  CHECK_INT(getsockname(fd, (struct sockaddr *)&address, &n), 0);
  snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
  setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", url, 1);
  return fd;
}

/* Says yes when it is asked for the third time. */
static bool third_time(void *context) {
  return ++*(int *)context == 3;
}

static void test_region_in_time(void) {
  int asked = 0;
  struct ivs_settings_limits limits = {.timeout_ms = 50};
  clear_environment();
  setenv("AWS_CONFIG_FILE", "/nonexistent", 1);
  setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent", 1);
  setenv("AWS_METADATA_SERVICE_TIMEOUT", "59", 1);
  int fd = listen_in_silence();
  CHECK_INT(ivs_settings_read(&s, NULL), 0);
  CHECK_INT(ivs_settings_ask_region(&s, &limits), IVS_ERR_ARGUMENT); /* switched off */
  setenv("AWS_EC2_METADATA_DISABLED", "false", 1);
  CHECK_INT(ivs_settings_ask_region(&s, &limits), IVS_ERR_TIMEOUT);
  limits = (struct ivs_settings_limits){.stop = third_time, .context = &asked};
  CHECK_INT(ivs_settings_ask_region(&s, &limits), IVS_ERR_CANCELLED);
  CHECK_INT(asked, 3);
  CHECK_STR(ivs_cstr(s.region), "");
  CHECK(s.region_from == NULL);
  memcpy(s.region, "r-1", 4);
  CHECK_INT(ivs_settings_ask_region(&s, &limits), 0);
  CHECK_INT(asked, 3);
  close(fd);
  setenv("AWS_METADATA_SERVICE_TIMEOUT", "1", 1);
  s.region[0] = '\0';
  CHECK_INT(ivs_settings_ask_region(&s, NULL), IVS_ERR_ARGUMENT); /* nobody is there */
  unsetenv("AWS_METADATA_SERVICE_TIMEOUT");
  unsetenv("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
}

int main(void) {
  check_seed();
  RUN(test_ini);
  RUN(test_ini_lines);
  RUN(test_ini_random);
  RUN(test_words);
  RUN(test_process_deadline);
  RUN(test_process);
  RUN(test_process_hosts);
  RUN(test_process_words);
  RUN(test_process_wait);
  RUN(test_process_expiry);
  RUN(test_untouched);
  RUN(test_add_role);
  RUN(test_given);
  RUN(test_unreadable);
  RUN(test_home);
  RUN(test_region_in_time);
  return check_done();
}
