"""Public keys as ImportPlaybackKeyPair takes them: PEM, ECDSA on the curve P-384."""

import base64
import hashlib
import re

PEM = re.compile(r"\s*-----BEGIN PUBLIC KEY-----[ \t]*\r?\n([A-Za-z0-9+/=\s]+)"
                 r"(?<=\n)-----END PUBLIC KEY-----\s*")
# SubjectPublicKeyInfo up to the coordinates: id-ecPublicKey, secp384r1, an uncompressed point.
PREFIX = bytes.fromhex("3076301006072a8648ce3d020106052b8104002203620004")
P = 2**384 - 2**128 - 2**96 + 2**32 - 1
B = int("b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875a"
        "c656398d8a2ed19d2a85c8edd3ec2aef", 16)
SIZE = 48  # bytes of a coordinate


class BadKey(Exception):
    """The text is no such key; what is wrong, as the end of a sentence."""


def public_key_der(text):
    """The key's SubjectPublicKeyInfo."""
    match = PEM.fullmatch(text)
    if match is None:
        raise BadKey("is not a public key in PEM form")
    try:
        der = base64.b64decode("".join(match.group(1).split()), validate=True)
    except ValueError:
        raise BadKey("is not a public key in PEM form") from None
    if not der.startswith(PREFIX) or len(der) != len(PREFIX) + 2 * SIZE:
        raise BadKey("is not an ECDSA key on the curve P-384")
    point = der[len(PREFIX):]
    x, y = int.from_bytes(point[:SIZE], "big"), int.from_bytes(point[SIZE:], "big")
    if max(x, y) >= P or (y * y - x * x * x + 3 * x - B) % P:
        raise BadKey("holds no point of the curve P-384")
    return der


def fingerprint(der):
    """As the service shows it: MD5, pairs of digits with colons between them."""
    return hashlib.md5(der, usedforsecurity=False).digest().hex(":")
