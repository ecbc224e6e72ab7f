"""scripts/check-source finds what it is there to find: each rule is broken once, in a copy."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent

# file, what is put in front of it, what is said
BROKEN = [
    ("core/src/text.c", "#include <stdio.h>\n", "core does not include <stdio.h>"),
    ("core/src/client.c", "#include <mbedtls/ssl.h>\n", "core does not include <mbedtls/ssl.h>"),
    ("core/src/encode.c", "#include <jsmn.h>\n", "core does not include <jsmn.h>"),
    ("core/src/text.c", "#include <ivs/client.h>\n", "<ivs/client.h> is of a higher layer"),
    ("core/src/http1.c", "#include <ivs/json.h>\n", "signing, JSON and HTTP do not include one another"),
    ("core/src/sigv4.c", "#include <ivs/http1.h>\n", "signing, JSON and HTTP do not include one another"),
    ("core/src/decode.c", "static void *f(void) { return malloc(3); }\n", "core does not use malloc"),
    ("core/include/ivs/text.h", "static inline int f(void) { return printf(\"\"); }\n", "core does not use printf"),
    ("core/src/answer.c", "static int calls;\n", "core has no variables of its own"),
    ("core/src/answer.c", "static char buffer[100];\n", "core has no variables of its own"),
    ("core/src/new.c", "#include <ivs/base.h>\n", "this file has no layer yet"),
    ("platform/posix/posix.c", "#include <ivs/client.h>\n", "platform does not include <ivs/client.h>"),
    ("platform/mbedtls/tls.c", "#include <ivs/json.h>\n", "platform does not include <ivs/json.h>"),
    ("lua/src/main.c", "#include <mbedtls/ssl.h>\n", "lua uses the public headers only"),
]
HARMLESS = [
    ("core/src/text.c", "/* malloc and printf are not for us. */\n"),
    ("core/src/text.c", "static const char words[] = \"malloc(3)\";\n"),
]


class CheckSource(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.copy = pathlib.Path(folder.name)
        for part in ("core", "platform", "lua", "scripts"):
            shutil.copytree(TOP / part, self.copy / part)

    def check(self, *arguments):
        return subprocess.run([self.copy / "scripts/check-source", *arguments], capture_output=True, text=True, timeout=60)

    def spoil(self, name, text):
        path = self.copy / name
        before = path.read_text() if path.exists() else None
        path.write_text(text + (before or ""))
        said = self.check()
        path.unlink() if before is None else path.write_text(before)
        return said

    def test_clean(self):
        said = self.check()
        self.assertEqual((said.returncode, said.stdout.count("\n")), (0, 1), said.stdout)

    def test_broken(self):
        for name, text, expected in BROKEN:
            said = self.spoil(name, text)
            self.assertEqual(said.returncode, 1, (name, text))
            self.assertIn("%s:1: " % name, said.stdout)
            self.assertIn(expected, said.stdout)

    def test_harmless(self):
        for name, text in HARMLESS:
            said = self.spoil(name, text)
            self.assertEqual(said.returncode, 0, said.stdout)

    def test_archive(self):
        """Symbols of an archive: a call of malloc and a variable are found, the functions of <string.h> are not."""
        source = "#include <stdlib.h>\n#include <string.h>\nint seen;\nvoid *f(void *p) { seen++; memset(p, 0, 9); return malloc(3); }\n"
        (self.copy / "x.c").write_text(source)
        subprocess.run(["gcc", "-c", "x.c", "-o", "x.o"], cwd=self.copy, check=True)
        subprocess.run(["ar", "rc", "x.a", "x.o"], cwd=self.copy, check=True)
        said = self.check(str(self.copy / "x.a"))
        self.assertEqual(said.returncode, 1)
        self.assertIn("x.o: uses malloc", said.stdout)
        self.assertIn("x.o: seen is a variable", said.stdout)
        self.assertNotIn("memset", said.stdout)


if __name__ == "__main__":
    unittest.main()
