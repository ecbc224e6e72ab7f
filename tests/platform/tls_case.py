"""What the tests of the TLS port share: certificates, a run of tls_get and what it printed, checks of that."""
import calendar
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest

from certificates import Maker
from tls_server import Server, context

V1_1, V1_2, V1_3 = ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
program = None


def seconds(text):
    """"2026-01-31" or "2026-01-31 23:59:59" as seconds since 1970."""
    date, _, time = text.partition(" ")
    return calendar.timegm((*map(int, date.split("-")), *map(int, (time or "0:0:0").split(":"))))


class Made:
    """All keys and certificates."""

    def make(self, folder):
        m = self.maker = Maker(folder)
        self.key, self.rsa_key = m.key("ec", "ec"), m.key("rsa", "rsa")
        ca_key, other_key = m.key("ca", "ec"), m.key("other", "ec")
        self.ca = m.certificate("ca", ca_key, authority=True, begin="20000101000000Z", end="20450101000000Z")
        self.other_ca = m.certificate("other-ca", other_key, authority=True)
        issuer = (self.ca, ca_key)
        host = "DNS:good.example, DNS:*.wild.example"
        self.good = m.certificate("good", self.key, issuer, san=host)
        self.rsa = m.certificate("rsa", self.rsa_key, issuer, san=host)
        self.past = m.certificate("past", self.key, issuer, san=host, begin="20000101000000Z", end="20100101000000Z")
        self.soon = m.certificate("soon", self.key, issuer, san=host, end="20260922000000Z")
        self.future = m.certificate("future", self.key, issuer, san=host, begin="20300101000000Z")
        self.long = m.certificate("long", self.key, issuer, san=host, end="20490101000000Z")
        self.self_signed = m.certificate("self-signed", self.key, san=host)
        self.ip = m.certificate("ip", self.key, issuer, san="IP:127.0.0.1, IP:::1")
        self.other_ip = m.certificate("other-ip", self.key, issuer, san="IP:127.0.0.2, IP:::2")
        self.ip_as_name = m.certificate("ip-as-name", self.key, issuer, san="DNS:127.0.0.1")
        self.ip_as_cn = m.certificate("ip-as-cn", self.key, issuer, cn="127.0.0.1")
        self.ip_like_name = m.certificate("ip-like-name", self.key, issuer, san="IP:97.46.112.108")  # the bytes of "a.pl"
        self.client = m.certificate("client", self.key, issuer)
        self._chain(m)
        self.empty = m.bundle("empty.pem")
        self.garbage = m.path("garbage.pem")
        with open(self.garbage, "wb") as f:
            f.write(b"-----BEGIN CERTIFICATE-----\nnothing of use\n-----END CERTIFICATE-----\n" * 3)

    def _chain(self, m):
        keys = [m.key(f"rsa-{i}", "rsa") for i in range(3)]
        self.rsa_root = m.certificate("rsa-root", keys[0], authority=True)
        first = m.certificate("rsa-first", keys[1], (self.rsa_root, keys[0]), authority=True)
        second = m.certificate("rsa-second", keys[2], (first, keys[1]), authority=True)
        leaf = m.certificate("rsa-leaf", self.rsa_key, (second, keys[2]), san="DNS:good.example")
        self.chain_of_four = m.bundle("chain-of-four.pem", leaf, second, first, self.rsa_root)
        self.broken_chain = m.bundle("broken-chain.pem", leaf, first, self.rsa_root)


made = Made()


class Outcome:
    def __init__(self, text):
        lines = [dict((k, v.strip('"')) for k, v in re.findall(r'(\w+)=("[^"]*"|\S+)', line))
                 for line in text.splitlines() if not line.startswith("seed:")]
        self.setup, self.rounds, self.totals, self.text = lines[0], lines[1:-1], lines[-1], text


def get(port, *options, host="good.example", roots=None):
    command = [program, host, str(port), *options]
    if "--roots-file" not in options and "--roots" not in options and roots != "builtin":
        command += ["--roots-file", roots or made.ca]
    environment = dict(os.environ)
    if "--short-of-memory" in options:
        environment["ASAN_OPTIONS"] = "detect_leaks=0"  # mbedTLS 3.6 itself loses some when there is no more
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return Outcome(done.stdout)


def has_1_3():
    return not get(1, "--rounds", "0").setup["mbedtls"].startswith("2.")


class Case(unittest.TestCase):
    def result(self, outcome, expected, text=None):
        for r in outcome.rounds:
            self.assertEqual(r["result"], expected, outcome.text)
            if text is not None:
                self.assertEqual(r["text"], text, outcome.text)

    def try_certificate(self, chain, expected, *options, key=None, text=None, **more):
        with Server(context(chain, key or made.key)) as s:
            outcome = get(s.port, "--get", "100", *options, **more)
        self.result(outcome, expected, text)
        if expected == "OK":
            self.complete(outcome, 100)
        return outcome

    def complete(self, outcome, n, end="CLOSED"):
        for r in outcome.rounds:
            self.assertEqual((r["result"], r["got"], r["right"], r["end"], r["again"]),
                             ("OK", str(n), "1", end, end), outcome.text)


def main(usage):
    global program
    if len(sys.argv) < 2:
        sys.exit(usage)
    program = os.path.abspath(sys.argv.pop(1))
    folder = tempfile.mkdtemp(prefix="ivs-tls-")
    try:
        made.make(folder)
        print("mbedTLS", get(1, "--rounds", "0").setup["mbedtls"], flush=True)
        run = unittest.main(module="__main__", exit=False, verbosity=1)
    finally:
        shutil.rmtree(folder)
    sys.exit(not run.result.wasSuccessful())
