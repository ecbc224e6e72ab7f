#!/usr/bin/python3
"""
Writes everything that follows from the API model: C headers and tables, Lua annotations, the reference, the manual
page, completion for shells.

  scripts/generate.py           writes the files that differ
  scripts/generate.py --check   writes nothing; names the files that would change, and exits 1 if there are any
  scripts/generate.py --import service-2.json   takes a published model (and paginators-1.json beside it) as ours
  scripts/generate.py --service-2 FOLDER        writes ours in the published form; AWS_DATA_PATH=FOLDER makes
                                                the AWS tools and botocore read it

Reads core/model/ivs-2020-07-14.json (facts, not edited by hand) and core/model/words.json (our own sentences,
one for each operation, error, structure and member; a missing or superfluous one is an error).
"""

import argparse
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from generator import c_api, c_tables, c_types, complete_bash, complete_zsh, lua_meta, lua_words, man, reference, service2  # noqa: E402
from generator.model import ModelError, load_model  # noqa: E402
from generator.words import load_words  # noqa: E402

MODEL = "core/model/ivs-2020-07-14.json"
WORDS = "core/model/words.json"
OUTPUTS = {
    "core/include/ivs/types.h": c_types,
    "core/include/ivs/api.h": c_api,
    "core/src/tables.c": c_tables,
    "core/OPERATIONS.md": reference,
    "lua/meta/ivs.lua": lua_meta,
    "lua/lib/ivs/cli/words.lua": lua_words,
    "lua/man/ivs.1": man,
    "lua/completion/ivs.bash": complete_bash,
    "lua/completion/_ivs": complete_zsh,
}


def generate(root):
    """(path, text) of every output."""
    model = load_model(os.path.join(root, MODEL))
    words = load_words(os.path.join(root, WORDS), model)
    return [(path, maker.generate(model, words)) for path, maker in OUTPUTS.items()]


def wanted(root, options):
    """(folder, outputs) of what the options ask for."""
    if options.service_2:
        return options.service_2, service2.export(os.path.join(root, MODEL))
    if options.published:
        return root, service2.take_over(options.published)
    return root, generate(root)


def differs(path, text):
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read() != text
    except FileNotFoundError:
        return True


def write(path, text):
    """All of it or nothing, so that an interrupted run leaves no half file."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8", newline="") as file:
        file.write(text)
    os.replace(path + ".new", path)


def main():
    parser = argparse.ArgumentParser(description="Writes what follows from the API model in core/model/.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 and name files that would change")
    task = parser.add_mutually_exclusive_group()
    task.add_argument("--import", dest="published", metavar="FILE",
                      help="write our model from a published service-2.json; then run this again without")
    task.add_argument("--service-2", metavar="FOLDER", help="write our model as FOLDER/<service>/<version>/service-2.json")
    parser.add_argument("--root", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."),
                        help="another source tree to work on")
    options = parser.parse_args()
    root = os.path.normpath(options.root)
    try:
        folder, outputs = wanted(root, options)
        changed = [(path, text) for path, text in outputs if differs(os.path.join(folder, path), text)]
        for path, text in changed:
            if options.check:
                print("%s: not as generated: run scripts/generate.py" % path)
            else:
                write(os.path.join(folder, path), text)
                print("written: " + path)
    except (ModelError, OSError, ValueError) as error:
        sys.exit("generate.py: %s" % error)
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
