"""boards/debian: the packages are built by dpkg-buildpackage, read, judged by lintian, installed into a clean Debian 12,
used there against the simulator, and removed. Run by .ci/run, as making and entering the clean Debian needs root.

The clean Debian is made by debootstrap with what the packages depend on, and kept in build/debian-root, so that
the next run needs no network.
"""

import os
import re
import shutil
import subprocess
import unittest

import recipes
from recipes import RecipeTest, TOP, against_simulator, files_below, triplet, version
from support import consumer, readme_blocks

KEPT = TOP / "build/debian-root"
NAMES = ("ivs", "lua-ivs", "libivs-dev")
# It asks for the number of a bug report, which only Debian's own first upload has.
NOT_FOR_US = "initial-upload-closes-no-bugs"


class Packages(RecipeTest):
    @classmethod
    def prepare(cls):
        cls.folder = cls.work / "packages"
        cls.do(TOP / "boards/debian/build", cls.folder)
        cls.files = {path.name.split("_")[0]: path for path in cls.folder.glob("*.deb")}
        cls.content = {}
        for name, path in cls.files.items():
            cls.content[name] = cls.work / name
            cls.do("dpkg-deb", "-x", path, cls.content[name])

    @classmethod
    def field(cls, package, name):
        return cls.do("dpkg-deb", "-f", cls.files[package], name).strip()

    @classmethod
    def depends(cls, package):
        return {re.split(r"[ :(]", word.strip())[0] for word in cls.field(package, "Depends").split(",")}

    def test_there_are_three_of_this_version(self):
        self.assertEqual(set(self.files), set(NAMES))
        for name in NAMES:
            self.assertEqual(self.field(name, "Version"), version() + "-1")
            self.assertIn("<", self.field(name, "Maintainer"))

    def test_dependencies(self):
        mbedtls = {"libc6", "libmbedcrypto7", "libmbedtls14", "libmbedx509-1"}
        self.assertEqual(self.depends("ivs"), mbedtls | {"liblua5.4-0"})
        self.assertEqual(self.depends("lua-ivs"), mbedtls)
        self.assertEqual(self.depends("libivs-dev"), {"libmbedtls-dev"})

    def test_what_they_hold(self):
        where = f"usr/lib/{triplet()}"
        expected = {
            "ivs": {"usr/bin/ivs", "usr/share/man/man1/ivs.1.gz", "usr/share/bash-completion/completions/ivs",
                    "usr/share/zsh/vendor-completions/_ivs"},
            "lua-ivs": {f"{where}/lua/5.4/ivs.so"} | {f"usr/share/ivs/{name}" for name in files_below(TOP / "lua")
                                                      if name.startswith("meta/")},
            "libivs-dev": {f"{where}/libivs_core.a", f"{where}/libivs_platform.a", f"{where}/pkgconfig/ivs.pc"},
        }
        for name in NAMES:
            held = {f for f in files_below(self.content[name]) if not f.startswith((f"usr/share/doc/{name}/", "usr/include/ivs/",
                                                                                    f"{where}/cmake/ivs/"))}
            self.assertEqual(held, expected[name], name)
        headers = {path.name for folder in ("core", "platform") for path in (TOP / folder / "include/ivs").glob("*.h")}
        self.assertEqual(files_below(self.content["libivs-dev"] / "usr/include/ivs"), headers - {"lwip.h", "zephyr.h"})

    def test_lintian_has_nothing_to_say(self):
        said = self.do("lintian", "--allow-root", "--fail-on", "error,warning", "--suppress-tags", NOT_FOR_US,
                       *self.files.values())
        self.assertEqual(said, "")

    def test_a_program_of_c_is_built_with_them(self):
        folder, lib = self.work / "consumer", self.content["libivs-dev"] / f"usr/lib/{triplet()}"
        consumer(folder, readme_blocks("cmake")[0])
        self.do("cmake", "-S", folder, "-B", folder / "build", f"-Divs_DIR={lib}/cmake/ivs")
        self.do("cmake", "--build", folder / "build")
        self.assertEqual(against_simulator(folder / "build/app"), f"ivs {version()}: consumer\n")

    def make_root(self):
        kept = KEPT / "bookworm.tar"
        if not kept.exists():
            self.debootstrap(kept)
        self.root = self.work / "root"
        self.root.mkdir()
        self.do("tar", "-xpf", kept, "-C", self.root)
        (self.root / "etc/hosts").write_text("127.0.0.1 localhost\n")

    def debootstrap(self, kept):
        mirror = self.do("apt-get", "indextargets", "--format", "$(RELEASE) $(REPO_URI)", "Created-By: Packages")
        mirror = next(line.split()[1] for line in mirror.splitlines() if re.match("bookworm (?!.*security)", line))
        wanted = {name for package in NAMES for name in self.depends(package)} | {"lua5.4"}
        KEPT.mkdir(parents=True, exist_ok=True)
        root = self.work / "new-root"
        self.do("debootstrap", "--variant=minbase", "--include=" + ",".join(sorted(wanted)), "bookworm", root, mirror)
        for folder in ("var/cache/apt/archives", "var/lib/apt/lists"):
            shutil.rmtree(root / folder)
        # Devices are not needed, and not everywhere may they be made again.
        self.do("tar", "-cpf", f"{kept}.part", "--exclude=./dev/*", "-C", root, ".")
        os.rename(f"{kept}.part", kept)
        shutil.rmtree(root)

    def enter(self, *words):
        return self.do("chroot", self.root, *words, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"})

    def call(self, *words):
        """A command in the root, with the simulator that is outside of it, and its certificate inside."""
        shutil.rmtree(self.root / "tmp/ivs", ignore_errors=True)
        (self.root / "tmp/ivs").mkdir()
        (self.root / "tmp/ivs/go.lua").write_text(recipes.GO)
        script = f'cp "$AWS_CA_BUNDLE" {self.root}/tmp/ivs/ca.pem && AWS_CA_BUNDLE=/tmp/ivs/ca.pem exec chroot {self.root} "$@"'
        return against_simulator("sh", "-c", script, "sh", *words)

    @unittest.skipUnless(os.getuid() == 0, "entering a root folder needs root")
    def test_installed_used_removed_in_a_clean_debian(self):
        self.make_root()
        before = files_below(self.root / "usr")
        self.assertNotEqual(subprocess.run(["chroot", self.root, "ivs", "--version"], capture_output=True).returncode, 0)
        for name in NAMES:
            shutil.copy(self.files[name], self.root / "tmp")
        self.enter("dpkg", "--force-unsafe-io", "-i", *("/tmp/" + self.files[name].name for name in NAMES))
        for name in NAMES:
            self.assertEqual(self.enter("dpkg-query", "-W", "-f=${db:Status-Status} ${Version}", name), f"installed {version()}-1")

        self.assertTrue(self.enter("ivs", "--version").startswith(f"ivs/{version()} "))
        self.assertEqual(self.call("ivs", "run", "/tmp/ivs/go.lua"), "packed\n")
        self.assertEqual(self.call("lua5.4", "/tmp/ivs/go.lua"), "packed\n")
        self.assertIn('"channels": []', self.call("ivs", "list-channels"))

        self.enter("dpkg", "-P", *NAMES)
        self.assertEqual(files_below(self.root / "usr"), before)


if __name__ == "__main__":
    recipes.main()
