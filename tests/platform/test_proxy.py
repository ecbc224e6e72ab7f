"""TLS through a proxy of our own to servers of our own: test_proxy.py PATH_OF_proxy_get

Each case has a deadline and one exact result. Needs the openssl program for certificates.
"""
import base64
import os
import re
import select
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from certificates import Maker  # noqa: E402
from tls_server import TIMEOUT, Listener, Plain, Server, context  # noqa: E402

program = None
made = None


class Made:
    """All keys and certificates."""

    def __init__(self, folder):
        m = Maker(folder)
        self.key, ca_key = m.key("ec", "ec"), m.key("ca", "ec")
        self.ca = m.certificate("ca", ca_key, authority=True)
        self.service = m.certificate("service", self.key, (self.ca, ca_key), san="DNS:good.example")
        self.proxy = m.certificate("proxy", self.key, (self.ca, ca_key), san="DNS:proxy.example")
        self.other = m.certificate("self-signed", self.key, san="DNS:proxy.example")


class Proxy(Listener):
    """Answers CONNECT and passes bytes to `ports`, by "host:port" as asked. wants: "user:password" or None.
    over: a TLS context. sip: the answer leaves in single bytes. heads: what was asked."""

    def __init__(self, ports, wants=None, over=None, sip=False, answer=b"HTTP/1.0 200 Connection established\r\n\r\n"):
        self.ports, self.wants, self.over, self.sip, self.answer = ports, wants, over, sip, answer
        self.heads = []
        super().__init__()

    def serve(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.over is None:
            self._ask(connection)
        else:
            with self.over.wrap_socket(connection, server_side=True) as tls:
                self._ask(tls)

    def _ask(self, client):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = client.recv(1)
            if not byte:
                return
            head += byte
        self.heads.append(head.decode())
        answer, port = self._judge(head.decode())
        for part in [answer[i:i + 1] for i in range(len(answer))] if self.sip else [answer]:
            client.sendall(part)
        if port is not None:
            with socket.create_connection(("127.0.0.1", port), TIMEOUT) as server:
                self._pass_on(client, server)

    def _judge(self, head):
        if self.wants is not None:
            basic = base64.b64encode(self.wants.encode()).decode()
            if f"\r\nProxy-Authorization: Basic {basic}\r\n" not in head:
                return b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 3\r\n\r\nno\n", None
        target = re.match(r"CONNECT (\S+) HTTP/1\.1\r\nHost: \1\r\n", head)
        if target is None or target[1] not in self.ports:
            return b"HTTP/1.1 502 Bad Gateway\r\n\r\n", None
        return self.answer, self.ports[target[1]]

    @staticmethod
    def _pass_on(client, server):
        """In one thread: a TLS socket is for one at a time."""
        other = {client: server, server: client}
        while client in other:
            pending = isinstance(client, ssl.SSLSocket) and client.pending() > 0
            for source in [client] if pending else select.select(list(other), [], [], TIMEOUT)[0] or [client]:
                data = source.recv(4096)
                if data:
                    if len(other) == 2:
                        other[source].sendall(data)
                    continue
                if len(other) == 2:
                    other[source].shutdown(socket.SHUT_WR)
                del other[source]
                if source is client and server in other:
                    while data := server.recv(4096):
                        client.sendall(data)


def run(port, *options, host="good.example"):
    command = [program, host, "443", "proxy.example", str(port), made.ca, *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return [dict((k, v.strip('"')) for k, v in re.findall(r'(\w+)=("[^"]*"|\S+)', line)) for line in done.stdout.splitlines()]


class Case(unittest.TestCase):
    def setUp(self):
        self.server = Server(context(made.service, made.key))
        self.addCleanup(self.server.__exit__)
        self.ports = {"good.example:443": self.server.port, "bad.example:443": self.server.port}

    def proxy(self, **more):
        proxy = Proxy(self.ports, **more)
        self.addCleanup(proxy.__exit__)
        return proxy

    def complete(self, rounds, n):
        for r in rounds:
            self.assertEqual((r["result"], r["got"], r["right"]), ("CLOSED", str(n), "1"), rounds)

    def await_end(self, connections):
        """The server sees the end of a connection a little after the client has made it."""
        end = time.monotonic() + TIMEOUT
        while self.server.ended < connections and time.monotonic() < end:
            time.sleep(0.01)
        self.assertEqual(self.server.ended, connections)

    def refused(self, rounds, result, code=None, text=None):
        for r in rounds:
            self.assertEqual((r["result"], r["got"]), (result, "0"), rounds)
            if code is not None:
                self.assertEqual((r["code"], r["text"]), (str(code), text), rounds)


class Tunnel(Case):
    def test_bytes_and_sessions(self):
        proxy = self.proxy()
        rounds = run(proxy.port, "--rounds", "3", "--get", "1000000")
        self.complete(rounds, 1000000)
        self.assertEqual(rounds[-1]["resumed"], "2")
        self.assertEqual(self.server.names, ["good.example"] * 3)
        self.await_end(3)
        self.assertEqual(len(proxy.heads), 3)
        name = r"good\.example:443"
        self.assertRegex(proxy.heads[0], rf"^CONNECT {name} HTTP/1\.1\r\nHost: {name}\r\nUser-Agent: ivs/\S+\r\n\r\n$")

    def test_the_service_is_verified_not_the_proxy(self):
        self.refused(run(self.proxy().port, host="bad.example"), "TLS_NAME")

    def test_single_bytes(self):
        self.complete(run(self.proxy(sip=True).port, "--get", "5"), 5)

    def test_longer_answers(self):
        answer = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nVia: x\r\nX-Long: " + b"y" * 5000 + b"\r\n\r\n"
        self.complete(run(self.proxy(answer=answer).port), 100)

    def test_unknown_host(self):
        self.refused(run(self.proxy().port, host="else.example"), "CONNECT", 502, "the proxy did not reach the host")


class Credentials(Case):
    def test_accepted(self):
        self.complete(run(self.proxy(wants="me:se:cret").port, "--user", "me", "--password", "se:cret", "--rounds", "2"), 100)

    def test_missing(self):
        self.refused(run(self.proxy(wants="me:secret").port), "PROXY", 407, "the proxy wants a user and a password")

    def test_wrong(self):
        rounds = run(self.proxy(wants="me:secret").port, "--user", "me", "--password", "x")
        self.refused(rounds, "PROXY", 407, "the proxy did not accept user and password")


class TlsToTheProxy(Case):
    def test_tls_in_tls(self):
        proxy = self.proxy(over=context(made.proxy, made.key), wants="me:secret")
        rounds = run(proxy.port, "--tls", "--user", "me", "--password", "secret", "--get", "300000", "--rounds", "2")
        self.complete(rounds, 300000)

    def test_the_proxy_is_verified_before_it_is_asked(self):
        for chain, expected in ((made.other, "TLS_TRUST"), (made.service, "TLS_NAME")):
            proxy = self.proxy(over=context(chain, made.key))
            self.refused(run(proxy.port, "--tls", "--user", "me", "--password", "secret"), expected)
            self.assertEqual(proxy.heads, [])

    def test_refusal(self):
        proxy = self.proxy(over=context(made.proxy, made.key), wants="me:secret")
        self.refused(run(proxy.port, "--tls"), "PROXY", 407, "the proxy wants a user and a password")


class NoProxyAtAll(Case):
    def test_nobody_there(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.refused(run(s.getsockname()[1]), "CONNECT")

    def test_another_protocol(self):
        with Plain(b"220 mail.example ESMTP\r\n") as s:
            self.refused(run(s.port), "PROXY", 0, "the answer of the proxy is not HTTP/1.1")

    def test_silence_at_once(self):
        with Plain(b"") as s:
            self.refused(run(s.port), "CLOSED")

    def test_tls_where_none_was_expected(self):
        proxy = self.proxy(over=context(made.proxy, made.key))
        self.assertIn(run(proxy.port)[0]["result"], ("PROXY", "CLOSED", "NET"))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__.strip())
    program = os.path.abspath(sys.argv.pop(1))
    workplace = tempfile.mkdtemp(prefix="ivs-proxy-")
    try:
        made = Made(workplace)
        unittest.main()
    finally:
        shutil.rmtree(workplace)
