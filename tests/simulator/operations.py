"""What each operation does, registered by its name in the model.

An operation is a function of the service and the validated members of a request; it returns the
answer's members, or None where the model has no output. It runs with the service's lock held. An
operation of the model that is not registered here answers like one the service never heard of.
"""

from .errors import ServiceError, conflict, invalid
from .rates import METADATA_PER_CHANNEL
from .state import random_id

METADATA_BYTES = 1024
TAGS_MAX = 50
PRESET_TYPES = ("ADVANCED_SD", "ADVANCED_HD")
CHANNEL_FILTERS = {
    "filterByName": "name",
    "filterByRecordingConfigurationArn": "recordingConfigurationArn",
    "filterByPlaybackRestrictionPolicyArn": "playbackRestrictionPolicyArn",
    "filterByAdConfigurationArn": "adConfigurationArn",
}
LINKS = {
    "recordingConfigurationArn": "recording-configuration",
    "playbackRestrictionPolicyArn": "playback-restriction-policy",
    "adConfigurationArn": "ad-configuration",
}
REGISTERED = {}


def operation(function):
    """Registers create_channel as CreateChannel."""
    REGISTERED["".join(word.capitalize() for word in function.__name__.split("_"))] = function
    return function


# Channels

def channel_view(channel):
    """A channel as answers show it: the SRT passphrase only where ingest is encrypted."""
    value = channel.value
    if not value["insecureIngest"]:
        return value
    return {**value, "srt": {"endpoint": value["srt"]["endpoint"]}}


def check_channel(service, channel):
    """The rules between members, on the channel as it would be."""
    for member, kind in LINKS.items():
        if channel[member]:
            service.store.find(kind, channel[member])
    if channel["type"] not in PRESET_TYPES and channel["preset"]:
        raise invalid(f"preset cannot be set for a channel of type {channel['type']}")
    multitrack = channel.get("multitrackInputConfiguration", {})
    if multitrack.get("enabled"):
        for member in ("policy", "maximumResolution"):
            if not multitrack.get(member):
                raise invalid(f"multitrackInputConfiguration.{member} is required when enabled")
        if channel["type"] != "STANDARD" or channel["containerFormat"] != "FRAGMENTED_MP4":
            raise invalid("multitrack input needs type STANDARD and containerFormat FRAGMENTED_MP4")


def default_preset(kind):
    return "HIGHER_BANDWIDTH_DELIVERY" if kind in PRESET_TYPES else ""


def new_channel(service, request):
    """All members but the ARN-dependent ones."""
    label = random_id(12).lower()
    kind = request.get("type", "STANDARD")
    return {
        "name": "", "latencyMode": "LOW", "type": kind, "authorized": False, "tags": {},
        "recordingConfigurationArn": "", "insecureIngest": False, "preset": default_preset(kind),
        "playbackRestrictionPolicyArn": "", "containerFormat": "TS", "adConfigurationArn": "",
        "ingestEndpoint": service.ingest_endpoint,
        "srt": {"endpoint": f"{label}.srt.live-video.net", "passphrase": random_id(40)},
        **request,
    }


@operation
def create_channel(service, request):
    if len(service.store.of_kind("channel")) >= service.channel_quota:
        raise ServiceError("ServiceQuotaExceededException",
                           "The account has its full number of channels")
    value = new_channel(service, request)
    check_channel(service, value)
    channel = service.store.add("channel", value)
    channel.value["playbackUrl"] = service.playback_url(channel.value["arn"])
    return {"channel": channel_view(channel),
            "streamKey": add_stream_key(service, channel.value["arn"], {}).value}


@operation
def get_channel(service, request):
    return {"channel": channel_view(service.store.find("channel", request["arn"]))}


def batch_get(service, kind, arns, view):
    found, errors = [], []
    for arn in dict.fromkeys(arns):
        try:
            found.append(view(service.store.find(kind, arn)))
        except ServiceError as error:
            errors.append({"arn": arn, "code": error.code, "message": error.message})
    return found, errors


@operation
def batch_get_channel(service, request):
    channels, errors = batch_get(service, "channel", request["arns"], channel_view)
    return {"channels": channels, "errors": errors}


@operation
def list_channels(service, request):
    filters = {name: request[name] for name in CHANNEL_FILTERS if name in request}
    if len(filters) > 1:
        raise conflict(f"{' and '.join(filters)} cannot be used together")
    wanted = {CHANNEL_FILTERS[name]: value for name, value in filters.items()}
    items = [(c.serial, service.model.pick(c.value, "ChannelSummary"))
             for c in service.store.of_kind("channel", **wanted)]
    page, token = service.pager.cut(items, request, ["ListChannels", filters], 100)
    return {"channels": page, "nextToken": token}


@operation
def update_channel(service, request):
    channel = service.store.find("channel", request["arn"])
    service.streams.must_be_offline(request["arn"], "update")
    value = {**channel.value, **request}
    if value["type"] != channel.value["type"] and "preset" not in request:
        value["preset"] = default_preset(value["type"])
    check_channel(service, value)
    channel.value = value
    return {"channel": channel_view(channel)}


@operation
def delete_channel(service, request):
    channel = service.store.find("channel", request["arn"])
    service.streams.must_be_offline(request["arn"], "delete")
    for key in service.store.of_kind("stream-key", channelArn=request["arn"]):
        service.store.remove(key)
    service.store.remove(channel)
    service.streams.forget(request["arn"])


# Stream keys

def add_stream_key(service, channel_arn, tags):
    value = f"sk_{service.region}_{random_id(12)}_{random_id(30)}"
    return service.store.add("stream-key", {"value": value, "channelArn": channel_arn,
                                            "tags": tags})


@operation
def create_stream_key(service, request):
    arn = request["channelArn"]
    service.store.find("channel", arn)
    if service.store.of_kind("stream-key", channelArn=arn):
        raise ServiceError("ServiceQuotaExceededException",
                           "The channel has its one stream key: delete it first")
    return {"streamKey": add_stream_key(service, arn, request.get("tags", {})).value}


@operation
def get_stream_key(service, request):
    return {"streamKey": service.store.find("stream-key", request["arn"]).value}


@operation
def batch_get_stream_key(service, request):
    keys, errors = batch_get(service, "stream-key", request["arns"], lambda key: key.value)
    return {"streamKeys": keys, "errors": errors}


@operation
def list_stream_keys(service, request):
    arn = request["channelArn"]
    service.store.find("channel", arn)
    items = [(k.serial, service.model.pick(k.value, "StreamKeySummary"))
             for k in service.store.of_kind("stream-key", channelArn=arn)]
    page, token = service.pager.cut(items, request, ["ListStreamKeys", arn], 1)
    return {"streamKeys": page, "nextToken": token}


@operation
def delete_stream_key(service, request):
    service.store.remove(service.store.find("stream-key", request["arn"]))


# Streams

def stream_view(arn, session):
    return {"channelArn": arn, "streamId": session.stream_id, "state": "LIVE",
            "playbackUrl": session.channel["playbackUrl"], "startTime": session.start,
            "health": session.shown_health(), "viewerCount": session.viewers}


@operation
def get_stream(service, request):
    arn = request["channelArn"]
    service.store.find("channel", arn)
    return {"stream": stream_view(arn, service.streams.must_be_live(arn))}


@operation
def list_streams(service, request):
    health = request.get("filterBy", {}).get("health")
    items = [(session.serial, service.model.pick(stream_view(arn, session), "StreamSummary"))
             for arn, session in service.streams.all_live()
             if health in (None, session.shown_health())]
    page, token = service.pager.cut(items, request, ["ListStreams", health], 100)
    return {"streams": page, "nextToken": token}


@operation
def stop_stream(service, request):
    arn = request["channelArn"]
    service.store.find("channel", arn)
    service.streams.must_be_live(arn)
    service.streams.stop(arn)
    return {}


@operation
def list_stream_sessions(service, request):
    arn = request["channelArn"]
    service.store.find("channel", arn)
    items = [(s.serial, {"streamId": s.stream_id, "startTime": s.start, "endTime": s.end or None,
                         "hasErrorEvent": False})
             for s in service.streams.sessions(arn)]
    page, token = service.pager.cut(items, request, ["ListStreamSessions", arn], 100)
    return {"streamSessions": page, "nextToken": token}


@operation
def get_stream_session(service, request):
    arn, wanted = request["channelArn"], request.get("streamId")
    service.store.find("channel", arn)
    for session in service.streams.sessions(arn):
        if wanted in (None, session.stream_id):
            return {"streamSession": session_view(session)}
    missing = f"stream {wanted}" if wanted else "a stream session"
    raise ServiceError("ResourceNotFoundException", f"Resource: {missing} of {arn} not found")


def session_view(session):
    view = {"streamId": session.stream_id, "startTime": session.start,
            "endTime": session.end or None, "channel": session.channel,
            "truncatedEvents": list(session.events)}
    if session.ingest:
        video, audio = session.ingest["video"], session.ingest["audio"]
        view["ingestConfiguration"] = {"video": video, "audio": audio}
        view["ingestConfigurations"] = {"videoConfigurations": [{**video, "track": "Track0"}],
                                        "audioConfigurations": [{**audio, "track": "Track0"}]}
    return view


@operation
def put_metadata(service, request):
    arn, text = request["channelArn"], request["metadata"]
    if len(text.encode("utf-8")) > METADATA_BYTES:
        raise invalid("Value at 'metadata' failed to satisfy constraint: "
                      f"Member must have at most {METADATA_BYTES} bytes")
    service.store.find("channel", arn)
    session = service.streams.must_be_live(arn)
    if service.settings.metadata_limit:
        service.limiter.take(("metadata", arn), METADATA_PER_CHANNEL)
    service.streams.metadata.append({"channelArn": arn, "streamId": session.stream_id,
                                     "metadata": text, "time": service.clock.iso8601()})


# Tags

@operation
def tag_resource(service, request):
    resource = service.store.find(None, request["resourceArn"])
    tags = {**resource.value["tags"], **request["tags"]}
    if len(tags) > TAGS_MAX:
        raise invalid(f"A resource can have at most {TAGS_MAX} tags")
    resource.value = {**resource.value, "tags": tags}
    return {}


@operation
def untag_resource(service, request):
    resource = service.store.find(None, request["resourceArn"])
    tags = {k: v for k, v in resource.value["tags"].items() if k not in request["tagKeys"]}
    resource.value = {**resource.value, "tags": tags}
    return {}


@operation
def list_tags_for_resource(service, request):
    return {"tags": service.store.find(None, request["resourceArn"]).value["tags"]}
