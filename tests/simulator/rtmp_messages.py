"""What an encoder says of its stream: the onMetaData message, found in the bytes of RTMP.

Adobe's RTMP specification 1.0, sections 5.2 (handshake) and 5.3 (chunks), and AMF 0.
"""

import struct

HANDSHAKE = 1 + 1536 + 1536  # C0, C1, C2
FIRST_CHUNK_SIZE = 128
SET_CHUNK_SIZE, AMF3_DATA, AMF0_DATA = 1, 15, 18
LIMIT = 1 << 20  # bytes after which no metadata is expected any more
EXTENDED = 0xFFFFFF
HEADER_SIZES = (11, 7, 3, 0)
NESTING = 8


class Short(Exception):
    """More bytes are needed."""


class Malformed(Exception):
    """These bytes are not what they should be."""


class Cursor:
    def __init__(self, data):
        self._data = data
        self.at = 0

    def take(self, count):
        end = self.at + count
        if end > len(self._data):
            raise Short
        self.at, start = end, self.at
        return self._data[start:end]

    def number(self, count, order="big"):
        return int.from_bytes(self.take(count), order)


class MetadataReader:
    """Fed all bytes from the encoder, split anywhere. It stops listening once it has `values`."""

    def __init__(self):
        self.values = {}
        self._buffer = bytearray()
        self._skip = HANDSHAKE
        self._chunk_size = FIRST_CHUNK_SIZE
        self._streams = {}  # chunk stream id -> [length, type, extended, payload so far]
        self._taken = 0
        self._listening = True

    def take(self, data):
        if not self._listening:
            return
        self._taken += len(data)
        self._buffer += data
        if self._skip:
            count = min(self._skip, len(self._buffer))
            del self._buffer[:count]
            self._skip -= count
        try:
            while self._listening and not self._skip:
                cursor = Cursor(self._buffer)
                self._chunk(cursor)
                del self._buffer[:cursor.at]
        except Short:
            pass
        except Malformed:
            self._listening = False
        if self.values or self._taken > LIMIT or not self._listening:
            self._listening = False
            self._buffer.clear()

    def _chunk(self, cursor):
        first = cursor.number(1)
        form, number = first >> 6, first & 0x3F
        if number < 2:
            number = 64 + cursor.number(1 + number, "little")
        header = cursor.take(HEADER_SIZES[form])
        length, kind, extended, payload = self._streams.get(number, (0, 0, False, b""))
        if form < 2:
            length, kind = int.from_bytes(header[3:6], "big"), header[6]
        if form < 3:
            extended = int.from_bytes(header[:3], "big") == EXTENDED
        elif number not in self._streams:
            raise Malformed
        if length < len(payload):  # a new header amid a message
            raise Malformed
        if extended:
            cursor.take(4)
        payload += cursor.take(min(self._chunk_size, length - len(payload)))
        if len(payload) == length:
            self._message(kind, bytes(payload))
            payload = b""
        self._streams[number] = (length, kind, extended, payload)

    def _message(self, kind, payload):
        if kind == SET_CHUNK_SIZE and len(payload) == 4:
            self._chunk_size = int.from_bytes(payload, "big") & 0x7FFFFFFF
            if not self._chunk_size:
                raise Malformed
        if kind in (AMF0_DATA, AMF3_DATA):
            self._data(Cursor(payload[1:] if kind == AMF3_DATA else payload))

    def _data(self, cursor):
        try:
            words = [decode(cursor), decode(cursor)]
            if words[0] == "@setDataFrame":
                words = [words[1], decode(cursor)]
        except Short:
            raise Malformed from None
        if words[0] == "onMetaData" and isinstance(words[1], dict):
            self.values = words[1] or {"": None}


def text(cursor, size=2):
    return cursor.take(cursor.number(size)).decode("utf-8", "replace")


def members(cursor, depth):
    found = {}
    while True:
        name = text(cursor)
        kind = cursor.number(1)
        if kind == 9 and not name:  # the end of the object
            return found
        found[name] = value_of(kind, cursor, depth)


def decode(cursor, depth=0):
    """One AMF 0 value."""
    return value_of(cursor.number(1), cursor, depth)


def value_of(kind, cursor, depth):
    if depth > NESTING:
        raise Malformed
    if kind == 0:
        return struct.unpack(">d", cursor.take(8))[0]
    if kind == 1:
        return bool(cursor.number(1))
    if kind == 2:
        return text(cursor)
    if kind == 3:
        return members(cursor, depth + 1)
    if kind in (5, 6):
        return None
    if kind == 8:
        cursor.take(4)
        return members(cursor, depth + 1)
    if kind == 10:
        return [decode(cursor, depth + 1) for _ in range(cursor.number(4))]
    if kind == 11:
        return cursor.take(10)[:8]
    if kind == 12:
        return text(cursor, 4)
    raise Malformed
