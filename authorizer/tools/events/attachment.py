"""Events that the function should never get: it is attached to the wrong thing, or tested with the wrong event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authorizer.testing import Call, http_v1, http_v2, rest_request, rest_token, websocket_connect
from authorizer.tools.events.apis import HEALTH, ORDER, Sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.events.apis import Event
    from authorizer.tools.events.issuers import Issuers


def samples(issuers: Issuers) -> Iterator[Sample]:
    """The cases of this family."""
    for api, event in _of_another_api(issuers.login()).items():
        yield Sample(api, "event_for_another_function", event)
    for api, event in _integrations(issuers.login()).items():
        yield Sample(api, "event_unknown", event)
    for (api, variant), event in _others(issuers.login()).items():
        yield Sample(api, f"event_unknown--{variant}", event)


def _of_another_api(good: str) -> dict[str, Event]:
    """An authorizer's event, but of another API or payload version. The path is public: that must not help."""
    return {
        "rest-token": http_v1(good, HEALTH),
        "rest-request": http_v2(good, HEALTH),
        "websocket": rest_request(good, HEALTH),
        "http-simple": http_v1(good, HEALTH),
        "http-policy": rest_request(good, HEALTH),
        "http-policy-1.0": websocket_connect(good, HEALTH),
    }


def _integrations(good: str) -> dict[str, Event]:
    """What a Lambda proxy integration gets of the same call: the function is attached as a backend."""
    rest, old = rest_request(good, ORDER), http_v1(good, ORDER)
    body = {"body": None, "isBase64Encoded": False}
    return {
        "rest-token": _without(rest, "type", "methodArn") | body,
        "rest-request": _without(rest, "type", "methodArn") | body,
        "websocket": _message(good) | body,
        "http-simple": _without(http_v2(good, ORDER), "type", "routeArn", "identitySource") | body,
        "http-policy": _without(http_v2(good, ORDER), "type", "routeArn", "identitySource") | body,
        "http-policy-1.0": _without(old, "type", "methodArn", "identitySource", "authorizationToken") | body,
    }


def _message(good: str) -> Event:
    """A message of a connection that stands: authorizers are asked for `$connect` only."""
    event = _without(websocket_connect(good, ORDER), "type", "methodArn", "headers", "multiValueHeaders")
    context = event["requestContext"] | {
        "routeKey": "$default",
        "eventType": "MESSAGE",
        "messageId": "JKJaXc3DjoECEXA=",
    }
    return event | {"requestContext": context}


def _others(good: str) -> dict[tuple[str, str], Event]:
    token = rest_token(good, ORDER)
    bus = "arn:aws:events:eu-west-1:123456789012:event-bus/default"
    return {
        ("rest-token", "lambda-console"): {"key1": "value1", "key2": "value2", "key3": "value3"},
        ("rest-token", "appsync"): {"authorizationToken": token["authorizationToken"], "requestContext": _APPSYNC},
        ("rest-token", "other-arn"): token | {"methodArn": bus},
        ("rest-token", "no-arn"): _without(token, "methodArn"),
        ("rest-token", "token-object"): token | {"authorizationToken": {"value": good}},
        ("rest-request", "headers-list"): rest_request(good, ORDER) | {"headers": [["Authorization", "x"]]},
        ("websocket", "disconnect"): _disconnect(good),
        ("http-simple", "version-3.0"): http_v2(good, ORDER) | {"version": "3.0"},
        ("http-policy", "no-route"): _without(http_v2(good, ORDER), "routeKey"),
        ("http-policy-1.0", "version-number"): http_v1(good, ORDER) | {"version": 1.0},
    }


def _disconnect(good: str) -> Event:
    event = websocket_connect(good, Call(source_ip=ORDER.source_ip))
    arn = event["methodArn"].replace("$connect", "$disconnect")
    return event | {"methodArn": arn, "requestContext": event["requestContext"] | {"routeKey": "$disconnect"}}


_APPSYNC = {
    "apiId": "abcdefghijklmnopqrstuvwxyz",
    "accountId": "123456789012",
    "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    "queryString": "query Order { order(id: 1) { total } }",
    "operationName": "Order",
    "variables": {},
}


def _without(event: Event, *names: str) -> Event:
    return {name: value for name, value in event.items() if name not in names}
