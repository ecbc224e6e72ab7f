# ivs_embed_lua(TARGET lib/FILE.lua...): compiles Lua files into a target, as embedded.h says.

# Bytecode fits a target of the building machine's byte order, when the tool has the target's Lua.
set(ivs_embed_as "")
if(CMAKE_CROSSCOMPILING)
  include(TestBigEndian)
  test_big_endian(ivs_target_big_endian)
  if(ivs_target_big_endian OR IVS_SYSTEM_DEPS)
    set(ivs_embed_as --source)
  endif()
endif()

if(NOT CMAKE_CROSSCOMPILING)
  add_executable(ivs_embed src/embed.c)
  ivs_target(ivs_embed)
  target_link_libraries(ivs_embed PRIVATE ivs_liblua)
  set(ivs_embed_tool ivs_embed)
elseif(NOT IVS_SYSTEM_DEPS)
  set(IVS_HOST_CC cc CACHE STRING "Compiler for programs that run during the build")
  set(ivs_embed_tool "${CMAKE_CURRENT_BINARY_DIR}/ivs_embed")
  add_custom_command(OUTPUT "${ivs_embed_tool}"
    COMMAND ${IVS_HOST_CC} -O1 -w -DLUA_USE_POSIX -I "${ivs_lua_dir}/src" -o "${ivs_embed_tool}"
      "${CMAKE_CURRENT_SOURCE_DIR}/src/embed.c" ${ivs_lua_sources} -lm
    DEPENDS src/embed.c
    COMMENT "Building ivs_embed for the building machine" VERBATIM)
  add_custom_target(ivs_embed_host DEPENDS "${ivs_embed_tool}")
else()
  find_program(IVS_EMBED_TOOL ivs_embed)
  if(NOT IVS_EMBED_TOOL)
    message(FATAL_ERROR "Cross-building with -DIVS_SYSTEM_DEPS=ON needs lua/src/embed.c built for this machine: set IVS_EMBED_TOOL")
  endif()
  set(ivs_embed_tool "${IVS_EMBED_TOOL}")
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
