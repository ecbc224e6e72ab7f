"""Many calls over kept connections while the service fails at random: soak.py SOAK DRIVER [CALLS]

Memory and descriptors have to be as at the beginning, and the channels at the service those that
the caller was told of. CALLS is 100000 unless given here or in SOAK_CALLS; IVS_SEED repeats a run.
"""

import os
import random
import subprocess
import sys
import time

from rig import ENVIRONMENT, Rig

CALLS = 100000
RATE = 0.05
# glibc counts blocks that a thread has freed, and keeps for itself, as in use; here it keeps none.
EXACT = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}
FAULTS = [
    "internal-error", "unavailable", {"fault": "unavailable", "code": "", "body": "bad gateway"},
    "expired-token", "time-too-skewed", "redirect", "odd-date",
    *(f"{how}-{place}" for how in ("reset", "close", "truncate")
      for place in ("before-read", "before-work", "before-answer", "in-head", "in-body",
                    "when-idle")),
    {"fault": "stall-in-body", "seconds": 0.05}, {"fault": "stall-in-head", "seconds": 0.05},
    "drip", "chunked", "close-delimited", "truncate-close-delimited", "connection-close",
    "http-1.0", "interim", "length-too-long", "length-too-short", "extra-bytes",
    {"fault": "large-head", "kilobytes": 12}, {"fault": "large-body", "megabytes": 0.1},
    {"fault": "large-body", "megabytes": 0.05, "chunked": True},
    "invalid-json", "other-json", "empty-body", "invalid-utf8", "gzip",
    "endless-head", "endless-chunks", "alert-handshake", "alert-finished",
    "reset-connect", "close-connect", "reset-handshake", "close-handshake", "tls-alert",
    "tls-plain", "tls-old", "tls-expired", "tls-wrong-host", "tls-unknown-ca", "tls-self-signed",
]


def told(lines):
    """What the caller knows of its channels: {"there": names or ARNs, ...}."""
    known = {"there": set(), "unsure": set(), "doubtful": set()}
    for line in lines:
        word, _, subject = line.partition(" ")
        if word in known:
            known[word].add(subject)
    return known


def differences(known, channels, standing):
    """Channels that are there, or not, against what the caller was told."""
    arns = {channel["arn"] for channel in channels}
    names = [channel.get("name", "") for channel in channels]
    for arn in known["there"] - arns:
        yield f"{arn} was made and is lost"
    for name in {name for name in names if names.count(name) > 1}:
        yield f"{name} was made twice"
    for channel in channels:
        arn, name = channel["arn"], channel.get("name")
        if arn not in known["there"] | known["doubtful"] | {standing} \
                and name not in known["unsure"]:
            yield f"{name} is there, and nobody was told"


def main():
    if not 3 <= len(sys.argv) <= 4:
        sys.exit("usage: soak.py SOAK DRIVER [CALLS]")
    calls = int(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("SOAK_CALLS") or CALLS)
    seed = int(os.environ.get("IVS_SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"{calls} calls, every {round(1 / RATE)}th under a fault; seed: IVS_SEED={seed}",
          flush=True)
    start = time.monotonic()
    rig = Rig(sys.argv[2])
    try:
        standing = rig.begin()
        rig.simulator.control("fault", {"seed": seed, "rate": RATE, "faults": FAULTS})
        done = subprocess.run([sys.argv[1], standing, str(calls)], stdout=subprocess.PIPE,
                              text=True, check=False,
                              env={**ENVIRONMENT, **rig.simulator.environment, **EXACT,
                                   "IVS_SEED": str(seed)})
        met = sum(rig.simulator.control("faults")["done"].values())
        rig.simulator.control("fault", {"clear": True})
        wrong = list(differences(told(done.stdout.splitlines()),
                                 rig.simulator.control("state")["channels"], standing))
    finally:
        rig.stop()
    print(f"{met} faults, {time.monotonic() - start:.0f} s")
    for line in wrong[:20]:
        print(line)
    return 1 if done.returncode != 0 or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
