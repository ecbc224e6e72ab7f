"""The port that encoders connect to: TLS, then RTMP for nginx if it is there, or the stand-in.

The stand-in's encoder sends one line, `publish <stream key>[?priority=N] [name=value]...`; the
answer is `ok` or `refused <reason>`. All that follows is media, which nobody looks at. README.md
has the protocol.
"""

import re
import socket

from .publication import Publication
from .rtmp import FIRST_BYTE, Relay
from .service import Call
from .sockets import say_goodbye
from .state import Refused

HANDSHAKE_TIMEOUT = 10.0
RECORD = 65536  # over a TLS record's size, so that nothing of it stays where select is blind
LINE_LIMIT = 1024
LINE_TIMEOUT = 10.0
NUMBERS = {"width": "videoWidth", "height": "videoHeight", "fps": "targetFramerate",
           "bitrate": "targetBitrate"}


def describe(fields):
    """The ingest configuration the service would report, from what the encoder says of itself."""
    video = {"codec": "avc1.4D0028", "avcProfile": "Main", "avcLevel": "4.0",
             "profile": "Main", "level": "4.0", "encoder": fields.get("encoder", "unknown")}
    for name, member in NUMBERS.items():
        if re.fullmatch(r"[0-9]{1,9}", fields.get(name, "")):
            video[member] = int(fields[name])
    audio = {"codec": "mp4a.40.2", "channels": 2, "sampleRate": 48000, "targetBitrate": 160000}
    return {"video": video, "audio": audio}


def read_priority(text):
    """The priority of a takeover; negative for nonsense."""
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,18}", text) else -1


def split_key(word):
    """The stream key and the priority for a takeover: 0 for none, negative for nonsense."""
    key, _, query = word.partition("?")
    name, _, value = query.partition("=")
    if not query:
        return key, 0
    return key, read_priority(value) if name == "priority" else -1


class Ingest:
    """What serves the port. `nginx` is None where only the stand-in is."""

    def __init__(self, host, context, nginx=None):
        self._host = host
        self._service = host.service
        self._context = context
        self._nginx = nginx
        self._relays = {}  # by the address under which nginx knows them

    def serve(self, sock):
        sock.settimeout(HANDSHAKE_TIMEOUT)
        if self._nginx is not None and sock.recv(1, socket.MSG_PEEK) == FIRST_BYTE:
            self._relay(sock, sock.recv(RECORD), plain=True)
            return
        secure = self._context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        with self._host.keep(secure):
            try:
                secure.do_handshake()
            except OSError as error:
                reason = getattr(error, "reason", "") or str(error) or "the client went away"
                self._service.journal.note(f"TLS handshake failed: {reason}")
                secure.close()
                return
            try:
                self._serve_secure(secure)
            finally:
                say_goodbye(secure)

    def _serve_secure(self, secure):
        try:
            first = secure.recv(RECORD)
        except OSError:
            first = b""
        if first[:1] == FIRST_BYTE and self._nginx is not None:
            self._relay(secure, first)
        elif first[:1] == FIRST_BYTE:
            self.record("an encoder that speaks RTMP needs ivs-sim --ingest")
        else:
            StandIn(self, secure, first).run()

    def _relay(self, sock, first, plain=False):
        relay = Relay(self, self._nginx, sock, self._host.next_number(), plain)
        self._relays[relay.address] = relay
        try:
            relay.run(first)
        finally:
            del self._relays[relay.address]

    def callback(self, fields):
        """What nginx asks when an encoder wants to publish: the stream's name, or raises Refused.

        None when it only tells that one no longer does.
        """
        relay = self._relays.get(fields.get("addr"))
        if relay is None:
            raise Refused("not an encoder of this port")
        if fields.get("call") == "publish_done":
            relay.unpublish()
            return None
        priority = read_priority(fields["priority"]) if "priority" in fields else 0
        return relay.publish(fields.get("name", ""), priority)

    def start(self, drop, key, priority=0, plain=False, **known):
        """A Publication of the channel whose key this is; raises Refused. For the log, too."""
        publication = Publication(self._service, drop, priority, **known)
        try:
            publication.accept(key, plain)
        except Refused as reason:
            self.record(str(reason))
            raise
        self.record("")
        self._service.journal.note(f"ingest: an encoder publishes to {publication.arn}")
        return publication

    def record(self, why):
        """An entry of the journal for an encoder that wants to publish."""
        self._service.journal.request({
            "time": self._service.clock.iso8601(), "end": "ingest", "method": "PUBLISH",
            "path": "/app", "operation": "Publish", "accessKeyId": "",
            "status": 403 if why else 200, "code": "Refused" if why else "", "why": why,
            "requestId": Call().request_id, "connection": self._host.next_number(),
            "onConnection": 1, "tls": "", "resumed": False})


class StandIn:
    """An encoder that speaks the line protocol."""

    def __init__(self, ingest, sock, first):
        self._ingest = ingest
        self._socket = sock
        self._begun = first

    def run(self):
        try:
            publication = self._begin(self._read_line())
        except Refused as reason:
            self._say(f"refused {reason}\n")
            return
        self._say("ok\n")
        publication.run(self._feed)

    def _begin(self, line):
        words = line.split(" ")
        if len(words) < 2 or words[0] != "publish":
            return self._refuse("expected: publish <stream key>")
        fields = dict(word.partition("=")[::2] for word in words[2:])
        key, priority = split_key(words[1])
        return self._ingest.start(self._drop, key, priority, ingest=describe(fields),
                                  media=(fields.get("width"), fields.get("height")))

    def _read_line(self):
        self._socket.settimeout(LINE_TIMEOUT)
        line = self._begun
        try:
            while b"\n" not in line and len(line) < LINE_LIMIT:
                more = self._socket.recv(RECORD)
                if not more:
                    self._refuse("the connection ended before a publish line")
                line += more
        except OSError:
            self._refuse("no publish line came")
        return line.partition(b"\n")[0].decode("latin-1").strip()

    def _refuse(self, reason):
        self._ingest.record(reason)
        raise Refused(reason)

    def _drop(self):
        """Safe while another thread reads."""
        try:
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        except OSError:
            pass

    def _feed(self, seconds):
        self._socket.settimeout(seconds)
        try:
            return len(self._socket.recv(RECORD)) or None
        except TimeoutError:
            return 0
        except OSError:
            return None

    def _say(self, text):
        try:
            self._socket.sendall(text.encode("latin-1"))
        except OSError:
            pass
