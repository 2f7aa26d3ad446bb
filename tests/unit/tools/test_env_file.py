"""Variables in SAM's shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from authorizer.tools.env_file import read_variables
from authorizer.tools.terminal import CommandError

if TYPE_CHECKING:
    from pathlib import Path


def variables(tmp_path: Path, document: object) -> dict[str, str]:
    file = tmp_path / "env.json"
    file.write_text(json.dumps(document))
    return read_variables(file)


def test_parameters_are_for_every_function(tmp_path: Path) -> None:
    assert variables(tmp_path, {"Parameters": {"A": "1"}}) == {"A": "1"}


def test_the_one_function_comes_before_the_parameters(tmp_path: Path) -> None:
    assert variables(tmp_path, {"Parameters": {"A": "1", "B": "2"}, "Rest": {"A": "3"}}) == {"A": "3", "B": "2"}


def test_values_become_text_as_with_sam(tmp_path: Path) -> None:
    assert variables(tmp_path, {"Parameters": {"A": 1, "B": True}}) == {"A": "1", "B": "true"}


@pytest.mark.parametrize("document", [[], {"Parameters": "x"}, {"One": {}, "Two": {}}])
def test_other_shapes_are_an_error(tmp_path: Path, document: object) -> None:
    with pytest.raises(CommandError):
        variables(tmp_path, document)


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        read_variables(tmp_path / "none.json")
