"""boards/yocto: layer and recipe are read by a small parser of BitBake's language (tests/packaging/yocto), and the
tasks fetch, unpack, configure, compile, install and package carried out with this machine's compiler and Ninja."""

import fnmatch
import hashlib
import pathlib
import re
import shutil
import sys
import tarfile

import recipes
from recipes import RecipeTest, TOP, files_below, jsmn_archive, lock, version

sys.path.insert(0, str(TOP / "tests/packaging/yocto"))
from bitbake import Data  # noqa: E402

LAYER = TOP / "boards/yocto"
STAND_IN = TOP / "tests/packaging/yocto"
LUA_HEADERS = ("lua.h", "luaconf.h", "lauxlib.h", "lualib.h")
CLASSES = {"cmake", "bash-completion"}
TOOLCHAIN = """set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR x)
set(CMAKE_C_COMPILER {cc})
set(CMAKE_C_FLAGS "{flags}" CACHE STRING "")
set(CMAKE_FIND_ROOT_PATH {sysroot})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
"""


# Where sources are unpacked and where the recipe's are then, in each release that the layer says it is for.
LAYOUTS = {
    "scarthgap": ("${WORKDIR}", "${WORKDIR}/${BP}"),
    "styhead": ("${WORKDIR}/sources-unpack", "${WORKDIR}/${BP}"),
    "walnascar": ("${WORKDIR}/sources-unpack", "${WORKDIR}/${BP}"),
    "whinlatter": ("${WORKDIR}/sources", "${UNPACKDIR}/${BP}"),
    "wrynose": ("${WORKDIR}/sources", "${UNPACKDIR}/${BP}"),
}


def recipe_file():
    (found,) = LAYER.glob("recipes-*/*/*.bb")
    return found


def read_all(release="whinlatter", **first):
    """Layer and recipe as BitBake reads them: name and version from the file's name, then what is set."""
    name, number = recipe_file().stem.split("_")
    unpackdir, source = LAYOUTS[release]
    data = Data(LAYERDIR=str(LAYER), BBPATH="", BBFILES="", BBFILE_COLLECTIONS="", BPN=name, PV=number,
                UNPACKDIR=unpackdir, S=source, **first)
    for path in (LAYER / "conf/layer.conf", STAND_IN / "bitbake.conf"):
        data.read(path.read_text(), path.name)
    data.read(recipe_file().read_text(), recipe_file().name)
    if "bash-completion" in data.classes:
        data.assign("PACKAGES", "=+", "${PN}-bash-completion")
        data.assign("FILES:${PN}-bash-completion", "=", "${datadir}/bash-completion")
    return data


class Layer(RecipeTest):
    def test_it_finds_its_recipes(self):
        data = read_all()
        self.assertEqual(data.get("BBFILES").split(), [f"{LAYER}/recipes-*/*/*.bb"])
        self.assertEqual(data.get("BBFILE_COLLECTIONS").split(), ["ivs"])
        self.assertTrue(str(recipe_file()).startswith(data.get("BBFILE_PATTERN_ivs").removeprefix("^")))
        for name in ("BBFILE_PRIORITY_ivs", "LAYERDEPENDS_ivs", "LAYERSERIES_COMPAT_ivs"):
            self.assertTrue(data.get(name), name)

    def test_every_release_has_its_layout(self):
        self.assertEqual(read_all().get("LAYERSERIES_COMPAT_ivs").split(), list(LAYOUTS))

    def test_the_archive_is_where_make_dist_puts_it(self):
        self.assertEqual(pathlib.Path(read_all().get("IVS_DIST")).resolve(), TOP / "build/dist")


class Task(RecipeTest):
    """The recipe's data, and its first tasks."""

    @classmethod
    def prepare(cls):
        cls.dist = cls.work / "dist"
        cls.dist.mkdir()
        recipes.archive(cls.dist)

    @classmethod
    def read(cls, folder, **more):
        cls.data = read_all(TMPDIR=str(folder), DL_DIR=str(cls.work / "downloads"), IVS_DIST=str(cls.dist), **more)

    @classmethod
    def sources(cls):
        """Address and options of each source."""
        for word in cls.data.get("SRC_URI").split():
            address, *options = word.split(";")
            yield address, dict(option.split("=") for option in options)

    @classmethod
    def fetch_and_unpack(cls):
        unpackdir = pathlib.Path(cls.data.get("UNPACKDIR"))
        unpackdir.mkdir(parents=True, exist_ok=True)
        for address, options in cls.sources():
            name = address.removeprefix("file://")
            if name != address:
                folders = [pathlib.Path(f) for f in cls.data.get("FILESPATH").split(":") if f and f != "__default"]
                found = next(f / name for f in folders if (f / name).is_file())
            else:
                found = cls.work / "downloads" / options["downloadfilename"]
                found.parent.mkdir(exist_ok=True)
                shutil.copy(jsmn_archive(), found)
                said = cls.data.get(f"SRC_URI[{options['name']}.sha256sum]")
                assert hashlib.sha256(found.read_bytes()).hexdigest() == said, name
            with tarfile.open(found) as tar:
                tar.extractall(unpackdir / options.get("subdir", ""))
        # Where S is not below UNPACKDIR its folder, and no other, is moved to it.
        source = pathlib.Path(cls.data.get("S"))
        if not source.exists():
            (unpackdir / source.name).rename(source)


class Unpack(Task):
    def test_where_each_release_has_its_sources(self):
        for release in LAYOUTS:
            with self.subTest(release):
                self.read(self.work / release, release=release)
                self.fetch_and_unpack()
                self.assertTrue((pathlib.Path(self.data.get("S")) / "CMakeLists.txt").is_file())
                include = re.search(r"-DIVS_JSMN_INCLUDE=(\S+)", self.data.get("EXTRA_OECMAKE")).group(1)
                self.assertTrue((pathlib.Path(include) / "jsmn.h").is_file(), include)


class Recipe(Task):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.read(cls.work)
        unknown = set(cls.data.classes) - CLASSES
        assert not unknown, f"classes that the stand-in does not have: {unknown}"
        cls.fetch_and_unpack()
        cls.configure_compile_install()
        cls.packages = cls.package()

    @classmethod
    def configure_compile_install(cls):
        get, sysroot = cls.data.get, cls.work / "sysroot"
        # There Lua bears no version: <lua.h> and liblua.
        recipes.staging(sysroot, recipes.MBEDTLS_HEADERS, recipes.MBEDTLS_LIBRARIES)
        for name in LUA_HEADERS:
            (sysroot / "usr/include" / name).symlink_to(pathlib.Path("/usr/include/lua5.4") / name)
        (sysroot / "usr/lib/liblua.so").symlink_to(pathlib.Path("/usr/lib") / recipes.triplet() / "liblua5.4.so")
        toolchain = cls.work / "toolchain.cmake"
        toolchain.write_text(TOOLCHAIN.format(cc=get("CC"), flags=get("CFLAGS"), sysroot=sysroot))
        cls.do("sh", "-c", f"cmake -G Ninja -S {get('S')} -B {get('B')} -DCMAKE_TOOLCHAIN_FILE={toolchain} "
               f"-DCMAKE_INSTALL_PREFIX={get('prefix')} -DCMAKE_INSTALL_LIBDIR={get('baselib')} "
               f"-DCMAKE_INSTALL_SO_NO_EXE=0 -DCMAKE_NO_SYSTEM_FROM_IMPORTED=1 {get('EXTRA_OECMAKE')}")
        cls.do("cmake", "--build", get("B"), "--", "-j1")
        cls.do("env", f"DESTDIR={get('D')}", "cmake", "--build", get("B"), "--target", "install")

    @classmethod
    def package(cls):
        """Each package takes, in turn, what its FILES name and none before it took."""
        left = {"/" + name for name in files_below(cls.data.get("D"))}
        packages = {}
        for name in cls.data.get("PACKAGES").split():
            patterns = cls.data.get("FILES:" + name).split() if cls.data.has("FILES:" + name) else []
            taken = {f for f in left for p in patterns if fnmatch.fnmatchcase(f, p) or f.startswith(p + "/")}
            packages[name] = taken
            left -= taken
        packages[None] = left
        return packages

    def test_every_installed_file_is_in_a_package(self):
        self.assertEqual(self.packages[None], set())

    def test_what_the_packages_hold(self):
        self.assertEqual(self.packages["ivs"], {"/usr/bin/ivs"})
        self.assertEqual(self.packages["lua-ivs"], {"/usr/lib/lua/5.4/ivs.so"})
        self.assertEqual(self.packages["ivs-staticdev"], {"/usr/lib/libivs_core.a", "/usr/lib/libivs_platform.a"})
        self.assertEqual(self.packages["ivs-doc"], {"/usr/share/man/man1/ivs.1", "/usr/share/doc/ivs/LICENSE",
                                                    "/usr/share/doc/ivs/LICENSE.jsmn"})
        self.assertEqual(self.packages["ivs-bash-completion"], {"/usr/share/bash-completion/completions/ivs"})
        self.assertEqual(self.packages["ivs-zsh-completion"], {"/usr/share/zsh/site-functions/_ivs"})
        for name in ("/usr/include/ivs/ivs.h", "/usr/lib/pkgconfig/ivs.pc", "/usr/lib/cmake/ivs/ivsConfig.cmake",
                     "/usr/share/ivs/meta/ivs.lua"):
            self.assertIn(name, self.packages["ivs-dev"])

    def test_every_source_is_compiled(self):
        self.assertWholeSource(self.data.get("B"))

    def test_the_version_is_the_project_s(self):
        self.assertEqual(self.data.get("PV"), version())

    def test_jsmn_is_the_pinned_one(self):
        number, digest, _, address = lock("jsmn")
        self.assertEqual(self.data.get("JSMN_VERSION"), number)
        self.assertEqual(self.data.get("SRC_URI[jsmn.sha256sum]"), digest)
        self.assertIn(address, [a for a, _ in self.sources()])

    def test_the_licence(self):
        address, sum_of_it = self.data.get("LIC_FILES_CHKSUM").split(";md5=")
        file = pathlib.Path(self.data.get("S")) / address.removeprefix("file://")
        self.assertEqual(hashlib.md5(file.read_bytes()).hexdigest(), sum_of_it)
        self.assertEqual(self.data.get("LICENSE"), "MIT")

    def test_it_is_linked_with_what_it_depends_on(self):
        self.assertEqual(self.data.get("DEPENDS").split(), ["lua", "mbedtls"])
        self.assertEqual(self.data.get("RDEPENDS:lua-ivs"), "lua")
        libraries = ("libmbedtls", "libmbedx509", "libmbedcrypto")
        self.assertLinkedWith(self.data.get("D") + "/usr/bin/ivs", *libraries, "liblua5.4")
        self.assertLinkedWith(self.data.get("D") + "/usr/lib/lua/5.4/ivs.so", *libraries)

    def test_nothing_says_where_it_was_built(self):
        for name in ("usr/lib/pkgconfig/ivs.pc", *(f"usr/lib/cmake/ivs/{n}" for n in ("ivsConfig.cmake", "ivsTargets.cmake"))):
            self.assertNotIn(str(self.work), (pathlib.Path(self.data.get("D")) / name).read_text(), name)

    def test_the_program(self):
        self.assertProgramWorks(self.data.get("D") + "/usr/bin/ivs")

    def test_the_module(self):
        self.assertModuleWorks("lua5.4", LUA_CPATH=self.data.get("D") + "/usr/lib/lua/5.4/?.so")


class Parser(RecipeTest):
    def test_operators(self):
        data = Data(A="1").read('A += "2"\nA =+ "0"\nB ?= "x"\nB ?= "y"\nC = "${A}-${B}"\nA .= "3"\nA:append = " end"\n'
                                'D := "${B}"\nB = "z"\nE[flag.part] = \'q\'\nF = "a \\\n b"\nG ??= "weak"', "test")
        self.assertEqual([data.get(name) for name in ("A", "B", "C", "D", "E[flag.part]", "G")],
                         ["0 1 23 end", "z", "0 1 23 end-z", "x", "q", "weak"])
        self.assertEqual(data.get("F").split(), ["a", "b"])

    def test_what_it_does_not_know_is_an_error(self):
        for text in ("do_install() {", 'A = "no end', "A:remove = 'x'", "include other.inc"):
            with self.subTest(text), self.assertRaises(ValueError):
                Data().read(text, "test")


if __name__ == "__main__":
    recipes.main()
