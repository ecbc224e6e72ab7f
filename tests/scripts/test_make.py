"""The Makefile, with a stand-in for cmake: in folders whose names have blanks, what it says to cmake is what the user said to it."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
CMAKE = '#!/bin/sh\nprintf \'%s\\n\' "DESTDIR=$DESTDIR" "$@" >>"$SAID"\n'


class Make(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="ivs make ")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        shutil.copy(TOP / "Makefile", self.folder)
        for name in ("scripts/deps", "scripts/deps.lock", "build/deps/versions"):
            self.write(name, "")
        self.write("build/Makefile", "all:\n")  # as if it were configured, and up to date
        self.write("bin/cmake", CMAKE).chmod(0o755)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")
        return path

    def said(self, *words, **variables):
        """What cmake is told by make with these words: its DESTDIR, and its own words."""
        said = self.folder / "said"
        said.unlink(missing_ok=True)
        environment = {name: value for name, value in os.environ.items() if name not in ("DESTDIR", "PREFIX", "MAKEFLAGS", "MFLAGS")}
        environment.update(variables, PATH=f"{self.folder}/bin:{os.environ['PATH']}", SAID=str(said), HOME="/home/some body")
        done = subprocess.run(["make", "CMAKE_ARGS=", *words], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return said.read_text(encoding="utf-8").splitlines()

    def test_install(self):
        for destdir, prefix in (("", "/usr/local"), ("/tmp/x y", "/opt/my ivs (2)"), ("a;b & c", "'d'"), ("*", "/opt/*")):
            with self.subTest(destdir=destdir, prefix=prefix):
                told = [f"DESTDIR={destdir}", "--install", "build", "--prefix", prefix, "--strip"]
                self.assertEqual(self.said("install", f"DESTDIR={destdir}", f"PREFIX={prefix}"), told)
                self.assertEqual(self.said("install", DESTDIR=destdir, PREFIX=prefix), told)
        self.assertEqual(self.said("install"), ["DESTDIR=", "--install", "build", "--prefix", "/usr/local", "--strip"])

    def test_new_folders_are_for_everybody(self):
        self.addCleanup(os.umask, os.umask(0o077))
        self.write("bin/cmake", CMAKE + 'umask >>"$SAID"\n')
        self.assertEqual(self.said("install")[-1], "0022")

    def test_home(self):
        """Not every shell takes ~ for the home behind PREFIX=."""
        for word, path in (("~/ivs", "/home/some body/ivs"), ("/a~/b", "/a~/b")):
            self.assertEqual(self.said("install", f"PREFIX={word}", f"DESTDIR={word}"),
                             [f"DESTDIR={path}", "--install", "build", "--prefix", path, "--strip"])

    def test_configured_once(self):
        """Also where nothing is there yet, by many at a time."""
        (self.folder / "build/Makefile").unlink()
        self.write("bin/cmake", CMAKE + "echo all: >build/Makefile\n")
        self.assertEqual(self.said("-j4", "all", "CMAKE_ARGS=-DX=1").count("-S"), 1)
        self.assertEqual(self.said("-j4", "all", "CMAKE_ARGS=-DX=2").count("-S"), 1)

    def test_pinned_sources_only_where_they_are_used(self):
        """Nor after make clean, which leaves what was configured."""
        (self.folder / "build/deps/versions").unlink()
        self.write("scripts/deps", "#!/bin/sh\nexit 1\n").chmod(0o755)
        self.said("configure", "CMAKE_ARGS=-DIVS_SYSTEM_DEPS:BOOL=TRUE")
        self.said("configure", "CMAKE_ARGS=-D IVS_DEPS_DIR=/opt/deps")
        self.write("build/CMakeCache.txt", "IVS_SYSTEM_DEPS:BOOL=ON\n")
        self.said("clean", "configure")
        self.assertEqual(sorted(p.name for p in (self.folder / "build").iterdir()), ["CMakeCache.txt", "configure.log", "deps"])

    def test_configure(self):
        """More arguments are words of a shell, and so they may be quoted."""
        told = self.said("configure", "CMAKE_ARGS=-DCMAKE_INSTALL_PREFIX='/opt/my ivs' -DX=1", "V=1")
        self.assertEqual(told, ["DESTDIR=", "-S", ".", "-B", "build", "-G", "Unix Makefiles", "-DCMAKE_INSTALL_PREFIX=/opt/my ivs", "-DX=1"])


if __name__ == "__main__":
    unittest.main()
