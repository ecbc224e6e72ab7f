"""Channels."""

from ..errors import conflict, invalid
from ..state import random_id
from .common import batch_get, list_page, new_resource, operation
from .stream_keys import add_stream_key

PRESET_TYPES = ("ADVANCED_SD", "ADVANCED_HD")
FILTERS = {
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
    if channel["adConfigurationArn"] and channel["containerFormat"] == "FRAGMENTED_MP4":
        raise invalid("adConfigurationArn cannot be set with containerFormat FRAGMENTED_MP4")
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
        "srt": {"endpoint": service.settings.srt_host or f"{label}.srt.live-video.net",
                "passphrase": random_id(40)},
        **request,
    }


@operation
def create_channel(service, request):
    value = new_channel(service, request)
    check_channel(service, value)
    channel = new_resource(service, "channel", "channels", value)
    channel.value["playbackUrl"] = service.playback_url(channel.value["arn"])
    return {"channel": channel_view(channel),
            "streamKey": add_stream_key(service, channel.value["arn"], {}).value}


@operation
def get_channel(service, request):
    return {"channel": channel_view(service.store.find("channel", request["arn"]))}


@operation
def batch_get_channel(service, request):
    channels, errors = batch_get(service, "channel", request["arns"], channel_view)
    return {"channels": channels, "errors": errors}


@operation
def list_channels(service, request):
    filters = {name: request[name] for name in FILTERS if name in request}
    if len(filters) > 1:
        raise conflict(f"{' and '.join(filters)} cannot be used together")
    wanted = {FILTERS[name]: value for name, value in filters.items()}
    return list_page(service, request, "ListChannels", service.store.of_kind("channel", **wanted),
                     100, scope=filters)


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
