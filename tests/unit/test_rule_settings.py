"""The part of the settings that says who may what: `[require]` and `[[route]]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer import settings
from authorizer.errors import ConfigError
from authorizer.requirement import ANY_VALID_TOKEN, Requirement
from authorizer.section import Section
from tests.outcomes import problem_paths

if TYPE_CHECKING:
    from authorizer.rules import Rules

ISSUER = {"kind": "jwt", "issuer": "https://x/", "audience": ["a"], "jwks_uri": "https://x/keys"}


def rules(**tables: Any) -> Rules:
    return settings.read(Section({"issuer": [ISSUER], **tables})).rules


def wrong(**tables: Any) -> list[str]:
    return problem_paths(lambda: rules(**tables))


def wrong_route(**route: Any) -> list[str]:
    good = {"match": "GET /other", "public": True}
    return wrong(route=[good, {"match": "GET /a", **route}])


def test_neither_requirement_nor_routes_is_wrong() -> None:
    assert wrong() == ["require"]


def test_both_requirement_and_routes_are_wrong() -> None:
    routes = [{"match": "GET /a", "public": True}]
    assert wrong(require={"any_valid_token": True}, route=routes) == ["require"]


@pytest.mark.parametrize("require", [{}, {"any_valid_token": False}])
def test_requirement_of_nothing_is_wrong(require: dict[str, Any]) -> None:
    assert wrong(require=require) == ["require.any_valid_token"]


@pytest.mark.parametrize("name", ["scopes", "any_scopes", "groups"])
def test_any_valid_token_stands_alone(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        rules(require={"any_valid_token": True, name: ["a"]})
    (problem,) = caught.value.problems
    assert (problem.path, problem.found) == ("require.any_valid_token", "any_valid_token beside others")


@pytest.mark.parametrize("name", ["scopes", "any_scopes", "groups"])
@pytest.mark.parametrize("value", [[], "a", [""], ["a", "a"], [5], {}])
def test_demand_is_a_list_of_texts(name: str, value: object) -> None:
    assert wrong(require={name: value})[0] == f"require.{name}"
    assert wrong_route(**{name: value})[0] == f"route[1].{name}"


def test_requirement_of_everything_together() -> None:
    made = rules(require={"scopes": ["a", "b"], "any_scopes": ["c"], "groups": ["g"]})
    assert made.everywhere == Requirement(scopes=frozenset("ab"), any_scopes=frozenset("c"), groups=frozenset("g"))
    assert rules(require={"any_valid_token": True}).everywhere == ANY_VALID_TOKEN


@pytest.mark.parametrize("value", [[], {}, "GET /a", [5]])
def test_routes_are_tables(value: object) -> None:
    assert wrong(route=value) == ["route"]


@pytest.mark.parametrize(
    "route",
    [
        {},
        {"public": False},
        {"public": True, "any_valid_token": True},
        {"public": True, "scopes": ["a"]},
        {"any_valid_token": True, "groups": ["a"]},
        {"any_valid_token": True, "public": True, "scopes": ["a"]},
    ],
)
def test_route_says_exactly_one_thing(route: dict[str, Any]) -> None:
    assert wrong_route(**route) == ["route[1].match"]


@pytest.mark.parametrize("value", ["true", 1, None, []])
def test_flags_of_a_route_are_true_or_false(value: object) -> None:
    assert wrong_route(public=value, scopes=["a"]) == ["route[1].public"]
    assert wrong_route(any_valid_token=value, scopes=["a"]) == ["route[1].any_valid_token"]


@pytest.mark.parametrize(
    "match", ["", "GET", "/a", "get /a", "GET a", "GET /a b", "GET /{a+}/b", "GET $default", "$x", 5, None, []]
)
def test_match_is_a_method_and_a_template(match: object) -> None:
    assert wrong_route(match=match, public=True) == ["route[1].match"]


def test_missing_match_is_named() -> None:
    assert wrong(route=[{"public": True}]) == ["route[0].match"]


def test_unknown_name_in_a_route_is_named() -> None:
    assert wrong_route(scope=["a"], public=True) == ["route[1].scope"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("GET /a", "GET /a"), ("GET /a/{id}", "GET /a/{key}"), ("ANY /{a+}", "ANY /{b+}"), ("$default", "$default")],
)
def test_one_route_twice_is_named(first: str, second: str) -> None:
    routes = [{"match": match, "public": True} for match in ("GET /other", first, second)]
    assert wrong(route=routes) == ["route[2].match"]


def test_route_twice_is_named_rightly_behind_one_that_is_none() -> None:
    routes = [{"match": match, "public": True} for match in ("nonsense", "GET /a", "GET /a")]
    assert wrong(route=routes) == ["route[0].match", "route[2].match"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("GET /a", "POST /a"), ("ANY /a", "GET /a"), ("GET /{id}", "GET /{id+}"), ("GET /a", "POST /A")],
)
def test_routes_that_differ_are_two(first: str, second: str) -> None:
    assert len(rules(route=[{"match": match, "public": True} for match in (first, second)]).routes) == 2


def test_routes_that_differ_in_case_only_are_a_tie_unless_paths_are_exact() -> None:
    routes = [{"match": match, "public": True} for match in ("ANY /a", "GET /A")]
    assert wrong(route=routes) == ["route[1].match"]
    assert len(rules(route=routes, paths={"exact": True}).routes) == 2


def test_every_problem_of_all_routes_is_told() -> None:
    assert wrong(route=[{"match": "x"}, {"scopes": []}, {"match": "GET /a", "public": 1}]) == [
        "route[0].match",
        "route[0].match",
        "route[1].match",
        "route[1].scopes",
        "route[1].match",
        "route[2].public",
        "route[2].match",
    ]
