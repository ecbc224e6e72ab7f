"""The page for people at /console, and the data that it asks for: GET /_sim/console?after=N."""

import base64
import hashlib
import re
from pathlib import Path
from urllib.parse import parse_qs

from .wire import Reply

PAGE = Path(__file__).with_name("console.html")
CHANNELS, SESSIONS, EVENTS, METADATA, REQUESTS = 100, 4, 40, 200, 200  # at most, of each
ANSWERS = ("", "ChannelNotBroadcasting")  # codes that refuse nothing, as in the page
INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


def page(method):
    """No source but the page itself may run in it, whatever it is made to show."""
    if method not in ("GET", "HEAD"):
        return Reply.of_json(405, {"error": "GET only"}, [("Allow", "GET, HEAD")])
    text = PAGE.read_text(encoding="utf-8")
    hashes = {kind: base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
              for kind, body in INLINE.findall(text)}
    policy = (f"default-src 'none'; script-src 'sha256-{hashes['script']}'; "
              f"style-src 'sha256-{hashes['style']}'; connect-src 'self'; img-src data:; "
              "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
    return Reply(200, text.encode("utf-8"), [
        ("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")])


def data(service, query):
    """`after` is the number of the last request that the page has."""
    after = parse_qs(query).get("after", ["0"])[-1]
    if not re.fullmatch(r"[0-9]{1,15}", after):
        return Reply.of_json(400, {"error": "after has to be the number of a request"})
    entries = service.journal.recent()
    channels = [channel(service, c.value) for c in service.store.of_kind("channel")]
    channels.sort(key=lambda c: not c["live"])
    return Reply.of_json(200, {
        "time": service.clock.iso8601(),
        "region": service.region,
        "account": service.settings.account,
        "ingest": "nginx" if service.nginx else "stand-in",
        "clockSkew": service.clock.skew,
        "randomSeed": service.random.seed,
        "channelCount": len(channels),
        "liveCount": sum(c["live"] for c in channels),
        "metadataCount": len(service.streams.metadata),
        "requestCount": entries[-1]["number"] if entries else 0,
        "refusedCount": sum(e["code"] not in ANSWERS for e in entries),
        "channels": channels[:CHANNELS],
        "metadata": list(service.streams.metadata)[-METADATA:],
        "requests": [request(e) for e in entries if e["number"] > int(after)][-REQUESTS:],
    })


def channel(service, value):
    sessions = service.streams.sessions(value["arn"])
    encoder = service.streams.encoder(value["arn"])
    live = sessions[0] if sessions and not sessions[0].end else None
    return {
        **{name: value[name] for name in ("arn", "name", "type", "latencyMode", "authorized",
                                          "insecureIngest", "playbackUrl")},
        "recorded": bool(value["recordingConfigurationArn"]),
        "live": live is not None,
        "health": live.shown_health() if live else "",
        "viewers": live.viewers if live else 0,
        "connected": encoder is not None,
        "bitrate": encoder.rate() if encoder else 0,
        "ingest": live.ingest if live else {},
        "sessions": [session(s) for s in sessions[:SESSIONS]],
    }


def session(past):
    """Its events are newest first."""
    return {"streamId": past.stream_id, "start": past.start, "end": past.end,
            "events": list(past.events)[:EVENTS]}


def request(entry):
    return {name: entry[name] for name in ("number", "time", "end", "method", "path", "operation",
                                           "status", "code", "why")}
