"""What decides about a called path does not depend on how the API's own route is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from authorizer import request
from authorizer.context import ContextMap
from authorizer.rules import Route, Rules, most_specific
from authorizer.surface import Surface
from authorizer.template import Template, is_plain_path
from authorizer.testing import Call
from tests.entries import BUILDERS

if TYPE_CHECKING:
    from authorizer.model import Request

PARTS = st.sampled_from(["a", "b", "admin", "{x}"])
MATCHES = st.builds(
    lambda parts, last: "/" + "/".join([*parts, *last]),
    st.lists(PARTS, min_size=1, max_size=3),
    st.sampled_from([[], ["{rest+}"]]),
)
ROUTES = st.lists(st.tuples(st.sampled_from(["GET", "ANY", "POST"]), MATCHES), max_size=5, unique=True)
CALLED = st.sampled_from(
    ["a", "b", "admin", "c", "Admin", "..", ".", "", "%2e%2e", "%2fadmin", "a;x", "..%2f", "\\", "é"]
)
PATHS = st.lists(CALLED, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))
CATCH_ALLS = st.sampled_from(["/{proxy+}", "$default"])


def routes(matches: list[tuple[str, str]], catch_all: str) -> list[Route]:
    made = [Route(method=method, template=Template.parse(match)) for method, match in matches if match != "/{rest+}"]
    return [*made, Route(method="ANY", template=Template.parse(catch_all))]


def called(path: str, template: str) -> Request:
    return request.read(BUILDERS[Surface.HTTP_V2]("a.b.c", Call(path=path, template=template)), tuple(Surface))


@settings(max_examples=150)
@given(ROUTES, PATHS, CATCH_ALLS)
def test_catch_all_of_the_api_decides_as_the_path_does(
    matches: list[tuple[str, str]], path: str, catch_all: str
) -> None:
    table = routes(matches, catch_all)
    chosen = Rules(routes=table, context=ContextMap())._route(called(path, catch_all))
    narrow = [route for route in table[:-1] if route.method in ("GET", "ANY")]
    if chosen is not None and chosen is not table[-1]:
        assert is_plain_path(path), "a narrower route never decides about a path that may mean another"
    assume(is_plain_path(path))
    assume(not path.endswith("/"))
    assert chosen is (most_specific(narrow, "GET", Template.of_path(path)) or table[-1])


@given(ROUTES.filter(bool), PATHS, CATCH_ALLS)
def test_path_that_may_mean_another_belongs_to_no_route_where_paths_decide(
    matches: list[tuple[str, str]], path: str, catch_all: str
) -> None:
    assume(not is_plain_path(path))
    table = routes(matches, catch_all)
    assume(len(table) > 1)
    assert Rules(routes=table, context=ContextMap())._route(called(path, catch_all)) is None


@given(ROUTES.filter(bool), PATHS)
def test_slash_at_the_end_leads_to_the_same_route(matches: list[tuple[str, str]], path: str) -> None:
    assume(not path.endswith("/"))
    table = Rules(routes=routes(matches, "$default"), context=ContextMap())
    assert table._route(called(path, "$default")) is table._route(called(path + "/", "$default"))
