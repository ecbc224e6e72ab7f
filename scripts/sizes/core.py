"""The core on small processors: bytes by file and by part, the structs that a program holds."""

import glob
import os
import re

from .record import Table
from .tools import JOBS, TOP, die, pinned_source, read, run

KINDS = {".text": "text", ".rodata": "rodata", ".data": "data", ".bss": "bss",
         ".sdata": "data", ".sbss": "bss", ".srodata": "rodata"}
STAND_INS = ("mbedtls_", "psa_", "product_")
# Of the C library and the compiler's own: what those have is no part of the core.
LIBRARY = re.compile(r"(mem|str)\w+|__\w+")
# Parts that cost nothing unless they are used, and the functions that a program then calls.
PARTS = {
    "model check": ["ivs_check_member"],
    "all pages of a list": ["ivs_page_more"],
    "endpoints by region, partition, FIPS": ["ivs_endpoint_resolve"],
    "clock that was never set": ["ivs_clock_learn"],
    "signing for other services": ["ivs_sigv4_sign"],
    "tokens of viewers": ["ivs_claims_check", "ivs_claims_encode"],
    "tokens of viewers, read as well": ["ivs_claims_check", "ivs_claims_encode", "ivs_claims_decode"],
    "events": ["ivs_event_decode", "ivs_event_next"],
    "proxy": ["ivs_proxy_init"],
    "metadata queue": ["ivs_metadata_init", "ivs_metadata_push", "ivs_metadata_step"],
    "network credentials: AWS IoT": ["ivs_iot_provider_init"],
    "network credentials: container": ["ivs_container_provider_init"],
    "network credentials: EC2": ["ivs_imds_provider_init"],
    "network credentials: STS": ["ivs_sts_provider_init"],
    "network credentials, all": ["ivs_iot_provider_init", "ivs_container_provider_init", "ivs_imds_provider_init",
                                 "ivs_sts_provider_init"],
    "texts of all errors": ["ivs_strerror"],
}
# Of mbedTLS, for SHA-256.
MBEDTLS_FILES = ("sha256", "platform_util")
WORKSPACE = "workspace for 1 KB of metadata that grows by half, token of 1 KB"
# What a program holds, with the header that declares it.
STRUCTS = {
    "ivs_client": "ivs/ivs.h", "struct ivs_creds": "ivs/ivs.h", "struct ivs_endpoint": "ivs/ivs.h",
    "ivs_metadata_queue": "ivs/metadata_queue.h", "struct ivs_proxy": "ivs/proxy.h",
    "struct ivs_iot_provider": "ivs/iot.h", "struct ivs_container_provider": "ivs/container.h",
    "struct ivs_imds_provider": "ivs/imds.h", "struct ivs_sts_provider": "ivs/sts.h",
}


class Machine:
    """A processor with its compiler, the core built for it, and programs linked with that."""

    def __init__(self, name, board):
        toolchain = read("boards", board, "toolchain.cmake")
        self.name, self.board = name, board
        self.compiler = re.search(r"CMAKE_C_COMPILER (\S+)\)", toolchain)[1]
        self.options = re.search(r'CMAKE_C_FLAGS_INIT "(.*)"', toolchain)[1].split()
        self.folder = os.path.join("build", board)
        self.archive = os.path.join(self.folder, "libivs_core.a")

    def tool(self, name):
        return self.compiler[:-len("gcc")] + name

    def build(self):
        run("cmake", "-S", ".", "-B", self.folder, f"-DCMAKE_TOOLCHAIN_FILE=boards/{self.board}/toolchain.cmake",
            "-DCMAKE_BUILD_TYPE=MinSizeRel",
            "-DCMAKE_C_FLAGS=" + " ".join([*self.options, "-fstack-usage", "-fcallgraph-info=su"]))
        run("cmake", "--build", self.folder, "--target", "ivs_core", "-j", JOBS)

    def compile(self, source, name, *more):
        """Into NAME.o, with NAME.ci beside it."""
        run(self.compiler, *self.options, "-Os", "-std=c11", "-ffunction-sections", "-fdata-sections",
            "-fcallgraph-info=su", "-Icore/include", *more, "-c", source, "-o", os.path.join(self.folder, name + ".o"))

    def link(self, functions=(), more=("-nostdlib",)):
        """
        The program that uses all operations, and these functions besides, as size.elf; returns the linker's map. mbedTLS
        and the product's own functions are left out, and the C library unless more says otherwise.
        """
        program = os.path.join(self.folder, "size")
        self.compile("boards/cortex-m4/size.c", "size")
        said = run(self.compiler, *self.options, program + ".o", self.archive, "-o", program + ".elf", "-nostartfiles",
                   "-Wl,--gc-sections", "-Wl,--entry=main", "-Wl,--warn-unresolved-symbols", f"-Wl,-Map={program}.map",
                   *("-Wl,--undefined=" + function for function in functions), *more)
        missing = {name for name in re.findall(r"undefined reference to `(\w+)'", said)
                   if not name.startswith(STAND_INS) and not LIBRARY.fullmatch(name)}
        if missing:
            die("not in the core, so the figure would be too small: " + ", ".join(sorted(missing)))
        return read(program + ".map")


MACHINES = (Machine("Cortex-M0+", "cortex-m0plus"), Machine("Cortex-M4", "cortex-m4"), Machine("RV32IMAC", "riscv32"))
M4 = MACHINES[1]


def linked_sizes(link_map):
    """{file: {kind: bytes}} of the core's objects in the program, from the map's part on memory."""
    placed = link_map[link_map.index("Linker script and memory map"):]
    pattern = re.compile(r"^ (\.[a-z]+)\S*\s+0x[0-9a-f]+\s+0x([0-9a-f]+)\s+\S*libivs_core\.a\((\S+?\.c)\.\w+\)", re.M)
    sizes = {}
    for section, size, name in pattern.findall(placed):
        if section in KINDS:
            of = sizes.setdefault(name, dict.fromkeys(KINDS.values(), 0))
            of[KINDS[section]] += int(size, 16)
    return sizes


def flash(sizes):
    return sum(of["text"] + of["rodata"] + of["data"] for of in sizes.values())


def files_table():
    """The core by file, in a program that uses all operations, on each processor."""
    table = Table("Core by file", "Bytes of flash (code, constants) in a program that makes all operations with static"
                  " credentials, linked with --gc-sections; without mbedTLS and the C library.",
                  [machine.name for machine in MACHINES], "file")
    for machine in MACHINES:
        machine.build()
        sizes = linked_sizes(machine.link())
        if not sizes or any(of["data"] or of["bss"] for of in sizes.values()):
            die(f"{machine.name}: the core is empty, or has variables")
        for name in sorted(sizes):
            table.add(name, machine.name, flash({name: sizes[name]}), [machine.compiler])
    table.rows = dict(sorted(table.rows.items()))
    for machine in MACHINES:
        table.add("sum", machine.name, sum(of.get(machine.name, 0) for of in table.rows.values()), [machine.compiler])
    return table


def parts_table(files):
    table = Table("Optional parts of the core", "Bytes of flash that a part adds to that program once it is used.",
                  [machine.name for machine in MACHINES], "part")
    for machine in MACHINES:
        for name, functions in PARTS.items():
            more = flash(linked_sizes(machine.link(functions))) - files.get("sum", machine.name)
            table.add(name, machine.name, more, [machine.compiler])
    return table


def struct_sizes():
    """{struct: bytes}, as the sizes of arrays in an object file."""
    source = os.path.join(TOP, M4.folder, "structs.c")
    with open(source, "w", encoding="utf-8") as file:
        file.writelines(f"#include <{header}>\n" for header in sorted(set(STRUCTS.values())))
        file.writelines(f"char size_{i}[sizeof({name})];\n" for i, name in enumerate(STRUCTS))
    M4.compile(source, "structs")
    said = run(M4.tool("nm"), "-S", os.path.join(M4.folder, "structs.o"))
    found = {int(i): int(size, 16) for size, i in re.findall(r"^\w+ (\w+) \w size_(\d+)$", said, re.M)}
    return {name: found[i] for i, name in enumerate(STRUCTS)}


def workspace_size():
    """What scripts/sizes/workspace.c finds, on this machine."""
    source, program = pinned_source("mbedtls"), os.path.join(M4.folder, "workspace")
    sources = [path for path in glob.glob(os.path.join(TOP, "core/src/*.c")) if not path.endswith("_psa.c")]
    sources += [f"{source}/library/{name}.c" for name in MBEDTLS_FILES]
    run("cc", "-std=c11", "-D_DEFAULT_SOURCE", "-Icore/include", f"-I{source}/include", "-I" + pinned_source("jsmn"),
        "scripts/sizes/workspace.c", "tests/core/fake_port.c", *sources, "-o", program)
    return int(run(program))


def memory_table():
    table = Table("What a program holds", "Bytes of RAM on a Cortex-M4. A provider has its credentials in itself. The"
                  " workspace is found on the machine that measures, where pointers may be larger.", ["bytes"], "what")
    for name, size in struct_sizes().items():
        table.add(name.removeprefix("struct "), "bytes", size, [M4.compiler])
    table.add(WORKSPACE, "bytes", workspace_size())
    return table
