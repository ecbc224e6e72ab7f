"""Compares the proxy of the environment with what botocore and urllib make of it: proxies.py PATH_OF_proxy_print

botocore's own functions choose the proxy (get_environ_proxies, which asks urllib.request, and
ProxyConfiguration), urllib3 takes its URL apart. First a table with the results that are expected, then
random environments, whose seed is IVS_SEED. Which values are well formed is said here, by FORM.

On purpose we differ in this:
- What FORM does not accept is an error, where botocore goes on with whatever it made of it: other
  kinds of proxy, a path, a query, hosts and ports that are none, a ':' or control characters in the
  user.
- A scheme in capital letters is one. A user without a password is sent, with an empty one. User and
  password may be other than ASCII.
- NO_PROXY knows IPv6 addresses without brackets, and the port 443 also of a URL that does not
  mention it.
"""
import base64
import json
import os
import random
import re
import subprocess
import sys
import urllib.parse

try:
    import botocore
    import botocore.utils
    import urllib3
    from botocore.httpsession import ProxyConfiguration
except ImportError as missing:
    sys.exit(f"proxies.py: {missing}: install python3-botocore and run this with /usr/bin/python3")

ROUNDS = 4000
NAMES = ["https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"]
FORM = re.compile(r"(?:(https?)://|//|(?!https?:))(?:([^/?#]*)@)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]*))?/?", re.I | re.A)
LONGEST = {"host": 255, "user": 127, "password": 255}

P, H = "http://proxy:3128", "ivs.eu-west-1.amazonaws.com"
HTTP = ("proxy", 3128, False, "", "")
# https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY, host, port: host, port, tls, user, password; None: directly; or a part of the problem
TABLE = [
    ((None, None, None, None, H, 443), None),
    ((None, P, None, None, H, 443), HTTP),
    ((P, None, None, None, H, 443), HTTP),
    (("http://small:1", P, None, None, H, 443), ("small", 1, False, "", "")),
    (("", P, None, None, H, 443), None),
    ((None, "", None, None, H, 443), None),
    ((None, "proxy", None, None, H, 443), ("proxy", 80, False, "", "")),
    ((None, "//proxy:1/", None, None, H, 443), ("proxy", 1, False, "", "")),
    ((None, "https://proxy", None, None, H, 443), ("proxy", 443, True, "", "")),
    ((None, "HTTPS://PROXY:", None, None, H, 443), ("proxy", 443, True, "", "")),
    ((None, "http://[fd00::1]:8080", None, None, H, 443), ("fd00::1", 8080, False, "", "")),
    ((None, "http://u:p@proxy", None, None, H, 443), ("proxy", 80, False, "u", "p")),
    ((None, "u:p@proxy:81", None, None, H, 443), ("proxy", 81, False, "u", "p")),
    ((None, "http://a%40b:p%3a%2F:@@proxy", None, None, H, 443), ("proxy", 80, False, "a@b", "p:/:@")),
    ((None, "http://u:100%@proxy", None, None, H, 443), ("proxy", 80, False, "u", "100%")),
    ((None, "http://token@proxy", None, None, H, 443), ("proxy", 80, False, "token", "")),
    ((None, "http://:p@proxy", None, None, H, 443), ("proxy", 80, False, "", "p")),
    ((None, "http://u:" + "x" * 255 + "@proxy", None, None, H, 443), ("proxy", 80, False, "u", "x" * 255)),
    ((None, "http://u:" + "x" * 256 + "@proxy", None, None, H, 443), "HTTPS_PROXY has a user or password that is too long"),
    ((None, "http://" + "u" * 128 + "@proxy", None, None, H, 443), "too long"),
    ((None, "http://" + "h" * 255, None, None, H, 443), ("h" * 255, 80, False, "", "")),
    ((None, "http://" + "h" * 256, None, None, H, 443), "a host that is too long"),
    (("socks5://proxy:1080", None, None, None, H, 443), "https_proxy wants a kind of proxy that is not supported"),
    ((None, "http:80", None, None, H, 443), "HTTPS_PROXY is not of the form"),
    ((None, "https:secret@proxy", None, None, H, 443), "HTTPS_PROXY is not of the form"),
    ((None, "http://", None, None, H, 443), "HTTPS_PROXY is not of the form"),
    ((None, "http://u:secret/2@proxy:1", None, None, H, 443), "is not of the form"),
    ((None, "http://u:12/secret@proxy:1", None, None, H, 443), "is not of the form"),
    ((None, "http://u:secret#2@proxy:1", None, None, H, 443), "in user and password)"),
    ((None, "http://u:secret?2@proxy:1", None, None, H, 443), "is not of the form"),
    ((None, "http://proxy:secret", None, None, H, 443), "is not of the form"),
    ((None, "http://proxy:0", None, None, H, 443), "is not of the form"),
    ((None, "http://proxy:65536", None, None, H, 443), "is not of the form"),
    ((None, "http://[::1", None, None, H, 443), "is not of the form"),
    ((None, "http://[::1]x", None, None, H, 443), "is not of the form"),
    ((None, "http://pro xy", None, None, H, 443), "is not of the form"),
    ((None, "http://u%3ax:secret@proxy", None, None, H, 443), "has a user with ':'"),
    ((None, "http://u:secret%0d%0a@proxy", None, None, H, 443), "control characters"),
    ((None, "http://u%7f:secret@proxy", None, None, H, 443), "control characters"),
    ((None, P, None, "*", H, 443), None),
    ((None, P, None, "*,x", H, 443), HTTP),
    ((None, P, None, "amazonaws.com", H, 443), None),
    ((None, P, None, " x , .AmazonAWS.com ", H, 443), None),
    ((None, P, None, "*.amazonaws.com", H, 443), HTTP),
    ((None, P, None, "azonaws.com", H, 443), HTTP),
    ((None, P, None, H, H, 443), None),
    ((None, P, None, "x." + H, H, 443), HTTP),
    ((None, P, None, "amazonaws.com:443", H, 443), None),
    ((None, P, None, "amazonaws.com:444", H, 443), HTTP),
    ((None, P, None, "amazonaws.com:0443", H, 443), HTTP),
    ((None, P, None, "amazonaws.com:", H, 443), HTTP),
    ((None, P, None, ",,.,:443,", H, 443), HTTP),
    ((None, P, "", "*", H, 443), HTTP),
    ((None, P, "x", "*", H, 443), HTTP),
    ((None, P, "*", None, H, 443), None),
    ((None, P, None, "127.0.0.1", "127.0.0.1", 8443), None),
    ((None, P, None, "127.0.0.1:8443", "127.0.0.1", 8443), None),
    ((None, P, None, "127.0.0.1:443", "127.0.0.1", 8443), HTTP),
    ((None, P, None, "0.0.1", "127.0.0.1", 443), None),
    ((None, P, None, "127.0.0.0/8", "127.0.0.1", 443), HTTP),
    ((None, P, None, "[::1]", "::1", 8443), None),
    ((None, P, None, "[::1]:8443", "::1", 8443), None),
    ((None, P, None, "[::1]:443", "::1", 8443), HTTP),
    ((None, P, None, "[::1", "::1", 8443), HTTP),
    ((None, P, None, "::1", "::1", 443), None),
    ((None, P, None, "1", "::1", 443), HTTP),
    ((None, P, None, "::1", "fd00::1", 443), HTTP),
    ((None, "nonsense:secret", None, "*", H, 443), None),
]


# --- botocore ---

def set_environment(values):
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    os.environ.update({name: value for name, value in zip(NAMES, values) if value is not None})


def netloc(host, port):
    return "%s:%d" % ("[%s]" % host if ":" in host else host, port)


def judge(case):
    """As a row of the table; an empty text for any problem."""
    set_environment(case[:4])
    url = "https://%s/GetChannel" % netloc(*case[4:])
    proxies = botocore.utils.get_environ_proxies(url)
    if not proxies.get("https"):
        return None
    value = proxies["https"]
    match = FORM.fullmatch(value)
    if match is None or not 1 <= int(match[4] or 80) <= 65535:
        return ""
    scheme = (match[1] or "").lower()
    settings = ProxyConfiguration({"https": scheme + value[len(scheme):]})
    proxy = settings.proxy_url_for(url)
    parsed = urllib3.util.parse_url(proxy)
    user, _, password = (urllib.parse.unquote_to_bytes(part) for part in (match[2] or "").partition(":"))
    check_credentials(settings, proxy, user, password)
    port = parsed.port if parsed.port is not None else 443 if scheme == "https" else 80
    if b":" in user or re.search(rb"[\0-\x1f\x7f]", user + password):
        return ""
    if any(len(text) > LONGEST[name] for name, text in (("host", parsed.host.strip("[]")), ("user", user), ("password", password))):
        return ""
    return (parsed.host.strip("[]"), port, scheme == "https", user, password)


def check_credentials(settings, proxy, user, password):
    """That botocore would send these, if it sends any."""
    try:
        header = settings.proxy_headers_for(proxy).get("Proxy-Authorization")
    except UnicodeEncodeError:
        return
    if header is not None:
        assert base64.b64decode(header.split(" ")[1]) == user + b":" + password, (proxy, header)
    else:
        assert not (user and password), proxy


# --- ours ---

def ours(driver, cases):
    run = subprocess.run([driver], input=b"".join(encode(case) for case in cases), capture_output=True, check=True, timeout=60)
    lines = run.stdout.decode().splitlines()
    assert len(lines) == len(cases), (len(lines), len(cases))
    return [json.loads(line) for line in lines]


def encode(case):
    values = ["" if value is None else "=" + value for value in case[:4]] + [case[4], str(case[5])]
    return b"".join(value.encode() + b"\0" for value in values)


def same(expected, said):
    if expected is None:
        return said["result"] == 0 and not said["host"] and not said["problem"]
    if isinstance(expected, str):
        problem = said["problem"]
        return said["result"] < 0 and expected in problem and problem.startswith(said["from"] + " ") and "secret" not in problem
    host, port, tls, user, password = expected
    secrets = [text if isinstance(text, bytes) else text.encode() for text in (user, password)]
    return (said["result"] == 1 and (said["host"], said["port"], said["tls"]) == (host, port, tls)
            and [bytes.fromhex(said["user"]), bytes.fromhex(said["password"])] == secrets and said["from"] in NAMES)


# --- environments at random ---

def random_value(rng):
    secret = "".join(rng.choice(["a", "Z", "7", ":", "%41", "%", "%4", "%zz", "%3A", "%0a", "!", "\u00e9", "%C3%A9", "@", "+", " "])
                     for _ in range(rng.randint(0, 8)))
    user = rng.choice(["", "", "u:" + secret + "@", "user@", ":x@", secret + "@"])
    host = rng.choice(["proxy", "10.0.0.1", "[fd00::1]"] if rng.random() < 0.7 else
                      ["Proxy.Example", "[::FFFF:1.2.3.4]", "a_b-c.d", "", "[x]", "pr\u00f6xy", "a b", "a,b"])
    port = rng.choice(["", ":3128", ":3128", ":1", ":65535", ":"] + [":0", ":65536", ":x", ":-1", ":+1"] * (rng.random() < 0.1))
    scheme = rng.choice(["http://", "http://", "https://", "", "//"] + ["HTTP://", "socks5://", "http:", "http:/"] * (rng.random() < 0.2))
    return scheme + user + host + port + rng.choice(["", "", "/"] + ["/path", "?q", "#f", "//", " "] * (rng.random() < 0.1))


def random_list(rng, host, port):
    labels = host.split(".")
    domain = ".".join(labels[-2:])
    pool = [host, host.upper(), domain, "." + domain, "x" + host, "x." + host, host[1:], "*", "." + host, "..", "",
            "[%s]" % host, "[%s]:%d" % (host, port), "%s:%d" % (host, port), "%s:%d" % (domain, port), "%s:%d" % (host, port + 1),
            "%s:" % host, ":%d" % port, "localhost", "10.0.0.0/8", labels[-1], "::1", "a.b.c", "%s:x" % host]
    count = rng.choice([0, 1, 1, 1, 2, 3])
    return ",".join(rng.choice(["", " ", "\t"]) + rng.choice(pool) + rng.choice(["", " "]) for _ in range(count))


def random_case(rng):
    host = rng.choice([H, H, "localhost", "127.0.0.1", "::1", "fd00:ec2::254", "Host.Example"])
    port = rng.choice([443, 443, 8443, 4])
    values = [random_value(rng) if rng.random() < odds else "" if rng.random() < 0.1 else None for odds in (0.3, 0.8)]
    values += [random_list(rng, host, port) if rng.random() < odds else "" if rng.random() < 0.1 else None for odds in (0.2, 0.5)]
    return tuple(values) + (host, port)


def names_bare(case):
    """True if the list that counts has the IPv6 address of the endpoint, without brackets."""
    names = case[2] if case[2] is not None else case[3] or ""
    return ":" in case[4] and any(name.strip().lstrip(".").lower() == case[4].lower() for name in names.split(","))


def expected_of(case):
    return None if names_bare(case) else judge(case)


def run(driver, cases, expected, what):
    failed, kinds = 0, {}
    for case, want, said in zip(cases, expected, ours(driver, cases)):
        kind = "direct" if want is None else "error" if isinstance(want, str) else "proxy"
        kinds[kind] = kinds.get(kind, 0) + 1
        if not same(want, said):
            failed += 1
            if failed <= 10:
                print("differs: %s\nexpected: %s\nours: %s" % (case, want, said))
    print("%d %s, %d failed: %s" % (len(cases), what, failed, ", ".join("%s %d" % pair for pair in sorted(kinds.items()))))
    return failed


def table_agrees():
    """That botocore says what the table does, where it is to be asked."""
    failed = 0
    for case, want in TABLE:
        theirs = expected_of(case)
        if isinstance(theirs, tuple):
            theirs = theirs[:3] + tuple(text.decode() for text in theirs[3:])
        if theirs != want and not (isinstance(want, str) and theirs == ""):
            failed += 1
            print("the table differs from botocore: %s\nexpected: %s\nbotocore: %s" % (case, want, theirs))
    return failed


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    driver = os.path.abspath(sys.argv[1])
    seed = int(os.environ.get("IVS_SEED") or random.randrange(2 ** 32))
    print("botocore %s, urllib3 %s\nseed: IVS_SEED=%d" % (botocore.__version__, urllib3.__version__, seed))
    rng = random.Random(seed)
    failed = table_agrees() + run(driver, [row[0] for row in TABLE], [row[1] for row in TABLE], "rows of the table")
    cases = [random_case(rng) for _ in range(ROUNDS)]
    failed += run(driver, cases, [expected_of(case) for case in cases], "at random")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
