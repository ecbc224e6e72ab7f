"""What scripts/size makes of figures: growth, absence, bounds, other compilers; and the stack that calls add up to."""

import os
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(TOP, "scripts"))

from sizes import bounds, images, record, stack  # noqa: E402  (the path has to be set first)

VERSIONS = {"some-gcc": "12.2.0", "other-gcc": "13.1.0"}


def measured(a=1000, b=50000, c=700):
    """Two tables; c depends on the other compiler."""
    first = record.Table("First", "Bytes.", ["flash", "RAM"], "file")
    first.add("a.c", "flash", a, ["some-gcc"])
    first.add("a.c", "RAM", 0, ["some-gcc"])
    if b is not None:
        first.add("b.c", "flash", b, ["some-gcc"])
    second = record.Table("Second: more", "Bytes.", ["bytes"], "part")
    second.add("c()", "bytes", c, ["other-gcc"])
    return [first, second]


def written(tables, versions=None):
    return record.parse(record.render("# Sizes", [*tables, record.made_with(versions or VERSIONS)]))


class Comparison(unittest.TestCase):
    def setUp(self):
        self.file = written(measured())

    def compare(self, tables, versions=None):
        return record.compare(tables, self.file, versions or VERSIONS)

    def test_the_same(self):
        self.assertEqual(self.compare(measured()), ([], []))

    def test_grown_by_1_percent(self):
        self.assertEqual(self.compare(measured(a=1010, b=50500, c=707)), ([], []))

    def test_grown_by_3_percent(self):
        faults, _ = self.compare(measured(b=51500))
        self.assertEqual(faults, ["First / b.c / flash: 50000 has become 51500"])

    def test_the_limit(self):
        self.assertEqual(self.compare(measured(a=1020))[0], [])
        self.assertEqual(len(self.compare(measured(a=1021))[0]), 1)

    def test_a_row_with_its_own_limit(self):
        tables = measured(a=1050)
        tables[0].growth = {"a.c": 5}
        self.assertEqual(self.compare(tables)[0], [])
        tables[0].add("a.c", "flash", 1051, ["some-gcc"])
        tables[0].add("b.c", "flash", 51500, ["some-gcc"])
        self.assertEqual(self.compare(tables)[0], ["First / a.c / flash: 1000 has become 1051",
                                                   "First / b.c / flash: 50000 has become 51500"])

    def test_instructions_alone_may_grow_by_more(self):
        rows = images.RUN_ROWS
        growths = {rows[name]: images.growth().get(rows[name], record.GROWTH) for name in rows}
        for name, row in rows.items():
            self.assertEqual(growths[row], 10 if name.startswith("instructions") else 2, row)

    def test_something_where_nothing_was(self):
        tables = measured()
        tables[0].add("a.c", "RAM", 1, ["some-gcc"])
        self.assertEqual(self.compare(tables)[0], ["First / a.c / RAM: 0 has become 1"])

    def test_one_is_missing(self):
        faults, _ = self.compare(measured(b=None))
        self.assertEqual(faults, ["First / b.c / flash: in the file, and was not measured"])

    def test_a_table_is_missing(self):
        self.assertEqual(len(self.compare(measured()[:1])[0]), 1)

    def test_one_is_new(self):
        tables = measured()
        tables[1].add("d()", "bytes", 1, ["some-gcc"])
        self.assertEqual(self.compare(tables)[0], ["Second: more / d() / bytes: 1, and not in the file"])

    def test_written_anew(self):
        tables = measured(a=5000, b=None)
        tables[1].add("d()", "bytes", 1, ["some-gcc"])
        self.assertNotEqual(self.compare(tables)[0], [])
        self.file = written(tables)
        self.assertEqual(self.compare(tables), ([], []))

    def test_no_file(self):
        self.file = {}
        self.assertEqual(len(self.compare(measured())[0]), 4)

    def test_smaller(self):
        self.assertEqual(self.compare(measured(a=900)), ([], ["smaller than in the file by more than they may grow: 1"]))

    def test_another_compiler(self):
        faults, remarks = self.compare(measured(c=900), {**VERSIONS, "other-gcc": "14.2.0"})
        self.assertEqual(faults, [])
        self.assertEqual(remarks, ["other-gcc is 14.2.0, the file was made with 13.1.0: its figures are not compared"])
        faults, _ = self.compare(measured(a=2000, c=900), {**VERSIONS, "other-gcc": "14.2.0"})
        self.assertEqual(faults, ["First / a.c / flash: 1000 has become 2000"])

    def test_left_out(self):
        tables = measured()[:1] + [record.Table("Second: more", "Bytes.", [], left_out="make more")]
        self.assertEqual(self.compare(tables), ([], []))
        self.assertIn("Not measured; make more does that.", record.render("# Sizes", tables))

    def test_a_number_that_was_spoilt(self):
        key = ("First", "a.c", "flash")
        self.assertEqual(self.file[key], 1000)
        self.file[key] = "1,000"
        self.assertEqual(len(self.compare(measured())[0]), 1)


class TheFile(unittest.TestCase):
    """boards/SIZES.md as it is: every bound is kept in it."""

    def setUp(self):
        with open(os.path.join(TOP, "boards", "SIZES.md"), encoding="utf-8") as file:
            self.cells = record.parse(file.read())

    def test_bounds(self):
        for what, _, bound, _ in bounds.BOUNDS:
            self.assertEqual(self.cells["Bounds", what, "bound"], bound)
            self.assertLessEqual(self.cells["Bounds", what, "bytes"], bound, what)

    def test_a_bound_is_broken(self):
        table = record.Table("Bounds", "", ["bytes", "bound", "goal"])
        for what, size in (("good", 100), ("bad", 101)):
            table.add(what, "bytes", size)
            table.add(what, "bound", 100)
        self.assertEqual(bounds.broken(table), ["bad: 101, over its bound of 100"])


class Stack(unittest.TestCase):
    def graph(self, frames, calls):
        graph = stack.Graph()
        for name, frame in frames.items():
            graph.add(name, frame)
        for caller, callee in calls:
            graph.call(caller, callee)
        return graph

    def assertDies(self, text, function, *arguments):
        with self.assertRaises(SystemExit) as ended:
            function(*arguments)
        self.assertIn(text, str(ended.exception))

    def test_the_deepest_path(self):
        graph = self.graph({"a": 8, "b": 100, "c": 16, "d": 90}, [("a", "b"), ("a", "c"), ("c", "d"), ("b", "leaf")])
        self.assertDies("the frame of leaf is not known", graph.worst, "a")
        graph.add("leaf", 4)
        self.assertEqual(graph.worst("a"), (114, ("a", "c", "d")))
        self.assertEqual(graph.worst("b"), (104, ("b", "leaf")))

    def test_recursion(self):
        graph = self.graph({"a": 8, "b": 8, "c": 8}, [("a", "b"), ("b", "c"), ("c", "b")])
        self.assertDies("recursion: a -> b -> c -> b", graph.worst, "a")
        self.assertDies("recursion: a -> a", self.graph({"a": 8}, [("a", "a")]).worst, "a")

    def test_a_chain_that_the_program_makes(self):
        graph = self.graph({"ready": 10, "step": 30, "leaf": 5}, [("ready", "step"), ("step", "ready"), ("ready", "leaf")])
        self.assertEqual(graph.worst("ready", {"step"}), (55, ("ready", "step", "ready", "leaf")))
        self.assertEqual(graph.worst("ready", {"step"}, 2)[0], 95)

    def test_what_is_handed_down(self):
        graph = self.graph({"one": 8, "two": 8, "run": 8, "small": 10, "large": 100},
                           [("one", "run"), ("two", "run"), ("run", "small"), ("run", "large")])
        graph.hand_down("pointer", "one", "small")
        graph.hand_down("pointer", "two", "large")
        self.assertEqual([graph.worst(name)[0] for name in ("one", "two", "run")], [26, 116, 8])
        self.assertEqual(graph.worst("run", given=["large"])[0], 108)

    def test_what_a_compiler_says(self):
        source = "int leaf(int *p) { volatile int a[250]; a[*p] = 1; return a[2]; }\n" \
                 "struct port { const struct { int (*odd)(int *); } *fn; };\n" \
                 "static __attribute__((noinline)) int down(int n) { return leaf(&n) + 1; }\n" \
                 "int top(int n) { return down(n) + 1; }\n" \
                 "int through(struct port *port, int *n) { return port->fn->odd(n) + 1; }\n"
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "some.c")
            with open(path, "w", encoding="utf-8") as file:
                file.write(source)
            subprocess.run(["gcc", "-O1", "-fcallgraph-info=su", "-c", path, "-o", path[:-1] + "o"], check=True, timeout=60)
            graph = stack.Graph()
            self.assertDies("what can be called through port->fn->odd?", stack.add_compiled, graph, path[:-1] + "ci")
        for name in ("leaf", "some.c:down"):
            self.assertGreater(graph.frames[name], 0)
        self.assertGreater(graph.worst("top")[0], 800)
        self.assertEqual(graph.worst("top")[1], ("top", "some.c:down", "leaf"))

    def test_a_library_without_source(self):
        graph = stack.Graph()
        stack.add_library(graph, "00000000 <memcpy>:\n   0:\tpush\t{r4, r5, lr}\n   2:\tsub\tsp, #16\n   4:\tbl\t10 <memset>\n"
                                 "00000010 <memset>:\n  10:\tstr.w\tlr, [sp, #-8]!\n  14:\tbne.n\t10 <memset>\n  16:\tbx\tlr\n"
                                 "00000020 <other>:\n  20:\tblx\tr3\n")
        self.assertEqual(graph.frames, {"memcpy": 28, "memset": 8})
        self.assertEqual(graph.worst("memcpy"), (36, ("memcpy", "memset")))
        self.assertDies("not known", stack.add_library, graph, "00000000 <strchr>:\n   0:\tblx\tr3\n")


if __name__ == "__main__":
    unittest.main()
