"""Every row of the table fails against a client without the rule it names.

    test_mutants.py BUILD.txt [--only RULE]

BUILD.txt, written by CMake, says how the driver is compiled and linked. A mutant is the driver
linked with the changed files of the library in front of the library itself.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import table
from crew import Crew
from mutants import MUTANTS
from play import play
from rig import ROOT, Rig

WORKERS = 3
PATIENCE_MS = 600  # a mutant may hang: that is a failure too, and soon enough
CLASSES = ("create", "cue", "read", "delete", "put")  # what must not be repeated fails oftenest


class Builder:
    """Compiles and links as CMake would, but quickly."""

    def __init__(self, description, folder):
        self._folder = Path(folder)
        words = [line.partition(" ")[::2] for line in
                 Path(description).read_text(encoding="utf-8").splitlines()]

        def of(kind):
            return [word for name, word in words if name == kind and word]

        self._compiler, = of("compiler")
        own = [str(ROOT / "core" / "src"), str(ROOT / "platform" / "mbedtls")]
        self._compile = [self._compiler, "-std=c11", "-D_DEFAULT_SOURCE", "-w", "-O1",
                         *of("option"), *(f"-I{path}" for path in [*of("include"), *own]),
                         *(f"-D{name}" for name in of("define"))]
        self._libraries = [path for path in of("library") if path.startswith("/")]
        self._libraries += [*of("option"), "-pthread"]
        self._objects = [self._object(ROOT / "tests" / "faults" / name, name)
                         for name in ("driver.c", "session.c")]

        self.sound = self._link("sound", [])

    def _run(self, command, what):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{what} could not be built: {done.stderr.strip()[:500]}")

    def _object(self, source, name):
        target = self._folder / f"{name}.o"
        self._run([*self._compile, "-c", str(source), "-o", str(target)], name)
        return target

    def _link(self, name, changed):
        program = str(self._folder / name)
        self._run([self._compiler, *map(str, [*self._objects, *changed]), *self._libraries,
                   "-o", program], name)
        return program

    def build(self, mutant, number):
        """The path of a driver with this mutant in it."""
        texts = {}
        for file, old, new in mutant.edits:
            text = texts.get(file) or (ROOT / file).read_text(encoding="utf-8")
            if text.count(old) != 1:
                raise RuntimeError(f"{file} has {text.count(old)} of: {old!r}; "
                                   f"mutants.py ({mutant.rule}) has to follow")
            texts[file] = text.replace(old, new)
        changed = []
        for file, text in texts.items():
            source = self._folder / f"{number}-{Path(file).name}"
            source.write_text(text, encoding="utf-8")
            changed.append(self._object(source, source.name))
        return self._link(f"mutant-{number}", changed)


def rows_of(rule):
    return [row for row in table.ROWS if rule in row.rules]


class Hunters(Crew):
    """Workers, each with a simulator, that build mutants and show them the rows."""

    def __init__(self, builder, mutants):
        super().__init__(WORKERS, enumerate(mutants))
        self._builder = builder
        self.shown = 0

    def work(self):
        rig = None
        try:
            for number, mutant in self.items():
                program = self._builder.build(mutant, number)
                if rig is None:
                    rig = Rig(program, self._builder.sound)
                rig.use(program)
                self._show(rig, mutant)
        finally:
            if rig is not None:
                rig.stop()

    def _show(self, rig, mutant):
        start = time.monotonic()
        for row in rows_of(mutant.rule):
            self.shown += 1
            transports = tuple(reversed(row.transports))
            if next(play(rig, row, transports, CLASSES, PATIENCE_MS, brief=True), None) is None:
                self.say(f"{row.name}: passes although {mutant.what} ({mutant.rule})")
        seconds = time.monotonic() - start
        if seconds > 5:
            print(f"{mutant.rule}: {seconds:.1f} s", flush=True)


def check_rules():
    """Every rule has a mutant, every mutant has rows, every row has a rule."""
    named = {rule for row in table.ROWS for rule in row.rules}
    broken = {mutant.rule for mutant in MUTANTS}
    missing = [f"no mutant for the rule {rule}" for rule in sorted(named - broken)]
    missing += [f"no row for the rule {rule}" for rule in sorted(broken - named)]
    missing += [f"no rule for the row {row.name}" for row in table.ROWS if not row.rules]
    return missing


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("description")
    parser.add_argument("--only", default="", help="mutants of this rule")
    options = parser.parse_args()
    missing = check_rules()
    for line in missing:
        print(line)
    start = time.monotonic()
    mutants = [m for m in MUTANTS if options.only in ("", m.rule)]
    with tempfile.TemporaryDirectory(prefix="ivs-mutants-") as folder:
        crew = Hunters(Builder(options.description, folder), mutants)
        crew.run()
    print(f"{len(mutants)} mutants, {crew.shown} rows shown to them, "
          f"{len(crew.problems)} problems, {time.monotonic() - start:.0f} s")
    return 1 if crew.problems or missing else 0


if __name__ == "__main__":
    sys.exit(main())
