"""Event → `Request`. The shapes are those of the API Gateway developer guide, "Input to a Lambda authorizer"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authorizer import arn
from authorizer.errors import EventError, Fault
from authorizer.fields import Fields
from authorizer.model import Request
from authorizer.reasons import Reason
from authorizer.surface import Surface

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def read(event: object, answered: Sequence[Surface]) -> Request:
    """What was called. `EventError`, never a deny, for an event of no known shape or of a surface not in `answered`."""
    request = _read(event)
    if request.surface not in answered:
        expected = " or ".join(sorted(surface.value for surface in answered))
        fault = Fault(claim="event", expected=expected, found=request.surface.value)
        raise EventError(Reason.EVENT_FOR_ANOTHER_FUNCTION, fault)
    return request


def _read(event: object) -> Request:
    if not isinstance(event, dict):
        raise _unknown(f"a {type(event).__name__}")
    match event.get("version"), event.get("type"):
        case None, "TOKEN":
            return _rest_token(event)
        case None, "REQUEST":
            return _websocket(event) if _is_websocket(event) else _with_resource(event, Surface.REST_REQUEST)
        case "1.0", "REQUEST":
            return _with_resource(event, Surface.HTTP_V1)
        case "2.0", "REQUEST":
            return _http_v2(event)
        case version, kind:
            raise _unknown(f"version {_brief(version)}, type {_brief(kind)}")


def _rest_token(event: Mapping[str, Any]) -> Request:
    called = arn.parse(event.get("methodArn"))
    token = event.get("authorizationToken")
    if token is not None and not isinstance(token, str):
        raise _unknown(f"authorizationToken of type {type(token).__name__}")
    return Request(
        surface=Surface.REST_TOKEN,
        arn=called,
        method=called.method,
        template=None,
        token=token,
    )


def _with_resource(event: Mapping[str, Any], surface: Surface) -> Request:
    called = arn.parse(event.get("methodArn"))
    return Request(
        surface=surface,
        arn=called,
        method=_string(event, "httpMethod"),
        template=_template(_string(event, "resource")),
        fields=Fields(event),
        request_id=_request_id(event),
    )


def _is_websocket(event: Mapping[str, Any]) -> bool:
    context = event.get("requestContext")
    return isinstance(context, dict) and context.get("eventType") == "CONNECT"


def _websocket(event: Mapping[str, Any]) -> Request:
    called = arn.parse(event.get("methodArn"))
    if called.method != "$connect":
        raise _unknown("a WebSocket event for another route than $connect")
    return Request(
        surface=Surface.WEBSOCKET,
        arn=called,
        method="$connect",
        template="$connect",
        fields=Fields(event),
        request_id=_request_id(event),
    )


def _http_v2(event: Mapping[str, Any]) -> Request:
    context = _dict(event, "requestContext")
    return Request(
        surface=Surface.HTTP_V2,
        arn=arn.parse(event.get("routeArn")),
        method=_string(_dict(context, "http"), "method"),
        template=_template(_string(event, "routeKey")),
        fields=Fields(event),
        request_id=_request_id(event),
    )


def _template(resource: str) -> str:
    """`GET /orders/{id}` (payload 2.0), `/orders/{id}` (1.0 and REST) and `$default` all name a route's template."""
    _, _, template = resource.rpartition(" ")
    return template


def _request_id(event: Mapping[str, Any]) -> str | None:
    context = event.get("requestContext")
    value = context.get("requestId") if isinstance(context, dict) else None
    return value if isinstance(value, str) else None


def _string(mapping: Mapping[str, Any], key: str) -> str:
    value = mapping.get(key)
    if not isinstance(value, str) or not value:
        raise _unknown(f"{key} of type {type(value).__name__}")
    return value


def _dict(mapping: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = mapping.get(key)
    if not isinstance(value, dict):
        raise _unknown(f"{key} of type {type(value).__name__}")
    return value


def _brief(value: object) -> str:
    """What may be said of a field that should say what the event is: nothing of it that we do not know."""
    return str(value) if value in (None, "TOKEN", "REQUEST", "1.0", "2.0") else f"another {type(value).__name__}"


def _unknown(found: str) -> EventError:
    return EventError(
        Reason.EVENT_UNKNOWN, Fault(claim="event", expected="an API Gateway authorizer event", found=found)
    )
