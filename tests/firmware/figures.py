"""What an image takes of flash and RAM, by part, from the linker's map."""

import re

# Of an object's path in the map; the first that fits.
PARTS = (
    ("core", r"libivs_core\.a"),
    ("platform", r"libivs_platform_lwip\.a"),
    ("mbedTLS", r"libfirmware_mbedtls\.a"),
    ("lwIP", r"libivs_lwip\.a"),
    ("Lua", r"libfirmware_lua\.a"),
    ("Lua module", r"libivs_lua_lwip\.a"),
    ("C library", r"lib(c_nano|c|gcc|m)\.a"),
    ("board", r"libfirmware_board\.a"),
    ("program", r""),
)
FLASH = (".vectors", ".text", ".rodata", ".data")
RAM = (".data", ".bss", "COMMON")
PLACED = re.compile(r"^ (\.(?:vectors|text|rodata|data|bss)\S*|COMMON)\s+0x[0-9a-f]+\s+0x([0-9a-f]+) (\S+)$", re.M)


def by_part(map_file):
    """{part: [bytes of flash, bytes of RAM]} of the parts that there are; the stack is not among them."""
    text = map_file.read_text(encoding="utf-8")
    placed = text[text.index("Linker script and memory map"):]
    sizes = {name: [0, 0] for name, _ in PARTS}
    for section, size, path in PLACED.findall(placed):
        part = next(name for name, pattern in PARTS if re.search(pattern, path))
        kind = "." + section.split(".")[1] if section.startswith(".") else section
        sizes[part][0] += int(size, 16) if kind in FLASH else 0
        sizes[part][1] += int(size, 16) if kind in RAM else 0
    return {name: pair for name, pair in sizes.items() if any(pair)}


def limits(map_file):
    """{region: bytes} of the board's memory."""
    text = map_file.read_text(encoding="utf-8")
    return {name: int(size, 16)
            for name, size in re.findall(r"^(FLASH|RAM)\s+0x[0-9a-f]+\s+0x([0-9a-f]+)\s", text, re.M)}


def numbers(map_file):
    """{name: bytes}: of each part, and in all; RAM without the stack."""
    sizes = {name.replace(" ", "-"): pair for name, pair in by_part(map_file).items()}
    sizes["sum"] = [sum(pair[kind] for pair in sizes.values()) for kind in (0, 1)]
    return {f"{kind}-{name}": pair[i] for name, pair in sizes.items() for i, kind in enumerate(("flash", "RAM"))}


def table(map_file, said):
    """The lines to print: parts, the stack, sums and what the board has; then what a run used. said: see main.c."""
    sizes, limit = by_part(map_file), limits(map_file)
    rows = [(name, flash, ram) for name, (flash, ram) in sizes.items()]
    rows.append(("stack", 0, said["stack-size"]))
    rows.append(("sum", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    rows.append(("board's limit", limit["FLASH"], limit["RAM"]))
    lines = [f"  {'bytes':<14}{'flash':>8}{'RAM':>8}"]
    lines += [f"  {name:<14}{flash:>8}{ram:>8}" for name, flash, ram in rows]
    lines.append(f"  most in use in the main job: TLS pool {said['pool-most']} of {said['pool-size']}, "
                 f"stack {said['stack-most']} of {said['stack-size']}, workspace {said['workspace-most']}")
    lines.append(f"  it made {said['requests']} requests on {said['connections']} connections, "
                 f"{said['handshakes']} handshakes of which {said['resumed']} resumed")
    return lines
