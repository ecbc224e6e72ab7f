"""lua/man/ivs.1: the manual page. Its prose is in ivs.1.in beside this file; lists follow from the model."""

import os

from . import text
from .command_line import CommandLine

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ivs.1.in")


def generate(model, words):
    line = CommandLine(model, words)
    return text.filled(PAGE, {
        "NOTICE": text.NOTICE,
        "API": model.facts["apiVersion"],
        "SYNOPSIS": "\n".join(synopsis(c) for c in line.commands),
        "COMMANDS": "\n".join(command(c) for c in line.commands if c not in line.verbs),
        "VERBS": "\n".join(verb(c) for c in line.verbs),
        "OPTIONS": "\n".join(option(entry) for entry in line.general),
        "COMMON": "\n".join(option(entry) for entry in line.common),
        "PAGING": "\n".join(option(entry) for entry in line.paging),
        "EXIT": "\n".join(item(bold(code), words) for code, words in line.exit_codes),
        "OPERATIONS": "\n".join(operation(line, name) for name in line.operations),
    })


def plain(words):
    """Text that no line of is taken for a request, and no character for an escape."""
    words = words.replace("\\", "\\e").replace("'", "\\(aq").replace("--", "\\-\\-")
    return "\\&" + words if words.startswith(".") else words


def prose(words):
    return "\n".join(plain(line) for line in text.wrap(words, text.WIDTH))


def bold(words):
    return "\\fB%s\\fR" % words.replace("-", "\\-")


def forms(words):
    """Behind an option: what it takes, capitals as place-holders; nothing for a flag."""
    return " \\fI%s\\fR" % words.replace("-", "\\-").replace(",", ",\\:") if words else ""


def synopsis(entry):
    return ".br\n.B ivs\n%s%s" % (bold(entry.name), forms(entry.form))


def item(head, words):
    return ".TP\n%s\n%s" % (head, prose(words))


def option(entry):
    if entry.opposite:
        head = "%s | %s" % (bold(entry.name), bold(entry.opposite))
    elif entry.values and entry.takes == "|".join(entry.values):
        head = "%s %s" % (bold(entry.name), "|\\:".join(bold(value) for value in entry.values))
    else:
        head = bold(entry.name) + forms(entry.takes)
    return item(head, "Required. " + entry.words if entry.required else entry.words)


def command(entry):
    """Its options are set in below it."""
    options = [".RS"] + [option(one) for one in entry.options] + [".RE"] if entry.options else []
    return "\n".join([item(bold(entry.name) + forms(entry.form), entry.words)] + options)


def verb(entry):
    head = ".SS %s%s" % (entry.name.replace("-", "\\-"), forms(entry.form))
    return "\n".join([head, prose(entry.words)] + [option(one) for one in entry.options])


def operation(line, name):
    out = [".SS %s" % name.replace("-", "\\-"), prose(line.words[name])]
    return "\n".join(out + [option(entry) for entry in line.operations[name] if entry.where in ("", name)])
