/*
 * The module "ivs" on a board without files and an environment, for the program that runs scripts
 * there:
 *
 *   static const struct ivs_lua_board board = {.hooks = &hooks, .region = "eu-west-1"};
 *   lua_State *L = lua_newstate(allocate, NULL);
 *   ivs_lua_set_board(L, &board);
 *   luaL_requiref(L, "ivs", luaopen_ivs, 0);
 */
#ifndef IVS_LUA_BOARD_H
#define IVS_LUA_BOARD_H

#include <ivs/lwip.h>
#include <ivs/provider.h>
#include <lua.h>

/* What takes the place of files and an environment, and options of ivs.client stand above. All of
   it must outlive the state. */
struct ivs_lua_board {
  const struct ivs_lwip_hooks *hooks; /* required */
  const void *roots; /* that are trusted, as in struct ivs_tls_options; NULL: Amazon's */
  size_t roots_n;
  const char *region;             /* NULL: scripts have to give one */
  const char *endpoint;           /* URL; NULL: that of the service in the region */
  const struct ivs_creds *creds;  /* NULL: scripts have to give keys, */
  struct ivs_provider *provider;  /* unless there is a provider, which comes before creds */
  void (*warn)(const char *line); /* told what the user should know; NULL: nobody is */
};

/* To be called once in a state, before a client is made in it. May raise for want of memory. */
void ivs_lua_set_board(lua_State *L, const struct ivs_lua_board *board);

#endif
