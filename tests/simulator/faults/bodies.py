"""Answers whose body is not what the model says, in sound framing."""

import gzip

from .common import any_text, fault, flag


def replace(draft, body):
    draft.body = body
    draft.put("Content-Length", str(len(body)))
    return draft


@fault("invalid-json", text=any_text('{"broken":'))
@fault("other-json", text=any_text("[]"))
@fault("empty-body", text=any_text(""))
def other_body(x, text):
    yield replace(x.answer(with_body=True), text.encode()).whole()


@fault("invalid-utf8")
def invalid_utf8(x):
    """The answer with a first member of one byte that is no UTF-8."""
    draft = x.answer(with_body=True)
    rest = b"}" if draft.body == b"{}" else b"," + draft.body[1:]
    yield replace(draft, b'{"odd":"\xff"' + rest).whole()


@fault("gzip", labelled=flag(True))
def gzipped(x, labelled):
    draft = x.answer(with_body=True)
    replace(draft, gzip.compress(draft.body, mtime=0))
    if labelled:
        draft.put("Content-Encoding", "gzip")
    yield draft.whole()
