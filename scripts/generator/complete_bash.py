"""lua/completion/ivs.bash: completion for bash. What does not follow from the model is in complete.bash beside this file."""

import os

from . import text
from .command_line import CommandLine

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "complete.bash")
WIDTH = 110


def generate(model, words):
    line = CommandLine(model, words)
    options = line.by_name()
    return text.filled(SCRIPT, {
        "NOTICE": text.NOTICE,
        "OPERATIONS": quoted(line.operations),
        "COMMANDS": quoted(c.name for c in line.commands),
        "VERBS": quoted(c.name for c in line.commands if not c.name.startswith("-")),
        "OWN": quoted(c.name for c in line.verbs),
        "GENERAL": quoted(o.name for o in line.general),
        "COMMON": quoted(o.name for o in line.common),
        "FLAGS": quoted(sorted(name for name, o in options.items() if not o.takes)),
        "OPTIONS": "\n".join(cases({name: " ".join(names(own)) for name, own in behind(line).items()})),
        "VALUES": "\n".join(cases({name: " ".join(o.values) for name, o in sorted(options.items()) if o.values})),
        "FILES": "|".join(name for name, o in options.items() if o.complete == "file"),
    })


def behind(line):
    """The options of operations and commands, by name."""
    return {**line.operations, **{command.name: command.options for command in line.commands if command.options}}


def names(options):
    return [name for o in options for name in (o.name, o.opposite) if name]


def quoted(entries):
    """Words as one string, over as many lines as it needs."""
    return "'%s'" % "\n".join(text.wrap(" ".join(entries), WIDTH, "  "))


def indented(words, by):
    return [by + line for line in text.wrap(words, WIDTH - len(by), "  ")]


def pattern(keys):
    """The line, or lines, that begin a branch."""
    lines = indented("%s)" % " | ".join(keys), "    ")
    return [line + " \\" for line in lines[:-1]] + lines[-1:]


def cases(table):
    """Branches of a case, one for all keys with the same value."""
    same = {}
    for key, value in table.items():
        same.setdefault(value, []).append(key)
    out = []
    for value, keys in same.items():
        if value:
            out += pattern(keys) + indented("echo '%s' ;;" % value, "      ")
    return out
