"""What was asked and what was answered: the log for people, and the last requests for tests.

Bodies are never kept. Stream keys, secrets and tokens are blanked wherever they turn up in a line.
Entries name the end that was asked: "ivs" for the API itself, or one of those in `ends`.
"""

import re
import threading
from collections import deque
from datetime import datetime, timezone

from .issuer import MARK

KEPT = 2000
STREAM_KEY = re.compile(r"sk_[a-z0-9-]+_[A-Za-z0-9_]+")
ISSUED = re.compile(MARK + r"[A-Za-z0-9+/=%]*")


class Journal:
    def __init__(self, stream=None):
        self._stream = stream
        self._lock = threading.Lock()
        self._secrets = set()
        self.requests = deque(maxlen=KEPT)

    def hide(self, *secrets):
        self._secrets = self._secrets.union(filter(None, secrets))  # others may be reading it

    def clean(self, text):
        for secret in self._secrets:
            text = text.replace(secret, "***")
        text = ISSUED.sub("***", STREAM_KEY.sub("sk_***", text))
        return "".join(c if c.isprintable() else "?" for c in text)

    def request(self, entry):
        """One answered request; `entry` is a flat dict as GET /_sim/requests shows it."""
        entry = {k: self.clean(v) if isinstance(v, str) else v for k, v in entry.items()}
        fields = [entry["method"], entry["path"], entry["operation"] or "-",
                  entry["accessKeyId"] or "-", str(entry["status"]), entry["code"] or "ok"]
        if entry["why"]:
            fields.append(f"({entry['why']})")
        entry.setdefault("end", "ivs")
        with self._lock:
            entry["number"] = self.requests[-1]["number"] + 1 if self.requests else 1
            self.requests.append(entry)
            self._write(" ".join(fields))

    def note(self, text):
        with self._lock:
            self._write(self.clean(text))

    def recent(self):
        with self._lock:
            return list(self.requests)

    def clear(self):
        with self._lock:
            self.requests.clear()

    def _write(self, line):
        if self._stream is None:
            return
        moment = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        try:
            self._stream.write(f"{moment.replace('+00:00', 'Z')} {line}\n")
            self._stream.flush()
        except (OSError, ValueError):  # the reader went away; the simulator goes on without a log
            self._stream = None
