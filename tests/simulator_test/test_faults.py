"""Faults on the wire: that each does exactly what its name says, and nothing else.

Every one is met by a hand-made client that looks at bytes, times and the way the connection ends;
what the simulator says of it has to agree, and the next connection has to be served as ever.
"""

import gzip
import json
import re
import socket
import ssl
import sys
import time
import unittest
import warnings
from email.utils import parsedate_to_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fault_wire import (MORE, FaultTest, Wire, exercised, make_context, names,  # noqa: E402
                        split, unchunk)
from support import DEADLINE, Running, versions  # noqa: E402

from simulator.faults import KINDS  # noqa: E402


def setUpModule():
    FaultTest.start()


def tearDownModule():
    FaultTest.stop()
    if len(sys.argv) == 1 and exercised != set(KINDS):
        raise AssertionError(f"no test meets {sorted(set(KINDS) - exercised)}")


class Refusals(FaultTest):
    def refused(self, fault, carried_out=False, **parameters):
        data, end = self.meet(fault, carried_out, **parameters)
        self.assertEqual(end, "kept")
        first, fields, body = split(data)
        return int(first.split()[1]), fields, body

    def test_each(self):
        known = {
            "status": (500, "InternalServerException", "exceptionMessage"),
            "internal-error": (500, "InternalServerException", "exceptionMessage"),
            "unavailable": (503, "ServiceUnavailable", "exceptionMessage"),
            "throttled": (429, "ThrottlingException", "exceptionMessage"),
            "throttled-503": (503, "ThrottlingException", "exceptionMessage"),
            "expired-token": (403, "ExpiredTokenException", "message"),
            "time-too-skewed": (403, "RequestTimeTooSkewed", "message"),
            "signature-expired": (403, "InvalidSignatureException", "message"),
        }
        for fault, (status, code, member) in known.items():
            with self.subTest(fault):
                seen, fields, body = self.refused(fault)
                self.assertEqual((seen, fields["x-amzn-errortype"]), (status, code))
                self.assertEqual(list(json.loads(body)), [member])
                self.assertFalse({"retry-after", "x-amz-retry-after", "age"} & set(fields))

    def test_parameters(self):
        status, fields, body = self.refused("status", status=418, code="Teapot", message="é",
                                            retryAfter=7, amzRetryAfter=1500)
        self.assertEqual((status, fields["x-amzn-errortype"]), (418, "Teapot"))
        self.assertEqual(json.loads(body), {"message": "é"})
        self.assertEqual((fields["retry-after"], fields["x-amz-retry-after"]), ("7", "1500"))
        status, fields, body = self.refused("unavailable", code="", body="<html></html>",
                                            retryAfter="Wed, 21 Oct 2026 07:28:00 GMT")
        self.assertEqual((status, body, fields["content-type"]),
                         (503, b"<html></html>", "text/html"))
        self.assertEqual(fields["retry-after"], "Wed, 21 Oct 2026 07:28:00 GMT")
        self.assertNotIn("x-amzn-errortype", fields)
        status, fields, body = self.refused("status", status=304)
        self.assertEqual((status, body, "content-length" in fields), (304, b"", False))
        self.assertEqual(json.loads(self.refused("throttled", message=None)[2]), {})

    def test_carried_out_all_the_same(self):
        self.assertEqual(self.refused("internal-error", carried_out=True, carriedOut=True)[0], 500)

    def ahead(self, fields):
        return parsedate_to_datetime(fields["date"]).timestamp() - time.time()

    def test_dates(self):
        self.assertAlmostEqual(self.ahead(self.refused("unavailable")[1]), 0, delta=3)
        for fault in ("time-too-skewed", "signature-expired"):
            self.assertAlmostEqual(self.ahead(self.refused(fault)[1]), 3600, delta=3)
            self.assertAlmostEqual(self.ahead(self.refused(fault, skew=-900)[1]), -900, delta=3)
            _, fields, _ = self.refused(fault, date=None, age=12)
            self.assertNotIn("date", fields)
            self.assertEqual(fields["age"], "12")
            self.assertEqual(self.refused(fault, date="yesterday")[1]["date"], "yesterday")

    def test_signature_expired_in_the_words_of_the_check(self):
        for skew, words in ((600, "expired"), (-600, "not yet current")):
            self.running.control("reset", {})
            self.running.control("clock", {"skew": skew})
            _, _, real = self.running.post("ListChannels", {})
            self.running.control("clock", {"skew": 0})
            body = json.loads(self.refused("signature-expired", skew=skew)[2])
            digits = re.compile(r"\d{8}T\d{6}Z")
            self.assertEqual(digits.sub("T", body["message"]), digits.sub("T", real["message"]))
            self.assertIn(f"Signature {words}: ", body["message"])

    def test_odd_date(self):
        for parameters in ({"skew": 600}, {"date": None}, {"age": 3}, {"date": "soon"}):
            data, end = self.meet("odd-date", **parameters)
            first, fields, _ = split(data)
            self.assertEqual((first, end), ("HTTP/1.1 200 OK", "kept"))
            self.assertEqual(fields.get("age"), "3" if "age" in parameters else None)
            self.assertEqual("date" in fields, parameters.get("date", "") is not None)
            if "skew" in parameters:
                self.assertAlmostEqual(self.ahead(fields), 600, delta=3)

    def test_redirect(self):
        for status in (301, 307, 308):
            seen, fields, _ = self.refused("redirect", status=status)
            own = f"http://localhost:{self.running.simulator.http_port}/CreateChannel"
            self.assertEqual((seen, fields["location"]), (status, own))
        elsewhere = "https://elsewhere.example/"
        _, fields, _ = self.refused("redirect", location=elsewhere)
        self.assertEqual(fields["location"], elsewhere)
        data, _ = self.meet("redirect", carried_out=False, tls=True)
        own = f"https://localhost:{self.running.simulator.https_port}/CreateChannel"
        self.assertEqual(split(data)[1]["location"], own)


class Breaks(FaultTest):
    ENDS = {("reset", False): "reset", ("close", False): "FIN", ("truncate", False): "FIN",
            ("reset", True): "reset", ("close", True): "close_notify", ("truncate", True): "FIN",
            ("alert", False): "FIN", ("alert", True): "alert"}

    def each(self, place, carried_out=True, **parameters):
        for (word, tls), wanted in self.ENDS.items():
            with self.subTest(place, word=word, tls=tls):
                data, end = self.meet(f"{word}-{place}", carried_out, tls, **parameters)
                self.assertEqual(end, wanted)
                yield data

    def test_before_the_answer(self):
        for place, carried_out in (("before-read", False), ("before-work", False),
                                   ("before-answer", True)):
            for data in self.each(place, carried_out):
                self.assertEqual(data, b"")

    def test_an_orderly_end_is_none_by_reset_when_more_was_sent(self):
        self.set("close-before-read")
        with Wire(self.running) as wire:
            wire.write(b"POST /ListChannels HTTP/1.1\r\nHost: x\r\n"
                       b"Content-Length: 300000\r\n\r\n" + b" " * 300000)
            self.assertEqual(wire.read(), (b"", "FIN"))
            time.sleep(0.1)
            self.assertTrue(wire.half_closed())

    def test_in_the_head(self):
        for after in (None, 0, 1, 20):
            for data in self.each("in-head", after=after):
                self.assertTrue(MORE.startswith(data[:len(MORE)]), data)
                self.assertNotIn(b"\r\n\r\n", data)
                if after is None:
                    self.assertGreater(len(data), 20)
                else:
                    self.assertEqual(len(data), after)
        for data in self.each("in-head", after=1 << 20):
            self.assertTrue(data.endswith(b"\r\n\r"), data)

    def test_in_the_body(self):
        for after in (None, 0, 1, 1 << 20):
            for data in self.each("in-body", after=after):
                _, fields, body = split(data)
                length = int(fields["content-length"])
                self.assertEqual(len(body), {None: length // 2, 1 << 20: length - 1}.get(after,
                                                                                       after))

    def test_a_body_where_there_is_none(self):
        arn = self.running.post("CreateChannel", {})[2]["channel"]["arn"]
        self.set("reset-in-body")
        with Wire(self.running) as wire:
            wire.send("DeleteChannel", {"arn": arn})
            data, end = wire.read()
        first, fields, body = split(data)
        self.assertEqual((first, fields["content-length"], body, end),
                         ("HTTP/1.1 200 OK", "2", b"{", "reset"))
        self.assertEqual(self.channels(), 0)

    def test_when_idle(self):
        for data in self.each("when-idle"):
            _, fields, body = split(data)
            self.assertEqual((fields["connection"], int(fields["content-length"])),
                             ("keep-alive", len(body)))
        self.set("close-when-idle", seconds=0.3)
        with Wire(self.running) as wire:
            wire.send()
            (answered, _), (closed, end) = wire.pieces()
        self.assertGreater(closed - answered, 0.25)
        self.assertEqual(end, "FIN")

    def test_a_kept_connection_ends_as_the_next_request_arrives(self):
        for word, wanted in (("close", "close_notify"), ("reset", "reset")):
            self.set(f"{word}-before-read", skip=1)
            with Wire(self.running, tls=True) as wire:
                wire.send()
                pieces = wire.pieces()
                self.assertIn(b"200 OK", next(pieces)[1])
                wire.send("CreateChannel", {"name": "lost"})
                self.assertEqual(next(pieces)[1], wanted)
        self.assertEqual(self.channels(), 0)


class Pauses(FaultTest):
    SECONDS = 0.3

    def paused(self, fault, **parameters):
        """(bytes before the pause, bytes behind it)."""
        self.set(fault, seconds=self.SECONDS, **parameters)
        with Wire(self.running) as wire:
            wire.send("CreateChannel", {"name": next(names)}, connection="close")
            *pieces, _ = wire.pieces()
        times = [0.0, *(when for when, _ in pieces)]
        gaps = [after - before for before, after in zip(times, times[1:])]
        cut = gaps.index(max(gaps))
        self.assertGreater(gaps[cut], self.SECONDS - 0.05)
        early, late = (b"".join(data for _, data in part) for part in (pieces[:cut], pieces[cut:]))
        first, fields, body = split(early + late)
        self.assertEqual((first, int(fields["content-length"])), ("HTTP/1.1 200 OK", len(body)))
        self.assertTrue(self.log()[-1]["carriedOut"])
        self.normal()
        return early, late

    def test_each_stage(self):
        self.assertEqual(self.paused("stall-before-work")[0], b"")
        self.assertEqual(self.paused("stall-before-answer")[0], b"")
        early, _ = self.paused("stall-in-head", after=30)
        self.assertEqual((len(early), b"\r\n\r\n" in early), (30, False))
        self.assertNotIn(b"\r\n\r\n", self.paused("stall-in-head")[0])
        early, late = self.paused("stall-in-body")
        self.assertLessEqual(abs(len(split(early)[2]) - len(late)), 1)

    def test_work_comes_before_or_after_the_pause(self):
        for fault, early in (("stall-before-work", 0), ("stall-before-answer", 1)):
            self.running.control("reset", {})
            self.set(fault, seconds=600)
            with Wire(self.running) as wire:
                wire.send("CreateChannel", {"name": "slow"}, connection="close")
                while not self.log():
                    time.sleep(0.005)
                time.sleep(0.05)
                self.assertEqual((self.channels(), self.log()[0]["carriedOut"]),
                                 (early, bool(early)))
                self.running.control("fault", {"clear": True})  # ends the pause
                self.assertIn(b"200 OK", wire.read()[0])
            self.assertEqual(self.channels(), 1)

    def test_drip(self):
        self.set("drip")
        with Wire(self.running, tls=True) as wire:
            wire.send(connection="close")
            *pieces, _ = wire.pieces()  # each is one TLS record
        self.assertEqual({len(data) for _, data in pieces}, {1})
        self.assertTrue(b"".join(data for _, data in pieces).endswith(b'\r\n\r\n{"channels":[]}'))
        self.set("drip", size=50, pause=0.02)
        with Wire(self.running, tls=True) as wire:
            wire.send(connection="close")
            *pieces, (last, _) = wire.pieces()
        self.assertEqual({len(data) for _, data in pieces[:-1]}, {50})
        self.assertGreater(last, 0.02 * len(pieces) - 0.01)
        self.assertEqual(self.meet("drip", size=7)[1], "kept")


class Framing(FaultTest):
    def body_of(self, data):
        return json.loads(split(data)[2])["channel"]["name"]

    def test_chunked(self):
        data, end = self.meet("chunked")
        first, fields, rest = split(data)
        self.assertEqual((first, fields["transfer-encoding"], end),
                         ("HTTP/1.1 200 OK", "chunked", "kept"))
        self.assertNotIn("content-length", fields)
        body, lines, trailer = unchunk(rest)
        self.assertIn("channel", json.loads(body))
        self.assertIn(b'quoted="a;b"', b"".join(lines))
        self.assertGreater(len(lines), 10)
        self.assertEqual(trailer, b"X-Trailer: nothing")
        with Wire(self.running, tls=True) as wire:
            self.set("chunked")
            wire.send(connection="close")
            sizes = [len(data) for _, data in wire.pieces()]
        self.assertEqual(sizes[:5], [1, 2, 3, 7, 40])

    def test_delimited_by_the_end(self):
        for fault, plain, tls in (("close-delimited", "FIN", "close_notify"),
                                  ("truncate-close-delimited", "FIN", "FIN")):
            for secure, wanted in ((False, plain), (True, tls)):
                data, end = self.meet(fault, tls=secure)
                _, fields, _ = split(data)
                self.assertEqual((end, fields["connection"]), (wanted, "close"))
                self.assertFalse({"content-length", "transfer-encoding"} & set(fields))
                self.assertIn("channel", self.body_of(data))
        data, end = self.meet("truncate-close-delimited", tls=True, after=5)
        self.assertEqual((len(split(data)[2]), end), (5, "FIN"))

    def test_ends_that_are_told(self):
        data, end = self.meet("connection-close", tls=True)
        self.assertEqual((split(data)[1]["connection"], end), ("close", "close_notify"))
        data, end = self.meet("http-1.0")
        first, fields, _ = split(data)
        self.assertEqual((first, "connection" in fields, end), ("HTTP/1.0 200 OK", False, "FIN"))
        self.assertIn("channel", self.body_of(data))

    def test_interim(self):
        data, end = self.meet("interim")
        self.assertEqual(end, "kept")
        *heads, last, _ = data.split(b"\r\n\r\n")
        self.assertEqual([head.split(b"\r\n")[0] for head in heads],
                         [b"HTTP/1.1 100 Continue", b"HTTP/1.1 102 Processing",
                          b"HTTP/1.1 103 Early Hints"])
        self.assertEqual([head.count(b"\r\n") for head in heads], [0, 1, 1])
        self.assertTrue(last.startswith(b"HTTP/1.1 200 OK\r\n"))
        data, _ = self.meet("interim", statuses=[103] * 3)
        self.assertEqual(data.count(b"HTTP/1.1 103 "), 3)

    def test_wrong_lengths(self):
        data, end = self.meet("length-too-long", tls=True)
        _, fields, body = split(data)
        self.assertEqual((int(fields["content-length"]), end), (len(body) + 10, "close_notify"))
        for by in (1, 5, 10**6):
            data, end = self.meet("length-too-short", by=by)
            _, fields, body = split(data)
            self.assertEqual((int(fields["content-length"]), end),
                             (max(len(body) - by, 0), "kept"))
            self.assertTrue(body.endswith(b"}"))

    def test_extra_bytes(self):
        data, end = self.meet("extra-bytes", text="surplus")
        _, fields, body = split(data)
        self.assertEqual((body[int(fields["content-length"]):], end), (b"surplus", "kept"))
        data, _ = self.meet("extra-bytes")
        _, fields, body = split(data)
        self.assertEqual(split(body[int(fields["content-length"]):])[::2],
                         ("HTTP/1.1 200 OK", b"{}"))

    def test_sizes(self):
        data, end = self.meet("large-head", kilobytes=100)
        self.assertEqual(end, "kept")
        self.assertTrue(100 * 1024 < data.index(b"\r\n\r\n") < 103 * 1024)
        self.assertTrue(all(len(line) < 1100 for line in data.split(b"\r\n")))
        for chunked in (False, True):
            data, end = self.meet("large-body", megabytes=2, chunked=chunked)
            _, fields, body = split(data)
            self.assertEqual("content-length" in fields, not chunked)
            value = json.loads(unchunk(body)[0] if chunked else body)
            self.assertEqual((list(value)[:2], len(value["filler"]), end),
                             (["filler", "channel"], 2 << 20, "kept"))
        data, end = self.meet("endless-head", seconds=0.1)
        self.assertEqual((b"\r\n\r\n" in data, end), (False, "FIN"))
        self.assertGreater(len(data), 10000)

    def test_endless_chunks(self):
        begins = {"data": b"400\r\n ", "size": b"0000", "extension": b"1;ff",
                  "trailer": b"0\r\nX-Filler: f"}
        for part, first in begins.items():
            data, end = self.meet("endless-chunks", seconds=0.1, part=part)
            head, fields, body = split(data)
            self.assertEqual((head, fields["transfer-encoding"], end),
                             ("HTTP/1.1 200 OK", "chunked", "FIN"))
            self.assertTrue(body.startswith(first), body[:40])
            self.assertGreater(len(body), 4000)
            self.assertNotIn(b"\r\n\r\n", body)

    def test_bodies(self):
        wanted = {"invalid-json": b'{"broken":', "other-json": b"[]", "empty-body": b""}
        for fault, text in wanted.items():
            data, end = self.meet(fault)
            _, fields, body = split(data)
            self.assertEqual((body, int(fields["content-length"]), end), (text, len(text), "kept"))
        data, _ = self.meet("other-json", text="null")
        self.assertEqual(split(data)[2], b"null")
        body = split(self.meet("invalid-utf8")[0])[2]
        with self.assertRaises(UnicodeDecodeError):
            body.decode()
        self.assertEqual(list(json.loads(body.decode(errors="replace")))[:2], ["odd", "channel"])
        for labelled in (True, False):
            data, _ = self.meet("gzip", labelled=labelled)
            _, fields, body = split(data)
            self.assertEqual(fields.get("content-encoding"), "gzip" if labelled else None)
            self.assertIn("channel", json.loads(gzip.decompress(body)))


class Handshakes(FaultTest):
    def handshake(self, context=None):
        """(TLS version, what comes after one request)."""
        with Wire(self.running, tls=True, context=context) as wire:
            wire.send(connection="close")
            return wire.version(), wire.read()

    def fails(self, fault, exception, text, **parameters):
        self.running.control("reset", {})
        self.set(fault, **parameters)
        with self.assertRaises(exception) as caught:
            self.handshake()
        self.assertIn(text, str(caught.exception))
        counts = self.running.control("counts")
        self.assertEqual((counts["connections"], counts["handshakes"], counts["requests"]),
                         (1, 0, 0))
        entry = {"fault": fault, "number": None, "operation": "", "carriedOut": False}
        self.assertEqual([{name: e[name] for name in entry} for e in self.log()], [entry])
        self.assertEqual(self.handshake()[0], "TLSv1.3")

    def test_certificates(self):
        for fault, reason in (("tls-expired", "expired"), ("tls-not-yet-valid", "not yet valid"),
                              ("tls-wrong-host", "Hostname mismatch"),
                              ("tls-unknown-ca", "unable to get local issuer"),
                              ("tls-self-signed", "self-signed certificate")):
            self.fails(fault, ssl.SSLCertVerificationError, reason)
            lax = ssl.create_default_context()
            lax.check_hostname, lax.verify_mode = False, ssl.CERT_NONE
            self.set(fault)
            self.assertIn(b"200 OK", self.handshake(lax)[1][0])

    def test_a_resumed_session_does_not_hide_a_certificate(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            self.running.control("reset", {})
            context, session = make_context(self.running.ca, version), None
            for fault in (None, None, "tls-expired"):
                if fault:
                    self.set(fault)
                plain = socket.create_connection(
                    ("localhost", self.running.simulator.https_port), DEADLINE)
                try:
                    with context.wrap_socket(plain, server_hostname="localhost",
                                             session=session) as sock:
                        sock.sendall(b"GET / HTTP/1.0\r\n\r\n")
                        self.assertTrue(sock.recv(4096).startswith(b"HTTP/1.1 404 "))
                        session = sock.session
                except ssl.SSLCertVerificationError:
                    self.assertEqual(fault, "tls-expired")
                else:
                    self.assertIsNone(fault)
                plain.close()
            counts = self.running.control("counts")
            self.assertEqual((counts["connections"], counts["handshakes"], counts["resumed"]),
                             (3, 2, 1))

    def test_old_versions(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            for name, version in (("1.0", ssl.TLSVersion.TLSv1), ("1.1", ssl.TLSVersion.TLSv1_1)):
                self.fails("tls-old", ssl.SSLError, "protocol version", version=name)
                ready = ssl.create_default_context(cafile=self.running.ca)
                ready.set_ciphers("ALL:@SECLEVEL=0")
                ready.minimum_version = ssl.TLSVersion.TLSv1
                self.set("tls-old", version=name)
                seen, (data, _) = self.handshake(ready)
                self.assertEqual(seen, "TLSv1" if name == "1.0" else "TLSv1.1")
                self.assertIn(b"200 OK", data)

    def test_no_handshake(self):
        self.fails("tls-alert", ssl.SSLError, "handshake failure")
        self.fails("tls-alert", ssl.SSLError, "internal error", description=80)
        self.fails("tls-plain", ssl.SSLError, "wrong version number")
        for stage in ("connect", "handshake"):
            self.fails(f"reset-{stage}", ConnectionResetError, "reset by peer")
            self.fails(f"close-{stage}", EOFError, "ended")

    def test_alerts(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = make_context(self.running.ca, version)
            self.set("alert-handshake")
            with self.assertRaises(ssl.SSLError) as caught:
                self.handshake(context)
            old = version == ssl.TLSVersion.TLSv1_2
            self.assertIn("ALERT" if old else "BAD_RECORD_MAC", caught.exception.reason)
            self.set("alert-finished")
            if not old:
                self.assertEqual(self.handshake(context)[1], (b"", "alert"))
            else:
                with self.assertRaises(ssl.SSLError) as caught:
                    self.handshake(context)
                self.assertIn("ALERT", caught.exception.reason)
            self.assertIn(b"200 OK", self.handshake(context)[1][0])

    def handshake_wire(self, fault, version=None, **parameters):
        """The server's bytes as they came on the wire: in the handshake, and from then on."""
        self.set(fault, **parameters)
        with Wire(self.running, tls=True, context=make_context(self.running.ca, version)) as wire:
            count = len(wire.raw)
            wire.send(connection="close")
            self.assertTrue(wire.read()[0].endswith(b'{"channels":[]}'))
            return wire.raw[:count], wire.raw[count:]

    def test_stalls(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            ((when, _), *_), _ = self.handshake_wire("stall-connect", version, seconds=0.15)
            self.assertGreater(when, 0.14)
            ((early, first), (late, second), *more), answer = self.handshake_wire(
                "stall-handshake", version, seconds=0.4)
            self.assertGreater(late - early, 0.35)
            self.assertLessEqual(abs(len(first) - len(second)), 1)
            self.assertLess([*more, *answer][-1][0] - late, 0.35)  # once is all

    def test_drip_wire(self):
        pieces, _ = self.handshake_wire("drip-wire", size=100, pause=0.02)
        self.assertEqual({len(data) % 100 for _, data in pieces[:-1]}, {0})
        self.assertGreater(len(pieces), 4)
        self.set("drip-wire")
        with Wire(self.running, tls=True) as wire:
            for last in ("keep-alive", "close"):  # it lasts as long as the connection
                wire.send("ListStreams", connection=last)
            data, end = wire.read()
        self.assertEqual((data.count(b'{"streams":[]}'), end), (2, "close_notify"))


class Started(unittest.TestCase):
    def test_self_signed_from_the_start(self):
        other = Running(certificate="self-signed")
        try:
            with self.assertRaisesRegex(ssl.SSLCertVerificationError, "self-signed"):
                other.post("ListChannels", {})
        finally:
            other.stop()


if __name__ == "__main__":
    versions("python", "botocore", "openssl")
    unittest.main()
