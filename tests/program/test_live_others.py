"""ivs.live beside other encoders, whose streams it must leave alone; and with a service that does not answer."""

import signal
import time

from support import ENCODER, main
from test_live import LiveTest

TELL = """
local function tell(what, body)
  assert(os.execute("curl -sf " .. os.getenv "IVS_SIM_CONTROL" .. "/" .. what .. " -d '" .. ivs.json.encode(body) .. "' >/dev/null"))
end
local arn = client:create_channel { name = "x" }.channel.arn
local function other() tell("live", { channelArn = arn, live = true }) end
local function lose(session)
  os.execute("kill -9 " .. session.encoder:pid())
  repeat assert(session:wait(0.05)) until session.phase == "down"
end
local function until_end(session)
  local ok, err
  repeat ok, err = session:wait(0.2) until not ok
  return err
end
"""


class Others(LiveTest):
    simulator_options = ["--hold", "30", "--start-delay", "0.05"]

    def test_one_that_never_was_live_stops_nobody(self):
        """The other one was first: that is neither told as LIVE nor ended."""
        done = self.live(TELL + """
        local session, err = go { channel = arn, encoder = { "sh", "-c", "sleep 1.2; exit 1" }, on_progress = function()
          if not DONE then DONE = true other() end
        end }
        print(session, err.code, err.reason)""")
        self.assertIn("nil\tEncoderEnded\theld\n", done.stdout)
        self.assertNotIn("event\tlive", done.stdout)
        self.assertNotIn("event\tproblem", done.stdout, "the error has said it")
        self.assertEqual(len(self.simulator.ask("state")["live"]), 1)
        self.assertNotIn("StopStream", self.operations())

    def test_the_end_comes_before_it_is_known_whose_it_is(self):
        """Our encoder has not been turned away yet: the other's stream goes on, and that is told."""
        done = self.live(TELL + """
        print(pcall(go, { channel = arn, encoder = { "sh", "-c", "sleep 1; exit 1" }, on_progress = function()
          other()
          error "the end"
        end }))""")
        self.assertIn("event\tproblem\ta stream is live that is not known to be ours, and is left alone: another encoder's, ", done.stdout)
        self.assertIn("false\t", done.stdout)
        self.assertEqual(len(self.simulator.ask("state")["live"]), 1)
        self.assertNotIn("StopStream", self.operations())

    def test_a_channel_that_another_took(self):
        """The session ends, and the other's stream goes on."""
        done = self.live(TELL + """
        local session <close> = assert(go { channel = arn, encoder = encoder })
        tell("live", { channelArn = arn, live = false })
        other()
        print(until_end(session).code)""")
        self.assertIn("TakenByAnother\n", done.stdout)
        self.assertEqual(len(self.simulator.ask("state")["live"]), 1)
        self.assertNotIn("StopStream", self.operations())

    def test_a_stream_that_another_took_over(self):
        """It keeps its id, and yet is not ours any more: neither with nor without takeover is it fought for."""
        for takeover in ("false", "true"):
            with self.subTest(takeover):
                self.simulator.tell("reset", {})
                done = self.live(TELL + f"""
                local first <close> = assert(go {{ channel = arn, encoder = encoder, takeover = {takeover} }})
                local second <close> = assert(go {{ channel = arn, encoder = encoder, takeover = true }})
                assert(second.now.streamId == first.now.streamId)
                print(until_end(first).code)
                first:close()
                print(second:state().state)""")
                self.assertIn("TakenByAnother\n", done.stdout)
                self.assertIn("LIVE\n", done.stdout)


class Young(LiveTest):
    """The end comes soon after the encoder's start: its stream is stopped, or a line says that one is left."""

    simulator_options = ["--hold", "30", "--start-delay", "0.3"]

    AGAIN = """
        local function again(encoder)
          local session <close> = assert(go { channel = arn, encoder = encoder })
          lose(session)
          repeat assert(session:wait(0.05)) until session.phase == "starting"
          repeat ivs.sleep(0.05) until client:get_stream { channelArn = arn }
        end
    """

    def test_signal(self):
        self.assertEqual(self.ivs("create-channel", "--name", "ex").returncode, 0)
        for seconds in (0, 0.6, 1.5):
            with self.subTest(seconds):
                child = self.start("go-live", "ex", "--", ENCODER)
                self.addCleanup(child.kill)
                self.read_until(child, "Started encoder")
                time.sleep(seconds)
                child.send_signal(signal.SIGTERM)
                out, err = child.communicate(timeout=30)
                self.assertEqual((child.returncode, out, err), (143, "Stopped the stream\nEnded the encoder\n", ""))
                self.assertEqual(self.simulator.ask("state")["live"], [])

    def test_started_again(self):
        done = self.live(TELL + self.AGAIN + "again(encoder)")
        self.assertTrue(done.stdout.endswith("event\tencoder\t\nevent\tstopped\t\nevent\tencoder_ended\t\n"), done.stdout)
        self.assertEqual(self.simulator.ask("state")["live"], [])

    def test_ended_again(self):
        """Nothing tells its stream from another's."""
        done = self.live(TELL + self.AGAIN + """
        again { "sh", "-c", 'if [ -e again ]; then timeout 1 "$0"; exit 3; fi; >again; exec "$0"', encoder[1] }""")
        self.assertEqual(done.stdout.count("event\tproblem\ta stream is live that is not known to be ours, and is left alone: "), 1, done.stdout)
        self.assertEqual(self.operations().count("StopStream"), 1, "for the first encoder")

    def test_nobody_listens(self):
        """A script without on_event has the line on standard error."""
        done = self.live(TELL + """
        local session = assert(live.start { client = client, channel = arn, encoder = encoder })
        tell("fault", { fault = "throttled", operation = "StopStream", retryAfter = 30 })
        session:close()""")
        self.assertRegex(done.stderr, r"^ivs: warning: the stream was not stopped: StopStream: ThrottlingException[^\n]*\n$")


class Silence(LiveTest):
    simulator_options = ["--hold", "30", "--start-delay", "0.05"]

    def test_before_it_is_live(self):
        """An encoder that ends is noticed although the service, asked for the stream, says nothing: that takes 30 s here."""
        self.live(TELL + """
        local began, silent = ivs.monotonic(), false
        local session, err = go { channel = arn, encoder = { "sh", "-c", "sleep 1; exit 3" }, on_progress = function()
          if not silent then tell("fault", { fault = "stall-before-work", seconds = 30, operation = "GetStream" }) end
          silent = true
        end }
        assert(err.code == "EncoderEnded" and ivs.monotonic() - began < 25)""")

    def test_the_way_out(self):
        """The encoder is ended although nothing answers; the client has its own time again."""
        done = self.live(TELL + """
        local session = assert(go { channel = arn, encoder = encoder })
        tell("fault", { fault = "stall-before-work", times = ivs.null, seconds = 30 })
        local before = ivs.monotonic()
        session:close()
        print(ivs.monotonic() - before < 20, client:timeout())""")
        self.assertIn("event\tencoder_ended\t\n", done.stdout)
        self.assertIn("event\tproblem\t", done.stdout)
        self.assertIn("true\t60.0\n", done.stdout)

    def test_a_stream_of_ours_is_stopped_unasked(self):
        """The question for it fails: our encoder, whose stream it is, still runs."""
        done = self.live(TELL + """
        local session = assert(go { channel = arn, encoder = encoder })
        tell("fault", { fault = "throttled", operation = "GetStream", retryAfter = 30 })
        session:close()""")
        self.assertTrue(done.stdout.endswith("event\tstopped\t\nevent\tencoder_ended\t\n"), done.stdout)
        self.assertEqual((self.operations().count("StopStream"), self.simulator.ask("state")["live"]), (1, []))

    def test_a_stream_that_is_not_stopped(self):
        """It is told; and one that is not known to be ours is left alone by a question that fails."""
        done = self.live(TELL + """
        local session = assert(go { channel = arn, encoder = encoder })
        tell("fault", { fault = "throttled", operation = "StopStream", retryAfter = 30 })
        session:close()
        tell("live", { channelArn = arn, live = false })
        session = assert(go { channel = arn, encoder = encoder })
        lose(session)
        tell("fault", { fault = "throttled", operation = "GetStream", retryAfter = 30 })
        session:close()""")
        self.assertIn("event\tproblem\tthe stream was not stopped: StopStream: ThrottlingException", done.stdout)
        self.assertIn("event\tproblem\tthe stream was not stopped: GetStream: ThrottlingException", done.stdout)
        self.assertEqual(self.operations().count("StopStream"), 1)

    def test_events_that_raise(self):
        """The way out goes on to its end; the first error is the script's."""
        done = self.live("""
        local ending, told = false, {}
        local session = assert(live.start { client = client, channel = "new", temporary = true, encoder = encoder, on_event = function(event)
          if ending then
            table.insert(told, event)
            error("cannot hear " .. event, 0)
          end
        end })
        ending = true
        print(pcall(session.close, session))
        print(table.concat(told, " "))""")
        self.assertEqual(done.stdout, "false\tcannot hear stopped\nstopped encoder_ended deleted\n")
        self.assertAccountEmpty()

    def test_tries_grow_rare(self):
        """A service that refuses is asked less and less while the encoder is down."""
        self.live(TELL + """
        local session <close> = assert(go { channel = arn, encoder = encoder })
        tell("fault", { fault = "unavailable", times = ivs.null, operation = "StopStream" })
        lose(session)
        assert(session:wait(5))
        assert(session.tries >= 1 and session.tries <= 3)
        tell("fault", { clear = true })""")

    def test_the_encoder_comes_back(self):
        """After a time without an answer, with the key that is known."""
        done = self.live(TELL + """
        local session <close> = assert(go { channel = arn, encoder = encoder })
        tell("fault", { fault = "unavailable", times = ivs.null, operation = "GetStream" })
        lose(session)
        session.down_since = session.down_since - 30
        repeat assert(session:wait(0.1)) until session.phase == "starting"
        print("again", session.encoder:alive())
        tell("fault", { clear = true })""")
        self.assertIn("again\ttrue\n", done.stdout)


if __name__ == "__main__":
    main()
