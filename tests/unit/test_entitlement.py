from __future__ import annotations

from itertools import product

import pytest

from authorizer.conditions import AuthTimeWithin, Check, ClaimIs, ClaimIsParameter
from authorizer.context import ContextMap
from authorizer.entitlement import MAX_REMEMBERED, Entitlements, Verdict, verdict
from authorizer.expression import Conflict, Why
from authorizer.model import Principal, VerifiedClaims
from authorizer.networks import FromNetworks, Network
from authorizer.requirement import ANY_VALID_TOKEN, Asked, Condition, Requirement
from authorizer.route import Route
from authorizer.rules import Rules
from authorizer.surface import Api
from authorizer.template import parse_match
from tests.unit.policy_tables import NOW, rules, who

OWN = ClaimIsParameter(claim="customer", parameter="id", index=1)
OTHER = ClaimIsParameter(claim="tenant", parameter="id", index=1)
SECOND = ClaimIsParameter(claim="tenant", parameter="key", index=3)
CHECK = Check(name="x.y", function=lambda who, request: True)
OFFICE = FromNetworks(networks=(Network.parse("192.0.2.0/24"),))
RECENT = AuthTimeWithin(seconds=60)
S1 = frozenset({"s1"})


def caller(scopes: frozenset[str] | None = None, **claims: object) -> Principal:
    return Principal(subject="u", scopes=scopes, claims=VerifiedClaims(claims))


def test_verdict_of_each_demand_is_given_once() -> None:
    table = Entitlements(rules=rules({"GET /a": "s1", "GET /b": "s1", "GET /c": "s2"}))
    assert [sorted(one.scopes) for one in table.demands] == [["s1"], ["s2"]]
    assert table.of(who("s1"), NOW) == (True, False)
    assert table.of(who("s1", "s2", "s3"), NOW) == (True, True)
    assert table.of(who(), NOW) == (False, False)
    assert table.of(Principal(subject="u"), NOW) == (False, False)


@pytest.mark.parametrize(("value", "verdicts"), [(1, (True, False)), (True, (False, True)), ("1", (False, False))])
def test_demands_for_values_of_different_types_are_different_demands(value: object, verdicts: object) -> None:
    wanted = {"GET /a": 1, "GET /b": True}
    table = Entitlements(
        rules=rules(
            {match: Requirement(conditions=(ClaimIs(claim="x", values=(one,)),)) for match, one in wanted.items()}
        )
    )
    assert table.of(caller(x=value), NOW) == verdicts


def test_requirement_for_everything_is_the_only_demand() -> None:
    table = Entitlements(rules=Rules(everywhere=Requirement(scopes=S1), context=ContextMap()))
    assert table.of(who("s1"), NOW) == (True,)
    assert table.of(who("s2"), NOW) == (False,)


VERDICTS: list[tuple[tuple[Condition, ...], dict[str, object], Verdict]] = [
    ((), {}, True),
    ((ClaimIs(claim="tenant", values=("a",)),), {"tenant": "a"}, True),
    ((ClaimIs(claim="tenant", values=("a",)),), {"tenant": "b"}, False),
    ((RECENT,), {"auth_time": NOW - 59}, True),
    ((RECENT,), {"auth_time": NOW - 61}, False),
    ((CHECK,), {}, None),
    ((OFFICE,), {}, None),
    ((OFFICE, OWN), {"customer": "c1"}, None),
    ((ClaimIs(claim="tenant", values=("a",)), CHECK), {"tenant": "b"}, False),  # refused whatever the check would say
    ((OWN,), {"customer": "c1"}, ((1, "c1"),)),
    ((OWN,), {"customer": 7}, ((1, "7"),)),
    ((OWN,), {"customer": True}, False),
    ((OWN,), {"customer": ".."}, False),
    ((OWN,), {"customer": "a/b"}, False),
    ((OWN,), {"customer": "*"}, False),
    ((OWN,), {"customer": "c?"}, False),
    ((OWN,), {"customer": ["c1"]}, False),
    ((OWN,), {}, False),
    ((OWN, SECOND), {"customer": "c1", "tenant": "t"}, ((1, "c1"), (3, "t"))),
    ((OWN, OTHER), {"customer": "c1", "tenant": "c1"}, ((1, "c1"), (1, "c1"))),
    ((OWN, OTHER), {"customer": "c1", "tenant": "c2"}, False),
]


@pytest.mark.parametrize(("conditions", "claims", "expected"), VERDICTS)
def test_verdict_is_known_without_a_call_or_depends_on_it(
    conditions: tuple[Condition, ...], claims: dict[str, object], expected: Verdict
) -> None:
    requirement = Requirement(scopes=S1, conditions=conditions)
    assert verdict(requirement, Asked(caller(S1, **claims), NOW)) == expected
    assert verdict(requirement, Asked(caller(frozenset(), **claims), NOW)) is False


def test_principals_with_the_same_relevant_scopes_share_their_verdicts() -> None:
    table = Entitlements(rules=rules({"GET /a": "s1"}))
    assert table.of(who("s1", "other"), NOW) is table.of(Principal(subject="b", scopes=S1), NOW)
    assert len(table._remembered) == 1


def test_groups_tell_principals_apart_too() -> None:
    demand = Requirement(groups=frozenset({"g", "h"}))
    table = Entitlements(rules=rules({"GET /a": demand}))
    for groups, right in ((frozenset({"g"}), True), (frozenset({"x"}), False), (None, False)):
        assert table.of(Principal(subject="u", groups=groups), NOW) == (right,)
    assert len(table._remembered) == 2


def test_verdicts_of_conditions_are_not_remembered() -> None:
    table = Entitlements(rules=rules({"GET /a": Requirement(conditions=(RECENT,))}))
    assert table.of(caller(auth_time=NOW), NOW) == (True,)
    assert table.of(caller(auth_time=NOW), NOW + 61) == (False,)
    assert table._remembered == {}


def test_no_more_verdicts_are_remembered_than_the_bound() -> None:
    scopes = [f"s{number}" for number in range(11)]
    table = Entitlements(rules=rules({f"GET /{scope}": scope for scope in scopes}))
    for held in product((False, True), repeat=len(scopes)):
        chosen = [scope for scope, has in zip(scopes, held, strict=True) if has]
        assert table.of(who(*chosen), NOW) == held
    assert len(table._remembered) == MAX_REMEMBERED


def test_rows_of_a_bound_route_are_two() -> None:
    table = Entitlements(rules=rules({"GET /customers/{id}": Requirement(conditions=(OWN,))}))
    own, others = table.rows((((1, "c1"),),), "GET", Api.REST)
    assert [(row.segments[1].text, row.granted) for row in (own, others)] == [("c1", True), ("", False)]
    assert own.order < others.order


def test_rows_are_those_of_the_method() -> None:
    table = Entitlements(rules=rules({"GET /a": "s1", "ANY /b": "s2", "$default": ""}))
    verdicts = table.of(who("s1"), NOW)
    assert [(row.name, row.granted) for row in table.rows(verdicts, "GET", Api.REST)] == [
        ("GET /a", True),
        ("ANY /b", False),
    ]
    assert [row.name for row in table.rows(verdicts, "PUT", Api.REST)] == ["ANY /b"]


@pytest.mark.parametrize(("api", "complete", "rows"), [(Api.HTTP, True, 2), (Api.HTTP, False, 0), (Api.REST, True, 0)])
def test_default_route_is_a_row_where_the_table_says_all_others(api: Api, complete: bool, rows: int) -> None:
    table = Entitlements(rules=rules({"$default": "s1", "GET /{p+}": "s2"}, complete=complete))
    found = [row for row in table.rows(table.of(who("s1"), NOW), "GET", api) if row.name == "$default"]
    assert [row.granted for row in found] == [True] * rows
    assert all(row.order > table.rows((False, False), "GET", api)[0].order for row in found)


@pytest.mark.parametrize(
    ("public", "deny", "expected"), [(False, False, False), (True, False, True), (True, True, False)]
)
def test_public_and_denying_routes_ask_for_nothing(public: bool, deny: bool, expected: bool) -> None:
    method, template = parse_match("GET /a")
    route = Route(method=method, template=template, requirement=Requirement(scopes=S1), public=public, deny=deny)
    table = Entitlements(rules=Rules(routes=(route,), context=ContextMap()))
    assert table.verdict(route, (False,)) is expected


@pytest.mark.parametrize(
    ("match", "given", "api", "complete", "why"),
    [
        ("GET /a", None, Api.REST, True, Why.VARIES),
        ("GET /a", True, Api.HTTP, False, None),
        ("$default", True, Api.HTTP, False, Why.DEFAULT),
        ("$default", True, Api.HTTP, True, None),
        ("$default", True, Api.REST, False, None),
        ("$default", False, Api.HTTP, False, None),
        ("$default", None, Api.HTTP, False, Why.VARIES),
    ],
)
def test_conflicts_are_those_of_the_verdicts(
    match: str, given: bool | None, api: Api, complete: bool, why: Why | None
) -> None:
    table = Entitlements(rules=rules({match: ANY_VALID_TOKEN}, complete=complete))
    assert list(table.conflicts((given,), api)) == ([Conflict(match, None, why)] if why else [])
