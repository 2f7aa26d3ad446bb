"""What decides about a called path does not depend on how the API's own route is written."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from authorizer import request
from authorizer.context import ContextMap
from authorizer.path import DOUBTFUL_SIGNS, DOUBTFUL_SIGNS_EXACT, is_doubtful, normalised
from authorizer.route import Route
from authorizer.rules import Rules
from authorizer.surface import Surface
from authorizer.template import Template
from authorizer.testing import Call
from authorizer.tools.gateway.glob import matcher
from tests.entries import BUILDERS

PARTS = st.sampled_from(["a", "b", "admin", "{x}"])
MATCHES = st.builds(
    lambda parts, last: "/" + "/".join([*parts, *last]),
    st.lists(PARTS, min_size=1, max_size=3),
    st.sampled_from([[], ["{rest+}"]]),
)
ROUTES = st.lists(st.tuples(st.sampled_from(["GET", "ANY", "POST"]), MATCHES), max_size=5, unique=True)
CALLED = st.sampled_from(
    ["a", "b", "admin", "c", "Admin", "..", ".", "", "%2e%2e", "%2fadmin", "a;x", "..%2f", "\\", "é", "%61dmin"]
)
PATHS = st.lists(CALLED, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))
ODD = st.text("/.\\;%0125cCeEfFbB3a", max_size=12).map(lambda text: "/" + text)


def table(matches: list[tuple[str, str]], exact: bool = False) -> Rules:
    routes = {(method, match): Route(method=method, template=Template.parse(match)) for method, match in matches}
    return Rules(routes=tuple(routes.values()), context=ContextMap(), exact=exact)


@settings(max_examples=150)
@given(ROUTES, PATHS)
def test_path_decides_however_the_route_of_the_api_is_written(matches: list[tuple[str, str]], path: str) -> None:
    rules = table(matches)
    with_token = request.read(BUILDERS[Surface.REST_TOKEN]("a.b.c", Call(path=path)), tuple(Surface))
    with_route = request.read(BUILDERS[Surface.HTTP_V2]("a.b.c", Call(path=path, template="$default")), tuple(Surface))
    by_path, by_route = rules.select(with_token), rules.select(with_route)
    assert by_path[:2] == by_route[:2]
    assert by_route.doubtful is (by_path.doubtful or (is_doubtful(path, exact=False) and by_path.route is None))


@given(ROUTES.filter(bool), PATHS, st.booleans())
def test_doubtful_path_belongs_to_no_route(matches: list[tuple[str, str]], path: str, exact: bool) -> None:
    assume(is_doubtful(path, exact=exact))
    assert table(matches, exact).table.select("GET", path).route is None


@given(ROUTES.filter(bool), PATHS)
def test_rule_covers_the_path_as_it_is_spelled(matches: list[tuple[str, str]], path: str) -> None:
    found = table(matches).table.select("GET", path)
    if found.route is not None:
        assert found.route.template.matches(path[1:].split("/"))
        assert found.route not in found.others


@settings(max_examples=500)
@given(ODD)
def test_what_rules_doubt_a_policy_can_deny(path: str) -> None:
    arn = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/GET" + path
    for exact, signs in ((False, DOUBTFUL_SIGNS), (True, DOUBTFUL_SIGNS_EXACT)):
        assert is_doubtful(path, exact=exact) is any(matcher(sign)(arn) for sign in signs)


@given(ODD)
def test_normalised_path_is_plain(path: str) -> None:
    once = normalised(path)
    assert once.startswith("/")
    assert "//" not in once
    assert not {"..", "."} & set(once.split("/"))
