# The program of this board: a host for Lua scripts, with Lua and the module "ivs" over lwIP. Read by
# boards/common/CMakeLists.txt.

# Lua, without its files, system and loader. What it is compiled with, its users have to be, too.
ivs_pinned(lua5.4 lua_dir)
set(lua_sources lapi lauxlib lbaselib lcode lcorolib lctype ldebug ldo ldump lfunc lgc llex lmathlib lmem lobject
  lopcodes lparser lstate lstring lstrlib ltable ltablib ltm lundump lutf8lib lvm lzio)
list(TRANSFORM lua_sources REPLACE "(.+)" "${lua_dir}/src/\\1.c")
add_library(firmware_lua STATIC ${lua_sources})
firmware_third_party(firmware_lua)
add_library(ivs_lua INTERFACE)
target_include_directories(ivs_lua SYSTEM INTERFACE "${lua_dir}/src")
target_compile_options(ivs_lua INTERFACE -include "${BOARD_DIR}/lua_config.h")
target_compile_definitions(firmware_lua PRIVATE LUA_CORE= LUA_LIB=) # for luaconf.h, which comes before they say so
target_link_libraries(firmware_lua PRIVATE ivs_lua)

add_subdirectory("${top}/lua/lwip" lua)

# The scripts, as a table of bytecode that a program of the building machine writes.
set(IVS_HOST_CC cc CACHE STRING "Compiler for programs that run during the build")
set(scripts "${CMAKE_CURRENT_BINARY_DIR}/embedded_scripts.c")
set(embed "${CMAKE_CURRENT_BINARY_DIR}/ivs_embed")
file(GLOB embed_sources "${lua_dir}/src/*.c")
list(FILTER embed_sources EXCLUDE REGEX "/luac?\\.c$")
add_custom_command(OUTPUT "${embed}"
  COMMAND ${IVS_HOST_CC} -O1 -w -DLUA_USE_POSIX -I "${lua_dir}/src" -o "${embed}" "${top}/lua/src/embed.c"
    ${embed_sources} -lm
  DEPENDS "${top}/lua/src/embed.c" VERBATIM)
add_custom_command(OUTPUT "${scripts}"
  COMMAND "${embed}" "${scripts}" "checks=${BOARD_DIR}/checks.lua" "greedy=${BOARD_DIR}/greedy.lua"
    "story=${BOARD_DIR}/story.lua"
  DEPENDS "${embed}" "${BOARD_DIR}/checks.lua" "${BOARD_DIR}/greedy.lua" "${BOARD_DIR}/story.lua" VERBATIM)

firmware_program(firmware
  "${BOARD_DIR}/libc.c" "${BOARD_DIR}/main.c" "${BOARD_DIR}/memory.c" "${BOARD_DIR}/pool.c" "${BOARD_DIR}/scripts.c"
  "${scripts}" "${tests}/name_server.c" "${tests}/network_setup.c" "${tests}/report.c"
  "${tests}/words.c")
target_include_directories(firmware PRIVATE "${BOARD_DIR}")
target_compile_definitions(firmware PRIVATE BOARD_POOL_KB=${BOARD_POOL_KB} BOARD_LUA_KB=${BOARD_LUA_KB})
target_link_libraries(firmware PRIVATE ivs_lua_lwip firmware_lua m)
target_link_options(firmware PRIVATE -Wl,--wrap=luaL_loadfilex -Wl,--wrap=strtod)
