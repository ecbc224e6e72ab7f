"""scripts/ivs-sim as a user meets it: options, ports, signals, --run, certificates, clean exits."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import (DEADLINE, IVS_SIM, PYTHON, Process, clean_environment, control,  # noqa: E402
                     make_client, output, versions, wait_for)


def run(*arguments, **options):
    return subprocess.run([PYTHON, str(IVS_SIM), *arguments], capture_output=True, text=True,
                          timeout=DEADLINE, stdin=subprocess.DEVNULL, **options)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Options(unittest.TestCase):
    def one_line(self, code, text, *arguments):
        done = run(*arguments)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn(text, done.stderr)
        self.assertTrue(done.stderr.startswith("ivs-sim: "))

    def test_help(self):
        done = run("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for option in ("--https-port", "--run", "--clock-skew", "--certificate"):
            self.assertIn(option, done.stdout)

    def test_wrong_options(self):
        self.one_line(2, "--nonsense", "--nonsense")
        self.one_line(2, "no port", "--https-port", "70000")
        self.one_line(2, "no time", "--hold", "-1")
        self.one_line(2, "no count", "--random", "x")
        self.one_line(2, "--certificate", "--certificate", "odd")
        self.one_line(2, "--run needs a command", "--run")

    def test_a_taken_port(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            number = str(taken.getsockname()[1])
            for option in ("--https-port", "--http-port", "--ingest-port"):
                self.one_line(1, f"port {number}", option, number)

    def test_unusable_files(self):
        self.one_line(1, "cannot write /nonexistent/log", "--log", "/nonexistent/log")
        self.one_line(1, "cannot use /dev/null/x", "--dir", "/dev/null/x")

    def test_without_openssl(self):
        with tempfile.TemporaryDirectory() as empty:
            done = run(env={"PATH": empty})
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1), done.stderr)
        self.assertIn("openssl", done.stderr)


class Serving(unittest.TestCase):
    def test_signals_end_it_and_nothing_stays(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            simulator = Process("--quiet")
            folder = os.path.dirname(simulator.environment["AWS_CA_BUNDLE"])
            self.assertEqual(os.stat(folder).st_mode & 0o777, 0o700)
            with closing(make_client(simulator.environment)) as client:
                client.list_channels()
            simulator.child.send_signal(number)
            out, err = simulator.child.communicate(timeout=DEADLINE)
            self.assertEqual((simulator.child.returncode, out, err), (0, "", ""))
            self.assertFalse(os.path.exists(folder))

    def test_the_exports_can_be_evaluated(self):
        with tempfile.NamedTemporaryFile("w+") as file:
            with subprocess.Popen([PYTHON, str(IVS_SIM), "--quiet", "--session-token", "t'$o"],
                                  stdout=file) as child:
                wait_for(lambda: "IVS_SIM_HTTP" in Path(file.name).read_text(), "ready")
                shown = output(["bash", "-c", f". {file.name}; printf %s \"$AWS_SESSION_TOKEN\""])
                child.terminate()
        self.assertEqual(shown, "t'$o")

    def test_only_loopback(self):
        simulator = Process("--quiet")
        try:
            port = simulator.environment["IVS_SIM_HTTP"].rsplit(":", 1)[1]
            lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
            sockets = [line.split() for line in lines]
            suffix = f":{int(port):04X}"
            listening = [s[1] for s in sockets if s[3] == "0A" and s[1].endswith(suffix)]
            self.assertEqual(listening, ["0100007F" + suffix])
        finally:
            simulator.stop()

    def test_it_ends_with_its_parent(self):
        script = f"{PYTHON} {IVS_SIM} --quiet & echo $!; sleep 60"
        with subprocess.Popen(["bash", "-c", script], stdout=subprocess.PIPE, text=True,
                              start_new_session=True) as shell:
            pid = int(shell.stdout.readline())
            wait_for(lambda: shell.stdout.readline().startswith("export IVS_SIM_HTTP"), "ready")
            shell.kill()
            wait_for(lambda: not alive(pid), "the simulator's end")
            os.killpg(shell.pid, signal.SIGKILL)  # the sleep

    def test_log_file(self):
        with tempfile.NamedTemporaryFile("r") as log:
            simulator = Process("--log", log.name)
            with closing(make_client(simulator.environment)) as client:
                client.list_channels()
            _, err = simulator.stop()
            self.assertEqual(err, "")
            self.assertIn("POST /ListChannels ListChannels AKIDSIMULATOR 200 ok", log.read())

    def test_options_that_change_answers(self):
        simulator = Process("--quiet", "--region", "eu-west-1", "--ingest-host", "ingest.example",
                            "--channel-quota", "1", "--clock-skew", "-100", "--access-key",
                            "AKIDME", "--secret-key", "s/e+c", "--enforce-quotas",
                            "--recording-delay", "0")
        try:
            with closing(make_client(simulator.environment)) as client:
                channel = client.create_channel()["channel"]
                recording = client.create_recording_configuration(
                    destinationConfiguration={"s3": {"bucketName": "recordings"}})
            self.assertEqual(recording["recordingConfiguration"]["state"], "ACTIVE")
            self.assertTrue(channel["arn"].startswith("arn:aws:ivs:eu-west-1:"))
            self.assertEqual(channel["ingestEndpoint"], "ingest.example")
            state = control(simulator.environment, "state")
            self.assertEqual((state["clockSkew"], state["quotas"]["channels"],
                              state["quotas"]["playbackKeyPairs"]), (-100, 1, 3))
        finally:
            simulator.stop()


class Run(unittest.TestCase):
    def test_exit_codes(self):
        for command, wanted in ((["false"], 1), (["true"], 0), (["sh", "-c", "exit 42"], 42),
                                (["sh", "-c", "kill -9 $$"], 137)):
            self.assertEqual(run("--quiet", "--run", *command).returncode, wanted)

    def test_commands_that_cannot_be_run(self):
        with tempfile.TemporaryDirectory() as folder:
            for command, code in (("no-such-command-here", 127), ("/etc/passwd", 126)):
                done = run("--quiet", "--run", command, env={**os.environ, "TMPDIR": folder})
                self.assertEqual((done.returncode, done.stderr.count("\n")), (code, 1), done.stderr)
                self.assertIn(command, done.stderr)
            self.assertEqual(os.listdir(folder), [])

    def test_the_command_gets_the_variables_and_its_own_arguments(self):
        done = run("--quiet", "--run", "sh", "-c", 'echo "$AWS_ENDPOINT_URL_IVS $1"', "x", "--help",
                   env=clean_environment({}))
        self.assertRegex(done.stdout, r"^https://localhost:\d+ --help\n$")

    def test_signals_reach_the_command(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            script = "trap 'echo got; exit 7' TERM INT; echo ready; while :; do sleep 0.05; done"
            with subprocess.Popen([PYTHON, str(IVS_SIM), "--quiet", "--run", "bash", "-c", script],
                                  stdout=subprocess.PIPE, text=True) as child:
                self.assertEqual(child.stdout.readline(), "ready\n")
                child.send_signal(number)
                self.assertEqual(child.stdout.read(), "got\n")
                self.assertEqual(child.wait(DEADLINE), 7)

    def test_the_command_ends_with_a_killed_simulator(self):
        with tempfile.TemporaryDirectory() as folder:  # takes what SIGKILL leaves behind
            with subprocess.Popen([PYTHON, str(IVS_SIM), "--quiet", "--run", "sh", "-c",
                                   "echo $$; exec sleep 60"], stdout=subprocess.PIPE, text=True,
                                  env={**os.environ, "TMPDIR": folder}) as child:
                pid = int(child.stdout.readline())
                child.kill()
                wait_for(lambda: not alive(pid), "the command's end")


class Certificates(unittest.TestCase):
    def handshake(self, simulator, host="localhost", version=None):
        context = ssl.create_default_context(cafile=simulator.environment["AWS_CA_BUNDLE"])
        if version:
            context.minimum_version = context.maximum_version = version
        port = int(simulator.environment["AWS_ENDPOINT_URL_IVS"].rsplit(":", 1)[1])
        with socket.create_connection((host, port), DEADLINE) as sock:
            with context.wrap_socket(sock, server_hostname=host) as secure:
                return secure.version()

    def test_good_for_every_loopback_name(self):
        for key_type in ("ecdsa", "rsa"):
            simulator = Process("--quiet", "--key-type", key_type)
            try:
                for host in ("localhost", "127.0.0.1"):
                    self.assertEqual(self.handshake(simulator, host), "TLSv1.3")
                self.assertEqual(self.handshake(simulator, version=ssl.TLSVersion.TLSv1_2),
                                 "TLSv1.2")
            finally:
                simulator.stop()

    def test_odd_ones_are_refused_for_their_own_reason(self):
        reasons = {"expired": "expired", "not-yet-valid": "not yet valid",
                   "wrong-host": "Hostname mismatch", "other-ca": "unable to get local issuer"}
        for kind, reason in reasons.items():
            simulator = Process("--quiet", "--certificate", kind)
            try:
                with self.assertRaises(ssl.SSLCertVerificationError) as caught:
                    self.handshake(simulator)
                self.assertIn(reason, str(caught.exception))
            finally:
                simulator.stop()

    def test_tls_versions(self):
        for option, refused in (("1.2", ssl.TLSVersion.TLSv1_3), ("1.3", ssl.TLSVersion.TLSv1_2)):
            simulator = Process("--quiet", "--tls", option)
            try:
                self.assertEqual(self.handshake(simulator), f"TLSv{option}")
                with self.assertRaises(OSError):
                    self.handshake(simulator, version=refused)
            finally:
                simulator.stop()

    def test_a_kept_folder_keeps_its_ca(self):
        with tempfile.TemporaryDirectory() as folder:
            seen = []
            for _ in range(2):
                simulator = Process("--quiet", "--dir", folder)
                self.assertEqual(self.handshake(simulator), "TLSv1.3")
                seen.append(Path(simulator.environment["AWS_CA_BUNDLE"]).read_bytes())
                simulator.stop()
            self.assertEqual(seen[0], seen[1])
            self.assertEqual(os.stat(f"{folder}/ca.key").st_mode & 0o777, 0o600)


if __name__ == "__main__":
    versions("python", "openssl")
    unittest.main()
