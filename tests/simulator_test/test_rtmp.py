"""What the ingest makes of RTMP before nginx does: the metadata in its bytes, and the words."""

import os
import random
import struct
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent))

from support import versions  # noqa: E402

from simulator import nginx  # noqa: E402
from simulator.journal import Journal  # noqa: E402
from simulator.rtmp import describe  # noqa: E402
from simulator.rtmp_messages import HANDSHAKE, LIMIT, MetadataReader  # noqa: E402
from simulator.server import Simulator  # noqa: E402
from simulator.settings import Settings  # noqa: E402

SEED = int(os.environ.get("IVS_SEED") or random.randrange(1 << 32))
GREETING = b"\x03" + bytes(HANDSHAKE - 1)
SAID = {"width": 1280.0, "videodatarate": 2500.0, "encoder": "Lavf59.27.100", "stereo": False}


def text(value):
    return struct.pack(">H", len(value)) + value.encode()


def amf(value):
    if value is None:
        return b"\x05"
    if isinstance(value, bool):
        return b"\x01" + bytes([value])
    if isinstance(value, float):
        return b"\x00" + struct.pack(">d", value)
    if isinstance(value, str):
        return b"\x02" + text(value)
    if isinstance(value, list):
        return b"\x0a" + struct.pack(">I", len(value)) + b"".join(map(amf, value))
    members = b"".join(text(name) + amf(item) for name, item in value.items())
    return b"\x08" + struct.pack(">I", len(value)) + members + b"\x00\x00\x09"


def message(kind, payload, chunk=128, stream=4, extended=False):
    """One message in chunks: the first with a whole header, the rest with none."""
    stamp = b"\xff\xff\xff" if extended else b"\x00\x00\x00"
    extra = b"\x01\x00\x00\x00" if extended else b""
    number = bytes([stream]) if stream < 64 else b"\x00" + bytes([stream - 64])
    follow = bytes([number[0] | 0xC0]) + number[1:] + extra
    head = number + stamp + struct.pack(">I", len(payload))[1:] + bytes([kind]) + bytes(4) + extra
    pieces = [payload[i:i + chunk] for i in range(0, len(payload), chunk)]
    return head + follow.join(pieces)


def metadata(said=None, set_frame=True, kind=18):
    words = [amf("@setDataFrame")] if set_frame else []
    body = b"".join([*words, amf("onMetaData"), amf(SAID if said is None else said)])
    return (b"\x00" if kind == 15 else b"") + body


def read(*parts):
    reader = MetadataReader()
    for part in parts:
        reader.take(part)
    return reader.values


class Metadata(unittest.TestCase):
    stream = GREETING + message(20, bytes(300)) + message(18, metadata())

    def test_every_split(self):
        for cut in [*range(HANDSHAKE - 2, len(self.stream)), 1]:
            self.assertEqual(read(self.stream[:cut], self.stream[cut:]), SAID)
        self.assertEqual(read(*(bytes([byte]) for byte in self.stream)), SAID)

    def test_every_truncation(self):
        for end in range(HANDSHAKE - 2, len(self.stream)):
            self.assertEqual(read(self.stream[:end]), {})

    def test_every_form(self):
        for data in (message(18, metadata(set_frame=False)), message(15, metadata(kind=15)),
                     message(18, metadata(), stream=70), message(18, metadata(), extended=True),
                     message(1, struct.pack(">I", 20)) + message(18, metadata(), chunk=20)):
            self.assertEqual(read(GREETING + data), SAID)

    def test_every_type(self):
        said = {"none": None, "yes": True, "list": [1.0, ["x"]], "inner": {"a": {"b": 2.0}}}
        self.assertEqual(read(GREETING + message(18, metadata(said))), said)

    def test_nonsense(self):
        deep = b"\x0a\x00\x00\x00\x01" * 40 + b"\x05"
        shrunk = message(20, bytes(300))[:12 + 128] + message(20, bytes(5))
        for data in (b"\xc4", b"\x84" + bytes(3), message(1, bytes(4)) + message(18, metadata()),
                     message(18, amf("onMetaData") + b"\x63"), message(18, metadata()[:-20]),
                     message(18, amf("onMetaData") + deep), bytes(2 * LIMIT), shrunk):
            self.assertEqual(read(GREETING + data), {})

    def test_random_bytes(self):
        rng = random.Random(SEED)
        for _ in range(300):
            data = bytearray(self.stream[HANDSHAKE:])
            for _ in range(rng.randrange(1, 12)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            self.assertIsInstance(read(GREETING, bytes(data)), dict)
            self.assertIsInstance(read(GREETING, rng.randbytes(2000)), dict)


class Words(unittest.TestCase):
    def test_ingest_configuration(self):
        video = {"width": "1920", "height": "1080", "frame_rate": "60", "codec": "H264",
                 "profile": "High", "compat": "0", "level": "4.2"}
        audio = {"codec": "AAC", "profile": "LC", "channels": "2", "sample_rate": "48000"}
        said = {"videodatarate": 8000.0, "audiodatarate": 160.0, "encoder": "obs",
                "framerate": 60.0}
        self.assertEqual(describe(video, audio, said), {
            "video": {"codec": "avc1.64002A", "avcProfile": "High", "avcLevel": "4.2",
                      "profile": "High", "level": "4.2", "encoder": "obs", "videoWidth": 1920,
                      "videoHeight": 1080, "targetFramerate": 60, "targetBitrate": 8_000_000},
            "audio": {"codec": "mp4a.40.2", "channels": 2, "sampleRate": 48000,
                      "targetBitrate": 160_000}})

    def test_an_encoder_that_says_nothing(self):
        video = {"width": "640", "height": "360", "codec": "H264", "level": "3.0"}
        for said in ({}, {"videodatarate": "x", "framerate": float("nan"), "encoder": None},
                     {"videodatarate": float("inf"), "audiodatarate": -5.0}):
            shown = describe(video, {}, said)
            self.assertEqual((shown["video"]["encoder"], shown["audio"]), ("unknown", {}))
            self.assertNotIn("targetBitrate", shown["video"])

    def test_without_nginx(self):
        with tempfile.TemporaryDirectory() as folder, \
                mock.patch.object(nginx, "ROOTS", (Path(folder),)):
            with self.assertRaisesRegex(nginx.IngestError, "scripts/require --unpack"):
                Simulator(Settings(ingest=True), Journal(), folder)

    def test_record_needs_a_folder(self):
        with tempfile.NamedTemporaryFile() as file:
            with self.assertRaisesRegex(nginx.IngestError, "cannot record in"):
                nginx.make_folder(f"{file.name}/x")


if __name__ == "__main__":
    versions("python", "openssl")
    print(f"IVS_SEED={SEED}", flush=True)
    unittest.main()
