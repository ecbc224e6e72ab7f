# Arm MPS2 with AN386: Cortex-M4 at 25 MHz, LAN9118 Ethernet. Read by boards/common/CMakeLists.txt.
set(BOARD_SOURCES board.c lan9118.c)
set(BOARD_CLOCK_HZ 25000000)
set(BOARD_TLS_POOL_KB 40)
set(BOARD_OPTIONS "") # for lwIP and mbedTLS, in place of the numbers in boards/common
