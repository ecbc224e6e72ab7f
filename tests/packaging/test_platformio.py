"""boards/platformio: library.json as PlatformIO reads it, and every source that it names compiled, with the example.

Compiled for a Cortex-M, with the stand-ins of ESP-IDF and Arduino. What was not tried is PlatformIO itself.
"""
import configparser
import json
import os
import re
import tempfile
import unittest
from collections import Counter
from pathlib import Path

from firmware_world import core_sources
from support import HERE, TOP, announce, do, pinned, version

FOLDER = TOP / "boards/platformio"
EXAMPLE = FOLDER / "examples/put_metadata"
OTHERS = {f"platform/{name}/{path.name}" for name in ("lwip", "mbedtls") for path in (TOP / "platform" / name).glob("*.c")} | {
    "boards/esp-idf/ivs/esp_idf.c"}
# Fields of library.json that PlatformIO knows, of those that may be there; and of its "build".
FIELDS = {"name", "version", "description", "keywords", "license", "frameworks", "platforms", "dependencies", "build"}
BUILD_FIELDS = {"srcDir", "srcFilter", "includeDir", "flags"}


def chosen(folder, filters):
    """The files that a srcFilter chooses: each +<pattern> adds, each -<pattern> takes away, one after the other."""
    files = Counter()
    for sign, pattern in (re.fullmatch(r"([+-])<(.*)>", text).groups() for text in filters):
        found = {path for path in folder.glob(pattern) if path.is_file()}
        if sign == "-":
            files.clear() if pattern == "*" else [files.pop(path, None) for path in found]
        else:
            files.update(found)
    return files


class PlatformIo(unittest.TestCase):
    def setUp(self):
        self.told = json.loads((FOLDER / "library.json").read_text())
        self.built = self.told["build"]
        self.includes = [FOLDER / flag.removeprefix("-I") for flag in self.built["flags"]] + [FOLDER / self.built["includeDir"]]

    def test_manifest(self):
        self.assertEqual(set(self.told), FIELDS)
        self.assertEqual(set(self.built), BUILD_FIELDS)
        self.assertRegex(self.told["name"], r"^[a-zA-Z0-9_\-. ]{1,50}$")
        self.assertEqual(self.told["version"], version())
        self.assertRegex(self.told["dependencies"]["jsmn"], r"^https://\S+\.git#v1\.1\.0$")
        self.assertIn(self.told["license"], (TOP / "LICENSE").read_text())
        for path in self.includes:
            self.assertTrue((path / "ivs").is_dir(), path)

    def test_every_source_once(self):
        files = chosen(FOLDER / self.built["srcDir"], self.built["srcFilter"])
        names = Counter({os.path.relpath(path, TOP): count for path, count in files.items()})
        self.assertEqual(names, dict.fromkeys(core_sources() | OTHERS, 1))

    def test_compiles(self):
        stand_ins = [HERE / "platformio", *(HERE / "esp_idf/components").glob("*/include")]
        system = [pinned("jsmn"), pinned("mbedtls") / "include", pinned("lwip") / "src/include", TOP / "boards/common/lwip"]
        flags = ["-mcpu=cortex-m4", "-mthumb", "-Os", "-Wall", "-Wextra", "-Wshadow", "-Werror", "-DESP_PLATFORM",
                 f'-DMBEDTLS_CONFIG_FILE="{HERE}/esp_idf/mbedtls_config.h"', *(f"-I{path}" for path in [*self.includes, *stand_ins])]
        flags += [word for path in system for word in ("-isystem", path)]
        sources = chosen(FOLDER / self.built["srcDir"], self.built["srcFilter"])
        with tempfile.TemporaryDirectory() as work:
            do("arm-none-eabi-gcc", "-std=gnu17", "-c", *flags, *sorted(path.resolve() for path in sources), cwd=work)
            do("arm-none-eabi-g++", "-std=gnu++2a", "-c", *flags, EXAMPLE / "src/main.cpp", cwd=work)
            self.assertEqual(len(list(Path(work).glob("*.o"))), len(sources) + 1)

    def test_example_finds_the_library(self):
        ini = configparser.ConfigParser(inline_comment_prefixes=(";",))
        ini.read(EXAMPLE / "platformio.ini")
        (named,) = [line for line in ini["env:esp32"]["lib_deps"].split() if line.startswith("ivs=symlink://")]
        self.assertEqual((EXAMPLE / named.removeprefix("ivs=symlink://")).resolve(), FOLDER)


if __name__ == "__main__":
    announce("arm-none-eabi-gcc")
    unittest.main(verbosity=2)
