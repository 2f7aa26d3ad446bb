"""What was expected beside what was seen: every difference, and nothing of a token in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.conformance.row import ARN
from authorizer.tools.conformance.seen import ABSENT, Seen
from authorizer.tools.terminal import without_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from authorizer.tools.conformance.row import Expected

_ARN: Final = r"arn:[a-z-]+:execute-api:[a-z0-9-]+:[0-9]{12}:[a-z0-9]+"
_LONGEST: Final = 300  # characters of a value in a report


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One: of what, and both values as text."""

    what: str
    expected: str
    seen: str

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, seen {self.seen}"


def differences(
    expected: Expected, seen: Seen, before: Seen | None = None, filled: Callable[[str], str] = str
) -> Iterator[Difference]:
    """All of them. `before` is the answer to the last request before; `filled` puts the row's own text in."""
    if seen.status != expected.status:
        yield _difference("status", expected.status, seen.status)
    yield from _headers(expected, seen)
    yield from _body(expected, seen)
    yield from _values(expected, seen, filled)
    yield from _beside(expected, seen, before)


def _headers(expected: Expected, seen: Seen) -> Iterator[Difference]:
    for name, value in expected.headers.items():
        if seen.header(name) != value:
            yield _difference(f"header {name}", value, seen.header(name) or ABSENT)
    for name, pattern in expected.headers_like.items():
        found = seen.header(name)
        if found is None or not re.fullmatch(pattern, found):
            yield _difference(f"header {name}", _like(pattern), found or ABSENT)
    for name in expected.no_headers:
        if seen.header(name) is not None:
            yield _difference(f"header {name}", ABSENT, seen.header(name))


def _body(expected: Expected, seen: Seen) -> Iterator[Difference]:
    if expected.text is not None and seen.text != expected.text:
        yield _difference("body", expected.text, seen.text)
    if expected.body is not None and not _same(json.loads(expected.body), seen.document):
        yield _difference("body", json.loads(expected.body), seen.document or seen.text)


def _values(expected: Expected, seen: Seen, filled: Callable[[str], str]) -> Iterator[Difference]:
    wanted = {path: filled(one) if isinstance(one, str) else one for path, one in expected.at.items()}
    for path, value in (*wanted.items(), *dict.fromkeys(expected.null).items()):
        found = _at(seen, path)
        if not _same(value, found):
            yield _difference(path, value, found)
    for path, pattern in expected.like.items():
        found = _at(seen, path)
        if not isinstance(found, str) or not re.fullmatch(filled(pattern).replace(ARN, _ARN), found):
            yield _difference(path, _like(pattern), found)
    for path in expected.missing:
        if _at(seen, path) is not ABSENT:
            yield _difference(path, ABSENT, _at(seen, path))


def _beside(expected: Expected, seen: Seen, before: Seen | None) -> Iterator[Difference]:
    for paths, wanted in ((expected.same, True), (expected.changed, False)):
        for path in paths:
            earlier = ABSENT if before is None else _at(before, path)
            found = _at(seen, path)
            if ABSENT in (earlier, found) or (earlier == found) != wanted:
                yield _difference(path, "the same as before" if wanted else "another than before", found)


def _at(seen: Seen, path: str) -> Any:
    try:
        return seen.at(path)
    except KeyError:
        return ABSENT


def _same(one: Any, other: Any) -> bool:
    """Whether both are the same JSON: `1` is not `true`, nor `1.0`."""
    return ABSENT not in (one, other) and json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _like(pattern: str) -> str:
    return f"something like {pattern}"


def _difference(what: str, expected: Any, seen: Any) -> Difference:
    return Difference(what=what, expected=_short(expected), seen=_short(seen))


def _short(value: Any) -> str:
    if value is ABSENT:
        return str(ABSENT.value)
    text = without_tokens(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
