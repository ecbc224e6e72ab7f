"""The ends that give credentials to whoever can reach them, a container's and an instance's, how
all ends can fail, what starts them, and what the log tells of them; judged by botocore and the AWS
CLI.
"""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
import unittest
from contextlib import closing
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent))

from credential_ends import ROLES, TOKEN, EndTest  # noqa: E402
from support import (ACCESS_KEY, AWS, DEADLINE, IVS_SIM, PYTHON, SECRET_KEY, Process,  # noqa: E402
                     clean_environment, make_client, sign, versions)
import botocore.session  # noqa: E402
from botocore.exceptions import BotoCoreError, MetadataRetrievalError  # noqa: E402
from botocore.utils import InstanceMetadataRegionFetcher  # noqa: E402

KEYS = {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}


def setUpModule():
    EndTest.start()


def tearDownModule():
    EndTest.stop()


class ContainerEnd(EndTest):
    URI = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN")

    def test_botocore_finds_them_and_asks_once(self):
        with self.environment(*self.URI):
            session = botocore.session.Session()
            self.assertEqual(session.get_credentials().method, "container-role")
            with closing(self.ivs_client(session)) as client:
                for _ in range(3):
                    client.list_channels()
        self.assertEqual(self.asked("container"), {"Credentials": 1})
        self.assertEqual((self.asked("imds"), self.asked("sts"), self.asked("iot")), ({}, {}, {}))
        keys = {r["accessKeyId"] for r in self.running.control("requests")["requests"]}
        issued = self.running.control("ends")["issued"]
        self.assertEqual(keys, {issued["last"][0]["accessKeyId"]})
        self.assertEqual((issued["count"], issued["valid"]), (1, 1))

    def test_the_command_line_tool(self):
        names = (*self.URI, "AWS_CA_BUNDLE", "AWS_REGION")
        done = subprocess.run(
            [AWS, "--endpoint-url", self.running.environment["AWS_ENDPOINT_URL_IVS"], "ivs",
             "list-channels"], capture_output=True, text=True, timeout=4 * DEADLINE,
            stdin=subprocess.DEVNULL,
            env=clean_environment({n: self.running.environment[n] for n in names}))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(json.loads(done.stdout), {"channels": []})
        self.assertEqual(self.asked("container"), {"Credentials": 1})

    def test_a_short_life_is_refreshed_with_every_call(self):
        self.running.control("ends", {"lifetime": 60})
        with self.environment(*self.URI):
            with closing(self.ivs_client(botocore.session.Session())) as client:
                asked = self.asked("container")["Credentials"]
                for _ in range(2):
                    client.list_channels()
        self.assertEqual(self.asked("container"), {"Credentials": asked + 2})

    def test_the_answer(self):
        status, text = self.ask_container()
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
            got, text = self.ask_container(token, path)
            self.assertEqual((got, json.loads(text)["code"]), (status, code))
            self.assertIn("message", json.loads(text))
        self.assertEqual(self.running.control("ends")["ends"]["container"]["refused"], 3)

    def test_another_token_and_none(self):
        self.running.control("ends", {"container": {"token": "the-next"}})
        self.assertEqual((self.ask_container()[0], self.ask_container("the-next")[0]), (403, 200))
        self.running.control("ends", {"container": {"token": None}})
        self.assertEqual(self.ask_container(None)[0], 200)

    def test_expiry_by_the_clock(self):
        self.running.control("ends", {"lifetime": 200})
        answer = json.loads(self.ask_container()[1])
        self.good_until(answer["Expiration"], 200)
        triple = (answer["AccessKeyId"], answer["SecretAccessKey"], answer["Token"])
        self.assertEqual(self.call(*triple), "")
        self.running.control("clock", {"skew": 250})  # within the five minutes of a signature
        self.assertEqual(self.call(*triple), "ExpiredTokenException")
        self.good_until(json.loads(self.ask_container()[1])["Expiration"], 200)

    def test_expire_all(self):
        answer = json.loads(self.ask_container()[1])
        triple = (answer["AccessKeyId"], answer["SecretAccessKey"], answer["Token"])
        self.assertEqual(self.running.control("ends/expire", {}), {"expired": 1})
        self.assertEqual(self.call(*triple), "ExpiredTokenException")
        self.assertEqual(self.call(ACCESS_KEY, SECRET_KEY, None), "")
        self.assertEqual(self.running.control("ends/expire", {}), {"expired": 0})

    def test_token_length(self):
        self.running.control("ends", {"tokenLength": 4096})
        self.assertEqual(len(json.loads(self.ask_container()[1])["Token"]), 4096)
        self.assertIn("100 to 4096", self.refused("ends", {"tokenLength": 5000}))


class Failing(EndTest):
    """Every way to fail, on the container endpoint; all ends share it."""

    def test_a_status_so_many_times(self):
        self.fail_next("container", "status", status=503, times=2)
        self.assertEqual([self.ask_container()[0] for _ in range(3)], [503, 503, 200])

    def test_until_taken_back(self):
        self.fail_next("container", "status", times=None)
        self.assertEqual([self.ask_container()[0] for _ in range(3)], [500] * 3)
        self.fail_next("container", None)
        self.assertEqual(self.ask_container()[0], 200)

    def test_garbage_and_nothing(self):
        self.fail_next("container", "garbage")
        self.fail_next("container", "empty")
        status, text = self.ask_container()
        self.assertEqual(status, 200)
        with self.assertRaises(ValueError):
            json.loads(text)
        self.assertEqual(self.ask_container(), (200, ""))

    def test_a_connection_that_closes(self):
        self.fail_next("container", "close")
        with self.assertRaises(http.client.RemoteDisconnected):
            self.ask_container()
        self.assertEqual(self.ask_container()[0], 200)

    def test_a_stall_ends_with_an_answer_or_with_the_client(self):
        self.fail_next("container", "stall", seconds=0.3)
        start = time.monotonic()
        self.assertEqual(self.ask_container()[0], 200)
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
            self.assertEqual(KEYS - set(json.loads(self.ask_container()[1])), {spelt})

    def test_expired_from_the_start(self):
        self.fail_next("container", "expired")
        answer = json.loads(self.ask_container()[1])
        self.good_until(answer["Expiration"], -60)
        self.assertEqual(self.call(answer["AccessKeyId"], answer["SecretAccessKey"],
                                   answer["Token"]), "ExpiredTokenException")

    def test_what_a_client_makes_of_it(self):
        self.fail_next("container", "garbage", times=3)
        with self.environment(*ContainerEnd.URI), mock.patch("time.sleep"):
            with self.assertRaises((MetadataRetrievalError, BotoCoreError)):
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


class MetadataEnd(EndTest):
    ENDPOINT = ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_DISABLED")

    def test_botocore_finds_them(self):
        with self.environment(*self.ENDPOINT):
            session = botocore.session.Session()
            self.assertEqual(session.get_credentials().method, "iam-role")
            with closing(self.ivs_client(session)) as client:
                client.list_channels()
                client.list_channels()
        self.assertEqual(self.asked("imds"), {"Token": 1, "Role": 1, "Credentials": 1})

    def test_the_command_line_tool(self):
        names = (*self.ENDPOINT, "AWS_CA_BUNDLE", "AWS_REGION")
        done = subprocess.run(
            [AWS, "--endpoint-url", self.running.environment["AWS_ENDPOINT_URL_IVS"], "ivs",
             "list-streams"], capture_output=True, text=True, timeout=4 * DEADLINE,
            stdin=subprocess.DEVNULL,
            env=clean_environment({n: self.running.environment[n] for n in names}))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.asked("imds")["Credentials"], 1)

    def test_the_region(self):
        with self.environment(*self.ENDPOINT):
            fetcher = InstanceMetadataRegionFetcher(
                base_url=self.running.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"])
            self.assertEqual(fetcher.retrieve_region(), "us-west-2")
        token = self.metadata_token()[1]
        self.assertEqual(self.ask_metadata("/latest/meta-data/placement/region", token),
                         (200, "us-west-2"))
        document = json.loads(
            self.ask_metadata("/latest/dynamic/instance-identity/document", token)[1])
        self.assertEqual((document["region"], document["accountId"]), ("us-west-2", "123456789012"))

    def test_by_hand(self):
        status, token = self.metadata_token()
        self.assertEqual(status, 200)
        self.assertEqual(self.ask_metadata(ROLES, token), (200, "ivs-simulator"))
        answer = json.loads(self.ask_metadata(ROLES + "ivs-simulator", token)[1])
        self.assertEqual(set(answer), KEYS | {"Code", "LastUpdated", "Type"})
        self.assertEqual((answer["Code"], answer["Type"]), ("Success", "AWS-HMAC"))
        self.good_until(answer["Expiration"], 6 * 3600)
        self.assertEqual(self.call(answer["AccessKeyId"], answer["SecretAccessKey"],
                                   answer["Token"]), "")
        self.assertEqual(self.ask_metadata(ROLES + "other", token)[0], 404)
        self.assertEqual(self.ask_metadata("/latest/meta-data/nothing", token)[0], 404)

    def test_tokens(self):
        for seconds in ("0", "21601", "x", ""):
            self.assertEqual(self.metadata_token(seconds)[0], 400)
        self.assertEqual(self.get("imds", "/latest/api/token", method="PUT")[0], 400)
        self.assertEqual(self.get("imds", "/latest/api/token")[0], 405)
        forwarded = {"X-aws-ec2-metadata-token-ttl-seconds": "60", "X-Forwarded-For": "10.0.0.1"}
        self.assertEqual(self.get("imds", "/latest/api/token", forwarded, "PUT")[0], 403)
        self.assertEqual((self.ask_metadata(ROLES)[0], self.ask_metadata(ROLES, "wrong")[0]),
                         (401, 401))
        token = self.metadata_token("60")[1]
        self.assertEqual(self.ask_metadata(ROLES, token)[0], 200)
        self.running.control("clock", {"skew": 61})
        self.assertEqual(self.ask_metadata(ROLES, token)[0], 401)

    def test_version_1(self):
        self.running.control("ends", {"imds": {"v1": True}})
        for status in (403, 404, 405):
            self.fail_next("imds", "status", status=status, operation="Token")
            with self.environment(*self.ENDPOINT):
                self.assertEqual(botocore.session.Session().get_credentials().method, "iam-role")
        self.assertEqual(self.ask_metadata(ROLES, "wrong")[0], 401)

    def test_version_1_after_a_token_call_that_hangs(self):
        self.running.control("ends", {"imds": {"v1": True}})
        self.fail_next("imds", "stall", operation="Token", times=None)
        with self.environment(*self.ENDPOINT):
            self.assertEqual(botocore.session.Session().get_credentials().method, "iam-role")

    def test_no_role(self):
        self.running.control("ends", {"imds": {"role": None}})
        self.assertEqual(self.ask_metadata(ROLES, self.metadata_token()[1])[0], 404)
        with self.environment(*self.ENDPOINT):
            self.assertIsNone(botocore.session.Session().get_credentials())
        self.running.control("ends", {"imds": {"role": "another"}})
        self.assertEqual(self.ask_metadata(ROLES, self.metadata_token()[1]), (200, "another"))

    def test_a_code_other_than_success(self):
        self.fail_next("imds", "code", code="AssumeRoleUnauthorizedAccess", times=2)
        token = self.metadata_token()[1]
        status, text = self.ask_metadata(ROLES + "ivs-simulator", token)
        self.assertEqual((status, json.loads(text)["Code"]), (200, "AssumeRoleUnauthorizedAccess"))
        self.assertFalse(KEYS & set(json.loads(text)))
        with self.environment(*self.ENDPOINT):
            self.assertIsNone(botocore.session.Session().get_credentials())


class Options(EndTest):
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
        with self.environment():
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


class Log(EndTest):
    def test_every_request_and_no_secret(self):
        session_token = self.metadata_token()[1]
        metadata = json.loads(self.ask_metadata(ROLES + "ivs-simulator", session_token)[1])
        given = json.loads(self.ask_container()[1])
        self.get("container", f"/x/{TOKEN}/{given['Token']}/{session_token}")
        _, device = self.ask_device(self.device())
        self.running.post("ListChannels", {}, access_key=given["AccessKeyId"],
                          secret_key=given["SecretAccessKey"], token=given["Token"])
        web = Path(self.running.environment["AWS_WEB_IDENTITY_TOKEN_FILE"]).read_text()
        self.post_sts({"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
                       "RoleArn": "x", "WebIdentityToken": web})
        entries = self.running.control("requests")["requests"]
        self.assertEqual([(e["end"], e["operation"]) for e in entries], [
            ("imds", "Token"), ("imds", "Credentials"), ("container", "Credentials"),
            ("container", ""), ("iot", "Credentials"), ("ivs", "ListChannels"),
            ("sts", "AssumeRoleWithWebIdentity")])
        self.assertTrue(re.search(r"^\S+Z PUT /latest/api/token Token - 200 ok$",
                                  self.running.log_text(), re.M))
        text = (self.running.log_text() + json.dumps(entries) +
                json.dumps(self.running.control("ends")))
        for secret in (session_token, metadata["SecretAccessKey"], metadata["Token"],
                       given["SecretAccessKey"], given["Token"], TOKEN, web,
                       device["credentials"]["secretAccessKey"],
                       device["credentials"]["sessionToken"]):
            self.assertGreater(len(secret), 20)
            self.assertNotIn(secret, text)

    def test_a_signature_made_by_what_was_issued(self):
        """The AWS way to sign with a token of 4 KB, which has /, + and = in it."""
        self.running.control("ends", {"tokenLength": 4096})
        given = json.loads(self.ask_container()[1])
        request = sign("POST", self.running.environment["AWS_ENDPOINT_URL_IVS"] + "/ListChannels",
                       b"{}", access_key=given["AccessKeyId"], secret_key=given["SecretAccessKey"],
                       token=given["Token"])
        with closing(self.running.connect()) as connection:
            connection.request("POST", "/ListChannels", request.body, dict(request.headers))
            self.assertEqual(connection.getresponse().status, 200)


if __name__ == "__main__":
    versions("python", "botocore", "aws", "openssl")
    unittest.main(warnings="ignore")  # botocore leaves its connections to the ends open
