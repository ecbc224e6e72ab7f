"""The page at /console in a real browser. Its pictures stay in the build folder, to be seen."""

import os
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from browser import Browser  # noqa: E402
from encoder import Case, program  # noqa: E402
from support import output  # noqa: E402

HOSTILE = "<script>window.harmed=1</script><img src=x onerror='window.harmed=1'>"
OUTSIDE = """
[...document.querySelectorAll('main *:not(.unseen, svg *)')].filter(element => {
  const box = element.getBoundingClientRect();
  const panel = element.closest('.panel, .card') || document.body;
  return box.width && box.right > panel.getBoundingClientRect().right + 1;
}).map(element => element.outerHTML.slice(0, 200))"""


class Console(Case):
    settings = {"start_delay": 0.1, "hold": 0.3, "starve_after": 2.0}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pictures = Path(os.environ.get("IVS_BUILD") or tempfile.mkdtemp()) / "console"
        cls.pictures.mkdir(parents=True, exist_ok=True)
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.running.control("reset", {})
        self.browser.errors.clear()

    def tearDown(self):
        self.assertEqual(self.browser.errors, [])

    def open(self):
        self.browser.look(1280, dark=False)
        self.browser.call("Page.navigate",
                          url=self.running.environment["IVS_SIM_HTTP"] + "/console")
        self.browser.wait("document.getElementById('link-state')?.textContent == 'up to date'")

    def text(self, name):
        return self.browser.value(f"document.getElementById('{name}').innerText")

    def pictures_of(self, name):
        """At both widths, light and dark; nothing may stick out of the page, or be cut off."""
        for width, dark in ((1280, False), (1280, True), (390, False), (390, True)):
            self.browser.look(width, dark)
            self.assertEqual(self.browser.value(OUTSIDE), [])
            scheme = "dark" if dark else "light"
            self.browser.screenshot(self.pictures / f"{name}-{width}-{scheme}.png")

    def test_empty(self):
        self.open()
        self.assertIn("No channels yet", self.text("no-channels"))
        self.assertEqual(self.text("n-channels"), "0")
        self.pictures_of("empty")

    def test_it_follows_what_happens(self):
        self.open()
        self.channel()
        self.browser.wait("document.querySelectorAll('.card').length == 1")
        self.assertIn("offline", self.text("cards"))
        encoder = self.encoder()
        self.browser.wait("document.querySelector('.card.live .chip.good')")
        self.browser.wait("document.title.startsWith('1 live')")
        self.assertIn("320 × 180, 30 fps, H.264 Baseline", self.text("cards"))
        self.post("PutMetadata", {"channelArn": self.arn, "metadata": "goal 1:0"})
        self.browser.wait("document.getElementById('cues').innerText.includes('goal 1:0')")
        self.assertEqual(self.browser.value("document.querySelectorAll('.mark').length"), 1)
        self.post("DeleteChannel", {"arn": self.arn})
        self.browser.wait("document.querySelector('.log .refused .why')")
        self.assertIn("409 ConflictException", self.text("log"))
        self.browser.value("document.getElementById('only-refused').click()")
        self.assertEqual(self.browser.value("document.querySelectorAll('#log tr:not(.refused)')"
                                            ".length"), 0)
        encoder.kill()
        self.browser.wait("!document.querySelector('.card.live')")
        self.assertNotIn(self.key, self.browser.value("document.documentElement.outerHTML"))
        self.running.control("reset", {})
        self.browser.wait("document.querySelectorAll('.card').length == 0")
        self.browser.wait("document.getElementById('n-requests').innerText == '0'")

    def test_what_comes_from_outside_is_text(self):
        self.channel()
        with self.running.service.lock:
            self.running.service.store.find("channel", self.arn).value["name"] = HOSTILE
        self.running.control("live", {"channelArn": self.arn, "live": True})
        self.post("PutMetadata", {"channelArn": self.arn, "metadata": HOSTILE})
        self.running.post("<script>window.harmed=1<", {})
        self.open()
        self.browser.wait("document.getElementById('cues').innerText.includes('<script>')")
        self.assertIn(HOSTILE, self.text("cards"))
        self.assertIsNone(self.browser.value("window.harmed"))
        self.assertEqual(self.browser.value("document.querySelectorAll('body img').length"), 0)
        self.assertEqual(self.browser.value("document.scripts.length"), 1)

    def test_busy(self):
        """Two live channels with metadata, one of them starving, and requests refused."""
        self.channel(name="main-stage", recordingConfigurationArn="")
        main = self.arn
        self.encoder(width=640, height=360)
        self.live()
        self.channel(name="backstage", type="BASIC", latencyMode="NORMAL", insecureIngest=True)
        encoder = self.encoder()
        self.live()
        self.post("CreateChannel", {"name": "rehearsal-room", "authorized": True})
        self.running.control("live", {"channelArn": main, "viewerCount": 1482})
        for number in range(4):
            for arn, text in ((main, f'{{"score":[{number},1],"clock":"43:1{number}"}}'),
                              (self.arn, f"camera {number + 1}")):
                self.post("PutMetadata", {"channelArn": arn, "metadata": text})
            time.sleep(1)
        self.running.post("GetChannel", {"arn": main.replace("channel/", "channel/none")})
        self.running.post("DeleteChannel", {"arn": main})
        self.running.post("ListChannels", {}, secret_key="not the one")
        self.refused(key="sk_us-west-2_of_nobody")
        encoder.send_signal(19)
        self.open()
        self.browser.wait("document.querySelector('.card.starving')")
        time.sleep(6)  # for the bit rates to draw a line
        self.browser.wait("document.querySelectorAll('.spark').length == 2")
        self.pictures_of("busy")


if __name__ == "__main__":
    print("versions:", output([program("chromium"), "--version"]), flush=True)
    unittest.main()
