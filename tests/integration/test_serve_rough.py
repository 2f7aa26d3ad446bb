"""Rough clients and rough functions: whatever they do, the server goes on serving."""

from __future__ import annotations

import http.client
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from authorizer.tools.local_stack import LocalStack, StackOptions
from authorizer.tools.serve.application import application
from authorizer.tools.serve.line_log import LineLog
from authorizer.tools.serve.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Rest:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Auth:
        DefaultAuthorizer: own
        Authorizers: {own: {FunctionArn: !GetAtt Own.Arn, Identity: {ReauthorizeEvery: 0}}}
  Http:
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
            Identity: {Headers: [Authorization]}
  Own:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Timeout: 1
      InlineCode: |
        import os, threading
        def handler(event, context):
            token = event.get("authorizationToken") or event["headers"]["authorization"]
            if token == "exit":
                os._exit(3)
            if token == "hang":
                threading.Event().wait()
            if token == "raise":
                raise RuntimeError("a secret")
            if token == "garbage":
                return {"policyDocument": {"Statement": [{"Effect": "Perhaps"}]}}
            if token == "object":
                return object()
            if "methodArn" not in event:
                return {"isAuthorized": token == "yes"}
            statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": event["methodArn"]}
            return {"principalId": "p", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
  Backend:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: backend.handler
      CodeUri: nowhere/
      Events:
        Rest: {Type: Api, Properties: {RestApiId: !Ref Rest, Method: GET, Path: /orders}}
        Http: {Type: HttpApi, Properties: {ApiId: !Ref Http, Method: GET, Path: /orders}}
"""
ROUGH = ["exit", "hang", "raise", "garbage", "object"]
PATHS = ["/Rest/v1/orders", "/Http/orders"]
CLIENTS = 100


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    file = tmp_path_factory.mktemp("rough") / "template.yaml"
    file.write_text(TEMPLATE, "utf-8")
    log = LineLog(quiet=True, write=lambda _: None)
    with ExitStack() as opened:
        stack = opened.enter_context(LocalStack(StackOptions(template=file)))
        server = opened.enter_context(Server(application(stack.gateway, stack.gateway, log=log), port=0, log=log))
        parts = urlsplit(server.url)
        yield str(parts.hostname), int(parts.port or 0)


def get(address: tuple[str, int], path: str, token: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection(*address, timeout=60)) as connection:
        connection.request("GET", path, headers={"Authorization": token})
        response = connection.getresponse()
        return response.status, response.read()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", ROUGH)
def test_rough_function_is_a_500_and_the_next_call_passes(address: tuple[str, int], path: str, token: str) -> None:
    body = b'{"message":null}' if path.startswith("/Rest") else b'{"message":"Internal Server Error"}'
    assert get(address, path, token) == (500, body)
    assert get(address, path, "yes")[0] == 200


def test_a_hundred_clients_get_their_own_answers(address: tuple[str, int]) -> None:
    asked = [(path, token) for path in PATHS for token in ("yes", "raise")] * (CLIENTS // 4)
    with ThreadPoolExecutor(CLIENTS) as clients:
        statuses = list(clients.map(lambda one: get(address, *one)[0], asked))
    assert statuses == [200 if token == "yes" else 500 for _, token in asked]


MALFORMED = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
    b"GET\r\n\r\n",
    b"GET /Rest/v1/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + b"x" * 70_000 + b"\r\n\r\n",
    b"GET /Rest/v1/orders HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 3000 + b"\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"POST /Http/orders HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET /Rest/v1/\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /Rest/v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
]


@pytest.mark.parametrize("number", range(len(MALFORMED)))
def test_malformed_request_gets_an_answer_or_an_end_and_the_next_one_passes(
    address: tuple[str, int], number: int
) -> None:
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(MALFORMED[number])
        connection.shutdown(socket.SHUT_WR)
        said = connection.recv(65536)
    assert not said or said.startswith(b"HTTP/1.1 4")
    assert get(address, PATHS[0], "yes")[0] == 200
