"""Enough of BitBake's language to read a recipe that has no code in it: assignments with all operators, overrides
of the new style, flags, continuation lines and inherit. What it does not know is an error, never passed over."""

import re

ASSIGNMENT = re.compile(r"""(?P<name>[\w${}:.+-]+?)(?:\[(?P<flag>[\w.-]+)\])?
                            \s*(?P<how>\?\?=|\?=|:=|\+=|=\+|\.=|=\.|=)\s*(?P<quote>["'])(?P<value>.*)(?P=quote)$""", re.X | re.S)
LATE = (":append", ":prepend")


class Data:
    """Variables of a recipe. get() gives the expanded value of one."""

    def __init__(self, **first):
        self.values, self.weak, self.late, self.classes = dict(first), {}, [], []

    def expand(self, text, depth=0):
        if depth > 50:
            raise ValueError("goes round in circles: " + text)
        return re.sub(r"\$\{([^}@]+)\}", lambda m: self.get(m.group(1), depth + 1), text)

    def get(self, name, depth=0):
        if not self.has(name):
            raise KeyError(f"{name} is not set")
        value = self.values.get(name, self.weak.get(name))
        for how, key, text in self.late:
            if key == name:
                value = value + text if how == ":append" else text + value
        return self.expand(value, depth)

    def has(self, name):
        return name in self.values or name in self.weak

    def assign(self, name, how, value):
        name = name.replace("${PN}", self.values.get("BPN", ""))  # of all variables, only this one is used in names
        if how == ":=":
            value = self.expand(value)
        for late in LATE:
            if name.endswith(late):
                self.late.append((late, name.removesuffix(late), value))
                return
        old = self.values.get(name, self.weak.get(name, ""))
        if how == "??=":
            self.weak[name] = value
        elif how == "?=":
            self.values.setdefault(name, value)
        else:
            self.values[name] = {"=": value, ":=": value, "+=": f"{old} {value}", "=+": f"{value} {old}",
                                 ".=": old + value, "=.": value + old}[how]

    def read(self, text, where):
        for line in re.sub(r"\\\n", " ", text).splitlines():
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("inherit "):
                self.classes += line.split()[1:]
                continue
            found = ASSIGNMENT.fullmatch(line)
            if not found or found["name"].endswith(":remove"):
                raise ValueError(f"{where}: cannot be read: {line}")
            name = found["name"] + (f"[{found['flag']}]" if found["flag"] else "")
            self.assign(name, found["how"], found["value"])
        return self
