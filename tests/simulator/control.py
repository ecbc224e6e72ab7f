"""Calls under /_sim/ on the plain HTTP port, for tests and for people: see README.md."""

import math
from urllib.parse import parse_qs

from . import console, control_credentials, fault_control, playback, sigv4
from .control_body import Wrong, member
from .errors import GenericError, ServiceError
from .model import parse_json
from .operations.streams import go_live
from .quotas import PUBLISHED
from .state import EVENT_TYPE, Refused
from .wire import Reply

PREFIX = "/_sim/"
PAGE = "/console"
HEALTH = ("HEALTHY", "STARVING", "UNKNOWN")
COUNTED = {
    "streamKeys": "stream-key", "recordingConfigurations": "recording-configuration",
    "playbackKeyPairs": "playback-key", "adConfigurations": "ad-configuration",
    "playbackRestrictionPolicies": "playback-restriction-policy",
}


def state(service, _body):
    streams = service.streams
    return {
        "time": service.clock.iso8601(),
        "clockSkew": service.clock.skew,
        "quotas": service.quotas.limits,
        "randomSeed": service.random.seed,
        "channels": [service.model.pick(c.value, "ChannelSummary")
                     for c in service.store.of_kind("channel")],
        **{name: len(service.store.of_kind(kind)) for name, kind in COUNTED.items()},
        "live": [{"channelArn": arn, "streamId": s.stream_id, "health": s.shown_health(),
                  "viewerCount": s.viewers, "bitrate": bitrate(streams, arn)}
                 for arn, s in streams.all_live()],
        "metadataAccepted": len(streams.metadata),
    }


def bitrate(streams, arn):
    """Bits a second that come from the channel's encoder now."""
    encoder = streams.encoder(arn)
    return encoder.rate() if encoder else 0


def drop(service, body):
    """The encoder's connection breaks, as if by the network; its stream lives on for the hold."""
    arn = member(body, "channelArn", (str,), "an ARN")
    service.store.find("channel", arn)
    encoder = service.streams.encoder(arn)
    if encoder is None:
        raise Wrong("no encoder is connected to the channel")
    encoder.drop()
    return {"channelArn": arn}


def live(service, body):
    """A member that is absent leaves things as they are; health null undoes a forced health."""
    arn = member(body, "channelArn", (str,), "an ARN")
    wanted = member(body, "live", (bool,), "true or false")
    health = member(body, "health", (str,), "a health")
    viewers = member(body, "viewerCount", (int,), "a whole number")
    if health is not None and health not in HEALTH:
        raise Wrong(f"health has to be one of {', '.join(HEALTH)}")
    service.store.find("channel", arn)
    if wanted is True:
        go_live(service, arn)
    elif wanted is False:
        service.streams.stop(arn)
    session = service.streams.live(arn)
    if session is None:
        if health is not None or viewers is not None:
            raise Wrong("the channel is not live, so it has no health and no viewers")
        return {"channelArn": arn, "live": False}
    if "health" in body:
        session.forced_health = health or ""
    if viewers is not None:
        session.viewers = viewers
    return {"channelArn": arn, "live": True, "streamId": session.stream_id,
            "health": session.shown_health(), "viewerCount": session.viewers}


def clock(service, body):
    skew = member(body, "skew", (int, float), "a number of seconds")
    if skew is None or not math.isfinite(skew) or abs(skew) > 50 * 365 * 86400:
        raise Wrong("skew has to be a number of seconds")
    service.clock.skew = float(skew)
    return {"skew": service.clock.skew, "time": service.clock.iso8601()}


def expire_token(service, body):
    """The session token in use expires; new credentials can take over at the same time."""
    if not any(c.session_token for c in service.credentials):
        raise Wrong("no session token is in use: start the simulator with --session-token")
    fresh = member(body, "sessionToken", (str,), "a token")
    access_key = member(body, "accessKeyId", (str,), "a key id")
    secret_key = member(body, "secretAccessKey", (str,), "a key")
    for credential in service.credentials:
        credential.expired = True
    if fresh:
        last = service.credentials[-1]
        service.add_credential(sigv4.Credential(access_key or last.access_key,
                                                secret_key or last.secret_key, fresh))
    return {"expired": True, "replaced": bool(fresh)}


def quota(service, body):
    """Null lifts a quota; one that is absent stays as it is."""
    for name in body:
        if name not in PUBLISHED:
            raise Wrong(f"there is no quota {name}; there are: {', '.join(PUBLISHED)}")
        if (member(body, name, (int,), "a whole number or null") or 0) < 0:
            raise Wrong(f"{name} has to be a whole number or null")
    service.quotas.limits.update(body)
    return service.quotas.limits


def event(service, body):
    """Adds an event to the newest stream session of a channel."""
    arn = member(body, "channelArn", (str,), "an ARN")
    name = member(body, "name", (str,), "the name of an event")
    kind = member(body, "type", (str,), "the type of an event") or EVENT_TYPE
    code = member(body, "code", (str,), "the code of an event") or ""
    service.store.find("channel", arn)
    if not name:
        raise Wrong("name has to be the name of an event")
    sessions = service.streams.sessions(arn)
    if not sessions:
        raise Wrong("the channel has had no stream yet")
    sessions[0].note(name, kind, service.clock.iso8601(), code)
    return {"streamId": sessions[0].stream_id, **sessions[0].events[0]}


def random(service, body):
    """Switches random mode; without a seed a new one is chosen, and told."""
    on = member(body, "on", (bool,), "true or false")
    seed = member(body, "seed", (int,), "a whole number")
    if on is None:
        raise Wrong("on has to be true or false")
    service.random.switch(on, seed)
    return {"on": on, "seed": service.random.seed}


def requests(service, _body):
    return {"requests": service.journal.recent()}


def metadata(service, _body):
    return {"metadata": list(service.streams.metadata)}


def ad_breaks(service, _body):
    return {"adBreaks": list(service.streams.ad_breaks)}


def revocations(service, _body):
    return {"revocations": list(service.revocations)}


def reset(service, _body):
    service.reset()
    service.journal.clear()
    return {}


CALLS = {
    ("GET", "state"): state,
    ("POST", "live"): live,
    ("POST", "drop"): drop,
    ("POST", "clock"): clock,
    ("POST", "expire-token"): expire_token,
    ("POST", "quota"): quota,
    ("GET", "requests"): requests,
    ("GET", "metadata"): metadata,
    ("GET", "ad-breaks"): ad_breaks,
    ("GET", "revocations"): revocations,
    ("POST", "event"): event,
    ("POST", "random"): random,
    ("POST", "reset"): reset,
    **control_credentials.CALLS,
    **fault_control.CALLS,
}


def expected_answer(service, query):
    """GET /_sim/answer: the body is the expected value itself, its headers say which it is."""
    wanted = {name: values[-1] for name, values in parse_qs(query).items()}
    number = wanted.get("number", "0")
    if set(wanted) - {"request-id", "number"} or not number.isdecimal():
        return Reply.of_json(400, {"error": "ask by request-id=ID, by number=N, or for the last"})
    found = service.random.expected(wanted.get("request-id"), int(number) or None)
    if found is None:
        return Reply.of_json(404, {"error": "no such random answer, or no longer kept"})
    return Reply.of_text(200, found[2], [("X-Sim-Number", str(found[0])),
                                         ("X-Sim-Operation", found[1])])


def ingest_verdict(service, request):
    """nginx asks whether an encoder may publish, and under which name; not for anybody else."""
    fields = {name: values[0] for name, values in parse_qs(request.body.decode("latin-1")).items()}
    try:
        name = service.ingest.callback(fields)
    except Refused:
        return Reply(403)
    return Reply(302, headers=[("Location", name)]) if name else Reply(200)


def answer(service, request):
    if request.path == PAGE:
        return console.page(request.method)
    name = request.path[len(PREFIX):]
    if service.ingest_callback and name == service.ingest_callback:
        with service.lock:
            return ingest_verdict(service, request)
    if request.method == "GET" and name.startswith(playback.PREFIX):
        with service.lock:
            return playback.answer(service, name)
    if (request.method, name) == ("GET", "console"):
        with service.lock:
            return console.data(service, request.query)
    if (request.method, name) == ("GET", "answer"):
        with service.lock:
            return expected_answer(service, request.query)
    call = CALLS.get((request.method, name))
    if call is None:
        calls = [*CALLS, ("GET", "answer"), ("GET", "console")]
        known = ", ".join(f"{method} {PREFIX}{call_name}" for method, call_name in calls)
        return Reply.of_json(404, {"error": f"no such control call; there are: {known}"})
    try:
        with service.lock:
            return Reply.of_json(200, call(service, parse_json(request.body)))
    except (Wrong, GenericError) as error:
        return Reply.of_json(400, {"error": str(error)})
    except ServiceError as error:
        return Reply.of_json(service.model.errors[error.code], {"error": error.message})
