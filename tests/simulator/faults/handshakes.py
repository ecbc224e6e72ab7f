"""Connections to the HTTPS port that go wrong before there is a request."""

from functools import partial

from ..transport import Ending, Pause
from .common import CONNECTION, any_text, choice, duration, fault, whole

CERTIFICATES = {"tls-expired": "expired", "tls-not-yet-valid": "not-yet-valid",
                "tls-wrong-host": "wrong-host", "tls-unknown-ca": "other-ca",
                "tls-self-signed": "self-signed"}
FATAL, HANDSHAKE_FAILURE = 2, 40
NOT_TLS = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def connection_fault(name, **parameters):
    return fault(name, CONNECTION, **parameters)


@connection_fault("stall-connect", seconds=duration())
def stall_connect(_c, seconds):
    yield Pause(seconds)


def end_connect(_c, ending):
    yield ending


def in_first_flight(c, *steps):
    """Takes the steps when half of the server's first handshake messages are out."""
    def tap(data):
        c.transport.tap = None
        return [data[:len(data) // 2], *steps, data[len(data) // 2:]]
    c.transport.tap = tap
    return ()


@connection_fault("stall-handshake", seconds=duration())
def stall_handshake(c, seconds):
    return in_first_flight(c, Pause(seconds))


def end_handshake(c, ending):
    return in_first_flight(c, ending)


for how in (Ending.RESET, Ending.CLOSE):
    connection_fault(f"{how.value}-connect")(partial(end_connect, ending=how))
    connection_fault(f"{how.value}-handshake")(partial(end_handshake, ending=how))


def all_but_the_last_record(data):
    starts, at = [0], 0
    while at + 5 <= len(data):
        starts.append(at)
        at += 5 + int.from_bytes(data[at + 3:at + 5], "big")
    return data[:starts[-1]]


@connection_fault("alert-handshake")
def alert_in_handshake(c):
    """All of the server's first messages but the last record, then an alert."""
    def tap(data):
        c.transport.tap = None
        return [all_but_the_last_record(data), Ending.ALERT]
    c.transport.tap = tap
    return ()


@connection_fault("alert-finished")
def alert_after_finished(c):
    """An alert when the client's Finished has come: in place of the server's own, or with TLS 1.3,
    where that came before, behind the tickets."""
    def second(data):
        return [data if c.transport.tls_version() == "TLSv1.3" else b"", Ending.ALERT]

    def first(data):
        c.transport.tap = second
        return [data]
    c.transport.tap = first
    return ()


@connection_fault("drip-wire", size=whole(1, 1, 65536), pause=duration(0))
def drip_wire(c, size, pause):
    """The bytes of TLS themselves, handshake and all, for as long as the connection lasts."""
    def tap(data):
        for start in range(0, len(data), size):
            yield data[start:start + size]
            if pause:
                yield Pause(pause)
    c.transport.tap = tap
    return ()


@connection_fault("tls-alert", description=whole(HANDSHAKE_FAILURE, 0, 255))
def alert(_c, description):
    yield bytes([21, 3, 3, 0, 2, FATAL, description])
    yield Ending.CLOSE


@connection_fault("tls-plain", text=any_text(NOT_TLS))
def plain(_c, text):
    yield text.encode()
    yield Ending.CLOSE


@connection_fault("tls-old", version=choice("1.1", "1.0"))
def old(c, version):
    """Nothing newer is spoken; a client that offers only newer ones gets an alert."""
    c.context = c.contexts.old(version)
    return ()


def certificate(c, kind):
    c.context = c.contexts.certificate(kind)
    return ()


for name, which in CERTIFICATES.items():
    connection_fault(name)(partial(certificate, kind=which))
