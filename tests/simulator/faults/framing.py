"""Answers framed in uncommon ways, which a client has to take, or wrongly, which it must not."""

import itertools
import time

from ..transport import Ending, Pause
from ..wire import Draft, in_chunks
from .common import any_text, choice, duration, fault, flag, maybe, number, status_list, whole

CHUNKS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
SIZE_LINES = ('%x;name=value', "%X", '000%x;quoted="a;b"', "%x ;flag")
WRITES = (1, 2, 3, 7, 40, 500)
INTERIM = {102: [("X-Progress", "50")], 103: [("Link", "</style.css>; rel=preload; as=style")]}
FORGED = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
PIECE = 64 * 1024
LINE = b"X-Filler: " + b"f" * 1000 + b"\r\n"


@fault("chunked")
def in_odd_chunks(x):
    """Small chunks with extensions and a trailer, in writes that end anywhere."""
    draft = x.answer(with_body=True)
    draft.drop("Content-Length")
    draft.put("Transfer-Encoding", "chunked")
    draft.body = in_chunks(draft.body, odd_chunks(len(draft.body)))
    data, sizes = draft.whole(), itertools.cycle(WRITES)
    while data:
        size = next(sizes)
        yield data[:size]
        data = data[size:]


def odd_chunks(left):
    chunks, lines = [], itertools.cycle(SIZE_LINES)
    for size in itertools.cycle(CHUNKS):
        if left == 0:
            return chunks
        size = min(size, left)
        chunks.append((size, next(lines) % size))
        left -= size


def close_delimited(x):
    """A draft without a length, whose connection says that it closes."""
    draft = x.answer(with_body=True)
    draft.drop("Content-Length")
    draft.put("Connection", "close")
    return draft


@fault("close-delimited")
def close_delimited_whole(x):
    yield close_delimited(x).whole()
    yield Ending.CLOSE


@fault("truncate-close-delimited", after=maybe(whole(None, 0, 1 << 30)))
def close_delimited_cut(x, after):
    """All of the body unless `after` says less: nothing but the missing farewell tells."""
    draft = close_delimited(x)
    yield draft.head() + draft.body[:after]
    yield Ending.TRUNCATE


@fault("connection-close")
def connection_close(x):
    draft = x.answer()
    draft.put("Connection", "close")
    yield draft.whole()
    yield Ending.CLOSE


@fault("http-1.0")
def http_1_0(x):
    draft = x.answer()
    draft.version = "HTTP/1.0"
    draft.drop("Connection")
    yield draft.whole()
    yield Ending.CLOSE


@fault("interim", statuses=status_list([100, 102, 103], 100, 199))
def interim(x, statuses):
    data = x.answer().whole()
    for status in statuses:
        yield Draft(status, INTERIM.get(status, []), b"").head()
    yield data


@fault("length-too-long", by=whole(10, 1, 1 << 31))
def length_too_long(x, by):
    draft = x.answer(with_body=True)
    draft.put("Content-Length", str(len(draft.body) + by))
    yield draft.whole()
    yield Ending.CLOSE


@fault("length-too-short", by=whole(1, 1, 1 << 31))
def length_too_short(x, by):
    draft = x.answer(with_body=True)
    draft.put("Content-Length", str(max(len(draft.body) - by, 0)))
    yield draft.whole()


@fault("extra-bytes", text=any_text(FORGED))
def extra_bytes(x, text):
    """In the same write as the answer; without `text` they look like the next one."""
    yield x.answer().whole() + text.encode()


@fault("large-head", kilobytes=whole(64, 1, 65536))
def large_head(x, kilobytes):
    draft = x.answer()
    head = draft.head()
    yield head[:-2]
    for _ in range(kilobytes * 1024 // len(LINE) + 1):
        yield LINE
    yield head[-2:] + draft.body


@fault("endless-head", seconds=duration(10))
def endless_head(x, seconds):
    """Lines until the client goes, or until the time is over: then the connection closes."""
    end = time.monotonic() + seconds
    yield x.answer().head()[:-2]
    while time.monotonic() < end:
        yield LINE
        yield Pause(0.001)
    yield Ending.CLOSE


ENDLESS = {"data": b"400\r\n" + b" " * 1024 + b"\r\n", "size": b"0" * 1024,
           "extension": b"f" * 1024, "trailer": LINE}
BEFORE = {"data": b"", "size": b"", "extension": b"1;", "trailer": b"0\r\n"}


@fault("endless-chunks", seconds=duration(10), part=choice("data", "size", "extension", "trailer"))
def endless_chunks(x, seconds, part):
    """A chunked body of which one part does not end, until the client goes or the time is over."""
    end = time.monotonic() + seconds
    draft = x.answer(with_body=True)
    draft.drop("Content-Length")
    draft.put("Transfer-Encoding", "chunked")
    yield draft.head() + BEFORE[part]
    while time.monotonic() < end:
        yield ENDLESS[part]
        yield Pause(0.001)
    yield Ending.CLOSE


@fault("large-body", megabytes=number(4, 0.001, 256), chunked=flag(False))
def large_body(x, megabytes, chunked):
    """The answer with a first member of that size that the model does not know."""
    draft = x.answer(with_body=True)
    filler = b'{"filler":"' + b"f" * int(megabytes * 1024 * 1024) + b'"'
    body = filler + (b"}" if draft.body == b"{}" else b"," + draft.body[1:])
    if chunked:
        draft.drop("Content-Length")
        draft.put("Transfer-Encoding", "chunked")
        body = in_chunks(body, [(len(body), f"{len(body):x}")])
    else:
        draft.put("Content-Length", str(len(body)))
    yield draft.head()
    for start in range(0, len(body), PIECE):
        yield body[start:start + PIECE]
