from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools.utilities.data_classes.api_gateway_authorizer_event import (
    APIGatewayAuthorizerEventV2,
    APIGatewayAuthorizerRequestEvent,
    APIGatewayAuthorizerTokenEvent,
)

from authorizer.testing import (
    Call,
    EmptyMap,
    client_cert,
    console_test,
    http_v1,
    http_v2,
    rest_request,
    rest_token,
    websocket_connect,
)

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.common import DictWrapper

Builder = Callable[..., dict[str, Any]]

WITH_FIELDS = [rest_request, websocket_connect, http_v1, http_v2]
ALL = [rest_token, *WITH_FIELDS, console_test]
with_fields = pytest.mark.parametrize("build", WITH_FIELDS, ids=lambda build: build.__name__)
every = pytest.mark.parametrize("build", ALL, ids=lambda build: build.__name__)

ARN = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234"


def unreadable(event: DictWrapper) -> set[str]:
    """Properties of a Powertools data class that the event has no field for."""
    missing = set()
    for name in event._properties():
        try:
            getattr(event, name)
        except KeyError:
            missing.add(name)
    return missing


def test_token_event_has_three_fields() -> None:
    assert rest_token("abc") == {
        "type": "TOKEN",
        "authorizationToken": "Bearer abc",
        "methodArn": f"{ARN}/prod/GET/orders/1",
    }


def test_token_event_reads_as_powertools_reads_it() -> None:
    event = APIGatewayAuthorizerTokenEvent(rest_token(raw="Basic abc"))
    assert not unreadable(event)
    assert event.authorization_token == "Basic abc"
    assert (event.parsed_arn.stage, event.parsed_arn.http_method, event.parsed_arn.resource) == (
        "prod",
        "GET",
        "orders/1",
    )


def test_rest_request_reads_as_powertools_reads_it() -> None:
    call = Call(client_cert=client_cert(), query={"q": "1"}, stage_variables={"v": "2"})
    event = APIGatewayAuthorizerRequestEvent(rest_request("abc", call))
    # HTTP APIs only
    assert unreadable(event) == {"version", "identity_source", "authorization_token"}
    assert not unreadable(event.request_context.identity)
    assert (event.resource, event.path, event.http_method) == ("/orders/{id}", "/orders/1", "GET")
    assert event.headers["authorization"] == "Bearer abc"
    assert (event.path_parameters, event.query_string_parameters) == ({"id": "1"}, {"q": "1"})
    certificate = event.request_context.identity.client_cert
    assert certificate is not None
    assert certificate.validity_not_after == "Aug  5 09:36:04 2021 GMT"


def test_rest_request_has_the_documented_context() -> None:
    context = rest_request()["requestContext"]
    documented = {
        "path",
        "accountId",
        "resourceId",
        "stage",
        "requestId",
        "identity",
        "resourcePath",
        "httpMethod",
        "apiId",
    }
    assert documented <= set(context)
    assert (context["path"], context["requestTime"]) == ("/prod/orders/1", "23/Nov/2026:10:00:00 +0000")
    assert context["requestTimeEpoch"] == 1795428000250


def test_http_v2_reads_as_powertools_reads_it() -> None:
    call = Call(client_cert=client_cert(), query={"q": "1"}, cookies={"a": "b"})
    event = APIGatewayAuthorizerEventV2(http_v2("abc", call))
    assert not unreadable(event)
    assert (event.version, event.get_type, event.route_key) == ("2.0", "REQUEST", "GET /orders/{id}")
    assert event.route_arn == f"{ARN}/$default/GET/orders/1"
    assert event.identity_source == ["Bearer abc"]
    assert (event.cookies, event.raw_query_string) == (["a=b"], "q=1")
    assert event.request_context.http.method == "GET"
    assert event.request_context.request_id
    certificate = event.request_context.authentication
    assert certificate is not None
    assert certificate.subject_dn == "www.example.com"


def test_http_v1_reads_as_powertools_reads_it() -> None:
    event = APIGatewayAuthorizerRequestEvent(http_v1("abc"))
    assert not unreadable(event)
    assert (event.version, event.identity_source, event.authorization_token) == ("1.0", "Bearer abc", "Bearer abc")


def test_websocket_event_has_the_documented_fields() -> None:
    event = websocket_connect("abc", Call(query={"q": "1"}))
    assert set(event) == {
        "type",
        "methodArn",
        "headers",
        "multiValueHeaders",
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "stageVariables",
        "requestContext",
    }
    assert event["methodArn"] == f"{ARN}/prod/$connect"
    assert set(event["requestContext"]) == {
        "routeKey",
        "eventType",
        "extendedRequestId",
        "requestTime",
        "messageDirection",
        "stage",
        "connectedAt",
        "requestTimeEpoch",
        "identity",
        "requestId",
        "domainName",
        "connectionId",
        "apiId",
    }


@every
def test_events_are_fresh_and_the_same(build: Builder) -> None:
    one, other = build("abc"), build("abc")
    assert one == other
    one.clear()
    assert build("abc") == other


@with_fields
def test_no_body_ever(build: Builder) -> None:
    assert not {"body", "isBase64Encoded"} & set(build("abc"))


@pytest.mark.parametrize("build", [rest_token, rest_request, http_v1, http_v2], ids=lambda build: build.__name__)
def test_arn_has_the_called_path(build: Builder) -> None:
    call = Call(method="POST", path="/a:b/c", template="/{proxy+}", partition="aws-cn", region="cn-north-1", stage="s")
    event = build("abc", call)
    arn = event.get("methodArn") or event["routeArn"]
    assert arn == "arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef1234/s/POST/a:b/c"


def test_root_path_ends_the_arn_with_a_slash() -> None:
    assert rest_token("abc", Call(path="/"))["methodArn"].endswith("/prod/GET/")


@pytest.mark.parametrize(
    ("path", "template", "parameters"),
    [
        ("/orders/1", None, {"id": "1"}),
        ("/other", None, {}),
        ("/a/b/c", "/{proxy+}", {"proxy": "a/b/c"}),
        ("/a/b/c", "/a/{x}/{y}", {"x": "b", "y": "c"}),
        ("/a.b", "/a.b", {}),
    ],
)
def test_path_parameters_come_from_the_template(path: str, template: str | None, parameters: dict[str, str]) -> None:
    assert rest_request(call=Call(path=path, template=template))["pathParameters"] == parameters


def test_default_route_has_no_method() -> None:
    assert http_v2(call=Call(template="$default"))["routeKey"] == "$default"


def test_route_of_any_method() -> None:
    assert http_v2(call=Call(route_method="ANY"))["routeKey"] == "ANY /orders/{id}"


def test_named_stage_is_in_the_raw_path_and_not_in_the_arn() -> None:
    event = http_v2(call=Call(stage="dev"))
    assert (event["rawPath"], event["routeArn"]) == ("/dev/orders/1", f"{ARN}/dev/GET/orders/1")


def test_custom_domain_has_no_stage_in_the_path() -> None:
    event = http_v2(call=Call(stage="dev", domain="api.example.com"))
    assert (event["rawPath"], event["requestContext"]["domainPrefix"]) == ("/orders/1", "api")


REPEATED = Call(headers=[("X-A", "1"), ("x-a", "2")], query=[("q", "1"), ("q", "2")])


@pytest.mark.parametrize("build", [rest_request, websocket_connect], ids=lambda build: build.__name__)
def test_rest_keeps_repeated_values_apart(build: Builder) -> None:
    event = build(None, REPEATED)
    assert (event["headers"]["X-A"], event["multiValueHeaders"]["X-A"]) == ("2", ["1", "2"])
    assert event["queryStringParameters"] == {"q": "2"}
    assert event["multiValueQueryStringParameters"] == {"q": ["1", "2"]}


def test_http_v2_joins_repeated_values() -> None:
    event = http_v2(None, REPEATED)
    assert event["headers"]["x-a"] == "1,2"
    assert (event["queryStringParameters"], event["rawQueryString"]) == ({"q": "1,2"}, "q=1&q=2")
    assert "multiValueHeaders" not in event


def test_http_headers_are_in_lower_case() -> None:
    for event in (http_v1("abc"), http_v2("abc")):
        assert all(name == name.lower() for name in event["headers"])


@pytest.mark.parametrize(
    ("place", "field", "value"),
    [
        ("header:Authorization", "headers", {"Authorization": "Bearer abc"}),
        ("header:X-Token", "headers", {"X-Token": "abc"}),
        ("query:access_token", "queryStringParameters", {"access_token": "abc"}),
        ("cookie:session", "headers", {"Cookie": "session=abc"}),
    ],
)
def test_token_goes_where_the_call_says(place: str, field: str, value: dict[str, str]) -> None:
    assert rest_request("abc", Call(place=place, gateway_headers=False))[field] == value


def test_cookies_of_payload_2_are_a_list_of_their_own() -> None:
    event = http_v2("abc", Call(place="cookie:session", cookies={"a": "b"}))
    assert event["cookies"] == ["a=b", "session=abc"]
    assert "cookie" not in event["headers"]
    assert event["identitySource"] is None


def test_identity_source_may_be_a_query_parameter() -> None:
    assert http_v2("abc", Call(place="query:t"))["identitySource"] == ["abc"]


def test_identity_source_is_null_without_a_credential() -> None:
    assert http_v2()["identitySource"] is None
    assert http_v1()["authorizationToken"] is None


def test_unknown_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="body:token"):
        rest_request("abc", Call(place="body:token"))


BARE = Call(path="/none", gateway_headers=False)
MAPS = {"headers", "queryStringParameters", "pathParameters", "stageVariables"}


@pytest.mark.parametrize("build", [rest_request, http_v1, http_v2], ids=lambda build: build.__name__)
@pytest.mark.parametrize(
    ("shape", "shown"),
    [
        (EmptyMap.MISSING, {}),
        (EmptyMap.NULL, dict.fromkeys(MAPS)),
        (EmptyMap.EMPTY, {name: {} for name in MAPS}),
    ],
    ids=lambda value: getattr(value, "value", ""),
)
def test_empty_maps_take_the_shape_asked_for(build: Builder, shape: EmptyMap, shown: dict[str, object]) -> None:
    event = build(None, Call(path="/none", gateway_headers=False, empty_maps=shape))
    assert {name: event[name] for name in MAPS & set(event)} == shown


def test_empty_maps_are_usually_empty_on_rest_and_missing_on_http() -> None:
    assert rest_request(None, BARE)["queryStringParameters"] == {}
    assert "queryStringParameters" not in http_v2(None, BARE)


def test_console_test_of_a_token_authorizer() -> None:
    assert console_test(raw="anything") == {
        "type": "TOKEN",
        "authorizationToken": "anything",
        "methodArn": f"{ARN}/ESTestInvoke-stage/GET/",
    }


def test_console_test_of_a_request_authorizer() -> None:
    event = console_test("abc", kind="REQUEST")
    assert event["methodArn"] == f"{ARN}/ESTestInvoke-stage/GET/"
    assert (event["resource"], event["path"], event["headers"]) == ("/", "/", {"Authorization": "Bearer abc"})
    context = event["requestContext"]
    assert (context["stage"], context["resourceId"]) == ("test-invoke-stage", "test-invoke-resource-id")
    assert context["identity"]["apiKey"] == "test-invoke-api-key"
    assert not unreadable(APIGatewayAuthorizerRequestEvent(event).request_context.identity)
