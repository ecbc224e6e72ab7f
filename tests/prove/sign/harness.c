#include "../../../core/src/signature.h"
#include "../sha256_state.h"
#include "../stream.h"

enum { BOUND = 65536, DAY = 8, TIME_MAX = 17 };

static struct ivs_sigv4_key key;
static struct ivs_sigv4_request rq;
static const char *amz_date;

/* What is hashed one after another, and then the value of the header. */
enum { PAYLOAD, CANONICAL, TO_SIGN, AUTHORIZATION, STREAMS };

static struct stream streams[STREAMS];
static struct digest digests[AUTHORIZATION]; /* of each; of TO_SIGN the HMAC */
static unsigned begun;                       /* hashes */

struct stream *stream_of(const struct ivs_out *o) {
  return &streams[o->hash == NULL ? AUTHORIZATION : begun - 1];
}

/* A hash has taken the stream of this number, so far. */
unsigned taken_first(void) {
  MUST(begun < AUTHORIZATION);
  return begun++;
}

unsigned taken_with(unsigned taken, const void *p, size_t n) {
  (void)p, (void)n;
  return taken;
}

/* Of all that it has to be of. */
struct digest digest_of(unsigned taken, const void *to) {
  (void)to;
  MUST(is_complete(&streams[taken]));
  return digests[taken];
}

/* The HMAC as proof `hmac` has it. */
int ivs_hmac_start(struct ivs_sha256 *h, const struct ivs_hmac_key *k) {
  MUST(k == &key.hmac && begun == TO_SIGN);
  return ivs_sha256_start(h);
}

int ivs_hmac_final(struct ivs_sha256 *h, const struct ivs_hmac_key *k,
                   uint8_t mac[IVS_SHA256_BYTES]) {
  MUST(k == &key.hmac && begun == TO_SIGN + 1);
  return ivs_sha256_final(h, mac);
}

static void put_request(struct ivs_out *o, const struct ivs_sigv4_request *of) {
  put(o, REQUEST, of, 0);
}

static void put_names(struct ivs_out *o, const struct ivs_sigv4_request *of, char end) {
  put(o, NAMES, of, 0);
  ivs_put_char(o, end);
}

/* The memory behind its NUL is not to be read; there may be another before. */
static const char *any_string(size_t most) {
  char *s = any_bytes(most + 1);
  s[most] = '\0';
  return s + any_size_to(most);
}

static int sign(ivs_str id, struct ivs_out *o) {
  const ivs_str day = {key.date, DAY};
  const struct part payload[] = {{TEXT, rq.payload, rq.payload_size}};
  const struct part canonical[] = {
      {REQUEST, &rq, 0}, {NAMES, &rq, 0}, LITERALLY("\n"), {HEX, &digests[PAYLOAD], 32}};
  const struct part to_sign[] = {LITERALLY("AWS4-HMAC-SHA256\n"),
                                 {TEXT, amz_date, text_of(amz_date).n},
                                 LITERALLY("\n"),
                                 {TEXT, day.p, day.n},
                                 LITERALLY("/"),
                                 {TEXT, key.region.p, key.region.n},
                                 LITERALLY("/"),
                                 {TEXT, key.service.p, key.service.n},
                                 LITERALLY("/aws4_request\n"),
                                 {HEX, &digests[CANONICAL], 32}};
  const struct part value[] = {LITERALLY("AWS4-HMAC-SHA256 Credential="),
                               {TEXT, id.p, id.n},
                               LITERALLY("/"),
                               {TEXT, day.p, day.n},
                               LITERALLY("/"),
                               {TEXT, key.region.p, key.region.n},
                               LITERALLY("/"),
                               {TEXT, key.service.p, key.service.n},
                               LITERALLY("/aws4_request, SignedHeaders="),
                               {NAMES, &rq, 0},
                               LITERALLY(", Signature="),
                               {HEX, &digests[TO_SIGN], 32}};
  streams[PAYLOAD] = STREAM(payload);
  streams[CANONICAL] = STREAM(canonical);
  streams[TO_SIGN] = STREAM(to_sign);
  streams[AUTHORIZATION] = STREAM(value);
  return ivs_sign(&key, id, &rq, amz_date, o, put_request, put_names);
}

void harness(void) {
  ivs_str payload = any_text(BOUND);
  rq.payload = payload.p;
  rq.payload_size = payload.n;
  for (size_t i = 0; i < DAY; i++) key.date[i] = any_char();
  key.region = any_text(BOUND);
  key.service = any_text(BOUND);
  amz_date = any_string(TIME_MAX);
  in_digest = any_size_to(IVS_SHA256_BYTES - 1);
  for (size_t i = 0; i < AUTHORIZATION; i++) digests[i] = any_digest();

  struct ivs_out o = ivs_out_to(NULL, any_size());
  int r = sign(any_text(BOUND), &o);
  MUST(count_running() == 0);
  MUST(r == IVS_OK || r == IVS_ERR_STATE || r == IVS_ERR_CRYPTO || r == IVS_ERR_SPACE);
  if (r == IVS_OK || r == IVS_ERR_SPACE) MUST(begun == AUTHORIZATION);
  if (r == IVS_OK || r == IVS_ERR_SPACE) MUST(is_complete(&streams[AUTHORIZATION]));
  else MUST(o.n == 0 && is_untouched(&streams[AUTHORIZATION]));
  if (r == IVS_ERR_STATE) MUST(begun == 0);
  if (key.date[0] == '\0') MUST(r == IVS_ERR_STATE);
}
