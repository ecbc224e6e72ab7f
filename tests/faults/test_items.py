"""A thousand metadata items through a service that fails at random: test_items.py ITEMS DRIVER

What the queue's counters say is held against what the service took and what its faults did: every
item is accounted for, in order. IVS_SEED repeats a run.
"""

import json
import os
import random
import subprocess
import sys
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from rig import ENVIRONMENT, Rig

ITEMS = 1000
LIMIT = 100
seed = int(os.environ.get("IVS_SEED", random.SystemRandom().randrange(1 << 32)))
program = driver = None
runs = {}

# The service said no, and the queue knows that nothing was shown.
NOT_SHOWN = ["unavailable", "internal-error", "throttled",
             {"fault": "status", "status": 403, "code": "ExpiredTokenException"}]
# No answer: the queue cannot know.
LOST = ["reset-before-work", "close-before-answer", "truncate-in-head", "reset-before-answer",
        {"fault": "unavailable", "code": "", "body": "bad gateway", "carriedOut": True},
        {"fault": "stall-before-answer", "seconds": 1}]
# Odd, but an answer.
TAKEN = ["drip", "chunked", "close-delimited", "connection-close", "interim", "close-when-idle"]
# No connection.
UNCONNECTED = ["reset-connect", "close-handshake", "tls-unknown-ca", "tls-alert"]
LOSING = {fault if isinstance(fault, str) else fault["fault"] for fault in LOST}


# What each run is: rate of faults, which, and the words for the program.
REFUSAL = {"fault": "status", "status": 400, "code": "ValidationException"}
RUNS = {
    "repeated when lost": (0.25, NOT_SHOWN + LOST + TAKEN + UNCONNECTED, "payload=150"),
    "one by one": (0.1, NOT_SHOWN + LOST + TAKEN, "separate=1"),
    "at most once": (0.25, NOT_SHOWN + LOST + TAKEN + UNCONNECTED, "payload=150 at_most_once=1"),
    "refused": (0.2, [REFUSAL, *NOT_SHOWN, *TAKEN], "payload=150"),
    "keys and age": (0.4, NOT_SHOWN + TAKEN, "payload=150 keys=30 ttl=40"),
}


class Run:
    """One run of the program, and what the service saw of it."""

    def __init__(self, number, rate, faults, words):
        rig = Rig(driver)
        try:
            arn = rig.begin()
            rig.simulator.control("fault", {"seed": seed + number, "rate": rate, "faults": faults})
            environment = {**ENVIRONMENT, **rig.simulator.environment,
                           "IVS_SEED": str(seed + number)}
            done = subprocess.run([program, arn, f"items={ITEMS}", *words.split()], text=True,
                                  capture_output=True, check=False, timeout=LIMIT, env=environment)
            self.error = done.stderr
            self.told = json.loads((done.stdout.splitlines() or ["{}"])[-1])
            self.faults = rig.simulator.control("faults")
            rig.simulator.control("fault", {"clear": True})
            shown = rig.simulator.control("metadata")["metadata"]
        finally:
            rig.stop()
        self.payloads = [json.loads(entry["metadata"]) for entry in shown]
        self.numbers = [item["n"] for payload in self.payloads
                        for item in (payload if isinstance(payload, list) else [payload])]
        self.met = sum(self.faults["done"].values())

    def lost_but_taken(self):
        """Payloads that the service took although the queue was not told: by the faults' log."""
        return sum(entry["carriedOut"] and entry["fault"] in LOSING
                   for entry in self.faults["log"])


def setUpModule():
    """All runs at the same time, each with a simulator of its own: they mostly wait."""
    with ThreadPoolExecutor(len(RUNS)) as pool:
        for number, (name, what) in enumerate(RUNS.items()):
            runs[name] = pool.submit(Run, number, *what)
    for name, future in runs.items():
        runs[name] = future.result()
        print(f"{name}: {runs[name].met} faults; {json.dumps(runs[name].told)}", flush=True)


class Items(unittest.TestCase):
    def accounted(self, name):
        run = runs[name]
        t = run.told
        self.assertEqual((run.error, t.get("pushed"), t.get("pending")), ("", ITEMS, 0))
        self.assertEqual(sum(t[fate] for fate in ("sent", "replaced", "expired", "refused",
                                                  "dropped", "unsure")), ITEMS)
        self.assertGreater(run.met, 4)
        self.assertEqual(len(run.payloads), t["payloads"] + run.lost_but_taken())
        first = list(dict.fromkeys(run.numbers))
        self.assertEqual(first, sorted(first), "one overtook another")
        return run

    def each_once(self, run):
        self.assertEqual(len(run.numbers), len(set(run.numbers)), "something was shown twice")

    def test_repeated_when_lost(self):
        run = self.accounted("repeated when lost")
        self.assertEqual(run.told["sent"], ITEMS)
        self.assertEqual(set(run.numbers), set(range(ITEMS)))
        self.assertGreater(run.told["coalesced"], ITEMS // 2)
        self.assertEqual(len(run.numbers) > ITEMS, run.lost_but_taken() > 0)

    def test_one_by_one(self):
        run = self.accounted("one by one")
        self.assertEqual((run.told["sent"], run.told["payloads"]), (ITEMS, ITEMS))
        shown = Counter(run.numbers)
        self.assertEqual(set(shown), set(range(ITEMS)))
        self.assertEqual(sum(shown.values()) - ITEMS, run.lost_but_taken())

    def test_at_most_once(self):
        run = self.accounted("at most once")
        self.each_once(run)
        self.assertEqual(run.told["sent"] + run.told["unsure"], ITEMS)
        self.assertGreater(run.told["unsure"], 0)
        self.assertGreaterEqual(len(run.numbers), run.told["sent"])

    def test_refused(self):
        run = self.accounted("refused")
        self.each_once(run)
        self.assertEqual(run.told["sent"] + run.told["refused"], ITEMS)
        self.assertGreater(run.told["refused"], 0)
        self.assertEqual(len(run.numbers), run.told["sent"])

    def test_keys_and_age(self):
        run = self.accounted("keys and age")
        self.each_once(run)
        self.assertGreater(run.told["replaced"], 0)
        self.assertEqual(run.told["unsure"] + run.told["refused"] + run.told["dropped"], 0)
        self.assertEqual(len(run.numbers), run.told["sent"])


if __name__ == "__main__":
    driver = sys.argv.pop()
    program = sys.argv.pop()
    print(f"seed: IVS_SEED={seed}", flush=True)
    unittest.main()
