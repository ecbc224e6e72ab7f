"""Refusals and redirections. The operation is not carried out, unless `carriedOut` says so."""

from ..clock import stamp
from ..sigv4 import WINDOW
from .common import any_text, either, fault, flag, header_value, maybe, number, whole

SKEW_LIMIT = 50 * 365 * 86400
WAIT = maybe(either(number(None, 0, 1 << 31), header_value(None)))
EXPIRED = "The security token included in the request is expired"
SKEWED = "The difference between the request time and the current time is too large."


def dating(skew=0):
    """`skew`: Date is that far off; `date`: a text in its place, false or null for none."""
    return {"skew": number(skew, -SKEW_LIMIT, SKEW_LIMIT, " (seconds)"),
            "date": either(flag(True), maybe(header_value(None))),
            "age": maybe(whole(None, 0, 1 << 31))}


def refusing(status, code, message, skew=0):
    return {
        "status": whole(status, 200, 999), "code": header_value(code),
        "message": maybe(any_text(message)), "body": maybe(any_text(None)),
        "retry_after": WAIT, "amz_retry_after": WAIT,
        "carried_out": flag(False), **dating(skew),
    }


def set_date(x, draft, skew, date, age):
    if date is True:
        draft.put("Date", x.http_date(skew))
    elif isinstance(date, str):
        draft.put("Date", date)
    else:
        draft.drop("Date")
    if age is not None:
        draft.put("Age", str(age))


@fault("status", **refusing(500, "InternalServerException", "Internal server error"))
@fault("internal-error", **refusing(500, "InternalServerException", "Internal server error"))
@fault("unavailable", **refusing(503, "ServiceUnavailable", "The service is unavailable"))
@fault("throttled", **refusing(429, "ThrottlingException", "Rate exceeded"))
@fault("throttled-503", **refusing(503, "ThrottlingException", "Rate exceeded"))
@fault("expired-token", **refusing(403, "ExpiredTokenException", EXPIRED))
@fault("time-too-skewed", **refusing(403, "RequestTimeTooSkewed", SKEWED, skew=3600))
def refusal(x, status, code, message, body, retry_after, amz_retry_after, carried_out, skew, date,
            age):
    if carried_out:
        x.answer()
    draft = x.refuse(status, code, message, body)
    if retry_after is not None:
        draft.put("Retry-After", str(retry_after))
    if amz_retry_after is not None:
        draft.put("x-amz-retry-after", str(amz_retry_after))
    set_date(x, draft, skew, date, age)
    yield draft.whole()


@fault("signature-expired", **refusing(403, "InvalidSignatureException", None, skew=3600))
def signature_expired(x, message, skew, **others):
    """As the real check would put it if the service's clock were that far ahead, or behind."""
    sent = ",".join(x.read().all("x-amz-date"))
    now = x.now() + skew
    if message is None and skew >= 0:
        message = (f"Signature expired: {sent} is now earlier than {stamp(now - WINDOW)} "
                   f"({stamp(now)} - 5 min.)")
    elif message is None:
        message = (f"Signature not yet current: {sent} is still later than {stamp(now + WINDOW)} "
                   f"({stamp(now)} + 5 min.)")
    yield from refusal(x, message=message, skew=skew, **others)


@fault("odd-date", **dating(3600))
def odd_date(x, skew, date, age):
    draft = x.answer()
    set_date(x, draft, skew, date, age)
    yield draft.whole()


@fault("redirect", status=whole(307, 300, 399), location=maybe(header_value(None)))
def redirect(x, status, location):
    """Without `location`, to where the request came: a client that follows is seen to ask again."""
    draft = x.refuse(status, "", None, "")
    draft.put("Location", x.url() if location is None else location)
    yield draft.whole()
