"""Sessions of the TLS port and the first contact at an unknown time: test_tls_session.py PATH_OF_tls_get

Servers and certificates are those of test_tls.py.
"""
import hashlib
import os
import ssl
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tls_case import V1_2, V1_3, Case, get, has_1_3, made, main, seconds  # noqa: E402
from tls_server import Server, context  # noqa: E402

NOW = seconds("2026-09-21 14:13:20")  # as tls_get has it without --now
DAY = 24 * 60 * 60


class Resumption(Case):
    def count(self, expected, *options, contexts=None, most=V1_3):
        contexts = contexts or [context(made.good, made.key, most=most)]
        with Server(*contexts) as s:
            outcome = get(s.port, "--get", "10", "--rounds", "4", *options)
        self.complete(outcome, 10)
        self.assertEqual((outcome.totals["handshakes"], outcome.totals["resumed"]), ("4", str(expected)), outcome.text)

    def test_1_2(self):
        self.count(3, most=V1_2)
        self.count(3, "--starve", most=V1_2)

    def test_1_3(self):
        self.count(3)
        self.count(3, "--starve")

    def test_dates_count_again(self):
        """No certificate is sent when a session is taken up: its dates, known from before, are judged all the same."""
        for most in (V1_2, V1_3):
            for later in ("2050-01-01", "1999-01-01"):
                with Server(context(made.good, made.key, most=most)) as s:
                    outcome = get(s.port, "--get", "10", "--rounds", "3", "--now", f"{NOW},{seconds(later)}")
                self.assertEqual([r["result"] for r in outcome.rounds], ["OK", "TLS_DATE", "TLS_DATE"], outcome.text)

    def test_without_verification(self):
        self.count(3, "--insecure")
        self.count(3, "--insecure", "--now", str(seconds("2050-01-01")))

    def test_not_wanted(self):
        self.count(0, "--no-resumption", most=V1_2)
        self.count(0, "--no-resumption")

    def test_server_forgot(self):
        for most in (V1_2, V1_3):
            self.count(0, contexts=[context(made.good, made.key, most=most) for _ in range(4)])

    def test_counted_when_new(self):
        """With TLS 1.2 a ticket, or a number, is good for many connections; with 1.3 each brings new tickets."""
        for most, tickets in ((V1_2, True), (V1_2, False), (V1_3, True)):
            with Server(context(made.good, made.key, most=most, tickets=tickets)) as s:
                outcome = get(s.port, "--get", "10", "--rounds", "4")
            many = most == V1_3 and has_1_3()
            self.assertEqual(outcome.totals["resumed"], "3", outcome.text)
            self.assertTrue(int(outcome.totals["sessions"]) >= 4 if many else outcome.totals["sessions"] == "1",
                            outcome.text)

    def test_window_is_of_its_own_chain(self):
        """A handshake with other certificates that got stuck does not change until when the session is good."""
        for most in (V1_2, V1_3):
            first, other = (context(chain, made.key, most=most) for chain in (made.soon, made.good))
            with Server(first, other, first, hold=2) as s:
                outcome = get(s.port, "--get", "10", "--rounds", "3", "--deadline", "3000",
                              "--now", f"{NOW},{NOW},{seconds('2026-09-23')}")
                self.assertEqual(s.connections, 3)
            self.assertEqual([r["result"] for r in outcome.rounds], ["OK", "TIMEOUT", "TLS_DATE"], outcome.text)


class FirstContact(Case):
    """The first connection at an unknown time, the second at the time learned."""

    def rounds(self, chain, later, expected, *options, key=None, **more):
        for most in (V1_2, V1_3):
            with Server(context(chain, key or made.key, most=most)) as s:
                outcome = get(s.port, "--get", "10", "--rounds", str(len(expected)),
                              "--now", f"unknown,{later}", *options, **more)
                reused = s.reused
            self.assertEqual([r["result"] for r in outcome.rounds], expected, outcome.text)
            yield outcome, reused

    def refused(self, chain, expected, **more):
        for _ in self.rounds(chain, "unknown", [expected, expected], **more):
            pass

    def test_good(self):
        """The session of the first contact is taken up at the time learned, which is within its window."""
        for outcome, reused in self.rounds(made.good, NOW, ["OK", "OK", "OK"]):
            self.assertEqual(outcome.totals["resumed"], "2", outcome.text)
            self.assertEqual(reused, [False, True, True])
        for outcome, _ in self.rounds(made.good, NOW, ["OK", "OK"], "--no-resumption"):
            self.assertEqual(outcome.totals["resumed"], "0")

    def test_dates_are_judged_at_the_time_learned(self):
        for chain in (made.past, made.future):
            for options in ((), ("--no-resumption",)):
                for outcome, reused in self.rounds(chain, NOW, ["OK", "TLS_DATE", "TLS_DATE"], *options):
                    self.assertEqual(reused[:1] + [r for r in reused[1:] if r], [False])
                    self.assertEqual(outcome.totals["handshakes"], "1")

    def test_root_expired(self):
        for _ in self.rounds(made.long, seconds("2046-06-01"), ["OK", "TLS_DATE"]):
            pass

    def test_who_has_an_expired_key_chooses_the_time(self):
        """Documented in ivs/tls.h: what the first contact cannot see."""
        for _ in self.rounds(made.past, seconds("2005-06-01"), ["OK", "OK"]):
            pass

    def test_all_else_is_refused_at_once(self):
        self.refused(made.good, "TLS_NAME", host="bad.example")
        self.refused(made.past, "TLS_NAME", host="bad.example")
        self.refused(made.good, "TLS_TRUST", roots=made.other_ca)
        self.refused(made.past, "TLS_TRUST", roots=made.other_ca)
        self.refused(made.self_signed, "TLS_TRUST")
        self.refused(made.broken_chain, "TLS_TRUST", key=made.rsa_key, roots=made.rsa_root)
        self.refused(made.ip_as_name, "TLS_NAME", host="127.0.0.1")

    def test_no_session_is_offered(self):
        for most in (V1_2, V1_3):
            with Server(context(made.good, made.key, most=most)) as s:
                outcome = get(s.port, "--get", "10", "--rounds", "3", "--now", f"{NOW},unknown")
                self.assertEqual(s.reused, [False] * 3)
            self.complete(outcome, 10)
            self.assertEqual(outcome.totals["resumed"], "0")


class Saved(Case):
    """A session saved by one process and loaded by another."""

    def setUp(self):
        self.file = made.maker.path("session")

    def versions(self):
        return (V1_2, V1_3) if has_1_3() else (V1_2,)

    def save(self, server, *options, **more):
        outcome = get(server.port, "--get", "10", "--save", self.file, *options, **more)
        totals = outcome.totals
        self.assertEqual((totals["save"], totals["less"], totals["untouched"], totals["enough"]),
                         ("SPACE", "SPACE", "1", "OK"), outcome.text)
        self.assertTrue(totals["need"] == totals["used"] == str(os.path.getsize(self.file)), outcome.text)
        return outcome

    def load(self, server, *options, loaded="OK", resumed=True, result="OK", **more):
        before = len(server.reused)
        outcome = get(server.port, "--get", "10", "--load", self.file, *options, **more)
        self.assertEqual(outcome.setup["load"], loaded, outcome.text)
        self.assertEqual(outcome.rounds[-1]["result"], result, outcome.text)
        if result == "OK":
            self.assertEqual((outcome.totals["resumed"], server.reused[before:]), (str(int(resumed)), [resumed]),
                             outcome.text)
        return outcome

    def each(self, *options, chain=None):
        """A server of each version, and a session with it saved."""
        for most in self.versions():
            with Server(context(chain or made.good, made.key, most=most)) as s:
                self.save(s, *options)
                yield s

    def test_taken_up(self):
        for s in self.each():
            self.complete(self.load(s), 10)

    def test_numbered_session(self):
        with Server(context(made.good, made.key, most=V1_2, tickets=False)) as s:
            self.save(s)
            self.load(s)

    def test_after_a_boot(self):
        """The clock by which mbedTLS judges tickets has begun anew; their age is that of the client's clock."""
        for s in self.each():
            for boot in (-10 ** 9, 10 ** 9):
                self.load(s, "--boot", str(boot), "--now", str(NOW + 60))

    def test_passed_on(self):
        """Through many boots, with what each saves anew; how old it is is not forgotten on the way."""
        for s in self.each():
            for i in range(1, 5):
                self.load(s, "--save", self.file, "--now", str(NOW + 60 * i), "--boot", str(-(10 ** i)))

    def test_passed_on_too_long(self):
        """A ticket of TLS 1.2 is used many times, but no longer than seven days."""
        with Server(context(made.good, made.key, most=V1_2)) as s:
            self.save(s)
            for i in range(1, 7):
                self.load(s, "--save", self.file, "--now", str(NOW + DAY * i))
            self.load(s, "--now", str(NOW + DAY * 7))
            self.load(s, "--now", str(NOW + DAY * 7 + 1), resumed=False)

    def test_too_old(self):
        for s in self.each():
            self.load(s, "--now", str(NOW + 7 * DAY + 1), resumed=False)
            self.load(s, "--now", str(NOW - 1), resumed=False)  # saved in the future

    def test_ticket_has_a_life_time(self):
        """OpenSSL's tickets of TLS 1.3 live for two hours. Those of 1.2 say so as a hint only."""
        for s in self.each():
            old = s.contexts[0].maximum_version == V1_2
            self.load(s, "--now", str(NOW + 7100), "--boot", str(-10 ** 9))
            self.save(s)
            self.load(s, "--now", str(NOW + 7300), "--boot", str(-10 ** 9), resumed=old)

    def test_window(self):
        before = ("--now", str(seconds("2026-09-21 23:30:00")))
        for s in self.each(*before, chain=made.soon):
            self.load(s, "--now", str(seconds("2026-09-22 00:00:00")))
            self.save(s, *before)
            self.load(s, "--now", str(seconds("2026-09-22 00:00:01")), result="TLS_DATE")

    def test_unknown_time(self):
        """It is not offered in the first contact. What that brings is not saved before the time is known."""
        for s in self.each():
            self.load(s, "--now", "unknown", resumed=False)
            outcome = get(s.port, "--get", "10", "--now", "unknown", "--save", self.file)
            self.assertEqual((outcome.totals["save"], outcome.totals["need"]), ("STATE", "0"), outcome.text)
            self.save(s, "--now", f"unknown,{NOW}", "--rounds", "2")
            self.load(s)

    def test_first_contact_gets_stuck(self):
        """What was loaded is still there for the connection after it."""
        for most in self.versions():
            c = context(made.good, made.key, most=most)
            with Server(c, hold=2) as s:
                self.save(s)
                outcome = get(s.port, "--get", "10", "--load", self.file, "--rounds", "2", "--deadline", "3000",
                              "--now", f"unknown,{NOW}")
                self.assertEqual([r["result"] for r in outcome.rounds], ["TIMEOUT", "OK"], outcome.text)
                self.assertEqual(outcome.totals["resumed"], "1", outcome.text)

    def test_other_host(self):
        for s in self.each():
            self.load(s, host="a.wild.example", resumed=False)

    def test_other_port(self):
        for s in self.each():
            with Server(*s.contexts) as other:
                self.load(other, resumed=False)

    def test_other_options(self):
        both = made.maker.bundle("both.pem", made.ca, made.other_ca)
        for s in self.each():
            for options in (("--max", "12"), ("--insecure",), ("--cert", made.client, "--key", made.key)):
                self.load(s, *options, loaded="ARGUMENT", resumed=False)
            self.load(s, roots=both, loaded="ARGUMENT", resumed=False)
            self.load(s, roots=made.other_ca, loaded="ARGUMENT", result="TLS_TRUST")
            self.save(s, "--insecure", host="bad.example")
            self.load(s, host="bad.example", loaded="ARGUMENT", result="TLS_NAME")

    def test_refused_by_the_server(self):
        for s in self.each():
            with Server(context(made.good, made.key, most=s.contexts[0].maximum_version)) as other:
                self.reseal(lambda body: body[:2] + struct.pack(">H", other.port) + body[4:])
                self.load(other, resumed=False)

    def test_nothing_to_save(self):
        for options in (("--rounds", "0"), ("--no-resumption",)):
            with Server(context(made.good, made.key)) as s:
                outcome = get(s.port, "--get", "10", "--save", self.file, *options)
            self.assertEqual((outcome.totals["save"], outcome.totals["need"]), ("STATE", "0"), outcome.text)

    def test_not_wanted(self):
        for s in self.each():
            self.load(s, "--no-resumption", loaded="STATE", resumed=False)

    def test_spoilt(self):
        """Every truncation, a byte too many, every single bit: refused, and the handshake is a full one."""
        for s in self.each():
            outcome = get(s.port, "--get", "10", "--load", self.file, "--spoil")
            size = os.path.getsize(self.file)
            self.assertEqual((outcome.setup["spoilt"], outcome.setup["taken"]), (str(size + 1 + 8 * size), "0"))
            self.complete(outcome, 10)
            self.assertEqual((outcome.totals["handshakes"], outcome.totals["resumed"]), ("1", "0"))

    def reseal(self, change):
        """Rewrites the saved session with the seal that ivs_tls_session_load() will compute."""
        def sha256(*parts):
            return hashlib.sha256(b"".join(parts)).digest()
        with open(made.ca, encoding="ascii") as f:
            root = ssl.PEM_cert_to_DER_cert(f.read())
        with open(self.file, "rb") as f:
            body = change(f.read()[:-32])
        seal = sha256(body)
        for part in (root, bytes([0, 0])):
            seal = sha256(seal, sha256(part))
        with open(self.file, "wb") as f:
            f.write(body + seal)

    def test_other_mbedtls(self):
        """Its form begins with the version, three bytes, and two of what it was built with."""
        for s in self.each():
            self.reseal(lambda body: body)
            self.load(s)
            start = 28 + len("good.example")
            for i in range(start, start + 5):
                self.save(s)
                self.reseal(lambda body: body[:i] + bytes([body[i] ^ 1]) + body[i + 1:])
                self.load(s, loaded="ARGUMENT", resumed=False)

    def test_host_of_any_length(self):
        """A length that leads out of what was saved, or a host that is none, though the seal is right."""
        for s in self.each():
            for n in (0, 1, 11, 13, 100, 255):
                self.save(s)
                self.reseal(lambda body: body[:1] + bytes([n]) + body[2:])
                self.load(s, loaded="ARGUMENT", resumed=False)
            self.save(s)
            self.reseal(lambda body: body[:28] + b"\0" + body[29:])
            self.load(s, loaded="ARGUMENT", resumed=False)
            for size in (0, 1, 27, 28, 29, 40):  # nothing, or too little, before the seal
                self.save(s)
                self.reseal(lambda body: body[:size])
                self.load(s, loaded="ARGUMENT", resumed=False)
            self.save(s)
            self.reseal(lambda body: body[:1] + b"\xff" + body[2:40])
            self.load(s, loaded="ARGUMENT", resumed=False)

    def test_other_format(self):
        for s in self.each():
            self.reseal(lambda body: b"\2" + body[1:])
            self.load(s, loaded="ARGUMENT", resumed=False)


if __name__ == "__main__":
    main(__doc__)
