/*
 * What the port over lwIP asks of the board, from ESP-IDF: esp_timer, the time of gettimeofday(),
 * and the chip's generator of random numbers.
 *
 *   ivs_lwip_init(&tcp, &ivs_esp_idf_hooks);
 *
 * The generator is fit for keys while Wi-Fi or Bluetooth is on, or after
 * bootloader_random_enable(): see ESP-IDF on random numbers. Until SNTP or settimeofday() has set
 * the time, it goes on from 1970, and ivs_clock_learn() corrects it.
 */
#ifndef IVS_ESP_IDF_H
#define IVS_ESP_IDF_H

#include <ivs/lwip.h>

#ifdef __cplusplus
extern "C" {
#endif

extern const struct ivs_lwip_hooks ivs_esp_idf_hooks;

#ifdef __cplusplus
}
#endif

#endif
