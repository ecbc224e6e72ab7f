"""What the tests of the generator share: where things are, the model as plain facts, running and compiling."""

import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
INCLUDE = os.path.join(ROOT, "core", "include")
SCRIPT = os.path.join(ROOT, "scripts", "generate.py")
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]

sys.path.insert(0, os.path.join(ROOT, "scripts"))
with open(os.path.join(ROOT, "core", "model", "ivs-2020-07-14.json"), encoding="utf-8") as model_file:
    MODEL = json.load(model_file)
SHAPES = MODEL["shapes"]


def run(*command):
    """A finished process, with its output as text; never longer than a minute."""
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def run_c(*sources, text=None):
    """Compiles C files (or one text) with warnings as errors, runs the program, gives what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        if text is not None:
            sources = (os.path.join(folder, "main.c"),)
            with open(sources[0], "w", encoding="utf-8") as file:
                file.write(text)
        program = os.path.join(folder, "program")
        built = run("gcc", "-std=c11", *WARNINGS, "-I", INCLUDE, "-o", program, *sources)
        assert built.returncode == 0, built.stderr
        result = run(program)
        assert result.returncode == 0, result.stderr
        return result.stdout
