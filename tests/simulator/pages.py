"""Pages of lists, with tokens that mean nothing to a client and cannot be made by one.

A token names the first item of the next page by its serial number, so that items deleted or added
between two calls neither repeat nor hide others. It is bound to the operation and its filters.
"""

import base64
import hashlib
import hmac
import json
import secrets

from .errors import invalid


class Pager:
    def __init__(self):
        self._key = secrets.token_bytes(16)

    def cut(self, items, request, scope, default):
        """One page: (items, next token or None).

        `items` are (serial, value) in the order to list them; `scope` is anything JSON that has to
        stay the same from page to page; `default` is the size when the request gives none.
        """
        start = self._start(items, request.get("nextToken"), scope)
        size = request.get("maxResults", default)
        page = [value for _, value in items[start:start + size]]
        if start + size >= len(items):
            return page, None
        return page, self._token(items[start + size][0], scope)

    def _start(self, items, token, scope):
        if not token:
            return 0
        serial = self._open(token, scope)
        descending = len(items) > 1 and items[0][0] > items[-1][0]
        for index, (number, _) in enumerate(items):
            if number <= serial if descending else number >= serial:
                return index
        return len(items)

    def _seal(self, serial, scope):
        text = json.dumps([serial, scope], sort_keys=True).encode()
        return hmac.new(self._key, text, hashlib.sha256).digest()[:16]

    def _token(self, serial, scope):
        """Without the alphabet for URLs: a token that begins with "-" would be taken for an option."""
        return base64.b64encode(self._seal(serial, scope) + b"%d" % serial).decode()

    def _open(self, token, scope):
        try:
            raw = base64.b64decode(token, validate=True)
            serial = int(raw[16:])
        except ValueError:
            raise invalid("Invalid nextToken") from None
        if not hmac.compare_digest(raw[:16], self._seal(serial, scope)):
            raise invalid("Invalid nextToken")
        return serial
