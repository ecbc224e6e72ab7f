"""Certificates made with the openssl program: a CA of our own, and a leaf for the loopback names.

Besides good certificates it makes the odd ones that a careful client has to refuse.
"""

import ssl
import subprocess
import time
from pathlib import Path

from .clock import stamp

DAY = 24 * 3600
NAMES = "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1"
KEY_OPTIONS = {
    "ecdsa": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
}
# What is odd about a leaf: (first day, last day, names), in days from now.
KINDS = {
    "good": (-2, 700, NAMES),
    "expired": (-60, -30, NAMES),
    "not-yet-valid": (30, 700, NAMES),
    "wrong-host": (-2, 700, "DNS:elsewhere.example"),
    "other-ca": (-2, 700, NAMES),
    "self-signed": (-2, 700, NAMES),
}
CONFIGURATION = """\
[ca]
default_ca = own
[own]
database = {folder}/index.txt
rand_serial = yes
new_certs_dir = {folder}
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[ca_extensions]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf_extensions]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = {usage}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {names}
"""


class CertificateError(Exception):
    """openssl is missing or failed; the text is one line."""


def openssl(*arguments):
    try:
        done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        raise CertificateError("the openssl program is missing: install package openssl") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CertificateError(f"openssl could not be run: {error}") from None
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CertificateError(f"openssl {arguments[0]} failed: {last}")


class Authority:
    """A CA in a folder of its own: ca.pem and ca.key. One that is there and not old is kept."""

    def __init__(self, folder, key_type="ecdsa", name="IVS simulator CA"):
        self._folder = Path(folder)
        self._key_type = key_type
        self.certificate = self._folder / "ca.pem"
        self._key = self._folder / "ca.key"
        if not self._reusable():
            self._make_key(self._key)
            self._sign(self._key, self.certificate, name, (-3, 3650), "ca_extensions", NAMES)

    def issue(self, name="localhost", first=-2, last=700, hosts=NAMES, stem="server",
              usage="serverAuth", self_signed=False):
        """A leaf's (certificate, key) paths; valid from day `first` to day `last` from now."""
        certificate, key = self._folder / f"{stem}.pem", self._folder / f"{stem}.key"
        self._make_key(key)
        self._sign(key, certificate, name, (first, last), "leaf_extensions", hosts, usage,
                   self_signed)
        return certificate, key

    def _reusable(self):
        if not (self.certificate.exists() and self._key.exists()):
            return False
        try:
            openssl("x509", "-in", str(self.certificate), "-noout", "-checkend", str(30 * DAY))
        except CertificateError:
            return False
        return True

    def _make_key(self, path):
        openssl("genpkey", *KEY_OPTIONS[self._key_type], "-out", str(path))
        path.chmod(0o600)

    def _sign(self, key, certificate, name, days, extensions, hosts, usage="serverAuth",
              self_signed=True):
        """With `openssl ca`, the only one of its commands that takes both dates as such."""
        work = self._folder / "work"
        work.mkdir(mode=0o700, exist_ok=True)
        (work / "index.txt").write_text("")
        configuration = work / "openssl.cnf"
        configuration.write_text(CONFIGURATION.format(folder=work, names=hosts, usage=usage))
        request = work / "request.pem"
        openssl("req", "-new", "-config", str(configuration), "-key", str(key),
                "-subj", f"/CN={name}", "-out", str(request))
        signer = ["-selfsign", "-keyfile", str(key)] if self_signed else \
            ["-cert", str(self.certificate), "-keyfile", str(self._key)]
        begin, end = (stamp(time.time() + day * DAY).replace("T", "") for day in days)
        openssl("ca", "-batch", "-notext", "-config", str(configuration), *signer,
                "-in", str(request), "-out", str(certificate), "-extensions", extensions,
                "-startdate", begin, "-enddate", end)
        for file in work.iterdir():
            file.unlink()
        work.rmdir()


def prepare(folder, kind="good", key_type="ecdsa", stem="server"):
    """Makes what a server needs: (CA bundle to trust, leaf certificate, leaf key).

    With "other-ca" the bundle is one CA and the leaf comes from another. `stem` names the leaf's
    files.
    """
    first, last, hosts = KINDS[kind]
    trusted = signer = Authority(folder, key_type)
    if kind == "other-ca":
        other = Path(folder) / "other"
        other.mkdir(mode=0o700, exist_ok=True)
        signer = Authority(other, key_type, "another CA")
    return trusted.certificate, *signer.issue(first=first, last=last, hosts=hosts, stem=stem,
                                              self_signed=kind == "self-signed")


def server_context(certificate, key, versions="both"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    old, new = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
    context.minimum_version = new if versions == "1.3" else old
    context.maximum_version = old if versions == "1.2" else new
    context.load_cert_chain(certificate, key)
    return context
