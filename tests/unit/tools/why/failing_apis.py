"""Small APIs that fail in one way each, and what a client of theirs gets."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.fixture import Answer, Gateways

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from authorizer.tools.fixture import GatewayFixture

    Resources = dict[str, dict[str, Any]]

HEADER: Final = "method.request.header.Authorization"
SOURCE: Final = ["$request.header.Authorization"]
ISSUER: Final = "https://login.example.com/"
OTHER: Final = "https://other.example.com/"
ISSUER_NAME, OTHER_NAME = "login-example-com", "other-example-com"
RID: Final = "394365dc-1b10-411f-9668-70521cec1205"
_NAMES: Final = {401: "Unauthorized", 403: "Forbidden", 500: "Internal Server Error"}


class GatewayTimeout(Exception):
    """What the runtime says where API Gateway did not wait any longer."""


GatewayTimeout.__name__ = "Gateway.Timeout"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One failure: the API, the call, and the cause. `log`: lines that prove it, of the request RID; `others`: causes that
    no line can tell from it. `options`: of the call."""

    name: str
    code: str
    api: Resources = field(repr=False)
    path: str = "/orders"
    method: str = "GET"
    options: Mapping[str, Any] = field(default_factory=dict)
    token: Callable[[GatewayFixture], str] | None = None
    authorizer: Callable[[Any, Any], Any] | None = None
    backend: Callable[[Any, Any], Any] | None = None
    before: Sequence[str] = ()  # paths that are called first
    websocket: bool = False
    log: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


def answer(case: Case, stacks: Gateways, folder: Path) -> Answer:
    """What the client gets. Equal APIs share a stack: their issuers' keys take time."""
    body = json.dumps({"Resources": case.api})
    file = folder / f"{sha256(body.encode()).hexdigest()[:16]}.json"
    file.write_text(body, "utf-8")
    overrides = {"Backend": case.backend or _ok, "Authorizer": case.authorizer or _allow}
    others = (OTHER,) if case.token is not None else ()
    here = stacks.get(template=file, parameters={"AWS::Region": "us-east-1"}, overrides=overrides, issuers=others)
    options = dict(case.options) | ({} if case.token is None else {"token": case.token(here)})
    for path in case.before:
        here.call(case.method, path, **options)
    if not case.websocket:
        return here.call(case.method, case.path, **options)
    found = here.connect(**options)
    assert isinstance(found, Answer)
    return found


def _ok(event: Any, context: Any) -> Any:
    return {"statusCode": 200, "body": "ok"}


def _allow(event: Any, context: Any) -> Any:
    return policy()


def as_curl(found: Answer) -> str:
    """The answer as `curl -i` prints it."""
    head = f"HTTP/2 {found.status} {_NAMES.get(found.status, '')}".rstrip()
    headers = [f"{name}: {value}" for name, value in found.headers.items()]
    return "\n".join([head, *headers, "", found.text])


def policy(effect: str | None = "Allow", resource: str = "*", **more: Any) -> dict[str, Any]:
    """What an authorizer answers; without an effect its policy has no statements."""
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource}
    document = {"Version": "2012-10-17", "Statement": [] if effect is None else [statement]}
    return {"principalId": "alice", "policyDocument": document, **more}


def answers(value: Any) -> Callable[[Any, Any], Any]:
    """A function that always answers so."""
    return lambda event, context: value


def raises(error: Exception) -> Callable[[Any, Any], Any]:
    """A function that always raises."""

    def handler(event: Any, context: Any) -> Any:
        raise error

    return handler


def fn() -> dict[str, Any]:
    """A function, whose code is nowhere."""
    given = {"Handler": "app.handler", "Runtime": "python3.11", "Role": "role", "Code": {"S3Bucket": "b", "S3Key": "k"}}
    return {"Type": "AWS::Lambda::Function", "Properties": given}


def permission(function: str) -> dict[str, Any]:
    """API Gateway may invoke a function."""
    given = {
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "FunctionName": {"Ref": function},
    }
    return {"Type": "AWS::Lambda::Permission", "Properties": given}


def arn_of(function: str) -> dict[str, str]:
    """The URI of an integration or authorizer."""
    start = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    return {"Fn::Sub": start + "${" + function + ".Arn}/invocations"}


def without(resources: Resources, *names: str) -> Resources:
    """The API without some resources."""
    return {name: one for name, one in resources.items() if name not in names}


def rest(
    authorizer: Mapping[str, Any] | None = None,
    method: Mapping[str, Any] | None = None,
    api: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Resources:
    """A REST API with GET /orders and GET /items, which the authorizer `Auth` guards where there is one."""
    kind = (authorizer or {}).get("Type", "TOKEN")
    mode = {"COGNITO_USER_POOLS": "COGNITO_USER_POOLS", "JWT": "JWT"}.get(kind, "CUSTOM")
    guard = (
        {"AuthorizationType": "NONE"}
        if authorizer is None
        else {"AuthorizationType": mode, "AuthorizerId": {"Ref": "Auth"}}
    )
    stage = {"RestApiId": {"Ref": "Api"}, "StageName": "prod"}
    made: Resources = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "api", **(api or {})}},
        "Prod": {"Type": "AWS::ApiGateway::Stage", "Properties": stage},
        "Backend": fn(),
        "BackendPermission": permission("Backend"),
        "Authorizer": fn(),
        "AuthorizerPermission": permission("Authorizer"),
        **_rest_method("orders", {**guard, **(method or {})}),
        **_rest_method("items", {**guard, **(method or {})}),
    }
    if authorizer is not None:
        made["Auth"] = {"Type": "AWS::ApiGateway::Authorizer", "Properties": _rest_authorizer(authorizer)}
    return made | (dict(more) if more else {})


def proxy() -> Resources:
    """A method for all other paths."""
    return _rest_method("{proxy+}", {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "Auth"}})


def _rest_authorizer(given: Mapping[str, Any]) -> dict[str, Any]:
    usual: dict[str, Any] = {"RestApiId": {"Ref": "Api"}, "Name": "auth", "Type": "TOKEN", "IdentitySource": HEADER}
    if given.get("Type", "TOKEN") in ("TOKEN", "REQUEST"):
        usual |= {"AuthorizerUri": arn_of("Authorizer"), "AuthorizerResultTtlInSeconds": 0}
    return usual | dict(given)


def _rest_method(path: str, given: Mapping[str, Any]) -> Resources:
    name = path.strip("{}+")
    integration = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": arn_of("Backend")}
    resource = {"RestApiId": {"Ref": "Api"}, "ParentId": {"Fn::GetAtt": "Api.RootResourceId"}, "PathPart": path}
    usual = {
        "RestApiId": {"Ref": "Api"},
        "ResourceId": {"Ref": f"At{name}"},
        "HttpMethod": "GET",
        "Integration": integration,
    }
    return {
        f"At{name}": {"Type": "AWS::ApiGateway::Resource", "Properties": resource},
        f"Get{name}": {"Type": "AWS::ApiGateway::Method", "Properties": {**usual, **given}},
    }


def http(
    authorizer: Mapping[str, Any] | None = None,
    route: Mapping[str, Any] | None = None,
    integration: Mapping[str, Any] | None = None,
) -> Resources:
    """An HTTP API with GET /orders and GET /items, which the authorizer `Auth` guards where there is one."""
    kind = (authorizer or {}).get("AuthorizerType", "REQUEST")
    guard = {"AuthorizationType": "JWT" if kind == "JWT" else "CUSTOM", "AuthorizerId": {"Ref": "Auth"}}
    target = {"IntegrationType": "AWS_PROXY", "PayloadFormatVersion": "2.0", "IntegrationUri": arn_of("Backend")}
    given = {
        "Target": {"Fn::Sub": "integrations/${Target}"},
        **(guard if authorizer is not None else {}),
        **(route or {}),
    }
    made: Resources = {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "api", "ProtocolType": "HTTP"}},
        "Default": _v2("Stage", StageName="$default"),
        "Target": _v2("Integration", **target | dict(integration or {})),
        "Backend": fn(),
        "BackendPermission": permission("Backend"),
        "Authorizer": fn(),
        "AuthorizerPermission": permission("Authorizer"),
        "Orders": _v2("Route", RouteKey="GET /orders", **given),
        "Items": _v2("Route", RouteKey="GET /items", **given),
    }
    if authorizer is not None:
        made["Auth"] = _v2("Authorizer", **_v2_authorizer(authorizer))
    return made


def _v2_authorizer(given: Mapping[str, Any]) -> dict[str, Any]:
    usual: dict[str, Any] = {"Name": "auth", "AuthorizerType": "REQUEST", "IdentitySource": SOURCE}
    if given.get("AuthorizerType", "REQUEST") == "REQUEST":
        usual |= {"AuthorizerPayloadFormatVersion": "2.0", "AuthorizerUri": arn_of("Authorizer")}
    return usual | dict(given)


def websocket(authorizer: Mapping[str, Any] | None = None, route: Mapping[str, Any] | None = None) -> Resources:
    """A WebSocket API with the route $connect."""
    given = {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "Auth"}, **(route or {})}
    usual = {"IdentitySource": ["route.request.querystring.token"], "AuthorizerUri": arn_of("Authorizer")}
    api = {"Name": "api", "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.action"}
    return {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": api},
        "Prod": _v2("Stage", StageName="prod"),
        "Target": _v2("Integration", IntegrationType="AWS_PROXY", IntegrationUri=arn_of("Backend")),
        "Backend": fn(),
        "BackendPermission": permission("Backend"),
        "Authorizer": fn(),
        "AuthorizerPermission": permission("Authorizer"),
        "Auth": _v2("Authorizer", Name="auth", AuthorizerType="REQUEST", **usual | dict(authorizer or {})),
        "Connect": _v2("Route", RouteKey="$connect", Target={"Fn::Sub": "integrations/${Target}"}, **given),
    }


def _v2(kind: str, **given: Any) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": {"ApiId": {"Ref": "Api"}, **given}}


def execution(*texts: str) -> tuple[str, ...]:
    """Lines of an execution log, of the request RID."""
    return tuple(f"2026-10-05T12:00:00.000Z ({RID}) {text}" for text in texts)


def access(**fields: object) -> tuple[str, ...]:
    """A line of an access log, of the request RID; two underscores in a name are its dot."""
    named = {name.replace("__", "."): str(value) for name, value in fields.items()}
    return (json.dumps({"requestId": RID, **named}),)
