# Linux on 32-bit ARM without floating point in hardware (ARMv5TE and later): one static executable, with musl. The compiler is Debian's gcc-arm-linux-gnueabi.
#   make cross TARGET=armel
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-linux-gnueabi-gcc)
include("${CMAKE_CURRENT_LIST_DIR}/../../scripts/cmake/linux-musl.cmake")
