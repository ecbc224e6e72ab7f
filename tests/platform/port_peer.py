#!/usr/bin/python3
"""The other side of the self-test of ports: see platform/include/ivs/port_check.h, where the protocol is.

usage: port_peer.py [--address ADDRESS] [--port N] [--tls CHAIN KEY] [--until-stdin-closes]

Prints the port on which it listens, and serves until it is interrupted. CHAIN and KEY are PEM files of a certificate
for this machine.
"""

import argparse
import signal
import socket
import socketserver
import ssl
import struct
import sys
import threading
import time

BYE = bytes(i * 7 + 3 & 255 for i in range(1000))
LATE = 1.0  # seconds
PIECE = 4096
PATIENCE = 60.0  # seconds without a byte, after which a connection is given up
RECEIVE_BUFFER = 4096  # bytes, so that a peer that stalls is felt soon
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # struct linger


def pieces(connection):
    """All that comes until the other side ends the connection."""
    while data := connection.recv(PIECE):
        yield data


def echo(connection):
    for data in pieces(connection):
        connection.sendall(data)


def bye(connection):
    connection.sendall(BYE)
    if isinstance(connection, ssl.SSLSocket):
        connection.unwrap()  # sends TLS's notice, and waits for the other one's
    connection.shutdown(socket.SHUT_WR)


def late(connection):
    time.sleep(LATE)
    connection.sendall(b"l")
    drop(connection)


def stall(connection):
    time.sleep(LATE)
    drop(connection)


def drop(connection):
    for _data in pieces(connection):
        pass


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)


DEEDS = {b"e": echo, b"b": bye, b"l": late, b"s": stall, b"r": reset}


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        connection = self.request
        connection.settimeout(PATIENCE)
        try:
            if self.server.context:
                connection = self.server.context.wrap_socket(connection, server_side=True)
            with connection:
                deed = DEEDS.get(connection.recv(1))
                if deed:
                    deed(connection)
        except OSError:  # the other side has gone, as it may; ssl's errors are among these
            pass


class Peer(socketserver.ThreadingTCPServer):
    """Serves in threads of its own, until the with statement ends."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address="127.0.0.1", port=0, tls=None):
        """tls: the paths of chain and key."""
        self.context = None
        if tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*tls)
        super().__init__((address, port), Handler)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def server_bind(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        super().server_bind()

    def shutdown_request(self, request):
        """A handler has closed it already, by a reset perhaps."""
        self.close_request(request)

    def __exit__(self, *_arguments):
        self.shutdown()
        self.server_close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", default="127.0.0.1", help="where to listen; 0.0.0.0: on all interfaces")
    parser.add_argument("--port", type=int, default=0, help="0, or none given: any free one")
    parser.add_argument("--tls", nargs=2, metavar=("CHAIN", "KEY"), help="PEM files")
    parser.add_argument("--until-stdin-closes", action="store_true", help="for a program that starts it, and may end before it")
    options = parser.parse_args()
    with Peer(options.address, options.port, options.tls) as peer:
        print(peer.port, flush=True)
        try:
            if options.until_stdin_closes:
                sys.stdin.read()
            else:
                signal.pause()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
