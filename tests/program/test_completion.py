"""Completion for bash and zsh, asked as the shells ask: what they offer at the end of a line."""

import json
import os
import pathlib
import pty
import re
import select
import subprocess
import tempfile
import time
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BASH = TOP / "lua/completion/ivs.bash"
ZSH = TOP / "lua/completion"
ZSH_DRIVER = TOP / "tests/program/complete.zsh"
MODEL = json.loads((TOP / "core/model/ivs-2020-07-14.json").read_text())
LINE = json.loads((TOP / "scripts/generator/command_line.json").read_text())
GENERAL, COMMON, PAGING = ({option["name"] for option in LINE["options"] if option.get("where", "") == where}
                           for where in ("", "operation", "pages"))
COMMANDS = {command["name"] for command in LINE["commands"]}
VERBS = {name for name in COMMANDS if not name.startswith("-")}
OWN = {command["name"]: {o["name"] for o in command["options"]} for command in LINE["commands"] if command["complete"] == "verb"}
RUN = next({option["name"] for option in command["options"]} for command in LINE["commands"] if command["name"] == "run")
DEADLINE = 60  # s


def kebab(name):
    return re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name).lower()


OPERATIONS = {kebab(name): op for name, op in MODEL["operations"].items()}


def shape(name):
    return MODEL["shapes"][name]


def options(op, name):
    """All options below an operation: what the model says, by our own reading of it, and what goes with any."""
    found = set()
    for member, use in shape(op["input"])["members"].items():
        found.add("--" + kebab(member))
        if shape(use["shape"])["type"] == "boolean":
            found.add("--no-" + kebab(member))
    extra = {option["name"] for option in LINE["options"] if option.get("where") == name}
    return found | extra | GENERAL | COMMON | (PAGING if "pagination" in op else set())


def environment(folder):
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "dumb", "LC_ALL": "C.UTF-8"}


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        for name in ("one.lua", "two.lua", "roots.pem", "cue.json"):
            (cls.folder / name).write_text("")
        (cls.folder / "scripts").mkdir()
        (cls.folder / "scripts/deep.lua").write_text("")


class Bash(Completion):
    def words(self, line):
        """A line as bash splits it: at blanks, and at : and =, which are words of their own."""
        out = []
        for word in line.split(" "):
            out += [part for part in re.split(r"([:=]+)", word) if part] or [""]
        return out

    def offered(self, *lines, breaks=None):
        """What is offered for each line, as lists."""
        script = ["source %s" % BASH]
        if breaks is not None:
            script.append("COMP_WORDBREAKS='%s'" % breaks)
        for line in lines:
            words = self.words(line) if breaks is None else line.split(" ")
            array = " ".join("'%s'" % word for word in words)
            script.append("COMP_WORDS=(%s) COMP_CWORD=%d; _ivs ivs" % (array, len(words) - 1))
            script.append("printf '%s\\n' \"${COMPREPLY[@]}\" =end=")
        done = subprocess.run(["bash", "--norc", "-uc", "\n".join(script)], cwd=self.folder, env=environment(self.folder),
                              capture_output=True, text=True, timeout=DEADLINE, check=False)
        self.assertEqual(done.stderr, "")
        answers = done.stdout.split("=end=\n")
        self.assertEqual(answers.pop(), "")
        return [[word for word in answer.split("\n") if word] for answer in answers]

    def check(self, line, *expected, breaks=None):
        (got,) = self.offered(line, breaks=breaks)
        self.assertEqual(sorted(got), sorted(expected), line)

    def test_first_word(self):
        self.check("ivs ", *OPERATIONS, *VERBS)
        self.check("ivs ivs ", *OPERATIONS, *VERBS)
        self.check("ivs get-str", "get-stream", "get-stream-key", "get-stream-session")
        self.check("ivs ru", "run")
        self.check("ivs -", *GENERAL, "-e", "--version")
        self.check("ivs --reg", "--region")
        self.check("ivs nothing-li")
        self.check("ivs scripts/", "scripts/deep.lua")

    def test_options_of_every_operation(self):
        """All, and no others; in any place."""
        for before in ("ivs %s -", "ivs --debug %s --", "ivs --region eu-west-1 %s --", "ivs --region=eu-west-1 %s --"):
            answers = self.offered(*[before % name for name in OPERATIONS])
            for (name, op), got in zip(OPERATIONS.items(), answers):
                self.assertEqual(sorted(got), sorted(options(op, name)), before % name)

    def test_options_of_verbs(self):
        for name, own in OWN.items():
            opposites = {"--no-" + o[2:] for o in own if o in ("--authorized", "--insecure-ingest")}
            for start in ("-", "--"):
                self.check("ivs %s lobby %s" % (name, start), *own, *opposites, *GENERAL)
            self.check("ivs %s h" % name, "help")
        self.check("ivs help ki", "kick")
        self.check("ivs go-live lobby --protocol s", "srt")
        self.check("ivs go-live lobby --log r", "roots.pem")
        self.check("ivs go-live lobby -- ro", "roots.pem")
        self.check("ivs watch lobby --until ", "LIVE", "OFFLINE")

    def test_booleans(self):
        self.check("ivs create-channel --auth", "--authorized")
        self.check("ivs create-channel --no-", "--no-authorized", "--no-insecure-ingest",
                   *(option for option in GENERAL if option.startswith("--no-")))
        self.check("ivs create-channel --authorized --la", "--latency-mode")

    def test_every_enumeration(self):
        lines, expected = [], []
        for name, op in OPERATIONS.items():
            for member, use in shape(op["input"])["members"].items():
                if "enum" in shape(use["shape"]):
                    lines += ["ivs %s --%s " % (name, kebab(member)), "ivs %s --name a --%s=" % (name, kebab(member))]
                    expected += [sorted(shape(use["shape"])["enum"])] * 2
        self.assertEqual([sorted(got) for got in self.offered(*lines)], expected)
        self.assertGreaterEqual(len(lines), 16)

    def test_values(self):
        self.check("ivs create-channel --latency-mode L", "LOW")
        self.check("ivs create-channel --latency-mode=L", "LOW")
        self.check("ivs create-channel --name ")
        self.check("ivs create-channel --name x --type BASIC --aut", "--authorized")
        self.check("ivs --region eu-w", "eu-west-1")
        self.check("ivs get-channel --arn arn:aws:ivs:eu-west-1:1:channel/a --region=eu-c", "eu-central-1")
        self.check("ivs get-channel --output ", *next(o["values"] for o in LINE["options"] if o["name"] == "--output"))
        self.check("ivs batch-get-channel --arns arn:aws:ivs:a arn:aws:ivs:b --reg", "--region")
        self.check("ivs tag-resource --tags a=b,c=d --res", "--resource-arn")

    def test_files(self):
        self.check("ivs --ca-bundle ", "cue.json", "one.lua", "roots.pem", "scripts", "two.lua")
        self.check("ivs get-channel --ca-bundle r", "roots.pem")
        self.check("ivs get-channel --ca-bundle=r", "roots.pem")
        self.check("ivs put-metadata --metadata file://cu", "//cue.json")
        self.check("ivs put-metadata --metadata file://scr", "//scripts/")
        self.check("ivs put-metadata --metadata=file://cu", "//cue.json")

    def test_requests_in_a_file(self):
        self.check("ivs get-channel --cli-input-json ", "file://")
        self.check("ivs get-channel --cli-input-json fi", "file://")
        self.check("ivs get-channel --cli-input-json=", "file://")
        self.check("ivs get-channel --cli-input-json file://c", "//cue.json")
        self.check("ivs list-channels --generate-cli-skeleton ", "input", "output")

    def test_scripts(self):
        self.check("ivs run ", "one.lua", "scripts", "two.lua")
        self.check("ivs run o", "one.lua")
        self.check("ivs run cue", "cue.json")
        self.check("ivs run one.lua r", "roots.pem")
        self.check("ivs one.lua r", "roots.pem")
        self.check("ivs -e ")
        self.check("ivs -e chunk r", "roots.pem")

    def test_scripts_from_elsewhere(self):
        """Options come before the script; what is behind it is its own."""
        for before in ("ivs run --", "ivs run --sandbox --", "ivs run --sandbox --memory 8 --", "ivs run --sandbox --memory=8 --"):
            self.check(before, *RUN, *GENERAL)
        self.check("ivs run --sandbox --mem", "--memory")
        self.check("ivs run --sandbox --memory ")
        self.check("ivs run --sandbox --log r", "roots.pem")
        self.check("ivs run --sandbox --region eu-w", "eu-west-1")
        self.check("ivs run --sandbox --cpu 5 o", "one.lua")
        self.check("ivs run --sandbox one.lua --")
        self.check("ivs run --sandbox one.lua r", "roots.pem")

    def test_help(self):
        self.check("ivs help ", *OPERATIONS, *COMMANDS)
        self.check("ivs help stop", "stop-stream")
        self.check("ivs help re", "repl")
        self.check("ivs help stop-stream ")
        self.check("ivs get-channel h", "help")
        self.check("ivs get-channel --arn x h")
        self.check("ivs --version ")

    def test_other_word_breaks(self):
        """Where a word is not split, the whole is replaced."""
        self.check("ivs create-channel --latency-mode=L", "--latency-mode=LOW", breaks=" \t\n")
        self.check("ivs put-metadata --metadata file://cu", "file://cue.json", breaks=" \t\n")
        self.check("ivs create-channel --latency-mode L", "LOW", breaks=" \t\n")

    def test_on_a_terminal(self):
        """Typed, with the key Tab."""
        for typed, becomes in (("ivs create-channel --latency-mode L", "LOW "), ("ivs create-channel --latency-mode=L", "LOW "),
                               ("ivs stop", "stop-stream "), ("ivs run scr", "scripts/"), ("ivs get-channel --ca-bundle ro", "roots.pem "),
                               ("ivs put-metadata --metadata file://cu", "cue.json"),
                               ("ivs get-channel --cli-input-json fi", "file://")):
            self.assertEqual(self.type_tab(typed), typed[:len(typed) - self.common(typed, becomes)] + becomes)

    @staticmethod
    def common(typed, becomes):
        """How much of the end of what was typed begins what it becomes."""
        return next(n for n in range(len(becomes), -1, -1) if typed.endswith(becomes[:n]))

    def type_tab(self, typed):
        """The line after Tab, as an interactive bash has it."""
        result = self.folder / ".line"
        result.unlink(missing_ok=True)
        rc = self.folder / ".rc"
        rc.write_text("PS1=ready\nsource %s\nshow() { printf '%%s' \"$READLINE_LINE\" >%s; READLINE_LINE=; }\n"
                      "bind -x '\"\\C-t\": show'\nbind 'set bell-style none'\n" % (BASH, result))
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execvpe("bash", ["bash", "--rcfile", str(rc), "-i"], environment(self.folder))
        try:
            self.read_until(terminal, lambda seen: b"ready" in seen)
            os.write(terminal, typed.encode() + b"\t\x14")
            self.read_until(terminal, lambda seen: result.exists() and result.stat().st_size > 0)
        finally:
            os.close(terminal)
            os.waitpid(pid, 0)
        text = result.read_text()
        result.unlink()
        return text

    def read_until(self, terminal, done):
        seen, until = b"", time.monotonic() + DEADLINE
        while not done(seen):
            self.assertLess(time.monotonic(), until, seen)
            if select.select([terminal], [], [], 0.02)[0]:
                seen += os.read(terminal, 4096)


class Zsh(Completion):
    CASES = {
        "ivs get-chan": {"get-channel"},
        "ivs ": set(OPERATIONS) | VERBS | {"one.lua", "two.lua", "scripts"},
        "ivs help stop": {"stop-stream"},
        "ivs help ki": {"kick"},
        "ivs help re": {"repl"},
        "ivs kick h": {"help"},
        "ivs watch lobby --until O": {"OFFLINE"},
        "ivs go-live lobby --log ro": {"roots.pem"},
        "ivs go-live lobby -- encoder ro": {"roots.pem"},
        "ivs get-channel h": {"help"},
        "ivs ivs get-str": {"get-stream", "get-stream-key", "get-stream-session"},
        "ivs create-channel --latency-mode ": {"NORMAL", "LOW"},
        "ivs --region eu-west-1 create-channel --type=ST": {"--type=STANDARD"},
        "ivs create-channel --auth": {"--authorized"},
        "ivs create-channel --authorized --no-a": set(),
        "ivs create-channel --no-i": {"--no-insecure-ingest"},
        "ivs --region eu-w": {"eu-west-1"},
        "ivs batch-get-channel --arns a b --region us-east": {"us-east-1"},
        "ivs put-metadata --metadata file://cu": {"file://cue.json"},
        "ivs --ca-bundle ro": {"roots.pem"},
        "ivs get-channel --cli-input-json ": {"file://"},
        "ivs get-channel --cli-input-json file://c": {"file://cue.json"},
        "ivs get-channel --generate-cli-skeleton ": {"input", "output"},
        "ivs run ": {"one.lua", "two.lua", "scripts"},
        "ivs run one.lua ro": {"roots.pem"},
        "ivs run one.lua --": set(),
        "ivs run --sandbox --mem": {"--memory"},
        "ivs run --sandbox --log ro": {"roots.pem"},
        "ivs run --sandbox --memory 8 o": {"one.lua"},
        "ivs run --sandbox one.lua ro": {"roots.pem"},
        "ivs -e chunk ro": {"roots.pem"},
        "ivs -": GENERAL | {"-e", "--version"},
    }

    def complete(self, lines):
        done = subprocess.run([ZSH_DRIVER, ZSH, *lines], cwd=self.folder, env=environment(self.folder), capture_output=True,
                              text=True, timeout=DEADLINE, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split("\n")[:-1]

    def matches(self, line, after):
        """The words that replaced the one at the end; none if the line stayed."""
        before, _, last = line.rpartition(" ")
        self.assertTrue(after.startswith(before + " "), after)
        words = after[len(before) + 1:].split()
        return set() if words == [last] else {word.removesuffix("=") if word.startswith("--") else word for word in words}

    def test_cases(self):
        answers = self.complete(self.CASES)
        self.assertEqual(len(answers), len(self.CASES))
        for (line, expected), after in zip(self.CASES.items(), answers):
            self.assertEqual(self.matches(line, after), expected, line)

    def test_options_of_every_operation(self):
        answers = self.complete(["ivs %s --" % name for name in OPERATIONS])
        for (name, op), after in zip(OPERATIONS.items(), answers):
            self.assertEqual(self.matches("ivs %s --" % name, after), options(op, name), name)

    def test_options_of_verbs(self):
        answers = self.complete(["ivs %s lobby --" % name for name in OWN])
        for (name, own), after in zip(OWN.items(), answers):
            opposites = {"--no-" + o[2:] for o in own if o in ("--authorized", "--insecure-ingest")}
            self.assertEqual(self.matches("ivs %s lobby --" % name, after), own | opposites | GENERAL, name)


if __name__ == "__main__":
    unittest.main()
