from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.gateway.failure import (
    Failure,
    ResponseType,
    authorizer_error,
    denied,
    denied_by_resource_policy,
    unauthorized,
)
from authorizer.tools.gateway.gateway_responses import CustomResponse, GatewayResponses, gateway_responses
from authorizer.tools.gateway.names import Names
from tests.unit.tools.gateway.gateways import document, received, rest_api, sent

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.gateway.message import HttpResponse

JSON = "application/json"
DENIED = denied(explicit=False, cause="why")
MESSAGE = "User is not authorized to access this resource"
CORS = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}


def respond(
    failure: Failure, custom: dict[str, CustomResponse] | None = None, *headers: tuple[str, str], **variables: Any
) -> HttpResponse:
    call = received(request=sent(*headers, target="/orders/1?q=x&q=y"))
    known = {**call.context(), **{name.replace("_", "."): value for name, value in variables.items()}}
    return GatewayResponses(custom or {}).response(failure, call, known)


def filled(template: str, failure: Failure = DENIED, **variables: Any) -> str:
    custom = {"ACCESS_DENIED": CustomResponse(templates={JSON: template})}
    return respond(failure, custom, **variables).text


def header(value: str, *headers: tuple[str, str], **variables: Any) -> str | None:
    custom = {"DEFAULT_4XX": CustomResponse(parameters={"gatewayresponse.header.x-a": value})}
    return respond(DENIED, custom, *headers, **variables).header("x-a")


@pytest.mark.parametrize(
    ("failure", "status", "body"),
    [
        (unauthorized("why"), 401, '{"message":"Unauthorized"}'),
        (authorizer_error("why"), 500, '{"message":null}'),
        (DENIED, 403, f'{{"Message":"{MESSAGE}"}}'),
        (
            denied_by_resource_policy("arn", explicit=False),
            403,
            '{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn"}',
        ),
        (Failure(type=ResponseType.INVALID_API_KEY, message="Forbidden"), 403, '{"message":"Forbidden"}'),
    ],
)
def test_default_response(failure: Failure, status: int, body: str) -> None:
    response = respond(failure)
    assert (response.status, response.text, response.header("content-type")) == (status, body, JSON)


@pytest.mark.parametrize(
    ("failure", "error_type"),
    [(DENIED, "AccessDeniedException"), (Failure(type=ResponseType.URI_TOO_LONG, message="m"), None)],
)
def test_usual_headers(failure: Failure, error_type: str | None) -> None:
    response = respond(failure)
    assert response.header("x-amzn-ErrorType") == error_type
    assert response.header("x-amzn-requestid") == "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
    assert response.header("x-amz-apigw-id") == received().extended_request_id


def test_cause_is_not_for_the_client() -> None:
    response = respond(unauthorized("the cause"))
    assert "cause" not in response.text + str(response.headers)


@pytest.mark.parametrize(
    ("failure", "body"), [(DENIED, {"Message": MESSAGE}), (authorizer_error("why"), {"message": None})]
)
def test_body_without_a_template_is_the_usual_one(failure: Failure, body: dict[str, Any]) -> None:
    custom = CustomResponse(parameters=CORS, status=418)
    response = respond(failure, {"DEFAULT_4XX": custom, "DEFAULT_5XX": custom})
    assert (response.status, response.json()) == (418, body)
    assert response.header("access-control-allow-origin") == "*"


@pytest.mark.parametrize(
    ("set_", "status"),
    [
        ({}, 403),
        ({"DEFAULT_4XX": 418}, 418),
        ({"DEFAULT_5XX": 518}, 403),
        ({"ACCESS_DENIED": 404}, 404),
        ({"ACCESS_DENIED": 404, "DEFAULT_4XX": 418}, 404),
        ({"ACCESS_DENIED": None, "DEFAULT_4XX": 418}, 403),
        ({"UNAUTHORIZED": 418}, 403),
    ],
)
def test_specific_response_counts_more_than_the_default_one(set_: dict[str, int | None], status: int) -> None:
    assert respond(DENIED, {kind: CustomResponse(status=one) for kind, one in set_.items()}).status == status


def test_specific_response_takes_nothing_of_the_default_one() -> None:
    custom = {"ACCESS_DENIED": CustomResponse(status=404), "DEFAULT_4XX": CustomResponse(parameters=CORS)}
    assert respond(DENIED, custom).header("access-control-allow-origin") is None


@pytest.mark.parametrize("kind", ["URI_TOO_LONG", "HEADERS_TOO_LARGE", "REQUEST_TOO_LARGE"])
def test_response_that_nobody_can_change(kind: str) -> None:
    failure = Failure(type=ResponseType[kind], message="m")
    custom = CustomResponse(status=418, parameters=CORS)
    response = respond(failure, {"DEFAULT_4XX": custom, kind: custom})
    assert (response.status, response.header("access-control-allow-origin")) == (failure.type.status, None)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ('{"message":$context.error.messageString}', f'{{"message":"{MESSAGE}"}}'),
        ("$context.error.message", MESSAGE),
        ("$context.error.message.", f"{MESSAGE}."),
        ("${context.error.responseType}X", "ACCESS_DENIEDX"),
        ("[$context.error.validationErrorString]", "[]"),
        ("$context.identity.sourceIp, $context.stage", "127.0.0.1, prod"),
        ("$context.path $context.resourcePath", "/prod/orders/1 /orders/{id}"),
        ("$stageVariables.tier ${stageVariables.none}.", "gold ."),
        ("$context.authorizer.reason", "revoked"),
        ("$context.authorizer.none-such|", "|"),
        ("$context", "$context"),
        ("${context.stage", "${context.stage"),
        ("#set($a = 1)$a", "#set($a = 1)$a"),
    ],
)
def test_template(template: str, text: str) -> None:
    assert filled(template, authorizer_reason="revoked") == text


def test_message_of_null_is_null_as_json_and_nothing_as_text() -> None:
    custom = {"DEFAULT_5XX": CustomResponse(templates={JSON: "$context.error.messageString|$context.error.message"})}
    assert respond(authorizer_error("why"), custom).text == "null|"


def test_message_is_quoted_as_json() -> None:
    failure = denied_by_resource_policy('a"\\', explicit=False)
    assert json.loads(filled("$context.error.messageString", failure)) == failure.message


def test_half_of_a_character_is_no_reason_to_fail() -> None:
    assert filled("$context.authorizer.reason", authorizer_reason="\ud800") == "?"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, JSON),
        ("text/xml", "text/xml"),
        ("text/plain, text/xml;q=0.5", "text/xml"),
        ("*/*", JSON),
        ("text/csv", JSON),
    ],
)
def test_template_is_chosen_by_accept(accept: str | None, content_type: str) -> None:
    templates = {"text/xml": "<a/>", JSON: "{}"}
    headers = () if accept is None else (("Accept", accept),)
    response = respond(DENIED, {"ACCESS_DENIED": CustomResponse(templates=templates)}, *headers)
    assert (response.header("content-type"), response.text) == (content_type, templates[content_type])


def test_first_template_where_none_is_json() -> None:
    response = respond(DENIED, {"ACCESS_DENIED": CustomResponse(templates={"text/xml": "<a/>"})})
    assert response.header("content-type") == "text/xml"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("'*'", "*"),
        ("''", ""),
        ("'it''s'", "it''s"),
        ("method.request.header.Origin", "https://a"),
        ("method.request.header.origin", "https://a"),
        ("method.request.header.None", ""),
        ("method.request.querystring.q", "y"),
        ("method.request.querystring.none", ""),
        ("method.request.path.id", "1"),
        ("method.request.path.none", ""),
        ("context.stage", "prod"),
        ("context.authorizer.reason", "revoked"),
        ("context.none", ""),
        ("stageVariables.tier", "gold"),
        ("stageVariables.none", ""),
        ("context.error.responseType", "ACCESS_DENIED"),
        ("nonsense", ""),
        ("'", ""),
    ],
)
def test_header(value: str, text: str) -> None:
    assert header(value, ("Origin", "https://a"), authorizer_reason="revoked") == text


def test_header_cannot_begin_another() -> None:
    assert header("context.authorizer.reason", authorizer_reason="a\r\nx-b: c\u2028") == "a??x-b: c?"


@pytest.mark.parametrize("name", ["Content-Type", "content-type", "X-AMZN-ERRORTYPE"])
def test_header_of_the_api_takes_the_place_of_the_usual_one(name: str) -> None:
    custom = CustomResponse(parameters={f"gatewayresponse.header.{name}": "'own'"})
    response = respond(DENIED, {"ACCESS_DENIED": custom})
    assert [value for one, value in response.headers if one.lower() == name.lower()] == ["own"]


def read(folder: Path, *resources: dict[str, Any], body: Any = None) -> GatewayResponses:
    """What a template says."""
    api = rest_api() if body is None else rest_api(Body={"openapi": "3.0.1", "paths": {}, **body})
    listed = {
        f"Response{at}": {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": one}
        for at, one in enumerate(resources)
    }
    found = document(folder, {**api, **listed})
    return gateway_responses(found.apis[0], found, Names(found))


def test_resource(tmp_path: Path) -> None:
    given = {
        "RestApiId": {"Ref": "Api"},
        "ResponseType": "ACCESS_DENIED",
        "StatusCode": "404",
        "ResponseParameters": {"gatewayresponse.header.x-api": {"Ref": "Api"}},
        "ResponseTemplates": {JSON: "{}"},
    }
    found = read(tmp_path, given).custom["ACCESS_DENIED"]
    assert (found.status, found.templates) == (404, {JSON: "{}"})
    assert "${" not in found.parameters["gatewayresponse.header.x-api"]


def test_resource_of_another_api_does_not_count(tmp_path: Path) -> None:
    other = {"RestApiId": "abcdef1234", "ResponseType": "ACCESS_DENIED"}
    assert read(tmp_path, other).custom == {}


@pytest.mark.parametrize(
    ("status", "kept"),
    [("404", 404), (404, 404), (200, 200), (199, None), (599, 599), (600, None), ("4xx", None), (None, None)],
)
def test_status(status: Any, kept: int | None, tmp_path: Path) -> None:
    given = {"RestApiId": {"Ref": "Api"}, "ResponseType": "THROTTLED", "StatusCode": status}
    assert read(tmp_path, given).custom["THROTTLED"].status == kept


def test_body_of_the_api(tmp_path: Path) -> None:
    given = {"statusCode": 404, "responseParameters": CORS, "responseTemplates": {JSON: "{}"}}
    found = read(tmp_path, body={"x-amazon-apigateway-gateway-responses": {"ACCESS_DENIED": given}})
    assert found.custom == {"ACCESS_DENIED": CustomResponse(status=404, parameters=CORS, templates={JSON: "{}"})}


@pytest.mark.parametrize("given", [None, [], "text", {"ACCESS_DENIED": None}, {"ACCESS_DENIED": {"statusCode": []}}])
def test_nonsense_sets_nothing(given: Any, tmp_path: Path) -> None:
    found = read(tmp_path, body={"x-amazon-apigateway-gateway-responses": given})
    assert all(one == CustomResponse() for one in found.custom.values())
