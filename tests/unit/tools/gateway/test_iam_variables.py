from __future__ import annotations

import pytest

from authorizer.tools.gateway.glob import matcher
from authorizer.tools.gateway.iam_variables import Unresolved, has_variables, literal, plain, resolved

VALUES = {"aws:UserAgent": "curl", "aws:Referer": ["a", "b"], "aws:username": "ann", "aws:SourceIp": "a*?$x"}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", ""),
        ("a/*", "a/*"),
        ("$default", "$default"),
        ("${*}${?}${$}", "${*}${?}${$}"),
        ("${aws:UserAgent}", "curl"),
        ("x/${ AWS:userAgent }/${aws:UserAgent}", "x/curl/curl"),
        ("${aws:UserAgent, 'none'}", "curl"),
        ("${aws:SourceVpc, 'none'}", "none"),
        ("${aws:SourceVpc,''}", ""),
        ("${aws:username, 'none'}", "none"),  # no key of calls to an API with an authorizer
        ("${aws:Referer, 'many'}", "many"),
        ("${aws:UserAgent", "${aws:UserAgent"),
        ("${aws:SourceIp}", "a${*}${?}${$}x"),
    ],
)
def test_variables_are_replaced(text: str, made: str) -> None:
    assert resolved(text, VALUES) == made


@pytest.mark.parametrize("name", ["aws:SourceVpc", "aws:Referer", "aws:username", "proxy", ""])
def test_variable_without_one_value_is_unresolved(name: str) -> None:
    with pytest.raises(Unresolved) as caught:
        resolved(f"a/${{{name}}}", VALUES)
    assert f"${{{name}}}" in str(caught.value)


def test_wildcards_of_a_value_are_none() -> None:
    matches = matcher(resolved("*/${aws:SourceIp}", VALUES))
    assert matches("b/a*?$x")
    assert not matches("b/abcdx")


@pytest.mark.parametrize(
    ("text", "has"), [("${a}", True), ("${*}", False), ("$a", False), ("${}", True), ("{a}", False)]
)
def test_variables_are_seen(text: str, has: bool) -> None:
    assert has_variables(text) is has


@pytest.mark.parametrize("text", ["${a}", "${*}", "${$}", "$", "a", "$${a}"])
def test_literal_text_is_what_it_is_spelled_with(text: str) -> None:
    assert not has_variables(literal(text))
    assert plain(literal(text)) == text
    assert matcher(literal(text))(text)
