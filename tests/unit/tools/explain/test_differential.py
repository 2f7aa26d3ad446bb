"""Of any event, however it was changed, explain's first problem and status are what the function makes of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from authorizer.errors import AuthorizerError
from authorizer.jose import base64url, strict_json
from authorizer.model import Allow
from authorizer.response import Unauthorized
from authorizer.testing.compact import encode
from authorizer.tools.explain.explanation import explain_event
from tests.properties.json_values import VALUES
from tests.unit.tools.explain.test_corpus import explained, functions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.model import Decision
    from authorizer.reasons import Reason
    from authorizer.telemetry import Line
    from authorizer.tools.entry_point import EntryPoint

JWT = re.compile(r"(ey[\w-]+)\.(ey[\w-]+)\.([\w-]+)", re.ASCII)
CLAIMS = ["iss", "aud", "sub", "exp", "nbf", "iat", "scope", "scp", "groups", "token_use", "client_id", "cnf"]
MEMBERS = ["alg", "kid", "typ", "crit", "enc", "b64"]
PATHS = ["/orders/1", "/orders/", "/admin/x", "/health", "/files/*", "/files/é", "//", "/" + "a" * 600]


@dataclass
class Said:
    """A decision log that keeps the last outcome."""

    reason: str | None = None

    def write(self, _: Line, decision: Decision) -> None:
        self.reason = None if isinstance(decision, Allow) else decision.reason.value

    def error(self, _: Line, reason: Reason, *_fault: object) -> None:
        self.reason = reason.value


def of_function(event: object, entry_point: EntryPoint) -> tuple[str | None, int | None]:
    """The reason and the status of the very pipeline that answers on Lambda."""
    said: Any = Said()
    pipeline = replace(functions().pipeline(entry_point), log=said, clock=lambda: functions().now)
    try:
        answer: Any = pipeline.answer(event, None)
    except Unauthorized:
        return said.reason, 401
    except AuthorizerError:
        return said.reason, 500
    if "isAuthorized" in answer:
        return said.reason, None if answer["isAuthorized"] else 403
    return said.reason, None if answer["policyDocument"]["Statement"][0]["Effect"] == "Allow" else 403


def of_explain(event: object, entry_point: EntryPoint) -> tuple[str | None, int | None]:
    told = explain_event(event, entry_point, functions())
    (status,) = told.statuses.values()
    return told.first.reason.value if told.first is not None else None, status


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where everything in an event stands."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*path, name)
        yield from places(inner, (*path, name))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    return at(value[path[0]], path[1:]) if path else value


def changed(event: Any, path: tuple[Any, ...], change: Any) -> Any:
    """A copy with `change(value)` at a place; `...` drops it."""
    copy = event.copy()
    value = changed(event[path[0]], path[1:], change) if len(path) > 1 else change(event[path[0]])
    if value is ...:
        del copy[path[0]]
    else:
        copy[path[0]] = value
    return copy


@st.composite
def edited_tokens(draw: st.DrawFn, text: str) -> str:
    """The text with its token's header and claims changed, and its signature left; as it is where they are no JSON."""
    match = JWT.search(text)
    assert match is not None
    try:
        members, claims = (strict_json.parse_object(base64url.decode(part)) for part in match.groups()[:2])
    except (base64url.NotBase64Url, strict_json.NotStrictJson):
        return text
    members |= draw(st.dictionaries(st.sampled_from(MEMBERS), VALUES, max_size=1))
    claims |= draw(st.dictionaries(st.sampled_from(CLAIMS), VALUES, max_size=2))
    parts = (encode(json.dumps(part).encode()) for part in (members, claims))
    return text.replace(match[0], ".".join((*parts, match[3])))


@st.composite
def texts(draw: st.DrawFn, text: str) -> str:
    """The text, damaged as on its way."""
    end = draw(st.integers(0, len(text)))
    around = ["Bearer ", "bearer", '"', " ", "=", ",", ".", "%2E", "\n", "\u201c", "é", "DPoP "]
    return draw(
        st.sampled_from(
            [text[:end], *(text[:end] + one + text[end:] for one in around), *(one + text for one in around)]
        )
        | (edited_tokens(text) if JWT.search(text) else st.sampled_from(PATHS))
    )


@st.composite
def events(draw: st.DrawFn) -> tuple[Any, EntryPoint]:
    sample = draw(st.sampled_from([sample for sample, _ in explained() if isinstance(sample.event, dict)]))
    event = sample.event
    for _ in range(draw(st.integers(0, 3))):
        everywhere = list(places(event))
        with_token = [path for path in everywhere if JWT.search(str(at(event, path)))]
        path = draw(st.sampled_from(draw(st.sampled_from([found for found in (everywhere, with_token) if found]))))
        event = changed(event, path, lambda old: draw(texts(old) if isinstance(old, str) else VALUES | st.just(...)))
    return event, sample.entry_point


@given(events())
def test_function_and_explain_say_the_same(made: tuple[Any, EntryPoint]) -> None:
    event, entry_point = made
    assert of_explain(event, entry_point) == of_function(event, entry_point)
