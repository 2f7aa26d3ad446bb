from __future__ import annotations

import pytest

from authorizer.requirement import Requirement
from authorizer.route import METHODS, Route, RouteTable, Selection, firsts, folded_segments, of_method
from authorizer.template import LITERAL, Segment, Template, parse_match


def routes(*matches: str) -> list[Route]:
    return [Route(method=method, template=template) for method, template in map(parse_match, matches)]


def table(*matches: str, exact: bool = False) -> RouteTable:
    return RouteTable(routes(*matches), exact=exact)


def names(selection: Selection) -> tuple[str | None, list[str], bool]:
    found = selection.route.name if selection.route is not None else None
    return found, [other.name for other in selection.others], selection.doubtful


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/a/1", "GET /a/{x}"),
        ("PUT", "/a/1", "ANY /a/{x}"),
        ("GET", "/a/b", "ANY /a/b"),
        ("GET", "/a/b/c", "GET /a/{rest+}"),
        ("PUT", "/a/b/c", None),
        ("GET", "/b", None),
        ("GET", "/", None),
        ("TRACE", "/a/1", None),
        ("get", "/a/1", None),
        ("ANY", "/a/1", None),
    ],
)
def test_most_specific_route_is_selected(method: str, path: str, name: str | None) -> None:
    found = table("ANY /a/{x}", "GET /a/{rest+}", "GET /a/{x}", "ANY /a/b").select(method, path).route
    assert (found.name if found else None) == name


NEW = ("GET /a/{x}", "GET /a/new")
READINGS = [
    # path, exact, route, others, doubtful
    ("/a/new", False, "GET /a/new", [], False),
    ("/a/NEW", False, "GET /a/{x}", ["GET /a/new"], False),
    ("/a/n%65w", False, "GET /a/{x}", ["GET /a/new"], False),
    ("/a/NEW", True, "GET /a/{x}", [], False),
    ("/a/n%65w", True, None, [], True),
    ("/a/other", False, "GET /a/{x}", [], False),
    ("/A/1", False, None, [], True),
    ("/a//1", False, None, [], True),
    ("/a/b/../1", True, None, [], True),
    ("/b//1", False, None, [], False),
    ("/b", False, None, [], False),
]


@pytest.mark.parametrize(("path", "exact", "name", "others", "doubtful"), READINGS)
def test_other_readings_are_told(path: str, exact: bool, name: str | None, others: list[str], doubtful: bool) -> None:
    assert names(table(*NEW, exact=exact).select("GET", path)) == (name, others, doubtful)


@pytest.mark.parametrize("exact", [False, True])
def test_slash_at_the_end_may_mean_the_path_without_it(exact: bool) -> None:
    found = table("GET /a/{rest+}", "GET /a/{x}", exact=exact).select("GET", "/a/1/")
    assert names(found) == ("GET /a/{rest+}", ["GET /a/{x}"], False)


CROSSING = [
    # two routes that may both be meant, and a path of both
    (("GET /a/{rest+}", "GET /{x}/b"), "/a/b"),  # REST APIs go from left to right, HTTP APIs take a full match first
    (("GET /a/", "GET /a"), "/a/"),
    (("ANY /{x}/", "ANY /{x}"), "/1/"),
    (("GET /users/{id}", "GET /users/exportAll"), "/users/exportall"),
    (("GET /a/{x}", "GET /A/b"), "/a/b"),
    (("GET /a/{x}", "GET /A/b"), "/a/%62"),
]


@pytest.mark.parametrize("unrelated", [(), ("GET /{y}/{z}/w",)])
@pytest.mark.parametrize(("matches", "path"), CROSSING)
def test_both_of_two_routes_that_may_be_meant_are_told(
    matches: tuple[str, str], path: str, unrelated: tuple[str, ...]
) -> None:
    assert names(table(*matches, *unrelated).select("GET", path)) == (matches[0], [matches[1]], False)


def test_special_routes_are_no_paths() -> None:
    found = table("$default", "GET /a")
    assert found.special("$default") is not None
    assert found.special("$connect") is None
    assert found.select("GET", "/b").route is None
    assert found.select("GET", "/$default").route is None


def test_name_is_the_match_as_written() -> None:
    matches = ["GET /orders/{id}", "ANY /", "$default", "$connect"]
    assert [route.name for route in routes(*matches)] == matches


def test_methods_are_those_of_api_gateway() -> None:
    every = routes("GET /a", "ANY /b", "DELETE /c", "$default")
    assert {method: len(of_method(every, method)) for method in METHODS} == {
        **dict.fromkeys(("HEAD", "POST", "PUT", "PATCH", "OPTIONS"), 1),
        **dict.fromkeys(("GET", "DELETE"), 2),
    }


def test_best_is_the_most_specific_whatever_the_order() -> None:
    some = routes("ANY /a/{x}", "GET /a/{rest+}", "ANY /a/b", "GET /a/{x}")
    order = ["ANY /a/b", "GET /a/{x}", "ANY /a/{x}", "GET /a/{rest+}"]
    assert [route.name for route in sorted(some, key=lambda one: one.order)] == order
    assert firsts(some) == firsts(some[::-1]) == (some[2],)
    assert firsts([]) == ()
    assert firsts(some[1:2]) == (some[1],)


def test_routes_that_ask_for_different_things_differ() -> None:
    plain = Route(method="GET", template=Template.parse("/a"))
    assert plain != Route(method="GET", template=Template.parse("/a"), requirement=Requirement(scopes=frozenset("s")))
    assert plain != Route(method="GET", template=Template.parse("/a"), deny=True)


def test_folded_segments_keep_their_kind() -> None:
    made = folded_segments(Template.parse("/Adm%69n/{Id}").segments)
    assert made == (Segment(LITERAL, "admin"), Template.parse("/{x}").segments[0])
