"""boards/openwrt: its Makefile is evaluated by GNU make over stand-ins of OpenWrt's rules.mk, package.mk and cmake.mk
(tests/packaging/openwrt), prepared, configured, compiled and installed with this machine's compiler."""

import os
import re
import shutil

import recipes
from recipes import RecipeTest, TOP, files_below, lock, version

FEED = TOP / "boards/openwrt"


class Feed(RecipeTest):
    @classmethod
    def prepare(cls):
        (cls.work / "dl").mkdir()
        recipes.archive(cls.work / "dl")
        name = re.search(r"FILE:=(\S+)", cls.make_print("JSMN_SOURCE")).group(1)
        shutil.copy(recipes.jsmn_archive(), cls.work / "dl" / name)
        # There Lua's headers are in a folder of its version, and its library bears it in its name.
        recipes.staging(cls.work / "staging_dir", (*recipes.MBEDTLS_HEADERS, "lua5.4"),
                        (*recipes.MBEDTLS_LIBRARIES, "liblua5.4.so"))
        for step in ("prepare", "configure", "compile", "install-ivs", "install-lua-ivs", "dev"):
            cls.make(step)
        cls.build = cls.work / f"build_dir/ivs-{version()}"

    @classmethod
    def make(cls, target, *words):
        environment = {**os.environ, "MAKEFLAGS": ""}
        return cls.do("make", "-j1", "-s", "-C", FEED / "ivs", f"TOPDIR={TOP / 'tests/packaging/openwrt'}",
                      f"WORK={cls.work}", target, *words, env=environment)

    @classmethod
    def make_print(cls, name):
        return cls.make("print", "--eval", f"print: ; @echo 'FILE:=$({name})'")

    def test_every_source_is_compiled(self):
        self.assertWholeSource(self.build)

    def test_the_version_is_the_project_s(self):
        for package in ("ivs", "lua-ivs"):
            said = self.make("show-" + package)
            self.assertIn(f"version={version()}-r1 license=MIT file=LICENSE source=ivs-{version()}.tar.gz", said)

    def test_every_package_can_be_chosen_in_the_menu(self):
        for package, category in (("ivs", "Multimedia"), ("lua-ivs", "Languages")):
            said = self.make("show-" + package)
            self.assertRegex(said, rf"section=\S+ category={category} title=\S")

    def test_jsmn_is_the_pinned_one(self):
        number, digest, _, address = lock("jsmn")
        self.assertEqual(self.make("downloads"), f"jsmn-{number}.tar.gz {digest} {address}\n")

    def test_what_the_packages_hold(self):
        self.assertEqual(files_below(self.work / "packages/ivs"), {"usr/bin/ivs"})
        self.assertEqual(files_below(self.work / "packages/lua-ivs"), {"usr/lib/lua/5.4/ivs.so"})

    def test_they_depend_on_the_libraries_that_they_are_linked_with(self):
        self.assertLinkedWith(self.work / "packages/ivs/usr/bin/ivs", "libmbedtls", "libmbedx509", "libmbedcrypto", "liblua5.4")
        self.assertLinkedWith(self.work / "packages/lua-ivs/usr/lib/lua/5.4/ivs.so", "libmbedtls", "libmbedx509", "libmbedcrypto")
        self.assertIn("depends=+libmbedtls +liblua5.4\n", self.make("show-ivs"))
        self.assertIn("depends=+libmbedtls +lua5.4\n", self.make("show-lua-ivs"))

    def test_other_packages_find_the_libraries(self):
        dev = files_below(self.work / "dev/usr")
        for name in ("include/ivs/ivs.h", "include/ivs/tls.h", "lib/libivs_core.a", "lib/libivs_platform.a",
                     "lib/pkgconfig/ivs.pc", "lib/cmake/ivs/ivsConfig.cmake"):
            self.assertIn(name, dev)

    def test_the_program(self):
        self.assertProgramWorks(self.work / "packages/ivs/usr/bin/ivs")

    def test_the_module(self):
        self.assertModuleWorks("lua5.4", LUA_CPATH=f"{self.work}/packages/lua-ivs/usr/lib/lua/5.4/?.so")


if __name__ == "__main__":
    recipes.main()
