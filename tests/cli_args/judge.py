"""What the AWS CLI makes of arguments: its own Python, called with the model of this tree. Values are told by their repr()."""

import argparse
import contextlib
import copy
import io
import json
import os
import subprocess
import sys
import tempfile
from collections import OrderedDict
from unittest import mock

sys.path.insert(0, "/usr/lib/python3/dist-packages")
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

FOLDER = tempfile.TemporaryDirectory()
subprocess.run([os.path.join(TOP, "scripts", "generate.py"), "--service-2", FOLDER.name], check=True, capture_output=True)
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ.update(AWS_DATA_PATH=FOLDER.name, AWS_DEFAULT_REGION="eu-west-1", HOME=FOLDER.name)

import awscli
import awscli.clidriver
import botocore
import botocore.paginate
from awscli.customizations import paginate
from awscli.errorhandler import construct_cli_error_handlers_chain
from awscli.paramfile import register_uri_param_handler
from awscli.shorthand import ShorthandParseError, ShorthandParser
from awscli.utils import json_encoder
from botocore.exceptions import ParamValidationError
from botocore.utils import ArgumentGenerator
from botocore.validate import ParamValidator

VERSIONS = "awscli %s, botocore %s, Python %s" % (awscli.__version__, botocore.__version__, sys.version.split()[0])
DRIVER = awscli.clidriver.create_clidriver()
register_uri_param_handler(DRIVER.session)  # which else waits for a command line
COMMANDS = DRIVER.subcommand_table["ivs"].subcommand_table.values()
OPERATIONS = {command._operation_model.name: command for command in COMMANDS if hasattr(command, "_operation_model")}

# What is no verdict but a fall: the exit code counts, the text is nothing to repeat.
FALLS = (AttributeError, IndexError, KeyError, RecursionError, TypeError)


class Outcome:
    """A value; or an exit code and what is then on stderr, None for a fall."""

    def __init__(self, value=None, code=0, text=None):
        self.value, self.code, self.text = value, code, text

    def __repr__(self):
        return "value %s" % self.value if not self.code else "exit %d: %s" % (self.code, self.text)


def outcome(function, *arguments):
    try:
        return Outcome(function(*arguments))
    except Exception as error:  # as the AWS CLI itself does
        stderr = io.StringIO()
        code = construct_cli_error_handlers_chain().handle_exception(error, io.StringIO(), stderr)
        return Outcome(code=code, text=None if isinstance(error, FALLS) else stderr.getvalue())


def model(operation):
    return OPERATIONS[operation]._operation_model


def members(operation):
    return model(operation).input_shape.members


def argument_of(operation, member):
    return next(a for a in OPERATIONS[operation].arg_table.values() if getattr(a, "_serialized_name", None) == member)


def shorthand(text):
    """The repr, and the text of the error."""
    try:
        return repr(ShorthandParser().parse(text)), None
    except ShorthandParseError as error:
        return None, str(error)


def read_json(text):
    try:
        return repr(json.loads(text, object_pairs_hook=OrderedDict)), None
    except ValueError as error:
        return None, str(error)


def value(operation, member, words):
    command, argument, params = OPERATIONS[operation], argument_of(operation, member), {}
    words = words if argument.argument_model.type_name == "list" else words[0]
    argument.add_to_params(params, command._unpack_arg(argument, words))
    return repr(params[member])


def check(operation, params):
    report = ParamValidator().validate(params, model(operation).input_shape)
    if report.has_errors():
        raise ParamValidationError(report=report.generate_report())


def request(operation, given, extra):
    """given: {member: words}; extra: {"cli-input-json": word}. The request when it is checked and sent."""
    command, params = OPERATIONS[operation], {}
    for argument in command.arg_table.values():
        words = given.get(getattr(argument, "_serialized_name", None))
        if words is not None:
            words = words if argument.argument_model.type_name == "list" else words[0]
            argument.add_to_params(params, command._unpack_arg(argument, words))
    parsed = argparse.Namespace(cli_input_json=extra.get("cli-input-json"), cli_input_yaml=extra.get("cli-input-yaml"))
    for option in extra:
        command._unpack_arg(command.arg_table[option], extra[option])
    for option in extra:
        command.arg_table[option].add_to_call_parameters(params, parsed)
    check(operation, params)
    return repr(params)


def skeleton(kind, operation):
    """The text that is printed, with the first of each enumeration's values."""
    shape = model(operation).input_shape if kind == "input" else model(operation).output_shape
    with mock.patch("random.choice", lambda values: values[0]):
        found = ArgumentGenerator(use_member_names=kind == "output").generate_skeleton(shape) if shape else {}
    if kind == "output" and not found:
        return ""
    return json.dumps(found, indent=4, default=json_encoder) + "\n"


PAGINATORS = botocore.session.get_session().get_paginator_model("ivs")._paginator_config


class Service:
    """Answers one call after the other; the last answer again and again."""

    def __init__(self, answers):
        self.answers, self.requests = answers, []

    def __call__(self, **request):
        self.requests.append(repr(request))
        return copy.deepcopy(self.answers[min(len(self.requests), len(self.answers)) - 1])


def paginator(operation, answers, params):
    service = Service(answers)
    made = botocore.paginate.Paginator(service, PAGINATORS[operation], model(operation))
    return service, made.paginate(**copy.deepcopy(params))


def merged_pages(operation, answers, params):
    service, found = None, None

    def run():
        nonlocal service
        service, iterator = paginator(operation, answers, params)
        return repr(iterator.build_full_result())
    found = outcome(run)
    return found, service.requests if service else []


def single_pages(operation, answers, params):
    """The list of each page, and the token at the end; what came before an error counts too."""
    shown = []

    def run():
        _, iterator = paginator(operation, answers, params)
        for page in iterator:
            shown.append(repr(page.get(PAGINATORS[operation]["result_key"])))
        return repr(iterator.resume_token)
    return outcome(run), shown


def pages_wanted(operation, by_option, given, by_json, no_paginate):
    """Whether pages are fetched. by_option, by_json: names of members; given: {"max-items": 3}."""
    config = PAGINATORS[operation]
    options = {name: given.get(name.replace("_", "-")) for name in ("starting_token", "page_size", "max_items")}
    options["next_token"] = "x" if "nextToken" in by_option else None
    options["max_results"] = 1 if "maxResults" in by_option else None
    parsed = argparse.Namespace(**options)
    wanted = argparse.Namespace(paginate=not no_paginate)

    def run():
        paginate.check_should_enable_pagination(list(paginate._get_all_cli_input_tokens(config)), {}, {}, parsed, wanted)
        paginate.check_should_enable_pagination_call_parameters(
            list(paginate._get_all_input_tokens(config)), dict.fromkeys(by_option + by_json), parsed, wanted)
        return repr(wanted.paginate)
    return outcome(run)


def integer_option(name, word):
    """What argparse makes of a word behind --page-size or --max-items: a repr, or its message."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    OPERATIONS["ListChannels"].arg_table[name].add_to_parser(parser)
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            return repr(vars(parser.parse_args(["--%s=%s" % (name, word)]))[name.replace("-", "_")]), None
    except argparse.ArgumentError as error:
        return None, str(error)
