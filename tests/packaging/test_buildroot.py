"""boards/buildroot: its makefiles are evaluated by GNU make over a stand-in of Buildroot's CMake infrastructure
(tests/packaging/buildroot) and carried out with this machine's compiler; its menu is read by Kconfiglib."""

import hashlib
import os
import pathlib
import re

import kconfiglib

import recipes
from recipes import RecipeTest, TOP, files_below, version

TREE = TOP / "boards/buildroot"
STAND_IN = TOP / "tests/packaging/buildroot"
LUA_HEADERS = ("lua.h", "luaconf.h", "lauxlib.h", "lualib.h")


class Tree(RecipeTest):
    options = ()
    steps = ("source", "extract", "configure", "build", "install-staging", "install-target")

    @classmethod
    def prepare(cls):
        (cls.work / "dist").mkdir()
        recipes.archive(cls.work / "dist")
        recipes.staging(cls.work / "staging", recipes.MBEDTLS_HEADERS)
        # There Lua bears no version: <lua.h> and liblua.
        include, lib = cls.work / "staging/usr/include", cls.work / "staging/usr/lib"
        (include / "jsmn.h").symlink_to("/usr/include/jsmn.h")
        for name in LUA_HEADERS:
            (include / name).symlink_to(pathlib.Path("/usr/include/lua5.4") / name)
        system = pathlib.Path("/usr/lib") / recipes.triplet()
        for name in cls.libraries():
            (lib / name.replace("liblua5.4", "liblua")).symlink_to(system / name)
        for step in cls.steps:
            cls.make("ivs-" + step)
        cls.build = cls.work / f"build/ivs-{version()}/buildroot-build"

    @classmethod
    def libraries(cls):
        return (*recipes.MBEDTLS_LIBRARIES, "liblua5.4.so")

    @classmethod
    def make(cls, target):
        return cls.do("make", "-j1", "-s", "-f", STAND_IN / "Makefile", f"BR2_EXTERNAL_IVS_PATH={TREE}", f"WORK={cls.work}",
                      f"IVS_DIST={cls.work}/dist", *cls.options, target, env={**os.environ, "MAKEFLAGS": ""})


class Shared(Tree):
    def test_every_source_is_compiled(self):
        self.assertWholeSource(self.build)

    def test_the_version_is_the_project_s(self):
        said = self.make("ivs-show")
        self.assertIn(f"version={version()} source=ivs-{version()}.tar.gz license=MIT file=LICENSE\n", said)
        self.assertIn(f"depends=jsmn lua mbedtls site=file://{self.work}/dist\n", said)

    def test_what_the_target_gets(self):
        target = files_below(self.work / "target/usr")
        self.assertIn("bin/ivs", target)
        self.assertIn("lib/lua/5.4/ivs.so", target)
        self.assertEqual([name for name in target if name.startswith("share/ivs")], [])
        # The rest of it is what Buildroot itself takes away from every target.
        other = {name for name in target if not re.match(r"include/|lib/cmake/|lib/pkgconfig/|lib/libivs_\w+\.a$|share/(?:doc|man)/"
                                                         r"|share/bash-completion/|share/zsh/", name)}
        self.assertEqual(other, {"bin/ivs", "lib/lua/5.4/ivs.so"})

    def test_other_packages_find_the_libraries(self):
        staging = files_below(self.work / "staging/usr")
        for name in ("include/ivs/ivs.h", "include/ivs/tls.h", "lib/libivs_core.a", "lib/libivs_platform.a",
                     "lib/pkgconfig/ivs.pc", "lib/cmake/ivs/ivsConfig.cmake"):
            self.assertIn(name, staging)

    def test_it_is_linked_with_what_it_depends_on(self):
        self.assertLinkedWith(self.work / "target/usr/bin/ivs", "libmbedtls", "libmbedx509", "libmbedcrypto", "liblua5.4")

    def test_the_program(self):
        self.assertProgramWorks(self.work / "target/usr/bin/ivs")

    def test_the_module(self):
        self.assertModuleWorks("lua5.4", LUA_CPATH=f"{self.work}/target/usr/lib/lua/5.4/?.so")


class Static(Tree):
    """BR2_STATIC_LIBS: there are no shared libraries, and one static program comes out."""

    options = ("BR2_STATIC_LIBS=y",)

    @classmethod
    def libraries(cls):
        return ("libmbedtls.a", "libmbedx509.a", "libmbedcrypto.a", "liblua5.4.a")

    def test_the_program_needs_no_library(self):
        program = self.work / "target/usr/bin/ivs"
        self.assertNotIn("NEEDED", self.do("objdump", "-p", program))
        self.assertProgramWorks(program)

    def test_there_is_no_module(self):
        self.assertEqual([name for name in files_below(self.work / "target") if name.endswith(".so")], [])


class Menu(RecipeTest):
    def setUp(self):
        os.environ["BR2_EXTERNAL_IVS_PATH"] = str(TREE)
        self.menu = kconfiglib.Kconfig(str(STAND_IN / "Config.in"), warn_to_stderr=False)
        self.ivs = self.menu.syms["BR2_PACKAGE_IVS"]
        self.choose("BR2_PACKAGE_LUA")

    def choose(self, name, value="y"):
        self.assertTrue(self.menu.syms[name].set_value(value), name)

    def comments(self):
        """What the menu tells who looks for the package in vain."""
        node, found = self.menu.top_node.list, []
        while node:
            if node.item == kconfiglib.COMMENT and kconfiglib.expr_value(node.dep):
                found.append(node.prompt[0])
            node = node.next
        return found

    def test_it_brings_what_it_needs(self):
        self.assertEqual(self.menu.warnings, [])
        self.assertEqual(self.ivs.visibility, 2)
        self.choose("BR2_PACKAGE_IVS")
        for name in ("BR2_PACKAGE_JSMN", "BR2_PACKAGE_MBEDTLS"):
            self.assertEqual(self.menu.syms[name].str_value, "y", name)
        self.assertEqual(self.comments(), [])

    def test_it_is_not_offered_where_it_cannot_work(self):
        for name, value in (("BR2_TOOLCHAIN_HAS_THREADS", "n"), ("BR2_PACKAGE_LUA_5_1", "y"), ("BR2_PACKAGE_LUA_32BITS", "y"),
                            ("BR2_PACKAGE_LUA", "n")):
            with self.subTest(name):
                self.setUp()
                self.choose(name, value)
                self.assertEqual(self.ivs.visibility, 0)
                self.assertEqual(len(self.comments()), 1)

    def test_without_an_mmu_it_is_not_mentioned(self):
        self.choose("BR2_USE_MMU", "n")
        self.assertEqual((self.ivs.visibility, self.comments()), (0, []))

    def test_the_tree_has_a_name(self):
        fields = dict(line.split(": ", 1) for line in (TREE / "external.desc").read_text().splitlines())
        self.assertEqual(fields["name"], "IVS")
        self.assertTrue(fields["desc"])

    def test_the_licence_is_the_one_whose_sum_is_kept(self):
        lines = [line.split() for line in (TREE / "package/ivs/ivs.hash").read_text().splitlines() if not line.startswith("#")]
        self.assertIn(["sha256", hashlib.sha256((TOP / "LICENSE").read_bytes()).hexdigest(), "LICENSE"], lines)
        self.assertIn(["none", "xxx", f"ivs-{version()}.tar.gz"], lines)


if __name__ == "__main__":
    recipes.main()
