"""What the tests of faults share: a wire that is read byte by byte, and what is told of faults."""

import http.client
import itertools
import json
import socket
import ssl
import time
import unittest

from support import DEADLINE, Running, sign

MORE = b"HTTP/1.1 200 OK\r\nDate: "  # how an undisturbed answer begins
CLOSE_WAIT = 8  # Linux's number for that state of TCP
END_OF_HEAD = b"\r\n\r\n"


def make_context(ca, version=None):
    context = ssl.create_default_context(cafile=ca)
    context.minimum_version = version or ssl.TLSVersion.TLSv1_2
    context.maximum_version = version or ssl.TLSVersion.MAXIMUM_SUPPORTED
    return context


class Wire:
    """A connection that shows what comes, when, and how it ends.

    TLS runs through memory, so that the ends of TLS and of TCP are told apart.
    """

    def __init__(self, running, tls=False, context=None):
        simulator = running.simulator
        self.port = simulator.https_port if tls else simulator.http_port
        self._scheme = "https" if tls else "http"
        self._start = time.monotonic()
        self.raw = []  # (seconds since the start, bytes) as they came on the wire
        self._tls = None
        self._socket = socket.create_connection(("localhost", self.port), DEADLINE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            try:
                self._shake_hands(context or make_context(running.ca))
            except BaseException:
                self._socket.close()
                raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def version(self):
        return self._tls.version()

    def _shake_hands(self, context):
        """Raises ssl.SSLError, ConnectionResetError, or EOFError when the connection just ends."""
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname="localhost")
        while True:
            try:
                self._tls.do_handshake()
                return
            except ssl.SSLWantReadError:
                self._flush()
                if not self._receive():
                    raise EOFError("the connection ended in the handshake") from None
            finally:
                self._flush()

    def _flush(self):
        data = self._outgoing.read()
        if data:
            self._socket.sendall(data)

    def _receive(self):
        data = self._socket.recv(65536)
        self.raw.append((time.monotonic() - self._start, data))
        self._incoming.write(data)
        return data

    def request(self, operation="ListChannels", body=None, connection="keep-alive"):
        """The bytes of a signed request."""
        data = json.dumps(body or {}).encode()
        signed = sign("POST", f"{self._scheme}://localhost:{self.port}/{operation}", data)
        fields = {**signed.headers, "Host": f"localhost:{self.port}", "Connection": connection,
                  "Content-Length": str(len(data))}
        lines = [f"POST /{operation} HTTP/1.1", *(f"{n}: {v}" for n, v in fields.items()), "", ""]
        return "\r\n".join(lines).encode() + data

    def send(self, *arguments, **options):
        self.write(self.request(*arguments, **options))

    def write(self, data):
        if self._tls is None:
            self._socket.sendall(data)
            return
        self._tls.write(data)
        self._flush()

    def pieces(self):
        """(seconds since now, bytes) as they come, and last the kind of the end.

        Without TLS bytes come as TCP has them, under TLS each record by itself.
        """
        start = time.monotonic()
        end = None
        while end is None:
            data, end = self._piece()
            yield time.monotonic() - start, data or end

    def half_closed(self):
        """The other side has ended the connection by a FIN, and no RST has followed."""
        return self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == CLOSE_WAIT

    def _piece(self):
        """(bytes, None), or (b"", the kind of the end)."""
        try:
            data = self._socket.recv(1 << 20) if self._tls is None else self._record()
        except ConnectionResetError:
            return b"", "reset"
        except ssl.SSLZeroReturnError:
            return b"", "close_notify" if self._receive() == b"" else "close_notify, and more"
        except ssl.SSLError as error:
            return b"", "alert" if "ALERT" in error.reason else error.reason
        return data, None if data else "FIN"

    def _record(self):
        while True:
            try:
                data = self._tls.read(1 << 14)
                if not data:
                    raise ssl.SSLZeroReturnError
                return data
            except ssl.SSLWantReadError:
                if not self._receive():
                    return b""

    def read(self):
        """(all bytes, the kind of the end)."""
        *parts, (_, end) = self.pieces()
        return b"".join(data for _, data in parts), end


def ask_control(running, method, name, body=None):
    """(status, answer) of a control call with any method."""
    connection = http.client.HTTPConnection("127.0.0.1", running.simulator.http_port,
                                            timeout=DEADLINE)
    connection.request(method, f"/_sim/{name}", None if body is None else json.dumps(body))
    answer = connection.getresponse()
    value = json.loads(answer.read())
    connection.close()
    return answer.status, value


def split(data):
    """(status line, {lower-case name: value}, body) of one answer."""
    head, _, body = data.partition(END_OF_HEAD)
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines)
    return first, {name.lower(): value for name, value in fields.items()}, body


def unchunk(data):
    """The body, the size lines and the trailer of a chunked one, by the letter of RFC 9112."""
    body, lines = b"", []
    while True:
        line, _, data = data.partition(b"\r\n")
        lines.append(line)
        size = int(line.split(b";")[0], 16)
        if size == 0:
            break
        assert data[size:size + 2] == b"\r\n", data
        body, data = body + data[:size], data[size + 2:]
    assert data.endswith(b"\r\n\r\n"), data
    return body, lines, data[:-4]


exercised = set()  # names of the faults that were set
names = (f"channel-{number}" for number in itertools.count())


class FaultTest(unittest.TestCase):
    """With a simulator for the whole module."""

    running = None

    @classmethod
    def start(cls):
        FaultTest.running = Running()

    @classmethod
    def stop(cls):
        FaultTest.running.stop()

    def setUp(self):
        self.running.control("reset", {})

    def set(self, fault, **parameters):
        exercised.add(fault)
        return self.running.control("fault", {"fault": fault, **parameters})

    def channels(self):
        return len(self.running.service.store.of_kind("channel"))

    def log(self):
        return self.running.control("faults")["log"]

    def meet(self, fault, carried_out=True, tls=False, operation="CreateChannel", **parameters):
        """What the one request that meets the fault gets: (bytes, the kind of the end).

        The end is "kept" when the connection then serves another request. Everything that is
        known of it elsewhere is checked as well.
        """
        self.running.control("reset", {})
        self.set(fault, **parameters)
        with Wire(self.running, tls) as wire:
            body = {"name": next(names)} if operation == "CreateChannel" else {}
            wire.write(wire.request(operation, body)
                       + wire.request("ListStreams", connection="close"))
            data, end = wire.read()
        kept = MORE in data[1:] and data.endswith(b'{"streams":[]}')
        if kept:
            end = "kept"
            data = data[:data.rindex(MORE)]
        self.was(fault, carried_out, operation, kept)
        return data, end

    def was(self, fault, carried_out, operation, kept):
        self.assertEqual([(e["number"], e["fault"], e["operation"], e["carriedOut"])
                          for e in self.log()], [(1, fault, operation, carried_out)])
        counts = self.running.control("counts")
        self.assertEqual(counts["operations"][operation], {"seen": 1, "carriedOut": carried_out})
        self.assertEqual((counts["requests"], counts["carriedOut"]),
                         (1 + kept, carried_out + kept))
        if operation == "CreateChannel":
            self.assertEqual(self.channels(), carried_out)
        self.assertEqual(self.running.control("faults")["set"], [])
        self.assertEqual(self.running.control("requests")["requests"][0]["operation"], operation)
        self.normal()

    def normal(self):
        status, _, value = self.running.post("ListChannels", {})
        self.assertEqual((status, list(value)), (200, ["channels"]))
