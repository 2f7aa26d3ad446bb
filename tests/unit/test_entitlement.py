from __future__ import annotations

import pytest

from authorizer.conditions import ClaimIsParameter
from authorizer.entitlement import Entitlements
from authorizer.model import Principal, VerifiedClaims
from authorizer.requirement import Requirement
from authorizer.surface import Api
from tests.unit.policy_tables import NOW, rules, who

OWN = ClaimIsParameter(claim="customer", parameter="id", index=1)


def test_verdict_of_each_demand_is_given_once() -> None:
    table = Entitlements(rules=rules({"GET /a": "s1", "GET /b": "s1", "GET /c": "s2"}))
    assert len(table.demands) == 2
    assert table.of(who("s1"), NOW) == (True, False)
    assert table.of(who(), NOW) == (False, False)


def test_principals_with_the_same_relevant_scopes_share_their_verdicts() -> None:
    table = Entitlements(rules=rules({"GET /a": "s1"}))
    assert table.of(who("s1", "other"), NOW) is table.of(Principal(subject="b", scopes=frozenset({"s1"})), NOW)


@pytest.mark.parametrize(
    ("customer", "verdict"), [("c1", ((1, "c1"),)), (7, ((1, "7"),)), ("..", False), ("a/b", False), (None, False)]
)
def test_claim_binds_a_parameter(customer: object, verdict: object) -> None:
    table = Entitlements(rules=rules({"GET /customers/{id}": Requirement(conditions=(OWN,))}))
    caller = Principal(subject="u", claims=VerifiedClaims({"customer": customer}))
    assert table.of(caller, NOW) == (verdict,)


def test_rows_of_a_bound_route_are_two() -> None:
    table = Entitlements(rules=rules({"GET /customers/{id}": Requirement(conditions=(OWN,))}))
    rows = table.rows((((1, "c1"),),), "GET", Api.REST)
    assert [(row.segments[1].text, row.granted) for row in rows] == [("c1", True), ("", False)]
