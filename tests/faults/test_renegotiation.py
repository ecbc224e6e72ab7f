"""A server that asks for another handshake amid a call: test_renegotiation.py PATH_OF_THE_DRIVER

The server is OpenSSL's s_server, whose command R sends a HelloRequest. The client knows no
renegotiation: the call ends with an error before its deadline, nothing hangs, and the same client
makes the next call on a new connection.
"""

import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import time

from rig import Driver

ARN = "arn:aws:ivs:us-west-2:123456789012:channel/AbCdEf0123456"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
DEADLINE_MS, SECONDS = 4000, 20
ENDS = ("TLS", "NET", "CLOSED")  # by who is faster: the alert of either side, or the end


class Server:
    """s_server on loopback, with a certificate of its own."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._child = subprocess.Popen(
            ["openssl", "s_server", "-4", "-tls1_2", "-port", str(self.port),
             "-cert", f"{folder}/cert.pem", "-key", f"{folder}/key.pem"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._wait_for(b"ACCEPT")

    def _wait_for(self, text):
        end, seen = time.monotonic() + SECONDS, b""
        while text not in seen:
            if not select.select([self._child.stdout], [], [], max(end - time.monotonic(), 0))[0]:
                raise AssertionError(f"no {text} within {SECONDS} s; there was: {seen!r}")
            data = os.read(self._child.stdout.fileno(), 65536)
            if not data:
                raise AssertionError(f"the server ended: {seen!r}")
            seen += data
        return seen

    def take_request(self):
        self._wait_for(b"POST /GetChannel")

    def say(self, data):
        self._child.stdin.write(data)
        self._child.stdin.flush()

    def stop(self):
        self._child.kill()
        self._child.communicate()


def make_certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"],
        check=True, capture_output=True)


class Caller(Driver):
    """A driver whose call can be looked at before it has ended."""

    def begin(self, line):
        self._child.stdin.write(line.encode() + b"\n")
        self._child.stdin.flush()

    def end(self, line):
        return json.loads(self._line(line, SECONDS))


def play(driver, folder):
    server = Server(folder)
    caller = Caller(driver, {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_REGION": "us-west-2",
                             "AWS_SECRET_ACCESS_KEY": "for-this-test-only",
                             "AWS_CA_BUNDLE": f"{folder}/cert.pem"})
    try:
        caller.tell(f"client url=https://localhost:{server.port} tls=12 attempts=1 "
                    f"deadline={DEADLINE_MS}")
        call = f"read {ARN}"
        for _ in range(2):
            caller.begin(call)
            server.take_request()
            server.say(b"R\n")
            told = caller.end(call)
            assert told["result"] in ENDS, told
            assert told["ms"] < DEADLINE_MS, told
        caller.begin(call)
        server.take_request()
        server.say(ANSWER)
        told = caller.end(call)
        assert told["result"] == "OK", told
    finally:
        caller.stop()
        server.stop()


def main():
    with tempfile.TemporaryDirectory(prefix="ivs-test-") as folder:
        make_certificate(folder)
        play(sys.argv[1], folder)
    print("asked to shake hands again, twice: ended, and the next call works")


if __name__ == "__main__":
    main()
