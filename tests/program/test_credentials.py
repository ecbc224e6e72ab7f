"""Where the program's credentials come from: every source good and bad, end to end with the simulator's other ends. Who was asked, how
often, by which way, and that nothing secret is ever shown.

usage: test_credentials.py [WRONG_CLOCK]        wrong_clock.c as a shared library; without it that test is left out
"""

import json
import os
import re
import sys
import time
import urllib.request

import support
from support import ProgramTest

WRONG_CLOCK = sys.argv.pop(1) if len(sys.argv) > 1 and sys.argv[1].endswith(".so") else None
LIST = ("list-channels",)
LONGEST_TOKEN = 4096
CONTAINER_TOKEN = "container+token/for=tests"
PROXY_PASSWORD = "proxy+password"
ENDS = ("sts", "container", "imds", "iot")
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
SERVICE = ("AWS_ENDPOINT_URL_IVS", "AWS_CA_BUNDLE", "AWS_REGION")


class Credentials(ProgramTest):
    simulator_options = ["--sts", "--web-identity", "--container", "--container-token", CONTAINER_TOKEN, "--imds", "--iot",
                         "--proxy", "--proxy-user", "me:" + PROXY_PASSWORD]

    def setUp(self):
        super().setUp()
        self.simulator.tell("reset", {})
        self.simulator.tell("clock", {"skew": 0})
        for end in ENDS:
            self.simulator.tell("ends/fail", {"end": end, "how": None})
        self.simulator.tell("ends", {"lifetime": None, "tokenLength": 1000, "imds": {"v1": False}})
        self.exports = self.simulator.environment
        with open(self.exports["AWS_WEB_IDENTITY_TOKEN_FILE"], encoding="ascii") as file:
            self.secrets |= {"SIMISSUED", CONTAINER_TOKEN, PROXY_PASSWORD, file.read().strip()}
        self.before = self.requests()

    # --- what is run, with what around it

    def around(self, *sources, proxy=False, **more):
        """An environment with these sources alone."""
        x = self.exports
        variables = {name: x[name] for name in SERVICE}
        variables["AWS_ENDPOINT_URL_STS"] = x["AWS_ENDPOINT_URL_STS"]
        known = {
            "keys": {name: x[name] for name in KEYS},
            "identity": {name: x[name] for name in ("AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE")},
            "iot": {"IVS_IOT_CREDENTIALS_ENDPOINT": x["IVS_SIM_IOT_ENDPOINT"], "IVS_IOT_ROLE_ALIAS": x["IVS_SIM_IOT_ROLE_ALIAS"],
                    "IVS_IOT_THING_NAME": x["IVS_SIM_IOT_THING"], "IVS_IOT_CERTIFICATE": x["IVS_SIM_IOT_CERTIFICATE"],
                    "IVS_IOT_PRIVATE_KEY": x["IVS_SIM_IOT_KEY"]},
            "container": {name: x[name] for name in ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN")},
            "imds": {"AWS_EC2_METADATA_DISABLED": "false",
                     "AWS_EC2_METADATA_SERVICE_ENDPOINT": x["AWS_EC2_METADATA_SERVICE_ENDPOINT"]},
            "proxy": {"HTTPS_PROXY": x["HTTPS_PROXY"]},
        }
        for source in sources + (("proxy",) if proxy else ()):
            variables.update(known[source])
        environment = support.clean_environment()
        for name in [name for name in environment if name.lower().endswith("_proxy")]:
            del environment[name]
        environment.update(variables, IVS_TEST_MARK=self.mark, HOME=self.folder, **more)
        return environment

    def profiles(self, text, **more):
        """The same with a config file."""
        role = f"role_arn = {self.exports['IVS_SIM_ROLE_ARN']}"
        return {"AWS_CONFIG_FILE": self.write("config", text.replace("ROLE", role)), **more}

    def requests(self):
        ends = self.simulator.ask("ends")["ends"]
        return {end: sum(ends[end]["asked"].values()) for end in ENDS} | {"proxy": ends["proxy"]["requests"]}

    def asked(self):
        """By how much each end was asked more since the last look, where it was."""
        now, before = self.requests(), self.before
        self.before = now
        return {end: now[end] - before[end] for end in now if now[end] != before[end]}

    def works(self, env, asked, *words):
        done = self.ivs(*(words or LIST), env=env)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.asked(), asked)

    def api_requests(self):
        return [request for request in self.simulator.ask("requests")["requests"] if request["end"] == "ivs"]

    # --- sources

    def test_each_source(self):
        for source, asked in (("keys", {}), ("identity", {"sts": 1}), ("iot", {"iot": 1}), ("container", {"container": 1}),
                              ("imds", {"imds": 3})):
            with self.subTest(source):
                self.works(self.around(source), asked)
                done = self.ivs(*LIST, "--debug", env=self.around(source))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(self.asked(), asked)

    def issued(self):
        """Credentials from the container's end, as that gives them."""
        request = urllib.request.Request(self.exports["AWS_CONTAINER_CREDENTIALS_FULL_URI"], headers={"Authorization": CONTAINER_TOKEN})
        with urllib.request.urlopen(request, timeout=support.DEADLINE) as answer:
            return json.load(answer)

    def test_longest_tokens(self):
        """AWS promises no limit of session tokens; ours is reached by every source."""
        self.simulator.tell("ends", {"tokenLength": LONGEST_TOKEN})
        for source in ("identity", "iot", "container", "imds"):
            with self.subTest(source):
                self.assertEqual(self.ivs(*LIST, env=self.around(source)).returncode, 0)
        given = self.issued()
        keys = (given["AccessKeyId"], given["SecretAccessKey"], given["Token"])
        self.assertEqual(len(keys[2]), LONGEST_TOKEN)
        self.secrets.add(keys[2])
        text = "".join(f"{name} = {value}\n" for name, value in
                       zip(("aws_access_key_id", "aws_secret_access_key", "aws_session_token"), keys))
        printed = json.dumps({"Version": 1, **dict(zip(("AccessKeyId", "SecretAccessKey", "SessionToken"), keys))})
        config = self.profiles(f"[profile process]\ncredential_process = cat {self.write('printed', printed)}\n"
                               "[profile role]\nROLE\ncredential_source = Environment\n")
        for source, env in (("environment", dict(zip((*KEYS, "AWS_SESSION_TOKEN"), keys))),
                            ("file", {"AWS_SHARED_CREDENTIALS_FILE": self.write("credentials", "[default]\n" + text)}),
                            ("process", {**config, "AWS_PROFILE": "process"}),
                            ("role", {**config, "AWS_PROFILE": "role", **dict(zip((*KEYS, "AWS_SESSION_TOKEN"), keys))})):
            with self.subTest(source):
                done = self.ivs(*LIST, env=self.around(**env))
                self.assertEqual((done.returncode, done.stderr), (0, ""))
        done = self.ivs(*LIST, env=self.around(**dict(zip((*KEYS, "AWS_SESSION_TOKEN"), (*keys[:2], keys[2] + "x")))))
        self.assertFails(done, 255, "malformed: too long")

    def test_order(self):
        """Nothing of the network is touched as long as this machine has something, and of the network only the first."""
        order = [("keys", {}), ("identity", {"sts": 1}), ("iot", {"iot": 1}), ("container", {"container": 1}), ("imds", {"imds": 3})]
        for i, (source, asked) in enumerate(order):
            with self.subTest(source):
                self.works(self.around(*(name for name, _ in order[i:])), asked)
        keys = "aws_access_key_id = {AWS_ACCESS_KEY_ID}\naws_secret_access_key = {AWS_SECRET_ACCESS_KEY}\n".format(**self.exports)
        self.works(self.around("iot", "container", "imds", **self.profiles("[default]\n" + keys)), {})
        process = ("""credential_process = sh -c 'printf "{\\"Version\\":1,\\"AccessKeyId\\":\\"%s\\",\\"SecretAccessKey\\":\\"%s\\"}"""
                   """" "$K" "$S"'\n""")
        self.works(self.around("iot", "container", "imds", K=self.exports[KEYS[0]], S=self.exports[KEYS[1]],
                               **self.profiles("[default]\n" + process)), {})

    def test_roles(self):
        for text, sources, asked in (
                ("[profile x]\nROLE\ncredential_source = Environment\n", ("keys",), {"sts": 1}),
                ("[profile x]\nROLE\ncredential_source = EcsContainer\n", ("container",), {"container": 1, "sts": 1}),
                ("[profile x]\nROLE\ncredential_source = Ec2InstanceMetadata\n", ("imds",), {"imds": 3, "sts": 1}),
                ("[profile x]\nROLE\nsource_profile = y\n[profile y]\nROLE\nsource_profile = z\n[profile z]\nROLE\n"
                 "credential_source = Environment\n", ("keys", "container", "imds"), {"sts": 3}),
                ("[profile x]\nROLE\nsource_profile = y\n[profile y]\nROLE\nweb_identity_token_file = "
                 + self.exports["AWS_WEB_IDENTITY_TOKEN_FILE"] + "\n", ("container",), {"sts": 2})):
            with self.subTest(text):
                self.works(self.around(*sources, **self.profiles(text)), asked, *LIST, "--profile", "x")

    def test_iot_of_a_profile(self):
        x = self.exports
        text = (f"[profile device]\niot_credentials_endpoint = https://{x['IVS_SIM_IOT_ENDPOINT']}/\niot_role_alias = "
                f"{x['IVS_SIM_IOT_ROLE_ALIAS']}\niot_thing_name = {x['IVS_SIM_IOT_THING']}\niot_certificate = "
                f"{x['IVS_SIM_IOT_CERTIFICATE']}\niot_private_key = {x['IVS_SIM_IOT_KEY']}\niot_ca = {x['AWS_CA_BUNDLE']}\n"
                "[profile boss]\nROLE\nsource_profile = device\n")
        self.works(self.around("container", "imds", **self.profiles(text)), {"iot": 1}, *LIST, "--profile", "device")
        self.works(self.around("container", "imds", **self.profiles(text)), {"iot": 1, "sts": 1}, *LIST, "--profile", "boss")
        thing = text.replace(x["IVS_SIM_IOT_THING"], "another")
        done = self.ivs(*LIST, "--profile", "device", env=self.around(**self.profiles(thing)))
        self.assertFails(done, 255, "AWS IoT: ", "403")

    def test_external_id(self):
        role = self.exports["IVS_SIM_ROLE_ARN"]
        self.simulator.tell("ends", {"sts": {"roles": {role: "an-id"}}})
        self.addCleanup(self.simulator.tell, "ends", {"sts": {"roles": {role: None}}})
        text = "[profile x]\nROLE\ncredential_source = Environment\nexternal_id = %s\n"
        self.works(self.around("keys", **self.profiles(text % "an-id")), {"sts": 1}, *LIST, "--profile", "x")
        done = self.ivs(*LIST, "--profile", "x", env=self.around("keys", **self.profiles(text % "another")))
        self.assertFails(done, 255, "STS: ", "AccessDenied")

    def test_way_that_is_broken(self):
        """The line says where it was going, and by which proxy."""
        x, profile = self.exports, self.profiles("[profile x]\nROLE\ncredential_source = Environment\n")
        host = x["AWS_ENDPOINT_URL_STS"].partition("://")[2]
        done = self.ivs(*LIST, "--profile", "x", env=self.around("keys", HTTPS_PROXY="http://localhost:1", **profile))
        self.assertFails(done, 255, f"STS: {host} through the proxy http://localhost:1: cannot connect: Connection refused")
        done = self.ivs(*LIST, "--profile", "x", env=self.around("keys", **{**profile, "AWS_ENDPOINT_URL_STS": "https://localhost:1"}))
        self.assertFails(done, 255, "STS: localhost:1: cannot connect: Connection refused")
        done = self.ivs(*LIST, env=self.around("identity", AWS_ENDPOINT_URL_STS="https://localhost:1"))
        self.assertFails(done, 255, "STS: localhost:1: cannot connect: Connection refused")

    def test_container_token_in_a_file(self):
        """The file comes before the variable."""
        env = self.around("container", AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=self.write("token", CONTAINER_TOKEN + "\n"))
        env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "wrong"
        self.works(env, {"container": 1})

    def test_region_of_the_instance(self):
        env = self.around("keys", "imds")
        del env["AWS_REGION"]
        self.works(env, {"imds": 2})
        env["AWS_EC2_METADATA_DISABLED"] = "true"
        self.assertFails(self.ivs(*LIST, env=env), 253, "You must specify a region")
        self.assertEqual(self.asked(), {})

    # --- failures

    def test_failures(self):
        """One line: which source, and why."""
        for source, failure, parts in (
                ("identity", {"end": "sts", "how": "garbage"}, ("STS: ", "XML")),
                ("identity", {"end": "sts", "how": "missing", "member": "sessionToken"}, ("STS: ", "SessionToken")),
                ("container", {"end": "container", "how": "garbage"}, ("container: ", "JSON")),
                ("container", {"end": "container", "how": "expired"}, ("container: ", "expired")),
                ("container", {"end": "container", "how": "missing", "member": "secretAccessKey"}, ("container: ", "SecretAccessKey")),
                ("imds", {"end": "imds", "how": "code"}, ("IMDS: ", "EC2 cannot assume the role")),
                ("imds", {"end": "imds", "how": "close", "times": None}, ("IMDS: ",)),
                ("iot", {"end": "iot", "how": "status", "status": 403}, ("AWS IoT: ", "403")),
                ("iot", {"end": "iot", "how": "missing", "member": "expiration"}, ("AWS IoT: ", "expiration"))):
            for words in (LIST, (*LIST, "--debug")):
                with self.subTest(f"{source} {failure} {words}"):
                    self.simulator.tell("ends/fail", {"end": failure["end"], "how": None})
                    self.simulator.tell("ends/fail", failure)
                    done = self.ivs(*words, env=self.around(source))
                    self.assertEqual((done.returncode, done.stdout), (253 if source == "imds" else 255, ""), done.stderr)
                    for part in parts:
                        self.assertIn(part, done.stderr.strip().split("\n")[-1])
        self.assertEqual(self.api_requests(), [])

    def test_passing_trouble(self):
        """An end that is down for a moment is asked again."""
        for source, end in (("container", "container"), ("identity", "sts"), ("iot", "iot")):
            with self.subTest(source):
                self.simulator.tell("ends/fail", {"end": end, "how": "status", "status": 503})
                self.works(self.around(source), {end: 2})

    def test_nothing_at_all(self):
        done = self.ivs(*LIST, env=self.around())
        self.assertFails(done, 253, "Unable to locate credentials. Set AWS_ACCESS_KEY_ID")
        done = self.ivs(*LIST, env=self.around(AWS_EC2_METADATA_DISABLED="false",
                                               AWS_EC2_METADATA_SERVICE_ENDPOINT="http://127.0.0.1:9"))
        self.assertFails(done, 253, "Unable to locate credentials. Set AWS_ACCESS_KEY_ID", "IMDS: 127.0.0.1:9: cannot connect")

    def test_silence_has_an_end(self):
        self.simulator.tell("ends/fail", {"end": "imds", "how": "stall", "times": None})
        began = time.monotonic()
        done = self.ivs(*LIST, env=self.around("imds"))
        self.assertFails(done, 253, "IMDS: ")
        self.assertLess(time.monotonic() - began, 10)
        self.simulator.tell("ends/fail", {"end": "imds", "how": None})

    def test_late(self):
        """A source has the time that the call has; what it runs does not outlive it."""
        env = self.around(**self.profiles("[default]\ncredential_process = sleep 59\n"))
        out = self.lua("print(select(2, ivs.client { timeout = 0.5 }:list_channels {}))", env)
        self.assertTrue(out.startswith("ListChannels: Timeout: profile default: credential_process: no credentials before the deadline"), out)

    def test_version_1(self):
        no_token = {"end": "imds", "operation": "Token", "how": "status", "status": 403, "times": None}
        self.simulator.tell("ends", {"imds": {"v1": True}})
        self.simulator.tell("ends/fail", no_token)
        self.works(self.around("imds"), {"imds": 3})
        done = self.ivs(*LIST, env=self.around("imds", AWS_EC2_METADATA_V1_DISABLED="true"))
        self.assertFails(done, 253, "IMDS: HTTP 403 (no session token, and version 1 is switched off)")

    def test_refused_profiles(self):
        for text, part in (("[profile x]\nROLE\nsource_profile = x\n", "leads back"),
                           ("[profile x]\nROLE\nsource_profile = y\nmfa_serial = z\n[profile y]\n", "mfa_serial"),
                           ("[profile x]\nsso_account_id = 1\n", "single sign-on"),
                           ("[profile x]\nlogin_session = 1\n", "login_session")):
            done = self.ivs(*LIST, "--profile", "x", env=self.around("imds", **self.profiles(text)))
            self.assertFails(done, 255, "profile x: ", part)
        self.assertEqual(self.asked(), {})

    # --- ways

    def test_proxy(self):
        """API, STS and IoT go through it, the machine's own ends never do."""
        for source, asked in (("keys", {"proxy": 1}), ("identity", {"sts": 1, "proxy": 2}), ("iot", {"iot": 1, "proxy": 2}),
                              ("container", {"container": 1, "proxy": 1}), ("imds", {"imds": 3, "proxy": 1})):
            with self.subTest(source):
                self.works(self.around(source, proxy=True), asked)
        self.works(self.around("identity", proxy=True, NO_PROXY="localhost"), {"sts": 1})
        wrong = self.around("keys", HTTPS_PROXY=re.sub(":[^:@]*@", ":wrong@", self.exports["HTTPS_PROXY"]))
        self.assertFails(self.ivs(*LIST, env=wrong), 255, "the proxy did not accept user and password")
        bad = self.around("keys", HTTPS_PROXY="socks5://localhost:1")
        self.assertFails(self.ivs(*LIST, env=bad), 255, "HTTPS_PROXY wants a kind of proxy that is not supported")

    def test_roots(self):
        """What verifies the API's certificate verifies the others too."""
        env = self.around("identity", AWS_CA_BUNDLE=self.exports["IVS_SIM_IOT_DEVICE_CA"])
        done = self.ivs(*LIST, env=env)
        self.assertFails(done, 255, "STS: ")
        done = self.ivs(*LIST, "--no-verify-ssl", env=env)
        self.assertEqual(done.returncode, 255)
        self.assertIn("STS: ", done.stderr)
        self.assertEqual(self.asked(), {})

    # --- expiry

    def talk(self, script, env, *turns):
        """Runs a script that prints "ready" and waits for a line, once for each turn, which happens meanwhile. What it printed."""
        self.write("script.lua", script)
        process = self.start("run", "script.lua", env=env)
        process.stdin = None
        lines = []
        for turn in turns:
            while (line := process.stdout.readline()) not in ("ready\n", ""):
                lines.append(line.strip())
            turn()
            self.write("go", "")
        out, err = process.communicate(timeout=support.DEADLINE)
        self.assertNoSecret("".join(lines) + out + err)
        self.assertEqual((process.returncode, err), (0, ""))
        return lines + out.split("\n")[:-1]

    PREAMBLE = """
local ivs = require "ivs"
local client <close> = assert(ivs.client {})
local function turn()
  print "ready" io.stdout:flush()
  repeat ivs.sleep(0.02) until os.remove "go"
end
local function list()
  local answer, err = client:list_channels {}
  print(answer and "listed" or tostring(err))
end
"""

    def expire(self):
        self.assertGreater(self.simulator.tell("ends/expire", {})["expired"], 0)

    def test_expiry_in_the_middle(self):
        """Refused as expired, they are fetched anew once, whatever their date says, and the call is repeated."""
        for source, once in (("container", {"container": 2}), ("imds", {"imds": 6}), ("identity", {"sts": 2}), ("iot", {"iot": 2})):
            with self.subTest(source):
                said = self.talk(self.PREAMBLE + """
list() list() turn() list() list()
local n = client:counters()
print(n.refreshes, n.retries, n.calls)
""", self.around(source), self.expire)
                self.assertEqual(said, ["listed"] * 4 + ["1\t1\t4"])
                self.assertEqual(self.asked(), once)

    def test_expiry_of_keys(self):
        """Nobody renews those that were given: one call, one refusal."""
        self.simulator.tell("ends", {"lifetime": 3600})
        said = self.talk(self.PREAMBLE + "list() turn() list() print(client:counters().requests)", self.around("container"),
                         lambda: (self.expire(), self.simulator.tell("ends/fail", {"end": "container", "how": "garbage", "times": None})))
        self.assertEqual(said[0], "listed")
        self.assertIn("NoCredentials", said[1])
        self.assertIn("container: ", said[1])

    def test_ahead_of_time(self):
        """In the middle of a short life they are renewed; if that fails the old ones hold until their end."""
        self.simulator.tell("ends", {"lifetime": 6})
        said = self.talk(self.PREAMBLE + """
list() turn() list()
print(client:counters().refreshes)
turn() list()
print(client:counters().refreshes)
turn() list()
""", self.around("container"),
                         lambda: time.sleep(3.5),
                         lambda: (self.simulator.tell("ends/fail", {"end": "container", "how": "status", "status": 500, "times": None}),
                                  time.sleep(3.5)),
                         lambda: time.sleep(3))
        self.assertEqual(said[:5], ["listed", "listed", "1", "listed", "1"])
        self.assertIn("NoCredentials", said[5])
        self.assertIn("500", said[5])

    def test_two_clients(self):
        """Each has its own source."""
        said = self.talk(self.PREAMBLE + """
local other <close> = assert(ivs.client {})
list() print(#other:list_channels {}.channels) turn() list() print(#other:list_channels {}.channels)
""", self.around("container"), self.expire)
        self.assertEqual(said, ["listed", "0", "listed", "0"])
        self.assertEqual(self.asked(), {"container": 4})

    def test_session_for_the_next_run(self):
        """The saved TLS session shortens the first handshake of another client; what is no session does no harm."""
        out = self.lua("""
local saved
do
  local client <close> = assert(ivs.client {})
  assert(client:tls_session() == nil)
  assert(client:list_channels {})
  saved = assert(client:tls_session())
  local ok, err = client:tls_session(saved)
  assert(not ok and err.code == "BadSession")                    -- a connection is open
end
local client <close> = assert(ivs.client {})
local ok, err = client:tls_session(saved:sub(1, -2) .. "?")
assert(not ok and err.code == "BadSession")
assert(client:tls_session(saved))
assert(client:list_channels {})
local n = client:counters()
print(n.handshakes, n.resumed, n.lookups)
""", self.around("keys"))
        self.assertEqual(out, "1\t1\t1\n")

    # --- from Lua

    def lua(self, text, env):
        done = self.script("local ivs = require 'ivs'\n" + text, env=env)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_options(self):
        x = self.exports
        iot = "iot = {{ endpoint = '{IVS_SIM_IOT_ENDPOINT}', role_alias = '{IVS_SIM_IOT_ROLE_ALIAS}', thing_name = '{IVS_SIM_IOT_THING}'," \
              " certificate = '{IVS_SIM_IOT_CERTIFICATE}', private_key = '{IVS_SIM_IOT_KEY}' }}".format(**x)
        role = f"role_arn = '{x['IVS_SIM_ROLE_ARN']}'"
        identity = f"{role}, web_identity_token_file = '{x['AWS_WEB_IDENTITY_TOKEN_FILE']}'"
        for options, source, asked in ((iot, "AWS IoT", {"iot": 1}), (iot + ", " + role, "role", {"iot": 1, "sts": 1}),
                                       (identity, "web identity", {"sts": 1}), (role, "role", {"container": 1, "sts": 1}),
                                       ("", "container", {"container": 1})):
            with self.subTest(options):
                out = self.lua(f"""
local client <close> = assert(ivs.client {{ {options} }})
assert(client:credentials().expires == nil)
assert(client:list_channels {{}})
local known = client:credentials()
print(known.source, known.expires > os.time())
for name in pairs(known) do assert(name == "source" or name == "expires") end
""", self.around("container", "imds"))
                self.assertEqual(out, f"{source}\ttrue\n")
                self.assertEqual(self.asked(), asked)

    def test_proxy_option(self):
        url = self.exports["HTTPS_PROXY"]
        out = self.lua("""
for _, proxy in ipairs { arg[1], false } do
  local client <close> = assert(ivs.client { proxy = proxy })
  assert(client:list_channels {})
end
""".replace("arg[1]", f"'{url}'"), self.around("keys", HTTPS_PROXY="http://127.0.0.1:9"))
        self.assertEqual((out, self.asked()), ("", {"proxy": 1}))

    def test_attempts(self):
        for more, options, expected in (({}, "", 3), ({"AWS_MAX_ATTEMPTS": "2"}, "", 2), ({"AWS_RETRY_MODE": "legacy"}, "", 5),
                                        ({"AWS_MAX_ATTEMPTS": "2"}, "max_attempts = 1", 1), ({}, "retry_mode = 'legacy'", 5)):
            with self.subTest(f"{more} {options}"):
                self.simulator.tell("reset", {})
                self.simulator.tell("fault", {"fault": "unavailable", "times": None})
                out = self.lua(f"""
local client <close> = assert(ivs.client {{ {options} }})
local answer, err = client:list_channels {{}}
print(err.code, client:counters().requests, client:counters().retries)
""", self.around("keys", **more))
                self.assertEqual(out, f"ServiceUnavailable\t{expected}\t{expected - 1}\n")

    def test_kinds_of_endpoint(self):
        out = self.lua("""
local keys = { access_key_id = "A", secret_access_key = "B" }
local function say(options)
  for name, value in pairs(keys) do options[name] = value end
  print(select(1, ivs.client(options)) or select(2, ivs.client(options)).code)
end
say { fips = true } say { dual_stack = true } say { fips = true, dual_stack = true } say { region = "us-gov-west-1", fips = true }
say { fips = true, endpoint = "https://localhost:1" }
""", self.around(AWS_ENDPOINT_URL_IVS="", AWS_CA_BUNDLE=""))
        self.assertEqual(out.split("\n")[:-1], [
            "ivs client (us-west-2, https://ivs-fips.us-west-2.amazonaws.com)", "ivs client (us-west-2, https://ivs.us-west-2.api.aws)",
            "ivs client (us-west-2, https://ivs-fips.us-west-2.api.aws)",
            "ivs client (us-gov-west-1, https://ivs-fips.us-gov-west-1.amazonaws.com)", "EndpointConflict"])
        done = self.ivs(*LIST, env=self.around("keys", AWS_USE_FIPS_ENDPOINT="true"))
        self.assertFails(done, 255, "Invalid configuration: ", "FIPS")
        done = self.ivs(*LIST, env=self.around("keys", AWS_MAX_ATTEMPTS="many"))
        self.assertFails(done, 255, "AWS_MAX_ATTEMPTS must be a whole number of at least 1")

    # --- the clock

    def test_skewed_service(self):
        """Learned from the refusal, used for what follows, and kept as it is if that is wanted."""
        self.simulator.tell("clock", {"skew": 4000})
        script = """
local client <close> = assert(ivs.client {})
print(client:list_channels {} and "listed", client:counters().retries, math.abs(client:clock_offset() - 4000) < 5,
      math.abs(client:clock() - ivs.now() - 4000) < 5)
"""
        self.assertEqual(self.lua(script, self.around("keys")), "listed\t1\ttrue\ttrue\n")
        self.assertEqual(self.lua(script, self.around("keys", AWS_DISABLE_CLOCK_SKEW_CORRECTION="true")), "nil\t0\tfalse\tfalse\n")
        script = """
local client <close> = assert(ivs.client {})
assert(math.abs(client:clock_offset(4000) - 4000) < 1)
assert(client:list_channels {} and client:counters().retries == 0)
local second <close> = assert(ivs.client {})
assert(math.abs(second:learn_clock() - ivs.now() - 4000) < 5)
assert(second:list_channels {} and second:counters().retries == 0)
"""
        self.assertEqual(self.lua(script, self.around("keys")), "")

    def test_no_clock(self):
        """A machine that believes it is 1970: the time is taken from the service before the first call, and then verified by."""
        if WRONG_CLOCK is None:
            self.skipTest("wrong_clock.so was not given")
        more = {"LD_PRELOAD": os.path.abspath(WRONG_CLOCK), "ASAN_OPTIONS": "verify_asan_link_order=0"}
        for source in ("keys", "container", "identity", "iot"):
            with self.subTest(source):
                self.assertEqual(self.ivs(*LIST, env=self.around(source, **more)).returncode, 0)
        done = self.ivs(*LIST, "--debug", env=self.around("keys", **more))
        self.assertIn("the time was taken from the service: it is 20", done.stderr)
        done = self.ivs(*LIST, env=self.around("keys", AWS_DISABLE_CLOCK_SKEW_CORRECTION="true", **more))
        self.assertFails(done, 255, "TlsDate")


if __name__ == "__main__":
    support.main()
