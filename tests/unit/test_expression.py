from __future__ import annotations

import pytest

from authorizer.expression import Why, everything, express
from authorizer.patterns import text
from authorizer.template import Template
from authorizer.walk import Row


def rows(**granted: bool) -> list[Row]:
    made = []
    for name, verdict in granted.items():
        template = Template.parse(name)
        made.append(Row(template.segments, (template.rank, False), verdict, name))
    return made


@pytest.mark.parametrize(
    ("table", "allowed", "denied"),
    [
        ({"/orders/{id}": True}, ["orders/?*"], ["orders/?*/*"]),
        ({"/files/{p+}": True}, ["files/?*"], []),
        ({"/": True, "/a": True}, ["", "a"], []),
        ({"/a": False}, [], []),
        ({"/{x}/orders/{id}": True}, ["?*/orders/?*"], ["?*/orders/?*/*", "?*/?*/orders/*"]),
    ],
)
def test_patterns_grant_what_the_rows_grant(table: dict[str, bool], allowed: list[str], denied: list[str]) -> None:
    made = express(rows(**table))
    assert (list(map(text, made.allowed)), list(map(text, made.denied)), made.conflicts) == (allowed, denied, ())


CONFLICTS = [
    ({"/orders/{id}": True, "/orders/export": False}, Why.ALIKE, {"exact": True}),
    ({"/orders/{id}": True, "/orders/{id}/items": True}, Why.UNDECLARED, {"complete": True}),
    ({"/files/{p+}": True, "/files/{id}/acl": False}, Why.ALIKE, None),
    ({"/a/{x}": True, "/a/{x}/b": False, "/a/{x}/b/{y}": True}, Why.UNDECLARED, None),
]


@pytest.mark.parametrize(("table", "why", "helps"), CONFLICTS)
def test_what_cannot_be_kept_apart_is_a_conflict(
    table: dict[str, bool], why: Why, helps: dict[str, bool] | None
) -> None:
    assert why in {conflict.why for conflict in express(rows(**table)).conflicts}
    both = express(rows(**table), **(helps or {"exact": True, "complete": True}))
    assert bool(both.conflicts) is (helps is None)
    assert helps is not None or {conflict.why for conflict in both.conflicts} == {Why.CROSSES}


def test_everything_is_every_path() -> None:
    assert list(map(text, everything().allowed)) == ["*"]
