from __future__ import annotations

import pytest

from authorizer.conditions import Check
from authorizer.expression import Why
from authorizer.inexpressible import table_conflicts
from authorizer.requirement import Requirement
from tests.unit.policy_tables import rules

CHECK = Requirement(conditions=(Check(name="x.y", function=lambda who, request: True),))
TABLES = [
    ({"GET /a/{x}": "s1"}, set()),
    ({"GET /a/{x}": "s1", "POST /a/new": "s2"}, set()),
    ({"GET /files/{p+}": "s1", "GET /files/{id}/acl": "s1"}, set()),  # who may the one may the other
    ({"GET /files/{p+}": "", "GET /files/{id}/acl": "s1"}, {Why.CROSSES, Why.ALIKE}),
    ({"GET /files/{p+}": "s1", "GET /files/{id}/acl": ""}, set()),
    ({"GET /a/{x}": "", "GET /a/{x}/b": ""}, {Why.UNDECLARED}),
    ({"$default": ""}, {Why.DEFAULT}),
    ({"$default": "deny"}, set()),
    ({"GET /a": CHECK}, {Why.VARIES}),
]


@pytest.mark.parametrize(("table", "expected"), TABLES)
def test_table_alone_tells_what_no_policy_can_say(table: dict[str, str | Requirement], expected: set[Why]) -> None:
    assert {conflict.why for conflict in table_conflicts(rules(table))} == expected


def test_both_routes_are_named() -> None:
    found = table_conflicts(rules({"GET /files/{p+}": "", "GET /files/{id}/acl": "s1"}, exact=True))
    assert {(one.granted, one.refused) for one in found} == {("GET /files/{p+}", "GET /files/{id}/acl")}
