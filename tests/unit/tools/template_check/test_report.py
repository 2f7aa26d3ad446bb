"""Templates of SAM with settings in files, and what the words of each place are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.template import read_template
from authorizer.tools.template_check.report import Report, report

if TYPE_CHECKING:
    from pathlib import Path

ISSUER = """
[[issuer]]
kind = "cognito"
user_pool_id = "eu-west-1_AbCdEfGhI"
client_ids = ["a"]
token_use = ["access"]
"""
ROUTE = """
[[route]]
match = "GET /orders/{id}"
scopes = ["orders:read"]
"""
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Ours
        Authorizers:
          Ours:
            FunctionArn: !GetAtt Auth.Arn
            AuthorizerPayloadFormatVersion: "2.0"
            EnableSimpleResponses: true
            Identity: {Headers: [Authorization], ReauthorizeEvery: TTL}
  Auth:
    Type: AWS::Serverless::Function
    Properties:
      Handler: authorizer.handler.http
      Runtime: python3.13
      CodeUri: code/
      Environment: {Variables: {VARIABLES}}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: orders.handler
      Runtime: python3.13
      CodeUri: code/
      Events:
        Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "ROUTE"}}
"""


def checked(
    folder: Path,
    rules: str = ROUTE,
    *,
    ttl: int = 0,
    variables: str = "",
    route: str = "/orders/{id}",
    where: str = "code",
) -> Report:
    (folder / "code").mkdir()
    (folder / where / "authorizer.toml").write_text(ISSUER + rules, "utf-8")
    text = TEMPLATE.replace("TTL", str(ttl)).replace("VARIABLES", variables).replace("ROUTE", route)
    (folder / "template.yaml").write_text(text, "utf-8")
    return report(read_template(folder / "template.yaml"))


def codes(found: Report) -> list[str]:
    return [one.code for one in found.findings]


@pytest.mark.parametrize("where", ["code", "."])
def test_settings_are_beside_the_code_or_the_template(where: str, tmp_path: Path) -> None:
    found = checked(tmp_path, where=where)
    assert (codes(found), found.checked[0].own.origin) == ([], "authorizer.toml")
    assert found.files() == {(tmp_path / where / "authorizer.toml").resolve()}


def test_file_that_is_not_there(tmp_path: Path) -> None:
    found = checked(tmp_path, variables='AUTHORIZER_CONFIG_FILE: "other.toml"')
    assert codes(found) == ["settings_wrong"]
    assert not found.ok


def test_words_of_sam(tmp_path: Path) -> None:
    found = checked(tmp_path, ttl=60, variables='AUTHORIZER_CACHE_TTL: "60"')
    (error,) = found.findings
    assert error.code == "route_not_in_key"
    assert error.fix == ("Identity:", "  Headers: [Authorization]", "  Context: [path, routeKey]")


def test_one_requirement_needs_no_route(tmp_path: Path) -> None:
    found = checked(tmp_path, "[require]\nany_valid_token = true\n", ttl=60, variables='AUTHORIZER_CACHE_TTL: "60"')
    assert codes(found) == []


def test_function_that_knows_nothing_is_told_the_number(tmp_path: Path) -> None:
    found = checked(tmp_path, "[require]\nany_valid_token = true\n", ttl=60)
    (error,) = found.findings
    assert (error.code, error.fix[-1]) == ("ttl_differs", '    AUTHORIZER_CACHE_TTL: "60"')


def test_routes_and_rules_that_do_not_meet(tmp_path: Path) -> None:
    found = checked(tmp_path, route="/bills/{id}")
    assert codes(found) == ["route_without_rule", "rule_without_route"]
    assert found.ok


def test_route_without_rule_is_an_error_where_there_is_none(tmp_path: Path) -> None:
    found = checked(tmp_path, ROUTE + "[paths]\ncomplete = true\n", route="/bills/{id}")
    assert not found.ok


def test_rule_for_a_part_of_a_route(tmp_path: Path) -> None:
    assert codes(checked(tmp_path, route="/{proxy+}")) == []


def test_public_route_is_asked_for_its_source(tmp_path: Path) -> None:
    found = checked(tmp_path, '[[route]]\nmatch = "GET /orders/{id}"\npublic = true\n')
    assert codes(found) == ["public_route_needs_source"]
