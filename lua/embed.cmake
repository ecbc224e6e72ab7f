# ivs_embed_lua(TARGET lib/FILE.lua...): compiles Lua files into a target, as embedded.h says.

# Bytecode fits a target of the building machine's byte order, when the tool has the target's Lua. The Lua of a
# sysroot does not run here, so the tool is built without one, and the program compiles the text when it needs it.
set(ivs_embed_as "")
set(ivs_embed_lua_options -DIVS_EMBED_WITHOUT_LUA)
if(CMAKE_CROSSCOMPILING AND NOT IVS_SYSTEM_DEPS)
  set(ivs_embed_lua_options -DLUA_USE_POSIX -I "${ivs_lua_dir}/src" ${ivs_lua_sources} -lm)
  include(TestBigEndian)
  test_big_endian(ivs_target_big_endian)
  if(ivs_target_big_endian)
    set(ivs_embed_as --source)
  endif()
endif()

if(NOT CMAKE_CROSSCOMPILING)
  add_executable(ivs_embed src/embed.c)
  ivs_target(ivs_embed)
  target_link_libraries(ivs_embed PRIVATE ivs_liblua)
  set(ivs_embed_tool ivs_embed)
else()
  set(IVS_HOST_CC cc CACHE STRING "Compiler for programs that run during the build")
  separate_arguments(ivs_host_cc UNIX_COMMAND "${IVS_HOST_CC}")
  set(ivs_embed_tool "${CMAKE_CURRENT_BINARY_DIR}/ivs_embed")
  add_custom_command(OUTPUT "${ivs_embed_tool}"
    COMMAND ${ivs_host_cc} -O1 -w -o "${ivs_embed_tool}" "${CMAKE_CURRENT_SOURCE_DIR}/src/embed.c" ${ivs_embed_lua_options}
    DEPENDS src/embed.c
    COMMENT "Building ivs_embed for the building machine" VERBATIM)
  add_custom_target(ivs_embed_host DEPENDS "${ivs_embed_tool}")
endif()

function(ivs_embed_lua target)
  set(out "${CMAKE_CURRENT_BINARY_DIR}/embedded_${target}.c")
  set(modules "")
  set(depends "")
  foreach(file ${ARGN})
    string(REGEX REPLACE "^lib/(.*)\\.lua$" "\\1" name "${file}")
    string(REPLACE "/" "." name "${name}")
    list(APPEND modules "${name}=${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    list(APPEND depends "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  endforeach()
  add_custom_command(OUTPUT "${out}"
    COMMAND ${ivs_embed_tool} ${ivs_embed_as} "${out}" ${modules}
    DEPENDS ${ivs_embed_tool} ${depends}
    COMMENT "Embedding Lua files for ${target}" VERBATIM)
  target_sources(${target} PRIVATE "${out}")
  if(TARGET ivs_embed_host)
    add_dependencies(${target} ivs_embed_host)
  endif()
endfunction()
