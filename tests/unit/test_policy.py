from __future__ import annotations

from typing import Any

import pytest

from authorizer import arn, compiler
from authorizer.conditions import Check, ClaimIsParameter
from authorizer.context import ContextMap
from authorizer.model import Principal, VerifiedClaims
from authorizer.networks import FromNetworks, Network
from authorizer.policy import MAX_REMEMBERED, Policies
from authorizer.requirement import Requirement
from authorizer.route import METHODS
from authorizer.rules import Rules
from authorizer.surface import Api
from tests.unit.policy_tables import NOW, STAGE, rules, who

CALLED = arn.parse(f"{STAGE}GET/a")
POLICIES = Policies(rules=rules({"GET /a": "s1", "GET /b": "s2"}))
OWN = Requirement(conditions=(ClaimIsParameter(claim="customer", parameter="id", index=1),))
CHECK = Requirement(conditions=(Check(name="x.y", function=lambda who, request: True),))
OFFICE = Requirement(conditions=(FromNetworks(networks=(Network.parse("192.0.2.0/24"),)),))
EVERYWHERE = Rules(everywhere=Requirement(scopes=frozenset({"s1"})), context=ContextMap())


@pytest.fixture
def compiles(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was compiled."""
    made: list[object] = []
    plain = compiler.compiled

    def counted(entitlements: Any, verdicts: Any, api: Api, stage: str) -> compiler.Compiled:
        made.append(verdicts)
        return plain(entitlements, verdicts, api, stage)

    monkeypatch.setattr(compiler, "compiled", counted)
    return made


def resources(document: dict[str, Any] | None, effect: str = "Allow") -> list[str]:
    assert document is not None
    found = [one["Resource"] for one in document["Statement"] if one["Effect"] == effect and "Resource" in one]
    return [text for one in found for text in ([one] if isinstance(one, str) else one)]


def test_policy_is_remembered_for_all_with_the_same_rights(compiles: list[object]) -> None:
    policies = Policies(rules=rules({"GET /a": "s1", "GET /b": "s2"}))
    first = policies.of(who("s1"), CALLED, Api.REST, NOW)
    other = Principal(subject="other", scopes=frozenset({"s1", "irrelevant"}), claims=VerifiedClaims({"jti": "x"}))
    assert policies.of(other, CALLED._replace(method="PUT", rest="b"), Api.REST, NOW + 1) is first
    assert compiles == [(True, False)]
    assert policies.of(who("s2"), CALLED, Api.REST, NOW) != first
    assert compiles == [(True, False), (False, True)]


def test_that_there_is_none_is_remembered_too(compiles: list[object]) -> None:
    policies = Policies(rules=rules({"GET /a/{x}": "", "GET /a/{x}/b": ""}))
    assert [policies.of(who(), CALLED, Api.REST, NOW) for _ in range(3)] == [None] * 3
    assert len(compiles) == 1


def test_who_may_call_nothing_is_denied_the_stage() -> None:
    document = POLICIES.of(who(), CALLED, Api.REST, NOW)
    assert document is not None
    assert document["Statement"] == [{"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": f"{STAGE}*"}]


def test_handshake_has_no_policy_for_all_routes(compiles: list[object]) -> None:
    assert Policies(rules=POLICIES.rules).of(who("s1"), CALLED, Api.WEBSOCKET, NOW) is None
    assert compiles == []


@pytest.mark.parametrize("api", [Api.REST, Api.HTTP], ids=lambda api: api.value)
@pytest.mark.parametrize("demand", [CHECK, OFFICE], ids=["check", "networks"])
def test_rule_that_depends_on_the_request_has_none(demand: Requirement, api: Api) -> None:
    policies = Policies(rules=rules({"GET /a": "s1", "GET /b": demand}))
    assert policies.of(who("s1"), CALLED, api, NOW) is None


@pytest.mark.parametrize(("complete", "allowed"), [(False, None), (True, ["", "?*"])])
def test_default_route_of_an_http_api_needs_a_complete_table(complete: bool, allowed: list[str] | None) -> None:
    policies = Policies(rules=rules({"$default": ""}, complete=complete))
    document = policies.of(who(), CALLED, Api.HTTP, NOW)
    if allowed is None:
        assert document is None
        return
    assert resources(document) == [f"{STAGE}{method}/{path}" for method in METHODS for path in allowed]


def test_claim_is_a_literal_of_the_policy() -> None:
    policies = Policies(rules=rules({"GET /customers/{id}": OWN, "GET /customers/{id}/orders/{o}": OWN}))
    mine, other = (
        policies.of(Principal(subject="u", claims=VerifiedClaims({"customer": one})), CALLED, Api.REST, NOW)
        for one in ("c1", "c2")
    )
    assert resources(mine) == [f"{STAGE}GET/customers/c1", f"{STAGE}GET/customers/c1/orders/?*"]
    assert resources(other) == [f"{STAGE}GET/customers/c2", f"{STAGE}GET/customers/c2/orders/?*"]


def test_denying_route_is_never_allowed() -> None:
    policies = Policies(rules=rules({"GET /{p+}": "", "GET /admin": "deny", "PUT /b": "deny"}, exact=True))
    document = policies.of(who(), CALLED, Api.REST, NOW)
    assert resources(document) == [f"{STAGE}GET/?*"]
    assert f"{STAGE}GET/admin" in resources(document, "Deny")


@pytest.mark.parametrize("path", ["a", "b/c"])
def test_requirement_for_everything_is_every_method_or_nothing(path: str) -> None:
    policies, called = Policies(rules=EVERYWHERE), CALLED._replace(rest=path)
    granted = policies.of(who("s1"), called, Api.REST, NOW)
    assert resources(granted) == [f"{STAGE}{method}/*" for method in METHODS]
    assert resources(granted, "Deny") == []
    assert resources(policies.of(who("s2"), called, Api.REST, NOW), "Deny") == [f"{STAGE}*"]


@pytest.mark.parametrize(
    "stage",
    [
        "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/",
        "arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef1234/$default/",
        "arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:abcdef1234/v1/",
    ],
)
@pytest.mark.parametrize("table", [rules({"GET /a/{x}": "s1", "ANY /{p+}": "s1"}), EVERYWHERE], ids=["routes", "all"])
def test_policy_is_for_the_called_stage_and_no_wildcard_stands_before_the_path(stage: str, table: Rules) -> None:
    document = Policies(rules=table).of(who("s1"), arn.parse(f"{stage}GET/a"), Api.REST, NOW)
    allowed = resources(document)
    assert document is not None
    assert document["Statement"][1]["NotResource"] == allowed
    for resource in allowed:
        assert resource.startswith(stage)
        method, slash, _ = resource.removeprefix(stage).partition("/")
        assert (method in METHODS, slash) == (True, "/")
    partition = stage.split(":")[1]
    assert all(one.startswith(f"arn:{partition}:execute-api:") for one in resources(document, "Deny"))


def test_stages_and_types_of_api_have_policies_of_their_own() -> None:
    policies = Policies(rules=rules({"GET /a": "s1", "$default": "s1"}, complete=True))
    stages = [CALLED, CALLED._replace(stage="other"), CALLED._replace(api_id="zyx")]
    found = [resources(policies.of(who("s1"), called, Api.REST, NOW)) for called in stages]
    assert found == [[f"{called.stage_prefix}GET/a"] for called in stages]
    assert len(resources(policies.of(who("s1"), CALLED, Api.HTTP, NOW))) == 14


def test_memory_is_bounded_and_the_oldest_goes(compiles: list[object]) -> None:
    policies = Policies(rules=rules({"GET /a": "s1"}))
    stages = [CALLED._replace(stage=f"s{number}") for number in range(MAX_REMEMBERED + 1)]
    for called in stages:
        policies.of(who("s1"), called, Api.REST, NOW)
    assert len(policies._remembered) == MAX_REMEMBERED
    assert len(compiles) == MAX_REMEMBERED + 1
    policies.of(who("s1"), stages[-1], Api.REST, NOW)
    assert len(compiles) == MAX_REMEMBERED + 1
    policies.of(who("s1"), stages[0], Api.REST, NOW)
    assert len(compiles) == MAX_REMEMBERED + 2


@pytest.mark.parametrize(("routes", "there_is_one"), [(20, True), (1000, False)])
def test_table_that_is_too_large_has_none(routes: int, there_is_one: bool) -> None:
    policies = Policies(rules=rules({f"GET /r{number}/x": "s1" for number in range(routes)}))
    assert (policies.of(who("s1"), CALLED, Api.REST, NOW) is not None) is there_is_one
    assert policies.of(who(), CALLED, Api.REST, NOW) is not None
