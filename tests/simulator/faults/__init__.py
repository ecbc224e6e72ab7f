"""Everything that can go wrong on request, registered by name.

A fault of a request is a function of the Exchange that meets it, one of a connection a function of
the Opening; its parameters follow by name. It gives the steps to take, as `transport` has them; a
request is carried out when, and only when, the function asks for its answer. Steps that end without
an Ending leave the connection as it would have been. There is one module for each sort of trouble.
"""

from . import bodies, breaks, framing, handshakes, pauses, refusals  # noqa: F401
from .common import CONNECTION, KINDS, REQUEST, Kind  # noqa: F401
