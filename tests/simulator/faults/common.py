"""The register of faults, and the parameters they take."""

import re
from dataclasses import dataclass
from typing import Callable

from ..control_body import Wrong

REQUEST, CONNECTION = "request", "connection"  # what a fault meets
KINDS = {}


@dataclass(frozen=True)
class Parameter:
    default: object
    fits: Callable  # of a value
    wanted: str


@dataclass(frozen=True)
class Kind:
    name: str
    meets: str
    function: Callable
    parameters: dict

    def arguments(self, given):
        """The arguments for the function from the members of a control call. Raises Wrong."""
        names = {camel_case(name): name for name in self.parameters}
        for member in given:
            if member not in names:
                known = ", ".join(names) or "none"
                raise Wrong(f"{self.name} has no parameter {member}; it has: {known}")
        for member, name in names.items():
            parameter = self.parameters[name]
            if member in given and not parameter.fits(given[member]):
                raise Wrong(f"{member} of {self.name} has to be {parameter.wanted}")
        return {name: given.get(member, self.parameters[name].default)
                for member, name in names.items()}


def fault(name, meets=REQUEST, **parameters):
    """Registers a function under a name; the same one can have several."""
    def register(function):
        KINDS[name] = Kind(name, meets, function, parameters)
        return function
    return register


def camel_case(name):
    return re.sub("_(.)", lambda found: found.group(1).upper(), name)


def is_number(value, low, high):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high


def number(default, low, high, unit=""):
    return Parameter(default, lambda value: is_number(value, low, high),
                     f"a number from {low} to {high}{unit}")


def whole(default, low, high):
    return Parameter(default, lambda value: isinstance(value, int) and is_number(value, low, high),
                     f"a whole number from {low} to {high}")


def duration(default=1.0):
    return number(default, 0, 3600, " (seconds)")


def flag(default):
    return Parameter(default, lambda value: isinstance(value, bool), "true or false")


def any_text(default):
    return Parameter(default, lambda value: isinstance(value, str), "a text")


def header_value(default):
    """The value of a header field."""
    return Parameter(default, lambda value: isinstance(value, str)
                     and re.fullmatch(r"[\x20-\x7e]*", value), "a text of printable ASCII")


def choice(*texts):
    """The first one is the default."""
    return Parameter(texts[0], lambda value: value in texts, " or ".join(texts))


def status_list(default, low, high):
    one = whole(None, low, high)
    return Parameter(default, lambda value: isinstance(value, list) and all(map(one.fits, value)),
                     f"a list of whole numbers from {low} to {high}")


def either(first, second):
    """Whatever one of two parameters would take; the default is the first one's."""
    return Parameter(first.default, lambda value: first.fits(value) or second.fits(value),
                     f"{first.wanted}, or {second.wanted}")


def maybe(parameter):
    return Parameter(parameter.default, lambda value: value is None or parameter.fits(value),
                     f"{parameter.wanted}, or null")


# So many bytes go out first; null: half, or as chance has it when the fault itself came by chance.
CUT = maybe(whole(None, 0, 1 << 30))
