/*
 * One section of a file: found by its header, of which there are several spellings, and its keys
 * copied. Sections, keys and duplicates count as in botocore, on which the AWS CLI stands.
 */
#include "system.h"

#include "profile.h"

#include "ini.h"
#include "user_file.h"
#include "words.h"

#include <ivs/crypto.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is being read of a section, and where. */
struct reading {
  struct ivs_profile *profile;
  struct ivs_ini ini;
  const char *problem; /* set with an error of a visit */
  const char *key;     /* that the problem is about, or NULL */
  bool defaults;       /* the section wanted is [DEFAULT], which gives what the other one lacks */
  bool has_defaults;   /* there is one */
  bool found;
  bool inside;
  bool in_parent;
  struct ivs_profile_key *open; /* more of its value may follow */
  char header[256];             /* the last spelling of the section that was found */
};

static int fail(struct reading *r, const char *key, const char *problem) {
  r->key = key;
  r->problem = problem;
  return IVS_ERR_ARGUMENT;
}

/* --- the section --- */

static bool starts_with(ivs_str s, const char *start) {
  return s.n >= strlen(start) && memcmp(s.p, start, strlen(start)) == 0;
}

/* True for two words, however quoted, of which the second is the name. */
static bool names(ivs_str header, const char *name) {
  char word[256];
  struct ivs_out first = ivs_out_to(NULL, 0), second = ivs_out_to(word, sizeof word);
  struct ivs_out third = first;
  return ivs_word_next(&header, &first) == 1 && ivs_word_next(&header, &second) == 1 &&
         ivs_word_next(&header, &third) == 0 && second.n <= sizeof word &&
         ivs_str_eq((ivs_str){word, second.n}, ivs_cstr(name));
}

static bool is_wanted(const struct reading *r, ivs_str header) {
  const struct ivs_profile *p = r->profile;
  if (ivs_str_eq(header, ivs_cstr("DEFAULT"))) return r->defaults;
  if (r->defaults) return false;
  if (p->section == IVS_IN_CREDENTIALS) return ivs_str_eq(header, ivs_cstr(p->name));
  if (p->section == IVS_IN_SERVICES)
    return starts_with(header, "services") && names(header, p->name);
  if (ivs_str_eq(header, ivs_cstr("default"))) return strcmp(p->name, "default") == 0;
  return starts_with(header, "profile") && names(header, p->name);
}

/* Of two sections for the same profile, spelt differently, the last counts, and alone. */
static void forget(struct reading *r) {
  for (size_t i = 0; i < r->profile->count; i++) {
    struct ivs_profile_key *key = &r->profile->keys[i];
    if (key->here && key->to != NULL) key->to[0] = '\0';
    if (key->here) key->found = key->here = false;
  }
}

static int enter(struct reading *r, ivs_str header) {
  r->open = NULL;
  r->in_parent = false;
  r->inside = is_wanted(r, header);
  if (ivs_str_eq(header, ivs_cstr("DEFAULT"))) r->has_defaults = true;
  if (!r->inside) return 0;
  if (r->found && !r->defaults) {
    if (ivs_str_eq(header, ivs_cstr(r->header))) return fail(r, NULL, "the section is there twice");
    forget(r);
  }
  r->found = true;
  if (ivs_str_copy(r->header, sizeof r->header, header) < 0)
    return fail(r, NULL, "the name of the section is too long");
  return 0;
}

/* --- its keys --- */

static int append(struct reading *r, struct ivs_profile_key *key, ivs_str value) {
  size_t n = strlen(key->to);
  if (key->cut && value.n >= key->size - n) value.n = key->size - n - 1;
  if (ivs_str_copy(key->to + n, key->size - n, value) == 0) return 0;
  return fail(r, key->name, " is too long");
}

/* A key that both the section and [DEFAULT] have is the section's; nested ones may repeat. */
static int take(struct reading *r, ivs_str name, ivs_str value) {
  struct ivs_profile *p = r->profile;
  r->open = NULL;
  for (size_t i = 0; i < p->count; i++) {
    struct ivs_profile_key *key = &p->keys[i];
    if (!ivs_str_eq(name, ivs_cstr(key->name))) continue;
    if (key->here && r->defaults) return 0;
    if (key->here && p->parent == NULL) return fail(r, key->name, " is there twice");
    key->found = key->here = true;
    if (key->to == NULL) return 0;
    r->open = key;
    key->to[0] = '\0';
    return append(r, key, value);
  }
  return 0;
}

static int take_key(struct reading *r, ivs_str name, ivs_str value) {
  if (r->profile->parent == NULL) return take(r, name, value);
  r->in_parent = ivs_str_eq(name, ivs_cstr(r->profile->parent));
  if (r->in_parent && value.n > 0)
    return fail(r, r->profile->parent, " must have no value, and indented lines below it");
  return 0;
}

static int take_more(struct reading *r, ivs_str value) {
  if (r->in_parent) {
    const char *equals = (const char *)memchr(value.p, '=', value.n);
    size_t n = (size_t)(equals - value.p);
    return take(r, ivs_ini_trim((ivs_str){value.p, n}),
                ivs_ini_trim((ivs_str){equals + 1, value.n - n - 1}));
  }
  if (r->open == NULL) return 0;
  if (r->ini.nested) return fail(r, r->open->name, " must have a value on its own line");
  int result = append(r, r->open, (ivs_str){"\n", 1});
  return result == 0 ? append(r, r->open, value) : result;
}

static int visit(void *context, enum ivs_ini_item item, ivs_str name, ivs_str value) {
  struct reading *r = (struct reading *)context;
  if (item == IVS_INI_SECTION) return enter(r, name);
  if (!r->inside) return 0;
  return item == IVS_INI_KEY ? take_key(r, name, value) : take_more(r, value);
}

/* --- the file --- */

/* "/home/u/.aws/config, line 3: neither a [section] nor key = value". 0: no line. */
static int complain(struct ivs_profile *p, const char *file, size_t line, const char *key,
                    const char *problem) {
  struct ivs_out o = ivs_out_to(p->problem, p->problem_size - 1);
  ivs_put_text(&o, file);
  if (line > 0) {
    ivs_put_text(&o, ", line ");
    ivs_put_int(&o, (int64_t)line);
  }
  ivs_put_text(&o, ": ");
  ivs_put_text(&o, key != NULL ? key : "");
  ivs_put_text(&o, problem);
  p->problem[o.n < o.cap ? o.n : o.cap] = '\0';
  return IVS_ERR_ARGUMENT;
}

static int complain_system(struct ivs_profile *p, const char *file) {
  char text[80];
  if (strerror_r(errno, text, sizeof text) != 0) text[0] = '\0';
  return complain(p, file, 0, "cannot be read: ", text);
}

/* Feeds the open file to r->ini. 0, IVS_ERR_ARGUMENT with r->problem or r->ini.problem, or
   IVS_ERR_NET when the system's read failed. */
static int feed(struct reading *r, int fd) {
  char piece[512];
  int result = 0;
  for (;;) {
    ssize_t n = read(fd, piece, sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) result = IVS_ERR_NET;
    if (n == 0) result = ivs_ini_end(&r->ini);
    if (n <= 0) break;
    result = ivs_ini_feed(&r->ini, piece, (size_t)n);
    if (result != 0) break;
  }
  int code = errno;
  ivs_wipe(piece, sizeof piece);
  errno = code;
  return result;
}

static void prepare(struct reading *r, struct ivs_profile *p, bool defaults) {
  memset(r, 0, sizeof *r);
  r->profile = p;
  r->defaults = defaults;
  r->ini.visit = visit;
  r->ini.context = r;
}

/* The open file from its beginning. */
static int read_through(struct reading *r, int fd, const char *file) {
  int result = feed(r, fd);
  if (result == IVS_ERR_NET) return complain_system(r->profile, file);
  if (result == 0) return r->found;
  if (r->problem == NULL) r->problem = r->ini.problem;
  return complain(r->profile, file, r->ini.line, r->key, r->problem);
}

static int look_up(struct ivs_profile *p, int fd, const char *file) {
  struct reading r;
  prepare(&r, p, false);
  int result = read_through(&r, fd, file);
  if (result == 1 && r.has_defaults && lseek(fd, 0, SEEK_SET) == 0) {
    prepare(&r, p, true);
    result = read_through(&r, fd, file);
  }
  ivs_wipe(&r, sizeof r);
  return result;
}

/* Opens a file for reading. -1: there is none; only what is a file counts, as in botocore. -2:
   there is one, but it cannot be opened. */
static int open_file(const char *file) {
  struct stat about;
  int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return errno == ENOENT || errno == ENOTDIR ? -1 : -2;
  if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) return fd;
  close(fd);
  return -1;
}

/* see profile.h */
int ivs_profile_look_up(struct ivs_profile *p) {
  char file[IVS_USER_FILE_MAX + 1];
  bool credentials = p->section == IVS_IN_CREDENTIALS;
  const char *variable = credentials ? "AWS_SHARED_CREDENTIALS_FILE" : "AWS_CONFIG_FILE";
  for (size_t i = 0; i < p->count; i++) p->keys[i].here = false;
  if (ivs_user_file(variable, credentials ? "~/.aws/credentials" : "~/.aws/config", file) < 0)
    return complain(p, variable, 0, NULL, "the name of the file is too long");
  int fd = open_file(file);
  if (fd == -1) return 0;
  if (fd < 0) {
    const char *named = getenv(variable);
    complain_system(p, file);
    return named != NULL && named[0] != '\0' ? IVS_ERR_ARGUMENT : 0;
  }
  int result = look_up(p, fd, file);
  close(fd);
  return result;
}
