/*
 * Wherever a text is judged byte by byte, each of the 256 bytes is tried: what is accepted is
 * written here as a set, from what the texts may hold.
 */
#include "../check.h"

#include <ivs/container.h>
#include <ivs/imds.h>
#include <ivs/iot.h>
#include <ivs/ivs.h>

#include "../../core/src/sts_answer.h"
#include "fake_port.h"

#define PRINTABLE "!-~"

/* True if a set such as "a-z0-9_" has c: ranges, or bytes by themselves; '-' stands first. */
static bool in_set(const char *set, uint8_t c) {
  for (const char *p = set; *p != '\0'; p++) {
    uint8_t low = (uint8_t)*p, high = low;
    if (p > set && p[1] == '-' && p[2] != '\0') high = (uint8_t)p[2], p += 2;
    else if (p == set && p[0] != '-' && p[1] == '-' && p[2] != '\0') high = (uint8_t)p[2], p += 2;
    if (c >= low && c <= high) return true;
  }
  return false;
}

/* text with c in place of the first '?'. */
static ivs_str with_byte(const char *text, uint8_t c) {
  static char copy[256];
  size_t n = strlen(text), at = (size_t)(strchr(text, '?') - text);
  memcpy(copy, text, n);
  copy[at] = (char)c;
  return (ivs_str){copy, n};
}

static struct ivs_endpoint endpoint;
static struct fake fake;
static char space[4096];

static bool in_secret(uint8_t c) {
  return ivs_creds_check(IVS_STR("AKID"), with_byte("a?b", c), IVS_STR("")) == 0;
}

static bool begins_secret(uint8_t c) {
  return ivs_creds_check(IVS_STR("AKID"), with_byte("?b", c), IVS_STR("")) == 0;
}

static bool ends_secret(uint8_t c) {
  return ivs_creds_check(IVS_STR("AKID"), with_byte("a?", c), IVS_STR("")) == 0;
}

static bool in_region(uint8_t c) {
  return ivs_is_region(with_byte("eu-west?1", c));
}

/* Which partition the region is of shows in its domain. */
static bool in_number_of_region(uint8_t c) {
  ivs_str region = with_byte("cn-north-1?1", c);
  if (ivs_endpoint_resolve(&endpoint, IVS_STR("ivs"), region, 0) < 0) return false;
  return check_holds(endpoint.authority, sizeof endpoint.authority, ".com.cn");
}

static bool in_host(uint8_t c) {
  return ivs_endpoint_from_url(&endpoint, with_byte("https://a?b", c)) == 0;
}

static bool in_address(uint8_t c) {
  return ivs_endpoint_from_url(&endpoint, with_byte("https://[:?]", c)) == 0;
}

static bool in_path(uint8_t c) {
  return ivs_endpoint_from_url(&endpoint, with_byte("https://a/b?c", c)) == 0;
}

static bool in_loopback(uint8_t c) {
  return ivs_endpoint_from_url(&endpoint, with_byte("http://127.0?1", c)) == 0 &&
         ivs_endpoint_is_loopback(&endpoint);
}

static bool in_container_path(uint8_t c) {
  ivs_str path;
  return ivs_container_from_url(&endpoint, &path, with_byte("http://127.0.0.1/a?b", c)) == 0;
}

static bool is_iot_name(ivs_str alias, ivs_str thing) {
  struct ivs_iot_provider iot;
  ivs_endpoint_from_url(&endpoint, IVS_STR("https://a"));
  struct ivs_iot_options options = {
      .fetch = {.port = &fake.port, .endpoint = &endpoint, .space = space, .space_n = sizeof space},
      .role_alias = alias,
      .thing = thing};
  return ivs_iot_provider_init(&iot, &options) == 0;
}

static bool in_role_alias(uint8_t c) {
  return is_iot_name(with_byte("a?b", c), IVS_STR("thing"));
}

static bool in_thing(uint8_t c) {
  return is_iot_name(IVS_STR("alias"), with_byte("a?b", c));
}

/* Steps the instance's provider until its nth request is there; true if it asks that much. */
static bool imds_asks_after(ivs_str first, ivs_str second) {
  struct ivs_imds_provider imds;
  char answer[2][256];
  const ivs_str texts[] = {first, second};
  fake_start(&fake);
  ivs_endpoint_from_url(&endpoint, IVS_STR(IVS_IMDS_URL));
  struct ivs_imds_options options = {
      .fetch = {
          .port = &fake.port, .endpoint = &endpoint, .space = space, .space_n = sizeof space}};
  CHECK_INT(ivs_imds_provider_init(&imds, &options), 0);
  for (int i = 0; i < 2; i++) {
    int head = snprintf(answer[i], sizeof answer[i],
                        "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", texts[i].n);
    memcpy(answer[i] + head, texts[i].p, texts[i].n);
    fake.connections[i].answer = answer[i];
    fake.connections[i].answer_n = (size_t)head + texts[i].n;
    fake.connections[i].after = IVS_ERR_CLOSED;
  }
  int r;
  while ((r = imds.base.fn->step(&imds.base, 1795339800)) == 1 || r == IVS_AGAIN) {
    if (r == 1) continue;
    struct ivs_wait w = {-1, 0, fake.now + 60000};
    imds.base.fn->wants(&imds.base, &w);
    fake.port.fn->wait(&fake.port, &w);
  }
  imds.base.fn->cancel(&imds.base);
  return check_holds(fake.sent, fake.sent_n,
                     second.n > 0 ? "security-credentials/a" : "credentials/ ");
}

/* A line's end ends the word, of which the first letter is left. */
static bool in_imds_token(uint8_t c) {
  return imds_asks_after(with_byte("a?b", c), IVS_STR(""));
}

static bool in_imds_role(uint8_t c) {
  return imds_asks_after(IVS_STR("token"), with_byte("a?b", c));
}

static bool finds_code(ivs_str xml, ivs_str root) {
  static const char *const names[] = {"Code"};
  static char copy[256];
  ivs_str text;
  memcpy(copy, xml.p, xml.n);
  return ivs_sts_read(copy, xml.n, &root, 1, names, &text, 1) == 0 && text.p != NULL;
}

static bool in_xml_name(uint8_t c) {
  char name[] = {'R', (char)c}, xml[] = "<R?><Code>x</Code></R?>";
  xml[2] = xml[sizeof xml - 3] = (char)c;
  return finds_code((ivs_str){xml, sizeof xml - 1}, (ivs_str){name, 2});
}

static bool behind_xml(uint8_t c) {
  return finds_code(with_byte("<R><Code>x</Code></R>?", c), IVS_STR("R"));
}

/* What people read holds no control characters. */
static bool in_problem(uint8_t c) {
  struct ivs_provider p = {0};
  ivs_provider_fail(&p, "a", "b", with_byte("c?", c));
  return p.problem[strlen("a: b: c")] == (char)c;
}

static bool in_arn(uint8_t c) {
  struct ivs_get_channel_in in = {.arn = with_byte("arn:aws?b:ivs", c)};
  ivs_str culprit;
  return ivs_encode_check(&ivs_ops[IVS_OP_GET_CHANNEL], &in, ivs_check_member, &culprit) == 0;
}

static bool in_header(uint8_t c) {
  static char text[256];
  struct ivs_out o = ivs_out_to(text, sizeof text);
  ivs_pair header = {IVS_STR("x"), with_byte("a?b", c)};
  ivs_http1_put_head(&o, IVS_STR("GET"), IVS_STR("/"), IVS_STR(""), &header, 1, -1);
  return ivs_out_end(&o) == 0;
}

static bool is_json(ivs_str text) {
  size_t tokens;
  return ivs_json_check(text.p, text.n, &tokens) == 0;
}

static bool in_escape(uint8_t c) {
  return is_json(with_byte("\"\\u00?1\"", c));
}

static bool escaped(uint8_t c) {
  return is_json(with_byte("\"\\?\"", c));
}

/* Both sides of a surrogate pair. */
static bool behind_surrogate(uint8_t c) {
  return is_json(with_byte("\"\\ud800?udc00\"", c));
}

static bool second_of_surrogate(uint8_t c) {
  return is_json(with_byte("\"\\ud800\\?dc00\"", c));
}

static const struct place {
  const char *name;
  bool (*takes)(uint8_t c);
  const char *set;
} places[] = {
    {"a secret", in_secret, " -~\x80-\xFF"},
    {"a secret's begin", begins_secret, "!-~\x80-\xFF"},
    {"a secret's end", ends_secret, "!-~\x80-\xFF"},
    {"a region", in_region, "-a-z0-9"},
    {"a region's number", in_number_of_region, "0-9"},
    {"a host", in_host, "-A-Za-z0-9._/"},
    {"an IPv6 address", in_address, "0-9A-Fa-f:."},
    {"a path", in_path, "!-\"$->@-~"},
    {"a loopback address", in_loopback, "0-9./:"},
    {"a container's path", in_container_path, "!-\"$-~"},
    {"a role alias", in_role_alias, "-A-Za-z0-9_=@"},
    {"a thing", in_thing, "-A-Za-z0-9_:"},
    {"a token of the instance", in_imds_token, PRINTABLE "\r\n"},
    {"a role of the instance", in_imds_role, "!-\"$&-.0->@-~\r\n"},
    {"a name in XML", in_xml_name, "-A-Za-z0-9_.:"},
    {"blank behind XML", behind_xml, " \t\r\n"},
    {"a problem", in_problem, " -~"},
    {"a partition of an ARN", in_arn, "-a-z:"},
    {"a header", in_header, " -~\t\x80-\xFF"},
    {"digits of an escape", in_escape, "0-9A-Fa-f"},
    {"an escape", escaped, "\"\\/bfnrt"},
    {"between surrogates", behind_surrogate, "\\"},
    {"the second surrogate", second_of_surrogate, "u"},
};

static void every_byte_in_every_place(void) {
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    for (unsigned c = 0; c < 256; c++) {
      if (places[i].takes == in_problem && (c == 0 || c >= 0x80)) continue; /* ends it; UTF-8 */
      if (!CHECK_INT(places[i].takes((uint8_t)c), in_set(places[i].set, (uint8_t)c)))
        fprintf(stderr, "  byte %02x in %s\n", c, places[i].name);
    }
  }
}

int main(void) {
  RUN(every_byte_in_every_place);
  return check_done();
}
