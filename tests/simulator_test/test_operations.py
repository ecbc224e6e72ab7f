"""What the operations do: resources, streams, metadata, tags, limits, and the control calls."""

import json
import re
import sys
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import MISSING, Running, versions  # noqa: E402
from simulator.errors import ServiceError  # noqa: E402
from simulator.rates import Limiter  # noqa: E402

POLICY = "arn:aws:ivs:us-west-2:123456789012:playback-restriction-policy/abc"
RECORDING = "arn:aws:ivs:us-west-2:123456789012:recording-configuration/abc"


def setUpModule():
    global running
    running = Running(metadata_limit=False)


def tearDownModule():
    running.stop()


class Base(unittest.TestCase):
    def setUp(self):
        running.control("reset", {})
        running.service.settings.metadata_limit = False
        running.service.settings.enforce_rates = False

    def ok(self, operation, body, status=200):
        got, headers, answer = running.post(operation, body)
        self.assertEqual(got, status, f"{operation}: {headers['x-amzn-ErrorType']} {answer}")
        return answer

    def fails(self, operation, body, status, code):
        got, headers, answer = running.post(operation, body)
        self.assertEqual((got, headers["x-amzn-ErrorType"]), (status, code), answer)
        self.assertEqual(list(answer), ["exceptionMessage"])
        return answer["exceptionMessage"]

    def channel(self, **members):
        return self.ok("CreateChannel", members)["channel"]

    def live(self, arn, **members):
        return running.control("live", {"channelArn": arn, "live": True, **members})


class Channels(Base):
    def test_defaults(self):
        made = self.ok("CreateChannel", {})
        channel, key = made["channel"], made["streamKey"]
        for member, value in {"name": "", "latencyMode": "LOW", "type": "STANDARD", "preset": "",
                              "authorized": False, "insecureIngest": False, "tags": {},
                              "recordingConfigurationArn": "", "playbackRestrictionPolicyArn": "",
                              "adConfigurationArn": "", "containerFormat": "TS"}.items():
            self.assertEqual(channel[member], value, member)
        self.assertNotIn("multitrackInputConfiguration", channel)
        self.assertRegex(channel["playbackUrl"], r"^https://.*\.m3u8$")
        self.assertEqual(channel["ingestEndpoint"], f"localhost:{running.simulator.ingest_port}")
        self.assertEqual(set(channel["srt"]), {"endpoint", "passphrase"})
        self.assertEqual(key["channelArn"], channel["arn"])
        self.assertRegex(key["value"], r"^sk_us-west-2_\w+$")
        shape = running.service.model.shapes["Channel"]["members"]
        self.assertEqual(list(channel), [member for member in shape if member in channel])

    def test_get_and_update(self):
        arn = self.channel(name="a", authorized=True)["arn"]
        self.assertEqual(self.ok("GetChannel", {"arn": arn})["channel"]["name"], "a")
        changes = {"name": "b", "authorized": False}
        updated = self.ok("UpdateChannel", {"arn": arn, **changes})["channel"]
        self.assertEqual((updated["name"], updated["authorized"]), ("b", False))
        self.assertEqual(self.ok("GetChannel", {"arn": arn})["channel"], updated)
        self.fails("GetChannel", {"arn": MISSING}, 404, "ResourceNotFoundException")
        self.fails("UpdateChannel", {"arn": MISSING}, 404, "ResourceNotFoundException")

    def test_presets_follow_the_type(self):
        channel = self.channel(type="ADVANCED_HD")
        self.assertEqual(channel["preset"], "HIGHER_BANDWIDTH_DELIVERY")
        changed = self.ok("UpdateChannel", {"arn": channel["arn"], "type": "BASIC"})["channel"]
        self.assertEqual(changed["preset"], "")
        self.fails("UpdateChannel", {"arn": channel["arn"],
                                     "preset": "CONSTRAINED_BANDWIDTH_DELIVERY"},
                   400, "ValidationException")

    def test_multitrack_rules(self):
        good = {"enabled": True, "policy": "ALLOW", "maximumResolution": "HD"}
        self.channel(containerFormat="FRAGMENTED_MP4", multitrackInputConfiguration=good)
        for members in ({"containerFormat": "TS"}, {"type": "BASIC"},
                        {"multitrackInputConfiguration": {"enabled": True, "policy": "ALLOW"}}):
            body = {"containerFormat": "FRAGMENTED_MP4", "multitrackInputConfiguration": good}
            self.fails("CreateChannel", {**body, **members}, 400, "ValidationException")

    def test_links_have_to_exist_and_empty_ones_are_fine(self):
        self.fails("CreateChannel", {"recordingConfigurationArn": RECORDING}, 404,
                   "ResourceNotFoundException")
        channel = self.channel(recordingConfigurationArn="", playbackRestrictionPolicyArn="")
        self.fails("UpdateChannel", {"arn": channel["arn"], "playbackRestrictionPolicyArn": POLICY},
                   404, "ResourceNotFoundException")

    def test_insecure_ingest_has_no_passphrase(self):
        channel = self.channel(insecureIngest=True)
        self.assertEqual(set(channel["srt"]), {"endpoint"})
        again = self.ok("UpdateChannel", {"arn": channel["arn"], "insecureIngest": False})
        self.assertIn("passphrase", again["channel"]["srt"])

    def test_batch_get(self):
        arns = [self.channel(name=n)["arn"] for n in "ab"]
        answer = self.ok("BatchGetChannel", {"arns": [arns[1], MISSING, arns[0]]})
        self.assertEqual([c["name"] for c in answer["channels"]], ["b", "a"])
        self.assertEqual([(e["arn"], e["code"]) for e in answer["errors"]],
                         [(MISSING, "ResourceNotFoundException")])

    def test_list_filters_and_pages(self):
        names = [f"c{n % 2}" for n in range(7)]
        for name in names:
            self.channel(name=name)
        every = self.ok("ListChannels", {})["channels"]
        self.assertEqual([c["name"] for c in every], names)
        self.assertNotIn("ingestEndpoint", every[0])
        page = self.ok("ListChannels", {"filterByName": "c0", "maxResults": 3})
        self.assertEqual(len(page["channels"]), 3)
        rest = self.ok("ListChannels", {"filterByName": "c0", "maxResults": 3,
                                        "nextToken": page["nextToken"]})
        self.assertEqual(len(rest["channels"]), 1)
        self.assertNotIn("nextToken", rest)
        for body in ({"nextToken": "made-up"}, {"nextToken": page["nextToken"]}):
            self.fails("ListChannels", body, 400, "ValidationException")
        self.fails("ListChannels", {"filterByName": "a", "filterByRecordingConfigurationArn": ""},
                   409, "ConflictException")

    def test_delete(self):
        made = self.ok("CreateChannel", {})
        arn, key = made["channel"]["arn"], made["streamKey"]["arn"]
        self.assertIsNone(self.ok("DeleteChannel", {"arn": arn}, 204))
        for operation, gone in (("GetChannel", arn), ("DeleteChannel", arn), ("GetStreamKey", key)):
            self.fails(operation, {"arn": gone}, 404, "ResourceNotFoundException")

    def test_live_channels_stay_as_they_are(self):
        arn = self.channel()["arn"]
        self.live(arn)
        self.fails("DeleteChannel", {"arn": arn}, 409, "ConflictException")
        self.fails("UpdateChannel", {"arn": arn, "name": "x"}, 409, "ConflictException")
        self.ok("StopStream", {"channelArn": arn})
        self.ok("DeleteChannel", {"arn": arn}, 204)

    def test_quota(self):
        running.control("quota", {"channels": 1})
        self.channel()
        self.fails("CreateChannel", {}, 402, "ServiceQuotaExceededException")
        running.control("quota", {"channels": None})
        self.channel()


class StreamKeys(Base):
    def test_one_key_per_channel(self):
        made = self.ok("CreateChannel", {})
        arn, key = made["channel"]["arn"], made["streamKey"]
        self.assertEqual(self.ok("GetStreamKey", {"arn": key["arn"]})["streamKey"], key)
        self.fails("CreateStreamKey", {"channelArn": arn}, 402, "ServiceQuotaExceededException")
        self.ok("DeleteStreamKey", {"arn": key["arn"]}, 204)
        self.fails("DeleteStreamKey", {"arn": key["arn"]}, 404, "ResourceNotFoundException")
        fresh = self.ok("CreateStreamKey", {"channelArn": arn, "tags": {"a": "b"}})["streamKey"]
        self.assertNotEqual(fresh["value"], key["value"])
        self.assertEqual(fresh["tags"], {"a": "b"})
        self.fails("CreateStreamKey", {"channelArn": MISSING}, 404, "ResourceNotFoundException")

    def test_lists_hold_no_values(self):
        made = self.ok("CreateChannel", {})
        listed = self.ok("ListStreamKeys", {"channelArn": made["channel"]["arn"]})["streamKeys"]
        self.assertEqual([set(key) for key in listed], [{"arn", "channelArn", "tags"}])
        self.fails("ListStreamKeys", {"channelArn": MISSING}, 404, "ResourceNotFoundException")

    def test_batch_get(self):
        key = self.ok("CreateChannel", {})["streamKey"]
        missing = MISSING.replace("channel", "stream-key")
        answer = self.ok("BatchGetStreamKey", {"arns": [key["arn"], missing]})
        self.assertEqual(answer["streamKeys"], [key])
        self.assertEqual(answer["errors"][0]["arn"], missing)


class StreamsTest(Base):
    def test_offline_and_missing_differ(self):
        arn = self.channel()["arn"]
        for operation, extra in (("GetStream", {}), ("StopStream", {}),
                                 ("PutMetadata", {"metadata": "x"})):
            self.fails(operation, {"channelArn": arn, **extra}, 404, "ChannelNotBroadcasting")
            self.fails(operation, {"channelArn": MISSING, **extra}, 404,
                       "ResourceNotFoundException")

    def test_a_live_stream(self):
        channel = self.channel()
        self.live(channel["arn"], health="STARVING", viewerCount=-1)
        stream = self.ok("GetStream", {"channelArn": channel["arn"]})["stream"]
        self.assertRegex(stream["streamId"], r"^st-[a-zA-Z0-9]{23}$")
        self.assertRegex(stream["startTime"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual((stream["state"], stream["health"], stream["viewerCount"]),
                         ("LIVE", "STARVING", -1))
        self.assertEqual(stream["playbackUrl"], channel["playbackUrl"])

    def test_list_streams(self):
        arns = [self.channel()["arn"] for _ in range(3)]
        for arn, health in zip(arns, ("HEALTHY", "STARVING", "HEALTHY")):
            self.live(arn, health=health)
        page = self.ok("ListStreams", {"filterBy": {"health": "HEALTHY"}, "maxResults": 1})
        rest = self.ok("ListStreams", {"filterBy": {"health": "HEALTHY"},
                                       "nextToken": page["nextToken"]})
        listed = page["streams"] + rest["streams"]
        self.assertEqual([s["channelArn"] for s in listed], [arns[0], arns[2]])
        self.assertNotIn("playbackUrl", listed[0])

    def test_sessions(self):
        arn = self.channel(name="before")["arn"]
        for _ in range(3):
            self.live(arn)
            self.ok("StopStream", {"channelArn": arn})
        self.ok("UpdateChannel", {"arn": arn, "name": "after"})
        self.live(arn)
        first = self.ok("ListStreamSessions", {"channelArn": arn, "maxResults": 3})
        rest = self.ok("ListStreamSessions", {"channelArn": arn, "nextToken": first["nextToken"]})
        sessions = first["streamSessions"] + rest["streamSessions"]
        self.assertEqual([bool(s.get("endTime")) for s in sessions], [False, True, True, True])
        newest = self.ok("GetStreamSession", {"channelArn": arn})["streamSession"]
        self.assertEqual(newest["streamId"], sessions[0]["streamId"])
        self.assertEqual(newest["channel"]["name"], "after")
        oldest = self.ok("GetStreamSession", {"channelArn": arn,
                                              "streamId": sessions[3]["streamId"]})["streamSession"]
        self.assertEqual(oldest["channel"]["name"], "before")
        self.assertEqual([event["name"] for event in oldest["truncatedEvents"]],
                         ["Session Ended", "Stream End", "Stream Start", "Session Created"])
        self.fails("GetStreamSession", {"channelArn": arn, "streamId": "st-" + "x" * 23}, 404,
                   "ResourceNotFoundException")

    def test_concurrent_streams_have_a_quota(self):
        arns = [self.channel()["arn"] for _ in range(2)]
        running.control("quota", {"streams": 1})
        self.live(arns[0])
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.live(arns[1])
        self.assertEqual(caught.exception.code, 402)
        caught.exception.close()

    def test_error_events(self):
        arn = self.channel()["arn"]
        for name, kind, error in (("Starvation Start", "IVS Stream Health Change", False),
                                  ("Ingest Bitrate", "IVS Limit Breach", True),
                                  ("Stream Failure", None, True)):
            self.live(arn)
            made = running.control("event", {"channelArn": arn, "name": name, "type": kind,
                                             "code": "Why"})
            session = self.ok("GetStreamSession", {"channelArn": arn})["streamSession"]
            self.assertEqual((session["streamId"], session["truncatedEvents"][0]["name"],
                              session["truncatedEvents"][0]["code"]),
                             (made["streamId"], name, "Why"))
            listed = self.ok("ListStreamSessions", {"channelArn": arn})["streamSessions"]
            self.assertEqual(listed[0]["hasErrorEvent"], error)
            self.ok("StopStream", {"channelArn": arn})

    def test_at_most_500_events(self):
        arn = self.channel()["arn"]
        self.live(arn)
        for number in range(505):
            running.service.streams.live(arn).note(str(number), "t", "2026-01-02T03:04:05Z")
        session = self.ok("GetStreamSession", {"channelArn": arn})["streamSession"]
        self.assertEqual([event["name"] for event in session["truncatedEvents"]],
                         [str(number) for number in range(504, 4, -1)])

    def test_no_session_yet(self):
        arn = self.channel()["arn"]
        self.assertEqual(self.ok("ListStreamSessions", {"channelArn": arn}), {"streamSessions": []})
        self.fails("GetStreamSession", {"channelArn": arn}, 404, "ResourceNotFoundException")


class Metadata(Base):
    def test_accepted_and_limited(self):
        arn = self.channel()["arn"]
        self.live(arn)
        for text in ("x", "é" * 512, "a" * 1024, '{"quote":"\\u0000"}'):
            self.ok("PutMetadata", {"channelArn": arn, "metadata": text}, 204)
        for text in ("é" * 512 + "a", "a" * 1025):
            self.fails("PutMetadata", {"channelArn": arn, "metadata": text}, 400,
                       "ValidationException")
        kept = running.control("metadata")["metadata"]
        self.assertEqual([len(item["metadata"]) for item in kept], [1, 512, 1024, 18])
        self.assertEqual({item["channelArn"] for item in kept}, {arn})

    def test_five_a_second(self):
        running.service.settings.metadata_limit = True
        arns = [self.channel()["arn"] for _ in range(2)]
        for arn in arns:
            self.live(arn)
        seconds = [0.0]
        running.service.limiter = Limiter(lambda: seconds[0])
        for arn in arns:
            body = {"channelArn": arn, "metadata": "x"}
            for _ in range(5):
                self.ok("PutMetadata", body, 204)
            self.fails("PutMetadata", body, 429, "ThrottlingException")
        seconds[0] = 0.21
        self.ok("PutMetadata", body, 204)
        self.fails("PutMetadata", body, 429, "ThrottlingException")

    def test_a_steady_five_a_second_is_never_refused(self):
        seconds = [0.0]
        limiter = Limiter(lambda: seconds[0])
        for number in range(1000):
            seconds[0] = number / 5 + (0.001 if number % 2 else 0)
            limiter.take("k", 5)
        with self.assertRaises(ServiceError):
            for _ in range(6):
                limiter.take("k", 5)

    def test_account_rates(self):
        running.service.settings.enforce_rates = True
        running.service.limiter = Limiter(lambda: 0.0)
        for _ in range(5):
            self.ok("ListChannels", {})
        self.fails("ListChannels", {}, 429, "ThrottlingException")
        self.ok("ListStreams", {})


class Tags(Base):
    def test_more_than_fifty(self):
        from support import send, sign
        arn = self.channel(tags={f"t{n}": "" for n in range(50)})["arn"]
        url = (f"https://localhost:{running.simulator.https_port}/tags/"
               + arn.replace(":", "%3A").replace("/", "%2F"))
        for tags, wanted in (({"t0": "new"}, 200), ({"one-more": ""}, 400), ({"aws:x": ""}, 400)):
            data = json.dumps({"tags": tags}).encode()
            self.assertEqual(send(running.connect(), sign("POST", url, data))[0], wanted, tags)


class Unknown(Base):
    def test_operations_that_the_model_lacks(self):
        for operation in ("listChannels", "InsertAdbreak", "Whatever"):
            status, headers, _ = running.post(operation, {})
            self.assertEqual((status, headers["x-amzn-ErrorType"]),
                             (404, "UnknownOperationException"))


class Control(Base):
    def refused(self, name, body, status):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            running.control(name, body)
        self.assertEqual(caught.exception.code, status)
        return json.load(caught.exception)["error"]

    def test_nonsense(self):
        arn = self.channel()["arn"]
        self.refused("live", {"channelArn": MISSING, "live": True}, 404)
        for body in ({"channelArn": arn, "live": 1}, {"channelArn": arn, "viewerCount": 3},
                     {"channelArn": arn, "live": True, "health": "x"},
                     {"channelArn": arn, "live": True, "viewerCount": "3"}):
            self.refused("live", body, 400)
        self.refused("clock", {"skew": "x"}, 400)
        self.refused("clock", {}, 400)
        for body in ({"channels": -1}, {"channels": True}, {"chanels": 1}):
            self.refused("quota", body, 400)
        for body in ({"channelArn": arn}, {"channelArn": arn, "name": "Stream Start"}):
            self.refused("event", body, 400)
        self.refused("random", {"seed": 1}, 400)
        self.refused("random", {"on": True, "seed": "1"}, 400)
        self.refused("answer?number=x", None, 400)
        self.refused("answer?request-id=x", None, 404)
        self.refused("expire-token", {}, 400)
        self.assertIn("GET /_sim/state", self.refused("nothing", {}, 404))

    def test_it_is_not_on_the_signed_port(self):
        connection = running.connect()
        connection.request("GET", "/_sim/state")
        self.assertEqual(connection.getresponse().status, 404)
        connection.close()

    def test_state_and_requests(self):
        arn = self.channel(name="lobby")["arn"]
        self.live(arn)
        self.fails("GetChannel", {"arn": MISSING}, 404, "ResourceNotFoundException")
        state = running.control("state")
        self.assertEqual([c["name"] for c in state["channels"]], ["lobby"])
        self.assertEqual([s["channelArn"] for s in state["live"]], [arn])
        self.assertEqual((state["streamKeys"], state["playbackKeyPairs"]), (1, 0))
        first, second = running.control("requests")["requests"]
        self.assertEqual((first["operation"], first["status"], first["code"]),
                         ("CreateChannel", 200, ""))
        self.assertEqual((second["operation"], second["code"]),
                         ("GetChannel", "ResourceNotFoundException"))
        self.assertEqual((first["tls"], first["resumed"], first["onConnection"]),
                         ("TLSv1.3", False, 1))
        self.assertNotEqual(first["connection"], second["connection"])

    def test_clock(self):
        running.control("clock", {"skew": 3600})
        status, headers, _ = running.post("ListChannels", {})
        self.assertEqual((status, headers["x-amzn-ErrorType"]), (403, "InvalidSignatureException"))
        running.control("clock", {"skew": 0})
        self.ok("ListChannels", {})


class Log(Base):
    def test_one_line_per_request_and_no_secret(self):
        made = self.ok("CreateChannel", {"name": "lobby"})
        arn, key = made["channel"]["arn"], made["streamKey"]["value"]
        self.live(arn)
        self.ok("PutMetadata", {"channelArn": arn, "metadata": "very-private"}, 204)
        self.fails("PutMetadata", {"channelArn": arn, "metadata": "very-private" * 100}, 400,
                   "ValidationException")
        running.post(f"app/{key}", {})
        running.post("ListChannels", {}, access_key=key)
        text = running.log_text()
        for secret in (key, "very-private", made["channel"]["srt"]["passphrase"],
                       running.environment["AWS_SECRET_ACCESS_KEY"]):
            self.assertNotIn(secret, text)
            self.assertNotIn(secret, json.dumps(running.control("requests")))
        self.assertTrue(re.search(r"^\S+Z POST /CreateChannel CreateChannel AKIDSIMULATOR 200 ok$",
                                  text, re.M))
        self.assertTrue(re.search(r"^\S+Z POST /app/sk_\*\*\* - - 404 UnknownOperationException \(",
                                  text, re.M))


if __name__ == "__main__":
    versions("python", "botocore", "openssl")
    unittest.main()
