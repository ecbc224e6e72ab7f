"""One encoder that the ingest has accepted, from its first byte of media to the end of its stream.

How its bytes arrive is the business of `ingest` (the stand-in) and `rtmp`: see `Publication.run`.
"""

import threading
import time
from collections import deque

from .errors import ServiceError
from .operations.streams import go_live
from .state import Publisher, Refused

LEARN_INTERVAL = 0.1  # seconds between two looks at what the encoder sends, until that is known
WINDOW = 3.0  # seconds over which the bit rate is taken


class Meter:
    """Bits a second of what an encoder sends."""

    def __init__(self):
        self._pieces = deque()  # (monotonic time, bytes)
        self._begun = time.monotonic()

    def add(self, count):
        now = time.monotonic()
        self._pieces.append((now, count))
        while now - self._pieces[0][0] > WINDOW:
            self._pieces.popleft()

    def rate(self):
        now = time.monotonic()
        total = sum(count for when, count in list(self._pieces) if now - when <= WINDOW)
        return int(total * 8 / min(WINDOW, max(now - self._begun, 0.1)))


class Publication:
    """`drop` ends the encoder's connection from any thread.

    `ingest` is what the encoder sends, as an ingest configuration of the service, and `media` the
    part of it that a takeover has to keep; None as long as `learn` cannot tell. `learn` gives both
    once it can, and None before.
    """

    def __init__(self, service, drop, priority=0, ingest=None, media=None, learn=None):
        self._service = service
        self._stopped = threading.Event()
        self._ingest = ingest
        self._learn = learn
        self._session = None
        self._meter = Meter()
        self.publisher = Publisher(self.cut, priority, media, drop, self._meter.rate)
        self.arn = ""

    def accept(self, key, plain=False):
        """Connects the encoder to the channel of its stream key, or raises Refused.

        One that would take a stream over is connected when it is known what it sends.
        """
        with self._service.lock:
            keys = self._service.store.of_kind("stream-key", value=key)
            if not keys:
                raise Refused("unknown stream key")
            arn = keys[0].value["channelArn"]
            channel = self._service.store.find("channel", arn).value
            if plain and not channel["insecureIngest"]:
                raise Refused("the channel takes no unencrypted ingest")
            if self.publisher.priority and self._ingest is None:
                self._service.streams.check_priority(arn, self.publisher)
            else:
                self._connect(arn)
            self.arn = arn

    def cut(self):
        """Ends the encoder's connection and its stream, from any thread."""
        self._stopped.set()
        self.publisher.drop()

    def run(self, feed):
        """Keeps state and health up to date until the stream has ended.

        `feed(seconds)` waits so long for media: the count of bytes that came, 0 for none, None when
        the encoder is gone.
        """
        try:
            self._carry_media(feed)
            self._leave()
            self._stopped.wait(self._service.settings.hold)
        finally:
            self._leave()
            self._end_stream()
            self.publisher.drop()

    def _connect(self, arn):
        self._service.streams.connect(arn, self.publisher)
        self._session = self._service.streams.live(arn)  # when it was taken over

    def _carry_media(self, feed):
        settings = self._service.settings
        live_at = time.monotonic() + settings.start_delay
        last_media = time.monotonic()
        while not self._stopped.is_set():
            now = time.monotonic()
            if self._ingest is None and not self._look():
                return
            waiting = self._session is None
            if waiting and self._ingest is not None and now >= live_at and not self._go_live():
                return
            starving = now - last_media >= settings.starve_after
            self._report("STARVING" if starving else "HEALTHY")
            wake = now + 1.0 if starving else last_media + settings.starve_after
            if self._ingest is None:
                wake = now + LEARN_INTERVAL
            elif self._session is None:
                wake = live_at
            count = feed(max(wake - now, 0.01))
            if count is None:
                return
            if count:
                self._meter.add(count)
                last_media = time.monotonic()

    def _look(self):
        """False when what the encoder sends is cause to refuse it."""
        found = self._learn()
        if found is None:
            return True
        ingest, media = found
        with self._service.lock:
            self.publisher.media = media
            try:
                if not self._service.streams.is_connected(self.arn, self.publisher):
                    self._connect(self.arn)
                self._ingest = ingest
                return True
            except Refused as reason:
                self._service.journal.note(f"ingest: {reason}")
        self.cut()
        return False

    def _go_live(self):
        """False when the channel went away, or the account is full, in the meantime."""
        with self._service.lock:
            try:
                if self._service.streams.is_connected(self.arn, self.publisher):
                    self._session = go_live(self._service, self.arn, self._ingest)
                    return True
            except ServiceError as error:
                self._service.journal.note(f"ingest: {error.message}")
        self.cut()
        return False

    def _report(self, health):
        if self._session is not None and self._session.health != health:
            with self._service.lock:
                self._service.streams.set_health(self._session, health)

    def _leave(self):
        """The connection is over; the stream lives on for the hold."""
        with self._service.lock:
            if not self._service.streams.is_connected(self.arn, self.publisher):
                return
            self._service.streams.disconnect(self.arn)
        self._service.journal.note(f"ingest: the encoder of {self.arn} is gone")

    def _end_stream(self):
        """Unless it was stopped, begun anew or taken over by another encoder meanwhile."""
        with self._service.lock:
            session = self._service.streams.live(self.arn)
            if session is not None and session.source is self.publisher:
                self._service.streams.finish(self.arn)
