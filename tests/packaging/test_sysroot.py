"""A cross-build against a sysroot, with the libraries of another machine's Debian: built as boards/README.md says, run in
qemu's emulator, program and module. Run by .ci/run, as it loads that Debian's packages, once, into build/sysroot-armhf."""

import re
import shutil

import recipes
from recipes import RecipeTest, TOP

ARCHITECTURE, EMULATOR = "armhf", "qemu-arm"
SYSROOT = TOP / f"build/sysroot-{ARCHITECTURE}"


class Sysroot(RecipeTest):
    @classmethod
    def prepare(cls):
        assert shutil.which(EMULATOR), f"{EMULATOR} is missing: scripts/require emulator"
        cls.do(TOP / "tests/cross/sysroot", ARCHITECTURE, SYSROOT)
        cls.build = cls.work / "build"
        cls.do("cmake", "-S", TOP, "-B", cls.build, "-DIVS_SYSTEM_DEPS=ON", f"-DCMAKE_SYSROOT={SYSROOT}", "-DIVS_WERROR=ON",
               f"-DCMAKE_TOOLCHAIN_FILE={TOP}/boards/linux-{ARCHITECTURE}/toolchain.cmake", "-DCMAKE_BUILD_TYPE=Debug")
        cls.do("cmake", "--build", cls.build)
        cls.emulator = EMULATOR, "-L", SYSROOT

    def test_every_source_is_compiled(self):
        self.assertWholeSource(self.build)

    def test_nothing_is_of_this_machine(self):
        found = re.findall(r"^(IVS_\w+_(?:INCLUDE|LIBRARY)):\w+=(.*)$", (self.build / "CMakeCache.txt").read_text(), re.M)
        self.assertEqual(len(found), 7, found)
        for name, path in found:
            self.assertTrue(path.startswith(f"{SYSROOT}/usr/"), f"{name} is {path}")

    def test_it_is_linked_with_the_sysroot_s_libraries(self):
        for name, more in (("ivs", ("liblua5.4",)), ("lua/ivs.so", ())):
            said = self.do("readelf", "-hd", self.build / name)
            self.assertRegex(said, r"Machine:\s+ARM\n")
            needed = set(re.findall(r"\[(\w+[\w.-]*?)\.so", said))
            self.assertEqual(needed - {"libc", "libm", "ld-linux-armhf", "libgcc_s"},
                             {"libmbedtls", "libmbedx509", "libmbedcrypto", *more}, name)

    def test_the_program(self):
        self.assertProgramWorks(self.build / "ivs", *self.emulator)

    def test_the_module(self):
        self.assertModuleWorks(*self.emulator, SYSROOT / "usr/bin/lua5.4", LUA_CPATH=f"{self.build}/lua/?.so")


if __name__ == "__main__":
    recipes.main()
