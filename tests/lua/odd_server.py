"""Answers on loopback as no service should: odd_server.py KIND. Prints its port; ends when its stdin does.

KIND echo refuses each request with what it said as the message: method, path and body.
"""

import json
import socket
import struct
import sys
import threading

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def body(text, head=OK):
    return head + b"Content-Length: %d\r\n\r\n" % len(text) + text


ANSWERS = {
    "close": b"",
    "garbage": b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "half": OK + b"Content-Length: 100\r\n\r\n{",
    "stall": OK + b"x-amzn-RequestId: r-1\r\nContent-Length: 100\r\n\r\n{",
    "html": body(b"<html>hello</html>"),
    "huge": OK + b"Content-Length: 20000000\r\n\r\n",
    "type": body(b'{"channels":{"a":1},"channel":{"arn":5}}'),
    "nested-type": body(b'{"channels":[{"arn":"x"},{"tags":{"a":["b"]}}]}'),
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n",
    "unmodified": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "bare": b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nx-amzn-RequestId: r-1\r\n\r\n",
    "throttle": body(b'{"__type":"com.amazonaws#ThrottlingException","message":"slow down"}', b"HTTP/1.1 400 Bad\r\n"),
    "loop": body(b'{"channels":[{"arn":"x"}],"nextToken":"same"}'),
    "empty-token": body(b'{"channels":[{"arn":"x"}],"nextToken":""}'),
    "nulls": body(b'{"channels":[null,{"arn":null,"tags":null,"new":[{}]}],"nextToken":null,"unknown":{"a":[1]}}'),
    "hop": b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\n{\"c\r\n"
           b"f\r\nhannels\":[{},{}\r\n2\r\n]}\r\n0\r\n\r\n",
}


LASTING = ("redirect", "unmodified", "bare", "stall", "throttle")


def read_request(stream):
    """Reads one request: method, path and body; None if the client has gone."""
    length = 0
    first = stream.readline()
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    content = stream.read(length)
    return b" ".join(first.split()[:2] + [content]) if line == b"\r\n" else None


def serve(connection, kind):
    with connection, connection.makefile("rb") as stream:
        while (request := read_request(stream)) is not None:
            if kind == "silent":
                continue
            if kind == "echo":
                said = json.dumps({"__type": "Echo", "message": request.decode()}).encode()
                connection.sendall(body(said, b"HTTP/1.1 400 Bad\r\n"))
                continue
            if kind == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            connection.sendall(ANSWERS[kind])
            if kind == "huge":
                stream.read()
            if kind not in LASTING:
                return


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection, sys.argv[1]), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()


main()
