"""The ends that give a role's credentials to those who prove themselves, STS by a signature or a
token of web identity and AWS IoT by a device's certificate; judged by botocore and Python's TLS.
"""

import http.client
import os
import ssl
import sys
import tempfile
import time
import unittest
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from credential_ends import ALIAS, EndTest  # noqa: E402
from support import ACCESS_KEY, DEADLINE, SECRET_KEY, Process, versions  # noqa: E402
import botocore.config  # noqa: E402
import botocore.session  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402
from simulator.credentials_iot import THING  # noqa: E402
from simulator.tls import Authority  # noqa: E402

XMLNS = "{https://sts.amazonaws.com/doc/2011-06-15/}"


def setUpModule():
    EndTest.start()


def tearDownModule():
    EndTest.stop()


class PatchedSession(botocore.session.Session):
    """This botocore is older than AWS_ENDPOINT_URL_STS: STS clients get the endpoint here."""

    def create_client(self, service_name, *arguments, **options):
        if service_name == "sts":
            options["endpoint_url"] = EndTest.running.environment["AWS_ENDPOINT_URL_STS"]
        return super().create_client(service_name, *arguments, **options)


class TokenServiceEnd(EndTest):
    ROLE = "arn:aws:iam::123456789012:role/ivs-simulator"

    def sts(self, access_key=ACCESS_KEY, secret_key=SECRET_KEY, token=None, region="us-west-2"):
        client = botocore.session.Session().create_client(
            "sts", region_name=region, verify=self.running.ca, aws_access_key_id=access_key,
            aws_secret_access_key=secret_key, aws_session_token=token,
            endpoint_url=self.running.environment["AWS_ENDPOINT_URL_STS"],
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
        self.running.control("ends", {"sts": {"roles": {other: "ext:1", self.ROLE: None}}})
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
        self.running.control("ends/expire", {})
        self.fails(403, "ExpiredToken", self.sts(*self.triple(first)).assume_role)
        self.running.control("clock", {"skew": 400})
        self.assertIn("Signature expired",
                      self.fails(403, "SignatureDoesNotMatch", self.sts().assume_role))

    def error_of(self, *arguments, **options):
        status, root = self.post_sts(*arguments, **options)
        self.assertEqual(root.tag, XMLNS + "ErrorResponse")
        self.assertTrue(root.findtext(XMLNS + "RequestId"))
        error = root.find(XMLNS + "Error")
        self.assertEqual(error.findtext(XMLNS + "Type"), "Sender")
        return status, error.findtext(XMLNS + "Code")

    def test_the_wire(self):
        wanted = {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15",
                  "RoleArn": self.ROLE, "RoleSessionName": "test", "WebIdentityToken":
                  Path(self.running.environment["AWS_WEB_IDENTITY_TOKEN_FILE"]).read_text()}
        status, root = self.post_sts(wanted)
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
            with self.environment(AWS_CONFIG_FILE=config.name) as patched:
                patched["AWS_CONFIG_FILE"] = config.name
                session = PatchedSession(profile="role")
                with closing(self.ivs_client(session)) as client:
                    client.list_channels()
                    client.list_channels()
        self.assertEqual(self.asked("sts"), {"AssumeRole": 1})
        self.assertEqual(self.running.control("ends")["issued"]["last"][0]["sessionName"],
                         "from-a-profile")

    def test_web_identity(self):
        names = ("AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE")
        with self.environment(*names):
            session = PatchedSession()
            self.assertEqual(session.get_credentials().method, "assume-role-with-web-identity")
            with closing(self.ivs_client(session)) as client:
                client.list_channels()
        self.assertEqual(self.asked("sts"), {"AssumeRoleWithWebIdentity": 1})

    def test_web_identity_tokens(self):
        call = self.sts().assume_role_with_web_identity
        token_file = Path(self.running.environment["AWS_WEB_IDENTITY_TOKEN_FILE"])
        old = token_file.read_text()
        self.assertEqual(token_file.stat().st_mode & 0o777, 0o600)
        self.fails(400, "InvalidIdentityToken", call, WebIdentityToken="wrong")
        self.running.control("ends", {"sts": {"webIdentityToken": "the-next"}})
        self.assertEqual(token_file.read_text(), "the-next")
        self.fails(400, "ExpiredTokenException", call, WebIdentityToken=old)
        answer = call(RoleArn=self.ROLE, RoleSessionName="test", WebIdentityToken="the-next")
        self.assertEqual(self.call(*self.triple(answer)), "")
        self.running.control("ends", {"sts": {"webIdentityExpired": True}})
        self.fails(400, "ExpiredTokenException", call, WebIdentityToken="the-next")
        self.fails(403, "AccessDenied", call, WebIdentityToken=self.renew(),
                   RoleArn="arn:aws:iam::123456789012:role/other")

    def renew(self):
        self.running.control("ends", {"sts": {"webIdentityExpired": False}})
        return "the-next"


class DeviceEnd(EndTest):
    def test_credentials(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            status, answer = self.ask_device(self.device(version=version))
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
        self.assertEqual(self.ask_device(self.device(), headers=[header + THING])[0], 200)
        self.assertEqual(self.ask_device(self.device(), headers=[header + "another"]),
                         (403, {"message": "Invalid thing name passed"}))

    def test_aliases(self):
        missing = (404, {"message": "Role alias does not exist"})
        for alias in ("other", ALIAS.upper()):
            self.assertEqual(self.ask_device(self.device(), alias), missing)
        for alias in ("a" * 129, "a.b", "a%20b"):
            self.assertEqual(self.ask_device(self.device(), alias)[0], 400)
        self.running.control("ends", {"iot": {"roleAlias": "a@b=c_d-E"}})
        self.assertEqual(self.ask_device(self.device(), "a%40b=c_d-E")[0], 200)
        self.assertEqual(self.ask_device(self.device()), missing)
        self.assertIn("roleAlias", self.refused("ends", {"iot": {"roleAlias": "a.b"}}))

    def alert(self, context, name="localhost"):
        with self.assertRaises((ssl.SSLError, ConnectionError)) as caught:
            self.ask_device(context, name=name)
        return str(caught.exception).upper().replace("_", " ")

    def test_no_certificate(self):
        self.assertIn("CERTIFICATE REQUIRED", self.alert(self.device_context()))
        old = self.device_context(version=ssl.TLSVersion.TLSv1_2)
        self.assertIn("HANDSHAKE FAILURE", self.alert(old))
        self.assertEqual(self.asked("iot"), {})
        self.assertEqual(self.running.control("ends")["ends"]["iot"]["connections"], 2)

    def test_a_certificate_of_another_ca(self):
        with tempfile.TemporaryDirectory() as folder:
            foreign = Authority(folder, name="IVS simulator device CA").issue(
                THING, stem="device", usage="clientAuth")
            self.assertIn("ALERT", self.alert(self.device_context(*foreign)))
        own = Path(self.running.ca).parent
        server = self.device_context(own / "server.pem", own / "server.key")
        self.assertIn("ALERT", self.alert(server))
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
        self.assertEqual(self.ask_device(self.device())[0], 503)
        self.assertEqual(set(self.ask_device(self.device())[1]["credentials"]),
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


if __name__ == "__main__":
    versions("python", "botocore", "openssl")
    unittest.main(warnings="ignore")  # botocore leaves its connections to the ends open
