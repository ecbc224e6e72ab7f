"""Control calls for the ends that credentials come from, and for the proxy: see README.md."""

from .control_body import Wrong, member
from .credentials import Failure
from .issuer import LIFETIME_MAX, TOKEN_LENGTH_MAX, TOKEN_LENGTH_MIN

NAMES = ("sts", "container", "imds", "iot", "proxy")
FAILING_MEMBERS = {"end", "how", "operation", "times", "status", "seconds", "member", "code",
                   "size", "text"}
CREDENTIAL_MEMBERS = ("accessKeyId", "secretAccessKey", "sessionToken", "expiration")
TIMES_MAX = 1000000
SIZE_MAX = 1024 * 1024


def find(service, name):
    end = service.ends.opened.get(name)
    if end is None:
        known = ", ".join(service.ends.opened) or "none: see ivs-sim --help"
        raise Wrong(f"there is no end '{name}'; there are: {known}")
    return end


def number(body, name, least, most, default, kinds=(int,)):
    value = member(body, name, kinds, "a number")
    if value is None:
        return default
    if not least <= value <= most:
        raise Wrong(f"{name} has to be {least} to {most}")
    return value


def describe(service, _body):
    """GET ends: what is open, how often each was asked, what was issued."""
    issuer = service.issuer
    return {"ends": service.ends.describe(), "issued": issuer.describe(),
            "lifetime": issuer.lifetime, "tokenLength": issuer.token_length}


def change(service, body):
    """POST ends: a member that is absent leaves things as they are."""
    known = {"lifetime", "tokenLength", *NAMES}
    if set(body) - known:
        raise Wrong(f"unknown: {', '.join(sorted(set(body) - known))}")
    issuer = service.issuer
    if "lifetime" in body:
        issuer.lifetime = number(body, "lifetime", 1, LIFETIME_MAX, None)
    issuer.token_length = number(body, "tokenLength", TOKEN_LENGTH_MIN, TOKEN_LENGTH_MAX,
                                 issuer.token_length)
    for name in NAMES:
        rules = member(body, name, (dict,), "an object")
        if rules is not None:
            find(service, name).change(rules)
    return describe(service, body)


def expire(service, _body):
    """POST ends/expire: everything issued so far ends now."""
    return {"expired": service.issuer.expire_all()}


def fail(service, body):
    """POST ends/fail: an end fails some times; `how` null takes its failures back."""
    if set(body) - FAILING_MEMBERS:
        raise Wrong(f"unknown: {', '.join(sorted(set(body) - FAILING_MEMBERS))}")
    end = find(service, member(body, "end", (str,), "the name of an end"))
    how = member(body, "how", (str,), "a way to fail, or null")
    if how is None:
        end.failures.clear()
    elif how not in end.failures_known:
        raise Wrong(f"{end.name} can fail by: {', '.join(end.failures_known)}")
    else:
        end.failures.add(read_failure(end, how, body))
    return {"failures": end.failures.describe()}


def read_failure(end, how, body):
    failure = Failure(how, times=number(body, "times", 1, TIMES_MAX, 1))
    if "times" in body and body["times"] is None:
        failure.times = None
    failure.status = number(body, "status", 200, 599, failure.status)
    failure.seconds = number(body, "seconds", 0, 3600, 1.0 if how == "drip" else 60.0,
                             (int, float))
    failure.size = number(body, "size", 0, SIZE_MAX, 16384 if how == "long" else 0)
    failure.text = member(body, "text", (str,), "text") or ""
    failure.code = member(body, "code", (str,), "a code") or "AssumeRoleUnauthorizedAccess"
    failure.member = member(body, "member", (str,), "a member's name") or failure.member
    if failure.member not in CREDENTIAL_MEMBERS:
        raise Wrong(f"member has to be one of {', '.join(CREDENTIAL_MEMBERS)}")
    failure.operations = read_operations(end, how, body)
    return failure


def read_operations(end, how, body):
    """What the failure is for: what the call names, or all that it makes sense for."""
    name = member(body, "operation", (str,), "an operation")
    if name is not None and name not in end.operations:
        raise Wrong(f"{end.name} knows: {', '.join(end.operations)}")
    if how in ("missing", "expired", "code"):
        return end.issuing
    return (name,) if name else ()


CALLS = {
    ("GET", "ends"): describe,
    ("POST", "ends"): change,
    ("POST", "ends/expire"): expire,
    ("POST", "ends/fail"): fail,
}
