"""The worked example of tests for a template of one's own, run as its README says."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from authorizer.tools.function_environment import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = PROJECT / "examples" / "layer-user"
DOCUMENTED = re.compile(r"```python\n(# test_orders\.py.*?)```", re.DOTALL)
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Pool, AllowedOAuthScopes: [orders/read]}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Auth:
        DefaultAuthorizer: own
        Authorizers:
          own: {FunctionArn: !GetAtt Authorizer.Arn, FunctionPayloadType: REQUEST, Identity: {Headers: [Authorization]}}
  Authorizer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: authorizer.handler.rest
      CodeUri: .
      Environment:
        Variables:
          AUTHORIZER_USER_POOL_ID: !Ref Pool
          AUTHORIZER_CLIENT_IDS: !Ref Client
          AUTHORIZER_TOKEN_USE: access
          AUTHORIZER_SCOPES: orders/read
          AUTHORIZER_CACHE_TTL: "300"
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: orders.handler
      CodeUri: src/
      Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Api, Method: GET, Path: "/orders/{id}"}}}
"""


def ran(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--show-capture=no"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def passed(folder: Path) -> int:
    """How many tests pass; all have to."""
    run = ran(folder)
    found = re.search(r"(\d+) passed in", run.stdout)
    assert run.returncode == 0, run.stdout[-2000:]
    assert found is not None
    return int(found[1])


def test_example_passes() -> None:
    assert passed(EXAMPLE) >= 9


def test_documented_example_passes(tmp_path: Path) -> None:
    found = DOCUMENTED.search((PROJECT / "docs" / "local-gateway.md").read_text("utf-8"))
    assert found is not None
    (tmp_path / "template.yaml").write_text(TEMPLATE, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\ngateway_template = template.yaml\n", "utf-8")
    (tmp_path / "test_orders.py").write_text(found[1], "utf-8")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "orders.py").write_text(
        'def handler(event, context):\n    return {"statusCode": 200, "body": "{}"}\n'
    )
    assert passed(tmp_path) == 6


def test_mark_names_what_it_does_not_know(tmp_path: Path) -> None:
    code = "import pytest\n\n@pytest.mark.gateway(override={})\ndef test_it(gateway):\n    pass\n"
    (tmp_path / "test_it.py").write_text(code, "utf-8")
    run = ran(tmp_path)
    assert run.returncode != 0
    assert "the mark gateway takes no override, but template, parameters," in run.stdout
