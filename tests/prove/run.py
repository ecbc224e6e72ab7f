"""Runs the proofs of this folder, or those named; see README.md. scripts/prove starts it with CBMC on PATH."""

import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
CHECKS = ["--unsigned-overflow-check", "--pointer-overflow-check", "--conversion-check"]
DEADLINE = 600  # seconds of one proof

KEYS = {"sources", "replaced", "unwind", "bug", "finds", "define"}


class Failed(Exception):
    """A proof that does not hold, or cannot be made; the text says why."""


class Violated(Failed):
    """A property for which there is a counterexample."""


def settings(folder):
    """The lines `key = value` of a proof's settings."""
    found = {}
    for line in (folder / "proof").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        key, _, value = (part.strip() for part in line.partition("="))
        if key not in KEYS:
            raise Failed("%s/proof: what is %r?" % (folder.name, key))
        found[key] = found.get(key, "") + " " + value if key in found else value
    return found


def run(command, log, deadline=120):
    """A command's output, which also goes to the log; its exit status."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=deadline, check=False)
    except subprocess.TimeoutExpired as expired:
        raise Failed("not decided after %d s: %s" % (deadline, command[0])) from expired
    with log.open("a") as out:
        out.write("$ %s\n%s\n" % (" ".join(command), done.stdout))
    return done.stdout, done.returncode


def must(command, log):
    output, status = run(command, log)
    if status != 0:
        raise Failed("%s failed: %s" % (command[0], output.strip().splitlines()[-1] if output.strip() else status))
    return output


def plain(name):
    """A function's name without what goto-cc puts before that of a static one."""
    return re.sub(r"^__CPROVER_file_local_\w+?_[ch]_", "", name)


def compile_source(source, work, top, define):
    """One file of C as a goto program, its static functions reachable as __CPROVER_file_local_<file>_<function>."""
    to = work / (re.sub(r"\W", "_", "%s_%s" % (source.parent.name, source.name)) + ".gb")
    log = work / "log"
    folders = [work, top / "deps", top / "core/include", top / "core/src", top / "platform/include", top / "platform/mbedtls", HERE]  # copies lie elsewhere
    folders += sorted((TOP / "build/deps/src").glob("jsmn-*"))
    folders += [path / "include" for path in sorted((TOP / "build/deps/src").glob("mbedtls-3*"))]
    must(["goto-cc", "--export-file-local-symbols", "-std=c11", "-D_DEFAULT_SOURCE", *define, *("-I%s" % folder for folder in folders),
          "-c", str(source), "-o", str(to)], log)
    return to


def remove_bodies(program, names, log):
    """Takes the bodies of functions out of a program that has them; returns which were there."""
    if not names:
        return set()
    command = ["goto-instrument"]
    for name in names:
        command += ["--remove-function-body", name]
    output = must([*command, str(program), str(program)], log)
    return {name for name in names if "Removing body of %s\n" % name in output}


def loops(proof):
    """What holds of a loop each time round, by the file `loops`: its source, its head as it is written there, its contract."""
    path = HERE / proof / "loops"
    found, source, head = {}, None, None
    for line in path.read_text().splitlines() if path.exists() else []:
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("    "):
            word, text = line.split(None, 1)
            if word == "still":
                found[source][head] += " { STILL(%s); BODY" % text
            else:
                found[source][head] += " __CPROVER_%s(%s)" % ({"invariant": "loop_invariant"}.get(word, word), text)
        elif line.startswith("  "):
            head = line.strip()
            found[source][head] = ""
        else:
            source = line.strip()
            found[source] = {}
    return found


def dependency(name, top):
    """A header of other people's code: with the bug in it, or as it came."""
    found = [path for folder in [top / "deps", *sorted((TOP / "build/deps/src").glob("*"))] for path in folder.glob(name)]
    if not found:
        raise Failed("no file %s" % name)
    return found[0]


def place(text, head, name):
    """Where in a source the contract of a loop goes; head: `HEAD`, or `FUNCTION: HEAD`, or `FUNCTION 2: HEAD`, the second there."""
    function, nth, bare = re.match(r"(?:(\w+)(?: (\d+))?: )?(.*)$", head).groups()
    begin, end = 0, len(text)
    if function:
        body = re.search(r"^\w[^;{}#]*\b%s\([^;{}]*\) \{\n.*?^\}" % function, text, re.MULTILINE | re.DOTALL)
        begin, end = body.span() if body else (0, 0)
    pattern = re.sub(r"(\\ )+", r"\\s+", re.escape(bare.removesuffix(" {")))
    at = [found.end() for found in re.finditer(pattern + (r"(?= \{)" if bare.endswith(" {") else ""), text[begin:end])]
    if len(at) != 1 and not nth or len(at) < int(nth or 1):
        raise Failed("%s has %d times the loop %s" % (name, len(at), head))
    return begin + at[int(nth or 1) - 1]


def with_contracts(source, contracts, work):
    """A copy of a source in which the loops have their contracts, and STILL() where these end with it; nothing else is changed."""
    text = source.read_text()
    places = sorted(((place(text, head, source.name), contract) for head, contract in contracts.items()), reverse=True)
    for at, contract in places:
        body = text[at:].removeprefix(" {") if contract.endswith(" BODY") else text[at:]
        text = text[:at] + contract.removesuffix(" BODY") + body
    copy = work / source.name
    copy.write_text('#include "loops.h"\n#line 1 "%s"\n%s' % (source, text))
    return copy


def build(proof, how, work, top):
    """The program to be proven: the sources as they are, without what contracts stand for, and the harness."""
    log = work / "log"
    define = how.get("define", "").split()
    parts, removed, names = [], set(), how.get("replaced", "").split()
    contracts = loops(proof)
    for header in set(contracts) - set(how["sources"].split()):
        with_contracts(dependency(header, top), contracts[header], work)
    for source in how["sources"].split():
        path = with_contracts(top / source, contracts[source], work) if source in contracts else top / source
        part = compile_source(path, work, top, define)
        removed |= remove_bodies(part, names, log)
        parts.append(part)
    lost = [name for name in names if name not in removed and plain(name) != name]
    if lost:
        raise Failed("no such function to replace: %s" % " ".join(lost))
    for own in [HERE / proof / "harness.c", HERE / "library.c", *(HERE / "contracts" / (plain(name) + ".c") for name in names)]:
        parts.append(compile_source(own, work, top, define))
    whole = work / "whole.gb"
    must(["goto-cc", "--function", "harness", *map(str, parts), "-o", str(whole)], log)
    must(["goto-instrument", "--drop-unused-functions", str(whole), str(whole)], log)
    if contracts:
        must(["goto-instrument", "--dfcc", "harness", "--apply-loop-contracts", str(whole), str(whole)], log)
    return whole


def wraps(top):
    """Functions whose unsigned numbers wrap on purpose: the analysers' list."""
    section, names = "", set()
    for line in (top / "scripts/analysers/wraps").read_text().splitlines():
        if line.startswith("["):
            section = line
        elif line.startswith("fun:") and section == "[unsigned-integer-overflow]":
            names.add(line[4:])
    return names


def meant(top):
    """Conversions that lose something on purpose: pairs of patterns, of a function and of what is converted."""
    lines = (HERE / "meant").read_text().splitlines()
    return [tuple(line.split(None, 1)) for line in lines if line and not line.startswith("#")]


def is_meant(prop, unsigned, conversions, used):
    function = plain(prop["name"].split(".")[0])
    text = prop["description"]
    if text.startswith("arithmetic overflow on unsigned ") and function in unsigned:
        return True
    converted = re.match(r"arithmetic overflow on .*type conversion in (.*)$", text)
    if converted:
        for pair in conversions:
            if fnmatch.fnmatchcase(function, pair[0]) and fnmatch.fnmatchcase(converted.group(1), re.sub(r"\[", "[[]", pair[1])):
                used.add(pair)
                return True
    return False


def properties(whole, work, used):
    """The names of what is to be shown."""
    output, _ = run(["cbmc", str(whole), *CHECKS, "--show-properties", "--json-ui"], work / "log")
    found = next(part["properties"] for part in json.loads(output) if "properties" in part)
    unsigned, conversions = wraps(TOP), meant(TOP)
    return [prop["name"] for prop in found if not is_meant(prop, unsigned, conversions, used)]


def prove(proof, work, top, used):
    """Makes the proof. Returns how many properties hold, or raises Failed with the first that does not."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    how = settings(HERE / proof)
    whole = build(proof, how, work, top)
    names = properties(whole, work, used)
    command = ["cbmc", str(whole), *CHECKS, "--unwinding-assertions", "--unwind", how["unwind"], "--slice-formula", "--no-malloc-may-fail", "--verbosity", "8"]
    command += ["--stop-on-fail"]
    for name in names:
        command += ["--property", name]
    output, _ = run(command, work / "log", DEADLINE)
    if "VERIFICATION SUCCESSFUL" in output:
        return len(names)
    failed = re.search(r"Violated property:\n *(.+)\n *(.+)\n", output)
    if failed:
        where = failed.group(1).replace(" thread 0", "").replace("file ", "").replace(" function ", ", ").replace(" line ", ", line ")
        raise Violated("%s: %s" % (where, failed.group(2)))
    raise Failed("CBMC could not decide: %s" % output.strip().splitlines()[-1])


def with_bug(how, work):
    """A copy of the sources with the proof's bug in it."""
    file, expression = how["bug"].split(None, 1)
    copy = work / "tree"
    shutil.rmtree(copy, ignore_errors=True)
    for folder in ("core/include", "core/src", "platform/include", "platform/mbedtls"):
        shutil.copytree(TOP / folder, copy / folder)
    to = copy / file
    if not to.exists():
        to = copy / "deps" / file
        to.parent.mkdir()
        shutil.copy(dependency(file, TOP), to)
    before = to.read_text()
    subprocess.run(["sed", "-i", "-E", expression, str(to)], check=True)
    if to.read_text() == before:
        raise Failed("its bug is not in %s any more" % file)
    return copy


def selftest(proof, work):
    """The proof has to fail for the code with the bug, and to say so where the bug is."""
    how = settings(HERE / proof)
    copy = with_bug(how, work.with_name(work.name + ".bug"))
    try:
        prove(proof, work, copy, set())
    except Failed as failed:
        if isinstance(failed, Violated) and re.search(how["finds"], str(failed)):
            return str(failed).replace(str(copy) + "/", "")
        raise Failed("fails otherwise than expected (%s): %s" % (how["finds"], failed)) from failed
    raise Failed("holds for the code with the bug %s too" % how["bug"])


def one(name, work, with_its_bug, used):
    """Makes a proof, or its self-test: the seconds, what came of it, the proof's name, what there is to say."""
    start = time.monotonic()
    try:
        if with_its_bug:
            verdict, text = "found", selftest(name, work)
        else:
            verdict, text = "proven", "%d properties" % prove(name, work, TOP, used)
    except Failed as failed:
        verdict, text = "FAILED", str(failed)
    return time.monotonic() - start, verdict, name, text.replace(str(TOP) + "/", "")


def report(made):
    """Prints its line; true if it failed."""
    print("%5.0f s  %-7s %-14s %s" % made, flush=True)
    return made[1] == "FAILED"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--selftest", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_intermixed_args()
    all_names = sorted(path.parent.name for path in HERE.glob("*/proof"))
    names = options.names or all_names
    if set(names) - set(all_names):
        parser.error("no such proof: %s; there are %s" % (" ".join(sorted(set(names) - set(all_names))), " ".join(all_names)))
    begin = time.monotonic()
    used = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:  # which wait for programs
        all_made = [pool.submit(one, name, options.build / name, options.selftest, used) for name in names]
        try:
            bad = sum(report(made.result()) for made in concurrent.futures.as_completed(all_made))
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            return 130
    if not options.selftest and not options.names:
        for pair in meant(TOP):
            if pair not in used:
                print("meant: nothing needs %s %s any more" % pair)
                bad += 1
    print("%d proofs, %.0f s%s" % (len(names), time.monotonic() - begin, ", %d FAILED; logs in %s" % (bad, options.build) if bad else ""))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
