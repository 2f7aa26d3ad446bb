"""The environment of a function holds what it is given, and nothing of the user's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from authorizer.tools.function_environment import PROJECT, FunctionEnvironment

if TYPE_CHECKING:
    import pytest


def test_nothing_of_the_user_leaks_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTHORIZER_CONFIG", "AUTHORIZER_ISSUER", "AWS_PROFILE", "AWS_SECRET_ACCESS_KEY", "HOME"):
        monkeypatch.setenv(name, "the user's")
    assert "the user's" not in FunctionEnvironment(variables={}).build().values()


def test_given_variables_come_last() -> None:
    assert FunctionEnvironment(variables={"AWS_REGION": "eu-north-1"}).build()["AWS_REGION"] == "eu-north-1"


def test_import_paths_come_before_the_project() -> None:
    built = FunctionEnvironment(variables={}, import_paths=(Path("/first"),)).build()
    assert built["PYTHONPATH"] == os.pathsep.join(("/first", str(PROJECT)))


def test_variables_are_not_in_the_representation() -> None:
    assert "hidden" not in repr(FunctionEnvironment(variables={"AUTHORIZER_FINGERPRINT_KEY": "hidden"}))
