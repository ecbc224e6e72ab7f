"""What a caller must see of each fault, and what must have happened at the service: as data.

A row is a fault and how it is met; for each class of operation it says what has to come of the one
call that meets it. Nothing here was taken from a run: it follows from what each operation may do.

    read     GetChannel: may be repeated freely
    create   CreateChannel: a second one would be another channel
    delete   DeleteChannel: may be repeated; once it is done, the service knows no such channel
    put      PutMetadata: viewers may see a repeated cue twice, which is the caller's choice:
    cue      PutMetadata of a client that never repeats it
"""

from dataclasses import dataclass, field

CLASSES = ("read", "create", "delete", "put", "cue")
ONCE = ("create", "cue")  # must not happen twice
TLS = ("1.2", "1.3")
ALL = ("http", "1.2", "1.3")
ATTEMPTS = 3  # the client's own number

# How the call that counts finds the connection: there is none; one was kept, and the fault waits
# for this call; or the fault met the call before, which kept it.
FRESH, KEPT, BEFORE = "fresh", "kept", "before"

# The error that a broken connection is, by how it broke: TLS tells an end in order from one that is
# not, plain TCP can not.
BROKEN = {"reset": {"http": "NET", "tls": "NET"}, "close": {"http": "CLOSED", "tls": "CLOSED"},
          "truncate": {"http": "CLOSED", "tls": "NET"}, "alert": {"http": "CLOSED", "tls": "TLS"}}


@dataclass(frozen=True)
class See:
    """The end of a call: its result, the requests that the service saw, those it carried out."""

    result: str
    seen: int
    done: int
    cause: object = None  # of UNSURE: the error, or {"http": one, "tls": another}
    code: str = ""  # of SERVICE, or of what made it UNSURE


@dataclass(frozen=True)
class Row:
    name: str
    rules: tuple  # of the client's; with any of them switched off this row fails: see mutants.py
    ends: dict  # class -> See
    faults: tuple = ()  # bodies of control calls, set in this order
    transports: tuple = TLS
    meets: str = FRESH
    options: dict = field(default_factory=dict)  # of the client
    skew: int = 0  # seconds by which the service's clock is ahead
    idle: int = 0  # milliseconds since the call before
    calls: int = 1  # so many times; `seen` and `done` are of all, the rest of the last one
    least_ms: int = 0  # it takes as long as this,
    most_ms: int = 0  # and no longer than this (0: than its deadline)
    kept: object = None  # whether the connection is kept afterwards; None: either
    connections: object = None  # that the call opens or tries to; None: any number
    offset: int = 0  # milliseconds that the client then adds to its clock, within 2 s


def same(*see, **more):
    """The same end for all classes."""
    return dict.fromkeys(CLASSES, See(*see, **more))


def served(requests=1):
    return same("OK", requests, 1)


def refused(code, requests=1):
    return same("SERVICE", requests, 0, code=code)


def unsure(cause, done, code=""):
    return dict.fromkeys(ONCE, See("UNSURE", 1, done, cause, code))


GONE = See("SERVICE", 2, 1, code="ResourceNotFoundException")  # deleted by the first request


def lost(cause, done, code=""):
    """No answer says what became of the first request, which was carried out or not."""
    again = {"read": See("OK", 2, 1 + done), "put": See("OK", 2, 1 + done),
             "delete": GONE if done else See("OK", 2, 1)}
    return {**again, **unsure(cause, int(done), code)}


def unreadable(error):
    """Carried out, but what came back is no answer of HTTP; asking again would bring the same."""
    return {**same(error, 1, 1), **unsure(error, 1)}


def garbled(error):
    """Carried out, with a sound answer whose body cannot be read; who needs no body is content."""
    return {**served(), "read": See(error, 1, 1), "create": See("UNSURE", 1, 1, error)}


def late(done):
    return {**same("TIMEOUT", 1, done), **unsure("TIMEOUT", done)}


def fault(name, **parameters):
    return ({"fault": name, **parameters},)


def until_cleared(name, **parameters):
    return fault(name, times=None, **parameters)


GATEWAY = {"code": "", "body": "<html>Bad gateway</html>"}
SHORT = {"deadline": 600}
STALLED = {"seconds": 30}
RENEWING = {"provider": 1}
HOUR = 3600
MANY = 40  # calls, more than a client that is always refused has tokens for

REFUSALS = [
    Row("500", ("retry-5xx",), served(2), fault("internal-error")),
    Row("503", ("retry-5xx",), served(2), fault("unavailable")),
    Row("503 twice", ("retry-5xx", "attempts-made"), served(3), fault("unavailable", times=2)),
    Row("503 always", ("attempts",), refused("ServiceUnavailable", 2), until_cleared("unavailable"),
        options={"attempts": 2, "deadline": 3000}),
    Row("503, one attempt", ("attempts",), refused("ServiceUnavailable"), fault("unavailable"),
        options={"attempts": 1}),
    Row("503, come back in a second", ("retry-after",), served(2),
        fault("unavailable", retryAfter=1), least_ms=1000),
    Row("503, come back in 400 ms", ("amz-retry-after",), served(2),
        fault("unavailable", amzRetryAfter=400), least_ms=400),
    Row("503, come back after the deadline", ("give-up",), refused("ServiceUnavailable"),
        fault("unavailable", retryAfter=2), options=SHORT, most_ms=500),
    Row("503 again and again", ("tokens",),
        {"read": See("SERVICE", MANY + 35, 0, code="ServiceUnavailable")},
        until_cleared("unavailable"), options={"attempts": 2}, calls=MANY, transports=("1.3",)),
    Row("503 of a gateway", ("gateway", "gateway-once", "retry-5xx"),
        lost("SERVICE", False), fault("unavailable", **GATEWAY)),
    Row("503 of a gateway, carried out", ("gateway", "gateway-once", "retry-5xx"),
        lost("SERVICE", True), fault("unavailable", carriedOut=True, **GATEWAY)),
    Row("501 of a gateway", ("gateway", "retry-only-passing"),
        {**refused(""), **unsure("SERVICE", 0)}, fault("status", status=501, **GATEWAY)),
    Row("429", ("retry-throttled",), served(2), fault("throttled")),
    Row("429 without a code", ("retry-throttled",), served(2), fault("throttled", **GATEWAY)),
    Row("429, one attempt", ("attempts",), refused("ThrottlingException"), fault("throttled"),
        options={"attempts": 1}),
    Row("throttling under 503", ("retry-throttled",), served(2), fault("throttled-503")),
    Row("throttling under 400", ("retry-throttled", "code-first"), served(2),
        fault("throttled", status=400)),
    Row("400 RequestTimeout", ("code-first",), served(2),
        fault("status", status=400, code="RequestTimeout")),
    Row("400", ("retry-only-passing",), refused("ValidationException"),
        fault("status", status=400, code="ValidationException")),
    Row("402", ("retry-only-passing",), refused("ServiceQuotaExceededException"),
        fault("status", status=402, code="ServiceQuotaExceededException")),
    Row("403", ("least-skew",), refused("AccessDeniedException"),
        fault("status", status=403, code="AccessDeniedException")),
    Row("redirect", ("redirect",), same("HTTP_REDIRECT", 1, 0), fault("redirect")),
]

TIME = [
    Row("clock an hour behind", ("clock",), served(2), skew=HOUR, offset=HOUR * 1000),
    Row("clock an hour ahead", ("clock",), served(2), skew=-HOUR, offset=-HOUR * 1000),
    Row("clock behind, one attempt", ("attempts",), refused("InvalidSignatureException"),
        skew=HOUR, options={"attempts": 1}, offset=HOUR * 1000),
    Row("refused as skewed, wrongly", ("clock",), served(3), fault("time-too-skewed")),
    Row("refused as expired signature, wrongly", ("clock",), served(3), fault("signature-expired")),
    Row("refused as skewed, by little", ("least-skew",), refused("RequestTimeTooSkewed"),
        fault("time-too-skewed", skew=200)),
    Row("refused as skewed, Age", ("age",), refused("RequestTimeTooSkewed"),
        fault("time-too-skewed", age=10)),
    Row("refused as skewed, no Date", ("date",), refused("RequestTimeTooSkewed"),
        fault("time-too-skewed", date=None)),
    Row("odd Date of an answer", ("clock-of-refusals",), served(), fault("odd-date")),
    Row("expired", ("expired-kept",), refused("ExpiredTokenException"), fault("expired-token")),
    Row("expired, renewed", ("renew",), served(2), fault("expired-token"), options=RENEWING),
    Row("expired, renewed in vain", ("renew-once",), refused("ExpiredTokenException", 2),
        until_cleared("expired-token"), options=RENEWING),
]


def breaks():
    for how, error in BROKEN.items():
        for place, done in (("before-read", 0), ("before-work", 0), ("before-answer", 1),
                            ("in-head", 1), ("in-body", 1)):
            name = f"{how}-{place}"
            yield Row(name, ("once", "cue-once", "unsure", "retry-network"),
                      lost(error, bool(done)), fault(name), transports=ALL)
        name = f"{how}-before-read"
        yield Row(f"{name} of a kept connection", ("resend", "resend-once"), lost(error, False),
                  fault(name), transports=ALL, meets=KEPT, options={"attempts": 1})
        name = f"{how}-when-idle"
        # A reset is also seen when the request does not leave.
        rules = ("look-or-resend",) if how == "reset" else ("look", "look-or-resend")
        yield Row(name, rules, served(), fault(name), transports=ALL, meets=BEFORE,
                  options={"attempts": 1}, idle=100, connections=1)


KEEPING = [
    Row("kept connection", ("keep",), served(), transports=ALL, meets=KEPT, kept=True,
        connections=0),
    Row("idle for 2.9 s", ("keep",), served(), meets=KEPT, idle=2900, connections=0),
    *(Row(f"idle for 3.1 s: {word}", (rule,), ends, meets=KEPT, idle=3100, connections=number)
      for word, rule, number, ends in (
          ("may be repeated", "keep", 0, {c: See("OK", 1, 1) for c in CLASSES if c not in ONCE}),
          ("must not", "idle-once", 1, {c: See("OK", 1, 1) for c in ONCE}))),
    Row("idle for 20 s", ("idle",), served(), meets=KEPT, idle=20000, connections=1),
]

PAUSES = [
    *(Row(f"stall-{place}", ("deadline", "once"), late(1), fault(f"stall-{place}", **STALLED),
          transports=ALL, meets=KEPT, options=SHORT, kept=False)
      for place in ("before-work", "before-answer", "in-head", "in-body")),
    Row("short stall", ("patience",), served(), fault("stall-before-answer", seconds=0.2),
        kept=True, least_ms=150),
    *(Row(name, ("deadline",), same("TIMEOUT", 0, 0), fault(name, **STALLED), options=SHORT)
      for name in ("stall-connect", "stall-handshake")),
    Row("slow loris", ("deadline", "once"), late(1), fault("drip", pause=1), transports=ALL,
        meets=KEPT, options=SHORT, kept=False),
    Row("slow loris in the handshake", ("deadline",), same("TIMEOUT", 0, 0),
        fault("drip-wire", pause=1), options=SHORT),
    Row("drip", ("pieces",), served(), fault("drip"), transports=ALL, kept=True),
]

FRAMING = [
    Row("chunked", ("chunked",), served(), fault("chunked"), transports=ALL, kept=True),
    Row("close-delimited", ("close-delimited",), served(), fault("close-delimited"),
        transports=ALL, kept=False),
    Row("truncate-close-delimited", ("farewell",), lost("NET", True),
        fault("truncate-close-delimited")),
    Row("truncate-close-delimited, plain", ("close-delimited",), served(),
        fault("truncate-close-delimited"), transports=("http",), kept=False),
    Row("truncate-close-delimited, plain, cut", ("json", "unsure-body"), garbled("JSON"),
        fault("truncate-close-delimited", after=1), transports=("http",)),
    Row("connection-close", ("connection-close",), served(), fault("connection-close"),
        transports=ALL, kept=False),
    Row("http-1.0", ("http-1.0",), served(), fault("http-1.0"), transports=ALL, kept=False),
    Row("interim", ("interim",), served(), fault("interim"), transports=ALL,
        options={"deadline": 3000}, kept=True),
    Row("length-too-long", ("whole-body",), lost("CLOSED", True), fault("length-too-long"),
        transports=ALL),
    Row("length-too-short", ("leftovers", "unsure-body"), garbled("JSON"),
        fault("length-too-short"), transports=ALL, kept=False),
    Row("extra-bytes", ("leftovers",), served(), fault("extra-bytes"), transports=ALL, kept=False),
    Row("large-head", ("head-max",), unreadable("HTTP_HEAD"), fault("large-head", kilobytes=9),
        transports=ALL, kept=False),
    Row("large-head, within the limit", ("head-max-kept",), served(),
        fault("large-head", kilobytes=6), transports=ALL),
    Row("endless-head", ("head-max",), unreadable("HTTP_HEAD"), fault("endless-head"),
        transports=ALL, options={"deadline": 3000}, kept=False),
    Row("endless-chunks", ("space",), same("SPACE", 1, 1), fault("endless-chunks"),
        transports=ALL, options={"deadline": 3000}, kept=False),
    *(Row(f"endless-chunks: {part}", ("head-max",), unreadable("HTTP_HEAD"),
          fault("endless-chunks", part=part), transports=ALL, options={"deadline": 3000}, kept=False)
      for part in ("size", "extension", "trailer")),
    *(Row(f"large-body{word}", ("space",), served(), fault("large-body", megabytes=1, **more),
          transports=ALL, options={"space_max": 4 << 20})
      for word, more in (("", {}), (", chunked", {"chunked": True}))),
    Row("large-body, no room", ("space",), same("SPACE", 1, 1),
        fault("large-body", megabytes=1), transports=ALL, kept=False),
]

BODIES = [
    Row("invalid-json", ("json", "unsure-body"), garbled("JSON"), fault("invalid-json")),
    Row("other-json", ("type", "unsure-body"), garbled("TYPE"), fault("other-json")),
    Row("empty-body", ("empty",), served(), fault("empty-body")),
    Row("invalid-utf8", ("utf8", "unsure-body"), garbled("JSON"), fault("invalid-utf8")),
    Row("gzip", ("coding",), unreadable("HTTP_CODING"), fault("gzip"), kept=False),
    Row("gzip, not labelled", ("json", "unsure-body"), garbled("JSON"),
        fault("gzip", labelled=False)),
]

HANDSHAKES = [
    *(Row(name, ("retry-network",), served(), fault(name), kept=True)
      for name in ("reset-connect", "close-connect", "reset-handshake", "close-handshake",
                   "tls-alert", "alert-handshake", "tls-plain", "tls-old")),
    *(Row(f"{name} always", ("attempts",), same(error, 0, 0), until_cleared(name),
          options={"attempts": 2, "deadline": 3000}, connections=2)
      for name, error in (("reset-connect", "NET"), ("tls-alert", "TLS"),
                          ("alert-handshake", "TLS"), ("tls-old", "TLS"))),
    Row("alert-finished", ("retry-network",), served(), fault("alert-finished"),
        transports=("1.2",), kept=True),
    # With TLS 1.3 the request is on its way already.
    Row("alert-finished, 1.3", ("once", "cue-once", "unsure"),
        {**served(), **{c: See("UNSURE", 0, 0, "TLS") for c in ONCE}}, fault("alert-finished"),
        transports=("1.3",)),
    *(Row(name, (rule, "no-retry-tls"), same(error, 0, 0), fault(name), connections=1)
      for name, rule, error in (
          ("tls-expired", "tls-date", "TLS_DATE"), ("tls-not-yet-valid", "tls-date", "TLS_DATE"),
          ("tls-wrong-host", "tls-name", "TLS_NAME"), ("tls-unknown-ca", "tls-trust", "TLS_TRUST"),
          ("tls-self-signed", "tls-trust", "TLS_TRUST"))),
    Row("drip-wire", ("tls-pieces",), served(), fault("drip-wire", size=50, pause=0.002),
        options={"attempts": 1}, kept=True),
]

ROWS = [*REFUSALS, *TIME, *breaks(), *KEEPING, *PAUSES, *FRAMING, *BODIES, *HANDSHAKES]
