"""Listening sockets on loopback, and how connections end."""

import errno
import socket
import time

BACKLOG = 128
LINGER = 0.5  # seconds


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


def shut(sock):
    """Wakes a thread that waits on the socket. The SSL layer, not thread-safe, is left alone."""
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        pass


def say_goodbye(secure):
    """A TLS close_notify, so that the client sees an end and not a truncation."""
    try:
        secure.settimeout(0.2)
        secure.unwrap()
    except (OSError, ValueError):
        pass
    finally:
        secure.close()


def linger(sock):
    """Lets the peer read what was sent last, an alert or a refusal.

    To close with bytes of the peer still unread would reset the connection and could take it away.
    """
    end = time.monotonic() + LINGER
    try:
        socket.socket.shutdown(sock, socket.SHUT_WR)
        while time.monotonic() < end:
            sock.settimeout(max(end - time.monotonic(), 0.001))
            if not socket.socket.recv(sock, 65536):  # past the SSL layer, if there is one
                return
    except OSError:
        pass
