"""Writes the seed corpora of the harnesses into folders of a folder: seeds.py DIR.

They come from the vectors of the tests and from the simulator's answers, so that nothing of them is
kept twice; so do the words of decode.dict, the names of the model, which is written beside them.
"""

import hashlib
import json
import random
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent
sys.path.insert(0, str(TESTS.parent))

from tests.simulator.credentials_sts import NAMESPACE, xml  # noqa: E402
from tests.simulator.model import Model  # noqa: E402
from tests.simulator.random_mode import RandomMode  # noqa: E402
from tests.simulator.random_values import Values  # noqa: E402
from tests.simulator.spelling import Speller  # noqa: E402

MODEL = TESTS.parent / "core" / "model" / "ivs-2020-07-14.json"
ANSWERS = 3  # of each operation
LARGEST = 10000
AUTHORIZATION = (b"X-Amz-Date: 20261122T093000Z\r\nAuthorization: AWS4-HMAC-SHA256 "
                 b"Credential=AKIDSIMULATOR/20261122/us-west-2/ivs/aws4_request, "
                 b"SignedHeaders=host;x-amz-date, Signature=" + b"0" * 64 + b"\r\n")
ARN = "arn%3Aaws%3Aivs%3Aus-west-2%3A1%3Achannel%2Fa"
PIECES = (b"\0", b"\1\1", b"\2\7\1", b"\1\x40")  # a list of sizes behind its length


def written(folder, seeds):
    """A file for each different seed, named by its content."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        if len(seed) <= LARGEST:
            (folder / hashlib.sha1(seed).hexdigest()[:16]).write_bytes(seed)


def unescaped(text):
    """As in tests/vectors/http1/README.md."""
    marks = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\"}
    parts = re.split(r"\\(x[0-9a-fA-F]{2}|.)", text)
    return b"".join(part.encode("latin-1") if i % 2 == 0 else
                    bytes([int(part[1:], 16)]) if part[0] == "x" else marks[part]
                    for i, part in enumerate(parts))


def responses():
    """Of the HTTP vectors."""
    wire = b""
    for name in ("accepted.txt", "refused.txt"):
        for line in (TESTS / "vectors" / "http1" / name).read_text("utf-8").splitlines() + ["case"]:
            if line.startswith("case"):
                if wire:
                    yield wire
                wire = b""
            elif line[:2] in ("> ", "+ "):
                wire += unescaped(line[2:])
            elif line.startswith("* "):
                count, _, text = line[2:].partition(" ")
                wire += unescaped(text) * int(count)


def answers():
    """(place among the operations, operation, the simulator's answer as a Reply)."""
    model = Model(MODEL)
    mode = RandomMode(model)
    mode.switch(True, 7)
    for place, name in enumerate(sorted(model.operations)):
        for _ in range(ANSWERS):
            yield place, name, mode.reply(name, "seed")


def events():
    for line in (TESTS / "vectors" / "event" / "published.txt").read_text("utf-8").splitlines():
        if "\t" in line:
            yield line.split("\t", 1)[1].encode()


def c_strings(file):
    """String literals of a C test, as they are in memory."""
    text = (TESTS / file).read_text("utf-8")
    for literal in re.findall(r'(?<![\w\'])"((?:[^"\\\n]|\\.)*)"', text):
        try:
            yield literal.encode("latin-1", "ignore").decode("unicode_escape").encode("latin-1")
        except (UnicodeDecodeError, UnicodeEncodeError):
            continue


def profiles():
    cases = json.loads((TESTS / "vectors" / "profile" / "cases.json").read_text("utf-8"))["cases"]
    for case in cases:
        config, credentials = case.get("config") or "", case.get("credentials") or ""
        if isinstance(config, str) and isinstance(credentials, str):
            yield f"{config}\n====\n{credentials}".encode("utf-8", "surrogateescape")
    for size in (4095, 4096, 4097):  # around the longest line
        yield b"[default]\r\nregion = " + b"x" * (size - 9) + b"\r\nca_bundle = y\r\n"


def endpoints():
    for line in (TESTS / "vectors" / "endpoint" / "published.txt").read_text("utf-8").splitlines():
        words = line.split()
        if len(words) >= 5 and not line.startswith("#"):
            yield from (word.encode() for word in words[1:5] if word != "-")
    yield from (s for s in c_strings("core/test_endpoint.c") if b"://" in s)


def expressions():
    lines = (TESTS / "jmespath" / "cases.jsonl").read_text("utf-8").splitlines()
    for line in lines:
        yield json.loads(line)["expression"].encode("utf-8", "surrogatepass")


def shorthands():
    for file in ("cli_args/cases.py", "aws_cli/misuse.py"):
        for literal in re.findall(r'"((?:[^"\\\n]|\\.)*=(?:[^"\\\n]|\\.)*)"',
                                  (TESTS / file).read_text("utf-8")):
            yield literal.encode()


def roles():
    """What STS answers, as the simulator writes it, with all that XML can have besides."""
    parts = {"AccessKeyId": "ASIA&<", "SecretAccessKey": "s'\"", "SessionToken": "t" * 300,
             "Expiration": "2026-11-22T09:30:00Z"}
    whole = {"AssumeRoleResult": {"Credentials": parts, "AssumedRoleUser": {"Arn": "a"}},
             "ResponseMetadata": {"RequestId": "r"}}
    text = f'<AssumeRoleResponse xmlns="{NAMESPACE}">{xml(whole)}</AssumeRoleResponse>\n'
    for kind in (text, text.replace("<Cred", "<!-- <AccessKeyId>x</AccessKeyId> --><Cred"),
                 '<?xml version="1.0"?>\n' + text.replace("ASIA", "&#65;SI&#x41;"),
                 text.replace("ASIA", "<a b='c'/>")):
        yield kind.encode()


def dates():
    for seed in c_strings("core/test_time.c"):
        if 10 < len(seed) < 60 and any(48 <= c < 58 for c in seed):
            yield bytes(8) + seed
    rng = random.Random(7)
    for _ in range(20):
        yield rng.randrange(-62135596800, 253402300799).to_bytes(8, "big", signed=True)


def exchanges():
    """Whole calls: settings, an operation, and a network that does its work now and then."""
    rng = random.Random(7)
    for place, _, reply in answers():
        body = reply.body
        head = f"HTTP/1.1 {reply.status} OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        text = (head + body)[:2000]
        script = b"".join(bytes([0x80 | (n // 4)]) + text[i:i + n // 4 * 4 + 1]
                          for i, n in pieces_of(len(text), rng))
        yield bytes([rng.randrange(32), rng.randrange(5), 255, place]) + bytes(3) + script
    for canned in range(16):
        for how in range(4):
            yield bytes([how, 3, 200, 0, 0, 0, 0, 16 + canned, 0, 0, 0, 16 + canned, 0, 0])


def requests():
    """Of each operation: with random values, the body whole or in chunks, one or two in a row."""
    model, rng = Model(MODEL), random.Random(7)
    for _, facts in sorted(model.operations.items()):
        for how in range(3):
            wire = Values(model, rng).answer(facts["input"])[1] if facts["input"] else {}
            body = Speller(rng).text(wire).encode("utf-8", "replace")
            path = facts["uri"].replace("{resourceArn}", ARN)
            if facts["method"] == "DELETE":
                path += "?tagKeys=a&tagKeys=b"
            length = (b"Transfer-Encoding: chunked\r\n" if how == 1 else
                      b"Content-Length: %d\r\n" % len(body))
            content = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if how == 1 else body
            head = f"{facts['method']} {path} HTTP/1.1\r\nHost: x\r\n".encode()
            yield (head + length + AUTHORIZATION + b"\r\n" + content) * (2 if how == 2 else 1)


def pieces_of(size, rng):
    at = 0
    while at < size:
        n = rng.choice((4, 40, 400))
        yield at, n
        at += n // 4 * 4 + 1


def queues():
    rng = random.Random(7)
    for how in range(64):
        actions = bytes([how, 20, 5, 100])
        for _ in range(30):
            actions += bytes([rng.randrange(16), rng.randrange(128), rng.randrange(256)])
            actions += rng.choice((b"abc", b"\0\0\0\0\x11", b"1,2]", b"\0", b"\x13\0\0\x12"))
        yield actions


def binding():
    rng = random.Random(7)
    for _ in range(100):
        yield bytes(rng.randrange(256) for _ in range(rng.randrange(8, 200)))


def words():
    """The names of members that answers have, behind which a value comes, and odd values."""
    names = {name for shape in Model(MODEL).shapes.values() for name in shape.get("members", {})}
    yield from (f'\\"{name}\\":' for name in sorted(names))
    yield from ("null", "[{},null]", '{\\"k\\":\\"v\\"}', '\\"2026-11-22T09:30:00Z\\"', "1e400")


def corpora():
    """Harness -> seeds."""
    replies = list(answers())
    wires = list(responses())
    json_texts = [r.body for _, _, r in replies if r.body] + list(events())
    json_texts += list(c_strings("core/test_json.c"))
    rng = random.Random(7)
    strings = [s for f in ("core/test_text.c", "core/test_json.c") for s in c_strings(f)]
    return {
        "http1": [b"\0" + PIECES[i % len(PIECES)] + wire for i, wire in enumerate(wires)],
        "json": json_texts,
        "decode": [bytes([place]) + reply.body for place, _, reply in replies if reply.body],
        "encode": [bytes([op % 41]) + bytes(rng.randrange(256) for _ in range(60))
                   for op in range(123)],
        "time": list(dates()),
        "text": [bytes([i % 256]) + s for i, s in enumerate(strings)],
        "endpoint": [bytes([i % 8]) + s for i, s in enumerate(endpoints())],
        "sts": [s for f in ("core/test_sts_answer.c", "core/test_sts.c", "core/sts_setup.h")
                for s in c_strings(f) if b"<" in s] + list(roles()),
        "proxy": [bytes([i % 8]) + PIECES[i % len(PIECES)] + wire for i, wire in enumerate(wires)],
        "profile": [PIECES[i % len(PIECES)] + s for i, s in enumerate(profiles())] +
                   [b"\0" + s for s in c_strings("platform/test_profile.c")],
        "events": list(events()) + list(c_strings("core/test_event.c")),
        "call": list(exchanges()),
        "metadata": list(queues()),
        "simulator": list(requests()),
        "lua_cli": [b"j" + s for s in expressions()] + [b"s" + s for s in shorthands()] +
                   [b"i" + s for s in json_texts] + [b"r" + s for s in json_texts] +
                   [b"o" + bytes([i % 5]) + s for i, s in enumerate(json_texts)] +
                   [b"t" + wire for wire in wires] +
                   [b"v" + bytes([i % 41, i % 3]) + s for i, s in enumerate(shorthands())],
        "lua_binding": list(binding()),
    }


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    target = Path(sys.argv[1])
    for name, seeds in corpora().items():
        written(target / name, seeds)
    (target / "decode.dict").write_text("".join(f'"{word}"\n' for word in words()))


if __name__ == "__main__":
    main()
