"""What must hold whatever was measured before. This is the only place that says it."""

from .core import WORKSPACE
from .record import Table

KB, MB = 1024, 1_000_000

# What, where its figure stands (table, row, column), the bound, and what is aimed at.
BOUNDS = [
    ("core with all operations, flash on a Cortex-M4", ("Core by file", "sum", "Cortex-M4"), 24 * KB, 20 * KB),
    ("deepest call of the core, stack", ("Stack", "the deepest of these", "bytes"), 1536, 1 * KB),
    ("largest stack frame of the core", ("Stack", "the largest frame of all functions", "bytes"), 512, None),
    ("client, RAM", ("What a program holds", "ivs_client", "bytes"), 1 * KB, None),
    ("credentials, RAM", ("What a program holds", "ivs_creds", "bytes"), 2560, None),
    (WORKSPACE, ("What a program holds", WORKSPACE, "bytes"), 4 * KB, None),
    ("image for lm3s6965evb, flash", ("Firmware images: flash", "sum", "lm3s6965evb"), 256 * KB, None),
    ("image for lm3s6965evb, RAM", ("Firmware images: RAM", "sum", "lm3s6965evb"), 64 * KB, None),
    ("TLS pool with a chain of four RSA certificates",
     ("Firmware at work", "TLS pool with a chain of four RSA certificates", "lm3s6965evb"), 32 * KB, None),
    ("static program for armhf", ("Linux", "ivs for armhf", "bytes"), 1.5 * MB, 1 * MB),
]


def table(tables):
    """The figures of these tables that have a bound."""
    by_title = {table.title: table for table in tables}
    found = Table("Bounds", "Over its bound a figure is a failure whatever it was before; the goal is where it is to get.",
                  ["bytes", "bound", "goal"], "what")
    for what, (title, row, column), bound, goal in BOUNDS:
        source = by_title[title]
        if source.get(row, column) is None:
            found.waiting.append(what)
            continue
        found.add(what, "bytes", source.get(row, column), source.tools[row, column])
        found.add(what, "bound", int(bound))
        if goal:
            found.add(what, "goal", int(goal))
    return found


def broken(bounds):
    return [f"{what}: {of['bytes']}, over its bound of {of['bound']}" for what, of in bounds.rows.items()
            if of["bytes"] > of["bound"]]
