/*
 * Dates: a text that is taken is the date that the C library makes of it, and what is written is
 * read back.
 *
 * Input: 8 bytes for a number of seconds, then a text.
 */
#include "fuzz.h"

#include <ivs/time.h>

#define FIRST (-62135596800) /* 0001-01-01T00:00:00Z */
#define LAST 253402300799    /* 9999-12-31T23:59:59Z */

/* The numbers of a text of this form, as the C library counts them. */
static int64_t counted(const char *form, const char *text, int month) {
  struct tm t;
  int zone_hour = 0, zone_minute = 0;
  memset(&t, 0, sizeof t);
  if (month < 0) {
    HOLDS(sscanf(text, form, &t.tm_year, &t.tm_mon, &t.tm_mday, &t.tm_hour, &t.tm_min, &t.tm_sec) ==
          6);
    t.tm_mon--;
  } else {
    HOLDS(sscanf(text, form, &t.tm_mday, &t.tm_year, &t.tm_hour, &t.tm_min, &t.tm_sec) == 5);
    t.tm_mon = month;
  }
  t.tm_year -= 1900;
  HOLDS(t.tm_mon >= 0 && t.tm_mon < 12 && t.tm_mday >= 1 && t.tm_mday <= 31 && t.tm_sec <= 60);
  const char *sign = strpbrk(text + 19, "+-");
  if (month < 0 && sign != NULL) {
    const char *zone = sign[3] == ':' ? "%2d:%2d" : "%2d%2d";
    HOLDS(sscanf(sign + 1, zone, &zone_hour, &zone_minute) == 2);
    if (*sign == '-') zone_hour = -zone_hour, zone_minute = -zone_minute;
  }
  int day = t.tm_mday;
  bool leap = t.tm_sec == 60;
  int64_t seconds = (int64_t)timegm(&t);
  HOLDS(leap || t.tm_mday == day); /* the day exists */
  return seconds - zone_hour * 3600 - zone_minute * 60;
}

static void write_both(int64_t seconds) {
  char iso[IVS_TIME_ISO_SIZE], amz[IVS_TIME_AMZ_SIZE], expected[128];
  bool in_range = seconds >= FIRST && seconds <= LAST;
  int64_t back;
  HOLDS(ivs_time_to_iso(seconds, iso) == (in_range ? 0 : IVS_ERR_CLOCK));
  HOLDS(ivs_time_to_amz(seconds, amz) == (in_range ? 0 : IVS_ERR_CLOCK));
  if (!in_range) return;
  time_t t = (time_t)seconds;
  struct tm tm;
  HOLDS(gmtime_r(&t, &tm) != NULL);
  snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
           tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
  HOLDS(strcmp(iso, expected) == 0);
  HOLDS(ivs_time_from_iso(ivs_cstr(iso), &back) == 0 && back == seconds);
  snprintf(expected, sizeof expected, "%04d%02d%02dT%02d%02d%02dZ", tm.tm_year + 1900,
           tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
  HOLDS(strcmp(amz, expected) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  struct fuzz f = {data, n};
  char nul_ended[256];
  int64_t iso = 0, http = 0;
  if (n >= sizeof nul_ended) return -1;
  write_both((int64_t)fuzz_number(&f, 8));
  ivs_str text = {fuzz_copy(0, f.p, f.n), f.n};
  memcpy(nul_ended, text.p, text.n);
  nul_ended[text.n] = 0;
  int is_iso = ivs_time_from_iso(text, &iso), is_http = ivs_time_from_http(text, &http);
  HOLDS(is_iso == 0 || is_iso == IVS_ERR_ARGUMENT);
  HOLDS(is_http == 0 || is_http == IVS_ERR_ARGUMENT);
  if (is_iso == 0) {
    HOLDS(iso == counted("%4d-%2d-%2dT%2d:%2d:%2d", nul_ended, -1));
    write_both(iso);
  }
  if (is_http == 0) {
    char name[4] = {text.p[8], text.p[9], text.p[10], 0};
    const char *at = strstr(months, name);
    HOLDS(at != NULL && (at - months) % 3 == 0);
    HOLDS(http == counted("%*3c, %2d %*3c %4d %2d:%2d:%2d", nul_ended, (int)(at - months) / 3));
    write_both(http);
  }
  return 0;
}
