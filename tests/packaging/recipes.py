"""What the tests of the recipes for other build systems share: the archive that they build from, a staging folder
with the libraries that those systems have, and whether what came out works."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from support import BUILD, TOP, against_simulator, cached, do

DEADLINE = 280  # s, for a whole build

GO = """local ivs = require "ivs"
local client = assert(ivs.client {})
local made = assert(client:create_channel { name = "packed" })
for channel in client:each_channel {} do print(channel.name) end
assert(client:delete_channel { arn = made.channel.arn })
"""


def version():
    """The one place that says it."""
    return re.search(r"^project\(ivs VERSION (\S+) ", (TOP / "CMakeLists.txt").read_text(), re.M).group(1)


def lock(name):
    """Version, SHA-256, archive and address of a pinned source."""
    for line in (TOP / "scripts/deps.lock").read_text().splitlines():
        if line.startswith(name + " "):
            return line.split()[1:5]
    raise AssertionError(f"{name} is not in scripts/deps.lock")


def jsmn_archive():
    return pathlib.Path(cached("IVS_DEPS_DIR")) / lock("jsmn")[2]


def archive(folder):
    """The archive that `make dist` makes, in that folder. Returns its path."""
    made = subprocess.run([TOP / "scripts/dist", folder], env={"SOURCE_DATE_EPOCH": "1700000000", **os.environ},
                          capture_output=True, text=True, timeout=DEADLINE)
    assert made.returncode == 0, made.stderr
    return pathlib.Path(folder) / f"ivs-{version()}.tar.gz"


def triplet():
    return subprocess.run(["gcc", "-print-multiarch"], capture_output=True, text=True, check=True).stdout.strip()


def staging(folder, headers=(), libraries=()):
    """Makes usr/include and usr/lib in a folder, with links to this machine's: what the other system would have there."""
    usr = pathlib.Path(folder) / "usr"
    (usr / "include").mkdir(parents=True)
    (usr / "lib").mkdir()
    for name in headers:
        (usr / "include" / name).symlink_to(pathlib.Path("/usr/include") / name)
    for name in libraries:
        (usr / "lib" / name).symlink_to(pathlib.Path("/usr/lib") / triplet() / name)


MBEDTLS_HEADERS = ("mbedtls", "psa")
MBEDTLS_LIBRARIES = ("libmbedtls.so", "libmbedx509.so", "libmbedcrypto.so")


def files_below(folder):
    """All files and links below a folder, by their path in it."""
    folder = pathlib.Path(folder)
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}


class RecipeTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        made = tempfile.TemporaryDirectory(prefix="ivs-recipe-")
        cls.addClassCleanup(made.cleanup)
        cls.work = pathlib.Path(made.name)
        cls.prepare()

    @classmethod
    def prepare(cls):
        """For a class that builds once for all of its tests, in cls.work."""

    @staticmethod
    def do(*command, **more):
        """see support.py"""
        return do(*command, seconds=DEADLINE, **more)

    def assertWholeSource(self, build):
        """The build compiled every C file of ours that a hosted build has, and no other one of ours."""
        with open(pathlib.Path(build) / "compile_commands.json", encoding="utf-8") as file:
            commands = json.load(file)
        root = next(c["file"].removesuffix("core/src/answer.c") for c in commands if c["file"].endswith("/core/src/answer.c"))
        ours = {c["file"].removeprefix(root) for c in commands if not c["file"].startswith(str(build) + "/lua/embedded")}
        expected = {str(path.relative_to(TOP)) for folder in ("core/src", "platform", "platform/posix", "platform/mbedtls", "lua/src")
                    for path in (TOP / folder).glob("*.c")} - {"core/src/crypto_psa.c", "lua/src/embed.c"}
        self.assertEqual({name for name in ours if not name.startswith("lua/embedded")}, expected)

    def assertProgramWorks(self, program, *before):
        """It says its version and calls the service. `before` is what has to run it, if something has to."""
        said = self.do(*before, program, "--version")
        self.assertRegex(said, rf"^ivs/{re.escape(version())}\b")
        script = self.work / "go.lua"
        script.write_text(GO)
        self.assertEqual(against_simulator(*before, program, "run", script), "packed\n")

    def assertModuleWorks(self, *command, **variables):
        """A stock Lua, told where the module is, calls the service."""
        script = self.work / "go.lua"
        script.write_text(GO)
        words = [f"{name}={value}" for name, value in variables.items()]
        self.assertEqual(against_simulator("env", *words, *command, script), "packed\n")

    def assertLinkedWith(self, file, *names):
        """The shared libraries that a file asks for, apart from those of every program."""
        needed = set(re.findall(r"NEEDED +(\S+)", self.do("objdump", "-p", file)))
        ours = {re.sub(r"\.so.*", "", name) for name in needed if not re.match(r"(libc|libm|libdl|libpthread|ld-linux)\b", name)}
        self.assertEqual(ours, set(names))


def main():
    print(f"build: {BUILD}; python {sys.version.split()[0]}", flush=True)
    unittest.main()
