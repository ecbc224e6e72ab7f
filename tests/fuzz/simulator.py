"""The simulator under mutated requests, in this process: what it is sent, it answers with HTTP, a
refusal is one of the service's, and it never fails itself.

simulator.py [--seconds N | --rounds N] [--seed N] [--corpus DIR] [--findings DIR]
             [SEEDS or FILE...]

A connection's bytes come in pieces by chance. Every second connection is past the signature, so
that what lies behind it is reached. An input that takes the simulator from one line to another as
none did before is mutated further, and kept in --corpus. What is found is written to --findings as
the bytes of the connection, with the traceback beside it; given as a FILE, it is played as it is.
"""

import argparse
import hashlib
import random
import re
import sys
import tempfile
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from tests.simulator import service as service_module  # noqa: E402
from tests.simulator.connection import Connection  # noqa: E402
from tests.simulator.journal import Journal  # noqa: E402
from tests.simulator.service import Service  # noqa: E402
from tests.simulator.settings import Settings  # noqa: E402

LONGEST = 20000
ROUND_LIMIT = 5.0  # seconds of processor for one connection: a loop that does not end soon
HEAD = re.compile(rb"HTTP/1\.1 ([1-5][0-9][0-9]) [A-Za-z -]+\r\n")
CLEAN = set(range(200, 500)) | {100, 501, 505}  # statuses; a failure of its own is 500
TOKENS = (b"\r\n", b"\r\n\r\n", b"\n", b"\0", b" ", b":", b"/", b"?", b"%", b"%zz", b"%c3%28", b"&",
          b"=", b"HTTP/1.1", b"HTTP/1.0", b"POST", b"GET", b"DELETE", b"Host: x\r\n", b"{}", b"[]",
          b"null", b'""', b'"\\ud800"', b"1e999", b"NaN", b"9" * 400, b"-1", b"[" * 2000,
          b"Content-Length: ", b"Content-Length: -1\r\n", b"Transfer-Encoding: chunked\r\n",
          b"Expect: 100-continue\r\n", b"Authorization: AWS4-HMAC-SHA256 ", b"Credential=",
          b"X-Amz-Date: 20261122T093000Z\r\n", b"tagKeys=", b"/tags/", b"arn:aws:ivs:", b"\xff",
          b"\xed\xa0\x80", b"ffffffff\r\n", b"0\r\n\r\n", b"aws:")


class Transport:
    """As tests/simulator/transport.py has it, over bytes that are there already."""

    def __init__(self, data, rng):
        self._data, self._rng = data, rng
        self.sent, self.ended = b"", None

    def settimeout(self, seconds):
        assert seconds > 0

    def recv(self, size):
        count = min(size, self._rng.choice((1, 7, 100, 65536)))
        piece, self._data = self._data[:count], self._data[count:]
        return piece

    def sendall(self, data):
        self.sent += data

    take = sendall

    def end(self, ending):
        self.ended = ending

    def tls_version(self):
        return "TLSv1.3"  # so that control calls, which change the simulator, are none

    def resumed(self):
        return False


class Failed(Exception):
    pass


class Reached:
    """The steps from line to line that the simulator has taken so far."""

    FOLDER = str(HERE.parent / "simulator")

    def __init__(self):
        self.steps = set()

    def __enter__(self):
        self._before = len(self.steps)
        sys.settrace(self._call)
        return self

    def __exit__(self, *_):
        sys.settrace(None)
        self.new = len(self.steps) - self._before

    def _call(self, frame, event, _):
        code = frame.f_code
        if not code.co_filename.startswith(self.FOLDER):
            return None
        last = frame.f_lineno

        def step(frame, event, _):
            nonlocal last
            if event == "line":
                self.steps.add((code, last, frame.f_lineno))
                last = frame.f_lineno
            return step
        return step


class Target:
    def __init__(self):
        self._verify = service_module.sigv4.verify
        self._notes = tempfile.TemporaryFile("w+")
        self.service = Service(Settings(), Journal(self._notes))
        self.outcomes = set()  # (operation, code) of the answers so far

    def play(self, data, rng, trusted):
        transport = Transport(data, rng)
        service_module.sigv4.verify = (lambda *_: None) if trusted else self._verify
        began = time.process_time()
        try:
            Connection(self.service, transport, 1).serve()
        finally:
            service_module.sigv4.verify = self._verify
        if transport.ended is None:
            raise Failed("the connection was not ended")
        if time.process_time() - began > ROUND_LIMIT:
            raise Failed("one connection took over five seconds of processor")
        self.outcomes |= {(r["operation"], r["code"]) for r in self.service.journal.requests}
        self.service.journal.requests.clear()
        self._check(transport.sent)

    def _check(self, sent):
        if sent and not HEAD.match(sent):
            raise Failed(f"no answer of HTTP: {sent[:80]!r}")
        for status in HEAD.findall(sent):
            if int(status) not in CLEAN:
                raise Failed(f"status {int(status)}: {sent[-400:]!r}\n{self._said()}")

    def _said(self):
        self._notes.seek(0)
        return self._notes.read()[-3000:].replace(" | ", "\n")


def mutated(seed, others, rng):
    data = bytearray(seed)
    for _ in range(rng.choice((0, 1, 1, 2, 4, 16))):
        at = rng.randrange(len(data) + 1)
        to = min(len(data), at + rng.choice((0, 1, 2, 8, 64)))
        how = rng.randrange(6)
        if how == 0:
            data[at:to] = b""
        elif how == 1:
            data[at:to] = rng.choice(TOKENS)
        elif how == 2:
            data[at:at] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 5)))
        elif how == 3 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif how == 4:
            data[at:at] = data[at:to] * rng.choice((1, 2, 50))
        else:
            other = rng.choice(others)
            cut = rng.randrange(len(other) + 1)
            data[at:] = other[cut:]
    return bytes(data[:LONGEST])


def files_of(paths):
    for path in map(Path, paths):
        yield from sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]


def keep_in_corpus(folder, data):
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha256(data).hexdigest()[:40]).write_bytes(data)


def keep_finding(folder, data, text):
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    name = f"crash-{len(list(folder.iterdir()))}"
    (folder / name).write_bytes(data)
    (folder.parent / f"{folder.name}-{name}.txt").write_text(text)


def fuzz(seeds, given, seed):
    """Plays each seed as it is and past the signature, then what mutation makes of those that led
    somewhere new; ends at the first failure. Returns the exit code."""
    target, rng, reached = Target(), random.Random(seed), Reached()
    until = time.monotonic() + given.seconds if given.seconds is not None else None
    rounds = 2 * len(seeds) + (given.rounds or 0)
    corpus = list(seeds)
    played = failures = 0
    while failures == 0 and seeds and (played < rounds or (until and time.monotonic() < until)):
        first = played < 2 * len(seeds)
        data = seeds[played // 2] if first else mutated(rng.choice(corpus), corpus, rng)
        if played % 500 == 499:
            target.service.reset()
        try:
            with reached:
                target.play(data, rng, trusted=played % 2 == 1)
        except Exception:
            failures += 1
            text = traceback.format_exc()
            print(text, file=sys.stderr)
            keep_finding(given.findings, data, text)
        if reached.new > 0 and not first:
            corpus.append(data)
            keep_in_corpus(given.corpus, data)
        played += 1
    print(f"cov: {len(reached.steps)} ft: {len(target.outcomes)} corp: {len(corpus)}")
    print(f"stat::number_of_executed_units: {played}")
    return 1 if failures or not seeds else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--findings", type=Path)
    parser.add_argument("seeds", nargs="*")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(1 << 32) if given.seed is None else given.seed
    print(f"INFO: Seed: {seed}", flush=True)
    sys.exit(fuzz([file.read_bytes() for file in files_of(given.seeds)], given, seed))


if __name__ == "__main__":
    main()
