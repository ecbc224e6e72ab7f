"""What the compiler says when lwIP is built without something that the port over it needs."""

import re
import subprocess
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
LIMITS = TOP / "platform" / "lwip" / "options.h"
SOURCE = TOP / "platform" / "lwip" / "lookup.c"  # includes it
SECONDS = 60
# A line in lwipopts.h, and the text's first words. The version is not there; lwIP's own header has it.
WITHOUT = (
    ("#define NO_SYS 1", "set NO_SYS to 0"),
    ("#define LWIP_TCP 0", "set LWIP_TCP and LWIP_SOCKET to 1"),
    ("#define LWIP_SOCKET 0", "set LWIP_TCP and LWIP_SOCKET to 1"),
    ("#define LWIP_SOCKET_SELECT 0", "set LWIP_SOCKET_SELECT to 1"),
    ("#define LWIP_DNS 0", "set LWIP_DNS to 1"),
    ("#define LWIP_TCPIP_CORE_LOCKING 0", "set LWIP_TCPIP_CORE_LOCKING to 1"),
    ("#define DNS_MAX_NAME_LENGTH 63", "set DNS_MAX_NAME_LENGTH to 64 or more"),
)
OLD = "#define LWIP_VERSION_MAJOR 2\n#define LWIP_VERSION_MINOR 0\n"
OLD_TEXT = "lwIP 2.1 or newer is needed"


def compile_with(lwip, folder):
    """What the compiler says, with the headers of this folder before all others."""
    paths = (folder, TOP / "core/include", TOP / "platform/include", TOP / "boards/common/lwip", lwip / "src/include")
    done = subprocess.run(["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb", "-std=c11", "-fsyntax-only",
                           *(f"-I{path}" for path in paths), str(SOURCE)],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=SECONDS)
    return done.returncode, done.stderr


def says(lwip, name, content):
    """With a header of this name and content."""
    with tempfile.TemporaryDirectory() as folder:
        header = Path(folder) / name
        header.parent.mkdir(exist_ok=True)
        header.write_text(content, encoding="ascii")
        return compile_with(lwip, folder)


def changed(line):
    """lwipopts.h of the boards, with one option different."""
    option = line.split()[1]
    return f'#include "{TOP}/boards/common/lwip/lwipopts.h"\n#undef {option}\n{line}\n'


def problems(lwip):
    """Lines; lwip is the folder of its source."""
    cases = [("lwipopts.h", changed(line), line, text) for line, text in WITHOUT]
    cases.append(("lwip/init.h", OLD, "lwIP 2.0", OLD_TEXT))
    found = []
    for name, content, what, text in cases:
        code, said = says(lwip, name, content)
        if code == 0 or f'#error "ivs: {text}' not in said:
            found.append(f"with {what} the compiler does not say \"{text}\" but:\n{said}")
    code, said = says(lwip, "lwipopts.h", changed("#define LWIP_SOCKET 1"))
    if code != 0 or said:
        found.append(f"with all options the compiler says:\n{said}")
    texts = re.findall(r'#error "ivs: (.*)"', LIMITS.read_text(encoding="ascii"))
    known = [text for _, _, _, text in cases]
    return found + [f"not tried: {text}" for text in texts if not text.startswith(tuple(known))]
