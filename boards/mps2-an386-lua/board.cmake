# Arm MPS2 with AN386, with Lua: the board of ../mps2-an386, another program. Read by boards/common/CMakeLists.txt.
set(BOARD_SOURCES ../mps2-an386/board.c ../mps2-an386/lan9118.c)
set(BOARD_CLOCK_HZ 25000000)
set(BOARD_POOL_KB 96) # for all: Lua's values, TLS, numbers on their way to text and back
set(BOARD_LUA_KB 48)  # of which Lua has at most so many; TLS needs 40
set(BOARD_OPTIONS "MBEDTLS_USER_CONFIG_FILE=\"${BOARD_DIR}/mbedtls_config.h\"")
# newlib whole: its smaller printf knows no integers of 64 bits, which are Lua's.
set(BOARD_C_LIBRARY "")
