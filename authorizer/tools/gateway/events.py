"""The events of a call: for its authorizer, and for the function behind it.

Built by the test kit's event builders from what was really sent. Source: see there, and "Set up Lambda proxy integrations",
"Create AWS Lambda proxy integrations for HTTP APIs" for the events of integrations.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from authorizer.surface import Api as Kind
from authorizer.testing.call import Call
from authorizer.testing.events import http_v1, http_v2, rest_request, websocket_connect
from authorizer.tools.gateway.names import made_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from authorizer.tools.gateway.received import Received

Event = dict[str, Any]
_MAPS = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables")
_OF_AUTHORIZERS = ("type", "methodArn", "routeArn", "identitySource", "authorizationToken")


def token_event(received: Received, token: str) -> Event:
    """For a TOKEN authorizer."""
    return {"type": "TOKEN", "authorizationToken": token, "methodArn": received.arn}


def request_event(received: Received) -> Event:
    """For a REQUEST authorizer of a REST API."""
    event = rest_request(call=_call(received))
    event["methodArn"] = received.arn
    return _with_ids(event, received)


def connect_event(received: Received, connection_id: str) -> Event:
    """For a REQUEST authorizer of `$connect`."""
    event = websocket_connect(call=_call(received))
    event["methodArn"] = received.arn
    event["requestContext"] |= {
        "connectionId": connection_id,
        "extendedRequestId": received.extended_request_id,
        "identity": {"sourceIp": received.request.source_ip, "userAgent": received.request.header("User-Agent")},
    }
    return event


def http_event(received: Received, version: str, identity: Sequence[str]) -> Event:
    """For an authorizer of an HTTP API, in payload format 1.0 or 2.0, with the values of its identity sources."""
    if version == "1.0":
        event = _with_ids(http_v1(call=_call(received)), received)
        joined = ",".join(identity) or None
        return event | {"methodArn": received.arn, "identitySource": joined, "authorizationToken": joined}
    event = http_v2(call=_call(received))
    event |= {
        "routeArn": received.arn,
        "identitySource": list(identity) or None,
        "rawQueryString": received.request.query,
    }
    cookies = [value for name, value in received.request.headers if name.lower() == "cookie"]
    if cookies:
        event["cookies"] = [one.strip() for value in cookies for one in value.split(";") if one.strip()]
        event["headers"].pop("cookie", None)
    event["requestContext"]["http"]["userAgent"] = received.request.header("User-Agent") or ""
    return event


def rest_proxy_event(received: Received, authorizer: Mapping[str, Any] | None) -> Event:
    """For the function behind a method of a REST API. `authorizer` goes to `requestContext.authorizer`."""
    return _for_integration(request_event(received), received, authorizer)


def http_proxy_event(received: Received, version: str, authorizer: Mapping[str, Any] | None) -> Event:
    """For the function behind a route of an HTTP API."""
    return _for_integration(http_event(received, version, ()), received, authorizer)


def websocket_event(received: Received, message: Mapping[str, Any], authorizer: Mapping[str, Any] | None) -> Event:
    """For the function behind a route of a WebSocket API. `message` overrides parts of `requestContext`."""
    event = connect_event(received, str(message["connectionId"]))
    if message["eventType"] != "CONNECT":
        event = {"requestContext": event["requestContext"]}
    event["requestContext"] |= message
    return _for_integration(event, received, authorizer)


def _for_integration(event: Event, received: Received, authorizer: Mapping[str, Any] | None) -> Event:
    event = {name: value for name, value in event.items() if name not in _OF_AUTHORIZERS}
    if received.api.kind is not Kind.WEBSOCKET:  # functions behind an API get null where authorizers get an empty map
        event |= {name: None for name in _MAPS if event.get(name) == {}}
    if authorizer is not None:
        event["requestContext"]["authorizer"] = dict(authorizer)
    body = received.request.body
    try:
        text, encoded = body.decode("utf-8"), False
    except UnicodeDecodeError:
        text, encoded = base64.b64encode(body).decode(), True
    return event | {"body": text if body else None, "isBase64Encoded": encoded}


def _with_ids(event: Event, received: Received) -> Event:
    context = event["requestContext"]
    context |= {
        "extendedRequestId": received.extended_request_id,
        "resourceId": made_up(received.resource_path, 6),
        "protocol": received.request.protocol,
    }
    context["identity"] |= {"userAgent": received.request.header("User-Agent")}
    return event


def _call(received: Received) -> Call:
    """The call as the event builders take it."""
    return Call(
        method=received.method,
        path=received.path,
        template=received.resource_path,
        route_method=received.route.method if received.route is not None else None,
        path_parameters={name: unquote(value) for name, value in received.parameters.items()},
        headers=received.request.headers,
        query=received.query,
        stage=received.stage,
        stage_variables=received.stage_variables,
        api_id=received.api.id,
        account=received.api.account,
        region=received.api.region,
        partition=received.api.arn.split(":", 2)[1],
        domain=None,
        request_id=received.request_id,
        source_ip=received.request.source_ip,
        at=received.at,
        gateway_headers=False,
    )
