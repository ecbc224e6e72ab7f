# Linux on x86-64: one static executable, with musl and the compiler of the building machine.
#   make cross TARGET=x86_64-musl
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-linux-gnu-gcc)
include("${CMAKE_CURRENT_LIST_DIR}/../../scripts/cmake/linux-musl.cmake")
