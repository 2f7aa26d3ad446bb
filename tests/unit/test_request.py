from __future__ import annotations

from typing import Any

import pytest

from authorizer import request
from authorizer.reasons import Reason
from authorizer.surface import Api, Surface
from authorizer.testing import Call, EmptyMap, console_test
from tests.entries import BUILDERS, Event
from tests.outcomes import event_error, every_text

SECRET = "eyJhbGciOiJub25lIn0"
EVERY = tuple(Surface)
WITH_TEMPLATE = [surface for surface in Surface if surface.has_template and surface is not Surface.WEBSOCKET]
each_surface = pytest.mark.parametrize("surface", Surface, ids=lambda surface: surface.value)


def event(surface: Surface, call: Call | None = None) -> Event:
    return BUILDERS[surface](SECRET, call or Call())


def without(event: Event, path: str) -> Event:
    return put(event, path, ...)


def put(event: Event, path: str, value: object) -> Event:
    """The event with one field replaced, or dropped when the value is `...`."""
    *parents, name = path.split(".")
    target: Any = event
    for parent in parents:
        target = target[parent]
    if value is ...:
        del target[name]
    else:
        target[name] = value
    return event


@each_surface
def test_every_builder_has_its_surface(surface: Surface) -> None:
    assert request.read(event(surface), EVERY).surface is surface


@pytest.mark.parametrize("surface", WITH_TEMPLATE, ids=lambda surface: surface.value)
def test_route_is_the_method_and_the_template(surface: Surface) -> None:
    read = request.read(event(surface, Call(method="POST", path="/orders/7", template="/orders/{id}")), EVERY)
    assert (read.method, read.template, read.route) == ("POST", "/orders/{id}", "POST /orders/{id}")
    assert read.arn.path == "/orders/7"


def test_route_of_a_token_event_is_the_called_path() -> None:
    read = request.read(event(Surface.REST_TOKEN, Call(method="POST", path="/orders/7")), EVERY)
    assert (read.method, read.template, read.route) == ("POST", None, "POST /orders/7")


def test_route_of_a_websocket_is_connect() -> None:
    read = request.read(event(Surface.WEBSOCKET), EVERY)
    assert (read.method, read.template, read.route) == ("$connect", "$connect", "$connect")


def test_default_route_has_no_method() -> None:
    read = request.read(event(Surface.HTTP_V2, Call(method="PUT", path="/x", template="$default")), EVERY)
    assert (read.method, read.template, read.route) == ("PUT", "$default", "$default")


def test_route_of_all_methods_is_called_with_one() -> None:
    read = request.read(event(Surface.HTTP_V2, Call(method="PUT", path="/x", route_method="ANY")), EVERY)
    assert (read.method, read.template) == ("PUT", "/x")


@each_surface
def test_request_id_is_that_of_the_gateway_where_there_is_one(surface: Surface) -> None:
    expected = None if surface is Surface.REST_TOKEN else Call().request_id
    assert request.read(event(surface), EVERY).request_id == expected


@pytest.mark.parametrize("value", [None, 5, [SECRET], ...])
@pytest.mark.parametrize("surface", WITH_TEMPLATE, ids=lambda surface: surface.value)
def test_request_id_of_another_type_is_none(surface: Surface, value: object) -> None:
    assert request.read(put(event(surface), "requestContext.requestId", value), EVERY).request_id is None


@pytest.mark.parametrize("empty", EmptyMap)
@each_surface
def test_maps_may_be_missing_null_or_empty(surface: Surface, empty: EmptyMap) -> None:
    call = Call(path="/", empty_maps=empty, gateway_headers=False)
    assert request.read(BUILDERS[surface](None, call), EVERY).fields.header("x") == ()


@pytest.mark.parametrize("kind", ["TOKEN", "REQUEST"])
def test_console_test_is_read(kind: Any) -> None:
    read = request.read(console_test(SECRET, kind=kind), EVERY)
    assert (read.surface.api, read.arn.stage, read.arn.path) == (Api.REST, "ESTestInvoke-stage", "/")


def test_token_of_a_token_event_is_the_whole_header() -> None:
    assert request.read(event(Surface.REST_TOKEN), EVERY).token == f"Bearer {SECRET}"


@pytest.mark.parametrize("value", [None, "", ...])
def test_token_event_without_a_token_is_read(value: object) -> None:
    assert not request.read(put(event(Surface.REST_TOKEN), "authorizationToken", value), EVERY).token


@pytest.mark.parametrize("surface", [one for one in Surface if one.has_fields], ids=lambda surface: surface.value)
def test_only_a_token_event_has_a_token_beside_its_fields(surface: Surface) -> None:
    assert request.read(event(surface), EVERY).token is None


def test_representation_shows_no_credential() -> None:
    for surface in Surface:
        assert SECRET not in repr(request.read(event(surface), EVERY))


@pytest.mark.parametrize("answered", Surface, ids=lambda surface: f"function-for-{surface.value}")
@each_surface
def test_event_of_another_function_is_an_event_error(surface: Surface, answered: Surface) -> None:
    if surface is answered:
        assert request.read(event(surface), [answered]).surface is surface
        return
    with event_error(Reason.EVENT_FOR_ANOTHER_FUNCTION) as caught:
        request.read(event(surface), [answered])
    assert (caught.value.fault.expected, caught.value.fault.found) == (answered.value, surface.value)


def test_function_that_answers_nothing_answers_nothing() -> None:
    with event_error(Reason.EVENT_FOR_ANOTHER_FUNCTION):
        request.read(event(Surface.HTTP_V2), ())


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        5,
        SECRET,
        [],
        [{"type": "TOKEN"}],
        {},
        {"type": SECRET},
        {"type": "token"},
        {"type": ["TOKEN"]},
        {"type": "TOKEN", "version": "1.0"},
        {"type": "TOKEN", "version": "2.0"},
        {"type": "REQUEST", "version": "3.0"},
        {"type": "REQUEST", "version": 2.0},
        {"type": "REQUEST", "version": SECRET},
        {"version": "2.0"},
        {"Records": [{"eventSource": "aws:sqs"}]},
        {"authorizationToken": SECRET, "methodArn": SECRET},
        {"authorizationToken": SECRET, "requestContext": {"apiId": "x"}, "requestHeaders": {}},
    ],
    ids=repr,
)
def test_event_of_no_known_shape_is_an_event_error_that_does_not_show_it(value: object) -> None:
    with event_error(Reason.EVENT_UNKNOWN) as caught:
        request.read(value, EVERY)
    assert SECRET not in every_text(caught.value)


def required(surface: Surface) -> tuple[str, ...]:
    match surface:
        case Surface.HTTP_V2:
            return "type", "routeArn", "routeKey", "requestContext", "requestContext.http", "requestContext.http.method"
        case Surface.REST_TOKEN:
            return "type", "methodArn"
        case Surface.WEBSOCKET:
            return "type", "methodArn", "requestContext", "requestContext.eventType"
        case _:
            return "type", "methodArn", "httpMethod", "resource"


FIELDS = [(surface, path) for surface in Surface for path in required(surface)]
ANY_TEXT = ("httpMethod", "resource", "routeKey", "requestContext.http.method")  # any text may be one of these
WRONG_VALUES: list[object] = [..., None, 5, "", []]
WRONG: list[tuple[Surface, str, object]] = [(*field, value) for field in FIELDS for value in WRONG_VALUES]
WRONG += [(*field, SECRET) for field in FIELDS if field[1] not in ANY_TEXT]


@pytest.mark.parametrize(("surface", "path", "value"), WRONG, ids=lambda value: getattr(value, "value", None))
def test_field_that_is_missing_or_wrong_is_an_event_error(surface: Surface, path: str, value: object) -> None:
    with event_error(Reason.EVENT_UNKNOWN) as caught:
        request.read(put(event(surface), path, value), EVERY)
    assert SECRET not in every_text(caught.value)


@pytest.mark.parametrize("value", [5, [SECRET], {"x": SECRET}, True])
def test_token_of_another_type_is_an_event_error(value: object) -> None:
    with event_error(Reason.EVENT_UNKNOWN) as caught:
        request.read(put(event(Surface.REST_TOKEN), "authorizationToken", value), EVERY)
    assert SECRET not in every_text(caught.value)


@pytest.mark.parametrize("route", ["$disconnect", "$default", "GET/orders"])
def test_websocket_authorizer_answers_connect_only(route: str) -> None:
    called = event(Surface.WEBSOCKET)
    with event_error(Reason.EVENT_UNKNOWN):
        request.read(put(called, "methodArn", called["methodArn"].replace("$connect", route)), EVERY)


@pytest.mark.parametrize("kind", ["MESSAGE", "DISCONNECT", "connect"])
def test_other_websocket_events_are_an_event_error(kind: str) -> None:
    with event_error(Reason.EVENT_UNKNOWN):
        request.read(put(event(Surface.WEBSOCKET), "requestContext.eventType", kind), EVERY)
