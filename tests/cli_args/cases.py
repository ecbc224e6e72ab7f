"""Arguments to try: written by hand over every production and error, and made at random."""

import json
import os

# --- shorthand ---------------------------------------------------------------------------------------------------------------

SHORTHAND = [
    "", "a", "a=", "=", "=b", "a=b", "a = b", " a=b", "a=b ", "a= b c ", "a==", "a==b", "a=b=c", "a=,", "a=,b", "a=b,", "a=b,,",
    "a=b,c", "a=b,c,", "a=b,c,d", "a=b,c=d", "a=b,c=", "a=b, c=d", "a=b ,c=d", "a=b\n,c=d", "a=b,\nc=d", "a=b,c,d=e",
    "a=b,c,d=e,f", "a=b,c,d=e,f,g=h", "a=b,c,d=", "a=b,c,=d", "a=b,=d", "a=b,c=d,e==f", "a=b,a=c", "a=b,c=d,a=e", "a=b,c,a=d",
    "a=[b],a=c", "a=b,\na=c", "=,=", "a=1,b=2,c=3,a=4\nx", "a='b'", 'a="b"', "a='b", 'a="b', "a='", 'a="', "a=''", 'a=""',
    "a='b'c", "a='b' c", "a='b' ,c=d", "a='b','c'", "a='b',\"c\"", "a='b','c'd", "a=b,'c'=d", "a=b,'c", 'a=b,"c', "a=b,'c,d=e",
    "a='b,c=d'", "a='b=c',d=e", r"a='b\'c'", r"a='b\\'", r"a='b\\\'c'", r"a='b\\\\'", r"a='\'", r"a='\\\'", r"a='b\'",
    r"a='b\'c\'", r"a='b\'c\'d", r"a='b\nc'", r'a="b\"c"', r'a="b\'c"', r"""a='b"c'""", r'''a="b'c"''', r'a="b\\"', r'a="b\"',
    "a='b\nc'", "a='é😀'", "a=b,'x,y'=c", 'a=b,"x,y"=c', 'a="b,c"d,e=f', r"a=b\,c", r"a=\,", r"a=\,b,c\,d", r"a=b\\,c", r"a=b\c",
    r"a=\b", r"a=[b\,c]", r"a=b,c\,d", r"a=b,c\,d=e", r"a=\,\,,\,", "a=\\", "a=b\\", "a=[]", "a=[ ]", "a=[", "a=[b", "a=[b,",
    "a=[b]", "a=[b,c]", "a=[ b , c ]", "a=[b,c,]", "a=[,]", "a=[,b]", "a=[b c]", "a=['b',\"c\"]", "a=['b'c]", "a=[[b],[c]]",
    "a=[[]]", "a=[{b=c}]", "a=[{b=c},{d=e}]", "a=[b],c=d", "a=[b] ,c=d", "a=[b] c=d", "a=[b]c", "a=[b]]", "a=[b=c]", "a=]",
    "a=b]", "a=b,c]", "a=[b}", "a=[b{c]", "a=[b[c]", "a=b[c]", "a=b{c}", "a={}", "a={ }", "a={", "a={b", "a={b=", "a={b=c",
    "a={b=c,", "a={b=c}", "a={b=c,d=e}", "a={ b = c , d = e }", "a={b=c,}", "a={,}", "a={=}", "a={=c}", "a={b=c,d}",
    "a={b=c,d=}", "a={b=[c,d]}", "a={b={c={d=e}}}", "a={b=c,b=d}", "a={b='c,d'}", "a={b=c,d=e,f=g},h=i", "a={b=c}}", "a={b=c]",
    "a={b c}", "a=}", "a=b}", "a={b=c},a={d=e}", "a={b=c} x", "a={b= }", "a={b=\n}", "a-b_c.d#e/f:g=h", "a b=c", "ä=b", "a*=b",
    "a@=b", "a=ä", "a=äöü,b", "a=日本", "a=😀", "a=b😀", "a=b,😀", "a=b,c😀", "a=[😀]", "a={b=😀}", "a='😀'", "a=b\uffff", "a=\u00a0",
    "a=b\u00a0", "a=b\u2003,c", "a=\t", "a=\tb\t", "a=\v", "a=b\x1c", "a=b\x1f ", "a=\x00b".replace("\0", "\x01"), "a=b\x7f",
    "\na=b", "a\n=b", "a=\nb", "a=b\nc==d\ne", "a=b,\nc==d", "foo=bar,\nbar==baz", "foo==bar,\nbar=baz", "a\nb", "a=[\nb\nc",
    "a={\nb\n", "a=b,\n'c", "a=b\n\n,c='\n", "key=value,key2=[a,b],key3={k=v}",
    "arn=arn:aws:ivs:us-west-2:123456789012:channel/abcd", "metadata={\"a\":1}", "a=1,2,3", "a=true,b=false", "a=\"\"x",
    "a=!#$%&()*+-./", "a=:;<>?@^_`|~", "a=<", "a=>", "a=b<>c", "a=b,<", "a=b,>c", "a=b,c<=d", "a=b=[c]", "a=b,c[d]", "a=b,{c",
    "a=b,[c", "a=b,[c]=d", "a=b,}c", "a=b,~", "a=~b", "a=|b", "a=`b", "a=\\z", "a=^", "a= ,b", "a=  [b]", "a=  {b=c}",
    "a=b, ,c", "a=b,c ,d", "a=b,c , d = e", "a=b,c d,e f", "a=b,'c' ,d", "a=b,'c' d", "'a'=b", "\"a\"=b", "[a]=b", "{a=b}",
    "[a=b]", "[1]", "{}",
]

SHORTHAND_PARTS = list("ab=,[]{}'\"\\ \n") * 4 + list("=,=,=,") * 3 + [
    "\t", "é", "😀", "\u2003", "-", ".", ":", "/", "#", "_", "|", "\\,", "\\'", '\\"', "a=b", ",c=d", "k=[", "k={", "1", "true", "~", "<"]


def random_shorthand(rng):
    if rng.random() < 0.5:
        return "".join(rng.choice(SHORTHAND_PARTS) for _ in range(rng.randrange(1, 14)))
    keys = [rng.choice(["a", "b", "ka", "k.b", ""]) for _ in range(rng.randrange(1, 4))]
    text = list(",".join("%s=%s" % (key, shorthand_value(rng, 0)) for key in keys))
    for _ in range(rng.choice([0, 0, 1, 2])):
        place = rng.randrange(len(text) + 1)
        text[place:place + rng.randrange(2)] = [rng.choice(SHORTHAND_PARTS)]
    return "".join(text)


def shorthand_value(rng, depth):
    kind = rng.randrange(7 if depth < 3 else 4)
    blank = rng.choice(["", "", "", " ", "\n"])
    if kind < 2:
        return blank + rng.choice(["b", "b c", "x\\,y", "1", "", "é", "a/b:c", "true", "z]", "q=r"])
    if kind == 2:
        return blank + rng.choice(["'b'", "'b,c'", r"'b\'c'", r"'\\'", "''", "'b=c'"])
    if kind == 3:
        return blank + rng.choice(['"b"', '"b,c"', r'"b\"c"', '""', "b,c", "b,'c',d"])
    inner = [shorthand_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    if kind == 4:
        return "{%s}" % ("," + blank).join("k%d=%s" % pair for pair in enumerate(inner))
    return "[%s%s]" % (blank, ",".join(inner))


# --- JSON --------------------------------------------------------------------------------------------------------------------

JSON = [
    "", " ", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "[", "[1", "[1,", "[1,]", "\"a", "\"a\\",
    "\"a\\q\"", "\"\\u12\"", "\"\\u12", "\"\\ud83d\\ude0z\"", "\"\\ud83dx\"", "\"\\ud83d\\ude00\"", "\"\\ude00\\ud83d\"",
    "\"\n\"", "nul", "null", "true", "false", "-", "01", "-01", "1.", "1.e5", "1.5", "-1.5E-3", "1e5", "1E400", "-1e400", "-0",
    "-0.0", "tru", "True", "[1 2]", "{\"a\" 1}", "{a:1}", "{'a':1}", "1 2", "  x", "NaN", "Infinity", "-Infinity", "Infinit",
    "-I", "-N", "\ufeff{}", "{\"a\":1 \"b\"}", "{\"a\":1,\"a\":2}", "{\"a\":1,\"b\":2,\"a\":3}", "[1,2", "\"\x7f\"", "\"\t\"",
    "\"é\" x", "\n\n [x", "\"\\", "\"\\u", "\"\\u1", "\"\\u123", "\"\\u12345", "\"\\uD83D\\u", "\"\\uD83D\\uDE0",
    "\"\\uD83D\\uDE00", "{\"a\":1,  ", "{ \"a\" : 1 , x", "[ 1 , x", "{\"a\":  }", "\u00a0 1", "1\u00a0", "{\"a\\q\":1}", "[]x",
    "{}x", "-Infinity1", "\"\\uD83D\\u0041\"", "\"\\u 123\"", "\"\\u+123\"", "\"\\u00e9\\n\\t\\/\\b\\f\\r\\\"\\\\\"",
    "{\"\":1}", "{\"a\":{},\"b\":[]}", "[[[[1]]]]", "123456789012345678901234567890", "-123456789012345678901234567890",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "0.1", "1e16", "1e15", "123456789.123", "1e-5",
    "0.0001", "5e-324", "[1.0,2]", "\"it's\"", "\"\\\"q\\\"\"", "\"it's \\\"q\\\"\"",
    "\"\\u0000\\u001f\\u007f\\u00ad\\u200b\\u2028\\ue000\"", "\"\\\\\"", "{\"a\":[1,{\"b\":tru}]}", "/* c */ 1", "[1,//\n2]",
]
JSON_PARTS = list("{}[]:,\"\"\"") * 3 + [
    "\\", "a", "b", "1", "-", "0", ".5", "e", "E+2", " ", "\n", "é", "😀", "\\u00e9", "\\ud83d", "\\ude00", "\\n", "null",
    "true", "false", "NaN", "\"a\":", "\"k\":1,", "[1,"]


def random_json_text(rng):
    if rng.random() < 0.4:
        return "".join(rng.choice(JSON_PARTS) for _ in range(rng.randrange(1, 12)))
    text = json.dumps(random_value(rng, 0), ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, None, 1]))
    for _ in range(rng.choice([0, 1, 1, 2])):
        place = rng.randrange(len(text) + 1)
        text = text[:place] + rng.choice(JSON_PARTS + [""]) + text[place + rng.randrange(2):]
    return text


TEXTS = [
    "", "a", "abc", "é", "😀", "it's", '"', "a\nb", "\\", "arn:aws:ivs:eu-west-1:123456789012:channel/a", "x" * 26, "\u00ad",
    "\ud800",
]


def random_value(rng, depth):
    kind = rng.randrange(9 if depth < 3 else 6)
    if kind == 0:
        return rng.choice([0, 1, -1, 5, 101, 2**63, -2**63 - 1])
    if kind == 1:
        return rng.choice([0.5, 1.0, -2.5, 1e300])
    if kind == 2:
        return rng.choice([True, False, None])
    if kind < 6:
        return rng.choice(TEXTS[:-1])
    if kind < 8:
        return {rng.choice(["a", "b", "name", "arn", "tags", ""]): random_value(rng, depth + 1) for _ in range(rng.randrange(4))}
    return [random_value(rng, depth + 1) for _ in range(rng.randrange(4))]


# --- values of members -------------------------------------------------------------------------------------------------------

WORDS = [
    "", " ", "a", "a b", "a,b", "a=b", "a=b,c=d", "a=b,a=c", "1", "-1", "+7", " 12 ", "1_000", "1__0", "_1", "1_", "0x10",
    "1.5", "1e3", "00", "007", "99999999999999999999", "-99999999999999999999", "٣", "ten", "it's", 'say "x"', "true", "false",
    "True", "[", "]", "{", "}", "[]", "{}", " {} ", "\n[]", "[1]", "[1", "{\"a\"", "{\"a\":\"b\"}", "{\"a\":\"b\",}", "{'a':1}",
    "[\"a\",\"b\"]", "[{\"a\":1}]", "[null]", "{\"a\":null}", "\u2003{}", "é=ü", "a=😀", "a='😀'", "file:/x", "File://x",
    "file//x", "http://x", "fileb:/", "name", "a=[b,c]", "a={b=c}", "NaN", "enabled=true", "policy", "null", "--x",
]
FILES = {
    "text": b"hello\n", "crlf": b"a\r\nb\rc\n", "empty": b"", "blank": b" \n", "latin": b"\xe9t\xe9", "utf8": "é😀\n".encode(),
    "bom": b"\xef\xbb\xbf{}", "nul": b"a\0b",
    "surrogate": b"\xed\xa0\x80", "number": b"12\n", "object.json": b'{"k": "v"}\n', "list.json": b' ["a", "b"]\n', "list2.json": b'[{"viewerId": "x"}]',
    "bad.json": b"{", "shorthand": b"a=b,c=d",
    "with space": b"spaced", "back\\slash": b"b", "quo'te": b"q", "a$b": b"d", "percent%s": b"p",
}
PATHS = list(FILES) + ["missing", "missing's", "missing/x", ".", "text/x", "", "~", "mis\"sing'", "é"]


def file_words(folder):
    words = []
    for path in PATHS:
        words += ["file://%s" % os.path.join(folder, path), "fileb://%s" % os.path.join(folder, path)]
    return words + [
        "file://~/text", "file://~", "file://~nobody-there/x", "file://$HOME/text", "file://${HOME}/text", "file://$HOME_NOT/text",
        "file://${HOME_NOT}/x", "file://${HOME", "file://$", "file://$/x", "file://a$$b", "file://", "fileb://", "file://${}",
        "file://%s/a$$b" % folder, "file://~/$IVS_TEST_NAME", "file://$IVS_TEST_HOME/text", "file://nowhere", "fileb://nowhere", "file://no%where"]


def random_members(rng, shape, depth=0):
    """Shorthand for a structure, mostly by its model."""
    parts = []
    for name, member in shape.members.items():
        if rng.random() < 0.3:
            continue
        parts.append("%s=%s" % (name if rng.random() < 0.95 else name + "x", shorthand_of(rng, member, depth)))
    return ",".join(parts)


def shorthand_of(rng, shape, depth):
    if rng.random() < 0.1:
        return shorthand_value(rng, 1)
    kind = shape.type_name
    if kind == "structure":
        return "{%s}" % random_members(rng, shape, depth + 1)
    if kind == "list":
        return rng.choice(["a", "a,b", "[a,b]", "[]", "'x y'", ""])
    if kind in ("integer", "long"):
        return rng.choice(["1", "0", "-1", "60", "x", "1.5", "", " 7 ", "1_0", "'3'", "99999999999999999999"])
    if kind == "boolean":
        return rng.choice(["true", "false", "True", "FALSE", "yes", "", "'true'"])
    return rng.choice(["", "a", "'b c'", "STARVING", "arn:aws:x", "é"])


def random_params(rng, shape):
    """A value for validation: mostly as the model wants it."""
    if rng.random() < 0.07:
        return random_value(rng, 1)
    kind = shape.type_name
    if kind == "structure":
        names = [name for name in shape.members if name in shape.required_members and rng.random() < 0.95 or rng.random() < 0.5]
        rng.shuffle(names)
        found = {name: random_params(rng, shape.members[name]) for name in names}
        if rng.random() < 0.05:
            found[rng.choice(["x", "Name", "arnn", "", "é", "a\nb"])] = 1
        return found
    if kind == "list":
        return [random_params(rng, shape.member) for _ in range(rng.choice([0, 1, 1, 2, 3]))]
    if kind == "map":
        return {rng.choice(["", "k", "é", "a.b", "k"]): random_params(rng, shape.value) for _ in range(rng.randrange(3))}
    if kind in ("integer", "long"):
        return rng.choice([-1, 0, 1, 2, 50, 301, True, False, 1.0, 2**70, -2**70, None])
    if kind == "boolean":
        return rng.choice([True, False, 1, 0, "true", None])
    return rng.choice(TEXTS[:-1])


# --- pages -------------------------------------------------------------------------------------------------------------------

TOKENS = [
    "tok", "", "None", "tok___2", "tok___x", "None___1", "a___b___1", "___", "tok___-1", "tok___ 1 ", "x" * 40, "é", "1234",
    "====", "a===", "abc", "abcd", "YWJj", "!!!!", "eyJuZXh0VG9rZW4iOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAyfQ==",
    "eyJuZXh0VG9rZW4iOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAyfQ", "bnVsbA==", "MTIz", "WzFd", "e30=", "Ig==",
]
TOKEN_OBJECTS = [
    {"nextToken": "t1"}, {"nextToken": None}, {"nextToken": "None"}, {"nextToken": "é😀"}, {"boto_truncate_amount": 1},
    {"nextToken": "t", "boto_truncate_amount": 0}, {"nextToken": "t", "boto_truncate_amount": 1},
    {"boto_truncate_amount": 2, "nextToken": "t"}, {"nextToken": None, "boto_truncate_amount": 9},
    {"nextToken": "t", "boto_truncate_amount": -1}, {"nextToken": "t", "other": "x"}, {"other": "x"},
    {"nextToken": "t", "boto_truncate_amount": None},
]


def random_answers(rng, result):
    """Pages of a list, some odd: without a list, with the same token twice, with an empty token, never ending."""
    answers, number, count = [], 0, rng.randrange(1, 6)
    for page in range(count):
        size = rng.choice([0, 1, 2, 3, 3, 5])
        answer = {result: [{"arn": "a%d" % (number + i)} for i in range(size)]}
        number += size
        if rng.random() < 0.05:
            answer = {}
        if rng.random() < 0.03:
            answer[result] = None
        if page < count - 1 or rng.random() < 0.05:
            answer["nextToken"] = rng.choice(["t%d" % page] * 12 + ["same", "", "é😀\"\\"])
        answers.append(answer)
    return answers
