"""The layer that `make build` made, and the key of an issuer that signs as most do."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import pytest

from tests.integration.artifact.built_project import BUILT

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.testing import SigningKey


@pytest.fixture(scope="session")
def layer() -> Path:
    """The folder that Lambda mounts as /opt."""
    folder = BUILT.parent / ("LayerX8664" if platform.machine() == "x86_64" else "LayerArm64")
    if not folder.exists():
        raise FileNotFoundError("no layer was built: make build")
    return folder


@pytest.fixture(scope="session")
def key(keys: dict[str, SigningKey]) -> SigningKey:
    return keys["RS256"]
