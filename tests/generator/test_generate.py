"""scripts/generate.py from outside: --check, what it says about words, names, headers that stand alone."""

import json
import os
import re
import shutil
import tempfile
import unittest
import unittest.mock

from support import INCLUDE, MODEL, ROOT, SCRIPT, WARNINGS, run, run_c
from generator import c_tables, command_line, names, sizes
from generator.model import Model, ModelError
from generator.words import Words, load_words

OUTPUTS = ("core/include/ivs/types.h", "core/include/ivs/api.h", "core/src/tables.c", "core/OPERATIONS.md",
           "lua/meta/ivs.lua", "lua/man/ivs.1", "lua/completion/ivs.bash", "lua/completion/_ivs")
# Others by the environment: IVS_COMPILERS="clang clang++", a C and a C++ compiler.
C_COMPILER, CPP_COMPILER = os.environ.get("IVS_COMPILERS", "gcc g++").split()
COMPILERS = ((C_COMPILER, "c", "c99"), (C_COMPILER, "c", "c11"), (CPP_COMPILER, "c++", "c++17"))
WORDS = "core/model/words.json"


class Tree(unittest.TestCase):
    """Runs the script on a copy of what it reads and writes."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        shutil.copytree(os.path.join(ROOT, "core", "model"), os.path.join(self.root, "core", "model"))

    def generate(self, *options):
        return run(SCRIPT, "--root", self.root, *options)

    def change_words(self, change):
        path = os.path.join(self.root, WORDS)
        with open(path, encoding="utf-8") as file:
            words = json.load(file)
        change(words)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(words, file)

    def exists(self, path):
        return os.path.exists(os.path.join(self.root, path))

    def test_writes_what_is_committed(self):
        self.assertEqual(self.generate().returncode, 0)
        for path in OUTPUTS:
            with open(os.path.join(self.root, path), encoding="utf-8") as made, \
                 open(os.path.join(ROOT, path), encoding="utf-8") as committed:
                self.assertEqual(made.read(), committed.read(), path)

    def test_check_names_what_differs_and_writes_nothing(self):
        self.assertEqual(self.generate().returncode, 0)
        self.assertEqual(self.generate("--check").stdout, "")
        with open(os.path.join(self.root, OUTPUTS[2]), "a", encoding="utf-8") as file:
            file.write("\n")
        os.remove(os.path.join(self.root, OUTPUTS[4]))
        checked = self.generate("--check")
        self.assertEqual(checked.returncode, 1)
        self.assertEqual([line.split(":")[0] for line in checked.stdout.splitlines()], [OUTPUTS[2], OUTPUTS[4]])
        self.assertFalse(self.exists(OUTPUTS[4]))
        written = self.generate()
        self.assertEqual(written.stdout, "written: %s\nwritten: %s\n" % (OUTPUTS[2], OUTPUTS[4]))
        self.assertEqual(self.generate().stdout, "")

    def test_missing_words_are_named(self):
        def change(words):
            del words["operations"]["StopStream"]
            del words["shapes"]["Srt"]
            del words["errors"]["StreamUnavailable"]
            del words["members"]["viewerCount"]
        self.change_words(change)
        result = self.generate()
        self.assertNotEqual(result.returncode, 0)
        for name in ("missing: operations StopStream", "missing: shapes Srt",
                     "missing: errors StreamUnavailable",
                     "missing: members Stream.viewerCount", "missing: members StreamSummary.viewerCount"):
            self.assertIn(name, result.stderr)
        self.assertNotIn("Traceback", result.stderr)
        self.assertFalse(self.exists(OUTPUTS[0]))

    def test_superfluous_words_are_named(self):
        def change(words):
            words["operations"]["StartStream"] = "There is no such thing."
            words["members"]["Channel.colour"] = "Nor this."
        self.change_words(change)
        result = self.generate("--check")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("superfluous: operations StartStream", result.stderr)
        self.assertIn("superfluous: members Channel.colour", result.stderr)

    def test_broken_words_are_one_line(self):
        with open(os.path.join(self.root, WORDS), "w", encoding="utf-8") as file:
            file.write("{")
        result = self.generate()
        self.assertNotEqual(result.returncode, 0)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)


class Committed(unittest.TestCase):
    def test_check_is_clean(self):
        result = run(SCRIPT, "--check")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))

    def test_first_line_says_generated(self):
        for path in OUTPUTS:
            with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                head = file.readline() + file.readline()
            self.assertIn("scripts/generate.py", head, path)

    def test_lines_fit(self):
        for path in OUTPUTS[:3]:
            with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                for line in file:
                    self.assertTrue(len(line) <= 101 or " * https://" in line, line)

    def test_headers_compile_alone(self):
        for header in ("ivs/types.h", "ivs/api.h"):
            for compiler, language, standard in COMPILERS:
                with tempfile.TemporaryDirectory() as folder:
                    source = os.path.join(folder, "alone.c")
                    with open(source, "w", encoding="utf-8") as file:
                        file.write("#include <%s>\n" % header)
                    result = run(compiler, "-std=" + standard, *WARNINGS, "-I", INCLUDE, "-fsyntax-only",
                                 "-x", language, source)
                self.assertEqual((result.returncode, result.stderr), (0, ""), (compiler, standard, header))

    def test_operation_per_function(self):
        with open(os.path.join(INCLUDE, "ivs/api.h"), encoding="utf-8") as file:
            text = file.read()
        for name in MODEL["operations"]:
            snake = names.snake_case(name)
            self.assertIn("return ivs_call(client, IVS_OP_%s, in, out);" % snake.upper(), text)
            self.assertRegex(text, r"static inline int ivs_%s\(" % snake)
            self.assertIn("/API_%s.html" % name, text)

    def test_lua_annotations_are_lua(self):
        path = os.path.join(ROOT, "lua/meta/ivs.lua")
        loaded = run("lua5.4", "-e", "assert(loadfile(arg[1]))", path)
        self.assertEqual((loaded.returncode, loaded.stderr), (0, ""))
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for name in MODEL["operations"]:
            self.assertIn("function Client:%s(request) end" % names.snake_case(name), text)
        made = set(re.findall(r"function Client:each_(\w+)\(", text))
        self.assertEqual(made, {"channel", "stream", "stream_key", "playback_key_pair", "recording_configuration",
                                "ad_configuration", "stream_session", "playback_restriction_policy"})


class Names(unittest.TestCase):
    def test_snake_case(self):
        for name, snake in (("latencyMode", "latency_mode"), ("BatchGetChannel", "batch_get_channel"),
                            ("PlaybackURL", "playback_url"), ("URLPath", "url_path"), ("s3", "s3"), ("arn", "arn"),
                            ("S3DestinationConfiguration", "s3_destination_configuration"), ("errorCode", "error_code"),
                            ("viewerSessionVersionsLessThanOrEqualTo", "viewer_session_versions_less_than_or_equal_to"),
                            ("a", "a"), ("content-type", "content_type")):
            self.assertEqual(names.snake_case(name), snake)

    def test_keywords_are_not_members(self):
        self.assertEqual(names.member_name("default"), "default_")
        self.assertEqual(names.member_name("class"), "class_")
        self.assertEqual(names.member_name("type"), "type")

    def test_enumerations(self):
        values = run_c(text="""
            #include <ivs/types.h>
            #include <stdio.h>
            int main(void) {
              puts(IVS_LATENCY_MODE_LOW " " IVS_CHANNEL_TYPE_STANDARD " " IVS_STREAM_STATE_LIVE " "
                   IVS_RECORDING_CONFIGURATION_STATE_ACTIVE " " IVS_CODE_CHANNEL_NOT_BROADCASTING);
              return 0;
            }""").split()
        self.assertEqual(values, ["LOW", "STANDARD", "LIVE", "ACTIVE", "ChannelNotBroadcasting"])

    def test_two_names_in_c_are_refused(self):
        facts = json.loads(json.dumps(MODEL))
        facts["errors"]["channel-not-broadcasting"] = 404
        with self.assertRaisesRegex(ModelError, "CHANNEL_NOT_BROADCASTING"):
            Model(facts)

    def test_a_struct_in_itself_is_refused(self):
        facts = json.loads(json.dumps(MODEL))
        facts["shapes"]["Srt"]["members"]["again"] = {"shape": "Channel"}
        with self.assertRaisesRegex(ModelError, "Channel contains itself"):
            Model(facts)

    def test_what_the_records_and_stacks_cannot_hold_is_refused(self):
        def structure(**members):
            return {"type": "structure", "members": {name: {"shape": shape} for name, shape in members.items()}, "required": []}

        def model_with(**shapes):
            facts = json.loads(json.dumps(MODEL))
            facts["shapes"].update(shapes)
            facts["shapes"]["PostRollConfiguration"]["members"]["more"] = {"shape": "More0"}
            return Model(facts)

        chain = {"More%d" % n: structure(more="More%d" % (n + 1)) for n in range(2)}
        leaf = structure(arn="ChannelArn")
        model_with(**chain, More2=leaf)
        with self.assertRaisesRegex(ModelError, "nests deeper than IVS_DEPTH"):
            model_with(**chain, More2=structure(more="More3"), More3=leaf)
        leaves = {"Leaf%d" % n: leaf for n in range(6)}
        wide = structure(**{"m%d" % n: "Leaf%d" % n for n in range(6)})
        with self.assertRaisesRegex(ModelError, "PostRollConfiguration has more structs within it"):
            model_with(**leaves, More0=wide)
        model = model_with(More0=leaf)
        c_tables.generate(model, None)
        model.nested["More0"].index = 64
        with self.assertRaisesRegex(ModelError, "PostRollConfiguration.more: type 64 needs more than the 6 bits"):
            c_tables.generate(model, None)

    def test_structs_that_say_the_same_share_their_records(self):
        model = Model(MODEL)
        index = {struct.name: struct.index for struct in model.structs}
        self.assertEqual(index["get_channel_in"], index["delete_channel_in"])
        self.assertNotEqual(index["get_channel_in"], index["get_stream_in"])
        held = [c_tables.holder(model, struct) for struct in model.structs]
        for struct, holder in zip(model.structs, held):
            self.assertTrue(model.begins_like(struct, holder))
            self.assertIs(c_tables.holder(model, holder), holder)

    def test_words_that_would_end_a_comment_are_refused(self):
        with self.assertRaisesRegex(ModelError, "StopStream"):
            Words({"operations": {"StopStream": "Ends */ the stream."}})


class Pieces(unittest.TestCase):
    def test_patterns(self):
        self.assertEqual(sizes.json_bytes({"pattern": "[a-z0-9-.]+"}), 1)
        self.assertEqual(sizes.json_bytes({"pattern": r'[a-z"]+'}), 2)
        self.assertEqual(sizes.json_bytes({"pattern": r"[\p{L}_]+"}), 4)
        self.assertEqual(sizes.json_bytes({}), 6)
        self.assertEqual(sizes.json_bytes({"pattern": r"a\[b"}), 1)
        self.assertEqual(sizes.json_bytes({"pattern": r"a\\b"}), 2)
        self.assertEqual(sizes.percent_bytes({"pattern": "arn:[a-z-]+/[0-9]+", "max": 20}), 24)
        for strange in (r"[^a]+", r"a.c", r"\w+", "a{3}", r"[\w]+"):
            with self.assertRaises(ModelError):
                sizes.json_bytes({"pattern": strange})

    def test_command_line_that_shells_could_not_complete(self):
        model = Model(MODEL)
        words = load_words(os.path.join(ROOT, WORDS), model)
        with open(command_line.FILE, encoding="utf-8") as file:
            facts = json.load(file)
        self.assertIn("create-channel", command_line.CommandLine(model, words).operations)
        for wrong in ({"name": "--name", "words": "Takes nothing, where --name of a channel takes a text."},
                      {"name": "--x", "words": "Nobody knows how.", "takes": "X", "complete": "guess"},
                      {"name": "--x", "words": "Nobody knows where.", "where": "somewhere"},
                      {"name": "--x", "words": "Caf\u00e9."}):
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file, \
                 unittest.mock.patch.object(command_line, "FILE", file.name):
                json.dump({**facts, "options": facts["options"] + [wrong]}, file)
                file.flush()
                with self.assertRaises(ModelError, msg=wrong["name"]):
                    command_line.CommandLine(model, words)

    def test_a_name_that_is_part_of_another_lies_in_it(self):
        pieces, starts = c_tables.member_names(Model(MODEL))
        whole = "".join(pieces)
        for name, at in starts.items():
            self.assertEqual(whole[at:at + len(name)], name)
        self.assertIn("arns", pieces)
        self.assertNotIn("arn", pieces)
        self.assertEqual([p for p in pieces if any(p in other for other in pieces if other != p)], [])

    def test_names_as_an_array(self):
        self.assertEqual(c_tables.literal("a", ["arn", "s3"], False), ["const char a[] =", '  "arn"', '  "s3";'])
        self.assertEqual(c_tables.literal("a", ["arn", "s3"], True),
                         ["const char a[] =", '  "\\003" "arn"', '  "\\002" "s3";'])
        c_tables.literal("a", ["x" * c_tables.LITERAL_MAX], False)
        with self.assertRaisesRegex(ModelError, "4095"):
            c_tables.literal("a", ["x" * c_tables.LITERAL_MAX], True)


if __name__ == "__main__":
    unittest.main()
