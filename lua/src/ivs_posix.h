/*
 * What a client stands on where there are files, an environment and POSIX's sockets.
 */
#ifndef IVS_POSIX_HOST_H
#define IVS_POSIX_HOST_H

#include <ivs/route.h>
#include <ivs/settings.h>
#include <ivs/sources.h>

#include "ivs_binding.h"

/* "https://", a host in brackets, a port */
enum { IVS_PROXY_TEXT_SIZE = IVS_PROXY_HOST_MAX + 20 };

struct ivs_lua_host {
  struct ivs_settings settings;
  struct ivs_route route;
  /* What gets credentials, in a user value; NULL: they are given keys. */
  struct ivs_sources *sources;
  char proxy_text[IVS_PROXY_TEXT_SIZE];
};

/* What messages call the route's proxy; false if there is none. */
bool ivs_name_proxy(const struct ivs_route *route, char to[IVS_PROXY_TEXT_SIZE]);

/* --- ivs_credentials.c --- */

/* Where the credentials come from, by the options and the settings. client is at index 2. 0, or the
   results that were pushed. */
int ivs_set_credentials(lua_State *L, struct ivs_lua_client *client);

/* Pushes nil and the error of the settings. Returns 2. */
int ivs_push_settings_failure(lua_State *L, const struct ivs_settings *s);

#endif
