"""Parameters that `samconfig.toml` gives to local commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.tools.sam_config import local_parameters
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, text: str) -> Path:
    (folder / "samconfig.toml").write_text(text, "utf-8")
    return folder / "template.yaml"


@pytest.mark.parametrize(
    ("overrides", "parameters"),
    [
        ('["A=1", "B=x y"]', {"A": "1", "B": "x y"}),
        ('"A=1 B=2"', {"A": "1", "B": "2"}),
        ("'A=1 B=\"x y\"'", {"A": "1", "B": "x y"}),
        ('"ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=2,3"', {"A": "1", "B": "2,3"}),
        ('["A=b=c"]', {"A": "b=c"}),
        ('["A="]', {"A": ""}),
        ("{A = 1}", {"A": "1"}),
        ("[]", {}),
    ],
)
def test_overrides_in_every_form_are_read(overrides: str, parameters: dict[str, str], tmp_path: Path) -> None:
    text = f"[default.local_start_api.parameters]\nparameter_overrides = {overrides}\n"
    assert local_parameters(written(tmp_path, text)) == parameters


def test_narrower_section_counts_more_and_other_commands_do_not(tmp_path: Path) -> None:
    text = """
[default.global.parameters]
parameter_overrides = ["A=global", "B=global"]
[default.local_start_api.parameters]
parameter_overrides = ["A=local"]
[default.deploy.parameters]
parameter_overrides = ["A=deploy", "C=deploy"]
[dev.local_start_api.parameters]
parameter_overrides = ["A=dev"]
"""
    assert local_parameters(written(tmp_path, text)) == {"A": "local", "B": "global"}
    assert local_parameters(tmp_path / "template.yaml", "dev") == {"A": "dev"}


@pytest.mark.parametrize(
    "text", ["", "version = 0.1\n", "[default]\nlocal_start_api = 5\n", "[default.deploy.parameters]\n"]
)
def test_file_without_the_section_says_nothing(text: str, tmp_path: Path) -> None:
    assert local_parameters(written(tmp_path, text)) == {}


def test_no_file_says_nothing(tmp_path: Path) -> None:
    assert local_parameters(tmp_path / "template.yaml") == {}


@pytest.mark.parametrize(
    "text",
    [
        "[default",
        "\xff\xfe",
        "[default.local_start_api.parameters]\nparameter_overrides = 5\n",
        '[default.global.parameters]\nparameter_overrides = "A=\'"\n',
    ],
)
def test_broken_file_is_an_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "samconfig.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(CommandError):
        local_parameters(tmp_path / "template.yaml")
