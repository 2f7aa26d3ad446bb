from __future__ import annotations

import pytest

from authorizer.testing import Call
from authorizer.tools.explain.explanation import Explanation, explain_token
from authorizer.tools.explain.report import report
from authorizer.tools.explain.screen import headline, show_explanation
from tests.unit.tools.explain.sample_deployment import NOW, functions, of_call, of_token, token, user_token


def head(explained: Explanation) -> str:
    return headline(report("x", explained, NOW), explained)


def printed(explained: Explanation, capsys: pytest.CaptureFixture[str]) -> str:
    show_explanation(report("x", explained, NOW), explained)
    return capsys.readouterr().out


def test_headline_says_the_first_reason_and_counts_the_others() -> None:
    assert head(of_token(token(exp=1))) == "denied: token_expired"
    assert head(of_token(token(exp=1, aud="x", jti=7))) == "denied: token_expired (and 2 more)"
    assert head(of_token(token())) == "allowed"


def test_headline_of_a_good_token_of_no_use() -> None:
    useless = of_token(user_token(scope="openid"), route=[{"match": "GET /", "scopes": ["a"]}])
    assert head(useless).startswith("denied: ")


def test_routes_that_need_a_call_are_said_to(capsys: pytest.CaptureFixture[str]) -> None:
    near = of_token(token(), route=[{"match": "GET /near", "networks": ["192.0.2.0/24"]}])
    assert head(near).startswith("cannot tell: the token is good")
    out = printed(near, capsys)
    assert "depends on the request" in out
    assert "the client sees" not in out


def test_claims_that_nothing_proves_are_marked(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(of_token(token("stranger", exp=1)), capsys)
    assert "token_expired *" in out
    assert "key_unknown *" not in out
    assert "* what the token claims" in out


def test_note_that_nothing_proves_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(of_token(token("stranger", aud="orders-api/")), capsys)
    assert "note unproven_difference *: " in out
    assert out.count("* what the token claims") == 1


def test_routes_of_a_token_with_problems_are_supposed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "routes that it opens, once the problems above are mended" in printed(of_token(token(exp=1)), capsys)
    out = printed(of_token(token()), capsys)
    assert "routes that it opens" in out
    assert "mended" not in out


def test_value_is_quoted_and_a_kind_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(of_token(token(aud=["b, c", "a\u200b"], azp={"x": 1}, iss='x", good')), capsys)
    assert '"a\\u200b", "b, c"' in out
    assert "azp           an object\n" in out
    assert out.count('"x\\", good"') == 2  # in the table too
    assert "a number" in printed(of_token(token(iss=5)), capsys)


def test_nothing_is_marked_where_all_is_proven(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(of_token(token(exp=1)), capsys)
    assert " *" not in out
    assert "no signature proves" not in out


def test_notes_routes_and_opinion_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(explain_token(token(exp=NOW - 74), functions(), ask_pyjwt=True), capsys)
    for text in ("note expired_just_now", "fix: ", "ANY /admin/{proxy+}", "ExpiredSignatureError", "rest 401"):
        assert text in out


@pytest.mark.parametrize("path", ["/health", "/invoices", "/orders/1"])
def test_call_is_shown(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(of_call(None, Call(path=path)), capsys)
    assert "http_v2" in out
    assert ("http 403" in out) == (path != "/health")
