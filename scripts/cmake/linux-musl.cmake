# What the toolchain files boards/linux-*/ share. Before it is included they set CMAKE_SYSTEM_PROCESSOR, CMAKE_C_COMPILER
# (a gcc), and IVS_MACHINE where the compiler needs options to choose the machine.
#
# Programs are static, with musl built from its pinned source by that compiler into build/TARGET/sysroot.
# With -DIVS_SYSTEM_DEPS=ON everything comes from the system behind CMAKE_SYSROOT instead, its C library too.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

# Tests of a cross-build run in qemu's emulator, where it is installed.
if(NOT CMAKE_SYSTEM_PROCESSOR STREQUAL CMAKE_HOST_SYSTEM_PROCESSOR)
  find_program(IVS_EMULATOR NAMES qemu-${CMAKE_SYSTEM_PROCESSOR} qemu-${CMAKE_SYSTEM_PROCESSOR}-static)
  if(IVS_EMULATOR)
    set(CMAKE_CROSSCOMPILING_EMULATOR "${IVS_EMULATOR}")
  endif()
endif()

# CMake's own checks get the flags below from the project, and a second -specs would not be accepted.
get_property(ivs_in_check GLOBAL PROPERTY IN_TRY_COMPILE)
if(ivs_in_check)
  return()
endif()
set(CMAKE_C_FLAGS_INIT "${IVS_MACHINE}")
if(IVS_SYSTEM_DEPS)
  return()
endif()

set(ivs_musl "${CMAKE_BINARY_DIR}/sysroot")
separate_arguments(ivs_machine UNIX_COMMAND "${IVS_MACHINE}")
execute_process(
  COMMAND "${CMAKE_COMMAND}" -E env "IVS_DEPS_DIR=${IVS_DEPS_DIR}"
    "${CMAKE_CURRENT_LIST_DIR}/../musl" "${ivs_musl}" "${CMAKE_C_COMPILER}" ${ivs_machine}
  RESULT_VARIABLE ivs_failed)
if(ivs_failed)
  message(FATAL_ERROR "musl could not be built with ${CMAKE_C_COMPILER}: see above")
endif()

# The specs take headers, start-up code and C library from musl, and libgcc from the compiler.
set(IVS_STATIC ON)
set(CMAKE_FIND_ROOT_PATH "${ivs_musl}")
string(APPEND CMAKE_C_FLAGS_INIT " -specs=${ivs_musl}/lib/musl-gcc.specs -fno-pie")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -no-pie")
