from __future__ import annotations

import json
from pathlib import Path

import pytest

from authorizer.tools.settings_source import function_environment
from authorizer.tools.terminal import CommandError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_settings_are_looked_for_here(here: Path) -> None:
    (here / "authorizer.toml").touch()
    environment = function_environment(None, None)
    assert environment.variables == {"AUTHORIZER_CONFIG_FILE": str(here / "authorizer.toml")}
    assert environment.task_root == here


def test_file_can_be_another(here: Path) -> None:
    (here / "other.toml").touch()
    variables = function_environment(Path("other.toml"), None).variables
    assert variables == {"AUTHORIZER_CONFIG_FILE": str(here / "other.toml")}


def test_variables_can_come_from_a_file(here: Path) -> None:
    (here / "env.json").write_text(json.dumps({"Parameters": {"AUTHORIZER_SCOPES": "a"}}))
    assert function_environment(None, Path("env.json")).variables == {"AUTHORIZER_SCOPES": "a"}


def test_two_sources_are_an_error(here: Path) -> None:
    with pytest.raises(CommandError):
        function_environment(Path("a.toml"), Path("env.json"))


@pytest.mark.parametrize("config", [None, Path("no-such.toml")])
def test_no_settings_are_an_error(here: Path, config: Path | None) -> None:
    with pytest.raises(CommandError):
        function_environment(config, None)


@pytest.mark.parametrize("path", ["folder", "/dev/zero"])
def test_what_is_no_file_holds_no_settings(here: Path, path: str) -> None:
    (here / "folder").mkdir()
    for config, env_vars in ((Path(path), None), (None, Path(path))):
        with pytest.raises(CommandError):
            function_environment(config, env_vars)
