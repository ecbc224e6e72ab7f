"""Revoked viewer sessions of private channels: kept, and shown by GET /_sim/revocations."""

from ..errors import ServiceError
from .common import operation


def revoke(service, wanted):
    service.store.find("channel", wanted["channelArn"])
    version = wanted.get("viewerSessionVersionsLessThanOrEqualTo", 0)
    service.revocations.append({
        "channelArn": wanted["channelArn"], "viewerId": wanted["viewerId"],
        "viewerSessionVersionsLessThanOrEqualTo": version, "time": service.clock.iso8601()})


@operation
def start_viewer_session_revocation(service, request):
    revoke(service, request)
    return {}


@operation
def batch_start_viewer_session_revocation(service, request):
    """What can be revoked is; the rest are errors, whose code is the HTTP status as text."""
    errors = []
    for wanted in request["viewerSessions"]:
        try:
            revoke(service, wanted)
        except ServiceError as error:
            errors.append({"channelArn": wanted["channelArn"], "viewerId": wanted["viewerId"],
                           "code": str(service.model.errors[error.code]),
                           "message": error.message})
    return {"errors": errors}
