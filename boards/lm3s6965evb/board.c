/*
 * TI LM3S6965 evaluation board: clocks, and the console on UART0. Addresses and names as of the
 * part's data sheet.
 */
#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

/* System control. */
#define RIS REGISTER(0x400fe050)
#define RCC REGISTER(0x400fe060)
#define RCGC1 REGISTER(0x400fe104)
#define RCGC2 REGISTER(0x400fe108)
enum {
  RCC_MOSCDIS = 1 << 0,
  RCC_XTAL_8MHZ = 0xe << 6,
  RCC_XTAL = 0xf << 6,
  RCC_OSCSRC = 3 << 4, /* 0: the crystal */
  RCC_BYPASS = 1 << 11,
  RCC_PWRDN = 1 << 13,
  RCC_USESYSDIV = 1 << 22,
  RCC_SYSDIV_4 = 3 << 23, /* 50 MHz of the PLL's 200 */
  RCC_SYSDIV = 0xf << 23,
  RIS_PLL_LOCKED = 1 << 6,
  RCGC1_UART0 = 1 << 0,
  RCGC2_PORT_A = 1 << 0,
  RCGC2_ETHERNET = 1 << 28 | 1 << 30 /* controller and PHY */
};

/* Port A, where UART0 has pins 0 and 1. */
#define PORT_A_AFSEL REGISTER(0x40004420)
#define PORT_A_DEN REGISTER(0x4000451c)
enum { UART_PINS = 3 };

/* UART0. */
#define UART_DATA REGISTER(0x4000c000)
#define UART_FLAGS REGISTER(0x4000c018)
#define UART_DIVIDER REGISTER(0x4000c024)
#define UART_FRACTION REGISTER(0x4000c028)
#define UART_LINE REGISTER(0x4000c02c)
#define UART_CONTROL REGISTER(0x4000c030)
enum {
  BAUD = 115200,
  FLAG_FULL = 1 << 5,
  LINE_8_BITS_FIFO = 3 << 5 | 1 << 4,
  CONTROL_ON = 1 << 0 | 1 << 8 /* UARTEN, TXE */
};

/* From the reset's slow oscillator to the PLL, in the data sheet's order. */
static void start_clock(void) {
  uint32_t rcc = RCC | RCC_BYPASS;
  RCC = rcc &= ~(uint32_t)RCC_USESYSDIV;
  RCC = rcc &= ~(uint32_t)RCC_MOSCDIS;
  rcc &= ~(uint32_t)(RCC_XTAL | RCC_OSCSRC | RCC_PWRDN | RCC_SYSDIV);
  RCC = rcc |= RCC_XTAL_8MHZ | RCC_SYSDIV_4 | RCC_USESYSDIV;
  while (!(RIS & RIS_PLL_LOCKED)) continue;
  RCC = rcc & ~(uint32_t)RCC_BYPASS;
}

static void start_console(void) {
  RCGC1 |= RCGC1_UART0;
  PORT_A_AFSEL |= UART_PINS;
  PORT_A_DEN |= UART_PINS;
  UART_DIVIDER = BOARD_HZ / (16 * BAUD);
  UART_FRACTION = (BOARD_HZ % (16 * BAUD) * 64 + 8 * BAUD) / (16 * BAUD);
  UART_LINE = LINE_8_BITS_FIFO;
  UART_CONTROL = CONTROL_ON;
}

/* see board.h */
void board_init(void) {
  start_clock();
  RCGC2 |= RCGC2_PORT_A | RCGC2_ETHERNET;
  start_console();
}

/* see board.h */
void board_put(char c) {
  while (UART_FLAGS & FLAG_FULL) continue;
  UART_DATA = (uint8_t)c;
}
