"""The network sources of credentials against the simulator: test_credentials.py PATH_OF_credential_get

Each round of the driver is a call of the service, signed with what the source has given. Needs the openssl
program for certificates.
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))

from certificates import Maker
from rig import Simulator  # noqa: E402  (the path has to be set first)

TIMEOUT = 60
CONTAINER_TOKEN = "container+token/for=tests"
SECRETS = ("SIMISSUED", CONTAINER_TOKEN, "simulated.", "simulator+secret")  # what secrets begin with

program = None
sim = None
foreign = None


class Foreign:
    """A device of another account: its certificate and key."""

    def __init__(self, folder):
        maker = Maker(folder)
        ca_key, self.key = maker.key("ca", "ec"), maker.key("device", "ec")
        ca = maker.certificate("ca", ca_key, authority=True)
        self.certificate = maker.certificate("device", self.key, (ca, ca_key), cn="simulated-device")


def setUpModule():
    global sim, foreign
    sim = Simulator("--sts", "--container", "--container-token", CONTAINER_TOKEN, "--imds", "--iot", "--web-identity")
    folder = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(folder.cleanup)
    unittest.addModuleCleanup(sim.stop)
    foreign = Foreign(folder.name)


class Driver:
    """The program at work: one answer for each round."""

    def __init__(self, *words, **options):
        command = [program, *words, "--service", sim["AWS_ENDPOINT_URL_IVS"], "--ca", sim["AWS_CA_BUNDLE"]]
        for name, value in options.items():
            if value is not None:
                command += ["--" + name.replace("_", "-"), str(value)]
        self.command = " ".join(command)
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def answer(self):
        line = self.child.stdout.readline()
        if not line:
            raise AssertionError(f"{self.command}: {self.child.communicate()[1]}")
        return self.checked(line)

    def again(self):
        self.child.stdin.write("\n")
        self.child.stdin.flush()
        return self.answer()

    def checked(self, line):
        shown = [secret for secret in SECRETS if secret in line]
        answer = json.loads(line)
        if shown or not answer["clean"]:
            raise AssertionError(f"{self.command}: a secret is shown, or left in the workspace: {line}")
        return answer

    def end(self):
        out, err = self.child.communicate(timeout=TIMEOUT)
        if self.child.returncode != 0 or out or err:
            raise AssertionError(f"{self.command}: {self.child.returncode} {out} {err}")


class Case(unittest.TestCase):
    end = ""

    def setUp(self):
        sim.control("reset", {})

    def fail_next(self, how, **members):
        sim.control("ends/fail", {"end": self.end, "how": how, **members})

    def asked(self):
        return sim.control("ends")["ends"][self.end]["asked"]

    def issued(self):
        return sim.control("ends")["issued"]["last"]

    def run_one(self, *words, **options):
        driver = Driver(*words, **options)
        answer = driver.answer()
        driver.end()
        return answer

    def good(self, answer):
        """The call came through, with credentials that this end has issued."""
        self.assertEqual(answer["result"], "OK", answer)
        last = self.issued()[-1]
        self.assertEqual((answer["key"], last["end"]), (last["accessKeyId"], self.end))
        return answer

    def refused(self, answer, problem):
        self.assertEqual((answer["result"], answer["version"], answer["key"]), ("CREDENTIALS", 0, ""), answer)
        self.assertEqual(answer["problem"], problem)
        self.assertEqual(self.issued(), [])


def wait_until(seconds):
    time.sleep(max(0, seconds - time.time()) + 0.1)


class Iot(Case):
    end = "iot"

    def one(self, **more):
        return self.run_one("iot", **self.options(**more))

    def options(self, **more):
        return {"url": "https://" + sim["IVS_SIM_IOT_ENDPOINT"], "cert": sim["IVS_SIM_IOT_CERTIFICATE"],
                "key": sim["IVS_SIM_IOT_KEY"], "alias": sim["IVS_SIM_IOT_ROLE_ALIAS"],
                "thing": sim["IVS_SIM_IOT_THING"], **more}

    def test_good(self):
        answer = self.good(self.one())
        self.assertEqual(answer["expires"] - answer["due"], 300)
        self.good(self.one(thing=None))
        self.assertEqual(self.asked(), {"Credentials": 2})

    def test_longest_token_in_the_workspace_that_is_said(self):
        sim.control("ends", {"tokenLength": 4096})
        self.good(self.one())

    def test_wrong_alias_and_thing(self):
        self.refused(self.one(alias="IVS-Device"),
                     "AWS IoT: HTTP 404 (the role alias; its case counts): Role alias does not exist")
        self.refused(self.one(thing="another"),
                     "AWS IoT: HTTP 403 (the certificate, its policy, or its thing's name): Invalid thing name passed")

    def test_certificates(self):
        for options in ({"cert": foreign.certificate, "key": foreign.key}, {"cert": None, "key": None}):
            answer = self.one(attempts=1, **options)
            self.assertEqual(answer["result"], "CREDENTIALS")
            self.assertRegex(answer["problem"], "^AWS IoT: (TLS failed|network error|connection closed)")
        self.assertEqual(self.issued(), [])

    def test_endpoint_has_to_be_named(self):
        port = sim["IVS_SIM_IOT_ENDPOINT"].split(":")[1]
        answer = self.one(url=f"https://127.0.0.1:{port}", attempts=1)
        self.assertEqual(answer["result"], "CREDENTIALS")
        self.assertRegex(answer["problem"], "^AWS IoT: TLS failed: ")

    def test_roots(self):
        answer = self.one(ca=foreign.certificate, attempts=1)
        self.assertRegex(answer["problem"], "^AWS IoT: certificate not signed by a trusted root: ")

    def test_trouble_that_passes(self):
        for how in ("close", "status"):
            self.fail_next(how, times=2, status=503)
            self.good(self.one())
        sim.control("reset", {})
        self.fail_next("status", status=500, times=3)
        self.refused(self.one(), "AWS IoT: HTTP 500: This failure was asked for")

    def test_bad_answers(self):
        for how, more, problem in (("garbage", {}, "answer is not JSON"), ("empty", {}, "answer is not JSON"),
                                   ("missing", {"member": "sessionToken"}, "its answer lacks: sessionToken"),
                                   ("expired", {}, "its credentials have expired already")):
            sim.control("reset", {})
            self.fail_next(how, **more)
            answer = self.one()
            self.assertEqual((answer["result"], answer["problem"]), ("CREDENTIALS", "AWS IoT: " + problem))

    def test_silence_ends(self):
        self.fail_next("stall", times=None)
        answer = self.one(timeout=300, attempts=2)
        self.refused(answer, "AWS IoT: deadline passed")
        self.assertTrue(600 <= answer["took"] < 5000, answer)

    def test_expired_ones_are_renewed(self):
        driver = Driver("iot", rounds=2, **self.options())
        first = self.good(driver.answer())
        sim.control("ends/expire", {})
        second = self.good(driver.again())
        driver.end()
        self.assertNotEqual(first["key"], second["key"])
        self.assertEqual((first["version"], second["version"]), (1, 2))

    def test_renewed_ahead_of_their_end(self):
        sim.control("ends", {"lifetime": 6})
        driver = Driver("iot", rounds=3, **self.options())
        first = self.good(driver.answer())
        self.assertIn(first["expires"] - first["due"], (2, 3))
        self.fail_next("status", status=500, times=None)
        wait_until(first["due"])
        second = driver.again()  # the old ones still hold
        self.assertEqual((second["result"], second["key"]), ("OK", first["key"]))
        self.assertEqual(second["problem"], "AWS IoT: HTTP 500: This failure was asked for")
        self.assertEqual(self.asked(), {"Credentials": 2})
        sim.control("ends/fail", {"end": "iot", "how": None})
        wait_until(first["expires"])
        self.assertNotEqual(self.good(driver.again())["key"], first["key"])
        driver.end()

    def test_clock_that_is_off(self):
        """By hours: that the credentials are good is told by the answer's date, then the service tells the time."""
        for hours in (-30, 30):
            self.good(self.one(offset=hours * 3600))


class Container(Case):
    end = "container"

    def one(self, **more):
        return self.run_one("container", url=sim["AWS_CONTAINER_CREDENTIALS_FULL_URI"], **{"token": CONTAINER_TOKEN, **more})

    def test_good(self):
        self.good(self.one())

    def test_tokens(self):
        hint = "(the authorization token)"
        self.refused(self.one(token="wrong"), f"container: HTTP 403 {hint}: The Authorization header is not the right token")
        self.refused(self.one(token=None), f"container: HTTP 401 {hint}: An Authorization header is needed")
        self.refused(self.one(token="a\r\nX-Y: z"), "container: its token holds a line break or another control character")

    def test_token_file_is_read_again(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(CONTAINER_TOKEN)
            file.flush()
            driver = Driver("container", url=sim["AWS_CONTAINER_CREDENTIALS_FULL_URI"], token_file=file.name, rounds=2)
            self.good(driver.answer())
            sim.control("ends", {"container": {"token": "another"}})
            sim.control("ends/expire", {})
            file.seek(0)
            file.truncate()
            file.write("another")
            file.flush()
            self.good(driver.again())
            driver.end()
        self.refused_call(self.one(token=None, token_file="/nonexistent"))

    def refused_call(self, answer):
        self.assertEqual((answer["result"], answer["problem"]), ("CREDENTIALS", "container: its token cannot be read"))

    def test_wrong_path(self):
        url = sim["AWS_CONTAINER_CREDENTIALS_FULL_URI"].rsplit("/", 1)[0] + "/other?x=1"
        answer = self.run_one("container", url=url, token=CONTAINER_TOKEN)
        self.refused(answer, "container: HTTP 400: CredentialsV2Request: Credentials not found")

    def test_nobody_there(self):
        answer = self.run_one("container", url="http://127.0.0.1:1/x")
        self.assertRegex(answer["problem"], "^container: cannot connect: ")

    def test_host_that_is_not_allowed(self):
        driver = Driver("container", url="http://10.0.0.1/x")
        _, said = driver.child.communicate(timeout=TIMEOUT)
        self.assertEqual(driver.child.returncode, 2)
        self.assertIn("plain http is allowed to this machine and AWS's addresses only: 10.0.0.1", said)

    def test_trouble_that_passes(self):
        for how in ("close", "status"):
            self.fail_next(how, times=2)
            self.good(self.one())


class Imds(Case):
    end = "imds"

    def one(self, **more):
        return self.run_one("imds", url=sim["AWS_EC2_METADATA_SERVICE_ENDPOINT"], **more)

    def test_good(self):
        self.good(self.one(no_v1="yes"))
        self.assertEqual(self.asked(), {"Token": 1, "Role": 1, "Credentials": 1})

    def test_version_1(self):
        for how, more in (("status", {"status": 403}), ("status", {"status": 404}), ("status", {"status": 405}), ("stall", {})):
            for v1 in (True, False):
                sim.control("reset", {})
                sim.control("ends", {"imds": {"v1": v1}})
                self.fail_next(how, operation="Token", times=None, **more)
                answer = self.one()
                if v1:
                    self.good(answer)
                else:
                    self.refused(answer, "IMDS: HTTP 401 (it gave no session token)")
                self.assertEqual(self.one(no_v1="yes")["result"], "CREDENTIALS")

    def test_refusals(self):
        sim.control("ends", {"imds": {"role": None}})
        self.refused(self.one(), "IMDS: HTTP 404 (the instance has no role)")
        sim.control("reset", {})
        self.fail_next("code")
        self.refused(self.one(), "IMDS: it has no credentials: EC2 cannot assume the role of this instance")
        self.fail_next("status", status=500, operation="Role")
        self.refused(self.one(), "IMDS: HTTP 500")
        self.fail_next("missing", member="expiration")
        answer = self.one()
        self.assertEqual(answer["problem"], "IMDS: its answer lacks: Expiration")

    def test_attempts(self):
        self.fail_next("status", status=500, operation="Role", times=2)
        self.good(self.one(attempts=3))

    def test_stale_ones_are_used(self):
        """Credentials that ended a minute ago are kept in use; here the service does not accept them."""
        self.fail_next("expired", times=None)
        answer = self.one()
        self.assertEqual((answer["result"], answer["code"]), ("SERVICE", "ExpiredTokenException"))
        self.assertEqual(answer["key"], self.issued()[-1]["accessKeyId"])
        self.assertEqual(answer["version"], 2)

    def test_region(self):
        for more in ({}, {"no_v1": "yes"}):
            driver = Driver("region", url=sim["AWS_EC2_METADATA_SERVICE_ENDPOINT"], **more)
            answer = driver.answer()
            driver.end()
            self.assertEqual((answer["result"], answer["region"]), ("OK", "us-west-2"))
        self.fail_next("status", status=404, operation="Region")
        driver = Driver("region", url=sim["AWS_EC2_METADATA_SERVICE_ENDPOINT"])
        self.assertEqual(driver.answer()["problem"], "IMDS: HTTP 404")
        driver.end()


class Role(Case):
    end = "sts"

    def options(self, **more):
        return {"sts": sim["AWS_ENDPOINT_URL_STS"], "role": sim["IVS_SIM_ROLE_ARN"], "session": "test@session=1,2", **more}

    def keys(self):
        return {"key_id": sim["AWS_ACCESS_KEY_ID"], "secret": sim["AWS_SECRET_ACCESS_KEY"]}

    def one(self, *words, **more):
        return self.run_one(*(words or ("sts",)), **self.options(**more))

    def test_good(self):
        answer = self.good(self.one(**self.keys()))
        self.assertEqual(answer["expires"] - answer["due"], 300)
        self.assertEqual(self.issued()[-1]["sessionName"], "test@session=1,2")

    def test_duration(self):
        for seconds in (900, 43200):
            answer = self.one(duration=seconds, **self.keys())
            left = answer["expires"] - time.time()
            self.assertTrue(seconds - 20 <= left <= seconds + 1, left)
        self.refused_now(self.one(duration=899, **self.keys()), "STS: HTTP 400: ValidationError: 1 validation error")

    def refused_now(self, answer, beginning):
        self.assertEqual(answer["result"], "CREDENTIALS", answer)
        self.assertTrue(answer["problem"].startswith(beginning), answer)

    def test_external_id(self):
        sim.control("ends", {"sts": {"roles": {sim["IVS_SIM_ROLE_ARN"]: "an/id:of=ours,+"}}})
        self.good(self.one(external_id="an/id:of=ours,+", **self.keys()))
        self.refused_now(self.one(external_id="another", **self.keys()), "STS: HTTP 403: AccessDenied: User: arn:aws:iam::")
        self.refused_now(self.one(**self.keys()), "STS: HTTP 403: AccessDenied: ")

    def test_refusals(self):
        self.refused_now(self.one(**{**self.keys(), "secret": "wrong"}), "STS: HTTP 403: SignatureDoesNotMatch: ")
        self.refused_now(self.one(**{**self.keys(), "key_id": "AKIDOTHER"}), "STS: HTTP 403: InvalidClientTokenId: ")
        self.refused_now(self.one(**{**self.keys(), "role": "arn:aws:iam::123456789012:role/other"}),
                         "STS: HTTP 403: AccessDenied: ")
        self.refused_now(self.one(region="eu-west-1", **self.keys()), "STS: HTTP 403: SignatureDoesNotMatch: ")
        for how in ("garbage", "empty"):
            self.fail_next(how)
            self.refused_now(self.one(**self.keys()), "STS: its answer is not the XML of STS")
        self.fail_next("missing", member="secretAccessKey")
        self.refused_now(self.one(**self.keys()), "STS: its answer lacks: SecretAccessKey")

    def test_clock_that_is_off(self):
        for hours in (-30, 30):
            self.good(self.one(offset=hours * 3600, **self.keys()))
            self.assertEqual(self.asked(), {"AssumeRole": 2})
            sim.control("reset", {})

    def test_trouble_that_passes(self):
        for how in ("close", "status"):
            self.fail_next(how, times=2)
            self.good(self.one(**self.keys()))

    def test_over_other_sources(self):
        sources = {
            "iot": {"url": "https://" + sim["IVS_SIM_IOT_ENDPOINT"], "cert": sim["IVS_SIM_IOT_CERTIFICATE"],
                    "key": sim["IVS_SIM_IOT_KEY"], "alias": sim["IVS_SIM_IOT_ROLE_ALIAS"]},
            "container": {"url": sim["AWS_CONTAINER_CREDENTIALS_FULL_URI"], "token": CONTAINER_TOKEN},
            "imds": {"url": sim["AWS_EC2_METADATA_SERVICE_ENDPOINT"]},
        }
        for name, options in sources.items():
            driver = Driver(name, rounds=2, **self.options(**options))
            first = self.good(driver.answer())
            self.assertIn(first["source_key"], [one["accessKeyId"] for one in self.issued() if one["end"] == name])
            sim.control("ends/expire", {})  # of both: each is found out and renewed
            second = self.good(driver.again())
            self.assertNotEqual(first["source_key"], second["source_key"])
            driver.end()
        sim.control("ends/fail", {"end": "imds", "how": "status", "status": 400, "times": None})
        self.refused_now(self.one("imds", url=sim["AWS_EC2_METADATA_SERVICE_ENDPOINT"]),
                         "STS: no credentials to ask with: IMDS: HTTP 400 (no session token)")

    def test_web_identity(self):
        file = sim["AWS_WEB_IDENTITY_TOKEN_FILE"]
        driver = Driver("sts", token_file=file, rounds=2, **self.options())
        first = self.good(driver.answer())
        sim.control("ends", {"sts": {"webIdentityToken": "simulated.another+token/1="}})
        sim.control("ends/expire", {})
        self.assertNotEqual(self.good(driver.again())["key"], first["key"])
        driver.end()
        self.assertEqual(self.asked(), {"AssumeRoleWithWebIdentity": 2})

    def test_web_identity_of_any_length(self):
        for length, space in ((20000, 21000), (19999, 21000), (4, 2300)):
            token = ("simulated." + "aB3-_." * 4000)[:length]
            sim.control("ends", {"sts": {"webIdentityToken": token}})
            self.good(self.one(token_file=sim["AWS_WEB_IDENTITY_TOKEN_FILE"], space=space))
        sim.control("ends", {"sts": {"webIdentityToken": token * 600}})
        self.refused_now(self.one(token_file=sim["AWS_WEB_IDENTITY_TOKEN_FILE"], space=1000),
                         "STS: its token does not fit: workspace too small")
        self.refused_now(self.one(token=token * 600, space=1000), "STS: workspace too small")

    def test_web_identity_refusals(self):
        file = sim["AWS_WEB_IDENTITY_TOKEN_FILE"]
        self.refused_now(self.one(token="another"), "STS: HTTP 400: InvalidIdentityToken: The token is not one of")
        sim.control("ends", {"sts": {"webIdentityExpired": True}})
        self.refused_now(self.one(token_file=file), "STS: HTTP 400: ExpiredTokenException: Token expired: ")
        self.assertEqual(self.one(token="abc")["problem"], "STS: HTTP 400: ValidationError")
        self.assertEqual(self.one(token_file="/nonexistent")["problem"], "STS: its token cannot be read")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: test_credentials.py PATH_OF_credential_get [unittest's arguments]")
    program = os.path.abspath(sys.argv.pop(1))
    unittest.main()
