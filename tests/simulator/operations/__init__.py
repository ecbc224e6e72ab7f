"""What each operation does, registered by its name in the model.

An operation is a function of the service and the validated members of a request; it returns the
answer's members, or None where the model has no output. It runs with the service's lock held.
There is one module for each kind of resource.
"""

from . import (ads, channels, playback_keys, playback_policies, recording,  # noqa: F401
               stream_keys, streams, tags, viewers)
from .common import REGISTERED  # noqa: F401
