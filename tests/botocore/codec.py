"""
The codec against botocore, for every operation: what is sent, and what is read.

  codec.py DRIVER [ROUNDS]     DRIVER: the program of tests/core/codec_stdin.c. IVS_SEED repeats a run.

botocore reads our model in the published form, so that it knows all operations however old it is. Requests go through its
client up to the moment of sending; answers through its parser. Its check of parameters is off: our
texts and numbers go beyond the limits of the API on purpose, for the codec has to carry them.

Two differences are meant: where a list or map holds a null, botocore gives None and we leave the element out; and
where an address ends in a '?' with nothing behind it, we leave that out.
"""

import atexit
import calendar
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
GENERATE = os.path.join(HERE, "..", "..", "scripts", "generate.py")
ENDPOINT = "http://127.0.0.1:9"
ERR_TYPE = -22
SPOILT = 6  # of so many rounds one has a value of a wrong type
DEADLINE = 110  # s, for everything

try:
    import botocore
    import botocore.parsers
    import botocore.session
    from botocore.awsrequest import AWSResponse
    from botocore.config import Config
except ImportError:
    sys.exit("codec.py: no botocore for %s: install the package python3-botocore" % sys.executable)

from answers import Maker  # noqa: E402


class Driver:
    def __init__(self, path):
        try:
            self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            sys.exit("codec.py: the driver does not start: %s" % error)
        atexit.register(self.process.kill)

    def ask(self, line):
        """The answer to a command; its error if it ends in one."""
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        answer = self.process.stdout.readline()
        if not answer.endswith(b"\n"):
            sys.exit("codec.py: the driver ended with %s at: %.2000s" % (self.process.wait(10), line))
        return json.loads(answer.rpartition(b"\t")[2].decode("utf-8"))

    def end(self):
        self.process.stdin.close()
        return self.process.wait(10)


class Raw:
    """The body of the answer that botocore gets instead of sending."""

    def stream(self, *_args, **_keys):
        yield b"{}"

    def read(self, *_args):
        return b"{}"


class Botocore:
    def __init__(self, folder):
        os.environ["AWS_DATA_PATH"] = folder
        os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
        self.client = botocore.session.Session().create_client(
            "ivs", region_name="eu-west-1", endpoint_url=ENDPOINT, aws_access_key_id="AKID", aws_secret_access_key="none",
            config=Config(parameter_validation=False, retries={"max_attempts": 0}))
        self.client.meta.events.register("before-send.ivs", self.instead)
        self.model = self.client.meta.service_model
        self.methods = {api: method for method, api in self.client.meta.method_to_api_mapping.items()}
        self.parser = botocore.parsers.create_parser("rest-json")
        self.sent = None

    def instead(self, request, **_):
        self.sent = request
        return AWSResponse(request.url, 200, {}, Raw())

    def encode(self, operation, parameters):
        """(method, path and query, body) as they would go out."""
        getattr(self.client, self.methods[operation])(**parameters)
        url = self.sent.url
        assert url.startswith(ENDPOINT), url
        return self.sent.method, url[len(ENDPOINT):], self.sent.body or b""

    def decode(self, shape, text):
        parsed = self.parser.parse({"status_code": 200, "headers": {}, "body": text}, shape)
        parsed.pop("ResponseMetadata")
        return parsed


def parameters(shape, value):
    """What the driver says that it sent, as botocore takes it."""
    if shape.type_name == "structure":
        return {name: parameters(shape.members[name], inner) for name, inner in value.items()}
    if shape.type_name == "list":
        return [parameters(shape.member, inner) for inner in value]
    return dict(value) if shape.type_name == "map" else value


def expected(shape, value, raw):
    """What botocore read, in the driver's words. raw: the same place in the text, for the spelling of times."""
    kind = shape.type_name
    if kind == "structure":
        return {name: expected(inner, value[name], raw[name])
                for name, inner in shape.members.items() if name in value}
    if kind == "list":
        return [expected(shape.member, a, b) for a, b in zip(value, raw) if a is not None]
    if kind == "map":
        return {name: text for name, text in value.items() if text is not None}
    if kind == "timestamp":
        return {"text": raw if isinstance(raw, str) else None, "seconds": calendar.timegm(value.utctimetuple())}
    return value


def seen(shape, value):
    """What the driver read, in the same form."""
    kind = shape.type_name
    if kind == "structure":
        return {name: seen(shape.members[name], inner) for name, inner in value.items()}
    if kind == "list":
        return [seen(shape.member, inner) for inner in value]
    if kind == "map":
        return dict(value)
    if kind == "timestamp":
        digits = value["text"].replace(".", "").isdigit()
        return {"text": None if digits else value["text"], "seconds": value["seconds"]}
    return value


def exactly(text):
    """JSON text in one spelling, its members in their order; True is not 1, and a member that comes twice shows."""
    return json.dumps(json.loads(text, object_pairs_hook=lambda pairs: ["object", *pairs])) if text else ""


def same(a, b):
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


class Comparison:
    def __init__(self, driver, other):
        self.driver = driver
        self.other = other
        self.failed = 0
        self.rounds = {"requests": 0, "answers": 0, "spoilt answers": 0}

    def fail(self, what, *details):
        self.failed += 1
        if self.failed <= 10:
            print("FAILED: " + what, *("  %.3000s" % (detail,) for detail in details), sep="\n")

    def encode(self, number, operation, seed, mode):
        model = self.other.model.operation_model(operation)
        command = "encode %d %d %s" % (number, seed, mode)
        ours = self.driver.ask(command)
        self.rounds["requests"] += 1
        if "error" in ours:
            return self.fail("%s (%s)" % (command, operation), ours)
        request = parameters(model.input_shape, ours["request"])
        if mode == "all" and (missing := set(model.input_shape.members) - set(request)):
            self.fail("%s (%s): not set" % (command, operation), missing)
        method, address, body = self.other.encode(operation, request)
        wire = ours["path"] + ("?" + ours["query"] if ours["query"] else "")
        if (method, address[:-1] if address.endswith("?") else address) != (ours["method"], wire):
            self.fail("%s (%s): address" % (command, operation), method + " " + address, ours["method"] + " " + wire)
        own = bytes.fromhex(ours["body"]).decode("utf-8")
        if exactly(body) != exactly(own):
            self.fail("%s (%s): body" % (command, operation), body, own)

    def ask_decode(self, number, text):
        return self.driver.ask("decode %d %s" % (number, text.hex()))

    def decode(self, number, operation, seed, full):
        shape = self.other.model.operation_model(operation).output_shape
        text = Maker(seed, full=full).answer(shape)
        ours = self.ask_decode(number, text)
        self.rounds["answers"] += 1
        if "error" in ours:
            return self.fail("%s, answer %s" % (operation, seed), ours, text)
        if shape is None:
            wanted, got = {}, ours["answer"]
        else:
            wanted = expected(shape, self.other.decode(shape, text), json.loads(text))
            got = seen(shape, ours["answer"])
        if full and shape and set(got) != set(shape.members):
            self.fail("%s, answer %s: not all members" % (operation, seed), text)
        if not same(wanted, got):
            self.fail("%s, answer %s" % (operation, seed), text, wanted, got)

    def decode_spoilt(self, number, operation, seed):
        shape = self.other.model.operation_model(operation).output_shape
        maker = Maker(seed, spoil=int(seed.rpartition(" ")[2]) % 40)
        text = maker.answer(shape)
        if maker.spoilt is None:
            return
        ours = self.ask_decode(number, text)
        self.rounds["spoilt answers"] += 1
        if (ours.get("number"), ours.get("member")) != (ERR_TYPE, maker.spoilt):
            self.fail("%s, spoilt answer %s: %s" % (operation, seed, maker.spoilt), ours, text)

    def operation(self, number, operation, seed, rounds):
        self.encode(number, operation, seed, "all")
        self.decode(number, operation, "%d full" % seed, True)
        has_answer = bool(self.other.model.operation_model(operation).output_shape)
        for i in range(rounds):
            self.encode(number, operation, seed + 1 + i, "random")
            self.decode(number, operation, "%d %s %d" % (seed, operation, i), False)
            if has_answer and i % SPOILT == 0:
                self.decode_spoilt(number, operation, "%d %s spoilt %d" % (seed, operation, i // SPOILT))


def too_late(*_):
    sys.exit("codec.py: not done after %d s: the driver hangs, or ROUNDS is too large" % DEADLINE)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: codec.py DRIVER [ROUNDS]")
    rounds = int(sys.argv[2]) if len(sys.argv) == 3 else 100
    seed = int(os.environ.get("IVS_SEED") or time.time_ns() // 1000 % 2**32)
    print("botocore %s, Python %s; IVS_SEED=%d" % (botocore.__version__, platform.python_version(), seed), flush=True)
    began = time.monotonic()
    signal.signal(signal.SIGALRM, too_late)
    signal.alarm(DEADLINE)
    driver = Driver(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([GENERATE, "--service-2", folder], check=True, stdout=subprocess.DEVNULL, timeout=60)
        comparison = Comparison(driver, Botocore(folder))
    operations = sorted(comparison.other.model.operation_names)
    for number, operation in enumerate(operations):
        comparison.operation(number, operation, seed, rounds)
    if driver.end() != 0:
        comparison.fail("the driver did not end well")
    ran = ", ".join("%d %s" % (count, what) for what, count in comparison.rounds.items())
    print("%d operations: %s in %.1f s; %d failed" % (len(operations), ran, time.monotonic() - began, comparison.failed))
    return 1 if comparison.failed or len(operations) < 41 or 0 in comparison.rounds.values() else 0


if __name__ == "__main__":
    sys.exit(main())
