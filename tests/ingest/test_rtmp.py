"""The simulator's ingest with nginx: ffmpeg publishes by RTMPS, ffprobe looks at what arrives."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent))

from encoder import FFMPEG, PATIENCE, Case, probe, wait_for  # noqa: E402
from support import IVS_SIM, PYTHON, Process, control, output  # noqa: E402


class Publish(Case):
    def test_what_is_received_is_reported_and_can_be_watched(self):
        encoder = self.encoder(width=640, height=360)
        stream = self.live()
        self.assertEqual((stream["state"], stream["health"]), ("LIVE", "HEALTHY"))
        self.assertEqual(stream["playbackUrl"], self.playback)
        session = self.session()
        video = session["ingestConfiguration"]["video"]
        self.assertRegex(video.pop("codec"), r"^avc1\.42[0-9A-F]{4}$")
        self.assertRegex(video.pop("encoder"), r"^Lavf[0-9.]+$")
        for member in ("level", "avcLevel"):
            self.assertRegex(video.pop(member), r"^[0-9](\.[0-9])?$")
        self.assertEqual(video, {"videoWidth": 640, "videoHeight": 360, "targetFramerate": 30,
                                 "targetBitrate": 300_000, "profile": "Baseline",
                                 "avcProfile": "Baseline"})
        audio = session["ingestConfiguration"]["audio"]
        self.assertEqual(audio, {"codec": "mp4a.40.2", "channels": 1, "sampleRate": 44100,
                                 "targetBitrate": 64_000})
        wait_for(lambda: self.running.control("state")["live"][0]["bitrate"] > 100_000, "a rate")
        wait_for(self.playlist, "a playlist")
        self.assertNotIn(self.key, self.playlist())
        self.check_media(probe(self.playback)[0])
        time.sleep(1)
        encoder.terminate()
        encoder.wait(PATIENCE)
        self.offline()
        self.assertEqual(self.playlist(), "")
        streams, whole = probe(str(next(Path(self.kept.name).glob(
            f"{self.arn.rpartition('/')[2]}-*.flv"))))
        self.check_media(streams)
        self.assertGreater(float(whole["duration"]), 2.0)
        self.assertNotIn(self.key, self.running.log_text())

    def playlist(self):
        done = subprocess.run(["curl", "-sf", self.playback], capture_output=True, text=True,
                              timeout=PATIENCE, check=False)
        return done.stdout

    def check_media(self, streams):
        video, audio = streams["video"], streams["audio"]
        self.assertEqual((video["codec_name"], video["width"], video["height"]),
                         ("h264", 640, 360))
        self.assertEqual((audio["codec_name"], audio["sample_rate"]), ("aac", "44100"))

    def test_who_is_refused(self):
        verdict = self.refused(key=self.key + "x")
        self.assertEqual((verdict["end"], verdict["status"], verdict["why"]),
                         ("ingest", 403, "unknown stream key"))
        self.hold(60)
        first = self.encoder()
        self.live()
        self.assertIn("another encoder", self.refused()["why"])
        self.assertIn("unencrypted", self.refused(scheme="rtmp")["why"])
        first.kill()
        self.gone()
        self.assertIn("still live", self.refused()["why"])
        self.assertNotIn(self.key, self.running.log_text())

    def test_plain_rtmp_where_the_channel_allows_it(self):
        self.channel(insecureIngest=True)
        self.encoder(scheme="rtmp")
        self.live()
        self.post("StopStream", {"channelArn": self.arn})
        self.encoder()
        self.live()

    def test_sound_alone_is_no_stream(self):
        self.encoder(video=False)
        wait_for(lambda: self.running.service.journal.recent()[-1]["end"] == "ingest", "accepted")
        time.sleep(1)
        self.assertIsNone(self.stream())


class Ends(Case):
    def test_a_killed_encoder_is_missed_after_the_hold(self):
        encoder = self.encoder()
        stream = self.live()
        encoder.kill()
        self.gone()
        self.assertEqual(self.stream()["streamId"], stream["streamId"])
        self.offline()
        self.encoder()
        self.assertNotEqual(self.live()["streamId"], stream["streamId"])

    def test_a_broken_connection_and_a_takeover_within_the_hold(self):
        self.hold(6)
        encoder = self.encoder()
        stream = self.live()
        self.running.control("drop", {"channelArn": self.arn})
        self.assertNotEqual(encoder.wait(PATIENCE), 0)
        self.assertEqual(self.stream()["streamId"], stream["streamId"])
        self.encoder("?priority=1")
        wait_for(lambda: ("Stream Takeover", None) in self.events(), "the takeover")
        time.sleep(6.2)
        self.assertEqual(self.stream()["streamId"], stream["streamId"])

    def test_takeover(self):
        first = self.encoder("?priority=3")
        stream = self.live()
        self.assertEqual(self.refused(query="?priority=3")["why"], "StreamTakeoverInvalidPriority")
        other = self.encoder("?priority=4", width=640, height=360)
        self.assertNotEqual(other.wait(PATIENCE), 0)
        self.assertIsNone(first.poll(), "an encoder with another resolution took over")
        self.encoder("?priority=5")
        self.assertNotEqual(first.wait(PATIENCE), 0)
        self.assertEqual(self.stream()["streamId"], stream["streamId"])
        self.assertEqual([e for e in self.events() if "Takeover" in e[0]], [
            ("Stream Takeover Failure", "StreamTakeoverInvalidPriority"),
            ("Stream Takeover Failure", "StreamTakeoverMediaMismatch"),
            ("Stream Takeover", None)])

    def test_stop_stream_cuts_off(self):
        encoder = self.encoder()
        self.live()
        self.post("StopStream", {"channelArn": self.arn})
        self.assertIsNone(self.stream())
        self.assertNotEqual(encoder.wait(PATIENCE), 0)

    def test_an_encoder_that_hangs_starves_the_stream(self):
        encoder = self.encoder()
        self.live()
        encoder.send_signal(signal.SIGSTOP)
        wait_for(lambda: self.stream()["health"] == "STARVING", "STARVING")
        encoder.send_signal(signal.SIGCONT)
        wait_for(lambda: self.stream()["health"] == "HEALTHY", "HEALTHY")
        self.assertEqual([name for name, _ in self.events()], [
            "Session Created", "Stream Start", "Starvation Start", "Starvation End"])


def process(number):
    """(name, state, parent's id), all empty when there is no such process."""
    try:
        text = Path(f"/proc/{number}/stat").read_text(encoding="ascii")
    except OSError:
        return "", "", "0"
    name, rest = text.split("(", 1)[1].rsplit(")", 1)
    return name, *rest.split()[:2]


class Program(unittest.TestCase):
    """scripts/ivs-sim --ingest, as a user starts it."""

    def nginx(self, simulator):
        """The process id of its nginx."""
        for folder in Path("/proc").glob("[0-9]*"):
            name, state, parent = process(folder.name)
            if name == "nginx" and int(parent) == simulator.child.pid and state != "Z":
                return folder.name
        return self.fail("it has no nginx")

    def test_it_leaves_no_nginx_behind(self):
        folder = tempfile.TemporaryDirectory(prefix="ivs-ingest-test-")
        self.addCleanup(folder.cleanup)  # a killed simulator leaves its files
        self.enterContext(mock.patch.dict(os.environ, TMPDIR=folder.name))
        for number in (signal.SIGTERM, signal.SIGKILL):
            simulator = Process("--ingest", "--quiet")
            self.addCleanup(simulator.stop)
            nginx = self.nginx(simulator)
            self.assertEqual(control(simulator.environment, "state")["live"], [])
            simulator.child.send_signal(number)
            simulator.child.wait(PATIENCE)
            wait_for(lambda: process(nginx)[1] in ("", "Z"), "nginx ends")

    def test_where_it_cannot_record(self):
        done = subprocess.run([PYTHON, str(IVS_SIM), "--record", "/dev/null/x"],
                              capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stderr),
                         (1, "ivs-sim: cannot record in /dev/null/x: Not a directory\n"))


if __name__ == "__main__":
    print("versions:", output([FFMPEG, "-version"]).splitlines()[0], f"uid {os.getuid()}",
          flush=True)
    unittest.main()
