"""What each operation does, registered by its name in the model.

An operation is a function of the service and the validated members of a request; it returns the
answer's members, or None where the model has no output. It runs with the service's lock held.
There is one module for each kind of resource, and one for what streams and viewers have in common.
"""

from . import (ads, channels, playback_keys, playback_policies, recording, stream_keys,  # noqa: F401
               streams, tags, viewers)
from .common import REGISTERED  # noqa: F401
