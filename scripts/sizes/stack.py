"""
The worst stack of each public call of the core, from the compiler's own account of frames and calls.

Every function counts with its whole frame and with the deepest function that it calls, a tail call as any other. mbedTLS's
SHA-256 is counted as it is compiled for firmware; the C library's functions by what their instructions take off the stack
pointer. A call through a pointer counts as the deepest of all that can be reached by it, which POINTERS states; what
belongs to the program (its port, or the TLS port below a proxy, and its own functions) counts as 0.
"""

import functools
import glob
import os
import re

from .core import LIBRARY, M4, MBEDTLS_FILES, PARTS
from .record import Table
from .tools import TOP, die, pinned_source, read, run

PROVIDERS = ("container", "imds", "iot", "sts")
PORT = ("open", "progress", "send", "recv", "close", "wants", "wait", "ticks", "clock", "entropy", "detail")

# The expression of a call through a pointer (a pattern), the file it stands in ("" for any), and the functions it can
# reach.
POINTERS = [
    (r"(below|.*->below)->fn->\w+", "proxy.c", []),
    *((rf"(.*[.>])?port->fn->{name}", "", [f"proxy.c:proxy_{name}"]) for name in PORT),
    *((rf"(p|source|.*[.>]provider)->fn->{name}", "", [f"provider_{source}.c:{name}" for source in PROVIDERS])
      for name in ("step", "wants", "cancel")),
    (r"h->on_field", "", ["ivs_answer_field", "fetch.c:on_field"]),
    (r"write", "fetch.c", [f"provider_{source}.c:write_request" for source in PROVIDERS]),
    (r"token->read", "fetch.c", []),
    (r"verify", "claims.c", []),
    (r"w->check", "encode.c", ["ivs_check_member"]),
    (r"q->options\.join", "metadata_queue.c", ["metadata_queue.c:join_array"]),
    (r"put_request", "signature.c", ["signature.c:put_plain_request", "sigv4.c:put_request"]),
    (r"put_names", "signature.c", ["signature.c:put_plain_names", "sigv4.c:put_signed_names"]),
    (r"memset_func", "platform_util.c", ["memset"]),
]
# Pointers that are parameters, never stored: what they reach can only be called below the function that hands it down,
# which is the one whose code takes its address.
HANDED_DOWN = ("write", "put_request", "put_names")
# What ivs_put() writes goes into a hash only where the text is one that these make, or that the program hands over.
HASHING = ("ivs_hash_payload", "ivs_sign")
INTO_A_HASH = "into a hash"
# A role's source can be another role, and so on: a chain that the program makes. One role counts.
ONCE = {f"provider_sts.c:{name}" for name in ("step", "wants", "cancel")}

INDIRECT = "__indirect_call"


class Graph:
    """Functions with their frames, who calls whom, and who hands which function down as a parameter."""

    def __init__(self):
        self.frames, self.calls = {}, {}
        self.pointer_of = {}  # {function that is handed down: pointer}
        self.handed_by = {}  # {function: those that it hands down}

    def add(self, name, frame):
        if name in self.frames:
            die(f"two functions are called {name}")
        self.frames[name] = frame
        self.calls.setdefault(name, set())

    def call(self, caller, callee):
        self.calls.setdefault(caller, set()).add(callee)

    def hand_down(self, pointer, giver, function):
        self.pointer_of[function] = pointer
        self.handed_by.setdefault(giver, set()).add(function)

    def worst(self, start, once=frozenset(), times=1, given=()):
        """(bytes, path) of the deepest way down from a function, to which the program hands these down. Those in once occur
        that many times on it at most; any other recursion is an error."""
        under_way = []

        def callable_from(name, met, handed):
            return [callee for callee in sorted(self.calls[name])
                    if (callee not in once or met.count(callee) < times)
                    and (callee not in self.pointer_of or callee in handed)]

        @functools.lru_cache(maxsize=None)
        def down(name, met, handed):
            if name not in self.frames:
                die(f"the frame of {name} is not known")
            if (name, met, handed) in under_way:
                die("recursion: " + " -> ".join([*(step[0] for step in under_way), name]))
            under_way.append((name, met, handed))
            own = self.handed_by.get(name, set())
            pointers = {self.pointer_of[function] for function in own}
            below = frozenset(own | {other for other in handed if self.pointer_of[other] not in pointers})
            then = tuple(sorted([*met, name])) if name in once else met
            deepest = max((down(callee, then, below) for callee in callable_from(name, then, below)), default=(0, ()))
            under_way.pop()
            return deepest[0] + self.frames[name], (name, *deepest[1])
        return down(start, (), frozenset(given))


def plain(title):
    """A function's name: file.c:name if it is static there."""
    return os.path.basename(title)


def pointer_targets(place):
    """Those of the call at FILE:LINE:COLUMN."""
    path, line, column = place.rsplit(":", 2)
    text = read(path).splitlines()[int(line) - 1][int(column) - 1:]
    expression = re.match(r"[\w.>-]+", text)[0]
    for pattern, file, targets in POINTERS:
        if file in ("", os.path.basename(path)) and re.fullmatch(pattern, expression):
            return targets
    return die(f"{place}: what can be called through {expression}? POINTERS in scripts/sizes/stack.py has to say so")


def add_compiled(graph, path):
    """What the compiler wrote on one file, in a .ci file: nodes and edges in the form of VCG."""
    text = read(path)
    for title, label in re.findall(r'^node: { title: "(.*?)" label: "(.*?)"', text, re.M):
        frame = re.search(r"\\n(\d+) bytes \((\S+)\)$", label)
        if frame:
            if frame[2] != "static":
                die(f"the frame of {plain(title)} has no fixed size")
            graph.add(plain(title), int(frame[1]))
    for caller, callee, place in re.findall(
            r'^edge: { sourcename: "(.*?)" targetname: "(.*?)"(?: label: "(.*?)")? }', text, re.M):
        for target in [callee] if callee != INDIRECT else pointer_targets(place):
            if not target.startswith("product_"):
                graph.call(plain(caller), plain(target))


def add_library(graph, disassembly):
    """Functions that were not compiled here: all that any of their instructions takes off the stack pointer."""
    name = None
    for line in disassembly.splitlines():
        begin = re.match(r"^[0-9a-f]+ <(\w+)>:$", line)
        if begin:
            name = begin[1] if LIBRARY.fullmatch(begin[1]) and begin[1] not in graph.frames else None
            if name:
                graph.add(name, 0)
        elif name:
            pushed = re.search(r"\t(?:push|stmdb\tsp!,)\s*(?:\.w)?\s*{(.*)}", line)
            lowered = re.search(r"\tsub(?:\.w|w)?\tsp, (?:sp, )?#(\d+)|\[sp, #-(\d+)\]!", line)
            called = re.search(r"\tb(?:l|\w*(?:\.\w)?)\t[0-9a-f]+ <(\w+)>", line)
            if re.search(r"\tblx\tr|\tsub\S*\tsp, .*r\d", line):
                die(f"{name} of the C library: a call or a frame that is not known: {line.strip()}")
            graph.frames[name] += 4 * len(pushed[1].split(",")) if pushed else 0
            graph.frames[name] += int(lowered[1] or lowered[2]) if lowered else 0
            if called and called[1] != name:
                graph.call(name, called[1])


def check_pointers(graph):
    """Every function of the core whose address is taken must be reachable through one of POINTERS, and no other. Tells
    the graph who hands which down."""
    file = giver = None
    taken = {}
    for line in run(M4.tool("objdump"), "-r", M4.archive).splitlines():
        if begin := re.match(r"^(\S+\.c)\.\w+: +file format", line):
            file = begin[1]
        elif section := re.match(r"^RELOCATION RECORDS FOR \[(?:\.text\.)?(\S+)\]:", line):
            giver = next((name for name in (f"{file}:{section[1]}", section[1]) if name in graph.frames), None)
        elif to := re.match(r"^[0-9a-f]+ R_ARM_(?:ABS32|THM_MOVW_ABS_NC) +(\w+)", line):
            for name in {f"{file}:{to[1]}", to[1]} & graph.frames.keys():
                taken.setdefault(name, set()).add(giver)
    stated = {target: pattern for pattern, file, targets in POINTERS if file != "platform_util.c" for target in targets}
    stated.pop("ivs_check_member")  # its address is taken by the program
    for name in sorted(taken.keys() ^ stated.keys()):
        die(f"{name}: its address is {'taken' if name in taken else 'not taken'}; POINTERS in scripts/sizes/stack.py")
    for name, givers in taken.items():
        if stated[name] in HANDED_DOWN:
            for giver in givers:
                graph.hand_down(stated[name], giver, name)


def split_texts(graph):
    """Sees to it that hashing counts only where a text can be a hash."""
    for path in glob.glob(os.path.join(TOP, "core/src/*.c")):
        if re.search(r"(\.|->)hash = ", read(path)) and os.path.basename(path) != "signature.c":
            die(f"{os.path.basename(path)} makes texts that are hashes; HASHING in scripts/sizes/stack.py")
    graph.calls["ivs_put"].remove("ivs_sha256_update")
    graph.add(INTO_A_HASH, 0)
    graph.call("ivs_put", INTO_A_HASH)
    graph.call(INTO_A_HASH, "ivs_sha256_update")
    for name in HASHING:
        graph.hand_down("hash", name, INTO_A_HASH)


def public_calls():
    """{function: what the program can hand down to it} of those in the core's archive that a public header declares."""
    headers = "".join(read(path) for path in sorted(glob.glob(os.path.join(TOP, "core/include/ivs/*.h"))))
    calls = {}
    for name in sorted(re.findall(r" T (ivs_\w+)$", run(M4.tool("nm"), M4.archive), re.M)):
        declared = re.search(rf"\b{name}\(([^;{{]*)", headers)
        if declared:
            calls[name] = [INTO_A_HASH] if "struct ivs_out *" in declared[1] else []
    return calls


def build_graph():
    source, graph = pinned_source("mbedtls"), Graph()
    for name in MBEDTLS_FILES:
        M4.compile(f"{source}/library/{name}.c", name, "-w", f"-I{source}/include",
                   f"-DMBEDTLS_CONFIG_FILE=\"{TOP}/boards/common/mbedtls_config.h\"")
    objects = [os.path.join(M4.folder, name + ".o") for name in MBEDTLS_FILES]
    M4.link([name for functions in PARTS.values() for name in functions], ["--specs=nano.specs", *objects])
    for path in sorted(glob.glob(os.path.join(TOP, M4.folder, "**", "*.ci"), recursive=True)):
        if os.path.basename(path).split(".")[0] not in ("size", "structs"):
            add_compiled(graph, os.path.relpath(path, TOP))
    add_library(graph, run(M4.tool("objdump"), "-d", "--no-show-raw-insn", os.path.join(M4.folder, "size.elf")))
    check_pointers(graph)
    split_texts(graph)
    return graph


def table():
    graph, tools = build_graph(), (M4.compiler, "mbedtls")
    calls = public_calls()
    found = {name: graph.worst(name, ONCE, given=given) for name, given in calls.items()}
    deepest = max(found, key=lambda name: found[name][0])
    chain = max(graph.worst(name, ONCE, 2, given)[0] - found[name][0] for name, given in calls.items())
    frames = {name: size for name, size in graph.frames.items() if name.startswith("ivs_") or ".c:" in name}
    largest = max(frames, key=frames.get)
    stack = Table("Stack", "Bytes that a public call of the core takes at the most on a Cortex-M4, hash contexts and mbedTLS's"
                  " SHA-256 included. A call through a pointer counts as the deepest function of the core that can be"
                  " behind it (a proxy, any provider of credentials). The program's own functions and its port, with"
                  " TLS, count as 0: what they take comes on top.", ["bytes"], "call")
    for name, (size, _) in found.items():
        stack.add(name + "()", "bytes", size, tools)
    stack.add("the deepest of these", "bytes", found[deepest][0], tools)
    stack.add("more for each further role in a chain of roles", "bytes", chain, tools)
    stack.add("the largest frame of all functions", "bytes", frames[largest], tools)
    stack.notes = ["The deepest, frame by frame: " +
                   ", ".join(f"{name} {graph.frames[name]}" for name in found[deepest][1] if graph.frames[name]) + ".",
                   f"The largest frame is that of {largest}."]
    return stack
