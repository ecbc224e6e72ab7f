"""AWS IoT Core's credentials provider: HTTPS with a client certificate, from a role alias.

The device's certificate comes from a CA of its own, in the folder `device` beside the simulator's
certificates: ca.pem, device.pem, device.key.
"""

import re
import ssl
from pathlib import Path
from urllib.parse import unquote

from .control_body import Wrong, member
from .credentials import End, Refusal
from .tls import Authority, server_context
from .wire import Reply

HOST = "localhost"  # the endpoint's name, which a client has to give in SNI
THING = "simulated-device"
ROLE_ALIAS = "ivs-device"
LIFETIME = 3600  # seconds
ALIAS = re.compile(r"[A-Za-z0-9_=@-]{1,128}")
ROUTE = re.compile(r"/role-aliases/([^/]+)/credentials")
NAMES = {name: name for name in ("accessKeyId", "secretAccessKey", "sessionToken", "expiration")}


class Devices:
    """The CA of the devices, and the one device it is asked for at the start."""

    def __init__(self, folder, key_type):
        self.folder = Path(folder) / "device"
        self.folder.mkdir(mode=0o700, exist_ok=True)
        authority = Authority(self.folder, key_type, "IVS simulator device CA")
        self.ca = authority.certificate
        self.certificate, self.key = authority.issue(THING, hosts=f"DNS:{THING}", stem="device",
                                                     usage="clientAuth")


def mutual_context(certificate, key, versions, device_ca):
    context = server_context(certificate, key, versions)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(device_ca)
    context.sni_callback = check_server_name
    return context


def check_server_name(_secure, name, _context):
    """An alert for the client unless it names the endpoint; None goes on."""
    return None if name == HOST else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME


def thing_of(secure):
    """The name a client's certificate was made out to."""
    subject = secure.getpeercert()["subject"]
    return next((value for part in subject for name, value in part if name == "commonName"), "")


class DeviceProvider(End):
    name = "iot"
    operations = issuing = ("Credentials",)

    def __init__(self, host, port, folder, certificate, key):
        settings = host.service.settings
        self._devices = Devices(folder, settings.device_key)
        self.context = mutual_context(certificate, key, settings.tls, self._devices.ca)
        super().__init__(host, port)

    def reset_rules(self):
        self._alias = ROLE_ALIAS

    def change(self, body):
        alias = member(body, "roleAlias", (str,), "a role alias")
        if alias is not None and not ALIAS.fullmatch(alias):
            raise Wrong("roleAlias has to be 1 to 128 letters, digits, _, =, @ and -")
        self._alias = alias or self._alias

    def environment(self):
        devices = self._devices
        return {"IVS_SIM_IOT_ENDPOINT": f"{HOST}:{self.port}",
                "IVS_SIM_IOT_ROLE_ALIAS": self._alias, "IVS_SIM_IOT_THING": THING,
                "IVS_SIM_IOT_CERTIFICATE": str(devices.certificate),
                "IVS_SIM_IOT_KEY": str(devices.key), "IVS_SIM_IOT_DEVICE_CA": str(devices.ca)}

    def describe(self):
        devices = self._devices
        return {"url": f"https://{HOST}:{self.port}", "roleAlias": self._alias, "thing": THING,
                "certificate": str(devices.certificate), "key": str(devices.key),
                "deviceCa": str(devices.ca)}

    def refuse(self, refusal, call):
        return Reply.of_json(refusal.status, {"message": refusal.message},
                             [("x-amzn-RequestId", call.request_id),
                              ("x-amzn-ErrorType", refusal.code)])

    def operation(self, request):
        return "Credentials" if ROUTE.fullmatch(request.path) else ""

    def answer(self, asked):
        request, route = asked.request, ROUTE.fullmatch(asked.request.path)
        if route is None or request.method != "GET":
            raise Refusal(404, "ResourceNotFoundException", "Not Found")
        thing = thing_of(asked.secure)
        if any(name != thing for name in request.all("x-amzn-iot-thingname")):
            raise Refusal(403, "AccessDeniedException", "Invalid thing name passed")
        alias = unquote(route.group(1))
        if not ALIAS.fullmatch(alias):
            raise Refusal(400, "InvalidRequestException", "Invalid role alias")
        if alias != self._alias:
            raise Refusal(404, "ResourceNotFoundException", "Role alias does not exist")
        role_arn = f"arn:aws:iam::{self.settings.account}:role/{alias}"
        issued = self.issue(asked, role_arn, thing, LIFETIME)
        asked.call.access_key = issued.credential.access_key
        return Reply.of_json(200, {"credentials": self.members(asked, issued, NAMES)},
                             [("x-amzn-RequestId", asked.call.request_id)])
