"""boards/luarocks: LuaRocks builds the rock from the archive of `make dist`, installs it into a tree of its own,
and stock Lua uses it as a script there would."""

import os
import re
import shutil

import recipes
from recipes import RecipeTest, TOP, files_below, version


class Rock(RecipeTest):
    @classmethod
    def prepare(cls):
        cls.spec = TOP / f"boards/luarocks/ivs-{version()}-1.rockspec"
        (cls.work / "build/dist").mkdir(parents=True)
        (cls.work / "home").mkdir()
        recipes.archive(cls.work / "build/dist")
        cls.tree = cls.work / "tree"
        cls.said = cls.luarocks("build", cls.spec)

    @classmethod
    def luarocks(cls, *words):
        environment = {**os.environ, "HOME": str(cls.work / "home")}
        return cls.do("/usr/bin/luarocks", "--lua-version", "5.4", "--tree", cls.tree, *words, cwd=cls.work, env=environment)

    def test_the_rockspec_is_sound(self):
        self.assertNotIn("rror", self.luarocks("lint", self.spec))

    def test_there_is_one_rockspec_and_it_is_the_project_s(self):
        self.assertEqual([path.name for path in (TOP / "boards/luarocks").glob("*.rockspec")], [self.spec.name])
        text = self.spec.read_text()
        self.assertIn(f'version = "{version()}-1"', text)
        self.assertIn(f'url = "file://build/dist/ivs-{version()}.tar.gz"', text)

    def test_it_is_installed(self):
        self.assertIn("ivs", self.luarocks("list", "--porcelain").split())
        self.assertEqual({name for name in files_below(self.tree) if name.startswith(("lib/lua/", "share/lua/", "bin/"))},
                         {"lib/lua/5.4/ivs.so"})

    def test_the_module(self):
        path = re.search(r"LUA_CPATH(?:_5_4)?='([^']*)'", self.luarocks("path")).group(1)
        self.assertModuleWorks("lua5.4", LUA_CPATH=path)

    def test_a_lua_of_its_own_needs_no_library(self):
        """LuaRocks may be given the headers of a Lua that the system has not; a module links none."""
        sysroot = self.work / "sysroot"
        recipes.staging(sysroot, (*recipes.MBEDTLS_HEADERS, "jsmn.h", "lua5.4"), recipes.MBEDTLS_LIBRARIES)
        options = re.findall(r"-DIVS_\w+=(?:ON|OFF)\b", self.spec.read_text())
        self.do("cmake", "-S", TOP, "-B", self.work / "no-library", *options, f"-DCMAKE_FIND_ROOT_PATH={sysroot}",
                "-DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY", "-DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY")
        targets = self.do("cmake", "--build", self.work / "no-library", "--target", "help")
        self.assertIn("ivs_module", targets)
        self.assertNotIn("ivs_program", targets)

    def test_it_can_be_removed(self):
        copy = self.work / "tree-copy"
        shutil.copytree(self.tree, copy)
        self.do("/usr/bin/luarocks", "--lua-version", "5.4", "--tree", copy, "remove", "ivs",
                env={**os.environ, "HOME": str(self.work / "home")})
        self.assertNotIn("lib/lua/5.4/ivs.so", files_below(copy))


if __name__ == "__main__":
    recipes.main()
