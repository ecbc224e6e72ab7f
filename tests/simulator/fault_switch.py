"""Which fault meets the next connection or request: those that were set, in order, or chance."""

import random
import threading
from collections import Counter, deque
from dataclasses import dataclass
from typing import Optional

from .faults import CONNECTION, REQUEST, Kind

KEPT = 2000  # entries of the log


@dataclass
class Order:
    """A fault that was set."""

    kind: Kind
    arguments: dict
    given: dict  # the parameters as they came
    times: Optional[int] = 1  # how often it will be used; None: until cleared
    skip: int = 0  # how many it lets pass first
    operation: Optional[str] = None  # it meets only requests for this one

    def fits(self, meets, operation):
        return self.kind.meets == meets and self.operation in (None, operation)

    def describe(self):
        return {"fault": self.kind.name, **self.given, "times": self.times, "skip": self.skip,
                "operation": self.operation}


class Chance:
    """Every connection and every request meets one of the faults for it with this probability.

    What befalls the nth of either follows from the seed, n and the list alone.
    """

    def __init__(self, seed, rate, orders):
        self.seed = seed
        self.rate = rate
        self._orders = {meets: [o for o in orders if o.kind.meets == meets]
                        for meets in (CONNECTION, REQUEST)}
        self._met = Counter()

    def draw(self, meets):
        """(Order, generator for the details), or (None, None)."""
        self._met[meets] += 1
        rng = random.Random(f"{self.seed} {meets} {self._met[meets]}")
        if not self._orders[meets] or rng.random() >= self.rate:
            return None, None
        return rng.choice(self._orders[meets]), rng

    def describe(self):
        return {"seed": self.seed, "rate": self.rate,
                "faults": [{"fault": o.kind.name, **o.given}
                           for orders in self._orders.values() for o in orders]}


class Trouble:
    """A fault that has met somebody."""

    def __init__(self, order, rng, entry):
        self._order = order
        self.name = order.kind.name
        self.rng = rng  # None unless it came by chance
        self._entry = entry

    def steps(self, subject):
        return self._order.kind.function(subject, **self._order.arguments)

    def carried_out(self):
        """The request was carried out all the same."""
        self._entry["carriedOut"] = True


class Switch:
    def __init__(self):
        self._lock = threading.Lock()
        self._cleared = threading.Event()
        self._clear()

    def add(self, order):
        with self._lock:
            self._orders.append(order)

    def leave_to_chance(self, chance):
        with self._lock:
            self._chance = chance

    def clear(self):
        """Nothing is set any more, the log is empty, and whoever pauses goes on at once."""
        with self._lock:
            self._clear()

    def pause(self, seconds):
        self._cleared.wait(seconds)

    def meet(self, meets, connection, operation="", request=None):
        """The Trouble that this connection or request runs into, or None."""
        with self._lock:
            order, rng = self._chance.draw(meets) if self._chance else (None, None)
            first = next((o for o in self._orders if o.fits(meets, operation)), None)
            if first is not None:
                order, rng = self._use(first), None
            if order is None:
                return None
            entry = {"number": request, "connection": connection, "operation": operation,
                     "fault": order.kind.name, "carriedOut": False}
            self._log.append(entry)
            self._done[order.kind.name] += 1
            return Trouble(order, rng, entry)

    def describe(self):
        """What is set."""
        with self._lock:
            return {"set": [order.describe() for order in self._orders],
                    "chance": self._chance.describe() if self._chance else None}

    def history(self):
        """What was done: how often each fault, and the last of them one by one."""
        with self._lock:
            return {"done": dict(sorted(self._done.items())), "log": [dict(e) for e in self._log]}

    def _use(self, order):
        if order.skip:
            order.skip -= 1
            return None
        if order.times is not None:
            order.times -= 1
            if order.times == 0:
                self._orders.remove(order)
        return order

    def _clear(self):
        self._cleared.set()
        self._cleared = threading.Event()
        self._orders = []
        self._chance = None
        self._log = deque(maxlen=KEPT)
        self._done = Counter()
