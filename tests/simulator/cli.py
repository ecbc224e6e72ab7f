"""The command line of scripts/ivs-sim."""

import argparse
import ctypes
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

from .issuer import LIFETIME_MAX
from .journal import Journal
from .nginx import IngestError
from .server import Simulator
from .settings import Settings
from .sockets import PortError
from .tls import KEY_OPTIONS, KINDS, CertificateError

PR_SET_PDEATHSIG = 1
SI_KERNEL = 0x80  # the terminal sent the signal, to the whole foreground group
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

EPILOG = """\
Without --run it prints export lines for a shell when it is ready, and serves until Ctrl-C:

  scripts/ivs-sim > sim.env &          then:  . ./sim.env
  scripts/ivs-sim --run aws --endpoint-url ... ivs list-channels

It listens on loopback only. Control calls are described in tests/simulator/README.md.
"""


class Failure(Exception):
    """Something a person can put right; the text is one line, `code` the exit status."""

    def __init__(self, text, code=1):
        super().__init__(text)
        self.code = code


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"ivs-sim: {message} (ivs-sim --help lists the options)\n")


def port(text):
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no port: give 0 to 65535")
    return int(text)


def seconds(text):
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 86400:
        raise argparse.ArgumentTypeError(f"'{text}' is no time in seconds")
    return value


def skew(text):
    try:
        value = float(text)
    except ValueError:
        value = float("inf")
    if not abs(value) <= 50 * 365 * 86400:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds")
    return value


def count(text):
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is no count")
    return int(text)


def plain(text):
    if not text or not all("!" <= c <= "~" for c in text):
        raise argparse.ArgumentTypeError("only printable ASCII without spaces is possible here")
    return text


def user(text):
    if ":" not in plain(text):
        raise argparse.ArgumentTypeError("give USER:PASSWORD")
    return text


def lifetime(text):
    if not 1 <= count(text) <= LIFETIME_MAX:
        raise argparse.ArgumentTypeError(f"'{text}' is no life time: give 1 to {LIFETIME_MAX}")
    return int(text)


def add_ends(parser, d):
    group = parser.add_argument_group(
        "where credentials come from, and a proxy",
        "Each is there only when asked for; N is its port (any free one). The exports name it.")

    def add_end(name, text):
        group.add_argument(name, nargs="?", type=port, const=0, metavar="N", help=text,
                           dest=f"{name[2:].replace('-', '_')}_port")

    add = group.add_argument
    add_end("--sts", "AWS STS: AssumeRole and AssumeRoleWithWebIdentity, over HTTPS")
    add("--web-identity", action="store_true",
        help="--sts, and its web identity token is in the exports")
    add_end("--container", "the container endpoint, as of ECS, EKS and Greengrass")
    add("--container-token", type=plain, metavar="TOKEN",
        help="the container endpoint asks for this token")
    add_end("--imds", "EC2's instance metadata service")
    add("--imds-v1", action="store_true", help="--imds answers without a token as well")
    add_end("--iot", "AWS IoT Core's credentials provider, over mutual TLS")
    add("--device-key", choices=tuple(KEY_OPTIONS), default=d.device_key,
        help=f"kind of key in the device's certificate ({d.device_key})")
    add("--lifetime", type=lifetime, metavar="SECONDS",
        help="all that is issued is good for this long (as the real ends would have it)")
    add("--no-keys", action="store_true",
        help="exports blank the access key, so that clients turn to the ends above")
    add_end("--proxy", "an HTTP proxy for CONNECT to loopback; the exports make it be used")
    add_end("--proxy-tls", "the same, reached by TLS")
    add("--proxy-user", type=user, metavar="USER:PASSWORD",
        help="the proxy asks for these")


def make_parser():
    d = Settings()
    parser = Parser(prog="ivs-sim", description="A simulator of the Amazon IVS control plane.",
                    epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--https-port", type=port, default=0, metavar="N", help="HTTPS port (0: any free one)")
    add("--http-port", type=port, default=0, metavar="N", help="plain HTTP and control port")
    add("--ingest-port", type=port, default=0, metavar="N", help="port encoders connect to")
    add("--region", type=plain, default=d.region, help=f"region served ({d.region})")
    add("--access-key", type=plain, default=d.access_key, metavar="ID",
        help=f"the one access key id ({d.access_key})")
    add("--secret-key", type=plain, default=d.secret_key, metavar="KEY", help="its secret key")
    add("--session-token", type=plain, metavar="TOKEN",
        help="makes the credentials temporary: requests have to carry this token")
    add("--dir", default="", metavar="DIR",
        help="keep certificates in DIR and use its CA again (else a temporary folder)")
    add("--log", default="", metavar="FILE", help="append the request log to FILE, not to stderr")
    add("--quiet", action="store_true", help="no log on stderr")
    add("--clock-skew", type=skew, default=0.0, metavar="SECONDS",
        help="the service's clock is this far ahead (negative: behind)")
    add("--no-metadata-limit", action="store_true", help="no 5 PutMetadata a second per channel")
    add("--enforce-rates", action="store_true", help="the account's request-rate quotas hold")
    add("--enforce-quotas", action="store_true", help="the account's other quotas hold")
    add("--channel-quota", type=count, metavar="N",
        help="channels the account can have (any number)")
    add("--stream-quota", type=count, metavar="N", help="concurrent streams (any number)")
    add("--recording-delay", type=seconds, default=d.recording_delay, metavar="SECONDS",
        help=f"a new recording configuration is CREATING for this long ({d.recording_delay})")
    add("--random", type=count, metavar="SEED",
        help="valid requests get random answers that follow from SEED")
    add("--ingest-host", type=plain, metavar="NAME",
        help="name channels give as ingest endpoint (localhost:PORT of this simulator)")
    add("--srt-host", type=plain, metavar="NAME",
        help="name channels give as SRT endpoint (one that is not there)")
    add("--ingest", action="store_true",
        help="nginx receives RTMP on the ingest port, under TLS, and plain where a channel allows")
    add("--record", default="", metavar="DIR",
        help="--ingest, and what is received is kept in DIR as .flv files")
    add("--start-delay", type=seconds, default=d.start_delay, metavar="SECONDS",
        help=f"from an encoder's connection to LIVE ({d.start_delay})")
    add("--hold", type=seconds, default=d.hold, metavar="SECONDS",
        help=f"a stream outlives its connection by this ({d.hold}; the real service: 30)")
    add("--starve-after", type=seconds, default=d.starve_after, metavar="SECONDS",
        help=f"without media the health is STARVING after this ({d.starve_after})")
    add("--idle-timeout", type=seconds, default=d.idle_timeout, metavar="SECONDS",
        help=f"kept connections close after this ({d.idle_timeout})")
    add("--tls", choices=("1.2", "1.3", "both"), default=d.tls, help="TLS versions offered (both)")
    add("--key-type", choices=tuple(KEY_OPTIONS), default=d.key_type,
        help=f"kind of key in the certificates ({d.key_type})")
    add("--certificate", choices=tuple(KINDS), default=d.certificate,
        help="what is wrong with the server's certificate (good: nothing)")
    add_ends(parser, d)
    add("--detached", action="store_true", help="go on when the parent process ends")
    add("--run", nargs=argparse.REMAINDER, metavar="COMMAND",
        help="run COMMAND and its arguments with the variables set, end when it ends, "
             "exit with its code; must be the last option")
    return parser


def settings_from(options):
    names = ("https_port", "http_port", "ingest_port", "region", "access_key", "secret_key",
             "session_token", "clock_skew", "enforce_rates", "enforce_quotas", "channel_quota",
             "stream_quota", "recording_delay", "random", "ingest_host", "srt_host", "start_delay",
             "hold", "starve_after", "idle_timeout", "tls", "key_type", "certificate",
             "web_identity", "container_port", "container_token", "imds_port", "imds_v1",
             "iot_port", "device_key", "lifetime", "proxy_port", "proxy_tls_port", "proxy_user")
    chosen = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    sts_port = 0 if options.sts_port is None and options.web_identity else options.sts_port
    return Settings(**chosen, directory=options.dir, metadata_limit=not options.no_metadata_limit,
                    static_keys=not options.no_keys, sts_port=sts_port,
                    ingest=options.ingest or bool(options.record),
                    record=options.record and os.path.abspath(options.record))


def die_with_parent(signal_number=signal.SIGTERM):
    """Asks for a signal when the parent ends; nothing happens where there is no prctl."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
    except (OSError, AttributeError):
        pass


def open_log(options):
    if options.log:
        try:
            return open(options.log, "a", encoding="utf-8")
        except OSError as error:
            raise Failure(f"cannot write {options.log}: {error.strerror}") from None
    return None if options.quiet else sys.stderr


def prepare_child():
    """In the child, before its program: it dies with us, and signals reach it again."""
    die_with_parent()
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def spawn(arguments, environment):
    """Started before any thread is, which keeps preexec_fn safe."""
    try:
        return subprocess.Popen(arguments, env={**os.environ, **environment},
                                preexec_fn=prepare_child)
    except FileNotFoundError:
        raise Failure(f"cannot run '{arguments[0]}': no such command", 127) from None
    except OSError as error:
        raise Failure(f"cannot run '{arguments[0]}': {error.strerror}", 126) from None


def wait_for_child(child):
    """Passes signals on until the child ends; its exit code as a shell gives it."""
    while child.poll() is None:
        caught = signal.sigwaitinfo((*ENDING, signal.SIGCHLD))
        if caught.si_signo != signal.SIGCHLD and caught.si_code != SI_KERNEL:
            child.send_signal(caught.si_signo)
    code = child.returncode
    return 128 - code if code < 0 else code


def announce(environment):
    lines = "".join(f"export {n}={shlex.quote(v)}\n" for n, v in environment.items())
    try:
        os.write(1, lines.encode())
    except OSError:
        raise Failure("nobody reads the export lines: standard output is closed") from None


def serve(options, folder, log):
    settings = settings_from(options)
    child = None
    try:
        simulator = Simulator(settings, Journal(log), folder)
        if options.run:
            child = spawn(options.run, simulator.environment())
        simulator.start()
    except (PortError, CertificateError, IngestError) as error:
        raise Failure(str(error)) from None
    try:
        if child is not None:
            return wait_for_child(child)
        announce(simulator.environment())
        signal.sigwaitinfo(ENDING)
        return 0
    finally:
        simulator.stop()


def run(options):
    parent = os.getppid()
    signal.pthread_sigmask(signal.SIG_BLOCK, (*ENDING, signal.SIGCHLD))
    if not options.detached:
        die_with_parent()
        if os.getppid() != parent:
            return 0
    log = open_log(options)
    if options.dir:
        try:
            os.makedirs(options.dir, mode=0o700, exist_ok=True)
            return serve(options, os.path.abspath(options.dir), log)
        except OSError as error:
            raise Failure(f"cannot use {options.dir}: {error.strerror or error}") from None
    folder = tempfile.mkdtemp(prefix="ivs-sim-")
    try:
        return serve(options, folder, log)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments=None):
    parser = make_parser()
    options = parser.parse_args(arguments)
    if options.run is not None and not options.run:
        parser.error("--run needs a command")
    try:
        return run(options)
    except Failure as failure:
        print(f"ivs-sim: {failure}", file=sys.stderr)
        return failure.code
