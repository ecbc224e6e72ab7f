# Bare-metal 32-bit RISC-V (RV32IMAC) with Debian's gcc-riscv64-unknown-elf and picolibc:
#   cmake -S . -B build/riscv32 -DCMAKE_TOOLCHAIN_FILE=boards/riscv32/toolchain.cmake
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_FLAGS_INIT "-march=rv32imac -mabi=ilp32 --specs=picolibc.specs")
