"""Writes lua/lib/ivs/cli/output/unicode.lua: what Debian's Python knows of Unicode and the AWS CLI's output shows.

usage: tests/cli_output/unicode_tables.py > lua/lib/ivs/cli/output/unicode.lua
"""

import sys
import textwrap
import unicodedata

CODES = range(0x110000)
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number):
    digits = DIGITS[abs(number) % 36]
    rest = abs(number) // 36
    while rest:
        digits = DIGITS[rest % 36] + digits
        rest //= 36
    return ("-" if number < 0 else "") + digits


def is_wide(code):
    return unicodedata.east_asian_width(chr(code)) in "WFA"


def is_unprintable(code):
    return not chr(code).isprintable()


def run_lengths(has):
    """The lengths of runs without and with the property, in turn; after the last comes a run without."""
    lengths, length, state = [], 0, False
    for code in CODES:
        if has(code) != state:
            lengths.append(length)
            length, state = 0, not state
        length += 1
    return " ".join(base36(n) for n in lengths)


def upper_runs():
    """Characters that become one other: first, last, step, distance."""
    runs = []
    for code in CODES:
        upper = chr(code).upper()
        if code < 0x80 or len(upper) != 1 or upper == chr(code):
            continue
        distance = ord(upper) - code
        first, last, step, same = runs[-1] if runs else (0, 0, 0, 0)
        if same == distance and code - last in ((1, 2) if first == last else (step,)):
            runs[-1] = (first, code, code - last, distance)
        else:
            runs.append((code, code, 1, distance))
    return " ".join(base36(n) for run in runs for n in run)


def upper_words():
    """Characters that become several."""
    return " ".join("%c %s" % (code, chr(code).upper()) for code in CODES if len(chr(code).upper()) > 1)


def lua(name, text):
    lines = textwrap.wrap(text, 98, break_long_words=False, break_on_hyphens=False)
    return "  %s = [[\n%s\n]],\n" % (name, "\n".join(lines))


def generated():
    return ("-- Unicode %s, as Debian's Python has it; written by tests/cli_output/unicode_tables.py, read by characters.lua.\n"
            "return {\n%s%s%s%s}\n" % (
                unicodedata.unidata_version,
                lua("wide", run_lengths(is_wide)), lua("unprintable", run_lengths(is_unprintable)),
                lua("upper_runs", upper_runs()), lua("upper_words", upper_words())))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(generated())
