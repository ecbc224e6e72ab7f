/*
 * Start-up of a Cortex-M without an operating system: vectors, memory, the millisecond tick, faults
 * that say where they happened.
 *
 * The stack lies at the lowest addresses of the RAM (sections.ld), so that one that overflows meets
 * no data but a fault.
 */
#include "board.h"
#include "cortex_m.h"

#include <string.h>

enum { EXIT_FAULT = 97, EXIT_PANIC = 99 };

/* Of the linker script. */
extern uint32_t fw_stack_low[], fw_stack_top[];
extern uint32_t fw_data_load[], fw_data_start[], fw_data_end[];
extern uint32_t fw_bss_start[], fw_bss_end[];

/* Unused stack holds this word. */
static const uint32_t paint = 0x5aa55aa5;

static volatile uint32_t ticks_low, ticks_high;

/* --- time --- */

static void on_tick(void) {
  if (++ticks_low == 0) ticks_high++;
}

/* see board.h */
uint64_t board_ticks(void) {
  uint32_t high, low;
  do {
    high = ticks_high;
    low = ticks_low;
  } while (high != ticks_high);
  return (uint64_t)high << 32 | low;
}

enum { CYCLES_A_TICK = BOARD_HZ / 1000 };

static void start_ticks(void) {
  SYSTICK->load = CYCLES_A_TICK - 1;
  SYSTICK->value = 0;
  SYSTICK->control = SYSTICK_ENABLE | SYSTICK_INTERRUPT | SYSTICK_PROCESSOR_CLOCK;
}

/* see board.h */
uint64_t board_cycles(void) {
  uint64_t before, after;
  uint32_t left;
  do {
    before = board_ticks();
    left = SYSTICK->value;
    after = board_ticks();
  } while (before != after);
  return before * CYCLES_A_TICK + (CYCLES_A_TICK - 1 - left);
}

static uint64_t slept;

/* see board.h */
uint64_t board_cycles_awake(void) {
  return board_cycles() - slept;
}

/* see board.h */
void board_sleep(void) {
  uint64_t began = board_cycles();
  __asm__ volatile("dsb\n\twfi" ::: "memory");
  slept += board_cycles() - began;
}

/* --- stack --- */

/* see board.h */
size_t board_stack_used(void) {
  const uint32_t *p = fw_stack_low;
  while (p < fw_stack_top && *p == paint) p++;
  return (size_t)(fw_stack_top - p) * sizeof *p;
}

/* see board.h */
size_t board_stack_size(void) {
  return (size_t)(fw_stack_top - fw_stack_low) * sizeof *fw_stack_low;
}

/* --- console and the end --- */

/* see board.h */
void board_print(const char *text) {
  while (*text != '\0') board_put(*text++);
}

/* see board.h */
void board_panic(const char *why) {
  board_print("panic: ");
  board_print(why);
  board_print("\n");
  board_exit(EXIT_PANIC);
}

static void print_hex(const char *name, uint32_t value) {
  board_print(name);
  for (int shift = 28; shift >= 0; shift -= 4) board_put("0123456789abcdef"[value >> shift & 15]);
}

/* frame: what the processor put on the stack: r0-r3, r12, lr, pc, psr. */
__attribute__((used)) void fw_fault(const uint32_t *frame) {
  print_hex("fault: pc ", frame[6]);
  print_hex(" lr ", frame[5]);
  print_hex(" cfsr ", *FAULT_STATUS);
  board_print("\n");
  board_exit(EXIT_FAULT);
}

__attribute__((naked)) static void on_fault(void) {
  __asm__ volatile("mov r0, sp\n\tb fw_fault");
}

/* --- vectors --- */

/* Interrupts of devices only wake the processor. The device keeps its request up until its driver
   has served it and calls irq_arm() again. */
static void on_device(void) {
  uint32_t exception;
  __asm__ volatile("mrs %0, ipsr" : "=r"(exception));
  irq_disarm((exception & 0x1ff) - 16);
}

static void copy_words(uint32_t *to, const uint32_t *end, const uint32_t *from) {
  while (to < end) *to++ = *from++;
}

static void fill_words(uint32_t *to, const uint32_t *end, uint32_t with) {
  while (to < end) *to++ = with;
}

/* Up to what is in use now, with room for the frame of the function called here. */
static void paint_stack(void) {
  enum { ROOM = 16 };
  uint32_t *now;
  __asm__ volatile("mov %0, sp" : "=r"(now));
  fill_words(fw_stack_low, now - ROOM, paint);
}

_Noreturn void fw_reset(void);
_Noreturn void fw_reset(void) {
  copy_words(fw_data_start, fw_data_end, fw_data_load);
  fill_words(fw_bss_start, fw_bss_end, 0);
  paint_stack();
#ifdef FIRMWARE_UNALIGNED_TRAP
  *CONFIGURATION |= CONFIGURATION_UNALIGNED_TRAP;
#endif
  board_init();
  start_ticks();
  board_exit(main());
}

typedef void handler(void);

enum { SYSTEM_HANDLERS = 15, DEVICES = 64 };
#define EIGHT on_device, on_device, on_device, on_device, on_device, on_device, on_device, on_device

static const struct {
  const uint32_t *stack;
  handler *system[SYSTEM_HANDLERS];
  handler *device[DEVICES];
} vectors __attribute__((section(".vectors"), used)) = {
    .stack = fw_stack_top,
    .system = {fw_reset, on_fault, on_fault, on_fault, on_fault, on_fault, NULL, NULL, NULL, NULL,
               on_fault, on_fault, NULL, on_fault, on_tick},
    .device = {EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT},
};
