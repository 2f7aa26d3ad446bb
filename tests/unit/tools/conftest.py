"""A key and a project that every test of the tools may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from authorizer.testing import SigningKey
from tests.unit.tools.sample_project import settings, write_events

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def key() -> SigningKey:
    return SigningKey.generate("ES256", kid="k1")


@pytest.fixture
def config(tmp_path: Path, key: SigningKey) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text(settings(key))
    return file


@pytest.fixture
def events(tmp_path: Path, key: SigningKey) -> Path:
    return write_events(tmp_path, key)
