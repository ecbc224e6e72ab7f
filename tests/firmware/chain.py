"""A server with a chain of certificates like the service's own: four, all RSA of 2048 bits, of the usual sizes.

The client trusts the third one's name by a certificate that signs itself. What is left of the chain, up to older roots,
it has to receive and to put somewhere all the same.
"""

import base64
import http.server
import ssl
import sys
import tempfile
import threading
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "platform"))

from certificates import Maker  # noqa: E402  (the path has to be set first)

ANSWER = b'{"channels":[]}'
EXTENSION_HEAD = 16  # bytes of one, about
AUTHORITY = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign"
LEAF = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature,keyEncipherment\nsubjectAltName=DNS:localhost"
SIZES = {"leaf": 1450, "issuer": 1120, "cross": 1180, "old": 1150}  # bytes of DER, about


def der_size(path):
    return len(base64.b64decode("".join(Path(path).read_text().splitlines()[1:-1])))


class Chain(Maker):
    """The files in a folder that the caller removes."""

    def issue(self, name, key, issuer, extensions, cn=None):
        """A certificate of the usual size: an extension that says nothing fills it up, as the log's stamps do."""
        path = self._sign(name, key, issuer, extensions, cn)
        fill = SIZES[name] - der_size(path) - EXTENSION_HEAD
        return self._sign(name, key, issuer, f"{extensions}\n1.3.6.1.4.1.1=DER:{'00' * fill}", cn)

    def _sign(self, name, key, issuer, extensions, cn):
        wanted, request, path = self.path(name + ".ext"), self.path(name + ".csr"), self.path(name + ".crt")
        Path(wanted).write_text(extensions)
        self.openssl("req", "-new", "-key", key, "-subj", f"/CN={cn or name}", "-out", request)
        self.openssl("x509", "-req", "-in", request, "-CA", issuer[0], "-CAkey", issuer[1], "-CAcreateserial",
                     "-days", "3000", "-sha256", "-extfile", wanted, "-out", path)
        return path


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_arguments):
        """Nothing is logged."""


class Server:
    """As far as run.py is concerned a simulator: what it says is in `environment`."""

    def __init__(self, region):
        self._folder = tempfile.TemporaryDirectory()
        maker = Chain(self._folder.name)
        chain, key, root = self._make(maker)
        self.sizes = [der_size(path) for path in chain]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(maker.bundle("chain.pem", *chain), key)
        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.environment = {
            "AWS_ENDPOINT_URL_IVS": f"https://127.0.0.1:{self._http.server_port}", "AWS_CA_BUNDLE": root,
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "EXAMPLE", "AWS_REGION": region}
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    @staticmethod
    def _make(maker):
        """The chain's files, the leaf's key, and the root to trust."""
        keys = {name: maker.key(name, "rsa") for name in ("leaf", "issuer", "root", "old", "oldest")}
        oldest = maker.certificate("oldest", keys["oldest"], authority=True)
        root = maker.certificate("root", keys["root"], authority=True)
        old = maker.issue("old", keys["old"], (oldest, keys["oldest"]), AUTHORITY)
        cross = maker.issue("cross", keys["root"], (old, keys["old"]), AUTHORITY, cn="root")
        issuer = maker.issue("issuer", keys["issuer"], (root, keys["root"]), AUTHORITY)
        leaf = maker.issue("leaf", keys["leaf"], (issuer, keys["issuer"]), LEAF)
        return [leaf, issuer, cross, old], keys["leaf"], root

    def stop(self):
        self._http.shutdown()
        self._http.server_close()
        self._folder.cleanup()
