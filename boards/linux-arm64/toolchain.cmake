# Linux on 64-bit ARM (ARMv8): one static executable, with musl. The compiler is Debian's gcc-aarch64-linux-gnu.
#   make cross TARGET=arm64
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
include("${CMAKE_CURRENT_LIST_DIR}/../../scripts/cmake/linux-musl.cmake")
