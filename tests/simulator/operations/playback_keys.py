"""Playback key pairs: the public halves of the keys that sign viewer tokens."""

from ..errors import conflict, invalid
from ..p384 import BadKey, fingerprint, public_key_der
from ..quotas import PUBLISHED
from .common import list_page, new_resource, operation

KIND = "playback-key"


@operation
def import_playback_key_pair(service, request):
    try:
        mark = fingerprint(public_key_der(request["publicKeyMaterial"]))
    except BadKey as error:
        raise invalid(f"publicKeyMaterial {error}") from None
    if service.store.of_kind(KIND, fingerprint=mark):
        raise conflict(f"A key pair with the fingerprint {mark} was imported before")
    value = {k: v for k, v in request.items() if k != "publicKeyMaterial"}
    made = new_resource(service, KIND, "playbackKeyPairs",
                        {"name": "", **value, "fingerprint": mark})
    return {"keyPair": made.value}


@operation
def get_playback_key_pair(service, request):
    return {"keyPair": service.store.find(KIND, request["arn"]).value}


@operation
def list_playback_key_pairs(service, request):
    return list_page(service, request, "ListPlaybackKeyPairs", service.store.of_kind(KIND),
                     PUBLISHED["playbackKeyPairs"])


@operation
def delete_playback_key_pair(service, request):
    service.store.remove(service.store.find(KIND, request["arn"]))
    return {}
