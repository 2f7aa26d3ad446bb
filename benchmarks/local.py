"""The row about the local gateway: what a test pays for asking the whole API instead of the authorizer alone."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from authorizer.tools.fixture import Gateways
from benchmarks import candidates
from benchmarks.rounds import measure, per_call
from benchmarks.row import Row
from benchmarks.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE: Final = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: own
        Authorizers:
          own:
            FunctionArn: !GetAtt Own.Arn
            AuthorizerPayloadFormatVersion: "2.0"
            EnableSimpleResponses: true
            EnableFunctionDefaultPermissions: true
            Identity: {Headers: [Authorization], ReauthorizeEvery: 0}
  Own:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: authorizer.handler.http, CodeUri: .}
  Backend:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: backend.handler
      CodeUri: .
      Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/orders/{id}"}}}
"""


def backend(_event: Any, _context: object) -> dict[str, Any]:
    """A function that has nothing to do."""
    return {"statusCode": 200}


def local_rows(rounds: int) -> Iterator[Row]:
    """A call of the API through the fixture `gateway`, authorizer and backend in this process, nothing cached."""
    traffic = Traffic.of("RS256")
    answer = candidates.http(candidates.ours_silent(traffic.settings()))
    with TemporaryDirectory() as folder, Gateways() as gateways:
        template = Path(folder, "template.yaml")
        template.write_text(TEMPLATE, "utf-8")
        overrides = {"Own": lambda event, _: answer(event), "Backend": backend}
        gateway = gateways.get(template=template, overrides=overrides)

        def call(token: str) -> None:
            if gateway.get("/orders/1", token=token).status != 200:
                raise AssertionError("the call is not allowed")

        seconds = measure(
            {"ours": per_call(call, traffic.tokens), "other": per_call(answer, traffic.http_events())}, rounds
        )
    name = f"a call through the fixture gateway ({1 / min(seconds['ours']):,.0f}/s at best)"
    yield Row(name=name, against="the authorizer alone", ours=seconds["ours"], other=seconds["other"])
