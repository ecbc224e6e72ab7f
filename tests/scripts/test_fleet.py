"""The scripts to start from, each against the simulator: its command of the README, again, with bad input, interrupted. Those for
channels and who may watch them."""

import base64
import json
import os
import pty
import re
import stat
import subprocess
import time

from case import DEADLINE, NOBODY, TOP, ScriptTest
from support import main


class Nightly(ScriptTest):
    name = "nightly_recordings.lua"

    def configuration(self, bucket="bucket"):
        return self.own("create-recording-configuration", "--destination-configuration", "s3={bucketName=%s}" % bucket,
                        "--query", "recordingConfiguration.arn")

    def recorded_by(self, arn):
        return self.own("get-channel", "--arn", arn, "--query", "channel.recordingConfigurationArn")

    def test_command(self):
        arn, other, configuration = self.make(), self.make(name="other"), self.configuration()
        self.assertEqual(self.assertDone(self.documented(CONFIGURATION=configuration, CHANNEL=arn)),
                         f"{arn}  records from its next stream on\n")
        self.assertEqual(self.recorded_by(arn), configuration)
        self.live(other)
        done = self.run_it("on", configuration, arn, other, NOBODY, lua=True)
        self.assertEqual(self.assertDone(done, 1),
                         f"{arn}  records already\n{other}  LIVE, not changed\n{NOBODY}  there is no such channel\n")
        self.assertEqual(self.count("UpdateChannel"), 1)
        while time.localtime().tm_sec > 50:  # the minute is to last until the script looks
            time.sleep(0.2)
        out = self.assertDone(self.run_it("off", "--at", time.strftime("%H:%M"), arn, other))
        self.assertEqual(out, f"{arn}  does not record any more\n{other}  does not record\n")
        self.assertEqual(self.recorded_by(arn), "")
        self.assertWholePolicy()

    def test_live_by_now(self):
        arn, configuration = self.make(), self.configuration()
        self.simulator.tell("fault", {"fault": "status", "status": 409, "code": "ConflictException", "operation": "UpdateChannel"})
        self.assertEqual(self.assertDone(self.run_it("on", configuration, arn), 1), f"{arn}  LIVE by now, not changed\n")

    def test_bucket_elsewhere(self):
        arn, configuration = self.make(), self.configuration("other-region")
        self.assertFails(self.run_it("on", configuration, arn), 1, "RecordingFailed", "other-region")
        self.assertEqual(self.asked(), {"GetRecordingConfiguration"})

    def test_bad_input(self):
        for words in ([], ["on"], ["off"], ["maybe", NOBODY], ["on", NOBODY, NOBODY], ["off", "lobby"], ["off", "--at", "25:00", NOBODY]):
            self.assertRefuses(252, "22:30" if "--at" in words else "usage", *words)

    def test_interrupted(self):
        arn = self.make()
        then = time.strftime("%H:%M", time.localtime(time.time() + 7200))
        child = self.begin("off", "--at", then, arn)
        self.until(lambda: "BatchGetChannel" in self.asked())
        self.assertEqual(self.interrupt(child), ("", ""))
        self.assertEqual(self.asked(), {"BatchGetChannel"})


class Private(ScriptTest):
    name = "private_channel.lua"

    def claims(self, url, arn):
        address, token = url.strip().split("?token=")
        self.assertRegex(address, r"^https://\S+\.m3u8$")
        text = self.script("local ivs = require 'ivs' print(assert(ivs.token.verify(arg[1], io.open(arg[2]):read 'a')).viewer_id)",
                           token, "vip.pem").stdout
        self.assertEqual(text, "17\n")
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        self.assertEqual((claims["aws:channel-arn"], claims["aws:viewer-id"]), (arn, "17"))
        return claims

    def test_command(self):
        arn = self.assertDone(self.documented()).strip()
        self.assertEqual(self.channels(), {"vip": arn})
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.folder, "vip.pem")).st_mode), 0o600)
        key = self.read("vip.pem")
        for lua in (False, True):
            self.assertEqual(self.assertDone(self.run_it("setup", "vip", "vip.pem", lua=lua)).strip(), arn)
        self.assertEqual((self.read("vip.pem"), self.channels(), self.count("CreateChannel")), (key, {"vip": arn}, 1))
        self.assertEqual(self.own("list-playback-key-pairs", "--query", "length(keyPairs)"), "1")

        first = self.claims(self.assertDone(self.run_it("url", arn, "vip.pem", "17")), arn)
        self.assertEqual(self.assertDone(self.run_it("revoke", arn, "17")), "")
        (revoked,) = self.simulator.ask("revocations")["revocations"]
        self.assertGreaterEqual(revoked["viewerSessionVersionsLessThanOrEqualTo"], first["aws:viewer-session-version"])
        time.sleep(1.1)  # a session's version is its second
        later = self.claims(self.assertDone(self.run_it("url", arn, "vip.pem", "17", lua=True)), arn)
        self.assertLess(revoked["viewerSessionVersionsLessThanOrEqualTo"], later["aws:viewer-session-version"])

        lobby = self.make(name="lobby")
        self.assertDone(self.run_it("setup", "lobby", "vip.pem"))
        self.assertEqual(self.own("get-channel", "--arn", lobby, "--query", "channel.authorized"), "True")
        self.assertWholePolicy()

    def test_lost_answers(self):
        for operation in ("ImportPlaybackKeyPair", "CreateChannel"):
            self.simulator.tell("fault", {"fault": "reset-before-answer", "operation": operation})
        arn = self.assertDone(self.run_it("setup", "vip", "vip.pem")).strip()
        self.assertEqual((self.channels(), self.count("CreateChannel")), ({"vip": arn}, 1))

    def test_key_by_openssl(self):
        """The command of the script's head, for lua5.4; and without it, what lua5.4 says."""
        head = (TOP / "scripts" / self.name).read_text(encoding="utf-8")
        command = re.search(r"\(umask 077; openssl .*?\)", head).group(0)
        self.assertRefuses(1, "KEY.pem is not there", "setup", "vip", "KEY.pem", lua=[True])
        subprocess.run(command, shell=True, check=True, cwd=self.folder, capture_output=True, timeout=DEADLINE)
        self.assertDone(self.run_it("setup", "vip", "KEY.pem", lua=True))

    def test_bad_input(self):
        for words in ([], ["setup"], ["setup", "vip"], ["url", NOBODY, "k"], ["revoke", NOBODY], ["rescue", "vip", "k"]):
            self.assertRefuses(252, "usage", *words)
        self.assertRefuses(252, "not the ARN", "revoke", "vip", "17")
        self.assertRefuses(1, "none.pem", "url", NOBODY, "none.pem", "17")
        self.write("bad.pem", "no key")
        self.assertRefuses(1, "bad.pem: ", "setup", "vip", "bad.pem")

    def test_limits_and_live(self):
        arn = self.make(name="vip")
        self.live(arn)
        self.assertFails(self.run_it("setup", "vip", "vip.pem"), 1, "vip is live: stop its stream")
        self.assertFails(self.run_it("url", arn, "vip.pem", "v" * 41), 1, "BadClaim")
        self.make(name="vip")
        self.assertFails(self.run_it("setup", "vip", "vip.pem"), 1, "more than one channel is named vip")

    def test_interrupted(self):
        self.simulator.tell("fault", {"fault": "stall-before-answer", "operation": "CreateChannel", "seconds": 30})
        child = self.begin("setup", "vip", "vip.pem")
        self.until(self.channels)
        self.assertEqual(self.interrupt(child), ("", ""))
        self.simulator.tell("fault", {"clear": True})
        self.assertEqual({"vip": self.assertDone(self.run_it("setup", "vip", "vip.pem")).strip()}, self.channels())


class Fleet(ScriptTest):
    name = "fleet_provision.lua"
    FLEET = "name,type,latencyMode,authorized,insecureIngest,tag:site\n" \
            "cam-1,BASIC,LOW,false,true,Hall 1\r\n\"cam-2\", STANDARD ,,true,,\n\ncam-3,BASIC,NORMAL,false,,Hall 2\n"

    def table(self, done, code=0):
        """By name, what was done."""
        out = self.assertDone(done, code)
        rows = [re.fullmatch(r"(\S+) +(\S+) +(.*)", line).groups() for line in out.strip().split("\n")]
        self.assertEqual(rows[0], ("NAME", "ARN", "DONE"))
        have = set(self.simulator_arns())
        for _, arn, _ in rows[1:]:
            self.assertTrue(arn == "-" or arn in have, out)
        return {name: what for name, _, what in rows[1:]}

    def simulator_arns(self):
        return [c["arn"] for c in self.simulator.ask("state")["channels"]]

    def test_command(self):
        self.write("fleet.csv", self.FLEET)
        self.assertEqual(set(self.table(self.run_it("--dry-run", "fleet.csv", lua=True)).values()), {"would be created"})
        self.assertEqual(self.asked(), {"ListChannels"})
        self.assertEqual(set(self.table(self.documented()).values()), {"created"})
        arns = self.channels()
        one = json.loads(self.own("get-channel", "--arn", arns["cam-1"], "--query", "to_string(channel)"))
        self.assertEqual([one[m] for m in ("type", "latencyMode", "authorized", "insecureIngest", "tags")],
                         ["BASIC", "LOW", False, True, {"site": "Hall 1"}])
        asked = len(self.asked_list())
        self.assertEqual(set(self.table(self.run_it("fleet.csv", lua=True)).values()), {"as it should be"})
        self.assertEqual(len(self.asked_list()), asked + 1)

        self.write("fleet.csv", self.FLEET.replace("LOW,false,true,Hall 1", "NORMAL,true,true,Hall 3"))
        changes = "authorized, latencyMode, tag:site"
        self.assertEqual(self.table(self.run_it("--dry-run", "fleet.csv"))["cam-1"], "would change " + changes)
        self.live(arns["cam-1"])
        self.assertEqual(self.table(self.run_it("fleet.csv"), 1)["cam-1"], "LIVE, not changed: " + changes)
        self.live(arns["cam-1"], False)
        self.assertEqual(self.table(self.run_it("fleet.csv"))["cam-1"], "changed " + changes)
        self.assertEqual(self.channels(), arns)
        self.assertWholePolicy()

    def test_lost_answers(self):
        """The create was carried out, or was not: one channel either way."""
        self.write("fleet.csv", "name\none\ntwo\n")
        self.simulator.tell("fault", {"fault": "reset-before-answer", "operation": "CreateChannel"})
        self.simulator.tell("fault", {"fault": "reset-before-work", "operation": "CreateChannel", "skip": 0})
        self.assertEqual(self.table(self.run_it("fleet.csv")), {"one": "created", "two": "created"})
        self.assertEqual((len(self.simulator_arns()), self.count("CreateChannel")), (2, 3))

    def test_rate(self):
        """More than the 5 requests that an account may make at once, and the service never says that it is too much."""
        self.write("fleet.csv", "name\n" + "".join(f"cam-{n}\n" for n in range(7)))
        self.table(self.run_it("fleet.csv"))
        self.assertNotIn(429, [r["status"] for r in self.requests()])
        self.assertEqual(len(self.simulator_arns()), 7)

    def test_name_that_is_not_unique(self):
        self.make(name="twin")
        self.make(name="twin")
        self.write("fleet.csv", "name,authorized\ntwin,true\nlone,true\n")
        self.assertEqual(self.table(self.run_it("fleet.csv"), 1), {"twin": "2 channels have this name", "lone": "created"})

    def test_excel(self):
        """Its CSV of UTF-8 begins with a mark of the order of bytes."""
        self.write("fleet.csv", "\ufeff" + self.FLEET)
        self.assertEqual(set(self.table(self.run_it("--dry-run", "fleet.csv")).values()), {"would be created"})

    def test_help(self):
        for word in ("--help", "-h"):
            self.assertIn("usage: fleet_provision.lua [--dry-run] FLEET.csv\n", self.assertDone(self.run_it(word)))

    def test_bad_input(self):
        self.assertRefuses(252, "usage")
        self.assertRefuses(252, "none.csv: No such file", "none.csv")
        for text, part in (("name\n", "no channels"), ("", "no channels"), ("nmae\nx\n", "fleet.csv:1: there is no column \"nmae\""),
                           ("name,type\nx\n", "fleet.csv:2: 1 fields, but 2"), ("name,authorized\nx,yes\n", "true or false, not yes"),
                           ("type\nBASIC\n", "needs a name"), ("name\na b\n", "needs a name"),
                           ("name\nx\n\nx\n", "fleet.csv:4: x is in line 2 already")):
            self.write("fleet.csv", text)
            self.assertRefuses(252, part, "fleet.csv", lua=[False] if text else [True])

    def test_refused_setting(self):
        self.write("fleet.csv", "name,type\nx,HUGE\ny,BASIC\n")
        done = self.table(self.run_it("fleet.csv"), 1)
        self.assertIn("ValidationException", done["x"])
        self.assertEqual(done["y"], "created")

    def test_interrupted(self):
        self.write("fleet.csv", self.FLEET)
        self.simulator.tell("fault", {"fault": "stall-before-answer", "operation": "CreateChannel", "seconds": 30, "skip": 1})
        child = self.begin("fleet.csv")
        self.until(lambda: len(self.simulator_arns()) == 2)
        self.interrupt(child)
        self.simulator.tell("fault", {"clear": True})
        self.table(self.run_it("fleet.csv"))
        self.assertEqual(len(self.simulator_arns()), 3)

    def test_progress_on_a_terminal(self):
        """On standard error while it works, and taken away; nothing of it in the table."""
        self.write("fleet.csv", "name\nx\n")
        master, slave = pty.openpty()
        child = self.begin("fleet.csv", stderr=slave)
        os.close(slave)
        out = child.communicate(timeout=DEADLINE)[0]
        shown = os.read(master, 4096).decode()
        os.close(master)
        self.assertIn("1 of 1: x ...", shown)
        self.assertTrue(shown.endswith("\r\33[K"))
        self.assertNotIn("\r", out)


if __name__ == "__main__":
    main()
