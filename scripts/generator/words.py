"""The sentences of core/model/words.json: one per operation, error, structure and member, and no others."""

import json

from .model import ModelError


class Words:
    """Looks sentences up and remembers which were used."""

    def __init__(self, texts):
        self._texts = {part: dict(texts.get(part, {})) for part in ("operations", "errors", "shapes", "members")}
        self._used = set()
        self._missing = []
        for part in sorted(set(texts) - set(self._texts)):
            raise ModelError("words.json: there is no part %s" % part)
        for part, sentences in self._texts.items():
            for key, text in sentences.items():
                if not text.strip() or "*/" in text or "/*" in text or "\n" in text:
                    raise ModelError("words.json: %s %s has to be one line of text" % (part, key))

    def _find(self, part, *keys):
        for key in keys:
            if key in self._texts[part]:
                self._used.add((part, key))
                return self._texts[part][key]
        self._missing.append("%s %s" % (part, keys[0]))
        return ""

    def operation(self, op):
        return self._find("operations", op.name)

    def error(self, code):
        return self._find("errors", code)

    def struct(self, struct):
        return self._find("shapes", struct.shape)

    def member(self, member):
        """The sentence for this member of this structure, else the one for all members of that name."""
        return self._find("members", "%s.%s" % (member.owner, member.wire), member.wire)

    def check(self, model):
        """Raises ModelError that names every missing and every superfluous sentence."""
        self._used.clear()
        self._missing.clear()
        for op in model.operations:
            self.operation(op)
        for code in model.errors:
            self.error(code)
        for struct in model.structs:
            if struct.role == "nested":
                self.struct(struct)
            for member in struct.members:
                self.member(member)
        unused = sorted("%s %s" % (part, key) for part, texts in self._texts.items() for key in texts
                        if (part, key) not in self._used)
        lines = ["missing: " + entry for entry in sorted(set(self._missing))]
        lines += ["superfluous: " + entry for entry in unused]
        if lines:
            raise ModelError("words.json does not fit the model\n  " + "\n  ".join(lines))


def load_words(path, model):
    with open(path, encoding="utf-8") as file:
        words = Words(json.load(file))
    words.check(model)
    return words
