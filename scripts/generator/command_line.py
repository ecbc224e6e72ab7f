"""The command line of the program: what does not follow from the model is in command_line.json beside this file."""

import json
import os
from dataclasses import dataclass, field, replace

from . import text
from .model import ModelError
from .names import snake_case

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "command_line.json")
FORMS = {"STR": "TEXT", "TIME": "TIME", "INT": "NUMBER", "MAP": "NAME=VALUE,...", "STRS": "TEXT..."}
COMPLETE = ("", "text", "file", "script", "operation", "verb")
WHERE = ("", "operation", "pages")


@dataclass
class Option:
    """
    takes: what follows, as people read it; "" if nothing, [...] if it may be left out. values: what a shell offers for it;
    file:// stands for the name of a file behind it. complete: how a shell completes otherwise, of COMPLETE.
    """

    name: str
    words: str
    takes: str = ""
    values: list = field(default_factory=list)
    complete: str = ""
    many: bool = False
    required: bool = False
    opposite: str = ""      # of a boolean: --no-...
    where: str = ""         # "operation": only behind one; "pages": one that the AWS tools page through; or behind the one it names
    like: str = ""          # of a command: the operation that has the same option, which says the rest


@dataclass
class Command:
    """A first word that is no operation. form: what follows it. A verb takes the options of every operation besides its own."""

    name: str
    form: str
    complete: str
    words: str
    options: list = field(default_factory=list)


class CommandLine:
    """
    commands; general: the options that go with every operation, before or after it; common: those that stand behind any;
    paging: those of operations with pages; verbs: the commands that are such; exit_codes: codes and what they say;
    operations: kebab-case -> Options of its own; words: kebab-case -> sentence.
    """

    def __init__(self, model, words):
        with open(FILE, encoding="utf-8") as file:
            facts = json.load(file)
        self.commands = [Command(**entry) for entry in facts["commands"]]
        options = [Option(**entry) for entry in facts["options"]]
        self.exit_codes = [(entry["name"], entry["words"]) for entry in facts["exit_codes"]]
        places = WHERE + tuple(kebab(op.name) for op in model.operations)
        for entry in self.commands + options:
            if entry.complete not in COMPLETE or not entry.words.isascii() or getattr(entry, "where", "") not in places:
                raise ModelError("command_line.json: %s is not as it has to be" % entry.name)
        self.general, self.common, self.paging = ([o for o in options if o.where == where] for where in WHERE)
        self.words = {kebab(op.name): words.operation(op) for op in model.operations}
        self.operations = {}
        for op in model.operations:
            own = [member_option(model, words, member) for member in op.request.members]
            own += [o for o in options if o.where == kebab(op.name)]
            self.operations[kebab(op.name)] = own + (self.paging if "pagination" in op.facts else [])
        self.verbs = [command for command in self.commands if command.complete == "verb"]
        for command in self.commands:
            command.options = [self._own_option(**entry) for entry in command.options]
        self._check()

    def _own_option(self, **entry):
        if "like" not in entry:
            return Option(**entry)
        same = next(o for o in self.operations[entry["like"]] if o.name == entry["name"])
        return replace(same, required=False)

    def of_commands(self):
        return [option for command in self.commands for option in command.options]

    def by_name(self):
        """Every option once, by name, the opposites of booleans included."""
        found = {}
        own = [o for options in self.operations.values() for o in options]
        for option in self.general + self.common + own + self.of_commands():
            found.setdefault(option.name, option)
            if option.opposite:
                found.setdefault(option.opposite, option)
        return found

    def _check(self):
        """A shell completes a value by the name of its option alone."""
        first = self.by_name()
        for options in [self.general, self.common, self.of_commands()] + list(self.operations.values()):
            for option in options:
                other = first[option.name]
                if (bool(option.takes), option.values, option.complete) != (bool(other.takes), other.values, other.complete):
                    raise ModelError("%s takes one thing here and another there" % option.name)


def kebab(name):
    return snake_case(name).replace("_", "-")


def member_option(model, words, member):
    name = kebab(member.wire)
    about = " ".join(part for part in (words.member(member), text.sentence(text.limits(model, member))) if part)
    option = Option("--" + name, about, required=member.required)
    if member.kind == "BOOL":
        option.opposite = "--no-" + name
        return option
    enum = model.enum_of(member.shape)
    option.many = member.kind in ("LIST", "STRS")
    option.values = list(model.shapes[enum]["enum"]) if enum else []
    option.takes = "|".join(option.values) or form(model, member)
    return option


def form(model, member):
    """What follows the option."""
    if model.is_arn(member):
        return "ARN..." if member.kind == "STRS" else "ARN"
    inner = model.nested.get(member.inner)
    if member.kind == "STRUCT" and all(m.kind in ("STR", "BOOL", "INT", "TIME") for m in inner.members):
        return ",".join(m.wire + "=..." for m in inner.members)
    return FORMS.get(member.kind, "JSON")
