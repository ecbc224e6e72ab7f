"""A client's connection, plain or under TLS, that can end in every way a connection can end.

TLS runs through memory: whatever is to go on the wire passes here as bytes, so that a fault can cut
it anywhere or hold it back. What is to be sent is said in steps: bytes, each of them one write (and
under TLS a record of its own), a Pause, or an Ending, which nothing follows.
"""

import enum
import fcntl
import socket
import ssl
import struct
import termios
import time
from dataclasses import dataclass

LINGER = 1.0  # seconds for the client to end its side of the connection after us
NO_RECORD = b"\xff" * 64
SENT_TIMEOUT = 1.0  # seconds for it to receive what was sent before a reset


class Ending(enum.Enum):
    CLOSE = "close"  # close_notify where there is TLS, then FIN
    TRUNCATE = "truncate"  # FIN alone
    RESET = "reset"  # RST
    ALERT = "alert"  # a fatal alert where there is TLS, then FIN


@dataclass(frozen=True)
class Pause:
    seconds: float


class Ended(Exception):
    """A tap wants the connection to end."""

    def __init__(self, ending):
        super().__init__(ending.value)
        self.ending = ending


class Transport:
    """Plain until TLS is started. `pause` waits a number of seconds."""

    def __init__(self, sock, pause):
        self._socket = sock
        self._pause = pause
        self._timeout = None
        self._tls = None
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tap = None  # bytes of TLS about to go on the wire -> the steps to take instead

    def settimeout(self, seconds):
        self._timeout = seconds

    def peek(self):
        """Waits for the client to speak first; false when it leaves without a byte."""
        self._socket.settimeout(self._timeout)
        return self._socket.recv(1, socket.MSG_PEEK) != b""

    def start_tls(self, context):
        """The handshake. Raises OSError when it fails, Ended when a tap ends it."""
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._pump(self._tls.do_handshake)

    def tls_version(self):
        return self._tls.version() if self._tls else ""

    def resumed(self):
        return bool(self._tls and self._tls.session_reused)

    def recv(self, size):
        if self._tls is None:
            self._socket.settimeout(self._timeout)
            return self._socket.recv(size)
        try:
            return self._pump(self._tls.read, size)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def sendall(self, data):
        if self._tls is None:
            self._write(data)
            return
        rest = memoryview(data)
        while rest:
            rest = rest[self._tls.write(rest):]
        self._flush()

    def perform(self, steps):
        """Takes one step after the other; the Ending among them, or None."""
        for step in steps:
            if isinstance(step, Ending):
                return step
            self.take(step)
        return None

    def take(self, step):
        """Takes one step that is no Ending."""
        if isinstance(step, Pause):
            self._pause(step.seconds)
        else:
            self.sendall(step)

    def end(self, ending):
        try:
            if ending is Ending.RESET:
                self._reset()
                return
            if ending is Ending.CLOSE and self._tls is not None:
                self._say_goodbye()
            if ending is Ending.ALERT and self._tls is not None:
                self._alert()
            self._socket.shutdown(socket.SHUT_WR)
            self._linger()
        except OSError:  # the client was faster
            pass
        finally:
            self._socket.close()

    def _pump(self, function, *arguments):
        """A call into TLS, with bytes carried between its memory and the wire as it needs them."""
        deadline = None if self._timeout is None else time.monotonic() + self._timeout
        while True:
            try:
                result = function(*arguments)
            except ssl.SSLWantReadError:
                self._flush()
                self._fill(deadline)
                continue
            except ssl.SSLError:
                self._flush()  # the alert
                raise
            self._flush()
            return result

    def _fill(self, deadline):
        left = None if deadline is None else max(deadline - time.monotonic(), 0.001)
        self._socket.settimeout(left)
        data = self._socket.recv(65536)
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def _flush(self):
        data = self._outgoing.read()
        if not data:
            return
        if self.tap is None:
            self._write(data)
            return
        for step in self.tap(data):
            if isinstance(step, Ending):
                raise Ended(step)
            if isinstance(step, Pause):
                self._pause(step.seconds)
            else:
                self._write(step)

    def _write(self, data):
        self._socket.settimeout(self._timeout)
        self._socket.sendall(data)

    def _say_goodbye(self):
        """A close_notify, so that the client sees an end and not a truncation."""
        self._timeout = LINGER
        try:
            self._tls.unwrap()
        except (ssl.SSLError, ValueError):  # it would wait for the client's own: that is _linger's
            pass
        try:
            self._flush()
        except Ended:
            pass

    def _alert(self):
        """OpenSSL's own, protected as the connection then is: it is given a record that is none."""
        self.tap = None
        self._timeout = LINGER
        self._incoming.write(NO_RECORD)
        try:
            while self._tls.read(65536):
                pass
        except (ssl.SSLError, OSError, ValueError):
            pass
        self._flush()

    def _linger(self):
        """Reads to the end: a socket closed with bytes unread sends an RST, also after a FIN."""
        deadline = time.monotonic() + LINGER
        while (left := deadline - time.monotonic()) > 0:
            self._socket.settimeout(left)
            if not self._socket.recv(65536):
                return

    def _reset(self):
        deadline = time.monotonic() + SENT_TIMEOUT
        while self._unsent() and time.monotonic() < deadline:
            time.sleep(0.001)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def _unsent(self):
        """Bytes that the client's side has not acknowledged; a reset would throw them away."""
        return struct.unpack("i", fcntl.ioctl(self._socket, termios.TIOCOUTQ, b"\0" * 4))[0]
