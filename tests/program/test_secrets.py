"""Secrets: what is left of them in memory once a client is closed, what of them gets into logs, arguments of programs and files.

The program runs a script that makes calls, closes its client and stands still; its memory is then read by /proc. What is looked
for: secret access keys, session tokens, the signing keys derived from them, stream keys, private keys. Keys in the environment, in
arguments and in strings of a script are not the program's to wipe, and are not looked for: see core/README.md.
"""

import datetime
import hashlib
import hmac
import os
import re
import struct
import subprocess
import time

from support import DEADLINE, ENCODER, PROGRAM, ProgramTest, clean_environment, main, processes_with

ARN = "arn:aws:ivs:us-west-2:123456789012:channel/AbCdEf0123456"
# Stands still after calls, with the client closed but still there, and with it let go.
STAND = """
local ivs = require "ivs"
local client = assert(ivs.client())
for _ = 1, 2 do assert(client:list_channels()) end
local function stand() print "still" io.stdout:flush() io.read "l" end
stand()
client:close()
collectgarbage() collectgarbage()
stand()
client = nil
collectgarbage() collectgarbage()
stand()
"""


def memory_of(pid):
    """All that a process can write to, but for what the kernel put onto its stack at the start: environment and arguments."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    arguments, environment = (tuple(map(int, fields[i:i + 2])) for i in (45, 47))  # arg_start to env_end: proc(5), 48 to 51
    parts = []
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            words = line.split()
            first, _, last = words[0].partition("-")
            if not words[1].startswith("rw") or "[vvar" in line:
                continue
            first, last = int(first, 16), int(last, 16)
            memory.seek(first)
            try:
                part = bytearray(memory.read(last - first))
            except OSError:
                continue  # of a device
            for start, end in (arguments, environment):
                if first <= start and end <= last:
                    part[start - first:end - first] = bytes(end - start)
            parts.append(bytes(part))
    return b"\n".join(parts)


def first_digits(roots, power):
    """32 bits of the fractions of square or cube roots of the first primes: the constants of FIPS 180-4."""
    primes, n = [], 2
    while len(primes) < roots:
        if all(n % prime for prime in primes):
            primes.append(n)
        n += 1
    found = []
    for prime in primes:
        wanted, low, high = prime << (32 * power), 0, 1 << 40
        while low < high - 1:  # the whole root of prime * 2^(32 * power)
            middle = (low + high) // 2
            low, high = (middle, high) if middle ** power <= wanted else (low, middle)
        found.append(low & 0xffffffff)
    return found


START, ROUND = first_digits(8, 2), first_digits(64, 3)


def state_after(block):
    """SHA-256's state after one block, which is how a key of HMAC is kept: as words of either order of bytes."""
    def turned(word, *by):
        value = 0
        for n in by:
            value ^= (word >> n | word << (32 - n)) & 0xffffffff
        return value
    words = list(struct.unpack(">16I", block))
    for i in range(16, 64):
        low, high = words[i - 15], words[i - 2]
        words.append((words[i - 16] + (turned(low, 7, 18) ^ low >> 3) + words[i - 7] + (turned(high, 17, 19) ^ high >> 10)) & 0xffffffff)
    a, b, c, d, e, f, g, h = START
    for word, constant in zip(words, ROUND):
        t = h + turned(e, 6, 11, 25) + (e & f ^ ~e & g) + constant + word
        u = turned(a, 2, 13, 22) + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = (t + u) & 0xffffffff, a, b, c, (d + t) & 0xffffffff, e, f, g
    state = [(old + new) & 0xffffffff for old, new in zip(START, (a, b, c, d, e, f, g, h))]
    return struct.pack("<8I", *state), struct.pack(">8I", *state)


def kept_forms(key):
    """How a key of HMAC is kept: inner and outer state."""
    for name, pad in (("inner", 0x36), ("outer", 0x5c)):
        block = bytes(byte ^ pad for byte in key.ljust(64, b"\0"))
        for order, state in zip(("", ", big-endian"), state_after(block)):
            yield name + order, state


def signing_keys(secret, region="us-west-2"):
    """What the key of a day is derived through, for yesterday to tomorrow: that of the date, of the region, of the service, and itself."""
    found = {}
    for days in (-1, 0, 1):
        date = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days)).strftime("%Y%m%d")
        key = b"AWS4" + secret.encode()
        for word in (date, region, "ivs", "aws4_request"):
            key = hmac.new(key, word.encode(), hashlib.sha256).digest()
            found[f"signing key ({date}, {word})"] = key
            found.update((f"signing key ({date}, {word}, {form})", state) for form, state in kept_forms(key))
    return found


def private_number(path):
    """The secret number of a private key in PEM, as bytes in either order; and a line of the file itself."""
    text = subprocess.run(["openssl", "pkey", "-in", path, "-noout", "-text"], capture_output=True, text=True, check=True).stdout
    digits = re.search(r"(?:priv|privateExponent|prime1):\s*((?:[0-9a-f]{2}:?\s*)+)", text).group(1)
    number = bytes.fromhex(re.sub(r"[:\s]", "", digits)).lstrip(b"\0")
    with open(path, encoding="ascii") as file:
        lines = [line for line in file.read().split("\n") if line and "-----" not in line]
    return {"private key": number, "private key, reversed": number[::-1], "private key file": max(lines, key=len).encode()[:40]}


class Standing:
    """The program, with a script that stands still."""

    def __init__(self, test, env, *words, name=None):
        path = name or test.write("stand.lua", STAND)
        self.process = subprocess.Popen([PROGRAM, "run", path, *words], env=env, cwd=test.folder, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        test.addCleanup(self.end)

    def memory(self):
        """Once it stands still."""
        line = self.process.stdout.readline()
        if line != "still\n":
            raise AssertionError("the script ended: " + self.process.stderr.read())
        return memory_of(self.process.pid)

    def go_on(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self):
        if self.process.returncode is None:
            self.process.communicate("\n\n\n", timeout=DEADLINE)


class Memory(ProgramTest):
    simulator_options = ["--sts", "--web-identity", "--container", "--imds", "--iot"]

    def around(self, **more):
        x = self.simulator.environment
        names = ("AWS_ENDPOINT_URL_IVS", "AWS_CA_BUNDLE", "AWS_REGION", "AWS_ENDPOINT_URL_STS")
        return {**clean_environment(), **{name: x[name] for name in names}, "IVS_TEST_MARK": self.mark, "HOME": self.folder, **more}

    def profile(self, text):
        return {"AWS_SHARED_CREDENTIALS_FILE": self.write("credentials", text)}

    def sources(self):
        x = self.simulator.environment
        keys = f"aws_access_key_id = {x['AWS_ACCESS_KEY_ID']}\naws_secret_access_key = {x['AWS_SECRET_ACCESS_KEY']}\n"
        answer = self.write("answer.json", '{"Version": 1, "AccessKeyId": "%s", "SecretAccessKey": "%s"}'
                            % (x["AWS_ACCESS_KEY_ID"], x["AWS_SECRET_ACCESS_KEY"]))
        yield "profile", self.profile("[default]\n" + keys)
        yield "process", self.profile(f"[default]\ncredential_process = cat {answer}\n")
        yield "role", self.profile(f"[default]\nrole_arn = {x['IVS_SIM_ROLE_ARN']}\nsource_profile = y\n[y]\n{keys}")
        yield "environment", {name: x[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
        yield "web identity", {name: x[name] for name in ("AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE")}
        yield "iot", {"IVS_IOT_CREDENTIALS_ENDPOINT": x["IVS_SIM_IOT_ENDPOINT"], "IVS_IOT_ROLE_ALIAS": x["IVS_SIM_IOT_ROLE_ALIAS"],
                      "IVS_IOT_THING_NAME": x["IVS_SIM_IOT_THING"], "IVS_IOT_CERTIFICATE": x["IVS_SIM_IOT_CERTIFICATE"],
                      "IVS_IOT_PRIVATE_KEY": x["IVS_SIM_IOT_KEY"]}
        yield "container", {name: x[name] for name in ("AWS_CONTAINER_CREDENTIALS_FULL_URI",)}
        yield "imds", {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": x["AWS_EC2_METADATA_SERVICE_ENDPOINT"]}

    def looked_for(self, source):
        x = self.simulator.environment
        secret = x["AWS_SECRET_ACCESS_KEY"]
        wanted = {"issued": b"SIMISSUED", "secret access key": secret.encode(), **signing_keys(secret)}
        if source == "iot":
            wanted.update(private_number(x["IVS_SIM_IOT_KEY"]))
        if source == "web identity":
            with open(x["AWS_WEB_IDENTITY_TOKEN_FILE"], encoding="ascii") as file:
                wanted["web identity token"] = file.read().strip().encode()
        return wanted

    def test_each_source(self):
        for source, variables in self.sources():
            with self.subTest(source):
                program = Standing(self, self.around(**variables))
                wanted = self.looked_for(source)
                first = program.memory()
                self.assertTrue(any(secret in first for secret in wanted.values()), "the test cannot see what it looks for")
                if source == "profile":
                    self.assertTrue(any(secret in first for what, secret in wanted.items() if "inner" in what), "no kept key")
                for stage in ("closed", "let go"):
                    program.go_on()
                    memory = program.memory()
                    left = {what: memory.count(secret) for what, secret in wanted.items() if secret in memory}
                    self.assertEqual(left, {}, stage)
                program.end()

    def test_keys_of_streams(self):
        """Neither in the workspace of the client, which has the answers, nor in Lua's strings, once they are let go."""
        path = self.write("keys.lua", """
            local ivs = require "ivs"
            local client = assert(ivs.client())
            local arn = assert(client:create_channel { name = "one" }).channel.arn
            if arg[1] then
              print "still" io.stdout:flush() io.read "l"
            end
            collectgarbage() collectgarbage()
            client:close()
            print "still" io.stdout:flush() io.read "l"
            client = nil
            collectgarbage() collectgarbage()
            print "still" io.stdout:flush() io.read "l" """)
        program = Standing(self, self.environment(), "open", name=path)
        first = program.memory()
        state = self.ivs("-e", """
            local client = require "ivs".client()
            for channel in client:each_channel() do
              for key in client:each_stream_key { channelArn = channel.arn } do print(client:get_stream_key { arn = key.arn }.streamKey.value) end
            end""")
        key = state.stdout.split()[0].encode()
        self.assertTrue(key.startswith(b"sk_"))
        self.assertIn(key, first)
        for stage in ("closed", "let go"):
            program.go_on()
            self.assertEqual(program.memory().count(key), 0, stage)


class Logs(ProgramTest):
    """What is said, logged and shown to others of the machine, while stream keys and metadata go through."""

    simulator_options = ["--start-delay", "0.05"]
    CUE = "a-cue-for-viewers-alone"

    def keys(self):
        done = self.ivs("-e", """
            local client = require "ivs".client()
            for key in client:each_stream_key { channelArn = client:list_channels().channels[1].arn } do
              print(client:get_stream_key { arn = key.arn }.streamKey.value)
            end""")
        return done.stdout.split()

    def test_debug(self):
        made = self.ivs("create-channel", "--name", "one", "--debug")
        key, = self.keys()
        self.assertTrue(key.startswith("sk_"))
        self.assertIn(key, made.stdout)
        arn = re.search(r'"arn": "(arn:[^"]*channel/[^"]*)"', made.stdout).group(1)
        self.simulator.tell("live", {"channelArn": arn, "live": True})
        said = made.stderr
        for words in (["list-stream-keys", "--channel-arn", arn], ["put-metadata", "--channel-arn", arn, "--metadata", self.CUE],
                      ["get-channel", "--arn", arn], ["ingest-url", "one"]):
            done = self.ivs(*words, "--debug")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("Request", done.stderr.title())
            said += done.stderr
        self.assertNotIn(key, said)
        self.assertNotIn(self.CUE, said)
        self.ivs("delete-channel", "--force", "--arn", arn)

    def test_debug_of_a_key_in_a_wrong_place(self):
        """A stream key that was typed where something else belongs: the form gives it away."""
        for key in ("sk_us-west-2_AbCd1234efGH_987654321zyxwvutsrqponmlk", "sk_us-gov-west-1_a-B_c"):
            for words in (["get-stream-key", "--arn"], ["get-channel", "--arn"], ["list-channels", "--filter-by-name"],
                          ["list-tags-for-resource", "--resource-arn"], ["tag-resource", "--tags", f"{key}={key}", "--resource-arn"],
                          ["put-metadata", "--metadata", "x", "--channel-arn"], ["ingest-url"]):
                done = self.ivs(*words, key, "--debug")
                lines = [line for line in done.stderr.split("\n") if line.startswith("ivs: debug: ")]
                self.assertTrue(any("<hidden>" in line for line in lines), (words, done.stderr))
                self.assertNotIn(key, "\n".join(lines), words)
                self.assertNotIn(key, done.stderr, words)

    def test_queue_warnings(self):
        done = self.ivs("-e", f"""
            local client = require "ivs".client {{ endpoint = "http://127.0.0.1:1", max_attempts = 1 }}
            local queue = client:metadata_queue "{ARN}"
            queue:push "{self.CUE}"
            queue:push {{ cue = "{self.CUE}" }}""")
        self.assertIn("warning", done.stderr)
        self.assertNotIn(self.CUE, done.stderr + done.stdout)

    def test_going_live(self):
        self.write("noisy", f"#!/bin/sh\necho $IVS_STREAM_KEY $IVS_INGEST_URL >&2\nexec {ENCODER}\n")
        os.chmod(os.path.join(self.folder, "noisy"), 0o755)
        child = self.start("go-live", "lobby", "--debug", "--encoder", "./noisy", "--log", "encoder.log", "--seconds", "1")
        shown = set()
        while child.poll() is None:
            shown.update(processes_with(self.mark))
            time.sleep(0.02)
        out, errors = child.communicate()
        self.assertEqual(child.returncode, 0, errors)
        key, = self.keys()
        self.assertTrue(any("stand-in-encoder" in line for line in shown))
        log = self.read("encoder.log")
        self.assertIn("encoder:", log)
        for text in (out, errors, log, "\n".join(shown)):
            self.assertNotIn(key, text)
        self.assertEqual(os.stat(os.path.join(self.folder, "encoder.log")).st_mode & 0o777, 0o600)

    def test_modes(self):
        """What the program writes can be read by its owner alone, whatever the umask."""
        before = os.umask(0)
        self.addCleanup(os.umask, before)
        self.ivs("-e", """
            local process = require "ivs.process"
            assert(process.start { argv = { "true" }, log = "log" }):wait(10)""")
        self.assertEqual(os.stat(os.path.join(self.folder, "log")).st_mode & 0o777, 0o600)


if __name__ == "__main__":
    main()
