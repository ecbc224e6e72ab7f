/*
 * Arm MPS2, AN386: the console is UART0 of the CMSDK.
 */
#include "board.h"

struct uart {
  volatile uint32_t data, state, control, interrupts, divider;
};
#define UART0 ((struct uart *)0x40004000)
enum { STATE_FULL = 1, CONTROL_SEND = 1, BAUD = 115200 };

/* see board.h */
void board_init(void) {
  UART0->divider = BOARD_HZ / BAUD;
  UART0->control = CONTROL_SEND;
}

/* see board.h */
void board_put(char c) {
  while (UART0->state & STATE_FULL) continue;
  UART0->data = (uint8_t)c;
}
