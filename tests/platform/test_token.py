"""Viewer tokens, with PyJWT and the cryptography library as judges: each side verifies what the other has signed.

usage: test_token.py PROGRAM        the path of token_stdin; IVS_SEED repeats a run
"""
import base64
import hashlib
import hmac
import json
import os
import random
import subprocess
import sys
import unittest

import cryptography
import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

PROGRAM = None
SEED = int(os.environ.get("IVS_SEED", str(random.SystemRandom().randrange(2**32))))
NOW = 1795000000
ARN = "arn:aws:ivs:eu-west-1:123456789012:channel/AbCdef1G2hij"
HALF = 48
ORDER = 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973
ARGUMENT, SPACE, REQUIRED, LENGTH, RANGE, ARN_ERROR, UTF8 = -6, -3, -10, -12, -13, -14, -11
ENTROPY, CRYPTO = -82, -83
ENOUGH = 2049

# The claims in the order of token_stdin, behind exp; "" for text, 0 for a number, False for a boolean, {} for an object.
CLAIMS = {"aws:channel-arn": "", "aws:access-control-allow-origin": "", "aws:strict-origin-enforcement": False,
          "aws:single-use-uuid": "", "aws:viewer-id": "", "aws:viewer-session-version": 0,
          "aws:maximum-resolution": "", "aws:ads-opt-out": False, "aws:ads-reporting-mode": "",
          "aws:ads-playback-config-name": "", "aws:ads-player-params": {}}


def b64(data):
    data = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode() or "="


def unb64(word):
    return b"" if word == "=" else base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))


def ask(lines, *options):
    """What token_stdin answers to each line: a list of words."""
    ran = subprocess.run([PROGRAM, *options], input="".join(" ".join(map(str, line)) + "\n" for line in lines),
                         capture_output=True, text=True, timeout=100)
    if ran.returncode != 0 or ran.stderr:
        raise AssertionError(f"token_stdin: exit code {ran.returncode}: {ran.stderr[-2000:]}")
    answers = [line.split(" ") for line in ran.stdout.splitlines()]
    assert len(answers) == len(lines), (len(answers), len(lines))
    return answers


def load(pem):
    return ("load", b64(pem + b"\0" if pem.startswith(b"-----") else pem))


def sign(claims, now=NOW, size=ENOUGH):
    words = ["sign", now, size, "-" if claims.get("exp") is None else claims["exp"]]
    for name, kind in CLAIMS.items():
        value = claims.get(name)
        if value is None:
            words.append("-")
        elif kind is False:
            words.append(1 if value else 2)
        elif kind == 0:
            words.append(value)
        else:
            words.append(b64(value if kind == "" else value if isinstance(value, str) else json.dumps(value)))
    return words


def verify(token, now=NOW):
    return ("verify", now, b64(token))


def claims_of(answer):
    """The claims that a verify answered with."""
    found = {} if answer[2] == "-" else {"exp": int(answer[2])}
    for word, (name, kind) in zip(answer[3:], CLAIMS.items()):
        if kind is False and word != "0":
            found[name] = word == "1"
        elif kind == 0 and kind is not False and word != "-":
            found[name] = int(word)
        elif kind == "" and word != "-":
            found[name] = unb64(word).decode()
        elif kind == {} and word != "-":
            found[name] = json.loads(unb64(word))
    return found


def private_pem(key, form=serialization.PrivateFormat.TraditionalOpenSSL, encoding=serialization.Encoding.PEM):
    return key.private_bytes(encoding, form, serialization.NoEncryption())


def public_pem(key, encoding=serialization.Encoding.PEM):
    return key.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)


def signature_of(token):
    raw = unb64(token.rpartition(".")[2])
    return int.from_bytes(raw[:HALF], "big"), int.from_bytes(raw[HALF:], "big")


def decode(token, key):
    return jwt.decode(token, key.public_key(), algorithms=["ES384"], options={"verify_exp": False})


class Craft:
    """Signs with numbers of its choice, so that r, s or both come out short."""

    def __init__(self, rng):
        self.rng = rng
        self.secret = rng.randrange(1, ORDER)
        self.key = ec.derive_private_key(self.secret, ec.SECP384R1())

    def any_r(self):
        k = self.rng.randrange(1, ORDER)
        return k, ec.derive_private_key(k, ec.SECP384R1()).public_key().public_numbers().x % ORDER

    def short_r(self):
        while True:
            k, r = self.any_r()
            if r < 2 ** (8 * HALF - 8):
                return k, r

    def with_s(self, k, r, accept):
        """A token whose s is accepted."""
        inverse, number = pow(k, -1, ORDER), 0
        while True:
            number += 1
            text = b64('{"alg":"ES384"}') + "." + b64(json.dumps({"exp": NOW + 60, "n": number}))
            z = int.from_bytes(hashlib.sha384(text.encode()).digest(), "big")
            s = inverse * (z + r * self.secret) % ORDER
            if accept(s):
                return text + "." + b64(r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big"))


def random_claims(rng):
    claims = {"aws:channel-arn": ARN, "exp": NOW + rng.randrange(1, 601)}
    letters = "abcXYZ019 -_.:/\"\\\n\t\u00e9\u20ac\U0001f600"
    text = lambda most: "".join(rng.choice(letters) for _ in range(rng.randrange(1, most + 1)))  # noqa: E731
    maybe = {"aws:access-control-allow-origin": lambda: ",".join(f"https://{n}.example" for n in range(rng.randrange(1, 6))),
             "aws:single-use-uuid": lambda: "%08x-1234-4abc-8def-%012x" % (rng.getrandbits(32), rng.getrandbits(48)),
             "aws:viewer-id": lambda: text(40),
             "aws:viewer-session-version": lambda: rng.choice([0, 1, -1, 2**63 - 1, -2**63, rng.getrandbits(40)]),
             "aws:maximum-resolution": lambda: rng.choice(["SD", "HD", "FULL_HD"]),
             "aws:ads-opt-out": lambda: rng.random() < 0.5,
             "aws:ads-reporting-mode": lambda: rng.choice(["CLIENT", "SERVER"]),
             "aws:ads-playback-config-name": lambda: text(20),
             "aws:ads-player-params": lambda: {text(5): text(20) for _ in range(rng.randrange(4))}}
    for name, make in maybe.items():
        if rng.random() < 0.4:
            claims[name] = make()
    if "aws:access-control-allow-origin" in claims and rng.random() < 0.5:
        claims["aws:strict-origin-enforcement"] = rng.random() < 0.5
    return claims


class Tokens(unittest.TestCase):
    def setUp(self):
        self.rng = random.Random(SEED)
        self.key = ec.derive_private_key(self.rng.randrange(1, ORDER), ec.SECP384R1())

    def test_they_take_ours(self):
        """As many as it takes for r and s to have come out short: one in 256 does."""
        short = {"r": 0, "s": 0}
        for batch in range(12):
            all_claims = [random_claims(self.rng) for _ in range(500)]
            answers = ask([load(private_pem(self.key)), *map(sign, all_claims)])[1:]
            for claims, answer in zip(all_claims, answers):
                self.assertEqual(answer[:2], ["0", "="], claims)
                token = unb64(answer[2]).decode()
                self.assertEqual(decode(token, self.key), claims)
                self.assertEqual(jwt.get_unverified_header(token), {"alg": "ES384", "typ": "JWT"})
                self.assertEqual(len(token.rpartition(".")[2]), 128)
                for name, value in zip("rs", signature_of(token)):
                    short[name] += value < 2 ** (8 * HALF - 8)
            if batch >= 1 and min(short.values()) >= 1:
                break
        self.assertGreaterEqual(min(short.values()), 1, short)
        print("short r and s of ours in %d tokens: %s" % (500 * (batch + 1), short))

    def test_ours_takes_theirs(self):
        cases = []
        for _ in range(300):
            claims = random_claims(self.rng)
            more = {"iat": NOW, "aws:new": {"a": [1, None]}} if self.rng.random() < 0.3 else {}
            cases.append((claims, jwt.encode({**more, **claims}, self.key, algorithm="ES384",
                                             headers={"kid": "7"} if self.rng.random() < 0.3 else None)))
        answers = ask([load(public_pem(self.key)), *(verify(token) for _, token in cases)])[1:]
        for (claims, _), answer in zip(cases, answers):
            self.assertEqual(answer[:2], ["0", "="])
            self.assertEqual(claims_of(answer), claims)

    def test_short_halves(self):
        craft = Craft(self.rng)
        byte, two = 2 ** (8 * HALF - 8), 2 ** (8 * HALF - 16)
        tokens = []
        for _ in range(3):
            tokens.append(craft.with_s(*craft.short_r(), lambda s: s >= byte))
            tokens.append(craft.with_s(*craft.any_r(), lambda s: s < byte))
            tokens.append(craft.with_s(*craft.short_r(), lambda s: s < byte))
            tokens.append(craft.with_s(*craft.short_r(), lambda s: byte // 2 <= s < byte))
        tokens.append(craft.with_s(*craft.short_r(), lambda s: s < two))
        for token in tokens:
            decode(token, craft.key)
        for answer in ask([load(public_pem(craft.key)), *map(verify, tokens)])[1:]:
            self.assertEqual(answer[:2], ["0", "="])

    def refused(self, tokens, key=None):
        answers = ask([load(public_pem(key or self.key)), *map(verify, tokens)])[1:]
        for token, answer in zip(tokens, answers):
            self.assertEqual(int(answer[0]), ARGUMENT, token)
            self.assertNotEqual(answer[1], "=")
            self.assertEqual(claims_of(answer), {}, token)

    def test_tampered(self):
        """A byte changed anywhere, in text or signature; then what attackers of other libraries have sent."""
        good = jwt.encode({"exp": NOW + 60, "aws:channel-arn": ARN}, self.key, algorithm="ES384")
        head, payload, signature = good.split(".")
        changed = []
        for at in range(len(good)):
            letter = self.rng.choice([c for c in "ABCDabcd0189-_." if c != good[at]])
            changed.append(good[:at] + letter + good[at + 1:])
        self.refused(changed)
        r, s = signature_of(good)
        text = head + "." + payload
        pair = lambda a, b: text + "." + b64(a.to_bytes(HALF, "big") + b.to_bytes(HALF, "big"))  # noqa: E731
        self.assertEqual(ask([load(public_pem(self.key)), verify(pair(r, ORDER - s))])[1][0], "0")
        der = self.key.sign(text.encode(), ec.ECDSA(hashes.SHA384()))
        by_hmac = b64('{"alg":"HS384","typ":"JWT"}') + "." + payload
        by_hmac += "." + b64(hmac.new(public_pem(self.key), by_hmac.encode(), "sha384").digest())
        self.refused([pair(0, 0), pair(r, 0), pair(0, s), pair(ORDER, s), pair(r, ORDER), pair(s, r),
                      pair(2**384 - 1, 2**384 - 1), text + "." + b64(der), text + ".", text, good + ".", good + "=",
                      "." + good, good + "A", " " + good, good.replace("_", "/") + "/", "..", "",
                      b64('{"alg":"none"}') + "." + payload + ".", b64('{"alg":"none"}') + "." + payload + "." + signature,
                      by_hmac, "x" * 3000])
        self.refused([good], ec.generate_private_key(ec.SECP384R1()))

    def test_other_algorithms_of_the_same_key(self):
        """Signed well, with a header that says something else."""
        tokens = []
        for head in ('{"alg":"ES256"}', '{"alg":"none"}', '{"alg":"ES384","crit":["exp"],"exp":1}', '{}', '{"alg":null}', '[]'):
            text = b64(head) + "." + b64('{"exp":1}')
            der = self.key.sign(text.encode(), ec.ECDSA(hashes.SHA384()))
            r, s = decode_dss_signature(der)
            tokens.append(text + "." + b64(r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big")))
        self.refused(tokens)

    def test_expiry(self):
        token = jwt.encode({"exp": NOW + 60, "aws:channel-arn": ARN}, self.key, algorithm="ES384")
        never = jwt.encode({"aws:channel-arn": ARN}, self.key, algorithm="ES384")
        cases = [(token, NOW + 59, 0), (token, NOW + 60, RANGE), (token, "-", 0), (never, NOW, RANGE), (never, "-", 0)]
        answers = ask([load(public_pem(self.key)), *(verify(token, now) for token, now, _ in cases)])[1:]
        for (_, _, expected), answer in zip(cases, answers):
            self.assertEqual(int(answer[0]), expected)
            self.assertEqual(claims_of(answer)["aws:channel-arn"], ARN)

    def test_limits(self):
        base = {"aws:channel-arn": ARN, "exp": NOW + 600}
        cases = [({}, 0), ({"exp": None}, REQUIRED), ({"aws:channel-arn": None}, REQUIRED), ({"exp": NOW}, RANGE),
                 ({"exp": (NOW + 60) * 1000}, RANGE), ({"aws:channel-arn": "lobby"}, ARN_ERROR),
                 ({"exp": NOW + 601}, 0), ({"exp": NOW + 601, "aws:viewer-id": "v"}, RANGE), ({"aws:viewer-id": "v"}, 0),
                 ({"exp": NOW + 601, "aws:single-use-uuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12}, RANGE),
                 ({"aws:viewer-id": "v" * 41}, LENGTH), ({"aws:maximum-resolution": "UHD"}, ARGUMENT),
                 ({"aws:strict-origin-enforcement": True}, ARGUMENT), ({"aws:ads-player-params": "[]"}, ARGUMENT),
                 ({"aws:access-control-allow-origin": ",".join(["https://a.example"] * 100)}, LENGTH),
                 ({"aws:strict-origin-enforcement": True,
                   "aws:access-control-allow-origin": ",".join(["https://a.example"] * 6)}, LENGTH)]
        answers = ask([load(private_pem(self.key)), *(sign({**base, **change}) for change, _ in cases)])[1:]
        for (change, expected), answer in zip(cases, answers):
            self.assertEqual(int(answer[0]), expected, change)
            self.assertEqual(answer[1] == "=", expected == 0)
            self.assertEqual(answer[2] == "=", expected != 0)

    def test_longest_token(self):
        """2,048 characters pass; with what makes it longer, it is refused."""
        lengths = set()
        base = {"aws:channel-arn": ARN, "exp": NOW + 60}
        lines = [sign({**base, "aws:ads-playback-config-name": "x" * n}) for n in range(1240, 1320)]
        for answer in ask([load(private_pem(self.key)), *lines])[1:]:
            self.assertIn(int(answer[0]), (0, LENGTH))
            if answer[0] == "0":
                lengths.add(len(unb64(answer[2])))
            else:
                self.assertIn("2048", unb64(answer[1]).decode())
        self.assertIn(max(lengths), (2047, 2048))

    def test_every_buffer(self):
        claims = {"aws:channel-arn": ARN, "exp": NOW + 60}
        whole = len(unb64(ask([load(private_pem(self.key)), sign(claims)])[1][2]))
        sizes = [*range(0, 140), *range(whole - 40, whole + 2)]
        for size, answer in zip(sizes, ask([load(private_pem(self.key)), *(sign(claims, NOW, size) for size in sizes)])[1:]):
            self.assertEqual(int(answer[0]), SPACE if size <= whole else 0, size)
            self.assertEqual(answer[2] == "=", size <= whole)


class Keys(unittest.TestCase):
    def setUp(self):
        self.key = ec.generate_private_key(ec.SECP384R1())

    def test_forms(self):
        forms, encodings = serialization.PrivateFormat, serialization.Encoding
        private = [private_pem(self.key, form, encoding) for form in (forms.TraditionalOpenSSL, forms.PKCS8)
                   for encoding in (encodings.PEM, encodings.DER)]
        parameters = b"-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n"
        private += [parameters + private[0], private[0].replace(b"\n", b"\r\n")]
        public = [public_pem(self.key), public_pem(self.key, encodings.DER)]
        token = jwt.encode({"exp": NOW + 60}, self.key, algorithm="ES384")
        for key in [*private, *public]:
            loaded, verified, signed = ask([load(key), verify(token), sign({"aws:channel-arn": ARN, "exp": NOW + 60})])
            self.assertEqual(loaded, ["0", "=", "1" if key in private else "0"])
            self.assertEqual(verified[0], "0")
            self.assertEqual(int(signed[0]), 0 if key in private else ARGUMENT)
            if key in private:
                decode(unb64(signed[2]).decode(), self.key)
            else:
                self.assertIn("public", unb64(signed[1]).decode())

    def test_refused(self):
        encrypted = self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                           serialization.BestAvailableEncryption(b"x"))
        others = [ec.generate_private_key(curve()) for curve in (ec.SECP256R1, ec.SECP521R1, ec.BrainpoolP384R1, ec.SECP256K1)]
        others.append(rsa.generate_private_key(65537, 2048))
        bad = [private_pem(key) for key in others] + [public_pem(key) for key in others]
        bad.append(private_pem(ed25519.Ed25519PrivateKey.generate(), serialization.PrivateFormat.PKCS8))
        good = private_pem(self.key)
        bad += [encrypted, b"", b"key", good[:-40], good[:60], good.replace(b"EC PRIVATE", b"EC SECRET")]
        der = private_pem(self.key, encoding=serialization.Encoding.DER)
        bad += [der[:n] for n in range(1, len(der), 7)]
        for key, answer in zip(bad, ask([load(key) for key in bad])):
            self.assertEqual(int(answer[0]), ARGUMENT, key)
            self.assertNotEqual(answer[1], "=")
        without_nul = ask([("load", b64(good))])[0]
        self.assertEqual(int(without_nul[0]), ARGUMENT)
        self.assertIn("NUL", unb64(without_nul[1]).decode())

    def test_made(self):
        """OpenSSL finds the pair in order; both halves belong together; each is another one."""
        seen = set()
        answers = ask([("make",), ("pem", 320), sign({"aws:channel-arn": ARN, "exp": NOW + 60})] * 3)
        for made, pem, signed in zip(*[iter(answers)] * 3):
            self.assertEqual(made, ["0", "="])
            private, public = unb64(pem[2]), unb64(pem[4])
            self.assertEqual((pem[0], pem[3]), ("0", "0"))
            seen.add(private)
            checked = subprocess.run(["openssl", "pkey", "-check", "-noout", "-text"], input=private, capture_output=True)
            self.assertEqual(checked.returncode, 0, checked.stderr)
            self.assertIn(b"Key is valid", checked.stdout)
            self.assertIn(b"secp384r1", checked.stdout)
            derived = subprocess.run(["openssl", "pkey", "-pubout"], input=private, capture_output=True, check=True)
            self.assertEqual(derived.stdout, public)
            key = serialization.load_pem_private_key(private, None)
            self.assertEqual(decode(unb64(signed[2]).decode(), key)["exp"], NOW + 60)
        self.assertEqual(len(seen), 3)

    def test_pem_in_every_buffer(self):
        private, public = private_pem(self.key), public_pem(self.key)
        sizes = range(0, 330)
        for size, answer in zip(sizes, ask([load(private), *(("pem", size) for size in sizes)])[1:]):
            self.assertEqual(int(answer[0]), 0 if size > len(private) else SPACE, size)
            self.assertEqual(unb64(answer[2]), private if size > len(private) else b"")
            self.assertEqual(int(answer[3]), 0 if size > len(public) else SPACE, size)
            self.assertEqual(unb64(answer[4]), public if size > len(public) else b"")
        of_public = ask([load(public), ("pem", 320)])[1]
        self.assertEqual((int(of_public[0]), of_public[2], of_public[3]), (ARGUMENT, "=", "0"))

    def test_without_entropy(self):
        good = sign({"aws:channel-arn": ARN, "exp": NOW + 60})
        loaded, signed, made = ask([load(private_pem(self.key)), good, ("make",)], "--no-entropy")
        self.assertEqual([int(a[0]) for a in (loaded, signed, made)], [ENTROPY, ARGUMENT, ENTROPY])
        token = jwt.encode({"exp": NOW + 60}, self.key, "ES384")
        lines = [load(private_pem(self.key)), load(public_pem(self.key)), verify(token), ("make",)]
        private, loaded, verified, made = ask(lines, "--no-port")
        self.assertEqual([private[0], loaded[0], verified[0], int(made[0])], [str(ARGUMENT), "0", "0", ENTROPY])


class Memory(unittest.TestCase):
    def test_that_runs_out(self):
        """Never a crash, and never a token or a key for nothing. mbedTLS does not always tell that it was memory."""
        key = ec.generate_private_key(ec.SECP384R1())
        token = jwt.encode({"exp": 1, "aws:channel-arn": ARN}, key, algorithm="ES384")
        answer = ask([("starve", b64(private_pem(key) + b"\0"), b64(token))])[0]
        hidden = {"load": ARGUMENT, "sign": CRYPTO, "verify": 0, "make": CRYPTO}
        for (name, otherwise), needed, other in zip(hidden.items(), answer[2::2], answer[3::2]):
            with self.subTest(name):
                self.assertGreater(int(needed), 2)
                self.assertIn(int(other), (0, otherwise))


class Random(unittest.TestCase):
    def test_that_does_not_come(self):
        """Nothing goes on without a random number that it has asked for. Why a key could not be read, mbedTLS does not tell."""
        key = ec.generate_private_key(ec.SECP384R1())
        token = jwt.encode({"exp": 1, "aws:channel-arn": ARN}, key, algorithm="ES384")
        answer = ask([("unlucky", b64(private_pem(key) + b"\0"), b64(token))])[0]
        needed = dict(zip(("load", "sign", "verify", "make"), map(int, answer[2::2])))
        self.assertEqual([int(failure) for failure in answer[5::2]], [CRYPTO, 0, CRYPTO])
        self.assertIn(int(answer[3]), (0, ARGUMENT))
        self.assertEqual(needed["verify"], 0)
        self.assertGreater(min(needed["sign"], needed["make"]), 0)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    print(f"PyJWT {jwt.__version__}, cryptography {cryptography.__version__}; seed: IVS_SEED={SEED}")
    unittest.main(verbosity=2)
