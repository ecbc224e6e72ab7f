"""ivs.live when something is in the way: streams that are held, encoders that end, channels that have to be changed; and what encoders get."""

import os

from support import ENCODER, main
from test_live import HEAD, LiveTest


class Again(LiveTest):
    def test_finished_encoder(self):
        """One that ends without an error is not started again."""
        done = self.live("""
        local session <close> = assert(go { name = "x", encoder = { "timeout", "--preserve-status", "2", encoder[1] } })
        print(select(2, session:wait(20)).code)
        print(#client:list_channels {}.channels)""")
        self.assertIn("EncoderFinished\n1\nevent\tstopped\t\nevent\tdeleted", done.stdout)
        self.assertEqual(done.stdout.count("event\tencoder\t"), 1)

    def test_encoder_that_fails_again_and_again(self):
        self.write("fails", f"#!/bin/sh\nif [ -e ran ]; then echo no camera; exit 3; fi\n>ran\nexec timeout -s KILL 2 {ENCODER}\n")
        os.chmod(os.path.join(self.folder, "fails"), 0o755)
        done = self.live("""
        local session <close> = assert(go { name = "x", retries = 2, encoder = { "./fails" } })
        local ok, err
        repeat ok, err = session:wait(1) until not ok
        print(err.code, err)""")
        self.assertIn("EncoderEnded\tthe encoder ended (exit status 3) and so it did after 2 new starts; its last words: no camera\n",
                      done.stdout)
        self.assertEqual(done.stdout.count("event\tencoder\t"), 3)
        self.assertAccountEmpty()

    def test_settings(self):
        """A channel is changed to what is asked of it, but not while it is live, unless that is allowed."""
        done = self.live("""
        local function with(more)
          local options = { name = "lobby", encoder = encoder, settings = { latencyMode = "NORMAL", insecureIngest = true } }
          for name, value in pairs(more) do options[name] = value end
          return go(options)
        end
        local made = client:create_channel { name = "lobby" }.channel
        do
          local session <close> = assert(with {})
          assert(session.channel.latencyMode == "NORMAL")
          print(select(2, with { settings = { type = "BASIC", latencyMode = "NORMAL" } }))
        end
        do
          local first <close> = assert(with {})
          local second <close> = assert(with { restart = true, settings = { type = "BASIC" } })
          print(second.channel.type, second.channel.latencyMode)
        end""")
        lines = done.stdout.split("\n")
        self.assertIn("event\tchanged\t", lines)
        self.assertIn("the channel is live, and cannot be changed before its stream is stopped: type from STANDARD to BASIC. "
                      "Allow that with restart", lines)
        self.assertIn("BASIC\tNORMAL", lines)
        self.assertEqual(self.operations().count("UpdateChannel"), 2)

    def test_settings_of_a_new_channel(self):
        self.live("""local session <close> = assert(go { channel = "new", encoder = encoder, settings = { type = "BASIC", tags = { a = "b" } } })
        assert(session.channel.type == "BASIC" and session.channel.tags.a == "b" and session.created)""")

    def test_answers_that_are_lost(self):
        """What was created although its answer did not come is found, and not created once more."""
        self.simulator.tell("fault", {"fault": "reset-before-answer", "operation": "CreateChannel"})
        self.live("""
        do
          local session <close> = assert(live.start { client = client, channel = "once", encoder = encoder })
          assert(session.created)
          local key = client:list_stream_keys { channelArn = session.channel.arn }.streamKeys[1]
          client:delete_stream_key { arn = key.arn }
        end
        os.execute("curl -s " .. os.getenv "IVS_SIM_CONTROL" .. '/fault -d \\'{"fault": "reset-before-answer", '
          .. '"operation": "CreateStreamKey"}\\' >/dev/null')
        local session <close> = assert(live.start { client = client, channel = "once", encoder = encoder })""")
        self.assertEqual([c["name"] for c in self.simulator.ask("state")["channels"]], ["once"])
        self.assertEqual(self.operations().count("CreateStreamKey"), 1)

    def test_wrong_key(self):
        done = self.live("""
        local session, err = go { name = "x", wait = 1.5, encoder = { "sh", "-c", 'exec sleep 30' }, on_progress = function()
          if not DONE then
            DONE = true
            local arn = client:list_channels {}.channels[1].arn
            client:delete_stream_key { arn = client:list_stream_keys { channelArn = arn }.streamKeys[1].arn }
            client:create_stream_key { channelArn = arn }
          end
        end }
        print(err.code, err.reason, err)""")
        self.assertIn("NotLive\twrong-key\tthe channel was not live after 1.5 s: the stream key is another one by now\n", done.stdout)

    def test_stream_that_came_and_went(self):
        done = self.live("""
        local arn = client:create_channel { name = "x" }.channel.arn
        local control = os.getenv "IVS_SIM_CONTROL"
        local tell = "curl -s " .. control .. '/live -d \\'{"channelArn": "' .. arn .. '", "live": %s}\\' >/dev/null; '
        local event = "curl -s " .. control .. '/event -d \\'{"channelArn": "' .. arn .. '", "name": "Ingest Bitrate", '
          .. '"type": "IVS Limit Breach"}\\' >/dev/null; '
        print(select(2, go { name = "x", wait = 2, encoder = { "sh", "-c", tell:format "true" .. tell:format "false" .. "exec sleep 30" } }))
        print(select(2, go { name = "x", wait = 2,
          encoder = { "sh", "-c", tell:format "true" .. event .. tell:format "false" .. "exec sleep 30" } }))""")
        self.assertIn("the channel was not live after 2 s: a stream came, and ended again\n", done.stdout)
        self.assertIn("the channel was not live after 2 s: the service refused what came: Ingest Bitrate\n", done.stdout)

    def test_another_encoder_was_first(self):
        done = self.live("""
        local arn = client:create_channel { name = "x" }.channel.arn
        local live = "curl -s " .. os.getenv "IVS_SIM_CONTROL" .. '/live -d \\'{"channelArn": "' .. arn .. '", "live": true}\\' >/dev/null; '
        local session, err = go { name = "x", encoder = { "sh", "-c", live .. "echo refused; exit 1" } }
        print(err.code, err.reason, err)""")
        self.assertIn("EncoderEnded\theld\tthe encoder ended (exit status 1); its last words: refused. The channel is live without it: ", done.stdout)

    def test_nobody_sends(self):
        done = self.live("""print(select(2, go { name = "x", wait = 1 }))""")
        self.assertRegex(done.stdout, r"the channel was not live after 1 s: nothing was sent to rtmps://localhost:\d+/app/ with its stream key\n")

    def test_place_holders(self):
        """What the encoder's words become, by protocol; files are there for it alone."""
        done = self.live("""
        local show = { "sh", "-c", 'for word; do echo "$word"; done; cat "$3"; echo; cat "$4"; echo; cat "$5"; env | grep -E ^IVS_S[TR] | sort; exit 1',
          "sh", "{server}", "x{key}x", "{key_file}", "{url_file}", "{fpre}", "{url}", "{srt_url}", "%{ unknown }{}${url}" }
        for _, protocol in ipairs { "rtmps", "rtmp", "srt" } do
          go { channel = "x", protocol = protocol, encoder = show, log = protocol, settings = { insecureIngest = protocol == "rtmp" } }
        end
        local ok, err = go { channel = "plain", protocol = "rtmp", encoder = show }
        print(err.code, err)
        go { channel = "plain", settings = { insecureIngest = true }, encoder = { "true", "{passphrase}" } }
        print(select(2, go { channel = "plain", settings = { insecureIngest = true }, encoder = { "true", "{passphrase}" } }))""")
        hidden = r"\[redacted\]"
        tls = r"rtmps://localhost:\d+/app/"
        srt = r"srt://\w+\.srt\.live-video\.net:9000"
        self.assertRegex(self.read("rtmps"), rf"^{tls}\nx{hidden}x\n/dev/fd/6\n/dev/fd/7\n/dev/fd/8\n{tls}{hidden}\n"
                         rf"{srt}\?streamid={hidden}&passphrase=\S+\n%{{ unknown }}{{}}\${{url}}\n{hidden}\n{tls}{hidden}\nrtmp_playpath={hidden}\n"
                         rf"IVS_STREAM_KEY={hidden}\n$")
        self.assertIn("rtmp_playpath=[redacted]\n", self.read("rtmp"))
        self.assertRegex(self.read("rtmp"), r"^rtmp://localhost:\d+/app/\n")
        self.assertNotIn("passphrase", self.read("rtmp"))
        self.assertRegex(self.read("srt"), rf"^{srt}\nx{hidden}x\n/dev/fd/6\n/dev/fd/7\n/dev/fd/8\n({srt}\?streamid={hidden}&passphrase={hidden}\n){{2}}"
                         rf"%{{ unknown }}{{}}\${{url}}\n{hidden}\n{srt}\?streamid={hidden}&passphrase={hidden}\nsrt_streamid={hidden}\npassphrase={hidden}\n"
                         rf"IVS_SRT_PASSPHRASE={hidden}\nIVS_STREAM_KEY={hidden}\n$")
        self.assertIn("NoProtocol\tthe channel takes no RTMP: it does not allow insecure ingest\n", done.stdout)
        self.assertIn("the encoder asks for {passphrase}, which this channel does not have\n", done.stdout)
        self.assertNotIn("sk_", done.stdout)

    def test_only_one_encoder_may_be_allowed(self):
        done = self.live("""
        live.allow_only { encoder[1] }
        live.allow_only { "sh" }
        print(select(2, go { name = "x", encoder = { "sh", "-c", "echo >was-run" } }))
        do local session <close> = assert(go { name = "x", encoder = encoder }) end""")
        self.assertIn("this script may not start an encoder of its own\n", done.stdout)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "was-run")))
        done = self.live("""live.allow_only(false) print(select(2, go { name = "x", encoder = encoder }))""")
        self.assertIn("this script may not start an encoder of its own\n", done.stdout)

    def test_it_asks_seldom(self):
        """The account has 5 requests a second for all of its devices: waiting asks once a second, staying live far less."""
        self.live("""
        local session <close> = assert(go { name = "x", encoder = encoder })
        assert(session:wait(6))""")
        self.assertLessEqual(self.operations().count("GetStream"), 6)

    def test_throttled(self):
        """Refusals for the rate do not end it."""
        self.live("""
        local session <close> = assert(go { name = "x", encoder = { "sh", "-c", "sleep 2; exec " .. encoder[1] }, wait = 30,
          on_progress = function()
            if SET then return end
            SET = os.execute("curl -s " .. os.getenv "IVS_SIM_CONTROL" .. '/fault -d \\'{"fault": "throttled", "operation": "GetStream", '
              .. '"times": 4}\\' >/dev/null')
          end })
        print(session:state().state)""")

    def test_options_are_checked(self):
        for text, part in (("go { name = 'x', protocol = 'hls' }", "protocol must be one of rtmps, rtmp, srt"),
                           ("go { name = 'x', settings = { colour = 1 } }", "a channel has no colour that could be set"),
                           ("go { name = 'x', priority = 1.5 }", "priority must be an integer, 1 to 2147483647"),
                           ("go { name = '' }", "name must not be empty"), ("go { channel = '' }", "channel must not be empty"),
                           ("go { name = 'x', log = '' }", "log must not be empty"),
                           ("go { name = 'x', encoder = {} }", "encoder must name a program"),
                           ("go { name = 'x', encoder = { 'a', 1 } }", "word 2 is a number"),
                           ("go { name = 'x', wait = 0/0 }", "wait must be 0 to 1000000"), ("go { name = 'x', wait = -1 }", "wait must be 0"),
                           ("go { name = 'x', retries = -1 }", "retries must be 0 to 1000000"),
                           ("live.start { client = 5, name = 'x' }", "client must be a userdata")):
            with self.subTest(text):
                self.assertFails(self.script(HEAD + text), 1, "live.start", part)
        self.assertEqual(self.operations(), [])

    def test_misspelt_place_holder(self):
        """Nothing is made on the service, and nothing started."""
        done = self.live("""
        for _, word in ipairs { "{ur}", "a{URL}", "{colours}" } do print(select(2, go { name = "x", encoder = { "true", word } })) end""")
        self.assertEqual(done.stdout, "the encoder's words have {ur}, which is no place-holder; did you mean {url}? What is to stay as it is has "
                         "blanks: { ur }\nthe encoder's words have {URL}, which is no place-holder; did you mean {url}? What is to stay as it is "
                         "has blanks: { URL }\nthe encoder's words have {colours}, which is no place-holder. What is to stay as it is has blanks: "
                         "{ colours }\n")
        self.assertEqual(self.operations(), [])


class Held(LiveTest):
    """The service keeps a stream whose encoder is gone."""

    simulator_options = ["--hold", "30", "--start-delay", "0.05"]

    LEFT = """
        local made = client:create_channel { name = "x" }.channel
        local process = require "ivs.process"
        local key = client:list_stream_keys { channelArn = made.arn }.streamKeys[1]
        key = client:get_stream_key { arn = key.arn }.streamKey.value
        local url = "rtmps://" .. made.ingestEndpoint .. "/app/" .. key
        local earlier = assert(process.start { argv = { encoder[1] }, env = { IVS_INGEST_URL = url } })
        repeat ivs.sleep(0.2) local got = client:get_stream { channelArn = made.arn } ID = got and got.stream.streamId until got
        os.execute("kill -9 " .. earlier:pid())
        assert(earlier:wait(5))
    """

    def test_held_stream(self):
        """It is told, stopped, or taken over."""
        done = self.live(self.LEFT + """
        print(select(2, go { name = "x", encoder = encoder }))
        do
          local session <close> = assert(go { name = "x", encoder = encoder, takeover = true })
          print("same", session:state().streamId == ID)
          assert(session:wait(1))
        end
        do
          local session <close> = assert(go { name = "x", encoder = encoder })
          print("new", session:state().streamId ~= ID)
        end""")
        self.assertIn("the last stream is still held, for up to 30 s", done.stdout)
        self.assertIn("same\ttrue\n", done.stdout)
        self.assertIn("new\ttrue\n", done.stdout)

    def test_held_stream_is_stopped(self):
        done = self.live(self.LEFT + """
        local session <close> = assert(go { name = "x", encoder = encoder, restart = true })
        print("new", session:state().streamId ~= ID)""")
        self.assertIn("event\tstopping\t", done.stdout)
        self.assertIn("new\ttrue\n", done.stdout)

    def test_encoder_is_started_again(self):
        """The stream that is held for it is stopped; items that wait meanwhile are sent; the key is fetched again."""
        done = self.live("""
        local session <close> = assert(go { name = "x", encoder = encoder })
        assert(session:metadata "before")
        os.execute("kill -9 " .. session.encoder:pid())
        while session.phase ~= "down" do assert(session:wait(0.1)) end
        local key = client:list_stream_keys { channelArn = session.channel.arn }.streamKeys[1]
        assert(client:delete_stream_key { arn = key.arn })
        assert(session:push("between", { ttl = 20 }))
        while session.phase ~= "live" or session.sent < 2 do assert(session:wait(0.2)) end
        print(session.sent, session.refused)""")
        self.assertIn("event\tencoder_lost\t\nevent\tencoder\t\nevent\tlive\t\n2\t0\n", done.stdout.replace("event\tstate\t\n", ""))
        names = self.operations()
        self.assertLess(names.index("StopStream"), names.index("CreateStreamKey"))
        before, between = [m["streamId"] for m in self.simulator.ask("metadata")["metadata"]]
        self.assertNotEqual(before, between)
        self.assertAccountEmpty()

    def test_takeover_after_a_failure(self):
        """The stream goes on under its id; a takeover that is turned away is not tried twice."""
        done = self.live("""
        local session <close> = assert(go { name = "x", encoder = encoder, takeover = true })
        local id = session.now.streamId
        local function lose()
          os.execute("kill -9 " .. session.encoder:pid())
          repeat assert(session:wait(0.2)) until session.phase == "down"
          repeat assert(session:wait(0.2)) until session.phase == "live"
          return session:state().streamId == id
        end
        print("same", lose())
        os.execute("curl -s " .. os.getenv "IVS_SIM_CONTROL" .. '/quota -d \\'{"takeovers": 1}\\' >/dev/null')
        print("another", not lose())""")
        self.assertIn("same\ttrue\n", done.stdout)
        self.assertIn("another\ttrue\n", done.stdout)
        self.assertEqual(done.stdout.count("event\tencoder_lost"), 3)


if __name__ == "__main__":
    main()
