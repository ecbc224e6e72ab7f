/*
 * Makes calls of all kinds over one client, as long as it is told to, and shows that this costs no
 * memory and no descriptors: soak ARN CALLS, where ARN is a live channel. For soak.py, which makes
 * the service fail at random; IVS_SEED decides about the calls.
 *
 * What the caller was told of each channel goes to standard output at the end, one line each:
 * "there ARN", "unsure NAME" (of a create), "doubtful ARN" (of a delete). Numbers go to standard
 * error.
 */
#include "../check.h"
#include "../error_name.h"
#include "session.h"

#include <dirent.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { CHANNELS = 40, PARTS = 10, NAME = 40, ARN = 128, ERRORS = 128 };

/* What may have changed between the two measurements: tickets differ in size, and so on. */
enum { CLOSED_GROWTH = 4096, OPEN_GROWTH = 8192, RSS_GROWTH_KB = 2048 };

struct usage {
  size_t open, closed; /* bytes of heap in use, with the client open (but for its workspace, which
                          the program has it grow) and closed */
  long rss_kb;
  int descriptors;
};

static struct session session;
static struct session_options options = {.call_ms = 500, .space_max = 1 << 20};
static struct ivs_counters total;
static uint32_t handshakes, resumed;
static unsigned errors[ERRORS];
static char channels[CHANNELS][ARN];
static unsigned channel_count, named;

static void fail(const char *what) {
  fprintf(stderr, "soak: %s\n", what);
  exit(1);
}

/* --- what the process uses --- */

static size_t heap_in_use(void) {
#ifdef __GLIBC__
  struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
#else
  return 0;
#endif
}

static long rss_kb(void) {
  char line[200];
  long kb = 0;
  FILE *f = fopen("/proc/self/status", "r");
  if (f == NULL) fail("cannot read /proc/self/status");
  while (fgets(line, sizeof line, f) != NULL)
    if (sscanf(line, "VmRSS: %ld", &kb) == 1) break;
  fclose(f);
  return kb;
}

static int descriptors(void) {
  int n = 0;
  DIR *d = opendir("/proc/self/fd");
  if (d == NULL) fail("cannot read /proc/self/fd");
  while (readdir(d) != NULL) n++;
  closedir(d);
  return n;
}

static void add_counters(void) {
  const struct ivs_counters *c = ivs_client_counters(&session.client);
  total.calls += c->calls;
  total.retries += c->retries;
  total.requests += c->requests;
  total.connections += c->connections;
  total.reused += c->reused;
  total.sent += c->sent;
  total.received += c->received;
  handshakes += session.tls.handshakes;
  resumed += session.tls.resumed;
}

/* Closes the client on the way, and opens it again. */
static struct usage measure(void) {
  struct usage u = {
      .open = heap_in_use() - session.space_n, .closed = 0, .rss_kb = rss_kb(), .descriptors = 0};
  add_counters();
  session_close(&session);
  u.closed = heap_in_use();
  u.descriptors = descriptors();
  session_open(&session, &options);
  return u;
}

/* --- calls --- */

static int call(enum ivs_op_id op, const void *in, void *out) {
  size_t need;
  int r = session_call(&session, op, in, out, &need);
  if (r < 0) errors[-r < ERRORS ? -r : 0]++;
  return r;
}

static void read_one(const char *arn) {
  struct ivs_get_channel_in in = {.arn = ivs_cstr(arn)};
  struct ivs_get_channel_out out;
  call(IVS_OP_GET_CHANNEL, &in, &out);
}

static void read_all(void) {
  struct ivs_list_channels_in in = {.max_results = IVS_INT(20)};
  struct ivs_list_channels_out out;
  struct ivs_channel_summary channel;
  int r = call(IVS_OP_LIST_CHANNELS, &in, &out);
  while (r == 0 && ivs_next_channel_summary(&session.client, &out.channels, &channel) == 1) {
  }
}

static void create(void) {
  char name[NAME];
  struct ivs_create_channel_in in = {.name = {name, 0}};
  struct ivs_create_channel_out out;
  in.name.n = (size_t)snprintf(name, sizeof name, "soak-%u", named++);
  int r = call(IVS_OP_CREATE_CHANNEL, &in, &out);
  bool told = r == 0 && out.channel.arn.n > 0;
  if (told) ivs_str_cut(channels[channel_count++], ARN, out.channel.arn);
  else if (r == 0 || r == IVS_ERR_UNSURE || r == IVS_ERR_SPACE) printf("unsure %s\n", name);
}

/* Deleted, or deleted before: what was repeated because its answer was lost finds nothing. */
static void delete_one(void) {
  size_t which = check_below(channel_count);
  struct ivs_delete_channel_in in = {.arn = ivs_cstr(channels[which])};
  int r = call(IVS_OP_DELETE_CHANNEL, &in, NULL);
  const struct ivs_error *e = ivs_last(&session.client);
  bool gone = r == 0 || (r == IVS_ERR_SERVICE && strcmp(e->code, "ResourceNotFoundException") == 0);
  if (!gone) printf("doubtful %s\n", channels[which]);
  if (which != --channel_count) memcpy(channels[which], channels[channel_count], ARN);
}

static void put(const char *arn) {
  struct ivs_put_metadata_in in = {.channel_arn = ivs_cstr(arn), .metadata = IVS_STR("{\"n\":1}")};
  call(IVS_OP_PUT_METADATA, &in, NULL);
}

static void call_any(const char *arn) {
  size_t dice = check_below(20);
  if (dice < 7) read_one(arn);
  else if (dice < 10) read_all();
  else if (dice < 13) put(arn);
  else if (channel_count == 0 || (dice < 17 && channel_count < CHANNELS)) create();
  else delete_one();
}

/* --- the report --- */

static void progress(unsigned done, unsigned calls) {
  if (isatty(STDERR_FILENO)) fprintf(stderr, "\r%u of %u calls", done, calls);
  else if (calls >= PARTS && done % (calls / PARTS) == 0)
    fprintf(stderr, "%u of %u calls, %ld KB resident\n", done, calls, rss_kb());
  if (done == calls && isatty(STDERR_FILENO)) fprintf(stderr, "\n");
}

static void report(const struct usage *early, const struct usage *late) {
  fprintf(stderr, "calls %u, requests %u, retries %u\n", total.calls, total.requests,
          total.retries);
  fprintf(stderr, "connections %u, requests over a kept one %u, handshakes %u, resumed %u\n",
          total.connections, total.reused, handshakes, resumed);
  fprintf(stderr, "bytes sent %llu, received %llu\n", (unsigned long long)total.sent,
          (unsigned long long)total.received);
  fprintf(stderr, "errors:");
  for (int i = 0; i < ERRORS; i++)
    if (errors[i] > 0) fprintf(stderr, " %s %u", error_name(-i), errors[i]);
  fprintf(stderr, "\nheap in use, client open: %zu bytes at 10 %%, %zu at the end\n", early->open,
          late->open);
  fprintf(stderr, "heap in use, client closed: %zu bytes, %zu\n", early->closed, late->closed);
  fprintf(stderr, "resident: %ld KB, %ld KB; descriptors: %d, %d\n", early->rss_kb, late->rss_kb,
          early->descriptors, late->descriptors);
}

/* An instrumented heap, which tells nothing of itself, keeps what was freed. */
static bool is_instrumented(const struct usage *u) {
#ifdef __GLIBC__
  return u->closed == 0;
#else
  (void)u;
  return false;
#endif
}

static void judge(const struct usage *early, const struct usage *late) {
  if (late->descriptors != early->descriptors) fail("descriptors were left open");
  if (is_instrumented(late)) return;
  if (late->closed > early->closed + CLOSED_GROWTH) fail("the heap grew");
  if (late->open > early->open + OPEN_GROWTH) fail("the heap grew while the client was open");
  if (late->rss_kb > early->rss_kb + RSS_GROWTH_KB) fail("the resident memory grew");
}

int main(int argc, char **argv) {
  struct usage early = {0};
  unsigned calls = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
  if (calls < PARTS) fail("usage: soak ARN CALLS, 10 calls or more");
  check_seed();
  session_open(&session, &options);
  for (unsigned i = 0; i < calls; i++) {
    if (i == calls / PARTS) early = measure();
    call_any(argv[1]);
    if ((i + 1) % (calls >= 1000 ? calls / 1000 : 1) == 0) progress(i + 1, calls);
  }
  struct usage late = measure();
  session_close(&session);
  for (unsigned i = 0; i < channel_count; i++) printf("there %s\n", channels[i]);
  report(&early, &late);
  judge(&early, &late);
  return 0;
}
