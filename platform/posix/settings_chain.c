/*
 * Where credentials come from: the first of the places that has some, or says where there are some.
 * What would come before the keys of a file is refused rather than passed over if it is not
 * supported: the credentials found otherwise would be others than those that were meant.
 */
#include "system.h"

#include "settings_internal.h"

/* --- a profile that names no role --- */

static int refuse_sign_on(struct ivs_settings *s, const char *name) {
  struct ivs_profile_key keys[] = {{.name = "sso_role_name"}, {.name = "sso_account_id"}};
  if (ivs_settings_look_up_in(s, name, keys, 2) < 0) return IVS_ERR_CREDENTIALS;
  if (!keys[0].found && !keys[1].found) return 0;
  return ivs_settings_fail_profile(
      s, name, "single sign-on (sso_account_id, sso_role_name) is not supported");
}

/* 1: the profile has one, and no login session, which would come before it. */
static int find_process(struct ivs_settings *s, const char *name) {
  char *command = s->source.of.command;
  struct ivs_profile_key keys[] = {
      {.name = "login_session"},
      {.name = "credential_process", .to = command, .size = sizeof s->source.of.command}};
  command[0] = '\0';
  if (ivs_settings_look_up_in(s, name, keys, 2) < 0) return IVS_ERR_CREDENTIALS;
  if (keys[0].found)
    return ivs_settings_fail_profile(s, name, "a login session (login_session) is not supported");
  return keys[1].found ? ivs_settings_found(s, IVS_SOURCE_PROCESS, name, "credential_process") : 0;
}

/* environment: whether variables count beside the keys of the profile. */
static int find_in_profile(struct ivs_settings *s, const char *name, bool environment) {
  int r = ivs_settings_web_identity(s, name, environment);
  if (r == 0) r = refuse_sign_on(s, name);
  if (r == 0) r = ivs_settings_keys_of_file(s, name, IVS_IN_CREDENTIALS);
  if (r == 0) r = find_process(s, name);
  if (r == 0) r = ivs_settings_keys_of_file(s, name, IVS_IN_CONFIG);
  return r != 0 ? r : ivs_settings_iot(s, name, environment);
}

/* --- roles --- */

enum { ARN, SESSION, EXTERNAL, DURATION, MFA, SOURCE, PROFILE, TOKEN_FILE, ID, SECRET, KEYS };

/* What a profile says of a role. */
struct role_keys {
  struct ivs_settings_role role;
  char duration[32];
  char source[32];
  char profile[IVS_PROFILE_MAX + 1];
  bool found[KEYS];
};

/* top: it is the profile that was chosen. */
static int read_role_keys(struct ivs_settings *s, const char *name, bool top, struct role_keys *k) {
  struct ivs_settings_role *role = &k->role;
  struct ivs_profile_key keys[KEYS] = {
      [ARN] = {.name = "role_arn", .to = role->arn, .size = sizeof role->arn},
      [SESSION] = {.name = "role_session_name",
                   .to = role->session_name,
                   .size = sizeof role->session_name},
      [EXTERNAL] = {.name = "external_id",
                    .to = role->external_id,
                    .size = sizeof role->external_id},
      [DURATION] = {.name = "duration_seconds",
                    .to = k->duration,
                    .size = sizeof k->duration,
                    .cut = true},
      [MFA] = {.name = "mfa_serial"},
      [SOURCE] = {.name = "credential_source",
                  .to = k->source,
                  .size = sizeof k->source,
                  .cut = true},
      [PROFILE] = {.name = "source_profile", .to = k->profile, .size = sizeof k->profile},
      [TOKEN_FILE] = {.name = "web_identity_token_file"},
      [ID] = {.name = "aws_access_key_id"},
      [SECRET] = {.name = "aws_secret_access_key"},
  };
  memset(k, 0, sizeof *k);
  int r = top ? ivs_settings_look_up(s, keys, KEYS) : ivs_settings_look_up_in(s, name, keys, KEYS);
  for (int i = 0; i < KEYS; i++) k->found[i] = keys[i].found;
  return r < 0 ? IVS_ERR_CREDENTIALS : 0;
}

/* A text that is no number counts as none, as in the AWS tools. */
static int take_duration(struct ivs_settings *s, const char *name, struct role_keys *k) {
  int64_t seconds = 0;
  if (ivs_str_to_int(ivs_cstr(k->duration), &seconds) < 0) return 0;
  if (seconds < 900 || seconds > 43200)
    return ivs_settings_fail_profile(s, name, "duration_seconds must be 900 to 43200");
  k->role.duration_seconds = (uint32_t)seconds;
  return 0;
}

/* What is wrong with a role, before it is asked who assumes it. */
static int check_role(struct ivs_settings *s, const char *name, const struct role_keys *k) {
  bool source = k->source[0] != '\0', profile = k->profile[0] != '\0';
  if (k->found[MFA])
    return ivs_settings_fail_profile(
        s, name, "a role that wants MFA (mfa_serial) is not supported: nobody is there to ask");
  if (source && profile)
    return ivs_settings_fail_profile(s, name, "it has both source_profile and credential_source");
  if (source || profile) return 0;
  return ivs_settings_fail_profile(s, name,
                                   "role_arn wants source_profile or credential_source beside it");
}

/* Sources by name, which are those of the environment and the machine. */
static int find_named_source(struct ivs_settings *s, const char *name, const char *source) {
  int r = 0;
  if (strcmp(source, "Environment") == 0) r = ivs_settings_keys_of_environment(s);
  else if (strcmp(source, "EcsContainer") == 0) r = ivs_settings_container(s);
  else if (strcmp(source, "Ec2InstanceMetadata") == 0) r = ivs_settings_instance(s);
  else
    return ivs_settings_fail_profile(
        s, name, "credential_source must be Environment, EcsContainer or Ec2InstanceMetadata");
  return r != 0 ? r
                : ivs_settings_fail_profile(s, name,
                                            "what credential_source names has no credentials");
}

/* The way from role to role. */
struct way {
  char visited[IVS_ROLES_MAX + 1][IVS_PROFILE_MAX + 1];
  size_t count;
  bool itself; /* the last source_profile is the profile's own */
};

static bool was_visited(const struct way *way, const char *name) {
  for (size_t i = 0; i < way->count; i++)
    if (strcmp(way->visited[i], name) == 0) return true;
  return false;
}

static const char *last(const struct way *way) {
  return way->visited[way->count - 1];
}

/* Goes to source_profile, which must exist. Itself it may name only to take its own keys. */
static int go_to(struct ivs_settings *s, struct way *way, const char *profile) {
  struct ivs_profile_key keys[] = {{.name = "aws_access_key_id"},
                                   {.name = "aws_secret_access_key"}};
  const char *from = last(way);
  int files = ivs_settings_look_up_in(s, profile, keys, 2);
  if (files < 0) return IVS_ERR_CREDENTIALS;
  if (files == 0)
    return ivs_settings_fail_profile(s, from, "its source_profile is in neither file");
  way->itself = strcmp(profile, from) == 0;
  bool own_keys = keys[0].found || keys[1].found;
  if (was_visited(way, profile) && !(way->itself && own_keys))
    return ivs_settings_fail_profile(s, from,
                                     "its source_profile leads back to where it came from");
  if (way->count > IVS_ROLES_MAX)
    return ivs_settings_fail_profile(s, from, "there are more than 4 roles in a row");
  memcpy(way->visited[way->count++], profile, strlen(profile) + 1);
  return 0;
}

/* Adds the role of a profile, which assumes the one that was added before it. */
static int add_role(struct ivs_settings *s, const char *name, struct role_keys *k) {
  int r = check_role(s, name, k);
  if (r == 0) r = take_duration(s, name, k);
  if (r < 0) return r;
  if (s->source.role_count == IVS_ROLES_MAX)
    return ivs_settings_fail_profile(s, name, "there are more than 4 roles in a row");
  if (k->role.session_name[0] == '\0') ivs_settings_name_session(k->role.session_name);
  s->source.roles[s->source.role_count++] = k->role;
  return 0;
}

/* One profile. 1: the source was found. 0: a role was, and *way is at the profile that
   assumes it. */
static int follow(struct ivs_settings *s, struct way *way) {
  const char *name = last(way);
  bool top = way->count == 1;
  struct role_keys k;
  int r = read_role_keys(s, name, top, &k);
  if (r < 0) return r;
  bool own_keys = !top && (k.found[ID] || k.found[SECRET]);
  if (k.role.arn[0] == '\0' || k.found[TOKEN_FILE] || own_keys) {
    r = find_in_profile(s, name, top && !s->profile_given);
    if (r != 0 || top) return r;
    return ivs_settings_fail_profile(s, name, "no credentials in it, and it is a source_profile");
  }
  r = add_role(s, name, &k);
  if (r < 0) return r;
  return k.source[0] != '\0' ? find_named_source(s, name, k.source) : go_to(s, way, k.profile);
}

/* 1: found. 0: the profile has no credentials, nor does it say where to get any. */
static int find_by_profile(struct ivs_settings *s) {
  struct way way;
  memset(&way, 0, sizeof way);
  memcpy(way.visited[way.count++], s->profile, sizeof s->profile);
  for (;;) {
    size_t before = way.count;
    int r = follow(s, &way);
    if (r != 0 || way.count == before) return r;
  }
}

/* --- everything --- */

/* Says that there are none. */
static int fail_without(struct ivs_settings *s) {
  s->fault = IVS_FAULT_CREDENTIALS;
  if (s->problem[0] != '\0') return IVS_ERR_CREDENTIALS;
  if (s->profile_from != NULL)
    return ivs_settings_fail_profile(s, s->profile, "no credentials in it");
  if (ivs_settings_variable("AWS_SECRET_ACCESS_KEY").p != NULL)
    return ivs_settings_fail_creds(s, "AWS_SECRET_ACCESS_KEY is set, but not AWS_ACCESS_KEY_ID", "",
                                   "");
  return ivs_settings_fail_creds(
      s, "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
      " (and AWS_SESSION_TOKEN if they are temporary), or put them into a profile", "");
}

/* What is left when all places on this machine have nothing. */
static int find_elsewhere(struct ivs_settings *s) {
  int r = ivs_settings_container(s);
  if (r == 0) r = ivs_settings_instance(s);
  if (r < 0) return r;
  if (r == 0 || s->source.kind == IVS_SOURCE_IMDS) fail_without(s);
  if (r == 0) return IVS_ERR_CREDENTIALS;
  s->fault = IVS_FAULT_NONE;
  return r;
}

static bool needs_sts(const struct ivs_settings *s) {
  return s->source.role_count > 0 || s->source.kind == IVS_SOURCE_WEB_IDENTITY;
}

static int find(struct ivs_settings *s) {
  int r = s->profile_given ? 0 : ivs_settings_keys_of_environment(s);
  if (r == 0) r = find_by_profile(s);
  if (r == 0) r = find_elsewhere(s);
  if (r == 1 && needs_sts(s) && ivs_settings_read_sts(s) < 0) return IVS_ERR_CREDENTIALS;
  return r;
}

/* see ivs/settings.h */
int ivs_settings_read_creds(struct ivs_settings *s) {
  ivs_settings_wipe(s);
  memset(&s->source, 0, sizeof s->source);
  s->creds_from = NULL;
  s->expires = 0;
  s->fault = IVS_FAULT_NONE;
  s->problem[0] = '\0';
  if (find(s) == 1) return 0;
  ivs_settings_wipe(s);
  s->creds_from = NULL;
  s->expires = 0;
  return IVS_ERR_CREDENTIALS;
}

/* see ivs/settings.h */
int ivs_settings_add_role(struct ivs_settings *s, const struct ivs_settings_role *role) {
  struct ivs_settings_source *source = &s->source;
  if (source->role_count == IVS_ROLES_MAX)
    return ivs_settings_fail_creds(s, "there are more than 4 roles in a row", "", "");
  memmove(&source->roles[1], &source->roles[0], source->role_count * sizeof source->roles[0]);
  source->roles[0] = *role;
  source->role_count++;
  if (role->session_name[0] == '\0') ivs_settings_name_session(source->roles[0].session_name);
  return ivs_settings_read_sts(s) < 0 ? IVS_ERR_CREDENTIALS : 0;
}
