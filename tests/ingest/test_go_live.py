"""`ivs go-live` with ffmpeg over RTMPS, against the simulator with nginx.

And the SRT URL, with ffmpeg at both ends.
"""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from encoder import FFMPEG, PATIENCE, ROOT, Case, encode, probe, wait_for  # noqa: E402
from support import clean_environment, output  # noqa: E402

BUILD = Path(os.environ.get("IVS_BUILD", ROOT / "build"))
IVS = os.environ.get("IVS_PROGRAM") or str(BUILD / "ivs")
ENCODER = encode("{server}", width=640, height=360)
ENCODER[-3:-3] = ["-fpre", "{fpre}"]  # before -f flv {server}: where ffmpeg finds the stream key


class Output:
    """The lines of a program as they come."""

    def __init__(self, stream):
        self._stream = stream
        self.text = ""

    def wait(self, pattern):
        """The next match from here on; every line before it is passed over."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            line = self._stream.readline()
            self.text += line
            found = re.search(pattern, line)
            if found:
                return found
            if not line:
                break
        raise AssertionError(f"no line with {pattern} in: {self.text}")


class GoLive(Case):
    settings = {"start_delay": 0.1, "hold": 60.0}

    def start(self, *options):
        """A running `ivs go-live`, to be ended by a signal."""
        child = subprocess.Popen(
            [IVS, "go-live", self.arn, "--cues", *options, "--", *ENCODER], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=clean_environment(self.running.environment), start_new_session=True)
        self.addCleanup(self.end_group, child)
        return child, Output(child.stdout)

    @staticmethod
    def end_group(child):
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.communicate()

    def cue(self, child, text):
        child.stdin.write(text + "\n")
        child.stdin.flush()
        wait_for(lambda: text in self.metadata(), f"the metadata {text}")

    def metadata(self):
        return [m["metadata"] for m in self.running.control("metadata")["metadata"]]

    def finish(self, child, said, encoder, number=signal.SIGTERM):
        child.send_signal(number)
        rest = child.communicate(timeout=PATIENCE)[0]
        said.text += rest
        self.assertIn("Stopped the stream", rest, said.text)
        self.assertIsNone(self.stream())
        self.assertFalse(Path(f"/proc/{encoder}").exists(), "the encoder is still there")
        self.assertNotIn(self.key, said.text)
        return child.returncode

    def test_live_with_metadata_and_a_clean_end(self):
        log = Path(self.kept.name) / "encoder.log"
        child, said = self.start("--log", str(log))
        encoder = int(said.wait(r"Started encoder \S+ \(process (\d+)\)").group(1))
        said.wait(r"^LIVE after")
        self.assertEqual(self.stream()["state"], "LIVE")
        video = self.session()["ingestConfiguration"]["video"]
        self.assertEqual((video["videoWidth"], video["videoHeight"]), (640, 360))
        for number in range(4):
            self.cue(child, f'{{"scene":{number}}}')
            time.sleep(0.5)
        self.check_watch()
        arguments = Path(f"/proc/{encoder}/cmdline").read_text(encoding="utf-8")
        self.assertIn("testsrc2", arguments)
        self.assertNotIn(self.key, arguments)
        self.assertIn(self.finish(child, said, encoder), (0, 143))
        self.assertEqual(self.metadata(), [f'{{"scene":{n}}}' for n in range(4)])
        self.assertNotIn(self.key, log.read_text(encoding="utf-8"))
        (kept,) = Path(self.kept.name).glob(f"{self.arn.rpartition('/')[2]}-*.flv")
        streams, whole = probe(str(kept))
        video, audio = streams["video"], streams["audio"]
        self.assertEqual((video["codec_name"], video["width"], video["height"],
                          audio["codec_name"]), ("h264", 640, 360, "aac"))
        self.assertGreater(float(whole["duration"]), 1.9)

    def check_watch(self):
        text = output_of([IVS, "watch", self.arn, "--interval", "1", "--seconds", "1",
                          "--output", "json"], self.running)
        seen = json.loads(text.splitlines()[0])
        self.assertEqual((seen["state"], seen["health"], seen["video"]["videoHeight"],
                          seen["video"]["targetBitrate"]), ("LIVE", "HEALTHY", 360, 300_000))

    def test_kick_and_rotate_the_key(self):
        encoder = self.encoder()
        self.live()
        said = output_of([IVS, "kick", self.arn, "--rotate-key"], self.running)
        self.assertNotEqual(encoder.wait(PATIENCE), 0)
        self.assertEqual(self.refused()["why"], "unknown stream key")
        (url,) = re.findall(r"rtmps://\S+", said)
        again = subprocess.Popen(encode(url), stderr=subprocess.DEVNULL)
        self.addCleanup(again.wait)
        self.addCleanup(again.kill)
        self.live()

    def test_a_killed_encoder_is_started_again(self):
        child, said = self.start()
        encoder = int(said.wait(r"\(process (\d+)\)").group(1))
        said.wait(r"^LIVE after")
        before = self.stream()["streamId"]
        self.cue(child, "before")
        os.kill(encoder, signal.SIGKILL)
        said.wait(r"^The encoder ended \(.*Starting it again")
        encoder = int(said.wait(r"\(process (\d+)\)").group(1))
        said.wait(r"^LIVE again")
        self.assertNotEqual(self.stream()["streamId"], before)
        self.cue(child, "after")
        self.assertIn(self.finish(child, said, encoder, signal.SIGINT), (0, 130))
        self.assertEqual(self.metadata(), ["before", "after"])

    def test_a_broken_connection(self):
        child, said = self.start()
        said.wait(r"^LIVE after")
        self.running.control("drop", {"channelArn": self.arn})
        said.wait(r"^The encoder ended")
        encoder = int(said.wait(r"\(process (\d+)\)").group(1))
        said.wait(r"^LIVE again")
        self.cue(child, "after")
        self.finish(child, said, encoder)

    def test_a_broken_connection_taken_over(self):
        child, said = self.start("--takeover")
        said.wait(r"^LIVE after")
        stream = self.stream()["streamId"]
        self.running.control("drop", {"channelArn": self.arn})
        encoder = int(said.wait(r"\(process (\d+)\)").group(1))
        said.wait(r"^LIVE again")
        self.assertEqual(self.stream()["streamId"], stream)
        self.assertIn(("Stream Takeover", None), self.events())
        self.finish(child, said, encoder)


class Srt(Case):
    def setUp(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe_socket:
            probe_socket.bind(("127.0.0.1", 0))
            self.port = probe_socket.getsockname()[1]
        self.running.service.settings.srt_host = f"127.0.0.1:{self.port}"
        super().setUp()
        folder = tempfile.TemporaryDirectory(prefix="ivs-srt-test-")
        self.addCleanup(folder.cleanup)
        self.received = Path(folder.name) / "received.ts"

    def listen(self, passphrase):
        """An ffmpeg that waits for one SRT caller with that passphrase."""
        url = f"srt://127.0.0.1:{self.port}?mode=listener&passphrase={passphrase}"
        child = subprocess.Popen(
            [FFMPEG, "-hide_banner", "-nostdin", "-loglevel", "error", "-i", url, "-c", "copy",
             "-f", "mpegts", str(self.received)], stderr=subprocess.DEVNULL)
        self.addCleanup(self.end, child)
        wait_for(self.bound, "the listener listens")
        return child

    def bound(self):
        table = Path("/proc/net/udp").read_text(encoding="ascii")
        return f"0100007F:{self.port:04X} " in table

    @staticmethod
    def end(child):
        child.kill()
        child.wait()

    def url(self):
        return output_of([IVS, "ingest-url", self.arn, "--protocol", "srt"], self.running)

    def publish(self):
        return subprocess.run(encode(self.url(), form="mpegts", seconds=3), check=False,
                              capture_output=True, text=True, timeout=PATIENCE)

    def test_the_url_works(self):
        passphrase = self.post("GetChannel", {"arn": self.arn})["channel"]["srt"]["passphrase"]
        listener = self.listen(passphrase)
        done = self.publish()
        self.assertEqual(done.returncode, 0, done.stderr)
        listener.wait(PATIENCE)
        streams, whole = probe(str(self.received))
        self.assertEqual((streams["video"]["codec_name"], streams["video"]["width"],
                          streams["audio"]["codec_name"]), ("h264", 320, "aac"))
        self.assertGreater(float(whole["duration"]), 2.0)

    def test_another_passphrase_is_refused(self):
        self.listen("not-the-one-of-the-channel")
        self.assertNotEqual(self.publish().returncode, 0)
        self.assertFalse(self.received.exists() and self.received.stat().st_size)


def output_of(arguments, running):
    return subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=PATIENCE,
                          env=clean_environment(running.environment)).stdout.strip()


if __name__ == "__main__":
    print("versions:", output([FFMPEG, "-version"]).splitlines()[0], shlex.quote(IVS), flush=True)
    unittest.main()
