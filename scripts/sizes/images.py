"""Firmware images by part, what their runs in the emulator took, and the static program for Linux."""

import glob
import json
import os
import pathlib
import re
import sys

from .core import M4
from .record import Table
from .tools import TOP, run

sys.path.insert(0, os.path.join(TOP, "tests", "firmware"))

import figures  # noqa: E402  (the path has to be set first)

FIRMWARE = pathlib.Path(TOP, "build", "firmware")
RUNS = FIRMWARE / "figures.json"
TOOLS = (M4.compiler, "mbedtls", "lwip")
ARMHF = pathlib.Path(TOP, "build", "armhf", "ivs")
ARMHF_COMPILER = "arm-linux-gnueabihf-gcc"
# Per cent, of instructions that a run counts: interrupts and random numbers make them differ.
GROWTH = 10
# What a run tells, by the name it has there. Instructions are counted, not cycles.
RUN_ROWS = {
    "stack-most": "stack, most in use, of the main job",
    "pool-most": "TLS pool, most in use, of the main job",
    "pool-most-chain": "TLS pool with a chain of four RSA certificates",
    "one-pool-most": "one pool for Lua and TLS, most in use, of the main job",
    "workspace-most": "workspace, most in use, of the main job",
    "instructions-handshake": "instructions: a full handshake, ECDSA",
    "instructions-handshake-step": "instructions: its longest step",
    "instructions-handshake-rsa": "instructions: a full handshake, a chain of four RSA certificates",
    "instructions-handshake-step-rsa": "instructions: its longest step, RSA",
    "instructions-resumed": "instructions: a handshake that takes a session up",
    "instructions-key": "instructions: the signing key of a day",
    "instructions-signature": "instructions: a signature",
    "instructions-call": "instructions: a call on an open connection",
    "instructions-task-connecting": "instructions: most that another task waits, during a handshake",
    "instructions-task": "instructions: most that another task waits, otherwise",
}


def build():
    run("make", "firmware")
    run("make", "cross", "TARGET=armhf")


def maps():
    return {os.path.basename(os.path.dirname(path)): pathlib.Path(path)
            for path in sorted(glob.glob(str(FIRMWARE / "*" / "firmware.map")))}


def stack_of(path):
    return int(re.search(r"^\.stack\s+0x[0-9a-f]+\s+0x([0-9a-f]+)", path.read_text(encoding="utf-8"), re.M)[1], 16)


def parts_tables():
    """What each image takes of its board, from the linker's map: flash, and RAM."""
    found = maps()
    text = "Bytes of the images of tests/firmware by part."
    tables = [Table(f"Firmware images: {kind}", text + more, found, "part", left_out=None if found else "make firmware")
              for kind, more in (("flash", ""), ("RAM", " mbedTLS's memory is a pool, which is the program's."))]
    for image, path in found.items():
        parts, limits = figures.by_part(path), figures.limits(path)
        parts["stack"] = [0, stack_of(path)]
        parts["sum"] = [sum(pair[kind] for pair in parts.values()) for kind in (0, 1)]
        parts["the board has"] = [limits["FLASH"], limits["RAM"]]
        for part, pair in parts.items():
            for table, value in zip(tables, pair):
                table.add(part, image, value, TOOLS)
    return tables


def growth():
    """{row of a run: per cent by which it may grow}, where that is not as everywhere."""
    return {row: GROWTH for name, row in RUN_ROWS.items() if name.startswith("instructions-")}


def runs_table():
    """What the emulated boards took, as make firmware-test wrote it."""
    title, text = "Firmware at work", ("In the emulator, against the simulator of the service over TLS 1.2: bytes, and"
                                       " instructions of the processor. Interrupts and random numbers make the instructions"
                                       f" differ by some per cent from run to run, so they may grow by {GROWTH} %.")
    images = [path for path in FIRMWARE.glob("*/firmware.elf")]
    if not RUNS.exists() or any(path.stat().st_mtime > RUNS.stat().st_mtime for path in images):
        return Table(title, text, [], left_out="make firmware-test")
    said = json.loads(RUNS.read_text(encoding="utf-8"))
    table = Table(title, text, said, "figure")
    table.growth = growth()
    for name, row in RUN_ROWS.items():
        for image, numbers in said.items():
            if name in numbers:
                table.add(row, image, numbers[name], TOOLS)
    return table


def linux_table():
    title, text = "Linux", "Bytes of the static program ivs, stripped: Lua, TLS, the command line and the C library in it."
    if not ARMHF.exists():
        return Table(title, text, [], left_out="make cross TARGET=armhf")
    table = Table(title, text, ["bytes"], "program")
    table.add("ivs for armhf", "bytes", ARMHF.stat().st_size, (ARMHF_COMPILER, "mbedtls", "lua5.4", "musl"))
    return table
