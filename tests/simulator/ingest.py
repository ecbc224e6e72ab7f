"""The stand-in ingest: a TLS port to which an encoder connects, and the stream goes live.

The encoder sends one line, `publish <stream key>[?priority=N] [name=value]...`; the answer is `ok`
or `refused <reason>`. All that follows is media, which nobody looks at. README.md has the protocol.
"""

import re
import socket
import threading
import time

from .errors import ServiceError
from .operations.streams import go_live
from .state import Publisher, Refused

LINE_LIMIT = 1024
LINE_TIMEOUT = 10.0
NUMBERS = {"width": "videoWidth", "height": "videoHeight", "fps": "targetFramerate",
           "bitrate": "targetBitrate"}


def describe(fields):
    """The ingest configuration the service would report, from what the encoder says of itself."""
    video = {"codec": "avc1.4D0028", "avcProfile": "Main", "avcLevel": "4.0",
             "profile": "Main", "level": "4.0", "encoder": fields.get("encoder", "unknown")}
    for name, member in NUMBERS.items():
        if re.fullmatch(r"[0-9]{1,9}", fields.get(name, "")):
            video[member] = int(fields[name])
    audio = {"codec": "mp4a.40.2", "channels": 2, "sampleRate": 48000, "targetBitrate": 160000}
    return {"video": video, "audio": audio}


def split_key(word):
    """The stream key and the priority for a takeover: 0 for none, negative for nonsense."""
    key, _, query = word.partition("?")
    name, _, value = query.partition("=")
    if not query:
        return key, 0
    valid = name == "priority" and re.fullmatch(r"[1-9][0-9]{0,18}", value)
    return key, int(value) if valid else -1


class Publication:
    """One encoder's connection, from its first line to the end of its stream."""

    def __init__(self, service, sock):
        self._service = service
        self._socket = sock
        self._stopped = threading.Event()
        self._arn = ""
        self._ingest = {}
        self._publisher = None
        self._session = None

    def run(self):
        try:
            self._accept(self._read_line())
        except Refused as reason:
            self._service.journal.note(f"ingest refused an encoder: {reason}")
            self._say(f"refused {reason}\n")
            return
        try:
            self._say("ok\n")
            self._service.journal.note(f"ingest: an encoder publishes to {self._arn}")
            self._carry_media()
            self._leave()
            self._stopped.wait(self._service.settings.hold)
        finally:
            self._leave()
            self._end_stream()

    def _read_line(self):
        self._socket.settimeout(LINE_TIMEOUT)
        line = b""
        try:
            while not line.endswith(b"\n") and len(line) < LINE_LIMIT:
                byte = self._socket.recv(1)
                if not byte:
                    raise Refused("the connection ended before a publish line")
                line += byte
        except OSError:
            raise Refused("no publish line came") from None
        return line.decode("latin-1").strip()

    def _accept(self, line):
        words = line.split(" ")
        if len(words) < 2 or words[0] != "publish":
            raise Refused("expected: publish <stream key>")
        fields = dict(word.partition("=")[::2] for word in words[2:])
        self._ingest = describe(fields)
        key, priority = split_key(words[1])
        media = (fields.get("width"), fields.get("height"))
        with self._service.lock:
            keys = self._service.store.of_kind("stream-key", value=key)
            if not keys:
                raise Refused("unknown stream key")
            arn = keys[0].value["channelArn"]
            publisher = Publisher(self.cut, priority, media)
            self._service.streams.connect(arn, publisher)
            self._arn, self._publisher = arn, publisher
            self._session = self._service.streams.live(arn)  # when it was taken over

    def cut(self):
        """Ends the connection from another thread; safe while this one reads."""
        self._stopped.set()
        try:
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        except OSError:
            pass

    def _carry_media(self):
        """Reads until the encoder goes or is cut off, and keeps state and health up to date."""
        settings = self._service.settings
        live_at = time.monotonic() + settings.start_delay
        last_media = time.monotonic()
        while not self._stopped.is_set():
            now = time.monotonic()
            if self._session is None and now >= live_at and not self._go_live():
                return
            starving = now - last_media >= settings.starve_after
            self._report("STARVING" if starving else "HEALTHY")
            wake = live_at if self._session is None else \
                now + 1.0 if starving else last_media + settings.starve_after
            try:
                self._socket.settimeout(max(wake - now, 0.01))
                if not self._socket.recv(65536):
                    return
                last_media = time.monotonic()
            except TimeoutError:
                continue
            except OSError:
                return

    def _go_live(self):
        """False when the channel went away, or the account is full, in the meantime."""
        with self._service.lock:
            try:
                if not self._service.streams.is_connected(self._arn, self._publisher):
                    return False
                self._session = go_live(self._service, self._arn, self._ingest)
                return True
            except ServiceError as error:
                self._service.journal.note(f"ingest: {error.message}")
                return False

    def _report(self, health):
        if self._session is not None and self._session.health != health:
            with self._service.lock:
                self._service.streams.set_health(self._session, health)

    def _leave(self):
        """The connection is over; the stream lives on for the hold."""
        with self._service.lock:
            if not self._service.streams.is_connected(self._arn, self._publisher):
                return
            self._service.streams.disconnect(self._arn)
        self._service.journal.note(f"ingest: the encoder of {self._arn} is gone")

    def _end_stream(self):
        """Unless it was stopped, begun anew or taken over by another encoder meanwhile."""
        with self._service.lock:
            session = self._service.streams.live(self._arn)
            if session is not None and session.source is self._publisher:
                self._service.streams.finish(self._arn)

    def _say(self, text):
        try:
            self._socket.sendall(text.encode("latin-1"))
        except OSError:
            pass
