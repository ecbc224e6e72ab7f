"""boards/zephyr: the module and its sample, by their own CMake and Kconfig files over a stand-in for Zephyr (zephyr/).

The stand-in's functions have Zephyr's prototypes and work on POSIX, so that the sample calls the simulator over TLS. What
was not tried is Zephyr itself. The class ZephyrArm needs a compiler for Cortex-M, and is a stage of .ci/run.
"""
import socket
import sys
import tempfile
import unittest
from pathlib import Path

from firmware_world import Service, compiled, core_sources, mbedtls, mbedtls_config, tls_sources
from support import HERE, TOP, announce, do, pinned, run

sys.path.insert(0, str(TOP / "tests" / "platform"))
from port_peer import Peer  # noqa: E402  (the path has to be set first)

SAMPLE = TOP / "boards/zephyr/samples/put_metadata"
STAND_IN = HERE / "zephyr"
PLATFORM = {"platform/zephyr/zephyr.c"}
STRICT = "-Wall -Wextra -Wshadow -Werror"
ARM = "-mcpu=cortex-m4 -mthumb -Os -ffreestanding"


class Recipe(unittest.TestCase):
    """Configures the sample over the stand-in."""

    @classmethod
    def setUpClass(cls):
        made = tempfile.TemporaryDirectory(prefix="ivs-zephyr-")
        cls.addClassCleanup(made.cleanup)
        cls.work = Path(made.name)
        cls.config = mbedtls_config(cls.work)

    def configure(self, name, conf="", sample=SAMPLE, **more):
        """Configures the sample in a folder of that name. Returns the folder and what CMake did."""
        build, extra = self.work / name, self.work / f"{name}.conf"
        extra.write_text(conf)
        sources, library = mbedtls()
        options = {"Zephyr_DIR": STAND_IN, "EXTRA_CONF_FILE": extra, "IVS_JSMN_DIR": pinned("jsmn"),
                   "STAND_IN_MBEDTLS": sources, "STAND_IN_MBEDTLS_LIBRARY": library, "STAND_IN_MBEDTLS_CONFIG": self.config,
                   "CMAKE_EXPORT_COMPILE_COMMANDS": "ON", "CMAKE_C_FLAGS": STRICT, **more}
        words = [f"-D{option}={value}" for option, value in options.items()]
        return build, run("cmake", "-S", sample, "-B", build, *words)

    @staticmethod
    def headers(build):
        """The compiler's options for what was configured there."""
        folders = (STAND_IN / "include", TOP / "core/include", TOP / "platform/include")
        return ["-imacros", build / "zephyr/include/generated/autoconf.h", *(f"-I{path}" for path in folders)]

    def sources(self, build, others):
        """Each file of the core exactly once, besides the others and the sample's own."""
        expected = core_sources() | others | {"boards/zephyr/samples/put_metadata/src/main.c"}
        ours = {name: count for name, count in compiled(build).items() if not name.startswith("tests/")}
        self.assertEqual(ours, dict.fromkeys(expected, 1))


class Zephyr(Recipe):
    def test_sample_calls_the_service(self):
        service = Service()
        self.addCleanup(service.stop)
        lines = [f'CONFIG_SAMPLE_{name}="{value}"\n' for name, value in service.values().items()]
        build, result = self.configure("run", "".join(lines) + "CONFIG_SAMPLE_ITEMS=6\nCONFIG_SAMPLE_EVERY_MS=50\n")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        do("cmake", "--build", build)
        said = do(build / "zephyr/zephyr.exe")
        self.assertRegex(said, r"^ivs: 6 of 6 items sent in [1-6] payloads\n$")
        self.assertEqual(service.items(), [1, 2, 3, 4, 5, 6])
        self.sources(build, PLATFORM | tls_sources())

    def test_port(self):
        """The port alone: the rules for every port, several addresses of a name, of one kind and of both; abandoned
        look-ups."""
        build, _ = self.configure("port")
        for name, extra in (("ipv4", ()), ("ipv6", ("-DCONFIG_NET_IPV6=1",))):
            with self.subTest(name):
                program = build / name
                do("cc", "-std=gnu11", "-g", "-fsanitize=address,undefined", *STRICT.split(), *extra, *self.headers(build),
                   f"-I{TOP / 'tests/platform'}", "-o", program, STAND_IN / "port_check.c", STAND_IN / "shim.c",
                   TOP / "platform/zephyr/zephyr.c", TOP / "platform/port_check.c", "-lpthread")
                with socket.create_server(("127.0.0.1", 0)) as closed:
                    dead = closed.getsockname()[1]
                with Peer() as peer:
                    said = do(program, peer.port, dead, env={"STAND_IN_DNS_MS": "20"})
                self.assertEqual(said, "ok\n")

    def test_names_of_older_zephyr(self):
        build, _ = self.configure("names", "CONFIG_IVS_CRYPTO_LEGACY=y\n")
        for extra in ((), ("-DCONFIG_NET_IPV6=1",)):
            do("cc", "-std=gnu11", "-fsyntax-only", *STRICT.split(), "-DSTAND_IN_OLD_NAMES", *extra, *self.headers(build),
               TOP / "platform/zephyr/zephyr.c")

    def test_header_alone(self):
        build, _ = self.configure("header")
        for language, standard in (("c", "c99"), ("c", "c11"), ("c++", "c++17")):
            alone = self.work / "alone.h"
            alone.write_text("#include <ivs/zephyr.h>\n")
            do("cc", "-x", language, f"-std={standard}", "-fsyntax-only", *STRICT.split(), *self.headers(build), alone)

    def test_options(self):
        build, _ = self.configure("options", "CONFIG_IVS_CRYPTO_LEGACY=y\nCONFIG_IVS_CALL_MS=5000\n")
        flags = (build / "compile_commands.json").read_text()
        self.assertIn("-DIVS_CALL_MS=5000", flags)
        self.assertNotIn("-DIVS_CRYPTO_PSA", flags)

    def test_random_numbers(self):
        """Without PSA a generator is asked for, where TLS needs one; and a mbedTLS that has none is told so."""
        for name, conf, wanted in (("psa", "", False), ("legacy", "CONFIG_IVS_CRYPTO_LEGACY=y\n", True),
                                   ("no-tls", "CONFIG_IVS_CRYPTO_LEGACY=y\nCONFIG_IVS_TLS=n\n", False)):
            with self.subTest(name):
                build, _ = self.configure(name, conf)
                header = (build / "zephyr/include/generated/autoconf.h").read_text()
                self.assertEqual("CONFIG_MBEDTLS_CTR_DRBG_ENABLED 1" in header, wanted)
        none = self.work / "none.h"
        none.write_text("")
        result = run("cc", "-fsyntax-only", *self.headers(build), "-isystem", pinned("mbedtls") / "include",
                     f'-DMBEDTLS_CONFIG_FILE="{none}"', "-include", "ivs/tls.h", "-x", "c", "/dev/null")
        self.assertIn("mbedTLS has no random numbers", result.stderr)

    def test_mistakes_are_named(self):
        _, result = self.configure("no-jsmn", IVS_JSMN_DIR=self.work)
        self.assertIn("no jsmn.h", result.stderr)
        _, result = self.configure("wrong-option", "CONFIG_IVS_HTTP_HEAD_MAX=1\n")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("IVS_HTTP_HEAD_MAX", result.stdout + result.stderr)


class ZephyrArm(Recipe):
    """What needs Debian's compiler for Cortex-M."""

    def test_cortex_m(self):
        for name, conf in (("arm", ""), ("arm-no-tls", "CONFIG_IVS_TLS=n\n")):
            with self.subTest(conf=conf):
                build, result = self.configure(
                    name, conf, STAND_IN_CROSS="ON", CMAKE_SYSTEM_NAME="Generic", CMAKE_C_COMPILER="arm-none-eabi-gcc",
                    CMAKE_TRY_COMPILE_TARGET_TYPE="STATIC_LIBRARY", CMAKE_C_FLAGS=f"{ARM} {STRICT} -isystem {STAND_IN}/include")
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
                self.sources(build, PLATFORM | (set() if "no-tls" in name else tls_sources()))
                do("cmake", "--build", build, "--target", "ivs")


if __name__ == "__main__":
    announce("cmake")
    unittest.main(verbosity=2)
