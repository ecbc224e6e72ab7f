"""Kconfig of a project and its components, with a few options in place of ESP-IDF's own.

usage: kconfig.py PROJECT BUILD COMPONENT...

Reads PROJECT/sdkconfig.defaults, and BUILD/sdkconfig where there is one; writes BUILD/config/sdkconfig.h and .cmake. Fails
when an option that is set does not exist.
"""

import os
import sys
from pathlib import Path

import kconfiglib

ESP_IDF = """
config LWIP_TCPIP_CORE_LOCKING
\tbool "Enable tcpip core locking"
config ESP_MAIN_TASK_STACK_SIZE
\tint "Main task stack size"
\tdefault 3584
config MBEDTLS_ASYMMETRIC_CONTENT_LEN
\tbool "Asymmetric in/out fragment length"
config MBEDTLS_SSL_IN_CONTENT_LEN
\tint "TLS maximum incoming fragment length"
\tdepends on MBEDTLS_ASYMMETRIC_CONTENT_LEN
\tdefault 16384
config MBEDTLS_SSL_OUT_CONTENT_LEN
\tint "TLS maximum outgoing fragment length"
\tdepends on MBEDTLS_ASYMMETRIC_CONTENT_LEN
\tdefault 4096
"""


def main():
    project, build, *components = map(Path, sys.argv[1:])
    out = build / "config"
    out.mkdir(parents=True, exist_ok=True)
    found = [c / name for c in components for name in ("Kconfig", "Kconfig.projbuild") if (c / name).exists()]
    (out / "Kconfig").write_text(ESP_IDF + "".join(f'source "{path}"\n' for path in found))
    os.environ["CONFIG_"] = "CONFIG_"
    config = kconfiglib.Kconfig(str(out / "Kconfig"), warn_to_stderr=False)
    for path in (project / "sdkconfig.defaults", build / "sdkconfig"):
        if path.exists():
            config.load_config(str(path), replace=False)
    config.write_autoconf(str(out / "sdkconfig.h"))
    if config.warnings:
        sys.exit("\n".join(config.warnings))
    lines = [f'set(CONFIG_{s.name} "{"" if s.str_value == "n" else s.str_value}")\n' for s in config.unique_defined_syms]
    (out / "sdkconfig.cmake").write_text("".join(lines))


if __name__ == "__main__":
    main()
