"""Plays rows of the table on a rig, and says what is not as the table has it."""

import time

from rig import SETTLE, Hung
from table import BEFORE, CLASSES, FRESH

CALL_MS = 10000  # deadline of a call, unless the row has its own
SLACK_MS = 1500  # by which a busy machine may be late
# Seconds until the end of a kept connection has arrived: a reset goes out when all that was sent
# has been acknowledged, for which the other side's TCP takes up to 200 ms.
ARRIVAL = 0.25
OPERATION = {"read": "GetChannel", "create": "CreateChannel", "delete": "DeleteChannel",
             "put": "PutMetadata", "cue": "PutMetadata"}
WORDS = {"read": "read {}", "create": "create {}", "delete": "delete {}", "put": "put {} cue",
         "cue": "put {} cue"}


class Cell:
    """One row, one class, one transport."""

    def __init__(self, rig, row, kind, transport, patience, brief):
        self._rig = rig
        self._row = row
        self._kind = kind
        self._transport = transport
        self._patience = patience  # as SLACK_MS, and for the simulator to settle
        self._brief = brief  # one problem is enough
        self._wanted = row.ends[kind]
        self._deadline = row.options.get("deadline", CALL_MS)
        self._standing = ""  # ARN of the channel that is always there
        self._subject = ""  # ARN, or name of a new one, that the call is about
        self._words = ""  # for the driver
        self._connections = 0
        self.problems = []

    def play(self):
        try:
            self._standing = self._rig.begin()
            self._prepare()
            self._call_and_judge()
        except Hung as hung:
            self.problems.append(str(hung))
        return self.problems

    def _expect(self, what, value, wanted):
        if value != wanted:
            self.problems.append(f"{what} is {value}, not {wanted}")

    def _prepare(self):
        row, rig, kind = self._row, self._rig, self._kind
        self._subject = {"create": rig.name, "delete": rig.make_channel}.get(
            kind, lambda: self._standing)()
        self._words = WORDS[kind].format(self._subject)
        rig.open_client(self._transport, **{"deadline": CALL_MS, **row.options,
                                            **({"cue_once": 1} if kind == "cue" else {})})
        if row.meets == BEFORE:
            self._set_faults()
        if row.meets != FRESH:
            self._expect("the call before", self._call(f"read {self._standing}")["result"], "OK")
        if row.meets == BEFORE:
            time.sleep(ARRIVAL)
        if row.idle:
            rig.call(f"idle {row.idle}", 5)
        rig.simulator.control("counts", method="DELETE")
        if row.skew:
            rig.simulator.control("clock", {"skew": row.skew})
        if row.meets != BEFORE:
            self._set_faults()

    def _set_faults(self):
        for order in self._row.faults:
            self._rig.simulator.control("fault", order)

    def _call(self, words):
        return self._rig.call(words, (self._deadline + self._patience) / 1000)

    def _call_and_judge(self):
        told = [self._call(self._words) for _ in range(self._row.calls)]
        self._judge_told(told[-1])
        if self._brief and self.problems:
            return
        self._judge_service()
        self._rig.simulator.control("fault", {"clear": True})
        self._judge_next()
        self._judge_state(told[-1])

    def _of_transport(self, value):
        if isinstance(value, dict):
            return value["http" if self._transport == "http" else "tls"]
        return value

    def _judge_told(self, told):
        row, wanted = self._row, self._wanted
        result = self._of_transport(wanted.result)
        self._expect("result", told["result"], result)
        self._expect("cause", told["cause"], self._of_transport(wanted.cause) or result)
        if wanted.result == "SERVICE":
            self._expect("code", told["code"], wanted.code)
        if row.kept is not None:
            self._expect("kept", bool(told["kept"]), row.kept)
        if abs(told["offset"] - row.offset) > 2000:
            self.problems.append(f"offset is {told['offset']} ms, not about {row.offset}")
        if told["ms"] < row.least_ms:
            self.problems.append(f"it took {told['ms']} ms, less than {row.least_ms}")
        most = (row.most_ms or self._deadline) + self._patience
        if told["ms"] > most:
            self.problems.append(f"it took {told['ms']} ms, more than {most}")
        self._connections = told["connections"]

    def _seen(self):
        counts = self._rig.counts()
        of = counts["operations"].get(OPERATION[self._kind], {"seen": 0, "carriedOut": 0})
        if self._transport != "http":
            self._connections = counts["connections"]
        return of["seen"], of["carriedOut"]

    def _judge_service(self):
        """What is under way when the call ends, as behind a stall, is still carried out."""
        wanted = (self._wanted.seen, self._wanted.done)
        if self._wanted.result in ("TIMEOUT", "UNSURE"):
            self._rig.simulator.control("fault", {"clear": True})
        seen = self._rig.settled(self._seen, wanted, min(SETTLE, self._patience / 1000))
        self._expect("(seen, carried out)", seen, wanted)
        if self._row.connections is not None:
            self._expect("connections", self._connections, self._row.connections)

    def _judge_next(self):
        before = self._rig.counts()["requests"]
        told = self._call(f"read {self._standing}")
        self._expect("the next call", (told["result"], self._rig.counts()["requests"] - before),
                     ("OK", 1))

    def _judge_state(self, told):
        """Nothing made twice, nothing lost, nothing told that is not so."""
        state = self._rig.simulator.control("state")
        channels = {channel["arn"]: channel.get("name") for channel in state["channels"]}
        own = [arn for arn, name in channels.items() if name == self._subject]
        done = self._wanted.done
        if self._kind == "create":
            self._expect("channels made", len(own), done)
            if told["result"] == "OK" and told["arn"]:
                self._expect("the ARN told", [told["arn"]], own)
        if self._kind == "delete":
            self._expect("the channel is there", self._subject in channels, not done)
        if self._kind in ("put", "cue"):
            self._expect("cues", state["metadataAccepted"], done)
        self._expect("the other channel is there", self._standing in channels, True)


def play(rig, row, transports=None, classes=CLASSES, patience=SLACK_MS, brief=False):
    """Problems, each with the place in the table; yields them as they are found."""
    for transport in transports or row.transports:
        for kind in classes:
            if kind not in row.ends:
                continue
            for problem in Cell(rig, row, kind, transport, patience, brief).play():
                yield f"{row.name}, {kind}, {transport}: {problem}"
