# Linux on 64-bit RISC-V (RV64GC): one static executable, with musl. The compiler is Debian's gcc-riscv64-linux-gnu.
#   make cross TARGET=riscv64
set(CMAKE_SYSTEM_PROCESSOR riscv64)
set(CMAKE_C_COMPILER riscv64-linux-gnu-gcc)
include("${CMAKE_CURRENT_LIST_DIR}/../../scripts/cmake/linux-musl.cmake")
