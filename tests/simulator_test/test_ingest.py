"""Going live: the ingest's protocol and the stand-in encoder."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import (DEADLINE, ENCODER, PYTHON, Running, clean_environment, versions,  # noqa: E402
                     wait_for)


def setUpModule():
    global running
    running = Running(start_delay=0.1, hold=0.3, starve_after=0.4)


def tearDownModule():
    running.stop()


class Base(unittest.TestCase):
    def setUp(self):
        running.control("reset", {})
        made = running.post("CreateChannel", {})[2]
        self.arn, self.key = made["channel"]["arn"], made["streamKey"]["value"]
        self.key_arn = made["streamKey"]["arn"]
        self.endpoint = made["channel"]["ingestEndpoint"]

    def stream(self):
        return running.post("GetStream", {"channelArn": self.arn})[2].get("stream")

    def live(self):
        return wait_for(self.stream, "LIVE")

    def offline(self):
        return wait_for(lambda: not self.stream(), "OFFLINE")

    def session(self):
        return running.post("GetStreamSession", {"channelArn": self.arn})[2]["streamSession"]


class Protocol(Base):
    def connect(self, line):
        """(connection, the ingest's answer)"""
        context = ssl.create_default_context(cafile=running.ca)
        host, port = self.endpoint.split(":")
        sock = context.wrap_socket(socket.create_connection((host, int(port)), DEADLINE),
                                   server_hostname=host)
        self.addCleanup(sock.close)
        sock.sendall(line.encode())
        answer = b""
        while not answer.endswith(b"\n"):
            answer += sock.recv(1) or b"\n"
        return sock, answer.decode().strip()

    def publish(self):
        sock, answer = self.connect(f"publish {self.key} width=640 height=360\n")
        self.assertEqual(answer, "ok")
        return sock

    def test_from_connection_to_the_end_of_the_hold(self):
        begun = time.monotonic()
        sock = self.publish()
        self.assertIsNone(self.stream())
        stream = self.live()
        self.assertGreaterEqual(time.monotonic() - begun, 0.1)
        self.assertEqual((stream["state"], stream["health"]), ("LIVE", "HEALTHY"))
        sock.close()
        ended = time.monotonic()
        self.assertEqual(self.stream()["streamId"], stream["streamId"])
        self.offline()
        self.assertGreaterEqual(time.monotonic() - ended, 0.25)

    def test_what_the_encoder_says_is_reported(self):
        self.publish()
        self.live()
        session = self.session()
        self.assertEqual(session["ingestConfiguration"]["video"]["videoWidth"], 640)
        tracks = session["ingestConfigurations"]["videoConfigurations"]
        self.assertEqual([track["videoHeight"] for track in tracks], [360])

    def test_starvation(self):
        sock = self.publish()
        self.live()
        wait_for(lambda: self.stream()["health"] == "STARVING", "STARVING")
        sock.sendall(b"media")
        wait_for(lambda: self.stream()["health"] == "HEALTHY", "HEALTHY")
        names = [event["name"] for event in self.session()["truncatedEvents"]]
        self.assertEqual(names, ["Starvation End", "Starvation Start", "Stream Start",
                                 "Session Created"])

    def names(self):
        return [(e["name"], e.get("code")) for e in self.session()["truncatedEvents"]]

    def test_takeover(self):
        first = self.publish()
        stream = self.live()
        second, answer = self.connect(f"publish {self.key}?priority=5 width=640 height=360\n")
        self.assertEqual(answer, "ok")
        self.assertEqual(first.recv(1), b"")
        for priority in ("5", "4", "0", "x", "2147483648", "99999999999999999999"):
            line = f"publish {self.key}?priority={priority} width=640 height=360\n"
            self.assertEqual(self.connect(line)[1], "refused StreamTakeoverInvalidPriority")
        self.assertEqual(self.connect(f"publish {self.key}?priority=6 width=1280 height=720\n")[1],
                         "refused StreamTakeoverMediaMismatch")
        running.control("quota", {"takeovers": 1})
        self.assertEqual(self.connect(f"publish {self.key}?priority=6 width=640 height=360\n")[1],
                         "refused StreamTakeoverLimitBreached")
        time.sleep(running.service.settings.hold + 0.1)
        self.assertEqual(self.stream()["streamId"], stream["streamId"], "it outlives the first one")
        failure = "Stream Takeover Failure"
        events = [event for event in self.names() if "Starvation" not in event[0]]
        self.assertEqual(events, [
            (failure, "StreamTakeoverLimitBreached"), (failure, "StreamTakeoverMediaMismatch"),
            *[(failure, "StreamTakeoverInvalidPriority")] * 6, ("Stream Takeover", None),
            ("Stream Start", None), ("Session Created", None)])
        second.close()
        self.offline()

    def test_a_broken_connection_and_a_takeover_within_the_hold(self):
        first, answer = self.connect(f"publish {self.key}?priority=2 width=640 height=360\n")
        self.assertEqual(answer, "ok")
        stream = self.live()
        self.assertEqual(running.control("drop", {"channelArn": self.arn}),
                         {"channelArn": self.arn})
        self.assertEqual(first.recv(1), b"")
        wait_for(lambda: "still live" in self.connect(f"publish {self.key}\n")[1], "held")
        self.assertEqual(self.connect(f"publish {self.key}?priority=2\n")[1],
                         "refused StreamTakeoverInvalidPriority")
        self.assertEqual(self.connect(f"publish {self.key}?priority=3 width=1 height=1\n")[1],
                         "refused StreamTakeoverMediaMismatch")
        second, answer = self.connect(f"publish {self.key}?priority=3 width=640 height=360\n")
        self.assertEqual(answer, "ok")
        time.sleep(running.service.settings.hold + 0.1)
        self.assertEqual(self.stream()["streamId"], stream["streamId"])
        second.close()
        self.offline()

    def test_a_stream_without_an_encoder_is_taken_over(self):
        running.control("live", {"channelArn": self.arn, "live": True})
        stream = self.live()
        self.assertIn("still live", self.connect(f"publish {self.key}\n")[1])
        sock, answer = self.connect(f"publish {self.key}?priority=1\n")
        self.assertEqual(answer, "ok")
        self.assertEqual(self.stream()["streamId"], stream["streamId"])
        sock.close()
        self.offline()

    def test_nobody_to_drop(self):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            running.control("drop", {"channelArn": self.arn})
        self.assertEqual(caught.exception.code, 400)
        caught.exception.close()

    def test_the_bit_rate(self):
        sock = self.publish()
        self.live()
        sock.sendall(bytes(100_000))
        wait_for(lambda: running.control("state")["live"][0]["bitrate"] > 100_000, "a bit rate")

    def test_encoders_are_in_the_journal(self):
        self.connect("publish sk_us-west-2_x_y\n")
        self.publish()
        entries = [(e["status"], e["code"], e["why"])
                   for e in running.control("requests")["requests"] if e["end"] == "ingest"]
        self.assertEqual(entries, [(403, "Refused", "unknown stream key"), (200, "", "")])

    def test_rtmp_without_nginx(self):
        context = ssl.create_default_context(cafile=running.ca)
        host, port = self.endpoint.split(":")
        with socket.create_connection((host, int(port)), DEADLINE) as plain, \
                context.wrap_socket(plain, server_hostname=host) as sock:
            sock.sendall(b"\x03" + bytes(1536))
            self.assertEqual(sock.recv(1), b"")
        self.assertIn("--ingest", running.control("requests")["requests"][-1]["why"])

    def test_takeover_before_the_stream_is_live(self):
        first = self.publish()
        second, answer = self.connect(f"publish {self.key}?priority=1 width=640 height=360\n")
        self.assertEqual((answer, first.recv(1)), ("ok", b""))
        self.live()
        self.assertEqual(self.names(), [("Stream Start", None), ("Session Created", None)])
        second.close()
        self.offline()

    def test_refusals(self):
        for line, reason in (("publish sk_us-west-2_x_y\n", "unknown stream key"),
                             ("hello\n", "expected: publish <stream key>"),
                             ("publish\n", "expected: publish <stream key>")):
            self.assertEqual(self.connect(line)[1], f"refused {reason}")
        first = self.publish()
        self.assertIn("another encoder", self.connect(f"publish {self.key}\n")[1])
        self.live()
        first.close()
        wait_for(lambda: "still live" in self.connect(f"publish {self.key}\n")[1], "held")
        self.offline()
        self.publish()

    def test_stop_stream_cuts_off_and_is_not_for_ever(self):
        sock = self.publish()
        self.live()
        self.assertEqual(running.post("StopStream", {"channelArn": self.arn})[0], 200)
        self.assertIsNone(self.stream())
        self.assertEqual(sock.recv(1), b"")
        self.publish()
        self.live()

    def test_a_deleted_key_ends_no_stream_but_opens_none(self):
        self.publish()
        self.live()
        self.assertEqual(running.post("DeleteStreamKey", {"arn": self.key_arn})[0], 204)
        self.live()
        running.post("StopStream", {"channelArn": self.arn})
        self.assertEqual(self.connect(f"publish {self.key}\n")[1], "refused unknown stream key")

    def test_a_channel_deleted_before_it_is_live(self):
        sock = self.publish()
        self.assertEqual(running.post("DeleteChannel", {"arn": self.arn})[0], 204)
        self.assertEqual(sock.recv(1), b"")

    def test_the_key_is_not_in_the_log(self):
        self.publish().close()
        wait_for(lambda: f"the encoder of {self.arn} is gone" in running.log_text(), "the end")
        self.assertNotIn(self.key, running.log_text())


class Encoder(Base):
    def run_encoder(self, url, **environment):
        values = clean_environment({"AWS_CA_BUNDLE": running.ca, **environment})
        arguments = [PYTHON, str(ENCODER)] + ([url] if url else [])
        child = subprocess.Popen(arguments, env=values, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        self.addCleanup(child.kill)
        watchdog = threading.Timer(DEADLINE, child.kill)
        watchdog.start()
        self.addCleanup(watchdog.cancel)
        return child

    def finish(self, child):
        out, err = child.communicate(timeout=DEADLINE)
        self.assertNotIn(self.key, out + err)
        return child.returncode, out, err

    def url(self):
        return f"rtmps://{self.endpoint}/app/{self.key}"

    def test_it_goes_live_and_ends_cleanly(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            child = self.run_encoder("", IVS_INGEST_URL=self.url())
            self.live()
            wait_for(lambda: self.stream()["health"] == "HEALTHY", "HEALTHY")
            child.send_signal(number)
            code, out, err = self.finish(child)
            self.assertEqual((code, err), (0, ""))
            self.assertEqual(out.splitlines()[1:], ["encoder: publishing", "encoder: stopped"])
            self.offline()

    def test_steady_media_keeps_it_healthy(self):
        child = self.run_encoder(self.url())
        self.live()
        time.sleep(0.8)  # twice as long as it takes to starve
        self.assertEqual(self.stream()["health"], "HEALTHY")
        child.terminate()
        self.assertEqual(self.finish(child)[0], 0)

    def test_cut_off(self):
        child = self.run_encoder(self.url())
        self.live()
        running.post("StopStream", {"channelArn": self.arn})
        code, _, err = self.finish(child)
        self.assertEqual((code, err), (1, "encoder: cut off by the ingest\n"))

    def test_refused(self):
        child = self.run_encoder(self.url() + "x")
        code, _, err = self.finish(child)
        self.assertEqual((code, err), (1, "encoder: refused: unknown stream key\n"))

    def test_bad_arguments(self):
        for url in ("", "rtmp://localhost/app/x", "rtmps://localhost/x", "rtmps:///app/x",
                    "rtmps://localhost:99999/app/x", "rtmps://localhost/app/a b"):
            code, _, err = self.finish(self.run_encoder(url))
            self.assertEqual((code, err.count("\n")), (1, 1), err)

    def test_an_untrusted_certificate(self):
        child = self.run_encoder(self.url(), AWS_CA_BUNDLE="/etc/ssl/certs/ca-certificates.crt"
                                 if os.path.exists("/etc/ssl/certs/ca-certificates.crt") else "")
        code, _, err = self.finish(child)
        self.assertEqual((code, err.count("\n")), (1, 1), err)
        self.assertIn("CERTIFICATE_VERIFY_FAILED", err)

    def test_nobody_there(self):
        code, _, err = self.finish(self.run_encoder("rtmps://localhost:1/app/x"))
        self.assertEqual((code, err.count("\n")), (1, 1), err)


if __name__ == "__main__":
    versions("python", "openssl")
    unittest.main()
