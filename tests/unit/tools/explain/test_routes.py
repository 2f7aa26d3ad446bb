from __future__ import annotations

from authorizer.context import ContextMap
from authorizer.model import Principal, VerifiedClaims
from authorizer.reasons import Reason
from authorizer.requirement import ANY_VALID_TOKEN, Requirement
from authorizer.rules import Rules
from authorizer.tools.explain.routes import route_answers
from tests.unit.tools.explain.sample_deployment import ROUTES, functions

NOW = 1_795_428_000.0
WHO = Principal(subject="user-1", scopes=frozenset({"orders:read"}), groups=None)


def routes(*matches: str) -> Rules:
    table = [{"match": match, "scopes": ["orders:read"]} for match in matches]
    return functions(route=table).pipelines["http"].rules


def test_every_route_answers_in_order() -> None:
    answers = list(route_answers(functions().pipelines["http"].rules, WHO, NOW))
    assert [answer.route for answer in answers] == [route["match"] for route in ROUTES]
    assert [answer.opens for answer in answers] == [True, False, False, True, False]
    assert [answer.reason for answer in answers] == [
        None,
        Reason.SCOPE_INSUFFICIENT,
        Reason.GROUP_MISSING,
        None,
        None,
    ]


def test_route_is_asked_though_another_one_would_cover_it() -> None:
    matches = ("ANY /{proxy+}", "GET /{id}", "GET /orders/{id}", "$default", "$connect", "GET /", "POST /")
    assert all(answer.opens for answer in route_answers(routes(*matches), WHO, NOW))
    assert len(list(route_answers(routes(*matches), WHO, NOW))) == len(matches)


def test_one_requirement_for_everything_is_one_answer() -> None:
    rules = Rules(everywhere=Requirement(groups=frozenset({"admins"})), context=ContextMap())
    (answer,) = route_answers(rules, WHO, NOW)
    assert (answer.opens, answer.reason) == (False, Reason.GROUP_MISSING)
    (answer,) = route_answers(Rules(everywhere=ANY_VALID_TOKEN, context=ContextMap()), WHO, NOW)
    assert answer.opens


def test_context_that_cannot_be_made_closes_a_route() -> None:
    rules = Rules(everywhere=ANY_VALID_TOKEN, context=ContextMap((("tenant", "tenant"),)))
    (answer,) = route_answers(rules, WHO._replace(claims=VerifiedClaims({"tenant": ["north"]})), NOW)
    assert answer.reason is Reason.CONTEXT_VALUE_INVALID


def test_public_route_is_open_and_not_because_of_the_token() -> None:
    answer = list(route_answers(functions().pipelines["http"].rules, WHO, NOW))[-1]
    document = answer.document(allowed=True)
    assert (answer.opens, document["public"], document["allowed"]) == (False, True, True)


def test_route_is_allowed_only_if_the_token_as_a_whole_is() -> None:
    answers = list(route_answers(functions().pipelines["http"].rules, WHO, NOW))
    assert [one.document(allowed=True)["allowed"] for one in answers] == [True, False, False, True, True]
    assert not any(one.document(allowed=False)["allowed"] for one in answers)
    assert [one.document(allowed=False)["would_open"] for one in answers] == [True, False, False, True, True]


def test_document_says_what_is_needed() -> None:
    document = list(route_answers(functions().pipelines["http"].rules, WHO, NOW))[2].document(allowed=True)
    assert (document["reason"], document["claim"], document["found"]) == ("group_missing", "groups", "missing")
    assert "admins" in document["needs"]
