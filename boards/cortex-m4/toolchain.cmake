# Bare-metal Cortex-M4 with Debian's gcc-arm-none-eabi and newlib:
#   cmake -S . -B build/cortex-m4 -DCMAKE_TOOLCHAIN_FILE=boards/cortex-m4/toolchain.cmake
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR cortex-m4)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-m4 -mthumb")
