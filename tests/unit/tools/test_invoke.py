"""`authorizer invoke`, in processes of their own; tests/integration has the emulator."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.testing import mint
from authorizer.tools.cli import commands, run
from tests.unit.tools.sample_project import BUILDERS

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.testing import SigningKey


def invoke(*arguments: object) -> int:
    return run(commands, "authorizer", ["invoke", "--in-process", *map(str, arguments)])


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_all_allowed_is_status_0(events: Path, config: Path) -> None:
    allowed = [events / api / "allow-good.json" for api in BUILDERS]
    assert invoke(*allowed, "--config", config) == 0


def test_any_deny_is_status_1(events: Path, config: Path) -> None:
    folder = events / "http-simple"
    assert invoke(folder / "allow-good.json", folder / "token_expired.json", "--config", config) == 1


def test_error_is_status_2_also_beside_a_deny(events: Path, config: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text("{}")
    arguments = (tmp_path / "odd.json", events / "rest-token" / "token_expired.json")
    assert invoke(*arguments, "--handler", "rest", "--config", config) == 2


def test_each_event_is_answered_by_the_entry_point_of_its_folder(
    events: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    invoke(*(events / api / "token_expired.json" for api in BUILDERS), "--env-vars", events / "env.json", "--json")
    handlers = [row["handler"] for row in rows(capsys)]
    assert handlers == ["rest", "rest", "websocket", "http", "http-policy", "http-policy"]


def test_table_tells_reason_claim_and_fix(events: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(events / "http-simple" / "token_expired.json", "--config", config)
    out = capsys.readouterr().out
    assert "deny" in out
    assert "token_expired" in out
    assert "exp" in out
    assert "refresh token" in out


def test_answer_is_shown_when_asked_for(events: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invoke(events / "http-simple" / "allow-good.json", "--config", config, "-v")
    assert '"isAuthorized": true' in capsys.readouterr().out


def test_event_is_read_from_standard_input(
    key: SigningKey, config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    body = json.dumps(BUILDERS["http-simple"](mint(key, exp=1)))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body.encode())))
    assert invoke("-", "--config", config, "--json") == 1
    assert rows(capsys)[0]["reason"] == "token_expired"


def test_settings_are_looked_for_here(
    events: Path, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.rename(tmp_path / "authorizer.toml")
    monkeypatch.chdir(tmp_path)
    assert invoke(events / "rest-token" / "allow-good.json") == 0


def test_no_settings_is_an_error(events: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke(events / "rest-token" / "allow-good.json") == 2


def test_two_sources_of_settings_are_an_error(events: Path, config: Path) -> None:
    arguments = ("--config", config, "--env-vars", events / "env.json")
    assert invoke(events / "rest-token" / "allow-good.json", *arguments) == 2


def test_wrong_settings_are_told(events: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wrong.toml").write_text("[require]\n")
    arguments = ("--config", tmp_path / "wrong.toml", "--json")
    assert invoke(events / "rest-token" / "allow-good.json", *arguments) == 2
    assert rows(capsys)[0]["reason"] == "ConfigError"


@pytest.mark.parametrize("text", ["", "no JSON", "{}"])
def test_what_is_no_event_is_an_error(text: str, config: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text(text)
    assert invoke(tmp_path / "odd.json", "--config", config) == 2


def test_token_is_never_printed(
    events: Path, config: Path, key: SigningKey, capsys: pytest.CaptureFixture[str]
) -> None:
    file = events / "http-simple" / "token_expired.json"
    token = json.loads(file.read_text())["headers"]["authorization"].removeprefix("Bearer ")
    invoke(file, "--config", config, "-v")
    printed = "".join(capsys.readouterr())
    assert [part for part in token.split(".") if part in printed] == []
