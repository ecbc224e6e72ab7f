"""An HTTP proxy: CONNECT to loopback, plain or under TLS, with a password or without.

A control call can make it refuse, answer slowly or oddly, or cut a tunnel.
"""

import base64
import hmac
import ipaddress
import re
import select
import socket
import ssl
import time
from urllib.parse import quote

from .control_body import Wrong, member
from .credentials import ANSWER_TIMEOUT, Failures, Tally
from .service import Call
from .sockets import linger, say_goodbye, shut
from .wire import HEAD_LIMIT, REQUEST_DEADLINE

CONNECT_TIMEOUT = 5.0
TUNNEL_IDLE = 300.0  # seconds without a byte in either direction
HALF_OPEN = 2.0  # seconds that one direction lives on after the other has ended
TARGET = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})")
OPENED = "HTTP/1.1 200 Connection established\r\n\r\n"
ODD_HEAD = ("HTTP/1.1 200\r\nvia:1.1 odd\r\nX-Folded: one\r\n two\r\nTransfer-Encoding: chunked\r\n"
            "Content-Length: 10\r\nx-empty:\r\n\r\n")
SURPLUS = "these bytes are not from the other end"


class Refused(Exception):
    """No tunnel; `headers` go into the answer."""

    def __init__(self, status, why, headers=()):
        super().__init__(why)
        self.status = status
        self.why = why
        self.headers = headers


class Gone(Exception):
    """The client left, or is not worth an answer."""


def read_head(sock):
    """The head of a request and what came behind it."""
    end, data = time.monotonic() + REQUEST_DEADLINE, b""
    while b"\r\n\r\n" not in data:
        sock.settimeout(max(end - time.monotonic(), 0.001))
        try:
            more = sock.recv(65536)
        except OSError as error:
            raise Gone(str(error)) from None
        if not more or len(data) > HEAD_LIMIT:
            raise Gone("no whole head came")
        data += more
    head, surplus = data.split(b"\r\n\r\n", 1)
    return head.decode("latin-1").split("\r\n"), surplus


def parse_connect(line):
    """The (host, port) that CONNECT names, on loopback."""
    method, _, rest = line.partition(" ")
    target, _, version = rest.partition(" ")
    if method != "CONNECT":
        raise Refused(405, "CONNECT is the only method here", ["Allow: CONNECT"])
    found = TARGET.fullmatch(target)
    if not found or version not in ("HTTP/1.0", "HTTP/1.1") or int(found.group(2)) > 65535:
        raise Refused(400, "CONNECT needs host:port and HTTP/1.1")
    host = found.group(1).strip("[]")
    if not is_loopback(host):
        raise Refused(403, "only loopback can be reached from here")
    return host, int(found.group(2))


def is_loopback(host):
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_tls(sock):
    return isinstance(sock, ssl.SSLSocket)


class Tunnel:
    """Bytes between two sockets. One loop for both directions: a TLS socket is for one thread."""

    def __init__(self, client, target, limit=None):
        self._client = client
        self._target = target
        self._left = limit  # bytes to the client until the tunnel is cut; None: any number
        self._reading = [client, target]

    def run(self):
        patience = TUNNEL_IDLE
        for sock in self._reading:
            sock.settimeout(ANSWER_TIMEOUT)
        while self._reading:
            ready = select.select(self._reading, [], [], patience)[0]
            if not ready:
                return
            for source in ready:
                if source not in self._reading:  # the other one ended both
                    continue
                data = self._receive(source)
                if data and not self._pass_on(source, data):
                    return
                if data == b"":
                    self._half_close(source)
                    patience = HALF_OPEN

    @staticmethod
    def _receive(source):
        """What there is; b"" at the end, None when it is no whole TLS record yet.

        A record is shorter than what is asked for, so that none of it waits where select is blind.
        """
        source.setblocking(False)
        try:
            return source.recv(65536)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        except OSError:
            return b""
        finally:
            source.settimeout(ANSWER_TIMEOUT)

    def _pass_on(self, source, data):
        """False once the tunnel has to be cut."""
        other = self._target if source is self._client else self._client
        if other is self._client and self._left is not None:
            data = data[:self._left]
            self._left -= len(data)
        other.sendall(data)
        return other is not self._client or self._left != 0

    def _half_close(self, source):
        self._reading.remove(source)
        other = self._target if source is self._client else self._client
        if is_tls(other):  # TLS knows no half: its end is the end
            self._reading.clear()
            return
        try:
            other.shutdown(socket.SHUT_WR)
        except OSError:
            self._reading.clear()


class Proxy:
    """Both ports of the proxy; orders, counts and the password are the same for both."""

    name = "proxy"
    operations = ("CONNECT",)
    issuing = ()
    failures_known = ("status", "stall", "close", "drip", "long", "odd", "half", "surplus", "cut")

    def __init__(self, host, port, tls_port, context):
        self.host = host
        self.service = host.service
        self._context = context
        self.port = self.tls_port = None
        if port is not None:
            self.port = host.listen(port, "proxy", self.serve)
        if tls_port is not None:
            self.tls_port = host.listen(tls_port, "proxy under TLS", self.serve_tls)
        self.reset()

    def reset(self):
        self.failures = Failures()
        self.tally = Tally()
        self._tunnels = 0
        self._set_user(self.service.settings.proxy_user)

    def _set_user(self, user):
        """USER:PASSWORD, or nothing for anybody."""
        self._user = user
        encoded = base64.b64encode(user.encode()).decode()
        self.service.journal.hide(encoded, user.partition(":")[2])

    def change(self, body):
        user = member(body, "user", (str,), "USER:PASSWORD, or null for anybody")
        if user and ":" not in user:
            raise Wrong("user has to be USER:PASSWORD, or null for anybody")
        if "user" in body:
            self._set_user(user or "")

    def _url(self, port, user=""):
        scheme = "http" if port == self.port else "https"
        return f"{scheme}://{user and user + '@'}localhost:{port}"

    def environment(self):
        """Both spellings, since the lower one wins where it is set; nothing goes past the proxy."""
        port = self.port if self.port is not None else self.tls_port
        name, colon, password = self.service.settings.proxy_user.partition(":")
        url = self._url(port, quote(name, safe="") + colon + quote(password, safe=""))
        return {"HTTPS_PROXY": url, "https_proxy": url, "NO_PROXY": "", "no_proxy": ""}

    def describe(self):
        return {"urls": [self._url(port) for port in (self.port, self.tls_port) if port],
                "password": bool(self._user), "tunnels": self._tunnels}

    def serve_tls(self, sock):
        sock.settimeout(ANSWER_TIMEOUT)
        secure = self._context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        with self.host.keep(secure):
            try:
                secure.do_handshake()
                self.serve(secure)
            except OSError as error:
                self.service.journal.note(f"proxy: {error}")
            finally:
                say_goodbye(secure)

    def serve(self, sock):
        """One connection: a head, then a tunnel or a refusal, then the end."""
        with self.service.lock:
            self.tally.connections += 1
        try:
            lines, surplus = read_head(sock)
        except Gone as reason:
            self.service.journal.note(f"proxy: {reason}")
            return
        with self.service.lock:
            self.tally.asked["CONNECT"] += 1
            failure = self.failures.take("CONNECT")
        target = None
        try:
            target = self._open_target(lines, failure)
            self._record(sock, lines, 200, failure.how if failure else "")
            self._run_tunnel(sock, target, surplus, failure)
        except Refused as refused:
            self._record(sock, lines, refused.status, refused.why)
            self._refuse(sock, refused)
        except Gone as reason:
            self._record(sock, lines, 0, str(reason))
        finally:
            if target is not None:
                shut(target)
                target.close()

    def _open_target(self, lines, failure):
        how = failure.how if failure else ""
        self._authorize(lines)
        address = parse_connect(lines[0])
        if how == "status":
            raise Refused(failure.status, "this failure was asked for")
        if how == "close":
            raise Gone("made to close")
        try:
            return socket.create_connection(address, CONNECT_TIMEOUT)
        except OSError as error:
            raise Refused(502, f"the target cannot be reached: {error.strerror or error}") from None

    def _authorize(self, lines):
        if not self._user:
            return
        wanted = b"Basic " + base64.b64encode(self._user.encode())
        sent = [value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
                if name.lower() == "proxy-authorization"]
        if len(sent) != 1 or not hmac.compare_digest(sent[0].encode("latin-1"), wanted):
            raise Refused(407, "a user and a password are needed",
                          ['Proxy-Authenticate: Basic realm="ivs-sim"'])

    def _run_tunnel(self, sock, target, surplus, failure):
        with self.host.keep(target):
            if failure is None:
                self._count_tunnel()  # before the client can ask for the count
            if not self._say_opened(sock, failure):
                return
            target.sendall(surplus)
            limit = failure.size if failure and failure.how == "cut" else None
            if limit == 0:
                return
            if failure is not None:
                self._count_tunnel()
            try:
                Tunnel(sock, target, limit).run()
            except OSError as error:
                self.service.journal.note(f"proxy: a tunnel broke: {error}")

    def _count_tunnel(self):
        with self.service.lock:
            self._tunnels += 1

    @staticmethod
    def _say_opened(sock, failure):
        """Tells the client, in the way a failure wants it; false when there is to be no tunnel."""
        how = failure.how if failure else ""
        if how == "stall" and select.select([sock], [], [], failure.seconds)[0]:
            return False
        sock.settimeout(ANSWER_TIMEOUT)
        head = opening_head(failure) if failure else OPENED
        if how == "drip":
            for byte in head.encode():
                sock.sendall(bytes([byte]))
                time.sleep(failure.seconds / len(head))
        else:
            sock.sendall(head.encode("latin-1", "replace"))
        return how != "half"

    @staticmethod
    def _refuse(sock, refused):
        body = refused.why + "\n"
        head = [f"HTTP/1.1 {refused.status} Refused", "Content-Type: text/plain",
                f"Content-Length: {len(body)}", *refused.headers, "Connection: close"]
        sock.settimeout(ANSWER_TIMEOUT)
        sock.sendall(("\r\n".join(head) + "\r\n\r\n" + body).encode("latin-1", "replace"))
        if not is_tls(sock):  # under TLS the goodbye is the end
            linger(sock)

    def _record(self, sock, lines, status, why):
        call = Call()
        method, _, rest = lines[0].partition(" ")
        refused = status != 200
        with self.service.lock:
            self.tally.refused += refused
        self.service.journal.request({
            "time": self.service.clock.iso8601(), "end": self.name, "method": method,
            "path": rest.partition(" ")[0], "operation": "CONNECT", "accessKeyId": "",
            "status": status, "code": "Refused" if refused else "", "why": why,
            "requestId": call.request_id, "connection": self.host.next_number(),
            "onConnection": 1, "tls": sock.version() if is_tls(sock) else "",
            "resumed": bool(is_tls(sock) and sock.session_reused)})


def opening_head(failure):
    """What opens a tunnel, bent as the failure wants it."""
    return {"odd": failure.text or ODD_HEAD, "surplus": OPENED + (failure.text or SURPLUS),
            "half": OPENED[:20], "long": lengthen(OPENED, failure.size)}.get(failure.how, OPENED)


def lengthen(head, size):
    """The head of an answer with fields added until it has `size` bytes."""
    lines = head[:-2]
    while len(lines) + 2 < size:
        left = size - 2 - len(lines)
        lines += "X-Filler: " + "x" * (max(left - 12, 1) if left < 1000 else 500) + "\r\n"
    return lines + "\r\n"
