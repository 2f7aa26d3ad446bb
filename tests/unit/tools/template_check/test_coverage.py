"""Which rules may decide for a route of an API."""

from __future__ import annotations

import pytest

from authorizer.route import Route
from authorizer.template import Template, parse_match
from authorizer.tools.template import ApiRoute, Place, Unresolved
from authorizer.tools.template_check.coverage import deciding, is_covered, is_part, overlaps


def rule(match: str) -> Route:
    method, template = parse_match(match)
    return Route(method=method, template=template)


def route(match: str) -> ApiRoute:
    method, template = parse_match(match)
    return ApiRoute(method=method, path=template.text, place=Place("Api"))


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("/orders/{id}", "/orders/{id}", True),
        ("/orders/mine", "/orders/{id}", True),
        ("/orders/{id}/lines", "/orders/{id}", False),
        ("/orders", "/orders/{id}", False),
        ("/orders/{id}", "/{proxy+}", True),
        ("/{proxy+}", "/", False),
        ("/orders/", "/orders/{id}", False),
        ("/orders/", "/orders/{proxy+}", False),
        ("/bills/{id}", "/orders/{proxy+}", False),
        ("/orders/{id}", "$default", True),
        ("$default", "$default", True),
        ("$default", "/{proxy+}", False),
        ("$connect", "$connect", True),
    ],
)
def test_overlaps(one: str, other: str, meet: bool) -> None:
    assert overlaps(Template.parse(one), Template.parse(other)) is meet


def names(rules: list[str], called: str, *beside: str) -> list[str]:
    return [one.name for one in deciding(map(rule, rules), route(called), map(route, beside))]


def test_method_counts() -> None:
    assert names(["GET /a", "POST /a", "ANY /a"], "GET /a") == ["GET /a", "ANY /a"]
    assert names(["GET /a", "POST /a"], "ANY /a") == ["GET /a", "POST /a"]


def test_more_specific_route_takes_its_own_calls() -> None:
    rules = ["GET /orders/mine", "GET /orders/{id}"]
    assert names(rules, "GET /orders/{id}") == rules
    assert names(rules, "GET /orders/{id}", "GET /orders/mine") == ["GET /orders/{id}"]
    assert names(rules, "GET /orders/{id}", "POST /orders/mine") == rules


def test_unknown_path_may_be_any() -> None:
    unknown = ApiRoute(method="GET", path=Unresolved("Ref Path"), place=Place("Api"))
    assert deciding([rule("GET /a")], unknown) == (rule("GET /a"),)
    assert is_covered([], unknown)
    assert is_part(rule("GET /a"), unknown)


@pytest.mark.parametrize(
    ("rules", "called", "covered"),
    [
        (["GET /orders/{id}"], "GET /orders/{key}", True),
        (["GET /orders/{id}"], "ANY /orders/{id}", False),
        (["ANY /{proxy+}"], "ANY /orders/{id}", True),
        (["GET /admin/{proxy+}"], "GET /{proxy+}", False),
        (["$default"], "$default", True),
        ([], "GET /a", False),
    ],
)
def test_covered(rules: list[str], called: str, covered: bool) -> None:
    assert is_covered(list(map(rule, rules)), route(called)) is covered
