"""Runs the tests of this folder, all at the same time; prints the seconds of each, and what failed.

usage: run.py BUILD-FOLDER [test_FILE.py]...
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
TIMEOUT = 300


def run(path, environment):
    """(name, seconds, exit code, output)"""
    begun = time.monotonic()
    try:
        done = subprocess.run(["/usr/bin/python3", str(path)], env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT,
                              check=False)
        code, output = done.returncode, done.stdout
    except subprocess.TimeoutExpired as expired:
        code, output = -1, f"{expired.stdout or ''}\nnot over after {TIMEOUT} s"
    return path.name, time.monotonic() - begun, code, output


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    build = Path(sys.argv[1]).resolve()
    paths = [HERE / name for name in sys.argv[2:]] or sorted(HERE.glob("test_*.py"))
    environment = {**os.environ, "IVS_BUILD": str(build), "PYTHONDONTWRITEBYTECODE": "1"}
    failed = 0
    with ThreadPoolExecutor(len(paths)) as pool:
        for name, seconds, code, output in pool.map(lambda path: run(path, environment), paths):
            print(f"{seconds:5.0f} s  {'ok' if code == 0 else 'FAILED':6}  {name}", flush=True)
            if code != 0:
                failed += 1
                print(output)
    print(f"pictures of the console: {build / 'console'}")
    return 1 if failed else 0


sys.exit(main())
