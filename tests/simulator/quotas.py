"""How much an account may have. A quota holds only when it was asked for."""

from .errors import ServiceError

# As the service publishes them; the names are those of POST /_sim/quota.
PUBLISHED = {
    "channels": 5000,
    "streams": 100,
    "recordingConfigurations": 20,
    "playbackKeyPairs": 3,
    "playbackRestrictionPolicies": 3,
    "adConfigurations": 20,
    "policyCountries": 200,  # in one playback restriction policy
    "policyOrigins": 5,
    "takeovers": 100,  # of one stream
}


class Quotas:
    """`chosen` are the quotas that hold beside the published ones, or in their place."""

    def __init__(self, published, chosen):
        self.limits = {name: number if published else None for name, number in PUBLISHED.items()}
        self.limits.update((name, n) for name, n in chosen.items() if n is not None)

    def allows(self, name, count):
        limit = self.limits[name]
        return limit is None or count <= limit

    def check(self, name, count):
        """Raises ServiceQuotaExceededException when `count` of them are too many."""
        if not self.allows(name, count):
            raise ServiceError("ServiceQuotaExceededException",
                               f"Quota exceeded: {name} is limited to {self.limits[name]}")
