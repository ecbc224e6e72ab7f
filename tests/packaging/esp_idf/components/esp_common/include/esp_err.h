#pragma once
#include <stdlib.h>
typedef int esp_err_t;
#define ESP_ERROR_CHECK(x) \
  do {                     \
    if ((x) != 0) abort(); \
  } while (0)
