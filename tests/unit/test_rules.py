from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer import request
from authorizer.context import ContextMap
from authorizer.model import Principal, VerifiedClaims
from authorizer.reasons import Reason
from authorizer.requirement import ANY_VALID_TOKEN, Requirement
from authorizer.route import Route
from authorizer.rules import ANONYMOUS, MAX_TEMPLATES, Rules
from authorizer.surface import Surface
from authorizer.template import Template, parse_match
from authorizer.testing import Call
from tests.entries import BUILDERS
from tests.outcomes import refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from authorizer.model import Allow, Request

NOW = 1_795_428_000.0
NO_CONTEXT = ContextMap()
WITH_TEMPLATE = [Surface.REST_REQUEST, Surface.HTTP_V1, Surface.HTTP_V2]
each_surface = pytest.mark.parametrize("surface", Surface, ids=lambda surface: surface.value)
each_with_template = pytest.mark.parametrize("surface", WITH_TEMPLATE, ids=lambda surface: surface.value)


def names(*values: str) -> frozenset[str]:
    return frozenset(values)


def who(scopes: Iterable[str] | None = (), groups: Iterable[str] | None = ()) -> Principal:
    return Principal(
        subject="user-1",
        scopes=None if scopes is None else frozenset(scopes),
        groups=None if groups is None else frozenset(groups),
        claims=VerifiedClaims({"sub": "user-1", "tenant": "a"}),
    )


def called(
    surface: Surface = Surface.HTTP_V2, method: str = "GET", path: str = "/orders/1", template: str | None = None
) -> Request:
    event = BUILDERS[surface]("a.b.c", Call(method=method, path=path, template=template))
    return request.read(event, tuple(Surface))


def route(match: str, requirement: Requirement = ANY_VALID_TOKEN, *, public: bool = False) -> Route:
    method, template = parse_match(match)
    return Route(method=method, template=template, requirement=requirement, public=public)


def rules(*matches: str, public: Iterable[str] = ()) -> Rules:
    routes = (*map(route, matches), *(route(match, public=True) for match in public))
    return Rules(routes=routes, context=NO_CONTEXT)


def decided(table: Rules, asked: Request) -> Allow:
    return table.decide(who(), asked, NOW)


@pytest.mark.parametrize("scopes", [{"a"}, {"b"}])
@pytest.mark.parametrize("everywhere", [True, False])
@each_surface
def test_requirement_is_checked(surface: Surface, everywhere: bool, scopes: set[str]) -> None:
    asked, requirement = called(surface), Requirement(scopes=names("a"))
    match = "$connect" if surface is Surface.WEBSOCKET else "GET /orders/{id}"
    table = (
        Rules(everywhere=requirement, context=NO_CONTEXT)
        if everywhere
        else Rules(routes=[route(match, requirement)], context=NO_CONTEXT)
    )
    if scopes == {"a"}:
        assert table.decide(who(scopes), asked, NOW).rule == ("require" if everywhere else match)
        return
    with refused(Reason.SCOPE_INSUFFICIENT) as caught:
        table.decide(who(scopes), asked, NOW)
    assert caught.value.rule == ("require" if everywhere else match)


@each_surface
def test_without_any_rule_everything_is_refused(surface: Surface) -> None:
    with refused(Reason.ROUTE_UNKNOWN):
        decided(Rules(context=NO_CONTEXT), called(surface))


@each_with_template
@pytest.mark.parametrize(
    "match",
    [
        "POST /orders/{id}",
        "ANY /orders",
        "GET /orders/{id}/items",
        "GET /{id}",
        "GET /order/{id}",
        "$default",
        "$connect",
        "HEAD /orders/{id}",
    ],
)
def test_what_no_route_covers_is_refused(surface: Surface, match: str) -> None:
    table = Rules(routes=[route(match)], context=NO_CONTEXT)
    with refused(Reason.ROUTE_UNKNOWN):
        decided(table, called(surface))
    assert not table.is_public(called(surface))


@each_with_template
@pytest.mark.parametrize(
    "match", ["GET /orders/{id}", "ANY /orders/{id}", "GET /orders/{key}", "ANY /orders/{proxy+}", "GET /{proxy+}"]
)
def test_route_that_covers_the_call_grants_it(surface: Surface, match: str) -> None:
    assert decided(rules(match), called(surface)).rule == match


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/orders/new", "GET /orders/new"),
        ("/orders/1", "GET /orders/{id}"),
        ("/orders/1/items", "ANY /orders/{proxy+}"),
        ("/orders/1/", "ANY /orders/{proxy+}"),
        ("/orders/NEW", "GET /orders/{id}"),
        ("/orders", Reason.ROUTE_UNKNOWN),
        ("/orders/", Reason.ROUTE_UNKNOWN),
        ("/", Reason.ROUTE_UNKNOWN),
        ("/invoices/../admin", Reason.ROUTE_UNKNOWN),
        ("/orders//", Reason.ROUTE_UNKNOWN),
        ("/orders//1", Reason.PATH_AMBIGUOUS),
        ("/Orders/1", Reason.PATH_AMBIGUOUS),
        ("/orders/../orders/1", Reason.PATH_AMBIGUOUS),
        ("/orders/./1", Reason.PATH_AMBIGUOUS),
    ],
)
def test_most_specific_route_of_a_called_path_decides(path: str, rule: str | Reason) -> None:
    table = rules("ANY /orders/{proxy+}", "GET /orders/{id}", "GET /orders/new")
    asked = called(Surface.REST_TOKEN, path=path)
    if isinstance(rule, Reason):
        with refused(rule):
            decided(table, asked)
    else:
        assert decided(table, asked).rule == rule


READINGS = [
    # what else the path may mean is asked for what the caller has not
    ("/orders/EXPORT", "GET /orders/{id}", "GET /orders/export"),
    ("/orders/%65xport", "GET /orders/{id}", "GET /orders/export"),
    ("/orders/export/", "GET /orders/{proxy+}", "GET /orders/export"),
    ("/orders/EXPORT/", "GET /orders/{proxy+}", "GET /orders/export"),
    ("/1/Items", "GET /{proxy+}", "GET /{id}/items"),
]


@pytest.mark.parametrize(("path", "wide", "narrow"), READINGS)
def test_path_is_granted_only_if_every_reading_is(path: str, wide: str, narrow: str) -> None:
    asked = called(Surface.REST_TOKEN, path=path)
    table = Rules(routes=[route(wide), route(narrow, Requirement(scopes=names("x")))], context=NO_CONTEXT)
    with refused(Reason.PATH_AMBIGUOUS) as caught:
        decided(table, asked)
    assert caught.value.rule == wide
    assert table.decide(who({"x"}), asked, NOW).rule == wide


@pytest.mark.parametrize(("path", "wide", "narrow"), READINGS)
def test_public_path_is_public_in_every_reading(path: str, wide: str, narrow: str) -> None:
    asked = called(Surface.REST_TOKEN, path=path)
    assert rules(public=[wide, narrow]).is_public(asked)
    assert not rules(narrow, public=[wide]).is_public(asked)


def test_case_is_no_reading_where_paths_are_exact() -> None:
    routes = [route("GET /orders/{id}"), route("GET /orders/export", Requirement(scopes=names("x")))]
    table = Rules(routes=routes, context=NO_CONTEXT, exact=True)
    assert decided(table, called(Surface.REST_TOKEN, path="/orders/EXPORT")).rule == "GET /orders/{id}"
    for path in ("/orders/%65xport", "/orders/a%20b"):
        with refused(Reason.PATH_AMBIGUOUS):
            decided(table, called(Surface.REST_TOKEN, path=path))


def test_route_that_denies_refuses_everybody() -> None:
    denied = Route(method="ANY", template=Template.parse("/orders/{id}"), deny=True)
    table = Rules(routes=[route("ANY /{proxy+}"), denied], context=NO_CONTEXT)
    with refused(Reason.ROUTE_DENIED) as caught:
        decided(table, called())
    assert caught.value.rule == "ANY /orders/{id}"
    assert decided(table, called(path="/others")).rule == "ANY /{proxy+}"


@each_with_template
def test_path_outside_the_route_of_the_api_was_read_in_another_way(surface: Surface) -> None:
    with refused(Reason.PATH_AMBIGUOUS):
        decided(rules("ANY /{proxy+}"), called(surface, path="/health", template="/admin/{proxy+}"))


def test_route_of_the_method_comes_before_the_route_of_all() -> None:
    table = rules("ANY /orders/{id}", "GET /orders/{id}")
    assert decided(table, called(method="GET")).rule == "GET /orders/{id}"
    assert decided(table, called(method="PUT")).rule == "ANY /orders/{id}"


def test_template_counts_more_than_the_method() -> None:
    table = rules("GET /orders/{id}", "ANY /orders/new")
    assert decided(table, called(Surface.REST_TOKEN, path="/orders/new")).rule == "ANY /orders/new"


def test_more_specific_route_that_asks_for_more_is_not_passed_by() -> None:
    strict = route("GET /orders/{id}", Requirement(groups=names("admins")))
    table = Rules(routes=[route("ANY /{proxy+}"), strict], context=NO_CONTEXT)
    with refused(Reason.GROUP_REQUIRED):
        decided(table, called())


def test_order_of_the_table_does_not_matter() -> None:
    matches = ["ANY /{proxy+}", "GET /orders/{id}", "ANY /orders/{id}", "GET /orders/{proxy+}"]
    assert decided(rules(*matches), called()).rule == decided(rules(*reversed(matches)), called()).rule


@pytest.mark.parametrize("match", ["GET /{page}", "POST /{proxy+}", "GET /{a}/{b}"])
def test_route_of_other_paths_does_not_decide_about_the_catch_all(match: str) -> None:
    asked = called(path="/admin/users/1", template="$default")
    assert not rules(public=[match]).is_public(asked)
    with refused(Reason.ROUTE_UNKNOWN):
        decided(rules(match), asked)


@pytest.mark.parametrize("path", ["/admin/../x", "/admin/%2e%2e/x", "/admin;/../x", "/admin%00/x", "/%252561dmin/x"])
def test_catch_all_is_not_for_paths_that_nobody_can_read(path: str) -> None:
    table = rules("ANY /admin/{proxy+}", "$default")
    with refused(Reason.PATH_AMBIGUOUS):
        decided(table, called(path=path, template="$default"))
    assert not rules(public=["$default"]).is_public(called(path=path, template="$default"))


@pytest.mark.parametrize("template", ["$default", "/{proxy+}", "/orders/{proxy+}"])
def test_path_decides_within_the_catch_all_of_the_api(template: str) -> None:
    assert decided(rules("GET /orders/{id}", "$default"), called(template=template)).rule == "GET /orders/{id}"


@pytest.mark.parametrize("match", ["ANY /{page}", "ANY /{proxy+}"])
def test_route_of_some_paths_does_not_decide_about_websockets(match: str) -> None:
    with refused(Reason.ROUTE_UNKNOWN):
        decided(rules(match), called(Surface.WEBSOCKET))


def test_catch_all_and_connect_have_rules_of_their_own() -> None:
    table = rules("$default", "$connect")
    assert decided(table, called(template="$default")).rule == "$default"
    assert decided(table, called(Surface.WEBSOCKET)).rule == "$connect"
    with refused(Reason.ROUTE_UNKNOWN):
        decided(table, called())


@each_with_template
def test_public_route_is_granted_to_nobody_in_particular(surface: Surface) -> None:
    table = rules(public=["GET /orders/{id}"])
    grant = table.grant_public(called(surface))
    assert table.is_public(called(surface))
    assert (grant.principal, grant.rule, grant.context) == (ANONYMOUS, "GET /orders/{id}", {})


def test_public_route_of_another_method_is_not_public() -> None:
    assert not rules(public=["GET /orders/{id}"]).is_public(called(method="DELETE"))


def test_public_catch_all_behind_a_guarded_route_leaves_it_guarded() -> None:
    table = rules("GET /orders/{id}", public=["ANY /{proxy+}"])
    assert not table.is_public(called())
    with refused(Reason.ROUTE_UNKNOWN):
        table.grant_public(called())


def test_requirement_for_everything_makes_nothing_public() -> None:
    table = Rules(everywhere=ANY_VALID_TOKEN, context=NO_CONTEXT)
    assert not table.is_public(called())
    with refused(Reason.ROUTE_UNKNOWN):
        table.grant_public(called())


def test_grant_has_the_context_of_the_principal() -> None:
    table = Rules(everywhere=ANY_VALID_TOKEN, context=ContextMap((("team", "tenant"),)))
    assert decided(table, called()).context == {"team": "a"}


def test_requirement_is_checked_before_the_context_is_made() -> None:
    table = Rules(everywhere=Requirement(scopes=names("a")), context=ContextMap((("user", "sub"),)))
    broken = who(set())._replace(claims=VerifiedClaims({"sub": ["not", "a", "scalar"]}))
    with refused(Reason.SCOPE_INSUFFICIENT):
        table.decide(broken, called(), NOW)


@pytest.mark.parametrize("reason", [Reason.SCOPE_INSUFFICIENT, Reason.CONTEXT_VALUE_INVALID], ids=lambda one: one.value)
def test_refusal_names_the_rule_that_refused(reason: Reason) -> None:
    broken = who({"a"} if reason is Reason.CONTEXT_VALUE_INVALID else set())._replace(
        claims=VerifiedClaims({"sub": ["not", "a", "scalar"]})
    )
    demand, context = Requirement(scopes=names("a")), ContextMap((("user", "sub"),))
    for table, rule in (
        (Rules(everywhere=demand, context=context), "require"),
        (Rules(routes=[route("GET /orders/{id}", demand)], context=context), "GET /orders/{id}"),
    ):
        with refused(reason) as caught:
            table.decide(broken, called(), NOW)
        assert caught.value.rule == rule


def test_refusal_of_an_unknown_route_names_no_rule() -> None:
    with refused(Reason.ROUTE_UNKNOWN) as caught:
        decided(rules("GET /other"), called())
    assert caught.value.rule is None


def test_anonymous_has_nothing() -> None:
    assert (ANONYMOUS.scopes, ANONYMOUS.groups, dict(ANONYMOUS.claims), ANONYMOUS.provenance) == (None, None, {}, None)


def test_choice_is_the_same_at_the_second_call() -> None:
    table = rules("ANY /orders/{proxy+}", "GET /orders/{id}")
    assert [decided(table, called()).rule for _ in range(3)] == ["GET /orders/{id}"] * 3
    assert decided(table, called(method="PUT")).rule == "ANY /orders/{proxy+}"


def test_memory_of_templates_is_bounded() -> None:
    table = rules("ANY /{proxy+}")
    for number in range(MAX_TEMPLATES + 10):
        with refused(Reason.PATH_AMBIGUOUS):
            decided(table, called()._replace(template=f"/t{number}"))
    assert len(table._templates) == MAX_TEMPLATES
