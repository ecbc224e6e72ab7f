# The targets of deps.cmake from the pinned sources.

if(NOT EXISTS "${IVS_DEPS_DIR}/versions")
  execute_process(COMMAND "${PROJECT_SOURCE_DIR}/scripts/deps" "${IVS_DEPS_DIR}" RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "No pinned sources in ${IVS_DEPS_DIR}: run scripts/deps, name another folder with "
      "-DIVS_DEPS_DIR=, or use the system's with -DIVS_SYSTEM_DEPS=ON")
  endif()
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${IVS_DEPS_DIR}/versions")

# ivs_pinned(NAME VARIABLE): the folder of an unpacked source.
function(ivs_pinned name variable)
  file(STRINGS "${IVS_DEPS_DIR}/versions" line REGEX "^${name} ")
  string(REPLACE " " "-" folder "${line}")
  if(NOT line OR NOT EXISTS "${IVS_DEPS_DIR}/src/${folder}")
    message(FATAL_ERROR "${name} is not in ${IVS_DEPS_DIR}: run scripts/deps")
  endif()
  set(${variable} "${IVS_DEPS_DIR}/src/${folder}" PARENT_SCOPE)
endfunction()

# ivs_third_party(TARGET): compiled as it is, small, without our warnings; ready for ivs.so where that is built.
set(ivs_pic ON)
if(IVS_STATIC)
  set(ivs_pic OFF)
endif()
function(ivs_third_party target)
  set_target_properties(${target} PROPERTIES C_STANDARD 11 POSITION_INDEPENDENT_CODE ${ivs_pic})
  target_compile_options(${target} PRIVATE -w -ffunction-sections -fdata-sections)
endfunction()

ivs_pinned(jsmn ivs_jsmn_dir)
add_library(ivs_jsmn INTERFACE)
target_include_directories(ivs_jsmn SYSTEM INTERFACE "$<BUILD_INTERFACE:${ivs_jsmn_dir}>")

# One archive of everything: the linker takes the members that are used. Bare metal gets the headers only;
# a product there builds mbedTLS with its own configuration.
ivs_pinned(mbedtls ivs_mbedtls_dir)
if(ivs_hosted)
  find_package(Threads REQUIRED)
  file(GLOB ivs_mbedtls_sources "${ivs_mbedtls_dir}/library/*.c")
  add_library(ivs_mbedtls STATIC ${ivs_mbedtls_sources})
  # The arithmetic of the handshake is nearly all that a short call costs the processor.
  foreach(name bignum bignum_core ecp ecp_curves)
    set_property(SOURCE "${ivs_mbedtls_dir}/library/${name}.c" PROPERTY COMPILE_OPTIONS $<$<CONFIG:MinSizeRel>:-O2>)
  endforeach()
  ivs_third_party(ivs_mbedtls)
  # What is linked with it keeps it to itself, also a plug-in of a program that has another mbedTLS.
  set_target_properties(ivs_mbedtls PROPERTIES C_VISIBILITY_PRESET hidden)
  target_include_directories(ivs_mbedtls SYSTEM
    PUBLIC "$<BUILD_INTERFACE:${ivs_mbedtls_dir}/include>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/ivs-mbedtls>"
    PRIVATE "${ivs_mbedtls_dir}/library")
  target_compile_definitions(ivs_mbedtls
    PUBLIC "$<BUILD_INTERFACE:MBEDTLS_USER_CONFIG_FILE=\"${PROJECT_SOURCE_DIR}/platform/mbedtls/user_config.h\">"
      $<$<STREQUAL:${IVS_CRYPTO},psa>:IVS_CRYPTO_PSA>)
  target_link_libraries(ivs_mbedtls PUBLIC Threads::Threads)
else()
  add_library(ivs_mbedtls INTERFACE)
  target_include_directories(ivs_mbedtls SYSTEM INTERFACE "$<BUILD_INTERFACE:${ivs_mbedtls_dir}/include>")
endif()

if(IVS_BUILD_LUA)
  ivs_pinned(lua5.4 ivs_lua_dir)
  add_library(ivs_lua INTERFACE)
  target_include_directories(ivs_lua SYSTEM INTERFACE "${ivs_lua_dir}/src")
  file(GLOB ivs_lua_sources "${ivs_lua_dir}/src/*.c")
  list(FILTER ivs_lua_sources EXCLUDE REGEX "/luac?\\.c$")
  add_library(ivs_liblua STATIC EXCLUDE_FROM_ALL ${ivs_lua_sources})
  ivs_third_party(ivs_liblua)
  set_target_properties(ivs_liblua PROPERTIES OUTPUT_NAME lua)
  target_compile_definitions(ivs_liblua PRIVATE LUA_USE_POSIX $<$<NOT:$<BOOL:${IVS_STATIC}>>:LUA_USE_DLOPEN>)
  target_link_libraries(ivs_liblua PUBLIC ivs_lua m ${CMAKE_DL_LIBS})
endif()
