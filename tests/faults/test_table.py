"""The table of faults against the client: test_table.py PATH_OF_THE_DRIVER [--only TEXT]

Every row with every class of operation over TLS 1.2 and 1.3, and over plain HTTP where the fault
concerns what TLS does not; several simulators at a time.
"""

import argparse
import sys
import time

import table
from crew import Crew
from play import play
from rig import ROOT, Rig

sys.path.insert(0, str(ROOT / "tests"))

from simulator.faults import KINDS  # noqa: E402

WORKERS = 4


def check_table():
    """What must hold of the table itself, whatever the client does."""
    for row in table.ROWS:
        for kind, see in row.ends.items():
            where = f"{row.name}, {kind}"
            once = kind in table.ONCE
            assert see.done <= 1 or not once, f"{where}: carried out twice"
            assert see.done >= 1 or see.result != "OK", f"{where}: success of nothing"
            told = see.result in ("OK", "UNSURE", "SPACE")
            assert not once or told or kind == "cue" or not see.done, f"{where}: made, not told"
            assert (see.result == "UNSURE") <= once, f"{where}: unsure"
    used = {order["fault"] for row in table.ROWS for order in row.faults}
    assert used == set(KINDS), f"in the table or the simulator alone: {used ^ set(KINDS)}"


def spoken(rig, transport):
    """The version of TLS that a client over this transport speaks, or nothing."""
    standing = rig.begin()
    rig.open_client(transport)
    rig.call(f"read {standing}", 10)
    return rig.simulator.control("requests")["requests"][-1]["tls"]


class Players(Crew):
    """Workers, each with a simulator and a driver of its own, that play rows."""

    def __init__(self, program, rows):
        super().__init__(WORKERS, rows)
        self._program = program
        self.slowest = []
        self.spoken = {}

    def work(self):
        rig = Rig(self._program)
        try:
            self.spoken = {transport: spoken(rig, transport) for transport in table.ALL}
            for row in self.items():
                start = time.monotonic()
                for problem in play(rig, row):
                    self.say(problem)
                self.slowest.append((time.monotonic() - start, row.name))
        finally:
            rig.stop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("driver")
    parser.add_argument("--only", default="", help="rows with this text in their name")
    options = parser.parse_args()
    check_table()
    rows = [row for row in table.ROWS if options.only in row.name]
    rows.sort(key=lambda row: row.least_ms, reverse=True)  # who waits longest begins
    if not rows:
        parser.error(f"no row has '{options.only}' in its name")
    start = time.monotonic()
    crew = Players(options.driver, rows)
    problems = crew.run()
    print(f"spoken: {crew.spoken}")
    if crew.spoken.get("http") != "" or crew.spoken.get("1.2") != "TLSv1.2":
        problems.append("not the transports that were meant")
    cells = sum(len(row.transports) * len(row.ends) for row in rows)
    seconds, slowest = max(crew.slowest, default=(0, "none"))
    print(f"{len(rows)} rows, {cells} calls under fault, {len(problems)} problems, "
          f"{time.monotonic() - start:.0f} s; slowest: {slowest}, {seconds:.1f} s")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
