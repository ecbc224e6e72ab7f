"""HTTP framing: what a client may send, what has to be refused, and what the answers look like."""

import json
import re
import socket
import ssl
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import DEADLINE, MISSING, Running, sign, versions  # noqa: E402

HEAD = b"POST /Nothing HTTP/1.1\r\nHost: x\r\n"


def setUpModule():
    global running
    running = Running(idle_timeout=1.0)


def tearDownModule():
    running.stop()


def read_answer(file, head_only=False):
    """(status, headers as sent, body) of one answer, by its own framing."""
    status = int(file.readline().split()[1])
    headers = {}
    while (line := file.readline()) not in (b"\r\n", b""):
        name, value = line.decode().strip().split(": ", 1)
        headers[name] = value
    body = b"" if head_only else file.read(int(headers.get("Content-Length", 0)))
    return status, headers, body


class Wire(unittest.TestCase):
    def setUp(self):
        self.sock = socket.create_connection(("127.0.0.1", running.simulator.http_port), DEADLINE)
        self.file = self.sock.makefile("rb")
        self.addCleanup(self.sock.close)
        self.addCleanup(self.file.close)

    def ask(self, data):
        self.sock.sendall(data)
        return read_answer(self.file)

    def closed(self):
        return self.file.read() == b""

    def test_keep_alive_and_pipelining(self):
        self.sock.sendall((HEAD + b"\r\n") * 3)
        for _ in range(3):
            status, headers, body = read_answer(self.file)
            self.assertEqual((status, headers["Connection"]), (404, "keep-alive"))
            self.assertEqual(headers["x-amzn-ErrorType"], "UnknownOperationException")
            self.assertIn("UnknownOperationException", json.loads(body)["Output"]["__type"])

    def test_close_on_request(self):
        status, headers, _ = self.ask(HEAD + b"Connection: close\r\n\r\n")
        self.assertEqual((status, headers["Connection"]), (404, "close"))
        self.assertTrue(self.closed())

    def test_http_1_0_closes(self):
        self.assertEqual(self.ask(b"POST /Nothing HTTP/1.0\r\n\r\n")[0], 404)
        self.assertTrue(self.closed())

    def test_every_split_of_a_request(self):
        data = HEAD + b"Content-Length: 2\r\n\r\n{}"
        for cut in range(1, len(data)):
            self.sock.sendall(data[:cut])
            time.sleep(0.001)
            self.assertEqual(self.ask(data[cut:])[0], 404)

    def test_chunked_requests(self):
        data = b"Transfer-Encoding: chunked\r\n\r\n1;x=y\r\n{\r\n1\r\n}\r\n0\r\nTrailer: a\r\n\r\n"
        for _ in range(2):
            self.assertEqual(self.ask(HEAD + data)[0], 404)

    def test_expect_continue(self):
        self.sock.sendall(HEAD + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        self.assertEqual(self.file.readline(), b"HTTP/1.1 100 Continue\r\n")
        self.assertEqual(self.file.readline(), b"\r\n")
        self.assertEqual(self.ask(b"{}")[0], 404)

    def test_head_has_no_body(self):
        self.sock.sendall(b"HEAD /ListChannels HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(read_answer(self.file, head_only=True)[0], 404)
        self.assertEqual(self.ask(HEAD + b"\r\n")[0], 404)

    def test_idle_connections_are_closed(self):
        self.assertTrue(self.closed())

    def test_refused(self):
        cases = {
            b"POST /Nothing HTTP/1.1\nHost: x\n\n": 400,
            b"POST  /Nothing HTTP/1.1\r\nHost: x\r\n\r\n": 400,
            b"POST /Nothing HTTP/2.0\r\nHost: x\r\n\r\n": 505,
            b"POST http://x/ HTTP/1.1\r\nHost: x\r\n\r\n": 400,
            b"POST /Nothing HTTP/1.1\r\n\r\n": 400,
            HEAD + b"Host: y\r\n\r\n": 400,
            HEAD + b" folded: x\r\n\r\n": 400,
            HEAD + b"no colon\r\n\r\n": 400,
            HEAD + b"a\0b: c\r\n\r\n": 400,
            HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}": 400,
            HEAD + b"Content-Length: -1\r\n\r\n": 400,
            HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n": 400,
            HEAD + b"Transfer-Encoding: gzip\r\n\r\n": 501,
            HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n": 400,
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc": 400,
            HEAD + b"Content-Length: 9999999\r\n\r\n": 413,
            b"POST / HTTP/1.1\r\nX: " + b"a" * 70000: 431,
        }
        for data, wanted in cases.items():
            with self.subTest(data=data[:60]):
                with socket.create_connection(("127.0.0.1", running.simulator.http_port),
                                              DEADLINE) as sock:
                    sock.sendall(data)
                    with sock.makefile("rb") as file:
                        status, headers, _ = read_answer(file)
                        self.assertEqual((status, headers["Connection"]), (wanted, "close"))
                        try:
                            self.assertEqual(file.read(), b"")
                        except ConnectionResetError:
                            pass  # it had not read all we sent


class Answers(unittest.TestCase):
    def exchange(self, prepared):
        """The raw answer over TLS, and whether it came in one record's worth."""
        context = ssl.create_default_context(cafile=running.ca)
        plain = socket.create_connection(("localhost", running.simulator.https_port), DEADLINE)
        with context.wrap_socket(plain, server_hostname="localhost") as sock:
            lines = [f"{prepared.method} /{prepared.url.split('/', 3)[3]} HTTP/1.1"]
            for name, value in prepared.headers.items():
                value = value.decode() if isinstance(value, bytes) else value
                lines.append(f"{name}: {value}")
            lines += [f"Host: localhost:{running.simulator.https_port}", "Connection: close"]
            sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + (prepared.body or b""))
            data = b""
            while part := sock.recv(65536):
                data += part
            return data.decode()

    def post(self, operation, body):
        data = json.dumps(body).encode()
        url = f"https://localhost:{running.simulator.https_port}/{operation}"
        return self.exchange(sign("POST", url, data))

    def test_success(self):
        text = self.post("ListChannels", {})
        self.assertRegex(text, r"^HTTP/1\.1 200 OK\r\n")
        self.assertRegex(text, r"\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n")
        self.assertRegex(text, r"\r\nx-amzn-RequestId: [0-9a-f-]{36}\r\n")
        self.assertIn("\r\nContent-Type: application/json\r\n", text)
        self.assertTrue(text.endswith('\r\n\r\n{"channels":[]}'), text)

    def test_an_empty_output_is_an_object(self):
        running.control("reset", {})
        channel = json.loads(self.post("CreateChannel", {}).split("\r\n\r\n")[1])["channel"]
        running.control("live", {"channelArn": channel["arn"], "live": True})
        text = self.post("StopStream", {"channelArn": channel["arn"]})
        self.assertTrue(text.startswith("HTTP/1.1 200 ") and text.endswith("\r\n\r\n{}"), text)
        text = self.post("DeleteChannel", {"arn": channel["arn"]})
        self.assertTrue(text.startswith("HTTP/1.1 204 No Content\r\n"), text)
        self.assertTrue(text.endswith("\r\n\r\n"), text)
        self.assertNotRegex(text, re.compile("content-(type|length)", re.I))

    def test_a_modelled_error(self):
        text = self.post("GetChannel", {"arn": MISSING})
        self.assertTrue(text.startswith("HTTP/1.1 404 "), text)
        self.assertIn("\r\nx-amzn-ErrorType: ResourceNotFoundException\r\n", text)
        body = json.loads(text.split("\r\n\r\n")[1])
        self.assertEqual(list(body), ["exceptionMessage"])

    def test_a_generic_error(self):
        text = self.exchange(sign("POST", f"https://localhost:{running.simulator.https_port}"
                                  "/ListChannels", b"{}", access_key="AKIDOTHER"))
        self.assertTrue(text.startswith("HTTP/1.1 403 "), text)
        self.assertEqual(json.loads(text.split("\r\n\r\n")[1]),
                         {"message": "The security token included in the request is invalid."})


class Resumption(unittest.TestCase):
    def test_sessions_are_resumed(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = ssl.create_default_context(cafile=running.ca)
            context.minimum_version = context.maximum_version = version
            session, seen = None, []
            for _ in range(2):
                plain = socket.create_connection(("localhost", running.simulator.https_port),
                                                 DEADLINE)
                with context.wrap_socket(plain, server_hostname="localhost",
                                         session=session) as sock, sock.makefile("rb") as file:
                    sock.sendall(HEAD + b"\r\n")
                    self.assertEqual(read_answer(file)[0], 404)
                    session = sock.session
                seen.append(running.control("requests")["requests"][-1]["resumed"])
            self.assertEqual(seen, [False, True], version)


if __name__ == "__main__":
    versions("python", "botocore", "openssl")
    unittest.main()
