# Bare-metal Cortex-M0+ with Debian's gcc-arm-none-eabi and newlib:
#   cmake -S . -B build/cortex-m0plus -DCMAKE_TOOLCHAIN_FILE=boards/cortex-m0plus/toolchain.cmake
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR cortex-m0plus)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-m0plus -mthumb")
