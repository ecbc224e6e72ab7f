"""Going live: ivs.live, scripts/go_live.lua and scripts/demo, against the simulator and its stand-in encoder."""

import os
import pty
import re
import signal
import subprocess
import time

from support import ENCODER, GO_LIVE, PROGRAM, TOP, ProgramTest, main, processes_with, read_terminal

DEMO = os.path.join(TOP, "scripts", "demo")

HEAD = f"""
local ivs, live = require "ivs", require "ivs.live"
io.stdout:setvbuf "no"
local client = assert(ivs.client())
local encoder = {{ "{ENCODER}" }}
local function go(options)
  options.client, options.temporary = client, true
  options.on_event = function(event, detail) print("event", event, detail.message or "") end
  return live.start(options)
end
"""


class LiveTest(ProgramTest):
    simulator_options = ["--start-delay", "0.05"]

    def setUp(self):
        super().setUp()
        self.simulator.tell("reset", {})

    def live(self, text, code=0):
        done = self.script(HEAD + text)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def operations(self):
        return [request["operation"] for request in self.simulator.ask("requests")["requests"]]

    def assertAccountEmpty(self):
        state = self.simulator.ask("state")
        self.assertEqual((state["channels"], state["live"], state["streamKeys"]), ([], [], 0))


class Library(LiveTest):
    def test_all_of_it(self):
        done = self.live("""
        do
          local session <close> = assert(go { name = "lobby", encoder = encoder, log = "log" })
          print(session:state().state, session.created)
          assert(session:metadata "plain text")
          assert(session:metadata { cue = 1 })
          print(session.sent, session.sent_bytes, session.refused)
        end""")
        self.assertEqual(done.stdout.split("\n"), [
            "event\tchannel\t", "event\tingest\t", "event\tencoder\t", "event\tlive\t", "LIVE\ttrue", "2\t19\t0",
            "event\tstopped\t", "event\tencoder_ended\t", "event\tdeleted\t", ""])
        self.assertEqual([m["metadata"] for m in self.simulator.ask("metadata")["metadata"]], ["plain text", '{"cue":1}'])
        self.assertAccountEmpty()
        names = self.operations()
        self.assertLess(names.index("StopStream"), names.index("DeleteChannel"))

    def test_exit_stops_the_stream(self):
        self.live('local session <close> = assert(go { name = "lobby", encoder = encoder, log = "log" }) os.exit(3)', code=3)
        self.assertIn("StopStream", self.operations())
        self.assertAccountEmpty()

    def test_closed_session_stays_closed(self):
        """Its encoder is not started again, and what goes on with the stream says so."""
        done = self.live("""
        local session = assert(go { name = "x", encoder = encoder })
        os.execute("kill -9 " .. session.encoder:pid())
        repeat assert(session:wait(0.05)) until session.phase == "down"
        session:close()
        for _, name in ipairs { "wait", "health", "metadata", "push" } do
          print(name, select(2, session[name](session, name == "wait" and 0 or "x")).code)
        end""")
        self.assertIn("wait\tSessionClosed\nhealth\tSessionClosed\nmetadata\tSessionClosed\npush\tSessionClosed\n", done.stdout)
        self.assertEqual(done.stdout.count("event\tencoder\t"), 1)
        self.assertAccountEmpty()

    def test_found_channel_is_kept(self):
        self.live("""
        local made = assert(client:create_channel { name = "mine" })
        for _, where in ipairs { { name = "mine" }, { channel = made.channel.arn } } do
          where.encoder = encoder
          local session <close> = assert(go(where))
          assert(session.channel.arn == made.channel.arn and not session.created)
        end""")
        self.assertEqual([c["name"] for c in self.simulator.ask("state")["channels"]], ["mine"])
        self.assertEqual(self.operations().count("CreateChannel"), 1)

    def test_name_must_be_exact_and_unique(self):
        done = self.live("""
        client:create_channel { name = "lobby-2" } client:create_channel { name = "twin" } client:create_channel { name = "twin" }
        local session <close> = assert(go { name = "lobby", encoder = encoder })
        print(session.created, select(2, go { name = "twin", encoder = encoder }))""")
        self.assertIn("true\tmore than one channel is named twin: give the ARN of the one to use\n", done.stdout)

    def test_missing_stream_key_is_made(self):
        self.live("""
        local made = assert(client:create_channel { name = "keyless" })
        assert(client:delete_stream_key { arn = made.streamKey.arn })
        local session <close> = assert(go { name = "keyless", encoder = encoder })""")
        self.assertIn("CreateStreamKey", self.operations())

    def test_key_is_not_shown(self):
        done = self.live("""
        local session <close> = assert(go { name = "secret", log = "log",
          encoder = { "sh", "-c", 'echo "$IVS_INGEST_URL $IVS_STREAM_KEY $0"; exec "$1"', "{url}", encoder[1] } })
        io.open("key", "w"):write(session.key):close()""")
        key = self.read("key")
        self.assertTrue(key.startswith("sk_"))
        log = self.read("log")
        self.assertRegex(log, r"^rtmps://localhost:\d+/app/\[redacted\] \[redacted\] rtmps://localhost:\d+/app/\[redacted\]\n")
        for text in (log, done.stdout, done.stderr):
            self.assertNotIn(key, text)

    def test_key_is_not_in_the_process_list(self):
        done = self.live("""
        local session <close> = assert(go { name = "secret", encoder = encoder })
        local list = io.popen("cat /proc/[0-9]*/cmdline | tr '\\\\0' ' '"):read "a"
        print(list:find(session.key, 1, true), list:find("stand-in-encoder", 1, true) ~= nil)""")
        self.assertIn("\nnil\ttrue\n", done.stdout)

    def test_encoder_that_ends(self):
        done = self.live("""
        local session, err = go { name = "x", encoder = { "sh", "-c", "echo one; echo no camera >&2; exit 7" } }
        print(session, err.code, err)""")
        self.assertIn("nil\tEncoderEnded\tthe encoder ended (exit status 7); its last words: one | no camera\n", done.stdout)
        self.assertAccountEmpty()

    def test_encoder_that_does_not_exist(self):
        done = self.live("""print(select(2, go { name = "x", encoder = { "no-such-encoder" } }))""")
        self.assertEqual(done.stdout, "the encoder cannot be started: no-such-encoder: No such file or directory\n")
        done = self.live("""print(select(2, go { name = "x", encoder = encoder, log = "no/such" }))""")
        self.assertEqual(done.stdout, "the encoder cannot be started: no/such: No such file or directory\n")
        os.mkfifo(os.path.join(self.folder, "unread"))
        done = self.live("""print(select(2, go { name = "x", encoder = encoder, log = "unread" }))""")
        self.assertEqual(done.stdout, "the encoder cannot be started: unread: a named pipe that nobody reads; start its reader first\n")
        self.assertEqual(self.operations(), [])

    def test_encoder_that_is_gone_when_it_is_needed(self):
        done = self.live("""
        local function remove(event) if event == "channel" then os.remove "encoder" end end
        io.open("encoder", "w"):write("#!/bin/sh\\n"):close()
        os.execute "chmod +x encoder"
        print(select(2, live.start { client = client, channel = "x", temporary = true, encoder = { "./encoder" }, on_event = remove }))""")
        self.assertEqual(done.stdout, "the encoder cannot be started: ./encoder: No such file or directory\n")
        self.assertAccountEmpty()

    def test_encoder_that_sends_nothing(self):
        done = self.live("""
        local session, err = go { name = "x", wait = 1, encoder = { "sh", "-c", "echo waiting for a camera; sleep 60" } }
        print(session, err.code, err)""")
        self.assertIn("nil\tNotLive\tthe channel was not live after 1 s: the encoder runs, but its stream did not arrive at rtmps://", done.stdout)
        self.assertIn("/app/; its last words: waiting for a camera\n", done.stdout)
        self.assertAccountEmpty()

    def test_encoder_that_ends_later(self):
        done = self.live("""
        local session <close> = assert(go { name = "x", retries = 0, encoder = { "timeout", "-s", "KILL", "2", encoder[1] } })
        local ok, err
        repeat ok, err = session:health() ivs.sleep(0.2) until not ok
        print(err.code)""")
        self.assertIn("EncoderEnded\n", done.stdout)

    def test_someone_elses_encoder(self):
        environment = self.environment()
        self.write("script.lua", HEAD + """
        local session <close> = assert(go { name = "outside", wait = 20 })
        print(session:state().state)""")
        child = self.start("run", "script.lua", env=environment)
        self.addCleanup(child.kill)
        for _ in range(2):
            child.stdout.readline()
        arn = self.simulator.ask("state")["channels"][0]["arn"]
        self.simulator.tell("live", {"channelArn": arn, "live": True})
        out, _ = child.communicate(timeout=30)
        self.assertIn("LIVE", out)
        self.assertEqual(child.returncode, 0)

    def test_live_already(self):
        done = self.live("""
        local first <close> = assert(go { name = "busy", encoder = encoder })
        print(select(2, go { name = "busy", encoder = encoder }))
        print(first:state().state)""")
        self.assertRegex(done.stdout, r"\nthe channel is live already, since 20\S+ and HEALTHY: another encoder sends, or the last stream is "
                                      r"still held, for up to 30 s\. Wait; or end it with restart, or take it over with takeover\nLIVE\n")

    def test_offline_is_a_state(self):
        done = self.live("""
        local session <close> = assert(go { name = "x", encoder = encoder })
        client:stop_stream { channelArn = session.channel.arn }
        session.encoder:stop()
        print(session:state().state)""")
        self.assertIn("OFFLINE\n", done.stdout)

    def test_metadata_keeps_to_the_rate(self):
        done = self.live("""
        local session <close> = assert(go { name = "x", encoder = encoder })
        local began = ivs.monotonic()
        for i = 1, 16 do assert(session:metadata(tostring(i))) end
        print(session.sent, session.refused, ivs.monotonic() - began >= 3.0)""")
        self.assertIn("16\t0\ttrue\n", done.stdout)

    def test_oversized_metadata(self):
        done = self.live("""
        local session <close> = assert(go { name = "x", encoder = encoder })
        print(session:metadata(("x"):rep(1025)))
        print(session:metadata(("x"):rep(1024)), session.sent, session.refused)""")
        self.assertIn("nil\tthe metadata was refused: it has 1025 bytes, and the service takes at most 1 KB in one item\n", done.stdout)
        self.assertIn("true\t1\t1\n", done.stdout)

    def test_mistakes_raise(self):
        for text, part in (("go {}", "give either name or channel"), ("go { name = 'a', channel = 'b' }", "give either"),
                           ("go { nmae = 'x' }", "no option nmae"), ("go { name = 1 }", "name must be a string"),
                           ("live.start { name = 'x' }", "client is needed"), ("live.start()", "a table of options")):
            with self.subTest(text):
                self.assertFails(self.script(HEAD + text), 1, "live.start", part)

    def test_words(self):
        done = self.script("""
        for _, line in ipairs { "a  b\\tc", [["a b" 'c "d"' e\\ f]], [[x'' "" y"z"w]], "", [[a\\\\b 'c\\d']] } do
          print(table.concat(require "ivs.live".words(line), "|"))
        end
        print(require "ivs.live".words "it's")""")
        self.assertEqual(done.stdout, 'a|b|c\na b|c "d"|e f\nx||yzw\n\na\\b|c\\d\nnil\ta quote (\') is not closed in: it\'s\n')

    def test_error_in_the_script(self):
        self.write("script.lua", HEAD + """
        local session <close> = assert(go { name = "x", encoder = encoder })
        error "my mistake" """)
        done = self.ivs("run", "script.lua")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^ivs: script\.lua:\d+: my mistake\n$")
        self.assertAccountEmpty()

    def test_forgotten_close(self):
        self.live("""S = assert(go { name = "x", encoder = encoder })""")
        self.assertAccountEmpty()


class GoLive(LiveTest):
    def go_live(self, *words, env=None):
        return self.ivs("run", GO_LIVE, *words, env=env)

    def test_story(self):
        done = self.go_live("--name", "stage", "--encoder", f"'{ENCODER}'", "--items", "6")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        story = (r"Created channel stage \(arn:aws:ivs:\S+\)", r"Ingest URL for the encoder: rtmps://localhost:\d+/app/\[stream key\]",
                 r"Started encoder \S+stand-in-encoder \(process \d+\); waiting for its stream", r"LIVE after \d+\.\d s",
                 r"Pushed metadata: 5 of 6 items, \d+ bytes", r"Pushed metadata: 6 of 6 items, \d+ bytes", r"Health: HEALTHY, viewers: \d+",
                 "Stopped the stream", "Ended the encoder", "Removed the channel")
        self.assertRegex(done.stdout, "^" + "\n".join(story) + "\n$")
        self.assertNotIn("sk_", done.stdout)
        self.assertEqual(len(self.simulator.ask("metadata")["metadata"]), 6)
        self.assertAccountEmpty()

    def test_keep_then_find(self):
        first = self.go_live("--name", "kept", "--items", "1", "--keep", env=self.environment(IVS_ENCODER=ENCODER))
        self.assertRegex(first.stdout, "\nKept channel arn:\\S+\n$")
        arn = self.simulator.ask("state")["channels"][0]["arn"]
        second = self.go_live("--channel", arn, "--items", "1", "--encoder", ENCODER)
        self.assertIn(f"Found channel kept ({arn})", second.stdout)
        self.assertIn(f"Kept channel {arn}", second.stdout)
        self.assertEqual((first.returncode, second.returncode), (0, 0))

    def test_seconds(self):
        began = time.monotonic()
        done = self.go_live("--items", "0", "--seconds", "2", "--encoder", ENCODER)
        self.assertGreater(time.monotonic() - began, 2)
        self.assertEqual(done.stdout.count("Health: HEALTHY"), 2)

    def test_options(self):
        self.assertEqual(self.go_live("--help").returncode, 0)
        self.assertTrue(self.go_live("--help").stdout.startswith("usage: go_live.lua "))
        for words in (("--itmes", "3"), ("--items", "x"), ("--items",), ("word",), ("--seconds", "soon")):
            self.assertFails(self.go_live(*words), 252, "go_live.lua: cannot use", words[0], "--help")
        self.assertFails(self.go_live("--encoder", "it's"), 1, "a quote")
        self.assertAccountEmpty()

    def test_no_account(self):
        environment = self.environment(AWS_SECRET_ACCESS_KEY=None, AWS_ACCESS_KEY_ID=None)
        self.assertFails(self.go_live("--encoder", ENCODER, env=environment), 1, "AWS_ACCESS_KEY_ID")

    def test_default_encoder(self):
        """ffmpeg gets what the service's documentation asks of an encoder, and the stream key in a file that has no name."""
        fake = self.write("ffmpeg", f'#!/bin/sh\nprintf "%s\\n" "$@" >words\ncat /dev/fd/6 >preset\nexec "{ENCODER}"\n')
        os.chmod(fake, 0o755)
        done = self.go_live("--items", "1", env=self.environment(PATH=f"{self.folder}:{os.environ['PATH']}"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        words = self.read("words").strip().split("\n")
        self.assertRegex(words[-1], r"^rtmps://localhost:\d+/app/$")
        self.assertEqual(words[words.index("-fpre") + 1], "/dev/fd/6")
        self.assertRegex(self.read("preset"), r"^rtmp_playpath=sk_\S+\n$")
        self.assertNotIn("sk_", " ".join(words))
        self.assertEqual([words[words.index(o) + 1] for o in ("-c:v", "-pix_fmt", "-g", "-c:a", "-f")], ["libx264", "yuv420p", "60", "aac", "lavfi"])

    def interrupt_after(self, line, number=signal.SIGINT):
        child = self.start("run", GO_LIVE, "--name", "cut", "--encoder", ENCODER, "--items", "100")
        self.addCleanup(child.kill)
        out = self.read_until(child, line)
        child.send_signal(number)
        rest, err = child.communicate(timeout=30)
        self.assertEqual(err, "")
        self.assertNoSecret(out + rest)
        self.assertAccountEmpty()
        self.assertNothingLeft(1)
        return child.returncode, out + rest

    def test_ctrl_c_at_any_moment(self):
        for line in ("Created channel", "Ingest URL", "Started encoder", "LIVE after", "Pushed metadata: 5 of"):
            with self.subTest(line):
                code, _ = self.interrupt_after(line)
                self.assertEqual(code, 130)

    def test_terminate(self):
        code, out = self.interrupt_after("Pushed metadata: 5 of", signal.SIGTERM)
        self.assertEqual(code, 143)
        self.assertTrue(out.endswith("Stopped the stream\nEnded the encoder\nRemoved the channel\n"), out)


class Demo(ProgramTest):
    def start_demo(self, *words, **options):
        return subprocess.Popen([DEMO, *words], env=self.environment(IVS_PROGRAM=PROGRAM, TMPDIR=self.folder), cwd=self.folder, text=True,
                                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True, **options)

    def test_story(self):
        began = time.monotonic()
        child = self.start_demo(stdout=subprocess.PIPE)
        out, err = child.communicate(timeout=60)
        self.assertEqual((child.returncode, err), (0, ""))
        for line in ("Created channel demo", "[stream key]", "Started encoder", "LIVE after", "15 of 15 items", "Health: HEALTHY",
                     "Stopped the stream", "Ended the encoder", "Removed the channel"):
            self.assertIn(line, out)
        self.assertNotIn("sk_", out)
        self.assertLess(time.monotonic() - began, 40)
        self.assertEqual(os.listdir(self.folder), [])
        self.assertNothingLeft(1)

    def test_keep(self):
        child = self.start_demo("--keep", "--items", "1", stdout=subprocess.PIPE)
        out, err = child.communicate(timeout=60)
        self.assertEqual((child.returncode, err), (0, ""))
        self.assertIn("Kept channel arn:", out)

    def test_wrong_option(self):
        child = self.start_demo("--itmes", "1", stdout=subprocess.PIPE)
        _, err = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 252)
        self.assertEqual(err, "go_live.lua: cannot use --itmes 1; --help lists the options\n")

    def test_ctrl_c(self):
        """The whole foreground group gets it, as from a terminal, or the one process that was started."""
        for line in ("Created channel", "Started encoder", "LIVE after", "Pushed metadata: 5 of"):
            for whole_group in (True, False):
                with self.subTest(line=line, whole_group=whole_group):
                    child = self.start_demo("--items", "100", stdout=subprocess.PIPE)
                    self.read_until(child, line)
                    self.assertGreater(len(processes_with(self.mark)), 1)
                    if whole_group:
                        os.killpg(child.pid, signal.SIGINT)
                    else:
                        child.send_signal(signal.SIGINT)
                    rest, err = child.communicate(timeout=30)
                    self.assertEqual((child.returncode, err), (130, ""))
                    self.assertTrue(rest.endswith("Removed the channel\n"), rest)
                    self.assertNothingLeft(1)
                    self.assertEqual(os.listdir(self.folder), [])

    def test_on_a_terminal_the_count_is_one_line(self):
        master, slave = pty.openpty()
        child = self.start_demo("--items", "4", stdout=slave)
        os.close(slave)
        out = read_terminal(master)
        self.assertEqual(child.wait(60), 0)
        child.stderr.close()
        lines = [line for line in out.split("\n") if "Pushed" in line]
        self.assertEqual(len(lines), 1)
        self.assertEqual(re.findall(r"\rPushed metadata: (\d+) of 4", lines[0]), ["1", "2", "3", "4"])


if __name__ == "__main__":
    main()
