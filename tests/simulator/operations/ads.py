"""Ad configurations, and the ad breaks they make possible."""

from ..errors import conflict, invalid, not_found
from ..quotas import PUBLISHED
from ..state import AD_BREAK_TYPE, random_id
from .common import list_page, new_resource, operation, remove_unused

KIND = "ad-configuration"
AD_BREAK_ID_LENGTH = 12


def check_media_tailor(service, configurations):
    """MediaTailor's part has to be in the account and the region; that it exists is assumed."""
    for configuration in configurations:
        arn = configuration.get("playbackConfigurationArn")
        if not arn:
            raise invalid("mediaTailorPlaybackConfigurations: playbackConfigurationArn is required")
        if arn.split(":")[3:5] != [service.region, service.settings.account]:
            raise not_found(arn)


@operation
def create_ad_configuration(service, request):
    check_media_tailor(service, request["mediaTailorPlaybackConfigurations"])
    value = {"name": "", "postRollConfiguration": {"durationSeconds": 15, "enabled": False},
             **request}
    return {"adConfiguration": new_resource(service, KIND, "adConfigurations", value).value}


@operation
def get_ad_configuration(service, request):
    return {"adConfiguration": service.store.find(KIND, request["arn"]).value}


@operation
def list_ad_configurations(service, request):
    return list_page(service, request, "ListAdConfigurations", service.store.of_kind(KIND),
                     PUBLISHED["adConfigurations"])


@operation
def update_ad_configuration(service, request):
    """Channels that use it do not stand in the way."""
    configuration = service.store.find(KIND, request["arn"])
    check_media_tailor(service, request.get("mediaTailorPlaybackConfigurations", []))
    configuration.value = {**configuration.value, **request}
    return {"adConfiguration": configuration.value}


@operation
def delete_ad_configuration(service, request):
    remove_unused(service, KIND, request["arn"], "adConfigurationArn")


@operation
def insert_ad_break(service, request):
    """One break at a time: it lasts as long as it was asked to, by the service's clock."""
    arn, seconds = request["channelArn"], request["durationSeconds"]
    service.store.find("channel", arn)
    session = service.streams.must_be_live(arn)
    if not session.channel["adConfigurationArn"]:
        raise invalid(f"Channel {arn} has no ad configuration")
    now = service.clock.now()
    if now < session.ad_break_end:
        raise conflict(f"Channel {arn} has an ad break in progress")
    session.ad_break_end = now + seconds
    session.note("Ad Break Inserted", AD_BREAK_TYPE, service.clock.iso8601())
    ad_break = random_id(AD_BREAK_ID_LENGTH)
    service.streams.ad_breaks.append({
        "adBreakId": ad_break, "channelArn": arn, "streamId": session.stream_id,
        "durationSeconds": seconds, "time": service.clock.iso8601()})
    return {"adBreakId": ad_break}
