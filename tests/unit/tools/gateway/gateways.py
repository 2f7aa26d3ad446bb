"""Templates of small APIs, functions that answer without a process, and calls as an API has received them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from authorizer.surface import Api as Kind
from authorizer.tools.gateway.called_api import CalledApi
from authorizer.tools.gateway.message import HttpRequest, HttpResponse
from authorizer.tools.gateway.received import Received
from authorizer.tools.invocation import Invocation, failed, read_invocation
from authorizer.tools.local_stack import LocalStack, StackOptions
from authorizer.tools.template import ApiRoute, Document, Place, read_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from authorizer.tools.gateway.local_api import Record

    Resources = Mapping[str, Mapping[str, Any]]

NOW: Final = 1_800_000_000.0
TOKEN: Final = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"
ARN: Final = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234"
HEADER: Final = "method.request.header.Authorization"
_STAGES: Final = {Kind.REST: "prod", Kind.HTTP: "$default", Kind.WEBSOCKET: "prod"}


def called(kind: Kind = Kind.REST, **changes: Any) -> CalledApi:
    """An API with one stage, which has one variable."""
    made = CalledApi(
        kind=kind,
        logical_id="Api",
        id="abcdef1234",
        arn=ARN,
        account="123456789012",
        region="us-east-1",
        domain="abcdef1234.execute-api.us-east-1.amazonaws.com",
        stages={_STAGES[kind]: {"tier": "gold"}},
    )
    return replace(made, **changes)


def route(name: str = "GET /orders/{id}", **given: Any) -> ApiRoute:
    """A route by its name: `GET /orders/{id}`, `$default`."""
    method, _, path = name.rpartition(" ")
    return ApiRoute(method=method or "ANY", path=path, place=Place("Api"), **given)


def received(kind: Kind = Kind.REST, request: HttpRequest | None = None, **given: Any) -> Received:
    """`GET /orders/1` of the route `GET /orders/{id}`, where nothing else is said."""
    usual: dict[str, Any] = {
        "request": request or HttpRequest(target="/orders/1"),
        "api": called(kind),
        "stage": _STAGES[kind],
        "path": "/orders/1",
        "at": NOW,
        "request_id": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "route": route(),
        "parameters": {"id": "1"},
    }
    return Received(**usual | given)


def sent(*headers: tuple[str, str], method: str = "GET", target: str = "/orders/1", body: bytes = b"") -> HttpRequest:
    """A request with these headers."""
    return HttpRequest(method=method, target=target, headers=headers, body=body)


def answered(document: Any) -> Invocation:
    """An invocation that answered."""
    return Invocation(document=document, error=None, output=b"", seconds=0.1)


def raised(message: str, kind: str = "Exception") -> Invocation:
    """An invocation that raised."""
    return failed(kind, message, b"", 0.1)


class Functions:
    """All functions there are: each gives what it is told to, in order, and the last of it again and again."""

    def __init__(self, *invocations: Any) -> None:
        self.left = [one if isinstance(one, Invocation) else answered(one) for one in invocations]
        self.events: list[Any] = []
        self.patience: list[float] = []

    @property
    def event(self) -> Any:
        return self.events[-1]

    def invoke(self, logical_id: str, event: Mapping[str, Any], patience: float) -> Invocation:
        self.events.append(json.loads(json.dumps(event)))
        self.patience.append(patience)
        return self.left.pop(0) if len(self.left) > 1 else self.left[0]


class Handler:
    """A handler that counts, and answers or raises."""

    def __init__(self, answer: Any = None, *, error: str | None = None) -> None:
        self.answer = answer
        self.error = error
        self.events: list[Any] = []

    @property
    def event(self) -> Any:
        return self.events[-1]

    def __call__(self, event: Any, context: object) -> Any:
        self.events.append(event)
        if self.error is not None:
            raise RuntimeError(self.error)
        return self.answer(event) if callable(self.answer) else self.answer


def policy(effect: str | None = "Allow", resource: Any = "*", **more: Any) -> dict[str, Any]:
    """What an authorizer answers; without an effect its policy has no statements."""
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource}
    document = {"Version": "2012-10-17", "Statement": [] if effect is None else [statement]}
    return {"principalId": "alice", "policyDocument": document, **more}


def document(folder: Path, resources: Resources, **parameters: str) -> Document:
    """What is read from a template with these resources."""
    return read_template(template(folder, resources), parameters)


def template(folder: Path, resources: Resources, **sections: Any) -> Path:
    """The file of a template with these resources."""
    file = folder / "template.yaml"
    file.write_text(json.dumps({"Resources": resources, **sections}), "utf-8")
    return file


def invocation_of(document: Any) -> Invocation:
    """As the bytes of a runtime would be read."""
    return read_invocation(json.dumps(document).encode(), b"", 0.1)


def fn(**properties: Any) -> dict[str, Any]:
    """A function, whose code is nowhere."""
    given = {"Handler": "app.handler", "Runtime": "python3.11", "Role": "role", "Code": {"S3Bucket": "b", "S3Key": "k"}}
    return {"Type": "AWS::Lambda::Function", "Properties": given | properties}


def permission(function: Any, source: Any = None) -> dict[str, Any]:
    """API Gateway may invoke a function, for a source or for any."""
    given = {"Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com", "FunctionName": function}
    return {"Type": "AWS::Lambda::Permission", "Properties": given | ({} if source is None else {"SourceArn": source})}


def arn_of(function: str) -> dict[str, str]:
    """The URI of an integration or authorizer."""
    start = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    return {"Fn::Sub": start + "${" + function + ".Arn}/invocations"}


def rest_method(path: str = "orders", method: str = "GET", **given: Any) -> dict[str, dict[str, Any]]:
    """A resource below the root with a method, both named by path and method; `Backend` answers it."""
    integration = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": arn_of("Backend")}
    usual = {
        "RestApiId": {"Ref": "Api"},
        "ResourceId": {"Ref": f"At{_letters(path)}"},
        "HttpMethod": method,
        "AuthorizationType": "NONE",
        "Integration": integration,
    }
    resource = {"RestApiId": {"Ref": "Api"}, "ParentId": {"Fn::GetAtt": "Api.RootResourceId"}, "PathPart": path}
    return {
        f"At{_letters(path)}": {"Type": "AWS::ApiGateway::Resource", "Properties": resource},
        f"{_letters(path)}{method}": {"Type": "AWS::ApiGateway::Method", "Properties": usual | given},
    }


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).capitalize()


def guarded(kind: str = "CUSTOM", **given: Any) -> dict[str, Any]:
    """The properties of a method or route that `Auth` guards."""
    return {"AuthorizationType": kind, "AuthorizerId": {"Ref": "Auth"}, **given}


def rest_api(**properties: Any) -> dict[str, dict[str, Any]]:
    """A REST API without methods, its stage `prod`, and the function `Backend` that it may invoke."""
    stage = {"RestApiId": {"Ref": "Api"}, "StageName": "prod", "Variables": {"tier": "gold"}}
    return {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "api", **properties}},
        "Prod": {"Type": "AWS::ApiGateway::Stage", "Properties": stage},
        "Backend": fn(),
        "BackendPermission": permission({"Ref": "Backend"}),
    }


def rest_authorizer(kind: str = "TOKEN", **given: Any) -> dict[str, dict[str, Any]]:
    """The authorizer `Auth` of a REST API, and its function, which may be invoked."""
    usual = {"RestApiId": {"Ref": "Api"}, "Name": "auth", "Type": kind, "IdentitySource": HEADER}
    made = usual | {"AuthorizerUri": arn_of("Authorizer"), "AuthorizerResultTtlInSeconds": 0} | given
    return {
        "Auth": {"Type": "AWS::ApiGateway::Authorizer", "Properties": made},
        "Authorizer": fn(),
        "AuthorizerPermission": permission({"Ref": "Authorizer"}),
    }


def http_api(**properties: Any) -> dict[str, dict[str, Any]]:
    """An HTTP API without routes, its stage `$default`, and the function `Backend` behind an integration."""
    target = {"IntegrationType": "AWS_PROXY", "PayloadFormatVersion": "2.0", "IntegrationUri": arn_of("Backend")}
    given = {"Name": "api", "ProtocolType": "HTTP", **properties}
    return {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": given},
        "Default": _v2("Stage", StageName="$default", StageVariables={"tier": "gold"}),
        "Target": _v2("Integration", **target),
        "Backend": fn(),
        "BackendPermission": permission({"Ref": "Backend"}),
    }


def http_route(key: Any, **given: Any) -> dict[str, Any]:
    """A route of an HTTP or WebSocket API."""
    return _v2("Route", RouteKey=key, Target={"Fn::Sub": "integrations/${Target}"}, **given)


def http_authorizer(**given: Any) -> dict[str, dict[str, Any]]:
    """The Lambda authorizer `Auth` of an HTTP or WebSocket API, and its function, which may be invoked."""
    usual = {"Name": "auth", "AuthorizerType": "REQUEST", "AuthorizerPayloadFormatVersion": "2.0"}
    more = {"IdentitySource": ["$request.header.Authorization"], "AuthorizerUri": arn_of("Authorizer")}
    return {
        "Auth": _v2("Authorizer", **usual | more | given),
        "Authorizer": fn(),
        "AuthorizerPermission": permission({"Ref": "Authorizer"}),
    }


def websocket_api(*keys: str, **connect: Any) -> dict[str, dict[str, Any]]:
    """A WebSocket API with these routes, its stage `prod`, and the function `Backend` behind all of them."""
    api = {"Name": "api", "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.action"}
    routes = {f"Route{_letters(key)}": http_route(key, **connect if key == "$connect" else {}) for key in keys}
    return {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": api},
        "Prod": _v2("Stage", StageName="prod"),
        "Target": _v2("Integration", IntegrationType="AWS_PROXY", IntegrationUri=arn_of("Backend")),
        "Backend": fn(),
        "BackendPermission": permission({"Ref": "Backend"}),
        **routes,
    }


def _v2(kind: str, **given: Any) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": {"ApiId": {"Ref": "Api"}, **given}}


class Running:
    """A stack with its functions' handlers, and the records of its calls."""

    def __init__(self, stack: LocalStack, records: list[Record]) -> None:
        self.stack = stack
        self.gateway = stack.gateway
        self.records = records

    def call(self, target: str = "/Api/prod/orders", *headers: tuple[str, str], **given: Any) -> HttpResponse:
        """The response to a request."""
        return self.gateway.handle(sent(*headers, target=target, **given))


@contextmanager
def running(
    folder: Path,
    resources: Resources,
    overrides: Mapping[str, Callable[[Any, Any], Any]] | None = None,
    **options: Any,
) -> Iterator[Running]:
    """A stack of these resources; functions answer as told, `Backend` with 200 where nothing else is said."""
    records: list[Record] = []
    handlers = {"Backend": Handler({"statusCode": 200, "body": "ok"}), **(overrides or {})}
    usual: dict[str, Any] = {"now": lambda: NOW, "on_call": records.append, "overrides": handlers}
    with LocalStack(StackOptions(template=template(folder, resources), **usual | options)) as stack:
        yield Running(stack, records)
