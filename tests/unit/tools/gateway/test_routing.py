from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.routing import Match, Routes
from tests.unit.tools.gateway.gateways import route

OF_AWS = (  # "Working with routes for HTTP APIs"
    "GET /pets/dog/1",
    "GET /pets/dog/{id}",
    "GET /pets/{proxy+}",
    "ANY /{proxy+}",
    "$default",
)


def select(kind: Kind, routes: tuple[str, ...], call: str) -> Match | None:
    method, _, path = call.partition(" ")
    return Routes.of(kind, map(route, routes)).select(method, path)


def chosen(kind: Kind, routes: tuple[str, ...], call: str) -> str | None:
    found = select(kind, routes, call)
    return None if found is None else found.route.name


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("GET /pets/dog/1", "GET /pets/dog/1"),
        ("GET /pets/dog/2", "GET /pets/dog/{id}"),
        ("GET /pets/cat/1", "GET /pets/{proxy+}"),
        ("POST /test/5", "ANY /{proxy+}"),
        ("POST /pets/dog/1", "ANY /{proxy+}"),
        ("GET /", "$default"),
    ],
)
def test_http_api_selects_as_in_awss_table(call: str, name: str) -> None:
    assert chosen(Kind.HTTP, OF_AWS, call) == name


@pytest.mark.parametrize(
    ("routes", "call", "name"),
    [
        # a full match comes before a greedy one, whatever is literal in it
        (("ANY /a/{proxy+}", "ANY /{x}/b"), "GET /a/b", "ANY /{x}/b"),
        (("GET /a/{proxy+}", "ANY /{x}/{y}"), "GET /a/b", "ANY /{x}/{y}"),
        (("ANY /a/b/{proxy+}", "ANY /a/{proxy+}"), "GET /a/b/c", "ANY /a/b/{proxy+}"),
        (("ANY /{proxy+}", "ANY /a/{proxy+}"), "GET /a/b", "ANY /a/{proxy+}"),
        (("GET /{a}/b", "GET /a/{b}"), "GET /a/b", "GET /a/{b}"),
        # among equal paths the method counts, and a route that lacks the method does not
        (("ANY /a", "GET /a"), "GET /a", "GET /a"),
        (("ANY /a", "GET /a"), "POST /a", "ANY /a"),
        (("POST /a", "GET /{x}"), "GET /a", "GET /{x}"),
        (("POST /a", "$default"), "GET /a", "$default"),
        (("GET /a",), "get /a", None),
        (("GET /a",), "GET /A", None),
        # a slash more is another path
        (("GET /a",), "GET /a/", None),
        (("GET /a",), "GET //a", None),
        (("GET /a/{x}",), "GET /a/", None),
        (("GET /a/{x+}",), "GET /a", None),
        (("GET /a/{x+}",), "GET /a/", None),
        (("GET /a/{x+}",), "GET /a/b/", "GET /a/{x+}"),
        (("GET /a/{x+}",), "GET /a//", "GET /a/{x+}"),
        (("GET /",), "GET /", "GET /"),
        (("GET /{x+}",), "GET /", None),
        (("GET /a{x}",), "GET /ab", None),
    ],
)
def test_http_api_selects(routes: tuple[str, ...], call: str, name: str | None) -> None:
    assert chosen(Kind.HTTP, routes, call) == name


@pytest.mark.parametrize(
    ("routes", "call", "name"),
    [
        (("GET /a/b", "GET /a/{x}", "GET /a/{x+}"), "GET /a/b", "GET /a/b"),
        (("GET /a/b", "GET /a/{x}", "GET /a/{x+}"), "GET /a/c", "GET /a/{x}"),
        (("GET /a/b", "GET /a/{x}", "GET /a/{x+}"), "GET /a/b/c", "GET /a/{x+}"),
        (("GET /a/{x+}", "GET /{x}/b"), "GET /a/b", "GET /a/{x+}"),  # by the tree of resources, from its root
        (("ANY /a", "GET /a"), "GET /a", "GET /a"),
        (("ANY /a", "GET /a"), "POST /a", "ANY /a"),
        # the resource is chosen first: another resource's method does not help
        (("POST /a", "GET /{x}"), "GET /a", None),
        (("POST /a/b", "ANY /{x+}"), "GET /a/b", None),
        # a slash at the end makes no difference
        (("GET /a",), "GET /a/", "GET /a"),
        (("GET /a",), "GET /a//", None),
        (("GET /a/{x}",), "GET /a/", None),
        (("GET /",), "GET /", "GET /"),
        (("GET /{x+}",), "GET /", None),
        (("GET /{x+}",), "GET //", None),
        (("GET /a", "$default"), "GET /b", "$default"),  # only HTTP APIs have one, and no template gives it to another
    ],
)
def test_rest_api_selects(routes: tuple[str, ...], call: str, name: str | None) -> None:
    assert chosen(Kind.REST, routes, call) == name


@pytest.mark.parametrize("kind", [Kind.REST, Kind.HTTP])
@pytest.mark.parametrize(
    ("name", "path", "parameters"),
    [
        ("GET /a/{x}/{y}", "/a/1/2", {"x": "1", "y": "2"}),
        ("GET /a/{x}", "/a/b%2Fc:d", {"x": "b%2Fc:d"}),
        ("GET /a/{x+}", "/a/1/2", {"x": "1/2"}),
        ("GET /{x}/{rest+}", "/1/2/3", {"x": "1", "rest": "2/3"}),
        ("GET /a", "/a", {}),
    ],
)
def test_path_parameters_are_as_they_were_sent(kind: Kind, name: str, path: str, parameters: dict[str, str]) -> None:
    found = select(kind, (name,), f"GET {path}")
    assert found is not None
    assert found.parameters == parameters


@pytest.mark.parametrize(("kind", "rest"), [(Kind.REST, "b"), (Kind.HTTP, "b/")])
def test_slash_at_the_end_of_a_greedy_parameter(kind: Kind, rest: str) -> None:
    found = select(kind, ("GET /a/{x+}",), "GET /a/b/")
    assert found is not None
    assert found.parameters == {"x": rest}


def test_default_route_has_no_parameters() -> None:
    assert select(Kind.HTTP, ("$default",), "GET /a/b") == Match(route("$default"), {})


SEGMENT = st.sampled_from(["a", "b", "{x}", "{y}"])
PATHS = st.tuples(st.lists(SEGMENT, max_size=3), st.booleans()).map(
    lambda pair: "/" + "/".join([*pair[0], *(["{rest+}"] if pair[1] else [])])
)
ROUTES = st.lists(st.tuples(st.sampled_from(["GET", "POST", "ANY"]), PATHS).map(" ".join), max_size=6).map(tuple)
CALLS = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=4).map(lambda parts: "GET /" + "/".join(parts))
KINDS = st.sampled_from([Kind.REST, Kind.HTTP])


def fits(name: str, call: str, kind: Kind) -> bool:
    """Another way to say what a route fits."""
    method, path = name.split(" ")
    wanted, sent = path[1:].split("/"), call.removeprefix("GET /").split("/")
    if kind is Kind.REST and len(sent) > 1 and not sent[-1]:
        sent.pop()
    if wanted[-1] == "{rest+}":
        rest = sent[len(wanted) - 1 :]
        if not rest or rest == [""]:
            return False
        wanted, sent = wanted[:-1], sent[: len(wanted) - 1]
    alike = all(one == other or (one[:1] == "{" and other) for one, other in zip(wanted, sent, strict=False))
    return len(wanted) == len(sent) and alike and method in ("GET", "ANY")


@given(kind=KINDS, routes=ROUTES, call=CALLS)
def test_selected_route_fits(kind: Kind, routes: tuple[str, ...], call: str) -> None:
    found = chosen(kind, routes, call)
    assert found is None or fits(found, call, kind)


@given(routes=ROUTES, call=CALLS)
def test_http_api_finds_a_route_where_one_fits(routes: tuple[str, ...], call: str) -> None:
    fitting = [one for one in routes if fits(one, call, Kind.HTTP)]
    found = chosen(Kind.HTTP, routes, call)
    assert (found is None) == (not fitting)
    full = [one for one in fitting if not one.endswith("+}")]
    assert found is None or not full or found in full


@given(kind=KINDS, routes=ROUTES, call=CALLS, turn=st.randoms(use_true_random=False))
def test_order_of_routes_with_different_shapes_does_not_matter(
    kind: Kind, routes: tuple[str, ...], call: str, turn: object
) -> None:
    shapes = {one.replace("{y}", "{x}"): one for one in routes}
    turned = sorted(shapes.values(), key=lambda _: turn.random())  # type: ignore[attr-defined]
    assert chosen(kind, tuple(turned), call) == chosen(kind, tuple(shapes.values()), call)


@given(kind=KINDS, routes=ROUTES, call=CALLS)
def test_parameters_put_into_the_template_give_the_path(kind: Kind, routes: tuple[str, ...], call: str) -> None:
    found = select(kind, routes, call)
    if found is None or str(found.route.path).count("{x}") > 1 or str(found.route.path).count("{y}") > 1:
        return
    made = str(found.route.path)
    for name, value in found.parameters.items():
        made = made.replace("{" + name + "}", value).replace("{" + name + "+}", value)
    sent = call.removeprefix("GET ")
    assert made == sent or (kind is Kind.REST and made == sent.removesuffix("/"))
