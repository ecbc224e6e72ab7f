/*
 * What this device is told. The keys are for the bench: a product takes its credentials from AWS
 * IoT Core by a certificate of its own, see <ivs/iot.h>.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#define WIFI_NAME ""
#define WIFI_PASSWORD ""
#define REGION "eu-west-1"
#define CHANNEL_ARN ""
#define ACCESS_KEY_ID ""
#define SECRET_ACCESS_KEY ""
#define EVERY_MS 1000

#endif
