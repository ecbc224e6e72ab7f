"""The TLS port against servers of our own: test_tls.py PATH_OF_tls_get

Each case has a deadline and one exact result. Needs the openssl program for certificates.
"""
import os
import socket
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tls_case import V1_1, V1_2, V1_3, Case, get, has_1_3, made, main, seconds  # noqa: E402
from tls_server import Plain, Server, Trickle, context  # noqa: E402

MEGABYTES = 3 * 1024 * 1024


class Trust(Case):
    def test_good(self):
        self.try_certificate(made.good, "OK")
        self.try_certificate(made.rsa, "OK", key=made.rsa_key)

    def test_roots_from_memory(self):
        self.try_certificate(made.good, "OK", "--roots", made.ca)

    def test_wrong_ca(self):
        self.try_certificate(made.good, "TLS_TRUST", roots=made.other_ca, text="chain ends at no trusted root")

    def test_amazon_roots_do_not_trust_us(self):
        self.try_certificate(made.good, "TLS_TRUST", roots="builtin", text="chain ends at no trusted root")

    def test_self_signed(self):
        self.try_certificate(made.self_signed, "TLS_TRUST")

    def test_chain_of_four(self):
        with Server(context(made.chain_of_four, made.rsa_key)) as s:
            self.complete(get(s.port, "--get", "5", roots=made.rsa_root), 5)
            self.complete(get(s.port, "--get", "5", "--starve", roots=made.rsa_root), 5)

    def test_broken_chain(self):
        self.try_certificate(made.broken_chain, "TLS_TRUST", key=made.rsa_key, roots=made.rsa_root)

    def test_trust_before_name_before_date(self):
        far = ["--now", str(seconds("2050-01-01"))]
        self.try_certificate(made.good, "TLS_TRUST", *far, host="bad.example", roots=made.other_ca)
        self.try_certificate(made.good, "TLS_NAME", *far, host="bad.example")
        self.try_certificate(made.good, "TLS_DATE", *far)

    def test_insecure(self):
        far = ["--now", str(seconds("2050-01-01")), "--insecure"]
        self.try_certificate(made.good, "OK", *far, host="bad.example", roots=made.other_ca)
        self.try_certificate(made.self_signed, "OK", *far, host="127.0.0.1")


class Names(Case):
    def test_names(self):
        for host, expected in [("GOOD.example", "OK"), ("good.example.", "OK"), ("a.wild.example", "OK"),
                               ("bad.example", "TLS_NAME"), ("a.b.wild.example", "TLS_NAME"), ("wild.example", "TLS_NAME"),
                               ("good.example.com", "TLS_NAME"), ("127.0.0.1", "TLS_NAME")]:
            with self.subTest(host=host):
                self.try_certificate(made.good, expected, host=host)

    def test_addresses(self):
        for name, expected in [("ip", "OK"), ("other_ip", "TLS_NAME"), ("ip_as_name", "TLS_NAME"), ("ip_as_cn", "TLS_NAME")]:
            with self.subTest(certificate=name):
                self.try_certificate(getattr(made, name), expected, host="127.0.0.1")

    def test_address_6(self):
        for chain, expected in [(made.ip, "OK"), (made.other_ip, "TLS_NAME")]:
            with Server(context(chain, made.key), family=socket.AF_INET6) as s:
                self.result(get(s.port, "--get", "5", host="::1"), expected)

    def test_name_that_looks_like_an_address_in_binary(self):
        self.try_certificate(made.ip_like_name, "TLS_NAME", host="a.pl")

    def test_server_name_is_sent_for_names_only(self):
        with Server(context(made.ip, made.key)) as s:
            get(s.port, "--get", "1", host="127.0.0.1")
            get(s.port, "--get", "1", host="good.example.")
            self.assertEqual(s.names, [None, "good.example"])


class Dates(Case):
    def at(self, when, chain, expected, text=None):
        self.try_certificate(chain, expected, "--now", str(seconds(when)), text=text)

    def test_by_the_clock_given(self):
        self.at("2005-06-01", made.past, "OK")  # although this machine's clock says that it has expired
        self.at("2026-06-01", made.past, "TLS_DATE", "certificate in the chain has expired")
        self.at("2050-01-01", made.good, "TLS_DATE", "certificate in the chain has expired")
        self.at("1970-01-01", made.good, "TLS_DATE", "certificate in the chain is not valid yet")
        self.at("2039-06-01", made.good, "OK")

    def test_to_the_second(self):
        self.at("2020-01-01 00:00:00", made.good, "OK")
        self.at("2019-12-31 23:59:59", made.good, "TLS_DATE")
        self.at("2040-01-01 00:00:00", made.good, "OK")
        self.at("2040-01-01 00:00:01", made.good, "TLS_DATE")
        self.at("2028-02-29 12:00:00", made.good, "OK")

    def test_root_expired(self):
        self.at("2044-06-01", made.long, "OK")
        self.at("2046-06-01", made.long, "TLS_DATE")


class Roots(Case):
    def refuse(self, *options, text, roots="builtin"):
        with Plain(None) as s:
            outcome = get(s.port, *options, roots=roots)
            self.assertEqual(s.connections, 0)
        self.assertEqual((outcome.setup["setup"], outcome.setup["text"]), ("TLS_ROOTS", text), outcome.text)
        self.result(outcome, "TLS_ROOTS")

    def test_files(self):
        missing = "the file of trusted roots is not there, not readable or empty"
        nothing = "no certificate in the file of trusted roots"
        self.refuse("--roots-file", made.maker.path("no-such-file"), text=missing)
        self.refuse("--roots-file", made.maker.folder, text=missing)
        self.refuse("--roots-file", made.empty, text=missing)
        self.refuse("--roots-file", made.garbage, text=nothing)
        self.refuse("--roots-file", made.key, text=nothing)

    def test_file_after_bad_buffer(self):
        """The file takes the place of bad roots, and the client's certificate is still there."""
        with Server(context(made.good, made.key, client_ca=made.ca)) as s:
            outcome = get(s.port, "--get", "9", "--roots", made.garbage, "--roots-file", made.ca,
                          "--cert", made.client, "--key", made.key)
        self.complete(outcome, 9)

    def test_buffers(self):
        with Plain(None) as s:
            for path in (made.empty, made.garbage, made.key):
                self.assertEqual(get(s.port, "--roots", path).setup["setup"], "TLS_ROOTS")
        self.refuse("--roots-raw", made.ca, text="PEM text must end with a NUL, counted in its size")


class Versions(Case):
    def server(self, least, most, chain=None, key=None, weak=False):
        return Server(context(chain or made.good, key or made.key, least, most, weak=weak))

    def test_1_2_ecdsa(self):
        with self.server(V1_2, V1_2) as s:
            outcome = get(s.port, "--get", "9")
            self.assertEqual(s.connections, 1)
        self.complete(outcome, 9)
        self.assertEqual(outcome.rounds[0]["version"], "12")

    def test_1_2_rsa(self):
        """mbedTLS 3.6.6 needs a second connection for the first round, but remembers."""
        with self.server(V1_2, V1_2, made.rsa, made.rsa_key) as s:
            outcome = get(s.port, "--get", "9", "--rounds", "2", "--no-resumption")
            again = outcome.totals["only_1_2"] == "1"
            self.assertEqual(s.connections, 3 if again else 2)
        self.complete(outcome, 9)
        self.assertEqual([r["version"] for r in outcome.rounds], ["12", "12"])
        if outcome.setup["mbedtls"] == "3.6.6":
            self.assertTrue(again)

    def test_1_3_only(self):
        with self.server(V1_3, V1_3) as s:
            outcome = get(s.port, "--get", "9")
            old = get(s.port, "--get", "9", "--max", "12")
        self.result(old, "TLS")
        if has_1_3():
            self.complete(outcome, 9)
            self.assertEqual(outcome.rounds[0]["version"], "13")
        else:
            self.result(outcome, "TLS")

    def test_1_3_rsa(self):
        if not has_1_3():
            self.skipTest("this mbedTLS has no TLS 1.3")
        with self.server(V1_3, V1_3, made.rsa, made.rsa_key) as s:
            self.complete(get(s.port, "--get", "9"), 9)

    def test_at_most_1_2(self):
        with self.server(V1_2, V1_3) as s:
            outcome = get(s.port, "--get", "9", "--max", "12")
        self.complete(outcome, 9)
        self.assertEqual(outcome.rounds[0]["version"], "12")

    def test_1_1_refused(self):
        with self.server(V1_1, V1_1, weak=True) as s:
            self.result(get(s.port, "--get", "9"), "TLS")

    def test_client_certificate(self):
        for most in (V1_2, V1_3):
            with Server(context(made.good, made.key, most=most, client_ca=made.ca)) as s:
                self.complete(get(s.port, "--get", "9", "--cert", made.client, "--key", made.key), 9)
                outcome = get(s.port, "--get", "9")
                failure = outcome.rounds[0]
                if failure["result"] == "OK":  # 1.3: the refusal comes after our side has finished
                    self.assertEqual((failure["got"], failure["end"]), ("0", "TLS"), outcome.text)
                else:
                    self.assertEqual(failure["result"], "TLS", outcome.text)
                    self.assertEqual(failure["text"], "the server refused with an alert")

    def test_client_key_missing(self):
        with Plain(None) as s:
            outcome = get(s.port, "--cert", made.client, "--key", made.client, roots="builtin")
        self.assertEqual(outcome.setup["setup"], "TLS")
        self.result(outcome, "TLS")


class Ends(Case):
    def versions(self):
        return (V1_2, V1_3) if has_1_3() else (V1_2,)

    def test_without_notice(self):
        for most in self.versions():
            with Server(context(made.good, made.key, most=most), notify=False) as s:
                self.complete(get(s.port, "--get", "1000"), 1000, end="NET")

    def test_our_notice(self):
        for most in self.versions():
            with Server(context(made.good, made.key, most=most)) as s:
                self.complete(get(s.port, "--get", "10", "--rounds", "3"), 10)
                limit = time.monotonic() + 20
                while s.ended < 3 and time.monotonic() < limit:
                    time.sleep(0.01)
                self.assertEqual(s.ended, 3)

    def test_cut_off(self):
        with Server(context(made.good, made.key), notify=False, short=500) as s:
            self.complete(get(s.port, "--get", "1000"), 500, end="NET")

    def test_ends_in_handshake(self):
        with Plain(b"") as s:
            self.result(get(s.port, "--get", "9"), "NET", "connection ended without TLS's own notice")

    def test_not_tls(self):
        with Plain(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") as s:
            self.result(get(s.port, "--get", "9"), "TLS", "not TLS, or a record larger than our buffer")

    def test_silent(self):
        with Plain(None) as s:
            self.result(get(s.port, "--get", "9", "--deadline", "300"), "TIMEOUT")

    def test_nobody(self):
        with Plain(None) as s:
            port = s.port
        outcome = get(port, "--get", "9")
        self.result(outcome, "CONNECT", "Connection refused")


class Bytes(Case):
    def each(self, *options, n):
        for version in (V1_2, V1_3):
            with Server(context(made.good, made.key, most=version)) as s:
                self.complete(get(s.port, *options), n)

    def test_down(self):
        self.each("--get", str(MEGABYTES), n=MEGABYTES)

    def test_up(self):
        self.each("--put", str(MEGABYTES), n=MEGABYTES)

    def test_in_sips(self):
        """What mbedTLS has decrypted already must come before any sleep."""
        self.each("--get", "30000", "--sip", n=30000)

    def test_nothing(self):
        self.each("--get", "0", n=0)

    def test_starved(self):
        self.each("--get", "40000", "--starve", n=40000)
        self.each("--put", "40000", "--starve", n=40000)

    def test_byte_by_byte(self):
        for version in (V1_2, V1_3):
            with Server(context(made.good, made.key, most=version)) as s, Trickle(s.port) as t:
                self.complete(get(t.port, "--get", "3000"), 3000, end="CLOSED")

    def test_send_fails(self):
        """An error of sending alone, at every send of the handshake and behind it, is told at once; the deadline of
        20 s would be another result."""
        for version in (V1_2, V1_3):
            with Server(context(made.good, made.key, most=version)) as s:
                for n in range(1, 10):
                    outcome = get(s.port, "--get", "9", "--fail-send", str(n))
                    if outcome.rounds[0]["result"] == "OK":
                        break
                    self.result(outcome, "NET")
                self.complete(outcome, 9)
                self.assertGreater(n, 4, "fewer sends than a handshake needs")


class Misuse(Case):
    def test_while_open(self):
        """Other roots and sessions are refused as long as the connection is open, and do not harm it."""
        for version in (V1_2, V1_3):
            with Server(context(made.good, made.key, most=version)) as s:
                outcome = get(s.port, "--get", "9", "--misuse", "--rounds", "2")
            self.complete(outcome, 9)
            for r in outcome.rounds:
                self.assertEqual((r["roots_file"], r["load"]), ("STATE", "STATE"), outcome.text)


class Memory(Case):
    """When memory runs out at a random point, that is the error: never that the server is not to be trusted. In a few
    places mbedTLS keeps the cause to itself."""

    def short(self, chain, key, roots, most):
        with Server(context(chain, key, most=most)) as s:
            outcome = get(s.port, "--get", "10", "--rounds", "150", "--no-resumption", "--short-of-memory", roots=roots)
        results = [r["result"] for r in outcome.rounds]
        self.assertEqual(results[0], "OK", outcome.text)
        self.assertLessEqual(set(results), {"OK", "TLS_MEMORY", "TLS"}, outcome.text)
        self.assertGreater(results.count("TLS_MEMORY"), 50, outcome.text)
        self.assertLess(results.count("TLS"), 10, outcome.text)

    def test_short(self):
        for most in (V1_2, V1_3):
            self.short(made.good, made.key, made.ca, most)
            self.short(made.chain_of_four, made.rsa_key, made.rsa_root, most)


class Random(Case):
    """While a random number that is needed does not come, there is no connection; as soon as all come, there is."""

    def test_setting_up(self):
        with Server(context(made.good, made.key)) as s:
            for nth in range(1, 10):
                outcome = get(s.port, "--get", "10", "--fail-entropy", str(nth))
                if outcome.setup["setup"] == "OK":
                    break
                self.assertEqual((outcome.setup["setup"], outcome.rounds[0]["result"]), ("ENTROPY", "ENTROPY"), outcome.text)
        self.complete(outcome, 10)

    def test_shaking_hands(self):
        for most in (V1_2, V1_3):
            with Server(context(made.good, made.key, most=most, client_ca=made.ca)) as s:
                outcome = get(s.port, "--get", "10", "--rounds", "24", "--short-of-random", "--no-resumption",
                              "--cert", made.client, "--key", made.key)
            results = [r["result"] for r in outcome.rounds]
            needed = results.count("TLS")
            self.assertEqual(results, ["TLS"] * needed + ["OK"] * (24 - needed), outcome.text)
            self.assertIn(needed, range(2, 24), outcome.text)


if __name__ == "__main__":
    main(__doc__)
