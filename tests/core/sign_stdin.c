/*
 * Signs requests read from the standard input, for tests/botocore/signer.py. A request is a run of
 * fields, each a decimal length, a space and so many bytes: access key id, secret, date (as in
 * x-amz-date), region, service, method, path, query, payload, "raw" or nothing, then name and value
 * of each header; an empty name ends the request. Answers a line for each: the Authorization
 * header, or "error" and its number.
 */
#include <stdio.h>
#include <stdlib.h>

#include <ivs/sigv4.h>

#ifdef IVS_CRYPTO_PSA
#include <psa/crypto.h>
#endif

enum { REQUEST_MAX = 1 << 20, HEADERS_MAX = 256, ANSWER_MAX = 65536 };

static char memory[REQUEST_MAX], answer[ANSWER_MAX];
static size_t used;

static void fail(const char *why) {
  fprintf(stderr, "sign_stdin: %s\n", why);
  exit(1);
}

/* False at the end of the input, which is right in front of a request only. */
static bool read_field(ivs_str *field) {
  size_t n;
  int matched = scanf("%zu", &n);
  if (matched == EOF) return false;
  if (matched != 1 || getchar() != ' ') fail("a field does not begin with its length");
  if (n > sizeof memory - used) fail("request too long");
  if (fread(memory + used, 1, n, stdin) != n) fail("input ends in a field");
  *field = (ivs_str){memory + used, n};
  used += n;
  return true;
}

static ivs_str need_field(void) {
  ivs_str field;
  if (!read_field(&field)) fail("input ends in a request");
  return field;
}

static size_t read_headers(ivs_pair *headers) {
  for (size_t n = 0;; n++) {
    if (n == HEADERS_MAX) fail("too many headers");
    headers[n].name = need_field();
    if (headers[n].name.n == 0) return n;
    headers[n].value = need_field();
  }
}

static void sign_one(ivs_str access_key_id) {
  static ivs_pair headers[HEADERS_MAX];
  char date[17];
  ivs_str secret = need_field();
  if (ivs_str_copy(date, sizeof date, need_field()) != 0) fail("date too long");
  ivs_str region = need_field(), service = need_field();
  struct ivs_sigv4_request rq = {.method = need_field(), .headers = headers};
  rq.path = need_field();
  rq.query = need_field();
  ivs_str payload = need_field();
  rq.payload = payload.p;
  rq.payload_size = payload.n;
  rq.flags = ivs_str_eq(need_field(), IVS_STR("raw")) ? IVS_SIGV4_RAW_PATH : 0;
  rq.header_count = read_headers(headers);

  struct ivs_sigv4_key key = {0};
  struct ivs_out o = ivs_out_to(answer, sizeof answer);
  int r = ivs_sigv4_key_derive(&key, secret, date, region, service);
  if (r == IVS_OK) r = ivs_sigv4_sign(&key, access_key_id, &rq, date, &o);
  ivs_sigv4_key_wipe(&key);
  if (r == IVS_OK) printf("%.*s\n", (int)o.n, answer);
  else printf("error %d\n", r);
}

int main(void) {
#ifdef IVS_CRYPTO_PSA
  if (psa_crypto_init() != PSA_SUCCESS) fail("psa_crypto_init() failed");
#endif
  ivs_str access_key_id;
  while (read_field(&access_key_id)) {
    sign_one(access_key_id);
    used = 0;
  }
  return 0;
}
