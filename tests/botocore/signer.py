"""Random requests, signed by botocore and by the C driver tests/core/sign_stdin.c, byte for byte.

usage: signer.py DRIVER        (the seed is printed; IVS_SEED repeats a run)
"""
import datetime
import hashlib
import os
import random
import subprocess
import sys
import types
from urllib.parse import quote, urlsplit

try:
    import botocore
    import botocore.auth
    import botocore.session
    from botocore.awsrequest import AWSRequest
    from botocore.config import Config
    from botocore.credentials import Credentials
except ImportError as missing:
    sys.exit(f"signer.py: {missing}: install python3-botocore and run this with /usr/bin/python3")

REQUESTS = 2000
TAG_CALLS = 50  # of each of the three operations
DRIVER_SECONDS = 60

METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"]
UNRESERVED = "ABCXYZabcxyz0129-._~"
# No TAB, CR or LF: Python's urlsplit() removes them from a URL. No '?' or '#': they end the path.
PATH_CHARACTERS = UNRESERVED + "!$&'()*+,;=:@%[]{}|\\^`\"<> \x01\x7f\u00e4\u1234\U0001f600"
TEXT_CHARACTERS = UNRESERVED + "!#$&'()*+,/;=:?@%[]{}|\\^`\"<> \t\r\n\x01\x7f\u00e0\u0085\u1234\U0001f600"
# White space here is SP and HTAB, all that HTTP knows. Python's str.split() also splits at U+0085,
# U+00A0 and other characters whose bytes are not white space in a header.
VALUE_CHARACTERS = UNRESERVED + "!#$&'()*+,/;=:?@%[]{}|\\^`\"<> \t\u00e0\u1234\U0001f600"
# Every header is signed here. botocore leaves out user-agent, expect and x-amzn-trace-id, which
# proxies change, rewrites date, and takes x-amz-content-sha256 for the payload's hash without
# looking; ivs_sigv4_sign() leaves all this to its caller.
HEADER_NAMES = ["Content-Type", "ACCEPT", "x-amz-target", "X-Amz-Meta-Color", "x-amz-meta-colour",
                "x", "X-A", "x-a-b", "Range", "If-Match",
                "x-amz-a-name-that-is-longer-than-thirty-two-characters"]


class Request:
    """What both sides sign. url has the wire form of the path, query the wire form of the query."""

    def __init__(self):
        self.method, self.host, self.path, self.query = "GET", "", "/", ""
        self.headers, self.payload, self.raw = [], b"", False
        self.key_id = self.secret = self.date = self.region = self.service = ""


def text(rng, characters, longest):
    return "".join(rng.choice(characters) for _ in range(rng.randint(0, longest)))


def random_path(rng):
    segments = []
    for _ in range(rng.randint(0, 6)):
        segments.append(rng.choice(["", ".", "..", "tags", text(rng, PATH_CHARACTERS, 12),
                                    quote(text(rng, TEXT_CHARACTERS, 6), safe="")]))
    return "/" + "/".join(segments) + rng.choice(["", "/"])


def wire_form(rng, value):
    """One of the ways to write value in a query: only what would end a member has to be encoded."""
    out = ""
    for byte in value.encode():
        character = chr(byte)
        must = character in "&=%#+\t\r\n" or byte >= 128
        if must or rng.random() < 0.3:
            out += rng.choice(["%%%02x", "%%%02X"]) % byte
        else:
            out += character
    return out


def random_query(rng):
    """The members, and their wire form. Names repeat often."""
    names = [text(rng, TEXT_CHARACTERS, 4) for _ in range(3)] + ["tagKeys", "a", "a-", "A", "aa"]
    members = [(rng.choice(names), text(rng, TEXT_CHARACTERS, 8)) for _ in range(rng.randint(0, 12))]
    wire = []
    for name, value in members:
        bare = value == "" and rng.random() < 0.5
        wire.append(wire_form(rng, name) + ("" if bare else "=" + wire_form(rng, value)))
    # A lone empty member without its '=' would be no query at all.
    return members, "&".join(wire) or ("=" if members else "")


def random_headers(rng):
    out = []
    for _ in range(rng.randint(0, 8)):
        name = rng.choice(HEADER_NAMES)
        name = rng.choice([name, name.lower(), name.upper(), name.title()])
        words = [text(rng, VALUE_CHARACTERS, 10) for _ in range(rng.randint(0, 5))]
        out.append((name, rng.choice(["", " ", "  "]).join(words)))
    return out


def random_token(rng):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
    return "".join(rng.choice(letters) for _ in range(rng.choice([1, 60, 400, 1500])))


def frozen(moment):
    """A datetime module whose present is moment."""
    class Frozen(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return moment.replace(tzinfo=None)

        @classmethod
        def now(cls, tz=None):
            return moment if tz else moment.replace(tzinfo=None)
    return types.SimpleNamespace(datetime=Frozen, timezone=datetime.timezone)


def random_case(rng):
    """A request and botocore's Authorization header for it."""
    rq = Request()
    # Upper case only: HTTP's methods are case-sensitive, botocore would change them.
    rq.method = rng.choice(METHODS)
    scheme, port = rng.choice([("https", ""), ("http", ""), ("https", ":8443"), ("https", ":443"),
                               ("http", ":4566")])
    name = rng.choice(["ivs.eu-west-1.amazonaws.com", "127.0.0.1", "localhost", "[::1]"])
    rq.host = name if port == ":443" else name + port
    rq.path = random_path(rng)
    members, rq.query = random_query(rng)
    rq.payload = rng.randbytes(rng.choice([0, 0, 1, 55, 56, 64, 1024, 5000]))
    rq.key_id = "AKIA" + text(rng, "ABCDEFGHIJ234567", 16)
    rq.secret = "s" + text(rng, "ABCDEFabcdef0123456789+/", rng.choice([39, 127]))
    rq.region = rng.choice(["us-east-1", "eu-west-1", "ap-northeast-2", "cn-north-1"])
    rq.service = rng.choice(["ivs", "sts", "ivschat"])
    moment = datetime.datetime.fromtimestamp(rng.randrange(4 * 10**9), datetime.timezone.utc)
    rq.date = moment.strftime("%Y%m%dT%H%M%SZ")
    token = random_token(rng) if rng.random() < 0.5 else None
    extra = random_headers(rng)

    theirs = AWSRequest(method=rq.method, url=f"{scheme}://{name}{port}{rq.path}",
                        data=rq.payload, params=members)
    for header, value in extra:
        theirs.headers[header] = value  # adds, does not replace
    credentials = Credentials(rq.key_id, rq.secret, token)
    rq.raw = rng.random() < 0.15
    if rq.raw:
        theirs.context["client_config"] = Config(s3={"payload_signing_enabled": True})
        signer = botocore.auth.S3SigV4Auth(credentials, rq.service, rq.region)
        extra.append(("X-Amz-Content-SHA256", hashlib.sha256(rq.payload).hexdigest()))
    else:
        signer = botocore.auth.SigV4Auth(credentials, rq.service, rq.region)
    module = botocore.auth.datetime
    botocore.auth.datetime = frozen(moment)
    try:
        signer.add_auth(theirs)
    finally:
        botocore.auth.datetime = module

    # The order between names is free; that of the values of one name is not.
    own = [("Host", rq.host), ("X-Amz-Date", rq.date)]
    if token:
        own.append(("x-amz-security-token", token))
    rq.headers = extra
    for header in own:
        rq.headers.insert(rng.randint(0, len(rq.headers)), header)
    return rq, theirs.headers["Authorization"]


class Captured(Exception):
    """Thrown instead of sending."""


def tag_cases(rng):
    """The three operations with a path label, as botocore's own client would send them."""
    session = botocore.session.Session()
    session.set_credentials("AKIDEXAMPLE", "secret", random_token(rng))
    client = session.create_client("ivs", region_name="eu-west-1",
                                   endpoint_url="https://ivs.eu-west-1.amazonaws.com:8443")
    sent = []

    def capture(request, **_):
        sent.append(request)
        raise Captured

    client.meta.events.register("before-send.ivs.*", capture)
    for number in range(3 * TAG_CALLS):
        arn = f"arn:aws:ivs:eu-west-1:123456789012:channel/{text(rng, UNRESERVED + '/+ =@', 12)}"
        keys = [text(rng, TEXT_CHARACTERS, 10) + "k" for _ in range(rng.randint(1, 20))]
        call = [lambda: client.list_tags_for_resource(resourceArn=arn),
                lambda: client.tag_resource(resourceArn=arn, tags={key: "v" for key in keys}),
                lambda: client.untag_resource(resourceArn=arn, tagKeys=keys)][number % 3]
        try:
            call()
        except Captured:
            pass
        yield from_prepared(sent.pop())


def from_prepared(prepared):
    """A request and its Authorization header from what botocore was about to send."""
    headers = [(name, value.decode() if isinstance(value, bytes) else value)
               for name, value in prepared.headers.items()]
    authorization = next(value for name, value in headers if name.lower() == "authorization")
    scope = authorization.split("Credential=")[1].split(",")[0].split("/")
    signed = authorization.split("SignedHeaders=")[1].split(",")[0].split(";")
    parts = urlsplit(prepared.url)
    rq = Request()
    rq.method, rq.host, rq.path, rq.query = prepared.method, parts.netloc, parts.path, parts.query
    rq.key_id, rq.secret, rq.region, rq.service = scope[0], "secret", scope[2], scope[3]
    rq.headers = [(name, value) for name, value in headers if name.lower() in signed]
    if not any(name.lower() == "host" for name, _ in rq.headers):
        rq.headers.append(("Host", rq.host))
    rq.date = next(value for name, value in headers if name.lower() == "x-amz-date")
    body = prepared.body or b""
    rq.payload = body.encode() if isinstance(body, str) else bytes(body)
    return rq, authorization


def driver_input(rq):
    """The form that sign_stdin.c reads."""
    fields = [rq.key_id, rq.secret, rq.date, rq.region, rq.service, rq.method, rq.path, rq.query,
              rq.payload, "raw" if rq.raw else ""]
    for name, value in rq.headers:
        fields += [name, value]
    fields.append("")
    coded = [field if isinstance(field, bytes) else field.encode() for field in fields]
    return b"".join(b"%d %s" % (len(data), data) for data in coded)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: signer.py DRIVER")
    seed = int(os.environ.get("IVS_SEED") or str(random.SystemRandom().randrange(2**32)), 0)
    print(f"seed: IVS_SEED={seed}; Python {sys.version.split()[0]}, "
          f"botocore {botocore.__version__}", flush=True)
    rng = random.Random(seed)
    cases = [random_case(rng) for _ in range(REQUESTS)] + list(tag_cases(rng))
    wire = b"".join(driver_input(rq) for rq, _ in cases)
    run = subprocess.run([sys.argv[1]], input=wire, stdout=subprocess.PIPE, check=False,
                         timeout=DRIVER_SECONDS)
    answers = run.stdout.decode().splitlines()
    if run.returncode != 0 or len(answers) != len(cases):
        sys.exit(f"signer.py: the driver ended with {run.returncode} after {len(answers)} of "
                 f"{len(cases)} requests")
    failed = 0
    for (rq, expected), got in zip(cases, answers):
        if got == expected:
            continue
        failed += 1
        if failed <= 5:
            print(f"{rq.method} {rq.path!r} ? {rq.query!r}\n  headers {rq.headers!r}\n  raw {rq.raw}\n"
                  f"  botocore {expected}\n  driver   {got}", file=sys.stderr)
    if failed:
        sys.exit(f"signer.py: {failed} of {len(cases)} signatures differ")
    print(f"{REQUESTS} random requests and {len(cases) - REQUESTS} tag calls: the same signatures")


if __name__ == "__main__":
    main()
