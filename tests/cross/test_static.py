"""The static program of a cross-build, as it lies in build/TARGET: test_static.py build/x86_64-musl [PROGRAM]

PROGRAM runs it where it cannot run by itself, in an emulator. Made by make cross TARGET=...; run by .ci/run.
"""

import os
import struct
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else os.path.join(TOP, "build", "x86_64-musl")
THE_FILE = os.path.join(FOLDER, "ivs")
os.environ["IVS_PROGRAM"] = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else THE_FILE
sys.path.insert(0, os.path.join(TOP, "tests", "program"))

import support  # noqa: E402  (the program has to be named first)

SIZE_LIMIT = {"armhf": 1_000_000, "x86_64-musl": 1_100_000}.get(os.path.basename(FOLDER), 1_500_000)
PT_DYNAMIC, PT_INTERP, SHT_SYMTAB = 2, 3, 2


class Elf:
    """The kinds of segments and of sections of an executable, of either size and byte order."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()
        if self.bytes[:4] != b"\x7fELF":
            raise AssertionError(f"{path} is no ELF file")
        wide = self.bytes[4] == 2
        self.order = "<" if self.bytes[5] == 1 else ">"
        segments, sections = self.read("QQ", 32) if wide else self.read("II", 28)
        sizes = self.read("HHHH", 54 if wide else 42)
        self.segments = self.kinds(segments, *sizes[:2], at=0)
        self.sections = self.kinds(sections, *sizes[2:], at=4)

    def read(self, what, offset):
        return struct.unpack_from(self.order + what, self.bytes, offset)

    def kinds(self, offset, size, count, at):
        return {self.read("I", offset + i * size + at)[0] for i in range(count)}


class TheFile(unittest.TestCase):
    def test_it_needs_no_loader_and_no_library(self):
        segments = Elf(THE_FILE).segments
        self.assertTrue(segments)
        self.assertNotIn(PT_INTERP, segments)
        self.assertNotIn(PT_DYNAMIC, segments)

    def test_it_is_stripped(self):
        sections = Elf(THE_FILE).sections
        self.assertTrue(sections)
        self.assertNotIn(SHT_SYMTAB, sections)

    def test_it_is_small(self):
        size = os.path.getsize(THE_FILE)
        print(f"{THE_FILE}: {size:,} bytes")
        self.assertLessEqual(size, SIZE_LIMIT)

    def test_the_libraries_are_there(self):
        for name in ("libivs_core.a", "libivs_platform.a"):
            with open(os.path.join(FOLDER, name), "rb") as file:
                self.assertEqual(file.read(8), b"!<arch>\n", name)


class Running(support.ProgramTest):
    simulator_options = []

    def test_version(self):
        done = self.ivs("--version")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^ivs/\d+\.\d+\.\d+\b")

    def test_an_operation_over_tls(self):
        made = self.ivs("create-channel", "--name", "static")
        self.assertEqual(made.returncode, 0, made.stderr)
        listed = self.ivs("list-channels")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn('"name": "static"', listed.stdout)

    def test_an_unknown_certificate_is_refused(self):
        done = self.ivs("list-channels", env=self.environment(AWS_CA_BUNDLE=None))
        self.assertFails(done, 255, "certificate")

    def test_a_name_without_address_is_said(self):
        done = self.ivs("list-channels", "--endpoint-url", "https://nobody.invalid")
        self.assertFails(done, 255, "nobody.invalid")

    def test_the_main_job(self):
        done = self.ivs("run", support.GO_LIVE, "--name", "going-live", "--encoder", support.ENCODER, "--items", "3")
        self.assertEqual(done.returncode, 0, done.stderr)
        for line in ("LIVE after", "3 of 3 items", "Stopped the stream", "Removed the channel"):
            self.assertIn(line, done.stdout)

    def test_a_native_module_is_refused_with_the_reason(self):
        self.write("native.so", "")
        environment = self.environment(LUA_CPATH=os.path.join(self.folder, "?.so"))
        for name in ("native", "native.part"):
            with self.subTest(name):
                done = self.script(f"require '{name}'", env=environment)
                self.assertFails(done, 1, f"'{name}'", "static", "native.so")

    def test_a_module_that_is_nowhere_is_not_found(self):
        self.assertFails(self.script("require 'nowhere.at.all'"), 1, "module 'nowhere.at.all' not found")

    def test_a_module_in_lua_is_loaded(self):
        self.write("plain.lua", "return { word = 'loaded' }")
        done = self.script("print(require 'plain'.word)", env=self.environment(LUA_PATH=os.path.join(self.folder, "?.lua")))
        self.assertEqual((done.returncode, done.stdout), (0, "loaded\n"), done.stderr)


if __name__ == "__main__":
    support.main()
