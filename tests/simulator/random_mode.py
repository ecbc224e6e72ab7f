"""Random mode: valid requests are answered by chance, and what a client has to make of it is kept.

Answers follow from the seed, their number and the operation alone.
"""

import random
import secrets
from collections import OrderedDict

from .random_values import Values
from .spelling import Speller, canonical
from .wire import Reply

KEPT = 200  # expected values


class RandomMode:
    def __init__(self, model):
        self._model = model
        self.seed = None  # None: the mode is off
        self._count = 0
        self._answers = OrderedDict()  # number -> (request id, operation, expected value)

    def switch(self, on, seed=None):
        """On begins anew, with answer number 1."""
        self.seed = (secrets.randbelow(1 << 32) if seed is None else seed) if on else None
        self._count = 0
        self._answers.clear()

    def reply(self, operation, request_id):
        """The next answer."""
        self._count += 1
        rng = random.Random(f"{self.seed} {self._count} {operation}")
        facts = self._model.operations[operation]
        expected, reply = {}, Reply(facts["success"])
        if facts["output"] is not None:
            expected, wire = Values(self._model, rng).answer(facts["output"])
            reply = Reply.of_text(facts["success"], Speller(rng).text(wire))
            if rng.random() < 0.5:
                reply.chunks = random_chunks(rng, len(reply.body))
        self._keep(request_id, operation, expected)
        return reply

    def _keep(self, request_id, operation, expected):
        self._answers[self._count] = (request_id, operation, canonical(expected))
        if len(self._answers) > KEPT:
            self._answers.popitem(last=False)

    def expected(self, request_id=None, number=None):
        """(number, operation, canonical JSON) of a kept answer, the last by default; or None."""
        for n, (its_id, operation, text) in reversed(self._answers.items()):
            if request_id in (None, its_id) and number in (None, n):
                return n, operation, text
        return None


def random_chunks(rng, size):
    """How to cut a body up: (size, size line) of each chunk; many small ones, or a few."""
    chunks = []
    typical = rng.choice((3, 50, 1000, max(size, 1)))
    while size > 0:
        count = size if len(chunks) == 300 else rng.randint(1, min(size, typical))
        line = rng.choice(("%x", "%X", "%x", "000%x", "%x;a=b", '%x;q="x y"')) % count
        chunks.append((count, line))
        size -= count
    return chunks
