"""Runs the harnesses: run.py [--seconds N] [--replay] PROGRAMS [HARNESS...].

PROGRAMS is the folder with the built harnesses. Each runs for so many seconds (60), two at a time,
over its seeds, its regressions and what earlier runs have found worth keeping, which stays with the
logs in PROGRAMS/work. A log begins with the commit and the seed and ends with the fuzzer's own last
lines. --replay runs seeds and regressions once and looks for nothing new; then the harnesses can be
of any compiler. FUZZ_SEED=N begins as that run did.
"""

import argparse
import functools
import os
import random
import re
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
PYTHON = {"simulator": HERE / "simulator.py"}  # those that are no programs of C
# Bytes of an input, 4096 for the others: more than the limits of heads and lines are.
LARGEST = {"encode": 2048, "http1": 12000, "lua_binding": 512, "lua_cli": 1024, "profile": 12000,
           "proxy": 12000, "text": 1024, "time": 64}
AT_ONCE = 2
REPLAY_SECONDS = 100
SLACK = 120  # seconds to begin and to end


class Harness:
    def __init__(self, name, programs, seeds):
        self.name = name
        self.program = programs / name
        self.seeds = seeds / name
        self.regressions = HERE / "regressions" / name
        self.words = [file for file in (HERE / f"{name}.dict", seeds / f"{name}.dict")
                      if file.exists()]
        work = programs / "work"
        self.corpus, self.findings = work / "corpus" / name, work / "findings" / name
        self.log = work / "logs" / f"{name}.log"
        self.seconds = 0.0
        self.status = 0

    def _run(self, command, limit):
        for folder in (self.corpus, self.findings, self.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1",
                       "UBSAN_OPTIONS": "print_stacktrace=1"}
        with self.log.open("wb") as log:
            log.write(f"# {self.name} of commit {commit()}\n# {shlex.join(map(str, command))}\n"
                      .encode())
            log.flush()
            try:
                done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                                      stdout=log, stderr=log, timeout=limit, cwd=TOP,
                                      env=environment)
                self.status = done.returncode
            except subprocess.TimeoutExpired:
                log.write(b"\nstill running at its time limit\n")
                self.status = -1
        self.seconds = time.monotonic() - began
        return self

    def _inputs(self):
        return [folder for folder in (self.seeds, self.regressions) if folder.is_dir()]

    def replay(self):
        if self.name in PYTHON:
            command = ["/usr/bin/python3", PYTHON[self.name], "--rounds", "300", *self._inputs()]
        elif is_libfuzzer(self.program):
            command = [self.program, "-runs=0", "-max_len=65536", *self._inputs()]
        else:
            command = [self.program, *self._inputs()]
        return self._run(command, REPLAY_SECONDS)

    def fuzz(self, seconds):
        seed = os.environ.get("FUZZ_SEED") or str(random.SystemRandom().randrange(1, 1 << 31))
        if self.name in PYTHON:
            command = ["/usr/bin/python3", PYTHON[self.name], "--seconds", seconds, "--corpus",
                       self.corpus, "--findings", self.findings, "--seed", seed, self.corpus,
                       *self._inputs()]
            return self._run(command, seconds + SLACK)
        command = [self.program, f"-max_total_time={seconds}", "-print_final_stats=1",
                   f"-max_len={LARGEST.get(self.name, 4096)}", "-timeout=20", "-rss_limit_mb=2048",
                   f"-artifact_prefix={self.findings}/", f"-seed={seed}"]
        if self.name.startswith("lua"):
            command.append("-detect_leaks=0")  # its state stays from run to run
        command += [f"-dict={file}" for file in self.words[:1]]
        return self._run([*command, self.corpus, *self._inputs()], seconds + SLACK)

    def figure(self, pattern):
        found = re.findall(pattern, self.log.read_text("utf-8", "replace"))
        return found[-1] if found else "-"

    def row(self):
        found = sorted(self.findings.iterdir()) if self.findings.is_dir() else []
        return (self.name, self.figure(r"number_of_executed_units: (\d+)"),
                self.figure(r"cov: (\d+)"), self.figure(r"ft: (\d+)"),
                self.figure(r"corp: (\d+)"), f"{self.seconds:.0f}", str(len(found)),
                self.figure(r"Seed: (\d+)"))

    def tell(self):
        """Why it has failed, and how to see it again."""
        print(f"\n{self.name} ended with {self.status}; the end of {self.log}:", file=sys.stderr)
        lines = self.log.read_text("utf-8", "replace").splitlines()
        for line in [x for x in lines if not x.startswith(("#", "INFO:"))][-40:]:
            print(f"  {line}", file=sys.stderr)
        for finding in sorted(self.findings.iterdir()):
            word = PYTHON.get(self.name, self.program)
            print(f"again: {word} {finding}", file=sys.stderr)


@functools.cache
def commit():
    """What is fuzzed, and whether that is all; "unknown" outside a repository."""
    try:
        return subprocess.run(["git", "describe", "--always", "--dirty", "--abbrev=12"], cwd=TOP,
                              capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def is_libfuzzer(program):
    return b"libFuzzer" in program.read_bytes()


def table(harnesses):
    rows = [("harness", "execs", "coverage", "features", "corpus", "seconds", "findings",
             "seed")]
    rows += [harness.row() for harness in harnesses]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(w) if i == 0 else cell.rjust(w)
                        for i, (cell, w) in enumerate(zip(row, widths))))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--replay", action="store_true")
    parser.add_argument("programs", type=Path)
    parser.add_argument("harness", nargs="*")
    given = parser.parse_args()
    programs = given.programs.resolve()
    seeds = programs / "work" / "seeds"
    subprocess.run(["/usr/bin/python3", str(HERE / "seeds.py"), str(seeds)], check=True)
    built = [c.stem for c in HERE.glob("*.c") if (programs / c.stem).exists()]
    built += [lua.stem for lua in HERE.glob("*.lua") if (programs / lua.stem).exists()]
    names = sorted(given.harness or [*built, *PYTHON])
    unknown = [n for n in names if n not in PYTHON and not (programs / n).exists()]
    if unknown or not built:
        sys.exit(f"run.py: not built in {programs}: {' '.join(unknown) or 'anything'}")
    if not given.replay and not is_libfuzzer(programs / built[0]):
        sys.exit("run.py: not built with libFuzzer: see tests/fuzz/README.md, or give --replay")
    harnesses = [Harness(name, programs, seeds) for name in names]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda h: h.replay() if given.replay else h.fuzz(given.seconds), harnesses))
    failed = [h for h in harnesses if h.status != 0]
    if not given.replay:
        table(harnesses)
    for harness in failed:
        harness.tell()
    if failed:
        print(f"\nfailed: {' '.join(h.name for h in failed)}. A finding becomes a file with a name "
              "in tests/fuzz/regressions/HARNESS/ first.", file=sys.stderr)
    elif given.replay:
        print(f"replayed: {' '.join(names)}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
