"""Kconfig of an application and its modules, with a few options in place of Zephyr's own.

usage: kconfig.py APPLICATION AUTOCONF_H CONFIG_CMAKE EXTRA_CONF_FILE MODULE...

Writes what was configured for C and for CMake. Fails, as Zephyr does, when prj.conf sets an option that does not exist,
or one that does not get its value.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

import kconfiglib
import yaml

# Options of Zephyr, by what they need.
ZEPHYR = {
    "NETWORKING": None, "NET_IPV4": "NETWORKING", "NET_TCP": "NETWORKING", "NET_SOCKETS": "NETWORKING",
    "NET_DHCPV4": "NET_IPV4", "NET_CONFIG_SETTINGS": "NETWORKING", "NET_CONFIG_NEED_IPV4": "NET_CONFIG_SETTINGS",
    "NET_CONFIG_INIT_TIMEOUT": "NET_CONFIG_SETTINGS", "DNS_RESOLVER": "NETWORKING", "MBEDTLS": None,
    "MBEDTLS_ENABLE_HEAP": "MBEDTLS", "MBEDTLS_HEAP_SIZE": "MBEDTLS_ENABLE_HEAP", "MBEDTLS_SSL_MAX_CONTENT_LEN": "MBEDTLS",
    "MBEDTLS_CTR_DRBG_ENABLED": "MBEDTLS",
    "ENTROPY_GENERATOR": None, "MAIN_STACK_SIZE": None, "PRINTK": None,
}
NUMBERS = {"NET_CONFIG_INIT_TIMEOUT", "MBEDTLS_HEAP_SIZE", "MBEDTLS_SSL_MAX_CONTENT_LEN", "MAIN_STACK_SIZE"}


def zephyr_options(modules):
    lines = []
    for name, needs in ZEPHYR.items():
        kind = "int" if name in NUMBERS else "bool"
        lines += [f"config {name}", f'\t{kind} "{name}"'] + ([f"\tdepends on {needs}"] if needs else [])
        lines += ["\tdefault 0"] if kind == "int" else []
    for module in modules:
        told = yaml.safe_load((Path(module) / "zephyr" / "module.yml").read_text())
        lines.append(f'source "{Path(module) / told["build"]["kconfig"]}"')
    return "\n".join(lines) + "\n"


def wanted(symbol):
    """The value that a symbol was given, as text."""
    value = symbol.user_value
    return kconfiglib.TRI_TO_STR[value] if symbol.orig_type == kconfiglib.BOOL else value


def configured(application, extra, modules):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Kconfig.zephyr").write_text(zephyr_options(modules))
        os.environ["srctree"] = folder
        os.chdir(folder)
        top = Path(folder) / "Kconfig"
        top.write_text((Path(application) / "Kconfig").read_text())
        config = kconfiglib.Kconfig(str(top), warn_to_stderr=False)
        config.load_config(str(Path(application) / "prj.conf"))
        if extra:
            config.load_config(extra, replace=False)
    wrong = [w for w in config.warnings if "undefined symbol" in w and "set to" not in w or "assigned" in w]
    set_to = re.findall(r"^CONFIG_(\w+)=", (Path(application) / "prj.conf").read_text(), re.M)
    wrong += [f"CONFIG_{name} does not exist" for name in set_to if name not in config.syms or not config.syms[name].nodes]
    wrong += [f"CONFIG_{s.name} did not get its value" for s in config.unique_defined_syms
              if s.user_value is not None and s.str_value != wanted(s)]
    if wrong:
        sys.exit("\n".join(wrong))
    return config


def main():
    application, header, cmake, extra, *modules = sys.argv[1:]
    config = configured(application, extra, modules)
    config.write_autoconf(header)
    lines = []
    for symbol in config.unique_defined_syms:
        if symbol.orig_type == kconfiglib.STRING or symbol.str_value not in ("n", ""):
            lines.append(f'set(CONFIG_{symbol.name} "{symbol.str_value}")\n')
    Path(cmake).write_text("".join(lines))


if __name__ == "__main__":
    main()
