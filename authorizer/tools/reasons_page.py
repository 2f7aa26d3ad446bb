"""The reasons page, made from the catalogue: `python -m authorizer.tools.reasons_page` writes `docs/reasons.md`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

from authorizer.reasons import Class, Reason

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reasons.md"
EVENTS = ROOT / "events"

_CODES = frozenset(reason.value for reason in Reason)
_RFC = re.compile(r"RFC (\d+) section ([\d.]+)")


class Answers(NamedTuple):
    """What the caller gets: status code by API type, and in words how the authorizer brings it about."""

    rest: str
    websocket: str
    http: str
    how: str


ANSWERS = {
    Class.AUTHN: Answers(
        "401 (403)",
        "401 (403)",
        "403 (401?)",
        "REST and WebSocket: the function raises `Unauthorized`, which gives 401; with `[answers] rest = 403` or "
        "`websocket = 403` it returns a policy that denies. HTTP: `isAuthorized` is false or the policy denies, "
        "which gives 403; that `[answers] http = 401` makes it a 401 is not proven on AWS.",
    ),
    Class.AUTHZ: Answers(
        "403", "403", "403", "The policy denies the called method; with simple responses `isAuthorized` is false."
    ),
    Class.DEPENDENCY: Answers(
        "500",
        "500",
        "500",
        "The function ends with an error. It is never cached as a denial, which would outlive the outage.",
    ),
    Class.EVENT: Answers(
        "500", "500", "500", "The function ends with an error, never cached: it is attached to the wrong thing."
    ),
    Class.BUG: Answers("500", "500", "500", "The function ends with an error, never cached."),
}

_HEAD = """\
# Reasons

Every request that is not allowed has exactly one of the codes below. Codes are never renamed and never used again for
something else; the words around them may change. This page is made from `authorizer/reasons.toml` by `make docs`.

## How to read a decision line

The function writes one JSON line per invocation. Cut short and spread over several lines, it looks like this:

```json
@LINE@
```

1. `decision` is allow, deny or error. An allow has no `reason`.
2. `reason` is the code: look it up below. `fix` is its remedy, `docs` the place on this page.
3. `claim`, `expected` and `found` say what was wrong in this case: the claim, header parameter or place at fault, what
   would have been right, and of what kind the found thing was. A token is never in the line.
4. `request_id` is API Gateway's and leads to its access log (null for a TOKEN authorizer, whose event has none);
   `function_request_id` is Lambda's. `token` is a fingerprint: the same token gives the same one.
5. `keys` and `keys_age_s` say how fresh the keys were with which the signature was checked.

The caller learns 401, 403 or 500 and nothing else, unless you print the context of a denial in a gateway response.

**No line for a refused call?** Then the function was not asked. API Gateway itself answers 401 when an identity source
is missing or empty, 403 when a resource policy or WAF blocks the call, and 500 when it may not invoke the function; and
it repeats a cached answer until the authorizer's TTL is over. The access log shows these.

## What the caller gets

| Class | REST | WebSocket | HTTP | How |
|---|---|---|---|---|
"""

_CODES_HEAD = """
In brackets: the other answer, by setting. The question mark: not proven on AWS.

## All codes

"May heal" means that the same credential may pass a little later, so the answer must not stay in a cache. The error is
the value of RFC 6750 section 3.1 for a `WWW-Authenticate` header, which only a gateway response of a REST API can send.

| Code | Class | REST | WebSocket | HTTP | May heal | RFC 6750 error |
|---|---|---|---|---|---|---|
"""

_SAMPLES = """
Samples below are events in the folder `events`: those in `events/scenarios` need several calls, a fault or a clock, all
others are one event each, ready for `sam local invoke --event`.
"""


def render() -> str:
    """The whole page. Reads the catalogue and the names of the sample events, writes nothing."""
    classes = "".join(map(_class_row, Class))
    codes = "".join(map(_code_row, Reason))
    return (
        _HEAD.replace("@LINE@", _line(Reason.TOKEN_EXPIRED))
        + classes
        + _CODES_HEAD
        + codes
        + _SAMPLES
        + "".join(map(_section, Reason))
    )


def samples(reason: Reason) -> list[str]:
    """The sample events of a reason as paths from the root of the repository, sorted."""
    patterns = (f"*/{reason.value}.json", f"*/{reason.value}--*.json")
    found = {path.relative_to(ROOT).as_posix() for pattern in patterns for path in EVENTS.glob(pattern)}
    return sorted(found)


def _line(reason: Reason) -> str:
    line = {
        "message": f"deny: {reason.value}",
        "decision": "deny",
        "reason": reason.value,
        "class": reason.klass.value,
        "fix": reason.remedy.fix,
        "docs": reason.docs,
        "claim": "exp",
        "expected": "a time to come",
        "found": "31 s ago",
        "surface": "http_v2",
        "route": "GET /orders/{id}",
        "request_id": "JKJaXmPLvHcESHA=",
        "issuer": "https://login.example.com/",
    }
    return json.dumps(line, indent=2)


def _class_row(klass: Class) -> str:
    return _row(klass.value, *ANSWERS[klass])


def _code_row(reason: Reason) -> str:
    rest, websocket, http, _ = ANSWERS[reason.klass]
    code = f"[{reason.value}](#{reason.value})"
    return _row(
        code, reason.klass.value, rest, websocket, http, "yes" if reason.heals else "no", reason.error or "none"
    )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _section(reason: Reason) -> str:
    symptom, cause, fix, see_also = reason.remedy
    lines = [
        f"**Symptom:** {symptom}",
        f"**Cause:** {cause}",
        f"**Fix:** {fix}",
        f"**See also:** {'; '.join(map(_reference, see_also))}.",
        f"**Sample:** {', '.join(map(_sample_link, samples(reason))) or 'none'}",
    ]
    return f"\n## {reason.value}\n\n" + "\n".join(f"- {line}" for line in lines) + "\n"


def _reference(text: str) -> str:
    if text in _CODES:
        return f"[{text}](#{text})"
    if match := _RFC.fullmatch(text):
        return f"[{text}](https://www.rfc-editor.org/rfc/rfc{match[1]}#section-{match[2]})"
    return text


def _sample_link(path: str) -> str:
    return f"[{path}](../{path})"


if __name__ == "__main__":
    PAGE.write_text(render(), "utf-8")
