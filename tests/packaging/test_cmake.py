"""A program of somebody else's finds ivs by CMake, in each way of the README, and makes a call."""

import pathlib
import re
import tempfile
import unittest

from support import (
    BUILD,
    TOP,
    against_simulator,
    announce,
    archive,
    cached,
    consumer,
    installed,
    must,
    readme_blocks,
    run,
    version,
)

PACKAGE, FETCH = readme_blocks("cmake")
# What a project around ivs must not see of it.
QUIET = """
if(TARGET ivs_program OR TARGET ivs_module OR BUILD_TESTING OR CMAKE_EXPORT_COMPILE_COMMANDS
   OR CMAKE_BUILD_TYPE OR CMAKE_C_FLAGS)
  message(FATAL_ERROR "ivs reaches out of its own folder")
endif()
"""
# A project that wants all of it, PSA's hashes, and limits of its own.
SETTINGS = """
set(%(name)s "%(value)s")
set(IVS_CRYPTO psa)
set(IVS_LIMITS IVS_SESSION_TOKEN_MAX=512 IVS_JSON_DEPTH=16)
set(IVS_BUILD_LUA ON)
set(IVS_INSTALL ON)
add_subdirectory(%(source)s ivs)
get_target_property(means ivs_core INTERFACE_COMPILE_DEFINITIONS)
if(NOT TARGET ivs_program OR NOT "${means}" STREQUAL "IVS_CRYPTO_PSA;IVS_SESSION_TOKEN_MAX=512;IVS_JSON_DEPTH=16")
  message(FATAL_ERROR "not heeded: ${means}")
endif()
"""


class CMake(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def configure(self, text, *settings, build="build"):
        consumer(self.folder, text)
        return run(
            "cmake",
            "-S",
            self.folder,
            "-B",
            self.folder / build,
            "-DCMAKE_C_COMPILER=" + cached("CMAKE_C_COMPILER"),
            *settings
        )

    def check(self, text, *settings):
        """Builds, runs and installs the program; nothing but it must be installed."""
        configured = self.configure(text, *settings)
        self.assertEqual((configured.returncode, configured.stderr), (0, ""))
        must("cmake", "--build", self.folder / "build", "--target", "app", "-j2")
        self.assertEqual(
            against_simulator(self.folder / "build/app"), "ivs %s: consumer\n" % version()
        )
        must("cmake", "--install", self.folder / "build", "--prefix", self.folder / "out")
        files = [
            str(p.relative_to(self.folder / "out"))
            for p in (self.folder / "out").rglob("*")
            if p.is_file()
        ]
        self.assertEqual(files, ["bin/app"])

    def sources(self):
        """The tree as a user gets it: unpacked from the archive."""
        packed = archive(self.folder / "dist")
        must("tar", "xzf", packed, "-C", self.folder)
        return packed, self.folder / ("ivs-" + version())

    def dependencies(self):
        if cached("IVS_SYSTEM_DEPS") == "ON":
            return "-DIVS_SYSTEM_DEPS=ON"
        return "-DIVS_DEPS_DIR=" + cached("IVS_DEPS_DIR")

    def test_find_package(self):
        """From a folder that was moved after `make install`."""
        self.check(PACKAGE, "-DCMAKE_PREFIX_PATH=%s" % installed(self.folder))

    def test_components(self):
        """Those that there are, each found; of one that there is not, its name."""
        here = "-DCMAKE_PREFIX_PATH=%s" % installed(self.folder)
        good = self.configure("find_package(ivs REQUIRED COMPONENTS core platform)\n", here)
        self.assertEqual((good.returncode, good.stderr), (0, ""))
        bad = self.configure("find_package(ivs REQUIRED COMPONENTS core lwip)\n", here)
        self.assertNotEqual(bad.returncode, 0)
        self.assertIn("no component lwip", bad.stderr)

    def test_version_that_does_not_fit(self):
        major, minor = version().split(".")[:2]
        wrong = self.configure(
            PACKAGE.replace("ivs 0.1", "ivs %s.%d" % (major, int(minor) + 1)),
            "-DCMAKE_PREFIX_PATH=%s" % installed(self.folder),
        )
        self.assertNotEqual(wrong.returncode, 0)
        self.assertIn("version: " + version(), wrong.stderr)

    def test_fetch_content(self):
        packed, _ = self.sources()
        text = re.sub(r"URL \S+\)", 'URL "%s")' % packed, FETCH)
        self.assertIn(str(packed), text)
        # Where ivs looks for the pinned sources, and would bring them if they were not there.
        ours = self.folder / "build/_deps/ivs-build"
        ours.mkdir(parents=True)
        if cached("IVS_SYSTEM_DEPS") != "ON":
            (ours / "deps").symlink_to(cached("IVS_DEPS_DIR"))
        self.check(text + QUIET, "-DIVS_SYSTEM_DEPS=" + cached("IVS_SYSTEM_DEPS"))
        self.assertFalse(
            (self.folder / "build/_deps/ivs-src/build").exists(),
            "something was built in the sources",
        )

    def test_the_source_is_not_written_to(self):
        """The pinned sources are in the folder that is built in. BUILD_TESTING is heeded."""
        _, top = self.sources()
        build = self.folder / "elsewhere"
        build.mkdir()
        if cached("IVS_SYSTEM_DEPS") != "ON":
            (build / "deps").symlink_to(cached("IVS_DEPS_DIR"))
        before = sorted(top.rglob("*"))
        must("cmake", "-S", top, "-B", build, "-DBUILD_TESTING=OFF", "-DIVS_SYSTEM_DEPS=" + cached("IVS_SYSTEM_DEPS"))
        self.assertEqual(sorted(top.rglob("*")), before)
        settings = (build / "CMakeCache.txt").read_text()
        self.assertIn("\nIVS_BUILD_TESTS:BOOL=OFF\n", settings)
        self.assertIn("\nIVS_DEPS_DIR:PATH=%s/deps\n" % build.resolve(), settings)

    @unittest.skipUnless(cached("IVS_SYSTEM_DEPS") == "ON", "of the system's libraries")
    def test_mbedtls_in_a_folder_of_its_own(self):
        """What is installed says where."""
        own, build = self.folder / "my own", self.folder / "with"
        own.mkdir()
        (own / "include").symlink_to(cached("IVS_MBEDTLS_INCLUDE"))
        (own / "lib").symlink_to(pathlib.Path(cached("IVS_MBEDTLS_LIBRARY")).parent)
        places = ["-DIVS_%s_LIBRARY=%s/lib/lib%s.so" % (n.upper(), own, n) for n in ("mbedtls", "mbedx509", "mbedcrypto")]
        places.append("-DIVS_MBEDTLS_INCLUDE=%s/include" % own)
        must("cmake", "-S", TOP, "-B", build, "-DIVS_SYSTEM_DEPS=ON", "-DIVS_BUILD_TESTS=OFF", "-DIVS_BUILD_LUA=OFF", *places)
        flags = run("pkg-config", "--cflags", "--libs", build / "ivs.pc").stdout
        (targets,) = build.glob("CMakeFiles/Export/**/ivsTargets.cmake")
        for folder, option in (("include", "-I"), ("lib", "-L")):
            self.assertIn(option + str(own / folder).replace(" ", "\\ "), flags)
            self.assertIn('"%s"' % (own / folder), targets.read_text())

    @unittest.skipUnless(cached("IVS_SYSTEM_DEPS") == "ON", "of the system's libraries")
    def test_a_static_program_of_the_system_s_libraries(self):
        must("cmake", "-S", TOP, "-B", self.folder / "static", "-DIVS_STATIC=ON", "-DIVS_SYSTEM_DEPS=ON", "-DIVS_BUILD_TESTS=OFF")
        found = re.findall(r"^IVS_\w+_LIBRARY:\w+=(.*)$", (self.folder / "static/CMakeCache.txt").read_text(), re.M)
        self.assertEqual([path for path in found if not path.endswith(".a")], [])
        self.assertEqual(len(found), 4)

    def test_subdirectory_with_settings(self):
        """Heeded is what the project around set() before, without the cache."""
        _, top = self.sources()
        name, value = self.dependencies()[2:].split("=", 1)
        configured = self.configure(SETTINGS % {"name": name, "value": value, "source": top.name})
        self.assertEqual((configured.returncode, configured.stderr), (0, ""))
        script = (self.folder / "build/ivs/cmake_install.cmake").read_text()
        for part in ("libivs_core.a", "libivs_platform.a", "ivsConfig.cmake", "ivs.pc", "ivs.1"):
            self.assertIn(part, script)
        flags = re.search(r"Cflags: (.*)", (self.folder / "build/ivs/ivs.pc").read_text())[1]
        self.assertIn(" -DIVS_CRYPTO_PSA -DIVS_SESSION_TOKEN_MAX=512 -DIVS_JSON_DEPTH=16", flags)

    def test_a_file_that_is_not_listed(self):
        """In a tree of our own it would be missing from the program: nothing is built then."""
        _, top = self.sources()
        (top / "lua/lib/ivs/forgotten.lua").write_text("return {}\n")
        configured = run(
            "cmake",
            "-S",
            top,
            "-B",
            self.folder / "ours",
            "-DIVS_BUILD_TESTS=OFF",
            self.dependencies(),
        )
        self.assertNotEqual(configured.returncode, 0)
        self.assertIn("lib/ivs/forgotten.lua", configured.stderr)

    def test_older_lua_is_installed(self):
        """For each Lua that was named, where that one looks. The one of two that look there is the first."""
        _, top = self.sources()
        folders = []
        for name, said in (("lua5.1", 501), ("lua-5.3", 503), ("luajit-2.1", 501)):
            folders.append(self.folder / name)
            folders[-1].mkdir()
            (folders[-1] / "lua.h").write_text("#define LUA_VERSION_NUM\t%d\n" % said)
        build = self.folder / "older"
        must(
            "cmake",
            "-S",
            top,
            "-B",
            build,
            "-DIVS_BUILD_TESTS=OFF",
            "-DIVS_OLDER_LUA=" + ";".join(str(f) for f in folders),
            self.dependencies(),
        )
        script = (build / "cmake_install.cmake").read_text()
        rules = re.findall(r'DESTINATION "[^"]*/(lua/5\.\d)"[^)]*FILES "[^"]*/older/(\S+)"', script)
        expected = [("5.4", "lua"), ("5.1", "lua/lua5.1"), ("5.3", "lua/lua-5.3")]
        self.assertEqual(rules, [("lua/" + v, folder + "/ivs.so") for v, folder in expected])

    def test_everything_is_installed(self):
        prefix = installed(self.folder)
        for file in (
            "bin/ivs",
            "share/man/man1/ivs.1",
            "share/bash-completion/completions/ivs",
            "share/zsh/site-functions/_ivs",
            "share/ivs/meta/ivs.lua",
            "share/ivs/meta/ivs/live.lua",
            "share/ivs/meta/ivs/process.lua",
            cached("IVS_LUA_MODULE_DIR") + "/ivs.so",
        ):
            self.assertTrue((prefix / file).stat().st_size, file)
        of_firmware = {"lwip.h", "zephyr.h"}
        for header in [
            *(TOP / "core/include/ivs").iterdir(),
            *(TOP / "platform/include/ivs").iterdir(),
        ]:
            there = (prefix / "include/ivs" / header.name).exists()
            self.assertEqual(there, header.name not in of_firmware, header.name)

    def test_licences(self):
        """Of ivs, and of each that is compiled into what is installed."""
        prefix = installed(self.folder)
        texts = {p.name: p.read_text() for p in (prefix / "share/doc/ivs").iterdir()}
        names = ["LICENSE", "LICENSE.jsmn"]
        if cached("IVS_SYSTEM_DEPS") != "ON":
            names += ["LICENSE.lua", "LICENSE.mbedtls"]
        self.assertEqual(sorted(texts), names)
        self.assertEqual(texts["LICENSE"], (TOP / "LICENSE").read_text())
        for name in names[1:3]:
            if name != "LICENSE.mbedtls":
                self.assertRegex(texts[name], r"\A(MIT License\n\n)?Copyright \([cC]\) ")
                self.assertRegex(texts[name], r"\n\nPermission is hereby granted(?s:.*)\n\nTHE SOFTWARE IS PROVIDED")
                self.assertNotRegex(texts[name], r"[*]|[ \t]\n")

    @unittest.skipIf(cached("CMAKE_BUILD_TYPE") == "Debug" or cached("IVS_SANITIZE"), "for work on ivs itself")
    def test_nothing_tells_where_it_was_built(self):
        prefix = installed(self.folder)
        here = b"\0" + str(TOP).encode() + b"/"
        self.assertEqual([p for p in prefix.rglob("*") if p.is_file() and here in p.read_bytes()], [])


if __name__ == "__main__":
    announce("cmake")
    print("build", BUILD)
    unittest.main()
