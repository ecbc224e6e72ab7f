"""What all parts of scripts/size use: where things are, running a program, versions."""

import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
JOBS = str(os.cpu_count() or 1)


def die(text):
    sys.exit("size: " + text)


def run(*command):
    """All that a command says; if it fails, that and the end of this program."""
    try:
        done = subprocess.run(command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError:
        die(f"{command[0]} is not there: scripts/require size")
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
        die(f"{os.path.basename(command[0])} failed")
    return done.stdout


def read(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as file:
        return file.read()


def compiler_version(compiler):
    return run(compiler, "-dumpfullversion").strip()


def pinned_versions():
    """{dependency: version} of what lies in build/deps."""
    return dict(line.split() for line in read("build", "deps", "versions").splitlines())


def pinned_source(name):
    return os.path.join("build", "deps", "src", f"{name}-{pinned_versions()[name]}")
