"""Authorizer events of REST and WebSocket APIs.

AWS: "Input to an API Gateway Lambda authorizer" and, for WebSocket, "Control access to WebSocket APIs with AWS Lambda
REQUEST authorizers".
"""

from __future__ import annotations

from typing import Any, Literal

from authorizer.testing.call import Call, EmptyMap, all_values, pairs

Event = dict[str, Any]

_STAGE = "prod"
_CALL = Call()
_EXTENDED_ID = "JKJaXmPLvHcESHA="
_CONNECTION_ID = "JKJaXcsDjoECEXA="
_CONNECT_MS = 2  # the connection is this much older than the event

# Always there, null unless the caller signed with IAM or sent an API key
_IDENTITY = (
    "cognitoIdentityPoolId",
    "cognitoIdentityId",
    "apiKey",
    "apiKeyId",
    "principalOrgId",
    "cognitoAuthenticationType",
    "cognitoAuthenticationProvider",
    "userArn",
    "accessKey",
    "accountId",
    "caller",
    "user",
)


def rest_token(token: str | None = None, call: Call = _CALL, *, raw: str | None = None) -> Event:
    """The event of a TOKEN authorizer: the token after `Bearer `, or `raw` as it is. It holds three fields, no more."""
    value = raw if raw is not None else "" if token is None else f"Bearer {token}"
    return {"type": "TOKEN", "authorizationToken": value, "methodArn": call.method_arn(call.stage or _STAGE)}


def rest_request(token: str | None = None, call: Call = _CALL, *, raw: str | None = None) -> Event:
    """The event of a REQUEST authorizer of a REST API, with the token in the place that the call names."""
    call = call.with_token(token, raw)
    stage = call.stage or _STAGE
    return {
        "type": "REQUEST",
        "methodArn": call.method_arn(stage),
        "resource": call.route,
        "path": call.path,
        "httpMethod": call.method,
        **rest_maps(call, _headers(call), call.parameters),
        "requestContext": rest_context(call, stage),
    }


def websocket_connect(token: str | None = None, call: Call = _CALL, *, raw: str | None = None) -> Event:
    """The event of an authorizer of `$connect`; method, path and template of the call do not matter."""
    call = call.with_token(token, raw)
    stage = call.stage or _STAGE
    maps = rest_maps(call, _headers(call), {})
    maps.pop("pathParameters", None)
    return {
        "type": "REQUEST",
        "methodArn": call.arn(stage, "$connect"),
        **maps,
        "requestContext": {
            "routeKey": "$connect",
            "eventType": "CONNECT",
            "extendedRequestId": _EXTENDED_ID,
            "requestTime": call.time,
            "messageDirection": "IN",
            "stage": stage,
            "connectedAt": call.epoch_ms - _CONNECT_MS,
            "requestTimeEpoch": call.epoch_ms,
            "identity": {"sourceIp": call.source_ip},
            "requestId": call.request_id,
            "domainName": call.host,
            "connectionId": _CONNECTION_ID,
            "apiId": call.api_id,
        },
    }


def console_test(
    token: str | None = None, call: Call = _CALL, *, raw: str | None = None, kind: Literal["TOKEN", "REQUEST"] = "TOKEN"
) -> Event:
    """What the console's "Test authorizer" and TestInvokeAuthorizer send: a stage that does not exist, `GET /`."""
    tested = Call(
        path="/",
        api_id=call.api_id,
        account=call.account,
        region=call.region,
        partition=call.partition,
        headers=call.headers,
        query=call.query,
        place=call.place,
        stage="ESTestInvoke-stage",
        stage_variables=call.stage_variables,
        request_id=call.request_id,
        at=call.at,
        gateway_headers=False,  # the form's fields and nothing else
    )
    if kind == "TOKEN":
        return rest_token(token, tested, raw=raw)
    event = rest_request(token, tested, raw=raw)
    event["requestContext"] |= _CONSOLE_CONTEXT | {"path": "/", "resourceId": "test-invoke-resource-id"}
    event["requestContext"]["identity"] |= _console_identity(tested)
    return event


_CONSOLE_CONTEXT = {
    "stage": "test-invoke-stage",
    "domainPrefix": "testPrefix",
    "domainName": "testPrefix.testDomainName",
}


def _console_identity(call: Call) -> dict[str, object]:
    """The console calls as the signed-in IAM user."""
    return {
        "apiKey": "test-invoke-api-key",
        "apiKeyId": "test-invoke-api-key-id",
        "accountId": call.account,
        "caller": "AIDAEXAMPLE",
        "user": "AIDAEXAMPLE",
        "userArn": f"arn:{call.partition}:iam::{call.account}:user/jane",
        "accessKey": "ASIAEXAMPLE",
        "sourceIp": "test-invoke-source-ip",
        "userAgent": "aws-internal/3",
    }


def rest_context(call: Call, stage: str) -> dict[str, Any]:
    """`requestContext` of REST APIs and of HTTP APIs with payload 1.0."""
    certificate = {} if call.client_cert is None else {"clientCert": dict(call.client_cert)}
    return {
        "resourceId": "05c7jb",
        "resourcePath": call.route,
        "httpMethod": call.method,
        "extendedRequestId": _EXTENDED_ID,
        "requestTime": call.time,
        "path": call.staged_path(stage),
        "accountId": call.account,
        "protocol": "HTTP/1.1",
        "stage": stage,
        "domainPrefix": call.host.partition(".")[0],
        "requestTimeEpoch": call.epoch_ms,
        "requestId": call.request_id,
        "identity": dict.fromkeys(_IDENTITY)
        | {"sourceIp": call.source_ip, "userAgent": "curl/8.10.1" if call.gateway_headers else None}
        | certificate,
        "domainName": call.host,
        "apiId": call.api_id,
    }


def rest_maps(call: Call, headers: dict[str, list[str]], path_parameters: dict[str, str]) -> dict[str, object]:
    """The maps of REST and WebSocket APIs and of payload 1.0: the single-value ones show the last value of a name."""
    query = all_values(pairs(call.query), fold=False)
    return call.maps(
        EmptyMap.EMPTY,
        {
            "headers": _last_values(headers),
            "multiValueHeaders": headers,
            "queryStringParameters": _last_values(query),
            "multiValueQueryStringParameters": query,
            "pathParameters": path_parameters,
            "stageVariables": dict(call.stage_variables),
        },
    )


def _headers(call: Call) -> dict[str, list[str]]:
    """Names in the case that the client used."""
    return all_values([*call.sent_headers(), *call.cookie_header()], fold=True)


def _last_values(many: dict[str, list[str]]) -> dict[str, str]:
    return {name: values[-1] for name, values in many.items()}
