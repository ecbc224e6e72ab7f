"""What the tests of the recipes for firmware share: a live channel of the simulator, and which sources have to be there."""

import json
import pathlib
import sys
from collections import Counter

from support import BUILD, TOP, cached, do, pinned

sys.path.insert(0, str(TOP / "tests" / "faults"))
from rig import Simulator  # noqa: E402  (the path has to be set first)


def core_sources():
    return {str(path.relative_to(TOP)) for path in (TOP / "core/src").glob("*.c")}


def tls_sources():
    """Of the TLS port, what a machine without files takes."""
    return {str(path.relative_to(TOP)) for path in (TOP / "platform/mbedtls").glob("*.c")} - {"platform/mbedtls/roots_file.c"}


def compiled(build):
    """How often each source of ours was compiled in a build folder, by its path from the top."""
    commands = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    files = [pathlib.Path(c["file"]).resolve() for c in commands]
    return Counter(str(f.relative_to(TOP)) for f in files if TOP in f.parents)


def mbedtls_config(folder):
    """A configuration for programs that use PSA's hashes and are linked with the build's mbedTLS, as it was built."""
    path = pathlib.Path(folder) / "mbedtls_as_built.h"
    undo = "" if cached("IVS_CRYPTO") == "psa" else "#undef MBEDTLS_USE_PSA_CRYPTO\n"
    path.write_text(f'#include "{TOP}/platform/mbedtls/user_config.h"\n{undo}')
    return path


def mbedtls():
    """The pinned mbedTLS: its folder and the library of the build."""
    return pinned("mbedtls"), BUILD / "libivs_mbedtls.a"


class Service:
    """A simulator with a channel that is live."""

    def __init__(self):
        self.simulator = Simulator("--tls", "both")
        self.environment = self.simulator.environment
        said = do("/usr/bin/aws", "ivs", "create-channel", "--name", "packed",
                  "--endpoint-url", self.environment["AWS_ENDPOINT_URL_IVS"],
                  env={"PATH": "/usr/bin:/bin", "AWS_CONFIG_FILE": "/dev/null", **self.environment})
        self.arn = json.loads(said)["channel"]["arn"]
        self.simulator.control("live", {"channelArn": self.arn, "live": True})

    def items(self):
        """The items that the service accepted, in their order."""
        accepted = self.simulator.control("metadata")["metadata"]
        return [item["item"] for entry in accepted for item in json.loads(entry["metadata"])]

    def values(self):
        """What a device is told: region, ARN, keys, endpoint and the file of roots."""
        names = ("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_IVS", "AWS_CA_BUNDLE")
        region, key, secret, endpoint, roots = (self.environment[name] for name in names)
        return {"REGION": region, "CHANNEL_ARN": self.arn, "ACCESS_KEY_ID": key, "SECRET_ACCESS_KEY": secret,
                "ENDPOINT": endpoint, "ROOTS_FILE": roots}

    def stop(self):
        self.simulator.stop()
