"""Calls under /_sim/ on the plain HTTP port, for tests and for people: see README.md."""

import math

from . import sigv4
from .errors import GenericError, ServiceError
from .model import parse_json
from .operations import channel_view
from .wire import Reply

PREFIX = "/_sim/"
HEALTH = ("HEALTHY", "STARVING", "UNKNOWN")


class Wrong(Exception):
    """The control call makes no sense; the text says why."""


def member(body, name, kinds, wanted):
    value = body.get(name)
    if value is not None and (not isinstance(value, kinds)
                              or isinstance(value, bool) and bool not in kinds):
        raise Wrong(f"{name} has to be {wanted}")
    return value


def state(service, _body):
    streams = service.streams
    return {
        "time": service.clock.iso8601(),
        "clockSkew": service.clock.skew,
        "channelQuota": service.channel_quota,
        "channels": [service.model.pick(c.value, "ChannelSummary")
                     for c in service.store.of_kind("channel")],
        "streamKeys": len(service.store.of_kind("stream-key")),
        "live": [{"channelArn": arn, "streamId": s.stream_id, "health": s.shown_health(),
                  "viewerCount": s.viewers} for arn, s in streams.all_live()],
        "metadataAccepted": len(streams.metadata),
    }


def live(service, body):
    """A member that is absent leaves things as they are; health null undoes a forced health."""
    arn = member(body, "channelArn", (str,), "an ARN")
    wanted = member(body, "live", (bool,), "true or false")
    health = member(body, "health", (str,), "a health")
    viewers = member(body, "viewerCount", (int,), "a whole number")
    if health is not None and health not in HEALTH:
        raise Wrong(f"health has to be one of {', '.join(HEALTH)}")
    channel = service.store.find("channel", arn)
    if wanted is True:
        service.streams.begin(channel_view(channel))
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
    channels = member(body, "channels", (int,), "a whole number")
    if channels is None or channels < 0:
        raise Wrong("channels has to be a whole number")
    service.channel_quota = channels
    return {"channels": channels}


def requests(service, _body):
    return {"requests": service.journal.recent()}


def metadata(service, _body):
    return {"metadata": list(service.streams.metadata)}


def reset(service, _body):
    service.reset()
    service.journal.clear()
    return {}


CALLS = {
    ("GET", "state"): state,
    ("POST", "live"): live,
    ("POST", "clock"): clock,
    ("POST", "expire-token"): expire_token,
    ("POST", "quota"): quota,
    ("GET", "requests"): requests,
    ("GET", "metadata"): metadata,
    ("POST", "reset"): reset,
}


def answer(service, request):
    call = CALLS.get((request.method, request.path[len(PREFIX):]))
    if call is None:
        known = ", ".join(f"{method} {PREFIX}{name}" for method, name in CALLS)
        return Reply.of_json(404, {"error": f"no such control call; there are: {known}"})
    try:
        with service.lock:
            return Reply.of_json(200, call(service, parse_json(request.body)))
    except (Wrong, GenericError) as error:
        return Reply.of_json(400, {"error": str(error)})
    except ServiceError as error:
        return Reply.of_json(service.model.errors[error.code], {"error": error.message})
