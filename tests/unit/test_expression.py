from __future__ import annotations

import pytest

from authorizer.expression import MAX_DENIED, Conflict, Why, everything, express
from authorizer.patterns import text
from authorizer.template import Template
from authorizer.walk import Row


def rows(**granted: bool) -> list[Row]:
    made = []
    for name, verdict in granted.items():
        template = Template.parse(name)
        made.append(Row(template.segments, (template.rank, False), verdict, name))
    return made


EXACT, COMPLETE = {"exact": True}, {"complete": True}
BOTH = EXACT | COMPLETE
Table = dict[str, bool]

EXPRESSED: list[tuple[Table, dict[str, bool], list[str], list[str]]] = [
    # routes, settings, allowed, denied
    ({}, {}, [], []),
    ({"/a": False}, {}, [], []),
    ({"/": True, "/a": True}, {}, ["", "a"], []),
    ({"/orders/{id}": True}, {}, ["orders/?*"], ["orders/?*/*"]),
    ({"/orders/{id}": True}, EXACT, ["orders/?*"], ["orders/?*/*"]),
    ({"/orders/{id}": True}, COMPLETE, ["orders/?*"], []),
    ({"/files/{p+}": True}, {}, ["files/?*"], []),
    ({"/{x}/orders/{id}": True}, {}, ["?*/orders/?*"], ["?*/orders/?*/*", "?*/?*/orders/*"]),
    ({"/a/{x}/b": True}, {}, ["a/?*/b"], ["a/?*/?*/b"]),
    ({"/a/{x}/b": True}, COMPLETE, ["a/?*/b"], []),
    ({"/a/{x}": True, "/a/b": True}, {}, ["a/?*"], ["a/?*/*"]),
    ({"/a/{x}": False, "/a/b": True}, {}, ["a/b"], []),
    ({"/orders": True, "/orders/{id}": False}, {}, ["orders"], []),
    ({"/{p+}": True, "/": False}, {}, ["?*"], []),
    ({"/{p+}": True, "/admin": False}, EXACT, ["?*"], ["admin", "admin/"]),
    ({"/{p+}": True, "/admin/{r+}": False}, EXACT, ["?*"], ["admin/?*"]),
    ({"/orders/{id}": True, "/orders/export": False}, EXACT, ["orders/?*"], ["orders/?*/*", "orders/export"]),
    ({"/orders/{id}": True, "/orders/export": False}, BOTH, ["orders/?*"], ["orders/export", "orders/export/*"]),
    ({"/orders/{id}": True, "/orders/{id}/items": True}, COMPLETE, ["orders/?*"], []),
    ({"/orders/{id}": True, "/orders/{id}/items": False}, {}, ["orders/?*"], ["orders/?*/*"]),
    (
        {"/orders/{id}": True, "/orders/{id}/items": False},
        BOTH,
        ["orders/?*"],
        ["orders/?*/items", "orders/?*/items/*"],
    ),
    ({"/a/": True, "/a": False}, {}, ["a/"], ["a/*"]),  # whoever drops the slash reaches what is refused
]


@pytest.mark.parametrize(("table", "settings", "allowed", "denied"), EXPRESSED)
def test_patterns_grant_what_the_rows_grant(
    table: Table, settings: dict[str, bool], allowed: list[str], denied: list[str]
) -> None:
    made = express(rows(**table), **settings)
    assert (list(map(text, made.allowed)), list(map(text, made.denied)), made.conflicts) == (allowed, denied, ())


FILES: Table = {"/files/{p+}": True, "/files/{id}/acl": False}
NESTED: Table = {"/a/{x}": True, "/a/{x}/b": False, "/a/{x}/b/{y}": True}
EXPORT: Table = {"/orders/{id}": True, "/orders/export": False}
ITEMS: Table = {"/orders/{id}": True, "/orders/{id}/items": True}

CONFLICTS = [
    (FILES, EXACT, Conflict("/files/{p+}", "/files/{id}/acl", Why.CROSSES)),
    (FILES, BOTH, Conflict("/files/{p+}", "/files/{id}/acl", Why.CROSSES)),
    (FILES, {}, Conflict("/files/{p+}", "/files/{id}/acl", Why.ALIKE)),
    ({"/a/{p+}": True, "/a/{x}": False}, BOTH, Conflict("/a/{p+}", "/a/{x}", Why.CROSSES)),
    (NESTED, BOTH, Conflict("/a/{x}/b/{y}", "/a/{x}/b", Why.CROSSES)),
    (NESTED, {}, Conflict("/a/{x}/b/{y}", None, Why.UNDECLARED)),
    (EXPORT, {}, Conflict("/orders/{id}", "/orders/export", Why.ALIKE)),
    (EXPORT, COMPLETE, Conflict("/orders/{id}", "/orders/export", Why.ALIKE)),
    (ITEMS, {}, Conflict("/orders/{id}/items", None, Why.UNDECLARED)),
    (ITEMS, EXACT, Conflict("/orders/{id}/items", None, Why.UNDECLARED)),
]


@pytest.mark.parametrize(("table", "settings", "conflict"), CONFLICTS)
def test_what_cannot_be_kept_apart_is_a_conflict_that_names_both(
    table: Table, settings: dict[str, bool], conflict: Conflict
) -> None:
    assert express(rows(**table), **settings).conflicts == (conflict,)


def test_conflict_errs_towards_denial() -> None:
    made = express(rows(**FILES), exact=True)
    assert list(map(text, made.denied)) == ["files/?*/acl", "files/?*/acl/"]


@pytest.mark.parametrize(("refused", "too_large"), [(5, False), (MAX_DENIED + 10, True)])
def test_search_ends_where_the_denials_would_never_fit(refused: int, too_large: bool) -> None:
    table = {"/{x}/orders/{id}": True, "/{x}/b/{y}/c": True} | {f"/{n}/orders/a": False for n in range(refused)}
    whys = {conflict.why for conflict in express(rows(**table), exact=True).conflicts}
    assert (Why.TOO_LARGE in whys) is too_large


def test_conflict_is_told_with_both_routes_and_what_helps() -> None:
    assert str(Conflict("GET /a", "GET /b", Why.CROSSES)) == (
        "GET /a and GET /b: every pattern that covers the second covers paths of the first: `*` crosses `/`"
    )
    assert str(Conflict("GET /a", None, Why.VARIES)) == "GET /a: its rule depends on the single request"
    assert "paths.exact = true" in Why.ALIKE.value
    assert "paths.complete = true" in Why.UNDECLARED.value
    assert "paths.complete = true" in Why.DEFAULT.value


def test_everything_is_every_path() -> None:
    made = everything()
    assert (list(map(text, made.allowed)), made.denied, made.conflicts) == (["*"], (), ())
