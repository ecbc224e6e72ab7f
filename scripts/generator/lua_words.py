"""lua/lib/ivs/cli/words.lua: what `ivs help` says, as Lua data. Each text is there once."""

from . import text
from .command_line import CommandLine, kebab

HEAD = """-- %s
-- What ivs.cli.help says. An option is { name, what it takes or "", text, required = true, opposite = its other name,
-- inner = members of what it takes }; a member is { name, text }; a command is { name, what follows it, text, options = its own,
-- verb = whether those of every operation go with it too }. The list of commands has each by its name as well.
"""
KINDS = {"STR": "text", "BOOL": "true or false", "INT": "a number", "TIME": "a time", "STRS": "a list of texts", "MAP": "tags",
         "STRUCT": "a structure", "LIST": "a list"}


class Texts:
    """Texts by the place that they get in a list."""

    def __init__(self):
        self.places = {}

    def __call__(self, words):
        return "t[%d]" % self.places.setdefault(words, len(self.places) + 1)

    def lines(self):
        return ["  %s," % quote(words) for words in self.places]


def quote(words):
    return '"%s"' % words.replace("\\", "\\\\").replace('"', '\\"')


def generate(model, words):
    line, texts = CommandLine(model, words), Texts()
    out = ["local words = {}", "words.commands = {"]
    for entry in line.commands:
        out += command(texts, entry, entry in line.verbs)
    out += ["}", "for _, command in ipairs(words.commands) do words.commands[command[1]] = command end"]
    for part in ("general", "common", "paging"):
        out += ["words.%s = {" % part] + ["  %s," % option(texts, o) for o in getattr(line, part)] + ["}"]
    out += ["words.exit_codes = {"] + ["  { %s, %s }," % (quote(code), texts(about)) for code, about in line.exit_codes] + ["}"]
    out.append("words.operations = {")
    for op in model.operations:
        out += operation(model, words, line, texts, op)
    out += ["}", "return words"]
    return "\n".join([HEAD % text.NOTICE + "local t = {"] + texts.lines() + ["}"] + out) + "\n"


def command(texts, entry, is_verb):
    head = "  { %s, %s, %s, " % (quote(entry.name), quote(entry.form), texts(entry.words))
    head += "verb = %s, options = {" % str(is_verb).lower()
    if not entry.options:
        return [head + "} },"]
    return [head] + ["    %s," % option(texts, o) for o in entry.options] + ["  } },"]


def option(texts, entry, inner=""):
    parts = [quote(entry.name), quote(entry.takes), texts(entry.words)]
    parts += ["required = true"] if entry.required else []
    parts += ["opposite = %s" % quote(entry.opposite)] if entry.opposite else []
    return "{ %s }" % ", ".join(parts + ([inner] if inner else []))


def operation(model, words, line, texts, op):
    name = kebab(op.name)
    out = ["  [%s] = {" % quote(name), "    text = %s," % texts(line.words[name]), "    options = {"]
    own = line.operations[name]
    for member, entry in zip(op.request.members, own):
        inner = model.nested.get(member.inner)
        out.append("      %s," % option(texts, entry, "inner = { %s }" % members(model, words, texts, inner) if inner else ""))
    out += ["      %s," % option(texts, o) for o in own[len(op.request.members):] if o.where == name]
    out += ["    },", "    paged = true," if "pagination" in op.facts else None,
            "    answer = { %s }," % members(model, words, texts, op.answer), "  },"]
    return [entry for entry in out if entry is not None]


def members(model, words, texts, struct):
    return ", ".join("{ %s, %s }" % (quote(m.wire), texts(member_words(model, words, m))) for m in struct.members)


def member_words(model, words, member):
    enum = model.enum_of(member.shape)
    kind = "one of " + ", ".join(model.shapes[enum]["enum"]) if enum else KINDS[member.kind]
    limit = text.limits(model, member)
    return "%s %s" % (words.member(member), text.sentence(kind + (", " + limit if limit else "")))
