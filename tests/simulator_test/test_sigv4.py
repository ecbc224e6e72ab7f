"""The simulator's signature check against botocore's signer, on random requests."""

import hashlib
import os
import random
import string
import sys
import unittest
from pathlib import Path
from urllib.parse import quote, urlsplit

sys.path.insert(0, str(Path(__file__).parent))

from support import ACCESS_KEY, SECRET_KEY, sign, versions  # noqa: E402
from simulator import sigv4  # noqa: E402
from simulator.clock import stamp  # noqa: E402
from simulator.errors import GenericError  # noqa: E402
from simulator.wire import Request  # noqa: E402

SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))
REQUESTS = 1500


def as_received(prepared):
    """The prepared request as it would come off the wire."""
    url = urlsplit(prepared.url)
    headers = [(k.lower(), v.decode() if isinstance(v, bytes) else v)
               for k, v in prepared.headers.items()]
    if not any(name == "host" for name, _ in headers):
        headers.append(("host", url.netloc))
    return Request(prepared.method, url.path, url.query, "HTTP/1.1", headers,
                   prepared.body if isinstance(prepared.body, bytes) else b"")


def date_of(request):
    from datetime import datetime, timezone
    return datetime.strptime(request.all("x-amz-date")[0], "%Y%m%dT%H%M%SZ").replace(
        tzinfo=timezone.utc).timestamp()


def verify(request, token="", now=None, expired=False, region="us-west-2"):
    credential = sigv4.Credential(ACCESS_KEY, SECRET_KEY, token, expired)
    sigv4.verify(request, [credential], date_of(request) if now is None else now, region)
    return sigv4.claimed_key(request)


def signed(**options):
    return as_received(sign("POST", "https://localhost:8443/ListChannels", b"{}", **options))


def replace(request, name, value):
    request.headers = [(k, value if k == name else v) for k, v in request.headers]
    return request


class AgainstBotocore(unittest.TestCase):
    def test_random_requests(self):
        print(f"seed: {SEED} (repeat with SEED={SEED})", flush=True)
        rng = random.Random(SEED)
        for number in range(REQUESTS):
            method, url, body, headers, token = self.random_request(rng)
            request = as_received(sign(method, url, body, headers, token))
            with self.subTest(number=number, url=url):
                self.assertEqual(verify(request, token or ""), ACCESS_KEY)
                self.spoil(rng, request)
                with self.assertRaises(GenericError):
                    verify(request, token or "")

    def random_text(self, rng, longest):
        alphabet = string.ascii_letters + string.digits + "-_.~ +/=:@%&?é😀'\"*()"
        return "".join(rng.choice(alphabet) for _ in range(rng.randint(1, longest)))

    def random_request(self, rng):
        port = rng.choice(["", ":8443"])
        path, method, query = "/" + rng.choice(["ListChannels", "PutMetadata"]), "POST", ""
        if rng.random() < 0.5:
            arn = "arn:aws:ivs:us-west-2:1:" + self.random_text(rng, 30)
            path = "/tags/" + quote(arn, safe="")
            method = rng.choice(["GET", "POST", "DELETE"])
            query = "&".join("tagKeys=" + quote(self.random_text(rng, 9), safe="-_.~")
                             for _ in range(rng.randint(0, 5)))
        url = f"https://localhost{port}{path}" + ("?" + query if query else "")
        body = self.random_text(rng, 400).encode() if method == "POST" else b""
        headers = {"X-Amz-Thing": " a   b  " + str(rng.random())} if rng.random() < 0.3 else {}
        token = "".join(rng.choices(string.ascii_letters + "+/=", k=rng.randint(1, 1500))) \
            if rng.random() < 0.4 else None
        return method, url, body, headers, token

    def spoil(self, rng, request):
        """Changes one thing that the signature covers."""
        what = rng.choice(["path", "query", "body", "method", "signature", "date"])
        if what == "path":
            request.path += "x"
        elif what == "query":
            request.query += "&x=1"
        elif what == "body":
            request.body += b" "
        elif what == "method":
            request.method += "X"
        elif what == "signature":
            value = request.all("authorization")[0]
            replace(request, "authorization", value[:-1] + ("0" if value[-1] != "0" else "1"))
        else:
            replace(request, "x-amz-date", stamp(date_of(request) + 1))

    def test_the_path_is_encoded_twice_and_the_query_sorted(self):
        path = "/tags/arn%3Aaws%3Aivs%3Achannel%2Fab"
        self.assertEqual(sigv4.canonical_path(path), "/tags/arn%253Aaws%253Aivs%253Achannel%252Fab")
        self.assertEqual(sigv4.canonical_query("tagKeys=b%20k&tagKeys=a%2f%C3%A9&tagKeys=B"),
                         "tagKeys=B&tagKeys=a%2F%C3%A9&tagKeys=b%20k")


class Refusals(unittest.TestCase):
    def refused(self, code, text, request, **options):
        with self.assertRaises(GenericError) as caught:
            verify(request, **options)
        self.assertEqual((caught.exception.status, caught.exception.code), (403, code))
        self.assertIn(text, caught.exception.message)

    def test_no_authorization(self):
        request = signed()
        request.headers = [h for h in request.headers if h[0] != "authorization"]
        self.refused("MissingAuthenticationTokenException", "Missing Authentication Token", request)

    def test_incomplete(self):
        for value in ("Basic abc", "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host",
                      "AWS4-HMAC-SHA256 Credential=short, SignedHeaders=host, Signature=0"):
            self.refused("IncompleteSignatureException", "",
                         replace(signed(), "authorization", value))

    def test_the_header_is_never_repeated(self):
        secret = "Basic c2VjcmV0"
        with self.assertRaises(GenericError) as caught:
            verify(replace(signed(), "authorization", secret))
        self.assertNotIn("c2VjcmV0", caught.exception.message)

    def test_dates(self):
        request = signed()
        then = int(date_of(request))
        self.assertEqual(verify(request, now=then + 300), ACCESS_KEY)
        self.assertEqual(verify(request, now=then - 300), ACCESS_KEY)
        self.refused("InvalidSignatureException",
                     f"Signature expired: {stamp(then)} is now earlier than {stamp(then + 1)} "
                     f"({stamp(then + 301)} - 5 min.)", request, now=then + 301)
        self.refused("InvalidSignatureException",
                     f"Signature not yet current: {stamp(then)} is still later than "
                     f"{stamp(then - 1)} ({stamp(then - 301)} + 5 min.)", request, now=then - 301)

    def test_malformed_dates(self):
        for date in ("yesterday", "20261340T000000Z", "2026-01-01T00:00:00Z"):
            self.refused("IncompleteSignatureException", "",
                         replace(signed(), "x-amz-date", date), now=0)

    def test_unknown_key_and_tokens(self):
        invalid = "The security token included in the request is invalid."
        self.refused("UnrecognizedClientException", invalid, signed(access_key="AKIDOTHER"))
        self.refused("UnrecognizedClientException", invalid, signed(), token="wanted")
        self.refused("UnrecognizedClientException", invalid, signed(token="wrong"), token="wanted")
        self.refused("UnrecognizedClientException", invalid, signed(token="surplus"))

    def test_a_token_sent_twice(self):
        request = signed(token="t")
        request.headers.append(("x-amz-security-token", "t"))
        self.refused("UnrecognizedClientException", "", request, token="t")

    def test_an_expired_token(self):
        self.refused("ExpiredTokenException", "expired", signed(token="t"), token="t", expired=True)

    def test_wrong_secret(self):
        self.refused("InvalidSignatureException", "does not match", signed(secret_key="other"))

    def test_wrong_region(self):
        self.refused("InvalidSignatureException", "valid region", signed(region="eu-west-1"))

    def test_headers_that_must_be_signed(self):
        for name in ("host", "x-amz-date", "x-amz-security-token"):
            request = signed(token="t")
            value = request.all("authorization")[0]
            names = value.split("SignedHeaders=")[1].split(",")[0]
            fewer = ";".join(n for n in names.split(";") if n != name)
            self.refused("InvalidSignatureException", f"'{name}' must be",
                         replace(request, "authorization", value.replace(names, fewer)), token="t")

    def test_a_signed_header_that_is_not_there(self):
        request = signed(headers={"X-Amz-Thing": "1"})
        request.headers = [h for h in request.headers if h[0] != "x-amz-thing"]
        self.refused("InvalidSignatureException", "does not exist", request)

    def test_a_payload_hash_header_has_to_be_right(self):
        good = hashlib.sha256(b"{}").hexdigest()
        self.assertEqual(verify(signed(headers={"X-Amz-Content-SHA256": good})), ACCESS_KEY)
        bad = hashlib.sha256(b"").hexdigest()
        request = signed(headers={"X-Amz-Content-SHA256": bad})
        self.refused("InvalidSignatureException", "x-amz-content-sha256", request)


if __name__ == "__main__":
    versions("python", "botocore")
    unittest.main()
