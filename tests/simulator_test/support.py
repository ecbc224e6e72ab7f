"""What the simulator's tests share: a running simulator, signed requests, real clients."""

import atexit
import http.client
import json
import os
import shlex
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IVS_SIM = ROOT / "scripts" / "ivs-sim"
ENCODER = ROOT / "scripts" / "stand-in-encoder"
PYTHON = "/usr/bin/python3"
AWS = "/usr/bin/aws"
DEADLINE = 10.0

sys.dont_write_bytecode = True
os.environ["NO_PROXY"] = "localhost,127.0.0.1"
sys.path.insert(0, str(ROOT / "tests"))

import botocore  # noqa: E402
import botocore.auth  # noqa: E402
import botocore.awsrequest  # noqa: E402
import botocore.config  # noqa: E402
import botocore.credentials  # noqa: E402
import botocore.session  # noqa: E402

from simulator.journal import Journal  # noqa: E402
from simulator.server import Simulator  # noqa: E402
from simulator.settings import ACCESS_KEY, SECRET_KEY, Settings  # noqa: E402


def export_model():
    """A folder for AWS_DATA_PATH: the tools' own copy of the API is older than ours."""
    folder = tempfile.TemporaryDirectory(prefix="ivs-model-")
    atexit.register(folder.cleanup)
    subprocess.run([PYTHON, str(ROOT / "scripts" / "generate.py"), "--service-2", folder.name],
                   check=True, capture_output=True, text=True, timeout=DEADLINE)
    return folder.name


DATA_PATH = export_model()


def make_session():
    session = botocore.session.Session()
    session.set_config_variable("config_file", "/nonexistent")
    session.set_config_variable("data_path", DATA_PATH)
    return session


SESSION = make_session()  # one for all: it reads its large data files once

MISSING = "arn:aws:ivs:us-west-2:123456789012:channel/doesNotExist"


def public_key(curve="P-384", form="PEM"):
    """The public half of a fresh key, by openssl."""
    key = subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
                          f"ec_paramgen_curve:{curve}"], check=True, capture_output=True)
    return convert_key(key.stdout, "-pubout", form=form)


def convert_key(key, *options, form="PEM"):
    done = subprocess.run(["openssl", "pkey", *options, "-outform", form], input=key, check=True,
                          capture_output=True)
    return done.stdout if form == "DER" else done.stdout.decode()


def versions(*names):
    known = {
        "python": lambda: sys.version.split()[0],
        "botocore": lambda: botocore.__version__,
        "openssl": lambda: output(["openssl", "version"]),
        "aws": lambda: output([AWS, "--version"]),
    }
    print("versions:", "; ".join(f"{name} {known[name]()}" for name in names), flush=True)


def output(arguments):
    """Raises, so that the test fails, when the program is missing."""
    return subprocess.run(arguments, check=True, capture_output=True, text=True,
                          timeout=DEADLINE).stdout.strip()


def wait_for(condition, what):
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"it did not happen in {DEADLINE} s: {what}")


class Running:
    """A simulator in this process."""

    def __init__(self, **settings):
        self.folder = tempfile.TemporaryDirectory(prefix="ivs-sim-test-")
        self.log = open(Path(self.folder.name) / "log", "w+", encoding="utf-8")
        self.simulator = Simulator(Settings(**settings), Journal(self.log), self.folder.name)
        self.simulator.start()
        self.service = self.simulator.service
        self.environment = self.simulator.environment()
        self.ca = self.environment["AWS_CA_BUNDLE"]

    def stop(self):
        self.simulator.stop()
        self.log.close()
        self.folder.cleanup()

    def log_text(self):
        return Path(self.log.name).read_text(encoding="utf-8")

    def client(self, **options):
        return make_client(self.environment, **options)

    def control(self, name, body=None):
        return control(self.environment, name, body)

    def connect(self):
        """A verified HTTPS connection for hand-made requests."""
        return http.client.HTTPSConnection("localhost", self.simulator.https_port, timeout=DEADLINE,
                                           context=ssl.create_default_context(cafile=self.ca))

    def post(self, operation, body, **options):
        """A signed request with any body at all: (status, headers, decoded JSON or None)."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        url = f"https://localhost:{self.simulator.https_port}/{operation}"
        return send(self.connect(), sign("POST", url, data, **options))


class Process:
    """A simulator as users start it, by scripts/ivs-sim."""

    def __init__(self, *options):
        self.child = subprocess.Popen([PYTHON, str(IVS_SIM), *options], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True)
        self.environment = {}
        for line in self.child.stdout:
            name, _, value = line.removeprefix("export ").strip().partition("=")
            self.environment[name] = "".join(shlex.split(value))
            if name == "IVS_SIM_HTTP":
                return
        raise AssertionError(f"the simulator did not start: {self.child.stderr.read()}")

    def stop(self):
        """Ends it as a user would; its (exit code, log)."""
        self.child.terminate()
        _, log = self.child.communicate(timeout=DEADLINE)
        return self.child.returncode, log


def control(environment, name, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{environment['IVS_SIM_CONTROL']}/{name}", data)
    with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
        return json.load(answer)


def make_client(environment, session=SESSION, **options):
    """A botocore client that never retries, with verified TLS."""
    return session.create_client(
        "ivs", region_name=options.get("region", environment["AWS_REGION"]),
        endpoint_url=environment["AWS_ENDPOINT_URL_IVS"], verify=environment["AWS_CA_BUNDLE"],
        aws_access_key_id=options.get("access_key", environment["AWS_ACCESS_KEY_ID"]),
        aws_secret_access_key=options.get("secret_key", environment["AWS_SECRET_ACCESS_KEY"]),
        aws_session_token=options.get("token", environment.get("AWS_SESSION_TOKEN")),
        config=botocore.config.Config(retries={"max_attempts": 0}, parameter_validation=False,
                                      connect_timeout=DEADLINE, read_timeout=DEADLINE))


def sign(method, url, data=b"", headers=None, token=None, access_key=ACCESS_KEY,
         secret_key=SECRET_KEY, region="us-west-2"):
    """A request signed by botocore."""
    request = botocore.awsrequest.AWSRequest(method, url, headers or {}, data)
    credentials = botocore.credentials.Credentials(access_key, secret_key, token)
    botocore.auth.SigV4Auth(credentials, "ivs", region).add_auth(request)
    return request.prepare()


def send(connection, prepared):
    target = prepared.url.split("/", 3)[3]
    connection.request(prepared.method, "/" + target, prepared.body, dict(prepared.headers))
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, answer.headers, json.loads(text) if text else None


def clean_environment(environment):
    """For child processes: nothing of the caller's AWS configuration, and no configuration file."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "IVS_"))}
    return {**own, **environment, "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "AWS_PAGER": "",
            "AWS_DATA_PATH": DATA_PATH}
