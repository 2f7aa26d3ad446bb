"""The fixture `gateway`, by way of pytest itself, without a socket."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.fixture import Answer, GatewayFixture, Gateways
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: v1}
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, AllowedOAuthScopes: [openid, orders/read], AllowedOAuthFlows: [code]}
  Rest:
    Type: AWS::Serverless::Api
    Properties:
      StageName: !Ref Stage
      Auth:
        Authorizers:
          users: {UserPoolArn: !GetAtt Pool.Arn, AuthorizationScopes: [orders/read]}
          own:
            FunctionArn: !GetAtt Own.Arn
            FunctionPayloadType: TOKEN
            Identity: {ReauthorizeEvery: 300}
  Http:
    Type: AWS::Serverless::HttpApi
  Own:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: own.handler, CodeUri: nowhere/}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: orders.handler
      CodeUri: nowhere/
      Events:
        Native: {Type: Api, Properties: {RestApiId: !Ref Rest, Method: GET, Path: /orders, Auth: {Authorizer: users}}}
        Own: {Type: Api, Properties: {RestApiId: !Ref Rest, Method: ANY, Path: /own, Auth: {Authorizer: own}}}
        Open: {Type: HttpApi, Properties: {ApiId: !Ref Http, Method: POST, Path: /open}}
"""
ASKED: list[dict[str, Any]] = []


def own(event: dict[str, Any], _: object) -> dict[str, Any]:
    ASKED.append(event)
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": event["methodArn"]}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": "jane", "policyDocument": policy, "context": {"tenant": 7}}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("fixture") / "template.yaml"
    file.write_text(TEMPLATE, "utf-8")
    return file


@pytest.fixture(scope="module")
def stacks() -> Iterator[Gateways]:
    with Gateways() as found:
        yield found


@pytest.fixture
def here(stacks: Gateways, template: Path) -> GatewayFixture:
    ASKED.clear()
    return stacks.get(template=template, overrides={"Own": own})


def test_token_of_the_pool_passes(here: GatewayFixture) -> None:
    answer = here.get("/orders", token=here.token(subject="jane"))
    assert (answer.status, answer.authorizer["claims"]["sub"], answer.reason) == (200, "jane", "")


def test_call_without_a_token_has_its_reason(here: GatewayFixture) -> None:
    answer = here.get("/orders")
    assert (answer.status, answer.json()) == (401, {"message": "Unauthorized"})
    assert answer.reason.startswith("UNAUTHORIZED")
    assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"


@pytest.mark.parametrize(("options", "status"), [({"scopes": ["openid"]}, 401), ({"broken": "token_expired"}, 401)])
def test_token_that_does_not_do(options: dict[str, Any], status: int, here: GatewayFixture) -> None:
    assert here.get("/orders", token=here.token(**options)).status == status


def test_override_is_asked_once_and_cached(here: GatewayFixture) -> None:
    answers = [here.call("PUT", "/own", headers={"Authorization": "x"}, body={"a": 1}) for _ in range(2)]
    assert [one.status for one in answers] == [200, 200]
    assert answers[0].authorizer == {"tenant": "7", "principalId": "jane", "integrationLatency": 1}
    assert answers[0].json()["event"]["body"] == '{"a": 1}'
    assert len(ASKED) == 1
    here.flush()
    here.call("PUT", "/own", headers={"Authorization": "x"})
    assert len(ASKED) == 2


def test_each_test_begins_with_an_empty_cache_and_issuers_that_are_up(stacks: Gateways, template: Path) -> None:
    for _ in range(2):
        found = stacks.get(template=template, overrides={"Own": own})
        before = len(ASKED)
        found.call("GET", "/own", headers={"Authorization": "x"})
        assert len(ASKED) == before + 1
        found.outage(down=True)
        assert found.get("/orders", token=found.token()).status == 401  # API Gateway's own authorizer cannot tell


def test_same_stack_serves_again_and_another_does_not(stacks: Gateways, template: Path) -> None:
    first = stacks.get(template=template, overrides={"Own": own})
    assert stacks.get(template=template, overrides={"Own": own}) is first
    other = stacks.get(template=template, parameters={"Stage": "v2"})
    assert other is not first
    answers = [one.get("/orders", token=one.token()) for one in (first, other)]
    assert [one.json()["event"]["requestContext"]["stage"] for one in answers] == ["v1", "v2"]


def test_other_api_and_other_methods_can_be_called(here: GatewayFixture) -> None:
    assert here.api("Http").post("/open", body=b"x").json()["event"]["body"] == "x"
    assert here.api("Http").get("/open").status == 404
    with pytest.raises(CommandError):
        here.api("None")


def test_unknown_issuer_of_tokens_is_an_error(here: GatewayFixture) -> None:
    with pytest.raises(CommandError):
        here.token(issuer="nobody")


def test_clock_is_the_tests_own(stacks: Gateways, template: Path) -> None:
    times = [1_800_000_000.0]
    found = stacks.get(template=template, now=lambda: times[0])
    token = found.token(lifetime=60)
    statuses = []
    for later in (0, 59, 60):
        times[0] = 1_800_000_000.0 + later
        statuses.append(found.get("/orders", token=token).status)
    assert statuses == [200, 200, 401]


def test_nothing_listens_and_nothing_connects(here: GatewayFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    answers: list[Answer] = [
        here.get("/orders", token=here.token()),
        here.get("/own", headers={"Authorization": "y"}),
        here.get("/none"),
    ]
    assert [one.status for one in answers] == [200, 200, 403]


def test_token_is_not_shown(here: GatewayFixture) -> None:
    answer = here.get("/orders", token=here.token())
    assert "eyJ" not in repr(answer) + answer.text


def test_override_of_no_function_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE, "utf-8")
    with Gateways() as stacks, pytest.raises(CommandError, match="no function Ownn to override") as caught:
        stacks.get(template=file, overrides={"Ownn": own})
    assert caught.value.hint == "its functions: Orders, Own"
