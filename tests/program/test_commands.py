"""Operations as commands: members as options, the answer as JSON, exit codes as the AWS CLI's."""

import json
import os
import re
import signal
import socket
import subprocess
import unittest

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
        arn = self.channel("--tags", "a=1,b k=2,a/é=3")["arn"]
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
        for words, parts in (
                ((), ("usage: ivs run",)),
                (("get-chanel", "--arn", UNKNOWN), ("unknown command get-chanel", "did you mean get-channel?")),
                (("frobnicate",), ("unknown command frobnicate",)),
                (("--regoin", "x", "list-channels"), ("unknown option --regoin", "did you mean --region?")),
                (("get-channel", "--ran", "x"), ("get-channel has no option --ran", "did you mean --arn?")),
                (("get-channel", "--regoin", "x"), ("has no option --regoin", "did you mean --region?")),
                (("get-channel",), ("required: --arn",)),
                (("put-metadata",), ("--channel-arn, --metadata",)),
                (("get-channel", "--arn"), ("--arn needs a value",)),
                (("get-channel", "--arn", "--region", "x"), ("--arn needs a value",)),
                (("get-channel", "--arn", UNKNOWN, "extra"), ("unexpected word 'extra'",)),
                (("list-channels", "--max-results", "ten"), ("--max-results takes a whole number", "'ten'")),
                (("list-channels", "--output", "table"), ("--output can be json",)),
                (("list-channels", "--region"), ("--region needs a value",)),
                (("create-channel", "--authorized=true"), ("--authorized takes no value",)),
                (("create-channel", "--tags", "novalue"), ("--tags takes name=value", "'novalue'")),
                (("create-channel", "--tags", '{"a": '), ("--tags: this is not valid JSON",)),
                (("create-channel", "--multitrack-input-configuration", "enabled=yes"), ("true or false", "'yes'")),
                (("create-channel", "--multitrack-input-configuration", "enabeld=true"), ("enabeld", "enabled")),
                (("create-channel", "--tags", '{"a": 1}'), ("tags", "string")),
                (("batch-get-channel", "--arns", '[1]'), ("arns", "string")),
                (("help", "get-chanel"), ("no operation get-chanel", "did you mean get-channel?"))):
            with self.subTest(" ".join(words)):
                before = len(self.sent())
                done = self.ivs(*words)
                self.assertEqual((done.returncode, done.stdout), (252, ""))
                for part in parts:
                    self.assertIn(part, done.stderr)
                if words:
                    self.assertFails(done, 252, *parts)
                self.assertEqual(len(self.sent()), before, "nothing is sent")


class HelpAndVersion(ProgramTest):
    def test_version(self):
        done = self.ivs("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^ivs \d+\.\d+\.\d+\n$")

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
            self.assertIn("--channel-arn TEXT  (required)", done.stdout)
            self.assertIn("--region", done.stdout)
        self.assertIn("--authorized | --no-authorized", self.ivs("help", "create-channel").stdout)

    def test_every_operation_has_help(self):
        overview = self.ivs("help").stdout
        commands = re.findall("^  ([a-z-]+)$", overview, re.M)
        self.assertEqual(len(commands), 41)
        for command in commands:
            with self.subTest(command):
                done = self.ivs("help", command)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertTrue(done.stdout.startswith(f"usage: ivs {command} "))


class Interrupted(ProgramTest):
    def test_ctrl_c_in_a_call(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            child = self.start("list-channels", "--endpoint-url", f"http://127.0.0.1:{silent.getsockname()[1]}", "--region", "us-west-2",
                               "--no-sign-request")
            silent.settimeout(20)
            connection, _ = silent.accept()
            connection.recv(1)
            child.send_signal(signal.SIGINT)
            out, err = child.communicate(timeout=20)
            connection.close()
        self.assertEqual((child.returncode, out, err), (130, "", ""))


if __name__ == "__main__":
    main()
