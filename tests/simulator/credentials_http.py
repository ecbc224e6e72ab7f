"""Two ends on plain HTTP: the container endpoint (so also Greengrass), and EC2's metadata service.

Both give new credentials each time they are asked; the real ones repeat theirs until shortly
before they expire.
"""

import hmac
import re
import secrets

from .control_body import Wrong, member
from .credentials import FAILURES, POISONS, End, Refusal, pretty
from .issuer import random_secret
from .wire import Reply

LIFETIME = 6 * 3600  # seconds
NAMES = {"accessKeyId": "AccessKeyId", "secretAccessKey": "SecretAccessKey",
         "sessionToken": "Token", "expiration": "Expiration"}
TOKEN_TTL_MAX = 21600  # seconds
TOKENS_KEPT = 1000
ROLE = "ivs-simulator"
ROLES_PATH = "/latest/meta-data/iam/security-credentials"
REGION_PATHS = {"/latest/meta-data/placement/region": "Region",
                "/latest/meta-data/placement/availability-zone": "AvailabilityZone",
                "/latest/dynamic/instance-identity/document": "Document"}


def same(sent, wanted):
    return hmac.compare_digest(sent.encode("latin-1", "replace"), wanted.encode())


class Container(End):
    """GET of one path, with a token in Authorization when one is set."""

    name = "container"
    operations = issuing = ("Credentials",)

    def __init__(self, host, port):
        self.path = f"/v2/credentials/{secrets.token_hex(8)}"
        super().__init__(host, port)

    def reset_rules(self):
        self._set_token(self.settings.container_token)

    def _set_token(self, token):
        self._token = token
        self.service.journal.hide(token)

    def change(self, body):
        if "token" in body:
            self._set_token(member(body, "token", (str,), "a token, or null for none") or "")

    def environment(self):
        values = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://localhost:{self.port}{self.path}"}
        if self._token:
            values["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = self._token
        return values

    def describe(self):
        return {"url": f"http://localhost:{self.port}", "path": self.path,
                "token": bool(self._token)}

    def operation(self, request):
        return "Credentials" if request.path == self.path else ""

    def answer(self, asked):
        request = asked.request
        if request.method != "GET":
            raise Refusal(405, "MethodNotAllowed", "GET is the only method here")
        self._authorize(request)
        if not asked.operation:
            raise Refusal(400, "InvalidIdInRequest", "CredentialsV2Request: Credentials not found")
        role_arn = f"arn:aws:iam::{self.settings.account}:role/{ROLE}"
        issued = self.issue(asked, role_arn, "container", LIFETIME)
        asked.call.access_key = issued.credential.access_key
        return Reply.of_json(200, {"RoleArn": role_arn, **self.members(asked, issued, NAMES)})

    def _authorize(self, request):
        if not self._token:
            return
        sent = request.all("authorization")
        if not sent:
            raise Refusal(401, "Unauthorized", "An Authorization header is needed")
        if len(sent) != 1 or not same(sent[0], self._token):
            raise Refusal(403, "AccessDenied", "The Authorization header is not the right token")


class Metadata(End):
    """EC2's instance metadata service, version 2; version 1 (no token) only when allowed."""

    name = "imds"
    operations = ("Token", "Role", "Credentials", "Region", "AvailabilityZone", "Document")
    issuing = ("Credentials",)
    failures_known = (*FAILURES, *POISONS, "code")

    def reset_rules(self):
        self._tokens = {}  # of sessions: until when each is good
        self._v1 = self.settings.imds_v1
        self._role = ROLE

    def change(self, body):
        v1 = member(body, "v1", (bool,), "true or false")
        role = member(body, "role", (str,), "a role's name, or null for none")
        if role is not None and (not role or "/" in role):
            raise Wrong("role has to be a role's name, or null for none")
        self._v1 = self._v1 if v1 is None else v1
        self._role = role if "role" in body else self._role

    def environment(self):
        return {"AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://127.0.0.1:{self.port}/",
                "AWS_EC2_METADATA_DISABLED": "false"}

    def describe(self):
        return {"url": f"http://127.0.0.1:{self.port}", "role": self._role, "v1": self._v1}

    def refuse(self, refusal, call):
        """A page, as the real one gives it."""
        page = f"<html><body><h1>{refusal.status} - {refusal.code}</h1></body></html>\n"
        return Reply(refusal.status, page.encode(), [("Content-Type", "text/html")])

    def operation(self, request):
        """A slash at the end changes nothing."""
        path = request.path.rstrip("/")
        if path == "/latest/api/token":
            return "Token"
        if path == ROLES_PATH:
            return "Role"
        if path.startswith(ROLES_PATH + "/"):
            return "Credentials"
        return REGION_PATHS.get(path, "")

    def answer(self, asked):
        if asked.operation == "Token":
            return self._open_session(asked.request)
        if asked.request.method != "GET":
            raise Refusal(405, "Method Not Allowed", "not a GET")
        self._check_session(asked.request)
        answers = {"Role": self._name_role, "Credentials": self._give_credentials,
                   "Region": lambda _: self.settings.region,
                   "AvailabilityZone": lambda _: self.settings.region + "a",
                   "Document": lambda _: self._document()}
        if asked.operation not in answers:
            raise Refusal(404, "Not Found", "no such metadata")
        return Reply(200, answers[asked.operation](asked).encode(),
                     [("Content-Type", "text/plain")])

    def _open_session(self, request):
        if request.method != "PUT":
            raise Refusal(405, "Method Not Allowed", "a token comes by PUT")
        if request.all("x-forwarded-for"):
            raise Refusal(403, "Forbidden", "no token through a proxy")
        wanted = request.all("x-aws-ec2-metadata-token-ttl-seconds")
        if len(wanted) != 1 or not re.fullmatch(r"[0-9]{1,5}", wanted[0]) \
                or not 1 <= int(wanted[0]) <= TOKEN_TTL_MAX:
            raise Refusal(400, "Bad Request", f"a token is good for 1 to {TOKEN_TTL_MAX} seconds")
        token = random_secret(56)
        self._tokens[token] = self.service.clock.now() + int(wanted[0])
        if len(self._tokens) > TOKENS_KEPT:
            del self._tokens[next(iter(self._tokens))]
        return Reply(200, token.encode(), [("Content-Type", "text/plain"),
                                           ("X-aws-ec2-metadata-token-ttl-seconds", wanted[0])])

    def _check_session(self, request):
        sent = request.all("x-aws-ec2-metadata-token")
        if not sent and self._v1:
            return
        if len(sent) != 1 or self._tokens.get(sent[0], 0) <= self.service.clock.now():
            raise Refusal(401, "Unauthorized", "a token that is good is needed" if sent
                          else "a token is needed")

    def _name_role(self, _asked):
        if self._role is None:
            raise Refusal(404, "Not Found", "the instance has no role")
        return self._role

    def _give_credentials(self, asked):
        if asked.request.path.rstrip("/") != f"{ROLES_PATH}/{self._role}":
            raise Refusal(404, "Not Found", "the instance does not have this role")
        updated = {"LastUpdated": self.service.clock.iso8601()}
        if asked.how() == "code":
            asked.call.code = asked.failure.code
            return pretty({"Code": asked.failure.code,
                           "Message": "EC2 cannot assume the role of this instance", **updated})
        role_arn = f"arn:aws:iam::{self.settings.account}:role/{self._role}"
        issued = self.issue(asked, role_arn, "i-0123456789abcdef0", LIFETIME)
        asked.call.access_key = issued.credential.access_key
        return pretty({"Code": "Success", **updated, "Type": "AWS-HMAC",
                       **self.members(asked, issued, NAMES)})

    def _document(self):
        return pretty({"accountId": self.settings.account, "architecture": "x86_64",
                       "availabilityZone": self.settings.region + "a",
                       "instanceId": "i-0123456789abcdef0", "region": self.settings.region,
                       "version": "2017-09-30"})
