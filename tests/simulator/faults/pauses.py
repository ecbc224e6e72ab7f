"""Answers that come late or slowly."""

from ..transport import Pause
from .common import CUT, duration, fault, whole


@fault("stall-before-work", seconds=duration())
def before_work(x, seconds):
    x.read()
    yield Pause(seconds)
    yield x.answer().whole()


@fault("stall-before-answer", seconds=duration())
def before_answer(x, seconds):
    data = x.answer().whole()
    yield Pause(seconds)
    yield data


@fault("stall-in-head", seconds=duration(), after=CUT)
def in_head(x, seconds, after):
    draft = x.answer()
    cut = x.cut(draft.head(), after)
    data = draft.whole()
    yield data[:cut]
    yield Pause(seconds)
    yield data[cut:]


@fault("stall-in-body", seconds=duration(), after=CUT)
def in_body(x, seconds, after):
    draft = x.answer(with_body=True)
    cut = x.cut(draft.body, after)
    yield draft.head() + draft.body[:cut]
    yield Pause(seconds)
    yield draft.body[cut:]


@fault("drip", size=whole(1, 1, 65536), pause=duration(0))
def drip(x, size, pause):
    """Each piece is a write of its own, and under TLS a record of its own."""
    data = x.answer().whole()
    for start in range(0, len(data), size):
        yield data[start:start + size]
        if pause:
            yield Pause(pause)
