from __future__ import annotations

import pytest

from authorizer.route import Route, RouteTable
from authorizer.template import parse_match


def table(*matches: str, exact: bool = False) -> RouteTable:
    return RouteTable(
        [Route(method=method, template=template) for method, template in map(parse_match, matches)], exact=exact
    )


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/a/1", "GET /a/{x}"),
        ("PUT", "/a/1", "ANY /a/{x}"),
        ("GET", "/a/b", "ANY /a/b"),
        ("GET", "/b", None),
        ("TRACE", "/a/1", None),
    ],
)
def test_most_specific_route_is_selected(method: str, path: str, name: str | None) -> None:
    found = table("ANY /a/{x}", "GET /a/{x}", "ANY /a/b").select(method, path).route
    assert (found.name if found else None) == name


def test_other_readings_are_told() -> None:
    found = table("GET /a/{x}", "GET /a/new").select("GET", "/a/NEW")
    assert [route.name for route in found.others] == ["GET /a/new"]
    assert table("GET /a/{x}", "GET /a/new", exact=True).select("GET", "/a/NEW").others == ()


def test_special_routes_are_no_paths() -> None:
    routes = table("$default", "GET /a")
    assert routes.special("$default") is not None
    assert routes.special("$connect") is None
    assert routes.select("GET", "/b").route is None
