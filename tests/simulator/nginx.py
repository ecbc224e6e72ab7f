"""nginx with its RTMP module: receives what encoders send, and tells what it is.

It runs as the user who started the simulator, has all its files in a folder of its own, and is
killed by the kernel when the simulator ends in any way: hence one process, without a master. RTMP
comes in by a TCP port, since on a Unix socket the module takes every connection for one of its own
and calls nobody back.
"""

import http.client
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

START_TIMEOUT = 10.0
PORTS_TRIED = 5  # somebody else can take a free one before nginx does
ANSWER_TIMEOUT = 5.0
ROOTS = (Path(__file__).resolve().parents[2] / "build" / "packages", Path("/"))
PROGRAM = "usr/sbin/nginx"
MODULE = "usr/lib/nginx/modules/ngx_rtmp_module.so"
PLAYLIST_SECONDS = 12
CONFIGURATION = """\
daemon off;
master_process off;
{user}
pid pid;
error_log stderr error;
load_module {module};
events {{ worker_connections 512; }}
rtmp {{
    access_log off;
    server {{
        listen 127.0.0.1:{port} proxy_protocol;
        ping 30s;
        application app {{
            live on;
            deny play all;
            on_publish {callback};
            on_publish_done {callback};
            hls on;
            hls_path hls;
            hls_fragment 1s;
            hls_fragment_naming system;
            hls_playlist_length {playlist}s;
            {record}
        }}
    }}
}}
http {{
    access_log off;
    client_body_temp_path tmp;
    proxy_temp_path tmp;
    fastcgi_temp_path tmp;
    uwsgi_temp_path tmp;
    scgi_temp_path tmp;
    server {{
        listen unix:stat;
        location / {{ rtmp_stat all; }}
    }}
}}
"""


class IngestError(Exception):
    """nginx is missing or does not start; the text is one line."""


@dataclass
class Seen:
    """What nginx says of a stream: the members of its statistics by name, as text."""

    video: dict = field(default_factory=dict)
    audio: dict = field(default_factory=dict)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=ANSWER_TIMEOUT)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def make_folder(path):
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise IngestError(f"cannot record in {path}: {error.strerror}") from None


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def find():
    """(program, module): as unpacked below build/, or as installed."""
    for root in ROOTS:
        if (root / PROGRAM).exists() and (root / MODULE).exists():
            return root / PROGRAM, root / MODULE
    raise IngestError("nginx with its RTMP module is missing: scripts/require --unpack "
                      "build/packages rtmp-server, or leave --ingest out")


class Nginx:
    """One process. `callback` is the URL it asks before anybody publishes.

    With `record`, a folder, all that is received is kept there, a file for each stream.
    """

    def __init__(self, callback, record=""):
        program, module = find()
        if record:
            make_folder(record)
        self._folder = Path(tempfile.mkdtemp(prefix="ivs-sim-nginx-"))
        self._process = None
        self._stopped = threading.Event()
        try:
            (self._folder / "hls").mkdir()
            for last in (False,) * (PORTS_TRIED - 1) + (True,):
                self._address = ("127.0.0.1", free_port())
                self._configure(module, callback, record)
                trouble = self._start(program)
                if not trouble:
                    threading.Thread(target=self._sweep, daemon=True).start()
                    return
                if last or "Address already in use" not in trouble:
                    raise IngestError(f"nginx does not start: {trouble.splitlines()[-1]}")
        except BaseException:
            self.stop()
            raise

    def _configure(self, module, callback, record):
        lines = f"record all; record_path {quote(record)}; record_suffix .flv;" if record else ""
        user = "user root;" if os.geteuid() == 0 else ""
        (self._folder / "nginx.conf").write_text(CONFIGURATION.format(
            port=self._address[1], module=quote(module), callback=callback, user=user, record=lines,
            playlist=PLAYLIST_SECONDS), encoding="utf-8")

    def _start(self, program):
        """Nothing, or what nginx says against it."""
        log = self._folder / "log"
        with open(log, "wb") as stream:
            try:
                self._process = subprocess.Popen(
                    ["setpriv", "--pdeathsig", "KILL", str(program), "-p", str(self._folder), "-e",
                     "stderr", "-c", str(self._folder / "nginx.conf")], cwd=self._folder,
                    stdin=subprocess.DEVNULL, stdout=stream, stderr=stream,
                    start_new_session=True)  # Ctrl-C is for others
            except OSError as error:
                raise IngestError(f"nginx cannot be started: {error.strerror}") from None
        end = time.monotonic() + START_TIMEOUT
        while time.monotonic() < end and self._process.poll() is None:
            try:
                self.statistics()
                return ""
            except OSError:
                time.sleep(0.02)
        return log.read_text(errors="replace").strip() or "it does not answer"

    def stop(self):
        self._stopped.set()
        if self._process is not None:
            self._process.kill()  # it has nothing to save: records are written as they come
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def connect(self):
        """A connection for one encoder."""
        return socket.create_connection(self._address, ANSWER_TIMEOUT)

    def statistics(self):
        connection = UnixConnection(self._folder / "stat")
        try:
            connection.request("GET", "/")
            return connection.getresponse().read()
        finally:
            connection.close()

    def stream(self, name):
        """What nginx has Seen of a stream, or None when it has none of that name."""
        try:
            root = ElementTree.fromstring(self.statistics())
        except (OSError, http.client.HTTPException, ElementTree.ParseError):
            return None
        for stream in root.iter("stream"):
            if stream.findtext("name") == name:
                parts = {kind: {child.tag: child.text or "" for child in stream.iterfind(
                    f"meta/{kind}/*")} for kind in ("video", "audio")}
                return Seen(**parts)
        return None

    def hls(self, file):
        """A playlist (KEY.m3u8) or one of the segments that it names, or None.

        Their names begin with the stream key: this part of nginx is not told of any other name.
        """
        try:
            return (self._folder / "hls" / file).read_bytes()
        except OSError:
            return None

    def _sweep(self):
        """Removes segments that no playlist names any more; nginx, without a master, does not."""
        while not self._stopped.wait(PLAYLIST_SECONDS):
            oldest = time.time() - 3 * PLAYLIST_SECONDS
            for path in (self._folder / "hls").glob("*.ts"):
                try:
                    if path.stat().st_mtime < oldest:
                        path.unlink()
                except OSError:
                    pass


def quote(path):
    """A path as nginx reads it from its configuration."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
