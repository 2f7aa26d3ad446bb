from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.events import (
    connect_event,
    http_event,
    http_proxy_event,
    request_event,
    rest_proxy_event,
    token_event,
    websocket_event,
)
from tests.unit.tools.gateway.gateways import ARN, called, received, route, sent

SENT = sent(("User-Agent", "curl"), ("X-A", "1"), ("x-a", "2"), target="/orders/1?k=1&k=2&e=a%20b")
MAPS = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables")
CHINA = "arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef1234"
MESSAGE = {"connectionId": "c", "eventType": "MESSAGE", "routeKey": "$default"}


def bare(kind: Kind) -> Any:
    """A call without anything that would be in a map."""
    call = received(kind, sent(), route=route("GET /orders/1"), parameters={})
    call.api.stages[call.stage].clear()  # type: ignore[attr-defined]
    return call


def test_token_event_has_three_fields() -> None:
    event = token_event(received(), "Bearer a")
    assert event == {"type": "TOKEN", "authorizationToken": "Bearer a", "methodArn": f"{ARN}/prod/GET/orders/1"}


def test_request_event() -> None:
    event = request_event(received(request=SENT))
    assert (event["type"], event["methodArn"]) == ("REQUEST", f"{ARN}/prod/GET/orders/1")
    assert (event["resource"], event["path"], event["httpMethod"]) == ("/orders/{id}", "/orders/1", "GET")
    assert event["headers"] == {"User-Agent": "curl", "X-A": "2"}
    assert event["multiValueHeaders"]["X-A"] == ["1", "2"]
    assert event["queryStringParameters"] == {"k": "2", "e": "a b"}
    assert event["multiValueQueryStringParameters"]["k"] == ["1", "2"]
    assert (event["pathParameters"], event["stageVariables"]) == ({"id": "1"}, {"tier": "gold"})
    assert not {"body", "isBase64Encoded", "version"} & event.keys()


def test_request_context_of_a_request_event_agrees_with_the_call() -> None:
    call = received(request=SENT)
    context, known = request_event(call)["requestContext"], call.context()
    for name in (
        "accountId",
        "apiId",
        "domainName",
        "domainPrefix",
        "httpMethod",
        "path",
        "protocol",
        "requestId",
        "requestTime",
        "requestTimeEpoch",
        "resourceId",
        "resourcePath",
        "stage",
        "extendedRequestId",
    ):
        assert context[name] == known[name]
    assert (context["identity"]["sourceIp"], context["identity"]["userAgent"]) == ("127.0.0.1", "curl")


def test_maps_of_a_request_event_are_empty_where_nothing_is_in_them() -> None:
    event = request_event(bare(Kind.REST))
    assert [event[name] for name in MAPS] == [{}, {}, {}, {}]


@pytest.mark.parametrize("version", ["rest", "1.0"])
def test_maps_are_null_for_the_function_behind(version: str) -> None:
    call = bare(Kind.REST if version == "rest" else Kind.HTTP)
    event = rest_proxy_event(call, None) if version == "rest" else http_proxy_event(call, "1.0", None)
    assert [event[name] for name in MAPS] == [None, None, None, None]
    assert event["headers"] == {}


def test_maps_are_missing_in_format_2() -> None:
    assert not set(MAPS) & http_proxy_event(bare(Kind.HTTP), "2.0", None).keys()


@pytest.mark.parametrize(
    ("sent_", "text"), [("a%2Fb", "a/b"), ("a%20b+c", "a b+c"), ("%C3%A9", "é"), ("%ff", "\ufffd")]
)
def test_path_parameters_are_decoded(sent_: str, text: str) -> None:
    event = request_event(received(path=f"/orders/{sent_}", parameters={"id": sent_}))
    assert (event["pathParameters"], event["path"]) == ({"id": text}, f"/orders/{sent_}")
    assert event["methodArn"].endswith(f"/orders/{sent_}")


def test_path_keeps_a_slash_at_its_end_and_the_arn_does_not() -> None:
    event = request_event(received(path="/orders/1/"))
    assert (event["path"], event["methodArn"]) == ("/orders/1/", f"{ARN}/prod/GET/orders/1")


def test_event_in_format_2() -> None:
    event = http_event(received(Kind.HTTP, SENT), "2.0", ["a", "b"])
    assert (event["version"], event["type"], event["identitySource"]) == ("2.0", "REQUEST", ["a", "b"])
    assert (event["routeArn"], event["routeKey"]) == (f"{ARN}/$default/GET/orders/1", "GET /orders/{id}")
    assert (event["rawPath"], event["rawQueryString"]) == ("/orders/1", "k=1&k=2&e=a%20b")
    assert event["headers"] == {"user-agent": "curl", "x-a": "1,2"}
    assert event["queryStringParameters"] == {"k": "1,2", "e": "a b"}
    assert event["requestContext"]["http"]["userAgent"] == "curl"
    assert "body" not in event


def test_event_in_format_1() -> None:
    event = http_event(received(Kind.HTTP, SENT), "1.0", ["a", "b"])
    assert (event["version"], event["identitySource"], event["authorizationToken"]) == ("1.0", "a,b", "a,b")
    assert (event["methodArn"], event["path"]) == (f"{ARN}/$default/GET/orders/1", "/orders/1")


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_identity_is_null_where_none_is_configured(version: str) -> None:
    assert http_event(received(Kind.HTTP), version, [])["identitySource"] is None


@pytest.mark.parametrize(("stage", "path"), [("$default", "/orders/1"), ("v1", "/v1/orders/1")])
def test_raw_path_has_the_stage_before_it(stage: str, path: str) -> None:
    event = http_event(received(Kind.HTTP, stage=stage), "2.0", [])
    assert (event["rawPath"], event["requestContext"]["http"]["path"]) == (path, path)


@pytest.mark.parametrize(("name", "key"), [("ANY /orders/{id}", "ANY /orders/{id}"), ("$default", "$default")])
def test_route_key_is_that_of_the_route(name: str, key: str) -> None:
    event = http_event(received(Kind.HTTP, route=route(name)), "2.0", [])
    assert (event["routeKey"], event["requestContext"]["routeKey"]) == (key, key)


@pytest.mark.parametrize(
    ("headers", "cookies"),
    [
        ((), None),
        ((("Cookie", "a=b"),), ["a=b"]),
        ((("Cookie", "a=b; c=d;"), ("cookie", "e=f")), ["a=b", "c=d", "e=f"]),
    ],
)
def test_cookies_of_format_2_are_no_header(headers: Any, cookies: list[str] | None) -> None:
    event = http_event(received(Kind.HTTP, sent(*headers, ("X-A", "1"))), "2.0", [])
    assert (event.get("cookies"), event["headers"]) == (cookies, {"x-a": "1"})


@pytest.mark.parametrize("kind", [Kind.REST, Kind.HTTP])
def test_function_behind_learns_nothing_that_is_for_authorizers(kind: Kind) -> None:
    made = (
        [rest_proxy_event(received(), {"a": "b"})]
        if kind is Kind.REST
        else [http_proxy_event(received(kind), version, {"a": "b"}) for version in ("1.0", "2.0")]
    )
    for event in made:
        assert not {"type", "methodArn", "routeArn", "identitySource", "authorizationToken"} & event.keys()
        assert event["requestContext"]["authorizer"] == {"a": "b"}


def test_function_behind_an_open_method_is_told_of_no_authorizer() -> None:
    assert "authorizer" not in rest_proxy_event(received(), None)["requestContext"]


@pytest.mark.parametrize(
    ("body", "text", "encoded"),
    [
        (b"", None, False),
        (b"a", "a", False),
        ("é".encode(), "é", False),
        (b"\x00", "\x00", False),
        (b"\xff\x00", base64.b64encode(b"\xff\x00").decode(), True),
    ],
)
def test_body(body: bytes, text: str | None, encoded: bool) -> None:
    event = rest_proxy_event(received(request=sent(body=body)), None)
    assert (event["body"], event["isBase64Encoded"]) == (text, encoded)


def test_event_of_a_handshake() -> None:
    call = received(Kind.WEBSOCKET, SENT, route=route("$connect"), parameters={})
    event = connect_event(call, "c")
    context = event["requestContext"]
    assert (event["type"], event["methodArn"]) == ("REQUEST", f"{ARN}/prod/$connect")
    assert (context["connectionId"], context["eventType"], context["routeKey"]) == ("c", "CONNECT", "$connect")
    assert context["identity"] == {"sourceIp": "127.0.0.1", "userAgent": "curl"}
    assert not {"pathParameters", "path", "resource"} & event.keys()


def test_message_has_a_context_and_a_body_and_no_headers() -> None:
    call = received(Kind.WEBSOCKET, sent(("X-A", "1"), body=b"hi"), route=route("$connect"))
    event = websocket_event(call, MESSAGE, {"principalId": "alice"})
    assert event.keys() == {"requestContext", "body", "isBase64Encoded"}
    assert event["body"] == "hi"
    assert event["requestContext"] == event["requestContext"] | MESSAGE | {"authorizer": {"principalId": "alice"}}


def test_partition_is_that_of_the_api() -> None:
    event = request_event(received(api=called(arn=CHINA)))
    assert event["methodArn"] == f"{CHINA}/prod/GET/orders/1"
    assert event["requestContext"]["domainName"].endswith(".amazonaws.com.cn")


@pytest.mark.parametrize("kind", Kind)
def test_events_of_a_call_are_plain_json_and_nobody_elses(kind: Kind) -> None:
    call = received(kind, SENT)
    first = websocket_event(call, MESSAGE, {}) if kind is Kind.WEBSOCKET else http_proxy_event(call, "2.0", {})
    assert json.loads(json.dumps(first)) == first
    request_event(call)["stageVariables"]["tier"] = "changed"
    assert call.stage_variables == {"tier": "gold"}
