/* Native Lua modules in a program that cannot load any. */
#ifndef IVS_NATIVE_H
#define IVS_NATIVE_H

#include <lua.h>

/* From now on require() of a module that package.cpath finds raises an error with the reason. */
void ivs_native_refuse(lua_State *L);

#endif
