"""Every kind of expectation: fulfilled, and not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from authorizer.tools.conformance.comparison import differences
from authorizer.tools.conformance.row import Expected
from authorizer.tools.conformance.seen import Seen
from tests.unit.tools.conformance.fake_gateway import SECRET

ARN = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234"
BODY: dict[str, Any] = {
    "text": "a",
    "one": 1,
    "yes": True,
    "nothing": None,
    "list": [{"b": 2}],
    "inner": json.dumps({"arn": f"{ARN}/v1/GET/"}),
    "claims": {"cognito:groups": "x"},
    "own": "me",
}


def seen(status: int = 200, body: object = None, *headers: tuple[str, str]) -> Seen:
    return Seen(status=status, headers=headers, body=json.dumps(BODY if body is None else body).encode())


def found(expected: Expected, answer: Seen, before: Seen | None = None) -> list[str]:
    return [one.what for one in differences(expected, answer, before, lambda text: text.replace("{own}", "me"))]


@pytest.mark.parametrize(
    "expected",
    [
        Expected(status=200, at={"text": "a", "one": 1, "yes": True, "list.0.b": 2, "claims.cognito:groups": "x"}),
        Expected(status=200, at={"own": "{own}"}),
        Expected(status=200, null=("nothing",)),
        Expected(status=200, missing=("nobody", "text.more", "list.1", "one.more")),
        Expected(status=200, like={"inner.arn": "{arn}/v1/GET/"}),
        Expected(status=200, headers={"x-a": "1, 2"}, headers_like={"X-A": r"\d, \d"}, no_headers=("x-b",)),
    ],
    ids=["values", "own", "null", "missing", "within a text", "headers"],
)
def test_fulfilled(expected: Expected) -> None:
    assert found(expected, seen(200, None, ("X-A", "1"), ("x-a", "2"))) == []


@pytest.mark.parametrize(
    ("expected", "what"),
    [
        (Expected(status=201), ["status"]),
        (Expected(status=200, body="{}"), ["body"]),
        (Expected(status=200, text=""), ["body"]),
        (Expected(status=200, at={"one": "1"}), ["one"]),
        (Expected(status=200, at={"one": True}), ["one"]),
        (Expected(status=200, at={"yes": 1}), ["yes"]),
        (Expected(status=200, at={"nobody": "x"}), ["nobody"]),
        (Expected(status=200, null=("nobody", "one")), ["nobody", "one"]),
        (Expected(status=200, missing=("nothing",)), ["nothing"]),
        (Expected(status=200, like={"text": "b", "one": ".*", "nobody": ".*"}), ["text", "one", "nobody"]),
        (Expected(status=200, like={"inner.arn": "{arn}/v1"}), ["inner.arn"]),
        (Expected(status=200, headers={"X-A": "2"}), ["header X-A"]),
        (Expected(status=200, headers_like={"X-A": "", "X-B": ".*"}), ["header X-A", "header X-B"]),
        (Expected(status=200, no_headers=("x-a",)), ["header x-a"]),
    ],
)
def test_not_fulfilled(expected: Expected, what: list[str]) -> None:
    assert found(expected, seen(200, None, ("X-A", "1"))) == what


@pytest.mark.parametrize(
    ("before", "same", "changed"),
    [({"stamp": 1}, [], ["stamp"]), ({"stamp": 2}, ["stamp"], []), ({}, ["stamp"], ["stamp"])],
)
def test_values_beside_those_before(before: object, same: list[str], changed: list[str]) -> None:
    answer, earlier = seen(200, {"stamp": 1}), seen(200, before)
    assert found(Expected(status=200, same=("stamp",)), answer, earlier) == same
    assert found(Expected(status=200, changed=("stamp",)), answer, earlier) == changed


def test_nothing_before_is_neither_the_same_nor_another() -> None:
    expected = Expected(status=200, same=("text",), changed=("text",))
    assert found(expected, seen()) == ["text", "text"]


def test_body_that_is_no_json_is_told_as_text() -> None:
    answer = Seen(status=200, body=b"<html>")
    assert [one.seen for one in differences(Expected(status=200, body="{}"), answer)] == ["<html>"]


def test_values_are_short_and_without_tokens() -> None:
    answer = seen(200, {"token": SECRET, "long": "x" * 5000})
    told = [str(one) for one in differences(Expected(status=200, body="{}", at={"token": 1, "long": 1}), answer)]
    assert len(told) == 3
    assert SECRET not in "".join(told)
    assert max(map(len, told)) < 400
