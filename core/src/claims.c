/*
 * Viewer tokens but for their signature: a JWT (RFC 7519) is header, payload and signature in
 * base64url, with dots between them.
 */
#include <ivs/claims.h>

#include "chars.h"
#include "record.h"

#define ROW(name, member, kind) \
  { name, offsetof(struct ivs_claims, member), kind }

/* In the order in which they are written. */
static const struct ivs_row rows[] = {
    ROW("aws:channel-arn", channel_arn, IVS_K_STR),
    ROW("aws:access-control-allow-origin", allow_origin, IVS_K_STR),
    ROW("aws:strict-origin-enforcement", strict_origin, IVS_K_BOOL),
    ROW("aws:single-use-uuid", single_use_uuid, IVS_K_STR),
    ROW("aws:viewer-id", viewer_id, IVS_K_STR),
    ROW("aws:viewer-session-version", viewer_session_version, IVS_K_INT),
    ROW("aws:maximum-resolution", maximum_resolution, IVS_K_STR),
    ROW("aws:ads-opt-out", ads_opt_out, IVS_K_BOOL),
    ROW("aws:ads-reporting-mode", ads_reporting_mode, IVS_K_STR),
    ROW("aws:ads-playback-config-name", ads_playback_config_name, IVS_K_STR),
    ROW("aws:ads-player-params", ads_player_params, IVS_K_STRUCT),
    ROW("exp", expires, IVS_K_INT),
};
static const struct ivs_record record = {rows, sizeof rows / sizeof *rows};

/* {"alg":"ES384","typ":"JWT"} and the dot. */
static const char header[] = "eyJhbGciOiJFUzM4NCIsInR5cCI6IkpXVCJ9.";

enum { SIGNED_MAX = IVS_TOKEN_MAX - 1 - IVS_TOKEN_SIGNATURE_TEXT };

/* --- limits --- */

static int refuse(const char **why, int err, const char *text) {
  *why = text;
  return err;
}

static bool is_one_of(ivs_str s, const char *const *values) {
  for (; *values != NULL; values++)
    if (ivs_str_eq(s, ivs_cstr(*values))) return true;
  return false;
}

static size_t characters(ivs_str s) {
  size_t count = 0;
  for (size_t i = 0; i < s.n; i++) count += ((uint8_t)s.p[i] & 0xC0) != 0x80;
  return count;
}

/* Of any partition: aws, aws-cn. */
static bool is_channel_arn(ivs_str s) {
  static const char *const begin[] = {"arn", "aws", "ivs"};
  static const char label[] = "channel/";
  ivs_str part;
  for (size_t i = 0; i < 3; i++) {
    if (!ivs_cut(&s, ':', &part)) return false;
    if (i == 1 && part.n > 3) part.n = 3;
    if (!ivs_str_eq(part, ivs_cstr(begin[i]))) return false;
  }
  if (!ivs_cut(&s, ':', &part) || part.n == 0) return false; /* region */
  if (!ivs_cut(&s, ':', &part) || part.n == 0) return false; /* account */
  return s.n > sizeof label - 1 && memcmp(s.p, label, sizeof label - 1) == 0;
}

static bool is_uuid(ivs_str s) {
  static const char shape[] = "00000000-0000-0000-0000-000000000000";
  if (s.n != sizeof shape - 1) return false;
  for (size_t i = 0; i < s.n; i++)
    if (shape[i] == '-' ? s.p[i] != '-' : ivs_hex_value(s.p[i]) < 0) return false;
  return true;
}

/* SCHEME://HOST, perhaps with a port, or * alone. */
static bool is_origin(ivs_str s) {
  size_t slashes = 0;
  if (s.n == 1 && s.p[0] == '*') return true;
  for (size_t i = 0; i < s.n; i++) {
    if ((uint8_t)s.p[i] <= ' ' || s.p[i] == 0x7F) return false;
    slashes += s.p[i] == '/';
  }
  ivs_str scheme, rest = s;
  ivs_cut(&rest, ':', &scheme);
  if (slashes != 2 || scheme.n == 0) return false;
  return rest.n > 2 && rest.p[0] == '/' && rest.p[1] == '/';
}

static int check_origins(const struct ivs_claims *c, const char **why) {
  ivs_str rest = c->allow_origin, origin;
  size_t count = 0;
  if (rest.p == NULL && c->strict_origin == IVS_TRUE)
    return refuse(why, IVS_ERR_ARGUMENT,
                  "aws:strict-origin-enforcement needs aws:access-control-allow-origin");
  while (ivs_cut(&rest, ',', &origin)) {
    if (!is_origin(origin))
      return refuse(why, IVS_ERR_ARGUMENT,
                    "aws:access-control-allow-origin has to be SCHEME://HOST, without a path, more "
                    "of them with commas and no blanks, or *");
    count++;
  }
  if (c->strict_origin == IVS_TRUE && count > IVS_STRICT_ORIGINS_MAX)
    return refuse(why, IVS_ERR_LENGTH,
                  "aws:strict-origin-enforcement allows 5 origins at the most");
  return 0;
}

static int check_viewer(const struct ivs_claims *c, const char **why) {
  if (c->viewer_id.p != NULL && c->viewer_id.n == 0)
    return refuse(why, IVS_ERR_LENGTH, "aws:viewer-id is empty");
  if (characters(c->viewer_id) > IVS_VIEWER_ID_MAX)
    return refuse(why, IVS_ERR_LENGTH, "aws:viewer-id is longer than 40 characters");
  if (c->single_use_uuid.p != NULL && !is_uuid(c->single_use_uuid))
    return refuse(why, IVS_ERR_ARGUMENT,
                  "aws:single-use-uuid is no UUID, which has 32 hexadecimal digits: "
                  "8-4-4-4-12");
  return 0;
}

/* An object of texts, in few enough bytes. */
static int check_params(ivs_str params, const char **why) {
  struct ivs_json_value v;
  size_t tokens, bytes = 0;
  if (params.p == NULL) return 0;
  char *p = (char *)(uintptr_t)params.p, *end = p + params.n;
  bool good = ivs_json_check(p, params.n, &tokens) == 0;
  if (good) ivs_json_value_at(p, end, &v);
  good = good && v.type == IVS_JSON_OBJECT;
  if (good) end = v.p + v.n - 1, p = ivs_json_blanks(v.p + 1, end);
  while (good && p < end) {
    p = ivs_decode_take(p, end, &v);
    bytes += v.n;
    p = ivs_decode_take(p, end, &v);
    bytes += v.n;
    good = v.type == IVS_JSON_STRING;
  }
  if (!good)
    return refuse(why, IVS_ERR_ARGUMENT, "aws:ads-player-params has to be an object of texts");
  if (bytes > IVS_ADS_PLAYER_PARAMS_MAX)
    return refuse(why, IVS_ERR_LENGTH, "aws:ads-player-params has more than 1000 bytes");
  return 0;
}

static int check_values(const struct ivs_claims *c, const char **why) {
  static const char *const resolutions[] = {"SD", "HD", "FULL_HD", NULL};
  static const char *const modes[] = {"CLIENT", "SERVER", NULL};
  if (c->maximum_resolution.p != NULL && !is_one_of(c->maximum_resolution, resolutions))
    return refuse(why, IVS_ERR_ARGUMENT, "aws:maximum-resolution has to be SD, HD or FULL_HD");
  if (c->ads_reporting_mode.p != NULL && !is_one_of(c->ads_reporting_mode, modes))
    return refuse(why, IVS_ERR_ARGUMENT, "aws:ads-reporting-mode has to be CLIENT or SERVER");
  if (c->ads_playback_config_name.p != NULL && c->ads_playback_config_name.n == 0)
    return refuse(why, IVS_ERR_LENGTH, "aws:ads-playback-config-name is empty");
  return check_params(c->ads_player_params, why);
}

static int check_expiry(const struct ivs_claims *c, int64_t now, const char **why) {
  const int64_t year_5138 = 100000000000; /* in milliseconds this is 1973 */
  bool brief = c->viewer_id.p != NULL || c->single_use_uuid.p != NULL;
  if (!c->expires.set) return refuse(why, IVS_ERR_REQUIRED, "exp is required");
  int64_t expires = c->expires.value;
  if (expires >= year_5138)
    return refuse(why, IVS_ERR_RANGE, "exp is in milliseconds; it has to be seconds since 1970");
  if (expires <= now)
    return refuse(why, IVS_ERR_RANGE, "exp is over already; is the clock of this machine right?");
  if (brief && expires > now + IVS_VIEWER_SECONDS)
    return refuse(why, IVS_ERR_RANGE,
                  "exp is more than 10 minutes ahead, which is the most with aws:viewer-id or "
                  "aws:single-use-uuid");
  return 0;
}

static bool is_utf8(const struct ivs_claims *c) {
  for (size_t i = 0; i < record.count; i++) {
    const char *member = (const char *)c + rows[i].offset;
    if (rows[i].kind == IVS_K_STR && !ivs_utf8_valid(*(const ivs_str *)(const void *)member))
      return false;
  }
  return true;
}

/* see ivs/claims.h */
int ivs_claims_check(const struct ivs_claims *claims, int64_t now, const char **why) {
  *why = "";
  if (claims->channel_arn.n == 0)
    return refuse(why, IVS_ERR_REQUIRED, "aws:channel-arn is required");
  if (!is_channel_arn(claims->channel_arn))
    return refuse(why, IVS_ERR_ARN,
                  "aws:channel-arn is no ARN of a channel: arn:aws:ivs:REGION:ACCOUNT:channel/ID");
  if (!is_utf8(claims)) return refuse(why, IVS_ERR_UTF8, "a claim is not UTF-8");
  int r = check_expiry(claims, now, why);
  if (r == 0) r = check_viewer(claims, why);
  if (r == 0) r = check_origins(claims, why);
  if (r == 0) r = check_values(claims, why);
  return r;
}

/* --- base64url --- */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* see ivs/claims.h. Reads three bytes before it writes four. */
void ivs_put_base64url(struct ivs_out *o, const void *p, size_t n) {
  const uint8_t *bytes = (const uint8_t *)p;
  while (n > 0) {
    size_t taken = n < 3 ? n : 3;
    uint32_t group = (uint32_t)bytes[0] << 16;
    if (taken > 1) group |= (uint32_t)bytes[1] << 8;
    if (taken > 2) group |= bytes[2];
    const char text[4] = {digits[group >> 18], digits[group >> 12 & 63], digits[group >> 6 & 63],
                          digits[group & 63]};
    ivs_put(o, text, taken + 1);
    bytes += taken;
    n -= taken;
  }
}

/* see ivs/claims.h */
bool ivs_base64url_decode(const char *text, size_t n, void *to, size_t *bytes) {
  uint8_t *out = (uint8_t *)to;
  uint32_t held = 0;
  unsigned bits = 0;
  *bytes = 0;
  for (size_t i = 0; i < n; i++) {
    const char *digit = (const char *)memchr(digits, text[i], sizeof digits - 1);
    if (digit == NULL) return false;
    held = (held << 6 | (uint32_t)(digit - digits)) & 0xFFF;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out[(*bytes)++] = (uint8_t)(held >> bits);
  }
  return bits < 6 && (held & ((1u << bits) - 1)) == 0;
}

/* --- text --- */

static size_t base64url_size(size_t n) {
  return n / 3 * 4 + (n % 3 != 0 ? n % 3 + 1 : 0);
}

/* see ivs/claims.h. The payload is put where its own end will be, then coded towards itself. */
int ivs_claims_encode(const struct ivs_claims *claims, char *to, size_t size, size_t *n) {
  const size_t head = sizeof header - 1;
  struct ivs_out count = ivs_out_to(NULL, 0);
  ivs_record_write(&record, claims, &count);
  *n = head + base64url_size(count.n);
  if (*n > SIGNED_MAX) return IVS_ERR_LENGTH;
  if (*n > size) return IVS_ERR_SPACE;
  memcpy(to, header, head);
  char *payload = to + *n - count.n;
  struct ivs_out json = ivs_out_to(payload, count.n);
  ivs_record_write(&record, claims, &json);
  struct ivs_out coded = ivs_out_to(to + head, *n - head);
  ivs_put_base64url(&coded, payload, count.n);
  return 0;
}

/* Decodes one part in place and reads the object that it is. */
static int read_part(ivs_str part, const struct ivs_record *as, void *base) {
  char *p = (char *)(uintptr_t)part.p;
  struct ivs_json_value v;
  ivs_str culprit;
  size_t n, tokens;
  if (!ivs_base64url_decode(p, part.n, p, &n)) return IVS_ERR_ARGUMENT;
  int r = ivs_json_check(p, n, &tokens);
  if (r < 0) return r;
  ivs_json_value_at(p, p + n, &v);
  return ivs_record_read(as, v, NULL, base, &culprit);
}

/* What of a header decides: which algorithm, and that there is nothing that must be understood. */
struct head {
  ivs_str alg, crit;
};

static bool is_es384(ivs_str part) {
  static const struct ivs_row head_rows[] = {{"alg", offsetof(struct head, alg), IVS_K_STR},
                                             {"crit", offsetof(struct head, crit), IVS_K_STRUCT}};
  static const struct ivs_record head_record = {head_rows, 2};
  struct head head = {{NULL, 0}, {NULL, 0}};
  if (read_part(part, &head_record, &head) < 0) return false;
  return ivs_str_eq(head.alg, IVS_STR("ES384")) && head.crit.p == NULL;
}

/* see ivs/claims.h */
int ivs_claims_decode(char *text, size_t n, ivs_claims_verify *verify, void *context,
                      struct ivs_claims *claims, const char **why) {
  uint8_t signature[IVS_TOKEN_SIGNATURE];
  ivs_str rest = {text, n}, head, payload;
  size_t bytes;
  *why = "";
  memset(claims, 0, sizeof *claims);
  if (n > IVS_TOKEN_MAX || !ivs_cut(&rest, '.', &head) || !ivs_cut(&rest, '.', &payload) ||
      rest.p == NULL)
    return refuse(why, IVS_ERR_ARGUMENT, "not a token: three parts with dots between them");
  if (rest.n != IVS_TOKEN_SIGNATURE_TEXT ||
      !ivs_base64url_decode(rest.p, rest.n, signature, &bytes))
    return refuse(why, IVS_ERR_ARGUMENT, "not a token of ES384: its signature has another length");
  int r = verify(context, text, head.n + 1 + payload.n, signature);
  if (r < 0) return r;
  if (!is_es384(head)) return refuse(why, IVS_ERR_ARGUMENT, "not a token of ES384");
  if (read_part(payload, &record, claims) == 0) return 0;
  memset(claims, 0, sizeof *claims);
  return refuse(why, IVS_ERR_ARGUMENT, "its claims cannot be read, or have another type");
}
