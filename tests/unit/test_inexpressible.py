from __future__ import annotations

import pytest

from authorizer.conditions import AuthTimeWithin, Check, ClaimIs, ClaimIsParameter
from authorizer.context import ContextMap
from authorizer.expression import Conflict, Why
from authorizer.inexpressible import table_conflicts
from authorizer.networks import FromNetworks, Network
from authorizer.requirement import ANY_VALID_TOKEN, Requirement
from authorizer.route import Route
from authorizer.rules import Rules
from authorizer.template import parse_match
from tests.unit.policy_tables import rules

CHECK = Requirement(conditions=(Check(name="x.y", function=lambda who, request: True),))
OFFICE = Requirement(conditions=(FromNetworks(networks=(Network.parse("192.0.2.0/24"),)),))
TENANT = Requirement(conditions=(ClaimIs(claim="tenant", values=("a",)), AuthTimeWithin(seconds=60)))
OWN = Requirement(conditions=(ClaimIsParameter(claim="customer", parameter="id", index=1),))
BOTH = Requirement(scopes=frozenset({"s1", "s2"}))
Table = dict[str, str | Requirement]

SAID: list[Table] = [
    {},
    {"GET /a/{x}": "s1"},
    {"GET /a/{x}": "s1", "POST /a/new": "s2"},
    {"GET /files/{p+}": "s1", "GET /files/{id}/acl": "s1"},  # who may the one may the other
    {"GET /files/{p+}": "s1", "GET /files/{id}/acl": ""},
    {"GET /files/{p+}": BOTH, "GET /files/{id}/acl": "s1"},
    {"$default": "deny"},
    {"GET /a": TENANT, "GET /b": "s1"},
    {"GET /customers/{id}": OWN},
    {"GET /a": "deny", "GET /b": ""},
]


@pytest.mark.parametrize("table", SAID)
def test_table_that_a_policy_can_say_has_no_conflict(table: Table) -> None:
    assert table_conflicts(rules(table)) == ()


CONFLICTS: list[tuple[Table, dict[str, bool], set[Conflict]]] = [
    (
        {"GET /files/{p+}": "", "GET /files/{id}/acl": "s1"},
        {"exact": True},
        {Conflict("GET /files/{p+}", "GET /files/{id}/acl", Why.CROSSES)},
    ),
    (
        {"GET /files/{p+}": "s1", "GET /files/{id}/acl": BOTH},
        {"exact": True},
        {Conflict("GET /files/{p+}", "GET /files/{id}/acl", Why.CROSSES)},
    ),
    (
        {"GET /files/{p+}": "", "GET /files/{id}/acl": "deny"},
        {"exact": True, "complete": True},
        {Conflict("GET /files/{p+}", "GET /files/{id}/acl", Why.CROSSES)},
    ),
    (
        {"GET /orders/{id}": "s1", "ANY /orders/export": "s2"},
        {},
        {Conflict("GET /orders/{id}", "ANY /orders/export", Why.ALIKE)},
    ),
    ({"GET /orders/{id}": "s1", "ANY /orders/export": "s2"}, {"exact": True}, set()),
    (
        {"GET /a/{x}": "s1", "GET /a/{x}/b": "s1"},
        {},
        {Conflict("GET /a/{x}/b", None, Why.UNDECLARED)},
    ),
    ({"GET /a/{x}": "s1", "GET /a/{x}/b": "s1"}, {"complete": True}, set()),
    ({"$default": ""}, {}, {Conflict("$default", None, Why.DEFAULT)}),
    ({"$default": ""}, {"complete": True}, set()),
    ({"GET /a": CHECK}, {}, {Conflict("GET /a", None, Why.VARIES)}),
    ({"GET /a": OFFICE, "GET /b": ""}, {"exact": True, "complete": True}, {Conflict("GET /a", None, Why.VARIES)}),
]


@pytest.mark.parametrize(("table", "settings", "expected"), CONFLICTS)
def test_table_alone_tells_what_no_policy_can_say(
    table: Table, settings: dict[str, bool], expected: set[Conflict]
) -> None:
    assert set(table_conflicts(rules(table, **settings))) == expected


def test_each_conflict_is_told_once_however_many_methods_have_it() -> None:
    found = table_conflicts(rules({"ANY /a/{x}": "", "ANY /a/{x}/b": ""}))
    assert found == (Conflict("ANY /a/{x}/b", None, Why.UNDECLARED),)


def test_claim_that_binds_a_segment_keeps_the_others_of_its_route_out() -> None:
    nested: Table = {"GET /customers/{id}": OWN, "GET /customers/{id}/orders/{order}": "s1"}
    assert table_conflicts(rules({"GET /customers/{id}": OWN}, exact=True)) == ()
    found = table_conflicts(rules(nested, exact=True, complete=True))
    assert found == ()


def test_denying_route_with_a_condition_does_not_vary() -> None:
    method, template = parse_match("GET /a")
    route = Route(method=method, template=template, requirement=CHECK, deny=True)
    assert table_conflicts(Rules(routes=(route,), context=ContextMap())) == ()


@pytest.mark.parametrize("public", [True, False])
def test_public_route_refuses_nobody(public: bool) -> None:
    (_, wide), (_, narrow) = parse_match("GET /files/{p+}"), parse_match("GET /files/{id}/acl")
    routes = (
        Route(method="GET", template=wide, requirement=BOTH),
        Route(method="GET", template=narrow, requirement=Requirement(scopes=frozenset({"s3"})), public=public),
    )
    assert bool(table_conflicts(Rules(routes=routes, context=ContextMap(), exact=True))) is not public


@pytest.mark.parametrize(
    ("everywhere", "expected"),
    [
        (ANY_VALID_TOKEN, ()),
        (TENANT, ()),
        (OFFICE, (Conflict("require", None, Why.VARIES),)),
        (CHECK, (Conflict("require", None, Why.VARIES),)),
    ],
)
def test_requirement_for_everything_varies_or_not(everywhere: Requirement, expected: tuple[Conflict, ...]) -> None:
    assert table_conflicts(Rules(everywhere=everywhere, context=ContextMap())) == expected
