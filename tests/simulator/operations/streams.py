"""Streams, their sessions with events, and timed metadata."""

from ..errors import ServiceError, invalid
from ..rates import METADATA_PER_CHANNEL
from .channels import channel_view
from .common import list_page, operation
from .recording import recording_view

METADATA_BYTES = 1024


def go_live(service, arn, ingest=None):
    """The channel's stream begins; its session, or that of the stream it has already."""
    channel = service.store.find("channel", arn)
    recording = channel.value["recordingConfigurationArn"]
    if recording:
        recording = recording_view(service.store.find("recording-configuration", recording))
    return service.streams.begin(channel_view(channel), ingest, recording or None)


def stream_view(session):
    return {"channelArn": session.channel["arn"], "streamId": session.stream_id, "state": "LIVE",
            "playbackUrl": session.channel["playbackUrl"], "startTime": session.start,
            "health": session.shown_health(), "viewerCount": session.viewers}


@operation
def get_stream(service, request):
    arn = request["channelArn"]
    service.store.find("channel", arn)
    return {"stream": stream_view(service.streams.must_be_live(arn))}


@operation
def list_streams(service, request):
    health = request.get("filterBy", {}).get("health")
    sessions = [session for _, session in service.streams.all_live()
                if health in (None, session.shown_health())]
    return list_page(service, request, "ListStreams", sessions, 100, health, stream_view)


@operation
def stop_stream(service, request):
    arn = request["channelArn"]
    service.store.find("channel", arn)
    service.streams.must_be_live(arn)
    service.streams.stop(arn)
    return {}


def summary_view(session):
    return {"streamId": session.stream_id, "startTime": session.start,
            "endTime": session.end or None, "hasErrorEvent": session.has_error_event()}


@operation
def list_stream_sessions(service, request):
    arn = request["channelArn"]
    service.store.find("channel", arn)
    return list_page(service, request, "ListStreamSessions", service.streams.sessions(arn), 100,
                     arn, summary_view)


@operation
def get_stream_session(service, request):
    """Without a stream id: the newest."""
    arn, wanted = request["channelArn"], request.get("streamId")
    service.store.find("channel", arn)
    for session in service.streams.sessions(arn):
        if wanted in (None, session.stream_id):
            return {"streamSession": session_view(session)}
    missing = f"stream {wanted}" if wanted else "a stream session"
    raise ServiceError("ResourceNotFoundException", f"Resource: {missing} of {arn} not found")


def session_view(session):
    """The channel and the recording configuration are as they were when the stream began."""
    view = {"streamId": session.stream_id, "startTime": session.start,
            "endTime": session.end or None, "channel": session.channel,
            "recordingConfiguration": session.recording,
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
