/*
 * The credentials that the settings describe, at work: asked for, and renewed when they end.
 *
 *   struct ivs_settings settings;
 *   struct ivs_sources sources;
 *   int r = ivs_settings_read(&settings, NULL);
 *   if (r == 0) r = ivs_settings_read_creds(&settings);
 *   if (r == 0) r = ivs_sources_init(&sources, &settings, NULL);
 *   ... .creds = &settings.creds, .provider = sources.provider in the options of the client ...
 *   ivs_sources_free(&sources);
 *
 * Everything is in the struct: connections of its own, to AWS STS and to what the settings name, by
 * the user's proxy where it leads outside. Nothing is asked before the first call.
 */
#ifndef IVS_SOURCES_H
#define IVS_SOURCES_H

#include <ivs/container.h>
#include <ivs/imds.h>
#include <ivs/iot.h>
#include <ivs/process_provider.h>
#include <ivs/route.h>
#include <ivs/settings.h>
#include <ivs/sts.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Workspace of all sources: a web identity token of the greatest length has room. */
enum { IVS_SOURCES_SPACE = 22 * 1024 };

struct ivs_sources {
  /* For the client; NULL: the keys of the settings are all there is. */
  struct ivs_provider *provider;
  char problem[IVS_PROBLEM_MAX + 1]; /* of ivs_sources_init(): one line, without secrets */

  /* Private. */
  struct ivs_provider *base; /* the source without its roles; NULL: keys */
  struct ivs_endpoint endpoint, sts_endpoint;
  struct ivs_route route, sts_route;
  union {
    struct ivs_process_provider process;
    struct ivs_sts_provider web_identity;
    struct ivs_iot_provider iot;
    struct ivs_container_provider container;
    struct ivs_imds_provider imds;
  } by;
  struct ivs_sts_provider roles[IVS_ROLES_MAX];
  char space[IVS_SOURCES_SPACE];
};

/*
 * Sets the source of the settings up. settings (its region is that of STS too) stay unchanged as
 * long as the sources are used. proxy: as in struct ivs_route_options; never for containers and
 * instance metadata. Whatever is said for the service, certificates are always verified here. 0, or
 * IVS_ERR_CREDENTIALS with problem; then there is nothing to free.
 */
int ivs_sources_init(struct ivs_sources *sources, const struct ivs_settings *settings,
                     const char *proxy);

/* Ends what is under way, closes all connections, and wipes what is secret. A zeroed struct may be
   freed, and one that is free already. */
void ivs_sources_free(struct ivs_sources *sources);

/* What ends ivs_settings_ask_region() early. All zero: nothing does. */
struct ivs_settings_limits {
  uint32_t timeout_ms; /* for all of it; 0: no limit */
  /* True: end now. It is asked twice a second, and whenever a wait was interrupted by a signal. */
  bool (*stop)(void *context);
  void *context;
};

/*
 * Asks EC2's instance metadata for the region of the settings, if that is "" and they are not
 * switched off. Blocks: for metadata_service_timeout (1 s) times metadata_service_num_attempts (1)
 * for each of two or three requests where nobody answers at all. limits may be NULL.
 * 0: there is a region. IVS_ERR_ARGUMENT: there is none. IVS_ERR_TIMEOUT, IVS_ERR_CANCELLED: by the
 * limits; the region is still "".
 */
int ivs_settings_ask_region(struct ivs_settings *settings,
                            const struct ivs_settings_limits *limits);

#ifdef __cplusplus
}
#endif

#endif
