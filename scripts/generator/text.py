"""Laying out text: comments, limits in words, what a generated file says at its head."""

import textwrap

WIDTH = 100
NOTICE = "Generated from core/model/ by scripts/generate.py: change that and run this, never edit here."


def notice_c():
    return "/* %s */" % NOTICE


def filled(path, parts):
    """The text of a template, with a part for each @NAME@."""
    with open(path, encoding="utf-8") as file:
        template = file.read()
    for name, part in parts.items():
        template = template.replace("@%s@" % name, part)
    return template


def wrap(text, width, indent=""):
    """Lines of at most width, the second and later ones behind indent; a longer word stays whole."""
    return textwrap.wrap(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def comment(text, indent=""):
    """A C comment of as many lines as it needs."""
    single = "%s/* %s */" % (indent, text)
    if len(single) <= WIDTH:
        return [single]
    lines = wrap(text, WIDTH - len(indent) - 6)
    head = ["%s/* %s" % (indent, lines[0])]
    head += ["%s   %s" % (indent, line) for line in lines[1:]]
    head[-1] += " */"
    return head


def block(paragraphs):
    """A C comment of several paragraphs; one that is a list has each of its items begin a line."""
    out = ["/*"]
    for number, paragraph in enumerate(paragraphs):
        if number:
            out.append(" *")
        for item in [paragraph] if isinstance(paragraph, str) else paragraph:
            out += [" * " + line for line in wrap(item, WIDTH - 3)]
    return out + [" */"]


def beside(code, text, column):
    """A line of code with a comment that begins at column, wrapped there."""
    lines = wrap(text, WIDTH - column - 6)
    out = ["%-*s/* %s" % (column, code, lines[0])]
    out += [" " * column + "   " + line for line in lines[1:]]
    out[-1] += " */"
    return out


def count(low, high, unit):
    """1 to 20 elements; 12 characters; at least 1 character; at most 5."""
    def units(n):
        return unit + ("" if n == 1 else "s")
    if high is None:
        return "at least %d %s" % (low, units(low)) if low else ""
    if low == high:
        return "%d %s" % (low, units(low))
    return "%d to %d %s" % (low, high, units(high)) if low else "at most %d %s" % (high, units(high))


def limits(model, member):
    """What a member may be, in a few words; "" if the API says nothing."""
    facts = member.facts
    low, high = facts.get("min"), facts.get("max")
    if member.kind == "INT":
        if low is None and high is None:
            return ""
        return "%d or more" % low if high is None else "%d to %d" % (low, high)
    parts = []
    if member.kind in ("LIST", "STRS"):
        parts.append(count(low or 0, high, "element"))
    elif member.kind == "MAP":
        key, value = model.shapes[facts["key"]], model.shapes[facts["value"]]
        parts.append(count(low or 0, high, "tag"))
        parts.append("names " + count(key.get("min", 0), key.get("max"), "character"))
        parts.append("values " + count(value.get("min", 0), value.get("max"), "character"))
    if member.kind in ("STR", "STRS"):
        text = model.text_facts(member)
        if "enum" not in text:
            length = count(text.get("min", 0), text.get("max"), "character")
            parts.append(length + " each" if length and member.element else length)
    return ", ".join(part for part in parts if part)


def sentence(text):
    """First letter large, a full stop behind; "" stays."""
    return text[:1].upper() + text[1:] + "." if text else ""
