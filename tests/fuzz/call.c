/*
 * Whole calls over a network that the input plays: pieces, sizes, errors, time, a machine's clock
 * that jumps; with keys, with credentials from a container, or unsigned. Every call ends by its
 * deadline, with an error that is known; no secret stays behind; and the client then works on a
 * good network at once, whatever it has gone through.
 *
 * Input: four bytes of settings, then what the network does; a byte in front of each call chooses
 * it.
 */
#define _XOPEN_SOURCE 700 /* strptime() */

#include "net.h"

#include <ivs/container.h>
#include <ivs/ivs.h>

#define TOKEN "TheSessionTokenThatMustNotStay"
#define ARN "arn:aws:ivs:eu-west-1:123456789012:channel/AbCdEf123456"

enum {
  CALL_MS = 30000,
  SPACE_LEAST = 64,
  GROWTH = 32768,
  CALLS = 3,
  ELEMENT = 2048,
  TURNS = 200000
};

static const uint8_t *input;
static size_t input_n;
static struct net service, container;
static struct net_time now;
static struct ivs_endpoint endpoint, container_endpoint;
static struct ivs_creds creds;
static struct ivs_container_provider provider;
static char provider_space[IVS_FETCH_SPACE];
static ivs_client client;
static char *space;
static size_t space_n;
static int place;

/* --- the good services --- */

static const char good_channel[] = "{\"channel\":{\"arn\":\"" ARN "\",\"name\":\"good\"}}";

static void http_date(char date[32]) {
  time_t t = (time_t)net_now(&service);
  struct tm tm;
  strftime(date, 32, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&t, &tm));
}

/* What a signed request says of its time. */
static int64_t signed_at(const char *request) {
  const char *date = strstr(request, "x-amz-date: ");
  struct tm tm;
  memset(&tm, 0, sizeof tm);
  HOLDS(date != NULL && strptime(date + 12, "%Y%m%dT%H%M%SZ", &tm) != NULL);
  return timegm(&tm);
}

/* Refuses what was signed over five minutes from now, as the service does. */
static const char *serve(struct net *net, const char *request, size_t n) {
  static char answer[512];
  char date[32];
  (void)n;
  http_date(date);
  bool is_signed = strstr(request, "Authorization: AWS4-HMAC-SHA256 ") != NULL ||
                   strstr(request, "authorization: AWS4-HMAC-SHA256 ") != NULL;
  HOLDS(is_signed == (client.options.creds != NULL));
  if (is_signed) {
    int64_t off = signed_at(request) - net_now(net);
    if (off > 300 || off < -300) {
      snprintf(answer, sizeof answer,
               "HTTP/1.1 403 Forbidden\r\nx-amzn-ErrorType: InvalidSignatureException\r\nDate: "
               "%s\r\nContent-Length: 2\r\n\r\n{}",
               date);
      return answer;
    }
  }
  snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Length: %zu\r\n\r\n%s",
           date, sizeof good_channel - 1, good_channel);
  return answer;
}

static const char *serve_credentials(struct net *net, const char *request, size_t n) {
  static char answer[512];
  char body[256], date[32], ends[IVS_TIME_ISO_SIZE];
  (void)request, (void)n;
  http_date(date);
  HOLDS(ivs_time_to_iso(net_now(net) + 6 * 3600, ends) == 0);
  snprintf(body, sizeof body,
           "{\"AccessKeyId\":\"ASIAGOOD\",\"SecretAccessKey\":\"good\",\"Token\":\"" TOKEN
           "\",\"Expiration\":\"%s\"}",
           ends);
  snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Length: %zu\r\n\r\n%s",
           date, strlen(body), body);
  return answer;
}

/* --- requests --- */

static void fill(uint8_t type, char *base) {
  static const ivs_str texts[] = {IVS_STR_INIT(ARN)};
  static union {
    max_align_t aligned;
    char bytes[512];
  } element;
  const struct ivs_type *t = &ivs_types[type];
  for (unsigned i = 0; i < t->count; i++) {
    const struct ivs_field *f = &ivs_fields[t->first + i];
    void *at = base + f->offset;
    if (!(f->flags & IVS_F_REQUIRED)) continue;
    struct ivs_any_list *list = (struct ivs_any_list *)at;
    switch (f->kind) {
      case IVS_K_STR: *(ivs_str *)at = texts[0]; break;
      case IVS_K_BOOL: *(ivs_bool *)at = IVS_TRUE; break;
      case IVS_K_INT: *(ivs_int *)at = IVS_INT(60); break;
      case IVS_K_TIME: break;
      case IVS_K_STRUCT:
        *(bool *)at = true;
        fill(f->type, (char *)at);
        break;
      case IVS_K_STRS:
        list->items = texts;
        list->count = 1;
        break;
      case IVS_K_MAP: list->items = ""; break;
      default:
        HOLDS(ivs_types[f->type].size <= sizeof element.bytes);
        memset(&element, 0, sizeof element);
        fill(f->type, element.bytes);
        list->items = &element;
        list->count = 1;
    }
  }
}

/* --- answers --- */

static void see_text(ivs_str s) {
  HOLDS(fuzz_within(s, space, space_n));
}

static void see_struct(uint8_t type, char *base);

static void see_list(uint8_t kind, ivs_span *rest) {
  union {
    max_align_t aligned;
    char bytes[ELEMENT];
    ivs_str text;
    ivs_pair pair;
  } element;
  int r;
  while ((r = ivs_next(&client, rest, &element)) != 0) {
    HOLDS(r == 1 || r == IVS_ERR_TYPE);
    if (r != 1) break;
    if (kind == IVS_K_LIST) see_struct(rest->type, element.bytes);
    else if (kind == IVS_K_STRS) see_text(element.text);
    else see_text(element.pair.name), see_text(element.pair.value);
  }
}

static void see_struct(uint8_t type, char *base) {
  const struct ivs_type *t = &ivs_types[type];
  for (unsigned i = 0; i < t->count; i++) {
    const struct ivs_field *f = &ivs_fields[t->first + i];
    void *at = base + f->offset;
    switch (f->kind) {
      case IVS_K_STR: see_text(*(ivs_str *)at); break;
      case IVS_K_TIME: see_text(((ivs_time *)at)->text); break;
      case IVS_K_BOOL:
      case IVS_K_INT: break;
      case IVS_K_STRUCT:
        if (*(bool *)at) see_struct(f->type, (char *)at);
        break;
      default: see_list(f->kind, &((struct ivs_any_list *)at)->rest);
    }
  }
}

/* --- calls --- */

static bool known(int err) {
#define KNOWN(name, number, text) \
  if (err == (number)) return true;
  IVS_ERR_MAP(KNOWN)
#undef KNOWN
  return err == 0;
}

static bool has_token(const void *p, size_t n) {
  return fuzz_holds(p, n, TOKEN) && !fuzz_holds(input, input_n, TOKEN);
}

static void check_end(int r) {
  const struct ivs_error *e = ivs_last(&client);
  HOLDS(known(r) && r != IVS_AGAIN && r != IVS_ERR_STATE);
  HOLDS(e->err == r && known(e->cause) && e->layer <= IVS_LAYER_SERVICE);
  HOLDS((r == IVS_ERR_UNSURE) == (e->cause != e->err));
  HOLDS(strnlen(e->code, sizeof e->code) < sizeof e->code);
  HOLDS(strnlen(e->message, sizeof e->message) < sizeof e->message);
  HOLDS(strnlen(e->request_id, sizeof e->request_id) < sizeof e->request_id);
  HOLDS(e->status == 0 || (e->status >= 200 && e->status <= 599));
  HOLDS(fuzz_within(e->whole, space, space_n));
  HOLDS(!has_token(space, space_n) && !has_token(e, sizeof *e));
  HOLDS(client.state == 0 && provider.base.waiting == 0);
}

static void give_space(size_t n) {
  char *larger = fuzz_room(place ^= 1, n);
  memset(larger, 0, n);
  HOLDS(ivs_workspace(&client, larger, n) == 0);
  HOLDS(space == NULL || !has_token(space, space_n)); /* the caller has it back */
  space = larger;
  space_n = n;
}

/* 0: more room was given. Else the call is given up. */
static int grow(void) {
  size_t need = ivs_last(&client)->need;
  HOLDS(need > space_n);
  if (need > GROWTH || fuzz_byte(service.in) == 255) return -1;
  give_space(need);
  return 0;
}

static int finish(uint64_t deadline) {
  struct ivs_wait w;
  int r;
  for (int turns = 0;; turns++) {
    HOLDS(turns < TURNS);
    r = ivs_step(&client, &w);
    if (r == IVS_ERR_SPACE && client.state != 0) {
      if (grow() == 0) continue;
      ivs_cancel(&client);
      return IVS_ERR_CANCELLED;
    }
    if (r != 1) return r;
    HOLDS(w.until <= deadline);
    if (!service.clean && service.in->n > 0 && service.in->p[0] == 253) {
      ivs_cancel(&client);
      return IVS_ERR_CANCELLED;
    }
    if (service.port.fn->wait(&service.port, &w) < 0) {
      ivs_cancel(&client);
      return IVS_ERR_CANCELLED;
    }
  }
}

static void bad_call(struct fuzz *f) {
  static union {
    max_align_t aligned;
    char bytes[ELEMENT];
  } in, out;
  enum ivs_op_id op = (enum ivs_op_id)(fuzz_byte(f) % (IVS_OP_COUNT + 1));
  uint64_t deadline = now.ticks + CALL_MS;
  if (op == IVS_OP_COUNT) {
    int r = ivs_clock_learn(&client);
    HOLDS(known(r) && now.ticks <= deadline);
    return;
  }
  memset(&in, 0, sizeof in);
  fill(ivs_ops[op].in, in.bytes);
  HOLDS(ivs_start(&client, op, in.bytes, out.bytes) == 0);
  int r = finish(deadline);
  HOLDS(now.ticks <= deadline);
  check_end(r);
  if (r == 0) see_struct(ivs_ops[op].out, out.bytes);
}

/* On a good network with a good service: at once, or when the clock was wrong and the one attempt
   that there is went into learning it. */
static void good_call(void) {
  static const struct ivs_get_channel_in in = {.arn = IVS_STR_INIT(ARN)};
  struct ivs_get_channel_out out;
  service.clean = container.clean = true;
  now.skew_ms = 0;
  if (space_n < 4096) give_space(4096);
  /* Credentials are judged by the client's clock, which may have been told anything; and there is a
     minute between two attempts to renew them. */
  if (client.options.provider != NULL || client.options.keep_clock)
    ivs_clock_set(&client, net_now(&service));
  now.ticks += 61000;
  int r = IVS_AGAIN;
  for (int i = 0; i < 2 && r != 0; i++) {
    HOLDS(ivs_start(&client, IVS_OP_GET_CHANNEL, &in, &out) == 0);
    r = finish(now.ticks + CALL_MS);
    check_end(r);
    HOLDS(r == 0 || client.options.attempts == 1 || i == 1);
  }
  HOLDS(r == 0 && out.channel.present);
  HOLDS(ivs_str_eq(out.channel.arn, IVS_STR(ARN)) && ivs_str_eq(out.channel.name, IVS_STR("good")));
}

static void set_up(struct fuzz *f) {
  uint8_t how = fuzz_byte(f), attempts = fuzz_byte(f);
  memset(&now, 0, sizeof now);
  now.ticks = 1000;
  net_start(&service, f, &now, serve);
  net_start(&container, f, &now, serve_credentials);
  HOLDS(ivs_endpoint_for_region(&endpoint, IVS_STR("eu-west-1")) == 0);
  HOLDS(ivs_endpoint_from_url(&container_endpoint, IVS_STR("http://127.0.0.1:8080")) == 0);
  HOLDS(ivs_creds_set(&creds, IVS_STR("AKID"), IVS_STR("secret"), IVS_STR(TOKEN)) == 0);
  struct ivs_container_options from = {.fetch = {.port = &container.port,
                                                 .endpoint = &container_endpoint,
                                                 .space = provider_space,
                                                 .space_n = sizeof provider_space}};
  HOLDS(ivs_container_provider_init(&provider, &from) == 0);
  struct ivs_options options = {.port = &service.port,
                                .endpoint = &endpoint,
                                .region = IVS_STR("eu-west-1"),
                                .call_ms = CALL_MS,
                                .attempts = attempts % 5,
                                .check = how & 16 ? ivs_check_member : NULL,
                                .cue_once = (how & 4) != 0,
                                .keep_clock = (how & 8) != 0};
  if ((how & 3) == 1) options.provider = &provider.base;
  else if ((how & 3) != 2) options.creds = &creds;
  HOLDS(ivs_init(&client, &options) == 0);
  space = NULL;
  give_space(SPACE_LEAST + (size_t)fuzz_byte(f) * 24);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  struct fuzz f = {data, n};
  if (n > 8192) return -1;
  input = data;
  input_n = n;
  set_up(&f);
  for (int i = 0; i < CALLS && f.n > 0; i++) bad_call(&f);
  good_call();
  ivs_close(&client);
  ivs_provider_wipe(&provider.base);
  HOLDS(service.opened == service.closed && container.opened == container.closed);
  HOLDS(!has_token(&client, sizeof client) && !has_token(&provider, sizeof provider));
  HOLDS(!has_token(provider_space, sizeof provider_space));
  return 0;
}
