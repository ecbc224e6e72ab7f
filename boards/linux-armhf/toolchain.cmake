# Linux on 32-bit ARM with floating point in hardware (ARMv7): one static executable, with musl. The compiler is Debian's gcc-arm-linux-gnueabihf.
#   make cross TARGET=armhf
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-linux-gnueabihf-gcc)
include("${CMAKE_CURRENT_LIST_DIR}/../../scripts/cmake/linux-musl.cmake")
