/*
 * Of Arduino for the ESP32 what the example uses.
 */
#pragma once
#include <stdio.h>

struct HardwareSerial {
  void begin(unsigned long baud);
  size_t printf(const char *format, ...) __attribute__((format(printf, 2, 3)));
};
extern HardwareSerial Serial;

unsigned long millis();
void delay(unsigned long ms);
void setup();
void loop();
