"""Authorizer events of HTTP APIs, payload formats 2.0 and 1.0.

AWS: "Control access to HTTP APIs with AWS Lambda authorizers".
"""

from __future__ import annotations

from typing import Any

from authorizer.testing.call import Call, EmptyMap, all_values, pairs
from authorizer.testing.events_rest import rest_context, rest_maps

Event = dict[str, Any]

_STAGE = "$default"
_CALL = Call()


def http_v2(token: str | None = None, call: Call = _CALL, *, raw: str | None = None) -> Event:
    """The event of payload format 2.0: names of headers in lower case, repeated values joined by commas."""
    call = call.with_token(token, raw)
    stage = call.stage or _STAGE
    route_key = call.route if call.route.startswith("$") else f"{call.route_method or call.method} {call.route}"
    return {
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": call.method_arn(stage),
        "identitySource": _identity(call),
        "routeKey": route_key,
        "rawPath": call.staged_path(stage),
        "rawQueryString": call.raw_query,
        **call.maps(
            EmptyMap.MISSING,
            {
                "cookies": [f"{name}={value}" for name, value in pairs(call.cookies)],
                "headers": _joined(_headers(call)),
                "queryStringParameters": _joined(all_values(pairs(call.query), fold=False)),
                "pathParameters": call.parameters,
                "stageVariables": dict(call.stage_variables),
            },
        ),
        "requestContext": _context(call, stage, route_key),
    }


def http_v1(token: str | None = None, call: Call = _CALL, *, raw: str | None = None) -> Event:
    """The event of payload format 1.0: as of a REST API, with the identity sources in two fields more."""
    call = call.with_token(token, raw)
    stage = call.stage or _STAGE
    headers = _headers(call) | {name.lower(): [value] for name, value in call.cookie_header()}
    sources = _identity(call)
    identity = None if sources is None else ",".join(sources)
    return {
        "version": "1.0",
        "type": "REQUEST",
        "methodArn": call.method_arn(stage),
        "identitySource": identity,
        "authorizationToken": identity,
        "resource": call.route,
        "path": call.staged_path(stage),
        "httpMethod": call.method,
        **rest_maps(call, headers, call.parameters),
        "requestContext": rest_context(call, stage),
    }


def _headers(call: Call) -> dict[str, list[str]]:
    sent = [(name.lower(), value) for name, value in call.sent_headers()]
    return all_values([("content-length", "0"), *sent] if call.gateway_headers else sent, fold=True)


def _identity(call: Call) -> list[str] | None:
    """The value of the identity source, which is where the token goes; None when nothing is there.

    With a source configured and nothing in it API Gateway would not call at all, so then none is configured.
    """
    kind, _, name = call.place.partition(":")
    if kind == "header":
        values = _headers(call).get(name.lower(), [])
    elif kind == "query":
        values = all_values(pairs(call.query), fold=False).get(name, [])
    else:
        return None  # a cookie cannot be an identity source
    return [",".join(values)] if values else None


def _joined(many: dict[str, list[str]]) -> dict[str, str]:
    return {name: ",".join(values) for name, values in many.items()}


def _context(call: Call, stage: str, route_key: str) -> dict[str, Any]:
    certificate = {} if call.client_cert is None else {"authentication": {"clientCert": dict(call.client_cert)}}
    return {
        "accountId": call.account,
        "apiId": call.api_id,
        **certificate,
        "domainName": call.host,
        "domainPrefix": call.host.partition(".")[0],
        "http": {
            "method": call.method,
            "path": call.staged_path(stage),
            "protocol": "HTTP/1.1",
            "sourceIp": call.source_ip,
            "userAgent": "curl/8.10.1" if call.gateway_headers else "",
        },
        "requestId": call.request_id,
        "routeKey": route_key,
        "stage": stage,
        "time": call.time,
        "timeEpoch": call.epoch_ms,
    }
