"""The proxy, judged by curl, botocore, the AWS CLI and http.client."""

import base64
import http.client
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parent))

from support import (AWS, DEADLINE, IVS_SIM, PYTHON, SESSION, Process, Running,  # noqa: E402
                     clean_environment, control, output, sign, versions)
import botocore.config  # noqa: E402
from botocore.exceptions import ProxyConnectionError  # noqa: E402

CURL = "/usr/bin/curl"
USER, PASSWORD = "device 7", "p@ss:w/ord%"
OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"


def setUpModule():
    global running
    running = Running(proxy_port=0, proxy_tls_port=0, sts_port=0)


def tearDownModule():
    running.stop()


def basic(user):
    return "Basic " + base64.b64encode(user.encode()).decode()


class Base(unittest.TestCase):
    def setUp(self):
        running.control("reset", {})
        self.plain, self.under_tls = self.state()["urls"]
        self.target = ("localhost", running.simulator.https_port)

    def state(self):
        return running.control("ends")["ends"]["proxy"]

    def fail_next(self, how, **members):
        running.control("ends/fail", {"end": "proxy", "how": how, **members})

    def port(self, url):
        return urlsplit(url).port

    def curl(self, *arguments, url=None):
        """(exit code, output) for an unsigned call, which the service refuses in its own words."""
        done = subprocess.run(
            [CURL, "-s", "--max-time", "8", "--noproxy", "", "--cacert", running.ca, *arguments,
             url or "https://%s:%d/ListChannels" % self.target, "-d", "{}"],
            capture_output=True, text=True, timeout=DEADLINE,
            env=clean_environment({"NO_PROXY": "", "HTTPS_PROXY": ""}))
        return done.returncode, done.stdout

    def through(self):
        return 0, '{"message":"Missing Authentication Token"}'

    def client(self, proxy=None):
        """A botocore client that goes through the proxy."""
        client = SESSION.create_client(
            "ivs", region_name="us-west-2", verify=running.ca,
            endpoint_url=running.environment["AWS_ENDPOINT_URL_IVS"],
            aws_access_key_id=running.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=running.environment["AWS_SECRET_ACCESS_KEY"],
            config=botocore.config.Config(
                retries={"max_attempts": 0}, connect_timeout=DEADLINE, read_timeout=DEADLINE,
                proxies={"https": proxy or self.plain}, proxies_config={
                    "proxy_ca_bundle": running.ca}))
        self.addCleanup(client.close)
        return client

    def dial(self, secure=False):
        port = self.port(self.under_tls if secure else self.plain)
        sock = socket.create_connection(("localhost", port), DEADLINE)
        if not secure:
            return sock
        context = ssl.create_default_context(cafile=running.ca)
        return context.wrap_socket(sock, server_hostname="localhost")

    def raw(self, request, wanted=None, secure=False):
        """What the proxy sends until it closes, or until `wanted` bytes are there."""
        with self.dial(secure) as sock:
            sock.sendall(request)
            data = b""
            while wanted is None or len(data) < wanted:
                more = sock.recv(65536)
                if not more:
                    break
                data += more
            return data

    def connect_request(self, target, *lines):
        return "\r\n".join([f"CONNECT {target} HTTP/1.1", *lines, "", ""]).encode()

    def status(self, target, *lines):
        return int(self.raw(self.connect_request(target, f"Host: {target}", *lines)).split(b" ")[1])


class Tunnels(Base):
    def test_curl(self):
        self.assertEqual(self.curl("--proxy", self.plain), self.through())
        state = self.state()
        self.assertEqual((state["tunnels"], state["connections"], state["refused"]), (1, 1, 0))

    def test_curl_over_tls(self):
        trust = ("--proxy-cacert", running.ca)
        self.assertEqual(self.curl("--proxy", self.under_tls, *trust), self.through())
        self.assertEqual(self.curl("--proxy", self.under_tls)[0], 60)  # a CA it does not know
        self.assertEqual(self.state()["tunnels"], 1)

    def test_botocore_keeps_one_tunnel(self):
        client = self.client()
        made = client.create_channel(name="lobby")["channel"]
        self.assertEqual(client.get_channel(arn=made["arn"])["channel"], made)
        self.assertEqual(self.state()["tunnels"], 1)
        self.assertEqual(running.control("requests")["requests"][-1]["operation"], "GetChannel")

    def test_botocore_over_tls(self):
        self.assertEqual(self.client(self.under_tls).list_channels()["channels"], [])
        self.assertEqual(self.state()["tunnels"], 1)

    def test_http_client(self):
        url = "https://%s:%d/ListChannels" % self.target
        request = sign("POST", url, b"{}")
        context = ssl.create_default_context(cafile=running.ca)
        proxy = http.client.HTTPSConnection("localhost", self.port(self.plain), context=context,
                                            timeout=DEADLINE)
        with closing(proxy) as connection:
            connection.set_tunnel(*self.target)
            connection.request("POST", "/ListChannels", request.body, dict(request.headers))
            answer = connection.getresponse()
            self.assertEqual((answer.status, json.loads(answer.read())), (200, {"channels": []}))

    def test_a_large_body_both_ways(self):
        """Through a tunnel to a server that sends back what it gets."""
        blob = bytes(range(256)) * 8192
        with socket.create_server(("127.0.0.1", 0)) as server:
            threading.Thread(target=self.echo, args=(server, len(blob)), daemon=True).start()
            port = server.getsockname()[1]
            request = self.connect_request(f"127.0.0.1:{port}")
            for secure in (False, True):
                answer = self.raw(request + blob, len(OPENED) + len(blob), secure)
                self.assertTrue(answer == OPENED + blob, f"{len(answer)} bytes, TLS: {secure}")

    @staticmethod
    def echo(server, size):
        for _ in range(2):
            with closing(server.accept()[0]) as sock:
                data = b""
                while len(data) < size:
                    data += sock.recv(65536)
                sock.sendall(data)

    def test_loopback_only(self):
        for target in ("ivs.us-west-2.amazonaws.com:443", "10.0.0.1:443", "[::2]:443",
                       "localhost.example:443", "0.0.0.0:80"):
            self.assertEqual(self.status(target), 403, target)
        port = self.target[1]
        for target in (f"localhost:{port}", f"127.0.0.1:{port}"):
            self.assertTrue(self.raw(self.connect_request(target), len(OPENED)) == OPENED)
        self.assertEqual((self.state()["tunnels"], self.state()["refused"]), (2, 5))

    def test_requests_that_are_none(self):
        for request, status in ((b"GET http://localhost/ HTTP/1.1\r\n\r\n", 405),
                                (b"CONNECT localhost HTTP/1.1\r\n\r\n", 400),
                                (b"CONNECT localhost:99999 HTTP/1.1\r\n\r\n", 400),
                                (b"CONNECT localhost:1 HTTP/2\r\n\r\n", 400)):
            self.assertEqual(int(self.raw(request).split(b" ")[1]), status, request)

    def test_nobody_at_the_target(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        self.assertEqual(self.status(f"127.0.0.1:{port}"), 502)

    def test_the_log_names_the_target(self):
        self.curl("--proxy", self.plain)
        first, second = running.control("requests")["requests"]
        self.assertEqual((first["end"], first["method"], first["path"], first["status"]),
                         ("proxy", "CONNECT", "%s:%d" % self.target, 200))
        self.assertEqual((first["tls"], second["end"]), ("", "ivs"))
        self.curl("--proxy", self.under_tls, "--proxy-cacert", running.ca)
        self.assertEqual(running.control("requests")["requests"][2]["tls"], "TLSv1.3")


class Passwords(Base):
    def setUp(self):
        super().setUp()
        running.control("ends", {"proxy": {"user": f"{USER}:{PASSWORD}"}})

    def test_407(self):
        answer = self.raw(self.connect_request("%s:%d" % self.target))
        self.assertTrue(answer.startswith(b"HTTP/1.1 407 "))
        self.assertIn(b'\r\nProxy-Authenticate: Basic realm="ivs-sim"\r\n', answer)
        for wrong in ("Basic", "Basic AAAA", basic(f"{USER}:x"), "Bearer x"):
            self.assertEqual(self.status("%s:%d" % self.target, f"Proxy-Authorization: {wrong}"),
                             407)
        self.assertEqual((self.state()["tunnels"], self.state()["refused"]), (0, 5))

    def test_curl(self):
        self.assertEqual(self.curl("--proxy", self.plain)[0], 56)
        self.assertEqual(self.curl("--proxy", self.plain, "--proxy-user", f"{USER}:{PASSWORD}"),
                         self.through())
        self.assertEqual(self.curl("--proxy", self.plain, "--proxy-anyauth", "--proxy-user",
                                   f"{USER}:{PASSWORD}"), self.through())

    def test_botocore(self):
        address = self.plain.split("//")[1]
        with self.assertRaises(ProxyConnectionError):
            self.client().list_channels()
        client = self.client(f"http://device%207:p%40ss%3Aw%2Ford%25@{address}")
        self.assertEqual(client.list_channels()["channels"], [])

    def test_no_secret_in_the_log(self):
        self.curl("--proxy", self.plain, "--proxy-user", f"{USER}:{PASSWORD}")
        self.raw(f"GET http://{USER.replace(' ', '')}:{PASSWORD}@localhost/ HTTP/1.1\r\n"
                 f"\r\n".encode())
        self.raw(f"CONNECT {basic(f'{USER}:{PASSWORD}').split()[1]} HTTP/1.1\r\n\r\n".encode())
        text = running.log_text() + json.dumps(running.control("requests")) \
            + json.dumps(running.control("ends"))
        self.assertIn("407", text)
        self.assertNotIn(PASSWORD, text)
        self.assertNotIn(basic(f"{USER}:{PASSWORD}").split()[1], text)

    def test_a_user_without_a_password_is_nonsense(self):
        with self.assertRaises(Exception):
            running.control("ends", {"proxy": {"user": "x"}})
        running.control("ends", {"proxy": {"user": None}})
        self.assertEqual(self.curl("--proxy", self.plain), self.through())


class Failing(Base):
    def test_refusals(self):
        for status in (403, 502, 503):
            self.fail_next("status", status=status)
            self.assertEqual(self.status("%s:%d" % self.target), status)
        self.fail_next("status", status=502)
        with self.assertRaises(ProxyConnectionError):
            self.client().list_channels()
        self.assertEqual(self.client().list_channels()["channels"], [])

    def test_slow(self):
        self.fail_next("stall", seconds=0.5)
        start = time.monotonic()
        self.assertEqual(self.curl("--proxy", self.plain), self.through())
        self.assertGreater(time.monotonic() - start, 0.5)
        self.fail_next("stall", seconds=60)
        self.assertEqual(self.curl("--proxy", self.plain, "--max-time", "0.4")[0], 28)

    def test_byte_by_byte(self):
        self.fail_next("drip", seconds=0.4)
        start = time.monotonic()
        self.assertEqual(self.curl("--proxy", self.plain), self.through())
        self.assertGreater(time.monotonic() - start, 0.4)

    def test_a_long_head(self):
        for size in (100, 1051, 1052, 1553, 16384, 60000):
            self.fail_next("long", size=size)
            self.assertEqual(len(self.raw(self.connect_request("%s:%d" % self.target), size)), size)
        self.fail_next("long", size=16384)
        self.assertEqual(self.curl("--proxy", self.plain), self.through())

    def test_odd_heads(self):
        """Of which curl takes all: lengths and codings mean nothing in a 2xx to CONNECT."""
        self.fail_next("odd")
        self.assertEqual(self.curl("--proxy", self.plain), self.through())
        for head in ("HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 299 \r\nContent-Length: 5\r\n\r\n"):
            self.fail_next("odd", text=head)
            self.assertEqual(self.curl("--proxy", self.plain), self.through(), head)
        self.fail_next("odd", text="SSH-2.0-odd\r\n\r\n")
        self.assertNotEqual(self.curl("--proxy", self.plain)[0], 0)

    def test_closed_before_and_within_the_head(self):
        self.fail_next("close")
        self.assertEqual(self.raw(self.connect_request("%s:%d" % self.target)), b"")
        self.fail_next("half")
        self.assertEqual(self.raw(self.connect_request("%s:%d" % self.target)), OPENED[:20])
        self.fail_next("half")
        self.assertNotEqual(self.curl("--proxy", self.plain)[0], 0)
        self.assertEqual(self.state()["tunnels"], 0)

    def test_cut_in_the_middle(self):
        for count in (0, 1, 1000):
            self.fail_next("cut", size=count)
            code, text = self.curl("--proxy", self.plain)
            self.assertNotEqual(code, 0)
            self.assertEqual(text, "")
        self.assertEqual(self.curl("--proxy", self.plain), self.through())

    def test_data_right_behind_the_head(self):
        self.fail_next("surplus")
        request = self.connect_request("%s:%d" % self.target)
        self.assertEqual(self.raw(request, len(OPENED) + 38),
                         OPENED + b"these bytes are not from the other end")
        self.fail_next("surplus")
        self.assertNotEqual(self.curl("--proxy", self.plain)[0], 0)

    def test_failures_under_tls(self):
        self.fail_next("status", status=502)
        self.assertEqual(self.curl("--proxy", self.under_tls, "--proxy-cacert", running.ca)[0], 56)
        self.assertEqual(self.curl("--proxy", self.under_tls, "--proxy-cacert", running.ca),
                         self.through())


class Options(unittest.TestCase):
    def test_the_exports_make_tools_go_through_it(self):
        simulator = Process("--quiet", "--proxy", "--proxy-user", "me:p@s/s")
        try:
            environment = clean_environment(simulator.environment)
            done = subprocess.run(
                [AWS, "--endpoint-url", environment["AWS_ENDPOINT_URL_IVS"], "ivs",
                 "list-channels"], capture_output=True, text=True, timeout=4 * DEADLINE,
                stdin=subprocess.DEVNULL, env=environment)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("Authentication Token", output_with(
                [CURL, "-s", "--cacert", environment["AWS_CA_BUNDLE"], "-d", "{}",
                 environment["AWS_ENDPOINT_URL_IVS"] + "/ListChannels"], environment))
            self.assertEqual(control(environment, "ends")["ends"]["proxy"]["tunnels"], 2)
        finally:
            simulator.stop()

    def test_tls_only(self):
        simulator = Process("--quiet", "--proxy-tls")
        try:
            self.assertRegex(simulator.environment["HTTPS_PROXY"], r"^https://localhost:\d+$")
            self.assertEqual(simulator.environment["NO_PROXY"], "")
        finally:
            simulator.stop()

    def test_wrong_ones(self):
        for arguments, text in ((["--proxy-user", "x"], "USER:PASSWORD"),
                                (["--proxy", "99999"], "no port")):
            done = subprocess.run([PYTHON, str(IVS_SIM), *arguments], capture_output=True,
                                  text=True, timeout=DEADLINE, check=False)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done.stderr)
            self.assertIn(text, done.stderr)

    def test_it_ends_tunnels_when_it_ends(self):
        own = Running(proxy_port=0)
        try:
            port = urlsplit(own.control("ends")["ends"]["proxy"]["urls"][0]).port
            with socket.create_connection(("localhost", port), DEADLINE) as sock:
                target = f"localhost:{own.simulator.http_port}"
                sock.sendall(f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())
                self.assertEqual(sock.recv(len(OPENED)), OPENED)
                own.simulator.stop()
                self.assertEqual(sock.recv(1), b"")
        finally:
            own.stop()


def output_with(arguments, environment):
    return subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=DEADLINE,
                          env=environment).stdout


if __name__ == "__main__":
    versions("python", "botocore", "aws", "openssl")
    print(output([CURL, "--version"]).splitlines()[0], flush=True)
    unittest.main(warnings="ignore")  # botocore leaves its connections open
