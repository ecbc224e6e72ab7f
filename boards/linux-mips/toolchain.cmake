# Linux on 32-bit MIPS, big-endian (MIPS32r2): one static executable, with musl. The compiler is Debian's gcc-mips-linux-gnu.
#   make cross TARGET=mips
set(CMAKE_SYSTEM_PROCESSOR mips)
set(CMAKE_C_COMPILER mips-linux-gnu-gcc)
include("${CMAKE_CURRENT_LIST_DIR}/../../scripts/cmake/linux-musl.cmake")
