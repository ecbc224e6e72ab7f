"""Temporary credentials: made here for every end that hands them out, and known to the service.

They hold until their expiration by the simulator's clock, or until a control call ends them all.
"""

import secrets
import string
from dataclasses import dataclass
from typing import Optional

from .sigv4 import Credential

KEPT = 10000
LIFETIME_MAX = 12 * 3600
TOKEN_LENGTH = 1000
TOKEN_LENGTH_MIN, TOKEN_LENGTH_MAX = 100, 4096
MARK = "SIMISSUED"  # every secret made here begins with it: the journal blanks what does
KEY_ID_ALPHABET = string.ascii_uppercase + "234567"
SECRET_ALPHABET = string.ascii_letters + string.digits + "+/"


def random_text(alphabet, length):
    return "".join(secrets.choice(alphabet) for _ in range(length))


def random_secret(length):
    return MARK + random_text(SECRET_ALPHABET, length - len(MARK))


def describe_expiration(issued):
    """For control calls: no secret."""
    return {"accessKeyId": issued.credential.access_key, "end": issued.end,
            "roleArn": issued.role_arn, "sessionName": issued.session_name,
            "expiration": issued.expiration, "ended": issued.credential.expired}


@dataclass
class Issued:
    """One answer's worth of credentials."""

    end: str
    role_arn: str
    session_name: str
    expiration: str  # ISO 8601, whole seconds
    credential: Credential

    def members(self, names, left_out=""):
        """The four members in an end's own spelling: `names` gives it for ours, in its order."""
        values = {"accessKeyId": self.credential.access_key,
                  "secretAccessKey": self.credential.secret_key,
                  "sessionToken": self.credential.session_token, "expiration": self.expiration}
        return {spelt: values[name] for name, spelt in names.items() if name != left_out}


class Issuer:
    def __init__(self, clock, account, lifetime=None):
        self._clock = clock
        self._account = account
        self._lifetime_at_start = lifetime
        self.reset()

    def reset(self):
        """Forgets all that was issued: the service then does not know it any more."""
        self.lifetime: Optional[int] = self._lifetime_at_start  # None: as the end or client says
        self.token_length = TOKEN_LENGTH
        self._issued = {}  # by access key id, oldest first

    def issue(self, end, role_arn, session_name, seconds, expired=False):
        """`seconds` is the life time unless one is set for all; `expired`: it is over already."""
        now = self._clock.now()
        expires = int(now) - 60 if expired else int(now) + (self.lifetime or seconds)
        credential = Credential("ASIA" + random_text(KEY_ID_ALPHABET, 16), random_secret(40),
                                random_secret(self.token_length), expires=expires)
        issued = Issued(end, role_arn, session_name, self._clock.iso8601(expires), credential)
        self._issued[credential.access_key] = issued
        if len(self._issued) > KEPT:
            del self._issued[next(iter(self._issued))]
        return issued

    def known(self, access_key):
        """What was issued under this key id, as a list of none or one."""
        issued = self._issued.get(access_key)
        return [issued.credential] if issued else []

    def expire_all(self):
        """Ends all of them now, whatever clients were told; how many were still good."""
        now, count = self._clock.now(), 0
        for issued in self._issued.values():
            count += not issued.credential.has_expired(now)
            issued.credential.expired = True
        return count

    def caller(self, access_key):
        """The ARN of who signs with this key id, and whether that is an assumed role."""
        issued = self._issued.get(access_key)
        if issued is None:
            return f"arn:aws:iam::{self._account}:user/simulator", False
        return assumed_role_arn(issued.role_arn, issued.session_name), True

    def describe(self):
        now = self._clock.now()
        return {"count": len(self._issued),
                "valid": sum(not i.credential.has_expired(now) for i in self._issued.values()),
                "last": [describe_expiration(i) for i in list(self._issued.values())[-20:]]}


def assumed_role_arn(role_arn, session_name):
    """The ARN of a session of a role; the role's path is no part of it."""
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[1]
    return f"arn:aws:sts::{account}:assumed-role/{name}/{session_name}"
