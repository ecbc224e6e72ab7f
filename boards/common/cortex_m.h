/*
 * The few registers of the Cortex-M's own that are used here; names as of the Armv7-M reference
 * manual, B3.
 */
#ifndef CORTEX_M_H
#define CORTEX_M_H

#include <stdint.h>

struct systick {
  volatile uint32_t control, load, value, calibration;
};
#define SYSTICK ((struct systick *)0xe000e010)
enum { SYSTICK_ENABLE = 1, SYSTICK_INTERRUPT = 2, SYSTICK_PROCESSOR_CLOCK = 4 };

/* CCR, and its UNALIGN_TRP. */
#define CONFIGURATION ((volatile uint32_t *)0xe000ed14)
enum { CONFIGURATION_UNALIGNED_TRAP = 1 << 3 };

/* CFSR: what kind of fault it was. */
#define FAULT_STATUS ((volatile uint32_t *)0xe000ed28)

/* NVIC_ISER and NVIC_ICER. */
#define IRQ_SET ((volatile uint32_t *)0xe000e100)
#define IRQ_CLEAR ((volatile uint32_t *)0xe000e180)

/* Lets a device's request through, to wake the processor once. */
static inline void irq_arm(uint32_t number) {
  IRQ_SET[number / 32] = 1u << (number % 32);
}

static inline void irq_disarm(uint32_t number) {
  IRQ_CLEAR[number / 32] = 1u << (number % 32);
}

#endif
