"""The API model as the generator works on it: structs in an order that C accepts, members with their kinds."""

import json
from collections import Counter
from dataclasses import dataclass, field

from .names import enum_prefix, macro_name, member_name, snake_case

INT32_MAX = 2**31 - 1
KINDS = {"string": "STR", "boolean": "BOOL", "integer": "INT", "long": "INT", "timestamp": "TIME",
         "structure": "STRUCT", "map": "MAP"}
C_TYPES = {"STR": "ivs_str", "BOOL": "ivs_bool", "INT": "ivs_int", "TIME": "ivs_time",
           "STRS": "struct ivs_str_list", "MAP": "struct ivs_tags"}
DEPTH = 6  # IVS_DEPTH of <ivs/model.h>
# An operation that makes something new each time it is called. The others may be repeated after a lost answer.
ONCE = ("ImportPlaybackKeyPair", "InsertAdBreak")
CUE = ("PutMetadata",)


class ModelError(Exception):
    """The model or the words are not as they have to be. The text is for people."""


@dataclass
class Member:
    """One member of a struct."""

    wire: str          # name in JSON
    owner: str         # shape that it belongs to
    shape: str         # name of its own shape
    facts: dict        # that shape
    element: str       # of lists: the shape of the elements, else ""
    kind: str          # as in enum ivs_kind, without IVS_K_
    required: bool
    location: str      # "uri", "querystring" or ""

    @property
    def name(self):
        return member_name(self.wire)

    @property
    def inner(self):
        """The shape of the struct that this is or has as elements, else ""."""
        return {"STRUCT": self.shape, "LIST": self.element}.get(self.kind, "")


@dataclass
class Struct:
    """One C struct. role: "in" and "out" of an operation, or "nested"."""

    name: str          # without ivs_
    shape: str
    role: str
    members: list = field(default_factory=list)
    index: int = 0     # in ivs_types; structs that say the same have the same


@dataclass
class Operation:
    name: str
    facts: dict
    request: Struct
    answer: Struct
    index: int

    @property
    def snake(self):
        return snake_case(self.name)

    @property
    def repeat(self):
        if self.name.startswith("Create") or self.name in ONCE:
            return "ONCE"
        return "CUE" if self.name in CUE else "FREE"

    @property
    def main_list(self):
        """The list that the answer is about: the paginator's, or the first there is; else None."""
        lists = [m for m in self.answer.members if m.kind == "LIST"]
        key = self.facts.get("pagination", {}).get("result_key")
        return next((m for m in lists if m.wire == key), lists[0] if lists else None)

    @property
    def pages(self):
        """True if the answer may come in several pages."""
        return all(any(m.wire == "nextToken" for m in s.members) for s in (self.request, self.answer))


class Model:
    """
    operations: by name. nested: the structs inside requests and answers, by shape, each after those that it
    contains. structs: these and those of the operations. types: one of each number, as in ivs_types, whose number 0
    is left out. list_elements: the structs of which there are lists. in_requests, in_answers: shapes of the nested ones there.
    """

    def __init__(self, facts):
        self.facts = facts
        self.shapes = facts["shapes"]
        self.errors = facts["errors"]
        self.nested = {}
        self._check_references()
        self.operations = [
            Operation(name, op, self._top(name, op["input"], "in"), self._top(name, op["output"], "out"), number)
            for number, (name, op) in enumerate(sorted(facts["operations"].items()))
        ]
        tops = [struct for op in self.operations for struct in (op.request, op.answer)]
        for struct in tops:
            self._nest(struct)
        self.structs = list(self.nested.values()) + [s for s in tops if s.members]
        self.limits = self._limits()
        self.types = self._number()
        self.in_requests = self._reached("request")
        self.in_answers = self._reached("answer")
        elements = {m.element for s in self.structs for m in s.members if m.kind == "LIST"}
        self.list_elements = [s for s in self.nested.values() if s.shape in elements]
        self.enums = self._enums()
        self._check_names()
        self._check_depth()

    # ---- questions ----

    def enum_of(self, shape):
        """The name of the enumeration that a shape is, or is a list of; else ""."""
        facts = self.shapes[shape]
        if facts["type"] == "list":
            shape, facts = facts["member"], self.shapes[facts["member"]]
        return shape if "enum" in facts else ""

    def shapes_of_member(self, wire):
        """The shapes of all members of that name, in the whole API."""
        return [s["members"][wire]["shape"] for s in self.shapes.values() if wire in s.get("members", {})]

    def c_type(self, member):
        if member.kind == "STRUCT":
            return "struct ivs_" + self.nested[member.shape].name
        if member.kind == "LIST":
            return "struct ivs_%s_list" % self.nested[member.element].name
        return C_TYPES[member.kind]

    def text_facts(self, member):
        """The shape that says what the text in a member may be: its own, or that of its elements."""
        return self.shapes[member.element] if member.element else member.facts

    def limit(self, member):
        """Index in ivs_limits."""
        return self.limits.index(limit_of(member.facts))

    def element_limit(self, member):
        """Index in ivs_limits for the elements of a list of texts, or for the names of a map; its values' is the next."""
        if member.kind == "STRS":
            return self.limits.index(limit_of(self.shapes[member.element]))
        if member.kind == "MAP":
            return self.map_limits[member.shape]
        return 0

    def is_sensitive(self, member):
        return bool(self.text_facts(member).get("sensitive"))

    def of(self, member):
        """What a member consists of: the number of its struct or of its elements', or their index in ivs_limits."""
        return self.nested[member.inner].index if member.inner else self.element_limit(member)

    def record(self, member):
        """All that the tables say of a member, but for its place in the struct."""
        return (member.wire, member.kind, member.required, self.is_sensitive(member), member.location,
                self.is_arn(member), self.of(member), self.limit(member))

    def begins_like(self, struct, other):
        """True if the members of a struct are also the first of the other, so that they lie at the same places."""
        return (struct.role == "nested") == (other.role == "nested") and \
            [self.record(m) for m in struct.members] == [self.record(m) for m in other.members[:len(struct.members)]]

    def is_arn(self, member):
        """True if the text, or each text of the list, has to be an ARN."""
        return member.kind in ("STR", "STRS") and self.text_facts(member).get("pattern", "").startswith(("arn:", "^$|^arn:"))

    # ---- construction ----

    def _top(self, operation, shape, role):
        struct = Struct("%s_%s" % (snake_case(operation), role), shape or "", role)
        if shape:
            struct.members = self._members(shape)
        return struct

    def _members(self, shape):
        facts = self.shapes[shape]
        return [self._member(shape, facts, wire, use) for wire, use in facts["members"].items()]

    def _member(self, owner, owner_facts, wire, use):
        facts = self.shapes[use["shape"]]
        element = facts["member"] if facts["type"] == "list" else ""
        if element:
            kinds = {"structure": "LIST", "string": "STRS"}
            kind = kinds.get(self.shapes[element]["type"])
        else:
            kind = KINDS.get(facts["type"])
        if kind is None:
            raise ModelError("%s.%s: no C type for %s" % (owner, wire, use["shape"]))
        return Member(wire, owner, use["shape"], facts, element, kind, wire in owner_facts["required"],
                      use.get("location", ""))

    def _nest(self, struct, above=()):
        """Puts the structs that this one needs, and they theirs, before it."""
        for member in struct.members:
            shape = member.inner
            if shape in above:
                raise ModelError("%s contains itself" % shape)
            if not shape or shape in self.nested:
                continue
            inner = Struct(snake_case(shape), shape, "nested", self._members(shape))
            self._nest(inner, above + (shape,))
            self.nested[shape] = inner

    def _reached(self, role):
        """The shapes of the nested structs that the requests, or the answers, contain."""
        seen = set()
        todo = [getattr(op, role) for op in self.operations]
        while todo:
            inner = {m.inner for m in todo.pop().members} - seen - {""}
            seen |= inner
            todo += [self.nested[shape] for shape in inner]
        return seen

    def _number(self):
        """Numbers the structs, those that say the same alike, and returns the first of each number."""
        types = []
        for struct in self.structs:
            same = next((t for t in types if len(t.members) == len(struct.members) and self.begins_like(struct, t)), None)
            if same is None:
                types.append(struct)
            struct.index = same.index if same else len(types)
        return types

    def _limits(self):
        members = [m for s in self.structs for m in s.members]
        found = {limit_of(m.facts) for m in members} | {limit_of(self.text_facts(m)) for m in members if m.kind == "STRS"}
        limits = [None] + sorted(found - {None})
        self.map_limits = {}
        for facts, shape in {m.shape: (m.facts, m.shape) for m in members if m.kind == "MAP"}.values():
            self.map_limits[shape] = len(limits)
            limits += [limit_of(self.shapes[facts[part]]) for part in ("key", "value")]
        return limits

    def _enums(self):
        """(prefix, shape, values) of each enumeration that is used, by prefix."""
        found = {}
        for struct in self.structs:
            for member in struct.members:
                shape = self.enum_of(member.shape)
                if shape:
                    found[enum_prefix(self, member.wire, shape)] = (shape, tuple(self.shapes[shape]["enum"]))
        return [(prefix, *found[prefix]) for prefix in sorted(found)]

    def _check_references(self):
        for name, shape in self.shapes.items():
            inner = [m["shape"] for m in shape.get("members", {}).values()]
            inner += [shape[key] for key in ("member", "key", "value") if key in shape]
            for other in inner:
                if other not in self.shapes:
                    raise ModelError("%s: there is no shape %s" % (name, other))

    def _check_depth(self):
        """Encoder and decoder keep the structs under way on a stack of fixed size, and so those that may be absent."""
        def nesting(struct):
            return 1 + max((nesting(self.nested[m.inner]) for m in struct.members if m.inner), default=0)

        def inside(struct):
            return sum(1 + inside(self.nested[m.shape]) for m in struct.members if m.kind == "STRUCT")

        for struct in self.structs:
            if nesting(struct) > DEPTH:
                raise ModelError("%s nests deeper than IVS_DEPTH, %d" % (struct.shape, DEPTH))
        for shape in sorted(self.in_requests):
            if inside(self.nested[shape]) > DEPTH:
                raise ModelError("%s has more structs within it than IVS_DEPTH, %d" % (shape, DEPTH))

    def _check_names(self):
        names = [s.name for s in self.structs] + [s.name + "_list" for s in self.list_elements]
        names += ["str_list", "any_list", "tags", "str", "pair", "time", "span", "client", "error"]
        macros = ["%s_%s" % (prefix, macro_name(value)) for prefix, _, values in self.enums for value in values]
        macros += ["CODE_" + macro_name(code) for code in self.errors]
        macros += ["OP_" + op.snake.upper() for op in self.operations]
        for kind in (names, macros):
            twice = sorted(name for name, times in Counter(kind).items() if times > 1)
            if twice:
                raise ModelError("names in C that mean two things: " + ", ".join(twice))
        if len(self.types) > 255 or len(self.operations) > 255:
            raise ModelError("more structs or operations than an index of 8 bits can say")


def limit_of(facts):
    """(min, max) as in ivs_limits, or None."""
    lowest = -INT32_MAX - 1 if KINDS.get(facts["type"]) == "INT" else 0
    limit = facts.get("min", lowest), facts.get("max", INT32_MAX)
    return None if limit == (lowest, INT32_MAX) else limit


def load_model(path):
    with open(path, encoding="utf-8") as file:
        return Model(json.load(file))
