"""One client's connection to the service: requests in turn, each an Exchange with its answer."""

from dataclasses import dataclass

from . import control
from .errors import GenericError
from .faults import REQUEST
from .service import Call
from .transport import Ending, Pause
from .wire import BadRequest, Closed, Reader, Reply

SEND_TIMEOUT = 10.0


@dataclass
class Opening:
    """A connection to the HTTPS port before its handshake, as faults see it."""

    transport: object
    context: object  # which the handshake will use
    contexts: object  # odd ones


class Connection:
    def __init__(self, service, transport, number):
        self.service = service
        self.transport = transport
        self.number = number
        self._count = 0

    def serve(self):
        """Until either side ends it."""
        reader = Reader(self.transport, self.service.settings.idle_timeout)
        ending = None
        while ending is None:
            try:
                ending = self._deliver(Exchange(self, reader))
            except Closed:
                ending = Ending.CLOSE
        self.transport.end(ending)

    def _deliver(self, exchange):
        """Every answer leaves here; how the connection ends now, or None when it stays."""
        for step in exchange.steps():
            if not isinstance(step, Pause):
                self._record(exchange)
            if isinstance(step, Ending):
                return step
            self.transport.settimeout(SEND_TIMEOUT)
            self.transport.take(step)
        return None if exchange.keep else Ending.CLOSE

    def _record(self, exchange):
        """Before the client can know of it."""
        if exchange.recorded:
            return
        exchange.recorded = True
        self._count += 1
        call = exchange.call
        self.service.journal.request({
            "time": self.service.clock.iso8601(), "method": exchange.method, "path": exchange.path,
            "operation": call.operation, "accessKeyId": call.access_key, "status": exchange.status,
            "code": call.code, "why": exchange.why(), "requestId": call.request_id,
            "connection": self.number, "onConnection": self._count,
            "tls": self.transport.tls_version(), "resumed": self.transport.resumed(),
        })


class Exchange:
    """One request and its answer, from its first line to the steps that answer it.

    Faults see it; the public functions are for them.
    """

    def __init__(self, connection, reader):
        self._connection = connection
        self._service = connection.service
        self._reader = reader
        self._request = None
        self._trouble = None
        self.method = self.path = "-"
        self.call = Call()
        self.status = 0  # of the answer; 0: none
        self.keep = False
        self.rng = None  # for details of a fault that came by chance
        self.recorded = False

    def steps(self):
        """What answers the request that comes next. Raises Closed when none comes."""
        try:
            self.method, self.path = self._reader.begin()
            yield from self._plan()
        except BadRequest as error:
            yield self._malformed(error).whole()

    def why(self):
        fault = f"fault {self._trouble.name}" if self._trouble else ""
        return "; ".join(filter(None, (self.call.why, fault)))

    def read(self):
        """The request, wholly read."""
        if self._request is None:
            self._request = self._reader.next()
            self.keep = self._request.keep_alive()
        return self._request

    def answer(self, with_body=False):
        """Carries the request out; the answer as a Draft of known length.

        `with_body`: an answer that has none becomes an empty object.
        """
        reply = self._carry_out()
        reply.chunks = None
        if with_body and reply.status == 204:
            reply = Reply.of_json(200, {}, reply.headers)
        return self._draft(reply)

    def refuse(self, status, code, message, body=None):
        """A Draft of a refusal; nothing is carried out. `body` replaces the JSON with `message`."""
        self.read()
        self.call.code, self.call.why = code, message or ""
        name = "exceptionMessage" if code in self._service.model.errors else "message"
        headers = [("x-amzn-RequestId", self.call.request_id)]
        if code:
            headers.append(("x-amzn-ErrorType", code))
        if body is not None:
            return self._draft(Reply(status, body.encode(), [("Content-Type", "text/html"),
                                                             *headers]))
        return self._draft(Reply.of_json(status, {name: message} if message is not None else {},
                                         headers))

    def cut(self, data, after):
        """Where to cut data that must not go out whole: `after` so many bytes, if it is given."""
        if after is not None:
            return min(after, len(data) - 1)
        return self.rng.randrange(len(data)) if self.rng else len(data) // 2

    def now(self):
        return self._service.clock.now()

    def http_date(self, ahead=0.0):
        return self._service.clock.http_date(ahead)

    def url(self):
        """Where the request went."""
        scheme = "https" if self._connection.transport.tls_version() else "http"
        return f"{scheme}://{','.join(self.read().all('host'))}{self.path}"

    def _plan(self):
        if self._is_control():
            return self._control()
        self.call.operation = self._operation()
        number = self._service.counts.seen(self.call.operation)
        if self.call.operation:
            self._trouble = self._service.faults.meet(REQUEST, self._connection.number,
                                                      self.call.operation, number)
        if self._trouble is None:
            return self._undisturbed()
        self.rng = self._trouble.rng
        return self._trouble.steps(self)

    def _is_control(self):
        ours = self.path == control.PAGE or self.path.startswith(control.PREFIX)
        return ours and not self._connection.transport.tls_version()

    def _operation(self):
        try:
            return self._service.model.route(self.method, self.path)[0]
        except GenericError:
            return ""

    def _control(self):
        self.recorded = True  # control calls are not for the journal
        yield self._whole(control.answer(self._service, self.read()))

    def _undisturbed(self):
        yield self._whole(self._carry_out())

    def _carry_out(self):
        reply = self._service.answer(self.read(), self.call)
        if reply.status < 300:
            self._service.counts.carried_out(self.call.operation)
            if self._trouble is not None:
                self._trouble.carried_out()
        return reply

    def _whole(self, reply):
        if self._request.version == "HTTP/1.0":
            reply.chunks = None
        draft = self._draft(reply)
        return draft.head() if self._request.method == "HEAD" else draft.whole()

    def _malformed(self, error):
        self.method = self.path = "-"
        self.call.operation = ""
        self.call.code, self.call.why = "MalformedHttpRequestException", error.why
        self.keep = False
        return self._draft(Reply.of_json(error.status, {"message": error.why},
                                         [("x-amzn-RequestId", self.call.request_id),
                                          ("x-amzn-ErrorType", self.call.code)]))

    def _draft(self, reply):
        self.status = reply.status
        return reply.draft(self.http_date(), self.keep)
