"""One request of the API from its route to its reply, and everything the account consists of."""

import threading
import traceback
import uuid
from collections import deque
from pathlib import Path

from . import operations, playback, sigv4
from .clock import Clock
from .counts import Counts
from .errors import GenericError, ServiceError, invalid
from .fault_switch import Switch
from .issuer import Issuer
from .model import Model
from .pages import Pager
from .quotas import Quotas
from .random_mode import RandomMode
from .rates import PER_OPERATION, Limiter
from .state import Store, Streams
from .wire import Reply

MODEL = Path(__file__).resolve().parents[2] / "core" / "model" / "ivs-2020-07-14.json"
REVOCATIONS_KEPT = 1000


class Call:
    """What is known about a request so far; it ends as one entry of the journal."""

    def __init__(self):
        self.operation = ""
        self.access_key = ""
        self.code = ""
        self.why = ""
        self.request_id = str(uuid.uuid4())


class Service:
    def __init__(self, settings, journal):
        self.settings = settings
        self.journal = journal
        self.region = settings.region
        self.clock = Clock(settings.clock_skew)
        self.model = Model(MODEL)
        self.lock = threading.RLock()
        self.random = RandomMode(self.model)
        self.faults = Switch()
        self.counts = Counts()
        self.issuer = Issuer(self.clock, settings.account, settings.lifetime)
        self.ends = None  # where credentials come from, once the simulator has opened its ports
        self.ingest = None  # what encoders connect to, likewise
        self.nginx = None  # what receives their streams, where it is wanted
        self.playback_base = ""  # with it, where viewers find them
        self.ingest_callback = ""  # where nginx asks whether an encoder may publish
        self.ingest_endpoint = settings.ingest_host
        self.reset()

    def reset(self):
        """Back to an empty account with the credentials and quotas of the command line."""
        with self.lock:
            if hasattr(self, "streams"):
                self.streams.clear()
            self.clock.skew = self.settings.clock_skew
            self.store = Store(self.region, self.settings.account)
            self.quotas = Quotas(self.settings.enforce_quotas,
                                 {"channels": self.settings.channel_quota,
                                  "streams": self.settings.stream_quota})
            self.streams = Streams(self.clock, self.quotas)
            self.revocations = deque(maxlen=REVOCATIONS_KEPT)
            self.random.switch(self.settings.random is not None, self.settings.random)
            self.faults.clear()
            self.counts.reset()
            self.pager = Pager()
            self.limiter = Limiter()
            self.issuer.reset()
            if self.ends is not None:
                self.ends.reset()
            self.credentials = []
            self.add_credential(sigv4.Credential(self.settings.access_key, self.settings.secret_key,
                                                 self.settings.session_token))

    def add_credential(self, credential):
        self.journal.hide(credential.secret_key, credential.session_token)
        self.credentials.append(credential)

    def known_credentials(self, access_key):
        """The credentials of the command line, and what was issued under this key id."""
        return [*self.credentials, *self.issuer.known(access_key)]

    def playback_url(self, arn):
        if self.playback_base:
            return playback.url(self, arn)
        _, _, _, region, account, resource = arn.split(":")
        host = f"{account[-12:]}.{region}.playback.live-video.net"
        return f"https://{host}/api/video/v1/{region}.{account}.{resource.replace('/', '.')}.m3u8"

    def answer(self, request, call):
        """The reply to a request; `call` is filled for the journal."""
        try:
            reply = self._perform(request, call)
        except ServiceError as error:
            call.code, call.why = error.code, error.message
            reply = Reply.of_json(self.model.errors[error.code], error.body())
        except GenericError as error:
            call.code, call.why = error.code, error.message
            reply = Reply.of_json(error.status, error.body())
        except Exception:  # a bug of the simulator: never mistaken for an answer of the service
            self.journal.note(traceback.format_exc().replace("\n", " | "))
            call.code, call.why = "InternalServerException", "the simulator failed: see its log"
            reply = Reply.of_json(500, {"exceptionMessage": call.why})
        reply.headers.append(("x-amzn-RequestId", call.request_id))
        if call.code:
            reply.headers.append(("x-amzn-ErrorType", call.code))
        return reply

    def _perform(self, request, call):
        name, labels = self.model.route(request.method, request.path)
        call.operation = name
        call.access_key = sigv4.claimed_key(request)
        with self.lock:
            sigv4.verify(request, self.known_credentials(call.access_key), self.clock.now(),
                         self.region, self.model.service)
            if self.settings.enforce_rates:
                self.limiter.take(name, PER_OPERATION[name])
            members = self.model.read_input(name, labels, request.query, request.body)
            self._check_tags(members)
            if self.random.seed is not None:
                return self.random.reply(name, call.request_id)
            result = operations.REGISTERED[name](self, members)
        shape = self.model.operations[name]["output"]
        status = self.model.operations[name]["success"]
        if shape is None:
            return Reply(status)
        return Reply.of_json(status, self.model.arrange(result, shape))

    @staticmethod
    def _check_tags(members):
        if any(key.lower().startswith("aws:") for key in members.get("tags", {})):
            raise invalid("Tag keys that begin with aws: are reserved")
