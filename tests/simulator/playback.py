"""What viewers get of a stream that nginx receives: HLS, at the playbackUrl of its channel."""

import re

from .wire import Reply

PREFIX = "playback/"
PLAYLIST = "index.m3u8"
TYPES = {"m3u8": "application/vnd.apple.mpegurl", "ts": "video/mp2t"}
PATH = re.compile(r"playback/([A-Za-z0-9]+)/(index\.m3u8|[0-9]+\.ts)")


def url(service, arn):
    """Where a channel is to be watched, once it is live."""
    return f"{service.playback_base}{PREFIX}{arn.rpartition('/')[2]}/{PLAYLIST}"


def answer(service, path):
    """The Reply to a viewer who asks for `path`, without the prefix of the control calls."""
    found = PATH.fullmatch(path)
    data = found and read(service, *found.groups())
    if data is None:
        return Reply.of_json(404, {"error": "nothing to be seen here: is the channel live?"})
    return Reply(200, data, [("Content-Type", TYPES[path.rpartition(".")[2]]),
                             ("Cache-Control", "no-store")])


def read(service, label, file):
    """A file of nginx's, with the stream key taken out of it, or None."""
    for arn, session in service.streams.all_live():
        if arn.endswith(f"/{label}") and session.source and session.source.key:
            key = session.source.key
            if file != PLAYLIST:
                return service.nginx.hls(f"{key}-{file}")
            text = service.nginx.hls(f"{key}.m3u8")
            return text and text.replace(f"{key}-".encode(), b"")
    return None
