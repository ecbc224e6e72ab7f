"""Opens the ends that the options ask for: where credentials come from, and the proxy."""

from .credentials_http import Container, Metadata
from .credentials_iot import DeviceProvider
from .credentials_sts import TokenService
from .proxy import Proxy
from .tls import server_context


class Ends:
    """By name; those not asked for are not there. `host` is the simulator."""

    def __init__(self, host, folder, certificate, key):
        settings = host.service.settings

        def context():
            return server_context(certificate, key, settings.tls)

        opened = []
        if settings.sts_port is not None:
            opened.append(TokenService(host, settings.sts_port, folder, context()))
        if settings.container_port is not None:
            opened.append(Container(host, settings.container_port))
        if settings.imds_port is not None:
            opened.append(Metadata(host, settings.imds_port))
        if settings.iot_port is not None:
            opened.append(DeviceProvider(host, settings.iot_port, folder, certificate, key))
        if settings.proxy_port is not None or settings.proxy_tls_port is not None:
            opened.append(Proxy(host, settings.proxy_port, settings.proxy_tls_port, context()))
        self.opened = {end.name: end for end in opened}

    def environment(self):
        return {name: value for end in self.opened.values()
                for name, value in end.environment().items()}

    def reset(self):
        for end in self.opened.values():
            end.reset()

    def describe(self):
        return {name: {**end.describe(), **end.tally.describe(),
                       "failures": end.failures.describe()}
                for name, end in self.opened.items()}
