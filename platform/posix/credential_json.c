/*
 * What a credential process prints: {"Version": 1, "AccessKeyId": "...", "SecretAccessKey": "...",
 * "SessionToken": "...", "Expiration": "2026-11-22T09:30:00Z"}; the last two may be absent or null.
 */
#include "system.h"

#include "credential_process.h"

#include <ivs/json.h>
#include <ivs/time.h>

#include <stdalign.h>

enum { TOKENS = 64 };

static const char *const names[] = {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"};
enum { ID, SECRET, TOKEN, EXPIRATION, TEXTS };

struct answer {
  ivs_str texts[TEXTS];
  bool is_version_1;
};

static int fail(const char **problem, const char *what) {
  *problem = what;
  return IVS_ERR_CREDENTIALS;
}

/* A member that nobody knows is nobody's business. */
static int take(struct answer *answer, ivs_str name, struct ivs_json_value v,
                const char **problem) {
  static const char *const complaints[TEXTS] = {
      "AccessKeyId in its output is no string", "SecretAccessKey in its output is no string",
      "SessionToken in its output is no string", "Expiration in its output is no string"};
  int64_t version = 0;
  if (ivs_str_eq(name, IVS_STR("Version")))
    answer->is_version_1 =
        v.type == IVS_JSON_NUMBER && ivs_json_int(v, &version) == 0 && version == 1;
  for (int i = 0; i < TEXTS; i++) {
    if (!ivs_str_eq(name, ivs_cstr(names[i]))) continue;
    answer->texts[i] = (ivs_str){NULL, 0};
    if (v.type == IVS_JSON_NULL) return 0;
    if (v.type != IVS_JSON_STRING) return fail(problem, complaints[i]);
    answer->texts[i] = ivs_json_text(v);
  }
  return 0;
}

static int read_object(struct answer *answer, char *text, size_t n, const char **problem) {
  alignas(int) unsigned char tokens[TOKENS * IVS_JSON_TOKEN_SIZE];
  size_t need = 0;
  struct ivs_json_value v;
  struct ivs_json_object object;
  ivs_str name;
  if (ivs_json_check(text, n, &need) < 0) return fail(problem, "its output is not JSON");
  ivs_json_value_at(ivs_json_blanks(text, text + n), text + n, &v);
  if (v.type != IVS_JSON_OBJECT) return fail(problem, "its output is not a JSON object");
  if (ivs_json_open(&object, v, tokens, TOKENS) < 0)
    return fail(problem, "its output has too many members");
  while (ivs_json_member(&object, &name, &v) == 1)
    if (take(answer, name, v, problem) < 0) return IVS_ERR_CREDENTIALS;
  return 0;
}

/* see credential_process.h */
int ivs_credential_json(char *json, size_t n, struct ivs_credential_texts *texts,
                        const char **problem) {
  struct answer answer;
  memset(&answer, 0, sizeof answer);
  memset(texts, 0, sizeof *texts);
  if (read_object(&answer, json, n, problem) < 0) return IVS_ERR_CREDENTIALS;
  if (!answer.is_version_1) return fail(problem, "its output is not of \"Version\": 1");
  if (answer.texts[ID].n == 0) return fail(problem, "AccessKeyId is missing in its output");
  if (answer.texts[SECRET].n == 0) return fail(problem, "SecretAccessKey is missing in its output");
  ivs_str end = answer.texts[EXPIRATION];
  if (end.n > 0 && ivs_time_from_iso(end, &texts->expires) < 0)
    return fail(problem, "Expiration in its output is not a time such as 2026-11-22T09:30:00Z");
  texts->id = answer.texts[ID];
  texts->secret = answer.texts[SECRET];
  texts->token = answer.texts[TOKEN];
  return 0;
}
