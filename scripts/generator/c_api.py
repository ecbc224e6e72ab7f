"""core/include/ivs/api.h: one typed inline function for each operation and each kind of list element."""

from . import text

PAGE = "https://docs.aws.amazon.com/ivs/latest/LowLatencyAPIReference/API_%s.html"
HEAD = [
    "The operations of Amazon IVS as typed functions over ivs_call() and ivs_next(), see <ivs/client.h>.",
    "Each operation takes a request, which stays unchanged until the call ends, and fills an answer, whose"
    " texts and lists lie in the client's workspace and die at the next call. It returns 0, or a negative"
    " IVS_ERR_*; IVS_ERR_SERVICE means that the service refused, and ivs_last(client) tells with which of the codes"
    " listed at the operation. Besides those, the service refuses by the codes of authentication and throttling"
    " that all of AWS has. The limits of each member are in <ivs/types.h>.",
    "IVS_ERR_SPACE does not end the call: give a larger workspace (ivs_workspace(), ivs_last(client)->need) and go"
    " on with ivs_finish(), or give the call up with ivs_cancel(). Until then any other is IVS_ERR_STATE.",
    "The elements of a list of an answer are taken out by ivs_next_*(), once, in order: 1: *element is the"
    " next; 0: there are no more, or the list is absent; negative: an error, such as IVS_ERR_USED for a list"
    " that was read before.",
    ["Lists that come in pages are read to the end like this; token leads from one to the next:",
     "  char token[IVS_PAGE_TOKEN_SIZE];",
     "  do {",
     "    r = ivs_list_channels(&client, &in, &out);",
     "    while (r >= 0 && (r = ivs_next_channel_summary(&client, &out.channels, &channel)) == 1) ...",
     "  } while (r == 0 && (r = ivs_list_channels_more(&in, &out, token)) == 1);"],
]
ONCE = "Not repeated when the answer is lost, as it could happen twice: IVS_ERR_UNSURE."
CUE = ("Repeated when the answer is lost, so that viewers may get the same text twice, unless cue_once is set"
       " in the options.")


def generate(model, words):
    out = [text.notice_c()] + text.block(HEAD)
    out += ["#ifndef IVS_API_H", "#define IVS_API_H", "", "#include <ivs/client.h>", "#include <ivs/types.h>", "",
            "#ifdef __cplusplus", 'extern "C" {', "#endif"]
    for op in model.operations:
        out += [""] + text.block(describe(words, op)) + call(op) + (more(op) if op.pages else [])
    out += ["", "/* Elements of lists: see the head of this file. */"]
    for struct in model.list_elements:
        if struct.shape not in model.in_answers:
            continue
        out += next_element(struct.name, "struct ivs_%s_list" % struct.name, "struct ivs_" + struct.name) + [""]
    out += ["/* Texts of a list of texts. */"] + next_element("str", "struct ivs_str_list", "ivs_str") + [""]
    out += ["/* Tags: name and value. */"] + next_element("tag", "struct ivs_tags", "ivs_pair")
    out += ["", "#ifdef __cplusplus", "}", "#endif", "", "#endif"]
    return "\n".join(out) + "\n"


def names(members):
    return ", ".join(m.name for m in members)


def describe(words, op):
    """The paragraphs of an operation's comment."""
    required = [m for m in op.request.members if m.required]
    facts = ["Required: %s." % (names(required) or "nothing")]
    if op.answer.members:
        facts[0] += " Answer: %s." % names(op.answer.members)
    else:
        facts[0] += " The answer has no members: out may be NULL."
    if op.pages:
        facts.append("In pages: ivs_%s_more() turns the request into that of the next one." % op.snake)
    if op.repeat != "FREE":
        facts.append(ONCE if op.repeat == "ONCE" else CUE)
    facts.append("Refused with: %s." % ", ".join(op.facts["errors"]))
    return [words.operation(op), facts + [PAGE % op.name]]


def function(name, parameters, body):
    head = "static inline int %s(%s) {" % (name, ", ".join(parameters))
    if len(head) > text.WIDTH:
        indent = " " * (len("static inline int ") + len(name) + 1)
        if max(len(indent) + len(p) for p in parameters) + 3 > text.WIDTH:
            head = "static inline int %s(\n    " % name + ",\n    ".join(parameters) + ") {"
        else:
            head = "static inline int %s(" % name + (",\n" + indent).join(parameters) + ") {"
    return head.split("\n") + ["  " + body, "}"]


def call(op):
    parameters = ["ivs_client *client", "const struct ivs_%s *in" % op.request.name,
                  "struct ivs_%s *out" % op.answer.name]
    return function("ivs_" + op.snake, parameters,
                    "return ivs_call(client, IVS_OP_%s, in, out);" % op.snake.upper())


def more(op):
    parameters = ["struct ivs_%s *in" % op.request.name, "const struct ivs_%s *out" % op.answer.name,
                  "char token[IVS_PAGE_TOKEN_SIZE]"]
    return [""] + function("ivs_%s_more" % op.snake, parameters,
                           "return ivs_page_more(&ivs_ops[IVS_OP_%s], in, out, token);" % op.snake.upper())


def next_element(name, list_type, element_type):
    return function("ivs_next_" + name, ["ivs_client *client", list_type + " *list", element_type + " *element"],
                    "return ivs_next(client, &list->rest, element);")
