"""What is not documented is said when a call depends on it, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.gateway.assumptions import ALL, Assumption, Once
from authorizer.tools.gateway.message import HttpRequest
from authorizer.tools.local_issuer.minting import MintRequest, minted
from authorizer.tools.local_stack import LocalStack, StackOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from authorizer.tools.gateway.local_api import Record

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
  Rest:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Auth:
        Authorizers:
          users: {UserPoolArn: !GetAtt Pool.Arn}
          own: {FunctionArn: !GetAtt Own.Arn, Identity: {ValidationExpression: "[a-z]+", ReauthorizeEvery: 0}}
  Http:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        Authorizers:
          users:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: !GetAtt Pool.ProviderURL, audience: [local]}
          own:
            FunctionArn: !GetAtt Own.Arn
            AuthorizerPayloadFormatVersion: "2.0"
            EnableFunctionDefaultPermissions: true
  Socket: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
  Own:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: own.handler
      CodeUri: nowhere/
      Events:
        A: {Type: Api, Properties: {RestApiId: !Ref Rest, Method: GET, Path: /own, Auth: {Authorizer: own}}}
        B:
          Type: Api
          Properties:
            RestApiId: !Ref Rest
            Method: GET
            Path: /users
            Auth: {Authorizer: users, AuthorizationScopes: [a/b]}
        C: {Type: HttpApi, Properties: {ApiId: !Ref Http, Method: GET, Path: /own, Auth: {Authorizer: own}}}
        D:
          Type: HttpApi
          Properties:
            ApiId: !Ref Http
            Method: GET
            Path: /users
            Auth: {Authorizer: users, AuthorizationScopes: [a/b]}
        E: {Type: Api, Properties: {RestApiId: !Ref Rest, Method: GET, Path: /open}}
"""


def own(event: dict[str, Any], _: object) -> dict[str, Any]:
    if "type" in event:
        raise ValueError("Unauthorized")
    return {"statusCode": 200}


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return []


@pytest.fixture(scope="module")
def stack(records: list[Record], tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    file = tmp_path_factory.mktemp("assumed") / "template.yaml"
    file.write_text(TEMPLATE, "utf-8")
    with LocalStack(StackOptions(template=file, overrides={"Own": own}, on_call=records.append)) as found:
        yield found


def token(stack: LocalStack, **options: Any) -> str:
    asked = MintRequest(client_id="local", **{"scopes": ("x/y",), **options})
    return "Bearer " + minted(next(iter(stack.issuers)), asked, stack.now())


CALLS: list[tuple[str, dict[str, Any] | str | None, set[Assumption]]] = [
    ("/Rest/v1/users", {"lifetime": -10}, {Assumption.EXPIRED}),
    ("/Rest/v1/users", {}, {Assumption.REST_SCOPE}),
    ("/Rest/v1/users", {"scopes": ("a/b",)}, set()),
    ("/Rest/v1/users", None, set()),
    ("/Http/users", {}, {Assumption.NO_CHALLENGE}),
    ("/Http/users", {"lifetime": -10}, set()),
    ("/Http/own", "x", {Assumption.HTTP_RAISE}),
    ("/Rest/v1/own", "x", set()),
    ("/Rest/v1/own", "X", {Assumption.VALIDATION}),
    ("/Rest/v1/own", None, {Assumption.IDENTITY}),
    ("/Rest/v1/open", "x" * 10_300, {Assumption.HEADERS}),
    ("/Rest/v1/open/", None, {Assumption.TRAILING_SLASH}),
    ("/Rest/v1/open", None, set()),
]


@pytest.mark.parametrize(("path", "sent", "assumed"), CALLS)
def test_call_depends_on_these(
    path: str, sent: dict[str, Any] | str | None, assumed: set[Assumption], stack: LocalStack, records: list[Record]
) -> None:
    value = token(stack, **sent) if isinstance(sent, dict) else sent
    headers = () if value is None else (("Authorization", value),)
    records.clear()
    stack.gateway.handle(HttpRequest(target=path, headers=headers))
    said: list[str] = []
    once = Once(said.append)
    for _ in range(2):
        once.note(records[-1], stack.gateway.calls[path.split("/")[1]].api)
    assert said == [f"assumed: {one.value}" for one in ALL if one in assumed]


def test_refused_handshake_depends_on_one(stack: LocalStack, records: list[Record]) -> None:
    records.clear()
    stack.gateway.connect(HttpRequest(target="/Socket/nowhere"))
    said: list[str] = []
    Once(said.append).note(records[-1], stack.gateway.calls["Socket"].api)
    assert said == [f"assumed: {Assumption.HANDSHAKE.value}"]
