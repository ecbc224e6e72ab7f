"""What the tests of the ingest share: ffmpeg as encoder, ffprobe as viewer, a simulator with nginx.

They need what `make ingest-test` installs; where it is missing they fail, and say so.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "simulator_test"))

import support  # noqa: E402
from support import ROOT, Running, wait_for  # noqa: E402

support.DEADLINE = PATIENCE = 60.0  # encoders, and browsers even more, take their time to start

VIDEO = "testsrc2=size={width}x{height}:rate=30"
AUDIO = "sine=frequency=440:sample_rate=44100"
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p",
        "-profile:v", "baseline", "-g", "30", "-b:v", "300k"]
AAC = ["-c:a", "aac", "-b:a", "64k"]


def program(name):
    path = f"/usr/bin/{name}"
    if not shutil.which(path):
        raise SystemExit(f"{path} is missing: scripts/require ingest")
    return path


FFMPEG, FFPROBE = program("ffmpeg"), program("ffprobe")


def encode(url, width=320, height=180, video=True, form="flv", seconds=None):
    """The arguments of ffmpeg that send a test pattern and a tone to `url`, at their own speed."""
    arguments = [FFMPEG, "-hide_banner", "-nostdin", "-loglevel", "error"]
    if video:
        arguments += ["-re", "-f", "lavfi", "-i", VIDEO.format(width=width, height=height)]
    arguments += ["-re", "-f", "lavfi", "-i", AUDIO]
    arguments += [*(H264 if video else []), *AAC]
    return arguments + (["-t", str(seconds)] if seconds else []) + ["-f", form, url]


def probe(source):
    """The streams that ffprobe finds, by codec type, and the format."""
    done = subprocess.run([FFPROBE, "-v", "error", "-of", "json", "-show_streams", "-show_format",
                           source], check=True, capture_output=True, text=True, timeout=PATIENCE)
    found = json.loads(done.stdout)
    return {stream["codec_type"]: stream for stream in found["streams"]}, found["format"]


class Case(unittest.TestCase):
    """One simulator with nginx for the class; each test has a channel of its own, by name."""

    settings = {"start_delay": 0.1, "hold": 2.0, "starve_after": 3.0}

    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory(prefix="ivs-ingest-test-")
        cls.addClassCleanup(cls.kept.cleanup)
        cls.running = Running(ingest=True, record=cls.kept.name, **cls.settings)
        cls.addClassCleanup(cls.running.stop)

    def setUp(self):
        self.running.control("reset", {})
        self.channel()

    def channel(self, **members):
        made = self.post("CreateChannel", {"name": "ingest-test", **members})
        self.arn, self.key = made["channel"]["arn"], made["streamKey"]["value"]
        self.endpoint = made["channel"]["ingestEndpoint"]
        self.playback = made["channel"]["playbackUrl"]

    def post(self, operation, body):
        return self.running.post(operation, body)[2]

    def encoder(self, query="", scheme="rtmps", key=None, **how):
        """A running ffmpeg."""
        url = f"{scheme}://{self.endpoint}/app/{key or self.key}{query}"
        child = subprocess.Popen(encode(url, **how), stderr=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL, text=True)
        self.addCleanup(self.end, child)
        return child

    @staticmethod
    def end(child):
        child.kill()
        child.communicate()

    def refused(self, **how):
        """An ffmpeg that is turned away, and what the journal says about it."""
        child = self.encoder(**how)
        self.assertNotEqual(child.wait(PATIENCE), 0)
        return self.running.service.journal.recent()[-1]

    def stream(self):
        return (self.post("GetStream", {"channelArn": self.arn}) or {}).get("stream")

    def live(self):
        return wait_for(self.stream, "LIVE")

    def hold(self, seconds):
        """Until the end of the test, a stream outlives its connection by so long."""
        settings = self.running.service.settings
        self.addCleanup(setattr, settings, "hold", settings.hold)
        settings.hold = seconds

    def gone(self):
        return wait_for(lambda: self.running.service.streams.encoder(self.arn) is None,
                        "the encoder is gone")

    def offline(self):
        return wait_for(lambda: not self.stream(), "offline")

    def session(self):
        return self.post("GetStreamSession", {"channelArn": self.arn})["streamSession"]

    def events(self):
        return [(e["name"], e.get("code")) for e in reversed(self.session()["truncatedEvents"])]


__all__ = ["Case", "FFMPEG", "FFPROBE", "PATIENCE", "ROOT", "encode", "probe", "program",
           "wait_for"]
