"""A little TLS server for the TLS tests, one thread per connection, and a proxy that lets bytes through one by one.

A client says "GET n" or "PUT n" on a line; n bytes of a content that both sides know follow in that direction.
A PUT is answered with as many bytes of it as came in right.
"""
import socket
import ssl
import threading
import warnings

_j = range(65521)
BLOCK = bytes((j * 167 + (j >> 7) * 13) & 255 for j in _j)
TIMEOUT = 30


def content(n):
    return (BLOCK * (n // len(BLOCK) + 1))[:n]


def context(chain, key, least=ssl.TLSVersion.TLSv1_2, most=ssl.TLSVersion.TLSv1_3, client_ca=None, weak=False,
            tickets=True):
    """tickets=False: with TLS 1.2 the server keeps sessions itself, and numbers them."""
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if not tickets:
        c.options |= ssl.OP_NO_TICKET
    if weak:
        c.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.1 is meant
        c.minimum_version, c.maximum_version = least, most
    c.load_cert_chain(chain, key)
    if client_ca:
        c.verify_mode = ssl.CERT_REQUIRED
        c.load_verify_locations(client_ca)
    return c


class Listener:
    """Listens on loopback and hands each connection to serve() in a thread of its own."""

    def __init__(self, family=socket.AF_INET):
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        self.socket.listen(16)
        self.port = self.socket.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._run, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def _run(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.settimeout(TIMEOUT)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            self.serve(connection)
        except (OSError, ValueError):
            pass  # what the client made of it is what the tests look at
        finally:
            connection.close()

    def serve(self, connection):
        raise NotImplementedError


class Server(Listener):
    """contexts: one for each connection in turn, the last for all further ones. notify: end with close_notify.
    short: bytes by which a GET's answer is cut off. names: the server names asked for. ended: connections that the
    client closed as TLS wants it. reused: for each connection whether it took up an earlier session.
    hold: the number, from 1 on, of a connection whose handshake gets stuck: the last byte of the server's first flight
    does not come."""

    def __init__(self, *contexts, family=socket.AF_INET, notify=True, short=0, hold=0):
        self.contexts, self.notify, self.short, self.hold = contexts, notify, short, hold
        self.names, self.reused, self.ended = [], [], 0
        for c in contexts:
            c.sni_callback = lambda s, name, c: self.names.append(name)
        super().__init__(family)

    def serve(self, connection):
        c = self.contexts[min(self.connections, len(self.contexts)) - 1]
        if self.connections == self.hold:
            self._get_stuck(c, connection)
            return
        with c.wrap_socket(connection, server_side=True) as tls:
            self.reused.append(tls.session_reused)
            self._answer(tls)
            if self.notify:
                tls.unwrap()  # waits for the client's notice, and fails without it
                self.ended += 1

    @staticmethod
    def _get_stuck(c, connection):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = c.wrap_bio(incoming, outgoing, server_side=True)
        while not outgoing.pending:
            incoming.write(connection.recv(65536))
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                pass
        connection.sendall(outgoing.read()[:-1])
        while connection.recv(4096):
            pass

    def _answer(self, tls):
        line = b""
        while not line.endswith(b"\n"):
            byte = tls.recv(1)
            if not byte:
                return
            line += byte
        verb, n = line.split()
        if verb == b"GET":
            tls.sendall(content(int(n))[:int(n) - self.short])
        else:
            tls.sendall(self._same(tls, content(int(n))))

    @staticmethod
    def _same(tls, expected):
        got = 0
        while got < len(expected):
            part = tls.recv(65536)
            if not part or part != expected[got:got + len(part)]:
                break
            got += len(part)
        return expected[:got]


class Trickle(Listener):
    """Between a client and the server at a port: what the server sends arrives one byte at a time."""

    def __init__(self, port):
        self.server_port = port
        super().__init__()

    def serve(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with socket.create_connection(("127.0.0.1", self.server_port), TIMEOUT) as server:
            threading.Thread(target=self._forward, args=(connection, server), daemon=True).start()
            while True:
                data = server.recv(4096)
                if not data:
                    break
                for i in range(len(data)):
                    connection.sendall(data[i:i + 1])
            connection.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _forward(connection, server):
        try:
            while True:
                data = connection.recv(4096)
                if not data:
                    return
                server.sendall(data)
        except OSError:
            pass


class Plain(Listener):
    """Says these bytes without TLS, and closes; with None it says nothing and keeps the connection."""

    def __init__(self, says):
        self.says = says
        super().__init__()

    def serve(self, connection):
        connection.recv(1)
        if self.says is None:
            while connection.recv(4096):
                pass
        else:
            connection.sendall(self.says)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass
