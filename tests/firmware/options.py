"""The port over lwIP as lwIP is otherwise built: without something that it needs, and with IPv6."""

import re
import subprocess
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
LIMITS = TOP / "platform" / "lwip" / "options.h"
SOURCE = TOP / "platform" / "lwip" / "lookup.c"  # includes it
PORT = TOP / "platform" / "lwip" / "lwip.c"
HERE = TOP / "tests" / "firmware"
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
# With IPv6, beside IPv4 and alone.
BOTH = ("#define LWIP_IPV6 1",)
ALONE = (*BOTH, "#define LWIP_IPV4 0")


def includes(lwip, folder):
    """With the headers of this folder before all others."""
    paths = (folder, TOP / "core/include", TOP / "platform/include", TOP / "boards/common/lwip", lwip / "src/include")
    return [f"-I{path}" for path in paths]


def done(*command):
    """The exit code of a command, and all that it says."""
    result = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            timeout=SECONDS)
    return result.returncode, result.stdout


def write(folder, name, content):
    header = Path(folder) / name
    header.parent.mkdir(exist_ok=True)
    header.write_text(content, encoding="ascii")


def says(lwip, name, content, sources=(SOURCE,)):
    """What the compiler says with a header of this name and content."""
    with tempfile.TemporaryDirectory() as folder:
        write(folder, name, content)
        return done("arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb", "-std=c11", "-Wall", "-Wextra", "-fsyntax-only",
                    *includes(lwip, folder), *sources)


def changed(*lines):
    """lwipopts.h of the boards, with an option or some of them different."""
    text = "".join(f"#undef {line.split()[1]}\n{line}\n" for line in lines)
    return f'#include "{TOP}/boards/common/lwip/lwipopts.h"\n{text}'


def families(lwip):
    """What families.c says, which is built for this machine with both kinds of address."""
    with tempfile.TemporaryDirectory() as folder:
        write(folder, "lwipopts.h", changed(*BOTH))
        program = Path(folder) / "families"
        code, said = done("cc", "-std=gnu11", "-g", "-fsanitize=address,undefined", "-Wall", "-Wextra", *includes(lwip, folder),
                          "-o", program, HERE / "families.c", PORT)
        return (code, said) if code != 0 else done(program)


def problems_of_ipv6(lwip):
    found = []
    for lines in (BOTH, ALONE):
        code, said = says(lwip, "lwipopts.h", changed(*lines), (SOURCE, PORT))
        if code != 0 or said:
            found.append(f"with {', '.join(lines)} the compiler says:\n{said}")
    code, said = families(lwip)
    return found if (code, said) == (0, "ok\n") else [*found, f"with both kinds of address:\n{said}"]


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
