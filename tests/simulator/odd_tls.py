"""Server contexts that a careful client refuses, each made when it is first asked for."""

import ssl
import threading
import warnings

from .tls import prepare, server_context

OLD = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1}


class OddContexts:
    def __init__(self, folder, key_type, versions):
        self._folder = folder
        self._key_type = key_type
        self._versions = versions
        self._lock = threading.Lock()
        self._made = {}

    def certificate(self, kind):
        """With one of the certificates of tls.KINDS, under the CA that clients trust."""
        with self._lock:
            if kind not in self._made:
                self._made[kind] = server_context(*self._leaf(kind), self._versions)
            return self._made[kind]

    def old(self, version):
        """Speaks one old version of TLS alone."""
        with self._lock:
            if version not in self._made:
                context = server_context(*self._leaf("good"))
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", DeprecationWarning)
                    context.minimum_version = context.maximum_version = OLD[version]
                context.set_ciphers("ALL:@SECLEVEL=0")
                self._made[version] = context
            return self._made[version]

    def _leaf(self, kind):
        _, certificate, key = prepare(self._folder, kind, self._key_type, f"odd-{kind}")
        return certificate, key
