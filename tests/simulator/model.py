"""The API model: routes, validation of requests, and the order of members in answers.

Requests are held to the letter of the model file: unknown members, wrong types, missing required
members, lengths (in characters), ranges, patterns and enumerations. Two points are stricter than
the service is known to be: a member or query parameter that the model does not have is refused
(the service skips it), because a client that sends one has a bug.
"""

import json
from urllib.parse import unquote_to_bytes

from .errors import GenericError, UnknownOperation, invalid, unreadable
from .patterns import Patterns

# The published pattern of ResourceArn lacks a "+" and so would match no ARN there is.
CORRECTIONS = {
    "ResourceArn": "arn:aws:ivs:[a-z0-9-]+:[0-9]+:[a-z-]+/[a-zA-Z0-9-]+",
}
INTEGER_BITS = {"integer": 32, "long": 64}


def parse_json(body):
    """A request body as an object, read strictly: no duplicates, no NaN, no lone surrogates."""
    if not body:
        return {}
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_no_duplicates,
                           parse_constant=_no_constants)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (UnicodeError, ValueError, RecursionError):
        raise unreadable("The request body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise unreadable("The request body is not a JSON object.")
    return value


def _no_duplicates(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name occurs twice")
    return dict(pairs)


def _no_constants(name):
    raise ValueError(name)


class Model:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        self.operations = data["operations"]
        self.shapes = data["shapes"]
        self.errors = data["errors"]
        self.service = data["signingName"]
        self.patterns = Patterns()

    # Routes

    def route(self, method, path):
        """The operation for a request line and the values of the labels in its path."""
        allowed = False
        for name, operation in self.operations.items():
            labels = self._match(operation["uri"], path)
            if labels is None:
                continue
            if operation["method"] == method:
                return name, labels
            allowed = True
        why = f"no operation answers {method} here" if allowed else "no operation has this path"
        raise UnknownOperation(why)

    @staticmethod
    def _match(uri, path):
        """`path` is as on the wire, so that an encoded slash does not separate anything."""
        wanted, given = uri.split("/"), path.split("/")
        if len(wanted) != len(given):
            return None
        labels = {}
        for pattern, segment in zip(wanted, given):
            if pattern.startswith("{") and segment:
                labels[pattern.strip("{}")] = _decode(segment)
            elif pattern != segment:
                return None
        return labels

    # Requests

    def read_input(self, name, labels, query, body):
        """The members of a request, from path, query and body; raises what the service would."""
        shape = self.shapes[self.operations[name]["input"]]
        members = dict(labels)
        places = {m: d.get("location", "body") for m, d in shape["members"].items()}
        members.update(self._query_members(shape, places, query))
        if "body" in places.values():
            sent = parse_json(body)
            for member in sent:
                if places.get(member) != "body":
                    raise invalid(f"Unknown member '{member}' in the request body.")
            members.update(sent)
        members = {k: v for k, v in members.items() if v is not None}
        self.check_types(members, shape, "")
        faults = list(self.violations(members, shape, ""))
        if faults:
            noun = "error" if len(faults) == 1 else "errors"
            raise invalid(f"{len(faults)} validation {noun} detected: {'; '.join(faults)}")
        return members

    def _query_members(self, shape, places, query):
        members = {}
        for part in filter(None, query.split("&")):
            name, _, value = part.partition("=")
            name = _decode(name)
            if places.get(name) != "querystring":
                raise invalid(f"Unknown query parameter '{name}'.")
            members.setdefault(name, []).append(_decode(value))
        return members

    def check_types(self, value, shape, path):
        """A wrong JSON type is refused before any constraint is looked at."""
        kind = shape["type"]
        if kind == "structure":
            self._need(isinstance(value, dict), path, "a structure")
            for member, inner in value.items():
                where = f"{path}.{member}" if path else member
                if member not in shape["members"]:
                    raise invalid(f"Unknown member '{where}' in the request body.")
                if inner is not None:
                    self.check_types(inner, self._member(shape, member), where)
        elif kind == "list":
            self._need(isinstance(value, list), path, "a list")
            for index, inner in enumerate(value, 1):
                self.check_types(inner, self.shapes[shape["member"]], f"{path}.{index}.member")
        elif kind == "map":
            self._need(isinstance(value, dict), path, "a map")
            for key, inner in value.items():
                self.check_types(inner, self.shapes[shape["value"]], f"{path}.{key}.value")
        elif kind == "boolean":
            self._need(isinstance(value, bool), path, "a Boolean")
        elif kind in INTEGER_BITS:
            whole = isinstance(value, int) and not isinstance(value, bool)
            limit = 1 << (INTEGER_BITS[kind] - 1)
            self._need(whole and -limit <= value < limit, path, f"an {kind}"
                       if kind == "integer" else f"a {kind}")
        else:
            self._need(isinstance(value, str), path, "a String")

    @staticmethod
    def _need(right, path, wanted):
        if not right:
            raise unreadable(f"The value at '{path}' can not be converted to {wanted}.")

    def violations(self, value, shape, path):
        """One sentence, in the service's wording, for each broken constraint."""
        kind = shape["type"]
        if kind == "structure":
            yield from self._structure_violations(value, shape, path)
            return
        size = value if kind in INTEGER_BITS else len(value) if kind != "boolean" else None
        measure = "value" if kind in INTEGER_BITS else "length"
        if "min" in shape and size < shape["min"]:
            yield self._fault(value, shape, path,
                              f"have {measure} greater than or equal to {shape['min']}")
        if "max" in shape and size > shape["max"]:
            yield self._fault(value, shape, path,
                              f"have {measure} less than or equal to {shape['max']}")
        if "pattern" in shape and not self.patterns.matches(shape["pattern"], value):
            yield self._fault(value, shape, path,
                              f"satisfy regular expression pattern: {shape['pattern']}")
        if "enum" in shape and value not in shape["enum"]:
            yield self._fault(value, shape, path,
                              f"satisfy enum value set: [{', '.join(shape['enum'])}]")
        if kind == "list":
            for index, inner in enumerate(value, 1):
                yield from self.violations(inner, self.shape(shape["member"]),
                                           f"{path}.{index}.member")
        if kind == "map":
            for key, inner in value.items():
                yield from self.violations(key, self.shape(shape["key"]), f"{path}.key")
                yield from self.violations(inner, self.shape(shape["value"]),
                                           f"{path}.{key}.value")

    def _structure_violations(self, value, shape, path):
        prefix = f"{path}." if path else ""
        for member in shape["required"]:
            if value.get(member) is None:
                yield (f"Value null at '{prefix}{member}' failed to satisfy constraint: "
                       "Member must not be null")
        for member, inner in value.items():
            if inner is not None:
                yield from self.violations(inner, self._member(shape, member), prefix + member)

    @staticmethod
    def _fault(value, shape, path, rule):
        shown = "" if shape.get("sensitive") or not isinstance(value, (str, int)) else f" '{value}'"
        return f"Value{shown} at '{path}' failed to satisfy constraint: Member must {rule}"

    def _member(self, shape, name):
        return self.shape(shape["members"][name]["shape"])

    def shape(self, name):
        """A shape by its name, with our corrections."""
        shape = self.shapes[name]
        if name in CORRECTIONS:
            return {**shape, "pattern": CORRECTIONS[name]}
        return shape

    # Answers

    def arrange(self, value, shape_name):
        """An answer with its members in the model's order; what the model lacks is our own bug."""
        shape = self.shapes[shape_name]
        if shape["type"] == "structure":
            strange = set(value) - set(shape["members"])
            missing = [m for m in shape["required"] if value.get(m) is None]
            if strange or missing:
                raise AssertionError(f"{shape_name}: unknown {strange}, missing {missing}")
            return {member: self.arrange(value[member], inner["shape"])
                    for member, inner in shape["members"].items()
                    if value.get(member) is not None}
        if shape["type"] == "list":
            return [self.arrange(inner, shape["member"]) for inner in value]
        return value

    def pick(self, value, shape_name):
        """Those members of a fuller object that a summary shape has."""
        return {member: value[member] for member in self.shapes[shape_name]["members"]
                if member in value}


def _decode(text):
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeError:
        raise GenericError(400, "SerializationException",
                           "The request URI is not valid UTF-8.") from None
