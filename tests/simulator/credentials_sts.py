"""AWS STS: AssumeRole, signed, and AssumeRoleWithWebIdentity, by an identity provider's token.

The Query protocol: a form in, XML out.
"""

import re
import secrets
from pathlib import Path
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from . import sigv4
from .control_body import Wrong, member
from .credentials import End, Refusal
from .errors import GenericError
from .issuer import SECRET_ALPHABET, assumed_role_arn, random_text
from .wire import Reply

VERSION = "2011-06-15"
NAMESPACE = f"https://sts.amazonaws.com/doc/{VERSION}/"
ROLE = "ivs-simulator"
PROVIDER = "arn:aws:iam::{account}:oidc-provider/identity.simulator.example"
LIFETIME, LIFETIME_MIN, LIFETIME_MAX = 3600, 900, 43200  # seconds
CHAINED_MAX = 3600  # for a caller that is itself an assumed role
NAMES = {"accessKeyId": "AccessKeyId", "secretAccessKey": "SecretAccessKey",
         "sessionToken": "SessionToken", "expiration": "Expiration"}
ROLE_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]+", re.ASCII)
NOT_XML = re.compile("[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
LIMITS = {  # lengths and pattern of each parameter
    "RoleArn": (20, 2048, r"[\u0009\u000A\u000D\u0020-\uFFFF]+"),
    "RoleSessionName": (2, 64, r"[\w+=,.@-]*"),
    "ExternalId": (2, 1224, r"[\w+=,.@:/-]*"),
    "WebIdentityToken": (4, 20000, r"(?s:.*)"),
}
# What the layer in front of STS calls the refusals of a signature: (status, code).
SIGNATURE_CODES = {
    "MissingAuthenticationTokenException": (403, "MissingAuthenticationToken"),
    "IncompleteSignatureException": (400, "IncompleteSignature"),
    "UnrecognizedClientException": (403, "InvalidClientTokenId"),
    "InvalidSignatureException": (403, "SignatureDoesNotMatch"),
    "ExpiredTokenException": (403, "ExpiredToken"),
}


def xml(value):
    """Elements of a dict, in its order; text is escaped, "?" stands for what XML cannot hold."""
    if isinstance(value, dict):
        return "".join(f"<{name}>{xml(inner)}</{name}>" for name, inner in value.items())
    return escape(NOT_XML.sub("?", value))


def lower_first(name):
    return name[0].lower() + name[1:]


def violation(name, text, wanted):
    shown = f"'{text}'" if name != "WebIdentityToken" else "at hand"
    value = "null" if text is None else shown
    return (f"Value {value} at '{lower_first(name)}' failed to satisfy constraint: "
            f"Member must {wanted}")


def check_text(name, text):
    """What is wrong with a parameter, or nothing."""
    shortest, longest, pattern = LIMITS[name]
    if text is None:
        return [] if name == "ExternalId" else [violation(name, None, "not be null")]
    if len(text) < shortest:
        return [violation(name, text, f"have length greater than or equal to {shortest}")]
    if len(text) > longest:
        return [violation(name, text, f"have length less than or equal to {longest}")]
    if not re.fullmatch(pattern, text, re.ASCII if name != "RoleArn" else 0):
        return [violation(name, text, f"satisfy regular expression pattern: {pattern}")]
    return []


def check_seconds(text):
    if text is None:
        return []
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise Refusal(400, "MalformedInput", "DurationSeconds is no number")
    if int(text) < LIFETIME_MIN:
        return [violation("DurationSeconds", text,
                          f"have value greater than or equal to {LIFETIME_MIN}")]
    if int(text) > LIFETIME_MAX:
        return [violation("DurationSeconds", text,
                          f"have value less than or equal to {LIFETIME_MAX}")]
    return []


def check(form, names):
    """A ValidationError for all that is wrong with the parameters, told at once."""
    wrong = [text for name in names for text in check_text(name, form.get(name))]
    wrong += check_seconds(form.get("DurationSeconds"))
    if wrong:
        plural = "s" if len(wrong) > 1 else ""
        raise Refusal(400, "ValidationError",
                      f"{len(wrong)} validation error{plural} detected: {'; '.join(wrong)}")
    if not ROLE_ARN.fullmatch(form["RoleArn"]):
        raise Refusal(400, "ValidationError", f"{form['RoleArn']} is invalid")


def denied(message):
    return Refusal(403, "AccessDenied", message)


class TokenService(End):
    name = "sts"
    operations = issuing = ("AssumeRole", "AssumeRoleWithWebIdentity")

    def __init__(self, host, port, folder, context):
        self.context = context
        self._token_file = Path(folder) / "web-identity-token"
        self._role = f"arn:aws:iam::{host.service.settings.account}:role/{ROLE}"
        super().__init__(host, port)

    def reset_rules(self):
        self._roles = {self._role: None}  # ARN -> the external id it wants, or None
        self._old_tokens = set()
        self._set_token("simulated." + random_text(SECRET_ALPHABET[:62], 300))

    def _set_token(self, token):
        """The one web identity token that is good, also in the file that clients read."""
        self._token = token
        self.service.journal.hide(token)
        fresh = self._token_file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(token, encoding="utf-8")
        fresh.replace(self._token_file)

    def change(self, body):
        token = member(body, "webIdentityToken", (str,), "a token")
        expired = member(body, "webIdentityExpired", (bool,), "true or false")
        roles = member(body, "roles", (dict,), "an object of role ARNs")
        if token is not None and not 4 <= len(token) <= 20000:
            raise Wrong("webIdentityToken has to have 4 to 20000 characters")
        for arn, external_id in (roles or {}).items():
            if not ROLE_ARN.fullmatch(arn):
                raise Wrong(f"{arn} is no role's ARN")
            if external_id is not None and not isinstance(external_id, str):
                raise Wrong("a role's value has to be its external id, or null")
        self._roles = self._roles if roles is None else dict(roles)
        if token is not None and token != self._token:
            self._old_tokens.add(self._token)
            self._set_token(token)
        if expired is not None:
            self._old_tokens.discard(self._token)
            self._old_tokens.update([self._token] if expired else [])

    def environment(self):
        values = {"AWS_ENDPOINT_URL_STS": f"https://localhost:{self.port}",
                  "IVS_SIM_ROLE_ARN": self._role}
        if self.settings.web_identity:
            values["AWS_ROLE_ARN"] = self._role
            values["AWS_ROLE_SESSION_NAME"] = "web-identity"
            values["AWS_WEB_IDENTITY_TOKEN_FILE"] = str(self._token_file)
        return values

    def describe(self):
        return {"url": f"https://localhost:{self.port}", "roles": list(self._roles),
                "webIdentityTokenFile": str(self._token_file)}

    def refuse(self, refusal, call):
        kind = "Sender" if refusal.status < 500 else "Receiver"
        error = {"Type": kind, "Code": refusal.code, "Message": refusal.message}
        body = xml({"Error": error, "RequestId": call.request_id})
        return self._reply(refusal.status, "ErrorResponse", body, call)

    @staticmethod
    def _reply(status, name, body, call):
        text = f'<{name} xmlns="{NAMESPACE}">{body}</{name}>\n'
        return Reply(status, text.encode(), [("Content-Type", "text/xml"),
                                             ("x-amzn-RequestId", call.request_id)])

    def operation(self, request):
        action = self._form(request).get("Action", "")
        return action if action in self.operations else ""

    @staticmethod
    def _form(request):
        """The parameters, each once; nothing when the body is no form."""
        kinds = [value.partition(";")[0].strip().lower() for value in request.all("content-type")]
        if request.method != "POST" or kinds != ["application/x-www-form-urlencoded"]:
            return {}
        return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))

    def answer(self, asked):
        form, call = self._form(asked.request), asked.call
        call.access_key = sigv4.claimed_key(asked.request)
        if asked.request.path != "/" or asked.request.method != "POST":
            raise Refusal(404, "UnknownOperationException", "POST / is all there is")
        if "Action" not in form:
            raise Refusal(400, "MissingAction", "The request has no Action in a form")
        if not asked.operation or form.get("Version") != VERSION:
            version = form.get("Version", "NO_VERSION_SPECIFIED")
            raise Refusal(400, "InvalidAction",
                          f"Could not find operation {form['Action']} for version {version}")
        perform = {"AssumeRole": self._assume_role,
                   "AssumeRoleWithWebIdentity": self._assume_role_with_web_identity}
        result = perform[asked.operation](asked, form)
        body = xml({f"{asked.operation}Result": result,
                    "ResponseMetadata": {"RequestId": call.request_id}})
        return self._reply(200, f"{asked.operation}Response", body, call)

    def _assume_role(self, asked, form):
        caller, chained = self._signer(asked)
        check(form, ("RoleArn", "RoleSessionName", "ExternalId"))
        seconds = int(form.get("DurationSeconds", LIFETIME))
        if chained and seconds > CHAINED_MAX:
            raise Refusal(400, "ValidationError",
                          "The requested DurationSeconds exceeds the 1 hour session limit for "
                          "roles assumed by role chaining")
        role = form["RoleArn"]
        wanted = self._roles.get(role)
        if role not in self._roles or wanted is not None and form.get("ExternalId") != wanted:
            raise denied(f"User: {caller} is not authorized to perform: sts:AssumeRole on "
                         f"resource: {role}")
        return self._grant(asked, form, seconds)

    def _signer(self, asked):
        try:
            sigv4.verify(asked.request, self.service.known_credentials(asked.call.access_key),
                         self.service.clock.now(), self.service.region, "sts")
        except GenericError as error:
            raise Refusal(*SIGNATURE_CODES[error.code], error.message) from None
        return self.service.issuer.caller(asked.call.access_key)

    def _assume_role_with_web_identity(self, asked, form):
        check(form, ("RoleArn", "RoleSessionName", "WebIdentityToken"))
        token = form["WebIdentityToken"]
        if token in self._old_tokens:
            now = int(self.service.clock.now())
            raise Refusal(400, "ExpiredTokenException",
                          f"Token expired: current date/time {now} must be before the expiration "
                          f"date/time {now - 60}")
        if token != self._token:
            raise Refusal(400, "InvalidIdentityToken", "The token is not one of this provider's")
        if form["RoleArn"] not in self._roles:
            raise denied("Not authorized to perform sts:AssumeRoleWithWebIdentity")
        return {"SubjectFromWebIdentityToken": "simulated-subject",
                "Audience": "sts.amazonaws.com",
                "Provider": PROVIDER.format(account=self.settings.account),
                **self._grant(asked, form, int(form.get("DurationSeconds", LIFETIME)))}

    def _grant(self, asked, form, seconds):
        role, session_name = form["RoleArn"], form["RoleSessionName"]
        issued = self.issue(asked, role, session_name, seconds)
        if not asked.call.access_key:
            asked.call.access_key = issued.credential.access_key
        return {"Credentials": self.members(asked, issued, NAMES),
                "AssumedRoleUser": {
                    "AssumedRoleId": f"AROA{secrets.token_hex(8).upper()}:{session_name}",
                    "Arn": assumed_role_arn(role, session_name)}}
