from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.message import HttpRequest
from authorizer.tools.local_stack import LocalStack, StackOptions
from authorizer.tools.terminal import CommandError
from tests.unit.tools.gateway.gateways import (
    NOW,
    Handler,
    fn,
    guarded,
    http_api,
    http_authorizer,
    http_route,
    policy,
    rest_api,
    rest_authorizer,
    rest_method,
    running,
    sent,
    template,
)

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.tools.gateway.message import HttpResponse
    from tests.unit.tools.gateway.gateways import Running

LOGIN = "https://login.example.com/"
FORM = ("Content-Type", "application/x-www-form-urlencoded")


def jwt(**route: Any) -> dict[str, dict[str, Any]]:
    """An HTTP API whose `GET /orders` wants a JWT."""
    configuration = {"Issuer": LOGIN, "Audience": ["orders"]}
    given = {"ApiId": {"Ref": "Api"}, "Name": "auth", "AuthorizerType": "JWT", "JwtConfiguration": configuration}
    sources = {"IdentitySource": ["$request.header.Authorization"]}
    return {
        **http_api(),
        "Auth": {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": given | sources},
        "Orders": http_route("GET /orders", **guarded("JWT", **route)),
    }


def token(local: Running, form: str = "", name: str = "login-example-com") -> str:
    """An access token of a stand-in."""
    body = f"grant_type=client_credentials&client_id=local{form}"
    response = local.call(f"/_issuer/{name}/token", FORM, method="POST", body=body.encode())
    assert response.status == 200
    return str(response.json()["access_token"])


def bearer(local: Running, form: str = "") -> HttpResponse:
    return local.call("/Api/orders", ("Authorization", f"Bearer {token(local, form)}"))


@pytest.mark.parametrize("resources", [{}, {"Fn": fn()}])
def test_template_without_an_api(resources: Any, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        LocalStack(StackOptions(template=template(tmp_path, resources)))
    assert "--parameter" in caught.value.hint


def test_what_api_gateway_would_refuse_is_said_when_it_starts(tmp_path: Path) -> None:
    resources = {**rest_api(), **rest_authorizer(AuthorizerResultTtlInSeconds=3601)}
    with pytest.raises(CommandError, match="Auth of Api"), running(tmp_path, resources):
        pass


def test_overrides_answer_in_place_of_functions(tmp_path: Path) -> None:
    auth, backend = Handler(policy()), Handler({"statusCode": 200, "body": "own"})
    resources = {**http_api(), **http_authorizer(), "Orders": http_route("GET /orders", **guarded())}
    with running(tmp_path, resources, {"Authorizer": auth, "Backend": backend}) as local:
        assert local.call("/Api/orders", ("Authorization", "a")).text == "own"
        assert (len(auth.events), len(backend.events)) == (1, 1)


def test_parameters_make_the_template(tmp_path: Path) -> None:
    resources = rest_api()
    resources["Prod"]["Properties"]["StageName"] = {"Ref": "Stage"}
    file = template(tmp_path, {**resources, **rest_method()}, Parameters={"Stage": {"Type": "String"}})
    options = StackOptions(
        template=file, parameters={"Stage": "live"}, overrides={"Backend": Handler({"statusCode": 200})}
    )
    with LocalStack(options) as stack:
        assert stack.gateway.handle(sent(target="/Api/live/orders")).status == 200


@pytest.mark.parametrize(("kind", "target", "status"), [(Kind.REST, "/api/prod/a", 200), (Kind.HTTP, "/api/a", 200)])
def test_openapi_document_that_stands_alone(kind: Kind, target: str, status: int, tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps({"openapi": "3.0.1", "paths": {"/a": {"get": {}}}}))
    with LocalStack(StackOptions(template=file, kind=kind)) as stack:
        assert stack.gateway.handle(sent(target=target)).status == status


def test_token_of_a_stand_in_gets_through(tmp_path: Path) -> None:
    backend = Handler({"statusCode": 200})
    with running(tmp_path, jwt(), {"Backend": backend}) as local:
        assert bearer(local).status == 200
        claims = backend.event["requestContext"]["authorizer"]["jwt"]
        assert (claims["claims"]["iss"], claims["scopes"]) == (LOGIN, None)


@pytest.mark.parametrize(("scope", "status"), [("", 200), ("&scope=orders/read", 200), ("&scope=openid", 403)])
def test_scope_of_a_route_can_be_had(scope: str, status: int, tmp_path: Path) -> None:
    with running(tmp_path, jwt(AuthorizationScopes=["orders/read"])) as local:
        assert bearer(local, scope).status == status


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ("&audience=other", 401),
        ("&expires_in=1", 200),
        ("&broken=token_expired", 401),
        ("&broken=signature_invalid", 401),
    ],
)
def test_token_that_is_not_right(form: str, status: int, tmp_path: Path) -> None:
    with running(tmp_path, jwt()) as local:
        response = bearer(local, form)
        assert response.status == status
        assert status == 200 or "invalid_token" in str(response.header("www-authenticate"))


def test_scope_that_only_a_deployment_knows_is_the_same_for_token_and_route(tmp_path: Path) -> None:
    server = {"Identifier": "https://api", "Scopes": [{"ScopeName": "read"}]}
    resources = jwt(AuthorizationScopes=[{"Fn::Sub": "${Server}/read"}])
    resources["Server"] = {"Type": "AWS::Cognito::UserPoolResourceServer", "Properties": server}
    with running(tmp_path, resources) as local:
        assert bearer(local, "&scope=https://api/read").status == 200


ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}


@pytest.mark.parametrize(("statements", "status"), [(None, 200), ([ALLOW], 200), ([], 403)])
def test_user_pool_of_the_template(statements: list[Any] | None, status: int, tmp_path: Path) -> None:
    """Beside a resource policy both have to allow."""
    own = {} if statements is None else {"Policy": {"Version": "2012-10-17", "Statement": statements}}
    given = {"ProviderARNs": [{"Fn::GetAtt": "Users.Arn"}], "AuthorizerUri": None}
    resources = {
        **rest_api(**own),
        **rest_authorizer("COGNITO_USER_POOLS", **given),
        **rest_method(**guarded("COGNITO_USER_POOLS")),
        "Users": {"Type": "AWS::Cognito::UserPool"},
    }
    backend = Handler({"statusCode": 200})
    with running(tmp_path, resources, {"Backend": backend}) as local:
        form = "&token_use=id&subject=alice"
        body = f"grant_type=password&username=alice&password=x&client_id=local{form}"
        answer = local.call("/_issuer/users/token", FORM, method="POST", body=body.encode()).json()
        assert local.call("/Api/prod/orders", ("Authorization", answer["access_token"])).status == status
        told = [list(event["requestContext"]["authorizer"]) for event in backend.events]
        assert told == ([["claims"]] if status == 200 else [])
        assert local.call("/Api/prod/orders", ("Authorization", token(local, name="users"))).status == 401


def test_outage_of_the_issuers(tmp_path: Path) -> None:
    with running(tmp_path, jwt()) as local:
        sent_ = ("Authorization", f"Bearer {token(local)}")
        for down, status in (("true", 401), ("false", 200)):
            local.call("/_issuer/login-example-com/outage", FORM, method="POST", body=f"down={down}".encode())
            assert local.call("/Api/orders", sent_).status == status


@pytest.mark.parametrize("target", ["/_issuer", "/_issuer/", "/_issuer/login-example-com/.well-known/jwks.json"])
def test_issuers_answer_beside_the_apis(target: str, tmp_path: Path) -> None:
    with running(tmp_path, jwt()) as local:
        assert local.call(target).status == 200
        assert local.stack.answer(HttpRequest(target="/Api/orders")) is None
        assert local.records == []


def test_issuers_name_where_the_server_listens(tmp_path: Path) -> None:
    target = "/_issuer/login-example-com/.well-known/openid-configuration"
    with running(tmp_path, jwt(), url="http://127.0.0.1:1") as local:
        assert local.call(target).json()["token_endpoint"].startswith("http://127.0.0.1:1/_issuer/")
        local.stack.move("http://127.0.0.1:2")
        assert local.call(target).json()["token_endpoint"].startswith("http://127.0.0.1:2/_issuer/")


@pytest.mark.parametrize("name", ["Parameters", "Ours", "its-name"])
def test_issuer_in_the_variables_beside_the_template(name: str, tmp_path: Path) -> None:
    environment = {"Variables": {"AUTHORIZER_ANY_VALID_TOKEN": "true", "AUTHORIZER_ISSUER": ""}}
    resources = {
        **http_api(),
        "Ours": fn(FunctionName="its-name", Handler="authorizer.handler.http", Environment=environment),
    }
    variables = {name: {"AUTHORIZER_ISSUER": LOGIN, "AUTHORIZER_AUDIENCE": "a"}}
    with running(tmp_path, resources, variables=variables) as local:
        assert [one.issuer for one in local.stack.issuers] == [LOGIN]


def test_issuers_beside_the_template(tmp_path: Path) -> None:
    with running(tmp_path, {**http_api()}, issuers=(LOGIN,)) as local:
        assert [one.issuer for one in local.stack.issuers] == [LOGIN]


@pytest.mark.parametrize("issuer", ["https://[x", "https://a b/", "https://_a.b/", "https://a:99999/"])
def test_issuer_that_nobody_can_look_up_is_a_warning(issuer: str, tmp_path: Path) -> None:
    resources = jwt()
    resources["Auth"]["Properties"]["JwtConfiguration"]["Issuer"] = issuer
    with running(tmp_path, resources) as local:
        assert any(issuer in one for one in local.stack.warnings)
        assert local.call("/Api/orders", ("Authorization", "a.b.c")).status == 401


def test_warnings_are_said_once(tmp_path: Path) -> None:
    broken = {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {"ApiId": {"Ref": "Api"}, "AuthorizerType": "NEW"}}
    with running(tmp_path, {**jwt(), "Broken": broken}) as local:
        said = local.stack.warnings
        assert len(said) == len(set(said)) == 1


def test_time_is_what_the_options_say(tmp_path: Path) -> None:
    times = [NOW, NOW + 100_000]
    with running(tmp_path, jwt(), now=lambda: times[0]) as local:
        old = ("Authorization", token(local))
        assert local.call("/Api/orders", old).status == 200
        times.pop(0)
        assert local.call("/Api/orders", old).status == 401


def test_api_from_elsewhere_finds_the_permission_for_it(tmp_path: Path) -> None:
    """The id is the same in the ARN of a permission and in that of the authorizer."""
    resources: dict[str, Any] = {**http_authorizer(), "Orders": http_route("GET /orders", **guarded())}
    source = {"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${ApiId}/authorizers/${Auth}"}
    resources["AuthorizerPermission"]["Properties"]["SourceArn"] = source
    for name in ("Auth", "Orders"):
        resources[name]["Properties"]["ApiId"] = {"Ref": "ApiId"}
    resources["Orders"]["Properties"].pop("Target")
    file = template(tmp_path, resources, Parameters={"ApiId": {"Type": "String"}})
    with LocalStack(StackOptions(template=file, overrides={"Authorizer": Handler(policy())})) as stack:
        assert stack.gateway.handle(sent(("Authorization", "a"), target="/ApiId/orders")).status == 200


def test_sam_template(tmp_path: Path) -> None:
    """What SAM makes of a usage plan, an authorizer and CORS."""
    auth = {
        "DefaultAuthorizer": "Auth",
        "Authorizers": {"Auth": {"FunctionArn": {"Fn::GetAtt": "Authorizer.Arn"}, "Identity": {"ReauthorizeEvery": 0}}},
        "ApiKeyRequired": True,
        "UsagePlan": {"CreateUsagePlan": "PER_API", "Quota": {"Limit": 1, "Period": "DAY"}},
        "AddDefaultAuthorizerToCorsPreflight": False,
        "AddApiKeyRequiredToCorsPreflight": False,
        "ResourcePolicy": {"IpRangeBlacklist": ["192.0.2.0/24"]},
    }
    event = {"Type": "Api", "Properties": {"RestApiId": {"Ref": "Api"}, "Path": "/orders/{id}", "Method": "get"}}
    code = {"Handler": "app.handler", "Runtime": "python3.11", "InlineCode": "def handler(event, context): ..."}
    resources = {
        "Api": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "prod", "Cors": "'*'", "Auth": auth}},
        "Authorizer": {"Type": "AWS::Serverless::Function", "Properties": code},
        "Backend": {"Type": "AWS::Serverless::Function", "Properties": {**code, "Events": {"Get": event}}},
    }
    file = template(tmp_path, resources, Transform="AWS::Serverless-2016-10-31")
    handlers = {"Authorizer": Handler(policy()), "Backend": Handler({"statusCode": 200})}
    with LocalStack(StackOptions(template=file, overrides=handlers)) as stack:
        keys = json.loads(stack.gateway.handle(sent(target="/")).body)["api_keys"]
        (value,) = keys.values()
        headers = (("Authorization", "a"), ("x-api-key", value))
        target = "/Api/prod/orders/1"
        blocked = HttpRequest(target=target, headers=headers, source_ip="192.0.2.7")
        assert [stack.gateway.handle(sent(*headers, target=target)).status for _ in range(2)] == [200, 429]
        assert stack.gateway.handle(sent(headers[0], target=target)).status == 403
        assert stack.gateway.handle(sent(target=target)).status == 401
        assert stack.gateway.handle(blocked).json()["Message"].endswith("explicit deny")
        preflight = stack.gateway.handle(sent(method="OPTIONS", target=target))
        assert (preflight.status, preflight.header("access-control-allow-origin")) == (200, "*")
