from __future__ import annotations

from authorizer import arn
from authorizer.model import Principal
from authorizer.policy import MAX_REMEMBERED, Policies
from authorizer.surface import Api
from tests.unit.policy_tables import NOW, STAGE, rules, who

CALLED = arn.parse(f"{STAGE}GET/a")
POLICIES = Policies(rules=rules({"GET /a": "s1", "GET /b": "s2"}))


def test_policy_is_remembered_for_all_with_the_same_rights() -> None:
    first = POLICIES.of(who("s1"), CALLED, Api.REST, NOW)
    assert first is POLICIES.of(Principal(subject="other", scopes=frozenset({"s1"})), CALLED, Api.REST, NOW)
    assert first is not POLICIES.of(who("s2"), CALLED, Api.REST, NOW)


def test_who_may_call_nothing_is_denied_the_stage() -> None:
    document = POLICIES.of(who(), CALLED, Api.REST, NOW)
    assert document is not None
    assert document["Statement"] == [{"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": f"{STAGE}*"}]


def test_handshake_has_no_policy_for_all_routes() -> None:
    assert POLICIES.of(who("s1"), CALLED, Api.WEBSOCKET, NOW) is None


def test_table_that_cannot_be_said_has_none() -> None:
    table = Policies(rules=rules({"GET /a/{x}": "", "GET /a/{x}/b": ""}))
    assert table.of(who(), CALLED, Api.REST, NOW) is None


def test_memory_is_bounded() -> None:
    policies = Policies(rules=rules({"GET /a": "s1"}))
    for number in range(MAX_REMEMBERED + 5):
        policies.of(who("s1"), CALLED._replace(stage=f"s{number}"), Api.REST, NOW)
    assert len(policies._remembered) == MAX_REMEMBERED
