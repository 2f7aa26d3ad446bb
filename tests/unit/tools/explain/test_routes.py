from __future__ import annotations

from typing import Any

import pytest

from authorizer.context import ContextMap
from authorizer.model import Principal, VerifiedClaims
from authorizer.reasons import Reason
from authorizer.requirement import ANY_VALID_TOKEN, Requirement
from authorizer.rules import Rules
from authorizer.surface import Fact
from authorizer.tools.explain.routes import RouteAnswer, route_answers
from tests.unit.tools.explain.sample_deployment import ROUTES, functions

NOW = 1_795_428_000.0
WHO = Principal(subject="user-1", scopes=frozenset({"orders:read"}), groups=None)


def routes(*matches: str) -> Rules:
    table = [{"match": match, "scopes": ["orders:read"]} for match in matches]
    return functions(route=table).pipelines["http"].rules


def one_route(match: str, held: dict[str, Any], /, **demands: Any) -> RouteAnswer:
    """What a table of one rule says of somebody with these claims."""
    rules = functions(route=[{"match": match, **demands}]).pipelines["http"].rules
    (answer,) = route_answers(rules, WHO._replace(claims=VerifiedClaims(held)), NOW)
    return answer


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


OWN = {"claims": {"sub": {"parameter": "id"}}}


@pytest.mark.parametrize(
    ("match", "claims", "demands", "facts"),
    [
        ("GET /orders/{id}", {"sub": "u1"}, OWN, ["path"]),
        ("GET /{a}/{id}/{b+}", {"sub": "u1"}, OWN, ["path"]),
        ("ANY /orders", {}, {"networks": ["192.0.2.0/24"]}, ["source_ip"]),
        ("$default", {}, {"networks": ["192.0.2.0/24"]}, ["source_ip"]),
        ("GET /orders", {}, {"check": "operator.is_"}, ["fields", "path", "source_ip"]),
        ("GET /{id}", {"sub": "u1"}, {**OWN, "networks": ["::/0"]}, ["path", "source_ip"]),
    ],
)
def test_route_that_needs_a_call_is_neither_granted_nor_refused(
    match: str, claims: dict[str, Any], demands: dict[str, Any], facts: list[str]
) -> None:
    answer = one_route(match, claims, **demands)
    document = answer.document(allowed=True)
    assert (answer.opens, answer.reason, document["reason"]) == (False, None, None)
    assert (document["allowed"], document["would_open"], document["depends_on"]) == (False, False, facts)


@pytest.mark.parametrize(
    ("claims", "demands", "reason"),
    [
        ({}, OWN, Reason.PARAMETER_MISMATCH),
        ({"sub": "a/b"}, OWN, Reason.PARAMETER_MISMATCH),
        ({"a": "x", "b": "y"}, {"claims": {n: {"parameter": "id"} for n in "ab"}}, Reason.PARAMETER_MISMATCH),
        ({}, {"networks": ["::/0"], "scopes": ["orders:write"]}, Reason.SCOPE_INSUFFICIENT),
        ({}, {"check": "operator.is_not", "acr": ["high"]}, Reason.ACR_INSUFFICIENT),
        ({}, {"claims": {"tier": "gold"}}, Reason.RULE_CLAIM_MISSING),
        ({}, {"deny": True}, Reason.ROUTE_DENIED),
    ],
)
def test_route_that_no_call_opens_is_refused(claims: dict[str, Any], demands: dict[str, Any], reason: Reason) -> None:
    answer = one_route("GET /orders/{id}", claims, **demands)
    assert (answer.opens, answer.reason, answer.depends_on) == (False, reason, frozenset())


def test_denied_route_is_said_to_be_for_nobody() -> None:
    assert one_route("GET /a", {}, deny=True).needs == "refused: route_denied (403)"


def test_requirement_for_everything_may_depend_on_the_call() -> None:
    rules = functions(route=..., require={"networks": ["192.0.2.0/24"]}).pipelines["http"].rules
    (answer,) = route_answers(rules, WHO, NOW)
    assert (answer.opens, answer.reason, answer.depends_on) == (False, None, frozenset({Fact.SOURCE_IP}))
