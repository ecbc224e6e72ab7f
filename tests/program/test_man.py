"""The manual page ivs(1): it formats without a warning, and says of the program what is so."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = pathlib.Path(os.environ.get("IVS_BUILD", TOP / "build")) / "ivs"
PAGE = TOP / "lua/man/ivs.1"
MODEL = json.loads((TOP / "core/model/ivs-2020-07-14.json").read_text())
LINE = json.loads((TOP / "scripts/generator/command_line.json").read_text())

# Prints the options as a module of the program knows them: of every operation, or of a verb.
OPTIONS = """
local options = {}
for i, option in ipairs(require "ivs.cli.%s".options) do
  options[i] = { name = option.name, takes = option.takes, choices = option.choices }
end
print(require "ivs".json.encode(options))
"""

# In a shell: the channel's ARN out of the answer of create-channel.
FIND_ARN = r"""$(grep -o 'arn:[^"]*:channel/[^"]*' made | head -n 1)"""


def run(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, check=False,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})


def rendered(columns):
    done = run("groff", "-man", "-ww", "-Tutf8", "-rLL=%dn" % columns, "-P-cbou", PAGE)
    assert (done.returncode, done.stderr) == (0, ""), done
    # The hyphen and the quotes that a terminal shows, as they are typed.
    return done.stdout.translate({0x2010: "-", 0x2212: "-", 0x2019: "'"})


def sections(text):
    """Name -> text of the parts that .SH begins."""
    parts = re.split(r"^([A-Z][A-Z ]+)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def kebab(name):
    return re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name).lower()


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = rendered(300)
        cls.parts = sections(cls.text)

    def test_no_warning_at_any_usual_width(self):
        for columns in (60, 72, 80, 100, 132):
            text = rendered(columns)
            self.assertTrue(all(len(line) <= columns + 20 for line in text.split("\n")))

    def test_its_parts_in_the_usual_order(self):
        self.assertEqual(list(self.parts), ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "VERBS", "OPTIONS", "VALUES", "OPERATIONS",
                                            "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO"])
        self.assertRegex(self.parts["NAME"], r"^\s+ivs - \S")

    def test_every_operation_with_its_options(self):
        found, name = {}, None
        for line in self.parts["OPERATIONS"].split("\n"):
            heading = re.fullmatch(r"   (\S+)", line)
            options = re.fullmatch(r" {7}(--\S+)(?: (.*))?", line)
            if heading:
                name = heading.group(1)
                found[name] = {}
            elif options:
                found[name][options.group(1)] = options.group(2) or ""
        paging = {o["name"] for o in LINE["options"] if o.get("where") == "pages"}
        self.assertEqual(list(found), [kebab(op) for op in sorted(MODEL["operations"])])
        for name, op in MODEL["operations"].items():
            members = MODEL["shapes"][op["input"]]["members"]
            extra = {o["name"] for o in LINE["options"] if o.get("where") == kebab(name)}
            self.assertEqual(set(found[kebab(name)]) - paging, {"--" + kebab(member) for member in members} | extra, name)
            for member, use in members.items():
                facts, takes = MODEL["shapes"][use["shape"]], found[kebab(name)]["--" + kebab(member)]
                if "enum" in facts:
                    self.assertEqual(takes, "|".join(facts["enum"]))
                if facts["type"] == "boolean":
                    self.assertEqual(takes, "| --no-" + kebab(member))

    def test_required_members_are_called_that(self):
        required = sum(len(MODEL["shapes"][op["input"]]["required"]) for op in MODEL["operations"].values())
        self.assertEqual(len(re.findall(r"^ +Required\. ", self.parts["OPERATIONS"], re.M)), required)


class Truth(unittest.TestCase):
    """The page, and with it completion, against the program."""

    def test_general_options(self):
        """The program's own table, in both directions."""
        table = json.loads(run(PROGRAM, "-e", OPTIONS % "globals").stdout)
        documented = {o["name"]: o for o in LINE["options"] if not o.get("where")}
        (mentioned,) = re.findall(r"Of the AWS CLI\n((?: {7}.*\n)+)", sections(rendered(300))["OPTIONS"])
        mentioned = set(re.findall(r"--[a-z-]+", mentioned))
        commands = {command["name"] for command in LINE["commands"]}
        self.assertEqual(documented.keys() | mentioned | {"--version"}, {option["name"] for option in table})
        self.assertEqual(documented.keys() & (mentioned | commands), set())
        for option in table:
            ours = documented.get(option["name"])
            if ours:
                self.assertEqual("takes" in ours, option["takes"] != "none", option["name"])
                self.assertEqual(ours["values"] if "choices" in option else None, option.get("choices"), option["name"])

    def test_options_behind_an_operation(self):
        """Each is known to the program; an unknown one is told apart."""
        operation = {"operation": "get-channel", "pages": "list-channels"}
        for option in LINE["options"]:
            if option.get("where"):
                done = run(PROGRAM, operation.get(option["where"], option["where"]), option["name"], *(["1"] if "takes" in option else []))
                self.assertNotIn("Unknown options", done.stderr, option["name"])
        for name, where in (("--max-item-s", "list-channels"), ("--max-items", "get-channel")):
            done = run(PROGRAM, where, *(["--arn", "a"] if where == "get-channel" else []), name, "1")
            self.assertIn("Unknown options: " + name, done.stderr)

    def test_commands(self):
        usage = re.findall(r"^(?:usage:|      ) ivs (\S+)", run(PROGRAM, "help").stdout, re.M)
        self.assertEqual({word for word in usage if re.match(r"-{0,2}[a-z]", word)}, {command["name"] for command in LINE["commands"]})

    def test_options_of_verbs(self):
        """What the program takes, what help lists and what the page lists are the same, values and opposites included."""
        page = sections(rendered(300))["VERBS"]
        texts = dict(zip(*[iter(re.split(r"^   ([a-z-]+) .*\n", page, flags=re.M)[1:])] * 2))
        verbs = [command for command in LINE["commands"] if command["complete"] == "verb"]
        self.assertEqual(set(texts), {verb["name"] for verb in verbs})
        for verb in verbs:
            name = verb["name"]
            table = json.loads(run(PROGRAM, "-e", OPTIONS % ("verbs." + name.replace("-", "_"))).stdout)
            known = {option["name"] for option in table}
            told = run(PROGRAM, "help", name).stdout
            self.assertEqual(set(re.findall(r"^  (?:--[a-z-]+ \| )?(--[a-z-]+)", told, re.M))
                             | set(re.findall(r"^  (--[a-z-]+) \| --", told, re.M)), known, name)
            self.assertEqual({option["name"] for option in verb["options"]}, {o for o in known if not o.startswith("--no-")}, name)
            for option in known:
                self.assertRegex(texts[name], r"(?m)^ {7}(--[a-z-]+ \| )?%s( |$)" % option)
            ours = {option["name"]: option for option in verb["options"]}
            for option in table:
                own = ours.get(option["name"])
                if own and "like" not in own:
                    self.assertEqual(("takes" in own, own.get("values")), (option["takes"] != "none", option.get("choices")), option["name"])

    def test_options_of_run(self):
        """What help lists, the program takes and the README tells."""
        options = next(command["options"] for command in LINE["commands"] if command["name"] == "run")
        told = set(re.findall(r"^  (--[a-z-]+)", run(PROGRAM, "help", "run").stdout, re.M))
        self.assertEqual(told, {option["name"] for option in options})
        section = (TOP / "lua/README.md").read_text().split("\n## Scripts from elsewhere\n")[1].split("\n## ")[0]
        self.assertEqual(set(re.findall(r"^\| `(--[a-z-]+)[^|]*` \|", section, re.M)) | {"--sandbox"}, told)
        for option in options:
            for words in ([option["name"], *(["1"] if "takes" in option else [])], [option["name"] + "=1"]):
                done = run(PROGRAM, "run", "--sandbox", *words, "no-such-script.lua")
                right = "takes" in option or "=" not in words[0]
                self.assertEqual(("no-such-script.lua" in done.stderr or "no operation" in done.stderr), right, (words, done.stderr))

    def test_options_of_operations(self):
        """What help lists is what the page lists."""
        for name in ("create-channel", "tag-resource", "list-channels", "list-stream-sessions"):
            told = set(re.findall(r"^  (--[a-z-]+)", run(PROGRAM, name, "help").stdout, re.M))
            op = MODEL["operations"]["".join(word.title() for word in name.split("-"))]
            members = {"--" + kebab(member) for member in MODEL["shapes"][op["input"]]["members"]}
            places = ["operation"] + (["pages"] if "pagination" in op else [])
            self.assertEqual(told, members | {o["name"] for o in LINE["options"] if o.get("where") in places})
        told = set(re.findall(r"^  (--[a-z-]+)", run(PROGRAM, "help").stdout, re.M))
        self.assertEqual(told, {o["name"] for o in LINE["options"] if not o.get("where")})

    def test_examples(self):
        """They run, in one simulator; a channel that is not live takes no metadata."""
        examples = re.findall(r"^ {8,}(ivs .*)", sections(rendered(300))["EXAMPLES"], re.M)
        self.assertEqual(len(examples), 3)
        create, put, each = examples
        self.assertIn("`%s`" % each, (TOP / "lua/README.md").read_text())
        script = "%s >made\n%s\necho $?\n%s" % (create, put.replace("ARN", FIND_ARN), each)
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([TOP / "scripts/ivs-sim", "--quiet", "--run", "sh", "-c", script], cwd=folder, text=True, timeout=60,
                                  capture_output=True, check=False,
                                  env={"PATH": "%s:%s" % (PROGRAM.parent, os.environ["PATH"]), "HOME": folder})
        self.assertEqual((done.returncode, done.stdout), (0, "254\nlobby\n"), done.stderr)
        self.assertIn("An error occurred (ChannelNotBroadcasting)", done.stderr)

    def test_exit_codes(self):
        page = sections(rendered(300))["EXIT STATUS"]
        told = set(re.findall(r"\b\d+\b", " ".join(re.findall(r"^ {7}(\d+(?:, \d+)*)", page, re.M))))
        readme = (TOP / "lua/lib/README.md").read_text().split("## Exit codes")[1].split("\n## ")[0]
        self.assertEqual(told, set(re.findall(r"\b(0|1|1[0-9][0-9]|2[0-9][0-9])\b(?=,| \||: the)", readme)))
        self.assertEqual(told, {code for codes in re.findall(r"^  ((?:\d+, )*\d+): ", run(PROGRAM, "help").stdout, re.M)
                                for code in codes.split(", ")})
        codes = re.findall(r"= (\d+)", (TOP / "lua/lib/ivs/cli/stop.lua").read_text())
        self.assertLessEqual(set(codes), told)

    def test_environment(self):
        told = set(re.findall(r"\bAWS_\w+", sections(rendered(300))["ENVIRONMENT"]))
        read = set()
        for source in list((TOP / "platform/posix").glob("**/*.c")) + list((TOP / "lua/lib").glob("**/*.lua")):
            read |= set(re.findall(r'"(AWS_[A-Z0-9_]+)"', source.read_text()))
        self.assertEqual(told, read)


if __name__ == "__main__":
    unittest.main()
