"""Tags of every kind of resource. `service` refuses reserved keys for all requests at once."""

from ..errors import invalid
from .common import operation

TAGS_MAX = 50


@operation
def tag_resource(service, request):
    resource = service.store.find(None, request["resourceArn"])
    tags = {**resource.value["tags"], **request["tags"]}
    if len(tags) > TAGS_MAX:
        raise invalid(f"A resource can have at most {TAGS_MAX} tags")
    resource.value = {**resource.value, "tags": tags}
    return {}


@operation
def untag_resource(service, request):
    resource = service.store.find(None, request["resourceArn"])
    tags = {k: v for k, v in resource.value["tags"].items() if k not in request["tagKeys"]}
    resource.value = {**resource.value, "tags": tags}
    return {}


@operation
def list_tags_for_resource(service, request):
    return {"tags": service.store.find(None, request["resourceArn"]).value["tags"]}
