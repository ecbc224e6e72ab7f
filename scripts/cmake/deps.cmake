# The dependencies as targets:
#   ivs_jsmn     <jsmn.h>
#   ivs_mbedtls  mbedTLS's headers and libraries
#   ivs_lua      Lua's headers; ivs_liblua: its library too
# From the pinned sources that scripts/deps brings, or from the system.

if(IVS_SYSTEM_DEPS)
  include(${CMAKE_CURRENT_LIST_DIR}/deps-system.cmake)
else()
  include(${CMAKE_CURRENT_LIST_DIR}/deps-pinned.cmake)
endif()
