"""How many connections and requests there were, and how many requests were carried out.

A request is seen when its first line has arrived, and carried out when the service did what it asks
and meant to answer with success, whether or not the client got to know. Control calls are no
requests.
"""

import threading


class Counts:
    def __init__(self):
        self._lock = threading.Lock()
        self._clear()

    def reset(self):
        """Begins anew; what was counted until now."""
        with self._lock:
            until_now = self._describe()
            self._clear()
            return until_now

    def connected(self):
        with self._lock:
            self._connections += 1

    def shook_hands(self, resumed):
        with self._lock:
            self._handshakes += 1
            self._resumed += resumed

    def seen(self, operation):
        """The number of this request. `operation` is "" when there is none for it."""
        with self._lock:
            self._requests += 1
            if operation:
                self._of(operation)["seen"] += 1
            return self._requests

    def carried_out(self, operation):
        with self._lock:
            self._of(operation)["carriedOut"] += 1

    def describe(self):
        with self._lock:
            return self._describe()

    def _clear(self):
        self._connections = 0  # to the HTTPS port
        self._handshakes = 0  # of those that succeeded
        self._resumed = 0  # of the handshakes
        self._requests = 0
        self._operations = {}

    def _of(self, operation):
        return self._operations.setdefault(operation, {"seen": 0, "carriedOut": 0})

    def _describe(self):
        return {"connections": self._connections, "handshakes": self._handshakes,
                "resumed": self._resumed, "requests": self._requests,
                "carriedOut": sum(o["carriedOut"] for o in self._operations.values()),
                "operations": {name: dict(o) for name, o in sorted(self._operations.items())}}
