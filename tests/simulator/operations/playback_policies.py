"""Playback restriction policies."""

import re

from ..errors import invalid
from .common import list_page, new_resource, operation, remove_unused

KIND = "playback-restriction-policy"
# ISO 3166-1 alpha-2, the officially assigned codes.
COUNTRIES = frozenset("""
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
""".split())
ORIGIN = re.compile(r"null|[a-z][a-z0-9+.-]*://[^/?#@\s]+")


def check_policy(service, policy):
    for country in policy["allowedCountries"]:
        if country not in COUNTRIES:
            raise invalid(f"allowedCountries: '{country}' is no country code of ISO 3166-1")
    for origin in policy["allowedOrigins"]:
        if not ORIGIN.fullmatch(origin):
            raise invalid(f"allowedOrigins: '{origin}' is no origin such as https://example.com")
    service.quotas.check("policyCountries", len(policy["allowedCountries"]))
    service.quotas.check("policyOrigins", len(policy["allowedOrigins"]))


@operation
def create_playback_restriction_policy(service, request):
    value = {"allowedCountries": [], "allowedOrigins": [], "enableStrictOriginEnforcement": False,
             "name": "", **request}
    check_policy(service, value)
    made = new_resource(service, KIND, "playbackRestrictionPolicies", value)
    return {"playbackRestrictionPolicy": made.value}


@operation
def get_playback_restriction_policy(service, request):
    return {"playbackRestrictionPolicy": service.store.find(KIND, request["arn"]).value}


@operation
def list_playback_restriction_policies(service, request):
    return list_page(service, request, "ListPlaybackRestrictionPolicies",
                     service.store.of_kind(KIND), 1)


@operation
def update_playback_restriction_policy(service, request):
    """Channels that use it do not stand in the way."""
    policy = service.store.find(KIND, request["arn"])
    value = {**policy.value, **request}
    check_policy(service, value)
    policy.value = value
    return {"playbackRestrictionPolicy": value}


@operation
def delete_playback_restriction_policy(service, request):
    remove_unused(service, KIND, request["arn"], "playbackRestrictionPolicyArn")
