"""Config and credentials files, written by hand and at random, as botocore reads them and as <ivs/settings.h> does; and where
credentials come from, by what the simulator's STS, container and instance metadata are asked for.

usage: profiles.py DRIVER        (the seed is printed; IVS_SEED repeats a run)

DRIVER is tests/platform/settings_print.c. botocore gets the names of variables that the AWS CLI 2 gives it. What it cannot do itself
in Debian's release is worked out here from what it read, in the order of its later releases: endpoints from profiles, that of STS
included, which it is told.

Intended differences, none of which is held against ours:
 - a variable or value that is empty counts as not set;
 - a section or key that is there twice is refused only where it is read; in [DEFAULT] the first of a key counts, and the nested keys of a
   parent that is there twice are taken together;
 - a profile that needs single sign-on, a login or MFA is refused; so are more than four roles in a row, and a duration that STS would
   refuse;
 - access keys that are empty or of several lines are refused, not used; so are values that are nested or longer than their room in the
   struct; empty lines within a value do not count;
 - expired credentials are refused at once, not at the first request;
 - bytes that are not UTF-8 and a byte order mark are no error; only blanks of ASCII count as blanks;
 - a file that somebody named and that cannot be read is an error, not ignored;
 - "~user" in the name of a file is not expanded.
"""
import json
import os
import pathlib
import random
import re
import shlex
import subprocess
import sys
import tempfile
import urllib.request

try:
    import botocore.session
    from botocore import configloader, exceptions
except ImportError as missing:
    sys.exit(f"profiles.py: {missing}: install python3-botocore and run this with /usr/bin/python3")

TOP = pathlib.Path(__file__).parent.parent.parent
CASES = pathlib.Path(__file__).parent.parent / "vectors/profile/cases.json"
ROUNDS = 600
REMOTE_ROUNDS = 120
SECONDS = 10
ATTEMPTS = {"legacy": 5, "standard": 3, "adaptive": 3}
FIELDS = ["region", "endpoint_url", "ca_bundle", "access_key_id", "secret_access_key", "session_token"]
LONGEST = {"region": 63, "endpoint_url": 511, "ca_bundle": 1023}
REFUSED = ("sso_role_name", "sso_account_id", "login_session")
FLAGS = (("fips", "use_fips_endpoint"), ("dual_stack", "use_dualstack_endpoint"))
CLI_VARIABLES = {
    "profile": (None, ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"], None, None),
    "region": ("region", ["AWS_REGION", "AWS_DEFAULT_REGION"], None, None),
}
PROCESS = shlex.quote(json.dumps(
    {"Version": 1, "AccessKeyId": "AKIDPROCESS", "SecretAccessKey": "process+secret", "SessionToken": "t=="}))


# --- the other ends ---

class Ends:
    """The simulator, with all that issues credentials. .exports: its variables; .asked(): how often what was asked for."""

    def __init__(self):
        words = ["--quiet", "--sts", "--web-identity", "--container", "--imds"]
        self.process = subprocess.Popen([TOP / "scripts/ivs-sim", *words], stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        self.exports = {}
        while "IVS_SIM_HTTP" not in self.exports:
            line = self.process.stdout.readline()
            if not line:
                sys.exit("profiles.py: the simulator did not start")
            name, _, value = shlex.split(line)[1].partition("=")
            self.exports[name] = value

    def close(self):
        self.process.terminate()
        self.process.wait(SECONDS)
        self.process.stdout.close()

    def asked(self):
        with urllib.request.urlopen(self.exports["IVS_SIM_CONTROL"] + "/ends", timeout=SECONDS) as answer:
            ends = json.load(answer)["ends"]
        return {(end, operation): count for end, about in ends.items() for operation, count in about["asked"].items()}

    def during(self, call):
        """What call() returns, and what was asked for meanwhile."""
        before = self.asked()
        result = call()
        return result, {key: count - before.get(key, 0) for key, count in self.asked().items() if count != before.get(key, 0)}

    def tell_botocore(self):
        """Has it find our STS."""
        create = botocore.session.Session.create_client

        def create_client(session, service_name, *rest, **options):
            options.update(endpoint_url=self.exports["AWS_ENDPOINT_URL_STS"], verify=self.exports["AWS_CA_BUNDLE"])
            return create(session, service_name, *rest, **options)
        botocore.session.Session.create_client = create_client


# --- botocore ---

def services_endpoint(name):
    """endpoint_url of ivs in the section [services name] of the config file; None if there is no such section."""
    try:
        sections = configloader.raw_config_parse(os.environ["AWS_CONFIG_FILE"])
    except exceptions.ConfigNotFound:
        return None
    found = None
    for key, values in sections.items():
        try:
            words = shlex.split(key)
        except ValueError:
            continue
        if key.startswith("services") and len(words) == 2 and words[1] == name:
            found = values
    if not found:
        return None
    return found.get("ivs", {}).get("endpoint_url", "")


def judge_endpoint(scoped):
    ignore = os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") or scoped.get("ignore_configured_endpoint_urls", "")
    if ignore.lower() == "true":
        return ""
    url = os.environ.get("AWS_ENDPOINT_URL_IVS") or os.environ.get("AWS_ENDPOINT_URL")
    if not url and scoped.get("services"):
        url = services_endpoint(scoped["services"])
        if url is None:
            raise LookupError("services")
    return url or scoped.get("endpoint_url", "")


def one_break(value):
    return re.sub("\n+", "\n", value)


def judge_calls(session):
    """Flags and attempts, as the AWS CLI 2 has them; raises ValueError."""
    found = {name: int(bool(session.get_config_variable(key))) for name, key in FLAGS}
    mode = session.get_config_variable("retry_mode")
    told = session.get_scoped_config().get("retry_mode") or os.environ.get("AWS_RETRY_MODE")
    if told and mode not in ATTEMPTS:
        raise ValueError(mode)
    attempts = session.get_config_variable("max_attempts")
    if attempts is not None and attempts < 1:
        raise ValueError(attempts)
    found["max_attempts"] = min(attempts or ATTEMPTS[mode if told else "standard"], 255)
    return found


def judge(profile):
    """What botocore finds: {"error": kind} or fields, and "creds_error" or credentials."""
    session = botocore.session.Session(session_vars=CLI_VARIABLES, profile=profile)
    found = {}
    try:
        scoped = session.get_scoped_config()
        for key in ("region", "ca_bundle"):
            found[key] = one_break(session.get_config_variable(key) or "")
        found["endpoint_url"] = one_break(judge_endpoint(scoped))
        found.update(judge_calls(session))
    except ValueError:
        return {"error": "value"}
    except exceptions.ProfileNotFound:
        return {"error": "profile"}
    except exceptions.ConfigParseError as error:
        return {"error": "twice" if "already exists" in str(error.kwargs["error"]) else "file"}
    except LookupError:
        return {"error": "services"}
    merged = session.full_config["profiles"].get(session.get_config_variable("profile") or "default", {})
    if any(key in merged for key in REFUSED) and (profile is not None or not os.environ.get("AWS_ACCESS_KEY_ID")):
        found["creds_error"] = "refused"
        return found
    try:
        credentials = session.get_credentials()
        frozen = credentials.get_frozen_credentials() if credentials is not None else None
    except exceptions.PartialCredentialsError:
        found["creds_error"] = "partial"
    except exceptions.ClientError:
        found["creds_error"] = "STS"
    except (exceptions.InvalidConfigError, exceptions.InfiniteLoopConfigError):
        found["creds_error"] = "role"
    except (exceptions.BotoCoreError, ValueError, OSError, IndexError):
        found["creds_error"] = "source"
    else:
        if frozen is None:
            found["creds_error"] = "none"
        else:
            found.update(access_key_id=frozen.access_key, secret_access_key=frozen.secret_key, session_token=frozen.token or "")
    return found


# --- ours ---

def ours(driver, profile):
    run = subprocess.run([driver] + ([profile] if profile is not None else []), capture_output=True, timeout=SECONDS, check=True)
    said = json.loads(run.stdout)
    for key in ("problem", "creds_problem"):
        text = said.get(key) or ""
        assert "\n" not in text and "secret-" not in text and "process+secret" not in text and "SIMISSUED" not in text, text
    return said


def has_long_values():
    """In either file, though what the other one says may count instead."""
    for variable in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        try:
            sections = configloader.raw_config_parse(os.environ[variable])
        except exceptions.ConfigNotFound:
            continue
        for values in sections.values():
            if any(len(str(values.get(name, ""))) > longest for name, longest in LONGEST.items()):
                return True
    return False


def compare(theirs, said):
    """None if both agree, or what differs."""
    faults = {"file": 2, "profile": 3, "services": 1, "value": 1}
    if theirs.get("error") == "twice":
        return None
    if said["problem"] and said["problem"].endswith("is too long") and has_long_values():
        return None  # a limit of ours, whatever else there is to say of the files
    if "error" in theirs:
        return None if said["problem"] and said["fault"] == faults[theirs["error"]] else "error"
    if said["problem"]:
        return "problem"
    for field in ("fips", "dual_stack", "max_attempts"):
        if theirs[field] != said[field]:
            return field
    if "creds_error" in theirs:
        return None if said["creds_problem"] and all(said[f] == theirs[f] for f in FIELDS[:3]) else "creds_error"
    values = [theirs[f] for f in FIELDS]
    if not theirs["access_key_id"] or not theirs["secret_access_key"] or any(c in v for v in values[3:] for c in "\n"):
        return None if said["creds_problem"] else "malformed keys"
    issued = theirs["secret_access_key"].startswith("SIMISSUED")  # anew, for each of us
    for field in FIELDS[:3] if issued else FIELDS:
        if theirs[field] != said[field]:
            return field
    return "source" if issued != said["secret_access_key"].startswith("SIMISSUED") else None


# --- files ---

class Case:
    def __init__(self, config=None, credentials=None, environment=None, profile=None):
        self.config, self.credentials, self.environment, self.profile = config, credentials, environment or {}, profile

    def place(self, folder):
        """Writes the files and sets the environment, of which nothing else of AWS is left."""
        for name in [name for name in os.environ if name.startswith(("AWS_", "IVS_IOT_"))]:
            del os.environ[name]
        os.environ.update({"AWS_EC2_METADATA_DISABLED": "true", "BOTO_CONFIG": "/nonexistent", "HOME": folder, "NO_PROXY": "*"})
        for variable, name, text in (("AWS_CONFIG_FILE", "config", self.config),
                                     ("AWS_SHARED_CREDENTIALS_FILE", "credentials", self.credentials)):
            path = os.path.join(folder, name)
            os.environ[variable] = path
            if os.path.exists(path):
                os.remove(path)
            if text is not None:
                with open(path, "wb") as file:
                    file.write(text.encode())
        os.environ.update(self.environment)


def blanks(rng, longest=2):
    return "".join(rng.choice(" \t") for _ in range(rng.randint(0, longest)))


def odd_case(rng, word):
    return word if rng.random() < 0.8 else "".join(rng.choice([c, c.upper()]) for c in word)


def values_of(rng, profile):
    """Keys of a section, with values that tell where they come from."""
    tag = "%s-%d" % ("".join(c for c in profile if c.isalnum()), rng.randint(0, 99))
    pool = {
        "region": ["eu-west-1", "us-west-2", "eu-west-1 # no comment", "eu = west : 1"],
        "aws_access_key_id": ["AKID" + tag], "aws_secret_access_key": ["secret-" + tag, "secret-a=b:c;d#" + tag],
        "aws_session_token": ["token-" + tag, "token-==:" + tag], "aws_security_token": ["old-" + tag],
        "ca_bundle": ["/etc/" + tag, "~/x y/" + tag], "endpoint_url": ["http://localhost:1/" + tag, "https://h:2/?a=b"],
        "services": ["a", "b c", "nosuch"] if rng.random() < 0.5 else ["a", "b c"],
        "ignore_configured_endpoint_urls": ["true", "True", "false", "1"],
        "credential_process": ["echo " + PROCESS, "/bin/echo\n  " + PROCESS, "false", "/nonexistent/program", "echo '{}'",
                               "echo \"unclosed"],
        "output": ["json"], "s3": ["\n  addressing_style = path\n\n  x=y"], "note": ["", "a\n  b\n\n   c = d", "[section]", "=", "x"],
        "sso_account_id": ["1"], "use_fips_endpoint": ["true", "True", "no"], "use_dualstack_endpoint": ["true", "x"],
        "retry_mode": ["legacy", "standard", "adaptive", "standard", "simple"], "max_attempts": ["1", "9", "300", "0", "x"],
    }
    weights = {"aws_access_key_id": 8, "aws_secret_access_key": 8, "region": 5, "credential_process": 2, "services": 2,
               "sso_account_id": 0.2, "retry_mode": 0.5, "max_attempts": 0.5}
    names = list(pool)
    chosen = []
    for _ in range(rng.randint(0, 7)):
        name = rng.choices(names, [weights.get(n, 1) for n in names])[0]
        if name not in chosen or rng.random() < 0.005:
            chosen.append(name)
    if "aws_access_key_id" in chosen and rng.random() < 0.8 and "aws_secret_access_key" not in chosen:
        chosen.append("aws_secret_access_key")
    return [(name, rng.choice(pool[name])) for name in chosen]


def put_section(rng, header, pairs):
    lines = [blanks(rng, 1) * (rng.random() < 0.1) + "[" + header + "]" + rng.choice(["", "", "", " # note", " ]"])]
    margin = "" if rng.random() < 0.8 else blanks(rng, 3)
    for name, value in pairs:
        first, *more = value.split("\n")
        equals = blanks(rng) + rng.choice("====:") + blanks(rng)
        lines.append(margin + odd_case(rng, name) + equals + first + blanks(rng))
        lines.extend(margin + " " + line for line in more)
        if rng.random() < 0.15:
            lines.append(rng.choice(["", "  ", "# note", "  ; note = 1", "\t#"]))
        if rng.random() < 0.004:
            lines.append(rng.choice(["junk", " = x", "[]", "[unclosed"]))
    return lines


def header_of(rng, name, in_config):
    if not in_config:
        return name if rng.random() < 0.9 else rng.choice(["profile " + name, '"%s"' % name, " " + name])
    if name == "default" and rng.random() < 0.8:
        return "default"
    spelt = rng.choice([shlex.quote(name), '"%s"' % name.replace("\\", "\\\\").replace('"', '\\"'), name])
    odd = ["profile ", "profile ", "profile\t ", "profile", "profiles ", " profile "]
    return (rng.choice(odd) if rng.random() < 0.1 else "profile ") + spelt


def random_file(rng, names, in_config):
    lines = rng.choice([[], ["# note"], ["", "; note"]])
    if rng.random() < 0.01:
        lines = ["region = eu-west-1"]
    chosen = [name for name in names if rng.random() < 0.8]
    if rng.random() < 0.05 and chosen:
        chosen.append(rng.choice(chosen))
    for name in chosen:
        lines += put_section(rng, header_of(rng, name, in_config), values_of(rng, name))
    if rng.random() < 0.15:
        lines += put_section(rng, "DEFAULT", [pair for pair in values_of(rng, "DEFAULT") if pair[0] not in REFUSED])
    for name in ("a", "b c") if in_config and rng.random() < 0.7 else ():
        nested = rng.choice(["ivs =\n  endpoint_url = http://services/" + name[0],
                             "s3 =\n  endpoint_url = http://s3\nivs=\n  x = y\n\n  endpoint_url=http://i",
                             "ivs =\n  endpoint_url = http://1\n  endpoint_url = http://2", "s3 =\n  a = b"])
        lines += ["[services %s]" % rng.choice([shlex.quote(name), '"%s"' % name])] + nested.split("\n")
    return rng.choice(["\n", "\n", "\r\n"]).join(lines) + rng.choice(["", "\n", "\n\n"])


def random_case(rng):
    names = ["default"] + rng.sample(["x", "y z", "dev", "it's", 'q"q', "\u00fcber", "a/b"], 3)
    case = Case(profile=rng.choice(names) if rng.random() < 0.3 else None)
    if rng.random() < 0.95:
        case.config = random_file(rng, names, True)
    if rng.random() < 0.7:
        case.credentials = random_file(rng, names, False)
    for name, odds, values in (
            ("AWS_PROFILE", 0.4, names + ["nosuch"]), ("AWS_DEFAULT_PROFILE", 0.1, names), ("AWS_REGION", 0.1, ["ap-south-1"]),
            ("AWS_DEFAULT_REGION", 0.1, ["sa-east-1"]), ("AWS_CA_BUNDLE", 0.1, ["/ca"]), ("AWS_ENDPOINT_URL", 0.1, ["http://all"]),
            ("AWS_ENDPOINT_URL_IVS", 0.1, ["http://ivs"]), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", 0.1, ["true", "false"]),
            ("AWS_ACCESS_KEY_ID", 0.3, ["AKIDENV"]), ("AWS_SECRET_ACCESS_KEY", 0.4, ["env"]), ("AWS_SESSION_TOKEN", 0.1, ["envt"]),
            ("AWS_SECURITY_TOKEN", 0.05, ["envs"])):
        if rng.random() < odds:
            case.environment[name] = rng.choice(values)
    return case


# --- files that send for credentials ---

def remote_section(rng, names, exports):
    """Keys of a profile that may assume roles, with keys that the simulator knows more often than not."""
    pairs = [("region", "us-west-2")] if rng.random() < 0.3 else []
    kind = rng.choices(["keys", "role", "identity", "process", "empty"], [3, 5, 1, 0.5, 1])[0]
    if kind == "role":
        pairs.append(("role_arn", exports["IVS_SIM_ROLE_ARN"] if rng.random() < 0.9 else "arn:aws:iam::1:role/none"))
        if rng.random() < 0.95:
            pairs.append(("source_profile", rng.choice(names + ["nosuch"] * (rng.random() < 0.2))))
        if rng.random() < 0.3 or len(pairs) == 1:
            source = rng.choice(["Environment", "EcsContainer", "Ec2InstanceMetadata", "Ec2InstanceMetadata", "Nonsense"])
            pairs = [pair for pair in pairs if pair[0] != "source_profile" or rng.random() < 0.1] + [("credential_source", source)]
        for name, value in (("role_session_name", "a-session"), ("duration_seconds", rng.choice(["900", "3600", "soon"]))):
            if rng.random() < 0.2:
                pairs.append((name, value))
    if kind == "identity":
        pairs.append(("web_identity_token_file", exports["AWS_WEB_IDENTITY_TOKEN_FILE"] if rng.random() < 0.8 else "/nonexistent"))
        if rng.random() < 0.8:
            pairs.append(("role_arn", exports["IVS_SIM_ROLE_ARN"]))
    if kind == "process":
        pairs.append(("credential_process", "echo " + PROCESS))
    if kind == "keys" or rng.random() < 0.1:
        known = rng.random() < 0.8
        pairs.append(("aws_access_key_id", exports["AWS_ACCESS_KEY_ID"] if known else "AKIDNOBODY"))
        if rng.random() < 0.95:
            pairs.append(("aws_secret_access_key", exports["AWS_SECRET_ACCESS_KEY"] if known else "secret-nobody"))
    rng.shuffle(pairs)
    return pairs


def remote_case(rng, exports):
    names = ["default", "x", "y", "z"]
    case = Case(profile=rng.choice(names) if rng.random() < 0.3 else None)
    files = {True: [], False: []}
    for name in names:
        if rng.random() < 0.9:
            files[True] += put_section(rng, "default" if name == "default" else "profile " + name, remote_section(rng, names, exports))
        if rng.random() < 0.15:
            files[False] += put_section(rng, name, remote_section(rng, names, exports))
    case.config, case.credentials = ("\n".join(files[kind]) + "\n" for kind in (True, False))
    case.environment = {"AWS_REGION": "us-west-2", "AWS_ENDPOINT_URL_STS": exports["AWS_ENDPOINT_URL_STS"],
                        "AWS_CA_BUNDLE": exports["AWS_CA_BUNDLE"]}
    for odds, variables in (
            (0.5, {"AWS_PROFILE": rng.choice(names)}),
            (0.15, {name: exports[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}),
            (0.15, {"AWS_WEB_IDENTITY_TOKEN_FILE": exports["AWS_WEB_IDENTITY_TOKEN_FILE"]}),
            (0.15, {"AWS_ROLE_ARN": exports["IVS_SIM_ROLE_ARN"]}),
            (0.4, {"AWS_CONTAINER_CREDENTIALS_FULL_URI": exports["AWS_CONTAINER_CREDENTIALS_FULL_URI"]}),
            (0.5, {"AWS_EC2_METADATA_DISABLED": "false",
                   "AWS_EC2_METADATA_SERVICE_ENDPOINT": exports["AWS_EC2_METADATA_SERVICE_ENDPOINT"]})):
        if rng.random() < odds:
            case.environment.update(variables)
    if case.profile and rng.random() < 0.1:
        case.environment["AWS_PROFILE"] = "nosuch"
    return case


# --- the runs ---

def show(case, theirs, said, what):
    theirs, said = ({k: str(v)[:200] for k, v in found.items()} if found else found for found in (theirs, said))
    print("differs in %s\n--- config\n%s\n--- credentials\n%s\n--- environment %s, profile %r\nbotocore: %s\nours: %s"
          % (what, case.config, case.credentials, case.environment, case.profile, theirs, said))


def by_hand(driver, folder):
    """The cases of the vectors, against what they expect and, unless they say that they differ, against botocore."""
    failed = 0
    cases = json.loads(CASES.read_text())["cases"]
    for entry in cases:
        case = Case(entry.get("config"), entry.get("credentials"), entry.get("environment"), entry.get("profile"))
        case.place(folder)
        said = ours(driver, case.profile)
        theirs = judge(case.profile) if not entry.get("differs") else None
        wrong = compare(theirs, said) if theirs is not None else None
        for field, value in entry["expect"].items():
            got = said.get(field)
            if not (value in (got or "") if field.endswith("problem") and value is not None else got == value):
                wrong = "%s, expected %r" % (field, value)
        if wrong:
            failed += 1
            print("case: " + entry["name"])
            show(case, theirs, said, wrong)
    print("%d cases by hand, %d failed" % (len(cases), failed))
    return failed


def at_random(driver, folder, rng):
    failed, seen = 0, {}
    for _ in range(ROUNDS):
        case = random_case(rng)
        case.place(folder)
        theirs, said = judge(case.profile), ours(driver, case.profile)
        kind = theirs.get("error") or theirs.get("creds_error") or said.get("creds_from") or "?"
        seen[kind] = seen.get(kind, 0) + 1
        wrong = compare(theirs, said)
        if wrong:
            failed += 1
            if failed <= 5:
                show(case, theirs, said, wrong)
    print("%d at random, %d failed; outcomes: %s" % (ROUNDS, failed, ", ".join("%s %d" % pair for pair in sorted(seen.items()))))
    return failed


def from_elsewhere(driver, folder, ends, rng):
    """Both find the same source: the same is asked for at the same ends, where it comes to credentials."""
    failed, seen = 0, {}
    for _ in range(REMOTE_ROUNDS):
        case = remote_case(rng, ends.exports)
        case.place(folder)
        theirs, asked_by_them = ends.during(lambda: judge(case.profile))
        said, asked_by_us = ends.during(lambda: ours(driver, case.profile))
        wrong = compare(theirs, said)
        if not wrong and not theirs.get("error") and not theirs.get("creds_error") and asked_by_them != asked_by_us:
            wrong = "what was asked for: %s, by us %s" % (asked_by_them, asked_by_us)
        kind = theirs.get("error") or theirs.get("creds_error") or "%s, roles %d" % (said.get("creds_from"), said.get("roles", 0))
        seen[kind] = seen.get(kind, 0) + 1
        if wrong:
            failed += 1
            if failed <= 5:
                show(case, theirs, said, wrong)
    print("%d with other ends, %d failed; outcomes: %s" % (REMOTE_ROUNDS, failed, "; ".join("%s: %d" % p for p in sorted(seen.items()))))
    return failed


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    driver = os.path.abspath(sys.argv[1])
    seed = int(os.environ.get("IVS_SEED") or random.randrange(2 ** 32))
    print("seed: IVS_SEED=%d" % seed)
    rng = random.Random(seed)
    ends = Ends()
    try:
        ends.tell_botocore()
        with tempfile.TemporaryDirectory() as folder:
            failed = by_hand(driver, folder) + at_random(driver, folder, rng) + from_elsewhere(driver, folder, ends, rng)
    finally:
        ends.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
