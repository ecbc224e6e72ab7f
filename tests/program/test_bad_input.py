"""What goes wrong for users: one clear line that says what to do, an exit code, no secret, nothing left running.
Each case is met in both forms: as a command and in a script."""

import socket
import socketserver
import subprocess
import threading

from support import ENCODER, PROGRAM, ProgramTest, Simulator, main

LIST = """
local ivs = require "ivs"
local client = assert(ivs.client())
assert(client:list_channels())
"""


class BadInput(ProgramTest):
    def both(self, environment, code, *parts, hint=()):
        """ivs list-channels, and the same from a script."""
        self.assertFails(self.ivs("list-channels", env=environment), code, *parts)
        return self.assertFails(self.script(LIST, env=environment), 1, *parts, *hint)


class Configuration(BadInput):
    simulator_options = []

    def test_no_credentials(self):
        environment = self.environment(AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
        self.both(environment, 253, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        self.assertIn("Unable to locate credentials", self.ivs("list-channels", env=environment).stderr)

    def test_half_of_the_credentials(self):
        self.both(self.environment(AWS_SECRET_ACCESS_KEY=None), 255, "AWS_SECRET_ACCESS_KEY")

    def test_no_region(self):
        environment = self.environment(AWS_REGION=None, AWS_DEFAULT_REGION=None)
        self.both(environment, 253, "AWS_REGION")
        self.assertIn("You must specify a region", self.ivs("list-channels", env=environment).stderr)

    def test_impossible_region(self):
        self.both(self.environment(AWS_REGION="eu west/1"), 255, "region")
        self.assertFails(self.ivs("list-channels", env=self.environment(AWS_REGION="", AWS_DEFAULT_REGION="x!")), 255,
                         "Provided region_name 'x!' doesn't match a supported format.")
        long = "x" * 70
        self.assertFails(self.ivs("list-channels", "--region", long), 255, f"Provided region_name '{long}' doesn't match")

    def test_impossible_endpoint(self):
        self.both(self.environment(AWS_ENDPOINT_URL_IVS="localhost"), 253, "AWS_ENDPOINT_URL_IVS", "https://")

    def test_unreadable_bundle(self):
        self.both(self.environment(AWS_CA_BUNDLE="/no/such/file.pem"), 255, "/no/such/file.pem", "AWS_CA_BUNDLE")
        nowhere = self.environment(AWS_CA_BUNDLE="/no/such/file.pem", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true")
        for words, path in ((("list-channels",), "ListChannels"), (("kick", "lobby"), "")):
            self.assertFails(self.ivs(*words, env=nowhere), 255,
                             f"SSL validation failed for https://ivs.us-west-2.amazonaws.com/{path} (TlsRoots: no certificates can be read")
        plain = self.write("plain.txt", "no certificate\n")
        self.both(self.environment(AWS_CA_BUNDLE=plain), 255, plain)


class Network(BadInput):
    simulator_options = []

    def test_nobody_listens(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
            self.both(self.environment(AWS_ENDPOINT_URL_IVS=f"https://127.0.0.1:{port}"), 255, f"127.0.0.1:{port}", "onnection refused",
                      hint=("check the network and the endpoint",))

    def test_endpoint_of_the_profile(self):
        """The address is that of the request, wherever it comes from."""
        file = self.write("config", "[default]\nendpoint_url = http://127.0.0.1:1/base/\n")
        environment = self.environment(AWS_CONFIG_FILE=file, AWS_ENDPOINT_URL=None, AWS_ENDPOINT_URL_IVS=None, AWS_MAX_ATTEMPTS="1")
        for words, path in ((("list-channels",), "ListChannels"), (("kick", "lobby"), "ListChannels"),
                            (("list-tags-for-resource", "--resource-arn", "arn:aws:ivs:us-west-2:1:channel/a"),
                             "tags/arn%3Aaws%3Aivs%3Aus-west-2%3A1%3Achannel%2Fa")):
            self.assertFails(self.ivs(*words, env=environment), 255, f'Could not connect to the endpoint URL: "http://127.0.0.1:1/base/{path}" (')

    def test_unknown_host(self):
        self.both(self.environment(AWS_ENDPOINT_URL_IVS="https://no-such-host.invalid"), 255, "no-such-host.invalid", "not found")

    def test_silent_host(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            text = LIST.replace("client()", "client { timeout = 0.5 }")
            environment = self.environment(AWS_ENDPOINT_URL_IVS=f"https://127.0.0.1:{silent.getsockname()[1]}")
            self.assertFails(self.script(text, env=environment), 1, "Timeout", "deadline passed")

    def test_wrong_ca(self):
        self.both(self.environment(AWS_CA_BUNDLE=None), 255, "certificate not signed by a trusted root", "AWS_CA_BUNDLE")
        for words in (("list-channels",), ("kick", "lobby")):
            self.assertFails(self.ivs(*words, env=self.environment(AWS_CA_BUNDLE=None)), 255, "with AWS_CA_BUNDLE or --ca-bundle")

    def test_no_tls_there(self):
        class Plain(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.recv(4096)
                self.request.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Plain) as server:
            threading.Thread(target=server.serve_forever).start()
            url = f"https://127.0.0.1:{server.server_address[1]}"
            try:
                self.both(self.environment(AWS_ENDPOINT_URL_IVS=url), 255, "TLS failed", "is the endpoint one for https?")
            finally:
                server.shutdown()


class Certificates(BadInput):
    def environment_of(self, simulator, **more):
        return self.environment(**{**simulator.environment, **more})

    def test_wrong_host_name(self):
        with Simulator("--certificate", "wrong-host") as simulator:
            self.both(self.environment_of(simulator), 255, "certificate is for another host", "endpoint")

    def test_expired(self):
        with Simulator("--certificate", "expired") as simulator:
            self.both(self.environment_of(simulator), 255, "certificate not valid at this time", "clock says")

    def test_other_ca(self):
        with Simulator("--certificate", "other-ca") as simulator:
            self.both(self.environment_of(simulator), 255, "certificate not signed by a trusted root")


class Refused(BadInput):
    def test_clock_years_off(self):
        for skew in ("94608000", "-94608000"):
            with Simulator("--clock-skew", skew) as simulator:
                environment = self.environment(**simulator.environment)
                self.assertEqual(self.ivs("list-channels", env=environment).returncode, 0)
                environment["AWS_MAX_ATTEMPTS"] = "1"
                self.both(environment, 254, "InvalidSignatureException", "this machine's clock is 946", " s slow" if skew[0] != "-" else " s fast")

    def test_wrong_secret(self):
        with Simulator() as simulator:
            self.secrets.add("wrong+secret/key")
            environment = self.environment(**{**simulator.environment, "AWS_SECRET_ACCESS_KEY": "wrong+secret/key"})
            self.both(environment, 254, "InvalidSignatureException", "check the secret access key and the region")

    def test_unknown_key_id(self):
        with Simulator() as simulator:
            environment = self.environment(**{**simulator.environment, "AWS_ACCESS_KEY_ID": "AKIDNOBODY"})
            self.both(environment, 254, "UnrecognizedClientException", "check the access key id")

    def test_missing_token(self):
        self.secrets.add("a-session-token")
        with Simulator("--session-token", "a-session-token") as simulator:
            self.assertEqual(self.ivs("list-channels", env=self.environment(**simulator.environment)).returncode, 0)
            environment = self.environment(**{**simulator.environment, "AWS_SESSION_TOKEN": None})
            self.both(environment, 254, "Exception", "token")


class Requests(BadInput):
    simulator_options = []

    def test_oversized_metadata(self):
        done = self.script("""
        local client = require "ivs".client()
        io.write(assert(client:create_channel { name = "big" }).channel.arn)""")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        arn = done.stdout
        self.simulator.tell("live", {"channelArn": arn, "live": True})
        self.secrets.add("m" * 100)
        self.assertFails(self.ivs("put-metadata", "--channel-arn", arn, "--metadata", "m" * 1025), 254,
                         "(ValidationException) when calling the PutMetadata operation")
        self.assertEqual(self.ivs("put-metadata", "--channel-arn", arn, "--metadata", "m" * 1024).returncode, 0)

    def test_unknown_member(self):
        before = len(self.simulator.ask("requests")["requests"])
        text = 'local client = require "ivs".client()\nclient:create_channel { nmae = "x" }'
        self.assertFails(self.script(text), 1, "script.lua:2:", "nmae", "did you mean 'name'?")
        done = self.ivs("create-channel", "--nmae", "x")
        self.assertEqual(done.returncode, 252)
        self.assertIn("did you mean --name?", done.stderr)
        self.assertEqual(len(self.simulator.ask("requests")["requests"]), before)

    def test_wrong_type(self):
        text = 'local client = require "ivs".client()\nclient:create_channel { authorized = "yes" }'
        self.assertFails(self.script(text), 1, "script.lua:2:", "authorized", "boolean", "string")

    def test_unknown_operation(self):
        text = 'local client = require "ivs".client()\nclient:creat_channel {}'
        self.assertFails(self.script(text), 1, "script.lua:2:", "creat_channel", "create_channel")

    def test_closed_input(self):
        """Its number must not become that of a connection, which would then be read for input; and it does not count as empty."""
        done = self.script('io.write(assert(require "ivs".client():create_channel { name = "closed" }).channel.arn)')
        self.simulator.tell("live", {"channelArn": done.stdout, "live": True})
        done = subprocess.run(["sh", "-c", '"$0" "$@" <&-', PROGRAM, "metadata", "closed"], env=self.environment(), capture_output=True,
                              text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (255, "0 sent in 0 payloads\n", "ivs: standard input: Bad file descriptor\n"))

    def test_unreadable_input(self):
        """It does not count as empty."""
        done = self.script('io.write(assert(require "ivs".client():create_channel { name = "unread" }).channel.arn)')
        self.simulator.tell("live", {"channelArn": done.stdout, "live": True})
        said = "ivs: standard input: Is a directory\n"
        done = self.ivs_on_folder("metadata", "unread")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (255, "0 sent in 0 payloads\n", said))
        for words in (("watch", "unread", "--cues", "--seconds", "1"), ("go-live", "fresh", "--cues", "--seconds", "1", "--", ENCODER)):
            with self.subTest(words):
                done = self.ivs_on_folder(*words)
                self.assertEqual((done.returncode, done.stderr.count(said)), (255, 1), done.stderr)
        done = self.ivs_on_folder("-e", "print(require 'ivs.lines'.new():next(1))")
        self.assertEqual((done.returncode, done.stdout), (0, "nil\tstandard input: Is a directory\n"))

    def test_long_refusal(self):
        """A refusal that is too long to be read is not one without a message."""
        self.assertFails(self.ivs("get-channel", "--arn", "a" * 120000), 254, "An error occurred (ValidationException) when calling the "
                         "GetChannel operation: the message was too long, or was broken off (request id ")

    def test_empty_channel(self):
        before = len(self.simulator.ask("requests")["requests"])
        for name in ("go-live", "kick", "ingest-url", "metadata", "watch"):
            with self.subTest(name):
                done = self.ivs(name, "")
                self.assertEqual(done.returncode, 252)
                self.assertIn("argument channel: must be a name or an ARN, not an empty word", done.stderr)
        self.assertEqual(len(self.simulator.ask("requests")["requests"]), before)

    def test_wrong_arn_of_a_channel(self):
        before = len(self.simulator.ask("requests")["requests"])
        end = ":us-west-2:123456789012:"
        wrong = ("arn:", "arn:aws:s3:::bucket", f"arn:aws:ivs{end}stream-key/a", f"arn:aws:ivs{end}channel/", f"arn:other:ivs{end}channel/a",
                 f"arn:aws:ivs{end}channel/a b", f"arn:aws:ivs{end}channel/" + "a" * 100)
        for words in (("go-live",), ("kick",), ("ingest-url",), ("metadata",), ("watch",), ("token", "--key", "none.pem")):
            for arn in wrong:
                with self.subTest((*words, arn)):
                    done = self.ivs(*words, arn)
                    self.assertEqual((done.returncode, done.stdout), (252, ""))
                    self.assertIn(f"ivs: error: argument channel: '{arn}' is no ARN of a channel: arn:aws:ivs:REGION:ACCOUNT:channel/ID\n",
                                  done.stderr)
        self.assertEqual(len(self.simulator.ask("requests")["requests"]), before)
        for partition in ("aws", "aws-cn", "aws-us-gov"):
            self.assertFails(self.ivs("kick", f"arn:{partition}:ivs{end}channel/none"), 254, "An error occurred")
            done = self.ivs("token", f"arn:{partition}:ivs{end}channel/none", "--key", "none.pem")
            self.assertFails(done, 255, "none.pem")

    def test_closed_output(self):
        """Standard output and error may be closed; the exit code still tells."""
        done = subprocess.run(["sh", "-c", '"$0" -e "error()" >&- 2>&-', PROGRAM], env=self.environment(), timeout=60)
        self.assertEqual(done.returncode, 1)
        self.ivs("create-channel", "--name", "unprinted")
        for words in ("help", "-e 'print(1)'", "watch unprinted --seconds 0.1", "list-channels"):
            with self.subTest(words):
                done = subprocess.run(["sh", "-c", f'"$0" {words} >&-', PROGRAM], stderr=subprocess.PIPE, text=True, env=self.environment(),
                                      timeout=60)
                self.assertEqual((done.returncode, done.stderr), (255, "ivs: standard output: Bad file descriptor\n"))


if __name__ == "__main__":
    main()
