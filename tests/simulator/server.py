"""The listening ports and the threads behind them: HTTPS, HTTP with the control calls, ingest.

Every port is on loopback only, on 127.0.0.1 and, where the machine has it, on ::1 as well.
"""

import errno
import itertools
import socket
import ssl
import threading
import time

from . import control
from .ingest import Publication
from .wire import BadRequest, Closed, Reader, Reply
from .service import Call, Service
from .tls import prepare, server_context

HANDSHAKE_TIMEOUT = 10.0
BACKLOG = 128


class PortError(Exception):
    """A port cannot be had; the text is one line for people."""


def bind(port, name):
    """Sockets listening on one port of both loopback addresses."""
    for _ in range(20 if port == 0 else 1):
        sockets = []
        try:
            sockets.append(_listen(socket.AF_INET, "127.0.0.1", port))
            number = sockets[0].getsockname()[1]
            if _has_ipv6():
                sockets.append(_listen(socket.AF_INET6, "::1", number))
            return number, sockets
        except OSError as error:
            for sock in sockets:
                sock.close()
            reason = error
    if reason.errno == errno.EADDRINUSE:
        raise PortError(f"port {port} ({name}) is in use: choose another, or 0 for any free one")
    raise PortError(f"cannot listen on port {port} ({name}): {reason.strerror or reason}")


def _listen(family, address, port):
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((address, port))
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


def _has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


class Simulator:
    """All ports of one simulator. `folder` takes its certificates."""

    def __init__(self, settings, journal, folder):
        self.journal = journal
        self.service = Service(settings, journal)
        self._open = set()
        self._lock = threading.Lock()
        self._stopping = False
        self._numbers = itertools.count(1)
        self._listeners = []
        try:
            self.https_port = self._bind(settings.https_port, "HTTPS", self._serve_https)
            self.http_port = self._bind(settings.http_port, "HTTP", self._serve_http)
            self.ingest_port = self._bind(settings.ingest_port, "ingest", self._serve_ingest)
            self.ca_bundle, certificate, key = prepare(folder, settings.certificate,
                                                       settings.key_type)
        except BaseException:
            self._close_listeners()
            raise
        self._context = server_context(certificate, key, settings.tls)
        if not self.service.ingest_endpoint:
            self.service.ingest_endpoint = f"localhost:{self.ingest_port}"

    def environment(self):
        """What a client needs to talk to this simulator, as environment variables."""
        settings = self.service.settings
        values = {
            "AWS_ENDPOINT_URL_IVS": f"https://localhost:{self.https_port}",
            "AWS_CA_BUNDLE": str(self.ca_bundle),
            "AWS_ACCESS_KEY_ID": settings.access_key,
            "AWS_SECRET_ACCESS_KEY": settings.secret_key,
            "AWS_REGION": settings.region,
            "AWS_DEFAULT_REGION": settings.region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        if settings.session_token:
            values["AWS_SESSION_TOKEN"] = settings.session_token
        values["IVS_SIM_CONTROL"] = f"http://127.0.0.1:{self.http_port}/_sim"
        values["IVS_SIM_HTTP"] = f"http://localhost:{self.http_port}"
        return values

    def start(self):
        for sock, serve in self._listeners:
            threading.Thread(target=self._accept, args=(sock, serve), daemon=True).start()

    def stop(self):
        """Closes every port and connection; threads end by themselves."""
        self._stopping = True
        self._close_listeners()
        with self._lock:
            connections = list(self._open)
        for sock in connections:
            _shut(sock)

    def _bind(self, port, name, serve):
        number, sockets = bind(port, name)
        self._listeners += [(sock, serve) for sock in sockets]
        return number

    def _close_listeners(self):
        for sock, _ in self._listeners:
            _shut(sock)
            sock.close()

    def _accept(self, listener, serve):
        while not self._stopping:
            try:
                sock, _ = listener.accept()
            except OSError:
                if self._stopping:
                    return
                time.sleep(0.05)  # out of descriptors, most likely: some connection will end
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._carry, args=(sock, serve), daemon=True).start()

    def _carry(self, sock, serve):
        with self._lock:
            self._open.add(sock)
        try:
            if not self._stopping:
                serve(sock)
        except OSError as error:
            self.journal.note(f"a connection broke: {error}")
        finally:
            with self._lock:
                self._open.discard(sock)
            _shut(sock)
            sock.close()

    def _secure(self, sock):
        """The same connection under TLS, or None when the client could not agree."""
        sock.settimeout(HANDSHAKE_TIMEOUT)
        secure = self._context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        try:
            secure.do_handshake()
            return secure
        except OSError as error:
            reason = getattr(error, "reason", "") or str(error) or "the client went away"
            self.journal.note(f"TLS handshake failed: {reason}")
            secure.close()
            return None

    def _serve_https(self, sock):
        self._serve_tls(sock, lambda secure: Connection(self, secure, secure).serve())

    def _serve_ingest(self, sock):
        self._serve_tls(sock, lambda secure: Publication(self.service, secure).run())

    def _serve_tls(self, sock, serve):
        secure = self._secure(sock)
        if secure is None:
            return
        with self._lock:
            self._open.add(secure)
        try:
            serve(secure)
        finally:
            with self._lock:
                self._open.discard(secure)
            _say_goodbye(secure)

    def _serve_http(self, sock):
        Connection(self, sock, None).serve()

    def next_number(self):
        return next(self._numbers)


class Connection:
    """One client's connection: requests in turn until either side ends it."""

    def __init__(self, simulator, sock, secure):
        self._simulator = simulator
        self._service = simulator.service
        self._socket = sock
        self._secure = secure
        self._number = simulator.next_number()
        self._count = 0

    def serve(self):
        reader = Reader(self._socket, self._service.settings.idle_timeout)
        while True:
            call = Call()
            try:
                request = reader.next()
            except Closed:
                return
            except BadRequest as error:
                self._refuse(error, call)
                return
            reply = self._answer(request, call)
            if not self._deliver(request, reply):
                return

    def _answer(self, request, call):
        if self._secure is None and request.path.startswith(control.PREFIX):
            return control.answer(self._service, request)
        reply = self._service.answer(request, call)
        self._record(request.method, request.path, reply, call)
        return reply

    def _deliver(self, request, reply):
        """Every answer leaves here, in one write; true while the connection stays open.

        This is the one place to disturb answers on purpose.
        """
        keep = request.keep_alive()
        if request.version == "HTTP/1.0":
            reply.chunks = None
        data = reply.encode(self._service.clock.http_date(), keep, request.method == "HEAD")
        self._socket.settimeout(HANDSHAKE_TIMEOUT)
        self._socket.sendall(data)
        return keep

    def _refuse(self, error, call):
        call.code, call.why = "MalformedHttpRequestException", error.why
        reply = Reply.of_json(error.status, {"message": error.why},
                              [("x-amzn-RequestId", call.request_id),
                               ("x-amzn-ErrorType", call.code)])
        self._record("-", "-", reply, call)
        self._socket.sendall(reply.encode(self._service.clock.http_date(), False))

    def _record(self, method, path, reply, call):
        self._count += 1
        self._service.journal.request({
            "time": self._service.clock.iso8601(), "method": method, "path": path,
            "operation": call.operation, "accessKeyId": call.access_key, "status": reply.status,
            "code": call.code, "why": call.why, "requestId": call.request_id,
            "connection": self._number, "onConnection": self._count,
            "tls": self._secure.version() if self._secure else "",
            "resumed": bool(self._secure and self._secure.session_reused),
        })


def _shut(sock):
    """Wakes a thread that waits on the socket. The SSL layer, not thread-safe, is left alone."""
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        pass


def _say_goodbye(secure):
    """A TLS close_notify, so that the client sees an end and not a truncation."""
    try:
        secure.settimeout(0.2)
        secure.unwrap()
    except (OSError, ValueError):
        pass
    finally:
        secure.close()
