"""`authorizer conformance`: what it prints, and with which status it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import boto3
import pytest

from authorizer.tools.cli import group, run
from authorizer.tools.conformance.command import conformance
from authorizer.tools.gateway.message import json_response
from tests.unit.tools.conformance.fake_gateway import API, FakeGateway, served
from tests.unit.tools.conformance.test_deployed import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from authorizer.tools.gateway.message import HttpResponse

SURE, UNSURE = "token-header-missing", "token-pattern-whole"


def unauthorized(_: object) -> HttpResponse:
    return json_response(401, {"message": "Unauthorized"}, ("x-amzn-ErrorType", "UnauthorizedException"))


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway(unauthorized)


@pytest.fixture
def url(gateway: FakeGateway) -> Iterator[str]:
    with served(gateway) as address:
        yield address


def ended(*arguments: str) -> int:
    commands = group("test")
    commands.command("conformance")(conformance)
    commands.callback()(lambda: None)
    return run(commands, "authorizer", ["conformance", *arguments])


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.splitlines()[-1]


def test_all_as_expected_is_0(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--url", url, "--only", SURE) == 0
    assert last_line(capsys) == "1 row, 1 as documented"


def test_difference_is_1(url: str, gateway: FakeGateway, capsys: pytest.CaptureFixture[str]) -> None:
    gateway.answer = lambda _: json_response(200, {})
    assert ended("--url", url, "--only", SURE) == 1
    out = capsys.readouterr().out
    assert "status" in out
    assert "UnauthorizedException" in out
    assert out.splitlines()[-1] == "1 row, 0 as documented, 1 otherwise"


def test_nothing_playable_is_2(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--url", url, "--only", "jwt-missing-scoped") == 2
    assert "not played: 1 row, it has no JwtHttpApi" in capsys.readouterr().out


@pytest.mark.parametrize("answer", ["as assumed", "otherwise"])
def test_unsure_rows_are_told_apart(
    url: str, gateway: FakeGateway, capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    if answer == "otherwise":
        gateway.answer = lambda _: json_response(200, {})
    assert ended("--url", url, "--only", UNSURE) == (answer == "otherwise")
    out = capsys.readouterr().out
    assert f"{UNSURE}: {answer}; settles: whether the validation expression is anchored at both ends" in out
    assert out.splitlines()[-1] == f"1 row, 0 as documented, 1 {answer}"


def test_json_is_all_there_is(url: str, gateway: FakeGateway, capsys: pytest.CaptureFixture[str]) -> None:
    gateway.answer = lambda _: json_response(401, {"message": "No"})
    assert ended("--url", url, "--only", SURE, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["counts"] == {"passed": 0, "differs": 1, "not playable": 0}
    (row,) = found["rows"]
    assert (row["id"], row["confidence"], row["outcome"]) == (SURE, "doc", "differs")
    assert row["source"].startswith("AWS")
    assert row["differences"][0]["what"] == "header x-amzn-ErrorType"
    assert "serverless_offline" in row["others"]


def test_stack_is_played_against(url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(boto3, "client", lambda _: Stack((API, f"https://{url.partition('//')[2]}/api/v1")))
    assert ended("--stack", "name", "--only", SURE) == 1  # the fake speaks no TLS
    assert "connection" in capsys.readouterr().out


def test_tokens_of_a_stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(boto3, "client", lambda _: Stack(("CognitoRestApi", "https://127.0.0.1:9/v1")))
    (tmp_path / "tokens.json").write_text("{}")
    assert ended("--stack", "name", "--only", "users-groups", "--tokens", str(tmp_path / "tokens.json")) == 2
    assert "--tokens has no token id-groups" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--only", "nothing-of-this-name"), "without --only all are played"),
        (("--url", "http://127.0.0.1:9", "--stack", "name"), "give one of them"),
        (("--tokens", "tokens.json"), "a local gateway makes its own tokens"),
        (("--url", "http://127.0.0.1:9"), "leave --url out"),
    ],
)
def test_mistake_is_2_with_a_hint(arguments: tuple[str, ...], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"hint: {hint}" in captured.err


def test_other_server_is_told(gateway: FakeGateway, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--url", f"{url}/elsewhere") == 2
    assert "is no local gateway" in capsys.readouterr().err


def test_local_gateway_is_started_where_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--only", SURE) == 0
    assert last_line(capsys) == "1 row, 1 as documented"


def test_help_says_what_was_not_tried(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("--help") == 0
    assert "nobody has tried that yet" in " ".join(capsys.readouterr().out.split())
