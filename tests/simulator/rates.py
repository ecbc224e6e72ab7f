"""Request-rate limits, as token buckets: up to a second's worth at once, refilled evenly."""

import time

from .errors import ServiceError

METADATA_PER_CHANNEL = 5  # a second

# Requests a second per account and region, as the service publishes them.
PER_OPERATION = {
    "BatchGetChannel": 5, "CreateChannel": 5, "DeleteChannel": 5, "GetChannel": 5,
    "ListChannels": 5, "UpdateChannel": 5,
    "BatchGetStreamKey": 5, "CreateStreamKey": 5, "DeleteStreamKey": 5, "GetStreamKey": 5,
    "ListStreamKeys": 5,
    "GetStream": 5, "ListStreams": 5, "StopStream": 5, "GetStreamSession": 5,
    "ListStreamSessions": 5,
    "CreatePlaybackRestrictionPolicy": 5, "DeletePlaybackRestrictionPolicy": 5,
    "GetPlaybackRestrictionPolicy": 5, "ListPlaybackRestrictionPolicies": 5,
    "UpdatePlaybackRestrictionPolicy": 5,
    "ImportPlaybackKeyPair": 3, "DeletePlaybackKeyPair": 3, "GetPlaybackKeyPair": 3,
    "ListPlaybackKeyPairs": 3,
    "CreateRecordingConfiguration": 3, "DeleteRecordingConfiguration": 3,
    "GetRecordingConfiguration": 3, "ListRecordingConfigurations": 3,
    "CreateAdConfiguration": 3, "DeleteAdConfiguration": 3, "GetAdConfiguration": 3,
    "ListAdConfigurations": 3, "UpdateAdConfiguration": 3,
    "InsertAdBreak": 1,
    "BatchStartViewerSessionRevocation": 2, "StartViewerSessionRevocation": 10,
    "TagResource": 10, "UntagResource": 10, "ListTagsForResource": 10,
    "PutMetadata": 155,
}


class Limiter:
    """Not locked: the service calls it with its own lock held."""

    def __init__(self, monotonic=time.monotonic):
        self._monotonic = monotonic
        self._buckets = {}

    def take(self, key, rate):
        """Counts one request under `key`; raises ThrottlingException above `rate` a second."""
        now = self._monotonic()
        left, since = self._buckets.get(key, (float(rate), now))
        left = min(float(rate), left + (now - since) * rate)
        self._buckets[key] = (left - 1 if left >= 1 else left, now)
        if left < 1:
            raise ServiceError("ThrottlingException", "Rate exceeded")
