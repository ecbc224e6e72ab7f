"""The built-in roots: the committed file against Debian's certificates, against openssl, and against published hashes.

Needs the package ca-certificates and the openssl program.
"""
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
SOURCE = os.path.join(TOP, "platform", "mbedtls", "roots.c")
DEBIAN = "/usr/share/ca-certificates/mozilla"


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def committed():
    """Name -> (fingerprint of the comment, DER bytes), in the order of the table."""
    text = read(SOURCE)
    arrays = {}
    pattern = r"/\* (.+), SHA-256 fingerprint\s+([0-9A-F]{64}) \*/\nstatic const uint8_t (root_\d)\[(\d+)\] = \{([^}]*)\};"
    for name, fingerprint, identifier, size, body in re.findall(pattern, text):
        der = bytes(int(b, 16) for b in re.findall(r"0x([0-9a-f]{2})", body))
        assert len(der) == int(size), identifier
        arrays[identifier] = (name, fingerprint, der)
    table = re.findall(r'\{"([^"]+)", (root_\d), sizeof (root_\d)\}', text)
    found = {}
    for name, identifier, sized in table:
        assert identifier == sized and arrays[identifier][0] == name, identifier
        found[name] = arrays[identifier][1:]
    return found


def openssl(*arguments, data):
    done = subprocess.run(["openssl", *arguments], input=data, capture_output=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode())
    return done.stdout


class Roots(unittest.TestCase):
    def test_all_published(self):
        published = json.loads(read(os.path.join(HERE, "roots.json")))["roots"]
        found = committed()
        self.assertEqual(list(found), list(published))
        for name, (_, der) in found.items():
            public = openssl("x509", "-inform", "DER", "-noout", "-pubkey", data=der)
            spki = openssl("pkey", "-pubin", "-outform", "DER", data=public)
            self.assertEqual(hashlib.sha256(spki).hexdigest(), published[name], name)

    def test_fingerprints(self):
        for name, (fingerprint, der) in committed().items():
            said = openssl("x509", "-inform", "DER", "-noout", "-fingerprint", "-sha256", "-subject", "-nameopt", "RFC2253",
                           data=der).decode()
            self.assertIn("=" + ":".join(re.findall("..", fingerprint)), said)
            self.assertIn(f"CN={name},", said)

    def test_same_as_debian(self):
        for name, (fingerprint, _) in committed().items():
            path = os.path.join(DEBIAN, name.replace(" ", "_") + ".crt")
            said = openssl("x509", "-in", path, "-noout", "-fingerprint", "-sha256", data=b"").decode()
            self.assertEqual(said.strip().split("=")[1].replace(":", ""), fingerprint, name)

    def test_signed_by_themselves(self):
        for name, (_, der) in committed().items():
            with tempfile.NamedTemporaryFile(suffix=".pem") as f:
                f.write(openssl("x509", "-inform", "DER", data=der))
                f.flush()
                said = openssl("verify", "-check_ss_sig", "-CAfile", f.name, f.name, data=b"")
                self.assertIn(b": OK", said, name)

    def test_generated(self):
        done = subprocess.run([sys.executable, os.path.join(TOP, "scripts", "generate-roots"), "--stdout"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, read(SOURCE))


if __name__ == "__main__":
    unittest.main()
