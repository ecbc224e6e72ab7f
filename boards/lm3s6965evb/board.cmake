# TI LM3S6965 evaluation board: Cortex-M3 at 50 MHz, 256 KB of flash, 64 KB of RAM, Ethernet in the chip.
# Read by boards/common/CMakeLists.txt.
set(BOARD_SOURCES board.c stellaris_ethernet.c)
set(BOARD_CLOCK_HZ 50000000)
set(BOARD_TLS_POOL_KB 32)
# Less than the common numbers of lwIP and mbedTLS, for 64 KB of RAM.
set(BOARD_OPTIONS MBEDTLS_SSL_OUT_CONTENT_LEN=2048
  "MEM_SIZE=4*1024" PBUF_POOL_SIZE=4 "TCP_WND=2*TCP_MSS" "TCP_SND_BUF=2*TCP_MSS")
