"""Operations as commands: members as options, the answer as JSON, exit codes as the AWS CLI's."""

import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time

from support import PROGRAM, TOP, ProgramTest, main

AWS = "/usr/bin/aws"
UNKNOWN = "arn:aws:ivs:us-west-2:123456789012:channel/abcdefghijkl"


class Service(ProgramTest):
    simulator_options = []

    def setUp(self):
        super().setUp()
        self.simulator.tell("reset", {})

    def answer(self, *words):
        done = self.ivs_with_keys(*words)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout) if done.stdout else None

    def ivs_with_keys(self, *words):
        """Answers to create-channel and get-stream-key hold the key: that is what they are for."""
        return subprocess.run([PROGRAM, *words], env=self.environment(), capture_output=True, text=True, timeout=60)

    def channel(self, *words):
        return self.answer("create-channel", *words)["channel"]

    def aws(self, *words):
        environment = self.environment(AWS_PAGER="", HOME=self.folder)
        return subprocess.run([AWS, "--endpoint-url", environment["AWS_ENDPOINT_URL_IVS"], "ivs", *words], env=environment,
                              capture_output=True, text=True, timeout=60)

    def sent(self):
        return self.simulator.ask("requests")["requests"]


class Members(Service):
    def test_scalars_and_flags(self):
        made = self.channel("--name", "lobby", "--latency-mode", "NORMAL", "--authorized", "--no-insecure-ingest")
        self.assertEqual((made["name"], made["latencyMode"], made["authorized"], made["insecureIngest"]), ("lobby", "NORMAL", True, False))
        self.assertFalse(self.answer("update-channel", "--arn", made["arn"], "--no-authorized")["channel"]["authorized"])

    def test_empty_text_is_not_absent(self):
        made = self.channel("--name", "full")
        self.assertEqual(self.answer("update-channel", "--arn", made["arn"], "--name", "")["channel"]["name"], "")

    def test_equals_sign(self):
        self.assertEqual(self.channel("--name=eq", "--tags=a=b")["tags"], {"a": "b"})

    def test_integers(self):
        for name in "abc":
            self.channel("--name", name)
        page = self.answer("list-channels", "--max-results", "2")
        self.assertEqual(len(page["channels"]), 2)
        self.assertEqual(len(self.answer("list-channels", "--next-token", page["nextToken"])["channels"]), 1)

    def test_lists_of_text(self):
        arns = [self.channel("--name", name)["arn"] for name in "ab"]
        both = self.answer("batch-get-channel", "--arns", *arns)
        self.assertEqual([c["arn"] for c in both["channels"]], arns)
        self.assertEqual(self.answer("batch-get-channel", "--arns", json.dumps(arns)), both)

    def test_maps(self):
        self.assertEqual(self.channel("--tags", "a=b,c=d=e,f=")["tags"], {"a": "b", "c": "d=e", "f": ""})
        self.assertEqual(self.channel("--tags", '{"a": "b = c", "é": "ü"}')["tags"], {"a": "b = c", "é": "ü"})
        self.assertEqual(self.channel("--tags", "{}")["tags"], {})

    def test_structures(self):
        for form in ("enabled=true,policy=ALLOW,maximumResolution=HD", '{"enabled": true, "policy": "ALLOW", "maximumResolution": "HD"}'):
            made = self.channel("--container-format", "FRAGMENTED_MP4", "--multitrack-input-configuration", form)
            self.assertEqual(made["multitrackInputConfiguration"], {"enabled": True, "policy": "ALLOW", "maximumResolution": "HD"})
        self.assertEqual(self.answer("list-streams", "--filter-by", "health=STARVING"), {"streams": []})

    def test_tags_path_and_query(self):
        arn = self.channel("--tags", '{"a": "1", "b k": "2", "a/é": "3"}')["arn"]
        self.assertIsNone(self.answer("untag-resource", "--resource-arn", arn, "--tag-keys", "b k", "a/é"))
        self.assertEqual(self.answer("list-tags-for-resource", "--resource-arn", arn), {"tags": {"a": "1"}})


class Answers(Service):
    def test_form(self):
        done = self.ivs("list-channels")
        self.assertEqual(done.stdout, '{\n    "channels": []\n}\n')
        arn = self.channel("--name", "x", "--tags", "k=üж")["arn"]
        text = self.ivs("list-tags-for-resource", "--resource-arn", arn).stdout
        self.assertEqual(text, '{\n    "tags": {\n        "k": "üж"\n    }\n}\n')

    def test_nothing_is_printed_of_nothing(self):
        arn = self.channel("--name", "x")["arn"]
        self.simulator.tell("live", {"channelArn": arn, "live": True})
        for words in (("put-metadata", "--channel-arn", arn, "--metadata", "cue"), ("stop-stream", "--channel-arn", arn),
                      ("tag-resource", "--resource-arn", arn, "--tags", "a=b")):
            with self.subTest(words[0]):
                done = self.ivs(*words)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def assertHolds(self, ours, theirs):
        """Everything that the AWS CLI of 2022 prints is in our answer; the API has grown since."""
        if isinstance(theirs, dict):
            for name, value in theirs.items():
                self.assertHolds(ours[name], value)
        elif isinstance(theirs, list):
            self.assertEqual(len(ours), len(theirs))
            for a, b in zip(ours, theirs):
                self.assertHolds(a, b)
        else:
            self.assertEqual(ours, theirs)

    def test_as_the_aws_cli(self):
        version = subprocess.run([AWS, "--version"], capture_output=True, text=True, timeout=60).stdout
        self.assertIn("aws-cli/2.", version)
        arn = self.channel("--name", "same", "--tags", "a=b")["arn"]
        self.simulator.tell("live", {"channelArn": arn, "live": True, "viewerCount": 3})
        for words in (("get-channel", "--arn", arn), ("get-stream", "--channel-arn", arn), ("list-streams",),
                      ("list-stream-keys", "--channel-arn", arn), ("list-stream-sessions", "--channel-arn", arn)):
            with self.subTest(words[0]):
                theirs = self.aws(*words)
                self.assertEqual(theirs.returncode, 0, theirs.stderr)
                ours = self.ivs(*words).stdout
                self.assertHolds(json.loads(ours), json.loads(theirs.stdout))
                self.assertEqual(ours, json.dumps(json.loads(ours), indent=4, ensure_ascii=False) + "\n")

    def test_order_of_the_model(self):
        with open(os.path.join(TOP, "core/model/ivs-2020-07-14.json"), encoding="utf-8") as file:
            order = list(json.load(file)["shapes"]["Channel"]["members"])
        printed = list(self.channel("--name", "order"))
        self.assertEqual(printed, [name for name in order if name in printed])
        self.assertGreater(len(printed), 5)

    def test_reader_that_goes_away(self):
        done = subprocess.run(["sh", "-c", '{ "$0" list-channels; echo $? >&2; } | sleep 0', PROGRAM], env=self.environment(),
                              capture_output=True, text=True, timeout=60)
        self.assertIn(done.stderr, ("141\n", "0\n"))  # 0: it was faster than the end of its reader


class GeneralOptions(Service):
    def test_before_and_after(self):
        bare = self.environment(AWS_REGION=None, AWS_DEFAULT_REGION=None, AWS_ENDPOINT_URL_IVS=None, AWS_CA_BUNDLE=None)
        options = ["--region", "us-west-2", "--endpoint-url", self.simulator.environment["AWS_ENDPOINT_URL_IVS"],
                   "--ca-bundle=" + self.simulator.environment["AWS_CA_BUNDLE"], "--output", "json"]
        for words in ([*options, "list-channels"], ["list-channels", *options], ["ivs", "list-channels", *options],
                      [*options[:2], "list-channels", "--max-results", "1", *options[2:]]):
            with self.subTest(words):
                done = self.ivs(*words, env=bare)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_no_verify(self):
        done = self.ivs("--no-verify-ssl", "list-channels", env=self.environment(AWS_CA_BUNDLE=None))
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, "^ivs: warning: localhost: [^\n]*not verified[^\n]*\n$")

    def test_no_signature(self):
        done = self.ivs("--no-sign-request", "list-channels")
        self.assertFails(done, 254, "An error occurred (MissingAuthenticationTokenException) when calling the ListChannels operation: ")

    def test_plain_http(self):
        done = self.ivs("list-channels", "--endpoint-url", self.simulator.environment["IVS_SIM_HTTP"])
        self.assertEqual((done.returncode, done.stderr), (0, ""))


class Refusals(Service):
    def test_service_error_text(self):
        done = self.ivs("get-channel", "--arn", UNKNOWN)
        self.assertEqual((done.returncode, done.stdout), (254, ""))
        self.assertRegex(done.stderr, "^\nAn error occurred \\(ResourceNotFoundException\\) when calling the GetChannel operation: .+\n$")

    def test_offline_is_told_apart(self):
        arn = self.channel("--name", "off")["arn"]
        self.assertFails(self.ivs("get-stream", "--channel-arn", arn), 254, "(ChannelNotBroadcasting) when calling the GetStream operation")

    def test_usage(self):
        """What cannot be is said as the AWS CLI says it, under the usage where it shows that, and nothing is sent."""
        for words, reason in (
                ((), "ivs: error: the following arguments are required: operation"),
                (("ivs",), "ivs: error: the following arguments are required: operation"),
                (("get-channel",), "ivs: error: the following arguments are required: --arn"),
                (("put-metadata",), "ivs: error: the following arguments are required: --channel-arn, --metadata"),
                (("get-channel", "--arn"), "ivs: error: argument --arn: expected one argument"),
                (("get-channel", "--arn", "--region", "x"), "ivs: error: argument --arn: expected one argument"),
                (("get-channel", "--arn", UNKNOWN, "extra"), "Unknown options: extra"),
                (("list-channels", "--max-items", "ten"), "ivs: error: argument --max-items: invalid int value: 'ten'"),
                (("list-channels", "--max", "3"), "ivs: error: ambiguous option: --max could match --max-results, --max-items"),
                (("list-channels", "--region"), "ivs: error: argument --region: expected one argument"),
                (("create-channel", "--authorized=true"), "ivs: error: argument --authorized: ignored explicit argument 'true'"),
                (("create-channel", "--tags", "novalue"), "Error parsing parameter '--tags': Expected: '=', received: 'EOF' for input:"),
                (("create-channel", "--tags", '{"a": '), "JSON received: {\"a\": "),
                (("create-channel", "--tags", '{"a": 1}'), "Invalid type for parameter tags.a, value: 1, type: <class 'int'>, "
                                                           "valid types: <class 'str'>"),
                (("batch-get-channel", "--arns", "[1]"), "Invalid type for parameter arns[0], value: 1, type: <class 'int'>, "
                                                         "valid types: <class 'str'>"),
                (("list-channels", "--no-paginate", "--max-items", "1"),
                 "Cannot specify --no-paginate along with pagination arguments: --max-items"),
                (("list-channels", "--query", "a["), "Bad value for --query a[: "),
                (("list-channels", "--endpoint-url", "localhost"), 'Bad value for --endpoint-url "localhost": scheme is missing.'),
                (("list-channels", "--cli-auto-prompt"), "--cli-auto-prompt: there is no prompt here")):
            with self.subTest(" ".join(words)):
                before = len(self.sent())
                done = self.ivs(*words)
                self.assertEqual((done.returncode, done.stdout), (252, ""))
                self.assertTrue(done.stderr.startswith("\n"), done.stderr)
                self.assertTrue(any(line.startswith(reason) for line in done.stderr.split("\n")), done.stderr)
                if "ivs: error" in reason or "Unknown" in reason:
                    self.assertTrue(done.stderr.startswith("\nusage: ivs "), done.stderr)
                self.assertEqual(len(self.sent()), before, "nothing is sent")

    def test_what_was_meant(self):
        for words, parts in (
                (("get-chanel", "--arn", UNKNOWN), ("argument operation: Invalid choice, valid choices are:",
                                                    "Invalid choice: 'get-chanel', maybe you meant:", "  * get-channel")),
                (("frobnicate",), ("argument operation: Invalid choice, valid choices are:",)),
                (("list-channels", "--output", "jsn"), ("argument --output: Invalid choice", "  * json")),
                (("create-channel", "--nmae", "x"), ("Unknown options: --nmae, x\n", "create-channel has no --nmae; did you mean --name?")),
                (("list-channels", "--qery", "x"), ("Unknown options: --qery, x\n", "list-channels has no --qery; did you mean --query?")),
                (("kick", "lobby", "--ouput", "json"), ("Unknown options: --ouput, json\n", "kick has no --ouput; did you mean --output?")),
                (("go-live", "lobby", "--secnds", "5"), ("Unknown options: --secnds, 5\n", "go-live has no --secnds; did you mean --seconds?")),
                (("delete-channel", "--force", "--anr", "x", "--arn", "y"), ("Unknown options: --anr, x\n", "did you mean --arn?")),
                (("help", "get-chanel"), ("no operation get-chanel", "did you mean get-channel?")),
                (("help", "repel"), ("no operation repel", "did you mean repl?"))):
            with self.subTest(" ".join(words)):
                done = self.ivs(*words)
                self.assertEqual((done.returncode, done.stdout), (252, ""))
                for part in parts:
                    self.assertIn(part, done.stderr)

    def test_profiles(self):
        """A profile that was named counts, or nothing is called: other credentials than those of the environment are meant."""
        for words, more in ((("list-channels", "--profile", "studio"), {}), (("list-channels",), {"AWS_PROFILE": "studio"})):
            done = self.ivs(*words, env=self.environment(**more))
            self.assertFails(done, 255, "The config profile (studio) could not be found")
        self.assertEqual(self.sent(), [])
        keys = self.environment()
        with tempfile.NamedTemporaryFile("w", suffix=".ini") as file:
            file.write("[profile studio]\naws_access_key_id = %s\naws_secret_access_key = %s\n[profile role]\nrole_arn = arn:aws:iam::1:role/x\n"
                       % (keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"]))
            file.flush()
            more = {"AWS_CONFIG_FILE": file.name, "AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
            done = self.ivs("list-channels", "--profile", "studio", env=self.environment(**more))
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            for words in (("--profile", ""), ("--profile=",)):
                done = self.ivs("list-channels", *words, env=self.environment(**more, AWS_PROFILE="studio"))
                self.assertEqual((done.returncode, done.stderr), (0, ""))
            done = self.ivs("list-channels", "--profile", "role", env=self.environment(**more))
            self.assertFails(done, 255, "profile role: role_arn wants source_profile or credential_source beside it")

    def test_exit_codes_of_configuration(self):
        for more, words, code, part in (
                ({"AWS_REGION": None, "AWS_DEFAULT_REGION": None}, ("get-channel", "--arn", ""), 253, "You must specify a region"),
                ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, ("get-channel", "--arn", ""), 252, "valid min length: 1"),
                ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, ("list-channels",), 253, "Unable to locate credentials"),
                ({"AWS_SECRET_ACCESS_KEY": None}, ("list-channels",), 255, "Partial credentials found in env"),
                ({"AWS_DEFAULT_OUTPUT": "jsn"}, ("list-channels",), 255, "Unknown output type: jsn"),
                ({}, ("list-channels", "--cli-read-timeout", "x"), 255, "invalid literal for int() with base 10: 'x'"),
                ({}, ("list-channels", "--region", "a b"), 255, "Provided region_name 'a b' doesn't match a supported format.")):
            with self.subTest(words):
                done = self.ivs(*words, env=self.environment(**more))
                self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
                self.assertIn(part, done.stderr)
        self.assertEqual(self.sent(), [])


class Words(Service):
    """How words of a command line are told apart."""

    def names(self, *words):
        done = self.ivs(*words, "--query", "channels[].name", "--output", "text")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_beginnings_of_options(self):
        self.channel("--name", "one")
        self.assertEqual(self.names("list-channels", "--filter-by-n", "one", "--reg", "us-west-2"), "one\n")
        self.assertEqual(self.names("--no-p", "ivs", "list-channels"), "one\n")

    def test_the_last_counts(self):
        self.channel("--name", "one")
        self.assertEqual(self.names("list-channels", "--filter-by-name", "two", "--filter-by-name=one"), "one\n")
        self.assertFalse(self.channel("--authorized", "--no-authorized")["authorized"])

    def test_words_that_look_like_options(self):
        self.assertEqual(self.channel("--name=-x")["name"], "-x")
        self.assertEqual(self.channel("--name", "-5")["name"], "-5")
        self.assertEqual(self.channel("--tags", "-a=b c")["tags"], {"-a": "b c"})


class Pages(Service):
    def setUp(self):
        super().setUp()
        for name in "abcde":
            self.channel("--name", name)

    def run_with(self, *words):
        done = self.ivs("list-channels", *words)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_merged_or_page_by_page(self):
        every = ("--page-size", "2", "--query", "channels[].name")
        self.assertEqual(json.loads(self.run_with(*every)), list("abcde"))
        self.assertEqual(self.run_with(*every, "--output", "text"), "a\tb\nc\td\ne\n")
        self.assertEqual(self.run_with(*every, "--output", "yaml"), "".join(f"- {name}\n" for name in "abcde"))
        self.assertEqual(self.run_with(*every, "--output", "yaml-stream"), "- - a\n  - b\n- - c\n  - d\n- - e\n")

    def test_some_and_the_rest(self):
        first = json.loads(self.run_with("--max-items", "3", "--page-size", "2"))
        self.assertEqual([c["name"] for c in first["channels"]], list("abc"))
        rest = json.loads(self.run_with("--starting-token", first["NextToken"]))
        self.assertEqual([c["name"] for c in rest["channels"]], list("de"))
        self.assertNotIn("NextToken", rest)

    def test_one_page(self):
        page = json.loads(self.run_with("--no-paginate", "--max-results", "2"))
        self.assertEqual(len(page["channels"]), 2)
        self.assertIn("nextToken", page)


class RequestAsAWhole(Service):
    def test_skeleton_and_back(self):
        self.write("request.json", json.dumps({"name": "from-a-file", "tags": {"z": "1", "a": "2"}}))
        made = self.channel("--cli-input-json", "file://" + os.path.join(self.folder, "request.json"), "--latency-mode", "NORMAL")
        self.assertEqual((made["name"], made["latencyMode"], list(made["tags"].items())), ("from-a-file", "NORMAL", [("z", "1"), ("a", "2")]))
        self.simulator.tell("reset", {})
        skeleton = json.loads(self.ivs("create-channel", "--generate-cli-skeleton").stdout)
        self.assertEqual(skeleton["name"], "")
        shown = json.loads(self.ivs("get-channel", "--arn", UNKNOWN, "--generate-cli-skeleton", "output").stdout)
        self.assertEqual(shown["channel"]["name"], "name")
        self.assertEqual(self.sent(), [])


class Debug(Service):
    def test_everything_but_secrets(self):
        done = self.ivs_with_keys("create-channel", "--name", "seen", "--debug", "--query", "channel.arn")
        self.assertIsNone(re.search(r"sk_[A-Za-z0-9_-]+", done.stderr))
        arn = json.loads(done.stdout)
        for part in ("connecting to localhost", "canonical request:", "string to sign:", "  AWS4-HMAC-SHA256\n", "/us-west-2/ivs/aws4_request",
                     "  POST /CreateChannel HTTP/1.1", '"name": "seen"', "  HTTP/1.1 200", "Signature=<hidden>", '"value": "<hidden>"'):
            self.assertIn(part, done.stderr)
        self.simulator.tell("live", {"channelArn": arn, "live": True})
        self.secrets |= {"cue-of-mine", "a-session-token"}
        shown = self.ivs("put-metadata", "--channel-arn", arn, "--metadata", "cue-of-mine", "--debug")
        self.assertIn('"metadata": "<hidden>"', shown.stderr)
        refused = self.ivs("list-channels", "--debug", env=self.environment(AWS_SESSION_TOKEN="a-session-token"))
        self.assertEqual(refused.returncode, 254)
        self.assertEqual(refused.stderr.count("x-amz-security-token:<hidden>"), 1)
        self.assertEqual(refused.stderr.count("x-amz-security-token: <hidden>"), 1)
        got = self.ivs_with_keys("get-channel", "--arn", arn, "--debug")
        passphrase = json.loads(got.stdout)["channel"]["srt"]["passphrase"]
        self.assertNotIn(passphrase, got.stderr)

    def test_the_string_that_is_signed(self):
        """Its last line is the hash of the canonical request, as it was shown."""
        lines = [line.removeprefix("ivs: debug: ") for line in self.ivs("list-channels", "--debug").stderr.split("\n")]
        start, end = lines.index("canonical request:") + 1, lines.index("string to sign:")
        canonical = "\n".join(line.removeprefix("  ") for line in lines[start:end])
        self.assertEqual(lines[end + 4].strip(), hashlib.sha256(canonical.encode()).hexdigest())


class Loaded(Service):
    """What a call does not need is not loaded."""

    def loaded(self, *words):
        probe = """
        local run = require "ivs.cli"
        local host = { version = "0", system = "none", interrupt = {} }
        local code = run({ [0] = "ivs", table.unpack(arg) }, host)
        local names = {}
        for name in pairs(package.loaded) do names[#names + 1] = name end
        table.sort(names)
        io.stderr:write(table.concat(names, " "), "\\n")
        os.exit(code)"""
        done = self.ivs("-e", probe.replace("\\\\", "\\"), *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return {name for name in done.stderr.split() if name.startswith("ivs")}

    def test_a_plain_call(self):
        """Each file that is added here costs every command its loading."""
        probe = {"ivs.cli.script", "ivs.cli.stock"}
        plain = self.loaded("create-channel", "--name", "lobby", "--type", "BASIC") - probe
        self.assertEqual(plain, {"ivs", "ivs.ordered", "ivs.process", "ivs.profile", "ivs.terminal", "ivs.cli"} | {
            "ivs.cli." + name for name in ("answer", "arguments", "globals", "kinds", "later", "operation", "output", "output.document",
                                           "output.json", "stop", "validate", "values", "verbs")})

    def test_a_call_with_pages(self):
        paged = self.loaded("list-channels")
        for unneeded in ("ivs.jmespath", "ivs.cli.help", "ivs.cli.words", "ivs.cli.output.table", "ivs.cli.output.yaml", "ivs.cli.trace",
                         "ivs.cli.nearest", "ivs.cli.close_matches", "ivs.cli.repl", "ivs.live", "ivs.cli.shorthand", "ivs.cli.trouble"):
            self.assertNotIn(unneeded, paged)
        self.assertIn("ivs.cli.pages", paged)

    def test_on_first_use(self):
        self.assertIn("ivs.jmespath", self.loaded("list-channels", "--query", "channels"))
        self.assertIn("ivs.cli.output.table", self.loaded("list-channels", "--output", "table"))
        self.assertIn("ivs.cli.words", self.loaded("help"))


class HelpAndVersion(ProgramTest):
    def test_version(self):
        done = self.ivs("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^ivs/\d+\.\d+\.\d+ Lua/5\.4 \w+/\w+\n$")

    def test_overview(self):
        for words in (("help",), ("--help",), ("-h",)):
            done = self.ivs(*words)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            with open(os.path.join(TOP, "core/model/ivs-2020-07-14.json"), encoding="utf-8") as file:
                operations = json.load(file)["operations"]
            for name in operations:
                self.assertIn("\n  " + re.sub("(?<!^)(?=[A-Z])", "-", name).lower() + "\n", done.stdout)
        self.assertEqual(len(operations), 41)

    def test_operation(self):
        for words in (("help", "put-metadata"), ("put-metadata", "help"), ("put-metadata", "--help")):
            done = self.ivs(*words)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("--channel-arn ARN  (required)", done.stdout)
            self.assertIn("at most 1 KB", done.stdout)
        self.assertIn("--authorized | --no-authorized", self.ivs("help", "create-channel").stdout)

    def test_asked_for_anywhere(self):
        """Among the words of any command, but not among those of another program or script."""
        for words in (("create-channel", "--name", "x", "--help"), ("create-channel", "-h"), ("--region", "eu-west-1", "create-channel", "--help"),
                      ("create-channel", "--no-such-option", "--help"), ("create-channel", "--name", "--help"),
                      ("go-live", "lobby", "--help"), ("go-live", "lobby", "--help", "--", "encoder"), ("kick", "-h"),
                      ("token", "verify", "--help"), ("run", "-h"), ("run", "--sandbox", "--memory", "8", "--help"),
                      ("run", "--sandbox", "-h", "script.lua"), ("repl", "-h"), ("delete-channel", "--force", "--help")):
            with self.subTest(words):
                done = self.ivs(*words)
                name = next(word for word in words if re.fullmatch("[a-z]+(-[a-z]+)*", word))
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertEqual(done.stdout, self.ivs("help", name).stdout)
        for words in (("--region", "eu-west-1", "--help"), ("--debug", "-h"), ("ivs", "--help")):
            self.assertEqual(self.ivs(*words).stdout, self.ivs("help").stdout)
        self.write("script.lua", "print(...)")
        for words in (("run", "script.lua"), ("script.lua",), ("-e", "print(...)"), ("run", "--sandbox", "script.lua")):
            self.assertEqual(self.ivs(*words, "--help", "-h").stdout, "--help\t-h\n")
        done = self.ivs("go-live", "lobby", "--", "encoder", "--help")
        self.assertEqual((done.returncode, done.stdout), (253, ""))

    def test_commands(self):
        """What runs Lua has help too, also where its name comes first."""
        for command, form, part in (("run", "[--sandbox [OPTION]...] SCRIPT [ARGUMENT...]", "\n  --memory MB\n"), ("repl", "", "history"),
                                    ("-e", "CHUNK [ARGUMENT...]", "a Lua script"), ("--version", "", "version")):
            with self.subTest(command):
                done = self.ivs("help", command)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                usage, _, text = done.stdout.partition("\n\n")
                self.assertEqual(usage, f"usage: ivs {command} {form}".rstrip())
                self.assertIn(part, text)
        for words in (("run", "--help"), ("repl", "--help"), ("repl", "help")):
            self.assertEqual(self.ivs(*words).stdout, self.ivs("help", words[0]).stdout)

    def test_every_operation_has_help(self):
        overview = self.ivs("help").stdout
        commands = re.findall("^  ([a-z][a-z-]+)$", overview, re.M)
        self.assertEqual(len(commands), 41)
        for command in commands:
            with self.subTest(command):
                done = self.ivs("help", command)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertTrue(done.stdout.startswith(f"usage: ivs {command} "))


UNLIMITED = 45  # seconds: without the option a call would wait for 60


class Timeouts(ProgramTest):
    def seconds(self, scheme, *words):
        """How long a call to a host that says nothing takes, which ends by a time limit."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"{scheme}://127.0.0.1:{silent.getsockname()[1]}"
            start = time.monotonic()
            done = self.ivs("list-channels", "--no-sign-request", "--region", "us-west-2", "--endpoint-url", url, *words)
            self.assertFails(done, 255, "Timeout", "give more time with --cli-read-timeout")
            return time.monotonic() - start

    def test_silence(self):
        taken = self.seconds("http", "--cli-read-timeout", "1")
        self.assertTrue(1 <= taken < UNLIMITED, taken)

    def test_no_connection(self):
        taken = self.seconds("https", "--cli-connect-timeout", "1", "--cli-read-timeout", "0")
        self.assertTrue(1 <= taken < UNLIMITED, taken)

    def test_silent_handshake(self):
        """It belongs to the connection, for the AWS CLI too."""
        taken = self.seconds("https", "--cli-connect-timeout", "2", "--cli-read-timeout", "1")
        self.assertTrue(2 <= taken < UNLIMITED, taken)

    def test_not_this_one(self):
        """Time for the connection is not time for the answer."""
        taken = self.seconds("http", "--cli-connect-timeout", "1", "--cli-read-timeout", "2")
        self.assertTrue(2 <= taken < UNLIMITED, taken)


class Interrupted(ProgramTest):
    def interrupted(self, *words, env, url):
        """Ends by Ctrl-C, once it has asked a server that says nothing; url: the variable that names it."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = f"http://127.0.0.1:{silent.getsockname()[1]}"
            child = self.start(*words, env=self.environment(**env, **{url: address}))
            self.addCleanup(child.kill)
            silent.settimeout(20)
            connection, _ = silent.accept()
            connection.recv(1)
            child.send_signal(signal.SIGINT)
            out, err = child.communicate(timeout=20)
            connection.close()
        self.assertEqual((child.returncode, out, err), (130, "", ""))

    def test_ctrl_c_in_a_call(self):
        self.interrupted("list-channels", "--region", "us-west-2", "--no-sign-request", env={}, url="AWS_ENDPOINT_URL_IVS")

    def test_ctrl_c_in_the_search_for_the_region(self):
        env = {"AWS_EC2_METADATA_DISABLED": "false", "AWS_METADATA_SERVICE_TIMEOUT": "59", "AWS_ACCESS_KEY_ID": "A",
               "AWS_SECRET_ACCESS_KEY": "B"}
        for words in (("list-channels",), ("watch", "lobby"), ("-e", "require 'ivs'.client {}")):
            with self.subTest(words):
                self.interrupted(*words, env=env, url="AWS_EC2_METADATA_SERVICE_ENDPOINT")


if __name__ == "__main__":
    main()
