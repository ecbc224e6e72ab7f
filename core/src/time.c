/*
 * Dates to seconds and back.
 *
 * Days are counted from 0000-03-01 of the Gregorian calendar carried back: a year that begins in
 * March has its leap day last, and its months repeat lengths of 31, 30, 31, 30, 31 (153 days in
 * five). No number but the seconds is below zero, or needs more than 32 bits.
 */
#include <ivs/time.h>

#include "chars.h"

enum {
  DAY = 86400,
  DAY_OF_1970 = 719468, /* 1970-01-01, in days from 0000-03-01 */
  DAY_OF_0001 = 306,
  DAY_OF_10000 = 3652365
};

/* Seconds from 0001-01-01 to 1970, and to the end of the year 9999. */
static const uint64_t TO_1970 = (uint64_t)(DAY_OF_1970 - DAY_OF_0001) * DAY;
static const uint64_t END = (uint64_t)(DAY_OF_10000 - DAY_OF_0001) * DAY;

/* The numbers of a date, in the order in which shapes refer to them. */
enum { YEAR, MONTH, DAY_OF_MONTH, HOUR, MINUTE, SECOND, NUMBERS };

/* Days from 0000-03-01 to the first of March of that year. */
static uint32_t march_of(uint32_t year) {
  uint32_t century = year / 100;
  return year * 365 + year / 4 - century + century / 4;
}

/* Days of a year from March before its month, 0 being March. */
static uint32_t days_before(uint32_t month) {
  return (153 * month + 2) / 5;
}

/* since: seconds from 0001-01-01. From END on there is no date to give, but it is never one of the
   year 0, whose seconds wrap around. */
static void from_seconds(uint64_t since, uint32_t n[NUMBERS]) {
  uint32_t day = (uint32_t)(since >> 7) / (DAY >> 7); /* a division of 32 bits */
  uint32_t of_day = (uint32_t)since - day * DAY;
  day += DAY_OF_0001;
  uint32_t year = (day + 2) * 400 / 146097; /* by the mean length: right, or one too late */
  if (march_of(year) > day) year--;

  uint32_t of_year = day - march_of(year);
  uint32_t month = (5 * of_year + 2) / 153;
  bool before_march = month >= 10;
  n[YEAR] = year + before_march;
  n[MONTH] = before_march ? month - 9 : month + 3;
  n[DAY_OF_MONTH] = of_year - days_before(month) + 1;
  n[HOUR] = of_day / 3600;
  n[MINUTE] = of_day / 60 % 60;
  n[SECOND] = of_day % 60;
}

/* Numbers of at most four digits, of which a date exists if its seconds give them back. offset:
   seconds that the date is ahead of UTC. */
static int to_seconds(uint32_t n[NUMBERS], int32_t offset, int64_t *seconds) {
  uint32_t back[NUMBERS];
  bool leap = n[SECOND] == 60;
  n[SECOND] -= leap;
  bool before_march = n[MONTH] < 3;
  uint32_t year = n[YEAR] - before_march;
  uint32_t month = before_march ? n[MONTH] + 9 : n[MONTH] - 3;
  uint32_t day = march_of(year) + days_before(month) + n[DAY_OF_MONTH] - 1 - DAY_OF_0001;
  int32_t of_day = (int32_t)(n[HOUR] * 3600 + n[MINUTE] * 60 + n[SECOND]);
  uint64_t since = (uint64_t)day * DAY + (uint32_t)of_day;
  from_seconds(since, back);
  if (memcmp(back, n, sizeof back) != 0) return IVS_ERR_ARGUMENT;

  of_day += leap - offset;
  if (leap && of_day % DAY != 0) return IVS_ERR_ARGUMENT; /* it is the last of a day in UTC */
  since += (uint64_t)(int64_t)(leap - offset);
  if (since >= END) return IVS_ERR_ARGUMENT;
  *seconds = (int64_t)(since - TO_1970);
  return 0;
}

/* Shapes, see chars.h: 0 is the first number of n, the year, 1 the second, and so on. */
static const char iso_shape[] = "0000-11-22T33:44:55Z";
static const char amz_shape[] = "00001122T334455Z";
static const char http_shape[] = "aaa, 22 aaa 0000 33:44:55 GMT";

/* Writes a date as shape, of size bytes, its NUL among them. */
static int write_shape(int64_t seconds, const char *shape, size_t size, char *text) {
  uint32_t n[NUMBERS];
  uint64_t since = (uint64_t)seconds + TO_1970;
  if (since >= END) return IVS_ERR_CLOCK;
  from_seconds(since, n);
  while (size-- != 0) {
    char c = shape[size];
    if (ivs_is_digit(c)) {
      uint32_t *number = n + (c - '0');
      c = (char)('0' + *number % 10);
      *number /= 10;
    }
    text[size] = c;
  }
  return 0;
}

/* The end of a date: "Z" or the offset from UTC as +hh:mm or +hhmm, in seconds. */
static bool read_offset(const char *p, size_t size, int32_t *offset) {
  const char *shape = size == 5 ? "0011" : "00:11";
  uint32_t n[2] = {0, 0};
  *offset = 0;
  if (size == 1) return *p == 'Z';
  if ((size != 5 && size != 6) || (*p != '+' && *p != '-')) return false;
  if (!ivs_read_shape(p + 1, shape, size - 1, n) || n[0] > 23 || n[1] > 59) return false;
  *offset = (int32_t)(n[0] * 60 + n[1]) * (*p == '-' ? -60 : 60);
  return true;
}

/* see ivs/time.h */
int ivs_time_from_iso(ivs_str text, int64_t *seconds) {
  size_t at = sizeof iso_shape - 2; /* all but Z */
  uint32_t n[NUMBERS] = {0};
  int32_t offset;
  if (text.n <= at || !ivs_read_shape(text.p, iso_shape, at, n)) return IVS_ERR_ARGUMENT;
  if (text.p[at] == '.') {
    size_t point = at++;
    while (at < text.n && ivs_is_digit(text.p[at])) at++;
    if (at == point + 1) return IVS_ERR_ARGUMENT;
  }
  if (!read_offset(text.p + at, text.n - at, &offset)) return IVS_ERR_ARGUMENT;
  return to_seconds(n, offset, seconds);
}

/* see ivs/time.h */
int ivs_time_from_http(ivs_str text, int64_t *seconds) {
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  size_t size = sizeof http_shape - 1;
  uint32_t n[NUMBERS] = {0};
  if (text.n != size || !ivs_read_shape(text.p, http_shape, size, n)) return IVS_ERR_ARGUMENT;
  n[MONTH] = 1; /* up to 13, which is refused */
  while (n[MONTH] < 13 && memcmp(text.p + 8, months + 3 * (n[MONTH] - 1), 3) != 0) n[MONTH]++;
  return to_seconds(n, 0, seconds);
}

/* see ivs/time.h */
int ivs_time_to_amz(int64_t seconds, char text[IVS_TIME_AMZ_SIZE]) {
  return write_shape(seconds, amz_shape, sizeof amz_shape, text);
}

/* see ivs/time.h */
int ivs_time_to_iso(int64_t seconds, char text[IVS_TIME_ISO_SIZE]) {
  return write_shape(seconds, iso_shape, sizeof iso_shape, text);
}
