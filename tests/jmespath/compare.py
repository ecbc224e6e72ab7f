"""ivs.jmespath against Debian's python3-jmespath, which the AWS CLI uses.

Each expression, those of cases.jsonl and some thousands at random, is evaluated by both; what comes out must be the same text
as JSON (order of members, integers and floats apart), an error of the same kind and with the same message. All are evaluated
twice: on documents in their own order, and on what ivs.json reads, whose objects are in the order of their keys.

A line of cases.jsonl is {"given": a name in documents.json, "expression": ...}; where we differ on purpose it also has "why", and
"ours": what has to come out.

Environment: IVS_PROGRAM (otherwise ivs in the folder IVS_BUILD; otherwise lua5.4, which finds ivs.so by LUA_CPATH); IVS_SEED
repeats a run; IVS_ROUNDS is the number of random expressions.
"""

import collections
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import warnings

try:
    import jmespath
    from jmespath import exceptions, visitor
except ImportError:
    sys.exit("compare: python3-jmespath is missing; as root: apt-get install --no-install-recommends python3-jmespath")

from random_expressions import Expressions

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
SEED = int(os.environ.get("IVS_SEED") or random.SystemRandom().randrange(2**32))
ROUNDS = int(os.environ.get("IVS_ROUNDS") or 5000)
DEADLINE = 60  # s, for a run of ours
SHOWN = 20  # differences

KINDS = {
    exceptions.EmptyExpressionError: "empty",
    exceptions.LexerError: "lexer",
    exceptions.ParseError: "parse",
    exceptions.IncompleteExpressionError: "incomplete",
    exceptions.ArityError: "arity",
    exceptions.VariadictArityError: "arity",
    exceptions.JMESPathTypeError: "type",
    exceptions.UnknownFunctionError: "function",
    TypeError: "evaluation",
    ValueError: "evaluation",
    OverflowError: "evaluation",
    RecursionError: "depth",
}
REFERENCE = re.compile(r"<jmespath\.visitor\._Expression object at 0x[0-9a-f]+>")
REFERENCE_RESULT = {
    "error": "evaluation",
    "text": "The result holds an expression reference (&), which is only good as a function's argument",
}


TOO_DEEP = {"error": "depth", "text": "Bad jmespath expression: nested deeper than 500 levels"}
DEEP = [
    "(" * 5000, "(" * 2000 + "a" + ")" * 2000, "!" * 3000 + "a", "[" * 3000, "a" + "[?a" * 3000, "a" + ".{a: a" * 2000, "& " * 3000,
    "a" + " | a" * 3000, "a" + " || a" * 3000, "a" + ".a" * 200 + "[?a]" * 3000, "`" + "[" * 5000 + "]" * 5000 + "`",
]


def written(value):
    return json.dumps(value, separators=(",", ":"))


def holds_reference(value):
    if isinstance(value, dict):
        return any(map(holds_reference, value.values()))
    if isinstance(value, list):
        return any(map(holds_reference, value))
    return isinstance(value, visitor._Expression)


def theirs(expression, document):
    """What python3-jmespath makes of it, in the form in which evaluate.lua answers."""
    try:
        result = jmespath.compile(expression).search(document)
    except tuple(KINDS) as error:
        return written({"error": KINDS[type(error)], "text": REFERENCE.sub("&expression", str(error))})
    if holds_reference(result):
        return written(REFERENCE_RESULT)
    return REFERENCE.sub("&expression", written({"result": result}))


def command():
    """The command that runs a script of ours, and its environment."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    environment["LUA_PATH"] = "%s/lua/lib/?.lua;;" % TOP
    program = os.environ.get("IVS_PROGRAM") or os.path.join(os.environ.get("IVS_BUILD", "build"), "ivs")
    if os.path.exists(program):
        return [os.path.abspath(program), "run"], environment
    if not shutil.which("lua5.4"):
        sys.exit("compare: neither IVS_PROGRAM nor lua5.4 to run ours with")
    return ["lua5.4"], environment


def version():
    """What runs ours."""
    words, _ = command()
    asked = [words[0], "--version" if "run" in words else "-v"]
    return subprocess.run(asked, capture_output=True, text=True, timeout=DEADLINE).stdout.strip()


def ours(cases, documents, *arguments):
    """What ivs.jmespath makes of all cases: a text for each."""
    words, environment = command()
    lines = [documents] + [{"given": case["given"], "expression": case["expression"]} for case in cases]
    run = subprocess.run(
        words + [str(HERE / "evaluate.lua"), *arguments], input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True, text=True, timeout=DEADLINE, env=environment)
    answers = run.stdout.splitlines()
    if run.returncode != 0 or len(answers) != len(cases):
        last = cases[min(len(answers), len(cases) - 1)]
        sys.exit("compare: ours ended with %d, at %s\n%s" % (run.returncode, written(last), run.stderr))
    return answers


def sorted_keys(value):
    if isinstance(value, dict):
        return {key: sorted_keys(value[key]) for key in sorted(value)}
    return list(map(sorted_keys, value)) if isinstance(value, list) else value


def expected(case, documents):
    return written(case["ours"]) if "ours" in case else theirs(case["expression"], documents[case["given"]])


def differences(cases, documents, *arguments):
    """Lines on all cases where ours is not what it has to be."""
    for case, answer in zip(cases, ours(cases, documents, *arguments)):
        wanted = expected(case, documents)
        if answer != wanted:
            yield "%s on %s\n  wanted %s\n  ours   %s" % (case["expression"][:1000], case["given"], wanted, answer)


def stale(cases, documents):
    """Lines on the cases said to differ that do not."""
    for case in cases:
        if "ours" in case and written(case["ours"]) == theirs(case["expression"], documents[case["given"]]):
            yield "%s on %s is said to differ: %s; but it does not" % (case["expression"], case["given"], case["why"])


def main():
    warnings.simplefilter("ignore")
    documents = json.loads((HERE / "documents.json").read_text(encoding="utf-8"))
    with open(HERE / "cases.jsonl", encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    cases += [{"given": "small", "expression": deep, "why": "Python's text is another", "ours": TOO_DEEP} for deep in DEEP]
    expressions = Expressions(random.Random(SEED))
    at_random = [dict(zip(("given", "expression"), expressions.one())) for _ in range(ROUNDS)]

    print("python3-jmespath %s; %s; IVS_SEED=%d" % (jmespath.__version__, version(), SEED))
    everything = cases + at_random
    found = list(stale(cases, documents))
    found += differences(everything, documents)
    found += differences(everything, sorted_keys(documents), "plain")
    for difference in found[:SHOWN]:
        print(difference)
    kinds = collections.Counter(json.loads(expected(case, documents)).get("error", "result") for case in everything)
    print("%d cases, %d at random: %s; %d differences" % (
        len(cases), len(at_random), ", ".join("%s %d" % pair for pair in sorted(kinds.items())), len(found)))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
