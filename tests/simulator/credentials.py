"""The ends that credentials come from: what they share, from a connection to an entry of the log.

Each end answers on a port of its own and counts what it is asked. A control call can make it fail
a number of times. The ends themselves are in credentials_*.py.
"""

import json
import select
import traceback
from collections import Counter
from dataclasses import dataclass
from typing import Optional

from .service import Call
from .sockets import linger, say_goodbye
from .wire import BadRequest, Closed, Reader, Reply

ANSWER_TIMEOUT = 10.0
GARBAGE = b"<<<{ this is no answer"
FAILURES = ("status", "stall", "close", "garbage", "empty")  # of any request
POISONS = ("missing", "expired")  # of answers that hold credentials


class Refusal(Exception):
    """An end's own error; each end has its own spelling for it."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass
class Failure:
    """One order from a control call."""

    how: str
    operations: tuple = ()  # empty: whatever is asked
    times: Optional[int] = 1  # None: until it is taken back
    status: int = 500
    seconds: float = 60.0
    member: str = "secretAccessKey"
    code: str = ""
    size: int = 0
    text: str = ""


class Failures:
    """The orders of one end; the oldest that fits a request goes first."""

    def __init__(self):
        self._orders = []

    def add(self, failure):
        self._orders.append(failure)

    def clear(self):
        self._orders.clear()

    def take(self, operation):
        """The failure that befalls this request, or None."""
        for order in self._orders:
            if order.operations and operation not in order.operations:
                continue
            if order.times is not None:
                order.times -= 1
                if order.times == 0:
                    self._orders.remove(order)
            return order
        return None

    def describe(self):
        return [{"how": o.how, "operations": list(o.operations), "times": o.times}
                for o in self._orders]


class Tally:
    """How often an end was asked, and for what."""

    def __init__(self):
        self.connections = 0
        self.refused = 0
        self.asked = Counter()

    def describe(self):
        return {"connections": self.connections, "requests": sum(self.asked.values()),
                "refused": self.refused, "asked": dict(self.asked)}


@dataclass
class Asked:
    """One request to an end, with all that its answer depends on."""

    request: object
    call: Call
    operation: str
    failure: Optional[Failure]
    secure: object  # the TLS connection, or None

    def how(self):
        return self.failure.how if self.failure else ""


class End:
    """Base of the ends. A subclass says what it is asked and answers that."""

    name = ""
    operations = ()
    issuing = ()  # those of its operations whose answers hold credentials
    failures_known = (*FAILURES, *POISONS)
    context = None  # of TLS; None: plain HTTP

    def __init__(self, host, port):
        self.host = host
        self.service = host.service
        self.settings = host.service.settings
        self.port = host.listen(port, self.name, self.serve)
        self.reset()

    def reset(self):
        self.failures = Failures()
        self.tally = Tally()
        self.reset_rules()

    def reset_rules(self):
        """What control calls can change, back to the start."""

    def change(self, body):
        """A control call's members for this end; raises Wrong."""

    def environment(self):
        """Variables for clients."""
        return {}

    def describe(self):
        """For control calls; nothing secret."""
        return {}

    def operation(self, request):
        """The name of what is asked, or "" for nonsense."""
        raise NotImplementedError

    def answer(self, asked):
        """The Reply. Raises Refusal. Runs under the service's lock."""
        raise NotImplementedError

    def refuse(self, refusal, call):
        """The Reply for a Refusal, in JSON unless the end speaks otherwise."""
        return Reply.of_json(refusal.status, {"code": refusal.code, "message": refusal.message})

    def issue(self, asked, role_arn, session_name, seconds):
        return self.service.issuer.issue(self.name, role_arn, session_name, seconds,
                                         asked.how() == "expired")

    def members(self, asked, issued, names):
        """What was issued in this end's spelling, without the member a failure takes away."""
        return issued.members(names, asked.failure.member if asked.how() == "missing" else "")

    def serve(self, sock):
        with self.service.lock:
            self.tally.connections += 1
        if self.context is None:
            Conversation(self, sock, None).run()
            return
        secure = self._handshake(sock)
        if secure is None:
            return
        with self.host.keep(secure):
            try:
                Conversation(self, secure, secure).run()
            finally:
                say_goodbye(secure)

    def _handshake(self, sock):
        sock.settimeout(ANSWER_TIMEOUT)
        secure = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        try:
            secure.do_handshake()
            return secure
        except OSError as error:
            reason = getattr(error, "reason", "") or str(error) or "the client went away"
            self.service.journal.note(f"{self.name}: TLS handshake failed: {reason}")
            linger(secure)
            secure.close()
            return None


class Conversation:
    """One client's connection to an end: requests in turn until either side leaves."""

    def __init__(self, end, sock, secure):
        self._end = end
        self._service = end.service
        self._socket = sock
        self._secure = secure
        self._number = end.host.next_number()
        self._count = 0

    def run(self):
        reader = Reader(self._socket, self._service.settings.idle_timeout)
        while True:
            call = Call()
            try:
                request = reader.next()
            except Closed:
                return
            except BadRequest as error:
                self._finish(None, call, Refusal(error.status, "BadRequest", error.why))
                return
            if not self._exchange(request, call):
                return

    def _exchange(self, request, call):
        """Answers one request; true while the connection stays open."""
        end = self._end
        call.operation = end.operation(request)
        with self._service.lock:
            end.tally.asked[call.operation or "other"] += 1
            failure = end.failures.take(call.operation)
        asked = Asked(request, call, call.operation, failure, self._secure)
        if asked.how() == "close" or asked.how() == "stall" and not self._stall(failure.seconds):
            call.code = f"made to {asked.how()}"
            self._record(request, 0, call)
            return False
        return self._finish(request, call, self._planned(asked) or self._answer(asked))

    def _stall(self, seconds):
        """Waits; false when the client left first."""
        return not select.select([self._socket], [], [], seconds)[0]

    def _planned(self, asked):
        """The reply that a failure dictates, or None for the end's own."""
        if asked.how() == "status":
            return Refusal(asked.failure.status, "Failure", "This failure was asked for")
        if asked.how() in ("garbage", "empty"):
            asked.call.code = f"made {asked.how()}"
            return Reply(200, GARBAGE if asked.how() == "garbage" else b"",
                         [("Content-Type", "application/json")])
        return None

    def _answer(self, asked):
        try:
            with self._service.lock:
                return self._end.answer(asked)
        except Refusal as refusal:
            return refusal
        except Exception:  # a bug of the simulator: never mistaken for an answer of the end
            self._service.journal.note(traceback.format_exc().replace("\n", " | "))
            return Refusal(500, "SimulatorFailed", "the simulator failed: see its log")

    def _finish(self, request, call, result):
        """Sends a Reply or a Refusal and logs it."""
        reply = result
        if isinstance(result, Refusal):
            call.code, call.why = result.code, result.message
            reply = self._end.refuse(result, call)
        self._record(request, reply.status, call)
        keep = request is not None and request.keep_alive()
        self._socket.settimeout(ANSWER_TIMEOUT)
        self._socket.sendall(reply.encode(self._service.clock.http_date(), keep,
                                          request is not None and request.method == "HEAD"))
        return keep

    def _record(self, request, status, call):
        self._count += 1
        if status == 0 or status >= 400:
            with self._service.lock:
                self._end.tally.refused += 1
        self._service.journal.request({
            "time": self._service.clock.iso8601(), "end": self._end.name,
            "method": request.method if request else "-", "path": request.path if request else "-",
            "operation": call.operation, "accessKeyId": call.access_key, "status": status,
            "code": call.code, "why": call.why, "requestId": call.request_id,
            "connection": self._number, "onConnection": self._count,
            "tls": self._secure.version() if self._secure else "",
            "resumed": bool(self._secure and self._secure.session_reused),
        })


def pretty(value):
    """JSON as the metadata services write it, over several lines."""
    return json.dumps(value, indent=2, ensure_ascii=False)
