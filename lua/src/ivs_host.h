/*
 * What the module asks of where it runs, beyond Lua. A system with files, an environment and
 * sockets gives it in ivs_posix.c and ivs_credentials.c; a board over lwIP in lua/lwip.
 */
#ifndef IVS_HOST_H
#define IVS_HOST_H

#include <ivs/client.h>
#include <ivs/tls.h>

#include <lua.h>

struct ivs_lua_client;

/* What a client stands on: its settings, the way to its endpoint, its credentials. */
struct ivs_lua_host;

/* Bytes of one. Zeroed it is closed. */
extern const size_t ivs_host_bytes;

/* The way to the endpoint, as far as all hosts are alike. */
struct ivs_lua_way {
  struct ivs_port *port;   /* the top of it */
  struct ivs_tls *tls;     /* NULL: the endpoint has none */
  uint32_t *connect_ms;    /* for each address; may be set before the first call */
  const uint32_t *lookups; /* of names; NULL: nobody counts them */
  const char *proxy;       /* in messages, without a password: "http://proxy.example:3128"; NULL:
                              none is used */
};

/* Region and endpoint as the host has found them. Texts live as long as the client. */
struct ivs_lua_place {
  const char *region;      /* "": none */
  const char *region_from; /* in messages; NULL: the option */
  const char *url;         /* of an endpoint that is not one of AWS's own; NULL: none */
  const char *url_from;
  unsigned flags; /* IVS_ENDPOINT_... */
};

/*
 * Sets up what the client stands on, by the options at index 1 and by what is around the program;
 * the client at index 2 owns client->host already. Calls ivs_set_place(), sets client->way, and of
 * core what is the host's: creds, provider, attempts, keep_clock. 0, or the results that were
 * pushed.
 */
int ivs_host_open(lua_State *L, struct ivs_lua_client *client, struct ivs_options *core);

/* Gives all back and forgets what is secret; also after ivs_host_open() failed or raised, and of a
   closed one. */
void ivs_host_close(struct ivs_lua_host *host);

/* Why an option cannot be given here, for a message that begins with its name; NULL: it can. */
const char *ivs_host_lacks(int option);

/* Of a call that failed with r: makes it the message of the error on top that there are no
   credentials, if that is why. */
void ivs_set_credentials_message(lua_State *L, const struct ivs_lua_client *client, int r);

/* client:credentials() -> { source, expires } */
int ivs_lua_credentials(lua_State *L);

/* Seconds since 1970; seconds of a clock that nobody sets. */
double ivs_host_now(lua_State *L);
double ivs_host_ticks(lua_State *L);

/* Random bytes fit for keys. 0 or IVS_ERR_ENTROPY. Must not raise. */
int ivs_host_entropy(lua_State *L, void *p, size_t n);

/* Sleeps for so many seconds, or less. */
void ivs_host_sleep(lua_State *L, double seconds);

/* Tells the user a line, without the line break. Must not raise. */
void ivs_host_warn(lua_State *L, const char *line);

#endif
