"""scripts/analyse holds findings against what is known: a new one fails, and so does a reason that nothing needs any more."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(TOP / "scripts"))

from analysers import findings  # noqa: E402  (the path has to be set first)

SOURCE = "int f(int *p) {\n  return *p;\n}\n"
KNOWN = "# p is never NULL\ntidy some-check x.c: return *p;\n"


def misra(rule, name, line=1):
    return findings.Finding("cppcheck", "misra-c2012-" + rule, "core/src/" + name, line, "misra violation", "")


class Findings(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = pathlib.Path(folder.name).resolve()
        (self.top / "x.c").write_text(SOURCE)

    def parse(self, output):
        return findings.parse("tidy", output, self.top)

    def test_lines_of_each_tool(self):
        said = ("%s/x.c:2:10: warning: dereference of NULL ‘p’ [CWE-476] [-Wanalyzer-null-dereference]\n"
                "  note: nothing\nx.c:2:3: error: no [clang-diagnostic-error]\nx.c:1:5: warning: a [b] [c-d]\n" % self.top)
        self.assertEqual([(f.file, f.line, f.check) for f in self.parse(said)],
                         [("x.c", 1, "c-d"), ("x.c", 2, "analyzer-null-dereference"), ("x.c", 2, "clang-diagnostic-error")])

    def test_once_and_ours_only(self):
        line = "x.c:2:3: warning: a [b]\n"
        self.assertEqual(len(self.parse(line + line + "/usr/include/stdio.h:2:3: warning: a [b]\n")), 1)

    def test_a_run_that_broke_off(self):
        """A tool that crashes, or fails without a finding, is not one that finds nothing."""
        def run(code, said):
            return subprocess.CompletedProcess(["tool", self.top / "x.c"], code, said)
        fine, bad = run(0, "3 warnings generated.\n"), run(1, "x.c:2:3: error: bad [some-check]\n")
        self.assertEqual([f.check for f in findings.of_runs("tidy", [fine, bad, fine], self.top)], ["some-check"])
        for broken in (run(1, "no such option\n"), run(139, ""), run(-11, bad.stdout)):
            with self.assertRaisesRegex(findings.Broken, r"tool .*/x\.c ended with %d" % broken.returncode):
                findings.of_runs("tidy", [fine, broken], self.top)

    def test_accepted(self):
        found = self.parse("x.c:2:3: warning: bad [some-check]\n")
        self.assertEqual(findings.hold(found, ["tidy"], KNOWN), [])
        self.assertEqual(findings.hold(found, ["tidy"], ""), ["x.c:2: bad [tidy some-check]"])

    def test_accepted_is_of_that_line_and_check(self):
        (self.top / "x.c").write_text("\n\n\n" + SOURCE)
        found = self.parse("x.c:5:3: warning: bad [some-check]\nx.c:5:3: warning: bad [other]\nx.c:4:3: warning: bad [some-check]\n")
        self.assertEqual(len(findings.hold(found, ["tidy"], KNOWN)), 2)

    def test_stale(self):
        self.assertIn("nothing is found any more", findings.hold([], ["tidy"], KNOWN)[0])
        self.assertEqual(findings.hold([], ["gcc"], KNOWN), [])

    def test_without_a_reason(self):
        self.assertIn("no reason", findings.hold([], ["gcc"], KNOWN.split("\n")[1])[0])
        self.assertIn("no reason", findings.hold([], ["gcc"], "# of the first\n\n" + KNOWN.split("\n")[1])[0])
        self.assertIn("neither", findings.hold([], ["gcc"], "what is this")[0])

    def test_the_files_that_there_are(self):
        known, faults = findings.read_accepted((TOP / "scripts/analysers/accepted").read_text())
        self.assertEqual(faults, [])
        for _, _, name, text in known:
            self.assertIn(text, [line.strip() for line in (TOP / name).read_text().splitlines()])
        names = [line[4:] for line in (TOP / "scripts/analysers/wraps").read_text().splitlines() if line.startswith("fun:")]
        sources = "".join(p.read_text() for part in ("core/src", "platform") for p in (TOP / part).rglob("*.c"))
        self.assertGreater(len(names), 5)
        for name in names:
            self.assertRegex(sources, r"(?m)^[a-z].*\b%s\(" % name)


class Rules(unittest.TestCase):
    TABLE = "| Rule | Where | Why |\n|---|---|---|\n| 15.5 | all | early |\n| 10.1 | a.c, `b.h` | flags |\n"

    def setUp(self):
        self.all = [misra("15.5", "%d.c" % i) for i in range(findings.MANY)]
        self.two = [misra("10.1", "a.c"), misra("10.1", "b.h", 4), misra("10.1", "a.c", 9)]

    def faults(self, found, table=TABLE):
        return findings.hold_rules(found, table)

    def test_as_the_table_says(self):
        self.assertEqual(self.faults(self.all + self.two), [])

    def test_new_rule(self):
        self.assertIn("11.3 lacks a.c", self.faults([*self.all, *self.two, misra("11.3", "a.c")])[0])

    def test_new_file(self):
        self.assertIn("10.1 lacks c.c", self.faults([*self.all, *self.two, misra("10.1", "c.c")])[0])

    def test_file_gone(self):
        self.assertEqual(self.faults(self.all + self.two[:1]), ["MISRA.md: 10.1 is not found any more in: b.h"])

    def test_rule_gone(self):
        self.assertEqual(self.faults(self.two), ["MISRA.md: 15.5 is not found any more in: all"])

    def test_no_longer_everywhere(self):
        self.assertIn("name them: 0.c", self.faults(self.all[:1] + self.two)[0])

    def test_two_rows(self):
        self.assertEqual(self.faults(self.all + self.two, self.TABLE + "| 15.5 | all | again |\n"), ["MISRA.md: 15.5 has two rows"])


class Command(unittest.TestCase):
    def test_names(self):
        said = subprocess.run([TOP / "scripts/analyse", "build", "nonsense"], capture_output=True, text=True, timeout=60)
        self.assertEqual((said.returncode, said.stdout.split("\n")[2]), (2, "usage: scripts/analyse BUILD [NAME...]"))


if __name__ == "__main__":
    unittest.main()
