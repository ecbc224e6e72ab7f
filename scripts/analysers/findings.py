"""Findings of analysers, held against what is known and why: `accepted` beside this, and the table of core/MISRA.md.

A finding that is not known fails, and so does a line here that has nothing to stand for any more.
"""

import collections
import pathlib
import re
import shlex

Finding = collections.namedtuple("Finding", "tool check file line message text")

LINE = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+):(?:\d+:)? (?:fatal )?(?:warning|error): (?P<message>.*?) \[(?P<check>[^][ ]+)\]$")
ACCEPTED = re.compile(r"^(?P<tool>\w+) (?P<check>\S+) (?P<file>[^: ]+): (?P<text>.*)$")
RULE = re.compile(r"^misra-c2012-(\d+\.\d+)$")
ROW = re.compile(r"^\| (\d+\.\d+) \| ([^|]+) \| ([^|]+) \|$")
EVERYWHERE = "all"
MANY = 9  # files that are no longer named one by one


class Broken(Exception):
    """A tool that could not do its work: its message."""


def parse(tool, output, top):
    """The findings of an output, each once, files relative to top; headers are found from many sources."""
    found = {}
    for line in output.splitlines():
        match = LINE.match(line)
        if match is None:
            continue
        path = pathlib.Path(top, match["file"]).resolve()
        if not path.is_relative_to(top):
            continue
        number = int(match["line"])
        text = path.read_text().splitlines()[number - 1].strip() if number else ""
        finding = Finding(tool, match["check"].removeprefix("-W"), str(path.relative_to(top)), number, match["message"], text)
        found[finding[:4]] = finding
    return sorted(found.values(), key=lambda f: (f.file, f.line, f.check))


def of_runs(tool, runs, top):
    """The findings of several finished processes; Broken if one of them ended in any other way than with findings."""
    for done in runs:
        if done.returncode not in (0, 1) or (done.returncode == 1 and not parse(tool, done.stdout, top)):
            raise Broken("%s ended with %d\n%s" % (shlex.join(map(str, done.args)), done.returncode, done.stdout))
    return parse(tool, "\n".join(done.stdout for done in runs), top)


def shown(finding):
    return "%s:%d: %s [%s %s]" % (finding.file, finding.line, finding.message, finding.tool, finding.check)


def read_accepted(text):
    """What is known, and lines that are none."""
    known, faults = [], []
    reason = False
    for number, line in enumerate(text.splitlines(), 1):
        match = ACCEPTED.match(line)
        if line.startswith("#"):
            reason = True
        elif line.strip() == "":
            reason = False
        elif match is None:
            faults.append("accepted:%d: neither a comment nor TOOL CHECK FILE: TEXT OF THE LINE" % number)
        elif not reason:
            faults.append("accepted:%d: no reason stands above it" % number)
        else:
            known.append((match["tool"], match["check"], match["file"], match["text"]))
    return known, faults


def hold(findings, tools, text):
    """Faults: findings that are not accepted, and accepted ones of these tools that are none."""
    known, faults = read_accepted(text)
    seen = {(f.tool, f.check, f.file, f.text) for f in findings}
    faults += [shown(f) for f in findings if (f.tool, f.check, f.file, f.text) not in known]
    faults += ["accepted: nothing is found any more: %s %s %s: %s" % k for k in known if k[0] in tools and k not in seen]
    return faults


def rules_found(findings):
    """Files by number of a rule."""
    files = collections.defaultdict(set)
    for f in findings:
        files[RULE.match(f.check)[1]].add(pathlib.Path(f.file).name)
    return files


def read_rules(text):
    """Rows of the table: what they name as files, by number of a rule; and faults."""
    rows, faults = {}, []
    for line in text.splitlines():
        match = ROW.match(line)
        if match is None:
            continue
        if match[1] in rows:
            faults.append("MISRA.md: %s has two rows" % match[1])
        rows[match[1]] = {name.strip(" `") for name in match[2].split(",")}
    return rows, faults


def hold_rules(findings, text):
    """Faults of the table: a rule or a file that it lacks, or that is found no more."""
    found = rules_found(findings)
    rows, faults = read_rules(text)
    first = {}
    for f in findings:
        first.setdefault((RULE.match(f.check)[1], pathlib.Path(f.file).name), f)
    for rule in sorted(found, key=numerically):
        named = rows.get(rule, set())
        if EVERYWHERE in named and len(found[rule]) < MANY:
            faults.append("MISRA.md: %s is found in %d files only: name them: %s" % (rule, len(found[rule]), ", ".join(sorted(found[rule]))))
        if EVERYWHERE not in named:
            faults += ["MISRA.md: %s lacks %s: %s" % (rule, name, shown(first[rule, name])) for name in sorted(found[rule] - named)]
    for rule, named in rows.items():
        gone = named - found[rule] - {EVERYWHERE} if rule in found else named
        faults += ["MISRA.md: %s is not found any more in: %s" % (rule, name) for name in sorted(gone)]
    return faults


def numerically(rule):
    return tuple(map(int, rule.split(".")))
