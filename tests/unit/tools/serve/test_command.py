"""`authorizer serve`, before it serves."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from authorizer.tools.cli import commands, run

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = "Transform: AWS::Serverless-2016-10-31\nParameters: {A: {Type: String, Default: b}}\nResources: {}\n"
ONE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::HttpApi, Properties: {CorsConfiguration: true}}
"""
NO_SOURCE = """
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  One:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties: {ApiId: !Ref Api, AuthorizerType: REQUEST, AuthorizerResultTtlInSeconds: 60}
"""
BAD_POLICY = """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Policy: {Statement: [{Effect: Maybe}]}}}
"""


def status(*arguments: object) -> int:
    return run(commands, "authorizer", ["serve", *map(str, arguments)])


@pytest.mark.parametrize("text", [EMPTY, NO_SOURCE, BAD_POLICY, "a: b", "[", "\x00"])
def test_what_cannot_be_served_is_an_error_with_a_hint(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "template.yaml").write_text(text, "utf-8")
    assert status("--template", tmp_path / "template.yaml") == 2
    said = capsys.readouterr().err
    assert "error: " in said
    assert "hint: " in said
    assert "Traceback" not in said


@pytest.mark.parametrize("extra", [("--parameter", "A"), ("--parameter", "B=c"), ("--env-vars", "none.json")])
def test_wrong_options_are_an_error(extra: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "template.yaml").write_text(ONE, "utf-8")
    assert status("--template", tmp_path / "template.yaml", *extra) == 2
    assert "hint: " in capsys.readouterr().err


def test_missing_template_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("--template", tmp_path / "none.yaml") == 2
    assert "hint: " in capsys.readouterr().err


def test_port_that_is_taken_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "template.yaml").write_text(ONE, "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert status("--template", tmp_path / "template.yaml", "--port", taken.getsockname()[1]) == 2
    assert "hint: " in capsys.readouterr().err
