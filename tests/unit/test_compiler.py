from __future__ import annotations

import pytest

from authorizer.context import ContextMap
from authorizer.expression import Why
from authorizer.policy import Policies
from authorizer.requirement import ANY_VALID_TOKEN
from authorizer.rules import Rules
from authorizer.surface import Api
from tests.unit.policy_tables import NOW, STAGE, rules, who


def test_requirement_for_everything_is_every_method() -> None:
    policies = Policies(rules=Rules(everywhere=ANY_VALID_TOKEN, context=ContextMap()))
    made = policies.compiled((True,), Api.REST, STAGE)
    assert f"{STAGE}GET/*" in list(made.patterns.allowed(STAGE))
    assert len(list(made.patterns.allowed(STAGE))) == 7
    assert list(made.patterns.denied(STAGE)) == []


@pytest.mark.parametrize(("complete", "why"), [(False, {Why.DEFAULT}), (True, set())])
def test_default_route_needs_a_complete_table(complete: bool, why: set[Why]) -> None:
    policies = Policies(rules=rules({"$default": "", "GET /a": ""}, complete=complete))
    for api, expected in ((Api.HTTP, why), (Api.REST, set())):
        made = policies.compiled(policies.entitlements.of(who(), NOW), api, STAGE)
        assert {conflict.why for conflict in made.conflicts} == expected


@pytest.mark.parametrize("routes", [100, 1000])
def test_policy_that_would_not_fit_is_a_conflict(routes: int) -> None:
    policies = Policies(rules=rules({f"GET /r{number}/x": "" for number in range(routes)}))
    made = policies.compiled(policies.entitlements.of(who(), NOW), Api.REST, STAGE)
    assert {conflict.why for conflict in made.conflicts} == {Why.TOO_LARGE}


def test_route_that_denies_is_never_allowed() -> None:
    policies = Policies(rules=rules({"GET /{p+}": "", "GET /a": "deny"}, exact=True))
    made = policies.compiled(policies.entitlements.of(who(), NOW), Api.REST, STAGE)
    assert f"{STAGE}GET/a" in list(made.patterns.denied(STAGE))
