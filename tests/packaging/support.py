"""What the tests of packaging share: the tree, the build under test, how to run and compile."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("IVS_BUILD", TOP / "build")).resolve()
HERE = TOP / "tests/packaging"
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
DEADLINE = 200  # s, for anything that is run
CONSUMER = """\
cmake_minimum_required(VERSION 3.24)
project(app LANGUAGES C)
add_executable(app main.c)
install(TARGETS app)
"""


def run(*command, **more):
    """The result of a command, with its output as text; a failure is the caller's to judge."""
    return subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, timeout=DEADLINE, **more
    )


def must(*command, **more):
    """The standard output of a command, which must succeed and say nothing on standard error."""
    done = run(*command, **more)
    if done.returncode != 0 or done.stderr:
        line = " ".join(str(c) for c in command)
        raise AssertionError(
            "%s\nexit code %d\n%s%s" % (line, done.returncode, done.stdout, done.stderr)
        )
    return done.stdout


def do(*command, seconds=DEADLINE, **more):
    """What a command prints, on either way out; it must succeed."""
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          stdin=subprocess.DEVNULL, timeout=seconds, **more)
    line = " ".join(str(c) for c in command)
    assert done.returncode == 0, f"{line}\nexit code {done.returncode}\n{done.stdout[-6000:]}"
    return done.stdout


def against_simulator(*command):
    """The standard output of a command that calls the service, with a simulator of its own."""
    return must(TOP / "scripts/ivs-sim", "--quiet", "--run", *command)


def cached(name):
    """What the build under test was configured with."""
    cache = (BUILD / "CMakeCache.txt").read_text()
    return re.search(r"^%s:\w+=(.*)$" % name, cache, re.M).group(1)


def version():
    return re.search(
        r'#define IVS_VERSION "(.*)"', (TOP / "core/include/ivs/ivs.h").read_text()
    ).group(1)


def pinned(name):
    """The folder of a pinned source that the build under test was made with."""
    (folder,) = (pathlib.Path(cached("IVS_DEPS_DIR")) / "src").glob(name + "-*")
    return folder


def readme_blocks(language):
    """What the README shows in a language."""
    return re.findall(r"^```%s\n(.*?)^```" % language, (TOP / "README.md").read_text(), re.M | re.S)


def consumer(folder, text):
    """Makes a folder a project of somebody else's, by the CMake lines that bring ivs to its target app."""
    folder.mkdir(exist_ok=True)
    shutil.copy(HERE / "consumer/main.c", folder)
    (folder / "CMakeLists.txt").write_text(CONSUMER + text)


def installed(folder, prefix=None, **environment):
    """Installs the build under test below a folder as `make install` does; where it is.

    Without a prefix it has been moved there from another place.
    """
    first = prefix or folder / "first"
    must(
        "cmake",
        "--install",
        BUILD,
        "--prefix",
        first,
        "--strip",
        env={**os.environ, **{k: str(v) for k, v in environment.items()}},
    )
    return first if prefix else first.rename(folder / "moved")


def archive(folder):
    """The source archive of this tree, made in a folder."""
    made = run(TOP / "scripts/dist", folder, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"})
    assert made.returncode == 0, made.stderr
    return folder / ("ivs-%s.tar.gz" % version())


def crypto_flags():
    """How what needs the pinned mbedTLS and jsmn is compiled, and how linked: two lists."""
    includes = ["-isystem", pinned("jsmn"), "-isystem", pinned("mbedtls") / "include"]
    return includes, [BUILD / "libivs_mbedtls.a", "-pthread"]


def announce(*programs):
    """Prints what the test runs on."""
    print("python", sys.version.split()[0])
    for program in programs:
        print(must(program, "--version").splitlines()[0])
