"""The two clients that are compared: the program as a process; the AWS CLI in this process, or as Debian installs it."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile

from world import TOP

sys.path.insert(0, "/usr/lib/python3/dist-packages")
BUILD = os.environ.get("IVS_BUILD", os.path.join(TOP, "build"))
PROGRAM = os.path.abspath(os.environ.get("IVS_PROGRAM", os.path.join(BUILD, "ivs")))
AWS = "/usr/bin/aws"
DEADLINE = 30  # s, for one command

FOLDER = tempfile.TemporaryDirectory(prefix="ivs-model-")
subprocess.run([os.path.join(TOP, "scripts", "generate.py"), "--service-2", FOLDER.name], check=True, capture_output=True)

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "IVS_", "COLUMNS", "http", "HTTP"))}
CLEAN.update({
    "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "AWS_PAGER": "",
    "AWS_DATA_PATH": FOLDER.name, "AWS_EC2_METADATA_DISABLED": "true", "HOME": FOLDER.name, "NO_PROXY": "*", "LC_ALL": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
})
os.environ.clear()
os.environ.update(CLEAN)  # what awscli reads when it is imported

try:
    import awscli  # noqa: E402
    import awscli.clidriver  # noqa: E402
    import botocore  # noqa: E402
    from botocore.loaders import JSONFileLoader, Loader  # noqa: E402
except ImportError as missing:
    sys.exit("%s: install Debian's package awscli, and run this with /usr/bin/python3" % missing)


class Result:
    """What a command did. Texts are bytes, as they were written."""

    def __init__(self, code, stdout, stderr):
        self.code, self.stdout, self.stderr = code, stdout, stderr

    def __eq__(self, other):
        return (self.code, self.stdout, self.stderr) == (other.code, other.stdout, other.stderr)

    def __repr__(self):
        return "exit %r\nstdout %s\nstderr %s" % (self.code, self.stdout.decode(errors="replace"), self.stderr.decode(errors="replace"))


def versions():
    """Of both clients; ends the test where one is missing."""
    for program, remedy in ((AWS, "install Debian's package awscli"), (PROGRAM, "build it first, or name one with IVS_PROGRAM")):
        if not os.access(program, os.X_OK):
            sys.exit("no %s: %s" % (program, remedy))

    def said(program):
        done = subprocess.run([program, "--version"], check=True, capture_output=True, text=True, timeout=DEADLINE, env=CLEAN)
        return done.stdout.strip()
    return "%s; %s; botocore %s" % (said(AWS), said(PROGRAM), botocore.__version__)


def run(program, words, environment, stdin=b""):
    done = subprocess.run([program, *words], env={**CLEAN, **environment}, input=stdin, capture_output=True, timeout=DEADLINE,
                          check=False)
    return Result(done.returncode, done.stdout, done.stderr)


def ivs(words, environment):
    return run(PROGRAM, words, environment)


def aws_process(words, environment):
    return run(AWS, ["ivs", *words], environment)


def remember(kind, name):
    """Makes a method that reads files, which do not change here, read each once."""
    method, known = getattr(kind, name), {}

    def remembering(self, *arguments, **options):
        key = (arguments, tuple(sorted(options.items())))
        if key not in known:
            known[key] = method(self, *arguments, **options)
        return known[key]
    setattr(kind, name, remembering)


DATA_PATH = os.environ["AWS_DATA_PATH"]  # awscli has added its own folder

remember(JSONFileLoader, "load_file")
remember(Loader, "list_available_services")


@contextlib.contextmanager
def captured():
    """Standard output and error as the AWS CLI finds them in a process of its own, in memory."""
    before = sys.stdout, sys.stderr
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="strict", write_through=True) for _ in before]
    sys.stdout, sys.stderr = streams
    try:
        yield [stream.buffer for stream in streams]
    finally:
        sys.stdout, sys.stderr = before


@contextlib.contextmanager
def surroundings(environment):
    before = dict(os.environ), sys.argv
    os.environ.clear()
    os.environ.update({**CLEAN, "AWS_DATA_PATH": DATA_PATH, **environment})
    sys.argv = [AWS]  # messages begin with it
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before[0])
        sys.argv = before[1]


def aws(words, environment):
    """
    The same program, entered where /usr/bin/aws enters it, with everything new but the files that it has read. A process
    of its own costs eight times as much; that both say the same is tested.
    """
    with surroundings(environment), captured() as (stdout, stderr):
        try:
            code = awscli.clidriver.AWSCLIEntryPoint().main(["ivs", *words])
        except SystemExit as end:
            code = end.code
        sys.stdout.flush()
        sys.stderr.flush()
        return Result(code or 0, stdout.getvalue(), stderr.getvalue())
