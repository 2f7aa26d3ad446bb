from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.gateway.failure import ResponseType
from tests.unit.tools.gateway.gateways import (
    TOKEN,
    Handler,
    guarded,
    policy,
    rest_api,
    rest_authorizer,
    rest_method,
    running,
)

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.gateway.message import HttpResponse

AUTHORIZED = ("Authorization", "Bearer abc")
EXPLICIT = "User is not authorized to access this resource with an explicit deny in an identity-based policy"


def stack(
    folder: Path, auth: Handler | None = None, backend: Handler | None = None, more: dict[str, Any] | None = None
) -> Any:
    """An API with `GET /orders`, which an authorizer guards, and `GET /open`."""
    own = more or {}
    resources = {**rest_api(), **rest_authorizer(), **rest_method(**guarded()), **rest_method("open"), **own}
    handlers = {"Authorizer": auth or Handler(policy())} | ({"Backend": backend} if backend else {})
    return running(folder, resources, handlers)


def told(response: HttpResponse) -> tuple[int, Any, str | None]:
    return response.status, response.json(), response.header("x-amzn-errortype")


@pytest.mark.parametrize(
    ("auth", "headers", "said"),
    [
        (Handler(policy()), (), (401, {"message": "Unauthorized"}, "UnauthorizedException")),
        (
            Handler(error="Unauthorized"),
            (AUTHORIZED,),
            (401, {"message": "Unauthorized"}, "UnauthorizedException"),
        ),
        (Handler(error="no"), (AUTHORIZED,), (500, {"message": None}, "AuthorizerConfigurationException")),
        (Handler(None), (AUTHORIZED,), (500, {"message": None}, "AuthorizerConfigurationException")),
        (Handler(policy("Deny")), (AUTHORIZED,), (403, {"Message": EXPLICIT}, "AccessDeniedException")),
        (
            Handler(policy(None)),
            (AUTHORIZED,),
            (403, {"Message": "User is not authorized to access this resource"}, "AccessDeniedException"),
        ),
    ],
)
def test_refusal(auth: Handler, headers: Any, said: Any, tmp_path: Path) -> None:
    backend = Handler()
    with stack(tmp_path, auth, backend) as local:
        assert told(local.call("/Api/prod/orders", *headers)) == said
        assert backend.events == []


@pytest.mark.parametrize(
    "target", ["/Api/prod/nowhere", "/Api/prod", "/Api", "/Api/test/orders", "/Api//orders", "/Api/prod//orders"]
)
def test_path_or_stage_that_is_not_there(target: str, tmp_path: Path) -> None:
    with stack(tmp_path) as local:
        assert told(local.call(target)) == (
            403,
            {"message": "Missing Authentication Token"},
            "MissingAuthenticationTokenException",
        )


def test_method_that_is_not_there(tmp_path: Path) -> None:
    with stack(tmp_path) as local:
        assert local.call("/Api/prod/orders", method="POST").json() == {"message": "Missing Authentication Token"}


@pytest.mark.parametrize(
    ("headers", "type_"),
    [
        ((), ResponseType.MISSING_AUTHENTICATION_TOKEN),
        ((("Authorization", "AWS4-HMAC-SHA256 Credential=a"),), ResponseType.MISSING_AUTHENTICATION_TOKEN),
        ((("Authorization", TOKEN),), ResponseType.INVALID_SIGNATURE),
        ((("Authorization", ""),), ResponseType.INVALID_SIGNATURE),
    ],
)
def test_authorization_header_where_nothing_is_taken_for_a_signature(
    headers: Any, type_: ResponseType, tmp_path: Path
) -> None:
    with stack(tmp_path) as local:
        response = local.call("/Api/prod/nowhere", *headers)
        assert (response.status, local.records[0].failure.type) == (403, type_)
        assert TOKEN not in response.text + str(local.records[0].failure)


@pytest.mark.parametrize(
    ("headers", "query", "type_"),
    [
        ((), "", ResponseType.MISSING_AUTHENTICATION_TOKEN),
        ((AUTHORIZED,), "", ResponseType.INVALID_SIGNATURE),
        ((("Authorization", "AWS4-HMAC-SHA256 Credential=a"),), "", ResponseType.INVALID_SIGNATURE),
        ((), "?X-Amz-Algorithm=AWS4-HMAC-SHA256", ResponseType.INVALID_SIGNATURE),
    ],
)
def test_nobody_gets_through_to_a_method_that_asks_for_a_signature(
    headers: Any, query: str, type_: ResponseType, tmp_path: Path
) -> None:
    backend = Handler()
    with stack(tmp_path, None, backend, rest_method("signed", AuthorizationType="AWS_IAM")) as local:
        assert local.call(f"/Api/prod/signed{query}", *headers).status == 403
        assert (local.records[0].failure.type, backend.events) == (type_, [])


def test_authorizer_comes_before_the_integration(tmp_path: Path) -> None:
    backend = Handler({"statusCode": 200})
    auth = Handler(lambda _: policy(context={"before": len(backend.events)}))
    with stack(tmp_path, auth, backend) as local:
        local.call("/Api/prod/orders", AUTHORIZED)
        assert backend.event["requestContext"]["authorizer"]["before"] == "0"


def test_function_behind_learns_what_the_authorizer_said(tmp_path: Path) -> None:
    backend = Handler({"statusCode": 200})
    with stack(tmp_path, Handler(policy(context={"n": 1, "b": True, "none": None})), backend) as local:
        local.call("/Api/prod/orders", AUTHORIZED)
        assert backend.event["requestContext"]["authorizer"] == {
            "principalId": "alice",
            "n": "1",
            "b": "true",
            "none": None,
            "integrationLatency": 1,
        }


def test_open_method_has_no_authorizer(tmp_path: Path) -> None:
    backend = Handler({"statusCode": 200})
    with stack(tmp_path, None, backend) as local:
        assert local.call("/Api/prod/open").status == 200
        assert "authorizer" not in backend.event["requestContext"]


def test_slash_at_the_end_makes_no_difference(tmp_path: Path) -> None:
    auth = Handler(lambda event: policy(resource=event["methodArn"]))
    with stack(tmp_path, auth) as local:
        assert local.call("/Api/prod/orders/", AUTHORIZED).status == 200
        assert auth.event["methodArn"].endswith("/prod/GET/orders")


@pytest.mark.parametrize(
    ("answer", "status"),
    [({"statusCode": "201"}, 201), ({"status": 200}, 502), (None, 502), ({"statusCode": 204}, 204)],
)
def test_response_of_the_integration(answer: Any, status: int, tmp_path: Path) -> None:
    with stack(tmp_path, None, Handler(answer)) as local:
        response = local.call("/Api/prod/open")
        assert response.status == status
        assert response.header("x-amzn-requestid") == local.records[0].received.request_id


def test_function_that_raises_unauthorized_behind_a_method_is_a_502(tmp_path: Path) -> None:
    with stack(tmp_path, None, Handler(error="Unauthorized")) as local:
        assert local.call("/Api/prod/open").json() == {"message": "Internal server error"}


def test_unknown_authorization_type_lets_nobody_through(tmp_path: Path) -> None:
    method = rest_method("unclear", AuthorizationType={"Ref": "Unknown"})
    with stack(tmp_path, more=method) as local:
        assert told(local.call("/Api/prod/unclear"))[0] == 500


def test_authorizer_that_is_not_there_lets_nobody_through(tmp_path: Path) -> None:
    method = rest_method("lost", AuthorizationType="CUSTOM", AuthorizerId="abc123")
    with stack(tmp_path, more=method) as local:
        assert told(local.call("/Api/prod/lost", AUTHORIZED))[0] == 500


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [("open", 2000, 200), ("orders", 1000, 200), ("orders", 2000, 414)],
)
def test_length_of_the_arn_counts_where_somebody_judges_it(path: str, length: int, status: int, tmp_path: Path) -> None:
    parts: dict[str, Any] = {}
    for name, given in (("open", {}), ("orders", guarded())):
        resource = {"RestApiId": {"Ref": "Api"}, "ParentId": {"Ref": f"At{name.capitalize()}"}, "PathPart": "{id}"}
        parts[f"{name}Id"] = {"Type": "AWS::ApiGateway::Resource", "Properties": resource}
        method = rest_method(name, **given)[f"{name.capitalize()}GET"]
        method["Properties"]["ResourceId"] = {"Ref": f"{name}Id"}
        parts[f"{name}IdGet"] = method
    with stack(tmp_path, more=parts) as local:
        assert local.call(f"/Api/prod/{path}/{'a' * length}", AUTHORIZED).status == status


def test_headers_that_are_too_large_come_before_everything(tmp_path: Path) -> None:
    auth = Handler(policy())
    with stack(tmp_path, auth) as local:
        assert local.call("/Api/prod/orders", ("Authorization", "a" * 10240)).status == 431
        assert auth.events == []


def custom(kind: str, **given: Any) -> dict[str, Any]:
    properties = {"RestApiId": {"Ref": "Api"}, "ResponseType": kind, **given}
    return {f"Response{kind}": {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": properties}}


def test_gateway_response_sees_what_an_authorizer_said_beside_its_denial(tmp_path: Path) -> None:
    template = '{"why":"$context.authorizer.reason","who":"$context.authorizer.principalId"}'
    own = custom("ACCESS_DENIED", StatusCode="402", ResponseTemplates={"application/json": template})
    with stack(tmp_path, Handler(policy("Deny", context={"reason": "revoked"})), None, own) as local:
        response = local.call("/Api/prod/orders", AUTHORIZED)
        assert (response.status, response.json()) == (402, {"why": "revoked", "who": "alice"})


def test_gateway_response_for_a_failure_after_the_authorizer_sees_it_too(tmp_path: Path) -> None:
    own = custom("DEFAULT_5XX", ResponseTemplates={"application/json": "$context.authorizer.principalId"})
    with stack(tmp_path, None, Handler(error="no"), own) as local:
        response = local.call("/Api/prod/orders", AUTHORIZED)
        assert (response.status, response.text) == (502, "alice")


def test_cors_headers_are_there_only_where_they_are_set(tmp_path: Path) -> None:
    origin = {"gatewayresponse.header.Access-Control-Allow-Origin": "method.request.header.Origin"}
    with stack(tmp_path, Handler(policy("Deny")), None, custom("UNAUTHORIZED", ResponseParameters=origin)) as local:
        refused = local.call("/Api/prod/orders", ("Origin", "https://a"))
        denied = local.call("/Api/prod/orders", AUTHORIZED, ("Origin", "https://a"))
        assert refused.header("access-control-allow-origin") == "https://a"
        assert denied.header("access-control-allow-origin") is None
        assert denied.json() == {"Message": EXPLICIT}


def test_record_of_a_call(tmp_path: Path) -> None:
    with stack(tmp_path) as local:
        response = local.call("/Api/prod/orders", AUTHORIZED)
        record = local.records[0]
        assert (record.response, record.failure, record.received.route.name) == (response, None, "GET /orders")
        assert record.grant.principal == "alice"


def test_record_of_a_denial_has_what_the_authorizer_said(tmp_path: Path) -> None:
    with stack(tmp_path, Handler(policy("Deny"))) as local:
        local.call("/Api/prod/orders", AUTHORIZED)
        record = local.records[0]
        assert (record.failure.type, record.grant.principal) == (ResponseType.ACCESS_DENIED, "alice")


def test_mock_behind_a_method(tmp_path: Path) -> None:
    answer = {"StatusCode": "204", "ResponseParameters": {"method.response.header.X-A": "'b'"}}
    method = rest_method("mock", "OPTIONS", Integration={"Type": "MOCK", "IntegrationResponses": [answer]})
    with stack(tmp_path, more=method) as local:
        response = local.call("/Api/prod/mock", method="OPTIONS")
        assert (response.status, response.header("x-a")) == (204, "b")


@pytest.mark.parametrize("integration", [{"Type": "HTTP_PROXY", "Uri": "https://example.com"}, {"Type": "AWS"}, None])
def test_integration_that_is_not_run_here_is_an_echo(integration: Any, tmp_path: Path) -> None:
    with stack(tmp_path, more=rest_method("elsewhere", Integration=integration)) as local:
        response = local.call("/Api/prod/elsewhere", ("Authorization", TOKEN))
        assert (response.status, response.header("x-local-gateway")) == (200, "echo")
        assert TOKEN not in response.text


@pytest.mark.parametrize("kind", ["COGNITO_USER_POOLS", "CUSTM", {"Fn::ImportValue": "kind"}])
def test_route_whose_type_is_not_that_of_its_authorizer_is_answered_500(tmp_path: Path, kind: str) -> None:
    auth = Handler(policy())
    with stack(tmp_path, auth, more=rest_method(**guarded(kind))) as local:
        assert local.call("/Api/prod/orders", AUTHORIZED).status == 500
    assert auth.events == []
