"""`authorizer doctor template`: what it prints in each form, and how it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.tools.cli import commands, run
from authorizer.tools.doctor.catalogue import catalogue
from authorizer.tools.doctor.sarif import sarif
from authorizer.tools.template import Place
from authorizer.tools.template_check.finding import Finding, Severity

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = """
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
            Identity: {Headers: [Authorization]}
  Own:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: own.handler
      CodeUri: s3://bucket/own.zip
  Backend:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      CodeUri: s3://bucket/backend.zip
      Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: /orders}}}
"""
CODE = "authorizer_permission_missing"
UNREADABLE = ["[", "a: b", "\x00", "Resources: []", "openapi: 3.0.1", "Resources: {A: {Type: AWS::S3::Bucket}}", ""]


def status(file: Path, *options: str) -> int:
    return run(commands, "authorizer", ["doctor", "template", str(file), *options])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(BROKEN, "utf-8")
    return tmp_path / "template.yaml"


def test_finding_is_told_with_its_place_and_its_fix(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(broken) == 1
    said = capsys.readouterr().out
    assert f"error {CODE}: {catalogue()[CODE].title}" in said
    assert "EnableFunctionDefaultPermissions: true" in said
    assert "(line " in said


def test_json_has_what_the_screen_has(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(broken, "--json") == 1
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    found = next(one for one in document["findings"] if one["code"] == CODE)
    assert (found["severity"], found["docs"]) == ("error", f"docs/troubleshooting.md#{CODE}")
    assert {"place", "line", "found", "right", "fix", "title", "client_sees", "why", "source", "remedy"} <= found.keys()
    assert (document["apis"], document["routes"], document["not_checked"]) == (1, 1, [])


def test_sarif_names_rule_and_line(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(broken, "--sarif") == 1
    log: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    (made,) = log["runs"]
    rules = [rule["id"] for rule in made["tool"]["driver"]["rules"]]
    result = next(one for one in made["results"] if one["ruleId"] == CODE)
    assert rules[result["ruleIndex"]] == CODE
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == str(broken)
    assert place["region"]["startLine"] == 10


@pytest.mark.parametrize("severity", list(Severity))
def test_sarif_without_a_line_has_no_region(severity: Severity) -> None:
    one = Finding(code=CODE, severity=severity, place=Place("Api"), found="a", right="b")
    (result,) = sarif("t.yaml", [one])["runs"][0]["results"]
    assert "region" not in result["locations"][0]["physicalLocation"]
    assert result["level"] == severity.value


def test_sample_of_the_project_has_no_error() -> None:
    from authorizer.tools.function_environment import PROJECT

    assert status(PROJECT / "template.yaml", "--parameter", "SampleApi=yes") == 0


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_cannot_be_read_is_an_error_with_a_hint(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "template.yaml").write_text(text, "utf-8")
    assert status(tmp_path / "template.yaml") in (0, 2)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert "this command failed" not in said.err
    assert ("hint: " in said.err) != bool(said.out)


def test_missing_file_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(tmp_path / "none.yaml") == 2
    assert "hint: " in capsys.readouterr().err
