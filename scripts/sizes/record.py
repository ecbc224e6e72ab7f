"""Figures in tables, the file that keeps them, and the comparison of the two."""

import re

GROWTH = 2  # per cent: what a figure may grow by without the file being written anew, unless its row says otherwise
MADE_WITH = "Made with"


class Table:
    """Figures by row and column. A figure belongs to the tools that it depends on, such as a compiler."""

    def __init__(self, title, text, columns, first="", left_out=None):
        self.title, self.text, self.columns, self.first = title, text, list(columns), first
        self.rows, self.tools, self.notes = {}, {}, []
        self.growth = {}  # by row, where it is not GROWTH
        self.left_out = left_out  # why nothing of it was measured
        self.waiting = []  # rows that were left out

    def add(self, row, column, value, tools=()):
        self.rows.setdefault(row, {})[column] = value
        self.tools[row, column] = tuple(tools)

    def may_grow(self, row):
        return self.growth.get(row, GROWTH)

    def get(self, row, column):
        return self.rows.get(row, {}).get(column)

    def lines(self):
        """As Markdown, with the columns in line for those who read it as text."""
        if self.left_out:
            return [f"Not measured; {self.left_out} does that."]
        cells = [[self.first, *self.columns]]
        cells += [[row, *(str(of.get(column, "-")) for column in self.columns)] for row, of in self.rows.items()]
        widths = [max(3, *(len(line[i]) for line in cells)) for i in range(len(cells[0]))]

        def line(words):
            return "| " + " | ".join(word.ljust(width) if i == 0 else word.rjust(width)
                                     for i, (word, width) in enumerate(zip(words, widths))) + " |"
        rule = "|" + "|".join("-" * (width + 2) if i == 0 else "-" * (width + 1) + ":"
                              for i, width in enumerate(widths)) + "|"
        return [line(cells[0]), rule, *map(line, cells[1:])]


def made_with(versions):
    table = Table(MADE_WITH, "With other versions a figure is not compared, and that is said.", ["version"], "tool")
    for name, version in versions.items():
        table.add(name, "version", version)
    return table


def render(head, tables):
    lines = [head.strip(), ""]
    for table in tables:
        lines += [f"## {table.title}", "", table.text.strip(), "", *table.lines(), ""]
        lines += [line for note in table.notes for line in (note, "")]
    return "\n".join(lines).rstrip("\n") + "\n"


def parse(text):
    """{(title, row, column): cell} of all tables; a cell is a number if it looks like one."""
    found, title, columns = {}, None, None
    for line in text.splitlines():
        if line.startswith("## "):
            title, columns = line[3:].strip(), None
        elif not line.startswith("|"):
            columns = None
        elif columns is None:
            columns = [word.strip() for word in line.strip().strip("|").split("|")][1:]
        elif not re.fullmatch(r"[|:\- ]+", line):
            row, *cells = (word.strip() for word in line.strip().strip("|").split("|"))
            for column, cell in zip(columns, cells):
                if cell != "-":
                    found[title, row, column] = int(cell) if re.fullmatch(r"-?\d+", cell) else cell
    return found


def other_versions(recorded, versions):
    """{tool: (version, that of the file)} of those that are not the same."""
    kept = {row: cell for (title, row, _), cell in recorded.items() if title == MADE_WITH}
    return {name: (version, kept[name]) for name, version in versions.items() if kept.get(name, version) != version}


def figures(tables, without):
    """(table, (title, row, column), value) of all that can be compared without these tools."""
    for table in tables:
        for row, cells in table.rows.items():
            for column, value in cells.items():
                if not set(table.tools[row, column]) & set(without):
                    yield table, (table.title, row, column), value


def is_left_out(tables, title, row):
    return any(table.title == title and (table.left_out or row in table.waiting) for table in tables)


def compare(tables, recorded, versions):
    """(faults, remarks): what must not be, and what is good to know, of measured tables beside the file's cells."""
    faults, smaller = [], 0
    other = other_versions(recorded, versions)
    for table, key, value in figures(tables, other):
        before = recorded.get(key)
        if before is None:
            faults.append(f"{' / '.join(key)}: {value}, and not in the file")
        elif not isinstance(before, int) or value * 100 > before * (100 + table.may_grow(key[1])):
            faults.append(f"{' / '.join(key)}: {before} has become {value}")
        elif value * (100 + table.may_grow(key[1])) < before * 100:
            smaller += 1
    measured = {key for _, key, _ in figures(tables, ())}
    faults += [f"{' / '.join(key)}: in the file, and was not measured" for key in recorded
               if key not in measured and key[0] != MADE_WITH and not is_left_out(tables, *key[:2])]
    remarks = [f"{name} is {now}, the file was made with {then}: its figures are not compared"
               for name, (now, then) in other.items()]
    if smaller:
        remarks.append(f"smaller than in the file by more than they may grow: {smaller}")
    return faults, remarks
