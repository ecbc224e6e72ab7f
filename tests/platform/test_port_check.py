"""The self-test of ports: every port of this machine passes, and every fault is found by the rule that it breaks.

usage: test_port_check.py PORT_CHECK
"""

import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit


sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))

from certificates import Maker
from port_peer import Peer
from rig import Simulator  # noqa: E402  (the path has to be set first)

PROGRAM = sys.argv.pop(1)
PEER = str(Path(__file__).with_name("port_peer.py"))
SECONDS = 90  # for a run
RULES = ["functions", "ticks", "clock", "entropy", "open-address", "open-name", "refused", "unknown-name", "detail",
         "silent", "close", "again", "bytes", "nothing-yet", "wait-until", "wait-past", "wait-readable",
         "wait-writable", "wait-sleeps", "end", "send-after-end", "reset", "two"]
# Fault of port_faults.c: the rule that it breaks, and what is said of it.
FAULTS = {
    "missing": ("functions", "a function is missing"),
    "ticks-back": ("ticks", "ticks went back"),
    "ticks-micro": ("ticks", "ticks do not count milliseconds, or the peer does not answer"),
    "ticks-seconds": ("ticks", "ticks do not count milliseconds, or the peer does not answer"),
    "clock-still": ("clock", "clock stands still"),
    "clock-slow": ("clock", "clock does not count milliseconds"),
    "entropy-same": ("entropy", "entropy gives the same bytes again"),
    "entropy-zero": ("entropy", "entropy gives one byte again and again"),
    "entropy-short": ("entropy", "entropy does not fill all bytes"),
    "entropy-long": ("entropy", "entropy wrote behind the room it was given"),
    "entropy-fails": ("entropy", "entropy failed"),
    "send-by-peer": ("open-address", "send failed"),
    "progress-by-peer": ("open-address", "cannot be connected to"),
    "open-positive": ("open-address", "open returned neither 0 nor an error"),
    "open-addresses": ("open-name", "cannot be connected to"),
    "progress-net": ("refused", "the error is not IVS_ERR_CONNECT"),
    "progress-any": ("refused", "a connection where nobody listens"),
    "progress-refused": ("unknown-name", "the error is not IVS_ERR_NAME"),
    "progress-blocks": ("silent", "progress blocks"),
    "detail-null": ("detail", 'detail has no text, not even ""'),
    "detail-silent": ("detail", "detail tells nothing of a failure"),
    "detail-forgets": ("detail", "after close detail tells something else"),
    "close-once": ("close", "open failed after a close"),
    "close-opened": ("close", "open failed after a close"),
    "open-few": ("again", "cannot be connected to"),
    "send-zero": ("bytes", "send returned 0"),
    "send-more": ("bytes", "send took more than it was given"),
    "send-less": ("bytes", "other bytes came back"),
    "recv-changes": ("bytes", "other bytes came back"),
    "recv-beyond": ("bytes", "recv wrote behind the room it was given"),
    "recv-zero": ("nothing-yet", "recv returned 0"),
    "recv-blocks": ("nothing-yet", "recv does not say IVS_AGAIN when nothing has come"),
    "wants-nothing": ("nothing-yet", "wants names nothing to wait for"),
    "wants-later": ("nothing-yet", "wants raised until"),
    "wants-more": ("nothing-yet", "wants asks for events that there are not"),
    "wait-long": ("wait-until", "wait sleeps longer than it is told"),
    "wait-past": ("wait-past", "wait sleeps though its time has passed"),
    "wait-deaf": ("wait-readable", "wait does not end when there is something to read"),
    "wait-full": ("wait-writable", "wait does not end when there is room to send"),
    "wait-spins": ("wait-sleeps", "wait does not sleep"),
    "wait-fails": ("wait-readable", "wait failed"),
    "recv-end-net": ("end", "an end in order is not IVS_ERR_CLOSED"),
    "recv-end-zero": ("end", "recv returned 0"),
    "recv-ends-early": ("end", "not all bytes that came before the end"),
    "send-end-zero": ("send-after-end", "send returned 0"),
    "recv-reset-end": ("reset", "a reset is taken for an end in order"),
    "open-single": ("two", "the peer cannot be connected to"),
    "wait-own": ("two", "wait does not end for what another port wants"),
}
# Rules that a machine which stalls may seem to break.
OF_TIME = ("nothing-yet", "wait-until", "wait-past")
REFUSED = "port_check: bad argument\n"
AT_ONCE = 12


class Hole:
    """A listener on loopback whose queue is full: what else comes is dropped without an answer."""

    def __enter__(self):
        self._sockets = [socket.socket() for _ in range(3)]
        self._sockets[0].bind(("127.0.0.1", 0))
        self._sockets[0].listen(0)
        self.port = self._sockets[0].getsockname()[1]
        for filler in self._sockets[1:]:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
        time.sleep(0.05)  # for the second of them to be dropped too
        return self

    def __exit__(self, *_arguments):
        for one in self._sockets:
            one.close()


def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check(kind, port, **words):
    """The exit code, and {rule: (verdict, why)}. port: of the peer."""
    words = {"address": "127.0.0.1", "name": "localhost", "peer": port, "refusing": unused_port(), **words}
    done = subprocess.run([PROGRAM, kind, *(f"{name}={value}" for name, value in words.items())],
                          capture_output=True, text=True, timeout=SECONDS)
    assert not done.stderr, done.stderr
    lines = (line.split(" ", 2) for line in done.stdout.splitlines())
    return done.returncode, {rule: (verdict, why) for rule, verdict, why in lines}


class PortCheck(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        maker = Maker(folder)
        ca_key, key = maker.key("ca", "ec"), maker.key("peer", "ec")
        cls.ca = maker.certificate("ca", ca_key, authority=True)
        chain = maker.certificate("peer", key, (cls.ca, ca_key), san="DNS:localhost,IP:127.0.0.1")
        cls.plain = cls.enterClassContext(Peer())
        cls.secure = cls.enterClassContext(Peer(tls=(chain, key)))
        cls.hole = cls.enterClassContext(Hole())
        simulator = Simulator("--proxy")
        cls.addClassCleanup(simulator.stop)
        cls.proxy = urlsplit(simulator.environment["HTTPS_PROXY"]).port
        cls.start_all()

    @classmethod
    def start_all(cls):
        """They sleep most of the time, so they all run at once."""
        pool = cls.enterClassContext(ThreadPoolExecutor(AT_ONCE))
        silent, no_resets, plain = {"silent": cls.hole.port}, {"no-resets": 1}, cls.plain.port
        cls.clean = {
            "tcp": pool.submit(check, "tcp", plain, **silent),
            "tls": pool.submit(check, "tls", cls.secure.port, ca=cls.ca, **silent),
            "proxy": pool.submit(check, "proxy", plain, proxy=cls.proxy, **silent, **no_resets),
            "none": pool.submit(check, "fault=none", plain, **silent),
            "less": pool.submit(check, "tcp", plain, **no_resets),
            "ticks": pool.submit(check, "fault=ticks-seconds", plain),
        }
        cls.stalled = {rule: pool.submit(check, "fault=send-stalls", plain, only=rule) for rule in OF_TIME}
        cls.broken = {fault: pool.submit(check, "fault=" + fault, plain, only=rule, **silent)
                      for fault, (rule, _why) in FAULTS.items()}

    def assert_kept(self, answer, but=()):
        code, rules = answer
        self.assertEqual(list(rules), RULES)
        broken = {rule: said for rule, said in rules.items() if said[0] == "broken"}
        left_out = {rule for rule, said in rules.items() if said[0] == "left-out"}
        self.assertEqual((code, broken, left_out), (0, {}, set(but)))

    def test_tcp(self):
        self.assert_kept(self.clean["tcp"].result())

    def test_tls(self):
        self.assert_kept(self.clean["tls"].result())

    def test_proxy(self):
        """It does not pass resets on."""
        self.assert_kept(self.clean["proxy"].result(), but=("reset",))

    def test_stall(self):
        """A machine that stalls once is not a port that breaks a rule."""
        for rule in OF_TIME:
            self.assertEqual(self.stalled[rule].result(), (0, {rule: ("kept", "")}))

    def test_long_texts(self):
        """They are refused before anything is opened."""
        for words in ({"unknown": "x" * 600}, {"unknown": "x" * 256}, {"unknown": ""}, {"silent-address": "1" * 600, "silent": 1},
                      {"silent-address": "", "silent": 1}, {"address": "1" * 256}, {"name": "x" * 256}):
            with self.subTest(words):
                words = {"address": "127.0.0.1", "name": "localhost", "peer": self.plain.port, **words}
                done = subprocess.run([PROGRAM, "tcp", *(f"{name}={value}" for name, value in words.items())],
                                      capture_output=True, text=True, timeout=SECONDS)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (1, "", REFUSED))

    def test_passed_on(self):
        """The port that the faults are made of has none."""
        self.assert_kept(self.clean["none"].result())

    def test_left_out(self):
        self.assert_kept(self.clean["less"].result(), but=("silent", "reset"))

    def test_peer_by_itself(self):
        """As whoever makes a port starts it."""
        with subprocess.Popen([PEER, "--address", "127.0.0.1", "--port", "0"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE) as child:
            code, rules = check("tcp", port=int(child.stdout.readline()), only="bytes")
            child.send_signal(signal.SIGINT)
            self.assertEqual((code, rules, child.wait(SECONDS)), (0, {"bytes": ("kept", "")}, 0))

    def test_peer_of_a_program(self):
        """It ends with the program that started it, whatever becomes of that."""
        with subprocess.Popen([PEER, "--until-stdin-closes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            self.assertGreater(int(child.stdout.readline()), 0)
            child.stdin.close()
            self.assertEqual(child.wait(SECONDS), 0)

    def test_faults(self):
        for fault, (rule, why) in FAULTS.items():
            with self.subTest(fault=fault):
                code, rules = self.broken[fault].result()
                self.assertEqual((code, rules.get(rule)), (1, ("broken", why)))

    def test_every_rule_has_a_fault(self):
        self.assertEqual({rule for rule, _ in FAULTS.values()}, set(RULES))

    def test_ticks_first(self):
        """Without ticks nothing else is checked."""
        code, rules = self.clean["ticks"].result()
        self.assertEqual((code, list(rules), rules["ticks"][0]), (1, ["functions", "ticks"], "broken"))


if __name__ == "__main__":
    unittest.main()
