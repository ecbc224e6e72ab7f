"""Debian's AWS CLI and botocore against the simulator as users start it.

They are the simulator's own examiners: what they sign it has to accept, what it answers they have
to be able to parse.
"""

import datetime
import json
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import (AWS, DEADLINE, ENCODER, MISSING, PYTHON, Process,  # noqa: E402
                     clean_environment, control, make_client, public_key, versions, wait_for)
from botocore.exceptions import ClientError, SSLError  # noqa: E402
from simulator.operations import REGISTERED  # noqa: E402

TOKEN = "FwoGZXIvYXdzEXAMPLE+token/with=signs" + "x" * 900


def setUpModule():
    global plain, temporary
    plain, temporary = Process("--quiet"), Process("--quiet", "--session-token", TOKEN)


def tearDownModule():
    for simulator in (plain, temporary):
        simulator.stop()


class Base(unittest.TestCase):
    def setUp(self):
        control(plain.environment, "reset", {})
        control(temporary.environment, "reset", {})
        self.client = self.make(plain)

    def make(self, simulator, **options):
        client = make_client(simulator.environment, **options)
        self.addCleanup(client.close)
        return client

    def fails(self, code, status, call, **members):
        with self.assertRaises(ClientError) as caught:
            call(**members)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        self.assertEqual(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], status)
        return caught.exception.response["Error"]["Message"]


class Botocore(Base):
    def test_every_operation(self):
        used = set()
        self.client.meta.events.register(
            "before-call", lambda model, **_: used.add(model.name))
        self.channels_and_keys()
        self.streams()
        self.tags()
        self.recording()
        self.playback_security()
        self.ads_and_viewers()
        self.assertEqual(used, set(REGISTERED))
        self.assertEqual(len(used), 41)

    def channels_and_keys(self):
        c = self.client
        made = c.create_channel(name="lobby", latencyMode="NORMAL", tags={"a": "b é"})
        arn, key = made["channel"]["arn"], made["streamKey"]
        self.assertEqual(c.get_channel(arn=arn)["channel"], made["channel"])
        self.assertEqual(made["channel"]["tags"], {"a": "b é"})
        self.assertEqual(c.batch_get_channel(arns=[arn])["channels"], [made["channel"]])
        self.assertEqual([x["arn"] for x in c.list_channels()["channels"]], [arn])
        self.assertIs(c.update_channel(arn=arn, authorized=True)["channel"]["authorized"], True)
        self.assertEqual(c.get_stream_key(arn=key["arn"])["streamKey"], key)
        self.assertEqual(c.batch_get_stream_key(arns=[key["arn"]])["streamKeys"], [key])
        self.assertEqual(len(c.list_stream_keys(channelArn=arn)["streamKeys"]), 1)
        self.empty(c.delete_stream_key(arn=key["arn"]), 204)
        self.assertTrue(c.create_stream_key(channelArn=arn)["streamKey"]["value"])
        self.empty(c.delete_channel(arn=arn), 204)

    def streams(self):
        c = self.client
        arn = c.create_channel()["channel"]["arn"]
        control(plain.environment, "live", {"channelArn": arn, "live": True})
        stream = c.get_stream(channelArn=arn)["stream"]
        self.assertIsInstance(stream["startTime"], datetime.datetime)
        self.assertEqual(stream["state"], "LIVE")
        self.assertEqual(c.list_streams()["streams"][0]["streamId"], stream["streamId"])
        self.empty(c.put_metadata(channelArn=arn, metadata='{"goal":"1:0 ⚽"}'), 204)
        kept = control(plain.environment, "metadata")["metadata"]
        self.assertEqual(kept[0]["metadata"], '{"goal":"1:0 ⚽"}')
        self.empty(c.stop_stream(channelArn=arn), 200)
        sessions = c.list_stream_sessions(channelArn=arn)["streamSessions"]
        self.assertIsInstance(sessions[0]["endTime"], datetime.datetime)
        session = c.get_stream_session(channelArn=arn, streamId=stream["streamId"])
        self.assertEqual(session["streamSession"]["channel"]["arn"], arn)

    def tags(self):
        c = self.client
        arn = c.create_channel(tags={"a": "1"})["channel"]["arn"]
        tags = {"b k": "2", "a/é:=+@": "", "c": "3"}
        self.empty(c.tag_resource(resourceArn=arn, tags=tags), 200)
        self.assertEqual(c.list_tags_for_resource(resourceArn=arn)["tags"], {"a": "1", **tags})
        self.empty(c.untag_resource(resourceArn=arn, tagKeys=["b k", "a/é:=+@", "not there"]), 200)
        self.assertEqual(c.list_tags_for_resource(resourceArn=arn)["tags"], {"a": "1", "c": "3"})

    def recording(self):
        c = self.client
        made = c.create_recording_configuration(
            destinationConfiguration={"s3": {"bucketName": "b.other-region"}}, name="r")
        arn = made["recordingConfiguration"]["arn"]
        self.assertEqual(made["recordingConfiguration"]["state"], "CREATING")
        wait_for(lambda: c.get_recording_configuration(arn=arn)["recordingConfiguration"]["state"]
                 == "CREATE_FAILED", "CREATE_FAILED")
        listed = c.list_recording_configurations()["recordingConfigurations"]
        self.assertEqual([(r["arn"], r["state"]) for r in listed], [(arn, "CREATE_FAILED")])
        self.empty(c.delete_recording_configuration(arn=arn), 204)

    def playback_security(self):
        c = self.client
        key = c.import_playback_key_pair(publicKeyMaterial=public_key())["keyPair"]
        self.assertEqual(c.get_playback_key_pair(arn=key["arn"])["keyPair"], key)
        self.assertEqual(len(c.list_playback_key_pairs()["keyPairs"]), 1)
        self.empty(c.delete_playback_key_pair(arn=key["arn"]), 200)
        arn = c.create_playback_restriction_policy(
            allowedCountries=["CH"])["playbackRestrictionPolicy"]["arn"]
        changed = c.update_playback_restriction_policy(
            arn=arn, allowedOrigins=["https://example.com"])["playbackRestrictionPolicy"]
        self.assertEqual((changed["allowedCountries"], changed["allowedOrigins"]),
                         (["CH"], ["https://example.com"]))
        self.assertEqual(c.get_playback_restriction_policy(arn=arn)["playbackRestrictionPolicy"],
                         changed)
        self.assertEqual(len(c.list_playback_restriction_policies()["playbackRestrictionPolicies"]),
                         1)
        self.empty(c.delete_playback_restriction_policy(arn=arn), 204)

    def ads_and_viewers(self):
        c = self.client
        tailor = "arn:aws:mediatailor:us-west-2:123456789012:playbackConfiguration/ads"
        arn = c.create_ad_configuration(mediaTailorPlaybackConfigurations=[
            {"playbackConfigurationArn": tailor}])["adConfiguration"]["arn"]
        changed = c.update_ad_configuration(arn=arn, name="n")["adConfiguration"]
        self.assertEqual(c.get_ad_configuration(arn=arn)["adConfiguration"], changed)
        self.assertEqual(c.list_ad_configurations()["adConfigurations"], [changed])
        channel = c.create_channel(adConfigurationArn=arn)["channel"]["arn"]
        control(plain.environment, "live", {"channelArn": channel, "live": True})
        self.assertEqual(len(c.insert_ad_break(channelArn=channel, durationSeconds=9)["adBreakId"]),
                         12)
        self.empty(c.start_viewer_session_revocation(channelArn=channel, viewerId="v"), 200)
        answer = c.batch_start_viewer_session_revocation(
            viewerSessions=[{"channelArn": MISSING, "viewerId": "v"}])
        self.assertEqual(answer["errors"][0]["channelArn"], MISSING)
        c.stop_stream(channelArn=channel)
        c.delete_channel(arn=channel)
        self.empty(c.delete_ad_configuration(arn=arn), 204)

    def empty(self, answer, status):
        metadata = answer.pop("ResponseMetadata")
        self.assertEqual((answer, metadata["HTTPStatusCode"]), ({}, status))
        self.assertRegex(metadata["RequestId"], r"^[0-9a-f-]{36}$")

    def test_one_connection_serves_many_calls(self):
        for _ in range(5):
            self.client.list_channels()
        seen = control(plain.environment, "requests")["requests"]
        self.assertEqual([entry["onConnection"] for entry in seen], [1, 2, 3, 4, 5])

    def test_pages(self):
        arns = [self.client.create_channel(name=f"c{n}")["channel"]["arn"] for n in range(7)]
        for arn in arns:
            control(plain.environment, "live", {"channelArn": arn, "live": True})
        for operation, result in (("list_channels", "channels"), ("list_streams", "streams")):
            pages = list(self.client.get_paginator(operation).paginate(
                PaginationConfig={"PageSize": 3}))
            self.assertEqual([len(page[result]) for page in pages], [3, 3, 1])
            listed = [x.get("arn", x.get("channelArn")) for page in pages for x in page[result]]
            self.assertEqual(listed, arns)
        keys = self.client.get_paginator("list_stream_keys").paginate(channelArn=arns[0])
        self.assertEqual(len(keys.build_full_result()["streamKeys"]), 1)
        self.fails("ValidationException", 400, self.client.list_channels, nextToken="made-up")

    def test_service_errors(self):
        c = self.client
        arn = c.create_channel()["channel"]["arn"]
        self.fails("ResourceNotFoundException", 404, c.get_channel, arn=MISSING)
        self.fails("ChannelNotBroadcasting", 404, c.get_stream, channelArn=arn)
        self.fails("ValidationException", 400, c.create_channel, name="no spaces")
        self.fails("ServiceQuotaExceededException", 402, c.create_stream_key, channelArn=arn)
        self.fails("ConflictException", 409, c.list_channels, filterByName="a",
                   filterByRecordingConfigurationArn="")
        control(plain.environment, "live", {"channelArn": arn, "live": True})
        self.fails("ConflictException", 409, c.delete_channel, arn=arn)
        for _ in range(5):
            c.put_metadata(channelArn=arn, metadata="x")
        self.fails("ThrottlingException", 429, c.put_metadata, channelArn=arn, metadata="x")


class Refused(Base):
    INVALID = "The security token included in the request is invalid."

    def test_signatures(self):
        message = self.fails("InvalidSignatureException", 403,
                             self.make(plain, secret_key="wrong").list_channels)
        self.assertIn("does not match", message)
        self.assertEqual(self.fails("UnrecognizedClientException", 403,
                                    self.make(plain, access_key="AKIDOTHER").list_channels),
                         self.INVALID)
        message = self.fails("InvalidSignatureException", 403,
                             self.make(plain, region="eu-west-1").list_channels)
        self.assertIn("valid region", message)

    def test_clocks(self):
        for skew, text in ((400, "Signature expired: "), (-400, "Signature not yet current: ")):
            control(plain.environment, "clock", {"skew": skew})
            self.assertIn(text, self.fails("InvalidSignatureException", 403,
                                           self.client.list_channels))
        control(plain.environment, "clock", {"skew": 200})
        answer = self.client.list_channels()["ResponseMetadata"]["HTTPHeaders"]
        served = datetime.datetime.strptime(answer["date"], "%a, %d %b %Y %H:%M:%S GMT")
        ahead = (served - datetime.datetime.utcnow()).total_seconds()
        self.assertTrue(190 < ahead < 210, ahead)

    def test_tokens(self):
        client = self.make(temporary)
        client.list_channels()
        for token in (None, "wrong"):
            self.assertEqual(self.fails("UnrecognizedClientException", 403,
                                        self.make(temporary, token=token).list_channels),
                             self.INVALID)
        self.assertEqual(self.fails("UnrecognizedClientException", 403,
                                    self.make(plain, token="surplus").list_channels), self.INVALID)
        control(temporary.environment, "expire-token", {"sessionToken": "the-next"})
        self.assertIn("expired", self.fails("ExpiredTokenException", 403, client.list_channels))
        self.make(temporary, token="the-next").list_channels()

    def test_an_untrusted_certificate(self):
        environment = {**plain.environment, "AWS_CA_BUNDLE": temporary.environment["AWS_CA_BUNDLE"]}
        client = make_client(environment)
        with self.assertRaises(SSLError):
            client.list_channels()
        client.close()


class CommandLine(Base):
    def aws(self, *arguments, simulator=None):
        environment = (simulator or plain).environment
        return subprocess.run(
            [AWS, "--endpoint-url", environment["AWS_ENDPOINT_URL_IVS"], "--ca-bundle",
             environment["AWS_CA_BUNDLE"], "ivs", *arguments], env=clean_environment(environment),
            capture_output=True, text=True, timeout=4 * DEADLINE, stdin=subprocess.DEVNULL)

    def ok(self, *arguments, **options):
        done = self.aws(*arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout) if done.stdout.strip() else None

    def test_a_session(self):
        made = self.ok("create-channel", "--name", "lobby", "--tags", "a=b", "--no-authorized")
        arn = made["channel"]["arn"]
        listed = self.ok("list-channels", "--filter-by-name", "lobby")["channels"]
        self.assertEqual([channel["arn"] for channel in listed], [arn])
        control(plain.environment, "live", {"channelArn": arn, "live": True})
        self.assertIsNone(self.ok("put-metadata", "--channel-arn", arn, "--metadata", "hello"))
        self.assertIsNone(self.ok("untag-resource", "--resource-arn", arn,
                                  "--tag-keys", "a", "b c"))
        self.assertIsNone(self.ok("stop-stream", "--channel-arn", arn))
        done = self.aws("get-stream", "--channel-arn", arn)
        self.assertEqual(done.returncode, 254)
        self.assertIn("An error occurred (ChannelNotBroadcasting) when calling the GetStream "
                      "operation", done.stderr)
        self.assertIsNone(self.ok("delete-channel", "--arn", arn))

    def test_operations_newer_than_the_tool(self):
        """Which it knows from the model that scripts/generate.py exports."""
        tailor = "arn:aws:mediatailor:us-west-2:123456789012:playbackConfiguration/ads"
        made = self.ok("create-ad-configuration", "--media-tailor-playback-configurations",
                       f"playbackConfigurationArn={tailor}")["adConfiguration"]
        self.assertEqual(made["mediaTailorPlaybackConfigurations"],
                         [{"playbackConfigurationArn": tailor}])
        self.assertEqual(self.ok("list-ad-configurations")["adConfigurations"], [made])
        self.assertIsNone(self.ok("delete-ad-configuration", "--arn", made["arn"]))
        self.assertEqual(self.ok("batch-start-viewer-session-revocation", "--viewer-sessions",
                                 f"channelArn={MISSING},viewerId=v")["errors"][0]["viewerId"], "v")

    def test_random_answers(self):
        """Lists of all pages, merged by the tool, against what was expected of it page by page."""
        control(plain.environment, "random", {"on": True, "seed": 11})
        channel = self.ok("get-channel", "--arn", MISSING)
        self.assertEqual(channel, control(plain.environment, "answer"))
        listed, pages = self.ok("list-playback-key-pairs"), []
        seen = len(control(plain.environment, "requests")["requests"])
        for number in range(2, seen + 1):
            pages.append(control(plain.environment, f"answer?number={number}"))
        self.assertGreater(len(pages), 1)
        self.assertEqual(listed["keyPairs"], [key for page in pages for key in page["keyPairs"]])

    def test_with_a_session_token(self):
        self.assertEqual(self.ok("list-streams", simulator=temporary), {"streams": []})


class Encoder(Base):
    def test_live_by_an_encoder_and_cut_off_by_stop_stream(self):
        made = self.client.create_channel(name="lobby")
        arn, key = made["channel"]["arn"], made["streamKey"]["value"]
        url = f"rtmps://{made['channel']['ingestEndpoint']}/app/{key}"
        with subprocess.Popen([PYTHON, str(ENCODER)], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE,
                              env=clean_environment({**plain.environment, "IVS_INGEST_URL": url})
                              ) as encoder:
            try:
                wait_for(lambda: self.client.list_streams()["streams"], "LIVE")
                self.assertEqual(self.client.get_stream(channelArn=arn)["stream"]["health"],
                                 "HEALTHY")
                self.client.stop_stream(channelArn=arn)
                out, err = encoder.communicate(timeout=DEADLINE)
            finally:
                encoder.kill()
        self.assertEqual((encoder.returncode, err), (1, "encoder: cut off by the ingest\n"))
        self.assertNotIn(key, out)
        self.fails("ChannelNotBroadcasting", 404, self.client.get_stream, channelArn=arn)
        session = self.client.get_stream_session(channelArn=arn)["streamSession"]
        self.assertEqual(session["ingestConfiguration"]["video"]["encoder"], "stand-in-encoder")


if __name__ == "__main__":
    versions("python", "botocore", "aws", "openssl")
    unittest.main()
