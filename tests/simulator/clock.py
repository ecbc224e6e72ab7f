"""The service's idea of the time: the machine's clock plus a skew that can be set at any time."""

import time
from datetime import datetime, timezone
from email.utils import format_datetime


def stamp(seconds):
    """Epoch seconds as SigV4 writes them, 20260102T030405Z."""
    return datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y%m%dT%H%M%SZ")


class Clock:
    def __init__(self, skew=0.0):
        self.skew = skew

    def now(self):
        return time.time() + self.skew

    def iso8601(self, seconds=None):
        """Now, or the moment given in epoch seconds."""
        moment = datetime.fromtimestamp(int(self.now() if seconds is None else seconds),
                                        timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def http_date(self, ahead=0.0):
        moment = datetime.fromtimestamp(int(self.now() + ahead), timezone.utc)
        return format_datetime(moment, usegmt=True)
