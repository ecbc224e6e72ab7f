#include <ivs/esp_idf.h>

#include <esp_random.h>
#include <esp_timer.h>
#include <sys/time.h>

static uint64_t ticks(void *context) {
  (void)context;
  return (uint64_t)esp_timer_get_time() / 1000;
}

static int64_t clock_ms(void *context) {
  struct timeval now;
  (void)context;
  gettimeofday(&now, NULL);
  return (int64_t)now.tv_sec * 1000 + now.tv_usec / 1000;
}

static int entropy(void *context, void *p, size_t n) {
  (void)context;
  esp_fill_random(p, n);
  return 0;
}

/* see ivs/esp_idf.h */
const struct ivs_lwip_hooks ivs_esp_idf_hooks = {ticks, clock_ms, entropy, NULL};
