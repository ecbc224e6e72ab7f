"""ivs.c and ivs.h as scripts/amalgamate makes them: they compile without a warning, export what the
library exports, and pass the tests of the core. IVS_COMPILERS names other compilers of C and C++
than gcc and g++."""

import concurrent.futures
import os
import pathlib
import re
import shutil
import tempfile
import unittest

from support import (
    BUILD,
    STRICT,
    TOP,
    announce,
    cached,
    crypto_flags,
    must,
    pinned,
    readme_blocks,
    run,
)

C, CPP = os.environ.get("IVS_COMPILERS", "gcc g++").split()

INCLUDES, LIBRARIES = crypto_flags()
CRYPTO = {"mbedtls": [], "psa": ["-DIVS_CRYPTO_PSA"]}


def at_once(jobs):
    """Runs functions side by side, and raises what the first of them raises."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for done in [pool.submit(job) for job in jobs]:
            done.result()


def core_tests():
    """The tests of the core as tests/CMakeLists.txt has them: file, more sources, arguments.

    Left out are those that put functions of their own between two files of the core, for which one
    file has no room.
    """
    lines = (TOP / "tests/CMakeLists.txt").read_text()
    vectors = str(TOP / "tests/vectors")
    for words in re.findall(r"^ivs_test\((core/[^)]*)\)", lines, re.M):
        file, *more = words.replace("${vectors}", vectors).replace('"', "").split()
        if "__wrap_" in (TOP / "tests" / file).read_text():
            continue
        yield file, [w for w in more if w.endswith(".c")], [w for w in more if w.startswith("/")]


def exported(file):
    """Names and kinds of what an object file or an archive defines for others."""
    lines = must("nm", "-g", "--defined-only", file).splitlines()
    return sorted(" ".join(line.split()[1:]) for line in lines if len(line.split()) == 3)


class Amalgamation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)
        must(TOP / "scripts/amalgamate", cls.folder)
        for crypto, macro in CRYPTO.items():
            must(
                C,
                "-std=c11",
                "-Os",
                *STRICT,
                *macro,
                *INCLUDES,
                "-c",
                cls.folder / "ivs.c",
                "-o",
                cls.folder / (crypto + ".o")
            )

    def test_same_each_time(self):
        with tempfile.TemporaryDirectory() as again:
            must(TOP / "scripts/amalgamate", again)
            for name in ("ivs.c", "ivs.h"):
                self.assertEqual(
                    (self.folder / name).read_bytes(),
                    (pathlib.Path(again) / name).read_bytes(),
                    name,
                )

    def test_jsmn_beside_it(self):
        """The README's line, with all our warnings: jsmn.h is no system header there."""
        (line,) = [
            line
            for block in readme_blocks("sh")
            for line in block.splitlines()
            if line.endswith("amalgamation/ivs.c")
        ]
        for file in (self.folder / "ivs.c", self.folder / "ivs.h", pinned("jsmn") / "jsmn.h"):
            (self.folder / "build/amalgamation").mkdir(parents=True, exist_ok=True)
            shutil.copy(file, self.folder / "build/amalgamation")
        words = line.replace("mbedtls/include", str(pinned("mbedtls") / "include")).split()
        must(C, *words[1:], *STRICT, cwd=self.folder)
        self.assertEqual(exported(self.folder / "ivs.o"), exported(self.folder / "mbedtls.o"))

    def test_header_alone(self):
        """Also beside the headers that it was made of, in either order."""
        texts = {
            "alone": '#include "ivs.h"\n',
            "before": '#include "ivs.h"\n#include <ivs/ivs.h>\n#include <ivs/iot.h>\n',
            "behind": '#include <ivs/metadata_queue.h>\n#include "ivs.h"\n',
        }
        jobs = []
        for name, text in texts.items():
            for ending, compiler, standards in (
                (".c", C, ("c99", "c11")),
                (".cpp", CPP, ("c++17",)),
            ):
                file = self.folder / (name + ending)
                file.write_text(text)
                jobs += [
                    [
                        compiler,
                        "-std=" + standard,
                        "-fsyntax-only",
                        *STRICT,
                        "-I",
                        self.folder,
                        "-I",
                        TOP / "core/include",
                        file,
                    ]
                    for standard in standards
                ]
        at_once([lambda words=words: must(*words) for words in jobs])

    def test_linked_from_cpp(self):
        """Every public function has the name in C++ that it has in C."""
        header = (self.folder / "ivs.h").read_text()
        names = [
            line.split()[1] for line in exported(self.folder / "mbedtls.o") if line.startswith("T ")
        ]
        public = [name for name in names if re.search(r"\b%s\(" % name, header)]
        self.assertGreater(len(public), 100)
        program = self.folder / "linked"
        program.with_suffix(".cpp").write_text(
            '#include "ivs.h"\n#include <cstdio>\ntypedef void function();\n'
            "static function *const all[] = {\n%s};\nint main() {\n"
            "  for (function *one : all) if (one == nullptr) return 1;\n"
            "  std::puts(ivs_version());\n}\n"
            % "".join("  reinterpret_cast<function *>(&%s),\n" % name for name in public)
        )
        must(
            CPP,
            "-std=c++17",
            program.with_suffix(".cpp"),
            self.folder / "mbedtls.o",
            *LIBRARIES,
            "-o",
            program
        )
        self.assertRegex(must(program), r"^\d+\.\d+\.\d+\n$")

    def test_exports(self):
        self.assertEqual(
            exported(self.folder / (cached("IVS_CRYPTO") + ".o")), exported(BUILD / "libivs_core.a")
        )

    def test_nothing_of_others_inside(self):
        """Third-party code stays outside, and no header of ours is asked for but ivs.h."""
        for name, own in (("ivs.h", []), ("ivs.c", ["ivs.h", "jsmn.h"])):
            text = (self.folder / name).read_text()
            self.assertIn("Permission is hereby granted", text)
            self.assertEqual(re.findall(r'^\s*#\s*include "(.*)"', text, re.M), own)
            self.assertNotRegex(
                text, r"#include <ivs/|jsmn_parser \*|mbedtls_sha256_init\(mbedtls_sha256_context"
            )

    def check_core(self, crypto, wanted):
        """Runs tests of the core, with ivs.h in place of all headers, linked with ivs.c."""
        names = self.folder / crypto / "ivs"
        names.mkdir(parents=True)
        for header in (TOP / "core/include/ivs").glob("*.h"):
            (names / header.name).write_text('#include "%s"\n' % (self.folder / "ivs.h"))
        common = [
            C,
            "-std=c11",
            "-w",
            *CRYPTO[crypto],
            "-I",
            names.parent,
            "-I",
            TOP / "tests",
            *INCLUDES,
        ]
        must(*common, "-c", TOP / "tests/core/fake_port.c", "-o", names / "fake_port.o")

        def check(file, more, arguments):
            program = names / pathlib.PurePath(file).stem
            objects = [names / (pathlib.PurePath(m).stem + ".o") for m in more]
            must(
                *common,
                TOP / "tests" / file,
                *objects,
                self.folder / (crypto + ".o"),
                *LIBRARIES,
                "-o",
                program
            )
            ran = run(program, *arguments, cwd=TOP)
            self.assertEqual(ran.returncode, 0, "%s\n%s" % (file, ran.stderr))

        chosen = [t for t in core_tests() if wanted(t[0])]
        self.assertTrue(chosen)
        at_once([lambda t=t: check(*t) for t in chosen])
        return len(chosen)

    def test_core_with_mbedtls(self):
        self.assertGreater(self.check_core("mbedtls", lambda file: True), 20)

    def test_core_with_psa(self):
        self.assertEqual(
            self.check_core("psa", lambda file: re.search("test_(crypto|sigv4|client)", file)), 3
        )


if __name__ == "__main__":
    announce(C, CPP)
    unittest.main()
