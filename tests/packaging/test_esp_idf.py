"""boards/esp-idf: the component and its example, by their own CMake and Kconfig files over a stand-in for ESP-IDF (esp_idf/).

Compiled for a Cortex-M, as Debian has no compiler for Xtensa: with the pinned lwIP, and with mbedTLS 3.6 as of ESP-IDF 5 or
the stand-in for mbedTLS 4 as of ESP-IDF 6. What was not tried is ESP-IDF itself.
"""
import os
import tempfile
import unittest
from pathlib import Path

import yaml

from firmware_world import compiled, core_sources
from support import HERE, TOP, announce, do, pinned, run
from test_mbedtls4 import StandIn

BOARD = TOP / "boards/esp-idf"
ARM = "-mcpu=cortex-m4 -mthumb -Os -Wshadow -Werror"
EXPECTED = {f"platform/{name}/{path.name}" for name in ("lwip", "mbedtls") for path in (TOP / "platform" / name).glob("*.c")} | {
    "boards/esp-idf/ivs/esp_idf.c", "boards/esp-idf/example/main/main.c"}


class EspIdf(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        made = tempfile.TemporaryDirectory(prefix="ivs-esp-idf-")
        cls.addClassCleanup(made.cleanup)
        cls.work = Path(made.name)
        mbedtls = pinned("mbedtls")
        lwip = f"{pinned('lwip')}/src/include;{TOP}/boards/common/lwip"
        cls.common = {"STAND_IN_LWIP": lwip, "STAND_IN_JSMN": pinned("jsmn"), "CMAKE_SYSTEM_NAME": "Generic",
                      "CMAKE_C_COMPILER": "arm-none-eabi-gcc", "CMAKE_TRY_COMPILE_TARGET_TYPE": "STATIC_LIBRARY",
                      "CMAKE_C_FLAGS": ARM, "CMAKE_EXPORT_COMPILE_COMMANDS": "ON"}
        (cls.work / "mbedtls4").mkdir()
        config = f'-DMBEDTLS_CONFIG_FILE="{HERE}/esp_idf/mbedtls_config.h"'
        cls.mbedtls = {5: ["-isystem", str(mbedtls / "include"), config],
                       6: [*StandIn(cls.work / "mbedtls4", mbedtls, config="").flags, config, "-DMBEDTLS_USE_PSA_CRYPTO"]}
        cls.mbedtls[6].remove("-DIVS_CRYPTO_PSA")  # the recipe's to define

    def configure(self, name, version, sdkconfig=""):
        build = self.work / name
        build.mkdir()
        (build / "sdkconfig").write_text(sdkconfig)
        options = {**self.common, "IDF_VERSION_MAJOR": version, "STAND_IN_MBEDTLS_FLAGS": ";".join(self.mbedtls[version])}
        words = [f"-D{option}={value}" for option, value in options.items()]
        environment = {**os.environ, "IDF_PATH": str(HERE / "esp_idf")}
        return build, run("cmake", "-S", BOARD / "example", "-B", build, *words, env=environment)

    def build(self, name, version, sdkconfig=""):
        build, result = self.configure(name, version, sdkconfig)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        do("cmake", "--build", build)
        self.assertEqual({n: c for n, c in compiled(build).items()}, dict.fromkeys(core_sources() | EXPECTED, 1))
        return (build / "compile_commands.json").read_text()

    def test_esp_idf_5(self):
        flags = self.build("five", 5, 'CONFIG_EXAMPLE_REGION="eu-west-1"\nCONFIG_IVS_CALL_MS=5000\n')
        self.assertIn("-DIVS_CALL_MS=5000", flags)
        self.assertNotIn("IVS_CRYPTO_PSA", flags)

    def test_esp_idf_6(self):
        roots = self.work / "roots.pem"
        roots.write_text("-----BEGIN CERTIFICATE-----\n")
        flags = self.build("six", 6, f'CONFIG_EXAMPLE_ROOTS_FILE="{roots}"\n')
        self.assertIn("-DIVS_CRYPTO_PSA", flags)

    def test_lwip_is_configured(self):
        build, _ = self.configure("options", 5)
        self.assertIn("#define CONFIG_LWIP_TCPIP_CORE_LOCKING 1", (build / "config/sdkconfig.h").read_text())

    def test_wrong_option(self):
        _, result = self.configure("wrong", 5, "CONFIG_IVS_HTTP_HEAD_MAX=1\n")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("IVS_HTTP_HEAD_MAX", result.stderr)

    def test_manifests(self):
        component = yaml.safe_load((BOARD / "ivs/idf_component.yml").read_text())
        self.assertEqual(set(component), {"description", "license", "dependencies"})
        # The line of jsmn that is pinned: before it the interface was another, after it the rules change.
        self.assertEqual(component["dependencies"], {"idf": ">=5.1", "espressif/jsmn": "~1.1.0"})
        example = yaml.safe_load((BOARD / "example/main/idf_component.yml").read_text())
        self.assertTrue(example["dependencies"]["protocol_examples_common"]["path"].startswith("${IDF_PATH}/"))


if __name__ == "__main__":
    announce("cmake", "arm-none-eabi-gcc")
    unittest.main(verbosity=2)
