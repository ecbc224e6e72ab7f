"""Recording, playback security, ads and viewers: what their operations do, through botocore."""

import hashlib
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import MISSING, Running, convert_key, public_key, versions, wait_for  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402
from simulator.rates import Limiter  # noqa: E402

TAILOR = "arn:aws:mediatailor:us-west-2:123456789012:playbackConfiguration/{}"
BUCKET = {"s3": {"bucketName": "recordings"}}


def setUpModule():
    global running, client
    running = Running(recording_delay=0.05)
    client = running.client()


def tearDownModule():
    client.close()
    running.stop()


def missing(kind):
    return MISSING.replace("channel", kind)


class Base(unittest.TestCase):
    def setUp(self):
        running.control("reset", {})
        running.service.settings.enforce_rates = False

    def fails(self, code, status, call, **members):
        with self.assertRaises(ClientError) as caught:
            call(**members)
        answer = caught.exception.response
        self.assertEqual((answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]),
                         (code, status), answer)
        return running.control("requests")["requests"][-1]["why"]

    def invalid(self, text, call, **members):
        self.assertIn(text, self.fails("ValidationException", 400, call, **members))

    def conflict(self, call, **members):
        return self.fails("ConflictException", 409, call, **members)

    def not_found(self, call, **members):
        return self.fails("ResourceNotFoundException", 404, call, **members)

    def full(self, call, **members):
        return self.fails("ServiceQuotaExceededException", 402, call, **members)

    def empty(self, answer, status):
        metadata = answer.pop("ResponseMetadata")
        self.assertEqual((answer, metadata["HTTPStatusCode"]), ({}, status))

    def channel(self, **members):
        return client.create_channel(**members)["channel"]["arn"]

    def live(self, arn):
        running.control("live", {"channelArn": arn, "live": True})

    def deleted(self, delete, get, arn, status=204):
        """Deleting works once, and then the resource is gone."""
        self.empty(delete(arn=arn), status)
        self.not_found(get, arn=arn)
        self.not_found(delete, arn=arn)

    def held_by_channels(self, link, arn, delete):
        """A channel that refers to the resource keeps it from being deleted."""
        channel = self.channel(**{link: arn})
        self.assertIn(channel, self.conflict(delete, arn=arn))
        client.update_channel(arn=channel, **{link: ""})
        self.empty(delete(arn=arn), 204)
        self.not_found(client.update_channel, arn=channel, **{link: arn})

    def paged(self, operation, member, arns, default):
        """The default size of a page, pages of two, and tokens that hold for this list alone."""
        call = getattr(client, operation)
        first = call()
        self.assertEqual([x["arn"] for x in first[member]], arns[:default])
        self.assertEqual("nextToken" in first, len(arns) > default)
        got, token = [], {}
        while True:
            page = call(maxResults=2, **token)
            got += [x["arn"] for x in page[member]]
            if "nextToken" not in page:
                break
            self.assertEqual(len(page[member]), 2)
            token = {"nextToken": page["nextToken"]}
        self.assertEqual(got, arns)
        self.invalid("Invalid nextToken", call, nextToken="bWFkZS11cA==")
        self.invalid("Invalid nextToken", client.list_channels, **token)


class Recording(Base):
    def make(self, **members):
        return client.create_recording_configuration(
            **{"destinationConfiguration": BUCKET, **members})["recordingConfiguration"]

    def get(self, arn):
        return client.get_recording_configuration(arn=arn)["recordingConfiguration"]

    def settled(self, arn):
        return wait_for(lambda: self.get(arn)["state"] != "CREATING" and self.get(arn), "settled")

    def test_defaults_and_states(self):
        made = self.make()
        self.assertEqual(made, {
            "arn": made["arn"], "name": "", "destinationConfiguration": BUCKET, "tags": {},
            "state": "CREATING", "recordingReconnectWindowSeconds": 0,
            "thumbnailConfiguration": {"recordingMode": "INTERVAL", "targetIntervalSeconds": 60,
                                       "storage": ["SEQUENTIAL"]},
            "renditionConfiguration": {"renditionSelection": "ALL"}})
        self.assertEqual(self.settled(made["arn"]), {**made, "state": "ACTIVE"})
        self.not_found(client.get_recording_configuration, arn=missing("recording-configuration"))

    def test_all_members(self):
        given = {"name": "r", "tags": {"a": "b"}, "recordingReconnectWindowSeconds": 300,
                 "thumbnailConfiguration": {"recordingMode": "INTERVAL", "targetIntervalSeconds": 1,
                                            "resolution": "LOWEST_RESOLUTION",
                                            "storage": ["LATEST", "SEQUENTIAL"]},
                 "renditionConfiguration": {"renditionSelection": "CUSTOM",
                                            "renditions": ["HD", "SD"]}}
        made = self.make(**given)
        self.assertEqual({member: made[member] for member in given}, given)

    def test_a_bucket_in_another_region(self):
        made = self.make(destinationConfiguration={"s3": {"bucketName": "x.other-region"}})
        self.assertEqual(made["state"], "CREATING")
        self.assertEqual(self.settled(made["arn"])["state"], "CREATE_FAILED")
        self.deleted(client.delete_recording_configuration, client.get_recording_configuration,
                     made["arn"])

    def test_rules(self):
        create = client.create_recording_configuration
        self.invalid("destinationConfiguration.s3", create, destinationConfiguration={})
        self.invalid("bucketName", create, destinationConfiguration={"s3": {"bucketName": "A b"}})
        self.invalid("targetIntervalSeconds", self.make, thumbnailConfiguration={
            "recordingMode": "DISABLED", "targetIntervalSeconds": 5})
        self.invalid("renditions", self.make,
                     renditionConfiguration={"renditionSelection": "CUSTOM", "renditions": []})
        self.invalid("'301'", self.make, recordingReconnectWindowSeconds=301)
        made = self.make(thumbnailConfiguration={"recordingMode": "DISABLED"})
        self.assertEqual(made["thumbnailConfiguration"], {"recordingMode": "DISABLED"})

    def test_delete(self):
        self.held_by_channels("recordingConfigurationArn", self.make()["arn"],
                              client.delete_recording_configuration)
        self.deleted(client.delete_recording_configuration, client.get_recording_configuration,
                     self.make()["arn"])

    def test_list(self):
        arns = [self.make()["arn"] for _ in range(21)]
        self.settled(arns[-1])
        self.paged("list_recording_configurations", "recordingConfigurations", arns, 20)
        listed = client.list_recording_configurations(maxResults=1)["recordingConfigurations"][0]
        self.assertEqual(set(listed), {"arn", "name", "destinationConfiguration", "state", "tags"})
        self.assertEqual(listed["state"], "ACTIVE")

    def test_quota(self):
        running.control("quota", {"recordingConfigurations": 1})
        self.make()
        self.full(self.make)

    def session(self, bucket):
        made = self.make(destinationConfiguration={"s3": {"bucketName": bucket}})
        recording = self.settled(made["arn"])
        arn = self.channel(recordingConfigurationArn=recording["arn"])
        self.live(arn)
        client.stop_stream(channelArn=arn)
        session = client.get_stream_session(channelArn=arn)["streamSession"]
        self.assertEqual(session["recordingConfiguration"], recording)
        return [(event["name"], event["type"]) for event in session["truncatedEvents"]]

    def test_recorded_sessions(self):
        stream, record = "IVS Stream State Change", "IVS Recording State Change"
        self.assertEqual(self.session("recordings"), [
            ("Session Ended", stream), ("Recording End", record), ("Stream End", stream),
            ("Recording Start", record), ("Stream Start", stream), ("Session Created", stream)])
        self.assertEqual(self.session("x.other-region")[2], ("Recording Start Failure", record))


class PlaybackKeys(Base):
    def test_import_and_get(self):
        pem = public_key()
        der = convert_key(pem.encode(), "-pubin", "-pubout", form="DER")
        made = client.import_playback_key_pair(publicKeyMaterial=pem, name="k",
                                               tags={"a": "b"})["keyPair"]
        digest = hashlib.md5(der).hexdigest()
        marks = ":".join(digest[i:i + 2] for i in range(0, 32, 2))
        self.assertEqual(made, {"arn": made["arn"], "name": "k", "fingerprint": marks,
                                "tags": {"a": "b"}})
        self.assertRegex(made["arn"], "^arn:aws:ivs:us-west-2:123456789012:playback-key/")
        self.assertEqual(client.get_playback_key_pair(arn=made["arn"])["keyPair"], made)
        self.conflict(client.import_playback_key_pair, publicKeyMaterial="\n" + pem + "\r\n")
        self.deleted(client.delete_playback_key_pair, client.get_playback_key_pair, made["arn"],
                     200)
        client.import_playback_key_pair(publicKeyMaterial=pem.replace("\n", "\r\n"))

    def test_what_is_no_key(self):
        pem = public_key()
        lines = pem.split("\n")
        body = "".join(lines[1:-2])
        spoilt = body[:40] + ("A" if body[40] != "A" else "B") + body[41:]
        wrap = "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n".format
        private = pem.replace("PUBLIC", "PRIVATE")
        self.assertIn("keyPair", client.import_playback_key_pair(publicKeyMaterial=wrap(body)))
        for text, why in ((public_key("P-256"), "curve P-384"), (private, "PEM"), ("", "PEM"),
                          (body, "PEM"), (wrap(body + "A"), "PEM"), (wrap("=" + body), "PEM"),
                          (wrap(body[:-4]), "curve"), (wrap(spoilt), "no point"),
                          (wrap(body).replace("\n", ""), "PEM"), (wrap(body)[:-27], "PEM"),
                          (pem + "x", "PEM"), (pem + pem, "PEM"), (public_key("P-521"), "curve")):
            self.invalid(why, client.import_playback_key_pair, publicKeyMaterial=text)

    def test_list_and_quota(self):
        keys = [public_key() for _ in range(4)]
        arns = [client.import_playback_key_pair(publicKeyMaterial=k)["keyPair"]["arn"]
                for k in keys]
        self.paged("list_playback_key_pairs", "keyPairs", arns, 3)
        self.assertNotIn("fingerprint", client.list_playback_key_pairs()["keyPairs"][0])
        running.control("quota", {"playbackKeyPairs": 3})
        client.delete_playback_key_pair(arn=arns[0])
        self.full(client.import_playback_key_pair, publicKeyMaterial=keys[0])


class PlaybackPolicies(Base):
    def make(self, **members):
        return client.create_playback_restriction_policy(**members)["playbackRestrictionPolicy"]

    def get(self, arn):
        return client.get_playback_restriction_policy(arn=arn)["playbackRestrictionPolicy"]

    def test_create_get_update(self):
        made = self.make()
        self.assertEqual(made, {"arn": made["arn"], "allowedCountries": [], "allowedOrigins": [],
                                "enableStrictOriginEnforcement": False, "name": "", "tags": {}})
        given = {"allowedCountries": ["US", "MX"], "name": "p",
                 "allowedOrigins": ["https://www.example.com", "http://localhost:8080", "null"],
                 "enableStrictOriginEnforcement": True}
        made = self.make(**given, tags={"a": "b"})
        self.assertEqual(self.get(made["arn"]), {**made, **given, "tags": {"a": "b"}})
        self.channel(playbackRestrictionPolicyArn=made["arn"])
        changed = client.update_playback_restriction_policy(arn=made["arn"], allowedCountries=[])
        self.assertEqual(changed["playbackRestrictionPolicy"], {**made, "allowedCountries": []})
        self.assertEqual(self.get(made["arn"])["allowedCountries"], [])
        self.not_found(client.update_playback_restriction_policy,
                       arn=missing("playback-restriction-policy"))

    def test_rules(self):
        arn = self.make()["arn"]
        for members, text in (({"allowedCountries": ["UK"]}, "'UK'"),
                              ({"allowedCountries": ["us"]}, "'us'"),
                              ({"allowedCountries": ["USA"]}, "length"),
                              ({"allowedOrigins": ["www.example.com"]}, "origin"),
                              ({"allowedOrigins": ["https://example.com/"]}, "origin")):
            self.invalid(text, self.make, **members)
            self.invalid(text, client.update_playback_restriction_policy, arn=arn, **members)
        many = [f"https://{n}.example.com" for n in range(6)]
        self.make(allowedOrigins=many)
        running.control("quota", {"policyOrigins": 5})
        self.full(self.make, allowedOrigins=many)
        self.full(client.update_playback_restriction_policy, arn=arn, allowedOrigins=many)

    def test_delete(self):
        self.held_by_channels("playbackRestrictionPolicyArn", self.make()["arn"],
                              client.delete_playback_restriction_policy)
        self.deleted(client.delete_playback_restriction_policy,
                     client.get_playback_restriction_policy, self.make()["arn"])

    def test_list_and_quota(self):
        arns = [self.make()["arn"] for _ in range(5)]
        self.paged("list_playback_restriction_policies", "playbackRestrictionPolicies", arns, 1)
        running.control("quota", {"playbackRestrictionPolicies": 5})
        self.full(self.make)


class Ads(Base):
    def make(self, *names, **members):
        tailors = [{"playbackConfigurationArn": TAILOR.format(n)} for n in names or ("a",)]
        return client.create_ad_configuration(mediaTailorPlaybackConfigurations=tailors,
                                              **members)["adConfiguration"]

    def test_create_get_update(self):
        made = self.make("a", "b", "c", tags={"t": ""})
        self.assertEqual((made["name"], made["tags"], made["postRollConfiguration"]),
                         ("", {"t": ""}, {"durationSeconds": 15, "enabled": False}))
        self.assertEqual(client.get_ad_configuration(arn=made["arn"])["adConfiguration"], made)
        self.channel(adConfigurationArn=made["arn"])
        given = {"name": "n", "postRollConfiguration": {"durationSeconds": 300, "enabled": True},
                 "mediaTailorPlaybackConfigurations": [{"playbackConfigurationArn":
                                                        TAILOR.format("d")}]}
        changed = client.update_ad_configuration(arn=made["arn"], **given)["adConfiguration"]
        self.assertEqual(changed, {**made, **given})
        self.assertEqual(client.get_ad_configuration(arn=made["arn"])["adConfiguration"], changed)
        self.not_found(client.update_ad_configuration, arn=missing("ad-configuration"))
        self.not_found(client.get_ad_configuration, arn=missing("ad-configuration"))

    def test_rules(self):
        arn = self.make()["arn"]
        calls = ((client.create_ad_configuration, {}),
                 (client.update_ad_configuration, {"arn": arn}))
        for call, members in calls:
            self.invalid("playbackConfigurationArn", call, **members,
                         mediaTailorPlaybackConfigurations=[{}])
            for other in (TAILOR.replace("us-west-2", "eu-west-1"),
                          TAILOR.replace("123456789012", "1")):
                self.not_found(call, **members, mediaTailorPlaybackConfigurations=[
                    {"playbackConfigurationArn": other.format("x")}])
        self.invalid("less than or equal to 3", lambda: self.make(*"abcd"))
        self.invalid("FRAGMENTED_MP4", client.create_channel, adConfigurationArn=arn,
                     containerFormat="FRAGMENTED_MP4")

    def test_delete(self):
        self.held_by_channels("adConfigurationArn", self.make()["arn"],
                              client.delete_ad_configuration)
        self.deleted(client.delete_ad_configuration, client.get_ad_configuration,
                     self.make()["arn"])

    def test_list_and_quota(self):
        arns = [self.make(str(n))["arn"] for n in range(5)]
        self.paged("list_ad_configurations", "adConfigurations", arns, 20)
        running.control("quota", {"adConfigurations": 5})
        self.full(self.make)

    def test_ad_breaks(self):
        insert, arn = client.insert_ad_break, self.channel(adConfigurationArn=self.make()["arn"])
        self.not_found(insert, channelArn=MISSING, durationSeconds=1)
        self.fails("ChannelNotBroadcasting", 404, insert, channelArn=arn, durationSeconds=1)
        self.live(arn)
        made = insert(channelArn=arn, durationSeconds=30)["adBreakId"]
        self.assertRegex(made, "^[a-zA-Z0-9]{12}$")
        self.conflict(insert, channelArn=arn, durationSeconds=1)
        running.control("clock", {"skew": 31})
        again = insert(channelArn=arn, durationSeconds=300)["adBreakId"]
        kept = running.control("ad-breaks")["adBreaks"]
        self.assertEqual([(b["adBreakId"], b["channelArn"], b["durationSeconds"]) for b in kept],
                         [(made, arn, 30), (again, arn, 300)])
        event = client.get_stream_session(channelArn=arn)["streamSession"]["truncatedEvents"][0]
        self.assertEqual((event["name"], event["type"]),
                         ("Ad Break Inserted", "IVS Ad Break State Change"))
        for seconds in (0, 301):
            self.invalid("durationSeconds", insert, channelArn=arn, durationSeconds=seconds)

    def test_no_ad_configuration(self):
        arn = self.channel()
        self.live(arn)
        self.invalid("no ad configuration", client.insert_ad_break, channelArn=arn,
                     durationSeconds=1)


class Viewers(Base):
    def kept(self):
        return [(r["channelArn"], r["viewerId"], r["viewerSessionVersionsLessThanOrEqualTo"])
                for r in running.control("revocations")["revocations"]]

    def test_one(self):
        arn = self.channel(authorized=True)
        self.empty(client.start_viewer_session_revocation(channelArn=arn, viewerId="ann"), 200)
        self.empty(client.start_viewer_session_revocation(
            channelArn=arn, viewerId="bob", viewerSessionVersionsLessThanOrEqualTo=7), 200)
        self.assertEqual(self.kept(), [(arn, "ann", 0), (arn, "bob", 7)])
        self.not_found(client.start_viewer_session_revocation, channelArn=MISSING, viewerId="x")
        self.invalid("viewerId", client.start_viewer_session_revocation, channelArn=arn,
                     viewerId="x" * 41)

    def test_many(self):
        arn = self.channel()
        answer = client.batch_start_viewer_session_revocation(viewerSessions=[
            {"channelArn": arn, "viewerId": "a", "viewerSessionVersionsLessThanOrEqualTo": 2},
            {"channelArn": MISSING, "viewerId": "b"}, {"channelArn": arn, "viewerId": "c"}])
        self.assertEqual(answer["errors"], [
            {"channelArn": MISSING, "viewerId": "b", "code": "404",
             "message": f"Resource: {MISSING} not found"}])
        self.assertEqual(self.kept(), [(arn, "a", 2), (arn, "c", 0)])
        one = {"channelArn": arn, "viewerId": "a"}
        self.assertEqual(client.batch_start_viewer_session_revocation(
            viewerSessions=[one] * 20)["errors"], [])
        for count in (0, 21):
            self.invalid("length", client.batch_start_viewer_session_revocation,
                         viewerSessions=[one] * count)


class Tags(Base):
    def resources(self, **members):
        """One of every taggable kind: {kind: arn}"""
        tailors = [{"playbackConfigurationArn": TAILOR.format("a")}]
        channel = client.create_channel(**members)["channel"]["arn"]
        key = client.list_stream_keys(channelArn=channel)["streamKeys"][0]["arn"]
        client.delete_stream_key(arn=key)
        made = [
            channel, client.create_stream_key(channelArn=channel, **members)["streamKey"]["arn"],
            client.create_recording_configuration(
                destinationConfiguration=BUCKET, **members)["recordingConfiguration"]["arn"],
            client.import_playback_key_pair(
                publicKeyMaterial=public_key(), **members)["keyPair"]["arn"],
            client.create_playback_restriction_policy(
                **members)["playbackRestrictionPolicy"]["arn"],
            client.create_ad_configuration(
                mediaTailorPlaybackConfigurations=tailors, **members)["adConfiguration"]["arn"]]
        return {arn.split(":")[5].split("/")[0]: arn for arn in made}

    def test_every_kind(self):
        made = self.resources(tags={"from": "create"})
        self.assertEqual(len(made), 6)
        for kind, arn in made.items():
            with self.subTest(kind=kind):
                self.empty(client.tag_resource(resourceArn=arn, tags={"é k": "1", "from": "tag"}),
                           200)
                self.assertEqual(client.list_tags_for_resource(resourceArn=arn)["tags"],
                                 {"from": "tag", "é k": "1"})
                self.empty(client.untag_resource(resourceArn=arn, tagKeys=["é k", "none"]), 200)
                self.assertEqual(client.list_tags_for_resource(resourceArn=arn)["tags"],
                                 {"from": "tag"})
                self.not_found(client.tag_resource, resourceArn=missing(kind), tags={"a": "b"})
                self.not_found(client.untag_resource, resourceArn=missing(kind), tagKeys=["a"])
                self.not_found(client.list_tags_for_resource, resourceArn=missing(kind))
                self.limits(arn)
        shown = client.get_recording_configuration(arn=made["recording-configuration"])
        self.assertEqual(len(shown["recordingConfiguration"]["tags"]), 50)

    def limits(self, arn):
        client.tag_resource(resourceArn=arn, tags={f"k{n}": "" for n in range(49)})
        self.invalid("at most 50 tags", client.tag_resource, resourceArn=arn, tags={"more": ""})
        self.invalid("reserved", client.tag_resource, resourceArn=arn, tags={"AWS:x": ""})

    def test_reserved_keys_when_creating(self):
        self.invalid("reserved", client.create_recording_configuration,
                     destinationConfiguration=BUCKET, tags={"aws:x": ""})
        self.invalid("reserved", client.create_playback_restriction_policy, tags={"Aws:x": ""})


class Filters(Base):
    def test_each_filter_and_no_two(self):
        tailors = [{"playbackConfigurationArn": TAILOR.format("a")}]
        links = {
            "recordingConfigurationArn": client.create_recording_configuration(
                destinationConfiguration=BUCKET)["recordingConfiguration"]["arn"],
            "playbackRestrictionPolicyArn": client.create_playback_restriction_policy()
            ["playbackRestrictionPolicy"]["arn"],
            "adConfigurationArn": client.create_ad_configuration(
                mediaTailorPlaybackConfigurations=tailors)["adConfiguration"]["arn"],
            "name": "lobby"}
        filters = {f"filterBy{link[0].upper()}{link[1:]}": arn for link, arn in links.items()}
        self.channel()
        for (link, value), name in zip(links.items(), filters):
            arns = [self.channel(**{link: value}) for _ in range(2)]
            first = client.list_channels(maxResults=1, **{name: value})
            rest = client.list_channels(nextToken=first["nextToken"], **{name: value})
            self.assertEqual([c["arn"] for c in first["channels"] + rest["channels"]], arns)
            others = [other for other in filters if other != name]
            self.conflict(client.list_channels, **{name: value, others[0]: filters[others[0]]})
        self.assertEqual(len(client.list_channels(filterByAdConfigurationArn="")["channels"]), 7)


class Limits(Base):
    def test_published_quotas_hold_when_asked_for(self):
        strict = Running(enforce_quotas=True, stream_quota=1)
        try:
            with self.subTest("policies"):
                own = strict.client()
                for _ in range(3):
                    own.create_playback_restriction_policy()
                self.full_of(own)
                own.close()
            quotas = strict.control("state")["quotas"]
            self.assertEqual((quotas["channels"], quotas["streams"], quotas["adConfigurations"]),
                             (5000, 1, 20))
        finally:
            strict.stop()
        self.assertEqual(set(running.control("state")["quotas"].values()), {None})

    def full_of(self, own):
        with self.assertRaises(ClientError) as caught:
            own.create_playback_restriction_policy()
        self.assertEqual(caught.exception.response["Error"]["Code"],
                         "ServiceQuotaExceededException")

    def test_rates_hold_when_asked_for(self):
        seconds = [time.monotonic()]
        for call, rate, members in (
                (client.list_ad_configurations, 3, {}),
                (client.list_recording_configurations, 3, {}),
                (client.list_playback_restriction_policies, 5, {}),
                (client.insert_ad_break, 1, {"channelArn": MISSING, "durationSeconds": 1})):
            running.service.limiter = Limiter(lambda: seconds[0])
            running.service.settings.enforce_rates = False
            for _ in range(rate + 1):
                self.quietly(call, members)
            running.service.settings.enforce_rates = True
            for _ in range(rate):
                self.quietly(call, members)
            self.fails("ThrottlingException", 429, call, **members)

    @staticmethod
    def quietly(call, members):
        try:
            call(**members)
        except client.exceptions.ResourceNotFoundException:
            pass


if __name__ == "__main__":
    versions("python", "botocore", "openssl")
    unittest.main()
