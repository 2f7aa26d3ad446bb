"""What an event says, read twice: by `authorizer.request`, and by the data classes of Powertools for AWS Lambda."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from aws_lambda_powertools.utilities.data_classes.api_gateway_authorizer_event import (
    APIGatewayAuthorizerEventV2,
    APIGatewayAuthorizerRequestEvent,
    APIGatewayAuthorizerTokenEvent,
    parse_api_gateway_arn,
)

from authorizer import request
from authorizer.errors import EventError
from authorizer.surface import Surface
from tests.integration.real_parts.sample_events import answered, surface_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from authorizer.model import Request
    from authorizer.tools.demo.corpus import SampleEvent

EVENT = "readable"  # whether it can be read at all
FIELDS = ("token", "authorization", "identity source", "access_token", "session")  # what a readable event may lack

OURS: Mapping[str, Callable[[Request], object]] = {
    "method": lambda request: request.method,
    "template": lambda request: request.template,
    "path": lambda request: request.arn.path,
    "arn": lambda request: request.arn.text,
    "arn partition": lambda request: request.arn.partition,
    "arn region": lambda request: request.arn.region,
    "arn account": lambda request: request.arn.account,
    "arn api": lambda request: request.arn.api_id,
    "arn stage": lambda request: request.arn.stage,
    "arn method": lambda request: request.arn.method,
    "arn path": lambda request: request.arn.path,
    "token": lambda request: request.token,
    "authorization": lambda request: list(request.fields.header("authorization")),
    "identity source": lambda request: ",".join(request.fields.header("authorization")),
    "access_token": lambda request: list(request.fields.query("access_token")),
    "session": lambda request: list(request.fields.cookie("session")),
    "request id": lambda request: request.request_id,
}


def _arn_facts(event: Any) -> dict[str, Callable[[], object]]:
    return {
        "arn": lambda: event.parsed_arn.arn,
        "arn partition": lambda: event.parsed_arn.partition,
        "arn region": lambda: event.parsed_arn.region,
        "arn account": lambda: event.parsed_arn.aws_account_id,
        "arn api": lambda: event.parsed_arn.api_id,
        "arn stage": lambda: event.parsed_arn.stage,
        "arn method": lambda: event.parsed_arn.http_method,
        "arn path": lambda: f"/{event.parsed_arn.resource}",
    }


def _field_facts(event: Any) -> dict[str, Callable[[], object]]:
    return {
        "authorization": lambda: _one(event.headers.get("authorization")),
        "access_token": lambda: _one((event.query_string_parameters or {}).get("access_token")),
        "request id": lambda: event.request_context.request_id,
    }


def _rest_token(raw: dict[str, Any]) -> dict[str, Callable[[], object]]:
    event = APIGatewayAuthorizerTokenEvent(raw)
    return _arn_facts(event) | {
        "method": lambda: event.parsed_arn.http_method,
        "token": lambda: event.authorization_token,
    }


def _with_resource(raw: dict[str, Any]) -> dict[str, Callable[[], object]]:
    event = APIGatewayAuthorizerRequestEvent(raw)
    facts = _arn_facts(event) | _field_facts(event)
    return facts | {
        "method": lambda: event.http_method,
        "template": lambda: event.resource,
        "path": lambda: event.path,
    }


def _http_v1(raw: dict[str, Any]) -> dict[str, Callable[[], object]]:
    event = APIGatewayAuthorizerRequestEvent(raw)
    return _with_resource(raw) | {"identity source": lambda: event.identity_source or ""}


def _websocket(raw: dict[str, Any]) -> dict[str, Callable[[], object]]:
    event = APIGatewayAuthorizerRequestEvent(raw)
    facts = _arn_facts(event) | _field_facts(event)
    return facts | {
        "method": lambda: parse_api_gateway_arn(event.method_arn, is_websocket_authorizer=True).resource,
        "template": lambda: event.request_context["routeKey"],  # there is no property for it
        "arn": lambda: parse_api_gateway_arn(event.method_arn, is_websocket_authorizer=True).arn,
        "arn path": lambda: parse_api_gateway_arn(event.method_arn, is_websocket_authorizer=True).resource,
    }


def _http_v2(raw: dict[str, Any]) -> dict[str, Callable[[], object]]:
    event = APIGatewayAuthorizerEventV2(raw)
    facts = _arn_facts(event) | _field_facts(event)
    return facts | {
        "method": lambda: event.request_context.http.method,
        "template": lambda: event.route_key.rpartition(" ")[2],
        "path": lambda: event.raw_path,
        "identity source": lambda: ",".join(event.identity_source),
        "session": lambda: [pair.partition("=")[2] for pair in event.cookies if pair.startswith("session=")],
    }


THEIRS: Mapping[Surface, Callable[[dict[str, Any]], dict[str, Callable[[], object]]]] = {
    Surface.REST_TOKEN: _rest_token,
    Surface.REST_REQUEST: _with_resource,
    Surface.WEBSOCKET: _websocket,
    Surface.HTTP_V1: _http_v1,
    Surface.HTTP_V2: _http_v2,
}


class Comparison(NamedTuple):
    """One fact of one sample event, as both read it. An error is a text that begins with `raises `."""

    sample: str
    fact: str
    ours: object
    theirs: object


def compare(sample: SampleEvent) -> list[Comparison]:
    """Every fact that both know of."""
    theirs = {fact: _value(read) for fact, read in THEIRS[surface_of(sample)](sample.event).items()}
    try:
        called = request.read(sample.event, answered(sample))
    except EventError:
        return [Comparison(sample.label, EVENT, False, _readable(theirs))]
    ours = {fact: _value(partial(OURS[fact], called)) for fact in theirs}
    rows = [Comparison(sample.label, fact, ours[fact], theirs[fact]) for fact in theirs]
    return [Comparison(sample.label, EVENT, True, _readable(theirs)), *rows]


def _readable(facts: Mapping[str, object]) -> bool:
    return not any(str(value).startswith("raises ") for fact, value in facts.items() if fact not in FIELDS)


def _value(read: Callable[[], object]) -> object:
    try:
        return read()
    except EventError as error:
        return f"raises {error.reason.value}"
    except (AttributeError, LookupError, TypeError) as error:
        return f"raises {type(error).__name__}"


def _one(value: object) -> list[object]:
    return [] if value is None else [value]
