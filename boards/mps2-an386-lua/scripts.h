/*
 * The scripts that are compiled into the image.
 */
#ifndef SCRIPTS_H
#define SCRIPTS_H

#include <lua.h>

/* Sets up `require`, which knows the module "ivs" and the scripts. May raise. */
void scripts_open(lua_State *L);

/* run(name, ...): a lua_CFunction that runs a script with the arguments; name: a NUL-ended text as
   a light userdata. Raises what the script raises. */
int scripts_run(lua_State *L);

#endif
