"""The README's examples: compiled, run against the simulator, and its commands and links looked up."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("IVS_BUILD", TOP / "build"))
SIMULATOR = [str(TOP / "scripts/ivs-sim"), "--quiet", "--run"]
README = (TOP / "README.md").read_text()


def blocks(language):
    return re.findall(r"^```%s\n(.*?)^```" % language, README, re.M | re.S)


def run(*command, **more):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=100, **more)


class Readme(unittest.TestCase):
    def test_c_example(self):
        """Built the way an installed library is used, it lists a channel that the Lua example's module made."""
        (source,) = blocks("c")
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "list.c").write_text(source)
            libraries = [BUILD / "libivs_platform.a", BUILD / "libivs_core.a"]
            pinned = BUILD / "libivs_mbedtls.a"
            if pinned.exists():
                libraries.append(pinned)
                headers = next((TOP / "build/deps/src").glob("mbedtls-*/include"))
                includes = ["-I%s" % headers, '-DMBEDTLS_USER_CONFIG_FILE="%s"' % (TOP / "platform/mbedtls/user_config.h")]
            else:
                libraries += ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]
                includes = []
            built = run("gcc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", folder / "list.c", *includes,
                        "-I%s" % (TOP / "core/include"), "-I%s" % (TOP / "platform/include"), *libraries, "-pthread",
                        "-o", folder / "list")
            self.assertEqual(built.returncode, 0, built.stderr)
            tags = ",".join("department-%d=%s" % (i, "broadcast" * 5) for i in range(3))
            create = "%s create-channel --name from-the-readme --tags %s" % (BUILD / "ivs", tags)
            make = "for i in 0 1 2 3 4 5 6 7 8 9; do %s >%s/made || exit; done; %s/list" % (create, folder, folder)
            ran = run(*SIMULATOR, "sh", "-c", make)
            self.assertEqual((ran.returncode, ran.stderr), (0, ""))
            self.assertRegex(ran.stdout, r"^(from-the-readme arn:aws:ivs:\S+\n){10}$")
            alone = run(folder / "list", env={"PATH": os.environ["PATH"]})
            self.assertEqual(alone.returncode, 1)
            self.assertEqual(len(alone.stderr.splitlines()), 1, alone.stderr)

    def check_lua(self, *interpreter, **more):
        (source,) = blocks("lua")
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(source)
            script.flush()
            ran = run(*SIMULATOR, *interpreter, script.name, **more)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        self.assertRegex(ran.stdout, r"^encoder sends to\t\S+\nChannelNotBroadcasting\nlobby\tarn:aws:ivs:\S+\n$")

    def test_lua_example_in_the_program(self):
        self.check_lua(BUILD / "ivs", "run")

    def test_lua_example_in_stock_lua(self):
        self.check_lua("/usr/bin/lua5.4", env=dict(os.environ, LUA_CPATH="%s/lua/?.so" % BUILD))

    def test_commands(self):
        """Commands of the README are targets of the Makefile, or run here with harmless arguments."""
        targets = set(re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(), re.M))
        for target in re.findall(r"\bmake ([a-z-]+)", README):
            self.assertIn(target, targets)
        live = next(line for block in blocks("sh") for line in block.splitlines() if "go_live.lua" in line)
        words = live.replace("build/ivs", str(BUILD / "ivs")).replace("--seconds 60", "--seconds 2").split()
        ran = run(*SIMULATOR, *words, "--encoder", TOP / "scripts/stand-in-encoder", cwd=TOP)
        self.assertEqual(ran.returncode, 0, ran.stderr)

    def test_links(self):
        for path in TOP.rglob("*.md"):
            if path.relative_to(TOP).parts[0] in ("build", ".git"):
                continue
            for link in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text()):
                if not link.startswith("http"):
                    self.assertTrue((path.parent / link).exists(), "%s: %s" % (path, link))


if __name__ == "__main__":
    print("python", sys.version.split()[0])
    unittest.main()
