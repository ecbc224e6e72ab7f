"""Documents to print: the API's answers at random, values that are hard to write, anything nested in anything."""

import json
import os
import unicodedata

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
with open(os.path.join(TOP, "core", "model", "ivs-2020-07-14.json"), encoding="utf-8") as model_file:
    MODEL = json.load(model_file)

# Words that YAML reads as something else, or nearly.
YAML_WORDS = """
~ null Null NULL nULL nil true True TRUE tRUE false False FALSE y Y yes Yes n No on off OFF .inf .Inf .INF .iNF -.inf +.Inf inf .nan .NaN
.NAN nan << = ! & * - -- --- ---x ... ...x . .. .- ? : :: a: :a a:b -a ?a - ,a a,b [a a[b {a a{b }a ]a #a a#b |a >a %a @a `a 'a "a a'b
a"b a&b &a *a !a a!b \\ \\n 0 00 07 08 09 0o7 0o8 0o 0O7 +0o17 -0o17 o7 +o7 0b1 0b2 0b 0B1 -0b1 0x1f 0x 0xg 0X1F 1 -1 +1 +-1 1_000 _1 1_
-_ + - _ __ +_ 1.5 1. .5 -.5 +.5 ._ .__ .5e3 .5e+3 .5e-3 1.5e3 1e3 1e+3 1E-3 1e e1 1e3.5 1.2.3 1:30 1:30:45 190:20:30.15 2020-01-01
2020-1-1 20-01-01 2020-01-01T00:00:00 2020-01-01T00:00:00Z 2020-01-01t0:00:00z 2020-01-01T00:00:00+00:00 2020-01-01T00:00:00.123+05
2020-1-1T1:00:00-5:30 2020-01-01T1:00:00-05:30 2020-01-01T00:00 2020-01-01T00:00:00.Z 2020-01-01T00:00:00+00:0 2020-01-01T00:00:00.5.5
arn:aws:ivs:eu-west-1:123456789012:channel/AbCdEfGh1234 rtmps://a.b:443/app/ LOW STANDARD sk_eu-west-1_abc 1080p 12345678901234567890
""".split()

YAML_TEXTS = ["", " ", "  ", "a ", " a", "a  b", "a: b", "a : b", "a :b", "a #b", "a# b", "- a", "-\ta", "? a", ": a", ":\ta", "#", "a\tb", "\t",
              "a\n", "\na", "a\nb", "a\n\nb", "a\n\n\nb", "a \nb", "a\n b", "\n", "\n\n", "\r", "a\r\nb", "a\x85b", "a\u2028b", "a\u2029b", "\u2028",
              "a\u2028\nb", "a\n\u2028b", "\u2028 a", "a \u2029", "'\n'", "it's\nso", "x" * 90, "x" * 79 + " y", "x" * 80 + " y", "x" * 81 + " y z",
              "x" * 81 + "  y z", "x" * 81 + " ", "'" * 50 + " " + "'" * 50 + " z z z z", "é" * 70 + " " + "é" * 20 + " ä b", "word " * 40,
              "word  " * 40, "word \t" * 40, "\"word\" " * 40, "'word' " * 40, "word\n" * 30, "long word " * 12 + "\n" + "long word " * 12,
              "\t" + "a  " * 60, "\x07" + " b" * 90, "# " + "quoted because of its start " * 6, "2020-01-01 00:00:00", "2020-01-01  0:00:00 +1",
              "2020-01-01\t00:00:00\tZ", "2020-01-01 00:00:00  -5:00", "2020-01-01 ", "null ", "null\n", "1\n", "---\n", "a\n...", "a '\" b",
              "\U0001f600", "a \U0001f600 b", "\ufeff", "\ufffe", "\uffff", "\ufffd", "\ue000", "\xa0", "\xad", "\x7f", "\x80", "\x9f", "\x00", "a\x00b",
              "".join(map(chr, range(0x20))), "\u200b", "\u0301", "日本語", "ｶﾅ", "Ünïcödé", "ẞß ŉ ﬁ ﬃ ǰ ΐ ὖ ῼ ա և", "\u3000", "±×÷", "①", "\u061c"]

# Over answers of GetChannel, ListChannels, GetStreamSession, ListTagsForResource.
QUERIES = ["channel", "channel.arn", "channel.[arn, name]", "channel.{n: name, a: arn}", "channel.[name, tags]", "[channel, channel]", "[channel.tags, channel.tags]",
           "{a: channel, b: channel.tags}", "[@, @]", "channel.*", "*.arn", "@", "[]", "*", "*[]", "not_there", "channel.not_there", "channel.{z: arn, y: tags, x: srt}",
           "channels", "channels[*].arn", "channels[].[arn, name]", "channels[].{n: name, a: arn, t: tags}", "channels[].tags", "channels[0]", "channels[-1].tags",
           "channels[*].[arn, [name, type]]", "channels[0:2]", "[channels[0], channels[0]]", "channels[?type == 'BASIC']", "length(channels || `[]`)", "nextToken",
           "channels[].[name, tags]", "channels[].{\"Straße\": [arn, name]}", "[channels, nextToken]", "sort_by(channels || `[]`, &not_null(arn, ''))[].arn",
           "streamSession.truncatedEvents", "streamSession.truncatedEvents[].[eventTime, name]", "streamSession.ingestConfiguration", "streamSession.*.*",
           "streamSession.{i: ingestConfiguration, c: channel.tags, e: truncatedEvents[].name}", "streamSession.ingestConfiguration.video", "tags", "keys(tags || `{}`)",
           "values(tags || `{}`)", "tags.*", "to_string(@)", "merge(tags || `{}`, {b: 'x', a: 'y'})", "`1.0`", "`[1, 2.5, null, {\"b\": [], \"a\": {}}]`", "`\"a: b\"`", "`[{}, []]`",
           "[`1`, `[2]`]", "map(&type, channels || `[]`)", "type(@)", "channel.authorized", "[channel.authorized, channel.insecureIngest]", "{a: [channel.authorized, [channel.name]]}"]

NUMBERS = [0, -1, 7, 2**53, 2**63 - 1, -2**63, 0.0, -0.0, 1.0, -1.5, 0.1, 1 / 3, 100.0, 1e15, 1e16, 123456789012345680.0, 9999999999999998.0, 1e17, 1.5e300, 1e-4,
           1e-5, 1.25e-7, 5e-324, 1.7976931348623157e308, 2.5, 3.14159, 1e22, 1e21, 12345.678, float("inf"), float("-inf"), float("nan")]


def boundary_characters():
    """Characters at which a property of interest begins or ends, and all that change to several in capitals."""
    codes, before = [], None
    for code in range(0x110000):
        char = chr(code)
        now = unicodedata.east_asian_width(char) in "WFA", char.isprintable(), char.upper() == char
        if now != before and not 0xd800 <= code < 0xe000:
            codes += [code - 1, code] if code and not 0xd800 <= code - 1 < 0xe000 else [code]
        before = now
        if len(char.upper()) > 1:
            codes.append(code)
    return [chr(code) for code in sorted(set(codes))]


# Lists and objects as their shape alone makes them hard to print.
def shapes():
    row, empty, shared = {"name": "a", "arn": "b"}, [], {"k": [1, 2]}
    yield from ([], {}, [[]], [{}], [[], []], [{}, {}], {"a": []}, {"a": {}}, {"a": None}, {"a": [None]}, [None], [None, None], None, True, False,
                "", "text", "two\nlines", 0, 5, 1.5, [""], ["a"], ["a", "b"], [["a", "b"]], [["a", "b"], ["c", "d"]], [["a"], ["b", "c"]], [["a", None, True, 1.5]],
                ["a", ["b"]], ["a", ["b", "c"]], [["b"], "a"], ["a", {"b": 1}], [{"b": 1}, "a"], [{"b": 1}, None], [{}, ""], [{}, []], [{}, ["a"]], [{}, 0],
                [{"a": []}, ""], [{"a": []}, []], [{"a": [1]}, ""], ["a", {}], ["a", {"b": 1, "c": 2}], [["a", "b"], {"b": 1, "c": 2}],
                [["a", ["b"]]], [[["a"]]], [[["a", "b"]], [["c", "d"]]], [[[1]], [[2, 3]]], [[{"a": 1}], [{"b": 1, "c": 2}]], [[{"a": 1, "b": 2}], [{"c": 2}]],
                [[{"a": 1}], [{"a": 2}]], [[{"a": 1, "b": [1]}, {"a": 2, "b": [3]}]], [["x", [{"a": 1}]]], [[{"a": {"b": 1}}]], [["a", {}]], [["a", {"b": 1}]],
                {"a": 1}, {"a": 1, "b": 2}, {"b": 1, "a": 2}, {"a": {"b": 1}}, {"a": {"b": {"c": {"d": 1, "e": 2}}}}, {"a": [1, 2]}, {"a": [[1, 2], [3, 4]]},
                {"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}, {"c": 2}]}, {"a": [{"b": 1, "c": [1]}, {"b": 2, "c": [2, 3]}, {"b": 3}]},
                {"a": [{"b": [1]}, {"b": 2}]}, [{"a": {"x": "it's"}}, {"a": None}], [{"a": ["q\"'"]}, {"a": "s"}], [{"a": [1.5, None, True, {"z": [], "y": {}}]}, {"a": ""}],
                [row, row], [row], {"a": row, "b": row}, [shared, [shared], shared["k"]], [empty, empty], {"a": empty, "b": empty, "c": [empty]},
                [[row], [row], row], {"x": shared, "y": {"z": shared}}, {"Name": "n", "List": [{"K": "v", "Sub": {"a": [1, {"b": 2}]}}]},
                {"k" * 128: 1, "l" * 129: 2, "ä" * 64: [1], "ö" * 65: [1], "a\nb": {"c": 1}, "m" * 130: {"d": [1]}, "": "", "x y": 1, "null": 2, "- a": 3, "1": 4},
                {"p" * 129 + " q": [[1], {"a": 1}], "z": "w " * 60}, {"k" * 60 + " " + "k" * 60: "v v"}, {"kanäle": ["a"], "straße": ["b"], "ŉ": [1], "ꭰ": [2], "ﬀ": ["c"]},
                {"w" * 30: "x" * 70}, {"a" * 30: "x" * 70, "b": 1}, {"t": {"a" * 30: "x" * 70, "b": 1}}, [{"a" * 30: "x" * 70, "b": 1}], [{"a": "x" * 90, "b": 1}, {"a": 2, "b": 3}],
                {"名前": "日本語", "b": ["ｶﾅ", "①"]}, [{"名": "値", "b": 1}, {"名": "値値値", "b": "é"}], {"a": "tab\there", "b": "nl\nhere"}, {"a": {"title" * 30: {"b": 1}}},
                [{"Deep": [{"Deep": [{"Deep": [{"x": 1, "y": 2}]}]}]}], {"Errors": [], "ResponseMetadata": {}}, {"nextToken": "t", "channels": []})
    for count in range(1, 12):
        yield {"column%d" % i: "v" * (i * 3 % 11) for i in range(count)}
        yield [{"c%d" % i: "v" * (i * row % 13) for i in range(count)} for row in range(3)]
        yield {"title" * count: {"a": 1, "bb": 2, "ccc": 3}, "list": [["x" * count, "y"], ["z", "w" * count]]}
        yield {"outer": {"l%d" % i: ["v" * i] for i in range(count)}}


# ---------------------------------------------------------------- at random

def text(random):
    kind = random.random()
    if kind < 0.4:
        return "".join(random.choice("abcXYZ019-_/:.") for _ in range(random.randrange(1, 30)))
    if kind < 0.5:
        return random.choice(YAML_WORDS)
    if kind < 0.6:
        return random.choice(YAML_TEXTS)
    alphabet = random.choice(("ab ", "ab c'\"\\", "a: #-,[]{}", "a \n", "é日 ", "\U0001f600 a", "a \u2028\n", "a\t \x01\x7f\x85", "'\n a", "word e "))
    return "".join(random.choice(alphabet) for _ in range(random.randrange(random.choice((6, 40, 300)))))


def scalar(random):
    kind = random.random()
    if kind < 0.7:
        return text(random)
    if kind < 0.8:
        return random.choice((None, True, False))
    if kind < 0.9:
        return random.randrange(-1000, 10**random.randrange(1, 18))
    return random.choice(NUMBERS) if kind < 0.95 else random.uniform(-1, 1) * 10**random.randrange(-20, 25)


def anything(random, depth=4):
    """A document whose parts may be shared."""
    kind = random.random()
    if depth == 0 or kind < 0.3:
        return scalar(random)
    if kind < 0.45:
        return [scalar(random) for _ in range(random.randrange(4))]
    if kind < 0.6:
        names = [text(random) or "name" for _ in range(random.randrange(1, 4))]
        return [{name: anything(random, depth - 2 if depth > 1 else 0) for name in names if random.random() < 0.8} for _ in range(random.randrange(4))]
    size = random.randrange(5)
    parts = [anything(random, depth - 1) for _ in range(size)]
    if size > 1 and random.random() < 0.2:
        parts[-1] = parts[0]
    if kind < 0.75:
        return parts
    return {text(random) or "name": part for part in parts}


def member(random, shape):
    """A value of a shape of the model, objects in the model's order."""
    facts = MODEL["shapes"][shape]
    kind = facts["type"]
    if kind == "structure":
        required = facts.get("required", [])
        return {name: member(random, m["shape"]) for name, m in facts["members"].items() if name in required or random.random() < 0.8}
    if kind == "list":
        return [member(random, facts["member"]) for _ in range(random.choice((0, 1, 2, 3)))]
    if kind == "map":
        return {text(random): text(random) for _ in range(random.randrange(4))}
    if kind == "boolean":
        return random.random() < 0.5
    if kind == "timestamp":
        return "2024-0%d-1%d%s" % (random.randrange(1, 10), random.randrange(10), random.choice(("T00:00:00+00:00", "T23:59:59.123000+00:00")))
    if kind in ("integer", "long"):
        return random.randrange(0, 10**random.randrange(1, 12))
    assert kind == "string", kind
    return random.choice(facts["enum"]) if "enum" in facts else text(random)


def answer(random, operation):
    output = MODEL["operations"][operation].get("output")
    return member(random, output) if output else {}


def paged_operations():
    """The operations with pages, and the member that each lists."""
    for name, operation in MODEL["operations"].items():
        members = MODEL["shapes"][operation["output"]]["members"] if operation.get("output") else {}
        if name.startswith("List") and "nextToken" in members:
            yield name, next(m for m, facts in members.items() if MODEL["shapes"][facts["shape"]]["type"] == "list")
