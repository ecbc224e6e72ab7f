# Arm MPS2 with AN386: Cortex-M4 at 25 MHz, LAN9118 Ethernet. Read by boards/common/CMakeLists.txt.
set(BOARD_SOURCES board.c lan9118.c)
set(BOARD_CLOCK_HZ 25000000)
set(BOARD_TLS_POOL_KB 40)
# In place of the numbers in boards/common. MBEDTLS_ECP_RESTARTABLE: boards/README.md, "Beside other tasks". And there is
# memory for the test's program to ask AWS IoT for credentials.
set(BOARD_OPTIONS MBEDTLS_ECP_RESTARTABLE EMULATOR_WORDS=4096 FIRMWARE_IOT)
