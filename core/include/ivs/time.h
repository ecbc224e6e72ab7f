/*
 * Dates. Seconds count from 1970-01-01T00:00:00Z without leap seconds; years 0001 to 9999.
 */
#ifndef IVS_TIME_H
#define IVS_TIME_H

#include <ivs/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "2026-11-22T09:30:00Z" as in the service's answers (RFC 3339): fraction of any length, dropped;
   Z, +hh:mm or +hhmm (or -); a leap second, before midnight UTC only, counts as the next second.
   IVS_ERR_ARGUMENT for anything else. */
int ivs_time_from_iso(ivs_str text, int64_t *seconds);

/* "Sun, 22 Nov 2026 09:30:00 GMT" of a Date header (RFC 9110, IMF-fixdate). The day's name is not
   compared. IVS_ERR_ARGUMENT for anything else. */
int ivs_time_from_http(ivs_str text, int64_t *seconds);

enum { IVS_TIME_AMZ_SIZE = 17, IVS_TIME_ISO_SIZE = 21 };

/* "20261122T093000Z" and NUL. The first 8 characters are the date of a signature's scope.
   IVS_ERR_CLOCK outside years 1 to 9999. */
int ivs_time_to_amz(int64_t seconds, char text[IVS_TIME_AMZ_SIZE]);

/* "2026-11-22T09:30:00Z" and NUL. IVS_ERR_CLOCK outside years 1 to 9999. */
int ivs_time_to_iso(int64_t seconds, char text[IVS_TIME_ISO_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
