"""A simulated account that is the same each time it is made: both clients meet the same names, ids, tokens and times."""

import os
import random
import sys
import tempfile
import time

sys.dont_write_bytecode = True
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests"))

from simulator import pages, state  # noqa: E402
from simulator import fault_control  # noqa: E402
from simulator.errors import ServiceError  # noqa: E402
from simulator.ingest import describe  # noqa: E402
from simulator.journal import Journal  # noqa: E402
from simulator.operations import REGISTERED  # noqa: E402
from simulator.operations.streams import METADATA_PER_CHANNEL, go_live  # noqa: E402
from simulator.rates import Limiter  # noqa: E402
from simulator.server import Simulator  # noqa: E402
from simulator.settings import Settings  # noqa: E402

SIZE = 5  # resources of each kind that are listed


class SeededSecrets:
    """Stands in for Python's `secrets` in the simulator."""

    def __init__(self, seed):
        self._random = random.Random(seed)

    def choice(self, letters):
        return self._random.choice(letters)

    def token_bytes(self, count):
        return self._random.randbytes(count)


class World:
    """The simulator, in this process. `names` are what the words of a case can name, such as {channel}."""

    def __init__(self, **settings):
        self.folder = tempfile.TemporaryDirectory(prefix="ivs-aws-cli-")
        settings = Settings(recording_delay=0.0, ingest_host="ingest.example", **settings)
        self.simulator = Simulator(settings, Journal(), self.folder.name)
        self.simulator.start()
        self.service = self.simulator.service
        self.journal = self.simulator.journal
        self.environment = self.simulator.environment()
        self.names = {}

    def stop(self):
        self.simulator.stop()
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def empty(self, seed=1, at=None):
        """An empty account. at: the time it has from now on, standing still."""
        with self.service.lock:
            state.secrets = pages.secrets = SeededSecrets(seed)
            moment = time.time() if at is None else at
            self.service.clock.now = lambda: moment + self.service.clock.skew
            self.service.settings.metadata_limit = False
            self.service.reset()
            self.journal.clear()

    @staticmethod
    def moment():
        """A time to stop at. Signatures made within the next minutes are good."""
        return time.time()

    def call(self, operation, **members):
        return REGISTERED[operation](self.service, members)

    def build(self, keys, at=None):
        """An account with a few of everything. keys: public keys to import."""
        self.empty(at=at)
        with self.service.lock:
            self.names = self._fill(keys)

    def exhaust(self, channel):
        """No more metadata for the channel, ever."""
        with self.service.lock:
            self.service.settings.metadata_limit = True
            self.service.limiter = Limiter(lambda: 0.0)
            try:
                while True:
                    self.service.limiter.take(("metadata", channel), METADATA_PER_CHANNEL)
            except ServiceError:
                pass

    def fault(self, body):
        """What goes wrong, as the body of a control call."""
        fault_control.set_faults(self.service, body)

    def random(self, seed):
        """Answers by chance from now on, the same for the same seed."""
        with self.service.lock:
            self.service.random.switch(True, seed)
            self.journal.clear()

    def _fill(self, keys):
        call = self.call
        recordings = [call("CreateRecordingConfiguration", name=f"recording-{i}", tags={"n": str(i)},
                           destinationConfiguration={"s3": {"bucketName": f"bucket-{i}"}})["recordingConfiguration"]["arn"]
                      for i in range(SIZE)]
        policies = [call("CreatePlaybackRestrictionPolicy", name=f"policy-{i}", allowedCountries=["AT", "CH"][:i % 3],
                         allowedOrigins=["https://example.com"])["playbackRestrictionPolicy"]["arn"] for i in range(SIZE)]
        ads = [call("CreateAdConfiguration", name=f"ads-{i}", mediaTailorPlaybackConfigurations=[
            {"playbackConfigurationArn": f"arn:aws:mediatailor:us-west-2:123456789012:playbackConfiguration/t{i}"}])
               ["adConfiguration"]["arn"] for i in range(SIZE)]
        pairs = [call("ImportPlaybackKeyPair", name=f"pair-{i}", publicKeyMaterial=key)["keyPair"]["arn"]
                 for i, key in enumerate(keys[1:])]
        made = [call("CreateChannel", name=f"channel-{i}", tags={"env": "test", "größe": "ä\t\"€\""}) for i in range(SIZE)]
        made.append(call("CreateChannel", name="all", latencyMode="NORMAL", recordingConfigurationArn=recordings[0],
                         playbackRestrictionPolicyArn=policies[0], adConfigurationArn=ads[0], authorized=True))
        made.append(call("CreateChannel"))
        channels = [answer["channel"]["arn"] for answer in made]
        streams = []
        for arn in [channels[5]] * SIZE + channels[:3] + channels[5:6]:
            self.service.streams.stop(arn)
            go_live(self.service, arn, describe({"width": "1920", "height": "1080", "bitrate": "4500000", "encoder": "x264"}))
            streams.append(self.service.streams.live(arn).stream_id)
        call("DeleteStreamKey", arn=made[4]["streamKey"]["arn"])
        return {
            "channel": channels[3], "keyless": channels[4], "second": channels[1], "live": channels[5], "stream": streams[-1],
            "past": streams[1], "key": made[3]["streamKey"]["arn"], "key2": made[2]["streamKey"]["arn"],
            "recording": recordings[1], "used_recording": recordings[0], "policy": policies[1], "used_policy": policies[0],
            "ads": ads[1], "used_ads": ads[0], "pair": pairs[0], "mediatailor":
                "arn:aws:mediatailor:us-west-2:123456789012:playbackConfiguration/main",
            "missing": "arn:aws:ivs:us-west-2:123456789012:channel/doesNotExist", "dir": self.folder.name,
            "ca": self.environment["AWS_CA_BUNDLE"], "http": self.environment["IVS_SIM_HTTP"],
            "https": self.environment["AWS_ENDPOINT_URL_IVS"],
        }
