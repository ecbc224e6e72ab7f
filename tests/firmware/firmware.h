/*
 * What the files of the test's program share.
 */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include <ivs/ivs.h>
#include <ivs/metadata_queue.h>

struct ivs_lwip_hooks;
struct ivs_tls;

/* --- words.c: what the firmware is run with --- */

/* The value of a word, for the life of the program; without it the firmware ends. */
char *word(const char *name);
uint32_t number_word(const char *name);

/* Of one made of hexadecimal digits: the bytes that they stand for. Once for each name, as the
   bytes are put where the digits were. */
ivs_str bytes_word(const char *name);

/* --- network_setup.c --- */

/* The clocks and the entropy of the board. */
extern const struct ivs_lwip_hooks firmware_hooks;

/* Starts the network with the addresses that QEMU gives, and the name server. */
void start_network(void);

/* --- report.c: lines for tests/firmware/run.py --- */

/* NAME VALUE */
void report_text(const char *name, ivs_str value);
void report_number(const char *name, int64_t value);

/* Why a call failed; returns result. */
int report_failure(const char *call, int result, const struct ivs_error *error);

/* --- live.c, for one caller at a time --- */

enum { LIVE_ARN_MAX = 128, LIVE_QUEUE_ITEMS = 8, LIVE_ITEM_BYTES = 40 };

extern struct live {
  char arn[LIVE_ARN_MAX + 1];
  ivs_metadata_queue queue;
  char buffer[IVS_METADATA_BUFFER(IVS_METADATA_MAX, LIVE_QUEUE_ITEMS, LIVE_ITEM_BYTES)];
} live;

/* Creates a channel, waits until its stream is live, pushes so many items of metadata, stops and
   deletes. 0 or an error, reported. */
int go_live(ivs_client *client, uint32_t items);

/* Its parts. Keeps an ARN, reported, of which *arn is then a view. */
int live_keep_arn(ivs_str from, ivs_str *arn);

/* True if a call failed for nothing but a stream that is not live. */
bool live_is_offline(ivs_client *client, int result);

/* The queue: set up, given item `number`, reported and emptied. */
int live_queue_start(ivs_client *client, ivs_str arn);
int live_push(uint32_t number);
void live_queue_stop(void);

/* --- loop.c --- */

/* The same as go_live(), from a loop that never waits. tls: the client's port. */
int go_live_in_loop(ivs_client *client, const struct ivs_tls *tls, uint32_t items);

/* --- iot.c --- */

/* Credentials from AWS IoT Core; ca: the root to trust, DER; space: of the client's. 0 or an error.
   iot_stop() ends it, if it was started. */
int iot_start(const struct ivs_lwip_hooks *hooks, ivs_str ca, void *space, size_t space_n,
              struct ivs_provider **provider);
void iot_stop(void);

/* --- measure.c --- */

/* What a handshake, a signature and a call cost. 0 or an error, reported. */
int measure(ivs_client *client);

/* --- port.c --- */

/* The port by itself, and TLS over it; name has the address. 0 or an error, reported. */
int check_port(const struct ivs_lwip_hooks *hooks, struct ivs_tls *tls, const char *name,
               const char *address);

/* --- name_server.c --- */

/* The name for which no answer is given. */
#define NAME_SERVER_SILENT "silent"

/* Answers DNS at this board's own address: `name` has the address, no other name exists. Both are
   kept. */
void name_server_start(const char *name, const char *address);

#endif
