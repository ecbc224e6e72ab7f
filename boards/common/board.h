/*
 * What a board has to give, and what the common code gives it. A board is a folder beside this one
 * with board.c, its Ethernet driver, memory.ld, board.cmake and toolchain.cmake.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

/* --- from the board --- */

#ifndef BOARD_CLOCK_HZ
#error "board.cmake has to set BOARD_CLOCK_HZ"
#endif

/* Of the processor: what SysTick counts. */
enum { BOARD_HZ = BOARD_CLOCK_HZ };

/* Called once with interrupts off, when memory is set up: console, pins, clocks. */
void board_init(void);

/* Writes a character to the console. May wait for room. */
void board_put(char c);

/* --- from start.c --- */

/* Milliseconds since the start. */
uint64_t board_ticks(void);

/* Cycles of the processor's clock since the start; and those of them in which it did not sleep. */
uint64_t board_cycles(void);
uint64_t board_cycles_awake(void);

/* Sleeps until the next interrupt, for a millisecond at most. */
void board_sleep(void);

/* The most bytes of stack that were ever in use, and all that there are. */
size_t board_stack_used(void);
size_t board_stack_size(void);

/* Writes text to the console. */
void board_print(const char *text);

/* Says why on the console, and ends: for conditions after which nothing can go on. */
_Noreturn void board_panic(const char *why);

/* --- from where the firmware runs; emulator.c for an emulator --- */

/* Ends the firmware, with a code for whoever runs it: 0 is success. */
_Noreturn void board_exit(int code);

/* Milliseconds since 1970, or since the start if nothing here knows the date. */
int64_t board_clock(void);

/* Fills p with n random bytes fit for keys. 0, or not. */
int board_entropy(void *p, size_t n);

/* --- from the firmware's program --- */

int main(void);

#endif
