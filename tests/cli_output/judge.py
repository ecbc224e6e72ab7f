"""What the AWS CLI prints: its own formatters, called with made-up answers; and the notation in which forms.lua gets the same."""

import contextlib
import copy
import io
import os
import sys

sys.path.insert(0, "/usr/lib/python3/dist-packages")

import awscli
import awscli.formatter
import awscli.table
import botocore.paginate
import colorama
import jmespath
import ruamel.yaml

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VERSIONS = "awscli %s, ruamel.yaml %s, colorama %s, jmespath %s, Python %s" % (
    awscli.__version__, ruamel.yaml.__version__, colorama.__version__, jmespath.__version__, sys.version.split()[0])


class Case:
    """One call of a form: an answer, or the pages of one with the token that follows them."""

    def __init__(self, form, *documents, paged=None, query=None, color="auto", terminal=None, operation="GetChannel", token=None):
        self.form, self.documents, self.paged, self.query = form, documents, paged, query
        self.color, self.terminal, self.operation, self.token = color, terminal, operation, token

    def __repr__(self):
        return "--output %s --query %r --color %s terminal=%r paged=%r token=%r title=%r of %r" % (
            self.form, self.query, self.color, self.terminal, self.paged, self.token, self.operation, self.documents)


# ---------------------------------------------------------------- the AWS CLI

class Pages(botocore.paginate.PageIterator):
    """Pages that are here already, of an operation that lists one member."""

    def __init__(self, case):  # what the class would fetch is known
        self._pages, self._result_keys = case.documents, [jmespath.compile(case.paged)]
        self._non_aggregate_part, self._resume_token = {}, case.token

    def __iter__(self):
        return iter(copy.deepcopy(self._pages))  # build_full_result extends the first


class Selected:
    """A query that has given the document. Only a query gives what is no object."""

    def __init__(self, document):
        self.document = document

    def search(self, _):
        return self.document


class Arguments:
    def __init__(self, case):
        self.color = case.color
        self.query = None if case.query is None else jmespath.compile(case.query)


@contextlib.contextmanager
def terminal_of(case):
    saved = awscli.table.determine_terminal_width, awscli.table.is_a_tty, sys.stdout, sys.stderr
    awscli.table.determine_terminal_width = lambda: 80 if case.terminal is None else case.terminal
    awscli.table.is_a_tty = lambda: case.terminal is not None
    sys.stdout = stream = io.StringIO()
    try:
        yield stream
    finally:
        awscli.table.determine_terminal_width, awscli.table.is_a_tty, sys.stdout, sys.stderr = saved  # colorama wraps the streams


def expected(case):
    """What is printed, and the message of the exception that ended it, or None."""
    with terminal_of(case) as stream:
        arguments, response = Arguments(case), Pages(case) if case.paged else case.documents[0]
        if not case.paged and not isinstance(response, dict):
            arguments.query, response = Selected(response), {}
        try:
            awscli.formatter.get_formatter(case.form, arguments)(case.operation, response)
        except Exception as error:  # the AWS CLI catches everything, too, and shows it
            return stream.getvalue(), str(error)
        return stream.getvalue(), None


# ---------------------------------------------------------------- the notation

def hexed(text):
    return text.encode("utf-8").hex()


def notation(value, seen=None):
    """Lines that forms.lua reads. A list or object that occurs again is written as its number."""
    seen = {} if seen is None else seen
    if value is None:
        return ["n"]
    if isinstance(value, bool):
        return ["t" if value else "f"]
    if isinstance(value, (int, float)):
        return ["%s %r" % ("i" if isinstance(value, int) else "d", value)]
    if isinstance(value, str):
        return ["s " + hexed(value)]
    if id(value) in seen:
        return ["& %d" % seen[id(value)]]
    seen[id(value)] = len(seen) + 1
    lines = ["[" if isinstance(value, list) else "{"]
    for element in value:
        if isinstance(value, dict):
            lines.append("k " + hexed(element))
            element = value[element]
        lines += notation(element, seen)
    return lines + ["]" if isinstance(value, list) else "}"]


def case_lines(case):
    settings = {"form": case.form, "color": case.color, "terminal": case.terminal, "paged": case.paged or "no",
                "list": case.paged, "operation": hexed(case.operation), "query": None if case.query is None else hexed(case.query)}
    lines = [" ".join("%s=%s" % pair for pair in settings.items() if pair[1] is not None)]
    for document in case.documents:
        lines += notation(document)
    return lines + ["end" if case.token is None else "token " + case.token]
