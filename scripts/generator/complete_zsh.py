"""lua/completion/_ivs: completion for zsh. What does not follow from the model is in complete.zsh beside this file."""

import os

from . import complete_bash, text
from .command_line import CommandLine

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "complete.zsh")


def generate(model, words):
    line = CommandLine(model, words)
    return text.filled(SCRIPT, {
        "NOTICE": text.NOTICE,
        "OPERATIONS": "\n".join("    %s" % described(name, about) for name, about in line.words.items()),
        "COMMANDS": "\n".join("    %s" % described(c.name, c.words) for c in line.commands if not c.name.startswith("-")),
        "VERBS": " | ".join(c.name for c in line.verbs),
        "FIRST": "\n".join("    %s \\" % first(c) for c in line.commands if c.name.startswith("-")),
        "GENERAL": "\n".join("    %s" % spec(o) for o in line.general),
        "COMMON": "\n".join("    %s" % spec(o) for o in line.common),
        "OPTIONS": "\n".join(branch for name, options in complete_bash.behind(line).items() for branch in operation(name, options)),
    })


def quoted(words):
    return "'%s'" % words.replace("'", "'\\''")


def described(name, about):
    """For _describe: name:text."""
    return quoted("%s:%s" % (name.replace(":", "\\:"), about.replace(":", "\\:")))


def escaped(words):
    """For _arguments: within [...] and between colons."""
    for character in "\\[]:":
        words = words.replace(character, "\\" + character)
    return words


def first(command):
    """A first word that begins with a dash: nothing else, or a text, follows it."""
    if command.complete == "text":
        return quoted("(1)%s[%s]:%s: " % (command.name, escaped(command.words), escaped(command.form.split()[0])))
    return quoted("(- 1 *)%s[%s]" % (command.name, escaped(command.words)))


def spec(option):
    """For _arguments."""
    about = escaped(option.words)
    if not option.takes:
        return quoted("%s[%s]" % (option.name, about))
    action = "_files" if option.complete == "file" else " ".join([" _ivs_value"] + [escaped(value) for value in option.values])
    colons = "::" if option.takes.startswith("[") else ":"
    return quoted("%s=[%s]%s%s:%s" % (option.name, about, colons, escaped(option.takes.strip("[]")), action))


def operation(name, options):
    out = ["    %s)" % name, "      own=("]
    for option in options:
        if option.opposite:
            for one, other in ((option.name, option.opposite), (option.opposite, option.name)):
                out.append("        " + quoted("(%s)%s[%s]" % (other, one, escaped(option.words))))
        else:
            out.append("        " + spec(option))
    return out + ["      )", "      ;;"]
