"""Recording configurations.

A new one is CREATING for a while and then ACTIVE, or CREATE_FAILED when its bucket is in another
region: that is the case for every bucket whose name contains "other-region".
"""

import time

from ..errors import invalid
from ..quotas import PUBLISHED
from .common import list_page, new_resource, operation, remove_unused

KIND = "recording-configuration"
ELSEWHERE = "other-region"


def recording_view(resource):
    """The configuration in its present state. `readyAt`, the end of CREATING, is not shown."""
    value = dict(resource.value)
    if time.monotonic() < value.pop("readyAt"):
        return {**value, "state": "CREATING"}
    bucket = value["destinationConfiguration"]["s3"]["bucketName"]
    return {**value, "state": "CREATE_FAILED" if ELSEWHERE in bucket else "ACTIVE"}


def thumbnails(request):
    given = request.get("thumbnailConfiguration", {})
    mode = given.get("recordingMode", "INTERVAL")
    if mode == "DISABLED":
        if "targetIntervalSeconds" in given:
            raise invalid("thumbnailConfiguration.targetIntervalSeconds needs recordingMode "
                          "INTERVAL")
        return {**given, "recordingMode": mode}
    return {"targetIntervalSeconds": 60, "storage": ["SEQUENTIAL"], **given, "recordingMode": mode}


def renditions(request):
    given = request.get("renditionConfiguration", {})
    selection = given.get("renditionSelection", "ALL")
    if selection == "CUSTOM" and not given.get("renditions"):
        raise invalid("renditionConfiguration.renditions is required when renditionSelection is "
                      "CUSTOM")
    return {**given, "renditionSelection": selection}


@operation
def create_recording_configuration(service, request):
    if "s3" not in request["destinationConfiguration"]:
        raise invalid("destinationConfiguration.s3 is required")
    value = {"name": "", "recordingReconnectWindowSeconds": 0, **request,
             "thumbnailConfiguration": thumbnails(request),
             "renditionConfiguration": renditions(request),
             "readyAt": time.monotonic() + service.settings.recording_delay}
    made = new_resource(service, KIND, "recordingConfigurations", value)
    return {"recordingConfiguration": recording_view(made)}


@operation
def get_recording_configuration(service, request):
    return {"recordingConfiguration": recording_view(service.store.find(KIND, request["arn"]))}


@operation
def list_recording_configurations(service, request):
    return list_page(service, request, "ListRecordingConfigurations", service.store.of_kind(KIND),
                     PUBLISHED["recordingConfigurations"], view=recording_view)


@operation
def delete_recording_configuration(service, request):
    remove_unused(service, KIND, request["arn"], "recordingConfigurationArn")
