"""
lua/meta against what it describes: each line is well-formed LuaCATS, each type is defined, and classes, members, methods
and codes are those of the model, of the module as built, and of the program, in both directions.
"""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import luacats

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("IVS_BUILD", TOP / "build"))
META = TOP / "lua/meta"
FILES = {"ivs": META / "ivs.lua", "ivs.lines": META / "ivs/lines.lua", "ivs.live": META / "ivs/live.lua",
         "ivs.process": META / "ivs/process.lua"}
MODEL = json.loads((TOP / "core/model/ivs-2020-07-14.json").read_text())
SHAPES = MODEL["shapes"]
DOCUMENTS = {name: luacats.read(path) for name, path in FILES.items()}
CLASSES = {name: cls for document in DOCUMENTS.values() for name, cls in document.classes.items()}
ALIASES = {name: alias for document in DOCUMENTS.values() for name, alias in document.aliases.items()}
# Types that the language server knows by itself.
KNOWN = {"nil", "any", "boolean", "true", "false", "string", "number", "integer", "function", "table", "thread", "userdata",
         "lightuserdata", "unknown", "file*"}
LUA_TYPES = {"string": "string", "boolean": "boolean", "integer": "integer", "long": "integer", "timestamp": "string"}

ENVIRONMENT = {"PATH": os.environ["PATH"], "LUA_CPATH": "%s/lua/?.so" % BUILD}
# Prints what a class offers at run time, as JSON: name -> type.
DUMP = """
local ivs = require "ivs"
local function kinds(t)
  local out = {}
  for name, value in pairs(t) do out[name] = type(value) end
  return out
end
"""
MODULE = DUMP + """
local client = assert(ivs.client { region = "eu-west-1", access_key_id = "id", secret_access_key = "secret" })
local methods = kinds(getmetatable(client).__index)
for _, op in ipairs(ivs.operations()) do
  methods[op.snake] = type(client[op.snake])
  if op.each then methods[op.each] = type(client[op.each]) end
end
local _, err = ivs.time "never"
local queue = client:metadata_queue "arn:aws:ivs:eu-west-1:123456789012:channel/abcdefgh"
print(ivs.json.encode {
  ivs = kinds(ivs), json = kinds(ivs.json), client = methods, counters = kinds(client:counters()),
  token = kinds(ivs.token), key = kinds(getmetatable(ivs.token.key_pair()).__index), events = kinds(ivs.events),
  queue = kinds(getmetatable(queue).__index), queue_counters = kinds(queue:counters()),
  operations = ivs.operations(), error = kinds(err), concat = "" .. err == tostring(err),
})
"""
PROGRAM = DUMP + """
local process <close> = assert(ivs.process.start { argv = { "true" } })
print(ivs.json.encode {
  live = kinds(ivs.live), process = kinds(ivs.process), one = kinds(getmetatable(process).__index),
  lines = kinds(ivs.lines), input = kinds(getmetatable(ivs.lines.new()).__index),
})
"""


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, env=ENVIRONMENT,
                          check=False)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def types_in(document):
    """(where, Type, generics) of every type that is written somewhere."""
    for name, cls in document.classes.items():
        for member, field in cls.fields.items():
            yield "%s.%s" % (name, member), field.type, []
        for method, function in cls.methods.items():
            for kind in [param.type for param in function.params.values()] + function.returns:
                yield "%s:%s" % (name, method), kind, function.generics
    for name, alternatives in document.aliases.items():
        for kind, _ in alternatives:
            yield name, kind, []


def expected_type(shape):
    """How the type of a shape is written; of enumerations the set of its values."""
    facts = SHAPES[shape]
    if "enum" in facts:
        return frozenset(facts["enum"])
    if facts["type"] == "structure":
        return "ivs." + shape
    if facts["type"] == "list":
        return [expected_type(facts["member"])]
    if facts["type"] == "map":
        return {expected_type(facts["key"]): expected_type(facts["value"])}
    return LUA_TYPES[facts["type"]]


def written_type(kind):
    """The same of an annotation."""
    if kind.strings():
        return frozenset(kind.strings())
    if kind.kind == "array":
        return [written_type(kind.parts[0])]
    if kind.kind == "generic" and kind.text == "table":
        return {written_type(kind.parts[0]): written_type(kind.parts[1])}
    return kind.text


def reached():
    """Shapes of structures that requests and answers are made of."""
    todo = [op[part] for op in MODEL["operations"].values() for part in ("input", "output") if op[part]]
    seen = set()
    while todo:
        name = todo.pop()
        facts = SHAPES[name]
        if facts["type"] == "structure":
            if name in seen or not (facts["members"] or name.endswith("Request")):
                continue
            seen.add(name)
            todo += [use["shape"] for use in facts["members"].values()]
        elif facts["type"] == "list":
            todo.append(facts["member"])
    return seen


def source_codes(path, pattern):
    return set(re.findall(pattern, (TOP / path).read_text()))


class Grammar(unittest.TestCase):
    def test_files_are_modules(self):
        self.assertEqual({name: document.meta for name, document in DOCUMENTS.items()}, {name: name for name in FILES})
        self.assertEqual(sorted(META.rglob("*.lua")), sorted(FILES.values()))

    def test_every_type_is_defined(self):
        missing = [(where, name) for document in DOCUMENTS.values() for where, kind, generics in types_in(document)
                   for name in kind.names() if name not in KNOWN and name not in CLASSES and name not in ALIASES
                   and name not in generics and name != "table"]
        self.assertEqual(missing, [])
        parents = [parent for cls in CLASSES.values() for parent in cls.parents]
        self.assertEqual([name for name in parents if name not in CLASSES and name not in KNOWN], [])

    def test_every_class_is_used(self):
        used = {name for document in DOCUMENTS.values() for _, kind, _ in types_in(document) for name in kind.names()}
        used |= {parent for cls in CLASSES.values() for parent in cls.parents}
        self.assertEqual([name for name in list(CLASSES) + list(ALIASES) if name not in used], ["ivs", "ivs.json", "ivs.token", "ivs.events"])

    def test_files_are_lua_and_do_nothing(self):
        for path in FILES.values():
            run("luac5.4", "-p", path)
            self.assertEqual(run("lua5.4", "-e", "assert(type(dofile('%s')) == 'table')" % path), "")

    def test_reader_refuses_what_is_malformed(self):
        for line in ("---@field x string", "---@class", "---@class a b", "---@clas a", "---@param", "---@param x", "---| 'a'",
                     "---@return", "---@return table<string", "---@return string|", "---@return fun(a:", "---@return a[",
                     "---@type a",
                     "---@return string?!", "--- @class a", "---@operator plus: a", "---@alias a 'b", "x = 1", "function f() end",
                     "---@class a\n---@field b string\n---@field b string", "---@class a\n---@class a",
                     "---@class a\nlocal a = {}\n---@param y string\nfunction a.f(x) end", "---@alias a\n---| 'b' text"):
            with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
                file.write(line + "\n")
                file.flush()
                with self.assertRaises(luacats.Malformed, msg=line):
                    luacats.read(file.name)

    def test_reader_reads_types(self):
        for text, kind, names in (("string", "name", ["string"]), ("a.b[]", "array", ["a.b"]),
                                  ("table<a, b[]>", "generic", ["table", "a", "b"]), ("fun(x: a, y?: b): c?", "fun", ["a", "b", "c"]),
                                  ("{ x: a, [b]: c }", "table", ["a", "b", "c"]),
                                  ('("a"|"b")[]', "array", []), ("a|nil", "union", ["a", "nil"])):
            line = luacats.Line(" " + text)
            got = luacats.read_type(line)
            line.end()
            self.assertEqual((got.kind, got.names()), (kind, names), text)


class Model(unittest.TestCase):
    def test_classes_are_the_structures(self):
        own = {"ivs." + name for name in reached()}
        text = (TOP / "scripts/generator/module.lua").read_text()
        by_hand = set(re.findall(r"^---@class (\S+?):?(?: .*)?$", text, re.M))
        self.assertEqual(set(DOCUMENTS["ivs"].classes), own | by_hand)
        self.assertEqual(own & by_hand, set())

    def test_members(self):
        for shape in reached():
            facts, cls = SHAPES[shape], CLASSES["ivs." + shape]
            self.assertEqual(list(cls.fields), list(facts["members"]), shape)
            for name, use in facts["members"].items():
                field, where = cls.fields[name], "%s.%s" % (shape, name)
                self.assertEqual(written_type(field.type), expected_type(use["shape"]), where)
                self.assertEqual(field.optional, name not in facts["required"], where)
                self.check_limits(SHAPES[use["shape"]], field.about, where)

    def check_limits(self, facts, about, where):
        """Whatever limit the model has is in the text, and secrets are called that."""
        inner = SHAPES[facts["member"]] if facts["type"] == "list" else facts
        for limited in (facts, inner):
            if "enum" in limited or limited["type"] == "structure":
                continue
            for bound in ("min", "max"):
                if limited.get(bound):
                    self.assertRegex(about, r"\b%d\b" % limited[bound], where)
        self.assertEqual("Secret" in about, bool(inner.get("sensitive")), where)

    def test_methods(self):
        for name, op in MODEL["operations"].items():
            snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
            method = CLASSES["ivs.Client"].methods[snake]
            request = method.params["request"]
            self.assertEqual(request.type.text, "ivs." + op["input"])
            self.assertEqual(request.optional, not SHAPES[op["input"]]["required"], name)
            answers = op["output"] and SHAPES[op["output"]]["members"]
            self.assertEqual([kind.text for kind in method.returns], ["ivs." + op["output"] if answers else "table", "ivs.Error"])
            self.assertTrue(all(kind.nil for kind in method.returns))

    def test_operations_and_errors(self):
        self.assertEqual([kind.text for kind, _ in ALIASES["ivs.Operation"]], sorted(MODEL["operations"]))
        own = source_codes("lua/src/ivs_error.c", r'\{IVS_ERR_\w+,\s+"(\w+)"') | {"Internal"}
        for path in sorted((TOP / "lua/src").glob("ivs_*.c")):
            own |= source_codes(path.relative_to(TOP), r'ivs_push_failure\(\s*L, "(\w+)"')
        own |= source_codes("lua/src/ivs_posix.c", r'\bcode = "(\w+)"')
        own |= source_codes("lua/src/ivs_token.c", r'[?:] "([A-Z]\w+)"')
        self.assertEqual({kind.text for kind, _ in ALIASES["ivs.ErrorCode"]}, set(MODEL["errors"]) | own)

    def test_everything_is_explained(self):
        for name in ALIASES:
            self.assertEqual([kind.text for kind, about in ALIASES[name] if len(about) < 8], [], name)
        self.assertEqual([(shape, name) for shape in reached() for name, field in CLASSES["ivs." + shape].fields.items()
                          if len(field.about) < 6], [])


class Built(unittest.TestCase):
    """The module in stock Lua, and what only the program has."""

    @classmethod
    def setUpClass(cls):
        cls.module = json.loads(run("lua5.4", "-e", MODULE))
        cls.program = json.loads(run(BUILD / "ivs", "-e", PROGRAM))

    def check_offer(self, name, offered, apart=()):
        """Functions are declared as such, all else as fields."""
        cls = CLASSES[name]
        functions = {key for key, kind in offered.items() if kind == "function"}
        self.assertEqual(set(cls.methods), functions, name)
        self.assertEqual(set(cls.fields) - set(apart), set(offered) - functions, name)

    def test_module(self):
        offered = dict(self.module["ivs"])
        self.assertEqual({offered.pop(part) for part in ("events", "json", "token")}, {"table"})
        self.check_offer("ivs", offered, apart=("lines", "live", "process"))
        self.check_offer("ivs.json", self.module["json"])
        self.check_offer("ivs.events", self.module["events"])
        self.assertEqual(CLASSES["ivs"].fields["version"].type.text, "string")

    def test_client(self):
        self.check_offer("ivs.Client", self.module["client"])
        self.assertTrue(all(function.called_by == ":" for function in CLASSES["ivs.Client"].methods.values()))
        self.check_offer("ivs.Counters", self.module["counters"])

    def test_queue(self):
        self.check_offer("ivs.MetadataQueue", self.module["queue"])
        self.check_offer("ivs.MetadataCounters", self.module["queue_counters"])
        source = (TOP / "lua/src/ivs_queue.c").read_text()
        offered = set(re.findall(r'\[[A-Z_]+\] = \{"(\w+)", LUA_T', source))
        self.assertEqual(set(CLASSES["ivs.MetadataQueueOptions"].fields), offered)
        self.assertEqual(set(CLASSES["ivs.MetadataOptions"].fields), set(re.findall(r'strcmp\(name, "(\w+)"', source)))

    def test_tokens(self):
        self.check_offer("ivs.token", self.module["token"])
        self.check_offer("ivs.Key", self.module["key"])
        source = (TOP / "lua/src/ivs_token.c").read_text()
        offered = re.findall(r'\[[A-Z_]+\] = \{"(\w+)", LUA_T', source)
        self.assertEqual({*CLASSES["ivs.TokenOptions"].fields, *CLASSES["ivs.TokenTime"].fields}, set(offered))
        self.assertEqual(set(CLASSES["ivs.TokenTime"].fields), {"client", "now"})
        self.assertEqual(set(CLASSES["ivs.Claims"].fields), set(offered) - {"client", "now", "key", "expires_in"})

    def test_events(self):
        source = (TOP / "lua/src/ivs_events.c").read_text()
        types = re.search(r"const types\[\] = \{(.*?)\};", source, re.S).group(1)
        self.assertEqual({kind.text for kind, _ in ALIASES["ivs.EventType"]}, set(re.findall(r'"(\w+)"', types)))
        set_ones = set(re.findall(r'(?:set_text|set_json|lua_setfield)\(L, (?:-2, )?"(\w+)"', source))
        self.assertEqual(set(CLASSES["ivs.Event"].fields), set_ones - {"events"})

    def test_iterators(self):
        found = {}
        for op in self.module["operations"]:
            if "each" in op:
                output = SHAPES[MODEL["operations"][op["name"]]["output"]]
                element = SHAPES[output["members"][op["pages"]]["shape"]]["member"]
                found[op["each"]] = "ivs." + element
        methods = CLASSES["ivs.Client"].methods
        annotated = {name: function.returns[0].parts[0].text for name, function in methods.items() if name.startswith("each_")}
        self.assertEqual(annotated, found)

    def check_description(self, cls, entries):
        """Fields of descriptions: no others occur, and those that are not optional always do."""
        fields = dict(CLASSES[cls].fields)
        for parent in CLASSES[cls].parents:
            fields.update(CLASSES[parent].fields)
        self.assertEqual(set().union(*entries), set(fields))
        always = set.intersection(*[set(entry) for entry in entries])
        self.assertEqual({name for name, field in fields.items() if not field.optional}, always & set(fields))
        for name, field in fields.items():
            if field.type.strings():
                self.assertEqual({entry[name] for entry in entries if name in entry}, set(field.type.strings()), name)

    def test_descriptions(self):
        operations, members = self.module["operations"], []
        todo = [members_of for op in operations for members_of in (op["input"], op["output"])]
        while todo:
            one = todo.pop()
            members += one
            todo += [member["members"] for member in one if "members" in member]
        self.check_description("ivs.OperationInfo", operations)
        self.check_description("ivs.MemberInfo", members)

    def test_options_of_the_client(self):
        source = (TOP / "lua/src/ivs_options.c").read_text()
        kinds = dict(re.findall(r'\[IVS_OPT_[A-Z_]+\] = \{"(\w+)", (\w+)', source))
        types = {"TEXT": "string", "FLAG": "boolean", "TABLE": "ivs.Iot", "FUNCTION": "function", "TIME": "number", "TIME_OR_0": "number",
                 "WHOLE": "integer", "TEXT_OR_FALSE": "string|false"}
        words = {"ivs.Iot": "table", "integer": "number", "string|false": "string or false"}
        fields = CLASSES["ivs.ClientOptions"].fields
        annotated = {name: "function" if field.type.kind == "fun" else "|".join(part.text for part in field.type.parts) or field.type.text
                     for name, field in fields.items()}
        self.assertEqual(annotated, {name: types[kind] for name, kind in kinds.items()})
        for name in fields:
            problem = "select(2, pcall(require 'ivs'.client, { ['%s'] = coroutine.create(print) }))" % name
            self.assertRegex(run("lua5.4", "-e", "print(%s)" % problem), "'%s' must be a %s" % (name, words.get(annotated[name], annotated[name])))
        self.assertTrue(all(field.optional for field in fields.values()))
        self.assertEqual({kind.text for kind, _ in ALIASES["ivs.TraceEvent"]},
                         source_codes("lua/src/ivs_tap.c", r'tap_tell\(tap, "(\w+)"') |
                         source_codes("lua/src/ivs_call.c", r'tap_tell\(&client->tap, "(\w+)"') |
                         source_codes("lua/src/ivs_clock.c", r'tap_tell\(&client->tap, "(\w+)"'))

    def test_error_object(self):
        fields = CLASSES["ivs.Error"].fields
        source = "".join((TOP / "lua/src" / name).read_text() for name in ("ivs_client.c", "ivs_error.c", "ivs_queue.c"))
        named = set(re.findall(r'set_text\(L, "([a-z]\w*)"|lua_setfield\(L, -2, "([a-z]\w*)"\)', source))
        self.assertEqual(set(fields), {one or other for one, other in named})
        always = {name for name, field in fields.items() if not field.optional}
        self.assertEqual(set(self.module["error"]), always)
        self.assertTrue(self.module["concat"])

    def test_live(self):
        self.check_offer("ivs.live", self.program["live"])
        parts = [TOP / "lua/lib/ivs/live.lua", *sorted((TOP / "lua/lib/ivs/live").glob("*.lua"))]
        source = "".join(path.read_text() for path in parts)
        session = CLASSES["ivs.live.Session"]
        self.assertEqual(set(session.methods), set(re.findall(r"^function Session:(\w+)", source, re.M)))
        for name in session.fields:
            self.assertRegex(source, r"\b(self|session)\.%s\b" % name)
        kinds = dict(re.findall(r'(\w+) = "(\w+)"', re.search(r"local kinds = \{(.*?)\}", source, re.S).group(1)))
        self.assertEqual(set(CLASSES["ivs.live.Options"].fields), set(kinds))
        self.assertEqual({kind.text for kind, _ in ALIASES["ivs.live.Event"]},
                         set(re.findall(r'\btell(?:_later)?\(\w+, "(\w+)"', source)))
        self.assertEqual({kind.text for kind, _ in ALIASES["ivs.live.FailureCode"]},
                         set(re.findall(r'\bfailure\("(\w+)"', source)))

    def test_lines(self):
        self.check_offer("ivs.lines", self.program["lines"])
        del self.program["input"]["__index"]
        self.check_offer("ivs.lines.Input", self.program["input"])

    def test_process(self):
        self.check_offer("ivs.process", self.program["process"])
        self.check_offer("ivs.process.Process", self.program["one"])
        source = (TOP / "lua/src/process.c").read_text()
        names = re.search(r"const names\[\] = \{(.*?), NULL\}", source).group(1)
        self.assertEqual(set(CLASSES["ivs.process.Options"].fields), set(re.findall(r'"(\w+)"', names)))


if __name__ == "__main__":
    unittest.main()
