"""Connections that end when they should not: reset, closed, or cut off without TLS's farewell."""

from functools import partial

from ..transport import Ending, Pause
from .common import CUT, duration, fault


def before_read(_x, ending):
    yield ending


def before_work(x, ending):
    x.read()
    yield ending


def before_answer(x, ending):
    x.answer()
    yield ending


def in_head(x, ending, after):
    head = x.answer().head()
    yield head[:x.cut(head, after)]
    yield ending


def in_body(x, ending, after):
    draft = x.answer(with_body=True)
    yield draft.head() + draft.body[:x.cut(draft.body, after)]
    yield ending


def when_idle(x, ending, seconds):
    yield x.answer().whole()
    yield Pause(seconds)
    yield ending


PLACES = {
    "before-read": (before_read, {}), "before-work": (before_work, {}),
    "before-answer": (before_answer, {}), "in-head": (in_head, {"after": CUT}),
    "in-body": (in_body, {"after": CUT}), "when-idle": (when_idle, {"seconds": duration(0)}),
}
for how in Ending:
    for place, (function, parameters) in PLACES.items():
        fault(f"{how.value}-{place}", **parameters)(partial(function, ending=how))
