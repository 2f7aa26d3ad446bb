"""Keys that are made once, because RSA takes long, and an issuer that publishes one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from authorizer.testing import ALGORITHMS, FakeIssuer, SigningKey

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def keys() -> dict[str, SigningKey]:
    """A key for each algorithm; the six RSA algorithms share one."""
    rsa = SigningKey.generate("RS256")
    shared = {name: replace(rsa, algorithm=name) for name in ALGORITHMS if name.startswith(("RS", "PS"))}
    return shared | {name: SigningKey.generate(name) for name in ALGORITHMS if name not in shared}


@pytest.fixture(scope="session")
def key(keys: dict[str, SigningKey]) -> SigningKey:
    return keys["RS256"]


@pytest.fixture
def issuer(key: SigningKey) -> Iterator[FakeIssuer]:
    with FakeIssuer(key) as running:
        yield running
