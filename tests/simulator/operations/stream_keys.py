"""Stream keys: one for each channel."""

from ..errors import ServiceError
from ..state import random_id
from .common import batch_get, list_page, operation


def add_stream_key(service, channel_arn, tags):
    value = f"sk_{service.region}_{random_id(12)}_{random_id(30)}"
    return service.store.add("stream-key", {"value": value, "channelArn": channel_arn,
                                            "tags": tags})


@operation
def create_stream_key(service, request):
    arn = request["channelArn"]
    service.store.find("channel", arn)
    if service.store.of_kind("stream-key", channelArn=arn):
        raise ServiceError("ServiceQuotaExceededException",
                           "The channel has its one stream key: delete it first")
    return {"streamKey": add_stream_key(service, arn, request.get("tags", {})).value}


@operation
def get_stream_key(service, request):
    return {"streamKey": service.store.find("stream-key", request["arn"]).value}


@operation
def batch_get_stream_key(service, request):
    keys, errors = batch_get(service, "stream-key", request["arns"], lambda key: key.value)
    return {"streamKeys": keys, "errors": errors}


@operation
def list_stream_keys(service, request):
    arn = request["channelArn"]
    service.store.find("channel", arn)
    return list_page(service, request, "ListStreamKeys",
                     service.store.of_kind("stream-key", channelArn=arn), 1, scope=arn)


@operation
def delete_stream_key(service, request):
    service.store.remove(service.store.find("stream-key", request["arn"]))
