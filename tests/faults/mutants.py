"""The client with one of its rules switched off: every row of the table that names the rule has to
fail against it, which shows that the row would see the rule missing.

A mutant replaces text in source files of the library. Each text is there exactly once; when the
source changes, this file follows.
"""

from dataclasses import dataclass

CLIENT, EXCHANGE, RETRY = "core/src/client.c", "core/src/exchange.c", "core/src/retry.c"
ANSWER, HTTP, CHECK = "core/src/answer.c", "core/src/http1.c", "core/src/json_check.c"
TLS, VERIFY = "platform/mbedtls/tls.c", "platform/mbedtls/verify.c"


@dataclass(frozen=True)
class Mutant:
    rule: str
    what: str  # the client does instead
    edits: tuple  # of (file, text, what stands in its place)


def one(rule, what, file, text, instead):
    return Mutant(rule, what, ((file, text, instead),))


def blind(rule, flags):
    """A client that does not mind such a certificate."""
    return one(rule, f"takes certificates with {flags}", VERIFY, "  tls->flags |= *flags;",
               f"  *flags &= ~(uint32_t)({flags});\n  tls->flags |= *flags;")


UNSEEN = (EXCHANGE, "return x->port->fn->recv(x->port, &byte, 1) == IVS_AGAIN;",
          "(void)byte; return true;")
UNSENT = (CLIENT, "return x->reused && !c->resent", "return false && !c->resent")

REPETITION = [
    one("retry-5xx", "a server error is the end", RETRY,
        "NEVER;\n  return IVS_RETRY_TRANSIENT;", "NEVER;\n  return IVS_RETRY_NEVER;"),
    one("retry-throttled", "throttling is the end", CLIENT,
        "!last && back_off(c, retry)",
        "!last && retry == IVS_RETRY_TRANSIENT && back_off(c, retry)"),
    one("retry-network", "a broken connection is the end", RETRY,
        "? IVS_RETRY_NEVER : IVS_RETRY_TRANSIENT;", "? IVS_RETRY_NEVER : IVS_RETRY_NEVER;"),
    one("no-retry-tls", "a certificate that was refused is asked for again", RETRY,
        "case IVS_ERR_TLS: return",
        "case IVS_ERR_TLS_DATE:\n    case IVS_ERR_TLS_NAME:\n    case IVS_ERR_TLS_TRUST:\n"
        "    case IVS_ERR_TLS: return"),
    one("retry-only-passing", "any refusal is tried again", RETRY,
        "bool passes = a->status == 500", "bool passes = true || a->status == 500"),
    one("code-first", "only the status counts", RETRY,
        "if (by_code != IVS_RETRY_NEVER) return by_code;", "(void)by_code;"),
    one("attempts", "no attempt is the last", CLIENT,
        "bool last = c->attempt + 1 >= c->options.attempts;", "bool last = false;"),
    one("attempts-made", "one attempt too few", CLIENT,
        "bool last = c->attempt + 1 >= c->options.attempts;",
        "bool last = c->attempt + 2 >= c->options.attempts;"),
    one("tokens", "repetitions cost nothing", CLIENT,
        "if (c->tokens < cost) return false;", ""),
    one("retry-after", "Retry-After is not heard", RETRY, "if (after_s > 0 &&", "if (false &&"),
    one("amz-retry-after", "x-amz-retry-after is not heard", RETRY,
        "if (after_ms > 0 &&", "if (false &&"),
    one("give-up", "a delay that is too long is waited for", CLIENT,
        "if (c->wake >= c->deadline) return false;", ""),
    one("deadline", "there is no deadline", CLIENT,
        "r = ticks(client) >= client->deadline &&", "r = false &&"),
    one("redirect", "a redirection is a refusal like any other", ANSWER,
        "? IVS_ERR_HTTP_REDIRECT : IVS_ERR_SERVICE", "? IVS_ERR_SERVICE : IVS_ERR_SERVICE"),
]

ONLY_ONCE = [
    one("once", "everything may be repeated", CLIENT, "  return repeat == IVS_ONCE ||",
        "  return false &&"),
    one("cue-once", "the caller's wish about cues is not heard", CLIENT,
        "(repeat == IVS_CUE && c->cue_once)", "false"),
    one("unsure", "a request without an answer never left", CLIENT,
        "if (c->state == EXCHANGE) return c->exchange.left;",
        "if (c->state == EXCHANGE) return false;"),
    one("unsure-body", "a success that cannot be read is none", CLIENT,
        "(e->status < 300 || (", "(("),
    one("gateway", "a gateway's error is the service's", CLIENT,
        "(e->status >= 500 && e->code[0] == '\\0')", "false"),
    one("gateway-once", "a gateway's error is tried again in any case", RETRY,
        "(a->once && a->code[0] == '\\0')", "false"),
    one("resend", "a kept connection that was dead is an error", *UNSENT),
    one("resend-once", "over a new connection everything is sent again", CLIENT,
        " && !(x->left && only_once(c));", ";"),
    one("idle-once", "nothing is too delicate for an old connection", CLIENT,
        "only_once(c) ? IVS_IDLE_ONCE_MS : IVS_IDLE_MS", "IVS_IDLE_MS"),
]

TIME = [
    one("clock", "the clock is never put right", CLIENT,
        "  c->clock_offset += skew;\n  return true;", "  return false;"),
    one("least-skew", "a clock off by any little is put right", CLIENT,
        "LEAST_SKEW_MS = IVS_LEAST_SKEW_SECONDS * 1000", "LEAST_SKEW_MS = 0"),
    one("age", "an old answer tells the time", CLIENT, " || c->aged ||", " ||"),
    one("date", "no date is 1970", CLIENT, "if (c->error.date == 0 ||", "if ("),
    one("clock-of-refusals", "any answer puts the clock right", CLIENT,
        "  int r = c->exchange.http.status < 300 ?",
        "  int64_t skew = 0;\n  if (ivs_clock_skew(c, &skew)) c->clock_offset += skew;\n  int r = c->exchange.http.status < 300 ?"),
    one("expired-kept", "expired credentials are tried again", RETRY,
        '"4ExpiredToken', '"1ExpiredToken'),
    one("renew", "credentials are not renewed", CLIENT,
        "if (c->options.provider == NULL || c->renewed) return false;", "return false;"),
    one("renew-once", "credentials are renewed until it helps", CLIENT,
        "c->options.provider == NULL || c->renewed)", "c->options.provider == NULL)"),
]

CONNECTIONS = [
    one("keep", "no connection is kept", EXCHANGE,
        "if (x->http.keep_alive && all_used)", "if (false && all_used)"),
    one("leftovers", "a connection with something left over is kept", EXCHANGE,
        "if (x->http.keep_alive && all_used)", "if (x->http.keep_alive || (all_used && false))"),
    one("look", "a kept connection is used unseen", *UNSEEN),
    Mutant("look-or-resend", "and one that cannot be written to is an error", (UNSEEN, UNSENT)),
    one("idle", "a connection is kept for ever", EXCHANGE,
        "if (x->port->fn->ticks(x->port) - x->idle_since >= idle_ms) return false;",
        "(void)idle_ms;"),
    one("patience", "silence is an end", EXCHANGE,
        "if (r == IVS_AGAIN) return x->send_error != 0 ? ended(x, x->send_error) : r;",
        "if (r == IVS_AGAIN) return fail(x, IVS_ERR_CLOSED);"),
    one("pieces", "an answer has to come in one piece", EXCHANGE,
        "x->send_error == 0) : GO_ON;", "x->send_error == 0) : fail(x, IVS_ERR_HTTP);"),
    Mutant("space", "an answer that does not fit is an error", (
        (EXCHANGE, "return need <= x->space_n ? 0 : want(x, need);",
         "return need <= x->space_n ? 0 : fail(x, IVS_ERR_HTTP_LENGTH);"),
        (EXCHANGE, "if (!refused) return want(x, 2 * x->space_n);",
         "if (!refused) return fail(x, IVS_ERR_HTTP_LENGTH);"))),
]

ANSWERS = [
    one("chunked", "no chunks", HTTP, 'if (!is_word(s, "chunked") ||', "if (true ||"),
    one("chunked", "chunks without extensions", HTTP,
        "(rest.n > 0 ? *rest.p != ';' : cut)", "rest.n > 0 || cut"),
    one("chunked", "chunks without a trailer", HTTP,
        "if (size == 0) h->flags |= TRAILER;", "if (size == 0) h->done = true;"),
    one("close-delimited", "every answer has a length", HTTP,
        "if (h->state == DATA && h->length < 0 &&", "if (false &&"),
    one("whole-body", "any end is the end of the answer", HTTP,
        "if (h->state == DATA && h->length < 0 &&", "if (h->state == DATA &&"),
    one("connection-close", "Connection: close is not heard", HTTP,
        "h->keep_alive = !(h->flags & CLOSE) &&", "h->keep_alive ="),
    one("http-1.0", "HTTP/1.0 keeps connections", HTTP,
        "(!(h->flags & HTTP_1_0) || h->flags & KEEP)", "true"),
    one("interim", "the first answer is the last", HTTP,
        "if (h->flags & INTERIM) {", "if (false) {"),
    one("head-max", "a head may be as long as it likes", HTTP,
        "size_t room = (size_t)IVS_HTTP_HEAD_MAX +", "size_t room = (size_t)100000000 +"),
    one("head-max-kept", "a head is short", HTTP,
        "size_t room = (size_t)IVS_HTTP_HEAD_MAX +", "size_t room = (size_t)2048 +"),
    one("coding", "a coded body is taken as it is", HTTP,
        'return is_word(s, "identity") ? 0 : IVS_ERR_HTTP_CODING;', "return 0;"),
    one("json", "a body that is no JSON is none", ANSWER,
        "c->exchange.have, &tokens);\n  if (r < 0) return r;",
        "c->exchange.have, &tokens);\n  if (r < 0) return 0;"),
    one("type", "a body of another type is none", ANSWER,
        "r = ivs_decode(arena, type, root, c->out, &culprit);",
        "r = ivs_decode(arena, type, root, c->out, &culprit);\n  if (r == IVS_ERR_TYPE) r = 0;"),
    one("utf8", "any bytes are text", CHECK, "if (seen >= 0x80 && !", "if (false && !"),
    one("empty", "no body is no JSON", ANSWER, "c->exchange.have == 0 || ivs_types[type]",
        "ivs_types[type]"),
]

SECURITY = [
    one("farewell", "TLS may end without notice", TLS,
        "notice\";\n  return IVS_ERR_NET;", "notice\";\n  return IVS_ERR_CLOSED;"),
    one("tls-pieces", "what is wanted has to be there at once", TLS,
        "bio_result(tls, r, MBEDTLS_ERR_SSL_WANT_READ)",
        "bio_result(tls, r > 0 && (size_t)r < n ? IVS_ERR_NET : r, MBEDTLS_ERR_SSL_WANT_READ)"),
    blind("tls-date", "MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE"),
    blind("tls-name", "MBEDTLS_X509_BADCERT_CN_MISMATCH"),
    blind("tls-trust", "MBEDTLS_X509_BADCERT_NOT_TRUSTED"),
]

MUTANTS = [*REPETITION, *ONLY_ONCE, *TIME, *CONNECTIONS, *ANSWERS, *SECURITY]
