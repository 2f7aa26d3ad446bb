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


@pytest.mark.parametrize(
    "name", ["scopes", "any_scopes", "groups", "all_groups", "issuers", "verifiers", "acr", "amr", "networks"]
)
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
        {"deny": False},
        {"deny": True, "public": True},
        {"deny": True, "any_valid_token": True},
        {"deny": True, "scopes": ["a"]},
        {"deny": True, "claims": {"t": "a"}},
        {"public": True, "networks": ["192.0.2.0/24"]},
        {"any_valid_token": True, "max_auth_age": 60},
        {"claims": {}},
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


@pytest.mark.parametrize(
    ("first", "second", "exact"),
    [
        ("GET /a/{id}", "GET /A/{key}", False),
        ("ANY /a", "ANY /A", False),
        ("GET /A", "ANY /a", False),
        ("GET /%41", "GET /a", False),
        ("GET /a", "GET /a", True),
        ("GET /a/{id}", "GET /a/{key}", True),
    ],
)
def test_routes_that_mean_the_same_paths_are_a_tie(first: str, second: str, exact: bool) -> None:
    routes = [{"match": match, "public": True} for match in ("GET /other", first, second)]
    assert wrong(route=routes, paths={"exact": exact}) == ["route[2].match"]


@pytest.mark.parametrize(
    ("template", "exact"),
    [("/a//b", False), ("/a/../b", False), ("/a;b", False), ("/a%2fb", False), ("/a%20b", True), ("/./a", True)],
)
def test_template_that_no_path_may_have_is_wrong(template: str, exact: bool) -> None:
    routes = [{"match": f"GET {template}", "public": True}]
    assert wrong(route=routes, paths={"exact": exact}) == ["route[0].match"]


@pytest.mark.parametrize("paths", [{}, {"exact": True}, {"complete": True}, {"exact": True, "complete": True}])
def test_paths_are_read_leniently_and_routes_are_some_of_many_unless_said(paths: dict[str, bool]) -> None:
    made = rules(route=[{"match": "GET /a%20b" if not paths.get("exact") else "GET /a", "public": True}], paths=paths)
    assert (made.exact, made.complete) == (paths.get("exact", False), paths.get("complete", False))
    assert made.table.select("GET", "/A").route is None


@pytest.mark.parametrize(
    ("paths", "path"),
    [({"exact": "yes"}, "paths.exact"), ({"complete": 1}, "paths.complete"), ({"exakt": True}, "paths.exakt")],
)
def test_wrong_word_about_paths_is_named(paths: dict[str, Any], path: str) -> None:
    assert wrong(route=[{"match": "GET /a", "public": True}], paths=paths) == [path]


def test_denial_is_a_route_of_its_own() -> None:
    (route,) = rules(route=[{"match": "GET /a", "deny": True}]).routes
    assert (route.deny, route.public, route.requirement) == (True, False, ANY_VALID_TOKEN)
    assert wrong(require={"deny": True}) == ["require.any_valid_token", "require.deny"]


@pytest.mark.parametrize(
    ("claims", "path"),
    [
        ({"t": []}, "claims.t"),
        ({"t": {"parameter": "key"}}, "claims.t"),
        ({"t": {"present": "yes"}}, "claims.t"),
        ({"good": "a", "t": [None]}, "claims.t"),
    ],
)
def test_claims_that_are_none_are_named_where_they_stand(claims: dict[str, Any], path: str) -> None:
    assert f"route[1].{path}" in wrong_route(match="GET /a/{id}", claims=claims, scopes=["a"])
    assert f"require.{path}" in wrong(require={"claims": claims, "scopes": ["a"]})


def test_requirement_for_everything_has_no_parameters() -> None:
    assert wrong(require={"claims": {"t": {"parameter": "id"}}, "scopes": ["a"]}) == ["require.claims.t"]


def test_issuer_that_is_not_configured_is_named() -> None:
    assert wrong_route(issuers=["https://x"]) == ["route[1].issuers"]
    assert rules(require={"issuers": ["https://x/"]}).everywhere != ANY_VALID_TOKEN


def test_conditions_count_as_demands_and_are_checked_in_order() -> None:
    demands = {"networks": ["192.0.2.0/24"], "acr": ["a"], "claims": {"t": "a"}, "check": "operator.is_"}
    (route,) = rules(route=[{"match": "GET /a", **demands, "all_groups": ["g"]}]).routes
    assert route.requirement.all_groups == {"g"}
    assert [type(one).__name__ for one in route.requirement.conditions] == [
        "ClaimIs",
        "AcrIsOneOf",
        "FromNetworks",
        "Check",
    ]


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
