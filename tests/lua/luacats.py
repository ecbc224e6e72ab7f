"""
Reads LuaCATS annotations, by the grammar that the Lua language server documents (luals.github.io/wiki/annotations).

read(path) gives a Document, or raises Malformed with file, line and what is wrong. Of the tags, those are known that our
annotations use; another one is an error, as is a type that is not well formed.
"""

import re
from dataclasses import dataclass, field

TOKEN = re.compile(r"""\s*(?:
    (?P<name>[A-Za-z_\x80-\U0010ffff][\w.*\-\x80-\U0010ffff]*) |
    (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*') |
    (?P<integer>-?\d+) |
    (?P<code>`[^`]*`) |
    (?P<symbol>\.\.\.|\[\]|[\[\](){}<>|?:,])
)""", re.X)
OPERATORS = {"add", "sub", "mul", "div", "mod", "pow", "unm", "idiv", "band", "bor", "bxor", "shl", "shr", "bnot", "concat",
             "len", "call"}


class Malformed(Exception):
    pass


@dataclass
class Type:
    """kind: name, string, integer, code, array, table, fun, generic, union. parts: the types it is made of."""

    kind: str
    text: str = ""
    parts: list = field(default_factory=list)
    nil: bool = False

    def names(self):
        """All names of types in it."""
        own = [self.text] if self.kind in ("name", "generic") else []
        return own + [name for part in self.parts for name in part.names()]

    def strings(self):
        """The strings that a union of them allows."""
        parts = self.parts if self.kind == "union" else [self]
        return [part.text for part in parts if part.kind == "string"]


@dataclass
class Field:
    type: Type
    optional: bool
    about: str


@dataclass
class Class:
    name: str
    parents: list
    fields: dict = field(default_factory=dict)
    methods: dict = field(default_factory=dict)


@dataclass
class Function:
    params: dict
    returns: list
    generics: list


@dataclass
class Document:
    meta: str = ""
    classes: dict = field(default_factory=dict)
    aliases: dict = field(default_factory=dict)  # name -> [(Type, text)]


class Line:
    """What is behind a tag, read token by token."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def peek(self):
        """(kind, text, end) of the next token; kind is "" at the end or before what is no token."""
        match = TOKEN.match(self.text, self.at)
        if not match:
            return "", "", self.at
        return match.lastgroup, match.group(match.lastgroup), match.end()

    def take(self, *wanted):
        """The next token's text if it is one of these, or of this kind; else None."""
        kind, text, end = self.peek()
        if text not in wanted and kind not in wanted:
            return None
        self.at = end
        return text

    def need(self, *wanted):
        text = self.take(*wanted)
        if text is None:
            raise Malformed("%s expected at '%s'" % (" or ".join(wanted), self.text[self.at:].strip()))
        return text

    def glued(self, symbol):
        """Takes a symbol that follows without a blank."""
        if not self.text.startswith(symbol, self.at):
            return False
        self.at += len(symbol)
        return True

    def rest(self):
        """What is left: a description, which a blank sets off."""
        left = self.text[self.at:]
        if left and not left[0].isspace():
            raise Malformed("unexpected '%s'" % left)
        return left.strip()

    def end(self):
        if self.rest():
            raise Malformed("unexpected '%s'" % self.rest())


# ---------------------------------------------------------------- types

def read_type(line):
    """type { "|" type } [ "?" ]"""
    parts = [read_unit(line)]
    while line.glued("|"):
        parts.append(read_unit(line))
    result = parts[0] if len(parts) == 1 else Type("union", parts=parts)
    result.nil = result.nil or line.glued("?") or any(part.text == "nil" for part in parts)
    return result


def read_unit(line):
    kind, text, _ = line.peek()
    if text == "(":
        line.need("(")
        result = read_type(line)
        line.need(")")
    elif text == "{":
        result = read_table(line)
    elif text == "fun":
        result = read_fun(line)
    elif kind in ("string", "integer", "code"):
        line.need(kind)
        result = Type(kind, text[1:-1] if kind != "integer" else text)
    else:
        result = Type("name", line.need("name"))
        if line.glued("<"):
            result = Type("generic", result.text, read_list(line, ">"))
    while line.glued("[]"):
        result = Type("array", parts=[result])
    return result


def read_list(line, closing):
    parts = [read_type(line)]
    while line.take(","):
        parts.append(read_type(line))
    line.need(closing)
    return parts


def read_table(line):
    """{ name: type, [type]: type }"""
    result = Type("table")
    line.need("{")
    while not line.take("}"):
        if line.take("["):
            result.parts.append(read_type(line))
            line.need("]")
        else:
            line.need("name")
            line.take("?")
        line.need(":")
        result.parts.append(read_type(line))
        if not line.take(","):
            line.need("}")
            break
    return result


def read_fun(line):
    """fun(name[?][: type], ...)[: type, ...]"""
    result = Type("fun")
    line.need("fun")
    line.need("(")
    while not line.take(")"):
        line.need("name", "...")
        line.take("?")
        if line.take(":"):
            result.parts.append(read_type(line))
        if not line.take(","):
            line.need(")")
            break
    if line.glued(":"):
        result.parts.append(read_type(line))
        while line.glued(","):
            result.parts.append(read_type(line))
    return result


# ---------------------------------------------------------------- lines

class Reader:
    """State between lines: what the annotations above belong to."""

    def __init__(self):
        self.document = Document()
        self.variables = {}  # local variable -> Class
        self.clear()

    def clear(self):
        """A line without annotations ends what is under way."""
        self.open_class, self.open_alias = None, None
        self.function = Function({}, [], [])

    def tag(self, name, line):
        method = getattr(self, "tag_" + name, None)
        if method is None:
            raise Malformed("unknown annotation @" + name)
        method(line)

    def tag_meta(self, line):
        self.document.meta = line.take("name") or ""
        line.end()

    def tag_class(self, line):
        name, parents = line.need("name"), []
        if line.take(":"):
            parents.append(line.need("name"))
            while line.take(","):
                parents.append(line.need("name"))
        line.end()
        if name in self.document.classes:
            raise Malformed("class %s is there already" % name)
        self.open_class = self.document.classes[name] = Class(name, parents)

    def tag_field(self, line):
        if self.open_class is None:
            raise Malformed("@field without @class above it")
        name = line.need("name")
        optional = line.glued("?")
        if name in self.open_class.fields:
            raise Malformed("field %s is there already" % name)
        kind = read_type(line)
        self.open_class.fields[name] = Field(kind, optional or kind.nil, line.rest())

    def tag_operator(self, line):
        """operation[(type)]: type"""
        if self.open_class is None:
            raise Malformed("@operator without @class above it")
        if line.need("name") not in OPERATORS:
            raise Malformed("no operator of Lua")
        if line.glued("("):
            read_type(line)
            line.need(")")
        line.need(":")
        read_type(line)
        line.end()

    def tag_alias(self, line):
        name = line.need("name")
        if name in self.document.aliases:
            raise Malformed("alias %s is there already" % name)
        self.open_alias = self.document.aliases[name] = []
        if line.text[line.at:].strip():
            self.open_alias.append((read_type(line), line.rest()))

    def alternative(self, line):
        """| type [# text], below an alias"""
        if self.open_alias is None:
            raise Malformed("'---|' without @alias above it")
        kind, about = read_type(line), line.rest()
        if about and not about.startswith("# "):
            raise Malformed("text behind an alternative begins with '# '")
        self.open_alias.append((kind, about[2:]))

    def tag_param(self, line):
        name = line.need("name", "...")
        optional = line.glued("?")
        kind = read_type(line)
        if name in self.function.params:
            raise Malformed("parameter %s is there already" % name)
        self.function.params[name] = Field(kind, optional or kind.nil, line.rest())

    def tag_return(self, line):
        kind = read_type(line)
        if line.text[line.at:].strip():
            line.need("name")
        line.rest()
        self.function.returns.append(kind)

    def tag_generic(self, line):
        self.function.generics.append(line.need("name"))
        if line.take(":"):
            read_type(line)
        line.end()

    def code(self, text):
        """A line of Lua: what the annotations above it describe."""
        local = re.fullmatch(r"local (\w+) = \{\}", text)
        table = re.fullmatch(r"([\w.]+) = \{\}", text)
        function = re.fullmatch(r"function ([\w.]+)([.:])(\w+)\(([\w, ]*)\) end", text)
        if local or table:
            self.variables[(local or table).group(1)] = self.open_class
            if self.open_class is None:
                raise Malformed("a table without @class")
        elif function:
            self.declare(*function.groups())
        elif not re.fullmatch(r"return \w+", text):
            raise Malformed("unexpected Lua: " + text)

    def declare(self, table, colon, name, arguments):
        owner = self.variables.get(table)
        if owner is None:
            raise Malformed("%s is of no class" % table)
        names = [argument for argument in arguments.split(", ") if argument]
        if list(self.function.params) != names:
            raise Malformed("@param %s for the arguments %s" % (list(self.function.params), names))
        if name in owner.methods:
            raise Malformed("%s is there already" % name)
        self.function.called_by = colon
        owner.methods[name] = self.function


def read(path):
    reader = Reader()
    with open(path, encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            text = text.rstrip("\n")
            try:
                read_line(reader, text)
            except Malformed as problem:
                raise Malformed("%s:%d: %s: %s" % (path, number, problem, text)) from None
    return reader.document


def read_line(reader, text):
    tag = re.fullmatch(r"---@(\w+)(.*)", text)
    if tag:
        reader.tag(tag.group(1), Line(tag.group(2)))
    elif text.startswith("---|"):
        reader.alternative(Line(text[4:]))
    elif text.startswith("---"):
        if re.match(r"---\s+[@|]", text):
            raise Malformed("a blank before a tag makes it text")
    elif text.startswith("--"):
        pass
    elif text:
        reader.code(text)
        reader.clear()
    else:
        reader.clear()
