"""RTMP between an encoder and nginx. TLS has ended here already; nginx looks at the media.

nginx asks by a callback whether an encoder may publish. It knows each connection by an address of
127.0.0.0/8 that the PROXY protocol tells it.
"""

import itertools
import threading
import time

from .proxy import Tunnel
from .rtmp_messages import MetadataReader
from .sockets import shut

FIRST_BYTE = b"\x03"  # of every RTMP connection: the version
SOUND_TIMEOUT = 2.0  # seconds to wait for sound that was announced
NUMBER_MAX, TEXT_MAX = 2**31 - 1, 128  # of what an encoder says
PROFILES = {"Baseline": 0x42, "Main": 0x4D, "Extended": 0x58, "High": 0x64}


class Feed:
    """Hands the count of bytes from the thread that moves them to the one that watches."""

    def __init__(self):
        self._changed = threading.Condition()
        self._count = 0
        self._ended = False

    def arrived(self, count):
        with self._changed:
            self._count += count
            self._changed.notify()

    def end(self):
        with self._changed:
            self._ended = True
            self._changed.notify()

    def wait(self, seconds):
        """As Publication.run wants it."""
        with self._changed:
            self._changed.wait_for(lambda: self._count or self._ended, seconds)
            count, self._count = self._count, 0
            return None if self._ended else count


class Relay(Tunnel):
    """One encoder's connection. It can publish, stop and publish again."""

    _names = itertools.count(1)

    def __init__(self, ingest, nginx, sock, number, plain):
        super().__init__(sock, nginx.connect())
        self._ingest = ingest
        self._nginx = nginx
        self._plain = plain
        self._feed = None
        self._metadata = MetadataReader()
        self.address = f"127.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def run(self, first):
        """Until either side ends it; `first` was read from the encoder already."""
        try:
            self._target.sendall(f"PROXY TCP4 {self.address} 127.0.0.1 1 1\r\n".encode() + first)
            self._metadata.take(first)
            super().run()
        except OSError:  # one of them went away amid a write
            pass
        finally:
            self.unpublish()
            shut(self._target)
            self._target.close()

    def publish(self, key, priority):
        """The name under which nginx is to keep the stream; raises Refused."""
        self.unpublish()
        feed, begun = Feed(), time.monotonic()
        publication = self._ingest.start(self._drop, key, priority, self._plain,
                                         learn=lambda: self._learn(encoder.name, begun))
        encoder = publication.publisher
        encoder.key, encoder.name = key, f"{publication.arn.rpartition('/')[2]}-{next(self._names)}"
        self._feed = feed
        threading.Thread(target=publication.run, args=(feed.wait,), daemon=True).start()
        return encoder.name

    def unpublish(self):
        if self._feed is not None:
            self._feed.end()
            self._feed = None

    def _drop(self):
        shut(self._client)

    def _pass_on(self, source, data):
        if source is self._client:
            self._metadata.take(data)
            feed = self._feed
            if feed is not None:
                feed.arrived(len(data))
        return super()._pass_on(source, data)

    def _half_close(self, source):
        """An RTMP connection has no use for one direction alone."""
        self._reading.clear()

    def _learn(self, name, begun):
        """(ingest configuration, media) once nginx has seen H.264 video, and the sound if any.

        Their parameters come in messages of their own, after the metadata that announces them.
        """
        seen = self._nginx.stream(name)
        if not seen or seen.video.get("codec") != "H264" or not seen.video.get("level"):
            return None
        said = self._metadata.values
        silent = said.get("audiocodecid") and not seen.audio.get("sample_rate")
        if silent and time.monotonic() < begun + SOUND_TIMEOUT:
            return None
        ingest = describe(seen.video, seen.audio, said)
        video = ingest["video"]
        return ingest, ("H264", video.get("videoWidth"), video.get("videoHeight"))


def whole(value, unit=1):
    """A number of RTMP metadata or of nginx's as an integer, or 0."""
    try:
        return min(max(round(float(value) * unit), 0), NUMBER_MAX)
    except (TypeError, ValueError, OverflowError):
        return 0


def describe(video, audio, said):
    """An ingest configuration: what nginx found in the media, and what the encoder said of it."""
    profile, level = video.get("profile", ""), video.get("level", "")
    name, encoder = profile.split(" ")[0], str(said.get("encoder") or "unknown")[:TEXT_MAX]
    kilo = 1024 if encoder.startswith("Lavf") else 1000  # ffmpeg's kilobits are larger
    idc, compat = PROFILES.get(name, 0), whole(video.get("compat"))
    codec = f"avc1.{idc:02X}{compat:02X}{round(float(level or 0) * 10):02X}"
    known = {"codec": codec, "avcProfile": profile, "avcLevel": level, "profile": profile,
             "level": level, "encoder": encoder,
             "videoWidth": whole(video.get("width")), "videoHeight": whole(video.get("height")),
             "targetFramerate": whole(said.get("framerate") or video.get("frame_rate")),
             "targetBitrate": whole(said.get("videodatarate"), kilo)}
    heard = {"codec": "mp4a.40.2" if audio.get("codec") == "AAC" else audio.get("codec", ""),
             "channels": whole(audio.get("channels")),
             "sampleRate": whole(audio.get("sample_rate")),
             "targetBitrate": whole(said.get("audiodatarate"), kilo)}
    return {"video": {k: v for k, v in known.items() if v},
            "audio": {k: v for k, v in heard.items() if v}}
