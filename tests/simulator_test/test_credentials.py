"""The ends that credentials come from, judged by botocore, the AWS CLI and Python's TLS."""

import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path
from unittest import mock
from urllib.parse import urlencode
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).parent))

from support import (ACCESS_KEY, AWS, DEADLINE, IVS_SIM, PYTHON, SECRET_KEY, Process,  # noqa: E402
                     Running, clean_environment, make_client, sign, versions)
import botocore.config  # noqa: E402
import botocore.session  # noqa: E402
from botocore.exceptions import ClientError, MetadataRetrievalError  # noqa: E402
from botocore.utils import InstanceMetadataRegionFetcher  # noqa: E402
from simulator.credentials_iot import THING  # noqa: E402
from simulator.tls import Authority  # noqa: E402

TOKEN = "container+token/for=tests"
XMLNS = "{https://sts.amazonaws.com/doc/2011-06-15/}"
KEYS = {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}


def setUpModule():
    global running
    running = Running(sts_port=0, container_port=0, container_token=TOKEN, imds_port=0, iot_port=0,
                      web_identity=True)


def tearDownModule():
    running.stop()


class Base(unittest.TestCase):
    def setUp(self):
        running.control("reset", {})
        self.ends = running.control("ends")["ends"]

    def asked(self, end):
        return running.control("ends")["ends"][end]["asked"]

    def fail_next(self, end, how, **members):
        running.control("ends/fail", {"end": end, "how": how, **members})

    def get(self, end, path, headers=(), method="GET"):
        """(status, text) of a plain end."""
        port = int(self.ends[end]["url"].rsplit(":", 1)[1])
        with closing(http.client.HTTPConnection("localhost", port, timeout=DEADLINE)) as connection:
            connection.request(method, path, headers=dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def refused(self, name, body):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            running.control(name, body)
        with caught.exception as answer:
            self.assertEqual(answer.code, 400)
            return json.load(answer)["error"]

    def call(self, access_key, secret_key, token):
        """The code of an IVS call with these credentials, "" for success."""
        client = running.client(access_key=access_key, secret_key=secret_key, token=token)
        with closing(client):
            try:
                client.list_channels()
            except ClientError as error:
                return error.response["Error"]["Code"]
            return ""

    def good_until(self, text, seconds):
        """The expiration is `seconds` from now by the simulator's clock."""
        ends = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
        left = ends.timestamp() - time.time() - running.control("state")["clockSkew"]
        self.assertTrue(seconds - 5 <= left <= seconds + 1, left)


class PatchedSession(botocore.session.Session):
    """This botocore is older than AWS_ENDPOINT_URL_STS: STS clients get the endpoint here."""

    def create_client(self, service_name, *arguments, **options):
        if service_name == "sts":
            options["endpoint_url"] = running.environment["AWS_ENDPOINT_URL_STS"]
        return super().create_client(service_name, *arguments, **options)


def environment(*names, **more):
    """Only these of the simulator's variables, and no file of the user's."""
    chosen = {name: running.environment[name] for name in names}
    return mock.patch.dict(os.environ, clean_environment(
        {**chosen, "AWS_CA_BUNDLE": running.ca, "AWS_DEFAULT_REGION": "us-west-2", **more}),
        clear=True)


def ivs_client(session):
    """A client whose credentials the session finds."""
    return session.create_client(
        "ivs", endpoint_url=running.environment["AWS_ENDPOINT_URL_IVS"], verify=running.ca,
        config=botocore.config.Config(retries={"max_attempts": 0}, connect_timeout=DEADLINE,
                                      read_timeout=DEADLINE))


class ContainerEnd(Base):
    URI = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN")

    def test_botocore_finds_them_and_asks_once(self):
        with environment(*self.URI):
            session = botocore.session.Session()
            self.assertEqual(session.get_credentials().method, "container-role")
            with closing(ivs_client(session)) as client:
                for _ in range(3):
                    client.list_channels()
        self.assertEqual(self.asked("container"), {"Credentials": 1})
        self.assertEqual((self.asked("imds"), self.asked("sts"), self.asked("iot")), ({}, {}, {}))
        keys = {r["accessKeyId"] for r in running.control("requests")["requests"]}
        issued = running.control("ends")["issued"]
        self.assertEqual(keys, {issued["last"][0]["accessKeyId"]})
        self.assertEqual((issued["count"], issued["valid"]), (1, 1))

    def test_the_command_line_tool(self):
        done = subprocess.run(
            [AWS, "--endpoint-url", running.environment["AWS_ENDPOINT_URL_IVS"], "ivs",
             "list-channels"], capture_output=True, text=True, timeout=4 * DEADLINE,
            stdin=subprocess.DEVNULL, env=clean_environment(
                {n: running.environment[n] for n in (*self.URI, "AWS_CA_BUNDLE", "AWS_REGION")}))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(json.loads(done.stdout), {"channels": []})
        self.assertEqual(self.asked("container"), {"Credentials": 1})

    def test_a_short_life_is_refreshed_with_every_call(self):
        running.control("ends", {"lifetime": 60})
        with environment(*self.URI):
            with closing(ivs_client(botocore.session.Session())) as client:
                asked = self.asked("container")["Credentials"]
                for _ in range(2):
                    client.list_channels()
        self.assertEqual(self.asked("container"), {"Credentials": asked + 2})

    def fetch(self, token=TOKEN, path=None):
        headers = {"Authorization": token} if token else {}
        return self.get("container", path or self.ends["container"]["path"], headers)

    def test_the_answer(self):
        status, text = self.fetch()
        answer = json.loads(text)
        self.assertEqual((status, set(answer)), (200, KEYS | {"RoleArn"}))
        self.assertEqual(len(answer["Token"]), 1000)
        self.good_until(answer["Expiration"], 6 * 3600)
        self.assertEqual(self.call(answer["AccessKeyId"], answer["SecretAccessKey"],
                                   answer["Token"]), "")
        self.assertEqual(self.call(answer["AccessKeyId"], answer["SecretAccessKey"], None),
                         "UnrecognizedClientException")

    def test_refusals(self):
        for token, path, status, code in ((None, None, 401, "Unauthorized"),
                                          ("wrong", None, 403, "AccessDenied"),
                                          (TOKEN, "/v2/credentials/x", 400, "InvalidIdInRequest")):
            got, text = self.fetch(token, path)
            self.assertEqual((got, json.loads(text)["code"]), (status, code))
            self.assertIn("message", json.loads(text))
        self.assertEqual(running.control("ends")["ends"]["container"]["refused"], 3)

    def test_another_token_and_none(self):
        running.control("ends", {"container": {"token": "the-next"}})
        self.assertEqual((self.fetch()[0], self.fetch("the-next")[0]), (403, 200))
        running.control("ends", {"container": {"token": None}})
        self.assertEqual(self.fetch(None)[0], 200)

    def test_expiry_by_the_clock(self):
        running.control("ends", {"lifetime": 200})
        answer = json.loads(self.fetch()[1])
        self.good_until(answer["Expiration"], 200)
        triple = (answer["AccessKeyId"], answer["SecretAccessKey"], answer["Token"])
        self.assertEqual(self.call(*triple), "")
        running.control("clock", {"skew": 250})  # within the five minutes of a signature
        self.assertEqual(self.call(*triple), "ExpiredTokenException")
        self.good_until(json.loads(self.fetch()[1])["Expiration"], 200)

    def test_expire_all(self):
        answer = json.loads(self.fetch()[1])
        triple = (answer["AccessKeyId"], answer["SecretAccessKey"], answer["Token"])
        self.assertEqual(running.control("ends/expire", {}), {"expired": 1})
        self.assertEqual(self.call(*triple), "ExpiredTokenException")
        self.assertEqual(self.call(ACCESS_KEY, SECRET_KEY, None), "")
        self.assertEqual(running.control("ends/expire", {}), {"expired": 0})

    def test_token_length(self):
        running.control("ends", {"tokenLength": 2048})
        self.assertEqual(len(json.loads(self.fetch()[1])["Token"]), 2048)
        self.assertIn("100 to 2048", self.refused("ends", {"tokenLength": 5000}))


class Failing(Base):
    """Every way to fail, on the container endpoint; all ends share it."""

    def fetch(self):
        return self.get("container", self.ends["container"]["path"], {"Authorization": TOKEN})

    def test_a_status_so_many_times(self):
        self.fail_next("container", "status", status=503, times=2)
        self.assertEqual([self.fetch()[0] for _ in range(3)], [503, 503, 200])

    def test_until_taken_back(self):
        self.fail_next("container", "status", times=None)
        self.assertEqual([self.fetch()[0] for _ in range(3)], [500] * 3)
        self.fail_next("container", None)
        self.assertEqual(self.fetch()[0], 200)

    def test_garbage_and_nothing(self):
        self.fail_next("container", "garbage")
        self.fail_next("container", "empty")
        status, text = self.fetch()
        self.assertEqual(status, 200)
        with self.assertRaises(ValueError):
            json.loads(text)
        self.assertEqual(self.fetch(), (200, ""))

    def test_a_connection_that_closes(self):
        self.fail_next("container", "close")
        with self.assertRaises(http.client.RemoteDisconnected):
            self.fetch()
        self.assertEqual(self.fetch()[0], 200)

    def test_a_stall_ends_with_an_answer_or_with_the_client(self):
        self.fail_next("container", "stall", seconds=0.3)
        start = time.monotonic()
        self.assertEqual(self.fetch()[0], 200)
        self.assertGreater(time.monotonic() - start, 0.3)
        self.fail_next("container", "stall", seconds=60)
        port = int(self.ends["container"]["url"].rsplit(":", 1)[1])
        with closing(http.client.HTTPConnection("localhost", port, timeout=0.2)) as impatient:
            impatient.request("GET", "/")
            with self.assertRaises(TimeoutError):
                impatient.getresponse()

    def test_a_member_missing(self):
        for member, spelt in (("accessKeyId", "AccessKeyId"), ("sessionToken", "Token"),
                              ("secretAccessKey", "SecretAccessKey"), ("expiration", "Expiration")):
            self.fail_next("container", "missing", member=member)
            self.assertEqual(KEYS - set(json.loads(self.fetch()[1])), {spelt})

    def test_expired_from_the_start(self):
        self.fail_next("container", "expired")
        answer = json.loads(self.fetch()[1])
        self.good_until(answer["Expiration"], -60)
        self.assertEqual(self.call(answer["AccessKeyId"], answer["SecretAccessKey"],
                                   answer["Token"]), "ExpiredTokenException")

    def test_what_a_client_makes_of_it(self):
        self.fail_next("container", "garbage", times=3)
        with environment(*ContainerEnd.URI), mock.patch("time.sleep"):
            with self.assertRaises((MetadataRetrievalError, botocore.exceptions.BotoCoreError)):
                botocore.session.Session().get_credentials()

    def test_nonsense_is_refused(self):
        for body, text in (({"end": "nothing", "how": "empty"}, "no end"),
                           ({"end": "sts", "how": "odd"}, "can fail by"),
                           ({"end": "imds", "how": "empty", "operation": "x"}, "knows: Token"),
                           ({"end": "sts", "how": "missing", "member": "x"}, "member has to"),
                           ({"end": "sts", "how": "status", "times": 0}, "times has to be"),
                           ({"end": "sts", "how": "status", "tims": 1}, "unknown: tims")):
            self.assertIn(text, self.refused("ends/fail", body))
        self.assertIn("unknown: life", self.refused("ends", {"life": 1}))
        self.assertIn("lifetime has to", self.refused("ends", {"lifetime": 0}))
        self.assertIn("no end 'proxy'", self.refused("ends", {"proxy": {}}))


class MetadataEnd(Base):
    ENDPOINT = ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_DISABLED")
    ROLES = "/latest/meta-data/iam/security-credentials/"

    def token(self, seconds="21600"):
        return self.get("imds", "/latest/api/token",
                        {"X-aws-ec2-metadata-token-ttl-seconds": seconds}, "PUT")

    def fetch(self, path, token=None):
        return self.get("imds", path, {"x-aws-ec2-metadata-token": token} if token else {})

    def test_botocore_finds_them(self):
        with environment(*self.ENDPOINT):
            session = botocore.session.Session()
            self.assertEqual(session.get_credentials().method, "iam-role")
            with closing(ivs_client(session)) as client:
                client.list_channels()
                client.list_channels()
        self.assertEqual(self.asked("imds"), {"Token": 1, "Role": 1, "Credentials": 1})

    def test_the_command_line_tool(self):
        names = (*self.ENDPOINT, "AWS_CA_BUNDLE", "AWS_REGION")
        done = subprocess.run(
            [AWS, "--endpoint-url", running.environment["AWS_ENDPOINT_URL_IVS"], "ivs",
             "list-streams"], capture_output=True, text=True, timeout=4 * DEADLINE,
            stdin=subprocess.DEVNULL,
            env=clean_environment({n: running.environment[n] for n in names}))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.asked("imds")["Credentials"], 1)

    def test_the_region(self):
        with environment(*self.ENDPOINT):
            fetcher = InstanceMetadataRegionFetcher(
                base_url=running.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"])
            self.assertEqual(fetcher.retrieve_region(), "us-west-2")
        token = self.token()[1]
        self.assertEqual(self.fetch("/latest/meta-data/placement/region", token),
                         (200, "us-west-2"))
        document = json.loads(self.fetch("/latest/dynamic/instance-identity/document", token)[1])
        self.assertEqual((document["region"], document["accountId"]), ("us-west-2", "123456789012"))

    def test_by_hand(self):
        status, token = self.token()
        self.assertEqual(status, 200)
        self.assertEqual(self.fetch(self.ROLES, token), (200, "ivs-simulator"))
        answer = json.loads(self.fetch(self.ROLES + "ivs-simulator", token)[1])
        self.assertEqual(set(answer), KEYS | {"Code", "LastUpdated", "Type"})
        self.assertEqual((answer["Code"], answer["Type"]), ("Success", "AWS-HMAC"))
        self.good_until(answer["Expiration"], 6 * 3600)
        self.assertEqual(self.call(answer["AccessKeyId"], answer["SecretAccessKey"],
                                   answer["Token"]), "")
        self.assertEqual(self.fetch(self.ROLES + "other", token)[0], 404)
        self.assertEqual(self.fetch("/latest/meta-data/nothing", token)[0], 404)

    def test_tokens(self):
        for seconds in ("0", "21601", "x", ""):
            self.assertEqual(self.token(seconds)[0], 400)
        self.assertEqual(self.get("imds", "/latest/api/token", method="PUT")[0], 400)
        self.assertEqual(self.get("imds", "/latest/api/token")[0], 405)
        forwarded = {"X-aws-ec2-metadata-token-ttl-seconds": "60", "X-Forwarded-For": "10.0.0.1"}
        self.assertEqual(self.get("imds", "/latest/api/token", forwarded, "PUT")[0], 403)
        self.assertEqual((self.fetch(self.ROLES)[0], self.fetch(self.ROLES, "wrong")[0]),
                         (401, 401))
        token = self.token("60")[1]
        self.assertEqual(self.fetch(self.ROLES, token)[0], 200)
        running.control("clock", {"skew": 61})
        self.assertEqual(self.fetch(self.ROLES, token)[0], 401)

    def test_version_1(self):
        running.control("ends", {"imds": {"v1": True}})
        for status in (403, 404, 405):
            self.fail_next("imds", "status", status=status, operation="Token")
            with environment(*self.ENDPOINT):
                self.assertEqual(botocore.session.Session().get_credentials().method, "iam-role")
        self.assertEqual(self.fetch(self.ROLES, "wrong")[0], 401)

    def test_version_1_after_a_token_call_that_hangs(self):
        running.control("ends", {"imds": {"v1": True}})
        self.fail_next("imds", "stall", operation="Token", times=None)
        with environment(*self.ENDPOINT):
            self.assertEqual(botocore.session.Session().get_credentials().method, "iam-role")

    def test_no_role(self):
        running.control("ends", {"imds": {"role": None}})
        self.assertEqual(self.fetch(self.ROLES, self.token()[1])[0], 404)
        with environment(*self.ENDPOINT):
            self.assertIsNone(botocore.session.Session().get_credentials())
        running.control("ends", {"imds": {"role": "another"}})
        self.assertEqual(self.fetch(self.ROLES, self.token()[1]), (200, "another"))

    def test_a_code_other_than_success(self):
        self.fail_next("imds", "code", code="AssumeRoleUnauthorizedAccess", times=2)
        token = self.token()[1]
        status, text = self.fetch(self.ROLES + "ivs-simulator", token)
        self.assertEqual((status, json.loads(text)["Code"]), (200, "AssumeRoleUnauthorizedAccess"))
        self.assertFalse(KEYS & set(json.loads(text)))
        with environment(*self.ENDPOINT):
            self.assertIsNone(botocore.session.Session().get_credentials())


class TokenServiceEnd(Base):
    ROLE = "arn:aws:iam::123456789012:role/ivs-simulator"

    def sts(self, access_key=ACCESS_KEY, secret_key=SECRET_KEY, token=None, region="us-west-2"):
        client = botocore.session.Session().create_client(
            "sts", region_name=region, verify=running.ca, aws_access_key_id=access_key,
            aws_secret_access_key=secret_key, aws_session_token=token,
            endpoint_url=running.environment["AWS_ENDPOINT_URL_STS"],
            config=botocore.config.Config(retries={"max_attempts": 0}, read_timeout=DEADLINE,
                                          parameter_validation=False))
        self.addCleanup(client.close)
        return client

    def fails(self, status, code, call, **members):
        with self.assertRaises(ClientError) as caught:
            call(**{"RoleArn": self.ROLE, "RoleSessionName": "test", **members})
        response = caught.exception.response
        self.assertEqual((response["ResponseMetadata"]["HTTPStatusCode"],
                          response["Error"]["Code"]), (status, code))
        return response["Error"]["Message"]

    def triple(self, answer):
        given = answer["Credentials"]
        return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]

    def seconds_left(self, answer):
        return answer["Credentials"]["Expiration"].timestamp() - time.time()

    def test_assume_role(self):
        answer = self.sts().assume_role(RoleArn=self.ROLE, RoleSessionName="a+=,.@-b")
        self.assertEqual(answer["AssumedRoleUser"]["Arn"],
                         "arn:aws:sts::123456789012:assumed-role/ivs-simulator/a+=,.@-b")
        self.assertTrue(3590 < self.seconds_left(answer) <= 3600)
        self.assertTrue(answer["ResponseMetadata"]["RequestId"])
        self.assertEqual(self.call(*self.triple(answer)), "")
        longer = self.sts().assume_role(RoleArn=self.ROLE, RoleSessionName="test",
                                        DurationSeconds=43200)
        self.assertTrue(43190 < self.seconds_left(longer) <= 43200)
        self.assertEqual(self.asked("sts"), {"AssumeRole": 2})

    def test_roles_in_a_chain(self):
        first = self.sts().assume_role(RoleArn=self.ROLE, RoleSessionName="one")
        second = self.sts(*self.triple(first)).assume_role(RoleArn=self.ROLE, RoleSessionName="two")
        self.assertEqual(self.call(*self.triple(second)), "")
        self.assertIn("1 hour session limit", self.fails(
            400, "ValidationError", self.sts(*self.triple(first)).assume_role,
            DurationSeconds=3601))

    def test_validation(self):
        call = self.sts().assume_role
        for wrong, text in (({"RoleSessionName": "x"}, "'roleSessionName' failed"),
                            ({"RoleSessionName": "x" * 65}, "less than or equal to 64"),
                            ({"RoleSessionName": "a b"}, "regular expression"),
                            ({"RoleSessionName": "é"}, "'roleSessionName' failed"),
                            ({"RoleSessionName": "é\x01"}, "regular expression"),
                            ({"RoleSessionName": None}, "must not be null"),
                            ({"DurationSeconds": 899}, "equal to 900"),
                            ({"DurationSeconds": 43201}, "equal to 43200"),
                            ({"ExternalId": "x"}, "'externalId'"),
                            ({"RoleArn": "too-short"}, "equal to 20"),
                            ({"RoleArn": "no-arn-but-long-enough"}, "is invalid")):
            given = {"RoleArn": self.ROLE, "RoleSessionName": "test", **wrong}
            given = {name: value for name, value in given.items() if value is not None}
            with self.assertRaises(ClientError) as caught:
                call(**given)
            error = caught.exception.response["Error"]
            self.assertEqual(error["Code"], "ValidationError", wrong)
            self.assertIn(text, error["Message"])
        both = self.fails(400, "ValidationError", call, RoleSessionName="x", DurationSeconds=1)
        self.assertTrue(both.startswith("2 validation errors detected: "), both)

    def test_who_may(self):
        other = "arn:aws:iam::123456789012:role/path/other"
        message = self.fails(403, "AccessDenied", self.sts().assume_role, RoleArn=other)
        self.assertEqual(message, "User: arn:aws:iam::123456789012:user/simulator is not "
                                  f"authorized to perform: sts:AssumeRole on resource: {other}")
        running.control("ends", {"sts": {"roles": {other: "ext:1", self.ROLE: None}}})
        for wrong in ({}, {"ExternalId": "ext:2"}):
            self.fails(403, "AccessDenied", self.sts().assume_role, RoleArn=other, **wrong)
        answer = self.sts().assume_role(RoleArn=other, RoleSessionName="test", ExternalId="ext:1")
        self.assertEqual(answer["AssumedRoleUser"]["Arn"],
                         "arn:aws:sts::123456789012:assumed-role/other/test")

    def test_signatures(self):
        self.fails(403, "InvalidClientTokenId", self.sts(access_key="AKIDOTHER").assume_role)
        self.fails(403, "SignatureDoesNotMatch", self.sts(secret_key="wrong").assume_role)
        self.fails(403, "SignatureDoesNotMatch", self.sts(region="eu-west-1").assume_role)
        first = self.sts().assume_role(RoleArn=self.ROLE, RoleSessionName="one")
        running.control("ends/expire", {})
        self.fails(403, "ExpiredToken", self.sts(*self.triple(first)).assume_role)
        running.control("clock", {"skew": 400})
        self.assertIn("Signature expired",
                      self.fails(403, "SignatureDoesNotMatch", self.sts().assume_role))

    def post(self, form, headers=(), target="/"):
        port = int(self.ends["sts"]["url"].rsplit(":", 1)[1])
        context = ssl.create_default_context(cafile=running.ca)
        body = urlencode(form).encode() if isinstance(form, dict) else form
        with closing(http.client.HTTPSConnection("localhost", port, timeout=DEADLINE,
                                                 context=context)) as connection:
            connection.request("POST", target, body, {
                "Content-Type": "application/x-www-form-urlencoded", **dict(headers)})
            answer = connection.getresponse()
            self.assertEqual(answer.headers["Content-Type"], "text/xml")
            return answer.status, ElementTree.fromstring(answer.read())

    def error_of(self, *arguments, **options):
        status, root = self.post(*arguments, **options)
        self.assertEqual(root.tag, XMLNS + "ErrorResponse")
        self.assertTrue(root.findtext(XMLNS + "RequestId"))
        error = root.find(XMLNS + "Error")
        self.assertEqual(error.findtext(XMLNS + "Type"), "Sender")
        return status, error.findtext(XMLNS + "Code")

    def test_the_wire(self):
        wanted = {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
                  "RoleArn": self.ROLE, "RoleSessionName": "test", "WebIdentityToken":
                  Path(running.environment["AWS_WEB_IDENTITY_TOKEN_FILE"]).read_text()}
        status, root = self.post(wanted)
        self.assertEqual((status, root.tag), (200, XMLNS + "AssumeRoleWithWebIdentityResponse"))
        result = root.find(XMLNS + "AssumeRoleWithWebIdentityResult")
        given = {e.tag.removeprefix(XMLNS): e.text for e in result.find(XMLNS + "Credentials")}
        self.assertEqual(set(given), {"AccessKeyId", "SecretAccessKey", "SessionToken",
                                      "Expiration"})
        self.assertTrue(root.find(XMLNS + "ResponseMetadata").findtext(XMLNS + "RequestId"))
        self.assertEqual(self.call(given["AccessKeyId"], given["SecretAccessKey"],
                                   given["SessionToken"]), "")
        self.assertEqual(self.error_of({}), (400, "MissingAction"))
        self.assertEqual(self.error_of({**wanted, "Version": "x"}), (400, "InvalidAction"))
        self.assertEqual(self.error_of({**wanted, "Action": "<&>"}), (400, "InvalidAction"))
        self.assertEqual(self.error_of(wanted, target="/x"), (404, "UnknownOperationException"))
        self.assertEqual(self.error_of({**wanted, "Action": "AssumeRole"}),
                         (403, "MissingAuthenticationToken"))
        self.assertEqual(self.error_of({**wanted, "DurationSeconds": "soon"}),
                         (400, "MalformedInput"))
        self.assertEqual(self.error_of(b"{}", {"Content-Type": "application/json"}),
                         (400, "MissingAction"))

    def test_members_that_are_missing(self):
        for member in ("accessKeyId", "secretAccessKey", "sessionToken", "expiration"):
            self.fail_next("sts", "missing", member=member)
            answer = self.sts().assume_role(RoleArn=self.ROLE, RoleSessionName="test")
            self.assertNotIn(member[0].upper() + member[1:], answer["Credentials"])
            self.assertEqual(len(answer["Credentials"]), 3)

    def test_a_profile_with_a_role(self):
        with tempfile.NamedTemporaryFile("w", suffix=".ini") as config:
            config.write(f"[profile base]\naws_access_key_id = {ACCESS_KEY}\n"
                         f"aws_secret_access_key = {SECRET_KEY}\n"
                         f"[profile role]\nrole_arn = {self.ROLE}\nsource_profile = base\n"
                         "role_session_name = from-a-profile\nexternal_id = ext\n")
            config.flush()
            with environment(AWS_CONFIG_FILE=config.name) as patched:
                patched["AWS_CONFIG_FILE"] = config.name
                session = PatchedSession(profile="role")
                with closing(ivs_client(session)) as client:
                    client.list_channels()
                    client.list_channels()
        self.assertEqual(self.asked("sts"), {"AssumeRole": 1})
        self.assertEqual(running.control("ends")["issued"]["last"][0]["sessionName"],
                         "from-a-profile")

    def test_web_identity(self):
        names = ("AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE")
        with environment(*names):
            session = PatchedSession()
            self.assertEqual(session.get_credentials().method, "assume-role-with-web-identity")
            with closing(ivs_client(session)) as client:
                client.list_channels()
        self.assertEqual(self.asked("sts"), {"AssumeRoleWithWebIdentity": 1})

    def test_web_identity_tokens(self):
        call = self.sts().assume_role_with_web_identity
        token_file = Path(running.environment["AWS_WEB_IDENTITY_TOKEN_FILE"])
        old = token_file.read_text()
        self.assertEqual(token_file.stat().st_mode & 0o777, 0o600)
        self.fails(400, "InvalidIdentityToken", call, WebIdentityToken="wrong")
        running.control("ends", {"sts": {"webIdentityToken": "the-next"}})
        self.assertEqual(token_file.read_text(), "the-next")
        self.fails(400, "ExpiredTokenException", call, WebIdentityToken=old)
        answer = call(RoleArn=self.ROLE, RoleSessionName="test", WebIdentityToken="the-next")
        self.assertEqual(self.call(*self.triple(answer)), "")
        running.control("ends", {"sts": {"webIdentityExpired": True}})
        self.fails(400, "ExpiredTokenException", call, WebIdentityToken="the-next")
        self.fails(403, "AccessDenied", call, WebIdentityToken=self.renew(),
                   RoleArn="arn:aws:iam::123456789012:role/other")

    def renew(self):
        running.control("ends", {"sts": {"webIdentityExpired": False}})
        return "the-next"


class DeviceEnd(Base):
    ALIAS = "ivs-device"

    def context(self, certificate=None, key=None, version=None):
        context = ssl.create_default_context(cafile=running.ca)
        if version:
            context.minimum_version = context.maximum_version = version
        if certificate:
            context.load_cert_chain(certificate, key)
        return context

    def device(self, **options):
        iot = self.ends["iot"]
        return self.context(iot["certificate"], iot["key"], **options)

    def ask(self, context, alias=ALIAS, headers=(), name="localhost"):
        """(status, JSON) over a connection with this SNI; raises what TLS raises."""
        port = int(self.ends["iot"]["url"].rsplit(":", 1)[1])
        context.check_hostname = name == "localhost"
        with socket.create_connection(("localhost", port), DEADLINE) as sock, \
                context.wrap_socket(sock, server_hostname=name) as secure:
            lines = [f"GET /role-aliases/{alias}/credentials HTTP/1.1", "Host: localhost",
                     "Connection: close", *headers]
            secure.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            answer = http.client.HTTPResponse(secure)
            answer.begin()
            return answer.status, json.loads(answer.read())

    def test_credentials(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            status, answer = self.ask(self.device(version=version))
            self.assertEqual((status, set(answer)), (200, {"credentials"}))
            given = answer["credentials"]
            self.assertEqual(set(given), {"accessKeyId", "secretAccessKey", "sessionToken",
                                          "expiration"})
            self.good_until(given["expiration"], 3600)
            self.assertEqual(self.call(given["accessKeyId"], given["secretAccessKey"],
                                       given["sessionToken"]), "")
        self.assertEqual(self.asked("iot"), {"Credentials": 2})

    def test_thing_names(self):
        header = "x-amzn-iot-thingname: "
        self.assertEqual(self.ask(self.device(), headers=[header + THING])[0], 200)
        self.assertEqual(self.ask(self.device(), headers=[header + "another"]),
                         (403, {"message": "Invalid thing name passed"}))

    def test_aliases(self):
        missing = (404, {"message": "Role alias does not exist"})
        for alias in ("other", self.ALIAS.upper()):
            self.assertEqual(self.ask(self.device(), alias), missing)
        for alias in ("a" * 129, "a.b", "a%20b"):
            self.assertEqual(self.ask(self.device(), alias)[0], 400)
        running.control("ends", {"iot": {"roleAlias": "a@b=c_d-E"}})
        self.assertEqual(self.ask(self.device(), "a%40b=c_d-E")[0], 200)
        self.assertEqual(self.ask(self.device()), missing)
        self.assertIn("roleAlias", self.refused("ends", {"iot": {"roleAlias": "a.b"}}))

    def alert(self, context, name="localhost"):
        with self.assertRaises((ssl.SSLError, ConnectionError)) as caught:
            self.ask(context, name=name)
        return str(caught.exception).upper().replace("_", " ")

    def test_no_certificate(self):
        self.assertIn("CERTIFICATE REQUIRED", self.alert(self.context()))
        self.assertIn("HANDSHAKE FAILURE", self.alert(self.context(version=ssl.TLSVersion.TLSv1_2)))
        self.assertEqual(self.asked("iot"), {})
        self.assertEqual(running.control("ends")["ends"]["iot"]["connections"], 2)

    def test_a_certificate_of_another_ca(self):
        with tempfile.TemporaryDirectory() as folder:
            foreign = Authority(folder, name="IVS simulator device CA").issue(
                THING, stem="device", usage="clientAuth")
            self.assertIn("ALERT", self.alert(self.context(*foreign)))
        own = Path(running.ca).parent
        self.assertIn("ALERT", self.alert(self.context(own / "server.pem", own / "server.key")))
        self.assertEqual(self.asked("iot"), {})

    def test_server_names(self):
        for name in (None, "elsewhere.example"):
            for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                context = self.device(version=version)
                context.check_hostname = False
                self.assertIn("UNRECOGNIZED NAME", self.alert(context, name))
        self.assertEqual(self.asked("iot"), {})

    def test_failures(self):
        self.fail_next("iot", "status", status=503)
        self.fail_next("iot", "missing", member="expiration")
        self.assertEqual(self.ask(self.device())[0], 503)
        self.assertEqual(set(self.ask(self.device())[1]["credentials"]),
                         {"accessKeyId", "secretAccessKey", "sessionToken"})

    def test_an_rsa_device_and_a_kept_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            seen = []
            for _ in range(2):
                simulator = Process("--quiet", "--iot", "--device-key", "rsa", "--dir", folder)
                shown = simulator.environment
                self.assertEqual(shown["IVS_SIM_IOT_KEY"], f"{folder}/device/device.key")
                context = ssl.create_default_context(cafile=shown["AWS_CA_BUNDLE"])
                context.load_cert_chain(shown["IVS_SIM_IOT_CERTIFICATE"], shown["IVS_SIM_IOT_KEY"])
                with closing(http.client.HTTPSConnection(shown["IVS_SIM_IOT_ENDPOINT"],
                                                         context=context)) as connection:
                    connection.request("GET", "/role-aliases/ivs-device/credentials")
                    self.assertEqual(connection.getresponse().status, 200)
                seen.append(Path(shown["IVS_SIM_IOT_DEVICE_CA"]).read_bytes())
                simulator.stop()
            self.assertEqual(seen[0], seen[1])
            self.assertEqual(os.stat(f"{folder}/device/device.key").st_mode & 0o777, 0o600)


class Options(unittest.TestCase):
    def test_nothing_changes_without_them(self):
        simulator = Process("--quiet")
        self.assertEqual(set(simulator.environment), {
            "AWS_ENDPOINT_URL_IVS", "AWS_CA_BUNDLE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
            "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EC2_METADATA_DISABLED", "IVS_SIM_CONTROL",
            "IVS_SIM_HTTP"})
        self.assertEqual(simulator.environment["AWS_EC2_METADATA_DISABLED"], "true")
        simulator.stop()

    def test_keys_are_blanked_and_ports_chosen(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            free = probe.getsockname()[1]
        simulator = Process("--quiet", "--imds", str(free), "--imds-v1", "--no-keys", "--lifetime",
                            "77")
        shown = simulator.environment
        self.assertEqual(shown["AWS_EC2_METADATA_SERVICE_ENDPOINT"], f"http://127.0.0.1:{free}/")
        self.assertEqual((shown["AWS_ACCESS_KEY_ID"], shown["AWS_SECRET_ACCESS_KEY"]), ("", ""))
        with environment():
            os.environ.update({n: v for n, v in shown.items() if n.startswith("AWS_")})
            with closing(make_client(shown, botocore.session.Session(), access_key=None,
                                     secret_key=None, token=None)) as client:
                client.list_channels()
        simulator.stop()

    def test_wrong_ones(self):
        for arguments, text in ((["--lifetime", "0"], "no life time"), (["--sts", "x"], "no port"),
                                (["--device-key", "odd"], "--device-key"),
                                (["--container-token", "a b"], "printable ASCII")):
            done = subprocess.run([PYTHON, str(IVS_SIM), *arguments], capture_output=True,
                                  text=True, timeout=DEADLINE, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1))
            self.assertIn(text, done.stderr)


class Log(Base):
    def test_every_request_and_no_secret(self):
        session_token = MetadataEnd.token(self)[1]
        metadata = json.loads(MetadataEnd.fetch(self, MetadataEnd.ROLES + "ivs-simulator",
                                                session_token)[1])
        given = json.loads(self.get("container", self.ends["container"]["path"],
                                    {"Authorization": TOKEN})[1])
        self.get("container", f"/x/{TOKEN}/{given['Token']}/{session_token}")
        _, device = DeviceEnd.ask(self, DeviceEnd.device(self))
        running.post("ListChannels", {}, access_key=given["AccessKeyId"],
                     secret_key=given["SecretAccessKey"], token=given["Token"])
        web = Path(running.environment["AWS_WEB_IDENTITY_TOKEN_FILE"]).read_text()
        TokenServiceEnd.post(self, {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
                                    "RoleArn": "x", "WebIdentityToken": web})
        entries = running.control("requests")["requests"]
        self.assertEqual([(e["end"], e["operation"]) for e in entries], [
            ("imds", "Token"), ("imds", "Credentials"), ("container", "Credentials"),
            ("container", ""), ("iot", "Credentials"), ("ivs", "ListChannels"),
            ("sts", "AssumeRoleWithWebIdentity")])
        self.assertTrue(re.search(r"^\S+Z PUT /latest/api/token Token - 200 ok$",
                                  running.log_text(), re.M))
        text = running.log_text() + json.dumps(entries) + json.dumps(running.control("ends"))
        for secret in (session_token, metadata["SecretAccessKey"], metadata["Token"],
                       given["SecretAccessKey"], given["Token"], TOKEN, web,
                       device["credentials"]["secretAccessKey"],
                       device["credentials"]["sessionToken"]):
            self.assertGreater(len(secret), 20)
            self.assertNotIn(secret, text)

    context = DeviceEnd.context

    def test_a_signature_made_by_what_was_issued(self):
        """The AWS way to sign with a token of 2 KB, which has /, + and = in it."""
        running.control("ends", {"tokenLength": 2048})
        given = json.loads(self.get("container", self.ends["container"]["path"],
                                    {"Authorization": TOKEN})[1])
        request = sign("POST", f"https://localhost:{running.simulator.https_port}/ListChannels",
                       b"{}", access_key=given["AccessKeyId"], secret_key=given["SecretAccessKey"],
                       token=given["Token"])
        with closing(running.connect()) as connection:
            connection.request("POST", "/ListChannels", request.body, dict(request.headers))
            self.assertEqual(connection.getresponse().status, 200)


if __name__ == "__main__":
    versions("python", "botocore", "aws", "openssl")
    unittest.main(warnings="ignore")  # botocore leaves its connections to the ends open
