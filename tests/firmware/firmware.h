/*
 * What the files of the test's program share.
 */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include <ivs/ivs.h>

/* --- report.c: lines for tests/firmware/run.py --- */

/* NAME VALUE */
void report_text(const char *name, ivs_str value);
void report_number(const char *name, int64_t value);

/* Why a call failed; returns result. */
int report_failure(const char *call, int result, const struct ivs_error *error);

/* --- live.c --- */

/* Creates a channel, waits until its stream is live, pushes so many items of metadata, stops and
   deletes. 0 or an error, reported. */
int go_live(ivs_client *client, uint32_t items);

/* --- port.c --- */

struct ivs_lwip_hooks;

/* The port by itself; name has the address. 0 or an error, reported. */
int check_port(const struct ivs_lwip_hooks *hooks, const char *name, const char *address);

/* --- name_server.c --- */

/* The name for which no answer is given. */
#define NAME_SERVER_SILENT "silent"

/* Answers DNS at this board's own address: `name` has the address, no other name exists. Both are
   kept. */
void name_server_start(const char *name, const char *address);

#endif
