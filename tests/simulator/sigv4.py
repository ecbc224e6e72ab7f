"""Verification of AWS Signature Version 4, written from AWS's public description of the scheme.

`verify()` takes a request exactly as it came over the wire and raises the error the service would
answer with. The path is encoded once more than on the wire, as every service but S3 does it.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Optional
from urllib.parse import quote, unquote_to_bytes

from .clock import stamp
from .errors import GenericError

ALGORITHM = "AWS4-HMAC-SHA256"
TERMINATOR = "aws4_request"
WINDOW = 5 * 60  # seconds a signature's date may be away from the service's
MUST_BE_SIGNED = ("host", "x-amz-date")


@dataclass
class Credential:
    access_key: str
    secret_key: str
    session_token: str = ""
    expired: bool = False
    expires: Optional[float] = None  # epoch seconds; None: it does not end by itself

    def has_expired(self, now):
        return self.expired or self.expires is not None and now >= self.expires


@dataclass
class Authorization:
    access_key: str
    scope: list  # date, region, service, terminator
    signed_headers: list
    signature: str


def refuse(code, message):
    return GenericError(403, code, message)


def unrecognized():
    return refuse("UnrecognizedClientException",
                  "The security token included in the request is invalid.")


def parse_authorization(header):
    """Read an Authorization header; the error never repeats it in clear."""
    algorithm, _, rest = header.strip().partition(" ")
    fields = {}
    if algorithm == ALGORITHM:
        for part in rest.split(","):
            name, equals, value = part.strip().partition("=")
            if equals:
                fields[name] = value
    missing = [n for n in ("Credential", "Signature", "SignedHeaders") if not fields.get(n)]
    if missing:
        digest = base64.b64encode(hashlib.sha256(header.encode("latin-1")).digest()).decode()
        wants = " ".join(f"Authorization header requires '{name}' parameter." for name in missing)
        raise refuse("IncompleteSignatureException",
                     f"{wants} (Hashed with SHA-256 and encoded with Base64) "
                     f"Authorization={digest}")
    credential = fields["Credential"].split("/")
    if len(credential) != 5:
        raise refuse("IncompleteSignatureException",
                     "Credential must have exactly 5 slash-delimited elements, "
                     "e.g. keyid/date/region/service/term")
    return Authorization(credential[0], credential[1:], fields["SignedHeaders"].split(";"),
                         fields["Signature"])


def claimed_key(request):
    """The access key id a request names, whether or not the rest of it is right; for the log."""
    found = re.search(r"Credential=(\w{1,128})/", " ".join(request.all("authorization")), re.ASCII)
    return found.group(1) if found else ""


def canonical_path(wire_path):
    return "/".join(quote(segment, safe="-_.~") for segment in wire_path.split("/")) or "/"


def canonical_query(wire_query):
    """Names and values encoded the one permitted way, sorted by encoded name, then value."""
    pairs = []
    for part in filter(None, wire_query.split("&")):
        name, _, value = part.partition("=")
        pairs.append((quote(unquote_to_bytes(name), safe="-_.~"),
                      quote(unquote_to_bytes(value), safe="-_.~")))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def canonical_request(request, signed_headers):
    lines = [request.method, canonical_path(request.path), canonical_query(request.query)]
    for name in signed_headers:
        values = [re.sub(" +", " ", value.strip()) for value in request.all(name)]
        lines.append(f"{name}:{','.join(values)}")
    lines += ["", ";".join(signed_headers), hashlib.sha256(request.body).hexdigest()]
    return "\n".join(lines)


def signature(secret_key, scope, date, canonical):
    key = ("AWS4" + secret_key).encode()
    for part in scope:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    hashed = hashlib.sha256(canonical.encode("latin-1")).hexdigest()
    to_sign = "\n".join([ALGORITHM, date, "/".join(scope), hashed])
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()


def check_date(date, now):
    """A signature is good for five minutes either way of the service's clock."""
    if not re.fullmatch(r"\d{8}T\d{6}Z", date, re.ASCII):
        raise refuse("IncompleteSignatureException",
                     f"Date must be in ISO-8601 'basic format'. Got '{date}'.")
    try:
        signed = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc).timestamp()
    except ValueError:
        raise refuse("IncompleteSignatureException", f"'{date}' is not a date.") from None
    if signed < int(now) - WINDOW:
        raise refuse("InvalidSignatureException",
                     f"Signature expired: {date} is now earlier than {stamp(now - WINDOW)} "
                     f"({stamp(now)} - 5 min.)")
    if signed > int(now) + WINDOW:
        raise refuse("InvalidSignatureException",
                     f"Signature not yet current: {date} is still later than "
                     f"{stamp(now + WINDOW)} ({stamp(now)} + 5 min.)")


def check_scope(scope, date, region, service):
    day, scope_region, scope_service, terminator = scope
    wrong = []
    if scope_region != region:
        wrong.append(f"Credential should be scoped to a valid region, not '{scope_region}'. ")
    if scope_service != service:
        wrong.append(f"Credential should be scoped to correct service: '{service}'. ")
    if terminator != TERMINATOR:
        wrong.append("Credential should be scoped with a valid terminator: "
                     f"'{TERMINATOR}', not '{terminator}'. ")
    if day != date[:8]:
        wrong.append("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of "
                     f"date from HTTP: '{day}' != '{date[:8]}', from '{date}'.")
    if wrong:
        raise refuse("InvalidSignatureException", "".join(wrong).strip())


def check_signed_headers(request, names):
    for name in names:
        if not request.all(name):
            raise refuse("InvalidSignatureException",
                         f"'{name}' is named as a SignedHeader, but it does not exist in the "
                         "HTTP request")
    needed = list(MUST_BE_SIGNED)
    if request.all("x-amz-security-token"):
        needed.append("x-amz-security-token")
    for name in needed:
        if name not in names:
            raise refuse("InvalidSignatureException",
                         f"'{name}' must be a 'SignedHeader' in the AWS Authorization.")
    if names != sorted(set(names)) or any(name != name.lower() for name in names):
        raise refuse("InvalidSignatureException",
                     "SignedHeaders must be lower-case, sorted and named once.")


def check_token(request, credential, now):
    sent = request.all("x-amz-security-token")
    wanted = [credential.session_token] if credential.session_token else []
    if len(sent) != len(wanted) or any(
            not hmac.compare_digest(a.encode("latin-1"), b.encode()) for a, b in zip(sent, wanted)):
        raise unrecognized()
    if credential.has_expired(now):
        raise refuse("ExpiredTokenException",
                     "The security token included in the request is expired")


def verify(request, credentials, now, region, service="ivs"):
    """Raises a GenericError unless `request` is signed with one of the credentials.

    `request` has method, path and query as on the wire, body, and all(name) giving every value of
    a header; `credentials` is a list of Credential.
    """
    headers = request.all("authorization")
    if not headers:
        raise refuse("MissingAuthenticationTokenException", "Missing Authentication Token")
    given = parse_authorization(",".join(headers))
    dates = request.all("x-amz-date")
    if not dates:
        raise refuse("IncompleteSignatureException",
                     "Authorization header requires existence of either a 'X-Amz-Date' or a "
                     "'Date' header.")
    date = ",".join(dates)
    check_date(date, now)
    known = [c for c in credentials if c.access_key == given.access_key]
    if not known:
        raise unrecognized()
    credential = _by_token(known, request)
    check_token(request, credential, now)
    check_scope(given.scope, date, region, service)
    check_signed_headers(request, given.signed_headers)
    _check_payload_header(request)
    canonical = canonical_request(request, given.signed_headers)
    wanted = signature(credential.secret_key, given.scope, date, canonical)
    if not hmac.compare_digest(wanted.encode(), given.signature.encode("latin-1")):
        raise refuse("InvalidSignatureException",
                     "The request signature we calculated does not match the signature you "
                     "provided. Check your AWS Secret Access Key and signing method. Consult the "
                     "service documentation for details.")


def _by_token(known, request):
    """Two credentials may share a key id and differ in the token: an old one and its successor."""
    sent = request.all("x-amz-security-token")
    for credential in known:
        if [credential.session_token] == sent:
            return credential
    return known[-1]


def _check_payload_header(request):
    digest = hashlib.sha256(request.body).hexdigest()
    if any(value.strip() != digest for value in request.all("x-amz-content-sha256")):
        raise refuse("InvalidSignatureException",
                     "The value of x-amz-content-sha256 is not the SHA-256 of the payload.")
