"""What people who run the server are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.gateway.message import HttpRequest, HttpResponse
from authorizer.tools.local_stack import LocalStack, StackOptions
from authorizer.tools.serve.backend import NOTE_HEADER
from authorizer.tools.serve.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
  Rest:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Auth:
        DefaultAuthorizer: own
        Authorizers: {own: {FunctionArn: !GetAtt Own.Arn, Identity: {ValidationExpression: "[a-z]+"}}}
  Socket: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
  SocketAuthorizer:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Socket
      AuthorizerType: REQUEST
      IdentitySource: [route.request.querystring.token]
      AuthorizerUri: !Sub arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Own.Arn}/invocations
  Connect:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Socket, RouteKey: $connect, AuthorizationType: CUSTOM, AuthorizerId: !Ref SocketAuthorizer}
  Own:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: own.handler
      CodeUri: nowhere/
      Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Rest, Method: GET, Path: /orders}}}
"""
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2ln"


def own(event: dict[str, Any], _: object) -> dict[str, Any]:
    if "authorizationToken" not in event:  # it is the backend, too
        return {"statusCode": 200}
    effect = "Allow" if event["authorizationToken"] == "yes" else "Deny"
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": event["methodArn"]}
    return {"principalId": "jane", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def told(said: list[str]) -> Told:
    return Told(say=said.append)


@pytest.fixture
def stack(told: Told, tmp_path: Path) -> Iterator[LocalStack]:
    (tmp_path / "template.yaml").write_text(TEMPLATE, "utf-8")
    options = StackOptions(template=tmp_path / "template.yaml", overrides={"Own": own}, on_call=told.on_call)
    with LocalStack(options) as found:
        yield found


def request(path: str = "/Rest/v1/orders", **headers: str) -> HttpRequest:
    return HttpRequest(target=path, headers=tuple(headers.items()))


@pytest.mark.parametrize(("token", "note"), [("yes", None), ("no", "ACCESS_DENIED"), ("NO", "UNAUTHORIZED")])
def test_refused_call_has_a_note_with_its_cause(token: str, note: str | None, told: Told, stack: LocalStack) -> None:
    found = told.watch(stack.gateway).handle(request(Authorization=token)).header(NOTE_HEADER)
    assert (found and found.partition(":")[0]) == note


def test_note_is_of_this_call_and_no_other(told: Told, stack: LocalStack) -> None:
    gateway = told.watch(stack.gateway)
    assert gateway.handle(request()).header(NOTE_HEADER)
    assert gateway.handle(request("/")).header(NOTE_HEADER) is None


def test_refused_handshake_has_a_note(told: Told, stack: LocalStack) -> None:
    answer = told.watch(stack.gateway).connect(request("/Socket/prod"))
    assert isinstance(answer, HttpResponse)
    assert (answer.status, bool(answer.header(NOTE_HEADER))) == (401, True)


def test_assumption_is_said_once(told: Told, stack: LocalStack, said: list[str]) -> None:
    gateway = told.watch(stack.gateway)
    for token in ("NO", "NO", "no", "yes"):
        gateway.handle(request(Authorization=token))
    assert len([one for one in said if one.startswith("assumed: ")]) == 1


def test_decision_is_one_short_line(told: Told, said: list[str]) -> None:
    line = {
        "message": "deny: token_expired",
        "decision": "deny",
        "claim": "exp",
        "found": "9 s ago",
        "fix": "Get another.",
    }
    told.on_output("Own", (json.dumps(line) + "\nEND RequestId: 1\n\nhello\n[1]\n{broken\n").encode())
    assert said == [
        "  Own: deny: token_expired; claim exp; found 9 s ago; fix Get another.",
        "  Own: hello",
        "  Own: [1]",
        "  Own: {broken",
    ]


def test_token_in_the_output_of_a_function_is_not_shown(told: Told, said: list[str]) -> None:
    told.on_output("Own", f"got {TOKEN}\n".encode())
    assert said == ["  Own: got [a token]"]


def test_quiet_says_nothing_of_functions(said: list[str]) -> None:
    Told(say=said.append, quiet=True).on_output("Own", b"hello\n")
    assert said == []
