"""The layer, built once per run, and the key of an issuer that signs as most do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.examples.built_layer import built_layer

if TYPE_CHECKING:
    from pathlib import Path

    from authorizer.testing import SigningKey


@pytest.fixture(scope="session")
def layer() -> Path:
    return built_layer()


@pytest.fixture(scope="session")
def key(keys: dict[str, SigningKey]) -> SigningKey:
    return keys["RS256"]
