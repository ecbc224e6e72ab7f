"""The listening ports and the threads behind them: HTTPS, HTTP with the control calls, ingest.

Every port is on loopback only, on 127.0.0.1 and, where the machine has it, on ::1 as well.
"""

import contextlib
import itertools
import secrets
import socket
import threading
import time

from . import control
from .connection import Connection, Opening
from .ends import Ends
from .faults import CONNECTION
from .ingest import Ingest
from .nginx import Nginx
from .odd_tls import OddContexts
from .service import Service
from .sockets import bind, shut
from .tls import CertificateError, prepare, server_context
from .transport import Ended, Ending, Transport

HANDSHAKE_TIMEOUT = 10.0
STATIC_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


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
            self.https_port = self.listen(settings.https_port, "HTTPS", self._serve_https)
            self.http_port = self.listen(settings.http_port, "HTTP", self._serve_http)
            self.ingest_port = self.listen(settings.ingest_port, "ingest",
                                           lambda sock: self.service.ingest.serve(sock))
            self.ca_bundle, certificate, key = prepare(folder, settings.certificate,
                                                       settings.key_type)
            self.ends = self.service.ends = Ends(self, folder, certificate, key)
            self._context = server_context(certificate, key, settings.tls)
            self._open_ingest(settings)
        except BaseException:
            self._close_listeners()
            raise
        self._odd_contexts = OddContexts(folder, settings.key_type, settings.tls)
        if not self.service.ingest_endpoint:
            self.service.ingest_endpoint = f"localhost:{self.ingest_port}"

    def _open_ingest(self, settings):
        """The callback's path is secret, since all else on its port is open to anybody."""
        if settings.ingest:
            secret = f"ingest/{secrets.token_hex(16)}"
            base = f"http://127.0.0.1:{self.http_port}{control.PREFIX}"
            self.service.nginx = Nginx(base + secret, settings.record)
            self.service.ingest_callback, self.service.playback_base = secret, base
        self.service.ingest = Ingest(self, self._context, self.service.nginx)

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
        if not settings.static_keys:
            values.update(dict.fromkeys(STATIC_KEYS, ""))
        values.update(self.ends.environment())
        values["IVS_SIM_CONTROL"] = f"http://127.0.0.1:{self.http_port}/_sim"
        values["IVS_SIM_HTTP"] = f"http://localhost:{self.http_port}"
        return values

    def start(self):
        for sock, serve in self._listeners:
            threading.Thread(target=self._accept, args=(sock, serve), daemon=True).start()

    def stop(self):
        """Closes every port and connection; threads end by themselves."""
        self._stopping = True
        self.service.faults.clear()
        self._close_listeners()
        with self._lock:
            connections = list(self._open)
        for sock in connections:
            shut(sock)
        if self.service.nginx is not None:
            self.service.nginx.stop()

    def listen(self, port, name, serve):
        """The port's number; from start() on, `serve` gets each connection in its own thread."""
        number, sockets = bind(port, name)
        self._listeners += [(sock, serve) for sock in sockets]
        return number

    @contextlib.contextmanager
    def keep(self, sock):
        """A connection that stop() has to close, as long as this lasts."""
        with self._lock:
            self._open.add(sock)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(sock)

    def _close_listeners(self):
        for sock, _ in self._listeners:
            shut(sock)
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
            shut(sock)
            sock.close()

    def _serve_https(self, sock):
        number = self.next_number()
        transport = Transport(sock, self.service.faults.pause)
        if self._shake_hands(transport, number):
            Connection(self.service, transport, number).serve()

    def _shake_hands(self, transport, number):
        """Starts TLS, or what a fault makes of it; true when it can be used."""
        transport.settimeout(HANDSHAKE_TIMEOUT)
        if not transport.peek():
            return False
        self.service.counts.connected()
        opening = Opening(transport, self._context, self._odd_contexts)
        trouble = self.service.faults.meet(CONNECTION, number)
        try:
            ending = transport.perform(trouble.steps(opening)) if trouble else None
            if ending is None:
                transport.start_tls(opening.context)
                self.service.counts.shook_hands(transport.resumed())
                return True
        except Ended as tap:
            ending = tap.ending
        except (OSError, CertificateError) as error:
            self._note_failure(error)
            ending = Ending.CLOSE
        transport.end(ending)
        return False

    def _note_failure(self, error):
        reason = getattr(error, "reason", "") or str(error) or "the client went away"
        self.journal.note(f"TLS handshake failed: {reason}")

    def _serve_http(self, sock):
        transport = Transport(sock, self.service.faults.pause)
        Connection(self.service, transport, self.next_number()).serve()

    def next_number(self):
        return next(self._numbers)
