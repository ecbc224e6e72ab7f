"""HTTP/1.1 on a connected socket: requests in, answers out, framed by the letter of RFC 9112."""

import json
import re
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Optional

HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 1024 * 1024
REQUEST_DEADLINE = 20.0  # seconds from the first byte of a request to its last
BODILESS = (204, 304)
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class BadRequest(Exception):
    """The bytes are no acceptable request: answered with `status`, then the connection ends."""

    def __init__(self, status, why):
        super().__init__(why)
        self.status = status
        self.why = why


class Closed(Exception):
    """The peer went away, or stayed idle too long."""


@dataclass
class Request:
    method: str
    path: str  # as on the wire, without the query
    query: str
    version: str
    headers: list  # (lower-case name, value)
    body: bytes = b""

    def all(self, name):
        return [value for key, value in self.headers if key == name.lower()]

    def keep_alive(self):
        options = {o.strip().lower() for v in self.all("connection") for o in v.split(",")}
        return self.version == "HTTP/1.1" and "close" not in options


@dataclass
class Reply:
    status: int
    body: bytes = b""
    headers: list = field(default_factory=list)
    chunks: Optional[list] = None  # (bytes, size line) of each, the last one left out; None: whole

    @classmethod
    def of_text(cls, status, text, headers=()):
        return cls(status, text.encode("utf-8"), [("Content-Type", "application/json"), *headers])

    @classmethod
    def of_json(cls, status, value, headers=()):
        return cls.of_text(status, json.dumps(value, ensure_ascii=False, separators=(",", ":")),
                           headers)

    def draft(self, date, keep_alive):
        fields = [("Date", date)]
        if self.chunks is not None:
            fields.append(("Transfer-Encoding", "chunked"))
        elif self.status not in BODILESS:
            fields.append(("Content-Length", str(len(self.body))))
        fields += [*self.headers, ("Connection", "keep-alive" if keep_alive else "close")]
        body = b"" if self.status in BODILESS else \
            self.body if self.chunks is None else in_chunks(self.body, self.chunks)
        return Draft(self.status, fields, body)

    def encode(self, date, keep_alive, head_only=False):
        draft = self.draft(date, keep_alive)
        return draft.head() if head_only else draft.whole()


@dataclass
class Draft:
    """An answer as it is about to leave: the last chance to change it."""

    status: int
    fields: list  # (name, value) in the order of the wire
    body: bytes  # as on the wire
    version: str = "HTTP/1.1"

    def put(self, name, value):
        """Sets a field, in the place where it is if there is one."""
        names = [given.lower() for given, _ in self.fields]
        if name.lower() in names:
            self.fields[names.index(name.lower())] = (name, value)
        else:
            self.fields.append((name, value))

    def drop(self, name):
        self.fields = [field for field in self.fields if field[0].lower() != name.lower()]

    def head(self):
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [f"{self.version} {self.status} {phrase}"]
        lines += [f"{name}: {value}" for name, value in self.fields]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def whole(self):
        return self.head() + self.body


def in_chunks(body, chunks):
    """`chunks` as in a Reply."""
    parts, start = [], 0
    for count, line in chunks:
        parts.append(line.encode("ascii") + b"\r\n" + body[start:start + count] + b"\r\n")
        start += count
    return b"".join(parts) + b"0\r\nX-Trailer: nothing\r\n\r\n"


class Reader:
    """Reads one request after the other from a socket; surplus bytes belong to the next one."""

    def __init__(self, sock, idle_timeout):
        self._socket = sock
        self._idle_timeout = idle_timeout
        self._buffer = b""
        self._deadline = 0.0

    def begin(self):
        """Waits for the first line of the next request, which stays unread: (method, path).

        Both are empty when the line is none of HTTP; next() then says why. Raises what next() does.
        """
        self._deadline = time.monotonic() + self._idle_timeout
        if not self._buffer:
            self._fill(between_requests=True)
        self._deadline = time.monotonic() + REQUEST_DEADLINE
        while b"\n" not in self._buffer and len(self._buffer) <= HEAD_LIMIT:
            self._fill()
        words = self._buffer.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        return (words[0], words[1].partition("?")[0]) if len(words) == 3 else ("", "")

    def next(self):
        """The next request. Raises Closed at the orderly end, BadRequest for nonsense."""
        self.begin()
        while b"\r\n\r\n" not in self._buffer:
            if len(self._buffer) > HEAD_LIMIT:
                raise BadRequest(431, "the head is over 64 KB")
            if b"\n\n" in self._buffer:
                raise BadRequest(400, "a line ends in LF without CR")
            self._fill()
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        request = parse_head(head.decode("latin-1"))
        request.body = self._body(request)
        return request

    def _body(self, request):
        codings, lengths = request.all("transfer-encoding"), request.all("content-length")
        if codings and lengths:
            raise BadRequest(400, "both Transfer-Encoding and Content-Length")
        if codings and [c.lower() for c in codings] != ["chunked"]:
            raise BadRequest(501, "a Transfer-Encoding other than chunked")
        if codings or lengths:
            self._expect(request)
        if codings:
            return self._chunks()
        if not lengths:
            return b""
        if len(set(lengths)) != 1 or not re.fullmatch(r"[0-9]{1,15}", lengths[0]):
            raise BadRequest(400, "Content-Length is not one number")
        if int(lengths[0]) > BODY_LIMIT:
            raise BadRequest(413, "the body is over 1 MB")
        return self._take(int(lengths[0]))

    def _expect(self, request):
        if any(value.lower() == "100-continue" for value in request.all("expect")):
            self._socket.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _chunks(self):
        body = b""
        while True:
            size = self._line().split(b";")[0].strip()
            if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", size):
                raise BadRequest(400, "a chunk has no size")
            if len(body) + int(size, 16) > BODY_LIMIT:
                raise BadRequest(413, "the body is over 1 MB")
            if int(size, 16) == 0:
                break
            body += self._take(int(size, 16))
            if self._take(2) != b"\r\n":
                raise BadRequest(400, "a chunk is longer than it said")
        while self._line():  # trailers
            pass
        return body

    def _line(self):
        while b"\r\n" not in self._buffer:
            if len(self._buffer) > HEAD_LIMIT:
                raise BadRequest(400, "a line is over 64 KB")
            self._fill()
        line, self._buffer = self._buffer.split(b"\r\n", 1)
        return line

    def _take(self, count):
        while len(self._buffer) < count:
            self._fill()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _fill(self, between_requests=False):
        left = self._deadline - time.monotonic()
        try:
            self._socket.settimeout(max(left, 0.001))
            data = self._socket.recv(65536)
        except TimeoutError:
            if between_requests:
                raise Closed("idle") from None
            raise BadRequest(408, "the request did not arrive in time") from None
        except OSError as error:
            raise Closed(str(error)) from None
        if not data:
            raise Closed("closed by the client")
        self._buffer += data


def parse_head(text):
    """The request line and the header fields."""
    lines = text.split("\r\n")
    if any("\n" in line or "\r" in line or "\0" in line for line in lines):
        raise BadRequest(400, "a line ends in LF without CR, or holds a control character")
    parts = lines[0].split(" ")
    if len(parts) != 3 or not TOKEN.fullmatch(parts[0]):
        raise BadRequest(400, "no request line")
    method, target, version = parts
    if version not in ("HTTP/1.0", "HTTP/1.1"):
        raise BadRequest(505, "not HTTP/1.1")
    if not re.fullmatch(r"/[\x21-\x7e]*", target):
        raise BadRequest(400, "the request target is no path")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not TOKEN.fullmatch(name):
            raise BadRequest(400, "a header line is malformed")
        headers.append((name.lower(), value.strip(" \t")))
    path, _, query = target.partition("?")
    request = Request(method, path, query, version, headers)
    if len(request.all("host")) != 1 and version == "HTTP/1.1":
        raise BadRequest(400, "there has to be one Host header")
    return request
