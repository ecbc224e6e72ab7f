#!/usr/bin/python3
"""Joins its standard input and output, which are one connection of the emulated network, to a port of loopback.

usage: relay.py PORT
"""

import os
import selectors
import socket
import sys

PIECE = 65536


def main():
    server = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10)
    server.settimeout(None)
    guest_in, guest_out = sys.stdin.fileno(), sys.stdout.fileno()
    with selectors.DefaultSelector() as selector:
        selector.register(server, selectors.EVENT_READ)
        selector.register(guest_in, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                from_server = key.fileobj is server
                data = server.recv(PIECE) if from_server else os.read(guest_in, PIECE)
                if not data:
                    return
                if not from_server:
                    server.sendall(data)
                while from_server and data:
                    data = data[os.write(guest_out, data):]


if __name__ == "__main__":
    try:
        main()
    except OSError:  # a reset connection ends here, and so ends for the guest
        pass
