"""Compares endpoints with botocore's: endpoints.py PATH_OF_endpoint_stdin

botocore's rule sets of ivs and sts are evaluated by its own engine, for every region of its data
and of the published partitions, for made-up regions of every partition and for odd names, with and
without FIPS, dual-stack and an endpoint of the caller: once with the published partitions, which
must give exactly what we give, and once with those that botocore brings, for all regions of which
both say the same. The published test cases are run too. The seed of the made-up regions is IVS_SEED.

On purpose we differ in this: sts in aws-global, botocore's name for the global endpoint, which signs
for another region; region names in capital letters, which are refused.
"""
import itertools
import json
import os
import pathlib
import random
import re
import subprocess
import sys

try:
    import botocore
    import botocore.utils
    from botocore import endpoint_provider, exceptions
except ImportError as missing:
    sys.exit(f"endpoints.py: {missing}: install python3-botocore and run this with /usr/bin/python3")

VECTORS = pathlib.Path(__file__).parent.parent / "vectors/endpoint"
DATA = pathlib.Path(botocore.__file__).parent / "data"
RULES = {"ivs": "ivs/2020-07-14/endpoint-rule-set-1.json", "sts": "sts/2011-06-15/endpoint-rule-set-1.json"}
CUSTOM = ["https://example.com", "http://localhost:4566", "http://127.0.0.1:80/a/b", "https://[::1]:8443"]
ODD = ["a", "1", "us", "us-gov", "us-gov-1", "us-gov-east", "cn-1", "cn--1", "cn-north-1x", "cn-north-east-1",
       "us-iso-1", "us-iso-east-1-1", "us-isoc-east-1", "us-isob", "eusc-de-1", "eusc-fr-east-1", "eu-isoe-1", "eu-iso-west-1",
       "xcn-north-1", "aws-global", "aws-cn-global", "aws-us-gov-global", "aws-eusc-global", "aws-iso-x-global", "x" * 63,
       "cn-" + "x" * 58 + "-1", "xx-nowhere-1", "mars-north-1", "me-west-99"]
NAMES = ["", "-", "-a", "a-", "cn-north-", "eu west", "eu_west", "a.b", "a/b", "x" * 64, "eu-west-1 ", "eu-west-1\u00e9",
         "a@b", "us-east-1", "0a", "a0"]
SMALL = "abcdefghijklmnopqrstuvwxyz0123456789"


def load(path):
    return json.loads(path.read_text())


def made_up(rng, partitions, count=25):
    """Names that begin as the regions of each partition, most of which fit its pattern."""
    for partition in partitions["partitions"]:
        begin = re.sub(r"\|[a-z|]+\)|[\^()\\]", "", partition["regionRegex"].split("\\w")[0])
        for _ in range(count):
            word = "".join(rng.choice(SMALL) for _ in range(rng.randint(1, 9)))
            number = "".join(rng.choice("0123456789") for _ in range(rng.randint(1, 3)))
            name = begin + word + "-" + number
            if rng.random() < 0.3:
                at = rng.randrange(len(name))
                name = name[:at] + rng.choice(["", "-", "x", "7"]) + name[at + rng.randint(0, 1):]
            yield name.strip("-") or "x"


class Judge:
    def __init__(self, partitions):
        self.engines = {service: endpoint_provider.EndpointProvider(load(DATA / path), partitions) for service, path in RULES.items()}
        self.library = endpoint_provider.RuleSetStandardLibrary(partitions)

    def partition(self, region):
        """What decides of a partition."""
        outputs = self.library.aws_partition(region)
        return [outputs[key] for key in ("dnsSuffix", "dualStackDnsSuffix", "supportsFIPS", "supportsDualStack", "name")]

    def resolve(self, service, region, flags, url):
        given = {"Region": region, "UseFIPS": bool(flags & 1), "UseDualStack": bool(flags & 2)}
        if url:
            given["Endpoint"] = url
        if service == "sts":
            given["UseGlobalEndpoint"] = False
        try:
            return self.engines[service].resolve_endpoint(**given).url
        except exceptions.EndpointProviderError as error:
            return "! " + str(error)


def ours(driver, cases):
    """What the driver prints for each (service, region, flags, url)."""
    text = "".join("%s\t%s\t%d\t%s\n" % (service, region or "", flags, url or "") for service, region, flags, url in cases)
    run = subprocess.run([driver], input=text.encode(), capture_output=True, check=True, timeout=60)
    lines = run.stdout.decode().splitlines()
    assert len(lines) == len(cases), (len(lines), len(cases))
    return lines


def same(theirs, said):
    """True for the same URL, which we print without a port that goes without saying, or the same kind of problem."""
    if not theirs.startswith("! "):
        return theirs.replace(":80/", "/") == said
    return said.startswith("! ") and ("FIPS" if "FIPS" in theirs else "dual-stack") in said


def compare(driver, published, debians, regions):
    cases = [(service, region, flags, url) for region in regions for service in RULES for flags in range(4)
             for url in [None] + (CUSTOM if region in ("us-east-1", "us-iso-east-1", "x") else [])]
    failed = older = 0
    for case, said in zip(cases, ours(driver, cases)):
        if case == ("sts", "aws-global", 0, None):
            continue
        judges = [published]
        if published.partition(case[1]) == debians.partition(case[1]):
            judges.append(debians)
        else:
            older += 1
        for judge in judges:
            theirs = judge.resolve(*case)
            if not same(theirs, said):
                failed += 1
                print("differs: %s\nbotocore: %s\nours: %s" % (case, theirs, said))
    print("%d regions, %d combinations, %d failed; of %d botocore has older partitions" % (len(regions), len(cases), failed, older))
    return failed


def names(driver):
    """Which names can be a region's: as botocore has it, but for capital letters and numbers alone."""
    failed = 0
    for name, said in zip(NAMES, ours(driver, [("ivs", name, 0, None) for name in NAMES])):
        try:
            botocore.utils.validate_region_name(name)
            valid = name != ""
        except exceptions.InvalidRegionError:
            valid = False
        if valid == said.startswith("! "):
            failed += 1
            print("differs: the name %r, ours: %s" % (name, said))
    print("%d names, %d failed" % (len(NAMES), failed))
    return failed


def by_table(driver):
    flags = {"-": 0, "fips": 1, "dualstack": 2, "fips+dualstack": 3}
    rows = [line.split(" ", 4) for line in (VECTORS / "published.txt").read_text().splitlines() if not line.startswith("#")]
    cases = [(row[0], row[1].strip("-"), flags[row[2]], row[3].strip("-")) for row in rows]
    failed = 0
    for case, row, said in zip(cases, rows, ours(driver, cases)):
        if not same(row[4], said):
            failed += 1
            print("differs: %s\npublished: %s\nours: %s" % (case, row[4], said))
    print("%d published cases, %d failed" % (len(rows), failed))
    return failed


def no_refusals(partitions):
    """As long as all partitions have both kinds of endpoint, our table need not tell which have them."""
    lacking = [p["id"] for p in partitions["partitions"] if not (p["outputs"]["supportsFIPS"] and p["outputs"]["supportsDualStack"])]
    if lacking:
        print("partitions without FIPS or dual-stack, which core/src/endpoint_rules.c must refuse: " + " ".join(lacking))
    return len(lacking)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    driver = os.path.abspath(sys.argv[1])
    seed = int(os.environ.get("IVS_SEED") or random.randrange(2 ** 32))
    print("botocore %s\nseed: IVS_SEED=%d" % (botocore.__version__, seed))
    published, debians = load(VECTORS / "partitions.json"), load(DATA / "partitions.json")
    known = [region for data in (published, debians) for partition in data["partitions"] for region in partition["regions"]]
    known += [region for partition in load(DATA / "endpoints.json")["partitions"] for region in partition["regions"]]
    known += itertools.chain(ODD, made_up(random.Random(seed), published))
    failed = no_refusals(published) + by_table(driver) + names(driver)
    failed += compare(driver, Judge(published), Judge(debians), sorted(set(known)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
