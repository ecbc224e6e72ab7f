/*
 * Dates, with the C library's calendar as the judge.
 */
#include "../check.h"

#include <ivs/time.h>

#define YEAR_1 (-62135596800)
#define YEAR_10000 253402300800

static int64_t from_iso(const char *text) {
  int64_t seconds = INT64_MIN;
  CHECK_INT(ivs_time_from_iso(ivs_cstr(text), &seconds), 0);
  return seconds;
}

static int64_t from_http(const char *text) {
  int64_t seconds = INT64_MIN;
  CHECK_INT(ivs_time_from_http(ivs_cstr(text), &seconds), 0);
  return seconds;
}

static void test_instants(void) {
  static const struct {
    const char *iso, *amz, *http;
    int64_t seconds;
  } instants[] = {
      {"1970-01-01T00:00:00Z", "19700101T000000Z", "Thu, 01 Jan 1970 00:00:00 GMT", 0},
      {"1969-12-31T23:59:59Z", "19691231T235959Z", "Wed, 31 Dec 1969 23:59:59 GMT", -1},
      {"2000-02-29T12:34:56Z", "20000229T123456Z", "Tue, 29 Feb 2000 12:34:56 GMT", 951827696},
      {"2000-03-01T00:00:00Z", "20000301T000000Z", "Wed, 01 Mar 2000 00:00:00 GMT", 951868800},
      {"1900-02-28T23:59:59Z", "19000228T235959Z", "Wed, 28 Feb 1900 23:59:59 GMT", -2203891201},
      {"2024-02-29T00:00:00Z", "20240229T000000Z", "Thu, 29 Feb 2024 00:00:00 GMT", 1709164800},
      {"2026-11-22T09:30:00Z", "20261122T093000Z", "Sun, 22 Nov 2026 09:30:00 GMT", 1795339800},
      {"2038-01-19T03:14:08Z", "20380119T031408Z", "Tue, 19 Jan 2038 03:14:08 GMT", 2147483648},
      {"2100-02-28T23:59:59Z", "21000228T235959Z", "Sun, 28 Feb 2100 23:59:59 GMT", 4107542399},
      {"2100-03-01T00:00:00Z", "21000301T000000Z", "Mon, 01 Mar 2100 00:00:00 GMT", 4107542400},
      {"0001-01-01T00:00:00Z", "00010101T000000Z", "Mon, 01 Jan 0001 00:00:00 GMT", YEAR_1},
      {"9999-12-31T23:59:59Z", "99991231T235959Z", "Fri, 31 Dec 9999 23:59:59 GMT", YEAR_10000 - 1},
  };
  for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
    char iso[IVS_TIME_ISO_SIZE], amz[IVS_TIME_AMZ_SIZE];
    CHECK_INT(from_iso(instants[i].iso), instants[i].seconds);
    CHECK_INT(from_http(instants[i].http), instants[i].seconds);
    CHECK_INT(ivs_time_to_iso(instants[i].seconds, iso), 0);
    CHECK_INT(ivs_time_to_amz(instants[i].seconds, amz), 0);
    CHECK_STR(ivs_cstr(iso), instants[i].iso);
    CHECK_STR(ivs_cstr(amz), instants[i].amz);
  }
}

static void test_iso_forms(void) {
  CHECK_INT(from_iso("2026-11-22T09:30:00.5Z"), 1795339800);
  CHECK_INT(from_iso("2026-11-22T09:30:00.999999999999999999999Z"), 1795339800);
  CHECK_INT(from_iso("1969-12-31T23:59:59.9Z"), -1);
  CHECK_INT(from_iso("2026-11-22T09:30:00+00:00"), 1795339800);
  CHECK_INT(from_iso("2026-11-22T09:30:00-00:00"), 1795339800);
  CHECK_INT(from_iso("2026-11-22T11:00:00.123+01:30"), 1795339800);
  CHECK_INT(from_iso("2026-11-22T11:00:00+0130"), 1795339800);
  CHECK_INT(from_iso("2026-11-22T08:30:00.5-0100"), 1795339800);
  CHECK_INT(from_iso("2026-11-21T10:30:00-23:00"), 1795339800);
  CHECK_INT(from_iso("2026-11-23T09:29:00+23:59"), 1795339800);
  CHECK_INT(from_iso("2024-03-01T00:30:00+01:00"), 1709164800 + 86400 - 1800);
  CHECK_INT(from_iso("2016-12-31T23:59:60Z"), 1483228800);
  CHECK_INT(from_iso("2016-12-31T23:59:60.5Z"), 1483228800);
  CHECK_INT(from_iso("2017-01-01T00:59:60+01:00"), 1483228800);
  CHECK_INT(from_iso("2016-12-31T15:59:60-08:00"), 1483228800);
  CHECK_INT(from_http("Sat, 31 Dec 2016 23:59:60 GMT"), 1483228800);
  CHECK_INT(from_http("Xyz, 22 Nov 2026 09:30:00 GMT"), 1795339800);
}

static void test_refused(void) {
  static const char *const iso[] = {"",
                                    "2026",
                                    "2026-11-22",
                                    "2026-11-22T09:30:00",
                                    "2026-11-22T09:30Z",
                                    "2026-11-22 09:30:00Z",
                                    "2026-11-22t09:30:00Z",
                                    "2026-11-22T09:30:00z",
                                    "2026-11-22T09:30:00.Z",
                                    "2026-11-22T09:30:00,5Z",
                                    "2026-11-22T09:30:00.5",
                                    "2026-11-22T09:30:00ZZ",
                                    "2026-11-22T09:30:00+01",
                                    "2026-11-22T09:30:00+010",
                                    "2026-11-22T09:30:00+01:0",
                                    "2026-11-22T09:30:00+24:00",
                                    "2026-11-22T09:30:00+01:60",
                                    "2026-11-22T09:30:00 01:00",
                                    "20261122T093000Z",
                                    "2026-00-22T09:30:00Z",
                                    "2026-13-22T09:30:00Z",
                                    "2026-11-00T09:30:00Z",
                                    "2026-11-31T09:30:00Z",
                                    "2026-02-29T09:30:00Z",
                                    "2100-02-29T09:30:00Z",
                                    "2024-02-30T09:30:00Z",
                                    "2026-04-31T09:30:00Z",
                                    "2026-06-31T09:30:00Z",
                                    "2026-09-31T09:30:00Z",
                                    "2026-12-32T09:30:00Z",
                                    "2026-11-22T24:00:00Z",
                                    "2026-11-22T09:60:00Z",
                                    "2026-11-22T09:30:61Z",
                                    "2026-11-22T09:30:60Z",
                                    "2026-11-22T23:59:60+01:00",
                                    "0000-12-31T23:59:59Z",
                                    "0001-01-01T00:00:00+00:01",
                                    "9999-12-31T23:59:60Z",
                                    "9999-12-31T23:59:59-00:01",
                                    "+026-11-22T09:30:00Z",
                                    "2026-11-22T09:30: 0Z",
                                    "1795339800",
                                    "Sun, 22 Nov 2026 09:30:00 GMT"};
  static const char *const http[] = {"",
                                     "Sun, 22 Nov 2026 09:30:00",
                                     "Sun, 22 Nov 2026 09:30:00 UTC",
                                     "Sun, 22 Nov 2026 09:30:00 gmt",
                                     "Sun, 2 Nov 2026 09:30:00 GMT",
                                     "Sunday, 22-Nov-26 09:30:00 GMT",
                                     "Sun Nov 22 09:30:00 2026",
                                     "Sun, 22 nov 2026 09:30:00 GMT",
                                     "Sun, 22 anF 2026 09:30:00 GMT",
                                     "Sun, 31 Nov 2026 09:30:00 GMT",
                                     "Sun, 29 Feb 2026 09:30:00 GMT",
                                     "Sun, 00 Nov 2026 09:30:00 GMT",
                                     "Sun, 22 Nov 0000 09:30:00 GMT",
                                     "Sun, 22 Nov 2026 24:00:00 GMT",
                                     "Sun, 22 Nov 2026 09:30:60 GMT",
                                     "Sun, 22 Nov 2026 09:30:00 GMT ",
                                     "S1n, 22 Nov 2026 09:30:00 GMT",
                                     "Sun  22 Nov 2026 09:30:00 GMT",
                                     "Fri, 31 Dec 9999 23:59:60 GMT"};
  for (size_t i = 0; i < sizeof iso / sizeof iso[0]; i++) {
    int64_t seconds = 42;
    if (!CHECK(ivs_time_from_iso(ivs_cstr(iso[i]), &seconds) == IVS_ERR_ARGUMENT && seconds == 42))
      fprintf(stderr, "  %s\n", iso[i]);
  }
  for (size_t i = 0; i < sizeof http / sizeof http[0]; i++) {
    int64_t seconds = 42;
    if (!CHECK(ivs_time_from_http(ivs_cstr(http[i]), &seconds) == IVS_ERR_ARGUMENT &&
               seconds == 42))
      fprintf(stderr, "  %s\n", http[i]);
  }
  int64_t seconds = 42;
  CHECK_INT(ivs_time_from_iso((ivs_str){NULL, 0}, &seconds), IVS_ERR_ARGUMENT);
  CHECK_INT(ivs_time_from_http((ivs_str){NULL, 0}, &seconds), IVS_ERR_ARGUMENT);
  CHECK_INT(ivs_time_from_iso((ivs_str){"2026-11-22T09:30:00Z\0", 21}, &seconds), IVS_ERR_ARGUMENT);
}

static void test_limits(void) {
  static const int64_t outside[] = {YEAR_1 - 1, YEAR_10000,           INT64_MIN,
                                    INT64_MAX,  YEAR_1 - 86400 * 400, INT64_MIN + 86400};
  char text[IVS_TIME_ISO_SIZE];
  for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
    CHECK_INT(ivs_time_to_iso(outside[i], text), IVS_ERR_CLOCK);
    CHECK_INT(ivs_time_to_amz(outside[i], text), IVS_ERR_CLOCK);
  }
}

/* One second against gmtime_r and timegm, there and back, in all forms. */
static void check_second(int64_t seconds) {
  struct tm tm;
  time_t t = (time_t)seconds;
  char iso[IVS_TIME_ISO_SIZE], amz[IVS_TIME_AMZ_SIZE], expected[64];
  if (!CHECK(gmtime_r(&t, &tm) != NULL && timegm(&tm) == t)) return;
  CHECK_INT(ivs_time_to_iso(seconds, iso), 0);
  CHECK_INT(ivs_time_to_amz(seconds, amz), 0);
  snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
           tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
  CHECK_STR(ivs_cstr(iso), expected);
  CHECK_INT(from_iso(expected), seconds);
  snprintf(expected, sizeof expected, "%04d%02d%02dT%02d%02d%02dZ", tm.tm_year + 1900,
           tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
  CHECK_STR(ivs_cstr(amz), expected);
  strftime(expected, sizeof expected, "%a, %d %b ", &tm);
  snprintf(expected + 12, sizeof expected - 12, "%04d %02d:%02d:%02d GMT", tm.tm_year + 1900,
           tm.tm_hour, tm.tm_min, tm.tm_sec);
  CHECK_INT(from_http(expected), seconds);
}

static bool can_judge(int64_t seconds) {
  return sizeof(time_t) > 4 || (seconds >= INT32_MIN && seconds <= INT32_MAX);
}

static void test_round_trip(void) {
  for (int round = 0; round < 200000; round++) {
    int64_t seconds = YEAR_1 + (int64_t)(check_random() % (uint64_t)(YEAR_10000 - YEAR_1));
    if (can_judge(seconds)) check_second(seconds);
    check_second((int32_t)check_random());
  }
}

/* The first and the last second of every day of every year. */
static void test_every_day(void) {
  char first[IVS_TIME_ISO_SIZE], last[IVS_TIME_ISO_SIZE];
  static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int year = 1, month = 1, day = 1;
  for (int64_t at = YEAR_1; at < YEAR_10000; at += 86400) {
    int y, m, d;
    CHECK(ivs_time_to_iso(at, first) == 0 && ivs_time_to_iso(at + 86399, last) == 0);
    if (!CHECK(sscanf(first, "%d-%d-%dT00:00:00Z", &y, &m, &d) == 3 &&
               memcmp(first, last, 10) == 0))
      return;
    if (!CHECK(y == year && m == month && d == day)) return;
    bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    int days = month == 2 ? 28 + leap : lengths[month - 1];
    if (++day > days) day = 1, month++;
    if (month > 12) month = 1, year++;
  }
  CHECK_INT(year, 10000);
}

/* Text before a byte that faults; accepted only if what it says is what would be written for it. */
static void check_iso(const char *text, size_t n) {
  char *p = check_guard(n), back[IVS_TIME_ISO_SIZE];
  int64_t seconds;
  memcpy(p, text, n);
  int r = ivs_time_from_iso((ivs_str){p, n}, &seconds);
  CHECK(r == 0 || r == IVS_ERR_ARGUMENT);
  bool plain = n == IVS_TIME_ISO_SIZE - 1 && p[n - 1] == 'Z' && memcmp(p + 17, "60", 2) != 0;
  if (r == 0 && plain) {
    CHECK_INT(ivs_time_to_iso(seconds, back), 0);
    CHECK_MEM(p, n, back, n);
  }
  check_guard_free(p, n);
}

static void check_http(const char *text, size_t n) {
  char *p = check_guard(n), back[IVS_TIME_ISO_SIZE];
  int64_t seconds;
  memcpy(p, text, n);
  int r = ivs_time_from_http((ivs_str){p, n}, &seconds);
  CHECK(r == 0 || r == IVS_ERR_ARGUMENT);
  if (r == 0 && memcmp(p + 23, "60", 2) != 0) {
    CHECK_INT(ivs_time_to_iso(seconds, back), 0);
    CHECK_MEM(p + 12, 4, back, 4);
    CHECK_MEM(p + 5, 2, back + 8, 2);
    CHECK_MEM(p + 17, 8, back + 11, 8);
  }
  check_guard_free(p, n);
}

static void test_corrupted(void) {
  static const char *const dates[] = {"2024-02-29T23:59:59Z", "2026-11-22T09:30:00.25Z",
                                      "9999-12-31T00:00:00+10:30", "2016-12-31T23:59:60Z"};
  static const char http[] = "Tue, 29 Feb 2000 12:34:56 GMT";
  int64_t seconds;
  for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
    char text[32] = "";
    size_t n = strlen(dates[i]);
    for (size_t k = 0; k < n; k++)
      CHECK_INT(ivs_time_from_iso((ivs_str){dates[i], k}, &seconds), IVS_ERR_ARGUMENT);
    for (size_t k = 0; k < n; k++) {
      for (int c = 0; c < 256; c++) {
        memcpy(text, dates[i], n);
        text[k] = (char)c;
        check_iso(text, n);
      }
    }
  }
  for (size_t k = 0; k < sizeof http - 1; k++) {
    char text[sizeof http];
    CHECK_INT(ivs_time_from_http((ivs_str){http, k}, &seconds), IVS_ERR_ARGUMENT);
    for (int c = 0; c < 256; c++) {
      memcpy(text, http, sizeof http);
      text[k] = (char)c;
      check_http(text, sizeof http - 1);
    }
  }
}

int main(void) {
  check_seed();
  RUN(test_instants);
  RUN(test_iso_forms);
  RUN(test_refused);
  RUN(test_limits);
  RUN(test_round_trip);
  RUN(test_every_day);
  RUN(test_corrupted);
  return check_done();
}
