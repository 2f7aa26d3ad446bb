from __future__ import annotations

import json
import subprocess
import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.backend import Caller, NotAuthorized, caller, guard, require
from authorizer.context import RESERVED
from tests.outcomes import outcome
from tests.properties.json_values import VALUES

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "s3cr3t-of-a-caller"
KEYS: dict[str, str | int | float | bool | None] = {"user": SECRET, "level": 3, "admin": True, "groups": "a,b"}
STRINGS: dict[str, Any] = {"user": SECRET, "level": "3", "admin": "true", "groups": "a,b"}


def rest(authorizer: Any) -> dict[str, Any]:
    return {"resource": "/a", "httpMethod": "GET", "requestContext": {"resourcePath": "/a", "authorizer": authorizer}}


def http_1(authorizer: Any) -> dict[str, Any]:
    return {"version": "1.0", **rest(authorizer)}


def http_2(authorizer: Any) -> dict[str, Any]:
    return {"version": "2.0", "routeKey": "GET /a", "requestContext": {"http": {}, "authorizer": authorizer}}


def connect(authorizer: Any) -> dict[str, Any]:
    return {"requestContext": {"routeKey": "$connect", "eventType": "CONNECT", "authorizer": authorizer}}


def message(authorizer: Any) -> dict[str, Any]:
    return {"requestContext": {"routeKey": "say", "eventType": "MESSAGE", "authorizer": authorizer}, "body": "hello"}


ADDED = {"principalId": "user-1", "integrationLatency": 12}
FLAT = {"rest": rest, "http 1.0": http_1, "$connect": connect, "message": message}
GRANTS: dict[str, dict[str, Any]] = {
    **{name: event({**STRINGS, **ADDED}) for name, event in FLAT.items()},
    "http 1.0, native keys empty": http_1({**KEYS, **ADDED, "claims": None, "scopes": None}),
    "http 2.0": http_2({"lambda": {**KEYS, "principalId": "user-1"}}),
    "http 2.0, beside": http_2({"lambda": KEYS, "principalId": "user-1"}),
}
NOTHING: list[object] = [None, {}, [], SECRET]
NOBODY: dict[str, Any] = {
    "no event": None,
    "a list": [],
    "a text": SECRET,
    "empty": {},
    "no context": {"requestContext": None},
    "a direct call": {"user": SECRET},
    "no authorizer": {"requestContext": {"resourcePath": "/a"}},
    **{f"{name}, {found!r}": event(found) for name, event in FLAT.items() for found in NOTHING},
    **{f"{name}, latency only": event({"integrationLatency": 0}) for name, event in FLAT.items()},
    "http 1.0, none": http_1({"claims": None, "scopes": None}),
    "cognito": rest({"claims": {"sub": SECRET}}),
    "cognito and context": rest({**STRINGS, **ADDED, "claims": {"sub": SECRET}}),
    "jwt 1.0": http_1({"claims": {"sub": SECRET}, "scopes": None}),
    "jwt": http_2({"jwt": {"claims": {"sub": SECRET}, "scopes": ["a"]}}),
    "jwt beside": http_2({"jwt": {"claims": {"sub": SECRET}}, "lambda": KEYS}),
    "iam": http_2({"iam": {"accessKey": SECRET}}),
    "flat in 2.0": http_2({**STRINGS, **ADDED}),
    "lambda is null": http_2({"lambda": None}),
    "lambda is empty": http_2({"lambda": {}}),
    "lambda of nulls": http_2({"lambda": {"user": None}}),
    "lambda is text": http_2({"lambda": SECRET}),
    "lambda in 1.0": http_1({"lambda": KEYS}),
    "another version": {**http_2({"lambda": KEYS}), "version": "3.0"},
    "principal is a list": rest({**STRINGS, "principalId": [SECRET]}),
    "principal is empty": rest({**STRINGS, "principalId": ""}),
    "nested": http_2({"lambda": {"user": {"name": SECRET}}}),
    "denial": rest({"principalId": "refused", "reason": "token_expired", "error": "invalid_token"}),
    "denial 2.0": http_2({"lambda": {"reason": "scope_missing", "user": SECRET}}),
}
each_grant = pytest.mark.parametrize("event", GRANTS.values(), ids=list(GRANTS))
each_nobody = pytest.mark.parametrize("event", NOBODY.values(), ids=list(NOBODY))


@each_grant
def test_every_shape_reads_the_same(event: dict[str, Any]) -> None:
    found = caller(event)
    assert found.subject == "user-1"
    assert sorted(found.context) == sorted(KEYS)
    assert (found.text("user"), found.number("level"), found.flag("admin")) == (SECRET, 3, True)
    assert found.texts("groups") == ("a", "b")
    assert caller(MappingProxyType(event)) == found


def test_simple_response_names_no_principal() -> None:
    assert caller(http_2({"lambda": KEYS})) == Caller(None, KEYS)
    assert caller(http_1(STRINGS)) == Caller(None, STRINGS)


def test_grant_needs_no_context() -> None:
    assert caller(rest(ADDED)) == Caller("user-1", {})


@each_nobody
def test_nobody_is_never_somebody(event: Any) -> None:
    for read in (caller, require):
        with pytest.raises(NotAuthorized) as caught:
            read(event)
        assert SECRET not in f"{caught.value!s} {caught.value!r}"


@each_nobody
def test_guard_answers_for_nobody_and_says_why_in_one_line(event: Any, caplog: pytest.LogCaptureFixture) -> None:
    @guard()
    def handler(event: Any, context: Any) -> None:
        raise AssertionError("called")

    answer = handler(event, None)
    assert answer["statusCode"] == 500
    assert json.loads(answer["body"]) == {"message": "Internal Server Error"}
    (line,) = caplog.messages
    assert line.startswith("refused to run handler: ")
    assert "\n" not in line
    assert SECRET not in f"{line} {answer}"


@each_grant
def test_guard_calls_the_handler(event: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    @guard(required=["user", "level"])
    def handler(event: Any, context: Any) -> tuple[Any, Any]:
        """Its own words."""
        return event, context

    context = object()
    assert handler(event, context) == (event, context)
    assert (handler.__name__, handler.__doc__) == ("handler", "Its own words.")
    assert caplog.messages == []


@each_grant
@pytest.mark.parametrize("value", [..., None])
def test_required_key_must_be_there(event: dict[str, Any], value: object) -> None:
    authorizer = event["requestContext"]["authorizer"]
    values = authorizer.get("lambda", authorizer)
    changed = {name: one for name, one in {**values, "tenant": value}.items() if one is not ...}
    if "lambda" in authorizer:
        changed = {**authorizer, "lambda": changed}
    event = {**event, "requestContext": {"authorizer": changed}}
    with pytest.raises(NotAuthorized, match=r"'tenant'.*required = true"):
        require(event, "user", "tenant")
    assert guard(required=["tenant"])(lambda _event, _context: "called")(event, None)["statusCode"] == 500


def test_what_api_gateway_adds_is_no_key() -> None:
    with pytest.raises(NotAuthorized):
        require(rest({**STRINGS, **ADDED}), "principalId")


def test_errors_of_the_handler_are_its_own() -> None:
    @guard()
    def handler(event: Any, context: Any) -> None:
        raise NotAuthorized("of the handler")

    with pytest.raises(NotAuthorized, match="of the handler"):
        handler(rest(ADDED), None)


def test_guard_that_is_written_wrongly_fails_at_import() -> None:
    wrong: Any = guard
    with pytest.raises(TypeError):
        wrong(lambda _event, _context: None)
    with pytest.raises(TypeError, match="not one text"):
        guard(required="tenant")


WRONG: list[tuple[Callable[[Caller], object], list[object], str]] = [
    (lambda one: one.text("key"), [None, 5, 1.5, True], "text"),
    (lambda one: one.number("key"), [None, True, "", "a", " 1", "1 ", "01", "+1", "1_0", "0x1", "1e999"], "a number"),
    (lambda one: one.number("key"), ["NaN", "inf", "٣", "1" * 5000, float("nan"), float("inf"), "true"], "a number"),
    (lambda one: one.flag("key"), [None, 0, 1, "", "True", "TRUE", "1", "yes", " true"], "true or false"),
    (lambda one: one.texts("key"), [None, 5, True], "text"),
    (lambda one: one.texts("key"), [",", "a,", ",a", "a,,b"], "texts between ','"),
]


@pytest.mark.parametrize(
    ("read", "value", "right"),
    [(read, value, right) for read, values, right in WRONG for value in values],
    ids=lambda value: repr(value)[:20],
)
def test_wrong_kind_is_named(read: Callable[[Caller], object], value: Any, right: str) -> None:
    with pytest.raises(NotAuthorized) as caught:
        read(Caller(None, {"key": value}))
    assert str(caught.value).startswith("context key 'key': found ")
    assert str(caught.value).endswith(f"right would be {right}")


def test_key_that_is_not_there_is_named() -> None:
    with pytest.raises(NotAuthorized, match="context key 'tenant': found nothing; right would be text"):
        Caller(None, {}).text("tenant")


@given(st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False))
def test_number_comes_back(number: float) -> None:
    for spelled in (number, json.dumps(number), json.dumps(number).upper()):
        back = Caller(None, {"key": spelled}).number("key")
        assert (back, type(back)) == (number, type(number))


@given(st.booleans())
def test_flag_comes_back(flag: bool) -> None:
    assert Caller(None, {"key": flag}).flag("key") is Caller(None, {"key": json.dumps(flag)}).flag("key") is flag


@given(st.lists(st.text(st.characters(exclude_characters=";"), min_size=1)))
def test_texts_come_back(texts: list[str]) -> None:
    assert Caller(None, {"key": ";".join(texts)}).texts("key", ";") == tuple(texts)


@given(VALUES)
def test_any_authorizer_is_read_or_refused(found: Any) -> None:
    for event in (found, {"requestContext": found}, rest(found), http_2(found), http_2({"lambda": found})):
        outcome(lambda event=event: caller(event), NotAuthorized)  # type: ignore[misc]


def test_caller_is_frozen_and_shows_no_value() -> None:
    found: Any = caller(rest({**STRINGS, **ADDED}))
    assert repr(found) == "Caller(context=['admin', 'groups', 'level', 'user'])"
    with pytest.raises(AttributeError):
        found.subject = "another"
    with pytest.raises(TypeError):
        found.context["user"] = "another"


def test_no_context_of_ours_has_a_key_that_the_reader_keeps_apart() -> None:
    assert {
        "principalId",
        "integrationLatency",
        "claims",
        "scopes",
        "jwt",
        "iam",
        "lambda",
        "reason",
        "error",
    } <= RESERVED


def test_import_is_light() -> None:
    heavy = ("authorizer", "cryptography", "aws_lambda", "dataclasses")
    program = f"import sys, authorizer.backend; print(*(name for name in sys.modules if name.startswith({heavy!r})))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(run.stdout.split()) == {"authorizer", "authorizer.version", "authorizer.errors", "authorizer.backend"}
