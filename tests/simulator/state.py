"""The resources of the simulated account and its streams. No HTTP, no validation of requests.

Nothing here locks: callers hold `Service.lock`.
"""

import secrets
import string
from collections import deque
from dataclasses import dataclass, field
from typing import Optional

from .errors import ServiceError, conflict, not_found
from .quotas import Quotas

ALPHABET = string.ascii_letters + string.digits
EVENT_TYPE = "IVS Stream State Change"
HEALTH_TYPE = "IVS Stream Health Change"
RECORDING_TYPE = "IVS Recording State Change"
LIMIT_TYPE = "IVS Limit Breach"
AD_BREAK_TYPE = "IVS Ad Break State Change"
EVENTS_KEPT = 500
METADATA_KEPT = 10000
AD_BREAKS_KEPT = 1000
PRIORITY_MAX = 2147483647


def random_id(length):
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


@dataclass
class Resource:
    kind: str  # as in its ARN: "channel", "stream-key"
    serial: int  # rises with every resource made; lists are in this order
    value: dict  # all members of the model's shape


class Store:
    """Every taggable resource, by ARN."""

    def __init__(self, region, account):
        self._prefix = f"arn:aws:ivs:{region}:{account}:"
        self._serial = 0
        self._resources = {}

    def add(self, kind, value):
        self._serial += 1
        arn = f"{self._prefix}{kind}/{random_id(12)}"
        self._resources[arn] = Resource(kind, self._serial, {"arn": arn, **value})
        return self._resources[arn]

    def find(self, kind, arn):
        """The resource, or ResourceNotFoundException. `kind` None takes any."""
        resource = self._resources.get(arn)
        if resource is None or kind not in (None, resource.kind):
            raise not_found(arn)
        return resource

    def of_kind(self, kind, **members):
        """All resources of a kind whose members have the given values, oldest first."""
        return [r for r in self._resources.values() if r.kind == kind
                and all(r.value.get(name) == value for name, value in members.items())]

    def remove(self, resource):
        del self._resources[resource.value["arn"]]


@dataclass
class Session:
    """One stream of a channel, live (no `end`) or past."""

    stream_id: str
    serial: int
    channel: dict  # as it was when the stream began
    start: str
    ingest: dict = field(default_factory=dict)  # what the encoder said it sends
    recording: Optional[dict] = None  # the recording configuration when the stream began
    source: object = None  # the encoder that feeds it, as its Publisher
    takeovers: int = 0
    ad_break_end: float = 0.0  # when the last ad break ends, by the service's clock
    end: str = ""
    health: str = "HEALTHY"
    forced_health: str = ""  # set by a control call, wins over what the ingest sees
    viewers: int = 0
    events: deque = field(default_factory=lambda: deque(maxlen=EVENTS_KEPT))  # newest first

    def note(self, name, kind, when, code=""):
        event = {"name": name, "type": kind, "eventTime": when}
        self.events.appendleft({**event, "code": code} if code else event)

    def has_error_event(self):
        return any(e["type"] == LIMIT_TYPE or e["name"].endswith("Failure") for e in self.events)

    def shown_health(self):
        return self.forced_health or self.health


class Refused(Exception):
    """The ingest turns an encoder away, for this reason."""


@dataclass(eq=False)
class Publisher:
    """An encoder that is connected. `priority` is for takeovers: 0, or what it asked for."""

    cut: object  # a function that ends its connection, and its stream, from another thread
    priority: int = 0
    media: Optional[tuple] = ()  # what a takeover has to keep; None: not known yet
    drop: object = None  # a function that ends its connection alone
    rate: object = None  # a function that tells the bits a second it sends
    name: str = ""  # under which nginx has it; empty: nginx does not
    key: str = ""  # the stream key that it came with


class Streams:
    """Who is live, who was, and which encoder is connected."""

    def __init__(self, clock, quotas: Quotas):
        self._clock = clock
        self._quotas = quotas
        self._serial = 0
        self._sessions = {}  # channel ARN -> list, oldest first
        self._publishers = {}  # channel ARN -> Publisher
        self.metadata = deque(maxlen=METADATA_KEPT)  # accepted; as GET /_sim/metadata shows it
        self.ad_breaks = deque(maxlen=AD_BREAKS_KEPT)  # as GET /_sim/ad-breaks shows them

    def live(self, arn):
        """The channel's running session, or None."""
        sessions = self._sessions.get(arn)
        return sessions[-1] if sessions and not sessions[-1].end else None

    def must_be_live(self, arn):
        session = self.live(arn)
        if session is None:
            raise ServiceError("ChannelNotBroadcasting", f"Channel is not currently online: {arn}")
        return session

    def must_be_offline(self, arn, verb):
        if self.live(arn) is not None:
            raise conflict(f"Channel {arn} has a live stream: stop it, then {verb} the channel")

    def all_live(self):
        """(channel ARN, session) of every live stream, oldest first."""
        last = ((arn, sessions[-1]) for arn, sessions in self._sessions.items())
        return sorted((p for p in last if not p[1].end), key=lambda pair: pair[1].serial)

    def sessions(self, arn):
        """Newest first."""
        return list(reversed(self._sessions.get(arn, [])))

    def begin(self, channel, ingest=None, recording=None):
        """The channel goes live; a live one stays as it is."""
        session = self.live(channel["arn"])
        if session is not None:
            return session
        self._quotas.check("streams", len(self.all_live()) + 1)
        self._serial += 1
        now = self._clock.iso8601()
        session = Session("st-" + random_id(23), self._serial, channel, now, ingest or {},
                          recording, self._publishers.get(channel["arn"]))
        session.note("Session Created", EVENT_TYPE, now)
        session.note("Stream Start", EVENT_TYPE, now)
        if recording:
            began = recording["state"] == "ACTIVE"
            session.note("Recording Start" if began else "Recording Start Failure",
                         RECORDING_TYPE, now)
        self._sessions.setdefault(channel["arn"], []).append(session)
        return session

    def finish(self, arn):
        """The channel's stream ends, if it has one."""
        session = self.live(arn)
        if session is None:
            return
        session.end = self._clock.iso8601()
        session.note("Stream End", EVENT_TYPE, session.end)
        if session.recording and session.recording["state"] == "ACTIVE":
            session.note("Recording End", RECORDING_TYPE, session.end)
        session.note("Session Ended", EVENT_TYPE, session.end)

    def stop(self, arn):
        """Ends the stream and cuts its encoder off."""
        self.finish(arn)
        publisher = self._publishers.pop(arn, None)
        if publisher is not None:
            publisher.cut()

    def forget(self, arn):
        """The channel is gone, and all that was recorded about it."""
        self.stop(arn)
        self._sessions.pop(arn, None)

    def clear(self):
        for arn in {*self._sessions, *self._publishers}:
            self.forget(arn)
        self.metadata.clear()
        self.ad_breaks.clear()

    def set_health(self, session, health):
        """What the ingest sees; a change into or out of STARVING is an event."""
        before, session.health = session.health, health
        if (before == "STARVING") != (health == "STARVING") and not session.end:
            name = "Starvation Start" if health == "STARVING" else "Starvation End"
            session.note(name, HEALTH_TYPE, self._clock.iso8601())

    # Encoders

    def connect(self, arn, publisher):
        """An encoder publishes to the channel, or takes the stream over from another one."""
        session = self.live(arn)
        if (arn in self._publishers or session is not None) and publisher.priority != 0:
            self._take_over(arn, session, publisher)
        elif arn in self._publishers:
            raise Refused("another encoder is publishing to this channel")
        elif session is not None:
            raise Refused("the channel's previous stream is still live")
        self._publishers[arn] = publisher

    def check_priority(self, arn, publisher):
        """Refuses a takeover for its priority. Returns what would be taken over, or None."""
        session = self.live(arn)
        if session is None and arn not in self._publishers:
            return None
        before = self._publishers.get(arn) or session.source
        lowest = before.priority + 1 if before else 1
        if not lowest <= publisher.priority <= PRIORITY_MAX:
            self._refuse_takeover(session, "StreamTakeoverInvalidPriority")
        return before

    def _take_over(self, arn, session, publisher):
        """From the encoder that is connected, or from the one that a live stream has lost."""
        before = self.check_priority(arn, publisher)
        if before and None not in (publisher.media, before.media) \
                and publisher.media != before.media:
            self._refuse_takeover(session, "StreamTakeoverMediaMismatch")
        if session is not None:
            if not self._quotas.allows("takeovers", session.takeovers + 1):
                self._refuse_takeover(session, "StreamTakeoverLimitBreached")
            session.takeovers += 1
            session.source = publisher
            session.note("Stream Takeover", EVENT_TYPE, self._clock.iso8601())
        if before:
            before.cut()

    def _refuse_takeover(self, session, code):
        if session is not None:
            session.note("Stream Takeover Failure", EVENT_TYPE, self._clock.iso8601(), code)
        raise Refused(code)

    def disconnect(self, arn):
        del self._publishers[arn]

    def is_connected(self, arn, publisher):
        return self._publishers.get(arn) is publisher

    def encoder(self, arn):
        """The Publisher that is connected to the channel, or None."""
        return self._publishers.get(arn)
