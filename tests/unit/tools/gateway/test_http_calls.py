from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.gateway.failure import ResponseType
from tests.unit.tools.gateway.gateways import (
    Handler,
    guarded,
    http_api,
    http_authorizer,
    http_route,
    policy,
    running,
)

if TYPE_CHECKING:
    from pathlib import Path

AUTHORIZED = ("Authorization", "Bearer abc")
FORBIDDEN = {"message": "Forbidden"}
BROKEN = {"message": "Internal Server Error"}


def stack(
    folder: Path,
    auth: Handler | None = None,
    backend: Handler | None = None,
    more: dict[str, Any] | None = None,
    **given: Any,
) -> Any:
    """An API with `GET /orders`, which an authorizer guards, and `GET /open`. `given` are properties of the authorizer."""
    routes = {"Orders": http_route("GET /orders", **guarded()), "Open": http_route("GET /open")}
    resources = {**http_api(), **http_authorizer(**given), **routes, **(more or {})}
    handlers = {"Authorizer": auth or Handler(policy())} | ({"Backend": backend} if backend else {})
    return running(folder, resources, handlers)


@pytest.mark.parametrize(
    ("answer", "headers", "status", "body"),
    [
        (Handler(policy()), (), 401, {"message": "Unauthorized"}),
        (Handler(policy("Deny")), (AUTHORIZED,), 403, FORBIDDEN),
        (Handler(policy(None)), (AUTHORIZED,), 403, FORBIDDEN),
        (Handler(policy(resource="arn:aws:execute-api:*:*:*/$default/GET/{proxy+}")), (AUTHORIZED,), 403, FORBIDDEN),
        (Handler({"isAuthorized": True}), (AUTHORIZED,), 500, BROKEN),
        (Handler(error="Unauthorized"), (AUTHORIZED,), 500, BROKEN),
        (Handler(error="no"), (AUTHORIZED,), 500, BROKEN),
        (Handler(None), (AUTHORIZED,), 500, BROKEN),
    ],
)
def test_refusal(answer: Handler, headers: Any, status: int, body: Any, tmp_path: Path) -> None:
    backend = Handler()
    with stack(tmp_path, answer, backend) as local:
        response = local.call("/Api/orders", *headers)
        assert (response.status, response.json(), backend.events) == (status, body, [])
        assert response.header("apigw-requestid") == local.records[0].received.extended_request_id
        assert not {"x-amzn-errortype", "www-authenticate"} & {name.lower() for name, _ in response.headers}


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"isAuthorized": True}, 200),
        ({"isAuthorized": False}, 403),
        ({"IsAuthorized": True}, 500),
        ({"isAuthorized": "true"}, 500),
        (policy(), 500),
        ({}, 500),
    ],
)
def test_simple_answers(answer: Any, status: int, tmp_path: Path) -> None:
    with stack(tmp_path, Handler(answer), EnableSimpleResponses=True) as local:
        assert local.call("/Api/orders", AUTHORIZED).status == status


def test_simple_answers_are_of_format_2_only(tmp_path: Path) -> None:
    auth = Handler({"isAuthorized": True})
    with stack(tmp_path, auth, EnableSimpleResponses=True, AuthorizerPayloadFormatVersion="1.0") as local:
        assert local.call("/Api/orders", AUTHORIZED).status == 500


@pytest.mark.parametrize(("version", "name"), [("1.0", "methodArn"), ("2.0", "routeArn"), (2.0, "routeArn")])
def test_payload_format_of_the_authorizer(version: Any, name: str, tmp_path: Path) -> None:
    auth = Handler(lambda event: policy(resource=event[name]))
    with stack(tmp_path, auth, AuthorizerPayloadFormatVersion=version) as local:
        assert local.call("/Api/orders", AUTHORIZED).status == 200
        assert auth.event[name].endswith("/$default/GET/orders")


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("1.0", {"principalId": "alice", "n": 1, "list": ["a"], "integrationLatency": 1}),
        ("2.0", {"lambda": {"n": 1, "list": ["a"]}}),
    ],
)
def test_function_behind_learns_what_the_authorizer_said(version: str, told: Any, tmp_path: Path) -> None:
    backend = Handler({"statusCode": 200})
    target = http_api()["Target"]
    target["Properties"]["PayloadFormatVersion"] = version
    auth = Handler(policy(context={"n": 1, "list": ["a"]}))
    with stack(tmp_path, auth, backend, {"Target": target}) as local:
        local.call("/Api/orders", AUTHORIZED)
        assert (backend.event["version"], backend.event["requestContext"]["authorizer"]) == (version, told)


def test_context_of_a_simple_answer_goes_along(tmp_path: Path) -> None:
    backend = Handler({"statusCode": 200})
    with stack(
        tmp_path, Handler({"isAuthorized": True, "context": {"a": [1]}}), backend, EnableSimpleResponses=True
    ) as local:
        local.call("/Api/orders", AUTHORIZED)
        assert backend.event["requestContext"]["authorizer"] == {"lambda": {"a": [1]}}


@pytest.mark.parametrize(
    ("target", "method"),
    [("/Api/nowhere", "GET"), ("/Api/orders", "POST"), ("/Api/orders/", "GET"), ("/Api", "GET"), ("/Api/", "GET")],
)
def test_route_that_is_not_there(target: str, method: str, tmp_path: Path) -> None:
    with stack(tmp_path) as local:
        response = local.call(target, AUTHORIZED, method=method)
        assert (response.status, response.json()) == (404, {"message": "Not Found"})


def stages(*names: str) -> dict[str, Any]:
    """An API with these stages, and an open route `ANY /{proxy+}`."""
    made = http_api()
    del made["Default"]
    for name in names:
        given = {"ApiId": {"Ref": "Api"}, "StageName": name}
        made[f"Stage{len(made)}"] = {"Type": "AWS::ApiGatewayV2::Stage", "Properties": given}
    return {**made, "Route": http_route("ANY /{proxy+}")}


@pytest.mark.parametrize(
    ("names", "target", "stage", "path"),
    [
        (("$default",), "/Api/a/b", "$default", "/a/b"),
        (("$default",), "/Api/v1/a", "$default", "/v1/a"),
        (("$default", "v1"), "/Api/v1/a", "v1", "/a"),
        (("$default", "v1"), "/Api/v2/a", "$default", "/v2/a"),
        (("$default",), "/Api/$default/a", "$default", "/$default/a"),
        (("v1",), "/Api/v1/a", "v1", "/a"),
        (("v1",), "/Api/v2/a", "v2", "/a"),
    ],
)
def test_stage_is_the_named_one_or_else_the_default(
    names: tuple[str, ...], target: str, stage: str, path: str, tmp_path: Path
) -> None:
    with running(tmp_path, stages(*names)) as local:
        status = local.call(target).status
        call = local.records[0].received
        assert (call.stage, call.path, status) == (stage, path, 200 if stage in names else 404)


def test_default_route_gets_what_no_route_fits(tmp_path: Path) -> None:
    backend = Handler({"statusCode": 200})
    with stack(tmp_path, None, backend, {"Rest": http_route("$default")}) as local:
        assert local.call("/Api/anything/at/all", method="DELETE").status == 200
        assert (backend.event["routeKey"], backend.event["rawPath"]) == ("$default", "/anything/at/all")


def test_nobody_gets_through_to_a_route_that_asks_for_a_signature(tmp_path: Path) -> None:
    backend = Handler()
    signed = http_route("GET /signed", AuthorizationType="AWS_IAM")
    with stack(tmp_path, None, backend, {"Signed": signed}) as local:
        response = local.call("/Api/signed", ("Authorization", "AWS4-HMAC-SHA256 Credential=a"))
        assert (response.status, response.json(), backend.events) == (403, FORBIDDEN, [])


@pytest.mark.parametrize(
    ("answer", "version", "status", "text"),
    [
        ("Hello", "2.0", 200, "Hello"),
        ({"a": 1}, "2.0", 200, '{"a":1}'),
        ({"statusCode": 404, "body": "no"}, "2.0", 404, "no"),
        ({"statusCode": "no"}, "2.0", 500, '{"message":"Internal Server Error"}'),
        ("Hello", "1.0", 500, '{"message":"Internal Server Error"}'),
    ],
)
def test_response_of_the_integration(answer: Any, version: str, status: int, text: str, tmp_path: Path) -> None:
    target = http_api()["Target"]
    target["Properties"]["PayloadFormatVersion"] = version
    with stack(tmp_path, None, Handler(answer), {"Target": target}) as local:
        response = local.call("/Api/open")
        assert (response.status, response.text) == (status, text)


def test_quick_create_has_a_default_route_and_stage_and_format_2(tmp_path: Path) -> None:
    api = http_api(Target={"Fn::GetAtt": "Backend.Arn"})
    resources = {name: api[name] for name in ("Api", "Backend", "BackendPermission")}
    backend = Handler("Hello")
    with running(tmp_path, resources, {"Backend": backend}) as local:
        assert local.call("/Api/a").text == "Hello"
        assert backend.event["version"] == "2.0"


@pytest.mark.parametrize(("key", "length", "status"), [("GET /a/{x+}", 2000, 414), ("GET /a/{x+}", 1000, 200)])
def test_length_of_the_arn_counts_where_somebody_judges_it(key: str, length: int, status: int, tmp_path: Path) -> None:
    more = {"Long": http_route(key, **guarded()), "Free": http_route("GET /b/{x+}")}
    with stack(tmp_path, more=more) as local:
        assert local.call(f"/Api/a/{'a' * length}", AUTHORIZED).status == status
        assert local.call(f"/Api/b/{'a' * length}", AUTHORIZED).status == 200


def test_headers_that_are_too_large_come_before_everything(tmp_path: Path) -> None:
    auth = Handler(policy())
    with stack(tmp_path, auth) as local:
        assert local.call("/Api/orders", ("Authorization", "a" * 10240)).status == 431
        assert auth.events == []


def test_record_of_a_denial_has_what_the_authorizer_said(tmp_path: Path) -> None:
    with stack(tmp_path, Handler(policy("Deny"))) as local:
        local.call("/Api/orders", AUTHORIZED)
        record = local.records[0]
        assert (record.failure.type, record.grant.principal) == (ResponseType.ACCESS_DENIED, "alice")


def test_kept_answer_serves_all_routes_of_an_authorizer(tmp_path: Path) -> None:
    auth = Handler(lambda event: policy(resource=event["routeArn"]))
    more = {"Users": http_route("GET /users", **guarded())}
    with stack(tmp_path, auth, more=more, AuthorizerResultTtlInSeconds=300) as local:
        assert [local.call(f"/Api/{one}", AUTHORIZED).status for one in ("orders", "users")] == [200, 403]
        assert len(auth.events) == 1
        assert "from the cache" in str(local.records[1].failure)


def test_route_key_among_the_identity_sources_keeps_routes_apart(tmp_path: Path) -> None:
    auth = Handler(lambda event: policy(resource=event["routeArn"]))
    more = {"Users": http_route("GET /users", **guarded())}
    sources = ["$request.header.Authorization", "$context.routeKey"]
    with stack(tmp_path, auth, more=more, AuthorizerResultTtlInSeconds=300, IdentitySource=sources) as local:
        assert [local.call(f"/Api/{one}", AUTHORIZED).status for one in ("orders", "users")] == [200, 200]
