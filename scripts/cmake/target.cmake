# What every target of our own has in common. Nothing here reaches the targets of others.

# What is shipped does not tell where it was built, nor does its debug information. What is for work on ivs itself does.
set(ivs_plain_paths "")
if(ivs_top AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT IVS_SANITIZE AND NOT IVS_COVERAGE)
  include(CheckCCompilerFlag)
  check_c_compiler_flag(-fdebug-prefix-map=/a=. IVS_HAS_DEBUG_PREFIX_MAP)
  if(IVS_HAS_DEBUG_PREFIX_MAP)
    set(ivs_plain_paths "-fdebug-prefix-map=${PROJECT_SOURCE_DIR}=." "-fdebug-prefix-map=${PROJECT_BINARY_DIR}=.")
  endif()
endif()

# ivs_target(NAME): C11, warnings, sections that the linker can drop, sanitizers.
function(ivs_target name)
  set_target_properties(${name} PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
  target_compile_options(${name} PRIVATE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow $<$<BOOL:${IVS_WERROR}>:-Werror>
    -ffunction-sections -fdata-sections)
  if(ivs_top)
    target_compile_options(${name} PRIVATE -g ${ivs_plain_paths})
  endif()
  if(IVS_SANITIZE)
    target_compile_options(${name} PRIVATE -fsanitize=${IVS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${name} PUBLIC -fsanitize=${IVS_SANITIZE})
  endif()
  if(IVS_COVERAGE)
    target_compile_options(${name} PRIVATE --coverage -O0)
    target_link_options(${name} PUBLIC --coverage)
  endif()
  get_target_property(type ${name} TYPE)
  if(type MATCHES "EXECUTABLE|MODULE_LIBRARY")
    target_link_options(${name} PRIVATE -Wl,--gc-sections)
  endif()
  # All symbols are found at the start, and their table is then read-only. A symbol found at its first call has the
  # vector registers saved on the stack meanwhile, with what memcpy() left in them: a stream key, perhaps.
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND type MATCHES "EXECUTABLE|MODULE_LIBRARY")
    target_link_options(${name} PRIVATE -Wl,-z,relro,-z,now)
  endif()
endfunction()

# ivs_all_listed(PATTERN FILES...): stops where a file of PATTERN, in folders below too, is not among FILES, because a
# forgotten one would show only as an undefined symbol, or as a Lua module that the program does not find.
function(ivs_all_listed pattern)
  file(GLOB_RECURSE present RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${pattern}")
  list(REMOVE_ITEM present ${ARGN})
  if(present AND ivs_top)
    message(FATAL_ERROR "not listed in ${CMAKE_CURRENT_LIST_FILE}: ${present}")
  endif()
endfunction()
