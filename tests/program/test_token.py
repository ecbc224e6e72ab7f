"""ivs token, ivs token verify, ivs create-playback-key-pair: PyJWT checks the tokens, the simulator imports the keys.

usage: test_token.py [WRONG_CLOCK]        wrong_clock.c as a shared library; without it that test is left out
"""

import json
import os
import signal
import stat
import subprocess
import sys
import time

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support import PROGRAM, ProgramTest, main

ARN = "arn:aws:ivs:eu-west-1:123456789012:channel/AbCdef1G2hij"
WRONG_CLOCK = sys.argv.pop(1) if len(sys.argv) > 1 and sys.argv[1].endswith(".so") else None
PEM = serialization.Encoding.PEM
# Nothing that leads to the service.
ALONE = {"AWS_REGION": None, "AWS_DEFAULT_REGION": None, "AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None,
         "AWS_SESSION_TOKEN": None, "AWS_ENDPOINT_URL_IVS": None, "AWS_ENDPOINT_URL": None, "AWS_CA_BUNDLE": None}


class TokenTest(ProgramTest):
    simulator_options = []

    def setUp(self):
        super().setUp()
        self.simulator.tell("reset", {})
        self.key = ec.generate_private_key(ec.SECP384R1())
        pem = self.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        public = self.key.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.secrets.add(pem.decode().split("\n")[1])
        self.write("key.pem", pem.decode())
        self.write("public.pem", public.decode())

    def alone(self, *words, **options):
        return self.ivs(*words, env=self.environment(**ALONE), **options)

    def token(self, *words):
        done = self.alone("token", ARN, "--key", "key.pem", *words)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def claims(self, token):
        return jwt.decode(token.strip(), self.key.public_key(), algorithms=["ES384"])

    def operations(self):
        return [request["operation"] for request in self.simulator.ask("requests")["requests"]]


class Sign(TokenTest):
    def test_least(self):
        """Nothing but the token is printed, and neither region nor credentials are needed."""
        token = self.token()
        self.assertRegex(token, r"\A[\w-]+\.[\w-]+\.[\w-]{128}\n\Z")
        claims = self.claims(token)
        self.assertEqual(set(claims), {"aws:channel-arn", "exp"})
        self.assertEqual(claims["aws:channel-arn"], ARN)
        self.assertAlmostEqual(claims["exp"], time.time() + 600, delta=60)

    def test_every_option(self):
        claims = self.claims(self.token(
            "--expires-in", "60", "--allow-origin", "https://a.example,https://*.b.example", "--strict-origin",
            "--single-use", "00112233-4455-6677-8899-aabbccddeeff", "--viewer-id", "viewer 7",
            "--viewer-session-version", "-5", "--maximum-resolution", "HD", "--ads-opt-out",
            "--ads-reporting-mode", "CLIENT", "--ads-playback-config-name", "mine", "--ads-player-params", "a=b=c,d="))
        self.assertAlmostEqual(claims.pop("exp"), time.time() + 60, delta=50)
        self.assertEqual(claims, {
            "aws:channel-arn": ARN, "aws:access-control-allow-origin": "https://a.example,https://*.b.example",
            "aws:strict-origin-enforcement": True, "aws:single-use-uuid": "00112233-4455-6677-8899-aabbccddeeff",
            "aws:viewer-id": "viewer 7", "aws:viewer-session-version": -5, "aws:maximum-resolution": "HD",
            "aws:ads-opt-out": True, "aws:ads-reporting-mode": "CLIENT", "aws:ads-playback-config-name": "mine",
            "aws:ads-player-params": {"a": "b=c", "d": ""}})
        claims = self.claims(self.token("--expires", "4102444800", "--ads-player-params", '{"a": "b"}'))
        self.assertEqual((claims["exp"], claims["aws:ads-player-params"]), (4102444800, {"a": "b"}))

    def test_single_use(self):
        made = {self.claims(self.token("--single-use"))["aws:single-use-uuid"] for _ in range(3)}
        self.assertEqual(len(made), 3)
        for uuid in made:
            self.assertRegex(uuid, r"\A[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")

    def test_channel_by_name_and_url(self):
        channel = json.loads(self.ivs("create-channel", "--name", "lobby", "--authorized").stdout)["channel"]
        done = self.ivs("token", "lobby", "--key", "key.pem")
        self.assertEqual(self.claims(done.stdout)["aws:channel-arn"], channel["arn"])
        for which in ("lobby", channel["arn"]):
            url = self.ivs("token", which, "--key", "key.pem", "--url").stdout
            self.assertTrue(url.startswith(channel["playbackUrl"] + "?token="))
            self.assertEqual(self.claims(url.partition("=")[2])["aws:channel-arn"], channel["arn"])
        both = json.loads(self.ivs("token", "lobby", "--key", "key.pem", "--url", "--output", "json").stdout)
        self.assertEqual(both["channelArn"], channel["arn"])
        self.assertEqual(both["url"], channel["playbackUrl"] + "?token=" + both["token"])
        alone = json.loads(self.token("--output", "json"))
        self.assertEqual(set(alone), {"channelArn", "token"})
        self.assertFails(self.ivs("token", "nosuch", "--key", "key.pem"), 255, "no channel is named nosuch")
        self.assertFails(self.alone("token", "lobby", "--key", "key.pem"), 253, "region")

    def test_time_of_the_service(self):
        """A machine whose clock is off signs by the service's."""
        self.simulator.tell("clock", {"skew": 86400})
        self.addCleanup(self.simulator.tell, "clock", {"skew": 0})
        done = self.ivs("token", ARN, "--key", "key.pem", "--viewer-id", "7", "--service-time")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertAlmostEqual(self.claims(done.stdout)["exp"], time.time() + 86400 + 600, delta=60)
        done = self.ivs("token", "verify", done.stdout.strip(), "--key", "public.pem", "--service-time")
        self.assertIn("viewer_id\t7\n", done.stdout)

    def test_clock_that_was_never_set(self):
        if WRONG_CLOCK is None:
            self.skipTest("wrong_clock.so was not given")
        env = self.environment(LD_PRELOAD=os.path.abspath(WRONG_CLOCK), ASAN_OPTIONS="verify_asan_link_order=0")
        self.assertFails(self.ivs("token", ARN, "--key", "key.pem", env=env), 255, "never set", "--service-time")
        token = self.ivs("token", ARN, "--key", "key.pem", "--service-time", env=env).stdout
        self.assertAlmostEqual(self.claims(token)["exp"], time.time() + 600, delta=60)
        self.assertFails(self.ivs("token", "verify", token, "--key", "key.pem", env=env), 255, "--service-time")

    def test_limits(self):
        for words, part in ((["--expires-in", "601", "--viewer-id", "7"],
                             "ivs: --expires-in is more than 10 minutes ahead, which is the most with --viewer-id or --single-use"),
                            (["--viewer-id", "7" * 41], "--viewer-id is longer than 40 characters"), (["--expires", "1795000000000"], "milliseconds"),
                            (["--expires", "5"], "--expires is over already"), (["--single-use", "once"], "--single-use is no UUID"),
                            (["--allow-origin", "a.example"], "--allow-origin has to be SCHEME://HOST"), (["--strict-origin"], "--strict-origin needs --allow-origin"),
                            (["--allow-origin", "https://" + "x" * 2000], "2048"),
                            (["--ads-player-params", '{"a": 1}'], "object of texts")):
            done = self.alone("token", ARN, "--key", "key.pem", *words)
            self.assertFails(done, 252, part)
            self.assertEqual(done.stdout, "")

    def test_limits_before_anything_is_sent(self):
        for words in (["lobby"], [ARN, "--url"], [ARN, "--service-time"]):
            self.assertFails(self.ivs("token", *words, "--key", "key.pem", "--viewer-id", "7", "--expires-in", "601"), 252, "10 minutes")
            for expires, part in (("1795000000000", "milliseconds"), ("0", "--expires is over already")):
                self.assertFails(self.ivs("token", *words, "--key", "key.pem", "--expires", expires), 252, part)
        self.assertEqual(self.operations(), [])

    def test_limits_by_the_clock(self):
        """Where the service was asked before, the code is not the one of commands that send nothing."""
        self.assertFails(self.ivs("token", ARN, "--service-time", "--key", "key.pem", "--expires", "5"), 255, "--expires is over already")

    def test_channel_that_is_not_private(self):
        arn = json.loads(self.ivs("create-channel", "--name", "open").stdout)["channel"]["arn"]
        for words in (["open"], ["open", "--url"], [arn, "--url"]):
            done = self.ivs("token", *words, "--key", "key.pem")
            self.assertEqual((done.returncode, self.claims(done.stdout.strip().partition("token=")[2] or done.stdout)["aws:channel-arn"]), (0, arn))
            self.assertIn("ivs: the channel is not private", done.stderr)

    def test_usage(self):
        for words, part in (([], "required: --key, channel"), ([ARN], "required: --key"), (["--key", "key.pem"], "required: channel"),
                            ([ARN, "--key", "key.pem", "--maximum-resolution", "4K"], "Invalid choice"),
                            ([ARN, "--key", "key.pem", "--expires-in", "0"], "must be a whole number"),
                            ([ARN, "--key", "key.pem", "--viewer-session-version", "x"], "a whole number of 64 bits"),
                            ([ARN, "--key", "key.pem", "--expires-in", "5", "--expires", "5"], "either"),
                            ([ARN, "--key", "key.pem", "--ads-player-params", "a"], "NAME=VALUE"),
                            ([ARN, "again", "--key", "key.pem"], "one channel"),
                            ([ARN, "again", "more", "--key", "key.pem"], "Unknown options: more"),
                            (["verify", "x", "--key", "key.pem", "--url"], "only")):
            done = self.alone("token", *words)
            self.assertEqual(done.returncode, 252, words)
            self.assertIn(part, done.stderr)
            self.assertEqual(done.stdout, "")

    def test_keys(self):
        self.write("no.pem", "no key")
        self.write("empty.pem", "")
        for name, part in (("none.pem", "none.pem: No such file"), ("no.pem", "no.pem: no key in PEM or DER"),
                           ("empty.pem", "empty.pem: the file is empty"), ("public.pem", "give the private one"),
                           (".", "ivs: .: Is a directory")):
            self.assertFails(self.alone("token", ARN, "--key", name), 255, part)


class Verify(TokenTest):
    def test_what_it_prints(self):
        token = jwt.encode({"aws:channel-arn": ARN, "exp": int(time.time()) + 500, "aws:viewer-id": "7",
                            "aws:ads-opt-out": False, "aws:ads-player-params": {"a": "b"}, "aws:newer": 1},
                           self.key, algorithm="ES384")
        for key in ("key.pem", "public.pem"):
            done = self.alone("token", "verify", token, "--key", key)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertRegex(done.stdout, r"\Achannel_arn\t%s\nexpires\t\d+ \(in (4\d\d|500) s\)\nviewer_id\t7\n"
                             r'ads_opt_out\tfalse\nads_player_params\t\{"a":"b"\}\n\Z' % ARN)
        said = json.loads(self.alone("token", "verify", token, "--key", "public.pem", "--output", "json").stdout)
        self.assertEqual((said["channel_arn"], said["viewer_id"], said["ads_opt_out"]), (ARN, "7", False))

    def test_where_it_comes_from(self):
        """As a word, in a URL, from standard input; ours as theirs."""
        token = self.token().strip()
        url = f"https://a.example/b.m3u8?x=1&token={token}"
        for words, text in (([token], None), ([url], None), ([], token + "\n"), (["-"], url + "\n"), ([], f"  {token}  ")):
            done = self.alone("token", "verify", *words, "--key", "key.pem", text=text)
            self.assertEqual((done.returncode, done.stderr), (0, ""), words)

    def test_unreadable_input(self):
        self.assertFails(self.ivs_on_folder("token", "verify", "--key", "public.pem"), 255, "ivs: standard input: Is a directory")

    def test_refused(self):
        token = self.token().strip()
        other = jwt.encode({"exp": int(time.time()) + 500}, ec.generate_private_key(ec.SECP384R1()), algorithm="ES384")
        over = jwt.encode({"exp": int(time.time()) - 1}, self.key, algorithm="ES384")
        changed = token[:50] + ("A" if token[50] != "A" else "B") + token[51:]
        for text, part in ((token[:-5], "another length"), (changed, "not signed by this key"),
                           (other, "not signed by this key"), (over, "over"), ("", "not a token"), ("x.y.z", "not a token of ES384")):
            done = self.alone("token", "verify", text, "--key", "public.pem")
            self.assertFails(done, 255, part)
            self.assertEqual(done.stdout, "")


class Pair(TokenTest):
    def make(self, *words):
        done = self.ivs("create-playback-key-pair", *words)
        path = os.path.join(self.folder, "new.pem")
        if os.path.exists(path):
            self.secrets.add(self.read("new.pem").split("\n")[1])
            self.assertNoSecret(done.stdout + done.stderr)
        return done

    def test_pair(self):
        """The file is the owner's alone, whatever the umask; the service has the other half; OpenSSL reads both."""
        old = os.umask(0)
        try:
            done = self.make("--key", "new.pem", "--name", "mine")
        finally:
            os.umask(old)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        arn, fingerprint = done.stdout.splitlines()
        mode = os.stat(os.path.join(self.folder, "new.pem")).st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o600)
        pair = json.loads(self.ivs("get-playback-key-pair", "--arn", arn).stdout)["keyPair"]
        self.assertEqual((pair["name"], pair["fingerprint"]), ("mine", fingerprint))
        der = subprocess.run(["openssl", "pkey", "-in", "new.pem", "-pubout", "-outform", "DER"], cwd=self.folder,
                             capture_output=True, check=True).stdout
        digest = subprocess.run(["openssl", "md5", "-c"], input=der, capture_output=True, check=True).stdout.decode()
        self.assertIn(fingerprint, digest)
        done = self.alone("token", ARN, "--key", "new.pem")
        key = serialization.load_pem_private_key(self.read("new.pem").encode(), None)
        self.assertEqual(jwt.decode(done.stdout.strip(), key.public_key(), algorithms=["ES384"])["aws:channel-arn"], ARN)

    def test_debug_shows_no_key(self):
        done = self.make("--key", "new.pem", "--debug")
        self.assertIn("ImportPlaybackKeyPair", done.stderr)
        self.assertIn("BEGIN PUBLIC KEY", done.stderr)

    def test_output_json(self):
        made = json.loads(self.make("--key", "new.pem", "--output", "json").stdout)["keyPair"]
        self.assertIn(":playback-key/", made["arn"])

    def test_nothing_is_overwritten(self):
        before = self.read("key.pem")
        os.symlink("target.pem", os.path.join(self.folder, "link.pem"))
        for name in ("key.pem", "link.pem"):
            self.assertFails(self.make("--key", name), 255, name, "there already")
        self.assertEqual(self.read("key.pem"), before)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "target.pem")))
        self.assertFails(self.make("--key", "no/such/folder.pem"), 255, "No such file or directory")
        self.assertEqual(self.operations(), [])

    def test_refused_by_the_service(self):
        """Nothing is left of a key that nobody knows."""
        self.simulator.tell("quota", {"playbackKeyPairs": 0})
        self.addCleanup(self.simulator.tell, "quota", {"playbackKeyPairs": None})
        done = self.make("--key", "new.pem")
        self.assertEqual(done.returncode, 254)
        self.assertIn("ServiceQuotaExceededException", done.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "new.pem")))

    def test_lost_answer(self):
        """The key may be in use, so it is kept."""
        self.simulator.tell("fault", {"operation": "ImportPlaybackKeyPair", "fault": "close-before-answer"})
        done = self.make("--key", "new.pem")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("new.pem is kept", done.stderr)
        self.assertTrue(os.path.exists(os.path.join(self.folder, "new.pem")))

    def test_signal_before_the_answer(self):
        """The same."""
        self.simulator.tell("fault", {"operation": "ImportPlaybackKeyPair", "fault": "stall-before-answer", "seconds": 20})
        child = self.start("create-playback-key-pair", "--key", "new.pem")
        self.addCleanup(child.kill)
        until = time.monotonic() + 20
        while "ImportPlaybackKeyPair" not in self.simulator.ask("counts")["operations"] and time.monotonic() < until:
            time.sleep(0.05)
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=20)
        self.assertEqual((child.returncode, out), (143, ""))
        self.assertEqual(err, "ivs: new.pem is kept: its public half may have been imported; look with ivs list-playback-key-pairs\n")
        self.assertTrue(os.path.exists(os.path.join(self.folder, "new.pem")))

    def test_empty_word_for_the_file(self):
        done = self.make("--key", "")
        self.assertEqual(done.returncode, 252)
        self.assertIn("argument --key: must be a file, not an empty word; is a variable unset?", done.stderr)

    def test_no_room_for_the_file(self):
        command = f"ulimit -f 0; exec '{PROGRAM}' create-playback-key-pair --key new.pem"
        limited = subprocess.run(["sh", "-c", command], cwd=self.folder, env=self.environment(), capture_output=True,
                                 text=True, timeout=60, preexec_fn=ignore_file_size)
        self.assertEqual(limited.returncode, 255)
        self.assertIn("File too large", limited.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "new.pem")))
        self.assertEqual(self.operations(), [])


def ignore_file_size():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


if __name__ == "__main__":
    main()
