"""Headless Chromium, driven over a pair of pipes by the DevTools protocol."""

import base64
import itertools
import json
import os
import select
import signal
import subprocess
import tempfile
import time

from encoder import program

TIMEOUT = 60.0
PICTURE_HEIGHT = 1600
OPTIONS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
           "--no-first-run", "--disable-extensions", "--disable-background-networking",
           "--disable-component-update", "--disable-sync", "--hide-scrollbars",
           "--remote-debugging-pipe"]


class BrowserError(Exception):
    pass


class Browser:
    """One page. Messages are JSON, ended by NUL, on descriptors 3 and 4 of the browser."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="ivs-browser-")
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        self._buffer = b""
        self._numbers = itertools.count(1)
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}',
             program("chromium"), *OPTIONS, f"--user-data-dir={self._folder.name}", "about:blank"],
            pass_fds=[to_browser, from_browser], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "HOME": self._folder.name})
        os.close(to_browser)
        os.close(from_browser)
        self.errors = []  # what the page's console complained of
        self._session = None
        target = next(t for t in self.call("Target.getTargets")["targetInfos"]
                      if t["type"] == "page")
        self._session = self.call("Target.attachToTarget", targetId=target["targetId"],
                                  flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def close(self):
        try:
            self._session = None
            self.call("Browser.close")
            self._process.wait(TIMEOUT)
        except (BrowserError, OSError, subprocess.TimeoutExpired):
            pass
        try:  # its helpers, and itself if it did not go
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
        os.close(self._in)
        os.close(self._out)
        self._clean_up()

    def _clean_up(self):
        """Helpers of the browser that are about to die can still write a file."""
        for left in range(50, -1, -1):
            try:
                self._folder.cleanup()
                return
            except OSError:
                if not left:
                    raise
                time.sleep(0.1)

    def call(self, method, **parameters):
        """The result of one command."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._note(answer)

    def _receive(self):
        end = time.monotonic() + TIMEOUT
        while b"\0" not in self._buffer:
            if not select.select([self._in], [], [], max(end - time.monotonic(), 0))[0]:
                raise BrowserError("the browser does not answer")
            data = os.read(self._in, 1 << 20)
            if not data:
                raise BrowserError("the browser is gone")
            self._buffer += data
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def _note(self, event):
        if event.get("method") == "Log.entryAdded":
            self.errors.append(event["params"]["entry"]["text"])
        elif event.get("method") == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(event["params"]["exceptionDetails"]))

    def look(self, width, dark):
        """At a window of that width, a phone's if it is small, by somebody who prefers that."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                  deviceScaleFactor=1, mobile=width < 700)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def value(self, expression):
        """Of a JavaScript expression in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            raise BrowserError(json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def wait(self, expression):
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            if self.value(f"!!({expression})"):
                return
            time.sleep(0.05)
        raise BrowserError(f"it did not come true: {expression}")

    def screenshot(self, path):
        """Of the whole page, as far as it is of use."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                            clip={"x": 0, "y": 0, "width": size["width"],
                                  "height": min(size["height"], PICTURE_HEIGHT), "scale": 1})
        path.write_bytes(base64.b64decode(picture["data"]))
