"""A program of somebody else's, compiled by one line of cc with what pkg-config says of ivs."""

import os
import pathlib
import shlex
import tempfile
import unittest

from support import HERE, against_simulator, announce, cached, installed, must, readme_blocks, version

(LINE,) = [
    line
    for block in readme_blocks("sh")
    for line in block.splitlines()
    if "pkg-config" in line and line.startswith("cc ")
]


class PkgConfig(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def check(self, **environment):
        """Compiles the way the README says, runs, and returns all flags."""
        environment = {**os.environ, **{k: str(v) for k, v in environment.items()}}
        line = LINE.replace("app.c", shlex.quote(str(HERE / "consumer/main.c"))).replace(
            "-o app", "-o " + shlex.quote(str(self.folder / "app"))
        )
        must("sh", "-c", line, env=environment)
        self.assertEqual(against_simulator(self.folder / "app"), "ivs %s: consumer\n" % version())
        self.assertEqual(
            must("pkg-config", "--modversion", "ivs", env=environment), version() + "\n"
        )
        flags = must("pkg-config", "--cflags", "--libs", "ivs", env=environment).split()
        self.assertEqual(
            flags,
            must("pkg-config", "--static", "--cflags", "--libs", "ivs", env=environment).split(),
        )
        return flags

    def inside(self, flags, folder):
        """Every path must be in the folder, once it is made plain."""
        paths = [os.path.normpath(flag[2:]) for flag in flags if flag.startswith(("-I", "-L"))]
        self.assertGreater(len(paths), 1)
        for path in paths:
            self.assertTrue(path.startswith(str(folder) + "/") and os.path.isdir(path), path)

    def test_moved(self):
        """Installed to a prefix, and moved from there."""
        prefix = installed(self.folder)
        self.inside(self.check(PKG_CONFIG_PATH=prefix / "lib/pkgconfig"), prefix)

    @unittest.skipIf(cached("IVS_SYSTEM_DEPS") == "ON", "of the pinned mbedTLS")
    def test_a_plug_in_keeps_mbedtls_to_itself(self):
        """Or its names would be bound to those of another mbedTLS in the same process."""
        environment = {**os.environ, "PKG_CONFIG_PATH": str(installed(self.folder) / "lib/pkgconfig")}
        flags = must("pkg-config", "--cflags", "--libs", "ivs", env=environment).split()
        plug = self.folder / "plug.so"
        must("cc", "-shared", "-fPIC", HERE / "consumer/main.c", "-o", plug, *flags)
        self.assertIn(" ivs_tls_init\n", must("nm", plug))
        self.assertIn(" mbedtls_ssl_handshake\n", must("nm", plug))
        self.assertNotRegex(must("nm", "-D", plug), r" (mbedtls|psa)_")

    def test_staged(self):
        """As a distribution's package is made: DESTDIR with a prefix below it."""
        installed(self.folder, "/opt/ivs", DESTDIR=self.folder / "stage")
        self.inside(
            self.check(PKG_CONFIG_PATH=self.folder / "stage/opt/ivs/lib/pkgconfig"),
            self.folder / "stage",
        )

    def test_sysroot(self):
        """As a cross-build uses it: the stage is the root of another system."""
        stage = self.folder / "stage"
        installed(self.folder, "/usr", DESTDIR=stage)
        self.inside(
            self.check(PKG_CONFIG_SYSROOT_DIR=stage, PKG_CONFIG_LIBDIR=stage / "usr/lib/pkgconfig"),
            stage,
        )


if __name__ == "__main__":
    announce("pkg-config", "cc")
    unittest.main()
