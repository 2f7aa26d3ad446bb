"""Reports on a template of CloudFormation with one HTTP API and one authorizer of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.template import read_template
from authorizer.tools.template_check.finding import Severity
from authorizer.tools.template_check.report import Report, report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Reporting = Callable[..., Report]

SETTINGS = """
[[issuer]]
kind = "oidc"
issuer = "https://i.example.com"
audience = ["a"]
[[route]]
match = "GET /me"
any_valid_token = true
[[route]]
match = "GET /admin"
scopes = ["admin"]
"""
TEMPLATE = """
Parameters: {P: {Type: String}}
Conditions: {C: !Equals [!Ref P, x]}
Resources:
  Auth:
    Type: AWS::Lambda::Function
    Properties:
      Handler: authorizer.handler.http
      Environment: {Variables: {AUTHORIZER_CACHE_TTL: "300"}}
  Other: {Type: AWS::Lambda::Function, Properties: {Handler: other.handler}}
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  Az:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      AuthorizerType: REQUEST
      AuthorizerPayloadFormatVersion: "2.0"
      EnableSimpleResponses: true
      IdentitySource: [$request.header.Authorization, $context.routeKey]
      AuthorizerResultTtlInSeconds: 300
      AuthorizerUri: !GetAtt Auth.Arn
  Me: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /me, AuthorizationType: CUSTOM,
      AuthorizerId: !Ref Az}}
  Admin: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /admin,
      AuthorizationType: CUSTOM, AuthorizerId: !Ref Az}}
"""


@pytest.fixture
def reporting(tmp_path: Path) -> Reporting:
    """The report on the template with one text replaced after another."""

    def reported(*edits: tuple[str, str], settings: str = SETTINGS, **parameters: str) -> Report:
        text = TEMPLATE
        for old, new in edits:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (tmp_path / "authorizer.toml").write_text(settings, "utf-8")
        (tmp_path / "template.yaml").write_text(text, "utf-8")
        return report(read_template(tmp_path / "template.yaml", parameters))

    return reported


def errors(found: Report) -> list[str]:
    """The codes of its errors."""
    return [one.code for one in found.findings if one.severity is Severity.ERROR]
